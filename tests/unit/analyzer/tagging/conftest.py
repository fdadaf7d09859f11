from __future__ import annotations

import pytest

from shield.analyzer.tagger_ner import ENCODER, FOLDER
from shield.analyzer.tagging.encoder import Encoder
from shield.analyzer.tagging.tagger import Tagger

TEXT = "hi my name is kavita ramanathan and i live at 12 Elm Street, Springfield"
LONG = "Please call Maria Garcia back. The parcel went to 12 Elm Street. " * 60


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load(ENCODER)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger.load(FOLDER)

"""The JSON codec passes JSONTestSuite (nst/JSONTestSuite, MIT): accept `y_`, refuse `n_`, either for `i_`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shield.domain import FieldAction, FieldRule, Limits
from shield.errors import RequestError
from shield.payload.json_codec import JsonCodec
from shield.payload.selectors import NO_RULES, FieldRules

CORPORA = os.environ.get("SHIELD_CORPORA")
FOLDER = Path(CORPORA, "json-test-suite", "test_parsing") if CORPORA else None
FILES = sorted(FOLDER.glob("*.json")) if FOLDER else []
LIMITS = Limits(nesting_depth=2000)
RULES = [NO_RULES, FieldRules.compile([FieldRule("$.no.such", FieldAction.KEEP)])]

pytestmark = pytest.mark.skipif(
    not FILES, reason="SHIELD_CORPORA names no folder with json-test-suite/test_parsing"
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@pytest.mark.parametrize("rules", RULES, ids=["plain", "ruled"])
def test_accepted_or_refused_as_the_suite_demands(file, rules):
    body = file.read_bytes()
    try:
        made = JsonCodec().decode(body, limits=LIMITS, rules=rules, charset=None).encode({})
    except RequestError:
        made = None
    assert made is body or made is None
    verdict = {"y": made is body, "n": made is None, "i": True}
    assert verdict[file.name[0]]

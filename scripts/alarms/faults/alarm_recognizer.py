# ruff: noqa: INP001  found by its entry point
"""A user's recognizer that finds badges, and has the faults that the file `ALARM_FAULTS` switches on.

`sleep` and `burn` are seconds; `raises` and `blind` are true or false.
"""

from __future__ import annotations

import re
import time
from typing import Any

from presidio_analyzer import EntityRecognizer, RecognizerResult
from sitecustomize import _faults

_BADGE = re.compile(r"badge-\d+")


class Badge(EntityRecognizer):
    """Finds `badge-17` as a BADGE."""

    def __init__(self) -> None:
        super().__init__(supported_entities=["BADGE"], name="Badge")

    def load(self) -> None: ...

    def analyze(self, text: str, entities: Any, nlp_artifacts: Any = None) -> list[RecognizerResult]:
        """As of the base class."""
        del entities, nlp_artifacts
        faults = _faults()
        time.sleep(faults.get("sleep", 0))
        end = time.thread_time() + faults.get("burn", 0)
        while time.thread_time() < end:
            pass
        if faults.get("raises"):
            raise ValueError
        if faults.get("blind"):
            return []
        return [RecognizerResult("BADGE", found.start(), found.end(), 0.9) for found in _BADGE.finditer(text)]

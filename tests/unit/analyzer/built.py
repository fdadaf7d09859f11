"""Analyzers that tests share: building one compiles for seconds, and none of them changes by being used."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from presidio_analyzer import EntityRecognizer

from shield.analyzer.build import build_analyzer
from shield.analyzer.compiled_store import CompiledStore
from shield.analyzer.engine import Analyzer
from shield.analyzer.patterns import PatternEngine
from shield.domain import DetectorSpec

# Of the checkout, not of the user: what tests compile must not push out what servers keep.
STORE = CompiledStore.of_this_machine(Path(__file__).parents[3] / ".pytest_cache" / "compiled")


@functools.cache
def analyzer_of(spec: DetectorSpec) -> Analyzer:
    """The one of `spec`."""
    return new_analyzer(spec)


def new_analyzer(spec: DetectorSpec, extra: Sequence[EntityRecognizer] = ()) -> Analyzer:
    """One of the caller's own."""
    return build_analyzer(spec, extra, STORE)


def engine_of(recognizers: Sequence[Any]) -> PatternEngine:
    return PatternEngine(recognizers, store=STORE)

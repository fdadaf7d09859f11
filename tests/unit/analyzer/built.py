"""Analyzers and readings that tests share: building one takes seconds of compilation, use changes none."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from presidio_analyzer import EntityRecognizer

from shield.analyzer.build import build_analyzer
from shield.analyzer.catalogue import selected
from shield.analyzer.engine import Analyzer
from shield.analyzer.expressions.compiled_store import CompiledStore
from shield.analyzer.patterns import PatternEngine, is_plain
from shield.analyzer.views.reading import Views
from shield.domain import DetectorSpec

# In the checkout, not the user's cache: what tests compile must not evict what servers keep.
STORE = CompiledStore.of_this_machine(Path(__file__).parents[3] / ".pytest_cache" / "compiled")


@functools.cache
def analyzer_of(spec: DetectorSpec) -> Analyzer:
    """The shared analyzer for `spec`."""
    return new_analyzer(spec)


def new_analyzer(spec: DetectorSpec, extra: Sequence[EntityRecognizer] = ()) -> Analyzer:
    """A new analyzer for the caller alone."""
    return build_analyzer(spec, extra, STORE)


@functools.cache
def shared_views() -> Views:
    """The readings of a text."""
    return Views(STORE)


@functools.cache
def engine_of_all() -> PatternEngine:
    """The shared engine of every recognizer with patterns: Presidio's, ours, and the national ones."""
    return engine_of([each for each in selected(("all", "shield", "national"), ("en",)) if is_plain(each)])


def engine_of(recognizers: Sequence[Any]) -> PatternEngine:
    return PatternEngine(recognizers, store=STORE)

"""Analyzers and readings that tests share: building one takes seconds of compilation, use changes none.

As a program, `python -m tests.unit.analyzer.built`, it compiles beforehand what several parts of the suite
need: parts that begin together find nothing kept, and would each compile the same, for a minute and more.
"""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
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
SHARED = (("all", "shield", "national"), ("default", "shield"), ("default",))
"""The sets of recognizers that tests of several parts run: the dearest first."""


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


def compile_shared() -> None:
    """Compile and keep `SHARED`, side by side on all cores; what is kept already takes a second."""
    shared_views()
    with ThreadPoolExecutor() as pool:
        for analyzer in pool.map(
            lambda each: new_analyzer(DetectorSpec(model="none", recognizers=each)), SHARED
        ):
            deque(analyzer.compiling(), maxlen=0)


if __name__ == "__main__":
    compile_shared()

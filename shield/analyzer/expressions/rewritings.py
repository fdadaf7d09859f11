"""The cheaper forms of an engine's expressions: made when a text first needs one, kept once all are made.

To make all of them takes seconds, as `regex` compiles in Python; to read one that was kept takes a fraction
of a millisecond. A rewriting is kept as `regex` pickles an expression: its code, and no source to be parsed.
"""

from __future__ import annotations

import io
import pickle
import platform
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any, Final, NamedTuple

import regex

from shield.analyzer.expressions.compiled_store import CompiledStore, digest_of_code
from shield.analyzer.expressions.equivalents import Cheaper

CODE: Final = (
    "shield.analyzer.expressions.compiled_store",
    "shield.analyzer.expressions.effort",
    "shield.analyzer.expressions.equivalents",
    "shield.analyzer.expressions.folded",
    "shield.analyzer.expressions.rewritings",
    "shield.analyzer.expressions.weaken",
    "shield.analyzer.expressions.weakened_expression",
    "shield.analyzer.luhn",
    "shield.analyzer.verhoeff",
)
"""The modules that make a rewriting: this one and all of ours that it imports, directly or not."""
_LOADED: Final = ("regex._regex", "compile")
"""All that a kept rewriting may call."""


class Original(NamedTuple):
    """An expression and the flags of `regex`; `whole`: one that is never rewritten."""

    source: str
    flags: int
    whole: bool


class Rewriting:
    """The cheaper form of one expression, made or read when it is first asked for: most never are."""

    __slots__ = ("_kept", "_original", "known")

    def __init__(self, original: Original, kept: bytes | None) -> None:
        self._original = original
        self._kept = kept
        self.known: Cheaper | None = None

    def cheaper(self) -> Cheaper:
        """`known`, from now on. That it compiles was checked by Presidio's `Pattern`, or by tests (ours)."""
        known = self.known
        if known is None:  # two threads may both make it; either result will do
            values = _unpickled(self._kept)
            known = _made(self._original) if values is None else Cheaper(*values)
            self.known, self._kept = known, None
        return known


class Rewritings:
    """Those of an engine: `each` is in the order of `originals`. `store` keeps them between starts."""

    def __init__(self, originals: Sequence[Original], store: CompiledStore | None) -> None:
        self._store = store
        self._key = "" if store is None else store.key("rewritings", _code(), originals)
        kept = None if store is None else _unpickled(store.get(self._key))
        self._are_kept = kept is not None
        self.each = tuple(map(Rewriting, originals, repeat(None) if kept is None else kept))

    def making(self) -> Iterator[None]:
        """Make what no text has needed yet, one a step, some tens of milliseconds at most; then keep all."""
        for each in self.each:
            if each.known is None:
                each.cheaper()
                yield
        if self._store is not None and not self._are_kept:
            self._store.put(self._key, _pickled([_pickled(_values(each.cheaper())) for each in self.each]))
            self._are_kept = True


def _made(original: Original) -> Cheaper:
    make = Cheaper.as_it_is if original.whole else Cheaper.of
    return make(original.source, original.flags)


def _values(cheaper: Cheaper) -> tuple[Any, ...]:
    return cheaper.compiled, cheaper.follows, cheaper.reach, cheaper.effort, cheaper.brief


def _pickled(value: object) -> bytes:
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) != _LOADED:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of an expression")
        return super().find_class(module, name)


def _unpickled(kept: bytes | None) -> Any:
    """What the store trusts, and this code pickled; `None` where nothing was kept, or it cannot be read."""
    if kept is None:
        return None
    try:
        return _Unpickler(io.BytesIO(kept)).load()
    except Exception:  # noqa: BLE001  pickle raises many; what cannot be read is made
        return None


def _code() -> str:
    """A digest of the code that makes a rewriting. Python's parser tells what an expression costs."""
    return digest_of_code(CODE, platform.python_version(), regex.__version__)

"""Expressions that were kept are read and not made again; what cannot be read is made."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
import regex

from shield.analyzer.expressions.compiled_store import CompiledStore
from shield.analyzer.expressions.equivalents import Cheaper
from shield.analyzer.expressions.rewritings import Original, Rewritings

ORIGINALS = (
    Original(r"(?P<first>[a-z]+)-\d{3}", int(regex.IGNORECASE), whole=True),
    Original(r"\b((?=.*?[a-z])(?=.*?[0-9]{4})[a-z0-9]+)", int(regex.DOTALL), whole=False),
)
TEXTS = ("ab-123", "AB-123, abc1234 and 12 then 4567", "")


@pytest.fixture
def store(tmp_path: Path) -> CompiledStore:
    return CompiledStore.of_this_machine(tmp_path / "cache")


def _make_all(rewritings: Rewritings) -> list[Cheaper]:
    for _ in rewritings.making():
        pass
    return [each.cheaper() for each in rewritings.each]


def _no_making(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("of", "as_it_is"):
        monkeypatch.setattr(Cheaper, name, lambda *_: pytest.fail("made again"))


def test_kept_ones_match_as_the_made_ones(store: CompiledStore, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _make_all(Rewritings(ORIGINALS, store))
    _no_making(monkeypatch)
    read = [each.cheaper() for each in Rewritings(ORIGINALS, store).each]
    for one, other in zip(made, read, strict=True):
        assert (one.reach, one.effort, one.brief) == (other.reach, other.effort, other.brief)
        for text in TEXTS:
            expressions = zip((one.compiled, *one.follows), (other.compiled, *other.follows), strict=True)
            for ours, theirs in expressions:
                assert (ours.pattern, ours.flags) == (theirs.pattern, theirs.flags)
                matches = [[(m.span(), m.groupdict()) for m in it.finditer(text)] for it in (ours, theirs)]
                assert matches[0] == matches[1]


def test_they_are_kept_when_all_are_made(store: CompiledStore) -> None:
    rewritings = Rewritings(ORIGINALS, store)
    next(rewritings.making())
    assert not store.directory.exists()
    _make_all(rewritings)
    (kept,) = store.directory.iterdir()
    os.utime(kept, ns=(0, 0))
    _make_all(Rewritings(ORIGINALS, store))
    _make_all(rewritings)
    assert kept.stat().st_mtime_ns == 0  # not written again


def test_one_is_read_when_it_is_first_needed(store: CompiledStore, monkeypatch: pytest.MonkeyPatch) -> None:
    _make_all(Rewritings(ORIGINALS, store))
    _no_making(monkeypatch)
    first, second = Rewritings(ORIGINALS, store).each
    assert first.cheaper() is first.cheaper() is first.known
    assert second.known is None


@pytest.mark.parametrize(
    "kept",
    [
        b"",
        b"no pickle",
        pickle.dumps([pickle.dumps(Path("/")), pickle.dumps(os.getcwd)]),  # no expression: not even called
        pickle.dumps(os.getcwd),
    ],
)
def test_what_holds_anything_else_is_made_anew(store: CompiledStore, kept: bytes) -> None:
    rewritings = Rewritings(ORIGINALS, store)
    store.put(rewritings._key, kept)
    first, _ = _make_all(Rewritings(ORIGINALS, store))
    assert first.compiled.fullmatch("Ab-123")


def test_without_a_store_nothing_is_kept() -> None:
    first, _ = _make_all(Rewritings(ORIGINALS, None))
    assert first.compiled.fullmatch("Ab-123")

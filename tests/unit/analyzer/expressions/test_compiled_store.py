"""The store of compiled patterns between starts is trusted only if it is sure, and is missed without harm."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from pathlib import Path

import hyperscan
import pytest

from shield.analyzer.catalogue import selected
from shield.analyzer.expressions.compiled_store import CompiledStore, default_directory
from shield.analyzer.expressions.folded import fold
from shield.analyzer.expressions.scanner import DOTALL, Expression, Scanner
from shield.analyzer.patterns import PatternEngine, is_plain

KEY = "a" * 64
FINDING = frozenset(
    {
        *("CreditCardRecognizer", "EmailRecognizer", "IbanRecognizer", "PasswordRecognizer"),
        *("SsnLastFourRecognizer", "UrlRecognizer", "UsSsnRecognizer"),
    }
)
"""Few, of Presidio's and of ours: they are compiled twice."""


@pytest.fixture
def store(tmp_path: Path) -> CompiledStore:
    return CompiledStore.of_this_machine(tmp_path / "cache" / "shield")


def test_what_is_put_is_got(store: CompiledStore) -> None:
    assert store.get(KEY) is None
    store.put(KEY, b"data")
    assert store.get(KEY) == b"data"
    assert store.directory.stat().st_mode & 0o777 == 0o700
    assert (store.directory / KEY).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in store.directory.iterdir()] == [KEY]


def test_keys_differ_by_machine_and_material(store: CompiledStore) -> None:
    other = CompiledStore(store.directory, "another machine")
    keys = {store.key("x", [1]), store.key("x", [2]), store.key("y", [1]), other.key("x", [1])}
    assert len(keys) == 4


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _changed(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))


def _linked(path: Path) -> None:
    target = path.with_name("elsewhere")
    path.rename(target)
    path.symlink_to(target)


@pytest.mark.parametrize(
    "harm",
    [
        _cut,
        _changed,
        _linked,
        lambda path: path.write_bytes(b""),
        lambda path: path.chmod(0o620),
        lambda path: path.chmod(0o602),
        lambda path: path.parent.chmod(0o770),
        lambda path: path.unlink(),
        lambda path: (path.unlink(), path.mkdir()),
    ],
)
def test_what_is_damaged_or_open_to_others_is_not_believed(
    store: CompiledStore, harm: Callable[[Path], object]
) -> None:
    store.put(KEY, b"data")
    harm(store.directory / KEY)
    assert store.get(KEY) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to give a file away")
def test_what_belongs_to_another_user_is_not_believed(store: CompiledStore) -> None:
    store.put(KEY, b"data")
    os.chown(store.directory / KEY, 12345, 12345)
    assert store.get(KEY) is None


def test_where_nothing_can_be_written_nothing_is_kept_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    store = CompiledStore.of_this_machine(tmp_path / "file" / "below")
    store.put(KEY, b"data")
    assert store.get(KEY) is None


def test_a_directory_that_others_may_write_to_gets_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    store = CompiledStore.of_this_machine(tmp_path)
    store.put(KEY, b"data")
    assert list(tmp_path.iterdir()) == []


def test_the_oldest_are_forgotten(store: CompiledStore) -> None:
    for number in range(210):
        store.put(f"{number:064}", b"x")
        os.utime(store.directory / f"{number:064}", ns=(number, number))
    assert len(list(store.directory.iterdir())) <= 201
    assert store.get(f"{209:064}") == b"x"
    assert store.get(f"{0:064}") is None


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"SHIELD_CACHE": "/c", "HOME": "/h"}, "/c"),
        ({"SHIELD_CACHE": "", "HOME": "/h"}, None),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/pii-shield"),
        ({"HOME": "/h"}, "/h/.cache/pii-shield"),
        ({}, None),
    ],
)
def test_the_directory(environment: dict[str, str], expected: str | None) -> None:
    directory = default_directory(environment)
    assert directory == (None if expected is None else Path(expected))
    assert (CompiledStore.of_environment(environment) is None) == (expected is None)


def test_a_kept_database_scans_as_the_compiled_one(
    store: CompiledStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    expressions = [Expression("ab+", DOTALL), Expression("[0-9]{3}", DOTALL)]
    compiled = Scanner(expressions, store).scan(b"abb 123")
    monkeypatch.setattr(Scanner, "_compile", lambda *_: pytest.fail("compiled again"))
    assert Scanner(expressions, store).scan(b"abb 123") == compiled


@pytest.mark.parametrize("data", [b"", b"no database", b"\0" * 4096])
def test_bytes_that_are_no_database_are_compiled_anew(store: CompiledStore, data: bytes) -> None:
    expressions = [Expression("ab+", DOTALL)]
    key = store.key("hyperscan", hyperscan.__version__, [[e.text, e.flags] for e in expressions])
    store.put(key, data)
    assert Scanner(expressions, store).scan(b"ab") == [(0, 0, 2)]
    assert store.get(key) != data


def test_an_engine_from_kept_plans_finds_what_a_new_one_finds(store: CompiledStore) -> None:
    recognizers = selected(sorted(FINDING), ("en",))
    assert all(map(is_plain, recognizers))
    text = (
        "maria.garcia@example.com, 4111 1111 1111 1111, my password is tulip99!, "
        "www.example.com/a, ssn 536-22-1234"
    )
    places = frozenset(range(len(recognizers)))
    hits = []
    for kept in (None, store, store):
        engine = PatternEngine(recognizers, store=kept)
        hits.append(engine.analyze(text, fold(text), places))
        deque(engine.compiling(), maxlen=0)  # then all is kept
    assert {recognizers[hit.recognizer].name for hit in hits[0]} >= FINDING - {"IbanRecognizer"}
    assert hits[1] == hits[0]
    assert hits[2] == hits[0]

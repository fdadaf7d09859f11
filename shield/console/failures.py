"""Failed sign-ins: whoever guesses must wait, longer with each further failure.

They are counted for a name from one address, for a name, and for an address, each with a limit of its own.
The rows lie in the accounts' file, under hashes.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from shield.console.store import Store
from shield.domain import sender_of

MAX_FAILURES = 5
"""Failed attempts in a row, of one name from one address, before it must wait."""
MAX_NAME_FAILURES = 30
"""The same limit for one name, from any address."""
MAX_ADDRESS_FAILURES = 60
"""The same limit for one address, for any name."""
FIRST_WAIT = 30.0
LONGEST_WAIT = 900.0
TABLE = """
CREATE TABLE IF NOT EXISTS failures(
    who BLOB PRIMARY KEY, count INTEGER NOT NULL, until REAL NOT NULL, last REAL NOT NULL
) WITHOUT ROWID;
"""
_REMEMBERED = 86_400.0  # seconds since the last failure


class Failures:
    """Each call is one short transaction. `clock` is seconds since 1970."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock

    def wait(self, name: str, address: str) -> float:
        """The seconds until the next attempt is accepted; 0 where it is accepted now."""
        return next((left for who, _ in _counted(name, address) if (left := self._left(who)) > 0), 0.0)

    def add(self, name: str, address: str) -> None:
        """Count a failure; from its limit on each doubles the wait."""
        for who, most in _counted(name, address):
            self._add(who, most)

    def forget(self, name: str, address: str) -> None:
        """Begin to count anew for the name from this address, since it signed in."""
        self._store.all("DELETE FROM failures WHERE who = ?", _counted(name, address)[0][0])

    def _left(self, who: bytes) -> float:
        row = self._store.one("SELECT until, last FROM failures WHERE who = ?", who)
        if row is None:
            return 0.0
        until, last, now = float(str(row[0])), float(str(row[1])), self._clock()
        if now < last:  # the clock was set back since: the wait begins anew, not at that time again
            until, last = now + until - last, now
            self._store.all("UPDATE failures SET until = ?, last = ? WHERE who = ?", until, last, who)
        return until - now

    def _add(self, who: bytes, most: int) -> None:
        with self._store.lock:
            now = self._clock()
            self._store.all("DELETE FROM failures WHERE last < ?", now - _REMEMBERED)
            row = self._store.one("SELECT count FROM failures WHERE who = ?", who)
            count = int(str(row[0])) + 1 if row is not None else 1
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(20, count - most)) if count >= most else 0.0
            self._store.all("REPLACE INTO failures VALUES (?, ?, ?, ?)", who, count, now + wait, now)


def _counted(name: str, address: str) -> tuple[tuple[bytes, int], ...]:
    """What an attempt counts for, and its limits; first the name from this address."""
    name, address = name.lower(), sender_of(address)
    return (
        (_hash("name and address", name, address), MAX_FAILURES),
        (_hash("name", name), MAX_NAME_FAILURES),
        (_hash("address", address), MAX_ADDRESS_FAILURES),
    )


def _hash(*parts: str) -> bytes:
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).digest()

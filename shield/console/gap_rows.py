"""Keeps a log's gaps in the index, and what is known of them from one step to the next."""

from __future__ import annotations

import sqlite3

import orjson

from shield.evidence.coverage import Gap, GapFinder, GapState, TakenBack
from shield.evidence.reading import microseconds


def resumed_gaps(text: str) -> GapFinder:
    """A finder that goes on with what the index kept of one, as JSON."""
    state = orjson.loads(text)
    return GapFinder.resumed(GapState(**{**state, "earlier": tuple(map(tuple, state["earlier"]))}))


def add_gap(connection: sqlite3.Connection, origin: int, gap: Gap, place: int) -> None:
    """Adds a gap that the record at `place` ended."""
    connection.execute(
        "INSERT INTO gaps VALUES (?, ?, ?, ?, ?)",
        (origin, microseconds(gap.start), microseconds(gap.end), gap.reason.value, place),
    )


def take_back(connection: sqlite3.Connection, origin: int, back: TakenBack) -> None:
    """Shortens, or removes, the gaps of a jump ahead that was taken back, as `reconcile` does.

    Where the log began ahead, it begins where the clock was set right.
    """
    rows = connection.execute("SELECT start, finish, place FROM gaps WHERE origin = ?", (origin,)).fetchall()
    for start, finish, place in rows:
        connection.execute(
            "UPDATE gaps SET finish = ? WHERE origin = ? AND place = ?",
            (back.end_of(start, finish), origin, place),
        )
    connection.execute("DELETE FROM gaps WHERE origin = ? AND finish <= start", (origin,))
    if back.after is None:
        connection.execute("UPDATE origins SET first_time = ? WHERE id = ?", (back.until, origin))

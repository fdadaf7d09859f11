"""The newest verification is the last one that was made, whatever the clock was before."""

from __future__ import annotations

from pathlib import Path

from shield.console.journal import Journal


def test_a_verification_dated_by_a_clock_set_ahead_does_not_stay_the_newest(tmp_path: Path) -> None:
    now = [1_900_000_000.0]
    journal = Journal(tmp_path / "console.sqlite3", clock=lambda: now[0])
    for step in (0.0, 400 * 86_400.0, 60.0):
        now[0] = 1_900_000_000.0 + step
        journal.note_verification("shield.example", by="console", ok=True, fields="{}")
    assert [row[0] - 1_900_000_000.0 for row in journal.verifications("shield.example", 3)] == [60.0, 0.0]
    journal.close()

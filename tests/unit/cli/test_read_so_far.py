"""On a terminal a command that reads for long says how much; elsewhere it is silent."""

from __future__ import annotations

from pathlib import Path

from shield.cli import logs
from shield.cli.read_so_far import SECONDS, ReadSoFar
from tests.unit.audit.logs import make_log


def test_what_was_read_is_told_now_and_then(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(bytes(1_500_000))
    told: list[str] = []
    times = iter([0.0, 1.0, SECONDS + 2, SECONDS + 3])
    files = ReadSoFar(told.append, lambda: next(times))
    for _ in range(3):
        assert files.read(file) == file.read_bytes()
    assert told == ["7 s: 3 MB of the logs read so far"]


async def test_only_a_terminal_is_told(tmp_path: Path, monkeypatch) -> None:
    await make_log(tmp_path, 5)
    for terminal in (True, False):
        monkeypatch.setattr(logs.sys.stderr, "isatty", lambda terminal=terminal: terminal)
        (reader,) = logs.logs_in(tmp_path)
        assert isinstance(reader._files, ReadSoFar) is terminal

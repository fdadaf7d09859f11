"""The log of the console benchmark is an ordinary log."""

from __future__ import annotations

from pathlib import Path

from benchmarks.console import ORIGIN, write_log
from shield.audit.files import FolderReader
from shield.audit.verify import verify_log
from shield.evidence.reading import REQUEST_KINDS, UNREADABLE, entries


def test_it_verifies_and_each_record_has_the_form_of_its_kind(tmp_path: Path) -> None:
    reader = FolderReader(write_log(tmp_path, 2_000))
    report = verify_log(reader)
    assert (report.ok, report.origin, report.size) == (True, ORIGIN, 2_000)
    kinds = [entry.kind for entry in entries(reader)]
    assert UNREADABLE not in kinds
    assert sum(kind in REQUEST_KINDS for kind in kinds) > 900

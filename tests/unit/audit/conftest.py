from __future__ import annotations

import pytest

from shield.audit import wal


@pytest.fixture
def small_segments(monkeypatch):
    """A write-ahead log with a new segment every 50 kB."""
    monkeypatch.setattr(wal, "SEGMENT_BYTES", 50_000)

"""The large synthetic log is an ordinary log: it verifies and reconciles, and a report says so."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.evidence_log import ORIGIN, write_log
from shield.audit.files import FolderReader
from shield.evidence.reading import Period, Source
from shield.evidence.report.facts import ReportRequest
from shield.evidence.report.pack import build_report
from shield.evidence.report.signing import ManifestSigner


def test_it_verifies_and_adds_up(tmp_path: Path) -> None:
    folder = write_log(tmp_path / "audit", 3_000)
    signer = ManifestSigner(f"{ORIGIN}/report", Ed25519PrivateKey.from_private_bytes(b"\5" * 32))
    source = Source(ORIGIN, FolderReader(folder))
    built = build_report([source], ReportRequest(Period(), seed="s"), signer, tmp_path / "pack", pdf=False)
    assert built.facts.problems == []
    assert built.facts.logs[0].reconciliation.verification.size >= 3_000
    assert len(built.facts.logs[0].policies) == 2

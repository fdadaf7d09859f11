"""Evidence from a log that is pruned while it is read is from before or after, never from both."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shield.audit import wal
from shield.cli.reading import Listing
from shield.errors import EvidenceError
from shield.evidence.reading import Period, Source
from shield.evidence.report.facts import ReportRequest
from shield.evidence.report.pack import build_report
from shield.evidence.report.signing import ManifestSigner
from shield.evidence.sample_pack import SampleRequest, write_sample
from shield.evidence.steady import make_steadily
from tests.unit.audit.aging import MAY, ReaderOfTwo, old_and_young, upkeep
from tests.unit.audit.logs import ORIGIN, Clock, folder_of, open_log

READS = (1, 2, 3, 4, 5, 8, 12, 13, 14, 18, 25, 30, 40, 60, 80)


@pytest.fixture
async def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A log before and after a pruning."""
    monkeypatch.setattr(wal, "SEGMENT_BYTES", 50_000)
    clock = Clock(MAY)
    log = await old_and_young(tmp_path, clock)
    await log.close()  # else the record of its last checkpoint may fill a tile while it is copied
    shutil.copytree(folder_of(tmp_path), tmp_path / "before")
    log = await open_log(tmp_path, clock=clock)
    await upkeep(log, clock).prune_by_retention()
    await log.close()
    return tmp_path / "before", folder_of(tmp_path)


def _sample(source: Source, out: Path) -> int:
    return write_sample([source], SampleRequest(Period(), 40, "s"), out).population


def _report(source: Source, out: Path) -> int:
    signer = ManifestSigner(f"{ORIGIN}/report", Ed25519PrivateKey.from_private_bytes(b"\3" * 32))
    built = build_report([source], ReportRequest(Period(), size=40, seed="s"), signer, out, pdf=False)
    assert built.facts.ok, built.facts.problems
    return built.facts.population


@pytest.mark.parametrize("make", [_sample, _report])
def test_a_pack_is_of_the_log_as_it_was_before_or_after_a_pruning(
    folders: tuple[Path, Path], tmp_path: Path, make: Callable[[Source, Path], int]
) -> None:
    whole, pruned = (make(Source(ORIGIN, ReaderOfTwo(it, it, 0)), tmp_path / it.name[:2]) for it in folders)
    assert pruned < whole
    for reads in READS:
        out = tmp_path / f"out-{reads}"
        population = make(Source(ORIGIN, ReaderOfTwo(*folders, reads)), out)
        assert population in {whole, pruned}, reads
        with (out / "population.csv").open(encoding="utf-8", newline="") as file:
            assert sum(1 for _ in csv.DictReader(file)) == population
        with (out / "sample.csv").open(encoding="utf-8", newline="") as file:
            named = {row["file"] for row in csv.DictReader(file)}
        written = {f"records/{it.parent.name}/{it.name}" for it in (out / "records").glob("*/*.json")}
        assert named <= written
        assert len(written - named) <= len(named) + 2, "records of an earlier try"


def test_a_list_leaves_out_what_a_pruning_that_overtook_it_removed(
    folders: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    for reads in range(20):
        listing = Listing(Period())
        seen = [it.index for it in listing.records(Source(ORIGIN, ReaderOfTwo(*folders, reads)))]
        assert listing.tell(), (reads, capsys.readouterr().err)
        assert seen[-1] >= 2_800, "the list ended where the pruning began"


def test_what_nobody_pruned_is_not_made_again(folders: tuple[Path, Path]) -> None:
    calls = []

    def refuse() -> None:
        calls.append(1)
        raise EvidenceError("no")

    with pytest.raises(EvidenceError, match="no"):
        make_steadily([Source(ORIGIN, ReaderOfTwo(*folders, -1))], refuse)
    assert len(calls) == 1

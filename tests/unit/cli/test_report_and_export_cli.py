from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shield.audit.checkpoint import Signer
from shield.cli import evidence_report
from shield.cli.main import cli
from tests.unit.audit.logs import ORIGIN, folder_of, key_of
from tests.unit.cli.test_evidence_cli import acts
from tests.unit.evidence.stories import tell


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    asyncio.run(tell(tmp_path / "audit", acts))
    return tmp_path / "audit"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, list(map(str, arguments)), prog_name="shield")


def test_a_report_is_written_and_signed(directory: Path, tmp_path: Path) -> None:
    out = tmp_path / "pack"
    result = run(
        "evidence", "report", directory, "--out", out, "--seed", "s", "--key", key_of(directory, ORIGIN).vkey
    )
    assert result.exit_code == 0, result.output
    assert "result: it adds up" in result.stdout
    assert f"signed by {ORIGIN}/report+" in result.stdout
    assert {"report.html", "report.pdf", "MANIFEST", "MANIFEST.sig"} <= {path.name for path in out.iterdir()}
    again = run("evidence", "report", directory, "--out", out)
    assert again.exit_code == 3
    assert "is not empty" in again.stderr


def test_what_does_not_hold_is_written_too_and_is_the_exit_code(directory: Path, tmp_path: Path) -> None:
    result = run("evidence", "report", directory, "--out", tmp_path / "pack", "--max-gap", "1s", "--no-pdf")
    assert result.exit_code == 0
    kept = tmp_path / "kept"
    kept.write_bytes((directory / ORIGIN.replace("/", "+") / "checkpoint").read_bytes())
    asyncio.run(tell(tmp_path / "other" / "audit", lambda story: story.beat()))
    result = run(
        "evidence", "report", tmp_path / "other/audit", "--out", tmp_path / "bad", "--no-pdf", "--since", kept
    )
    assert result.exit_code == 1
    assert "PROBLEM: " in result.stdout
    assert (tmp_path / "bad/MANIFEST.sig").exists()
    assert not (tmp_path / "bad/report.pdf").exists()


def test_registers_and_access_logs_are_held_to_what_was_kept(directory: Path, tmp_path: Path) -> None:
    exception = f"{ORIGIN}#18"
    words = ("--owner", "a", "--ticket", "SEC-1", "--access", "off")
    assert run("evidence", "acknowledge", directory, exception, *words).exit_code == 0
    register, kept = folder_of(directory, f"{ORIGIN}/register"), tmp_path / "kept"
    shutil.copytree(register, kept)
    arguments = ("evidence", "report", directory, "--no-pdf", "--access", "off")
    held = ("--key", kept / "vkey", "--since", kept / "checkpoint")
    assert run(*arguments, *held, "--out", tmp_path / "good").exit_code == 0

    shutil.rmtree(register)
    gone = run(*arguments, *held, "--out", tmp_path / "gone")
    assert (gone.exit_code, f"{ORIGIN}/register is missing" in gone.stdout) == (1, True)
    (directory / "keys" / f"{register.name}.signing.pem").unlink()
    assert run("evidence", "acknowledge", directory, exception, *words, "--resolve").exit_code == 0
    forged = run(*arguments, *held, "--out", tmp_path / "forged")
    assert (forged.exit_code, "does not verify" in forged.stdout) == (1, True)
    assert "resolved" not in (tmp_path / "forged/exceptions.csv").read_text()

    access = Signer(f"{ORIGIN}/access", Ed25519PrivateKey.from_private_bytes(b"5" * 32)).key.vkey
    missing = run(*arguments, "--key", access, "--out", tmp_path / "missing")
    assert (missing.exit_code, f"{ORIGIN}/access is missing" in missing.stdout) == (1, True)
    assert (
        run(*arguments, "--key", access.replace("/access", "/other"), "--out", tmp_path / "x").exit_code == 2
    )


def test_counts_of_others_are_in_the_pack(directory: Path, tmp_path: Path) -> None:
    count, metrics = tmp_path / "count.csv", tmp_path / "metrics.csv"
    count.write_text("timestamp\n2031-05-04T00:00:01Z\n")
    metrics.write_text("value\n8\n")
    arguments = ("evidence", "report", directory, "--no-pdf", "--metrics", metrics)
    result = run(*arguments, "--out", tmp_path / "good")
    assert result.exit_code == 0, result.output
    result = run(*arguments, "--out", tmp_path / "bad", "--count", count)
    assert result.exit_code == 1
    assert (
        "PROBLEM: the outside count of forwarded requests is 1: -6 beyond what the logs allow"
        in result.stdout
    )
    page = (tmp_path / "bad/report.html").read_text()
    assert "Counts of others" in page
    assert "Metrics beside the log" in page
    found = json.loads((tmp_path / "bad/verification.json").read_bytes())["outside"]
    assert (found["count"]["counted"], found["count"]["ok"], found["metrics"]["ok"]) == (1, False, True)
    assert (tmp_path / "bad/counters.csv").read_text().startswith("origin,hour,heartbeats,")


def test_without_the_library_it_says_what_to_install(
    directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_report, "pdf_available", lambda: False)
    result = run("evidence", "report", directory, "--out", tmp_path / "pack")
    assert result.exit_code == 2
    assert "pip install '.[report]'" in result.stderr
    assert not (tmp_path / "pack").exists()
    assert run("evidence", "report", directory, "--out", tmp_path / "pack", "--no-pdf").exit_code == 0


def test_export_writes_each_record_once(directory: Path, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    first, second = run("export", directory, "--jsonl", path), run("export", directory, "--jsonl", path)
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert second.stdout == "0 events exported\n"
    uids = [json.loads(line)["metadata"]["uid"] for line in path.read_text().splitlines()]
    assert len(uids) == len(set(uids)) > 20
    assert first.stdout.startswith(f"{len(uids)} events exported (")


@pytest.mark.parametrize(
    "arguments", [[], ["--jsonl", "a", "--postgres", "b"], ["--jsonl", "a", "--metrics-port", "0"]]
)
def test_export_refuses_what_makes_no_sense(arguments: list[str], directory: Path) -> None:
    assert run("export", directory, *arguments).exit_code == 2


@pytest.mark.parametrize("url", ["nonsense", "mysql://h/d", "postgresql://u:hunter2-of-ours@h:75410/d"])
def test_export_refuses_a_url_that_can_never_work_and_quotes_none_of_it(url: str, directory: Path) -> None:
    done = run("export", directory, "--postgres", url)
    assert done.exit_code == 2
    assert "hunter2" not in done.output
    assert "give postgresql://USER@HOST" in done.output

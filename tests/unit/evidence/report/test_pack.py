from __future__ import annotations

import asyncio
import csv
import gzip
import json
import re
import shutil
import subprocess
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shield.audit.checkpoint import Signer, VerifierKey
from shield.audit.tree import leaf_hash
from shield.errors import EvidenceError
from shield.evidence.reading import Period
from shield.evidence.report.blocks import KeyFigures
from shield.evidence.report.content import write_report
from shield.evidence.report.criteria import read_criteria
from shield.evidence.report.evaluation import read_card
from shield.evidence.report.facts import ReportRequest
from shield.evidence.report.pack import Built, build_report
from tests.unit.audit.logs import folder_of
from tests.unit.evidence.stories import Story, at, source_of, tell

from .conftest import CONFIGS, NOW, ORIGINS, POLICIES, SEED, acts, build, digest, signer, write_logs

needs_tools = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("openssl", "sha256sum", "base64", "awk")),
    reason="openssl, sha256sum, base64 or awk is not installed",
)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def verify(out: Path, *vkeys: str, seed: str = SEED) -> subprocess.CompletedProcess[str]:
    keys = vkeys or [path.read_text().strip() for path in sorted((out / "keys").glob("*.vkey"))]
    return subprocess.run(["sh", out / "verify.sh", seed, *keys], capture_output=True, text=True, check=False)


def test_the_report_holds_and_says_so(pack: Built) -> None:
    assert pack.facts.problems == []
    assert pack.pdf
    assert pack.facts.population == 46
    verification = json.loads((pack.folder / "verification.json").read_bytes())
    assert verification["ok"] is True
    assert [log["completeness"]["requests"] for log in verification["logs"]] == [23, 23]
    assert verification["companions"] == [f"{ORIGINS[0]}/register"]


def test_of_a_period_that_is_not_over_the_first_page_says_so(logs: Path, tmp_path: Path, pack: Built) -> None:
    built = build(logs, tmp_path / "pack", period=Period(at("00:00:00"), "2031-06-01T23:59:59.999999Z"))
    assert "The period is not over" in (built.folder / "report.html").read_text()
    assert "The period is not over" not in (pack.folder / "report.html").read_text()


def test_a_gap_that_still_lasts_is_on_the_first_page_and_beside_the_exceptions(
    logs: Path, tmp_path: Path, pack: Built
) -> None:
    built = build(logs, tmp_path / "pack", period=Period(at("00:00:00"), at("23:00:00")))
    page = (built.folder / "report.html").read_text()
    assert [gap.origin for gap in built.facts.ongoing] == list(ORIGINS)
    assert "2 gaps without evidence" in page
    assert page.count(f"{ORIGINS[1].replace('/', '/<wbr>')}</code> since ") == 2
    assert "lasts</td>" in page
    first, _ = json.loads((built.folder / "verification.json").read_bytes())["logs"]
    assert first["ongoing_gap"]["seconds"] == first["coverage"]["gaps"][-1]["seconds"]
    assert pack.facts.ongoing == []
    assert "gaps without evidence" not in (pack.folder / "report.html").read_text()
    if shutil.which("openssl") and shutil.which("sha256sum"):
        assert verify(built.folder).returncode == 0


def test_the_population_has_each_request_with_its_outcome(pack: Built) -> None:
    population = rows(pack.folder / "population.csv")
    with gzip.open(pack.folder / "population.jsonl.gz", "rt", encoding="utf-8") as lines:
        same = [json.loads(line) for line in lines]
    assert [row["id"] for row in population] == [row["id"] for row in same]
    assert len(population) == 46
    forwarded = [row for row in population if row["kind"] != "reject"]
    assert {(row["result"], row["status"]) for row in forwarded} == {("answered", "200")}
    assert [row["status"] for row in population if row["kind"] == "reject"] == ["422", "422"]
    ids = [row["id"] for row in population if row["id"].startswith(ORIGINS[0])]
    assert ids == sorted(ids, key=lambda name: int(name.partition("#")[2]))


def test_the_exceptions_have_their_standing(pack: Built) -> None:
    exceptions = rows(pack.folder / "exceptions.csv")
    assert {row["kinds"] for row in exceptions} == {
        "config_change", "config_refused", "observe", "bypass inspection_failed", "block",
    }  # fmt: skip
    (taken,) = [row for row in exceptions if row["state"] == "resolved"]
    assert (taken["owner"], taken["ticket"]) == ("platform@example.com", "OPS-17")
    assert pack.facts.open_records == len(exceptions) - 1


def test_the_configurations_have_their_texts_and_changes(pack: Built) -> None:
    history = rows(pack.folder / "configurations.csv")
    assert [(row["reason"], row["changes"]) for row in history[:3]] == [
        ("start", ""),
        ("reload", "policies.default.entities.EMAIL_ADDRESS.operator server.max_in_flight"),
        ("refused", ""),
    ]
    for text in (*POLICIES, *CONFIGS):
        path = pack.folder / "documents" / f"{digest(text).removeprefix('sha256:')}.json"
        assert path.read_bytes() == text


def test_the_page_asks_nothing_of_any_network_and_says_what_matters(pack: Built) -> None:
    page = (pack.folder / "report.html").read_text(encoding="utf-8").replace("<wbr>", "")
    assert re.findall(r'(?:src|href)="(?!#)|url\(|@import|<script|https?://', page) == []
    for said in (
        "Support platform",
        "verified",
        "46",
        "EMAIL_ADDRESS",
        "OPS-17",
        SEED,
        "CC7.2",
        digest(POLICIES[0]),
        "query note: redact<br>query: keep<br>opaque: keep<br>on_deadline: patterns_only</td>",
    ):
        assert said in page
    assert page.count("<svg") == 5
    links = re.findall(r'href="#([^"]+)"', page)
    assert links
    assert [name for name in links if f'id="{name}"' not in page] == []


def test_the_pdf_is_one(pack: Built) -> None:
    raw = (pack.folder / "report.pdf").read_bytes()
    assert raw.startswith(b"%PDF-1.")
    assert raw.rstrip().endswith(b"%%EOF")
    assert b"/Outlines" in raw


def test_every_artefact_that_a_criterion_names_is_in_the_pack(pack: Built) -> None:
    criteria = [it for framework in read_criteria().frameworks for it in framework.criteria]
    named = {name for it in criteria for name in it.artefacts} - {"access.csv"} | {"access.csv"}
    for name in named:
        path = pack.folder / name
        assert path.is_dir() if name.endswith("/") else path.is_file(), name
        assert not path.is_dir() or any(path.iterdir()), name


def test_the_manifest_names_every_file_and_is_signed(pack: Built) -> None:
    manifest = (pack.folder / "MANIFEST").read_bytes()
    named = {line[68:]: line[:64] for line in manifest.decode().splitlines()}
    there = {str(path.relative_to(pack.folder)) for path in pack.folder.rglob("*") if path.is_file()}
    assert named.keys() == there - {"MANIFEST", "MANIFEST.sig"}
    for name, value in named.items():
        assert sha256((pack.folder / name).read_bytes()).hexdigest() == value
    assert VerifierKey.parse((pack.folder / "keys/report.vkey").read_text()) == signer().key


def test_the_same_logs_and_seed_give_the_same_pack(logs: Path, pack: Built, tmp_path: Path) -> None:
    again = build(logs, tmp_path / "again", title="Support platform")
    assert (again.folder / "MANIFEST").read_bytes() == (pack.folder / "MANIFEST").read_bytes()
    assert again.facts.generated == NOW.isoformat(timespec="seconds")


@needs_tools
def test_a_shell_and_openssl_verify_it(pack: Built) -> None:
    done = verify(pack.folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("verified: ")
    assert "6 of them chosen by the seed" in done.stdout


def sealed_again(out: Path) -> None:
    """What a forger without the report's key can do: matching sums under the old signature."""
    lines = [
        f"{sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(out)}\n"
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name not in ("MANIFEST", "MANIFEST.sig")
    ]
    (out / "MANIFEST").write_text("".join(lines))


def signed_again(out: Path) -> None:
    """What the maker of the report could do: everything except the logs' signatures."""
    sealed_again(out)
    (out / "MANIFEST.sig").write_text(signer().sign((out / "MANIFEST").read_bytes()))


TABLES = (
    "population.csv", "sample.csv", "strata.csv", "exceptions.csv", "gaps.csv", "activity.csv",
    "configurations.csv", "heads.csv", "counts.csv", "access.csv", "counters.csv", "log_life.csv",
    "read_backs.csv",
)  # fmt: skip


@needs_tools
@pytest.mark.parametrize("name", TABLES)
def test_an_edited_table_is_found(name: str, pack: Built, tmp_path: Path) -> None:
    out = shutil.copytree(pack.folder, tmp_path / "pack")
    path = out / name
    raw = bytearray(path.read_bytes())
    raw[-2] ^= 1
    path.write_bytes(raw)
    done = verify(out)
    assert done.returncode == 1
    assert f"./{name}: FAILED" in done.stdout
    assert "differs from MANIFEST" in done.stderr
    sealed_again(out)
    assert "the signature of MANIFEST does not hold" in verify(out).stderr


def drop_row(out: Path) -> None:
    lines = (out / "population.csv").read_text().splitlines(keepends=True)
    (out / "population.csv").write_text("".join(lines[:-1]))


def swap_sample(out: Path) -> None:
    sample, population = rows(out / "sample.csv"), rows(out / "population.csv")
    chosen = {row["id"] for row in sample}
    other = next(
        r["id"] for r in population if r["id"] not in chosen and r["stratum"] == sample[0]["stratum"]
    )
    text = (out / "sample.csv").read_text()
    (out / "sample.csv").write_text(text.replace(f"{sample[0]['id']},", f"{other},", 1))


def change_record(out: Path) -> None:
    file = out / rows(out / "sample.csv")[0]["file"]
    file.write_bytes(file.read_bytes().replace(b'"POST"', b'"PUTT"'))


def change_document(out: Path) -> None:
    file = next((out / "documents").iterdir())
    file.write_bytes(file.read_bytes() + b" ")


def change_head(out: Path) -> None:
    file = next((out / "checkpoints").iterdir())
    text = file.read_text().splitlines(keepends=True)
    text[1] = "7\n"
    file.write_text("".join(text))


def drop_head(out: Path) -> None:
    """Remove a log's head, so that nothing holds its records."""
    next((out / "checkpoints").iterdir()).unlink()


def drop_proof(out: Path) -> None:
    """Change the record of a chosen request and its row, and remove its proof."""
    chosen = rows(out / "sample.csv")[0]
    change_record(out)
    (out / chosen["file"]).with_suffix(".tlog-proof").unlink()
    table, leaf = out / "population.csv", leaf_hash((out / chosen["file"]).read_bytes()).hex()
    text = re.sub(rf"(?m)^({re.escape(chosen['id'])},.*,)[0-9a-f]+$", rf"\g<1>{leaf}", table.read_text())
    table.write_text(text)


def drop_sample(out: Path) -> None:
    (out / "sample.csv").unlink()


@needs_tools
@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (drop_row, "counts.csv says"),
        (swap_sample, "the seed chooses other requests"),
        (change_record, "is not what"),
        (change_document, "does not have the digest of its name"),
        (change_head, "does not hold"),
        (drop_head, "there is no head of the log"),
        (drop_proof, "has no proof"),
        (drop_sample, "is not what a sample is drawn by"),
    ],
    ids=lambda it: getattr(it, "__name__", None),
)
def test_even_the_maker_of_a_report_cannot_change_what_the_logs_signed(
    tamper: object, found: str, pack: Built, tmp_path: Path
) -> None:
    out = shutil.copytree(pack.folder, tmp_path / "pack")
    tamper(out)  # type: ignore[operator]
    signed_again(out)
    done = verify(out)
    assert done.returncode == 1
    assert found in done.stderr


@needs_tools
def test_a_missing_key_an_added_file_and_another_seed_are_named(pack: Built, tmp_path: Path) -> None:
    out = shutil.copytree(pack.folder, tmp_path / "pack")
    keys = [path.read_text().strip() for path in sorted((out / "keys").glob("*.vkey"))]
    for left_out in keys:
        assert "no key was given" in verify(out, *(key for key in keys if key != left_out)).stderr
        another = Signer(left_out.split("+")[0], Ed25519PrivateKey.from_private_bytes(b"7" * 32)).key.vkey
        assert "two keys were given" in verify(out, *keys, another).stderr
    assert verify(out, *keys, *keys).returncode == 0
    bare = subprocess.run(["sh", str(out / "verify.sh"), "seed"], capture_output=True, text=True, check=False)
    assert (bare.returncode, bare.stderr[:24]) == (2, "usage: sh verify.sh SEED")
    assert "chooses other requests" in verify(out, seed="another").stderr
    (out / "extra").write_text("x")
    assert "files that MANIFEST does not name" in verify(out).stderr


def test_canaries_are_no_part_of_the_share_that_was_redacted(pack: Built) -> None:
    first, second = pack.facts.logs
    counts = replace(first.reconciliation.completeness, canaries=3)
    log = replace(first, reconciliation=replace(first.reconciliation, completeness=counts))
    report = write_report(replace(pack.facts, logs=[log, second]), read_criteria(), read_card())
    (figures,) = (block for block in report.blocks if isinstance(block, KeyFigures))
    assert [(it.value, it.note) for it in figures.figures[:2]] == [
        ("43", "and 3 canaries"),
        ("93.0 %", "40 of them"),
    ]


def test_a_log_that_does_not_verify_gives_a_report_that_says_so(tmp_path: Path) -> None:
    write_logs(tmp_path / "audit")
    (wal,) = (folder_of(tmp_path / "audit", ORIGINS[1]) / "wal").iterdir()
    wal.write_bytes(wal.read_bytes().replace(b'"decision":"block"', b'"decision":"blocc"', 1))
    built = build(tmp_path / "audit", tmp_path / "pack")
    assert not built.facts.ok
    assert ORIGINS[1] in built.facts.problems[0]
    assert "The evidence does not hold" in (built.folder / "report.html").read_text()
    assert json.loads((built.folder / "verification.json").read_bytes())["ok"] is False


def test_a_record_that_cannot_be_proved_is_said_and_not_refused(tmp_path: Path) -> None:
    write_logs(tmp_path / "audit")
    for path in (folder_of(tmp_path / "audit", ORIGINS[1]) / "tile/0").rglob("*"):
        if path.is_file():
            path.write_bytes(bytes(len(path.read_bytes())))
    built = build(tmp_path / "audit", tmp_path / "pack")
    unproved = [problem for problem in built.facts.problems if "cannot be proved" in problem]
    assert unproved
    assert all(problem.startswith(f"{ORIGINS[1]}#") for problem in unproved)
    assert "The evidence does not hold" in (built.folder / "report.html").read_text()
    assert (built.folder / "MANIFEST.sig").exists()
    assert "NOT VERIFIED" in verify(built.folder).stderr


def test_a_register_that_does_not_verify_is_a_problem_and_none_of_it_is_believed(tmp_path: Path) -> None:
    write_logs(tmp_path / "audit")
    folder = folder_of(tmp_path / "audit", f"{ORIGINS[0]}/register")
    for path in [*(folder / "wal").iterdir(), *(folder / "tile/entries").rglob("*")]:
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"OPS-17", b"OPS-18"))
    built = build(tmp_path / "audit", tmp_path / "pack")
    assert "does not verify" in built.facts.problems[0]
    assert {row["state"] for row in rows(built.folder / "exceptions.csv")} == {"open"}


def test_a_document_that_is_gone_leaves_its_digest(tmp_path: Path) -> None:
    write_logs(tmp_path / "audit")
    for origin in ORIGINS:
        shutil.rmtree(folder_of(tmp_path / "audit", origin) / "documents")
    built = build(tmp_path / "audit", tmp_path / "pack")
    assert built.facts.ok
    page = (built.folder / "report.html").read_text()
    assert "only the digest is known" in page
    assert [row["changes"] for row in rows(built.folder / "configurations.csv")][1] == "not known"


def test_a_period_without_requests_is_reported_too(logs: Path, tmp_path: Path) -> None:
    built = build(logs, tmp_path / "pack", period=Period(at("10:00:00"), at("11:00:00")))
    assert built.facts.population == 0
    assert rows(built.folder / "sample.csv") == []
    if shutil.which("openssl") and shutil.which("sha256sum"):
        assert verify(built.folder).returncode == 0


def test_the_first_configuration_of_a_period_is_the_one_in_force_before_it(
    logs: Path, tmp_path: Path
) -> None:
    built = build(logs, tmp_path / "pack", period=Period(at("00:05:00"), at("00:10:00")))
    for log in built.facts.logs:
        assert [it.reason for it in log.configurations] == ["start"]
        assert [it.digest for it in log.policies] == [digest(POLICIES[0])]


def test_without_a_seed_the_heads_give_one_and_it_is_said(logs: Path, tmp_path: Path) -> None:
    built = build(logs, tmp_path / "pack", seed=None)
    assert not built.facts.seed_given
    assert built.facts.seed.startswith("heads ")
    assert "because none was given" in (built.folder / "report.html").read_text()


def test_a_folder_that_holds_something_is_refused(logs: Path, tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack/mine").write_text("x")
    with pytest.raises(EvidenceError):
        build(logs, tmp_path / "pack")
    assert [path.name for path in (tmp_path / "pack").iterdir()] == ["mine"]


def test_what_a_stop_kept_back_is_not_told_to_have_passed(tmp_path: Path) -> None:
    def kept_back(story: Story) -> None:
        acts(story)
        story.observe("draining", None)
        story.bypass(result="draining", status=None)

    asyncio.run(tell(tmp_path / "logs", kept_back, origin=ORIGINS[0]))
    request = ReportRequest(period=Period(), size=6, seed=SEED)
    source = source_of(tmp_path / "logs", ORIGINS[0])
    built = build_report([source], request, signer(), tmp_path / "pack", now=lambda: NOW)
    report = write_report(built.facts, read_criteria(), read_card())
    (figures,) = (block for block in report.blocks if isinstance(block, KeyFigures))
    assert built.facts.problems == []
    assert {it.name: it.value for it in figures.figures}["Passed unchanged"] == "2"
    said = "nothing was sent, since a stop came first (result draining): bypass 1, observe 1"
    assert said in (built.folder / "report.html").read_text()

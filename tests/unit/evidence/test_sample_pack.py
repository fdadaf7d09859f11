from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from shield.audit import run_records, wal
from shield.audit.proof import RecordProof
from shield.audit.retention import minimum_index
from shield.audit.tree import leaf_hash
from shield.errors import EvidenceError
from shield.evidence.reading import Period, Source
from shield.evidence.sample_pack import SampleRequest, SampleResult, write_sample
from tests.unit.audit.aging import MAY, old_and_young, upkeep
from tests.unit.audit.logs import Clock, folder_of, key_of, open_log

from .stories import Story, Wall, at, source_of, tell

PROJECT = Path(__file__).parents[3]
ORIGINS = ("shield.example/worker-0", "shield.example/worker-1")
SEED = "dice 4 1 6 2"
needs_tools = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("openssl", "sha256sum", "base64", "awk")),
    reason="openssl, sha256sum, base64 or awk is not installed",
)


def acts(story: Story) -> None:
    story.config("start", None, "sha256:c0")
    for minute in range(20):
        story.wall.set(f"00:{minute:02d}:00")
        story.request(route=("tickets", "contacts")[minute % 4 == 0])
    story.config("reload", "sha256:c0", "sha256:c1")
    story.config("refused", "sha256:c1", None)
    story.observe()
    story.bypass()
    story.reject("policy_blocked", 422, blocked=True)


@pytest.fixture(scope="module")
def logs(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("logs")
    for origin in ORIGINS:
        asyncio.run(tell(directory, acts, origin=origin))
    return directory


def sources(directory: Path) -> list[Source]:
    return [source_of(directory, origin) for origin in ORIGINS]


def write(directory: Path, out: Path, size: int = 8, **changes: object) -> SampleResult:
    arguments: dict[str, object] = {"period": Period(), "size": size, "seed": SEED, **changes}
    return write_sample(sources(directory), SampleRequest(**arguments), out)  # type: ignore[arg-type]


def verify(out: Path, directory: Path, seed: str = SEED, origins: tuple[str, ...] = ORIGINS) -> str | None:
    """The problem that verify.sh reports; None if it verifies."""
    keys = [key_of(directory, origin).vkey for origin in origins]
    done = subprocess.run(
        ["sh", str(out / "verify.sh"), seed, *keys],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode == 0:
        assert done.stdout.startswith("verified: ")
        return None
    return done.stderr


@needs_tools
@pytest.mark.parametrize(("size", "stratify"), [(1, ()), (8, ("route", "decision"))])
def test_a_sample_verifies_with_a_shell(logs, tmp_path, size, stratify):
    result = write(logs, tmp_path / "s", size, stratify=stratify)
    assert result.population == 46
    assert len(result.chosen) == size
    assert verify(tmp_path / "s", logs) is None


def test_items_say_what_was_in_force(logs, tmp_path):
    write(logs, tmp_path / "s", 100)
    document = json.loads((tmp_path / "s/sample.json").read_bytes())
    assert (document["seed"], document["size"]) == (SEED, 100)
    assert len(document["items"]) == 46
    by_decision: dict[str, object] = {item["record"]["decision"]: item for item in document["items"]}
    for decision, digest in (
        ("forward_redacted", "sha256:c0"),
        ("bypass", "sha256:c1"),
        ("block", "sha256:c1"),
    ):
        item: dict = by_decision[decision]  # type: ignore[assignment]
        assert item["config"]["digest_after"] == digest
        assert item["policy_digest"] == item["record"]["policy_digest"]
        assert (item["outcome"] is None) == (decision == "block")
        for name in item["files"]:
            record = tmp_path / "s" / name
            proof = RecordProof.parse(record.with_suffix(".tlog-proof").read_text())
            origin = item["id"].partition("#")[0]
            proof.verify(key_of(logs, origin))
            assert proof.entry == record.read_bytes()
        assert json.loads((tmp_path / "s" / item["files"][0]).read_bytes()) == item["record"]


def test_the_population_has_each_request_with_its_leaf(logs, tmp_path):
    write(logs, tmp_path / "s", 100)
    lines = (tmp_path / "s/population.csv").read_text().splitlines()
    assert lines[0].startswith("id,stratum,time,kind,route,")
    assert lines[0].endswith(",leaf_sha256")
    assert len(lines) == 47
    found = re.fullmatch(r"(.*)#(\d+),all,.*,([0-9a-f]{64})", lines[1])
    assert found is not None
    record = tmp_path / "s/records" / found[1].replace("/", "+") / f"{found[2]}.json"
    assert found[3] == leaf_hash(record.read_bytes()).hex()


def test_the_same_seed_gives_the_same_files(logs, tmp_path):
    for name in ("a", "b"):
        write(logs, tmp_path / name, stratify=("route",))
    assert (tmp_path / "a/SHA256SUMS").read_bytes() == (tmp_path / "b/SHA256SUMS").read_bytes()
    write(logs, tmp_path / "c", stratify=("route",), seed="another")
    assert (tmp_path / "a/sample.csv").read_bytes() != (tmp_path / "c/sample.csv").read_bytes()


def test_only_the_period_is_the_population(logs, tmp_path):
    result = write(logs, tmp_path / "s", 100, period=Period(at("00:05:00"), at("00:14:59")))
    assert result.population == 20


def resum(out: Path) -> None:
    """Recompute the sums, as a forger would after changing a file."""
    files = [path for path in sorted(out.rglob("*")) if path.is_file() and path.name != "SHA256SUMS"]
    lines = [
        f"{sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(out).as_posix()}\n" for path in files
    ]
    (out / "SHA256SUMS").write_text("".join(lines))


def change_a_record(out: Path) -> None:
    path = min(out.glob("records/*/*.json"))
    path.write_bytes(path.read_bytes().replace(b'"version":1', b'"version":2'))


def change_a_proof(out: Path) -> None:
    path = min(out.glob("records/*/*.tlog-proof"))
    path.write_text(path.read_text().replace("extra e", "extra f", 1))


def swap_two(out: Path) -> None:
    first, second = sorted(out.glob("records/*/*.json"))[:2]
    for suffix in (".json", ".tlog-proof"):
        one, two = first.with_suffix(suffix).read_bytes(), second.with_suffix(suffix).read_bytes()
        first.with_suffix(suffix).write_bytes(two)
        second.with_suffix(suffix).write_bytes(one)


def drop_a_record(out: Path) -> None:
    name = (out / "sample.csv").read_text().splitlines()[1].split(",")[3]
    (out / name).unlink()
    (out / name).with_suffix(".tlog-proof").unlink()


def point_elsewhere(out: Path) -> None:
    """Make the chosen request's row name a harmless record instead of its own."""
    rows = [line.split(",") for line in (out / "sample.csv").read_text().splitlines()]
    rows[1][3] = rows[2][3]
    (out / "sample.csv").write_text("".join(",".join(row) + "\n" for row in rows))


def change_a_leaf(out: Path) -> None:
    chosen = (out / "sample.csv").read_text().splitlines()[1].split(",")[0]
    path = out / "population.csv"
    path.write_text(
        re.sub(rf"(?m)^({re.escape(chosen)},.*,)[0-9a-f]+$", rf"\g<1>{'0' * 64}", path.read_text())
    )


def choose_another(out: Path) -> None:
    lines = (out / "sample.csv").read_text().splitlines(keepends=True)
    chosen = {line.split(",")[0] for line in lines}
    other = next(
        line.split(",")[0]
        for line in (out / "population.csv").read_text().splitlines()[1:]
        if line.split(",")[0] not in chosen
    )
    lines[1] = ",".join([other, *lines[1].split(",")[1:]])
    (out / "sample.csv").write_text("".join(lines))


def hide_a_request(out: Path) -> None:
    chosen = (out / "sample.csv").read_text().splitlines()[1].split(",")[0]
    lines = (out / "population.csv").read_text().splitlines(keepends=True)
    (out / "population.csv").write_text("".join(line for line in lines if not line.startswith(f"{chosen},")))


def change_the_head(out: Path) -> None:
    path = min(out.glob("checkpoints/*"))
    lines = path.read_text().split("\n")
    lines[1] = str(int(lines[1]) + 1)
    path.write_text("\n".join(lines))


def change_head_and_proofs(out: Path) -> None:
    change_the_head(out)
    head = min(out.glob("checkpoints/*"))
    for path in (out / "records" / head.stem).glob("*.tlog-proof"):
        path.write_text(path.read_text().partition("\n\n")[0] + "\n\n" + head.read_text())


def change_the_head_of_a_proof(out: Path) -> None:
    path = min(out.glob("records/*/*.tlog-proof"))
    path.write_text(re.sub(r"(?m)^(shield.*\n)([0-9]+)$", r"\g<1>1\2", path.read_text(), count=1))


def drop_a_logs_records(out: Path) -> None:
    head = min(out.glob("checkpoints/*"))
    shutil.rmtree(out / "records" / head.stem)


def drop_a_head(out: Path) -> None:
    """Remove a log's head, so that nothing holds its records, and change one of them."""
    head = max(out.glob("checkpoints/*"))
    head.unlink()
    for path in (out / "records" / head.stem).glob("*.json"):
        path.write_bytes(path.read_bytes().replace(b'"POST"', b'"PUTT"'))


def drop_a_proof(out: Path) -> None:
    """Change a chosen record and its row, and remove its proof."""
    chosen, *_, name = (out / "sample.csv").read_text().splitlines()[1].split(",")
    path = out / name
    path.write_bytes(path.read_bytes().replace(b'"POST"', b'"PUTT"'))
    path.with_suffix(".tlog-proof").unlink()
    table, leaf = out / "population.csv", leaf_hash(path.read_bytes()).hex()
    table.write_text(re.sub(rf"(?m)^({re.escape(chosen)},.*,)[0-9a-f]+$", rf"\g<1>{leaf}", table.read_text()))


def splice_two_logs(out: Path) -> None:
    """Let the records and the head of one log stand for those of another."""
    first, second = sorted(out.glob("checkpoints/*"))
    shutil.copyfile(first, second)
    shutil.rmtree(out / "records" / second.stem)
    shutil.copytree(out / "records" / first.stem, out / "records" / second.stem)


@needs_tools
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change_a_record, "is not what"),
        (change_a_proof, "is not what"),
        (swap_two, "is of another record"),
        (drop_a_record, "is missing"),
        (point_elsewhere, "is not the record of"),
        (change_a_leaf, "is another record in population.csv"),
        (choose_another, "the seed chooses other requests"),
        (hide_a_request, "strata.csv or population.csv"),
        (change_the_head, "does not hold"),
        (change_the_head_of_a_proof, "is under another checkpoint"),
        (change_head_and_proofs, "does not hold"),
        (drop_a_logs_records, "there is no record under"),
        (drop_a_head, "there is no head of the log"),
        (drop_a_proof, "has no proof"),
        (splice_two_logs, "is the head of"),
    ],
)
def test_a_change_is_found_even_with_new_sums(logs, tmp_path, change, said):
    out = tmp_path / "s"
    write(logs, out)
    change(out)
    without = verify(out, logs)
    assert without is not None
    assert "SHA256SUMS" in without
    resum(out)
    found = verify(out, logs)
    assert found is not None
    assert said in found


@needs_tools
def test_another_seed_key_or_file_does_not_verify(logs, tmp_path):
    out = tmp_path / "s"
    write(logs, out)
    assert "other requests" in (verify(out, logs, seed="another") or "")
    assert "no key was given" in (verify(out, logs, origins=ORIGINS[:1]) or "")
    (out / "extra").write_text("")
    assert "does not name" in (verify(out, logs) or "")


@needs_tools
def test_a_log_whose_key_was_given_cannot_be_left_out(logs, tmp_path):
    """Who removes a worker's log and draws the sample from the others."""
    left = [source_of(logs, origin) for origin in ORIGINS[:1]]
    write_sample(left, SampleRequest(Period(), 5, SEED), tmp_path / "s")
    assert verify(tmp_path / "s", logs, origins=ORIGINS[:1]) is None
    assert "there is no head of the log" in (verify(tmp_path / "s", logs) or "")


@needs_tools
async def test_a_log_of_another_key_does_not_verify(logs, tmp_path):
    log = await open_log(tmp_path / "forged", seed=9, clock=Wall())
    Story(log, Wall()).request()
    await log.close()
    forged = source_of(tmp_path / "forged")
    write_sample([forged], SampleRequest(Period(), 5, SEED), tmp_path / "s")
    assert "does not hold" in (verify(tmp_path / "s", logs) or "")


@needs_tools
async def test_a_log_whose_starts_were_pruned_has_another_record_for_its_head(logs, tmp_path, monkeypatch):
    monkeypatch.setattr(wal, "SEGMENT_BYTES", 50_000)
    clock = Clock(MAY)
    log = await old_and_young(tmp_path, clock, 300)
    await upkeep(log, clock).prune_by_retention()
    source = source_of(tmp_path, ORIGINS[0])
    assert minimum_index(source.reader) > 0
    another = source_of(logs, ORIGINS[1])
    write_sample([source, another], SampleRequest(Period(end=at("12:00:00")), 5, SEED), tmp_path / "s")
    await log.close()
    assert len(list((tmp_path / "s" / "records" / folder_of(tmp_path).name).glob("*.json"))) == 1
    done = subprocess.run(
        ["sh", tmp_path / "s" / "verify.sh", SEED, log.key.vkey, key_of(logs, ORIGINS[1]).vkey],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


async def test_requests_beyond_the_head_are_said(tmp_path):
    wall = Wall()
    log = await open_log(tmp_path, clock=wall)
    story = Story(log, wall)
    story.request()
    await log.checkpoint()
    story.request("")
    await log.commit(
        run_records.config(reason="start", digest_before=None, digest_after="sha256:c0", build="shield/1")
    )
    result = write_sample([source_of(tmp_path)], SampleRequest(Period(), 5, SEED), tmp_path / "s")
    await log.close()
    assert (result.population, result.beyond_head) == (1, 1)


def test_what_cannot_be_sampled(logs, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").write_text("")
    with pytest.raises(EvidenceError, match="not empty"):
        write(logs, tmp_path / "full")
    with pytest.raises(EvidenceError, match="one line"):
        write(logs, tmp_path / "s", seed="a\nb")
    with pytest.raises(EvidenceError, match="no requests"):
        write(logs, tmp_path / "s", period=Period(at("20:00:00"), None))
    shutil.copytree(logs, tmp_path / "logs")
    tile = next((folder_of(tmp_path / "logs") / "tile/0").glob("000.p/*"))
    tile.write_bytes(bytes(len(tile.read_bytes())))
    with pytest.raises(EvidenceError, match="cannot be proved"):
        write(tmp_path / "logs", tmp_path / "t", 100)
    assert not list((tmp_path / "t").iterdir())  # no half of a pack, and the next try needs no other folder
    (folder_of(tmp_path / "logs") / "checkpoint").write_text("")
    with pytest.raises(EvidenceError, match="no head"):
        write(tmp_path / "logs", tmp_path / "u")


def test_the_packed_script_is_the_documented_one():
    document = (PROJECT / "docs/audit-log.md").read_text()
    found = re.search(r"```sh\n(#!/bin/sh\n.*?)```", document, re.DOTALL)
    assert found is not None
    assert (PROJECT / "shield/evidence/pack/verify-proof.sh").read_text() == found[1]

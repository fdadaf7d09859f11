"""A pack's scripts, as shipped, expose packs whose makers want to deceive whoever runs them.

A pack's maker holds the logs' keys and writes all its files. Its readers take the scripts from the project.
"""

from __future__ import annotations

import asyncio
import base64
import csv
import itertools
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shield.audit.proof import prove_record
from shield.audit.tree import leaf_hash
from shield.config.secret import Secret
from shield.evidence.pinned import Pinned
from shield.evidence.reading import Period
from shield.evidence.sample_pack import SampleRequest, write_sample
from shield.evidence.sampling import Sampler, share_out
from tests.unit.audit.logs import (
    NEW,
    OLD,
    ORIGIN,
    Clock,
    folder_of,
    intent,
    key_of,
    make_log,
    open_log,
    reader_of,
    signer_of,
)

from .stories import Story, source_of, tell
from .test_sample_pack import resum

PACK = Path(__file__).parents[3] / "shield/evidence/pack"
SEED = "dice 4 1 6 2"
pytestmark = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("openssl", "sha256sum", "base64", "awk")),
    reason="openssl, sha256sum, base64 or awk is not installed",
)


def acts(story: Story) -> None:
    story.config("start", None, "sha256:c0")
    for number in range(12):
        story.request(route=("tickets", "contacts", "articles")[number % 4 % 3])
    story.reject("policy_blocked", 422, blocked=True)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("logs")
    asyncio.run(tell(directory, acts, origin=ORIGIN))
    return directory


@pytest.fixture
def pack(logs: Path, tmp_path: Path) -> Path:
    request = SampleRequest(Period(), 6, SEED, ("route", "decision"))
    write_sample([source_of(logs, ORIGIN)], request, tmp_path / "pack")
    return tmp_path / "pack"


def run(script: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", script, *map(str, arguments)], capture_output=True, text=True, timeout=60, check=False
    )


TOOLS_OF_A_PACK = (
    *("awk", "base64", "basename", "cat", "cmp", "cut", "dirname", "find", "grep", "head", "ls", "mkdir"),
    *("mktemp", "od", "paste", "rm", "sed", "sh", "sha256sum", "sort", "tail", "touch", "tr", "uniq", "wc"),
)


@pytest.mark.parametrize("shell", ["dash", "bash", "busybox"])
def test_any_shell_verifies_a_pack_and_finds_what_was_changed(
    shell: str, logs: Path, pack: Path, tmp_path: Path
) -> None:
    program, openssl, tools = shutil.which(shell), shutil.which("openssl"), tmp_path / "tools"
    if program is None or openssl is None:
        pytest.skip(f"no {shell} or no openssl")
    tools.mkdir()
    for name in TOOLS_OF_A_PACK:
        found = program if name == "sh" or shell == "busybox" else shutil.which(name)
        assert found is not None, name
        (tools / name).symlink_to(found)
    (tools / "openssl").symlink_to(openssl)

    def verified() -> tuple[int, str]:
        done = subprocess.run(
            [tools / "sh", pack / "verify.sh", SEED, key_of(logs).vkey],
            env={"PATH": str(tools)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stderr

    assert verified() == (0, "")
    rewritten(next(pack.glob("records/*/*.tlog-proof")), r"^[A-Za-z0-9+/]{43}=$", "A" * 43 + "=")
    resum(pack)
    code, said = verified()
    assert (code, "does not hold" in said) == (1, True), said


def link_table(pack: Path) -> None:
    """What a link leads to can be changed after the check."""
    (pack / "population.csv").rename(pack.parent / "elsewhere.csv")
    (pack / "population.csv").symlink_to(pack.parent / "elsewhere.csv")


def add_folder(pack: Path) -> None:
    (pack / "records/.ghost").mkdir()


def add_record(pack: Path) -> None:
    """A record whose name a shell's `*` does not match, with the proof of another."""
    proof = next(pack.glob("records/*/*.tlog-proof"))
    (proof.parent / ".9.json").write_bytes(b"{}")
    (proof.parent / ".9.tlog-proof").write_bytes(proof.read_bytes())


def add_document(pack: Path) -> None:
    (pack / "documents").mkdir(exist_ok=True)
    (pack / "documents/.a.json").write_bytes(b"{}")


def add_no_file(pack: Path) -> None:
    """A line of the list that some programs pass over."""
    with (pack / "SHA256SUMS").open("a") as sums:
        sums.write("# checked by hand\n")


def double_record(pack: Path) -> None:
    """Two proofs in one file."""
    proof = next(pack.glob("records/*/*.tlog-proof"))
    proof.write_bytes(proof.read_bytes() * 2)


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (link_table, "is no file"),
        (add_folder, "no head of the log .ghost"),
        (add_record, "no such record under its head"),
        (add_document, "does not have the digest of its name"),
        (double_record, "is under another checkpoint"),
    ],
)
def test_what_is_added_to_a_pack_is_found(
    tamper: Callable[[Path], None], found: str, pack: Path, logs: Path
) -> None:
    tamper(pack)
    resum(pack)
    done = run(pack / "verify.sh", SEED, key_of(logs).vkey)
    assert (done.returncode, found in done.stderr) == (1, True), done.stderr


def test_a_line_of_the_list_that_is_no_files_is_refused(pack: Path, logs: Path) -> None:
    add_no_file(pack)
    done = run(pack / "verify.sh", SEED, key_of(logs).vkey)
    assert (done.returncode, "is no file's" in done.stderr) == (1, True), done.stderr


def rewritten(path: Path, pattern: str, by: str) -> None:
    text, count = re.subn(pattern, lambda _: by, path.read_text(), count=1, flags=re.MULTILINE)
    assert count == 1
    path.write_text(text)


def proof_of_one(entry: bytes, path: Path, size: str = "1") -> str:
    """Write a proof of a tree's only record, under a head that the log's own key signed; return that key."""
    signer = signer_of(OLD)
    text = f"{ORIGIN}\n{size}\n{base64.b64encode(leaf_hash(entry)).decode()}\n"
    signature = base64.b64encode(signer.key.key_id + signer.sign_text(text.encode())).decode()
    extra = base64.b64encode(entry).decode()
    path.write_text(
        f"c2sp.org/tlog-proof@v1\nextra {extra}\nindex 0\n\n{text}\n\u2014 {ORIGIN} {signature}\n"
    )
    return signer.key.vkey


INSTEAD_OF_NUMBERS = ("a[$(touch RUN)]", "08", "-1", "0x0", "18446744073709551616", "1+0", "")


@pytest.mark.parametrize("number", INSTEAD_OF_NUMBERS)
def test_what_is_no_number_in_a_proof_is_refused_and_never_run(number: str, tmp_path: Path) -> None:
    path, ran = tmp_path / "one.tlog-proof", tmp_path / "ran"
    number = number.replace("RUN", str(ran))
    key = proof_of_one(b"a record", path)
    assert run(PACK / "verify-proof.sh", path, key).returncode == 0
    rewritten(path, r"^index 0$", f"index {number}")
    assert run(PACK / "verify-proof.sh", path, key).returncode != 0
    key = proof_of_one(b"a record", path, size=number)
    assert run(PACK / "verify-proof.sh", path, key).returncode != 0
    assert not ran.exists()


@pytest.mark.parametrize("number", INSTEAD_OF_NUMBERS)
def test_the_same_holds_for_proofs_that_are_checked_together(number: str, tmp_path: Path) -> None:
    folder, head, ran = tmp_path / "records", tmp_path / "head", tmp_path / "ran"
    folder.mkdir()
    number = number.replace("RUN", str(ran)).replace("/", "")
    key = proof_of_one(b"a record", folder / "0.tlog-proof")
    (folder / "0.json").write_bytes(b"a record")
    head.write_text((folder / "0.tlog-proof").read_text().partition("\n\n")[2])
    assert run(PACK / "verify-proofs.sh", head, key, folder).stdout == "1\n"
    (folder / "0.json").rename(folder / f"{number}.json")
    (folder / "0.tlog-proof").rename(folder / f"{number}.tlog-proof")
    rewritten(folder / f"{number}.tlog-proof", r"^index 0$", f"index {number}")
    assert run(PACK / "verify-proofs.sh", head, key, folder).returncode != 0
    key = proof_of_one(b"a record", folder / "0.tlog-proof", size=number)
    (folder / f"{number}.json").rename(folder / "0.json")
    head.write_text((folder / "0.tlog-proof").read_text().partition("\n\n")[2])
    assert run(PACK / "verify-proofs.sh", head, key, folder).returncode != 0
    assert not list(tmp_path.rglob("*ran"))


async def test_every_record_of_trees_of_many_sizes_is_proved_together(tmp_path: Path) -> None:
    log = await open_log(tmp_path / "logs", signing_key=OLD)
    numbers = itertools.count()
    # At powers of two and beside them, where the forms of trees differ. A checkpoint is a record too.
    for whole in (3, 5, 8, 10, 15, 17, 31, 33):
        while log.signed_size < whole:
            for _ in range(whole - log.signed_size - 1):
                await log.commit(intent(next(numbers)))
            await log.checkpoint()
        assert log.signed_size == whole
        folder, key = tmp_path / str(whole), key_of(tmp_path / "logs").vkey
        folder.mkdir()
        for index in range(whole):
            proof = prove_record(reader_of(tmp_path / "logs"), index)
            (folder / f"{index}.tlog-proof").write_text(proof.text)
            (folder / f"{index}.json").write_bytes(proof.entry)
        head = folder_of(tmp_path / "logs") / "checkpoint"
        done = run(PACK / "verify-proofs.sh", head, key, folder)
        assert (done.returncode, done.stdout) == (0, f"{whole}\n"), done.stderr
        if whole not in {8, 10, 17}:
            continue
        wrong = folder / f"{whole // 2}.tlog-proof"
        text = wrong.read_text()
        for path in re.findall(r"^[A-Za-z0-9+/]{43}=$", text.partition("\n\n")[0], re.MULTILINE):
            wrong.write_text(text.replace(path, "A" * 43 + "=", 1))
            assert run(PACK / "verify-proofs.sh", head, key, folder).returncode == 1
            wrong.write_text(text.replace(f"{path}\n", "", 1))
            assert run(PACK / "verify-proofs.sh", head, key, folder).returncode == 1
            wrong.write_text(text.replace(path, f"{path}\n{path}", 1))
            assert run(PACK / "verify-proofs.sh", head, key, folder).returncode == 1
    await log.close()


def test_a_record_is_proved_at_no_other_place_than_its_own(logs: Path, tmp_path: Path) -> None:
    """In a tree of depth 5, the path to record 5 would fit 37 too: both take the same turns."""
    proof, path = prove_record(reader_of(logs), 5), tmp_path / "5.tlog-proof"
    path.write_text(proof.text)
    key = key_of(logs).vkey
    assert run(PACK / "verify-proof.sh", path, key).returncode == 0
    assert proof.signed.checkpoint.size < 64
    rewritten(path, r"^index 5$", f"index {5 + 64}")
    assert run(PACK / "verify-proof.sh", path, key).returncode != 0


def test_what_stands_in_a_record_is_not_taken_for_what_was_proved(logs: Path, pack: Path) -> None:
    """A record with a line feed can claim to be another record."""
    (record,) = list(pack.glob("records/*/*.json"))[:1]
    folder, name = record.parent, record.stem
    entry = f"x\nrecord {name} of {ORIGIN} is under the checkpoint of size 2:\nx".encode()
    for file in folder.iterdir():
        file.unlink()
    key = proof_of_one(entry, folder / f"{name}.tlog-proof")
    (folder / f"{name}.json").write_bytes(entry)
    head = (folder / f"{name}.tlog-proof").read_text().partition("\n\n")[2]
    next(pack.glob("checkpoints/*")).write_text(head)
    resum(pack)
    done = run(pack / "verify.sh", SEED, key)
    assert done.returncode == 1
    assert "there is no such record under its head" in done.stderr


def set_size(pack: Path, size: str) -> None:
    rewritten(pack / "strata.csv", r"(?<=,)[0-9]+$", size)


def drop_stratum(pack: Path) -> None:
    """Drop the stratum of the requests that the policy blocked, so that none is drawn from it."""
    for name in ("strata.csv", "sample.csv"):
        lines = (pack / name).read_text().splitlines(keepends=True)
        (pack / name).write_text("".join(line for line in lines if "|block" not in line))


def shift_size(pack: Path) -> None:
    """Draw one fewer from the blocked and one more from the others; the sum is the same."""
    with (pack / "population.csv").open(newline="") as file:
        population = [(row["id"], row["stratum"]) for row in csv.DictReader(file)]
    lines = [line.split(",") for line in (pack / "strata.csv").read_text().splitlines()]
    for line in lines[1:]:
        line[2] = "0" if "|block" in line[0] else line[2]
    largest = max(lines[1:], key=lambda line: int(line[1]))
    largest[2] = str(int(largest[2]) + 1)
    (pack / "strata.csv").write_text("".join(",".join(line) + "\n" for line in lines))
    chosen = []
    for stratum, _, size in lines[1:]:
        sampler = Sampler(SEED, int(size) or 1)
        for it, of in population:
            if of == stratum:
                origin, _, index = it.partition("#")
                sampler.take(origin, int(index), stratum)
        chosen += sampler.choose()[: int(size)]
    rows = [
        f"{it.id},{it.stratum},{it.rank.hex()},records/{it.origin.replace('/', '+')}/{it.index}.json\n"
        for it in chosen
    ]
    (pack / "sample.csv").write_text("id,stratum,rank,file\n" + "".join(rows))


@pytest.mark.parametrize("change", [drop_stratum, shift_size])
def test_the_sizes_of_strata_follow_from_the_population(
    change: Callable[[Path], None], logs: Path, pack: Path
) -> None:
    key = key_of(logs).vkey
    assert run(pack / "verify.sh", SEED, key).returncode == 0
    change(pack)
    resum(pack)
    done = run(pack / "verify.sh", SEED, key)
    assert done.returncode == 1
    assert "strata.csv" in done.stderr


def test_a_table_of_strata_runs_nothing(logs: Path, pack: Path, tmp_path: Path) -> None:
    """GNU sed has a command that could run a program."""
    set_size(pack, f"1p;1e touch {tmp_path / 'ran'};#")
    resum(pack)
    assert run(pack / "verify.sh", SEED, key_of(logs).vkey).returncode == 1
    assert not (tmp_path / "ran").exists()


def test_a_link_is_a_file_that_no_sums_name(logs: Path, pack: Path) -> None:
    (pack / "report.pdf").symlink_to(pack / "sample.csv")
    done = run(pack / "verify.sh", SEED, key_of(logs).vkey)
    assert done.returncode == 1
    assert "there is a link" in done.stderr


def test_a_log_whose_name_begins_with_a_dot_is_passed_over_nowhere(logs: Path, pack: Path) -> None:
    (head,) = pack.glob("checkpoints/*")
    shutil.copytree(pack / "records" / head.stem, pack / "records" / f".{head.stem}")
    resum(pack)
    done = run(pack / "verify.sh", SEED, key_of(logs).vkey)
    assert (done.returncode, "there is no head of the log ." in done.stderr) == (1, True)
    shutil.copyfile(head, head.with_name(f".{head.name}"))
    resum(pack)
    done = run(pack / "verify.sh", SEED, key_of(logs).vkey)
    assert (done.returncode, "is the head of" in done.stderr) == (1, True)


def test_a_row_of_sums_that_checks_nothing_is_not_passed_over(logs: Path, pack: Path) -> None:
    rewritten(pack / "SHA256SUMS", r"^[0-9a-f]{64}(?=  \./sample.json$)", "x" * 64)
    done = run(pack / "verify.sh", SEED, key_of(logs).vkey)
    assert done.returncode == 1
    assert "SHA256SUMS" in done.stderr


def test_the_row_of_a_chosen_request_is_its_own(logs: Path, pack: Path) -> None:
    """Another row with the same ending does not replace it."""
    chosen = (pack / "sample.csv").read_text().splitlines()[1].split(",")[0]
    rewritten(pack / "population.csv", rf"(?<=^{re.escape(chosen)},).*$", f"{'tail,' * 9}{'0' * 64}")
    row = next(row for row in (pack / "sample.csv").read_text().splitlines() if row.startswith(chosen))
    record = (pack / row.split(",")[3]).read_bytes()
    stratum = row.split(",")[1]
    text = (pack / "population.csv").read_text().replace(f"{chosen},tail", f"{chosen},{stratum}")
    other = f"other/{chosen},{stratum},{leaf_hash(record).hex()}\n"
    (pack / "population.csv").write_text(text + other)
    resum(pack)
    assert run(pack / "verify.sh", SEED, key_of(logs).vkey).returncode == 1


def population_of(folder: Path, rows: list[tuple[str, str]], size: int) -> list[str]:
    """Write the tables that `select.sh` reads; return the ids that it must choose."""
    sampler = Sampler(SEED, size)
    for it, name in rows:
        sampler.take("o", int(it[2:]), name)
    shares = share_out(size, sampler.populations)
    chosen = [it.id for it in sampler.choose()]
    (folder / "population.csv").write_text("id,stratum\n" + "".join(f"{it},{name}\n" for it, name in rows))
    (folder / "sample.csv").write_text("id\n" + "".join(f"{it}\n" for it in chosen))
    strata = "".join(f"{name},{sampler.populations[name]},{shares[name]}\n" for name in sorted(shares))
    (folder / "strata.csv").write_text("stratum,population,size\n" + strata)
    shutil.copy(PACK / "select.sh", folder)
    return chosen


def test_choosing_takes_no_process_for_each_request(tmp_path: Path) -> None:
    """A period may have a million requests."""
    rows = [(f"o#{index}", "abc"[index % 7 % 3]) for index in range(4096 * 2 + 1)]
    chosen = population_of(tmp_path, rows, 50)
    counting, started = tmp_path / "programs", tmp_path / "started"
    counting.mkdir()
    (counting / "sha256sum").write_text(
        f'#!/bin/sh\necho >> "{started}"\nexec "{shutil.which("sha256sum")}" "$@"\n'
    )
    (counting / "sha256sum").chmod(0o700)
    done = subprocess.run(
        ["sh", tmp_path / "select.sh", SEED],
        env={**os.environ, "PATH": f"{counting}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout.splitlines()) == (0, chosen), done.stderr
    assert len(started.read_text().splitlines()) == 3


@pytest.mark.parametrize(
    "row", ["o,a", 'o"#1,a', "o#1,a b", "o#01,a", "o#1", "o #1,a", "o\x01#1,a", '"o#1",a']
)
def test_a_row_that_is_no_request_is_refused(row: str, tmp_path: Path) -> None:
    population_of(tmp_path, [(f"o#{index}", "a") for index in range(2, 40)], 3)
    with (tmp_path / "population.csv").open("a") as file:
        file.write(row + "\n")
    done = run(tmp_path / "select.sh", SEED)
    assert (done.returncode, "no request's" in done.stderr) == (1, True)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_shell_shares_out_as_the_program_does(tmp_path_factory: pytest.TempPathFactory, data) -> None:
    sizes = data.draw(
        st.dictionaries(st.sampled_from(["a", "a|b", "b", "B", "-", "a%7C"]), st.integers(1, 9), min_size=1)
    )
    size = data.draw(st.integers(1, sum(sizes.values()) + 2))
    folder = tmp_path_factory.mktemp("shares")
    rows = [(f"o#{index}", name) for index, name in enumerate(n for n in sizes for _ in range(sizes[n]))]
    chosen = population_of(folder, rows, size)
    done = run(folder / "select.sh", SEED)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == chosen


@pytest.fixture(scope="module")
def rotated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pack of a log whose key was rotated twice in the period."""
    directory, third = tmp_path_factory.mktemp("rotated"), Secret(b"3" * 32)

    async def write() -> None:
        await make_log(directory, 9, signing_key=OLD)
        for number, (new, old) in enumerate(((NEW, OLD), (third, NEW)), 1):
            clock = Clock(1_950_000_000_000_000_000 + number * 10**15)
            log = await open_log(directory, signing_key=new, retired_signing_key=old, clock=clock)
            await log.close()

    asyncio.run(write())
    source = source_of(directory, ORIGIN)
    write_sample([source], SampleRequest(Period(), 3, SEED), directory / "pack")
    pinned = Pinned(source)
    assert pinned.key == signer_of(third).key
    return directory / "pack"


@pytest.mark.parametrize("key", [OLD, NEW, Secret(b"3" * 32)])
def test_any_key_of_a_rotated_log_verifies_its_pack(key: Secret, rotated: Path) -> None:
    done = run(rotated / "verify.sh", SEED, signer_of(key).key.vkey)
    assert done.returncode == 0, done.stderr


def test_a_rotation_that_the_key_before_did_not_sign_leads_nowhere(rotated: Path, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(rotated, pack)
    assert run(pack / "verify.sh", SEED, signer_of(Secret(b"4" * 32)).key.vkey).returncode == 1
    (path,) = (pack / "keys").glob("*.rotations")
    whole = path.read_text()
    for pattern, by in (
        (r'(?<="old_signature":".{20}).{4}', "AAAA"),
        (r'(?<="size":)[0-9]+', "9"),
        (r'(?<="index":)[0-9]+', "a[$(touch ran)]"),
    ):
        path.write_text(re.sub(pattern, lambda _, by=by: by, whole, count=1))
        resum(pack)
        done = run(pack / "verify.sh", SEED, signer_of(OLD).key.vkey)
        assert (done.returncode, "does not lead on" in done.stderr) == (1, True), pattern
    assert not list(pack.rglob("ran"))
    path.unlink()
    resum(pack)
    assert "does not hold" in run(pack / "verify.sh", SEED, signer_of(OLD).key.vkey).stderr


async def test_a_head_that_the_old_key_had_still_signed_is_sampled_under(tmp_path: Path) -> None:
    """A rotation leaves this state between the new `vkey` and the new key's first head."""
    await make_log(tmp_path, 9, signing_key=OLD)
    before = (folder_of(tmp_path) / "checkpoint").read_bytes()
    log = await open_log(tmp_path, signing_key=NEW, retired_signing_key=OLD, clock=Clock(195 * 10**16))
    await log.close()
    (folder_of(tmp_path) / "checkpoint").write_bytes(before)
    assert Pinned(source_of(tmp_path, ORIGIN)).key == signer_of(OLD).key

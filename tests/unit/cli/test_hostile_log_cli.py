"""Over forged logs, commands name what they cannot read and print no terminal escape sequences."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from pathlib import Path

import orjson
import pytest

from shield.audit.record import Draft, Kind
from shield.audit.tree import TILE_WIDTH
from shield.evidence.reading import ACCESS_SUFFIX, Entry, entries
from tests.integration.console.life import life
from tests.unit.audit.logs import ORIGIN, folder_of, intent, open_log, outcome, placed, reader_of
from tests.unit.cli.conftest import Shield
from tests.unit.evidence.hostile import (
    OBEYED,
    access,
    acknowledge,
    every_kind,
    hostile,
    one_of_each,
    write_unsigned,
)
from tests.unit.evidence.stories import Story, Wall, tell

LISTS = (
    ("audit", "show"),
    (
        "audit",
        "show",
        "--route",
        "tickets",
        "--entity",
        "PERSON",
        "--from",
        "2020-01-01",
        "--to",
        "2035-01-01",
    ),
    ("evidence", "exceptions"),
    ("evidence", "canaries"),
    ("evidence", "read-backs"),
    ("evidence", "access"),
    ("diff",),
)
JUDGES = (
    ("audit", "verify"),
    ("evidence", "reconcile", "--by", "hour"),
)
_DRAWN_BY_RICH = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


COMMANDS = (
    *(given for command in (*LISTS, *JUDGES) for given in (command, (*command, "--json"))),
    ("keys", "show"),
)
"""Every command that prints what is in a log, for people and for programs."""


def with_folder(command: tuple[str, ...], folder: Path) -> tuple[str, ...]:
    """The arguments, with the folder inserted after the command's name."""
    words = 1 if command[0] == "diff" else 2
    return (*command[:words], str(folder), *command[words:])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Entry]:
    directory = tmp_path_factory.mktemp("told")
    asyncio.run(tell(directory, every_kind))
    found = one_of_each(list(entries(reader_of(directory))))
    assert {entry.kind for entry in found} == {kind.value for kind in Kind} - {"recovered"}
    return found


@pytest.fixture(scope="module")
def unreadable(told: list[Entry], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log with every hostile value in every member of every kind of record, between sound records."""
    directory = tmp_path_factory.mktemp("hostile") / "audit"
    good = [entry.raw for entry in told]
    for origin in (ORIGIN, ORIGIN + ACCESS_SUFFIX):
        write_unsigned(directory, [*good, *hostile(told), *good], origin)
    return directory


@pytest.fixture(scope="module")
def obeyed(told: list[Entry], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Signed logs whose records hold terminal escape sequences in every text."""
    directory = tmp_path_factory.mktemp("obeyed") / "audit"

    def acts(story: Story) -> None:
        for entry in told:
            fields = {
                name: OBEYED if isinstance(value, str) else value
                for name, value in entry.fields.items()
                if name not in _OF_THE_LOG
            }
            if entry.kind not in (Kind.INTENT, Kind.BYPASS, Kind.OUTCOME):
                story.log.append(Draft(Kind(entry.kind), fields))
        for draft in (*life(OBEYED), access(OBEYED), acknowledge(OBEYED)):
            story.log.append(draft)
        index = story.log.append(intent(1, [placed(OBEYED, OBEYED)], route=OBEYED, request_id=OBEYED[:8]))
        story.log.append(outcome(index, 1))
        story.read_back("mismatch", OBEYED, route=OBEYED, differing=[OBEYED], unredacted={OBEYED: 1})

    asyncio.run(tell(directory, acts))

    async def look() -> None:
        log = await open_log(directory, clock=Wall(), origin=ORIGIN + ACCESS_SUFFIX)
        log.append(access(OBEYED))
        await log.close()

    asyncio.run(look())
    return directory


_OF_THE_LOG = frozenset({"version", "index", "kind", "time", "nonce"})


@pytest.fixture(scope="module")
def signed(told: list[Entry], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The log `unreadable`, signed with the log's key, as far as its records can be rewritten as JSON."""
    directory = tmp_path_factory.mktemp("signed") / "audit"

    def acts(story: Story) -> None:
        for raw in hostile(told):
            with suppress(orjson.JSONDecodeError, orjson.JSONEncodeError):
                fields = {name: value for name, value in orjson.loads(raw).items() if name != "index"}
                orjson.dumps(fields)
                story.log.append(Draft(Kind.SHUTDOWN, fields))  # the fields name its kind

    asyncio.run(tell(directory, acts))
    return directory


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_what_is_no_record_is_said_and_ends_no_command(
    command: tuple[str, ...], unreadable: Path, shield: Shield
) -> None:
    result = shield(*with_folder(command, unreadable))
    said = result.stdout if command[:2] in JUDGES or "reconcile" in command else result.stderr
    assert result.exit_code == (0 if command[0] == "keys" else 1), result.stderr
    assert "internal error" not in result.stderr
    if command[0] == "keys":
        return
    assert "PROBLEM" in said or '"ok":false' in said
    if command in LISTS:
        assert f"PROBLEM: {ORIGIN}" in said
        assert ": not all records can be read: " in said
        assert " are not records of this format, the first at " in said


def test_each_record_that_is_none_is_an_exception_of_every_period(unreadable: Path, shield: Shield) -> None:
    result = shield("evidence", "exceptions", str(unreadable), "--kind", "unreadable", "--json")
    found = [orjson.loads(line)["id"] for line in result.stdout.splitlines()]
    of_a_day = shield(
        *("evidence", "exceptions", str(unreadable), "--kind", "unreadable", "--json"),
        *("--from", "2029-01-01", "--to", "2029-01-02"),
    )
    assert len(found) > 1000
    assert [orjson.loads(line)["id"] for line in of_a_day.stdout.splitlines()] == found


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("terminal", [False, True], ids=["piped", "terminal"])
def test_no_terminal_obeys_a_record(
    command: tuple[str, ...], obeyed: Path, shield: Shield, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    if terminal:
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("COLUMNS", "200")
    result = shield(*with_folder(command, obeyed))
    assert result.exit_code in (0, 1), result.stderr
    assert "internal error" not in result.stderr
    text = _DRAWN_BY_RICH.sub("", result.output) if terminal else result.output
    assert [it for it in text if not it.isprintable() and it not in "\n\t"] == []
    if "--json" in command:
        for line in result.stdout.splitlines():
            orjson.loads(line)
    elif not terminal and command in (("audit", "show"), ("evidence", "access")):
        assert "\\x1b]0;owned" in result.stdout


def test_the_same_json_is_read_from_what_was_made_safe_to_print(obeyed: Path, shield: Shield) -> None:
    shown = shield("audit", "show", str(obeyed), "--json").stdout
    assert OBEYED in {orjson.loads(line).get("reason") for line in shown.splitlines()}


def test_packs_and_events_are_made_of_what_is_sound(signed: Path, shield: Shield, tmp_path: Path) -> None:
    report = shield("evidence", "report", str(signed), "--seed", "x", "--out", str(tmp_path / "report"))
    assert (report.exit_code, "IT DOES NOT ADD UP" in report.stdout) == (1, True), report.stderr
    assert re.search(r"PROBLEM: .* records are not at their index, or cannot be read", report.stdout)
    sample = shield(
        "evidence", "sample", str(signed), "--size", "9", "--seed", "x", "--out", str(tmp_path / "sample")
    )
    assert sample.exit_code == 0, sample.stderr
    export = shield("export", str(signed), "--jsonl", str(tmp_path / "events"))
    assert export.exit_code == 0, export.stderr
    events = [orjson.loads(line) for line in (tmp_path / "events").read_bytes().splitlines()]
    assert len(events) > 5_000
    assert sum(event["metadata"]["event_code"] == "unreadable" for event in events) > 1_000


@pytest.mark.parametrize("cut", [b"", b"\xff\xfe", b"{\x00}" * 9])
def test_a_list_of_a_log_that_was_cut_says_so(tmp_path: Path, shield: Shield, cut: bytes) -> None:
    async def write() -> None:
        log = await open_log(tmp_path, clock=Wall())
        for number in range(TILE_WIDTH):
            log.append(outcome(log.append(intent(number, [placed()])), number))
        await log.close()

    asyncio.run(write())
    folder = folder_of(tmp_path)
    bundle = folder / "tile/entries/000"
    bundle.write_bytes(bundle.read_bytes()[:5_000] + cut)
    for segment in (folder / "wal").iterdir():
        segment.unlink()
    for command in LISTS:
        if command == ("evidence", "access"):
            continue  # it has no log
        result = shield(*with_folder(command, tmp_path))
        assert result.exit_code == 1
        assert re.search(r"records can be read: .*\d+ are missing.*, the first at \d+; see", result.stderr)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe\x00", b"c2sp.org/tlog-proof@v1\nindex 0\n\n\x1b]0;owned\x07\n", b"\x1b[31m" * 10_000],
)
def test_a_file_that_is_no_proof_or_key_is_refused_in_one_line(
    tmp_path: Path, shield: Shield, raw: bytes
) -> None:
    file = tmp_path / "4.tlog-proof\x1b[31m"
    file.write_bytes(raw)
    for arguments in (
        ("audit", "verify-proof", str(file), "--key", f"{ORIGIN}+00000000+AAAA"),
        ("audit", "verify-proof", str(file), "--key", str(file)),
    ):
        result = shield(*arguments)
        assert result.exit_code == 2
        assert "internal error" not in result.stderr
        assert [it for it in result.output if not it.isprintable() and it != "\n"] == []

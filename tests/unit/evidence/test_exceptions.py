from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from shield.audit import life_records, run_records
from shield.audit.log import AuditLog
from shield.audit.record import Draft, Kind
from shield.audit.verify import verify_log
from shield.errors import AuditUnavailableError, EvidenceError
from shield.evidence import register
from shield.evidence.exceptions import Exceptional, find_exceptions, of_period
from shield.evidence.reading import Period, Source, entries
from tests.unit.audit.logs import ORIGIN, folder_of, open_log, placed

from .stories import Story, Wall, at, source_of, tell

REGISTER = f"{ORIGIN}/register"


def found_in(directory: Path) -> list[Exceptional]:
    source = source_of(directory)
    return list(find_exceptions(source.origin, entries(source.reader)))


def kinds_of(directory: Path) -> list[tuple[int, tuple[str, ...]]]:
    return [(found.index, tuple(kind.value for kind in found.kinds)) for found in found_in(directory)]


async def test_a_quiet_log_has_none(tmp_path):
    await tell(tmp_path, lambda story: story.config("start", None, "sha256:c0") and None, Story.beat)
    assert kinds_of(tmp_path) == []


@pytest.mark.parametrize(
    ("act", "kinds"),
    [
        (lambda story: story.bypass(), ("bypass", "inspection_failed")),
        (lambda story: story.bypass("deadline_exceeded"), ("bypass", "time_limit")),
        (lambda story: story.observe(), ("observe",)),
        (lambda story: story.reject("policy_blocked", 422, blocked=True), ("block",)),
        (lambda story: story.reject("deadline_exceeded", 503), ("time_limit",)),
        (lambda story: story.reject("media_type_unsupported", 415), ("uninspectable",)),
        (lambda story: story.reject("content_encoding_unsupported", 415), ("uninspectable",)),
        (lambda story: story.reject("internal_error", 500), ("inspection_failed",)),
        (lambda story: story.reject("resources_exhausted", 503), ("inspection_failed",)),
        (lambda story: story.reject("detection_incomplete", 503), ("inspection_failed",)),
        (lambda story: story.reject("anonymization_failed", 503), ("inspection_failed",)),
        (lambda story: story.digest_key(life_records.CREATED), None),
        (lambda story: story.digest_key(life_records.DESTROYED), ("log_change",)),
        (lambda story: story.bypass("media_type_unsupported"), ("bypass", "uninspectable")),
        (lambda story: story.config("reload", "sha256:c0", "sha256:c1"), ("config_change",)),
        (lambda story: story.config("refused", "sha256:c0", None), ("config_refused",)),
        (lambda story: story.read_back("mismatch"), ("read_back_mismatch",)),
        (lambda story: story.read_back("not_found"), ("read_back_mismatch",)),
        (lambda story: story.read_back("match"), None),
        (lambda story: story.read_back("unreadable", "storage_failed"), None),
        (lambda story: story.read_back("skipped", "no_room"), None),
        (lambda story: story.reject("body_malformed"), None),
        (lambda story: story.request(), None),
        (lambda story: story.request(uninspected_bytes=7), None),
        (lambda story: story.reject("opaque_content", 422, blocked=True), ("block", "uninspectable")),
        (lambda story: story.request("upstream_timeout", None), None),
        (lambda story: story.config("reload", "sha256:c0", "sha256:c0"), None),
    ],
)
async def test_what_is_an_exception(tmp_path, act, kinds):
    await tell(tmp_path, act)
    assert kinds_of(tmp_path) == ([(2, kinds)] if kinds else [])


async def test_a_read_back_says_what_differs_by_count_and_type(tmp_path):
    def acts(story: Story) -> None:
        story.read_back("mismatch", "unredacted", differing=["$.a"], unredacted={"PERSON": 2})
        story.read_back("mismatch", "different")
        story.read_back("not_found", "not_found")

    await tell(tmp_path, acts)
    assert [found.detail for found in found_in(tmp_path)] == [
        "1 differing, unredacted PERSON 2, of record 2, 2 reads",
        "different, of record 2, 2 reads",
        "not found, of record 2, 2 reads",
    ]


async def test_a_bypass_says_what_went_on_as_it_came_not_what_was_redacted(tmp_path):
    def acts(story: Story) -> None:
        story.bypass("body_malformed", findings=[placed()], as_received=["body", "header"])
        story.bypass("body_malformed")

    await tell(tmp_path, acts)
    details = [found.detail for found in found_in(tmp_path)]
    assert details == ["body_malformed, body, header as received", "body_malformed"]


async def test_times(tmp_path):
    def acts(story: Story) -> None:
        story.beat("00:10:00")
        story.beat("00:11:50")
        story.beat("00:00:20")
        story.beat("00:21:50")

    await tell(tmp_path, acts)
    # The first heartbeat ends a gap since the boot; then the clock goes back; then silence again.
    assert kinds_of(tmp_path) == [(2, ("gap",)), (4, ("clock_jump",)), (5, ("gap",))]
    first, _, last = found_in(tmp_path)
    assert first.detail == "600.000 s, silent"
    assert last.detail == "600.000 s, silent"  # since the latest time seen, not since the one set back


async def test_a_jump_ahead_that_was_taken_back_hides_no_later_gap(tmp_path):
    def acts(story: Story) -> None:
        story.beat("05:00:00")
        story.beat("00:01:00")
        story.beat("00:11:00")

    await tell(tmp_path, acts)
    assert [(found.kinds, found.detail) for found in found_in(tmp_path)] == [
        (("gap",), "18000.000 s, silent"),
        (
            ("clock_jump",),
            (
                "back by 17940000000 us; it had been ahead: "
                "of the gap from 2031-05-04T00:00:00.000000Z on, 0.000 s are left"
            ),
        ),
        (("gap",), "600.000 s, silent"),
    ]


async def test_requests_under_a_clock_set_back_are_said_where_it_has_caught_up(tmp_path):
    """Whoever sets the clock back for a minute dates what passes then out of the period that is examined."""

    def acts(story: Story) -> None:
        for minute in range(0, 122, 2):
            story.beat(f"{8 + minute // 60:02d}:{minute % 60:02d}:00")
        story.wall.set("02:00:00")
        story.bypass()
        story.request()
        story.wall.set("10:01:00")
        story.beat("10:01:00")
        story.beat("10:02:00")

    await tell(tmp_path, acts, wall=Wall("08:00:00"))
    period = Period(at("09:00:00"), at("11:00:00"))
    listed = [each for found in found_in(tmp_path) if (each := of_period(found, period)) is not None]
    assert [(found.kinds, found.detail) for found in listed] == [
        (("clock_jump",), "as late again as before: 2 requests recorded meanwhile have earlier times")
    ]


async def test_a_start_with_another_configuration_is_a_change(tmp_path):
    await tell(tmp_path, lambda story: story.config("start", None, "sha256:c0") and None)
    await tell(tmp_path, lambda story: story.config("start", None, "sha256:c0") and None)
    await tell(tmp_path, lambda story: story.config("start", None, "sha256:c1") and None)
    changes = [found for found in found_in(tmp_path) if "config_change" in found.kinds]
    assert [found.detail for found in changes] == ["start: sha256:c0 to sha256:c1"]


async def test_another_program_or_other_detectors_are_a_change_under_the_same_configuration(tmp_path):
    await tell(tmp_path, lambda story: story.config("start", None, "sha256:c0") and None)
    await tell(tmp_path, lambda story: story.config("start", None, "sha256:c0", build="shield/2") and None)

    def other_detectors(story: Story) -> None:
        story.config("start", None, "sha256:c0", build="shield/2", detectors="sha256:d1")
        story.config("refused", "sha256:c0", None, build="shield/2", detectors="sha256:d9")
        story.config("reload", "sha256:c0", "sha256:c0", build="shield/2", detectors="sha256:d1")
        story.config("reload", "sha256:c0", "sha256:c1", build="shield/2", detectors="sha256:d2")

    await tell(tmp_path, other_detectors)
    changes = [found for found in found_in(tmp_path) if "version_change" in found.kinds]
    assert [found.detail for found in changes] == [
        "start: shield/1 to shield/2",
        "start: detectors of default from sha256:d0 to sha256:d1",
        "reload: sha256:c0 to sha256:c1; reload: detectors of default from sha256:d1 to sha256:d2",
    ]
    assert changes[-1].kinds == ("config_change", "version_change")


async def test_a_log_from_before_builds_were_recorded_changes_to_none(tmp_path):
    def acts(story: Story) -> None:
        earlier = run_records.config(reason="start", digest_before=None, digest_after="sha256:c0", build="")
        fields = {name: value for name, value in earlier.fields.items() if name not in {"build", "models"}}
        story.log.append(Draft(Kind.CONFIG, fields))
        story.config("reload", "sha256:c0", "sha256:c0")

    await tell(tmp_path, acts)
    assert kinds_of(tmp_path) == []


async def test_of_a_record_after_the_period_only_its_gap_is_of_it(tmp_path):
    def acts(story: Story) -> None:
        story.beat("00:01:00")
        story.wall.set("00:30:00")
        story.bypass()

    await tell(tmp_path, acts)
    (found,) = [it for it in found_in(tmp_path) if it.gap is not None]
    assert found.kinds == ("bypass", "inspection_failed", "gap")
    assert of_period(found, Period(at("00:30:00"))) is found
    later = of_period(found, Period(None, at("00:10:00")))
    assert later is not None
    assert (later.id, later.raw, later.kinds) == (found.id, found.raw, ("gap",))
    assert later.detail == "1740.000 s, silent"
    assert of_period(found, Period(None, at("00:01:00"))) is None
    assert of_period(found, Period(at("00:30:01"))) is None


async def test_a_crash_with_a_torn_tail(tmp_path):
    wall = Wall()
    log = await open_log(tmp_path, clock=wall)
    story = Story(log, wall)
    story.request("")
    await log.checkpoint()
    shutil.copytree(folder_of(tmp_path), folder_of(tmp_path / "crashed"))
    shutil.copytree(tmp_path / "keys", tmp_path / "crashed" / "keys")
    await log.close()
    last = max((folder_of(tmp_path / "crashed") / "wal").iterdir())
    with last.open("ab") as file:
        file.write(b"\xf5\xf7\x00")
    await tell(tmp_path / "crashed", wall=Wall("00:01:00"))
    kinds = dict(kinds_of(tmp_path / "crashed"))
    assert list(kinds.values()) == [("gap",), ("unclean_end", "torn_tail"), ("unknown_outcome",)]


def inspect(text: str) -> list[str]:
    return ["CREDIT_CARD"] if "4111" in text else []


def register_source(directory: Path) -> Source:
    return source_of(directory, REGISTER)


async def take_up(directory: Path, chosen: list[Exceptional], **changes: object) -> list[int]:
    words: dict[str, object] = {
        "owner": "security@example.com",
        "ticket": "SEC-1",
        "note": "",
        "resolve": False,
        "inspect": inspect,
    }
    return await register.acknowledge(
        directory, ORIGIN, chosen, clock=Wall("09:00:00"), **{**words, **changes}
    )  # type: ignore[arg-type]


async def test_an_exception_is_open_then_acknowledged_then_resolved(tmp_path):
    await tell(tmp_path, lambda story: story.bypass() and None, lambda story: story.observe() and None)
    before = (folder_of(tmp_path) / "checkpoint").read_bytes()
    first, second = found_in(tmp_path)
    assert register.read_register(None).standing(first) == register.NOT_TAKEN_UP

    await take_up(tmp_path, [first, second], note="known")
    [last] = await take_up(tmp_path, [second], ticket="SEC-2", resolve=True)
    held = register.read_register(register_source(tmp_path))
    assert (held.standing(first).state, held.standing(first).note) == (register.ACKNOWLEDGED, "known")
    standing = held.standing(second)
    assert (standing.state, standing.ticket, standing.record) == (register.RESOLVED, "SEC-2", last)

    await take_up(tmp_path, [second])  # and resumed
    assert register.read_register(register_source(tmp_path)).standing(second).state == register.ACKNOWLEDGED
    report = verify_log(register_source(tmp_path).reader)
    assert report.ok
    assert report.kinds["acknowledge"] == 4
    assert (folder_of(tmp_path) / "checkpoint").read_bytes() == before, "the log itself is not touched"


async def test_several_people_take_up_exceptions_at_once(tmp_path):
    await tell(tmp_path, *([lambda story: story.bypass() and None] * 8))
    found = found_in(tmp_path)
    await asyncio.gather(*(take_up(tmp_path, [it], ticket=f"SEC-{it.index}") for it in found))
    held = register.read_register(register_source(tmp_path))
    assert [held.standing(it).ticket for it in found] == [f"SEC-{it.index}" for it in found]
    assert verify_log(register_source(tmp_path).reader).ok


async def test_who_keeps_a_register_in_use_for_too_long_is_told_of(tmp_path, monkeypatch):
    monkeypatch.setattr(register, "WAIT_SECONDS", 0.0)
    await tell(tmp_path, lambda story: story.bypass() and None)
    log = await open_log(tmp_path, origin=REGISTER)
    with pytest.raises(AuditUnavailableError, match=r"is using the log of .*register"):
        await take_up(tmp_path, found_in(tmp_path))
    await log.close()


async def test_an_acknowledgement_is_of_that_record_and_no_other(tmp_path):
    await tell(tmp_path / "one", lambda story: story.bypass() and None)
    await tell(tmp_path / "two", lambda story: story.observe() and None)
    await take_up(tmp_path / "one", found_in(tmp_path / "one"))
    held = register.read_register(register_source(tmp_path / "one"))
    with pytest.raises(EvidenceError, match="of another record"):
        held.standing(found_in(tmp_path / "two")[0])


@pytest.mark.parametrize(
    "changes",
    [
        {"owner": " "},
        {"ticket": ""},
        {"ticket": "4111111111111111"},
        {"owner": "a" * 101},
        {"ticket": "SEC-1\nSEC-2"},
        {"note": "a" * 281},
        {"note": "\x1b[2J"},
        {"note": "write to maria@example.com, card 4111 1111 1111 1111"},
    ],
)
async def test_words_that_do_not_belong_in_a_register(tmp_path, changes):
    await tell(tmp_path, lambda story: story.bypass() and None)
    with pytest.raises(EvidenceError) as caught:
        await take_up(tmp_path, found_in(tmp_path), **changes)
    assert "4111" not in str(caught.value)
    assert not folder_of(tmp_path, REGISTER).exists()


async def test_a_register_that_was_edited_says_nothing(tmp_path):
    await tell(tmp_path, lambda story: story.bypass() and None)
    await take_up(tmp_path, found_in(tmp_path))
    for path in folder_of(tmp_path, REGISTER).rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b'"acknowledged"', b'"resolved"    '))
    with pytest.raises(EvidenceError, match="does not verify"):
        register.read_register(register_source(tmp_path))


async def test_one_writer_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setattr(register, "WAIT_SECONDS", 0.2)
    await tell(tmp_path, lambda story: story.bypass() and None)
    log: AuditLog = await open_log(tmp_path, origin=REGISTER)
    with pytest.raises(AuditUnavailableError):
        await take_up(tmp_path, found_in(tmp_path))
    await log.close()

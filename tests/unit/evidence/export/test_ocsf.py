"""Each event is valid under the published OCSF schema, with nothing allowed that the schema lacks."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from shield.audit.record import Kind
from shield.evidence.export.ocsf import CLASSES, SCHEMA_VERSION, event_of
from shield.evidence.reading import UNREADABLE, entries, entry_of
from tests.unit.audit.logs import ORIGIN

from .conftest import sources


@cache
def validator(class_uid: int, profiles: tuple[str, ...]) -> Draft202012Validator:
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=SCHEMA_VERSION))
    name = schema.lookup_class_name_from_uid(class_uid)
    return Draft202012Validator(schema.get_class_schema(name, list(profiles)))


def events(directory: Path) -> list[tuple[str, dict[str, Any]]]:
    return [
        (entry.kind, event_of(source.origin, entry))
        for source in sources(directory)
        for entry in entries(source.reader)
    ]


def test_every_record_gives_an_event_that_the_schema_allows(directory: Path) -> None:
    found = events(directory)
    assert {event["class_uid"] for _, event in found} == set(CLASSES)
    for kind, event in found:
        profiles = tuple(event["metadata"].get("profiles", ()))
        problems = [error.message for error in validator(event["class_uid"], profiles).iter_errors(event)]
        assert problems == [], kind
        assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]


def test_what_patterns_alone_inspected_says_so(directory: Path) -> None:
    reduced = [event for kind, event in events(directory) if event.get("unmapped", {}).get("reduced")]
    assert [event["unmapped"]["tier"] for event in reduced] == ["patterns"] * 3
    assert {event["severity"] for event in reduced} == {"Medium"}
    (found,) = [event for kind, event in events(directory) if kind == "rescan" and "finding_info" in event]
    assert found["severity"] == "High"
    assert found["finding_info"]["types"] == ["PERSON", "LOCATION"]
    assert found["finding_info"]["related_events"][0]["uid"] in {it["metadata"]["uid"] for it in reduced}


def test_the_schema_itself_refuses_what_is_wrong(directory: Path) -> None:
    _, event = next(it for it in events(directory) if it[1]["class_uid"] == 2006)
    check = validator(2006, tuple(event["metadata"]["profiles"]))
    assert not check.is_valid({**event, "surprise": 1})
    assert not check.is_valid({name: value for name, value in event.items() if name != "finding_info"})


@pytest.mark.parametrize(
    ("kind", "of", "class_uid", "activity", "action", "status"),
    [
        ("intent", "forward_redacted", 2006, "Create", "Modified", None),
        ("intent", "observe", 2006, "Create", "Observed", None),
        ("bypass", "bypass", 6003, "Create", "Allowed", "Unknown"),
        ("reject", "block", 6003, "Create", "Denied", "Failure"),
        ("reject", "reject", 6003, "Create", "Denied", "Failure"),
        ("outcome", "answered", 6003, "Outcome", None, "Success"),
        ("outcome", "upstream_reset", 6003, "Outcome", None, "Failure"),
        ("rescan", "found", 2006, "Create", "Allowed", None),
        ("rescan", "clean", 1008, "rescan", None, "Success"),
        ("rescan", "not_done", 1008, "rescan", None, "Failure"),
        ("config", "reload", 5019, "Log", None, "Success"),
        ("config", "refused", 5019, "Log", None, "Failure"),
        ("boot", None, 1008, "Start", None, "Success"),
        ("shutdown", None, 1008, "Stop", None, "Success"),
        ("heartbeat", None, 1008, "heartbeat", None, "Success"),
        ("checkpoint", None, 1008, "checkpoint", None, "Success"),
        ("acknowledge", None, 1008, "acknowledge", None, "Success"),
        ("canary", "passed", 1008, "canary", None, "Success"),
        ("canary", "failed", 1008, "canary", None, "Failure"),
        ("canary", "uncovered", 1008, "canary", None, "Unknown"),
        ("shadow", None, 1008, "shadow", None, "Success"),
        ("roster", None, 1008, "roster", None, "Success"),
        ("anchor", "ok", 1008, "anchor", None, "Success"),
        ("anchor", "unreachable", 1008, "anchor", None, "Failure"),
        ("hold", None, 1008, "hold", None, "Success"),
    ],
)
def test_what_becomes_of_each_kind(  # noqa: PLR0917  the columns of the table
    kind: str,
    of: str | None,
    class_uid: int,
    activity: str,
    action: str | None,
    status: str | None,
    directory: Path,
) -> None:
    def says(event: dict[str, Any]) -> bool:
        details = event.get("unmapped", {})
        return of is None or of in (
            details.get("decision"),
            details.get("result"),
            event.get("status_code"),
        )

    chosen = [event for name, event in events(directory) if name == kind and says(event)]
    assert chosen
    for event in chosen:
        assert event["class_uid"] == class_uid
        assert event["activity_name"] == activity
        assert event.get("action") == action
        if status is not None:
            assert event["status"] == status


def test_an_outcome_and_its_intent_have_the_same_correlation(directory: Path) -> None:
    found = events(directory)
    of_intents = {
        event["metadata"]["correlation_uid"] for kind, event in found if kind in ("intent", "bypass")
    }
    of_outcomes = {event["metadata"]["correlation_uid"] for kind, event in found if kind == "outcome"}
    assert of_outcomes == of_intents


def test_nothing_of_an_unknown_kind_and_no_note_and_no_path_goes_out(directory: Path) -> None:
    whole = orjson.dumps([event for _, event in events(directory)])
    assert b"maria@example.com" not in whole
    assert b"secret_of_a_later_version" not in whole
    assert b'"note"' not in whole
    assert b"$." not in whole
    (unreadable,) = [event for kind, event in events(directory) if kind == UNREADABLE]
    later = entry_of(
        7,
        b'{"version":1,"index":7,"kind":"later","time":"2031-05-04T00:00:00.000000Z","nonce":"","secret":"x"}',
    )
    assert later.kind == "later"
    for event in (unreadable, event_of(ORIGIN, later)):  # a canary without its members; an unknown kind
        assert event["metadata"]["uid"].startswith(f"{ORIGIN}#")
        assert "unmapped" not in event


def test_each_kind_goes_out_with_its_data(directory: Path) -> None:
    of = {kind: event for kind, event in events(directory) if event.get("status") != "Failure"}
    assert of["shadow"]["unmapped"]["differences"] == [{"live": "US_SSN:replace", "shadow": None, "count": 2}]
    assert of["roster"]["unmapped"]["logs"][0]["origin"] == ORIGIN
    assert of["hold"]["unmapped"] == {"action": "placed", "name": "case-17", "approver": "legal"}
    assert of["heartbeat"]["unmapped"]["requests_ended"]["blocked"] == 1
    failed = next(
        event for kind, event in events(directory) if kind == "canary" and event["severity_id"] == 4
    )
    assert failed["unmapped"]["failed"] == ["US_SSN/en/spoken"]
    assert failed["status_code"] == "failed"


def test_storage_that_does_not_hold_a_write_is_a_failure(directory: Path) -> None:
    (event,) = [event for kind, event in events(directory) if kind == Kind.READ_BACK]
    assert (event["status"], event["severity"]) == ("Failure", "High")
    assert event["unmapped"]["unredacted"] == {"EMAIL_ADDRESS": 1}
    assert "differing" not in event["unmapped"]


def test_what_is_no_record_is_an_event_too(directory: Path) -> None:
    source = sources(directory)[0]
    entry = next(entries(source.reader))
    broken = type(entry)(7, "unreadable", "", b"\xff", {})
    event = event_of(ORIGIN, broken)
    assert validator(1008, ()).is_valid(event)
    assert event["severity"] == "Medium"

"""Calendars and contacts: whose values are personal, by their property, and which lines are nobody's."""

from __future__ import annotations

import pytest

from shield.analyzer.messages import calendar_messages, interchange
from shield.domain import Finding

CONTACT = """BEGIN:VCARD
N:Garcia;Maria;Luz;Dr.;
FN:Maria Garcia
NICKNAME:Mari
item1.TEL;TYPE="cell,voice":tel:+1-415-555-0132
ADR;LABEL="12 Oak Street, Portland":;Flat 2;12 Oak Street\\, rear;Portland;OR;97201;USA
BDAY:1980-02-29
UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1
END:VCARD
"""
MEETING = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:040000008200E00074C5B7101A82E00800000000
ATTENDEE;CN="Garcia, Maria";RSVP=TRUE:mailto:maria@example.com
ATTENDEE;PARTSTAT=ACCEPTED;CN=Ana
  Lima:mailto:ana@example.com
ORGANIZER;CN=desk@example.com:mailto:desk@example.com
CATEGORIES:JORDAN PROJECT
SUMMARY:Jordan called
END:VEVENT
END:VCALENDAR
"""


def _read(text: str) -> list[tuple[str, str]]:
    return [(each.entity_type, text[each.start : each.end]) for each in interchange.findings(text)]


def test_a_contacts_values_are_found_by_their_properties() -> None:
    assert _read(CONTACT) == [
        ("PERSON", "Garcia"),
        ("PERSON", "Maria"),
        ("PERSON", "Luz"),
        ("PERSON", "Maria Garcia"),
        ("PERSON", "Mari"),
        ("PHONE_NUMBER", "+1-415-555-0132"),
        ("STREET_ADDRESS", "12 Oak Street, Portland"),
        ("STREET_ADDRESS", "Flat 2"),
        ("STREET_ADDRESS", "12 Oak Street\\, rear"),
        ("LOCATION", "Portland"),
        ("POSTCODE", "97201"),
        ("DATE_OF_BIRTH", "1980-02-29"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_participants_have_names_also_folded_ones(end: str) -> None:
    text = MEETING.replace("\n", end)
    assert _read(text) == [("PERSON", "Garcia, Maria"), ("PERSON", f"Ana{end}  Lima")]


def test_what_a_model_finds_in_lines_of_nobody_is_dropped() -> None:
    values = ("040000008200E00074C5B7101A82E00800000000", "JORDAN", "Jordan")
    spans = [(at := MEETING.index(value), at + len(value)) for value in values]
    found = [Finding(*span, "PERSON", 0.9, "Model") for span in spans]
    kept = calendar_messages.without(found, MEETING, "Model")
    assert [MEETING[each.start : each.end] for each in kept] == ["Jordan"]
    assert calendar_messages.without(found, MEETING, "Rule") == found


def test_an_escape_behind_a_finding_stays() -> None:
    text = "BEGIN:VEVENT\nLOCATION:1 Oak Street\\, Portland\n"
    start = text.index("1 Oak")
    whole = Finding(start, text.index(","), "STREET_ADDRESS", 0.9, "Model")
    (kept,) = calendar_messages.without([whole], text, "Model")
    assert text[kept.start : kept.end] == "1 Oak Street"


def test_other_texts_hold_no_calendar() -> None:
    assert not calendar_messages.may_hold("N:Garcia;Maria\nFN:Maria Garcia")
    assert not interchange.findings("N:Garcia;Maria\nFN:Maria Garcia")

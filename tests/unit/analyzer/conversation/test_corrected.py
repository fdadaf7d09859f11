"""Values in support texts as people say and write them: corrections, speech of other languages, labels."""

# typographic characters
from __future__ import annotations

import re

import pytest

from shield.analyzer.conversation.corrected import with_corrections
from shield.analyzer.engine import Analyzer
from shield.analyzer.resolver import resolve
from shield.domain import DetectorSpec, Finding, OperatorSpec, Policy, Segment
from tests.unit.analyzer.built import analyzer_of

_MARK = re.compile(r"<([A-Z_]+):([^>]*)>")
_FOUND = [
    "meine nummer ist <PHONE_NUMBER:null eins sieben eins drei neun zwei null null eins zwei>",
    "mon numéro c'est le <PHONE_NUMBER:zéro six trente neuf quatre vingt dix huit douze trente quatre>",
    "il numero è <PHONE_NUMBER:tre quattro sette uno due tre quattro cinque sei sette> abito qui",
    "her direct line is <PHONE_NUMBER:eight one four five five five oh one three eight>",
    "mijn klantnummer is <CUSTOMER_ID:vier vier zeven een negen nul> en",
    "geboren am <DATE_OF_BIRTH:dritten mai neunzehnhundertneunundsechzig>",
    "nacida el <DATE_OF_BIRTH:veintidós de abril del setenta y nueve>",
    "the new one is expiring <CARD_EXPIRY:oh nine twenty eight>",
    "and the three on the back are <CARD_CVV:seven three seven>",
    "Cardholder, PAN 5555555555554444; exp <CARD_EXPIRY:2027-04>;",
    "Pt Vickers, <AGE:94F>, seen today",
    "il sig. Beltrame (<AGE:95> anni)",
    "Membership <CUSTOMER_ID:40022871>. Why was I moved?",
    "my bank, BSB <ACCOUNT_NUMBER:062-000>",
    "member <INSURANCE_NUMBER:BCX991204418>, MRI lumbar",
    "SSR WCHR, DOCS P/NGA/<TRAVEL_DOCUMENT:A09912345>/NGA/<DATE_OF_BIRTH:14FEB61>/M/30JUN29",
    "the dog's name which is <SECURITY_ANSWER:biscuit>",
    "Agent: your mother's maiden name\nCustomer: <SECURITY_ANSWER:vandermeer>\nAgent: thanks",
    "Konsultant: i kod z smsa\nKlient: <ONE_TIME_CODE:cztery cztery siedem jeden dziewięć zero>",
    "Agent: fecha de nacimiento\nCliente: <DATE_OF_BIRTH:veintidós de abril del setenta y nueve>",
    "my card is <CREDIT_CARD:4111 1111 1111 1111> no wait the end is <CREDIT_CARD:1129> I think",
]


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))


@pytest.mark.parametrize("marked", _FOUND)
def test_what_is_said_or_written_so_is_found(analyzer: Analyzer, marked: str) -> None:
    text = _MARK.sub(r"\2", marked)
    wanted = {"DATE_TIME", "ORGANIZATION", "URL", "PERSON"}
    kinds = dict.fromkeys(analyzer.supported_entities - wanted, OperatorSpec("replace"))
    policy = Policy("test", "sha256:0", kinds)
    found = resolve(text, analyzer.analyze([Segment(0, text)], policy)[0], policy)
    values = [text[each.start : each.end] for each in found]
    for kind, value in _MARK.findall(marked):
        assert any(value in each for each in values), (kind, value, found)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("415 555 0132 no wait sorry 0133", "0133"),
        ("415 555 0132 oh no I mean oh one three three thanks", "oh one three three"),
        ("415 555 0132 area code four oh two", "four oh two"),
        ("415 555 0132, scratch that, it's 415 555 0199.", "415 555 0199"),
    ],
)
def test_a_correction_has_the_type_of_the_number(text: str, value: str) -> None:
    number = Finding(0, 12, "PHONE_NUMBER", 0.6, "test")
    found = with_corrections([number], text)
    assert [(text[each.start : each.end], each.entity_type) for each in found[1:]] == [
        (value, "PHONE_NUMBER")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "415 555 0132 no wait 45 minutes please",
        "415 555 0132 and order 77120",
        "415 555 0132 sorry 300 dollars",
        "415 555 0132 no, 12.5 of them",
    ],
)
def test_a_quantity_corrects_no_number(text: str) -> None:
    number = Finding(0, 12, "PHONE_NUMBER", 0.6, "test")
    assert with_corrections([number], text) == [number]

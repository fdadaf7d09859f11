"""Elements of HL7, X12 and EDIFACT messages are found by their positions, and delimiters stay."""

from __future__ import annotations

import pytest

from shield.analyzer.messages.interchange import findings, may_hold, read, settled, written
from shield.domain import DetectorSpec, Edit, Finding
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import found, policy, segment


def _read(text: str) -> list[tuple[str, str]]:
    assert may_hold(text)
    return [(each.entity_type, text[each.start : each.end]) for each in findings(text)]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\\r", "\\n"])
def test_a_segment_ends_with_its_line_however_that_is_written(end: str) -> None:
    text = end.join(["MSH|^~\\&|A|B", "PID|1||88^^^H||Lima^Ana||19800229", "NK1|1|Lima^Rui|BRO|", "ZZZ|Ana"])
    assert _read(text) == [
        ("MEDICAL_RECORD_NUMBER", "88"),
        ("PERSON", "Lima"),
        ("PERSON", "Ana"),
        ("DATE_OF_BIRTH", "19800229"),
        ("PERSON", "Lima"),
        ("PERSON", "Rui"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PID|1||||Lima&van^Ana~Dias^Ana", ["Lima", "van", "Ana", "Dias", "Ana"]),
        ("log: PID|||8||Lima^Ana|", ["8", "Lima", "Ana"]),
        (r"PID|1||||M\XFC\ller^J\T\K", [r"M\XFC\ller", r"J\T\K"]),
        ('PID|1||""|||""||""|', []),
        ("PID|USER|TIME|COMMAND|ARGS\n", []),
        ("PID|1|x", []),
        ("XPID|1||8||Lima^Ana|", []),
        ("PV1|1|I|||||7^Dias^Rui^J.", ["Dias", "Rui", "J."]),
        ("MSH|$%~@|A\nPID|1||8%9||Lima$Ana", ["8", "9", "Lima", "Ana"]),
        ("NM1*IL*1*LIMA*ANA*M**JR*MI*8~", ["LIMA", "ANA", "M", "8"]),
        ("NM1|IL|1|LIMA|ANA~N3|12 OAK ST~", ["LIMA", "ANA", "12 OAK ST"]),
        ("NM1*PR*2*ACME*****PI*8~N3*1 WAY~N4*LIMA*WA*98101~PER*IC*ANA*TE*5~", ["ANA", "5"]),
        ("NM1*IL*1~DMG*RD8*19800229-~", []),
        ("NM1*IL*1*A~REF*D9*88~REF*SY*536221234~PER*IC**EM*a@b.example~", ["A", "536221234", "a@b.example"]),
        (
            ":50F:/88123\n1/ANA LIMA\n2/12 OAK ST\n3/PT/PORTO\n4/19800229\n:71A:SHA",
            ["88123", "ANA LIMA", "12 OAK ST", "PORTO", "19800229"],
        ),
        (":59:/88123\nANA LIMA\n:70:/INV/5", ["88123"]),
        (":86:166?00X?31GB82WEST12345698765432?32ANA", ["GB82WEST12345698765432"]),
        ("NAD+FL+++O?'LEARY:ANA?+B'DTM+137:2024'DTM+329:800229'", ["O?'LEARY", "ANA?+B", "800229"]),
        ("NAD+BY+++ACME+12 OAK ST+LIMA++98101+US'CTA+IC+8:ANA'", ["12 OAK ST", "LIMA", "98101", "ANA"]),
        ("NAD+BY'\nCOM+5550132:TE'\nCOM+x:EI'\nDOC+P+5331'\nDOC+380+5332'", ["5550132", "5331"]),
        ("PID|1||88||Lima^Ana<br>NK1|1|Lima^Rui|BRO|<br/>OBX|1", ["88", "Lima", "Ana", "Lima", "Rui"]),
        (
            "GS*HC~\\nNM1*IL*1*LIMA~\\nN3*12 OAK ST<br>N4*PORTO*PT*4000",
            ["LIMA", "12 OAK ST", "PORTO", "4000"],
        ),
        ("REF*SY*536221234~", ["536221234"]),
        ("PER*IC*ANA*TE*4155550132~", ["ANA", "4155550132"]),
        ("N4*MIAMI*FL*33413", ["MIAMI", "33413"]),
        ("> NAD+FL+++LIMA:ANA'\n> DTM+329:800229'", ["LIMA", "ANA", "800229"]),
        ("NAD+FL+++LIMA:ANA'\\n  DOC+P+5331'", ["LIMA", "ANA", "5331"]),
        ("DTM+329:800229'", ["800229"]),
        (
            "UNH+1&#39;NAD+FL+++LIMA:ANA&#x27;DTM+329:800229&apos;DOC+P+53&#39;",
            ["LIMA", "ANA", "800229", "53"],
        ),
        (":59F:1/ANA LIMA\n2/12 OAK ST\n:71A:SHA", ["ANA LIMA", "12 OAK ST"]),
    ],
)
def test_what_an_element_holds_its_place_says(text: str, expected: list[str]) -> None:
    assert [value for _, value in _read(text)] == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\\n", "\\r\\n", "<br>", "<br />\n", "\n> ", "\n    "])
def test_a_line_of_swift_ends_however_that_is_written(end: str) -> None:
    text = end.join(["x", ":20:REF", ":59F:/70872490", "1/ANA LIMA", "3/PT/PORTO", ":71A:SHA", "-}"])
    assert [value for _, value in _read(text)] == ["70872490", "ANA LIMA", "PORTO"]
    assert settled([Finding(0, len(text), "PERSON", 1.0, "Model")], text, "")[-1].end < len(text)


@pytest.mark.parametrize(
    "text",
    ["a|b", "NM1", "at 12:50: lunch", "ratio :50", "call +1 415 555 0132", "**PIN** 4931", "PID | USER", ""],
)
def test_other_texts_are_not_looked_into(text: str) -> None:
    assert not may_hold(text)


def test_nothing_is_found_over_a_delimiter_nor_in_a_code() -> None:
    text = "PID|1||88||Lima^Ana||1\nOBX|1|TX|X||Ana Lima^Rui|SUR"
    model = [
        Finding(text.index("Ana Lima"), text.index("|SUR") + 4, "PERSON", 0.9, "Model"),
        Finding(text.index("Lima^"), text.index("||1"), "PERSON", 0.9, "Model"),
        Finding(0, 3, "PERSON", 0.9, "Model"),
    ]
    kept = settled([*findings(text), *model], text, "Model")
    assert [text[it.start : it.end] for it in kept if it.recognizer == "Model"] == ["Ana Lima", "Rui"]


@pytest.mark.parametrize(
    ("text", "replaced", "replacement", "written_as"),
    [
        ("PID|1||88||Lima^Ana|1", "Lima", r"<a|b^c&d~e:f>", r"<a\F\b\S\c\T\d\R\e:f>"),
        ("NM1*IL*1*LIMA*ANA~", "LIMA", "**~MA:", "   MA:"),
        ("NAD+FL+++LIMA:ANA'", "LIMA", "<P:a+b'?>", "<P?:a?+b?'??>"),
        (r"PID|1||88||Li\T\ma^Ana|1", r"Li\T\ma", r"**\T\**", r"**\T\**"),
        ("A|B and PID|1||88||Lima^Ana|1", "A|B", "*|*", "*|*"),
    ],
)
def test_a_replacement_adds_no_element(text: str, replaced: str, replacement: str, written_as: str) -> None:
    start = text.index(replaced)
    edit = Edit(start, start + len(replaced), replacement, "PERSON", "replace")
    assert written([edit], text)[0].replacement == written_as


ISA = "ISA*00*          *00*          *ZZ*ANA LIMA       *ZZ*B              *030101*1253*^*00501*1*1*T*>~"


def test_a_replacement_adds_no_component_where_the_head_names_the_sign() -> None:
    text = f"{ISA}NM1*IL*1*LIMA*ANA~"
    start = text.index("LIMA*")
    assert (
        written([Edit(start, start + 4, "<PERSON>", "PERSON", "replace")], text)[0].replacement == "<PERSON "
    )


@pytest.mark.parametrize(
    ("replacement", "written_as"), [("<PERSON>", "<PERSON "), ("<P", "<P      "), ("", " " * 8)]
)
def test_an_element_of_fixed_length_keeps_it(replacement: str, written_as: str) -> None:
    text, start = f"{ISA}NM1*IL*1*LIMA*ANA~", ISA.index("ANA LIMA")
    assert (
        written([Edit(start, start + 8, replacement, "PERSON", "replace")], text)[0].replacement == written_as
    )


@pytest.mark.parametrize(
    ("text", "replaced", "replacement", "result"),
    [
        ("NAD+BY'FTX+A+++CALL ?+14155550132'", "+14155550132", "", "NAD+BY'FTX+A+++CALL '"),
        ("NAD+BY'FTX+A+++CALL ?+14155550132'", "+14155550132", "+***", "NAD+BY'FTX+A+++CALL ?+***'"),
        ("NAD+BY'FTX+A+++CALL ??4155550132'", "4155550132", "", "NAD+BY'FTX+A+++CALL ??'"),
        ("NAD+BY'FTX+A+++?+1'", "1", "", "NAD+BY'FTX+A+++?+'"),
    ],
)
def test_no_sign_that_releases_is_left_before_another(
    text: str, replaced: str, replacement: str, result: str
) -> None:
    start = text.index(replaced)
    edit = written([Edit(start, start + len(replaced), replacement, "PHONE_NUMBER", "redact")], text)[0]
    assert text[: edit.start] + edit.replacement + text[edit.end :] == result


def test_the_tag_of_the_next_segment_is_not_taken_for_a_name() -> None:
    text = "NAD+BY'CTA+IC+:ANA LIMA'FTX+AAI+++x'"
    model = Finding(text.index("ANA"), text.index("+AAI"), "PERSON", 0.9, "Model")
    assert settled([*findings(text), model], text, "Model") == findings(text)


def test_a_message_is_read_in_a_text_that_is_encoded() -> None:
    analyzer = analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))
    piece = segment("PID%7C1%7C%7C88%7C%7CLima%5EAna%7C%7C19800229%7C", "note")
    kinds = policy("PERSON", "DATE_OF_BIRTH")
    assert found(analyzer, piece, kinds) == [
        ("PERSON", "Lima"),
        ("PERSON", "Ana"),
        ("DATE_OF_BIRTH", "19800229"),
    ]


def test_an_address_is_not_cut_in_two() -> None:
    text = "NAD+BY'COM+5:TE'COM+ana@b.example:EM'"
    whole = Finding(text.index("TE'"), text.index(":EM"), "EMAIL_ADDRESS", 1.0, "EmailRecognizer")
    assert [text[it.start : it.end] for it in settled([whole], text, "")] == ["ana@b.example"]


@pytest.mark.parametrize(
    "text",
    [
        "PID|1|" + "^" * 20_000,
        "NM1*IL*1*" * 5_000,
        "NAD+" + "?" * 20_001,
        "PID|" * 9_000,
        "ISA*" * 9_000 + "NM1*IL*1*",
        ":59F:" + "\\n1/" * 9_000,
        "\n  :59F:1/" * 5_000,
        "NAD+&#39;" * 5_000,
    ],
)
def test_hostile_messages_are_read_once(text: str) -> None:
    read(text)
    settled([Finding(0, len(text), "PERSON", 1.0, "Model")], text, "Model")


def test_a_policy_without_a_type_does_without_it() -> None:
    analyzer = analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))
    piece = segment("PID|1||88^^^H||Lima^Ana||19800229||||12 Oak^^Lima^WA^98101|", "note")
    assert found(analyzer, piece, policy("PERSON", "LOCATION")) == [
        ("PERSON", "Lima"),
        ("PERSON", "Ana"),
        ("LOCATION", "12 Oak"),
        ("LOCATION", "Lima"),
        ("LOCATION", "98101"),
    ]

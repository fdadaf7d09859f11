"""Tables pasted into a text: which cells belong to which label, and what is found in them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shield.analyzer.engine import Analyzer
from shield.analyzer.layouts.spans import Span
from shield.analyzer.layouts.table_lines import Line
from shield.analyzer.layouts.tables import cells
from shield.analyzer.resolver import resolve
from shield.domain import DetectorSpec, Segment
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import policy

LABELS = {"name", "ssn", "pin", "dob", "email"}


def _known(label: str) -> bool:
    return label.lower() in LABELS


def _cells(text: str) -> list[tuple[str, str]]:
    return [(cell.names[-1], text[cell.start : cell.end]) for cell in cells(text, _known)]


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))


def _found(analyzer: Analyzer, text: str) -> list[tuple[str, str]]:
    under = policy(*(analyzer.supported_entities - {"DATE_TIME"}))
    found = analyzer.analyze([Segment(0, text)], under)[0]
    return [(each.entity_type, text[each.start : each.end]) for each in resolve(text, found, under)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ref,ssn\r\n1,536221234\r\n2,219099999", [("ssn", "536221234"), ("ssn", "219099999")]),
        ("ref;pin\n1;4711", [("pin", "4711")]),
        ("No.,pin,Tel.\n1,4711,1\n", [("pin", "4711")]),
        ("Total ($),pin,% done\n1,4711,1\n", [("pin", "4711")]),
        ("\ufeffpin,ref\n4711,1", [("pin", "4711")]),
        ("'ref','pin'\n'1','4711'", [("pin", "4711")]),
        ("| pin | ref |\n|---|---|\n| **4711** | 1 |\n| _ | 2 |", [("pin", "4711"), ("pin", "_")]),
        ("ref\tPIN\tplan\n1\t4711\tgold\n2\t\tgold\n3\t0042\t", [("PIN", "4711"), ("PIN", "0042")]),
        (
            '"ref","note","pin"\n"1","said ""no"",\nthen yes","4711"\n"2","-","0042"',
            [("pin", "4711"), ("pin", "0042")],
        ),
        ("| ref | **PIN** |\n|-----|:---:|\n| 1 | `4711` |\n", [("PIN", "4711")]),
        ("| ref | pin |\n|---|---|\n| a \\| b | 4711 |", [("pin", "4711")]),
        ("> ref,pin\n> 1,4711\n", [("pin", "4711")]),
        ("first,last,pin\nMei,Tan,4711", [("first name", "Mei"), ("last name", "Tan"), ("pin", "4711")]),
        (" id | pin  \n----+------\n  1 | 4711\n(1 row)\n", [("pin", "4711")]),
        (
            "+----+------+\n| id | pin  |\n+----+------+\n|  7 | 4711 |\n+----+------+\n",
            [("pin", "4711")],
        ),
        ("┌────┬──────┐\n│ id │ pin  │\n├────┼──────┤\n│ 7  │ 4711 │\n└────┴──────┘", [("pin", "4711")]),
        ("id      pin     plan\n7       4711    a\n        0042\n8               b", [("pin", "4711")]),
        ("id      name        pin\n7       Ada Bly     4711", [("name", "Ada Bly"), ("pin", "4711")]),
        ("id pin  plan\n-- ---- ----\n 7 4711 gold\n 8      free\n", [("pin", "4711")]),
        # a comma that was not quoted: the row is counted from both ends
        ("ref,address,pin\n1,12 Main St, Bristol,4711", [("pin", "Bristol"), ("pin", "4711")]),
        # names and values across
        ("ssn | 536221234\nplan | gold\ndob | 1980-02-29\n", [("ssn", "536221234"), ("dob", "1980-02-29")]),
        ("| SSN | 536221234 |\n| Order | 5512093 |\n", [("SSN", "536221234")]),
        ("plan    = gold\nssn     = 536221234\npin     = var.pin\n", [("ssn", "536221234")]),
        ("field,value\nssn,536221234\nplan,gold\n", [("ssn", "536221234")]),
    ],
)
def test_a_cell_stands_under_its_label(text: str, expected: list[tuple[str, str]]) -> None:
    assert _cells(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "name, pin",  # no line below
        "Please send your name, the pin\nand wait.",
        "your name, your pin.\nAda, 4711\n",
        "name, pin\nand then nothing came",
        "order_id,sku,price\n88120934,BX-2201,14.99",
        "| Field | SSN |\n|---|---|\n",  # no row
        "| Parameter | Type | Note |\n|---|---|---|\n| name | pin | none |\n| token | ssn | some |",
        "pin 4711, ssn\n536221234, 1",  # a value in the first line
        "name@example.com,pin\nx,4711",
        "ssn, required\npin, required\ndob, optional\nname, optional\n",  # labels, and statements about them
        "| Option | Description |\n|---|---|\n| pin | 4 digits |\n| ssn | of the user |",
        "name\npin\n4711",
        "    'pin',\n    'host',\n    'port',\n",  # a list in code
        "Feature  Free  Pro\nPIN      yes   yes\nname     no    yes",
        "",
        "\n\n\n",
        "   \n--- ---\n4711 0042\n",  # a ruler below a line of spaces
    ],
)
def test_what_is_no_table_of_personal_data_has_no_cells(text: str) -> None:
    assert _cells(text) == []


@pytest.mark.parametrize(
    ("age", "names"),
    [("3d", []), ("17h", []), ("4d12h", []), ("41", ["name", "age"]), ("41 yrs old", ["name", "age"])],
)
def test_an_age_in_hours_or_days_is_no_persons(age: str, names: list[str]) -> None:
    text = f"NAME         STATUS    AGE\napi-x7k2p    Running   {age}\n"
    found = cells(text, lambda label: label.lower() in {"name", "age"})
    assert [cell.names[-1].lower() for cell in found] == names


def test_a_name_is_a_persons_beside_a_personal_column_alone() -> None:
    assert next(cells("name,pin\nAda,4711", _known)).names == ("person", "name")
    assert _cells("name,price\nOak,4711") == []
    assert _cells("| Key | Value |\n|---|---|\n| name | blue |\n| tries | 3 |") == []
    assert _cells("| Merkmal | Wert |\n|---|---|\n| name | Ada |\n| pin | 4711 |") == [
        ("name", "Ada"),
        ("pin", "4711"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "name,ssn,dob,account\nEllen Marsh,536221234,1961-04-09,40117723\n",
            [
                ("PERSON", "Ellen Marsh"),
                ("US_SSN", "536221234"),
                ("DATE_OF_BIRTH", "1961-04-09"),
                ("ACCOUNT_NUMBER", "40117723"),
            ],
        ),
        (
            "username  password   last login\nmmiller   Giraffe77  2024-03-02",
            [("USERNAME", "mmiller"), ("PASSWORD", "Giraffe77")],
        ),
        ("Nachname;PIN\nKrause;4711", [("PERSON", "Krause"), ("PIN", "4711")]),
        ("prénom;mot_de_passe\nMaud;soleil44", [("PERSON", "Maud"), ("PASSWORD", "soleil44")]),
        (
            "member id,dob\nW220194881,1950-11-02",
            [("CUSTOMER_ID", "W220194881"), ("DATE_OF_BIRTH", "1950-11-02")],
        ),
        ("Name     Price   Stock\nOak Desk 449.00  12\nPine     89.00   40", []),
        ("order_id,sku,price,status\n88120934,BX-2201,14.99,shipped", []),
        ("| Field | Password |\n|---|---|\n| 1 | required |\n| 2 | empty |", []),
        ("account,type,balance\n40117723,current,1204.55", []),
        ("Address,Symbol\n0x7ffd4471,main", []),
    ],
)
def test_a_cell_is_read_under_the_name_of_its_column(
    analyzer: Analyzer, text: str, expected: list[tuple[str, str]]
) -> None:
    assert _found(analyzer, text) == expected


PIECES = [*("name", "pin", "4711", "--- ---", "é"), *(',;\t|\n"\\> '), "  ", '""', "\r\n"]


@settings(max_examples=150)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_cells_lie_within_the_text_and_hold_something(text: str) -> None:
    for cell in cells(text, _known):
        assert 0 <= cell.start < cell.end <= len(text)
        assert text[cell.start : cell.end].strip() == text[cell.start : cell.end]


@pytest.mark.parametrize(
    "piece",
    [
        "|-|-|\n",
        "|||||\n",
        "-- --\n",
        "+--+--+\n",
        "|pin|" + 130 * "x" + "|\n",
        "|pin||\n",
        "pin,ref\n\n",
        "pin  ref\n----\n",
        "name,name\n",
        'pin,"\n',
    ],
)
def test_a_line_is_read_a_bounded_number_of_times(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0
    as_it_is = Line.cells

    def counted(line: Line, text: str, start: int) -> tuple[list[Span], int]:
        nonlocal read
        read += 1
        return as_it_is(line, text, start)

    monkeypatch.setattr(Line, "cells", counted)
    _cells(300 * piece)
    assert read <= 300 * piece.count("\n") * 12

"""VAT numbers of each country, made up with check digits that python-stdnum 2.2 accepts."""

from __future__ import annotations

import pytest

from shield.analyzer.recognizers.vat import PersonalVatNumberRecognizer, VatNumberRecognizer, graded
from shield.analyzer.recognizers.vat_checks import SCHEMES
from tests.unit.analyzer.recognizers.conftest import Find

VALID = """
ATU34575340 BE0399065621 BG492003632 BG7206762868 CHE805123625 CY20235996K CZ35219246 CZ8654288302
CZ633245688 DE947465104 DK55121079 EE509568069 EL293876368 ESC7596246D ES76126635Q FI20801569
FRQV143348530 FR6H739711703 GB729014054 GB759106767001 HR54897463518 HU31783653 IE3Q68323MI IE3059762SF
IE9B99599P IE1169953O IT58916080185 LT859461219 LT868482833516 LU42088807 LV22117605520 MT81021826
NL144457383B40 NO259311802 PL8568915879 PT849787343 RO3512854 RO1806937105 RO98105865 SE344578901301
SI14687682 SK8586358077 XI538964689
""".split()  # noqa: SIM905  # a table of numbers reads best as prose
SURE = frozenset("AT BE FR GB IT LT LU MT NL SE XI".split())  # noqa: SIM905  # as above


def test_every_scheme_has_a_number() -> None:
    assert {number.rstrip("0123456789")[:2] for number in VALID} >= {s.letters[:2] for s in SCHEMES}
    assert {s.letters for s in SCHEMES if s.sure} == SURE


@pytest.mark.parametrize("number", VALID)
def test_a_number_counts_by_itself_only_with_two_check_digits(find: Find, number: str) -> None:
    found = [(number, "VAT_NUMBER")] if number[:2] in SURE else []
    assert [(text, entity) for entity, text in find(f"we saw {number} there", only="VAT_NUMBER")] == found
    assert find(f"our VAT number is {number}.", only="VAT_NUMBER") == [("VAT_NUMBER", number)]
    assert find(f"TVA: {number}", only="VAT_NUMBER") == [("VAT_NUMBER", number)]


@pytest.mark.parametrize(
    "number", [each for each in VALID if each[-1].isdigit() and not each.startswith("SE")]
)
def test_no_other_last_digit_is_valid_where_it_checks(number: str) -> None:
    wrong = [number[:-1] + digit for digit in "0123456789" if digit != number[-1]]
    # In these the last digit is no check digit (but a branch), or letters have one check mod 11 over all.
    allowed = 9 if number.startswith("GB759") else 2
    assert sum(graded(each, persons=False) > 0 for each in wrong) <= allowed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Rechnung an ATU 3457 5340 bitte", "ATU 3457 5340"),
        ("numéro FR 6H 739 711 703", "FR 6H 739 711 703"),
        ("GB 729 0140 54", "GB 729 0140 54"),
        ("CHE-805.123.625", "CHE-805.123.625"),
        ("CHE-805.123.625 MWST", "CHE-805.123.625 MWST"),
        ("NO 259 311 802 MVA", "NO 259 311 802 MVA"),
        ("NL144457383B40 is ours", "NL144457383B40"),
        ("be0399065621", "be0399065621"),
        ("P.IVA 58916080185", "58916080185"),
        ("USt-IdNr.: DE947465104", "DE947465104"),
        ("Umsatzsteuer-Identifikationsnummer DE 947 465 104", "DE 947 465 104"),
        ("NIP: 856-891-58-79", "856-891-58-79"),
        ("VAT no. 729 0140 54", "729 0140 54"),
        ("btw-nummer NL144457383B40", "NL144457383B40"),
        ("n° TVA intracommunautaire : FRQV143348530", "FRQV143348530"),
    ],
)
def test_written_forms_and_labels(find: Find, text: str, value: str) -> None:
    assert find(text, only="VAT_NUMBER") == [("VAT_NUMBER", value)]


@pytest.mark.parametrize(
    "text",
    [
        "order no 259311802",
        "it 58916080186",
        "be 0399065621 of them",
        "DE947465104",
        "ticket DE947465104",
        "SKU-FRQV143348530",
        "GB729014055",
        "VAT 20% on 1234567",
        "VAT is 4,200,000.00",
        "VAT number is required",
        "vat no longer applies to 1234567",
        "private number 1234567",
        "LU42088808",
        "XFRQV143348530",
        "GB729014054X",
        "the iva of 12345678 pesos",
    ],
)
def test_look_alikes_are_left_alone(find: Find, text: str) -> None:
    assert find(text, only="VAT_NUMBER") == []


@pytest.mark.parametrize(
    ("number", "is_person"),
    [
        ("CZ8654288302", True),
        ("ES76126635Q", True),
        ("PT123456789", True),
        ("BG7523169263", True),
        ("RO1630615123457", True),
        ("LV16117519997", True),
        ("SE811228987401", True),
        ("CZ35219246", False),
        ("ESC7596246D", False),
        ("PT849787343", False),
        ("BG492003632", False),
        ("SE344578901301", False),
        ("DE947465104", False),
    ],
)
def test_a_persons_own_number_is_a_national_id_too(find: Find, number: str, is_person: bool) -> None:
    text = f"VAT: {number}"
    assert find(text, only="VAT_NUMBER") == [("VAT_NUMBER", number)]
    assert find(text, only="NATIONAL_ID") == ([("NATIONAL_ID", number)] if is_person else [])


def test_digits_beyond_ascii_do_not_raise() -> None:
    text = "VAT DE\u0669\u0664\u0667\u0664\u0666\u0665\u0661\u0660\u0664"
    for recognizer in (VatNumberRecognizer(), PersonalVatNumberRecognizer()):
        assert recognizer.analyze(text, [recognizer.ENTITY]) == []

"""Each national number scheme, by a valid value, by invalid ones, and by what surrounds it.

The values are synthetic or examples that the registers print; none is known to belong to anybody.
"""

# ruff: noqa: RUF001  # typographic characters
from __future__ import annotations

from collections.abc import Callable

import pytest

from shield.analyzer.build import known_entities
from shield.analyzer.catalogue import selected
from shield.analyzer.engine import Analyzer
from shield.analyzer.expressions.folded import fold
from shield.analyzer.expressions.weaken import farthest
from shield.analyzer.luhn import luhn
from shield.analyzer.recognizers.national import checks
from shield.analyzer.recognizers.national.every import NATIONAL
from shield.analyzer.verhoeff import verhoeff
from shield.domain import DetectorSpec
from shield.errors import ConfigError
from tests.unit.analyzer.built import analyzer_of, engine_of_all
from tests.unit.analyzer.conftest import found, policy, segment

BY_NAME = {cls.__name__: cls for cls in NATIONAL}
POLICY = policy("NATIONAL_ID", "ACCOUNT_NUMBER", "TRAVEL_DOCUMENT")

# The text in angle marks must be found, under a label in the country's language or in English.
FOUND = """
AeEmiratesId       Emirates ID ‹784-1980-1234567-8›
ArCbu              mi CBU es ‹2850590940090418135201›
ArCuit             CUIT: ‹20-05536168-2›
AtSvnr             Sozialversicherungsnummer ‹1237 010180›
BgEgn              ЕГН: ‹7523169263›
BrCnpj             CNPJ ‹16.727.230/0001-97›
ClRut              mi RUT es ‹12.345.678-5›
CzBirthNumber      rodné číslo ‹710319/2745›
DkCpr              mit CPR-nummer er ‹211062-5629›
DoCedula           cédula ‹001-1391820-5›
EcCedula           cédula ‹171430710-3›
EeLtPersonalCode   isikukood ‹37605030299›
EsCcc              mi cuenta es ‹1234-1234-16-1234567890›
FrRib              RIB : ‹11315 00001 12345678901 38›
FrSpi              mon numéro fiscal est ‹30 23 217 600 053›
GrAfm              ΑΦΜ: ‹094259216›
GrAmka             ΑΜΚΑ: ‹01013099997›
HkId               HKID ‹G123456(A)›
HrOib              OIB: ‹33392005961›
HuTaj              TAJ-szám: ‹123 456 788›
HuTaxId            adóazonosító jel: ‹8071592153›
IePpsn             my PPS number is ‹1234567T›
IlIdentity         תעודת זהות ‹039337423›
IsKennitala        kennitala ‹120174-3399›
Jmbg               JMBG: ‹0101006500006›
JpMyNumber         マイナンバー: ‹1234 5678 9018›
KzIin              ИИН ‹900101300017›
LuMatricule        matricule ‹1990 0101 12385›
LvPersonalCode     personas kods ‹161175-19997›
MxClabe            CLABE: ‹032180000118359719›
MxCurp             tengo la ‹BOXW310820HNERXN09› impresa
MxRfc              RFC ‹GODE561231GR8›
NoBirthNumber      fødselsnummer: ‹151086 95088›
NzIrd              my IRD number is ‹49-091-850›
NzNhi              NHI: ‹ZZZ0016›
PeRuc              RUC: ‹10054054543›
PlIdCard           numer dowodu osobistego ‹ABA300000›
PlNip              NIP: ‹856-734-62-15›
PtCitizenCard      Cartão de Cidadão ‹00000000 0 ZZ4›
PtNif              o meu NIF é ‹123 456 789›
RoCnp              CNP: ‹1630615123457›
RuInn              ИНН ‹500100732259›
RuSnils            СНИЛС ‹112-233-445 95›
SaIdentity         Iqama: ‹1012345672›
SgNricChecked      NRIC ‹S1234567D›
TwIdentity         national id ‹A123456789›
UaTaxNumber        РНОКПП ‹1759013776›
UkUtr              my UTR is ‹19558 39661›
UyCedula           cédula ‹1.234.567-2›
"""
ROWS = [(name, sentence) for name, _, sentence in (row.partition(" ") for row in FOUND.strip().splitlines())]


def _value(sentence: str) -> str:
    return sentence.partition("‹")[2].partition("›")[0]


def _plain(value: str) -> str:
    return "".join(character for character in value if character.isalnum())


@pytest.fixture(scope="module")
def national() -> Analyzer:
    return analyzer_of(DetectorSpec(model="none", recognizers=("all", "shield", "national")))


def test_every_recognizer_has_a_row() -> None:
    assert sorted(f"{name}Recognizer" for name, _ in ROWS) == sorted(BY_NAME)


@pytest.mark.parametrize(("name", "sentence"), ROWS)
def test_a_valid_number_under_its_label_is_found_whole(national: Analyzer, name: str, sentence: str) -> None:
    text = sentence.replace("‹", "").replace("›", "").strip()
    findings = national.analyze([segment(text)], POLICY)[0]
    recognizer = BY_NAME[f"{name}Recognizer"]
    assert (recognizer.__name__, recognizer.ENTITY, _value(sentence)) in {
        (f.recognizer, f.entity_type, text[f.start : f.end]) for f in findings if f.score >= 0.5
    }


@pytest.mark.parametrize(("name", "sentence"), [row for row in ROWS if row[0] != "DkCpr"])
def test_no_other_check_character_is_valid(name: str, sentence: str) -> None:
    is_valid = BY_NAME[f"{name}Recognizer"].is_valid
    number = _plain(_value(sentence))
    assert is_valid(number)
    place = {"IsKennitala": 8, "UkUtr": 0, "IePpsn": 7}.get(name, len(number) - 1)
    others = "ABCDEFGHIJKLMNOPQRSTUVW" if name == "IePpsn" else "0123456789"
    wrong = [number[:place] + c + number[place + 1 :] for c in others if c != number[place]]
    assert [each for each in wrong if is_valid(each)] == []


@pytest.mark.parametrize(
    "text",
    [
        "order 1234567890 was shipped",
        "invoice 123456789",
        "tracking 12345678901234",
        "timestamp 1700000011",
        "timestamp 1732357811000",
        "build 20240101123",
        "the part A123456780 is missing",
        "call 4155550132",
        "SKU-1234567T-00",
        "v12.345.678-5",
        "CURP BOXW310820HNERXN08",
        "RUT 12.345.678-4",
        "SNILS 112-233-445 96",
        "784-1980-1234567-9",
        "CNPJ 16.727.230/0001-98",
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C35UTO7408122F1204159ZE184226B<<<<<10",
    ],
)
def test_look_alikes_are_left_alone(national: Analyzer, text: str) -> None:
    assert found(national, segment(text), policy("NATIONAL_ID", "TRAVEL_DOCUMENT")) == []


@pytest.mark.parametrize(
    "zone",
    [
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
        "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
        "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    ],
)
def test_the_zones_of_icao_9303_are_found_whole(national: Analyzer, zone: str) -> None:
    assert found(national, segment(f"scan:\n{zone}\nend"), POLICY) == [("TRAVEL_DOCUMENT", zone)]


def test_weak_numbers_alone_say_nothing(national: Analyzer) -> None:
    weak = [_plain(_value(sentence)) for name, sentence in ROWS if BY_NAME[f"{name}Recognizer"].BARE < 0.5]
    assert len(weak) > 20
    hits = [hit for each in weak for hit in found(national, segment(f"we saw {each} there"), POLICY)]
    assert hits == []


def test_by_country_by_group_and_by_name() -> None:
    mexico = DetectorSpec(model="none", recognizers=("country:mx",))
    analyzer = analyzer_of(mexico)
    assert analyzer.recognizers >= {"MxCurpRecognizer", "MxRfcRecognizer", "MxClabeRecognizer"}
    assert "ClRutRecognizer" not in analyzer.recognizers
    assert analyzer.supported_entities == known_entities(mexico)
    both = analyzer_of(DetectorSpec(model="none", recognizers=("country:pl",))).recognizers
    assert both >= {"PlPeselRecognizer", "PlNipRecognizer"}
    for group in ("default", "shield", "all"):
        names = {each.name for each in selected((group,), ("en",))}
        assert names
        assert names.isdisjoint(BY_NAME)
    with pytest.raises(ConfigError, match="no country xx; allowed: ae, ar, at, au"):
        analyzer_of(DetectorSpec(model="none", recognizers=("country:xx",)))


def test_every_pattern_says_how_far_it_reaches() -> None:
    patterns = [(cls, pattern) for cls in NATIONAL for pattern in cls.PATTERNS]
    assert all(farthest(pattern.source, int(cls().global_regex_flags)) for cls, pattern in patterns)


@pytest.mark.parametrize("piece", ["1", "12 ", "784-", "A1", "1234-", "20-0553", "P<", "<", "12.345."])
def test_long_and_hostile(piece: str) -> None:
    engine = engine_of_all()
    ours = frozenset(place for place, each in enumerate(engine.recognizers) if type(each) in NATIONAL)
    assert len(ours) == len(NATIONAL)
    text = (piece * 20_000)[:50_000]
    for hit in engine.analyze(text, fold(text), ours):
        assert 0 <= hit.start < hit.end <= len(text)


CHECKS: list[tuple[Callable[[str], bool], str]] = [
    (luhn, "4111111111111111"),
    (verhoeff, "2363"),
    (checks.mod_11_10, "33392005961"),
    (checks.mod_11_2, "0000000218250097"),
]


@pytest.mark.parametrize(("check", "number"), CHECKS)
def test_checks_hold_and_one_wrong_digit_does_not(check: Callable[[str], bool], number: str) -> None:
    assert check(number)
    wrong = [number[:i] + str((int(c) + 1) % 10) + number[i + 1 :] for i, c in enumerate(number)]
    assert sum(map(check, wrong)) == 0


def test_check_digits_of_icao_9303() -> None:
    assert checks.mrz("L898902C3", "6")
    assert not checks.mrz("L898902C3", "5")
    assert not checks.mrz("520727", "<")

"""Each labelled scheme, by a number that its register prints or that is made up, and by non-numbers."""

# ruff: noqa: RUF001  # typographic characters
from __future__ import annotations

from pathlib import Path

import pytest

from shield.analyzer.recognizers.african_asian_labels import AfricanAsianIdRecognizer
from shield.analyzer.recognizers.national_labels import LabelledNationalIdRecognizer, codice_fiscale
from tests.unit.analyzer.recognizers.conftest import Find

FOUND = """
UK NINO                       my national insurance number is ‹QQ 12 34 56 C›
UK NINO                       NI number: ‹AB123456C›
UK UTR                        my unique taxpayer reference is ‹19558 39661›
US EIN                        EIN ‹12-3456789›
US EIN                        employer identification number is ‹12-3456789›
US tax id                     Tax ID: ‹123456789›
US tax id                     our federal tax number is ‹12-3456789›
US alien number               my A-number is ‹A123-456-789›
US alien number               alien registration number ‹123456789›
CA SIN                        my SIN is ‹046 454 286›
CA SIN                        social insurance no. ‹046-454-286›
AU TFN                        tax file number ‹876 543 210›
AU Medicare                   medicare card number ‹2123 45670 1›
US Medicare                   my medicare number is ‹1EG4-TE5-MK73›
IN Aadhaar                    aadhaar ‹2345 6789 0124›
IN PAN                        PAN card: ‹ABCPE1234F›
IE PPS                        my PPS number is ‹1234567T›
NZ IRD                        IRD number ‹49-091-850›
NZ NHI                        NHI ‹ZAC5361›
NG BVN, NIN                   BVN: ‹22144719022›
KE KRA PIN                    KRA PIN: ‹A012345678Z›
KE KRA PIN                    my kra pin is ‹A012345678Z›
GH Ghana Card                 Ghana Card no. ‹GHA-123456789-0›
UG NIN                        NIN ‹CM90012345ABCD›
TZ NIDA                       NIDA number ‹19900101-12345-00001-23›
PH TIN                        TIN: ‹123-456-789-000›
PH TIN                        tax identification number ‹123-456-789›
PH SSS                        my SSS number is ‹34-1234567-8›
PH PhilHealth                 PhilHealth No. ‹12-345678901-2›
PH PhilHealth                 philhealth pin ‹123456789012›
PH Pag-IBIG                   Pag-IBIG MID No. ‹1212-3456-7890›
PH PhilSys, UMID              PhilSys card number ‹1234-5678-9012-3456›
PH PhilSys, UMID              UMID CRN ‹0111-1234567-8›
PK CNIC                       my CNIC is ‹35202-1234567-1›
LK NIC                        NIC ‹901234567V›
LK NIC                        NIC number: ‹199012345678›
BD NID                        NID: ‹1234567890123›
AE Emirates ID                Emirates ID ‹784-1980-1234567-8›
MY MyKad                      IC no. ‹900131-14-5678›
ID NIK                        NIK ‹3171015101900001›
ID NPWP                       NPWP ‹09.254.294.3-407.000›
ZA identity number            my ID number is ‹8001015009087›
DE Steuer-ID                  meine Steuer-ID ist ‹86 095 742 719›
DE Steuer-ID                  Steuerliche Identifikationsnummer: ‹86095742719›
DE Steuernummer               Steuernummer ‹151/815/08156›
DE Versicherungsnummer        Sozialversicherungsnummer ‹65 170839 J 003›
AT Sozialversicherungsnummer  SV-Nummer: ‹1237 010180›
DE Krankenversichertennummer  Versichertennummer ‹A123456780›
DE Personalausweis            Personalausweisnummer ‹L01X00T471›
ES DNI, NIE, NIF              mi DNI es ‹12.345.678-Z›
ES DNI, NIE, NIF              NIE: ‹X1234567L›
AR DNI                        DNI ‹12.345.678›
CO cédula                     cédula de ciudadanía ‹1.020.345.678›
MX CURP                       mi CURP: ‹BOXW310820HNERXN09›
MX RFC                        RFC ‹GODE561231GR8›
AR CUIT, CUIL                 CUIL: ‹20-05536168-2›
CL RUT, RUN                   mi RUT es ‹12.345.678-5›
PT NIF                        o meu NIF é ‹123 456 789›
PT Cartão de Cidadão          o meu CC ‹00000000 0 ZZ4›
PT Cartão de Cidadão          cartão de cidadão n° ‹00000000 0 ZZ4›
BR RG                         RG: ‹12.345.678-9›
FR numéro fiscal              mon numéro fiscal est ‹30 23 217 600 053›
FR carte d'identité           carte d'identité n° ‹880692310285›
IT carta d'identità           carta d'identità ‹CA00000AA›
PL PESEL                      mój PESEL to ‹44051401359›
PL dowód osobisty             dowód osobisty: ‹ABA300000›
"""
ROWS = [(row[:30].strip(), row[30:]) for row in FOUND.strip().splitlines()]


@pytest.mark.parametrize(("scheme", "marked"), ROWS)
def test_found_whole_behind_its_label(find: Find, scheme: str, marked: str) -> None:
    text = marked.replace("‹", "").replace("›", "")
    value = marked.partition("‹")[2].partition("›")[0]
    assert find(text, only="NATIONAL_ID") == [("NATIONAL_ID", value)], scheme


def test_every_scheme_has_a_row_and_stands_in_the_document() -> None:
    names = [
        pattern.name
        for cls in (LabelledNationalIdRecognizer, AfricanAsianIdRecognizer)
        for pattern in cls.PATTERNS
    ]
    assert {scheme for scheme, _ in ROWS} == set(names)
    document = (Path(__file__).parents[4] / "docs" / "detection.md").read_text("utf-8")
    missing = [name for name in names if name not in " ".join(document.split())]
    assert missing == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the form says RSSMRA85T10A562S", ["RSSMRA85T10A562S"]),
        ("rss mra 85t10 a562s", ["rss mra 85t10 a562s"]),
        ("RSSMRA85T10A562T", []),
        ("RSSMRA85T10A562S1", []),
        ("order RSSMRALRTMLARSNE", []),
    ],
)
def test_a_codice_fiscale_needs_no_label(find: Find, text: str, found: list[str]) -> None:
    assert [value for _, value in find(text, only="NATIONAL_ID")] == found


def test_a_codice_fiscale_with_letters_for_digits() -> None:
    assert codice_fiscale("RSSMRA85T10A56NH")
    assert not codice_fiscale("RSSMRA85T10A56NS")


@pytest.mark.parametrize(
    "text",
    [
        "sin 123456789 no puedo entrar",
        "order id 1234567890123",
        "Emirates ID 784-1980-1234567-9",
        "IC no. 909931-14-5678",
        "NIK 3171019901900001",
        "Nic 12 ordered it",
        "EIN 07-3456789",
        "ein 12 Jahre altes Kind",
        "part 12-3456789",
        "tax id is missing",
        "alien 3 was filmed in 1992",
        "the ID 8001015009088 of the build",
        "RFC 7807 says so",
        "nie mam 12345678 zł",
        "pan 12345",
        "rut 1.234.567-1",
        "DNI 12345678A",
        "PESEL 44051401358",
        "PESEL 44991401359",
        "Steuer-ID 86095742718",
        "TFN 123456789",
        "medicare paid 2123456702",
        "a nino of 12 years",
        "the national insurance number field is empty",
        "SIN is required",
        "bird 49091850",
        "steuer 19 %",
        "tax file 12",
        "ticket AB123456C",
        "in Japan 2345 6789 0124",
        "person L01X00T47",
        "RG 6 cable",
    ],
)
def test_look_alikes_are_left_alone(find: Find, text: str) -> None:
    assert find(text, only="NATIONAL_ID") == []

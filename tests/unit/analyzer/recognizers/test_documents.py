"""Passports, driving licences and insurance numbers are found by their labels; look-alikes are not.

The numbers are specimens that issuers print, or made up in the form of their state.
"""

# ruff: noqa: RUF001  # typographic characters
from __future__ import annotations

import pytest

from tests.unit.analyzer.recognizers.conftest import Find

FOUND = {
    "TRAVEL_DOCUMENT": """
        my passport number is ‹A12345678›
        passport: ‹123456789›
        ‹123456789› is my passport number
        Passport (UK) ‹925076473›
        passport no. ‹N1234567›
        passport number ‹GA302922›
        passport ‹J8369854›
        Reisepass ‹C01X00T47›
        Reisepassnummer: ‹C01X00T478›
        mein Reisepass Nr. ist ‹C01X00T47›
        mi pasaporte es ‹PAA123456›
        número de pasaporte: ‹PAA123456›
        passeport n° ‹12AB34567›
        mon passeport : ‹12 AB 34567›
        numero di passaporto: ‹YA 1234567›
        paspoort ‹SPECI2014›
        paspoortnummer ‹NPH5K2143›
        numer paszportu ‹ZS0000177›
        paszport ‹ZS 0000177›
        passaporte ‹FB123456›
    """,
    "DRIVER_LICENSE": """
        it shows ‹MORGA753116SM9IJ› and another address
        verified by licence ‹CZARN 806192 Z99AB›, due
        driver license ‹D1234567›
        driver's license number: ‹F255-9215-0094›
        drivers license ‹S530-4607-9131›
        driving licence ‹MORGA657054SM9IJ›
        my driving licence ‹MH12 20110012345›
        DL# ‹12345678›
        Führerschein ‹B072RRE2I55›
        Führerscheinnummer: ‹B072RRE2I55›
        permis de conduire n° ‹123456789012›
        permis de conduire : ‹13AA00002›
        carnet de conducir ‹12345678Z›
        patente di guida ‹U1L123456X›
        rijbewijsnummer ‹5123456789›
        carta de condução ‹L-1234567 8›
        CNH ‹12345678901›
        prawo jazdy ‹00001/15/1234›
    """,
    "INSURANCE_NUMBER": """
        your policy ‹HH-209-88431› renews
        for her dog Biscuit, policy ‹PET4410927›
        member ID ‹XQH 882 401 993›
        Member ID: ‹XQH882401993›
        health insurance member id ‹W123456789›
        insurance policy number ‹POL-88213-77›
        my insurance id is ‹XQH 123 456 789›
        Blue Cross member number ‹XYZ123456789›
        policy number: ‹8273645›
        the insurance says policy ‹ZX-4410-99› has lapsed
        claim 3 on policy ‹HOM 22/10443›
        medicaid id ‹AB12345C›
        my healthcare number is ‹9876 543 210›
        Krankenversicherungsnummer ‹A123456780›
        Versicherungsscheinnummer ‹12.345.678-9›
        número de póliza ‹88-1234567›
        tarjeta sanitaria ‹BBBB123456789012›
        numéro d'adhérent ‹12345678›
        tessera sanitaria ‹80380000901234567890›
        polisnummer ‹98765432›
        número de utente ‹123456789›
        numer polisy ‹1234567890›
    """,
}
TABLE = [(entity, line.strip()) for entity, lines in FOUND.items() for line in lines.strip().splitlines()]


@pytest.mark.parametrize(("entity", "marked"), TABLE)
def test_found_whole_behind_its_label(find: Find, entity: str, marked: str) -> None:
    text = marked.replace("‹", "").replace("›", "")
    value = marked.partition("‹")[2].partition("›")[0]
    assert find(text) == [(entity, value)]


@pytest.mark.parametrize(
    "text",
    [
        "My Passport WDBYVG0020 drive",
        "passport valid till 20281231",
        "my passport expires on 12/12/2028",
        "passport 20281231",
        "passport fee 130 dollars",
        "the passport office opened 3 days ago",
        "passport.js 0.6.0 throws",
        "driver license expires 12/03/2027",
        "driver license renewed 2027-03-12",
        "driving licence class B, 2 years",
        "the driver 5.2.12345 crashes",
        "dl 12345678 files",
        "the permit is for 2 days",
        "insurance 12345 dollars",
        "policy number of days is 30",
        "our privacy policy number 3",
        "health plan 2024",
        "the policy applies to orders above 10000 euros",
        "our return policy RP-2024-11 applies",
        "privacy policy ISO 27001-2022",
        "die Police kommt in 14 Tagen",
        "the patent 12345678",
    ],
)
def test_look_alikes_are_left_alone(find: Find, text: str) -> None:
    for entity in FOUND:
        assert find(text, only=entity) == []

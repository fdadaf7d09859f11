"""Finds personal numbers of Africa and Asia after English labels, whatever the policy's languages.

As `national_labels` does it. Most of these schemes publish no check digits, so that the label and the form
decide. The form of a KRA PIN is python-stdnum's (A for persons, P for others), that of a TIN is the BIR's (RMO
34-98: persons' begin with 1 to 9); the others are as their issuers print them on cards and forms.
"""

# ruff: noqa: E501  # patterns
from __future__ import annotations

from typing import Final

from shield.analyzer.luhn import luhn
from shield.analyzer.recognizers.national.checks import is_day
from shield.analyzer.recognizers.national_labels import (
    NO,
    LabelledNationalIdRecognizer,
    Scheme,
    by_form,
    checks_of,
    pattern_of,
)

_OF_WOMEN: Final = 40
"""Added to a woman's day of birth in an Indonesian NIK."""


def malaysian(number: str) -> bool:
    """MyKad: a date of birth, the code of a place, a number (National Registration Regulations 1990)."""
    return is_day(int(number[2:4]), int(number[4:6]))


def indonesian(number: str) -> bool:
    """NIK: six digits of a district, a date of birth with 40 added to a woman's day, a number (UU 24/2013)."""
    day = int(number[6:8])
    return is_day(int(number[8:10]), day - _OF_WOMEN if day > _OF_WOMEN else day)


_SCHEMES: Final = (
    Scheme("KE KRA PIN", rf"kra(?:\spin)?{NO}|tax\spin{NO}", r"A\d{9}[A-Z]", by_form, r"kra[^a-z]|tax\spin"),
    Scheme("GH Ghana Card", rf"ghana\s?card{NO}|(?:national\s)?id(?:\scard)?{NO}", r"GHA-?\d{9}-?\d", by_form, r"gha-?\d{9}", 96),
    Scheme("UG NIN", rf"nin{NO}|national\sid(?:entification)?{NO}", r"C[MF]\d{2}[A-Z\d]{10}", by_form, r"c[mf]\d{2}", 96),
    Scheme("TZ NIDA", rf"nida{NO}|nin{NO}", r"(?:19|20)\d{6}[ \-]?\d{5}[ \-]?\d{5}[ \-]?\d{2}", by_form, r"(?:nida|nin)[^a-z]"),
    Scheme("PH TIN", rf"tin{NO}|tax\sidentification{NO}", r"[1-9]\d{2}[ \-]?\d{3}[ \-]?\d{3}(?:[ \-]?\d{3}(?:\d{2})?)?", by_form, r"\btin\W|x\sidentification"),
    Scheme("PH SSS", rf"sss{NO}", r"\d{2}[ \-]?\d{7}[ \-]?\d", by_form, r"sss[^a-z]"),
    Scheme("PH PhilHealth", rf"(?:philhealth|phic)(?:\spin|\sidentification)?{NO}", r"\d{2}[ \-]?\d{9}[ \-]?\d", by_form, r"philhealth|phic[^a-z]"),
    Scheme("PH Pag-IBIG", rf"(?:pag-?\s?ibig|hdmf)(?:\smid)?{NO}", r"\d{4}[ \-]?\d{4}[ \-]?\d{4}", by_form, r"ibig|hdmf"),
    Scheme("PH PhilSys, UMID", rf"(?:philsys|phil\s?id|umid)(?:\scard|\sp[cs]n|\scrn)?{NO}", r"\d{4}[ \-]?\d{4}[ \-]?\d{4}[ \-]?\d{4}|\d{4}[ \-]?\d{7}[ \-]?\d", by_form, r"philsys|phil\s?id|umid"),
    Scheme("PK CNIC", rf"(?:cnic|nicop){NO}", r"[1-7]\d{4}[ \-]?\d{7}[ \-]?[1-9]", by_form, r"cnic|nicop"),
    Scheme("LK NIC", rf"nic{NO}|national\sidentity(?:\scard)?{NO}", r"\d{9}[VX]|(?:19|20)\d{10}", by_form, r"nic[^a-z]|l\sidentity"),
    Scheme("BD NID", rf"nid{NO}", r"\d{17}|\d{13}|\d{10}", by_form, r"nid[^a-z]"),
    Scheme("AE Emirates ID", rf"emirates\sid{NO}|eid{NO}", r"784[ \-]?\d{4}[ \-]?\d{7}[ \-]?\d", luhn, r"emirates|eid[^a-z]"),
    Scheme("MY MyKad", rf"my\s?kad{NO}|nric{NO}|ic\s(?:number|no\.?)", r"\d{6}[ \-]?\d{2}[ \-]?\d{4}", malaysian, r"kad[^a-z]|nric|ic\sn"),
    Scheme("ID NIK", rf"(?:nik|ktp){NO}|(?:no|nomor)\.?\s(?:nik|ktp)", r"\d{6}[ ]?\d{6}[ ]?\d{4}", indonesian, r"(?:nik|ktp)[^a-z]"),
    Scheme("ID NPWP", rf"npwp{NO}|(?:no|nomor)\.?\snpwp", r"\d{2}\.?\d{3}\.?\d{3}\.?\d-?\d{3}\.?\d{3}", by_form, r"npwp"),
)  # fmt: skip


class AfricanAsianIdRecognizer(LabelledNationalIdRecognizer):
    """The numbers of these schemes, each behind its label."""

    PATTERNS = tuple(pattern_of(scheme) for scheme in _SCHEMES)
    CHECKS = checks_of(_SCHEMES)

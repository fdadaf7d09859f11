"""Finds passports, driving licences and insurance numbers after words that name them, in the eight languages.

The numbers of most states have no public check digit, and each state has a form of its own, so the label
decides; the value needs enough digits, must not be a date, and be no longer than such numbers are. A passport's
machine-readable zone is in `travel_document`; what Presidio finds by form and context is found as well.
"""

# ruff: noqa: ARG002, E501, PLR2004, RUF001  # an interface; patterns, one a line; lengths of the forms; typographic characters
from __future__ import annotations

import re
from typing import Final

from shield.analyzer.recognizers.labelled import (
    LABEL_START,
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
    labelled,
)

_NUMBER: Final = r"(?:numbers?|num|no|nr|nummer|número|numero|numéro|numer|id|code)\b\.?|núm\.|n\.?[°º]|#"
_NO: Final = rf"(?:\s\([^()\n]{{2,16}}\))?(?:[\s\-]{{0,2}}(?:{_NUMBER}))?(?:\s\([^()\n]{{2,16}}\))?"
"""The word "number", and the country or state in brackets on either side of it."""
_END: Final = r"(?![\w-]|[.,]\d)"
_GROUPS: Final = r"[A-Z\d]{1,20}(?:(?:[\-/._·*]|\s{0,2}[|•–]\s{0,2})[A-Z\d]{1,8}|\s{1,2}(?=[A-Z]{0,3}\d)[A-Z\d]{1,11}){0,4}"
"""A code, its groups separated by signs, or by a blank where a digit follows."""
_LAST_LETTER: Final = r"(?:(?<=\d\d)[ ](?-i:[B-HJ-Z])(?![^\W_]|['’&]))?"
"""The letter that ends a number of groups; "A" and "I" are words."""
_DATE: Final = re.compile(
    r"(?:19|20)\d{6}|\d{1,2}[/\-. ]\d{1,2}[/\-. ](?:\d{2}){1,2}|(?:19|20)\d{2}[/\-. ]\d{1,2}[/\-. ]\d{1,2}"
)
_APART: Final = r"[A-Z\d](?:[ \-._]{1,3}[A-Z\d]){5,19}"
_SIGNS: Final = str.maketrans("", "", "·•–\u00a0\u2009")
_LEAST_OF_A_POLICY: Final = 7  # digits
_WORD: Final = re.compile(r"(?<![^\W_])[^\W\d_]{6,}(?![^\W_])")
_LETTERED = Sort("letters and figures of a policy", 0.6)
_LABELLED, _INSURED, _POLICY = 0.85, 0.82, 0.35  # "member number" alone is a customer's

_PASSPORT: Final = (
    r"(?:e-?)?passports?(?:\s(?:book|card|document))?|reisepass(?:es)?(?:nummer|-?nr\.?)?|pass-?(?:nummer|nr\.?)|pasaportes?|"
    r"passeports?|passaport[oei]|paspoort(?:nummer|-?nr\.?)?|paszport(?:u|em)?|"
    r"(?:biometric\s)?residence\s(?:permit|card)|brp(?:\scard)?|aufenthaltstitel|titre\sde\sséjour|permiso\sde\sresidencia|permesso\sdi\ssoggiorno|"
    r"verblijfs(?:vergunning|document)|(?:título|autorização)\sde\sresidência|kart[ay]\spobytu"
)
_PASSPORT_TRIGGER: Final = r"passport|reisepass|pass-?n|pasaporte|passeport|passaport|paspoort|paszport|residence|brp|aufenthaltstitel|séjour|residencia|soggiorno|verblijfs|residência|pobytu"
_PASSPORT_FORM: Final = (
    r"[A-Z]{1,3}[ \-]?\d(?:[ ]?\d){4,8}[A-Z]?|\d{2}[ ]?[A-Z]{2}[ ]?\d{5}|\d{3}[ ]\d{3}[ ]\d{3}|[A-Z\d]{6,10}"
)
_LICENSE: Final = (
    r"driv(?:er['’]?s?['’]?|ing)\s?(?:licen[sc]e|permit)|(?:state|provincial)\sid(?:\scard)?|dl(?=\s?(?:no|nr|num|#|:))|d/l|dln|"
    r"führerschein(?:nummer|-?nr\.?)?|fahrerlaubnis(?:nummer)?|permis(?:\sde\sconduire)?(?=\s(?:de|n|numéro|est|:))|"
    r"permis\sde\sconduire|(?:permiso|carn[eé]t?|licencia)\sde\s(?:conducir|conducción|manejo)|patente(?:\sdi\sguida)?|rijbewijs(?:nummer)?|"
    r"carta\sde\scondução|carteira\s(?:nacional\s)?de\s(?:habilitação|motorista)|cnh|praw[oa]\sjazdy"
)
_LICENSE_TRIGGER: Final = (
    r"driv(?:er['’]?s?['’]?|ing)\s?(?:lic|per)|(?:state|provincial)\sid|dl\s?(?:n|#|:)|d/l|dln|führerschein|fahrerlaubnis|permis|carn|licencia|"
    r"patente|rijbewijs|carta\sde|carteira|cnh|jazdy"
)
_INSURANCE: Final = (
    rf"(?:(?:health|medical|dental|vision|travel|car|auto|home|life)\s)?(?<!national\s)(?<!social\s)insurance(?:\s(?:member(?:ship)?|policy|subscriber|card|group|plan|certificate)){{0,2}}(?:[\s\-]{{0,2}}(?:{_NUMBER}))|"
    rf"(?:(?:health|medical|dental|vision)\s(?:plan|card|cover)|health\s?care|personal\shealth|phn|ohip|ramq|medicaid|health\scard|beneficiary|subscriber|policy\s?holder|"
    rf"(?:blue\scross(?:\sblue\sshield)?|bcbs|aetna|cigna|humana|kaiser(?:\spermanente)?|united\s?healthcare|uhc|anthem|bupa|axa|allianz)(?:\s(?:member(?:ship)?|policy|subscriber|plan|health)){{0,2}})(?:[\s\-]{{0,2}}(?:{_NUMBER}))|"
    rf"polic(?:y|ies)(?:[\s\-]{{0,2}}(?:{_NUMBER}))|"
    r"(?:kranken|kranken?kassen|pflege|haftpflicht)?versicherungs(?:schein)?-?\s?(?:nummer|nr\.?)|polic?en-?\s?(?:nummer|nr\.?)|krankenkassen-?\s?(?:nummer|nr\.?)|gesundheitskarte|"
    r"póliza|tarjeta\ssanitaria|(?:número|nº|n\.º)\sde\s(?:asegurad[oa]|afiliad[oa])|"
    r"(?:numéro|n°|nº)\sd['’](?:adhérente?|assurée?)|(?:numéro|n°|nº)\sde\s(?:mutuelle|police|contrat)|carte\svitale|police\sd['’]assurance|"
    r"tessera\ssanitaria|polizza|polisnummer|(?:zorg)?verzekerings?(?:nummer|-?nr\.?)|verzekerdennummer|"
    r"apólice|utente(?=\s?n\.?[ºo°]|\snúmero)|(?:número|nº)\sde\s(?:utente|beneficiário)|cart(?:ão|eira)\s(?:nacional\s)?(?:de|do)\s(?:saúde|sus|convênio|plano)|carteirinha|"
    r"polis[ay]|(?:numer|nr)\subezpieczenia|ekuz"
)
_INSURANCE_TRIGGER: Final = (
    r"insurance\s?|(?:plan|card|cover|care|health|phn|ohip|ramq|medicaid|beneficiary|subscriber|holder|shield|cross|bcbs|aetna|cigna|humana|kaiser|permanente|healthcare|uhc|"
    r"anthem|bupa|axa|allianz|policy|policies|member|membership|health)[\s\-]{0,2}(?:n|id|#|code)|versicherungs|polic?en-?\s?n|krankenkassen|"
    r"gesundheitskarte|póliza|sanitaria|asegurad|afiliad|adhérent|assuré|mutuelle|police|contrat|vitale|polizza|polisn|verzeker|apólice|utente|"
    r"beneficiário|saúde|sus[^a-z]|convênio|plano|carteirinha|polis[ay]|ubezpieczenia|ekuz"
)


def _digits(value: str) -> int:
    return sum(character.isdecimal() for character in value)


class PassportNumberRecognizer(ValuePatternRecognizer):
    """Passport numbers: six to ten letters and digits (ICAO Doc 9303 has nine places for them)."""

    ENTITY = "TRAVEL_DOCUMENT"
    PATTERNS = (
        ValuePattern(
            "label and number",
            labelled(rf"(?:{_PASSPORT}){_NO}", rf"{_PASSPORT_FORM}|{_APART}", after=_END),
            _LABELLED,
            _PASSPORT_TRIGGER,
        ),
        ValuePattern(
            "of a passenger, in a request for documents",  # SSR DOCS of IATA: type, state, number, nationality, birth
            r"(?<![^\W_])docs[^\n]{0,10}[ /]P/[A-Z]{3}/(?P<value>[A-Z\d]{6,10})/[A-Z]{3}/",
            0.9,
            r"docs[^\n]{0,10}[ /]p/",
        ),
        ValuePattern(
            "before its label",
            rf"(?<![\w.,/-])(?P<value>{_PASSPORT_FORM})(?=,?\s(?:is|was|ist|es|est|è|é|to)\s(?:my|the|your|his|her|mein\w?|mi|mon|il mio|o meu|mijn|mój)\s(?:\w{{2,10}}\s)?(?:{_PASSPORT}))",
            0.8,
            r"\s(?:is|was|ist|es|est|è|é|to)\s(?:my|the|your|his|her|mein|mi|mon|il mio|o meu|mijn|mój)",
            32,
        ),
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        plain = "".join(filter(str.isalnum, value))
        letters = len(plain) - _digits(plain)
        if (
            not value.isascii()
            or not 6 <= len(plain) <= 10
            or _digits(plain) < 4
            or letters > 5
            or _DATE.fullmatch(value)
        ):
            return 0.0
        return sort.score


class DriverLicenseRecognizer(ValuePatternRecognizer):
    """Numbers of driving licences; the form of the United Kingdom needs no label."""

    ENTITY = "DRIVER_LICENSE"
    CONTEXT = ("driver", "driving", "drive", "drives", "dvla", "dmv", "motorist", "chauffeur")
    PATTERNS = (
        ValuePattern(  # name, date of birth with 5 added to the month's ten for women, initials (DVLA)
            "United Kingdom",
            r"(?-i:(?<![\w\-])(?P<value>(?=[A-Z])[A-Z]{1,5}(?:(?<=[A-Z]{5})|(?<=[A-Z]{4})9|(?<=[A-Z]{3})99|(?<=[A-Z]{2})999)"
            r"[ ]?\d[0156]\d[0-3]\d{2}[ ]?[A-Z][A-Z9][A-Z\d][A-Z]{2})(?:[ ]?\d{2})?(?![\w\-]))",
            0.7,
            r"[a-z9]{5}[ ]?\d[0156]\d[0-3]\d{2}[ ]?[a-z][a-z9][a-z0-9][a-z]{2}",
            24,
        ),
        ValuePattern(
            "label and number",
            labelled(rf"(?:{_LICENSE}){_NO}", rf"{_GROUPS}|{_APART}", after=_END),
            _LABELLED,
            _LICENSE_TRIGGER,
        ),
        ValuePattern(  # of software, too: words about driving must stand near
            "licence number",
            labelled(rf"licen[cs]e(?:[\s\-]{{0,2}}(?:{_NUMBER}))", _GROUPS, after=_END),
            _POLICY,
            r"licen[cs]e[\s\-]{0,2}(?:n|id|#)",
        ),
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        return sort.score if _is_code(value) else 0.0


class InsuranceNumberRecognizer(ValuePatternRecognizer):
    """Numbers of insured persons and of their policies."""

    ENTITY = "INSURANCE_NUMBER"
    PATTERNS = (
        ValuePattern(
            "label and number",
            labelled(rf"(?:{_INSURANCE}){_NO}", rf"{_GROUPS}{_LAST_LETTER}|{_APART}", after=_END),
            _INSURED,
            _INSURANCE_TRIGGER,
        ),
        ValuePattern(  # an insurance policy, if the words around say so
            "policy and number",
            labelled(r"polic(?:y|ies)", r"(?-i:[A-Z]{2,4})[\-/ ]?\d{2,6}(?:[\-/ ]\d{2,8}){1,3}", after=_END),
            _POLICY,
            r"polic(?:y|ies)",
        ),
        ValuePattern(
            "policy, letters and seven figures",
            labelled(
                r"polic(?:y|ies)|ins\.?(?=[ :#])",
                r"(?-i:[A-Z]{1,4})(?:[\-/ ]?(?!(?:19|20)\d{2}(?!\d))\d{1,10}){1,4}(?:[\-/](?-i:[A-Z]{1,3}))?",
                after=_END,
            ),
            _LETTERED,
            r"polic(?:y|ies)|\bins\.?[ :#]{1,2}[a-z]{1,4}[\-/ ]?\d",
        ),
        ValuePattern(
            "policy, letters, year and six figures",
            labelled(r"polic(?:y|ies)", r"(?-i:[A-Z]{2,5})[\-/](?:19|20)\d{2}[\-/]\d{6,10}", after=_END),
            _LETTERED,
            r"polic(?:y|ies)",
        ),
        ValuePattern(  # a health plan's: three letters and about nine digits
            "member and number of a plan",
            labelled(
                rf"member(?:ship)?(?:[\s\-]{{0,2}}(?:{_NUMBER}))",
                r"(?-i:[A-Z]{3})[ \-]?\d{3}[ \-]?\d{3}[ \-]?\d{3}(?:\d{0,3})",
                after=_END,
            ),
            _INSURED,
            r"member(?:ship)?[\s\-]{0,2}(?:n|id|#|code)",
        ),
        ValuePattern(
            "member and number of a plan right behind",
            rf"{LABEL_START}member(?:ship)?[ ]?[:#]?[ ](?P<value>(?-i:[A-Z]{{3}})[ \-]?\d{{3}}[ \-]?\d{{3}}[ \-]?\d{{3,6}}){_END}",
            _INSURED,
            r"member(?:ship)?[ ]?[:#]?[ ][a-z]{3}[ \-]?\d",
        ),
    )
    CONTEXT = (
        "insured",
        "insurance",
        "claim",
        "premium",
        "policyholder",
        "holder",
        "coverage",
        "insurer",
        "beneficiary",
        "nominee",
        "lapsed",
        "endorsement",
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        if sort == _LETTERED and _digits(value) < _LEAST_OF_A_POLICY:
            return 0.0
        return sort.score if _is_code(value) else 0.0


def _is_code(value: str) -> bool:
    """Whether it is six to twenty letters and digits, at least five digits, no date, and no word and number."""
    plain = sum(map(str.isalnum, value))
    likely = value.translate(_SIGNS).isascii() and 6 <= plain <= 20 and _digits(value) >= 5
    return likely and _DATE.fullmatch(value) is None and _WORD.search(value) is None

"""Measures recall on values that are hidden, mangled or dictated, by kind of disguise.

    python -m benchmarks.obfuscation               # the table; exit status 1 below the target
    python -m benchmarks.obfuscation --missed      # and each sentence that was missed

Values are published examples and reserved ranges, with valid check digits. A value counts as found where
findings cover all its letters and digits. Patterns only (`default` and `shield`), no model.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.disguises import DISGUISES, Disguise
from benchmarks.table import Table, figure
from shield.analyzer.build import build_analyzer
from shield.analyzer.engine import Analyzer
from shield.analyzer.resolver import resolve
from shield.domain import DetectorSpec, OperatorSpec, Policy, Segment

_TAG = re.compile(r"<[^<>]{0,60}>")
TARGET_PERCENT = 95.0
VALUES = {
    "CREDIT_CARD": ("4111 1111 1111 1111", "5555 5555 5555 4444", "6011 0009 9013 9424"),
    "IBAN_CODE": ("GB82 WEST 1234 5698 7654 32", "DE89 3704 0044 0532 0130 00", "NL91 ABNA 0417 1643 00"),
    "US_SSN": ("536-22-1234", "219-45-6789"),
    "US_ITIN": ("912-70-1234",),
    "EMAIL_ADDRESS": ("maria.garcia@example.com", "jon_smith72@mail.example.org", "kim@example.co.uk"),
    "PHONE_NUMBER": ("415-555-0132", "212 555 0187", "+44 20 7946 0958"),
    "IP_ADDRESS": ("203.0.113.7", "198.51.100.23"),
    "UK_NHS": ("943 476 5919",),
    "MEDICAL_LICENSE": ("AB1234563",),
    "CRYPTO": ("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",),
    "NATIONAL_ID": ("QQ 12 34 56 D", "12-3456789", "RSSMRA85T10A562S", "44051401359"),
    "VAT_NUMBER": ("GB 729 0140 54", "ATU13585627"),
    "TRAVEL_DOCUMENT": ("C01X00T47", "925076473"),
    "DRIVER_LICENSE": ("D1234567", "MORGA657054SM9IJ"),
    "INSURANCE_NUMBER": ("XYZ 123 456 789",),
    "ACCOUNT_NUMBER": ("12345678",),
    "MEDICAL_RECORD_NUMBER": ("00412345",),
    "DEVICE_ID": ("490154203237518",),
    "VEHICLE_ID": ("1M8GDM9AXKP042788",),
    "PIN": ("4829",),
    "ONE_TIME_CODE": ("482913",),
    "CARD_CVV": ("417",),
    "PASSWORD": ("tiger99!x",),
    "DATE_OF_BIRTH": ("02/29/1980",),
}
CARRIERS = {
    "CREDIT_CARD": ("I paid with {} and was charged twice.", "The card number is {}, please refund it."),
    "IBAN_CODE": ("Send the refund to {} please.", "My IBAN: {}"),
    "US_SSN": ("My social security number is {}, as you asked.", "SSN: {}"),
    "US_ITIN": ("The ITIN on my form is {}.",),
    "EMAIL_ADDRESS": ("You can write to me, my email is {}, any time.", "Email: {}"),
    "PHONE_NUMBER": ("Please call me on {} after work.", "Phone: {}"),
    "IP_ADDRESS": ("The login came from {} last night.", "IP address {}"),
    "UK_NHS": ("My NHS number is {}.",),
    "MEDICAL_LICENSE": ("The DEA license is {}.",),
    "CRYPTO": ("I sent the coins to {} by mistake.",),
    "NATIONAL_ID": ("My national insurance number is {}.",),
    "VAT_NUMBER": ("The VAT number: {}",),
    "TRAVEL_DOCUMENT": ("My passport number is {}.",),
    "DRIVER_LICENSE": ("Driver license number: {}",),
    "INSURANCE_NUMBER": ("My insurance member id is {}.",),
    "ACCOUNT_NUMBER": ("My account number is {}, not the other.",),
    "MEDICAL_RECORD_NUMBER": ("MRN: {}",),
    "DEVICE_ID": ("The IMEI is {}.",),
    "VEHICLE_ID": ("VIN {}",),
    "PIN": ("My PIN is {}.",),
    "ONE_TIME_CODE": ("The verification code is {}",),
    "CARD_CVV": ("cvv {}",),
    "PASSWORD": ("password: {}",),
    "DATE_OF_BIRTH": ("Date of birth: {}",),
}
CARRIER_OF = {
    "12-3456789": "Our EIN is {}.",
    "RSSMRA85T10A562S": "codice fiscale {}",
    "44051401359": "PESEL {}",
}
"""Values that need a sentence of their own -> that sentence."""
ENTITIES = (*VALUES, "US_PASSPORT", "US_BANK_NUMBER")


@dataclass(frozen=True, slots=True)
class Case:
    """`[start, end)` of `text` is the disguised value."""

    disguise: Disguise
    entity: str
    text: str
    start: int
    end: int


@dataclass(slots=True)
class Score:
    cases: int = 0
    covered: int = 0
    named: int = 0

    def percent(self) -> float:
        return 100 * self.covered / self.cases if self.cases else 0.0


def cases() -> Iterator[Case]:
    for disguise in DISGUISES:
        for entity, values in VALUES.items():
            if disguise.kinds and entity not in disguise.kinds:
                continue
            for value in values:
                hidden = disguise.apply(value)
                if hidden == value and disguise.name != "as written":
                    continue
                for carrier in (CARRIER_OF[value],) if value in CARRIER_OF else CARRIERS[entity]:
                    start = carrier.index("{}")
                    yield Case(disguise, entity, carrier.replace("{}", hidden), start, start + len(hidden))


def policy() -> Policy:
    return Policy("obfuscation", "", {entity: OperatorSpec("replace") for entity in ENTITIES})


def judged(analyzer: Analyzer, under: Policy, case: Case) -> tuple[bool, bool]:
    """Whether the value is covered, and whether by a finding of its own type."""
    found = resolve(case.text, analyzer.analyze([Segment(0, case.text)], under)[0], under)
    covered = [False] * len(case.text)
    for finding in found:
        covered[finding.start : finding.end] = [True] * (finding.end - finding.start)
    for tag in _TAG.finditer(case.text):  # tags are not part of the value
        covered[tag.start() : tag.end()] = [True] * len(tag.group())
    whole = all(covered[i] or not case.text[i].isalnum() for i in range(case.start, case.end))
    named = any(f.entity_type == case.entity and f.start < case.end and case.start < f.end for f in found)
    return whole, whole and named


def measure(analyzer: Analyzer) -> tuple[dict[str, Score], list[Case]]:
    under = policy()
    scores: dict[str, Score] = {}
    missed: list[Case] = []
    for case in cases():
        score = scores.setdefault(case.disguise.name, Score())
        whole, named = judged(analyzer, under, case)
        score.cases += 1
        score.covered += whole
        score.named += named
        if not whole:
            missed.append(case)
    return scores, missed


def overall(scores: dict[str, Score], *, readable: bool) -> Score:
    names = {disguise.name for disguise in DISGUISES if disguise.readable or not readable}
    total = Score()
    for name, score in scores.items():
        if name in names:
            total.cases += score.cases
            total.covered += score.covered
            total.named += score.named
    return total


def table(scores: dict[str, Score]) -> Table:
    shown = Table(
        "Values found under a disguise",
        ("disguise", "readable", "values", "covered %", "by its type %"),
        left=2,
    )
    readable = {disguise.name: disguise.readable for disguise in DISGUISES}
    for name, score in scores.items():
        shown.rows.append(_row(name, "yes" if readable[name] else "no", score))
    shown.rows.append(_row("all that a person reads", "yes", overall(scores, readable=True)))
    shown.rows.append(_row("all", "", overall(scores, readable=False)))
    return shown


def _row(name: str, readable: str, score: Score) -> tuple[str, ...]:
    named = 100 * score.named / score.cases if score.cases else 0.0
    return (name, readable, f"{score.cases}", figure(score.percent()), figure(named))


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.obfuscation",
        description="Recall on values that are hidden, mangled or dictated.",
        epilog=f"exit status: 0 from {TARGET_PERCENT:.0f} % over the readable disguises on; 1 below",
    )
    parser.add_argument("--missed", action="store_true", help="print each sentence that was missed")
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    given = parser.parse_args()
    scores, missed = measure(build_analyzer(DetectorSpec(model="none", recognizers=("default", "shield"))))
    print(table(scores).plain())
    if given.missed:
        for case in missed:
            print(f"{case.disguise.name}: {case.entity}: {case.text!a}")
    if given.json is not None:
        figures = {
            name: {"values": s.cases, "covered": s.covered, "named": s.named} for name, s in scores.items()
        }
        given.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0 if overall(scores, readable=True).percent() >= TARGET_PERCENT else 1


if __name__ == "__main__":
    sys.exit(main())

"""Tells what a member's name means beside those around it: `passport.number`, `name.first`, `dob.day`."""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shield.analyzer.context import KeyContext

NAME_PARTS: Final = frozenset(
    "first last full given family middle sur maiden fore nick legal preferred birth christian".split()
)
"""Words that say which part of a person's name it is, or which of several names."""
BIRTH: Final = frozenset("birth birthday birthdays birthdate dob born".split())
_BARE: Final = frozenset("number no num nr nummer numero número".split())
_PARTS_OF_A_DATE: Final = MappingProxyType(
    {part: part for part in ("day", "month", "year")}
    | dict.fromkeys("dd d tag jour dia día giorno dag".split(), "day")
    | dict.fromkeys("mm m mon monat mois mes mese maand".split(), "month")
    | dict.fromkeys("yyyy yy y jahr année annee año ano anno jaar".split(), "year")
)
"""The names that members of a date have."""
_OF_STANDARDS: Final[Mapping[tuple[str, ...], tuple[str, ...]]] = MappingProxyType(
    {
        # ISO 20022: `CdtrAcct/Id/Othr/Id`, `PrvtId/Othr/Id`
        ("acct", "id", "othr", "id"): ("account", "number"),
        ("prvt", "id", "othr", "id"): ("national", "id"),
        # HL7 CDA: `patientRole/id/@extension`
        ("patient", "role", "id", "extension"): ("patient", "number"),
    }
)
"""Ends of the names around a value, word by word, that define it in a standard."""
_STANDARD_ENDS: Final = frozenset(words[-2:] for words in _OF_STANDARDS)
_LONGEST_END: Final = max(map(len, _OF_STANDARDS))
_EXPIRES: Final = frozenset(
    {("expiration", "date"), ("expiry", "date"), ("expiration",), ("expiry",), ("expires",), ("exp",)}
)
_CARDS: Final = frozenset("card creditcard".split())
_OF_HL7: Final = MappingProxyType(
    {
        ("pid", "2"): ("patient", "number"),
        ("pid", "3"): ("patient", "number"),
        ("pid", "7"): ("birth", "date"),
        ("pid", "18"): ("account", "number"),
        ("pid", "19"): ("ssn",),
        ("in", "1", "36"): ("insurance", "number"),
        ("in", "1", "49"): ("insurance", "number"),
        ("xad", "5"): ("postcode",),
        ("sad", "1"): ("street",),
    }
)
"""Fields and components of HL7 v2 in its XML (`<PID.3><CX.1>…`), by their names' words."""
_VEHICLES: Final = frozenset("vehicle car van truck motorcycle fahrzeug auto".split())
_DRIVERS: Final = frozenset("driver drivers rider courier fahrer".split())
_OF_PEOPLE: Final = frozenset(
    "kyc identity passport traveller traveler passenger guest applicant document".split()
)
_ADDRESSES: Final = frozenset("address addr".split())
_SOCIAL: Final = frozenset("social socials".split())
_NETWORKS: Final = "github gitlab linkedin facebook tiktok snapchat discord reddit youtube mastodon".split()
_UNDER: Final[Mapping[tuple[str, ...], tuple[frozenset[str], tuple[str, ...]]]] = MappingProxyType(
    {
        tuple(f"{name} {number}".split()): (parents, meaning)
        for names, parents, meaning in (
            ("reg registration", _VEHICLES, ("vehicle", "registration")),
            ("licence license", _DRIVERS, ("driver", "license")),
            ("doc document", _OF_PEOPLE, ("passport", "number")),
        )
        for name in names.split()
        for number in ("", "no", "number")
    }
    | {("line", number): (_ADDRESSES, ("address", "line")) for number in "123"}
    | {(name,): (_SOCIAL, ("user", "handle")) for name in _NETWORKS}
)
"""Names with a meaning of their own below such a parent: `{"vehicle": {"reg_no": …}}`."""


def meaning_of(keys: KeyContext) -> tuple[str, ...]:
    """The words of a name, or those of what it means beside the names that enclose it."""
    own = keys.own
    above = keys.enclosing[-1] if keys.enclosing else ()
    under = _UNDER.get(own)
    if under is not None and not under[0].isdisjoint(above):
        return under[1]
    if own in _EXPIRES and not _CARDS.isdisjoint(above):
        return ("card", "expiration")
    if len(own) == 1 and keys.enclosing:
        return _of_one_word(own, keys)
    if len(own) > 1 and own[-1].isdigit():
        field = _OF_HL7.get(own) or (_OF_HL7.get(above) if own[-1] == "1" else None)
        if field is not None:
            return field
    if len(own) == 2 and own[0] in BIRTH and own[1] in _PARTS_OF_A_DATE:  # noqa: PLR2004  `dob_dd`
        return ("birth", _PARTS_OF_A_DATE[own[1]])
    return own


def _of_one_word(own: tuple[str, ...], keys: KeyContext) -> tuple[str, ...]:
    """The same for a name of a single word, which often says little without its parent."""
    word = own[0]
    above = keys.enclosing[-1]
    if word in _BARE:
        return (*above, word)
    part = _PARTS_OF_A_DATE.get(word)
    if part is not None:
        if above == ("date",) and len(keys.enclosing) > 1:
            above = keys.enclosing[-2]
        return own if BIRTH.isdisjoint(above) else ("birth", part)
    if (*above[-1:], word) in _STANDARD_ENDS:
        words = (*(each for name in keys.enclosing for each in name), word)
        return _OF_STANDARDS.get(words[-_LONGEST_END:], own)
    return (word, "name") if word in NAME_PARTS and above[-1:] == ("name",) else own

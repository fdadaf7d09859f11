"""The check digits that tell a value from a mere row of digits before it is read as one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# ruff: noqa: SIM905  # a table of codes reads best as prose
# SWIFT IBAN registry, release 99: country and length.
IBAN_LENGTHS: Mapping[str, int] = MappingProxyType(
    {
        entry[:2]: int(entry[2:])
        for entry in (
            "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 "
            "DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 "
            "IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 "
            "MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 "
            "SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
        ).split()
    }
)


def iban_holds(iban: str) -> bool:
    """ISO 7064 MOD 97-10 over an IBAN in upper case without spaces (ISO 13616)."""
    rearranged = iban[4:] + iban[:4]
    return (
        rearranged.isascii()
        and rearranged.isalnum()
        and int("".join(str(int(c, 36)) for c in rearranged)) % 97 == 1
    )


# Country codes that are also English words: "it is 536-22-1234".
_WORDS = frozenset({"AT", "BE", "DO", "IS", "IT", "ME", "NO"})


def country_apart(separator: str) -> str:
    """An expression for the (lower-case) country codes of IBANs and the separators around them.

    `separator` is a class. It may occur between the letters and after them; after a code that is a word,
    only where it also occurs between the letters.
    """
    gap = f"{separator}{{0,4}}"
    apart = "|".join(f"{first}{gap}[{rest}]" for first, rest in _by_first(frozenset(IBAN_LENGTHS) - _WORDS))
    spelled = "|".join(f"{first}{separator}{{1,4}}[{rest}]" for first, rest in _by_first(_WORDS))
    return f"(?:(?:{apart}|{spelled}){gap}|{'|'.join(sorted(_WORDS)).lower()})"


def _by_first(countries: frozenset[str]) -> list[tuple[str, str]]:
    seconds: dict[str, str] = {}
    for country in sorted(countries):
        first = country[0].lower()
        seconds[first] = seconds.get(first, "") + country[1].lower()
    return list(seconds.items())

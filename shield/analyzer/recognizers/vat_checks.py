"""The check digits of VAT numbers of the EU's member states, the United Kingdom, Switzerland and Norway.

Pure; every function takes what follows the country's letters, without separators and in upper case, in a form
that `SCHEMES` allows.

Sources: the structure of VAT identification numbers in Council Directive 2006/112/EC, article 215, and in the
European Commission's VIES; the check digits as the tax offices publish them (VAT notice 700/21 of HMRC,
`SIREN` of INSEE, `UID` of the Federal Statistical Office, organisasjonsnummer of Brønnøysundregistrene, …).
"""

# ruff: noqa: PLR2004  # moduli, weights and lengths of the schemes
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from shield.analyzer.luhn import luhn
from shield.analyzer.recognizers.national.by_default import NlBsnRecognizer
from shield.analyzer.recognizers.national.checks import mod_11_10, value_of, weighted
from shield.analyzer.recognizers.national.europe_east import (
    BgEgnRecognizer,
    CzBirthNumberRecognizer,
    LvPersonalCodeRecognizer,
    PlNipRecognizer,
    RoCnpRecognizer,
)
from shield.analyzer.recognizers.national.europe_west import GrAfmRecognizer, IePpsnRecognizer

_SPANISH: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_IRISH: Final = "WABCDEFGHIJKLMNOPQRSTUV"
_FRENCH: Final = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CYPRIOT: Final = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)


def _divides(modulus: int, weights: Sequence[int]) -> Callable[[str], bool]:
    return lambda number: weighted(number, weights) % modulus == 0


def austrian(number: str) -> bool:
    """U and eight digits: Luhn over seven, of which the eighth and 4 are added to the last."""
    return luhn(number[1:7] + str((int(number[7]) + int(number[8]) + 4) % 10))


def belgian(number: str) -> bool:
    """Ten digits: the last two are 97 less the others mod 97."""
    return (int(number[:8]) + int(number[8:])) % 97 == 0


def bulgarian(number: str) -> bool:
    """Nine digits of a firm; ten of a person (EGN, of a foreigner) or of others."""
    if len(number) == 9:
        check = weighted(number[:8], range(1, 9)) % 11
        if check == 10:
            check = weighted(number[:8], range(3, 11)) % 11
        return check % 10 == int(number[8])
    foreigner = weighted(number[:9], (21, 19, 17, 13, 11, 9, 7, 3, 1)) % 10
    other = -weighted(number[:9], (4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return int(number[9]) in (foreigner, other) or BgEgnRecognizer.is_valid(number)


def cypriot(number: str) -> bool:
    """Eight digits and a letter mod 26."""
    total = sum(_CYPRIOT[int(c)] for c in number[:8:2]) + sum(int(c) for c in number[1:8:2])
    return not number.startswith("12") and total % 26 == ord(number[8]) - 65


def czech(number: str) -> bool:
    """Eight digits of a firm; nine or ten of a person's rodné číslo, or nine that begin with 6."""
    if len(number) == 8:
        check = -weighted(number[:7], range(8, 1, -1)) % 11
        return number[0] != "9" and (check or 1) % 10 == int(number[7])
    if len(number) == 9:
        check = weighted(number[1:8], range(8, 1, -1)) % 11
        return number[0] == "6" and (8 - (10 - check) % 11) % 10 == int(number[8])
    return CzBirthNumberRecognizer.is_valid(number)


def dutch(number: str) -> bool:
    """Nine digits, B and two more: mod 97 over all, or the BSN of a trader before 2020."""
    whole = int("".join(str(value_of(c)) for c in "NL" + number))
    return not number.endswith("B00") and (whole % 97 == 1 or NlBsnRecognizer.is_valid(number[:9]))


def french(number: str) -> bool:
    """A key of two and a SIREN, which Luhn checks (not in Monaco, where it begins with 000)."""
    key, siren = number[:2], number[2:]
    if not siren.startswith("000") and not luhn(siren):
        return False
    if key.isdecimal():
        return int(siren + "12") % 97 == int(key)
    first, second = _FRENCH.find(key[0]), _FRENCH.find(key[1])
    if min(first, second) < 0:
        return False
    check = first * 24 + second - 10 if key[0].isdecimal() else first * 34 + second - 100
    return (int(siren) + 1 + check // 11) % 11 == check % 11


def british(number: str) -> bool:
    """Nine digits mod 97, also less 55 since 2010; three more are a branch."""
    rest = weighted(number[:9], (8, 7, 6, 5, 4, 3, 2, 10, 1)) % 97
    return any(map(int, number[:9])) and (rest == 0 or (number[0] != "0" and rest in (42, 55)))


def irish(number: str) -> bool:
    """Seven digits and letters (a PPS number), or the older form with a letter or sign in second place."""
    if number[:7].isdecimal():
        return IePpsnRecognizer.is_valid(number)
    return _IRISH[(weighted(number[2:7], range(7, 2, -1)) + 2 * int(number[0])) % 23] == number[7]


def italian(number: str) -> bool:
    """Eleven digits by Luhn, with a province's office in the eighth to tenth."""
    office = int(number[7:10])
    return (1 <= office <= 100 or office in (120, 121, 888, 999)) and luhn(number)


def latvian(number: str) -> bool:
    """Eleven digits: of a firm from 4 on; else a personas kods."""
    if number[0] > "3":
        return weighted(number, (9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)) % 11 == 3
    return LvPersonalCodeRecognizer.is_valid(number)


def lithuanian(number: str) -> bool:
    """Nine digits with a 1 before the last, or twelve of a sole trader."""
    if number[-2] != "1":
        return False
    check = sum((1 + i % 9) * int(c) for i, c in enumerate(number[:-1])) % 11
    if check == 10:
        check = sum((1 + (i + 2) % 9) * int(c) for i, c in enumerate(number[:-1])) % 11
    return check % 10 == int(number[-1])


def luxembourgish(number: str) -> bool:
    """Six digits and what 89 leaves of them."""
    return int(number[:6]) % 89 == int(number[6:])


def norwegian(number: str) -> bool:
    """Nine digits of the organisasjonsnummer, with or without MVA after them."""
    return weighted(number[:9], (3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def portuguese(number: str) -> bool:
    """The NIF, mod 11."""
    return -weighted(number, range(9, 1, -1)) % 11 % 10 == int(number[8])


def romanian(number: str) -> bool:
    """Up to ten digits; thirteen are a person's CNP."""
    if len(number) == 13:
        return RoCnpRecognizer.is_valid(number)
    total = weighted(number[:-1].zfill(9), (7, 5, 3, 2, 1, 7, 5, 3, 2))
    return total * 10 % 11 % 10 == int(number[-1])


def slovak(number: str) -> bool:
    """Ten digits divisible by 11."""
    return int(number) % 11 == 0


def slovenian(number: str) -> bool:
    """Eight digits, mod 11."""
    check = 11 - weighted(number[:7], range(8, 1, -1)) % 11
    return check != 11 and check % 10 == int(number[7])


def spanish(number: str) -> bool:
    """A person's DNI, NIE or NIF by its letter mod 23; a firm's NIF (CIF) by Luhn, as digit or letter."""
    if number[0] in "ABCDEFGHJNPQRSUVW":
        check = next(c for c in "0123456789" if luhn(number[1:8] + c))
        return number[8] in (check, "JABCDEFGHI"[int(check)])
    return spanish_person(number)


def spanish_person(number: str) -> bool:
    """DNI, NIE (X, Y, Z for 0, 1, 2) and NIF (K, L, M): a letter mod 23."""
    figures = {"X": "0", "Y": "1", "Z": "2", "K": "", "L": "", "M": ""}.get(number[0], number[0]) + number[
        1:8
    ]
    return figures.isdecimal() and _SPANISH[int(figures) % 23] == number[8]


def swedish(number: str) -> bool:
    """Ten digits by Luhn and 01 (branches have others, which are not found)."""
    return luhn(number[:10])


def swiss(number: str) -> bool:
    """Nine digits of the UID, with or without MWST, TVA or IVA after them."""
    return -weighted(number[:8], (5, 4, 3, 2, 7, 6, 5, 4)) % 11 == int(number[8])


def swedish_person(number: str) -> bool:
    """A personnummer has a month where an organisation's number has at least 20."""
    return number[2] in "01" and swedish(number)


class Scheme(NamedTuple):
    """`body` is the form (an expression) of what follows the country's letters.

    `sure`: two check digits, or a unique form. `person` tells which valid numbers are a person's own; in the
    other countries a trader's number does not show whose it is.
    """

    letters: str
    body: str
    holds: Callable[[str], bool]
    sure: bool = False
    person: Callable[[str], bool] | None = None


def _digits(count: int) -> str:
    return rf"\d(?:[ .\-]?\d){{{count - 1}}}"


def _bulgarian_person(number: str) -> bool:
    return len(number) == 10 and BgEgnRecognizer.is_valid(number)


SCHEMES: Final = (
    Scheme("AT", rf"U[ .\-]?{_digits(8)}", austrian, sure=True),
    Scheme("BE", rf"[01][ .\-]?{_digits(9)}", belgian, sure=True),
    Scheme("BG", rf"(?:{_digits(10)}|{_digits(9)})", bulgarian, person=_bulgarian_person),
    Scheme("CHE", rf"{_digits(9)}(?:[ \-]?(?:MWST|TVA|IVA))?", swiss),
    Scheme("CY", rf"{_digits(8)}[ \-]?[A-Z]", cypriot),
    Scheme(
        "CZ", rf"(?:{_digits(10)}|{_digits(9)}|{_digits(8)})", czech, person=lambda number: len(number) == 10
    ),
    Scheme("DE", rf"[1-9][ .\-]?{_digits(8)}", mod_11_10),
    Scheme("DK", rf"[1-9][ .\-]?{_digits(7)}", _divides(11, (2, 7, 6, 5, 4, 3, 2, 1))),
    Scheme("EE", _digits(9), _divides(10, (3, 7, 1, 3, 7, 1, 3, 7, 1))),
    Scheme("EL", _digits(9), GrAfmRecognizer.is_valid),
    Scheme(
        "ES",
        rf"(?:[A-Z][ \-]?{_digits(7)}[ \-]?[A-Z\d]|{_digits(8)}[ \-]?[A-Z])",
        spanish,
        person=spanish_person,
    ),
    Scheme("FI", _digits(8), _divides(11, (7, 9, 10, 5, 8, 4, 2, 1))),
    Scheme("FR", rf"[\dA-HJ-NP-Z]{{2}}[ .\-]?{_digits(9)}", french, sure=True),
    Scheme("GB", rf"{_digits(9)}(?:[ .\-]?\d{{3}})?", british, sure=True),
    Scheme("HR", _digits(11), mod_11_10),
    Scheme("HU", _digits(8), _divides(10, (9, 7, 3, 1, 9, 7, 3, 1))),
    Scheme("IE", r"\d[\dA-Z+*][ .\-]?\d{5}[ .\-]?[A-W][A-IW]?", irish),
    Scheme("IT", _digits(11), italian, sure=True),
    Scheme("LT", rf"(?:{_digits(12)}|{_digits(9)})", lithuanian, sure=True),
    Scheme("LU", _digits(8), luxembourgish, sure=True),
    Scheme("LV", _digits(11), latvian, person=lambda number: number[0] <= "3"),
    Scheme("MT", rf"[1-9][ .\-]?{_digits(7)}", _divides(37, (3, 4, 6, 7, 8, 9, 10, 1)), sure=True),
    Scheme("NL", rf"{_digits(9)}[ .\-]?B[ .\-]?\d\d", dutch, sure=True),
    Scheme("NO", rf"{_digits(9)}(?:[ \-]?MVA)?", norwegian),
    Scheme("PL", _digits(10), PlNipRecognizer.is_valid),
    Scheme("PT", rf"[1-9][ .\-]?{_digits(8)}", portuguese, person=lambda number: number[0] in "123"),
    Scheme("RO", r"[1-9](?:[ .\-]?\d){3,12}", romanian, person=lambda number: len(number) == 13),
    Scheme("SE", rf"{_digits(10)}[ .\-]?01", swedish, sure=True, person=swedish_person),
    Scheme("SI", rf"[1-9][ .\-]?{_digits(7)}", slovenian),
    Scheme("SK", rf"[1-9]\d[2-47-9][ .\-]?{_digits(7)}", slovak),
    Scheme("XI", rf"{_digits(9)}(?:[ .\-]?\d{{3}})?", british, sure=True),
)
"""The schemes by the letters of VIES, in their order; with CHE of Switzerland, GB and NO."""

"""Reads dictated e-mail addresses: "jon dot w at example dot com", "j o n at example dot com".

An address is read outwards from each "at": to the right names with "dot" between them, to the left one
word with the letters, numbers and signs that belong to it. Since people also look at, work at and order
at places on the internet, a plain word before "at" needs evidence: a word about mail before it, a mail
provider after it, or a structure that only addresses have.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from shield.analyzer.views.number_words import Said
from shield.analyzer.views.units import SPELLED, Unit

_LONGEST = 40  # units on either side
_WORDS_OF_NAME = 2  # "big company dot com"
_SIGNS_OF_LOCAL = "._-+"
_SIGNS_OF_DOMAIN = "-"
_MULTIPLIERS = (Said.HUNDRED, Said.THOUSAND)
_BEFORE = 60  # code points before a word in which a label is looked for
_LABEL = re.compile(
    r"(?:e-?mails?|mails?|address|correo|direcci[oó]n|adresse|indirizzo|adres|endere[cç]o|contact|reach|write|"
    r"written|mailto|inbox|gmail)\b",
    re.IGNORECASE,
)
_NEVER_LOCAL = frozenset(
    "a an the is it's its it that this these those them us me you him her we they i he she at to in on of "
    "for from with by and or but not no yes so here there available online up out off down back look looks "
    "looking looked visit visits find finds found work works working worked buy bought order ordered orders "
    "shop shopped register registered sign signed site website page store read saw seen see check checked "
    "logged live lives stay stayed stop stopped shopping account ordering point posted post listed hosted "
    "good great best bad customer email mail address my your our his their was are were be been".split()
)
_NOT_PART_OF_LOCAL = _NEVER_LOCAL | frozenset("write reach contact send sent call use try".split())
_PROVIDERS = frozenset(
    "gmail googlemail yahoo ymail hotmail outlook live msn icloud mac aol proton protonmail gmx web yandex "
    "mail fastmail zoho comcast verizon att btinternet sky orange wanadoo free libero laposte t-online "
    "terra uol bol wp onet interia o2 ziggo kpn planet hushmail tutanota rediffmail qq".split()
)

_CURRENCIES = frozenset("$€£¥")
_PACKAGES = frozenset("com org net io java javax kotlin scala android".split())
"""What package names begin with: a stack trace reads "NullPointerException at com.acme"."""


@dataclass(frozen=True, slots=True)
class Change:
    """`[start, end)` reads as `text`; as `bare` in the view without groups.

    `kept`: it is left as it is, and nothing else is read in it.
    """

    start: int
    end: int
    text: str
    bare: str
    kept: bool = False


def plausible(text: str, start: int, local: str, domain: str) -> bool:
    """Whether a plain word before an "at" is the first half of an address."""
    word = local.lower()
    if _LABEL.search(text, max(0, start - _BEFORE), start):
        return word not in _NEVER_LOCAL
    if not word.isalpha():
        return True
    if word in _NEVER_LOCAL:
        return False
    return domain.lower().partition(".")[0] in _PROVIDERS


def addresses(text: str, listed: Sequence[Unit]) -> list[Change]:
    """The dictated addresses of a text, in order and disjoint."""
    found: list[Change] = []
    end = 0
    for place, unit in enumerate(listed):
        if unit.said is None or unit.said.said is not Said.AT or unit.start < end:
            continue
        right = _domain(listed, place)
        if right is None:
            continue
        left = _local(listed, place)
        if left is None or listed[left[0]].start < end:
            continue
        (first, local), (last, domain) = left, right
        if domain.partition(".")[0] in _PACKAGES:
            continue
        start, end_of_domain = listed[first].start, listed[last].end
        if text[max(0, start - 1) : start] in _CURRENCIES:
            continue  # "$12.40 at shop.example"
        written = text[start:end_of_domain]
        address = f"{local}@{domain}"
        spelled = sum(unit.said is SPELLED for unit in listed[first:place]) > 1
        if written == address or not (spelled or plausible(text, start, local, domain)):
            continue
        found.append(Change(start, end_of_domain, address, address))
        end = end_of_domain
    return found


def _domain(listed: Sequence[Unit], at: int) -> tuple[int, str] | None:
    """The index of the last unit of the domain after `at`, and the domain; `None` where there is none."""
    text = ""
    name = ""
    words = 0
    dots = 0
    last = None
    for place in range(at + 1, min(len(listed), at + 1 + _LONGEST)):
        unit = listed[place]
        if not unit.joins or (place > at + 1 and "\n" in unit.gap):
            break
        sign = _sign(unit)
        literal = unit.gap.strip() if place > at + 1 else ""
        if literal == "." and not unit.gap[-1:].isspace() and name:
            sign_before = "."
        elif literal == "-" and name:
            name += "-"
            sign_before = ""
        else:
            sign_before = ""
        if "." in (sign, sign_before):
            if not name:
                break
            text += ("." if text else "") + name
            name, words = "", 0
            dots += 1
            if sign == ".":
                continue
        if sign in _SIGNS_OF_DOMAIN and sign:
            if not name:
                break
            name += sign
            words = 0
            continue
        if sign or (unit.said is not None and unit.said.said in (Said.AT, Said.REPEAT, *_MULTIPLIERS)):
            break
        plain = unit.said is None
        # After the last dot comes one word, or letters; before it, a name of two words at the most.
        if plain and name and not name.endswith("-") and (dots or words >= _WORDS_OF_NAME):
            break
        if dots and name and not (unit.said is SPELLED and len(name) < 3 and name.isalpha()):  # noqa: PLR2004  of two letters it is a country, spelt
            break
        name += (unit.written_letter if _beside_letter(listed, place) else unit.text).lower()
        words += 1
        if dots:
            last = (place, text + "." + name)
    return last


def _local(listed: Sequence[Unit], at: int) -> tuple[int, str] | None:
    """The index of the first unit of the local part before `at`, and the local part."""
    pieces: list[str] = []
    first = None
    joined = False  # whether a sign is between the last part taken and the next
    word = False  # whether a plain word was taken, so that only a sign can continue it
    for place in range(at - 1, max(-1, at - 1 - _LONGEST), -1):
        unit, after = listed[place], listed[place + 1]
        gap = after.gap
        if not after.joins or "\n" in gap:
            break
        literal = gap if place < at - 1 and gap in _SIGNS_OF_LOCAL and len(gap) == 1 else ""
        if not literal and any(c in gap for c in ".;:()"):
            break
        sign = _sign(unit)
        if sign:
            if joined or sign not in _SIGNS_OF_LOCAL:
                break
            pieces.append(sign)
            joined = True
            continue
        joined = joined or bool(literal)
        if unit.said is not None and unit.said.said in (Said.AT, *_MULTIPLIERS):
            break
        if unit.said is not None and unit.said.said is Said.REPEAT:
            if not pieces or joined or len(pieces[-1]) != 1:
                break
            pieces[-1] *= int(unit.said.text)
            first = place
            continue
        if unit.said is None:
            lone = unit.text.lower()
            if (word and not joined) or (pieces and lone in _NOT_PART_OF_LOCAL):
                break
            if pieces and not joined and not pieces[-1].isdigit():
                break  # letters after a word: "this is j o n"
            word = True
        elif (word and not joined) or (
            unit.said is SPELLED and pieces and not joined and unit.text in "aI" and len(pieces[-1]) > 1
        ):
            break
        if literal:
            pieces.append(literal)
        if joined:
            word = unit.said is None
        pieces.append(unit.written_letter if _beside_letter(listed, place) else unit.text)
        joined = False
        first = place
    while pieces and pieces[-1] in _SIGNS_OF_LOCAL:
        pieces.pop()
    if first is None or not pieces:
        return None
    return first, _summed(pieces[::-1]).lower()


def _beside_letter(listed: Sequence[Unit], place: int) -> bool:
    return any(
        listed[beside].said is SPELLED for beside in (place - 1, place + 1) if 0 <= beside < len(listed)
    )


def _summed(pieces: list[str]) -> str:
    """The pieces joined, with tens and the unit after them as one number: 70 2 is 72."""
    text: list[str] = []
    for piece in pieces:
        tens = len(text) > 0 and len(text[-1]) == 2 and text[-1].isdigit() and text[-1][1] == "0"  # noqa: PLR2004  two digits, such as 20
        if tens and len(piece) == 1 and piece in "123456789" and text[-1] != "10":
            text[-1] = text[-1][0] + piece
        else:
            text.append(piece)
    return "".join(text)


def _sign(unit: Unit) -> str:
    return unit.text if unit.said is not None and unit.said.said is Said.SIGN else ""

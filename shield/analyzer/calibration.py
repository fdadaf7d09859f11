"""Corrects, after the recognizer ran, scores of Presidio's that are too high for their evidence.

The recognizers' own results stay Presidio's (see `patterns`); this table says where we differ, and why.
Context raises a corrected score like any other.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from types import MappingProxyType

from shield.analyzer.context import roots_of
from shield.analyzer.recognizers.addresses_of_nobody import is_no_host, is_piece_of_fingerprint
from shield.analyzer.surroundings import Surroundings

Correction = Callable[[str, int, int, float, Surroundings], float]
"""(text, start, end, score, reader of what precedes places of the text) -> score"""
_UNLIKELY = 0.3  # below the threshold of a policy, unless context raises it
_NEVER = 0.1  # below it with context, too
_DIGITS = "0123456789"
_WHOLE_PART = re.compile(r"[+-]?[0-9]{1,7}")
_MORE_BEHIND = re.compile(r"\.[0-9]")
_VERSIONED = frozenset(
    "version versión versione versão versie wersja firmware fw build release bios driver".split()
)
_PRODUCT = re.compile(
    r"(?<![\w/.-])(?:mozilla|applewebkit|(?:headless)?chrom(?:e|ium)|crios|version|safari|edga?|edgios|opr|opera|"
    r"firefox|fxios|gecko|samsungbrowser|yabrowser|vivaldi|electron|nginx|apache|openssl|curl|wget|okhttp|dalvik|"
    r"cfnetwork|darwin|postmanruntime|python-requests|java|node|php|android|ios|windows)/\Z",
    re.IGNORECASE,
)
_OR_LATER = re.compile(
    r"[ ](?:or|and)[ ](?:later|newer|higher|above|earlier|older|below|up)\b", re.IGNORECASE
)
_LONGEST_PRODUCT = 24  # code points of a product's name
_DEVICES = frozenset(("imei", "meid", "imsi", "iccid"))
_VERSIONED_ROOTS, _DEVICES_ROOTS = roots_of(_VERSIONED), roots_of(_DEVICES)


def _unlike_nhs(text: str, start: int, end: int, score: float, _around: Surroundings) -> float:
    """NHS numbers are written in groups with spaces.

    One ten-digit number in eleven passes the checksum: timestamps, order numbers and, with hyphens,
    North American phone numbers among them.
    """
    return score if " " in text[start:end] else min(score, _UNLIKELY)


def _whole_token(text: str, start: int, end: int, score: float, _around: Surroundings) -> float:
    """The pattern has no bounds: it also matches inside UUIDs, hashes and longer codes."""
    before = start > 0 and _joins(text[start - 1])
    after = end < len(text) and _joins(text[end])
    return min(score, _NEVER) if before or after else score


def _of_a_host(text: str, start: int, end: int, score: float, around: Surroundings) -> float:
    """Masks and networks are nobody's; nor are versions with four numbers.

    Those follow a word or a product name that says so, as in a `User-Agent` field: `Chrome/119.0.0.0` (RFC
    9110, 10.1.5), or later ones count, too ("4.11.2.1 or later"). Among more than four numbers they are part
    of an object identifier (`urn:oid:1.2.36.146.595.217.0.1`, RFC 3061).
    """
    if is_no_host(text[start:end]):
        return min(score, _NEVER)
    before = text[start - 1 : start] if start else ""
    if (before == "." and start > 1 and text[start - 2] in _DIGITS) or _MORE_BEHIND.match(text, end):
        return min(score, _NEVER)
    if _is_last_of(_VERSIONED, _VERSIONED_ROOTS, start, around) or (
        before == "/" and _PRODUCT.search(text, max(0, start - _LONGEST_PRODUCT), start)
    ):
        return min(score, _UNLIKELY)
    return min(score, _UNLIKELY) if _OR_LATER.match(text, end) is not None else score


def _of_a_device(text: str, start: int, end: int, score: float, _around: Surroundings) -> float:
    """Six pairs of a longer row are of a fingerprint or a serial number."""
    return min(score, _NEVER) if is_piece_of_fingerprint(text, start, end) else score


def _unlike_device(text: str, start: int, end: int, score: float, around: Surroundings) -> float:
    """An IMEI has fifteen digits and the check digit of a card: only a label says which it is.

    What stands behind the point of a decimal number, as programs write times ("6.4499999999999975"), is none.
    """
    if start and end == len(text) and text[start - 1] == "." and _WHOLE_PART.fullmatch(text, 0, start - 1):
        return min(score, _NEVER)
    return min(score, _UNLIKELY) if _is_last_of(_DEVICES, _DEVICES_ROOTS, start, around) else score


def _is_last_of(words: Container[str], roots: Sequence[str], start: int, around: Surroundings) -> bool:
    """Whether the label before a place ends in one of the words; `roots` rule out most texts quickly."""
    if around.silent(roots, start):
        return False
    said = around.label(start)
    return bool(said) and said[-1] in words


def _joins(character: str) -> bool:
    return character.isalnum() or character in "_-"


CORRECTIONS: Mapping[str, Correction] = MappingProxyType(
    {
        "CreditCardRecognizer": _unlike_device,
        "IpRecognizer": _of_a_host,
        "MacAddressRecognizer": _of_a_device,
        "MedicalLicenseRecognizer": _whole_token,
        "NhsRecognizer": _unlike_nhs,
    }
)

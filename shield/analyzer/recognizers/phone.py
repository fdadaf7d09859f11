"""Finds phone numbers: Presidio's `PhoneRecognizer`, run only where a number can be, with graded scores.

Presidio reads the whole text once for each region and scores all it finds 0.4. Here `phonenumbers`
reads only runs of digits and phone punctuation, with the same leniency (VALID), and stops at the first
region that explains a whole run. Findings are graded:

- 0.75: written with `+` (E.164) and valid; 0.6 where only possible (ranges reserved for fiction).
- 0.6: written with separators, and grouped as the region groups them, or with its trunk prefix `0`.
- 0.6: the North American forms NNN-NNN-NNNN and (NNN) NNN-NNNN, valid or not, as 555 numbers are reserved;
  0.75 with +1.
- 0.4: any other valid number, such as bare digits; NNN-NNNN in North America. Context must raise these.

Digits after the prefix of a code (ORD-…) have 0.4. Dates, times, IPv4 addresses and cards in groups of four
are not phone numbers. An alternative ending ("-0171/0172") belongs to its number. Presidio's results on
other text are all found, with the same spans (`test_phone.py`); digit blocks beyond 17 are not read.
"""

# ruff: noqa: E501, SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import phonenumbers

from shield.analyzer.recognizers.phone_matcher import Endings, Parsed, spans
from shield.analyzer.recognizers.phone_runs import digits_in, end_of_reading, is_extended, runs, windows
from shield.config_codes import ProblemCode
from shield.domain import Check, no_check
from shield.errors import ConfigError, DetectionIncompleteError

RECOGNIZER = "PhoneRecognizer"
ENTITY = "PHONE_NUMBER"
CONTEXT = (
    *"phone telephone cell cellphone mobile handset call callback dial ring tel telefon telefono".split(),
    *"landline fax sms text whatsapp reach msisdn hotline extension".split(),
    *(
        "my number",
        "your number",
        "his number",
        "her number",
        "their number",
        "contact number",
        "direct line",
    ),
)

_NOT_PHONE = re.compile(
    r"""
    \d{4}[-/.]\d{1,2}[-/.]\d{1,2} (?:[ T]+\d{1,2})?    # 2024-11-23 10(:30)
    | \+(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])  # of Screenshot+2024-11-23, in a query
    | \d{1,2}[-/.]\d{1,2}[-/.]\d{4} (?:[ ]+\d{1,2})?   # 23.11.2024
    | (?:\d{1,3}\.){3}\d{1,3} (?:/\d{1,2})?            # 203.0.113.7
    | \d{4}([ -])\d{4}\1\d{4}\1\d{4}                   # a card
    | \d{4}[ -]\d{6}[ -]\d{5}
    | [1-9]\d{2}-\d{2}-\d{4}                            # a social security number
    | (?!0[1-9](?:\.\d\d){4}\Z)\d{1,4}(?:\.\d{1,4}){3,}  # 3.14.15.926, but not 01.99.00.12.34 of France
    | (?<=[A-Za-z]{3}/)\d{1,2}/\d{4}(?:[ ]\d{1,2})?         # Feb/07/2024 09(:16)
    | (?<=[A-Za-z]-)20[0-4]\d-\d{4,8}                  # of CLM-2024-771034
    """,
    re.VERBOSE | re.ASCII,
)
_NORTH_AMERICA = re.compile(
    r"(?<![\w.+/-])(?:\+?1[ .-]?)?(?:\([2-9]\d{2}\)[ -]?|[2-9]\d{2}([ .-]))"
    r"\d{3}(?(1)\1|[ .-])\d{4}(?![\w/-]|\.\d)",
    re.ASCII,
)
_NORTH_AMERICA_LOCAL = re.compile(r"(?<![\w.+/)(-])(?<!\d )[2-9]\d{2}-\d{4}(?![\w/-]|\.\d)", re.ASCII)
_NUMBER_OF_A_THING = re.compile(
    r"\b(?:control|badge|tracking|order|invoice|case|ticket|claim|batch|serial|asset|part|model|confirmation|container|"
    r"booking|form|bag|luggage|lot|waybill)[ ](?:number|num|no|nr|tag|#)\.?(?:[ ](?:is|was)|:)?[ ]?\Z",
    re.IGNORECASE,
)
_ASSIGNED = frozenset((":", "=", " "))
_EPOCH = re.compile(r"1[5-9]\d{8}")
_TIME_BEFORE = re.compile(
    r"(?:created|updated|modified|deleted|expires|timestamp|time|date|ts|iat|exp|nbf|_at|_on|start|end)"
    r"[\"']?[ ]?[:=][ ]?\Z",
    re.IGNORECASE,
)
_PAIRS = re.compile(r"\d\d(?: \d\d){3,7}")
_HEX_BEFORE = re.compile(
    r"(?<![^\W_])[0-9a-f]{2} (?:(?:[0-9a-f]{2} ){0,2}(?:[a-f]\d|\d[a-f]) (?:[0-9a-f]{2} ){0,2}|[a-f]{2} ) ?\Z"
)
"""Two to six pairs of hexadecimal digits, one of them with a digit and a letter, or the last of letters."""
_HEX_REACH = 20
_THINGS = frozenset(
    """bestelling bestellung bestellnummer bestelnummer pedido commande ordine encomenda zamówienie zamówienia factura rechnung
    rechnungsnummer facture fattura factuur factuurnummer fatura faktura faktury lieferschein lieferscheinnummer seriennummer serienummer
    étiquette etiqueta etichetta kofferlabel etykieta amende multa boete coima mandat bußgeld
    referenz référence referencia referência riferimento referentie sendung sendungsnummer zending colis spedizione artikelnummer
    vorgangsnummer auftragsnummer albarán serie série lote lotto indeks rif réf part tag awb""".split()
)
"""Things that are named directly before their number."""
_OF_THEIRS = frozenset("nr nº n° no núm num número numéro numero nummer numer".split())
_NAMED = 32  # code points that are read for the name of a thing
_NUMBER = frozenset({"number", "num", "no", "nr", "tag", "#"})  # the last word before it, or before "is"
_OPENING, _PLUS = "([\uff08\uff3b", ("+", "\uff0b")
_SEPARATED = re.compile(r"\d[^\d]+\d")
_TRUNK = re.compile(r"[(\uff08\[]?0\d")
_ALTERNATE = re.compile(r"/\d{1,4}(?![\w/]|[.,:\-]\d)")
_VALID = phonenumbers.Leniency.VALID
_POSSIBLE = phonenumbers.Leniency.POSSIBLE
_STRICT = phonenumbers.Leniency.STRICT_GROUPING
INTERNATIONAL, FORMATTED, WEAK = 0.75, 0.6, 0.4

Skip = Callable[[int, int], bool]
"""Whether the caller has no use for what is in `[start, end)`."""
Spans = Sequence[tuple[int, int]]


def is_international(digits: str) -> bool:
    """Whether ASCII digits, with or without `+`, are a valid number with the code of its country (E.164)."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse("+" + digits.removeprefix("+")))
    except phonenumbers.NumberParseException:
        return False


class PhoneHit(NamedTuple):
    """A phone number, in code points of the text."""

    start: int
    end: int
    score: float


class PhoneNumbers:
    """Finds phone numbers of the given regions (ISO 3166-1). Raises `ConfigError` for an unknown one."""

    def __init__(self, regions: Sequence[str]) -> None:
        unknown = sorted(set(regions) - phonenumbers.SUPPORTED_REGIONS)
        if unknown:
            raise ConfigError(
                ProblemCode.REGION_UNKNOWN,
                f"phone_regions: {', '.join(unknown)}: not a region with phone numbers",
            )
        self.regions = tuple(dict.fromkeys(regions))
        self._plans = tuple({_plan(region): region for region in reversed(self.regions)}.values())[::-1]
        self._endings = {region: Endings(region) for region in self._plans}
        self._north_america = not {"US", "CA"}.isdisjoint(regions)

    def analyze(
        self, text: str, check: Check = no_check, skip: Skip | None = None, within: Spans | None = None
    ) -> list[PhoneHit]:
        """The phone numbers of `text`. Raises `DetectionIncompleteError` where the library raises.

        `skip` is asked before a run of digits is read. `within` are the `runs` of the text, where they are
        known.
        """
        hits: list[PhoneHit] = []
        by_form: list[PhoneHit] = []
        parsed = Parsed()
        try:
            for start, end in runs(text) if within is None else within:
                if skip is not None and skip(start, end):
                    continue  # and so would each part of it be
                formed = _by_form(text, start, end) if self._north_america else []
                by_form += formed
                # A run that is one North American number without an extension needs no further reading.
                whole = bool(formed) and (formed[0].start, formed[0].end) == (start, end)
                if whole and not is_extended(text, end):
                    continue
                if _NOT_PHONE.fullmatch(text, start, end):
                    continue
                for low, high in windows(text, start, end):
                    check()
                    hits += self._read(text, low, high, parsed)
        except phonenumbers.NumberParseException:  # its message may carry the number
            raise DetectionIncompleteError(recognizer=RECOGNIZER) from None
        hits += [hit for hit in by_form if skip is None or not skip(hit.start, hit.end)]
        return _distinct([_whole(text, hit) for hit in hits if not _is_time(text, hit)])

    def _read(self, text: str, start: int, end: int, parsed: Parsed) -> Iterator[PhoneHit]:
        """The numbers in a run of digits, in the first region that explains all of it."""
        run = text[start:end]
        # The matcher looks at the character before a number, and for an extension after it.
        low, high = max(0, start - 2), end_of_reading(text, end)
        window = text[low:high]
        digits = digits_in(text, start, end)
        international = run.lstrip(_OPENING).startswith(_PLUS)
        found: dict[tuple[int, int], float] = {}
        for region in self._plans:
            for first, last in self._matches(window, region, _VALID, low, start, end, parsed):
                found[first, last] = max(found.get((first, last), 0.0), _grade(text[first:last]))
            if any(digits_in(text, *span) >= digits for span in found):
                break
            if international and not found:
                # Where the country code is written, the regions do not matter.
                for span in self._matches(window, region, _POSSIBLE, low, start, end, parsed):
                    if text[span[0] : span[1]].startswith(_PLUS):
                        found[span] = FORMATTED
                break
        for (first, last), score in found.items():
            if (
                score == WEAK
                and _SEPARATED.search(text, first, last)
                and self._well_grouped(text, first, last, parsed)
            ):
                yield PhoneHit(first, last, FORMATTED)
            else:
                yield PhoneHit(first, last, score)

    def _matches(  # noqa: PLR0917  # a window and the run in it
        self, window: str, region: str, leniency: int, low: int, start: int, end: int, parsed: Parsed
    ) -> Iterator[tuple[int, int]]:
        for first, last in spans(window, region, leniency, self._endings[region], parsed):
            if start <= first + low < end:
                yield first + low, last + low

    def _well_grouped(self, text: str, first: int, last: int, parsed: Parsed) -> bool:
        low, high = max(0, first - 2), min(len(text), last + 2)
        return any(
            span == (first, last)
            for region in self._plans
            for span in self._matches(text[low:high], region, _STRICT, low, first, last, parsed)
        )


def _whole(text: str, hit: PhoneHit) -> PhoneHit:
    """A hit with its alternative ending (-0171/0172); its score is low where it is part of a code."""
    if hit.score >= FORMATTED and (other := _ALTERNATE.match(text, hit.end)) is not None:
        hit = PhoneHit(hit.start, other.end(), hit.score)
    return PhoneHit(hit.start, hit.end, WEAK) if _is_code(text, hit) else hit


def _is_time(text: str, hit: PhoneHit) -> bool:
    """Whether it is seconds since 1970 as the value of a member or variable: `"created":1771578902`."""
    start = hit.start
    return (
        text[start - 1 : start] in _ASSIGNED
        and _EPOCH.fullmatch(text, start, hit.end) is not None
        and _TIME_BEFORE.search(text, max(0, start - _NAMED), start) is not None
    )


def _is_code(text: str, hit: PhoneHit) -> bool:
    """Whether it is part of ORD-415-555-0132, or named as a thing's: "control number 880-441-2039".

    So are coordinates of a drawing (".64.07-.97") and pairs in a row of hexadecimal ones.
    """
    start = hit.start
    if "-." in text[start : hit.end] or (
        _PAIRS.fullmatch(text, start, hit.end) is not None
        and _HEX_BEFORE.search(text, max(0, start - _HEX_REACH), start) is not None
    ):
        return True
    if start > 1 and text[start - 1] in "-_" and text[start - 2].isalnum():
        return True
    low = max(0, start - _NAMED)
    words = text[low:start].lower().split()[-2:]  # cheaper than a search
    words = [word.strip("([.:") for word in words]
    if words and (words[-1] in _THINGS or (words[0] in _THINGS and words[-1] in _OF_THEIRS)):
        return True
    if _NUMBER.isdisjoint(words):
        return False
    return _NUMBER_OF_A_THING.search(text, low, start) is not None


def _plan(region: str) -> tuple[object, ...]:
    """What `phonenumbers` uses to read a region's numbers; equal for countries of one numbering plan."""
    metadata: Any = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    general = metadata.general_desc
    return (
        metadata.country_code,
        metadata.international_prefix,
        metadata.national_prefix_for_parsing,
        metadata.national_prefix_transform_rule,
        general.national_number_pattern,
        general.possible_length,
        general.possible_length_local_only,
    )


def _by_form(text: str, start: int, end: int) -> list[PhoneHit]:
    """The North American forms in a run; no form exceeds a run, but what follows it is considered."""
    if text[start:end].isdigit():
        return []  # each form has separators between its digits
    seen = min(len(text), end + 2)
    found = []
    for match in _NORTH_AMERICA.finditer(text, start, seen):
        score = INTERNATIONAL if text[match.start()] == "+" else FORMATTED
        found.append(PhoneHit(*match.span(), score))
    for match in _NORTH_AMERICA_LOCAL.finditer(text, start, seen) if "-" in text[start:end] else ():
        found.append(PhoneHit(*match.span(), WEAK))  # noqa: PERF401  # as the loop before
    return found


def _grade(number: str) -> float:
    """The score of a valid number by how it is written."""
    bare = number.lstrip(_OPENING)
    if bare.startswith(_PLUS):
        return INTERNATIONAL
    return FORMATTED if _SEPARATED.search(number) and _TRUNK.match(number) else WEAK


def _distinct(hits: Sequence[PhoneHit]) -> list[PhoneHit]:
    """The hits without those that lie in another one, which gets the better score of the two."""
    distinct: list[PhoneHit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        last = distinct[-1] if distinct else None
        if last is not None and hit.end <= last.end:
            distinct[-1] = PhoneHit(last.start, last.end, max(last.score, hit.score))
        else:
            distinct.append(hit)
    return distinct

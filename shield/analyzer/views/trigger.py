"""Tells by one Hyperscan scan of a text which readings can differ from it: plain text costs nothing more.

The expressions say "perhaps": each matches every text that its reading would change in a way that
matters, and few others. They read the folded text of `folded.fold`, one byte per character, `?` for
every non-ASCII character.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from shield.analyzer.expressions.compiled_store import CompiledStore
from shield.analyzer.expressions.folded import fold, has_digit
from shield.analyzer.expressions.scanner import CASELESS, DOTALL, SINGLE_MATCH, Expression, Scanner
from shield.analyzer.expressions.weaken import weaken
from shield.analyzer.views.checks import country_apart
from shield.analyzer.views.folded import PARTING, PARTLESS
from shield.analyzer.views.glued import BEFORE_DIGITS, DIGITS, DOMAINS, LABELS
from shield.analyzer.views.number_words import Said, SaidWord


class Reading(enum.Enum):
    FOLDED = "folded"
    SPOKEN = "spoken"
    SPACED = "spaced"  # digits
    SPACED_CODE = "spaced code"
    SPACED_ADDRESS = "spaced address"
    LOOKALIKE = "lookalike"
    DECODED = "decoded"
    GLUED = "glued"
    FRAMED = "framed"
    PARTED = "parted"
    # Parts of the readings above, which look for these only where they may be.
    SPACED_SINGLES = "single characters apart"
    SPACED_DOTS = "dots apart"
    SPACED_COIN = "coin address apart"
    DECODED_BASE32 = "base32"
    DECODED_HEX = "hexadecimal"

    # Members are singletons; hashing by name, as `Enum` does, would cost a call for each look-up in a set.
    __hash__ = object.__hash__


PARTS: Final = frozenset(
    {
        *(Reading.SPACED_SINGLES, Reading.SPACED_DOTS, Reading.SPACED_COIN),
        *(Reading.DECODED_BASE32, Reading.DECODED_HEX),
    }
)
"""Asked for together with the readings of which they are parts; not readings by themselves."""

_NUMBERS = (Said.DIGIT, Said.TEEN, Said.TENS, Said.HUNDRED, Said.HUNDREDS, Said.THOUSAND)
_CHUNK = 24  # words of one expression
_CLOSE = 48  # bytes from the end of a number word to that of the next but one
# What may separate the digits of one number; as in `spaced`.
_SEPARATOR = r"[ \t\r\n.,_/|*~()?-]"
_ODD = r"[ \t-]{0,2}[_/|*~.,?\r\n\t]{1,2}[ \t-]{0,2}"
_MARKS = r"(?:[^a-z0-9 \t\r\n-]|[ -]{1,2}[^a-z0-9 \t\r\n-])[^a-z0-9]{0,4}"
_COUNTRY = country_apart(_SEPARATOR)
_EXPRESSIONS = (
    (Reading.FOLDED, r"&#?[a-z0-9]{1,31};|&#x?[0-9a-f]{2}|%u?[0-9a-f]{2}|\\[ux]\{?[0-9a-f]{2}"),
    (Reading.FOLDED, r"[a-z0-9.,;:!?)][+][a-z0-9]"),
    (Reading.FOLDED, r"[a-z0-9)]\\[-_.@()]|\\[+(][0-9]"),
    (Reading.FOLDED, r"begin:v(?:card|calendar|event|todo)"),
    (Reading.FOLDED, r"(?:^|[^a-z0-9_])_{1,3}[^_\s]|[0-9]{4}_[a-z]"),
    (Reading.FOLDED, r"[a-z]_(?:[0-9]{3}[-. ][0-9]|[0-9]{4}[-. ][0-9]{4}|[0-9]{9})"),
    (Reading.FOLDED, r"[\x00-\x08\x0e-\x1f\x7f]|(?:\^\[|\\(?:033|e))\[[0-9;]{0,16}m"),
    (
        Reading.FOLDED,
        rf"<(?:!--|!\[CDATA\[|/?(?:{PARTLESS}|{PARTING})[\s/>])",
    ),
    (Reading.FOLDED, r"[0-9)@-] ?\r?\n[ \t]{0,4}>[> \t]{0,8}\(?[a-z0-9]"),
    (Reading.FOLDED, r"<[0-9]{2,3}:[0-9]{2}[:.][0-9]{2}"),
    (Reading.FOLDED, r"<c\.|</c>"),
    # single digits apart; pairs; groups that are not those of a card; odd or double separators
    (Reading.SPACED, rf"(?:\b[0-9]{_SEPARATOR}{{1,4}}){{5}}"),
    (Reading.SPACED, r"(?:[0-9]{2}[ -]){4}"),
    (Reading.SPACED, r"\b(?:[0-9]{1,3}|[0-9]{5,12})[ -]{1,3}[0-9](?:[ -]{0,3}[0-9]){9}"),
    (Reading.SPACED, r"[0-9]{4}[ -]{1,3}(?:[0-9]{1,2}|[0-9]{5,12})[ -]{1,3}[0-9](?:[ -]{0,3}[0-9]){5}"),
    (Reading.SPACED, r"[0-9]{3,4}[ -]{2,4}[0-9]{2,4}[ -]{2,4}[0-9]{3,4}"),
    (Reading.SPACED, rf"[0-9]{{2,4}}{_ODD}[0-9]{{2,6}}(?:{_ODD}|[ -])[0-9]{{4}}"),
    (Reading.SPACED, rf"[0-9]{{2,4}}[ -][0-9]{{2,6}}{_ODD}[0-9]{{4}}"),
    (Reading.SPACED, rf"[0-9]{{4}}{_MARKS}[0-9]{{4}}{_MARKS}[0-9]{{4}}{_MARKS}[0-9]{{4}}"),
    (Reading.SPACED, r"[0-9]\s{1,2}\.\s{0,2}[0-9]{1,3}\s{0,2}\.\s{0,2}[0-9]"),
    (Reading.SPACED_CODE, r"\b(?:[13][0-9a-z]{3}|bc1[0-9a-z])(?:[ -][0-9a-z]{4}){5}"),
    (
        Reading.SPACED_CODE,
        (
            rf"\b{_COUNTRY}[0-9]{_SEPARATOR}{{0,4}}[0-9]"
            rf"(?:{_SEPARATOR}{{0,4}}[a-z0-9]){{0,6}}(?:{_SEPARATOR}{{0,4}}[0-9]){{6}}"
        ),
    ),
    (Reading.SPACED_ADDRESS, r"[a-z0-9?]\s{1,3}@|@\s{1,3}[a-z0-9?]|@[a-z0-9?.-]{1,60}\s\."),
    (
        Reading.SPACED_ADDRESS,
        (
            r"[\[({<]\s?(?:at|@|\.|dot|punkt|punto|ponto|point|punt|arroba|chiocciola|arobase|dash|minus|hyphen|"
            r"underscore)\s?[\])}>]"
        ),
    ),
    # a letter within the digits, or at their end
    (
        Reading.LOOKALIKE,
        (
            r"[0-9][0-9 -]{3,12}[oilsbzqdgt|!]{1,4}[0-9]|[0-9][oilsbzqdgt|!]{1,4}[0-9 -]{4}"
            r"|[0-9 -]{4}[0-9]{3}[oilsbzqdgt|!]{1,3}\b"
        ),
    ),
    (Reading.DECODED, r"[a-z0-9+/_-]{16}|[a-z0-9+/_-]{11,15}="),
    (Reading.DECODED, r"=[0-9a-f]{2}|=\r?\n"),
    (Reading.FRAMED, r"<~.{5,}~>|begin [0-7]{3,4} [^\r\n]{1,200}\r?\n"),
    # These say "perhaps" of one expression each, in `spaced` and `decoded`.
    (Reading.SPACED_SINGLES, r"[a-z0-9_@.+?-](?: {1,2}[a-z0-9_@.+?-]){6}"),
    (Reading.SPACED_DOTS, r"[0-9](?: {1,2}\. {0,2}|\. {1,2})[0-9]"),
    (Reading.SPACED_COIN, r"[13b][0-9a-z]{1,9}(?:[ -][0-9a-z]{4}){5}"),
    (Reading.DECODED_BASE32, r"[a-z2-7]{16}"),
    (Reading.DECODED_HEX, r"[0-9a-f]{16}|[0-9a-f]{2}(?:[ :][0-9a-f]{2}){7}"),
    # an address, a number or a label, and what follows it without a blank
    (
        Reading.GLUED,
        rf"@[a-z0-9.-]{{1,64}}\.{DOMAINS}(?:[0-9]|[_-][0-9]|\.[a-z][a-z]|[a-z]{{3}}|[a-z0-9._%+-]{{1,64}}@)",
    ),
    (Reading.GLUED, rf"[0-9]{{4}}{LABELS}\s?[:=]"),
    (Reading.GLUED, rf"{BEFORE_DIGITS}{DIGITS}"),
    (Reading.GLUED, r"b[0-9]{12,19}\^"),
)


_GERMANIC = (
    r"(?:und|en|\?n)(?:zwan|twin|drei|der|vier|veer|f\?nf|fuenf|funf|vijf|sech|zes|sieb|zeven|acht|tach|neun|"
    r"negen)[sz?t]{1,2}ig"
)
_ROMANCE = (
    r"(?:ventu|vento|vent[idtqcsn]|veinti|trent|quarant|cinquant|sessant|settant|ottant|novant)[a-z]{2,8}\b"
)
_HUNDREDS = r"(?:hundert|honderd|cento|tausend|duizend)[a-z?]{0,20}\b"
_COMPOUND = re.compile(rf"{_GERMANIC}|{_ROMANCE}|-")


Database = tuple[Scanner, list[Reading | None]]
"""Expressions, and the readings that they ask for; `None`: number words, three of which ask for one."""


class Trigger:
    """`words` are those of `number_words.said_words`."""

    def __init__(self, words: Mapping[str, SaidWord], store: CompiledStore | None = None) -> None:
        flags = CASELESS | DOTALL
        texts = [*_EXPRESSIONS, *((Reading.SPOKEN, text) for text in _dictated_addresses(words))]
        every: list[tuple[Reading | None, Expression]] = [
            *((reading, Expression(text, flags | SINGLE_MATCH)) for reading, text in texts),
            *((None, Expression(text, flags)) for text in _number_words(words)),
        ]
        # Expressions that need a digit have a database of their own, which is skipped for texts without one.
        parts = [
            [each for each in every if _needs_digit(each[1].text) is digital] for digital in (False, True)
        ]
        self._databases: tuple[Database, ...] = tuple(
            (Scanner([expression for _, expression in part], store), [reading for reading, _ in part])
            for part in parts
        )

    def fired(self, folded: bytes, among: Sequence[Database] | None = None) -> set[Reading]:
        """The readings that the folded text (`folded.fold`) may ask for; `among`: the result of `telling`."""
        databases = self._databases if among is None else among
        if databases and databases[-1] is self._databases[-1] and not has_digit(folded):
            databases = databases[:-1]
        readings = self._scanned(folded, databases)
        return set() if readings <= PARTS else readings

    def telling(self, folded: bytes) -> list[Database]:
        """The databases by which one of several texts, separated by line breaks, may ask for a reading."""
        databases = self._databases if has_digit(folded) else self._databases[:1]
        return [each for each in databases if self._scanned(folded, (each,))]

    @staticmethod
    def _scanned(folded: bytes, databases: Sequence[Database]) -> set[Reading]:
        readings: set[Reading] = set()
        ends: list[int] = []  # of number words
        of_part: list[Reading | None] = []

        def on_match(expression: int, _start: int, end: int, _flags: int, _context: object) -> None:
            reading = of_part[expression]
            if reading is None:
                ends.append(end)
            else:
                readings.add(reading)

        for scanner, of_part in databases:  # noqa: B007  which `on_match` reads
            scanner.report(folded, on_match)
        if any(third - first <= _CLOSE for first, third in zip(ends, ends[2:])):  # noqa: B905  the second is shorter on purpose
            readings.add(Reading.SPOKEN)
        return readings


def _needs_digit(expression: str) -> bool:
    if "[0-9]" not in expression:
        return False  # most texts have none
    weakened = weaken(expression, 0)
    return weakened is not None and weakened.needs_digit


def _number_words(words: Mapping[str, SaidWord]) -> list[str]:
    """Number words; compounds (einundvierzig, quarantuno) by their common part."""
    numbers = [word for word, each in words.items() if each.said in _NUMBERS and len(word) > 1]
    simple = sorted(word for word in numbers if not _COMPOUND.search(word))
    chunks = [simple[start : start + _CHUNK] for start in range(0, len(simple), _CHUNK)]
    return [rf"\b{_either(chunk)}\b" for chunk in chunks] + [rf"{_GERMANIC}\b", rf"\b{_ROMANCE}", _HUNDREDS]


def _dictated_addresses(words: Mapping[str, SaidWord]) -> list[str]:
    dots = sorted(word for word, each in words.items() if each.text == ".")
    signs = sorted(word for word, each in words.items() if each.said is Said.SIGN)
    at = _either(word for word, each in words.items() if each.said is Said.AT and word != "@")
    # "jon at example.com", but not "at jon.w@example.com"
    expressions = [
        rf"\b{at}\s[a-z0-9-]{{2,40}}(?:\.[a-z0-9-]{{1,40}}){{0,4}}\.[a-z]{{2,24}}(?:[^a-z0-9@_+-]|\z)"
    ]
    expressions += [rf"(?:\b{at}|@)\b.{{1,60}}[^a-z]{re.escape(fold(dot).decode())}[^a-z]" for dot in dots]
    for start in range(0, len(signs), _CHUNK):
        sign = _either(signs[start : start + _CHUNK])
        expressions.append(rf"[^a-z]{sign}[^a-z].{{1,40}}(?:\b{at}\b|@)")
    return expressions


def _either(words: Iterable[str]) -> str:
    ordered = sorted({fold(word).decode("ascii") for word in words}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(map(re.escape, ordered)) + ")"

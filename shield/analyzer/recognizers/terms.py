r"""Finds the configuration's own patterns and deny-listed terms in linear time.

Both are matched by Hyperscan alone (no backtracking), with the start of the match: leftmost, longest,
not overlapping. A pattern that Hyperscan does not compile in this mode is refused.

Hyperscan supports `\b` for ASCII words only. So in a pattern that has it, `\b`, `\w`, `\d` and `\s` are
ASCII's, and a match that ends (begins) inside a word of other letters is extended to the whole word, so that
no tail stays exposed. In any other pattern they are Unicode's.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, groupby
from typing import Final

from shield.analyzer.context import ContextWords, KeyContext, boosted
from shield.analyzer.expressions.scanner import (
    CASELESS,
    DOTALL,
    MULTILINE,
    START_OF_MATCH,
    TOO_LARGE_TOGETHER,
    UNICODE,
    UTF8,
    Expression,
    ExpressionError,
    Scanner,
)
from shield.config_codes import ProblemCode
from shield.domain import TYPOGRAPHIC, DenyRule, Finding, PatternRule, as_typed, comparable
from shield.errors import ConfigError

_BOUNDARY = re.compile(r"\\[bB]")
_INDEX = re.compile(r",?(?: at)? index ([0-9]+)")
_FLAGS = UNICODE | START_OF_MATCH
DENY_LIST = "DenyList"
_BETWEEN: Final = r"[\s_\x{2d}\x{2010}-\x{2015}]{1,4}"  # "Project Aurora", project_aurora.pdf, project-aurora
_UNSPACED: Final = (
    ("\u0e00", "\u0eff"),
    ("\u1000", "\u109f"),
    ("\u1780", "\u17ff"),
    ("\u3040", "\u9fff"),
    ("\uac00", "\ud7a3"),
    ("\uf900", "\ufaff"),
    ("\U00020000", "\U0003ffff"),
)


class _TextScanner:
    """A scanner over text, with spans in code points."""

    def __init__(self, expressions: Sequence[Expression]) -> None:
        self._scanner = Scanner(expressions)

    def spans(self, text: str, *, whole_words: bool = False) -> list[tuple[int, int, int]]:
        """(expression, start, end): for each expression leftmost and longest, in order of start.

        `whole_words` leaves out matches that begin or end inside a word.
        """
        data = _encoded(text)
        raw = self._scanner.scan(data)
        if not raw:
            return []
        places = None if len(data) == len(text) else _places(data, {at for _, *both in raw for at in both})
        spans: list[tuple[int, int, int]] = []
        for expression, group in groupby(sorted(raw), key=lambda match: match[0]):
            position = 0
            for start, ends in groupby(group, key=lambda match: match[1]):
                end = max(match[2] for match in ends)
                if start < position or end <= start:
                    continue
                span = (start, end) if places is None else (places[start], places[end])
                if whole_words and _inside_word(text, *span):
                    continue
                position = end
                spans.append((expression, *span))
        return sorted(spans, key=lambda span: span[1:])


def _encoded(text: str) -> bytes:
    """UTF-8 with U+FFFD for lone surrogates, which Hyperscan does not accept in any form."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text).encode()


def _places(data: bytes, offsets: set[int]) -> dict[int, int]:
    """Byte offsets as code point offsets, in one pass."""
    places: dict[int, int] = {}
    last = count = 0
    for offset in sorted(offsets):
        count += len(data[last:offset].decode("utf-8", "replace"))
        last = offset
        places[offset] = count
    return places


class PatternRules:
    """The pattern rules of a configuration. Raises a `ConfigError` that names the refused rule."""

    def __init__(self, rules: Sequence[PatternRule]) -> None:
        self.rules = tuple(rules)
        self._contexts = [ContextWords.of(rule.context) for rule in rules]
        flags = _FLAGS | DOTALL | MULTILINE | CASELESS  # as Presidio's global flags
        for rule in rules:
            if not 0 <= rule.score <= 1:
                raise ConfigError(
                    ProblemCode.VALUE_OUT_OF_RANGE, f"pattern {rule.name}: the score must be between 0 and 1"
                )
        self._ascii = tuple(_BOUNDARY.search(rule.regex) is not None for rule in rules)
        expressions = [
            Expression(rule.regex, flags & ~UNICODE | UTF8 if ascii_only else flags)
            for rule, ascii_only in zip(rules, self._ascii, strict=True)
        ]
        try:
            self._scanner = _TextScanner(expressions) if expressions else None
        except ExpressionError as error:
            if error.reason == TOO_LARGE_TOGETHER:
                raise ConfigError(
                    ProblemCode.PATTERN_INVALID,
                    "the patterns are too large together; take some out, or shorten some",
                ) from None
            rule = self.rules[error.index]
            raise ConfigError(
                ProblemCode.PATTERN_INVALID, f"pattern {rule.name}: {_refusal(rule.regex, error.reason)}"
            ) from None

    def analyze(self, text: str, keys: KeyContext) -> list[Finding]:
        """The findings of all rules in `text`."""
        if self._scanner is None:
            return []
        found = []
        for place, start, end in self._scanner.spans(text):
            rule = self.rules[place]
            if self._ascii[place]:
                start, end = _whole_words(text, start, end)  # noqa: PLW2901  the span, widened
            score = boosted(rule.score, self._contexts[place], text, (start, end), keys)
            found.append(Finding(start, end, rule.entity_type, score, rule.name))
        return found


def _refusal(regex: str, reason: str) -> str:
    """Why a pattern is refused, for its author: Hyperscan's message, with positions in characters."""
    if "empty buffer" in reason:
        return "it can match the empty text, which is everywhere; have it take at least one character"
    said = reason.strip().rstrip(".")
    if found := _INDEX.search(said):
        # Hyperscan rewrites non-ASCII as \x{e4} before it parses, and counts these characters.
        ends = list(accumulate(1 if c.isascii() else len(f"\\x{{{ord(c):x}}}") for c in regex))
        place = bisect_right(ends, int(found[1])) + 1
        said = f"{said[: found.start()]} at character {place}{said[found.end() :]}"
    if "support" in said:
        return f"it asks for what patterns may not, since they run in linear time: {said}"
    if "too large" in said and "Value" not in said:
        return f"it is too large: {said}"
    return f"not a valid regular expression: {said}"


class DenyTerms:
    """The deny lists of one policy: terms at word bounds, in any case; blanks, hyphens or `_` for a space."""

    def __init__(self, rules: Sequence[DenyRule]) -> None:
        terms: dict[tuple[str, str], None] = {}
        for rule in rules:
            for term in rule.terms:
                # Hyperscan folds one character to one; casefolding also makes `ss` of `ß`.
                for form in (as_typed(term.lower()), comparable(term)):
                    if form.strip():
                        terms[" ".join(form.split()), rule.entity_type] = None
        self._types = [entity_type for _, entity_type in terms]
        expressions = [Expression(_literal(term), _FLAGS | CASELESS) for term, _ in terms]
        self._scanner = _TextScanner(expressions) if expressions else None

    def analyze(self, text: str) -> list[Finding]:
        """Each occurrence of a term, with score 1.0."""
        if self._scanner is None:
            return []
        return [
            Finding(start, end, self._types[place], 1.0, DENY_LIST)
            for place, start, end in self._scanner.spans(text, whole_words=True)
        ]


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while _joined(text, start):
        start -= 1
    while _joined(text, end):
        end += 1
    return start, end


def _literal(term: str) -> str:
    return "".join(c if c.isalnum() else _BETWEEN if c == " " else _sign(c) for c in term)


def _sign(character: str) -> str:
    kinds = "".join(f"\\x{{{ord(c):x}}}" for c in character + TYPOGRAPHIC.get(character, ""))
    return f"[{kinds}]"


def _inside_word(text: str, start: int, end: int) -> bool:
    return not (_may_part(text, start, text[start]) and _may_part(text, end, text[end - 1]))


def _joined(text: str, at: int) -> bool:
    return 0 < at < len(text) and _is_word(text[at - 1]) and _is_word(text[at])


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _may_part(text: str, at: int, own: str) -> bool:
    """Whether a term may begin or end at `at`, where `own` is its character.

    Thai, Chinese and Japanese do not separate words by spaces, and Korean appends particles to them.
    """
    return not _joined(text, at) or any(first <= own <= last for first, last in _UNSPACED)

"""`phonenumbers`' matcher, without the work that cannot lead to a number. Its results are the library's own.

The matcher parses every part of a row of digits that could be a number, in pure Python, for each region. Two
things make that cheap where a text is full of digits that are not phone numbers:

- A number that the library accepts as valid ends with digits that match one of the patterns of its country
  code, since parsing only ever removes digits from the front (international prefix, country code, trunk
  prefix). A candidate of plain digits without such an ending is not parsed.
- Parse results are cached for one text: rows repeat themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import phonenumbers

_PLAIN = re.compile(r"[\d\s().\-/\[\]]+", re.ASCII)
_NOT_DIGITS = re.compile(r"\D+")
_SUFFIX_RULE = re.compile(r"\$\d")
_MEMORY = 20_000  # candidates that are cached for one text
_VALID = phonenumbers.Leniency.VALID
_DESCRIPTIONS = (
    *("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost"),
    *("personal_number", "voip", "pager", "uan", "voicemail"),
)

Key = tuple[str, str | None, int, str, str]
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """The parse results of one text, at most `_MEMORY` of each kind.

    `numbers`: candidate, region, leniency and the characters around it -> the number in it, or `None`.
    `windows`: window, region and leniency -> the spans of the numbers in it.
    """

    numbers: dict[Key, Any] = field(default_factory=dict)
    windows: dict[tuple[str, str, int], Spans] = field(default_factory=dict)


class Endings:
    """How valid numbers of a region end, as one expression over their digits."""

    def __init__(self, region: str) -> None:
        own: Any = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
        rule = own.national_prefix_transform_rule
        self._expression: re.Pattern[str] | None = None
        if rule is not None and not _SUFFIX_RULE.fullmatch(rule):
            return  # parsing puts digits in front, or in place of others
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[own.country_code]
        endings: dict[str, None] = {}
        for each in regions:
            metadata: Any = phonenumbers.PhoneMetadata.metadata_for_region(each, None)
            descriptions = (
                [getattr(metadata, name) for name in _DESCRIPTIONS]
                if len(regions) == 1
                else [metadata.general_desc]
            )
            endings.update(
                (description.national_number_pattern, None)
                for description in descriptions
                if description is not None and description.national_number_pattern
            )
        if endings:
            international = own.international_prefix or "(?!)"
            # What parsing removes: the country code, then the trunk prefix, and that once more.
            trunk = f"(?:{own.national_prefix_for_parsing})?" if own.national_prefix_for_parsing else ""
            front = rf"(?:{own.country_code})?{trunk}{trunk}" if rule is None else r"\d*?"
            self._expression = re.compile(rf"(?:{international})\d*|{front}(?:{'|'.join(endings)})")

    def allow(self, candidate: str) -> bool:
        """Whether the library can take the candidate for a valid number of the region."""
        return _PLAIN.fullmatch(candidate) is None or self.allow_digits(_NOT_DIGITS.sub("", candidate))

    def allow_digits(self, digits: str) -> bool:
        """The same for a candidate's digits alone."""
        return self._expression is None or self._expression.fullmatch(digits) is not None


class Matcher(phonenumbers.PhoneNumberMatcher):
    """The library's matcher for one text and region; matchers of the same text share `parsed`."""

    def __init__(self, text: str, region: str, leniency: int, endings: Endings, parsed: Parsed) -> None:
        super().__init__(text, region, leniency=leniency)
        self._endings = endings
        self._parsed = parsed

    def _parse_and_verify(self, candidate: str, offset: int) -> Any:
        end = offset + len(candidate)
        key = (
            candidate,
            self.preferred_region,
            self.leniency,
            self.text[offset - 1 : offset],
            self.text[end : end + 1],
        )
        numbers = self._parsed.numbers
        if key in numbers:
            number = numbers[key]
            return None if number is None else phonenumbers.PhoneNumberMatch(offset, candidate, number)
        if self.leniency >= _VALID and not self._endings.allow(candidate):
            match = None
        else:
            match = super()._parse_and_verify(candidate, offset)
        if len(numbers) >= _MEMORY:
            numbers.clear()
        numbers[key] = None if match is None else match.number
        return match


def spans(window: str, region: str, leniency: int, endings: Endings, parsed: Parsed) -> Spans:
    """The spans of the numbers that the library finds in a short text, in order."""
    key = (window, region, leniency)
    known = parsed.windows.get(key)
    if known is None:
        if len(parsed.windows) >= _MEMORY:
            parsed.windows.clear()
        matches = Matcher(window, region, leniency, endings, parsed)
        known = parsed.windows[key] = tuple([(match.start, match.end) for match in matches])
    return known

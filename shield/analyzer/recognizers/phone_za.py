"""Finds South African phone numbers: Presidio's two recognizers (mobile, and all others) in one pass.

Law: the result is that of Presidio's recognizers, which each read the whole text with `phonenumbers` and
then keep their half. Most runs of digits cannot end in a number of the country, and are not parsed
(`phone_matcher`); a text with only such runs is not read at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import phonenumbers
from presidio_analyzer.predefined_recognizers import ZaMobileNumberRecognizer, ZaTelephoneNumberRecognizer

from shield.analyzer.recognizers.phone_matcher import Endings, Matcher, Parsed
from shield.errors import DetectionIncompleteError
from shield.foreign_errors import failed

CLASSES: Final = (ZaMobileNumberRecognizer, ZaTelephoneNumberRecognizer)
REGION: Final = "ZA"
_VALID: Final = phonenumbers.Leniency.VALID
_LEAST: Final = 5  # digits of the shortest number of the region
_MOST: Final = 15  # digits of the longest number with the code of the country and the trunk prefix twice
_NATIONAL: Final = 9  # digits of nearly all; without the trunk prefix the library takes none for valid
_CODE: Final = "27"
_FIRST: Final = "028"  # what a number begins with: see `_BEGINS`
_FEW: Final = re.compile(r"\d(?:\D{0,4}\d){4}")
# At most four other characters stand between two digits of a number that the library reads.
_RUN: Final = re.compile(r"\d(?:\D{0,4}\d){4,}")
_GROUP: Final = re.compile(r"\d+")
_LONGEST_GROUP, _MOST_GROUPS = 17, 20  # beyond these the library starts again in the middle of a run
# The same for ASCII, in two thirds of the time: `re` looks a plain class up in a table.
_ASCII_RUN: Final = re.compile(r"[0-9](?:[^0-9]{0,4}+[0-9]){4,}+")
# Where a number can begin: with its trunk prefix or the code of the country; only numbers of mobile phones
# and of shared cost, which begin with 8, have another length than `_NATIONAL`.
_BEGINS: Final = re.compile(
    rf"[028](?<![0-9].)(?:(?<=[08])|(?=[^0-9]{{0,4}}7))(?:[^0-9]{{0,4}}[0-9]){{{_LEAST - 1}}}"
    rf"|[0-9]{{{_LONGEST_GROUP + 1}}}",
    re.DOTALL,
)
_SHORT: Final = 2 * _MOST_GROUPS - 1  # code points that hold no more groups than that


class Hit(NamedTuple):
    """A number found by the recognizer with index `place` among those given."""

    place: int
    start: int
    end: int
    score: float


class SouthAfricanNumbers:
    """`recognizers` are instances of `CLASSES`."""

    def __init__(self, recognizers: Sequence[Any]) -> None:
        self.recognizers = tuple(recognizers)
        self._places: dict[tuple[str, int], list[int]] = {}
        for place, each in enumerate(self.recognizers):
            self._places.setdefault((each.target_classification, each.leniency), []).append(place)
        self.entities = frozenset(str(each.supported_entities[0]) for each in self.recognizers)
        self.name = str(self.recognizers[0].name)
        """The name under which the pass and its errors are counted."""
        self._endings = Endings(REGION)
        self._leniencies = tuple(dict.fromkeys(each.leniency for each in self.recognizers))
        self._reads_all = any(leniency < _VALID for leniency in self._leniencies)

    def analyze(self, text: str) -> list[Hit]:
        """The numbers in `text`. Raises `DetectionIncompleteError` where the library raises."""
        runs = (_ASCII_RUN if text.isascii() else _RUN).findall(text)
        if not self._reads_all:
            # The expression alone decides most runs, without a call.
            runs = [run for run in runs if len(run) > _SHORT or _BEGINS.search(run) or not run.isascii()]
        if not any(map(self._may_be_in, runs)):
            return []
        try:
            return self._read(text)
        except Exception as error:  # noqa: BLE001  # whatever the library raises may carry the text
            raise failed(error, DetectionIncompleteError(recognizer=self.name)) from None

    def _may_be_in(self, run: str) -> bool:
        """Whether some consecutive groups of digits in a run can be a number of the region.

        Whatever the library parses of a run begins and ends with a group, as it cuts at other characters.
        """
        if self._reads_all or not run.isascii():
            return True
        if len(run) <= _SHORT and _BEGINS.search(run) is None:
            return False
        groups = _GROUP.findall(run)
        if len(groups) > _MOST_GROUPS or max(map(len, groups)) > _LONGEST_GROUP:
            return True
        for first, begun in enumerate(groups):
            if begun[0] not in _FIRST:
                continue
            digits = ""
            for group in groups[first:]:
                digits += group
                if len(digits) > _MOST:
                    break
                if len(digits) == _NATIONAL and not digits.startswith(("0", _CODE)):
                    continue  # it would be written with its trunk prefix
                if len(digits) >= _LEAST and self._endings.allow_digits(digits):
                    return True
        return False

    def _read(self, text: str) -> list[Hit]:
        hits: list[Hit] = []
        parsed = Parsed()
        for leniency in self._leniencies:
            classes: dict[str, str | None] = {}
            for match in _Pass(text, REGION, leniency, self._endings, parsed, self._may_be_in):
                raw = match.raw_string
                if raw not in classes:
                    classes[raw] = self._class_of(match.number)
                places = self._places.get((classes[raw] or "", leniency), ())
                hits += [Hit(each, match.start, match.end, self.recognizers[each].SCORE) for each in places]
        return hits

    def _class_of(self, number: Any) -> str | None:
        if phonenumbers.region_code_for_number(number) != REGION:
            return None
        found: str | None = self.recognizers[0]._classify(number)  # noqa: SLF001  # the same in both
        return found


def may_hold(text: str) -> bool:
    """Whether a text has enough digits close enough for a number; cheap."""
    return len(text) >= _LEAST and _FEW.search(text) is not None


class _Pass(Matcher):
    """The library's matcher, which skips candidates with too few digits or without a number of the region.

    A skipped number of another region does not change where later candidates begin: the library continues
    after a candidate, and one that begins within another ends where that one does.
    """

    def __init__(  # noqa: PLR0917  # the matcher's, and what it asks
        self,
        text: str,
        region: str,
        leniency: int,
        endings: Endings,
        parsed: Parsed,
        may_be_in: Callable[[str], bool],
    ) -> None:
        super().__init__(text, region, leniency, endings, parsed)
        self._may_be_in = may_be_in

    def _extract_match(self, candidate: str, offset: int) -> Any:
        if _FEW.search(candidate) is None or not self._may_be_in(candidate):
            return None
        return super()._extract_match(candidate, offset)

    def _parse_and_verify(self, candidate: str, offset: int) -> Any:
        return super()._parse_and_verify(candidate, offset) if _FEW.search(candidate) is not None else None

"""The look-alike view: digits written as letters that look like them ("4l11 1O11"), read as digits.

This is done only in runs that are mostly digits, and only where the digits have the check digit of a card
or the grouping of a number that recognizers know by its form.
"""

from __future__ import annotations

import re

from shield.analyzer.luhn import luhn
from shield.analyzer.views.view import Draft, View

NAME = "lookalike"
_LETTERS = str.maketrans("OoDQIilL|!ZzSsBbGgT", "0000111111225588667")
_RUN = re.compile(
    r"(?<![^\W_])[0-9OoDQIilL|!ZzSsBbGgT]{2,}(?:[ -][0-9OoDQIilL|!ZzSsBbGgT]{2,}){0,7}(?![^\W_])"
)
_WORDS_BEFORE = re.compile(r"(?:[^0-9 -]+[ -])+(?=[0-9])")
_WORDS_AFTER = re.compile(r"(?:[ -][^0-9 -]+)+\Z")
_DIGIT = re.compile("[0-9]")
_CARD = range(13, 20)
_MOST = 40  # code points of a number
_GROUPED = re.compile(
    r"[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]{3}[ -][0-9]{3}[ -][0-9]{4}|[0-9]{2} [0-9]{2} [0-9]{4} [0-9]{4}"
)


def lookalike(text: str, over: View | None = None) -> View | None:
    """The view of `text` with such runs as digits; `None` where there is none."""
    draft = Draft(text)
    for match in _RUN.finditer(text):
        run = match.group()
        start, end = match.span()
        # Words such as "is" and "to" consist of the same letters.
        words = _WORDS_BEFORE.match(run)
        if words is not None:
            start, run = start + words.end(), run[words.end() :]
        after = _WORDS_AFTER.search(run)
        if after is not None:
            end, run = start + after.start(), run[: after.start()]
        if len(run) > _MOST:
            continue
        read = run.translate(_LETTERS)
        figures = read.replace(" ", "").replace("-", "")
        if read == run or len(_DIGIT.findall(run)) < 0.5 * len(figures):
            continue
        if (len(figures) in _CARD and figures[0] in "3456" and luhn(figures)) or _GROUPED.fullmatch(read):
            draft.put(start, end, read)
    return draft.view(NAME, over)

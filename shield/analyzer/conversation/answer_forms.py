"""Tells whether a turn has the form of the answer that was asked for, and where in it the answer is."""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Container, Iterable
from typing import Final

from shield.analyzer.conversation.asked import Form
from shield.analyzer.conversation.dialogue_words import (
    BETWEEN_DATES,
    COUNTED_DAY,
    DATES,
    DATES_ALONE,
    FILLERS,
    HOUSES,
    SHORT,
    WORD,
    plain,
    told,
    unexplained,
    whole_word,
)
from shield.analyzer.conversation.spoken_turns import SpokenTurn
from shield.analyzer.recognizers.no_names import NO_NAMES
from shield.analyzer.recognizers.secret_words import is_said_of_secrets

_CODE: Final = re.compile(r"(?=[^a-z]*\d)[A-Z0-9]{1,12}(?:[ -][A-Z0-9]{1,12}){0,7}")
_MOST_WORDS: Final = 3  # of the answer to a security question
_MOST_OF_A_NAME: Final = 4  # words, said twice: "Evander. Evander Knox."
_NO_ANSWERS: Final = NO_NAMES | frozenset(
    "speaking certainly absolutely definitely of course hello hi hey none neither same both hold give let i "
    "my we you why which where when how who can could do does have has everyone everybody nobody anyone "
    "whose well oh ah hmm just about mister miss".split()
)
"""Words that begin an answer without a name."""
_STALLS: Final = frozenset("sec secs second seconds moment minute minutes min bit hold hang let".split())
"""Words of somebody who has not answered yet."""
_MOST_OF_ADDRESS: Final = 8  # words of a turn that is an e-mail address
_AMONG_WORDS: Final = frozenset({Form.DATE, Form.ADDRESS, Form.HOUSE, Form.LETTERS})
"""Forms of answers that have words too, not only figures and letters."""


def fits(form: Form, spoken: SpokenTurn, text: str) -> bool:
    """Whether a turn has the form that was asked for, and holds nothing else."""
    if form is Form.CODE and _written(text) is not None:
        return True
    allowed = FILLERS
    if form is Form.DATE:
        allowed |= DATES | BETWEEN_DATES
        allowed |= {word for word in spoken.words - allowed if COUNTED_DAY.fullmatch(word) is not None}
    elif form is Form.HOUSE:
        allowed |= HOUSES
    elif form is Form.ADDRESS and spoken.signs:
        return len(WORD.findall(text)) <= _MOST_OF_ADDRESS and bool(told(text))
    others = spoken.words - allowed
    if others and not (form is Form.LETTERS and _are_spelled(others, spoken.figures)):
        return False
    digits, letters = spoken.digits, spoken.letters
    match form:
        case Form.NUMBER:
            return digits > 1 and not letters
        case Form.HOUSE:
            return digits > 0 and letters <= 1
        case Form.CODE | Form.ADDRESS:
            return digits + letters > 1
        case Form.LETTERS:
            return (letters > 1 or spoken.explained) and digits <= 1 < letters + digits + spoken.explained
        case Form.DATE:
            counted = sum(COUNTED_DAY.fullmatch(word) is not None for word in spoken.words)
            return (digits > 1 or counted > 1 or not spoken.words.isdisjoint(DATES_ALONE)) and letters <= (
                " y " in text or " e " in text  # "setenta y nueve"
            )
        case Form.WORDS | Form.NAME:
            return False  # `words_in` and `name_in` tell


def answer_in(text: str, spoken: SpokenTurn, form: Form) -> tuple[int, int]:
    """The span from the first figure or letter to the last; of dates and addresses with the words around.

    `fits` holds for the turn and the form.
    """
    written = _written(text) if form is Form.CODE else None
    if written is not None:
        return written
    start, end = spoken.start, spoken.end
    if form in _AMONG_WORDS:
        spans = [word.span() for word in (told(text, DATES) if form is Form.DATE else told(text))]
        spans += [(start, end)] if start < end else []
        start, end = min(first for first, _ in spans), max(last for _, last in spans)
    return start, end


def words_in(text: str, figures: Container[str]) -> tuple[int, int] | None:
    """The span of an answer of one to three words that is not about the question ("i forgot").

    Words for `figures` and signs are not counted: "night owl underscore ninety one".
    """
    if len(text) > SHORT:
        return None
    words = told(unexplained(text))
    counted = sum(word[0].lower() not in figures for word in words)
    if (
        not words
        or counted > _MOST_WORDS
        or len(words) > 2 * _MOST_WORDS
        or any(is_said_of_secrets(word[0]) or word[0].lower() in _STALLS for word in words)
    ):
        return None
    return words[0].start(), whole_word(text, words[-1].end())


def name_in(text: str) -> tuple[int, int] | None:
    """The span of an answer of one to four words with capitals, that are of no form and no language.

    A transcript without capitals is left to the model.
    """
    if len(text) > SHORT:
        return None
    words = told(text)
    if not 0 < len(words) <= _MOST_OF_A_NAME or any(
        not word[0][0].isupper() or word[0].isupper() or word[0].lower() in _NO_ANSWERS for word in words
    ):
        return None
    return words[0].start(), whole_word(text, words[-1].end())


def _are_spelled(words: Iterable[str], figures: str) -> bool:
    """Whether the letters that were said spell the words: "dupont d u p o n t"."""
    letters = plain(figures)
    return all(len(word) > 1 and plain(word) in letters for word in words)


def _written(text: str) -> tuple[int, int] | None:
    """The span of a code in capitals and digits, if the text holds nothing else."""
    words = told(text)
    if not words:
        return None
    start, end = words[0].start(), words[-1].end()
    return (start, end) if _CODE.fullmatch(text, start, end) is not None else None

"""Recognizes what people say to each other in chat, mistyped or run together: "heloo", "thyanks", "okfine".

The models have not seen such a word and take it for a name. It is told from names by what it was meant to be:
two words of chat without the blank between them, or a longer one with a letter too many or two exchanged.
Where a letter is wrong or missing, or the word is short, it may be a name ("thanos", "goud", "boye"): of
these only the commonest are listed.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

from typing import Final

_LONGEST: Final = 12  # letters; longer ones are not looked at
_JOINED: Final = frozenset(
    """bye done fine great haha hai hello hey hi hii ma'am maam much nice no oh ok okay please pls plz sir
    sorry sure thank thanks u welcome wow yeah you""".split()
)
"""Words that are run together. No two of them are a name together ("soto", "noyes", "sowell" would be)."""
_LONG: Final = (
    "account", "flight", "hello", "morning", "please", "sorry", "thank", "thanks", "welcome", "wonderful",
)  # fmt: skip
_KNOWN: Final = frozenset(
    """baye bbye bvye byee byue dbye enogh goood gooud heelo heloo hlo nodone nodont somuch thanhs thankyo tnx
    tnks toyou ubye yoou youu""".split()
)
_TO_YOU: Final = frozenset("yu yuo ypu ypou".split())
_THANKING: Final = frozenset("thank thanking thanks thx".split())
_THANKS: Final = frozenset("hank tank thak thnk".split())
"""Names, or nearly, but before "you"."""


def is_mistyped(word: str, before: str, after: str) -> bool:
    """Whether `word`, all of a span and in lower case, is a courtesy.

    `before` and `after` are the words beside it, in lower case, or empty.
    """
    if len(word) > _LONGEST or not word.isalpha():
        return False
    if word in _TO_YOU:
        return before in _THANKING
    if word in _THANKS:
        return after in {"you", "u"}
    return word in _KNOWN or _is_joined(word) or any(_is_near(word, meant) for meant in _LONG)


def _is_joined(word: str) -> bool:
    return any(word[:cut] in _JOINED and word[cut:] in _JOINED for cut in range(2, len(word)))


def _is_near(word: str, meant: str) -> bool:
    """Whether `word` is `meant` with a letter more, or with two letters exchanged; the first one is right."""
    more = len(word) - len(meant)
    if more not in {0, 1} or word[0] != meant[0] or word == meant:
        return False
    at = next((at for at, (a, b) in enumerate(zip(word, meant, strict=False)) if a != b), len(meant))
    if more:
        return word[at + 1 :] == meant[at:]
    return word[at : at + 2] == meant[at : at + 2][::-1] and word[at + 2 :] == meant[at + 2 :]

"""Decides which names of members may appear in a path that leaves the process.

The name of a member can be a person's name that no detector finds (`{"maria": "..."}`). So a name is
shown only where it is known to be a field's: each of its words is in a shipped vocabulary, or the operator
wrote the whole name into the route's configuration.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

MAX_LENGTH = 64
MAX_DIGITS = 2
"""Allows `address_2` and `sha-1`, but no year, PIN or account number."""

MAX_REMEMBERED = 4096

_NAME = re.compile(r"[A-Za-z0-9_.:$@\[\]-]+")
_WORD = re.compile(r"[A-Z]+s?(?![a-z])|[A-Z]?[a-z]+|[A-Z]+")
_DIGIT = re.compile("[0-9]")


class ShownNames(Protocol):
    """Says whether a path may show the name of a member."""

    def shows(self, name: str) -> bool: ...

    def also(self, named: Iterable[str]) -> ShownNames:
        """The same, and these whole names too."""
        ...


class FieldNames:
    """Shows the names made of `words` (lower case), and those in `named`, which must match whole.

    `createdAt`, `created_at`, `created-at` and `ticket[created.at]` are made of the words "created" and "at".
    Up to `MAX_REMEMBERED` names that were shown are remembered: they consist of words of the vocabulary only,
    so nothing of a payload stays in memory. Safe to share among threads.
    """

    __slots__ = ("_named", "_remembered", "_words")

    def __init__(self, words: frozenset[str], named: Iterable[str] = ()) -> None:
        self._words = words
        self._named = frozenset(named)
        self._remembered: set[str] = set()

    def also(self, named: Iterable[str]) -> FieldNames:
        return FieldNames(self._words, self._named.union(named))

    def shows(self, name: str) -> bool:
        if name in self._remembered or name in self._named:
            return True
        if not self._is_of_words(name):
            return False
        if len(self._remembered) < MAX_REMEMBERED:
            self._remembered.add(name)
        return True

    def _is_of_words(self, name: str) -> bool:
        if name.isalpha() and name.islower():
            return name in self._words
        if len(name) > MAX_LENGTH or _NAME.fullmatch(name) is None:
            return False
        words = _WORD.findall(name)
        if not words or not all(word.lower() in self._words for word in words):
            return False
        return len(_DIGIT.findall(name)) <= MAX_DIGITS


class EveryName:
    """Shows all names: only for callers that hold the payload, never for what is kept or sent on."""

    __slots__ = ()

    def also(self, named: Iterable[str]) -> EveryName:
        del named
        return self

    def shows(self, name: str) -> bool:
        del name
        return True


NO_NAMES = FieldNames(frozenset())
"""Shows no name: the default for making paths."""


def words_of(text: str) -> frozenset[str]:
    """The words of a vocabulary such as `field_names.txt`: separated by spaces; `#` lines are comments."""
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())

"""Identifiers of e-mail messages: they have the form of an address, and are none (RFC 5322, 3.6.4).

A platform that stores messages finds by them which one answers which: redacted, threads fall apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

RECOGNIZER: Final = "EmailRecognizer"
"""Whose findings in such a value are none."""

_NAMES: Final = frozenset({("in", "reply", "to"), ("references",)})
_LAST_WORDS: Final = ("message", "id")
# Mail programs make them of the time, of chance and of numbers: an address is shorter or has fewer digits.
_ONE: Final = r"<(?=[^<>@\s]{12})(?=(?:[^<>@\s\d]*+\d){3})[^<>@\s]{12,200}+@[^<>@\s]{1,200}+>"
_IDS: Final = re.compile(rf"\s*+{_ONE}(?:[\s,]++{_ONE})*+\s*+")


def are_message_ids(text: str, words: Sequence[str]) -> bool:
    """Whether a text is identifiers of messages; `words` are those of its member's name (`key_words`)."""
    named = tuple(words[-2:]) == _LAST_WORDS or tuple(words) in _NAMES
    return named and _IDS.fullmatch(text) is not None

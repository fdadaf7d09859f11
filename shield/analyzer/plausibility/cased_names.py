"""Rejects names that a model sees in Cyrillic, Greek or Armenian, and that are not written as names are.

The models have not learned these languages. What they know of a name's form is worth something there, since
their words have capitals: "Иван Петров" is one, wherever it stands. Any word at the beginning of a sentence or
a value has a capital as well, so that there a word alone counts only as a name that many people have, and a
word in small letters only as such a name. Each test reads a bounded number of characters.
"""

# ruff: noqa: E501, RUF001  # letters of these scripts; tables of words read best as prose
from __future__ import annotations

import re
from typing import Final

from shield.analyzer.common_names import is_common_name

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ\-][^\W\d_]+)*")
_BEGINS: Final = re.compile(r"(?:\A|[.!?…:;\n\r|>\"«„“(\[•*–—-])[\s\"«„“(*–—-]*\Z")
_REACH: Final = 8  # code points before a word that tell whether it begins a sentence
_PATRONYMIC: Final = re.compile(
    r"\w{3,}(?:ович|евич|йович|івна|ївна|овна|евна|ична|инична)(?:а|у|ем|ом|е|і|ы|и|ою|ой|ей)?"
)


def is_no_cased_name(text: str, start: int, end: int) -> bool:
    """Whether a span with letters of these scripts is not written as the names of people and places are."""
    words = _WORD.findall(text, start, end)
    if not words or any(is_common_name(word) or _PATRONYMIC.fullmatch(word.lower()) for word in words):
        return not words
    capitals = [word[0].isupper() and not word.isupper() for word in words]
    if not any(capitals):
        return True
    begins = _BEGINS.search(text, max(0, start - _REACH), start) is not None
    return not all(capitals[begins:]) if len(words) > 1 else begins

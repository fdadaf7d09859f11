"""Random texts that a regular expression matches or nearly matches, for the differential tests."""

# ruff: noqa: RUF001, SIM905  # the odd letters are the point
from __future__ import annotations

import functools
import random
import re
import re._constants as sre
import re._parser as sre_parser
from typing import Any

WORDS = "order the my is card ssn account passport née größe 日本 №5 call 12 v1.2.3 (ref) x_y a-b".split()
ODD = ["ſ", "K", "İ", "é", "٣", "\u200b", "\u0301", "\ud800", "‿", "\x1c", "\u00a0", "ß", "_", "-", "."]
_ANY = "abcXYZ019 .-_/é"
_CATEGORY = {
    sre.CATEGORY_DIGIT: "0123456789٣",
    sre.CATEGORY_NOT_DIGIT: "aZ -.",
    sre.CATEGORY_SPACE: " \t\n\u00a0",
    sre.CATEGORY_NOT_SPACE: "aZ0-.é",
    sre.CATEGORY_WORD: "aZ09_é",
    sre.CATEGORY_NOT_WORD: " -.",
}


@functools.cache
def _tree(pattern: str, flags: int) -> Any:
    """The parsed pattern: parsing takes far longer than making a text of it."""
    return sre_parser.parse(
        pattern.replace("(?i)", ""), flags & int(re.VERBOSE | re.IGNORECASE | re.MULTILINE | re.DOTALL)
    )


class Generator:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def match(self, pattern: str, flags: int) -> str:
        """A text that the pattern matches, ignoring its assertions."""
        text = self._items(_tree(pattern, flags), {})
        return self._cased(text) if flags & re.IGNORECASE else text

    def text(self, pattern: str, flags: int) -> str:
        """A match, possibly with a character or two changed, among words, with or without space around it."""
        parts = []
        for _ in range(self.random.randint(1, 3)):
            value = self.match(pattern, flags)[:400]
            if self.random.random() < 0.4:
                value = self._changed(value)
            parts.append(value)
            parts += self.random.choices(WORDS, k=self.random.randint(0, 2))
        self.random.shuffle(parts)
        glue = self.random.choice([" ", " ", " ", "\n", "", ",", "-", self.random.choice(ODD)])
        return glue.join(parts)

    def _changed(self, value: str) -> str:
        at = self.random.randint(0, len(value))
        what = self.random.choice([*ODD, "0", "7", "A", " ", ""])
        return value[:at] + what + value[at + self.random.randint(0, 1) :]

    def _cased(self, text: str) -> str:
        return self.random.choice([text, text, text.upper(), text.lower(), text.title()])

    def _items(self, items: Any, groups: dict[int, str]) -> str:
        return "".join(self._item(operator, argument, groups) for operator, argument in items)

    def _item(self, operator: Any, argument: Any, groups: dict[int, str]) -> str:
        if operator is sre.LITERAL:
            return chr(argument)
        if operator is sre.NOT_LITERAL:
            return self.random.choice([c for c in _ANY if c != chr(argument)])
        if operator is sre.ANY:
            return self.random.choice(_ANY)
        if operator is sre.IN:
            return self._member(argument)
        if operator is sre.BRANCH:
            return self._items(self.random.choice(argument[1]), groups)
        if operator is sre.SUBPATTERN:
            text = self._items(argument[3], groups)
            if argument[0] is not None:
                groups[argument[0]] = text
            return text
        if operator is sre.ATOMIC_GROUP:
            return self._items(argument, groups)
        if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            low, high, inner = argument
            times = self.random.randint(low, min(int(high), low + 4))
            return "".join(self._items(inner, groups) for _ in range(times))
        if operator is sre.GROUPREF:
            return groups.get(argument, "")
        return ""

    def _member(self, items: Any) -> str:
        choices: list[str] = []
        negate = False
        for operator, argument in items:
            if operator is sre.NEGATE:
                negate = True
            elif operator is sre.LITERAL:
                choices.append(chr(argument))
            elif operator is sre.RANGE:
                choices += [chr(argument[0]), chr(argument[1]), chr(self.random.randint(*argument))]
            elif operator is sre.CATEGORY:
                choices += _CATEGORY[argument]
        if negate:
            choices = [c for c in _ANY if c not in choices]
        return self.random.choice(choices)

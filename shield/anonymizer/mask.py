"""The operator `mask`: all characters but the first and last few become `*`.

1. A separator (white space, punctuation, an ASCII symbol) stays as it is and is not counted.
2. Everything else counts: letters, digits, marks, emoji, invisible characters.
3. When fewer than `LEAST_HIDDEN` characters would be hidden, all are.
4. Plain HTML tags within the value (`4111 <b>1111</b>`) stay and are not counted; a tag with attributes is
   hidden.
5. A card number shows at most its first six and last four digits (PCI DSS 4.0.1, requirement 3.4.1),
   whatever the parameters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from shield.anonymizer.operators import Operator, Random
from shield.anonymizer.parameters import count_parameter, refuse_unknown, text_parameter
from shield.config_codes import ProblemCode
from shield.errors import ConfigError
from shield.html_elements import INLINE, LINES

LEAST_HIDDEN = 4
MOST_SHOWN = 64

_COUNTED_ASCII = re.compile(r"[0-9A-Za-z\x00-\x08\x0e-\x1b\x7f]")
"""The ASCII characters that are not separators: letters, digits and invisible characters."""
_TAGS = re.compile(
    rf"</?(?:{'|'.join(sorted(INLINE | LINES | {'table', 'tbody', 'th', 'tr'}))})\s?/?>", re.IGNORECASE
)
"""Tags of known names without attributes; any other could be part of a value."""

CARD = "CREDIT_CARD"
CARD_FIRST, CARD_LAST = 6, 4


def is_separator(character: str) -> bool:
    """Whether `mask` leaves the character as it is."""
    if character.isascii():
        return not character.isalnum() and (character.isspace() or character.isprintable())
    return character.isspace() or unicodedata.category(character).startswith("P")


class Mask(Operator):
    """Parameters: `keep_first` and `keep_last` (0 to 64, default 0), `char` (default `*`)."""

    name = "mask"

    def validate(self, params: Mapping[str, Any], keys: Collection[str]) -> None:  # noqa: ARG002 - the contract
        refuse_unknown(self.name, params, ("keep_first", "keep_last", "char"))
        count_parameter(self.name, params, "keep_first", default=0, least=0, most=MOST_SHOWN)
        count_parameter(self.name, params, "keep_last", default=0, least=0, most=MOST_SHOWN)
        character = text_parameter(self.name, params, "char", default="*")
        if len(character) != 1 or not character.isprintable() or character.isspace() or character.isdigit():
            raise ConfigError(
                ProblemCode.OPERATOR_PARAMETER_INVALID,
                "mask: char must be one visible character other than a digit, such as * or X",
            )

    def validate_entity(self, entity_type: str, params: Mapping[str, Any]) -> None:
        if entity_type != CARD:
            return
        for name, most in (("keep_first", CARD_FIRST), ("keep_last", CARD_LAST)):
            if params.get(name, 0) > most:
                raise ConfigError(
                    ProblemCode.OPERATOR_PARAMETER_INVALID,
                    f"mask: {name} must be at most {most} for {CARD} (PCI DSS 3.4.1)",
                )

    def operate(
        self,
        text: str,
        entity_type: str,
        params: Mapping[str, Any],
        keys: Mapping[str, bytes],  # noqa: ARG002 - the contract
        random: Random,  # noqa: ARG002 - the contract
    ) -> str:
        first, last = params.get("keep_first", 0), params.get("keep_last", 0)
        if entity_type == CARD:
            first, last = min(first, CARD_FIRST), min(last, CARD_LAST)
        return masked(text, first, last, params.get("char", "*"))


def masked(text: str, first: int, last: int, char: str) -> str:
    """`text` with all but the `first` and `last` counted characters replaced by `char`."""
    tags = {place for tag in _TAGS.finditer(text) for place in range(*tag.span())} if "<" in text else ()
    if text.isascii():
        counted = [found.start() for found in _COUNTED_ASCII.finditer(text)]
    else:
        counted = [place for place, character in enumerate(text) if not is_separator(character)]
    if tags:
        counted = [place for place in counted if place not in tags]
    if len(counted) - first - last < LEAST_HIDDEN:
        first = last = 0
    shown = list(text)
    for place in counted[first : len(counted) - last]:
        shown[place] = char
    return "".join(shown)

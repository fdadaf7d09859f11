r"""Reads values in messages of programs, whose names precede or follow them in particular forms.

Rust and Scala (`ssn: Some("…")`, Java's `ssn=Optional[…]`), PHP (`["ssn"]=> string(9) "…"`), Spring (`field 'ssn':
rejected value […]`), MySQL (`Duplicate entry '…' for key 'customers.ssn'`): tickets quote programs' messages.

Law: a text is searched for a form only where it holds a word of the form; each place is read once.
"""

# ruff: noqa: E501  # patterns, one a line
from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from shield.analyzer.layouts.labelled_cells import Cell

_NAME: Final = r"(?P<name>[A-Za-z_$][\w$.\-]{0,60})"
_VALUE: Final = r"(?P<value>[^\n\"]{1,128}?)"
_FORMS: Final = MappingProxyType(
    {
        "Some(": re.compile(rf"{_NAME}\"?\s?[:=]\s?Some\(\"?{_VALUE}\"?\)"),
        "Optional[": re.compile(rf"{_NAME}\"?\s?[:=]\s?Optional\[{_VALUE}\]"),
        "string(": re.compile(rf"\[\"{_NAME}\"\]\s?=>\s{{0,20}}string\(\d{{1,5}}\) \"{_VALUE}\""),
        "rejected value [": re.compile(rf"field '{_NAME}'{{1,2}}: rejected value \[{_VALUE}\]"),
        "Duplicate entry '": re.compile(rf"Duplicate entry '{_VALUE}' for key '{_NAME}'"),
    }
)
"""A word of each form, and the form."""


def may_hold(text: str) -> bool:
    """Whether the text may hold one of the forms."""
    return ("(" in text and ("Some(" in text or "string(" in text)) or (
        "Optional[" in text or "ejected value [" in text or "uplicate entry '" in text
    )


def values(text: str) -> Iterator[Cell]:
    """The values, each under its name."""
    for word, form in _FORMS.items():
        if word in text:
            for match in form.finditer(text):
                yield Cell((match["name"].rpartition(".")[2],), *match.span("value"))

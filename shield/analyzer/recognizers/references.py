"""Tells places where a program finds a value from the value: `var.db_password`, `process.env.SMTP_USER`."""

from __future__ import annotations

import re
from typing import Final

_REFERENCE: Final = re.compile(
    r"(?:\$?\{{1,2}[ ]?)?"
    r"(?:vars?|local|data|module|each|random_password|process\.env|os\.environ|env|secrets|self|this|params|settings)"
    r"(?:\.[A-Za-z_]{1,40}){1,6}(?:[ ]?\}{1,2})?"
)
_ASSIGNMENT: Final = re.compile(r"=[ \t]{1,2}")


def is_reference(value: str) -> bool:
    """Whether all of it names a variable of Terraform, of the environment or the like; no digit is in it."""
    return _REFERENCE.fullmatch(value) is not None


def behind_assignment(text: str, start: int, end: int) -> int:
    """Where the value begins in `[start, end)`, which may begin with the sign of an assignment: "= value"."""
    sign = _ASSIGNMENT.match(text, start, end)
    return start if sign is None else sign.end()

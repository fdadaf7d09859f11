"""Places of a payload as text: RFC 9535 normalized paths, and paths that are safe to publish.

Names of members can hold personal data, found or not. A safe path shows a name only where it looks like
a programmer's identifier, or is the redacted form of one, and `*` elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Location = tuple[str | int, ...]

MAX_DIGITS = 4
"""More digits than this make a name a number with letters around it, such as an account's."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_SHORTHAND = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_REDACTED = re.compile(r"(?:<[A-Z][A-Z0-9_]{0,63}>|[A-Za-z0-9_-]){1,128}")
_ESCAPED = re.compile(r"[\x00-\x1f'\\\ud800-\udfff]")
_SHORT_ESCAPES = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r", "'": r"\'", "\\": r"\\"}


def normalized_path(root: str, location: Location) -> str:
    """RFC 9535, section 2.7: `$['ticket']['comments'][0]`. Holds plaintext where names do."""
    return root + "".join(f"[{step}]" if isinstance(step, int) else _quoted(step) for step in location)


def safe_path(root: str, location: Location, renamed: Mapping[Location, str]) -> str:
    """A path without personal data: `$.ticket.comments[0]`, `$.*`, `$['<EMAIL_ADDRESS>'].note`.

    `renamed` maps the location of a member whose name was redacted to what its name became. A redacted
    name is shown only where nothing but placeholders and identifier characters is left in it.
    """
    steps = [root]
    for depth, step in enumerate(location, 1):
        if isinstance(step, int):
            steps.append(f"[{step}]")
            continue
        name = renamed.get(location[:depth])
        if not (_is_plain(step) if name is None else _is_redacted(name)):
            steps.append(".*")
            continue
        shown = step if name is None else name
        steps.append(f".{shown}" if _SHORTHAND.fullmatch(shown) else _quoted(shown))
    return "".join(steps)


def _is_plain(name: str) -> bool:
    return _IDENTIFIER.fullmatch(name) is not None and _few_digits(name)


def _is_redacted(name: str) -> bool:
    return _REDACTED.fullmatch(name) is not None and _few_digits(name)


def _few_digits(name: str) -> bool:
    return sum(map(str.isdigit, name)) <= MAX_DIGITS


def _quoted(name: str) -> str:
    return f"['{_ESCAPED.sub(_escape, name)}']"


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return _SHORT_ESCAPES.get(character) or f"\\u{ord(character):04x}"

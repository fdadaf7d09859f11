"""Writes places of a payload as paths that are safe to publish, in the form of RFC 9535.

Names of members can hold personal data, found or not. A safe path shows a name only where it is known to be
a field's (`field_names`); data that was found in it is replaced by its type; any other name is `*`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from shield.domain import Edit, Location
from shield.payload.field_names import ShownNames

UNSHOWN = "*"
MAX_FOUND = 8
"""A name with more findings than this is text rather than a name."""

_SEPARATORS = re.compile(r"[_.:-]*")
_ESCAPED = re.compile(r"[\x00-\x1f'\\\ud800-\udfff]")
_SHORT_ESCAPES = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r", "'": r"\'", "\\": r"\\"}


def safe_path(root: str, location: Location, names: ShownNames, found: Mapping[Location, str]) -> str:
    """A path without personal data: `$.ticket.comments[0]`, `$.*`, `$['<EMAIL_ADDRESS>'].note`.

    `found` maps the location of each member whose name has findings to its `found_name`.
    """
    steps = [root]
    for depth, step in enumerate(location, 1):
        if isinstance(step, int):
            steps.append(f"[{step}]")
            continue
        shown = found.get(location[:depth]) if found else None
        if shown is None:
            shown = step if names.shows(step) else UNSHOWN
        # In ASCII, the shorthand names of RFC 9535 are Python's identifiers, which is the quickest test.
        plain = shown == UNSHOWN or (shown.isidentifier() and shown.isascii())
        steps.append(f".{shown}" if plain else _quoted(shown))
    return "".join(steps)


def found_name(name: str, edits: Sequence[Edit], names: ShownNames) -> str:
    """What a path shows for a name in which personal data was found: `<PERSON>`, `email_<EMAIL_ADDRESS>`.

    The type replaces the data, whatever the policy's operator leaves of it. `*` where the text around the
    data is not known to be a field's name.
    """
    if len(edits) > MAX_FOUND:
        return UNSHOWN
    parts: list[str] = []
    position = 0
    for edit in edits:
        parts += (name[position : edit.start], f"<{edit.entity_type}>")
        position = edit.end
    parts.append(name[position:])
    around = parts[::2]
    if all(_SEPARATORS.fullmatch(part) or names.shows(part) for part in around):
        return "".join(parts)
    return UNSHOWN


def _quoted(name: str) -> str:
    return f"['{_ESCAPED.sub(_escape, name)}']"


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return _SHORT_ESCAPES.get(character) or f"\\u{ord(character):04x}"

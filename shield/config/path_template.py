"""Compiles path templates: `/api/tickets/{id}/comments`, `/api/tickets/{rest...}`.

A template is split at its slashes; literals are percent-decoded (RFC 3986, section 2.1). A trailing slash is
a step of its own, the empty literal, so `/api` and `/api/` are two templates; `/` is a single empty literal.
`{name}` takes one segment; a last `{name...}` takes what remains, which may be nothing.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from shield.config.invalid import InvalidValueError
from shield.config.settings_route import PathTemplate
from shield.config_codes import ProblemCode

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(\.\.\.)?\}")
# RFC 3986, pchar, with pct-encoded checked separately.
_LITERAL = re.compile(r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})*")


def parse_path_template(text: str) -> PathTemplate:
    """Compile a template. Raises InvalidValueError whose text says what is wrong and what is allowed."""
    if not text.startswith("/"):
        raise InvalidValueError(
            ProblemCode.VALUE_MALFORMED, "a path must start with '/', such as /api/tickets/{id}"
        )
    parts = text[1:].split("/")
    steps: list[str | None] = []
    names: set[str] = set()
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if not part and not last:
            raise InvalidValueError(ProblemCode.VALUE_MALFORMED, "a path must not contain '//'")
        if found := _PLACEHOLDER.fullmatch(part):
            if found[1] in names:
                raise InvalidValueError(
                    ProblemCode.NAME_DUPLICATE,
                    f"the placeholder {{{found[1]}}} appears twice; use each name once",
                )
            names.add(found[1])
            if not found[2]:
                steps.append(None)
            elif last:
                return PathTemplate(text, tuple(steps), rest=True)
            else:
                raise InvalidValueError(
                    ProblemCode.VALUE_MALFORMED,
                    f"{part} must be the last segment: it takes the rest of the path",
                )
        else:
            steps.append(_literal(part))
    return PathTemplate(text, tuple(steps))


def _literal(part: str) -> str:
    if "{" in part or "}" in part:
        raise InvalidValueError(
            ProblemCode.VALUE_MALFORMED,
            "a placeholder must be a whole segment: {name}, or at the end {name...}",
        )
    if not _LITERAL.fullmatch(part):
        raise InvalidValueError(
            ProblemCode.VALUE_MALFORMED,
            "a segment may contain letters, digits, -._~!$&'()*+,;=:@ and percent-encoded UTF-8; "
            "no query, no spaces",
        )
    if part == "*" or "**" in part:
        raise InvalidValueError(
            ProblemCode.VALUE_MALFORMED,
            "'*' is not a placeholder; write {name}, or {name...} for the rest of the path",
        )
    try:
        literal = unquote_to_bytes(part).decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidValueError(ProblemCode.VALUE_MALFORMED, "percent-encoding must be UTF-8") from None
    if literal in (".", "..") or "/" in literal or "\0" in literal:
        raise InvalidValueError(
            ProblemCode.VALUE_MALFORMED,
            "a segment must not be '.' or '..', or contain an encoded slash or NUL",
        )
    return literal

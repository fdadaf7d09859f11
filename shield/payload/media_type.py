"""Media types (RFC 9110, section 8.3.1), and the patterns with which routes name them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from shield.domain import EMPTY
from shield.errors import UnsupportedMediaTypeError

_NAME = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_TYPE = re.compile(rf"[ \t]*({_NAME})/({_NAME})[ \t]*")
_QUOTED = r"[\t \x21\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t \x21-\x7e\x80-\xff]"
_PARAMETER = re.compile(rf';[ \t]*(?:({_NAME})=(?:({_NAME})|"((?:{_QUOTED})*)"))?[ \t]*')
_QUOTED_PAIR = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type. Type, subtype and parameter names are lower case; values are as sent."""

    type: str
    subtype: str
    parameters: Mapping[str, str] = field(default_factory=lambda: EMPTY, hash=False)
    essence: str = field(init=False, repr=False, compare=False)
    """`type/subtype`; kept because each request asks for it several times."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "essence", f"{self.type}/{self.subtype}")

    @classmethod
    def parse(cls, header: str) -> MediaType:
        """Parse a `Content-Type` field value.

        Raises UnsupportedMediaTypeError where it is not valid, or where receivers would not agree: a
        parameter given twice, the charset in an extended form (`charset*=`, `charset*0=`; RFC 2231,
        RFC 8187), a boundary with a backslash.
        """
        match = _TYPE.match(header)
        if match is None:
            raise UnsupportedMediaTypeError("the Content-Type is not a valid media type")
        kind, subtype = match[1].lower(), match[2].lower()
        parameters: dict[str, str] = {}
        position = match.end()
        while position < len(header):
            match = _PARAMETER.match(header, position)
            if match is None:
                raise UnsupportedMediaTypeError("the Content-Type has a parameter that is not valid")
            position = match.end()
            if match[1] is None:
                continue
            name = match[1].lower()
            if name in parameters:
                raise UnsupportedMediaTypeError("the Content-Type gives a parameter twice")
            if name == "boundary" and "\\" in (match[3] or ""):
                raise UnsupportedMediaTypeError("the Content-Type escapes what its boundary is")
            if name.startswith("charset*"):
                raise UnsupportedMediaTypeError("the Content-Type gives its charset in an extended form")
            parameters[name] = match[2] if match[2] is not None else _QUOTED_PAIR.sub(r"\1", match[3])
        return cls(kind, subtype, MappingProxyType(parameters) if parameters else EMPTY)

    @property
    def charset(self) -> str | None:
        """The charset parameter, lower case, or None."""
        charset = self.parameters.get("charset")
        return None if charset is None else charset.lower()

    @property
    def suffix(self) -> str:
        """The structured syntax suffix without its plus (RFC 6838, section 4.2.8), or ``."""
        return self.subtype.rpartition("+")[2] if "+" in self.subtype else ""


def matches(media_type: MediaType, pattern: str) -> bool:
    """Whether `pattern` matches the type: `application/json`, `text/*`, `*/*`, `application/*+json`.

    Parameters and case are ignored.
    """
    wanted_type, _, wanted = pattern.lower().partition("/")
    if wanted_type not in {"*", media_type.type}:
        return False
    if wanted.startswith("*+"):
        return media_type.suffix == wanted[2:] != ""
    return wanted in {"*", media_type.subtype}

"""Finds what asks a server to treat a request as one of another method than its request line's. Pure.

Such a request is inspected by the route of its own method, and the route of the other method may be stricter;
so it passes only where both have the same route. Who honours which: header fields (`header_names.OVERRIDES`)
Express' method-override and most others; `_method` in a query or form (also in parts) Rails, Rack, Symfony,
Laravel, WordPress, Spring; in a JSON body Laravel and what is commonly written for Express; `_HttpMethod` in
a query Salesforce.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import quote_plus, unquote_plus

from shield.domain import Limits, SegmentKind
from shield.payload.json_codec import JsonCodec
from shield.payload.media_type import MediaType
from shield.payload.multipart_parts import fields
from shield.payload.selectors import NO_RULES
from shield.proxy.readings import Readings
from shield.proxy.routing import RouteTable
from shield.proxy.runtime import RoutePlan
from shield.proxy.target import Target

FIELD = "_method"
_FORM = "application/x-www-form-urlencoded"
_PARTS = "multipart/form-data"
_IN_PARTS = re.compile(rb"method", re.IGNORECASE)
_LONGEST = 256  # bytes of a field that names a method
_ESCAPED_UNDERSCORE = {"_": r"(?:[_.\[]|%5F|%2E|%5B)"}  # PHP writes `_` for a dot and an open bracket
_WORD = re.compile(r"\s*([A-Za-z]+)")


def _encoded(name: str) -> str:
    """An expression for a name in a form or query, any of its characters percent-encoded, in either case."""
    codes = (f"(?:{re.escape(it)}|%{ord(it.upper()):02x}|%{ord(it.lower()):02x})" for it in name)
    return "".join(_ESCAPED_UNDERSCORE.get(it, code) for it, code in zip(name, codes, strict=True))


# PHP ignores blanks before a name, and brackets or anything behind a NUL at its end.
_NAMES = "|".join(map(_encoded, (FIELD, "_httpmethod", "x-http-method-override")))
_PAIR = re.compile(
    rf"[&;](?:[+]|%20)*(?:{_NAMES})(?:(?:\[|%5B|%00)[^=&;]*)?=([^&;]*)".encode(), re.IGNORECASE
)
_MEMBER = re.compile(
    b'"' + b"".join(rb"(?:%b|\\u00(?i:%02x))" % (bytes([it]), it) for it in FIELD.encode()) + b'"'
)


class OtherMethods(NamedTuple):
    """A request and its route, to be checked under other methods."""

    routes: RouteTable[RoutePlan]
    readings: Readings
    plan: RoutePlan
    target: Target
    media_type: MediaType | None
    tenant: str

    def check(self, method: str) -> None:
        """Raise RequestError unless the request would have the same route with this method (in capitals)."""
        target, media_type, tenant = self.target, self.media_type, self.tenant
        self.routes.require_same(self.plan, method, (target.host, target.steps, "", media_type, tenant))
        self.readings.check(self.plan.route, target, method, media_type, tenant)


CheckMethod = Callable[[str], None]


def methods_in_head(overrides: str | None, query: str) -> list[str]:
    """The methods, in capitals, that a request's head asks for beside its own.

    `overrides` is the value of a field of `OVERRIDES`, of which some servers read the first of a list.
    """
    methods = [] if overrides is None else [each.strip(" \t\"'").upper() for each in overrides.split(",")]
    return methods + _in_pairs(query.encode()) if query else methods


def methods_in_body(body: bytes, media_type: MediaType, limits: Limits) -> list[str]:
    """The methods, in capitals, that a body (its content codings undone) asks for.

    Raises RequestError for a JSON body that is none, and for a form in parts that is none.
    """
    if media_type.essence == _FORM:
        return _in_pairs(body)
    if media_type.essence == _PARTS:
        named = (
            quote_plus(name, errors="replace") + "=" + quote_plus(content[:_LONGEST])
            for name, content in fields(body, media_type, _IN_PARTS)
        )
        return _in_pairs("&".join(named).encode())
    is_json = "json" in {media_type.subtype, media_type.suffix}
    if not is_json or not (b'"_method"' in body or (b"\\u00" in body and _MEMBER.search(body) is not None)):
        return []
    return list(_in_json(body, media_type, limits))


def _in_pairs(pairs: bytes) -> list[str]:
    values = (unquote_plus(match[1].decode("latin-1")) for match in _PAIR.finditer(b"&" + pairs))
    return [word[1].upper() for value in values if (word := _WORD.match(value))]


def _in_json(body: bytes, media_type: MediaType, limits: Limits) -> Iterator[str]:
    """From members of the root; each of several with the same name counts."""
    document = JsonCodec().decode(body, limits=limits, rules=NO_RULES, charset=media_type.charset)
    for segment in document.segments:
        if segment.location[:1] == (FIELD,) and segment.kind is SegmentKind.TEXT:
            word = _WORD.match(segment.text)
            if word is not None:
                yield word[1].upper()

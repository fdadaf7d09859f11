"""Reads the paths of SCIM (RFC 7644, section 3.5.2): `name.familyName`, `emails[type eq "work"].value`.

An attribute with several values is an array of the resource, and a path does not say which attributes are:
so each path is also read as going through an array, and a filter selects some element. The URI of a schema
stands before a colon: the core schema's adds no step, an extension's is the member that holds its attributes.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import Final

from shield.payload.placed_rules import Steps

_CORE: Final = re.compile(r"urn:ietf:params:scim:schemas:core:[0-9.]++:\w++(?::|$)", re.IGNORECASE)
_EXTENSION: Final = re.compile(r'(urn:[^\["]*):([^:\["]*+(?:\[.*+)?+)', re.IGNORECASE | re.DOTALL)
_ATTRIBUTE: Final = re.compile(r'([^.\["]++)(\[(?:[^\]"]|"(?:[^"\\]|\\.)*+")*+\])?+(?:\.|$)', re.DOTALL)
_MOST_STEPS: Final = 2
"""SCIM has an attribute and one below it; a longer path is read only as it is written."""


def ways_of(path: str) -> tuple[Steps, ...]:
    """The possible steps to what `path` names. None is a step to some element of an array."""
    path = _CORE.sub("", path, count=1)
    if not path:
        return ((),)
    schema: Steps = ()
    whole: tuple[Steps, ...] = ()
    extension = _EXTENSION.fullmatch(path)
    if extension is not None:
        # In the path of a whole extension, no attribute follows the last colon.
        schema, path, whole = (extension[1],), extension[2], ((path,),)
    attributes = _attributes(path)
    if attributes is None or len(attributes) > _MOST_STEPS:
        names = attributes or [(path, False)]
        return *whole, (*schema, *chain.from_iterable((it, None) if some else (it,) for it, some in names))
    (first, some), below = attributes[0], tuple(name for name, _ in attributes[1:])
    direct: Steps = (*schema, first, *below)
    through: Steps = (*schema, first, None, *below)
    return (*whole, through) if some else (*whole, direct, through)


def _attributes(path: str) -> list[tuple[str, bool]] | None:
    """The names of a path, each with whether a filter follows it; None for what is no path."""
    found: list[tuple[str, bool]] = []
    position = 0
    while position < len(path):
        match = _ATTRIBUTE.match(path, position)
        if match is None:
            return None
        found.append((match[1], match[2] is not None))
        position = match.end()
    return found or None

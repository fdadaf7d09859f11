"""Moves what the operations of a patch set to their paths: `{"op": "add", "path": "/user/ssn", "value": …}`.

A path is a JSON Pointer (RFC 6902) or one of SCIM's (RFC 7644, 3.5.2: `customer.ssn`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shield.domain import Segment, SegmentKind

PATHS: Final = frozenset({"path", "Path"})
"""Names of the member that holds the path of an operation."""
_VERBS: Final = frozenset({"op", "Op", "operation"})
_SCIM: Final = re.compile(r"urn:[^\[]*:|\[[^\]]*\]?")  # a schema, and a filter
_LONGEST_PATH: Final = 256  # code points, of its end, that are read
_MOST_STEPS: Final = 4


def place_operations(segments: Sequence[Segment], moved: list[Segment]) -> None:
    """Moves the values that operations of a patch set, with all in them, to their paths."""
    verbs = {(it.root, it.location[:-1]) for it in segments if it.location and it.location[-1] in _VERBS}
    paths = {
        at: steps
        for it in segments
        if it.kind is SegmentKind.TEXT and it.location and it.location[-1] in PATHS
        if (at := (it.root, it.location[:-1])) in verbs and (steps := _steps(it.text))
    }
    for place, segment in enumerate(moved if paths else ()):
        location = segment.location
        for depth, step in enumerate(location):
            if step == "value" and (named := paths.get((segment.root, location[:depth]))) is not None:
                rest = location[depth + 1 :]
                # The name `value` itself says nothing; the members in the value have names of their own.
                if rest or segment.kind is not SegmentKind.KEY:
                    moved[place] = replace(segment, location=(*location[:depth], *named, *rest))
                break


def _steps(path: str) -> tuple[str, ...]:
    """The last names of a JSON Pointer or a SCIM path, without indices."""
    path = path[-_LONGEST_PATH:]
    names = path.split("/") if "/" in path else _SCIM.sub("", path).split(".")
    return tuple(name for name in names if name and not name.isdigit() and name != "-")[-_MOST_STEPS:]

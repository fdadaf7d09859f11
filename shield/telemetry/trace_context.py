"""W3C Trace Context (https://www.w3.org/TR/trace-context/): reads and writes `traceparent`. Pure.

A header that is invalid or stands twice counts as absent: a new trace begins (section 4.3). Of a later
version, the part that version 00 defines is read. `tracestate` passes unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

NAME = "traceparent"

_FORM = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_SAMPLED = 1
_NO_TRACE, _NO_SPAN = "0" * 32, "0" * 16


@dataclass(frozen=True, slots=True)
class TraceParent:
    """A trace's parent. Ids are lower-case hexadecimal: 32 digits for the trace, 16 for the span."""

    trace_id: str
    span_id: str
    sampled: bool

    def header(self) -> str:
        """The value of the header field, version 00."""
        return f"00-{self.trace_id}-{self.span_id}-{int(self.sampled):02x}"


def parse(values: Sequence[str]) -> TraceParent | None:
    """The parent that a request names in its `traceparent` fields; None where it names none."""
    found = _FORM.fullmatch(values[0]) if len(values) == 1 else None
    if found is None:
        return None
    version, trace_id, span_id, flags, rest = found.groups()
    if version == "ff" or (version == "00" and rest) or trace_id == _NO_TRACE or span_id == _NO_SPAN:
        return None
    return TraceParent(trace_id, span_id, bool(int(flags, 16) & _SAMPLED))

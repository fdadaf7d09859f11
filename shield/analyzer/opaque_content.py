"""The opaque runs of a document's segments, of any kind: content that cannot be inspected.

Law: what detectors find in a file's own bytes is no finding. Acting on it would break a file that the route
keeps, for nothing: among a million base64 characters some always read as a name or a code.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from shield.analyzer.views.decoded import NAME as DECODED
from shield.analyzer.views.opaque import LEAST, OpaqueRun, opaque_runs
from shield.domain import Edit, FieldRule, Finding, Segment

Runs = Mapping[int, Sequence[OpaqueRun]]
"""Opaque runs by index of the segment."""

_NUMBER: Final = re.compile(r"(?<![A-Za-z0-9])\d(?:[/_+-]?\d){6,}(?![A-Za-z0-9])")
"""Digits set apart by characters of a path: by chance, only a few in a hundred million characters."""


class OpaqueContent(NamedTuple):
    """A run in `segment`, with its file format `form` and its `size` in UTF-8 bytes."""

    segment: Segment
    form: str
    size: int


def runs_of(segments: Sequence[Segment], rules: Mapping[int, FieldRule]) -> Runs:
    """The opaque runs of each segment that has some. Segments with a field rule have none.

    Raises DetectionIncompleteError where a text inflates to more than is read.
    """
    found: dict[int, Sequence[OpaqueRun]] = {}
    for segment in segments:
        text = segment.text
        if len(text) >= LEAST and segment.index not in rules and (runs := opaque_runs(text)):
            found[segment.index] = runs
    return found


def without_chance(text: str, findings: Sequence[Finding], runs: Sequence[OpaqueRun]) -> list[Finding]:
    """The findings without those in the bytes within `runs`.

    A finding stays if it covers a whole run (a secret by its label), is in what the run decodes to, or is a
    number set apart from the rest (in a path before the file). Of one across an edge the part outside stays.
    The runs are disjoint and in order.
    """
    kept: list[Finding] = []
    ends = [run.end for run in runs]
    for finding in findings:
        start, end = finding.start, finding.end
        for place in range(bisect_right(ends, start), len(runs)):  # there may be many of both
            run = runs[place]
            if run.start >= end:
                break
            if start < run.end and not _is_no_chance(text, finding, run):
                # At most one side is outside, as it does not cover the run.
                start, end = (start, run.start) if start < run.start else (min(run.end, end), end)
        if (start, end) == (finding.start, finding.end):
            kept.append(finding)
        elif any(map(str.isalnum, text[start:end])):
            kept.append(finding._replace(start=start, end=end))
    return kept


def _is_no_chance(text: str, finding: Finding, run: OpaqueRun) -> bool:
    if finding.view == DECODED or (finding.start <= run.start and run.end <= finding.end):
        return True
    number = _NUMBER.match(text, finding.start)
    return number is not None and number.end() == finding.end


def opaque_content(
    segments: Sequence[Segment], runs: Runs, applied: Mapping[int, Sequence[Edit]]
) -> list[OpaqueContent]:
    """The runs in the order of the segments, without those that an edit removes whole."""
    if not runs:
        return []
    found: list[OpaqueContent] = []
    for segment in segments:
        edits = applied.get(segment.index, ())
        for start, end, form in runs.get(segment.index, ()):
            if not any(edit.start <= start and end <= edit.end for edit in edits):
                size = len(segment.text[start:end].encode("utf-8", "surrogatepass"))
                found.append(OpaqueContent(segment, form, size))
    return found

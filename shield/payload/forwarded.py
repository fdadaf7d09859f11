"""The texts of a document as they were forwarded, for detectors that had no time to run before.

The texts after redaction are kept, segment by segment, rather than the body: each segment has its place and
the names around it as before, and it is known which spans an edit wrote. So a finding in a placeholder or a
pseudonym is not taken for personal data that got through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shield.domain import Edit, FieldAction, FieldRule, Finding, Location, Remainder, Segment, SegmentKind
from shield.payload.document import Document, File

_EXEMPT = FieldRule("", FieldAction.KEEP)


def remainder_of(document: Document, edits: Mapping[int, Sequence[Edit]]) -> Remainder:
    """The forwarded texts of `document` with these edits (by segment; disjoint, sorted; `keep` included)."""
    texts = {index: _applied(document.segments[index].text, changes) for index, changes in edits.items()}
    renamed = {
        segment.location: texts[segment.index][0]
        for segment in document.segments
        if segment.kind is SegmentKind.KEY and segment.index in texts
    }
    segments = tuple(_forwarded(segment, texts, renamed) for segment in document.segments)
    return Remainder(
        segments=segments,
        done={index: spans for index, (_, spans) in texts.items()},
        exempt=frozenset(
            index for index, rule in document.rules.items() if rule.action is not FieldAction.INSPECT
        ),
        size=sum(len(segment.text.encode("utf-8", "surrogatepass")) for segment in segments),
    )


def _forwarded(
    segment: Segment,
    texts: Mapping[int, tuple[str, tuple[tuple[int, int], ...]]],
    renamed: Mapping[Location, str],
) -> Segment:
    location = segment.location
    if renamed:  # a redacted name must not appear in later paths either
        location = tuple(renamed.get(location[: depth + 1], step) for depth, step in enumerate(location))
    if segment.index not in texts:
        return replace(segment, location=location) if renamed else segment
    # An edited number or literal is a string from then on.
    whole = segment.kind in {SegmentKind.NUMBER, SegmentKind.LITERAL}
    kind = SegmentKind.TEXT if whole else segment.kind
    return replace(segment, text=texts[segment.index][0], location=location, kind=kind)


def _applied(text: str, edits: Sequence[Edit]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text with its edits applied, and the spans of the replacements."""
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    position = size = 0
    for edit in edits:
        between = text[position : edit.start]
        start = size + len(between)
        size = start + len(edit.replacement)
        parts += (between, edit.replacement)
        spans.append((start, size))
        position = edit.end
    parts.append(text[position:])
    return "".join(parts), tuple(spans)


class Forwarded:
    """A `Remainder` as a read-only document. It has no files: those were reported before forwarding."""

    files: Sequence[File] = ()

    def __init__(self, remainder: Remainder) -> None:
        self._remainder = remainder
        self.segments: Sequence[Segment] = remainder.segments
        self.rules: Mapping[int, FieldRule] = dict.fromkeys(remainder.exempt, _EXEMPT)
        self.drops: Sequence[tuple[str, Location]] = ()

    def news(self, segment: Segment, findings: Sequence[Finding]) -> list[Finding]:
        """The findings in a segment that go beyond what was already done there."""
        done = self._remainder.done.get(segment.index, ())
        return [it for it in findings if not done or _left(segment.text, it, done)]

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        """Empty: what is read here was forwarded long ago."""
        del edits
        return b""


def _left(text: str, finding: Finding, done: Sequence[tuple[int, int]]) -> bool:
    """Whether a letter or digit of the finding lies outside the spans already done."""
    position = finding.start
    for start, end in (*done, (finding.end, finding.end)):
        if any(map(str.isalnum, text[position : min(start, finding.end)])):
            return True
        position = max(position, end)
    return False

"""What was found in a document and done to it, at paths that are safe to publish."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from shield.analyzer.opaque_content import OpaqueContent
from shield.analyzer.views.contents import UNKNOWN, form_of
from shield.domain import KEEP, Edit, FieldAction, Finding, Opaque, Placed, Redaction, Segment, SegmentKind
from shield.payload.document import Document
from shield.payload.field_names import ShownNames
from shield.payload.paths import found_name, safe_path

WHOLE_VALUES: Final = frozenset({SegmentKind.NUMBER, SegmentKind.LITERAL})
"""Kinds of segments that have no parts: a finding in one always covers the whole value."""


_placed: Callable[[tuple[str, SegmentKind, Finding, str, int]], Placed] = partial(tuple.__new__, Placed)
"""Replaces the constructor that `NamedTuple` generates, a Python function that takes three times as long."""


def describe(  # noqa: PLR0917  one result's parts
    document: Document,
    body: bytes,
    edits: Mapping[int, Sequence[Edit]],
    found: Sequence[Sequence[Finding]],
    names: ShownNames,
    opaque: Sequence[OpaqueContent] | None = None,
) -> Redaction:
    """What was done, with paths that show only the names that `names` shows.

    `edits` are by index of the segment and include those that keep the text; `found` is aligned with the
    segments, and within a segment with its edits. Without `opaque`, nobody looked for opaque content.
    """
    segments = document.segments
    files = document.files
    if not edits and not document.rules and not document.drops and not opaque and not files:
        return Redaction(body, (), len(segments), _text_bytes(segments))
    renamed = {
        segment.location: found_name(segment.text, changes, names)
        for index, changes in edits.items()
        if (segment := segments[index]).kind is SegmentKind.KEY
    }
    placed: list[Placed] = []
    type_changes: list[str] = []
    for index, changes in edits.items():
        segment = segments[index]
        path = safe_path(segment.root, segment.location, names, renamed)
        kind = segment.kind
        if kind in WHOLE_VALUES:
            change = changes[0]
            source = next(finding for finding in found[index] if finding.entity_type == change.entity_type)
            whole = source._replace(start=0, end=len(segment.text))
            placed.append(Placed(path, kind, whole, change.operator, index))
            if change.operator != KEEP:
                type_changes.append(path)
            continue
        placed += [
            _placed((path, kind, finding, change.operator, index))
            for finding, change in zip(found[index], changes, strict=True)
        ]
    uninspected = sum(
        [
            len(segments[index].text.encode("utf-8", "surrogatepass"))
            for index, rule in document.rules.items()
            if rule.action is FieldAction.KEEP
        ]
    )
    unread = [] if opaque is None else [it for it in files if not it.kept]
    return Redaction(
        body=body,
        findings=tuple(placed),
        segments=len(segments),
        inspected_bytes=_text_bytes(segments) - uninspected - sum([it.size for it in opaque or ()]),
        uninspected_bytes=uninspected + sum([it.size for it in files if it.kept]),
        dropped=tuple([safe_path(root, location, names, renamed) for root, location in document.drops]),
        type_changes=tuple(type_changes),
        opaque=tuple(
            [
                Opaque(safe_path(it.segment.root, it.segment.location, names, renamed), it.form, it.size)
                for it in opaque or ()
            ]
            + [
                Opaque(safe_path(it.root, it.location, names, renamed), form_of(it.head) or UNKNOWN, it.size)
                for it in unread
            ]
        ),
    )


def _text_bytes(segments: Sequence[Segment]) -> int:
    """UTF-8 bytes of all texts; an ASCII text, the usual case, needs no encoding to be measured."""
    joined = "".join([segment.text for segment in segments])
    return len(joined) if joined.isascii() else len(joined.encode("utf-8", "surrogatepass"))

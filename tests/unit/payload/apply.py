"""Shared by this folder's tests: decoding with defaults, and shorthands for edits."""

from __future__ import annotations

from collections.abc import Sequence

from shield.domain import Edit, FieldAction, FieldRule, Limits
from shield.payload.document import Codec, Document
from shield.payload.selectors import NO_RULES, FieldRules


def decode(
    codec: Codec,
    body: bytes,
    *rules: FieldRule,
    limits: Limits | None = None,
    charset: str | None = None,
) -> Document:
    compiled = FieldRules.compile(rules) if rules else NO_RULES
    return codec.decode(body, limits=limits or Limits(), rules=compiled, charset=charset)


def edit(start: int, end: int, replacement: str) -> Edit:
    return Edit(start, end, replacement, "PERSON", "replace")


def whole(text: str, replacement: str) -> list[Edit]:
    return [edit(0, len(text), replacement)]


def replace_text(document: Document, replacements: dict[str, str]) -> bytes:
    """Encode, replacing every segment whose whole text is a key of `replacements`."""
    return document.encode(
        {
            segment.index: whole(segment.text, replacements[segment.text])
            for segment in document.segments
            if segment.text in replacements
        }
    )


def spliced(text: str, edits: Sequence[Edit]) -> str:
    for change in reversed(edits):
        text = text[: change.start] + change.replacement + text[change.end :]
    return text


def keep(selector: str) -> FieldRule:
    return FieldRule(selector, FieldAction.KEEP)


def drop(selector: str) -> FieldRule:
    return FieldRule(selector, FieldAction.DROP)


def inspect(selector: str) -> FieldRule:
    return FieldRule(selector, FieldAction.INSPECT)


def treat(selector: str, entity_type: str = "PERSON") -> FieldRule:
    return FieldRule(selector, FieldAction.TREAT_AS, entity_type)

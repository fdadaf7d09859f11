"""`multipart/form-data` (RFC 7578; WHATWG HTML, 4.10.21.8), edited in place.

Fields have the locations of `pairs`: names are KEY segments at `(name,)`, the n-th value of a name is at
`(name, n)`, and rules apply to them as in other forms. A part of another type than text is read by the codec
of its type, below its location. File names are segments of their own at `(name, n, "filename")`, to which
the rules for a field do not apply: those are about its content. A part that no codec reads is a `File`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from shield.domain import Edit, FieldAction, FieldRule, Limits, Location, Segment, SegmentKind
from shield.errors import (
    AnonymizationFailedError,
    MalformedBodyError,
    TooDeepError,
    TooManySegmentsError,
    UnsupportedMediaTypeError,
)
from shield.payload.disposition import CLOSING, as_words, quotable, read_quoted
from shield.payload.document import Document, File
from shield.payload.form import names_other_charset
from shield.payload.form_fields import distinct_names, rules_by_location, ways_of
from shield.payload.media_type import MediaType
from shield.payload.multipart_frame import Frame, HeaderLine, boundary_of, read_frame
from shield.payload.multipart_parts import CodecOf, Part, read_part
from shield.payload.selectors import NO_RULE, NO_RULES, FieldRules
from shield.payload.splice import boundaries, replace_spans, splice
from shield.payload.text import TextCodec

ROOT: Final = "form"
_HEAD_BYTES: Final = 64
_JSON_ROOT: Final = "$"
_JSON: Final = MediaType("application", "json")
_NEWLINE: Final = b"\r\n"
_OF_FIELD: Final = 2  # steps in the location of a field's value

Span = tuple[int, int, bytes]
Write = Callable[[Sequence[Edit]], bytes]


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where the text of a segment stands in the body, and how it is written there."""

    start: int
    end: int
    write: Write


@dataclass(slots=True)
class _Read:
    """A part with its segments: those of its header lines from `first` on, its content's from `inner` on."""

    part: Part
    first: int
    name_index: int = -1
    inner: int = 0
    document: Document | None = None
    dropped: bool = False


class MultipartDocument:
    """A decoded multipart form; see `Document`. `slots` are by segment index; `reads` are all parts."""

    def __init__(self, body: bytes, frame: Frame) -> None:
        self._body = body
        self._frame = frame
        self.slots: dict[int, _Slot] = {}
        self.reads: list[_Read] = []
        self.segments: list[Segment] = []
        self.rules: dict[int, FieldRule] = {}
        self.drops: list[tuple[str, Location]] = []
        self.files: list[File] = []

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        made = {index: changed for index, changed in edits.items() if changed}
        if not made and not self.drops:
            return self._body
        spans: list[Span] = []
        for index, changed in made.items():
            slot = self.slots.get(index)
            if slot is not None:
                spans.append((slot.start, slot.end, slot.write(changed)))
        for number, own in self._by_part(made).items():
            spans += self._content(self.reads[number], own)
        spans += self._names(made)
        spans.sort(key=lambda span: span[:2])
        written = replace_spans(self._body, spans)
        left = sum(not read.dropped for read in self.reads)
        if written.count(self._frame.mark) != left + 1:
            raise AnonymizationFailedError("what is left of a part would hold the boundary of the form")
        return written

    def _by_part(self, edits: Mapping[int, Sequence[Edit]]) -> dict[int, dict[int, Sequence[Edit]]]:
        """The edits of contents by part number and index in its document, and parts that lose something."""
        firsts = [read.first for read in self.reads]
        found: dict[int, dict[int, Sequence[Edit]]] = {
            number: {}
            for number, read in enumerate(self.reads)
            if read.dropped or (read.document is not None and read.document.drops)
        }
        for index, changed in edits.items():
            # Parts without a segment share their `first` with the next part, so the last of these owns it.
            number = bisect_right(firsts, index) - 1
            if number >= 0 and index not in self.slots and index != (read := self.reads[number]).name_index:
                found.setdefault(number, {})[index - read.inner] = changed
        return found

    def _content(self, read: _Read, edits: Mapping[int, Sequence[Edit]]) -> list[Span]:
        """The spans that edit the content of a part, or remove the part."""
        part, piece = read.part, read.part.piece
        if read.dropped or read.document is None:
            return [(piece.start, piece.end, b"")]
        content = read.document.encode(edits)
        if part.transfer is not None:
            content = part.transfer.encode(content)
        spans = [(piece.content, piece.content_end, content)]
        if part.length is not None:
            spans.append((part.length.start, part.length.end, b"%d" % len(content)))
        return spans

    def _names(self, edits: Mapping[int, Sequence[Edit]]) -> list[Span]:
        kept = [read for read in self.reads if not read.dropped]
        edited = {
            read.name_index: read.part.disposition.name.inner(edits[read.name_index])
            for read in kept
            if read.name_index in edits
        }
        if not edited:
            return []
        all_names = [(read.part.disposition.name.text, read.name_index) for read in kept]
        made = distinct_names(all_names, edited, lambda raw: read_quoted(raw) or "", CLOSING)
        return [
            (name.start, name.end, b'"%b"' % made[read.name_index])
            for read in kept
            if read.name_index in made and (name := read.part.disposition.name)
        ]


@dataclass(frozen=True, slots=True)
class MultipartForm:
    """Makes the codecs of multipart forms: one for each boundary."""

    codec_of: CodecOf

    def of(self, media_type: MediaType) -> MultipartCodec:
        """The codec of bodies with this Content-Type."""
        return MultipartCodec(media_type, self.codec_of)


@dataclass(frozen=True, slots=True)
class MultipartCodec:
    """Reads bodies of one Content-Type; `codec_of` gives the codecs of their parts."""

    media_type: MediaType
    codec_of: CodecOf

    def decode(
        self,
        body: bytes,
        *,
        limits: Limits,
        rules: FieldRules,
        charset: str | None,  # noqa: ARG002  the media type has it
    ) -> MultipartDocument:
        """See `Codec.decode`. Offsets are bytes of `body`. Also raises TooLargeError."""
        frame = read_frame(body, boundary_of(self.media_type))
        return _Reading(body, frame, limits, rules, self.codec_of).read()


class _Reading:
    """One body being read."""

    def __init__(
        self, body: bytes, frame: Frame, limits: Limits, rules: FieldRules, codec_of: CodecOf
    ) -> None:
        self._codec_of = codec_of
        self._body = body
        self._frame = frame
        self._limits = limits
        self._rules = rules
        self._made = MultipartDocument(body, frame)

    def read(self) -> MultipartDocument:
        body, frame, made = self._body, self._frame, self._made
        parts: list[Part] = []
        texts: list[Document | None] = []
        for number, piece in enumerate(frame.pieces):
            with _part(number):
                part = read_part(body, piece, self._codec_of)
                parts.append(part)
                texts.append(part.read(self._limits) if part.is_text else None)
        names = [part.disposition.name.text for part in parts]
        values = [(name, _value(text)) for name, text in zip(names, texts, strict=True)]
        in_force = rules_by_location(values, self._rules)
        of_all = self._rules.in_force(in_force.get((), NO_RULE))
        seen: dict[str, int] = {}
        self._around(0, frame.preamble_end - len(_NEWLINE), "preamble")
        for number, (part, name) in enumerate(zip(parts, names, strict=True)):
            occurrence = seen[name] = seen.get(name, -1) + 1
            location = (name, occurrence)
            rule = self._rules.in_force(in_force.get(location, NO_RULE))
            read = _Read(part, len(made.segments))
            made.reads.append(read)
            if rule is not None and rule.action is FieldAction.DROP:
                read.dropped = True
                made.drops.append((ROOT, location))
                continue
            with _part(number):
                self._header(read, location, of_all)
                self._content(read, location, texts[number], rule)
        self._around(frame.epilogue + len(_NEWLINE), len(body), "epilogue")
        if any(names_other_charset(each) for each in made.segments if len(each.location) == _OF_FIELD):
            raise UnsupportedMediaTypeError("forms must be in UTF-8")
        return made

    def _header(self, read: _Read, location: Location, of_all: FieldRule | None) -> None:
        """Add the texts of a part's header lines; the rule for the field does not apply to them."""
        name, filename, extended = read.part.disposition
        found: list[tuple[int, str, Location, _Slot | None]] = [(name.start, name.text, location[:1], None)]
        for parameter, step in ((filename, "filename"), (extended, "filename*")):
            if parameter is not None:
                slot = _Slot(parameter.start, parameter.end, parameter.edited)
                found.append((slot.start, as_words(parameter.text), (*location, step), slot))
        for line in read.part.texts:
            text = _line_text(line)
            slot = _Slot(line.start, line.end, partial(_line_edited, text))
            found.append((slot.start, text, (*location, line.name.decode()), slot))
        found.sort(key=lambda each: each[0])
        for _, text, place, where in found:
            if not text:
                continue
            index = self._add(text, place, SegmentKind.KEY if where is None else SegmentKind.TEXT)
            if where is None:
                read.name_index = index
            else:
                self._made.slots[index] = where
            if of_all is not None and of_all.action is FieldAction.KEEP:
                self._made.rules[index] = of_all

    def _content(
        self, read: _Read, location: Location, text: Document | None, rule: FieldRule | None
    ) -> None:
        made, part = self._made, read.part
        read.inner = len(made.segments)
        document = text if part.is_text else part.read(self._left(), self._below(location))
        if rule is None and (json := self._undeclared_json(part, location)) is not None:
            document, text = json, None
        if document is None:
            if rule is None or rule.action is not FieldAction.TREAT_AS:
                size = part.piece.content_end - part.piece.content
                kept = rule is not None and rule.action is FieldAction.KEEP
                made.files.append(File(ROOT, location, part.content[:_HEAD_BYTES], size, kept))
                return
            document = text = part.as_bytes()
        read.document = document
        for segment in document.segments:
            self._add(segment.text, (*location, *_steps(segment.root, segment.location)), segment.kind)
        rules = document.rules
        if text is not None:  # it has no rules of its own, only those of the field
            rules = {} if rule is None else dict.fromkeys(range(len(document.segments)), rule)
        made.rules.update({read.inner + index: own for index, own in rules.items()})
        made.drops += [(ROOT, (*location, *_steps(*each))) for each in document.drops]

    def _undeclared_json(self, part: Part, location: Location) -> Document | None:
        """A part without a type that is a JSON object or array, as its receiver will read it; else None.

        Browsers and SDKs give fields no type (`payload={"ssn": …}`). As a text its numbers would get
        replacements without quotes, and its names would name nothing.
        """
        if part.is_typed or part.disposition.is_file or part.content.lstrip()[:1] not in {b"{", b"["}:
            return None
        try:
            return self._codec_of(_JSON).decode(
                part.content, limits=self._left(), rules=self._below(location), charset=None
            )
        except (MalformedBodyError, TooDeepError, UnsupportedMediaTypeError):
            return None

    def _below(self, location: Location) -> FieldRules:
        """The rules for a document that is the value of the field at `location`."""
        if not self._rules:
            return NO_RULES
        name, occurrence = location
        assert isinstance(name, str)  # noqa: S101  as every field's
        return self._rules.below((((name,), True), ((name, str(occurrence)), True), *ways_of(name)))

    def _around(self, start: int, end: int, root: str) -> None:
        """Add the text before the first or after the last boundary: meant for nobody, but inspected."""
        raw = self._body[start:end] if start < end else b""
        if not raw.strip():
            return
        document = TextCodec().decode(raw, limits=self._limits, rules=NO_RULES, charset=None)
        index = self._add(document.segments[0].text, (), SegmentKind.TEXT, root)
        self._made.slots[index] = _Slot(start, end, lambda edits: document.encode({0: edits}))

    def _add(self, text: str, location: Location, kind: SegmentKind, root: str = ROOT) -> int:
        segments = self._made.segments
        if len(segments) >= self._limits.segments:
            raise TooManySegmentsError(f"more than {self._limits.segments} pieces of text")
        segments.append(Segment(len(segments), text, location, kind, root))
        return len(segments) - 1

    def _left(self) -> Limits:
        return replace(self._limits, segments=max(1, self._limits.segments - len(self._made.segments)))


@contextmanager
def _part(number: int) -> Iterator[None]:
    """Adds the number of the part, from 0, to errors about it."""
    try:
        yield
    except (MalformedBodyError, UnsupportedMediaTypeError) as error:
        detail = error.detail
    else:
        return
    raise MalformedBodyError(f"part {number}: {detail}")


def _value(text: Document | None) -> str:
    return "" if text is None or not text.segments else text.segments[0].text


def _steps(root: str, location: Location) -> Location:
    """A location in a part's document, relative to the part's own."""
    return location if root == _JSON_ROOT else (root, *location)


def _line_text(line: HeaderLine) -> str:
    try:
        return line.value.decode()
    except UnicodeDecodeError:
        pass
    raise MalformedBodyError("a header line is not in UTF-8")


def _line_edited(text: str, edits: Sequence[Edit]) -> bytes:
    points = boundaries(edits, len(text))
    return splice(text, edits, points, lambda replacement: quotable(replacement).decode()).encode()

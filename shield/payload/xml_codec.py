"""`application/xml`, `text/xml` and every `+xml` type (RFC 7303), edited in place.

The text of an element is a segment located by the names of the elements around it, under the root `xml`, and
so is each attribute; siblings of the same name are numbered. Text that is split by comments, CDATA sections
or elements is one segment where a reader sees one text, and an edit across these leaves them in place.
Where a tag within a line joins an address or number to a word (`<b>jane@example.com</b>Phone:`), the text has
an invisible sign between the two, as whoever reads the elements one by one sees two. Comments and processing
instructions are segments of their own, and so is each distinct name of an element, attribute, prefix or
instruction target.

Namespaces are taken for names of vocabularies, unless they look as if they held something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final

from shield.domain import Edit, FieldAction, FieldRule, Limits, Location, Segment, SegmentKind
from shield.errors import TooManySegmentsError
from shield.payload.document import File
from shield.payload.markup import common_codec
from shield.payload.selectors import NO_RULE, FieldRules
from shield.payload.splice import boundaries, free_text, replace_spans, splice
from shield.payload.text import Decoded, decode_text
from shield.payload.xml_rules import TEXT, Rules, has_members, place
from shield.payload.xml_scan import Attribute, Element, Kind, check_well_formed, scan
from shield.payload.xml_text import Change, Form, Piece, changed

ROOT: Final = "xml"
_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_DECLARED: Final = re.compile(
    r"<\?xml\s[^?]*?\bencoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']", re.IGNORECASE
)
_NAMESPACE: Final = re.compile(r"(?!.*[0-9]{5})[A-Za-z0-9.:/_#+~-]*")
_RESERVED: Final = frozenset({"xml", "xmlns"})  # prefixes (Namespaces in XML, section 3)
_IN_NAME: Final = re.compile(r"[^\w.-]")
_SEAM: Final = "\u200b"
"""Stands between two words that a tag joins: a word's end to one reader, nothing to another (UAX 14, 5.1)."""
_JOINED: Final = re.compile(r"[\w@+/%#&=~-][\w@+/%#&=~-]|[\w@+/%#&=~-]\.\w|\.\w")
_NUMBER_OR_ADDRESS: Final = re.compile(r"@|\d.*?\d")
_LONGEST_JOINED: Final = 64
"""Characters on either side of a tag that are looked at."""

Span = tuple[int, int, str]


class _Slot:
    """Where a segment stands: the pieces that make up its text."""

    __slots__ = ("around", "is_parted", "is_tagged", "kind", "location", "names", "pieces", "rule")

    def __init__(self, location: Location, rule: FieldRule | None, kind: SegmentKind) -> None:
        self.location = location
        self.rule = rule
        self.kind = kind
        self.pieces: list[Piece] = []
        self.names: list[int] | None = None
        """Its positions, if it is a name."""
        self.around: Element | None = None
        self.is_parted = False
        self.is_tagged = False
        """Whether an element within the line began behind its last piece."""

    @property
    def text(self) -> str:
        if len(self.pieces) == 1:
            return self.pieces[0].text
        return "".join([piece.text for piece in self.pieces])


class XmlDocument:
    """A decoded document; see `Document`."""

    files: Sequence[File] = ()

    def __init__(self, body: bytes, decoded: Decoded) -> None:
        self._body = body
        self._decoded = decoded
        self.slots: list[_Slot] = []
        self.segments: list[Segment] = []
        self.rules: dict[int, FieldRule] = {}
        self.drops: list[tuple[str, Location]] = []
        self.removed: list[tuple[int, int]] = []

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        made = {index: changed for index, changed in edits.items() if changed}
        if not made and not self.drops:
            return self._body
        text = self._decoded.text
        if self.removed == [(0, len(text))]:
            return b""
        spans: list[Span] = [(start, end, "") for start, end in self.removed]
        for index, own in made.items():
            if self.slots[index].names is None:
                spans += self._spans(self.slots[index], own)
        spans += self._names(made)
        spans.sort(key=lambda span: span[:2])
        return self._decoded.encode(replace_spans(text, spans))

    def _spans(self, slot: _Slot, edits: Sequence[Edit]) -> list[Span]:
        """The spans of a segment's edits: a replacement goes where its edit begins, the rest is removed."""
        starts = [*accumulate((len(piece.text) for piece in slot.pieces), initial=0)]
        boundaries(edits, starts[-1])
        changes: dict[int, list[Change]] = {}
        at = 0
        for edit in edits:
            replacement: str | None = edit.replacement
            while starts[at + 1] < edit.start:
                at += 1
            for number in range(at, len(slot.pieces)):
                start, piece = starts[number], slot.pieces[number]
                if start > edit.end or (start == edit.end and edit.end > edit.start):
                    break
                low, high = max(edit.start - start, 0), min(edit.end - start, len(piece.text))
                if piece.form is Form.BREAK or low > high or (low == high and edit.end > edit.start):
                    continue
                if replacement is None and edit.end == edit.start:
                    break
                changes.setdefault(number, []).append(Change(low, high, replacement or ""))
                replacement = None
        text, codec = self._decoded.text, self._decoded.codec
        return [
            (piece.start, piece.end, changed(text, piece, own, codec))
            for number, own in changes.items()
            if (piece := slot.pieces[number])
        ]

    def _names(self, edits: Mapping[int, Sequence[Edit]]) -> list[Span]:
        """The edited names of elements and attributes: only characters allowed there, and all distinct."""
        taken = {
            slot.text
            for index, slot in enumerate(self.slots)
            if slot.names is not None and index not in edits
        }
        spans: list[Span] = []
        for index, own in edits.items():
            slot = self.slots[index]
            if slot.names is None:
                continue
            text = slot.text
            written = splice(text, own, boundaries(own, len(text)), lambda it: _IN_NAME.sub("", it))
            written = self._decoded.writable(_IN_NAME.sub("", written)).replace("?", "")
            if not (written[:1].isalpha() or written[:1] == "_"):
                written = "_" + written
            name = free_text(written, taken)
            spans += [(start, start + len(text), name) for start in slot.names]
        return spans


class XmlCodec:
    """Reads XML in the charsets of plain text. The declaration and the media type must not disagree."""

    def decode(self, body: bytes, *, limits: Limits, rules: FieldRules, charset: str | None) -> XmlDocument:
        """See `Codec.decode`. Also raises MalformedBodyError for a document type (DTD)."""
        decoded = _decode(body, charset)
        check_well_formed(decoded.text)
        return _Reading(body, decoded, limits, rules).read()


def _decode(body: bytes, charset: str | None) -> Decoded:
    if charset is None:
        charset = "utf-16" if body.startswith(_MARKS) else None
        head = body.removeprefix(b"\xef\xbb\xbf").partition(b"?>")[0].decode("latin-1")
        if charset is None and (said := _DECLARED.match(head)) is not None:
            charset = said[1].lower()
    decoded = decode_text(body, charset)
    said = _DECLARED.match(decoded.text)
    # Without a declaration and a byte order mark, XML is in UTF-8 (XML 1.0, 4.3.3).
    declared = said[1].lower() if said is not None else None if decoded.mark else "utf-8"
    if declared is None:
        return decoded
    return decoded._replace(codec=common_codec({declared}, decoded.text, decoded.codec))


class _Reading:
    """One document being read."""

    def __init__(self, body: bytes, decoded: Decoded, limits: Limits, rules: FieldRules) -> None:
        self._limits = limits
        self._rules = rules
        self._text = decoded.text
        self._made = XmlDocument(body, decoded)
        self._of_names: dict[str, _Slot] = {}
        self._of_texts: dict[int, _Slot] = {}
        self._in_force: Rules | None = None
        self._whole: FieldRule | None = None

    def read(self) -> XmlDocument:
        made = self._made
        events = scan(self._text, self._limits)
        elements = [it for it in events if isinstance(it, Element)]
        place(elements)
        if self._rules:
            pieces: dict[int, list[str]] = {}
            for event in events:
                if isinstance(event, tuple) and (around := event[1]) is not None and _is_text(event[0]):
                    pieces.setdefault(id(around), []).append(event[0].text)
            texts = {identity: "".join(own) for identity, own in pieces.items()}
            self._whole = self._rules.in_force(self._rules.of_whole)
            self._in_force = Rules(self._rules, elements, texts)
        gone = -1  # the end of the dropped element
        for event in events:
            if isinstance(event, Element):
                if event.start >= gone:
                    gone = self._element(event)
            elif event[0].start >= gone:
                self._piece(*event)
        for index, slot in enumerate(made.slots):
            made.segments.append(Segment(index, slot.text, slot.location, slot.kind, ROOT))
            if slot.rule is not None:
                made.rules[index] = slot.rule
        return made

    def _element(self, element: Element) -> int:
        """List the texts in its tag; returns the end of the element where a rule drops it, else -1."""
        rule = self._rules.in_force(element.rule) if self._in_force else None
        if rule is not None and rule.action is FieldAction.DROP:
            self._made.drops.append((ROOT, element.location))
            is_root = element.parent is None
            self._made.removed.append((0, len(self._text)) if is_root else (element.start, element.end))
            return len(self._text) + 1 if is_root else element.end
        parent = element.parent
        if parent is not None and parent.bucket is not None and parent.rule == element.rule:
            element.within = parent.bucket
        prefix = self._text[element.start + 1 : element.opens - 1]
        self._prefix(prefix, element, element.start + 1)
        self._name(element.name, element.location, element.opens)
        if element.closes >= 0:
            self._name(element.name, element.location, element.closes)
            self._prefix(prefix, element, element.closes - len(prefix) - 1)
        if (slot := self._of_texts.get(id(element.bucket))) is not None:
            slot.is_parted = slot.is_parted or element.parts_words
            slot.is_tagged = True
        for attribute in element.attributes:
            self._attribute(element, attribute)
        return -1

    def _attribute(self, element: Element, attribute: Attribute) -> None:
        location = (*element.location, attribute.name)
        prefix = self._text[attribute.start : attribute.at].strip()[:-1]
        number = NO_RULE if self._in_force is None else self._in_force.at(element, attribute.name)
        rule = self._rules.in_force(number)
        if attribute.kind is Kind.NAMESPACE:
            if prefix:  # and its name is that of another prefix
                self._prefix(attribute.name, element, attribute.at)
            if _NAMESPACE.fullmatch(attribute.value.text) is not None:
                return
            rule = None
        elif rule is not None and rule.action is FieldAction.DROP:
            self._made.drops.append((ROOT, location))
            self._made.removed.append((attribute.start, attribute.end))
            return
        else:
            self._prefix(prefix, element, attribute.at - len(prefix) - 1)
        if attribute.kind is Kind.DATA:
            self._name(attribute.name, location, attribute.at)
        if attribute.value.text:
            self._slot(location, rule).pieces.append(attribute.value)

    def _piece(self, piece: Piece, around: Element | None) -> None:
        if piece.form is Form.TARGET:
            self._name(piece.text, () if around is None else around.location, piece.start)
            return
        if not _is_text(piece):
            self._slot(() if around is None else around.location, self._whole).pieces.append(piece)
            return
        bucket = None if around is None else around.bucket
        if around is None or bucket is None:
            return
        slot = self._of_texts.get(id(bucket))
        if slot is None:
            location, number = bucket.location, bucket.rule
            if has_members(bucket) and not bucket.has_elements:
                location = (*location, TEXT)
                number = NO_RULE if self._in_force is None else self._in_force.at(bucket, TEXT)
            slot = self._of_texts[id(bucket)] = self._slot(location, self._rules.in_force(number))
        elif slot.is_parted or _is_parted(slot.around, around):
            slot.pieces.append(Piece(piece.start, piece.start, Form.BREAK, "\n"))
        elif (slot.is_tagged or slot.around is not around) and _joins(slot.pieces, piece):
            slot.pieces.append(Piece(piece.start, piece.start, Form.BREAK, _SEAM))
        slot.is_parted, slot.is_tagged, slot.around = False, False, around
        slot.pieces.append(piece)

    def _prefix(self, prefix: str, element: Element, at: int) -> None:
        if prefix and prefix not in _RESERVED:
            self._name(prefix, element.location, at)

    def _name(self, name: str, location: Location, at: int) -> None:
        slot = self._of_names.get(name)
        if slot is None:
            slot = self._of_names[name] = self._slot(location, None, SegmentKind.KEY)
            slot.pieces.append(Piece(at, at + len(name), Form.TEXT, name))
            slot.names = []
        assert slot.names is not None  # noqa: S101  as every name's
        slot.names.append(at)

    def _slot(
        self, location: Location, rule: FieldRule | None, kind: SegmentKind = SegmentKind.TEXT
    ) -> _Slot:
        if len(self._made.slots) >= self._limits.segments:
            raise TooManySegmentsError(f"more than {self._limits.segments} pieces of text")
        slot = _Slot(location, rule, kind)
        self._made.slots.append(slot)
        return slot


def _is_parted(before: Element | None, around: Element) -> bool:
    """Whether an element that separates words ends between texts in these two."""
    while before is not None and before is not around and before.end <= around.end:
        if before.parts_words:
            return True
        before = before.parent
    return False


def _joins(before: Sequence[Piece], piece: Piece) -> bool:
    """Whether one word, with a number or an address in it, goes on from the pieces before into this one."""
    if _JOINED.match(before[-1].text[-1:] + piece.text[:2]) is None:
        return False
    left = ""
    for each in reversed(before):
        left = each.text[-_LONGEST_JOINED:] + left
        if len(left) >= _LONGEST_JOINED or any(map(str.isspace, left)):
            break
    word = left.split()[-1] + piece.text[:_LONGEST_JOINED].split()[0]
    return _NUMBER_OR_ADDRESS.search(word) is not None


def _is_text(piece: Piece) -> bool:
    return piece.form is Form.TEXT or piece.form is Form.CDATA

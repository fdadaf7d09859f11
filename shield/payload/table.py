"""`text/csv` (RFC 4180) and `text/tab-separated-values`, edited in place.

A table is a list of its rows: a cell is at `(row, name of its column)`, under the root `table`, as field
rules see it in `[{"First Name": "…"}, …]`. Without a header it is at `(row, column)`. The names of columns
are texts at `("header", column)`, to which rules do not apply: whether the first line is a header is a guess
unless the media type says `header=present`.

Where readers may see another column (a row with more cells than the header, a tab in a quoted field between
tabs, two columns of one name) a KEEP rule does not apply, as with duplicate keys of JSON. A text that
readers may split into different cells is treated as one text, like `text/plain`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shield.domain import HEADER, TABLE, Edit, FieldAction, FieldRule, Limits, Location, Segment
from shield.errors import TooManySegmentsError
from shield.payload.document import File
from shield.payload.json_outline import NODES_PER_SEGMENT
from shield.payload.media_type import MediaType
from shield.payload.selectors import NO_RULE, FieldRules
from shield.payload.splice import boundaries, free_text, replace_spans, splice
from shield.payload.table_cells import SIGNS, TAB, Cell, opens, read_table
from shield.payload.text import Decoded, TextCodec, TextDocument, decode_text

_ENDS: Final = frozenset({"", "\r", "\n"})
_LONGEST_NAME: Final = 64
_MOST_DIGITS: Final = 4
_NAME: Final = re.compile(r"[^\W\d]|[^@]*[^\W\d_]{2}[^@]*")


class TableDocument:
    """A decoded table; see `Document`. `cells` are those of the segments; the column `names` come first."""

    files: Sequence[File] = ()

    def __init__(self, body: bytes, decoded: Decoded, sign: str) -> None:
        self._body = body
        self._decoded = decoded
        self.sign = sign
        self.cells: list[Cell] = []
        self.names: list[str] = []
        self.segments: list[Segment] = []
        self.rules: dict[int, FieldRule] = {}
        self.drops: list[tuple[str, Location]] = []
        self.dropped: list[Cell] = []

    def encode(self, edits: Mapping[int, Sequence[Edit]]) -> bytes:
        made = {index: changed for index, changed in edits.items() if changed}
        if not made and not self.drops:
            return self._body
        if self.drops == [(TABLE, ())]:
            return b""
        texts = {index: self._edited(index, changed) for index, changed in made.items()}
        self._part_names(texts)
        spans = [(cell.start, cell.end, self._empty(cell)) for cell in self.dropped]
        for index, text in texts.items():
            cell = self.cells[index]
            spans.append((cell.start, cell.end, self._written(cell, text)))
        spans.sort()
        return self._decoded.encode(replace_spans(self._decoded.text, spans))

    def _edited(self, index: int, edits: Sequence[Edit]) -> str:
        text = self.segments[index].text
        return splice(text, edits, boundaries(edits, len(text)), self._writable)

    def _writable(self, replacement: str) -> str:
        if self.sign == TAB:  # not all readers of tab-separated values know quotes
            replacement = " ".join(re.split(r"[\t\r\n]+", replacement))
        return self._decoded.writable(replacement)

    def _part_names(self, texts: dict[int, str]) -> None:
        """Keep edited column names distinct: a reader that keeps the last of two would lose a column."""
        edited = [index for index in texts if self.segments[index].location[0] == HEADER]
        if not edited:
            return
        taken = {name for place, name in enumerate(self.names) if place not in edited}
        for index in edited:
            texts[index] = free_text(texts[index], taken)

    def _written(self, cell: Cell, text: str) -> str:
        if cell.quoted or self.sign in text or "\n" in text or "\r" in text or opens(text):
            return '"' + text.replace('"', '""') + '"'
        return text or self._empty(cell)

    def _empty(self, cell: Cell) -> str:
        """What is written for an empty cell: most readers do not take an empty line for a record."""
        text = self._decoded.text
        before = text[max(cell.start - 1, 0) : cell.start]
        return '""' if {before, text[cell.end : cell.end + 1]} <= _ENDS else ""


@dataclass(frozen=True, slots=True)
class TableForm:
    """Makes the codecs of tables, by what the media type says about the header.

    `sign` is what separates cells, None where the first line tells it.
    """

    sign: str | None = None

    def of(self, media_type: MediaType) -> TableCodec:
        """The codec of bodies with this Content-Type."""
        said = media_type.parameters.get("header", "").lower()
        return TableCodec(self.sign, {"present": True, "absent": False}.get(said))


@dataclass(frozen=True, slots=True)
class TableCodec:
    """Reads tables; `header` says whether the first record is one, None where that must be guessed."""

    sign: str | None = None
    header: bool | None = None

    def decode(
        self, body: bytes, *, limits: Limits, rules: FieldRules, charset: str | None
    ) -> TableDocument | TextDocument:
        """See `Codec.decode`. The charsets are those of plain text."""
        decoded = decode_text(body, charset)
        signs = SIGNS if self.sign is None else (self.sign,)
        if max(map(decoded.text.count, signs)) > NODES_PER_SEGMENT * limits.segments:
            raise TooManySegmentsError(f"more than {NODES_PER_SEGMENT * limits.segments} cells")
        records = read_table(decoded.text, self.sign)
        if records is None:
            return TextCodec().decode(body, limits=limits, rules=rules, charset=charset)
        made = TableDocument(body, decoded, records.sign)
        rows = records.rows
        names: list[str] = []
        if rows and self.header is not False and (self.header or _is_header(rows)):
            names = [cell.text.strip() for cell in rows[0]]
        whole = rules.in_force(rules.of_whole) if rules else None
        if whole is not None and whole.action is FieldAction.DROP:
            made.drops.append((TABLE, ()))
            return made
        if names:
            made.names = [cell.text for cell in rows[0] if cell.text]
            for column, cell in enumerate(rows[0]):
                if cell.text:
                    _add(made, cell, (HEADER, column), limits)
            if whole is not None and whole.action is FieldAction.KEEP:
                made.rules = dict.fromkeys(range(len(made.segments)), whole)
            rows = rows[1:]
        in_force = _Rules(rules, names, rows) if rules else None
        width = len(names)
        for number, row in enumerate(rows):
            even = not width or len(row) <= width
            for column, cell in enumerate(row):
                if not cell.text:
                    continue
                name = names[column] if column < width else ""
                location = (number, name or column)
                if in_force is None:
                    _add(made, cell, location, limits)
                    continue
                rule = rules.in_force(in_force.at(location, sure=even and cell.sure))
                if rule is not None and rule.action is FieldAction.DROP:
                    made.drops.append((TABLE, location))
                    made.dropped.append(cell)
                    continue
                index = _add(made, cell, location, limits)
                if rule is not None:
                    made.rules[index] = rule
        return made


class _Rules:
    """Tells which rule is in force at a cell."""

    def __init__(self, rules: FieldRules, names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        self._rules = rules
        self._whole = rules.of_whole
        told = [name for name in names if name]
        self._sure = len({*told}) == len(told)
        self._own: dict[Location, int] | None = None
        if rules.locations is not None:
            self._matcher = rules.locations.matcher()
            return
        self._own = {}
        for number, location in rules.select([_value(names, row) for row in rows]):
            self._own[location] = max(number, self._own.get(location, NO_RULE))

    def at(self, location: Location, *, sure: bool) -> int:
        if self._own is None:
            number = self._matcher.rule_at(location)
        else:
            number = max(self._own.get(location[:depth], NO_RULE) for depth in range(3))
        kept = number != NO_RULE and self._rules.rules[number].action is FieldAction.KEEP
        return NO_RULE if kept and number != self._whole and not (sure and self._sure) else number


def _value(names: Sequence[str], row: Sequence[Cell]) -> object:
    if not names:
        return [cell.text for cell in row]
    return {
        (column < len(names) and names[column]) or str(column): cell.text for column, cell in enumerate(row)
    }


def _is_header(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first record is a header: its cells are short, distinct, and unlike values."""
    names = [cell.text.strip() for cell in rows[0]]
    told = [name for name in names if name]
    return (
        len(rows) > 1
        and len({*told}) == len(told)
        and bool(told)
        and all(
            len(name) <= _LONGEST_NAME
            and _NAME.fullmatch(name) is not None
            and sum(map(str.isdigit, name)) <= _MOST_DIGITS
            for name in told
        )
    )


def _add(made: TableDocument, cell: Cell, location: Location, limits: Limits) -> int:
    index = len(made.segments)
    if index >= limits.segments:
        raise TooManySegmentsError(f"more than {limits.segments} pieces of text")
    made.segments.append(Segment(index, cell.text, location, root=TABLE))
    made.cells.append(cell)
    return index

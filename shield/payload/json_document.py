"""JSON texts decoded in place: one for `application/json`, one per line for NDJSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from shield.domain import Edit, FieldAction, FieldRule, Limits, Location, Segment, SegmentKind
from shield.errors import MalformedBodyError, ShieldError, TooManySegmentsError
from shield.payload.json_numbers import plain
from shield.payload.json_outline import NODES_PER_SEGMENT, Node, NodeKind, Outline, outline
from shield.payload.json_patch import is_tested, lists_of_operations, may_be_patch
from shield.payload.json_rules import UNPARSED, apply_rules, dropped_by
from shield.payload.json_scan import Spot, Tiles, measure, scan, split
from shield.payload.json_strings import edit_string, escape, unescape
from shield.payload.location_rules import LocationRules
from shield.payload.selectors import NO_RULE, FieldRules
from shield.payload.splice import boundaries, free_name, numbered, replace_spans

Span = tuple[int, int, str]


@dataclass(slots=True)
class Listing:
    """The state that all texts of one body share: segments, rules in force, dropped nodes."""

    segments: list[Segment]
    rules: dict[int, FieldRule]
    drops: list[tuple[str, Location]]


@dataclass(slots=True)
class JsonText:
    """One JSON text; its segments begin at index `first`.

    Either `places` are the spans of the segments, or `tiles` is the text cut at its strings, with each
    segment's place. `tree` is set where field rules needed it. `removals` are the spans of dropped nodes with
    their replacements.
    """

    text: str
    limits: Limits
    first: int
    places: Sequence[tuple[int, int]] = ()
    tiles: Tiles | None = None
    tree: Outline | None = None
    removals: Sequence[Span] = ()

    def encode(self, segments: Sequence[Segment], edits: Mapping[int, Sequence[Edit]]) -> bytes:
        """The text with the edits of its own segments and without its dropped nodes."""
        if self.tiles is not None and all(segments[index].kind is SegmentKind.TEXT for index in edits):
            return self._in_tiles(self.tiles, segments, edits).encode()
        changes: list[Span] = list(self.removals)
        names: dict[int, str] = {}
        if edits:
            asked = [index - self.first for index in edits]
            where = [self.places[it] for it in asked] if self.tiles is None else self.tiles.spans(asked)
            for (index, changed), (start, end) in zip(edits.items(), where, strict=True):
                segment = segments[index]
                if segment.kind is SegmentKind.KEY:
                    names[start] = edit_string(self.text[start:end], segment.text, changed)
                elif segment.kind is SegmentKind.TEXT:
                    changes.append((start, end, edit_string(self.text[start:end], segment.text, changed)))
                else:
                    changes.append((start, end, _as_string(segment, changed)))
        if names:
            changes += _distinct_names(self.tree or outline(self.text, self.limits), names)
        changes.sort(key=lambda change: change[:2])
        return replace_spans(self.text, changes).encode()

    def _in_tiles(
        self, tiles: Tiles, segments: Sequence[Segment], edits: Mapping[int, Sequence[Edit]]
    ) -> str:
        """The text with edits of string values only: each is a whole tile, so none need be searched for.

        (A name must stay distinct from others of its object, and a number is only a part of its tile.)
        """
        parts = list(tiles.parts)
        for index, changed in edits.items():
            spot = tiles.spots[index - self.first]
            assert isinstance(spot, int)  # noqa: S101  as every string's
            parts[spot] = edit_string(parts[spot], segments[index].text, changed)
        return '"'.join(parts)


def _as_string(segment: Segment, edits: Sequence[Edit]) -> str:
    boundaries(edits, len(segment.text))
    if len(edits) != 1 or (edits[0].start, edits[0].end) != (0, len(segment.text)):
        raise ShieldError("an edit of a number or literal must span it")
    return f'"{escape(edits[0].replacement)}"'


def read_text(
    body: bytes, *, limits: Limits, rules: FieldRules, root: str, listing: Listing, patch: bool = False
) -> JsonText:
    """Decode one JSON text (UTF-8, RFC 8259) and append what it holds to `listing`.

    With `patch`, the media type says that it is a JSON Patch: see `json_patch`.
    """
    text: str | None = None
    parts: list[str] | None = None
    most_nodes = NODES_PER_SEGMENT * limits.segments
    if len(body) > most_nodes:
        # Only a long body can hold too many nodes; this bounds the parser's memory before it runs.
        text = _text(body)
        parts = split(text, most_nodes)
        structure = "".join(parts[::2])
        if len(parts) // 2 + sum(map(structure.count, ",[{")) >= most_nodes:
            raise TooManySegmentsError(f"more than {most_nodes} values and names")
    parsed = _parse(body)
    if text is None:
        text = body.decode() if parsed is not UNPARSED else _text(body)
    quick = None if parsed is UNPARSED or patch or (rules and may_be_patch(parsed)) else rules.locations
    tree = outline(text, limits) if parsed is UNPARSED or (rules and quick is None) else None
    first = len(listing.segments)
    if tree is not None and rules:
        apply_rules(tree, rules, parsed, patch=patch)
        places, removals = _list_ruled(
            tree=tree, text=text, rules=rules, root=root, limits=limits, listing=listing, patch=patch
        )
        return JsonText(text, limits, first, places=places, tree=tree, removals=removals)
    tiles = parts if parts is not None else split(text)
    if rules and quick is not None:
        spots = _scan_ruled(tiles, rules, quick, root=root, limits=limits, listing=listing)
    else:
        spots = scan(tiles, root, limits, listing.segments)
    return JsonText(text, limits, first, tiles=Tiles(tiles, spots), tree=tree)


def measured(body: bytes, *, limits: Limits, rules: FieldRules) -> tuple[int, int] | None:
    """The number of segments that `read_text` makes of a text and their UTF-8 bytes, without making any.

    None where the text must be read to tell: it may be refused, or a rule may apply anywhere in it.
    """
    named: frozenset[object] = frozenset()
    if rules:
        found = None if rules.locations is None else rules.locations.beginnings
        if found is None or not all(isinstance(step, str) for step in found):
            return None
        named = found
    if len(body) > NODES_PER_SEGMENT * limits.segments:
        return None
    parsed = _parse(body)
    if parsed is UNPARSED or (rules and may_be_patch(parsed)):
        return None
    return measure(split(body.decode()), limits, named)


def _scan_ruled(
    tiles: Sequence[str],
    rules: FieldRules,
    quick: LocationRules,
    *,
    root: str,
    limits: Limits,
    listing: Listing,
) -> list[Spot]:
    """`scan`, and the rule in force at each segment; gives the same result as `_list_ruled`."""
    matcher = quick.matcher()

    def treated(location: Location) -> bool:
        rule = rules.in_force(matcher.rule_at(location))
        return rule is not None and rule.action is FieldAction.TREAT_AS

    first = len(listing.segments)
    spots = scan(tiles, root, limits, listing.segments, treated)
    read = listing.segments[first:]
    beginnings = quick.beginnings
    if beginnings is not None:  # most rules name a member of the root, and most segments are elsewhere
        read = [segment for segment in read if segment.location and segment.location[0] in beginnings]
    for segment in read:
        if segment.kind is SegmentKind.KEY:
            rule = rules.in_force(matcher.rule_at(segment.location[:-1]))
            # A name below a `treat_as` is still a name, not a value of that type.
            if rule is not None and rule.action is FieldAction.KEEP:
                listing.rules[segment.index] = rule
        elif (rule := rules.in_force(matcher.rule_at(segment.location))) is not None:
            listing.rules[segment.index] = rule
    return spots


def _parse(body: bytes) -> Any:
    """The parsed value, or `UNPARSED` where the fast parser fails; its error would quote the document."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return UNPARSED


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        offset = error.start
    raise MalformedBodyError(f"not valid JSON: not UTF-8 at byte {offset}", offset=offset)


def _list_ruled(
    *, tree: Outline, text: str, rules: FieldRules, root: str, limits: Limits, listing: Listing, patch: bool
) -> tuple[list[tuple[int, int]], list[Span]]:
    """Append a document's segments, rules and drops under field rules; return its spans and removals."""
    places: list[tuple[int, int]] = []
    removals: list[Span] = []
    shrunk: dict[int, Node] = {}  # objects that lose members, and patches that lose operations, by place

    def add(content: str, location: Location, kind: SegmentKind, span: tuple[int, int], number: int) -> None:
        index = len(listing.segments)
        if index >= limits.segments:
            raise TooManySegmentsError(f"more than {limits.segments} pieces of text")
        listing.segments.append(Segment(index, content, location, kind, root))
        places.append(span)
        rule = rules.in_force(number) if number != NO_RULE else None
        # A name below a `treat_as` is still a name, not a value of that type: it is inspected as usual.
        if rule is not None and (kind is not SegmentKind.KEY or rule.action is FieldAction.KEEP):
            listing.rules[index] = rule

    string, number, literal, obj, array = NodeKind
    patched = lists_of_operations(tree, declared=patch)
    locations: dict[int, Location] = {}
    place = 0
    while place < len(tree.nodes):
        node = tree.nodes[place]
        parent = node.parent
        location = locations[place] = () if parent is None else (*locations[parent.place], node.step)
        if node.rule != NO_RULE and dropped_by(rules, node):
            listing.drops.append((root, location))
            if (
                parent is None
                or (parent.kind is array and parent not in patched)
                or (parent.parent in patched and is_tested(node))
            ):
                quote = node.kind is string
                removals.append((node.start - quote, node.after, "null"))
            else:
                shrunk[parent.place] = parent
            place = node.last + 1
            continue
        place += 1
        if parent is not None and parent.kind is obj and node.step:
            add(str(node.step), location, SegmentKind.KEY, (node.key_start, node.key_end), parent.rule)
        span = (node.start, node.end)
        if node.kind is string and node.value:
            add(node.value, location, SegmentKind.TEXT, span, node.rule)
        elif node.kind is number:
            add(plain(text[node.start : node.end]), location, SegmentKind.NUMBER, span, node.rule)
        elif node.kind is literal:
            rule = rules.in_force(node.rule)
            if rule is not None and rule.action is FieldAction.TREAT_AS:
                add(text[node.start : node.end], location, SegmentKind.LITERAL, span, node.rule)
    for parent in shrunk.values():
        removals += _member_removals(parent, [dropped_by(rules, member) for member in parent.children])
    return places, removals


def _member_removals(parent: Node, dropped: Sequence[bool]) -> Iterable[Span]:
    """Spans that remove the dropped members or elements, each with one comma and the space around it.

    A run of members is removed up to the next member that stays or, at the end of the object, from the end of
    the last one that stays.
    """
    members = parent.children
    place = 0
    while place < len(members):
        if not dropped[place]:
            place += 1
            continue
        run = place
        while place < len(members) and dropped[place]:
            place += 1
        start, end = _beginning(members[run]), members[place - 1].after
        if place < len(members):
            end = _beginning(members[place])
        elif run > 0:
            start = members[run - 1].after
        yield start, end, ""


def _beginning(node: Node) -> int:
    """Where a member's name or an array's element begins, including its quote."""
    return node.key_start - 1 if node.key_start >= 0 else node.start - (node.kind is NodeKind.STRING)


def _distinct_names(tree: Outline, edited: Mapping[int, str]) -> list[Span]:
    """Spans that write the edited names (by their start), numbered where two would become one.

    Otherwise a reader that keeps the last of equal names would lose a member. Names that were equal
    before and are edited alike stay equal; a name that is not edited keeps its form.
    """
    objects = {
        node.parent.place: node.parent
        for node in tree.nodes
        if node.key_start in edited and node.parent is not None
    }
    changes: list[Span] = []
    for parent in objects.values():
        taken = {str(node.step) for node in parent.children if node.key_start not in edited}
        given: dict[tuple[str | int, str], str] = {}
        for node in parent.children:
            if node.key_start not in edited:
                continue
            group = (node.step, edited[node.key_start])
            if group not in given:
                given[group] = _free(edited[node.key_start], taken)
            changes.append((node.key_start, node.key_end, given[group]))
    return changes


def _free(raw: str, taken: set[str]) -> str:
    def variant(number: int) -> tuple[str, str]:
        form = numbered(raw, number, ">", f"_{number}")
        return form, unescape(form)

    return free_name(taken, variant)

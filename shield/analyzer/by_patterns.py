"""What the patterns find in segments: in each and all its readings, in its cells and turns, and over several.

Patterns are here all that `by_rule` reads with: no model, and no recognizer that only its own code can run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

from shield.analyzer import lettered_patterns, message_ids
from shield.analyzer.additions import add
from shield.analyzer.by_rule import ByRule, Piece, Run
from shield.analyzer.by_turns import ByTurns, named_in
from shield.analyzer.conversation.conversations import conversations
from shield.analyzer.detectors import Detectors
from shield.analyzer.expressions.folded import fold, fold_each
from shield.analyzer.known_keys import KnownKeys
from shield.analyzer.layouts import member_parts
from shield.analyzer.layouts.byte_lists import byte_lists
from shield.analyzer.layouts.joined import Joined
from shield.analyzer.layouts.named_pieces import may_hold, named_pieces
from shield.analyzer.layouts.pieces import Pieces
from shield.analyzer.messages import interchange
from shield.analyzer.patterns import Fired
from shield.analyzer.recognizers import phone_runs, phone_za
from shield.analyzer.views.folded import NAME as FOLDED
from shield.analyzer.views.folded import TAGS
from shield.analyzer.views.reading import WRITTEN, Views
from shield.analyzer.views.trigger import Reading
from shield.analyzer.views.view import TABLE, View
from shield.domain import VALUE_KINDS, Finding, Segment, SegmentKind

_NO_READING: frozenset[Reading] = frozenset()


class ByPatterns:
    """Reads with the detectors of one engine, for its `entities`. Safe to use from several threads."""

    def __init__(
        self, detectors: Detectors, rules: ByRule, keys: KnownKeys, entities: frozenset[str]
    ) -> None:
        self._detectors = detectors
        self._keys = keys
        self._rules = rules
        self._pieces = Pieces()
        self._turns = ByTurns(entities, answers=detectors.key_names)
        self._entities = entities

    def each(
        self,
        segments: Sequence[Segment],
        known: Mapping[int, Sequence[Finding]],
        found: list[list[Finding]],
        run: Run,
    ) -> dict[int, list[View]]:
        """Puts into `found` the findings in each segment whose index is not in `known`.

        Returns the other readings of segments that the model reads too.
        """
        readable = [
            place for place, segment in enumerate(segments) if place not in known and has_text(segment)
        ]
        texts = [segments[place].text for place in readable]
        ascii_texts = fold_each(texts)
        run.check()
        detectors = self._detectors
        plain = all(map(str.isascii, texts))
        fired = detectors.patterns.prefilter.fired_in_each(ascii_texts, run.patterns, plain=plain)
        views = detectors.views
        reads_all = bool(
            detectors.rules.rules or run.denied is not None or detectors.patterns.prefilter.always
        )
        asked = views.asked(texts, ascii_texts) if views is not None else [_NO_READING] * len(texts)
        written: dict[int, list[View]] = {}
        for place, ascii_text, prefiltered, readings in zip(readable, ascii_texts, fired, asked, strict=True):
            segment = segments[place]
            possible = prefiltered and detectors.patterns.possible(prefiltered, segment.text)
            # Most segments of a payload are names and states that cannot hold a finding.
            if possible or readings or reads_all or self._may_hold_more(segment.text):
                run.check()
                others = _views(segment, readings, views)
                found[place] = self._in_readings(segment, ascii_text, possible, run, others)
                if others and (faithful := [view for view in others if view.name in WRITTEN - {TAGS}]):
                    written[place] = faithful
            elif detectors.key_names and segment.kind in VALUE_KINDS:
                keys, speaks = self._keys.around(segment, run.named)
                if speaks:
                    found[place] = self._rules.by_key_name(segment.text, segment.kind, keys, run)
            if detectors.key_names and segment.kind in VALUE_KINDS:
                found[place] += self._in_cells(segment, run)
                for view in written.get(place, ()):
                    # A folded reading has the same cells as the text, except where signs are written in code.
                    if view.name != FOLDED or "&lt;" in segment.text:
                        add(found[place], view, self._in_cells(replace(segment, text=view.text), run))
                    elif "&" in segment.text or "%" in segment.text:
                        add(found[place], view, self._in_messages(view.text, run))
                if "\n" in segment.text and segment.kind is SegmentKind.TEXT:
                    found[place] += self._turns.of_text(segment.text, run, self._read_together)
        return written

    def across(self, segments: Sequence[Segment], found: list[list[Finding]], run: Run) -> None:
        """Adds findings across segments that are pieces of one text or turns of one conversation."""
        for text in chain(self._pieces.joined(segments), byte_lists(segments)):
            for place, finding in text.spread(self._read_together(text, run)):
                found[place].append(finding)
        if not self._detectors.key_names:
            return
        for place, finding in member_parts.findings(
            segments, lambda segment: self._keys.around(segment, run.named)[0]
        ):
            if finding.entity_type in run.policy.operators:
                found[place].append(finding)
        for places, turns in conversations(segments, self._turns.tells):
            for turn, finding in self._turns.said(turns, run, self._read_together):
                found[places[turn]].append(finding)

    def _may_hold_more(self, text: str) -> bool:
        """Whether a text may hold what the prefilter does not scan for: phone numbers, other letters."""
        if self._detectors.lettered is not None and lettered_patterns.may_hold(text):
            return True
        if self._detectors.south_african is not None and phone_za.may_hold(text):
            return True
        return phone_runs.may_hold(text)

    def _in_readings(
        self, segment: Segment, ascii_text: bytes, fired: Fired, run: Run, views: Sequence[View]
    ) -> list[Finding]:
        """The findings in one segment, in all its readings."""
        text = segment.text
        keys, speaks = self._keys.around(segment, run.named)
        piece = Piece(segment.kind, keys, speaks and self._detectors.key_names)
        found = self._rules.read(text, ascii_text, piece, run, fired=fired)
        for view in views:
            run.check()
            again = self._rules.read(view.text, fold(view.text), piece, run, view=view)
            add(found, view, again)
        if found and message_ids.are_message_ids(text, keys.own):
            return [each for each in found if each.recognizer != message_ids.RECOGNIZER]
        return found

    def _in_cells(self, segment: Segment, run: Run) -> list[Finding]:
        """What pieces of a text hold that have names of their own, as cells of tables have."""
        text = segment.text
        if not may_hold(text):
            return []
        found: list[Finding] = []
        for cell in named_pieces(segment, lambda names: self._keys.of(names, run.named)[1]):
            run.check()
            keys, speaks = self._keys.of(cell.names, run.named)
            value = text[cell.start : cell.end]
            for each in self._rules.read(value, fold(value), Piece(SegmentKind.TEXT, keys, speaks), run):
                start, end = each.start + cell.start, each.end + cell.start
                found.append(each._replace(start=start, end=end, view=TABLE))
        return found + self._in_messages(text, run)

    def _in_messages(self, text: str, run: Run) -> list[Finding]:
        """The elements of interchange messages in a text."""
        if not interchange.may_hold(text):
            return []
        wanted = self._entities & run.policy.operators.keys()
        named = ((each, named_in(each.entity_type, wanted)) for each in interchange.findings(text))
        return [each._replace(entity_type=kind) for each, kind in named if kind in wanted]

    def _read_together(self, text: Joined, run: Run) -> list[Finding]:
        """The findings in pieces that are read together, in all their readings."""
        run.check()
        views = self._detectors.views
        keys, speaks = self._keys.of(text.names, run.named)
        piece = Piece(SegmentKind.TEXT, keys, speaks and self._detectors.key_names)
        read, ascii_text = text.view.text, fold(text.view.text)
        found = self._rules.read(read, ascii_text, piece, run, view=text.view)
        if views is not None:
            for view in views.of(read, views.asked([read], [ascii_text])[0]):
                add(found, view, self._rules.read(view.text, fold(view.text), piece, run, view=view))
        return found


def has_text(segment: Segment) -> bool:
    """Whether the segment holds anything to read."""
    text = segment.text
    return bool(text) and segment.kind is not SegmentKind.LITERAL and not text.isspace()


def _views(segment: Segment, readings: frozenset[Reading], views: Views | None) -> list[View]:
    """The other readings of a segment; numbers and literals have none."""
    if views is None or not readings or segment.kind is SegmentKind.NUMBER:
        return []
    return views.of(segment.text, readings)

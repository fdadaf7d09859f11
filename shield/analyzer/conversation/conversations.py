"""Finds the turns of conversations in a payload: `[{"speaker": "agent", "text": "…"}, …]`.

Transcripts and chats are lists whose elements have a text and a speaker, under the names that platforms
give these. The speaker may be in an object (`"author": {"type": "user"}`) or be a number.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from shield.analyzer.conversation.dialogue import Turn
from shield.domain import Segment, SegmentKind, line_of

_TEXTS: Final = frozenset(
    "text Text content Content body Body message Message msg transcript Transcript utterance Utterance "
    "plain_body plainBody plain_text plainText comment caption display_text displayText rawText said "
    "sentence display Display lexical Lexical itn ITN maskedITN MaskedITN txt utt t".split()
)
_SPEAKERS: Final = tuple(
    "speaker speakerid speakerlabel speakertag speakername speakerrole participantrole participantpurpose "
    "participanttype participantid participant role authortype authorid author usertype "
    "sendertype senderid sender fromtype fromid from userid user party actor creatortype creator "
    "createdby mediachannel channelid channeltag channel direction authorname sendername username name "
    "who spk".split()
)
"""Names of members that hold the speaker, with or without the enclosing object; the first here wins."""
_RANKS: Final = {name: rank for rank, name in enumerate(_SPEAKERS)}
_TAILS: Final = frozenset("id type role name label tag purpose".split())
_WHO: Final = (SegmentKind.TEXT, SegmentKind.NUMBER)
_LONGEST: Final = 64

Steps = tuple[str | int, ...]


def conversations(
    segments: Sequence[Segment], tells: Callable[[str], bool]
) -> Iterator[tuple[list[int], list[Turn]]]:
    """The turns of each conversation, with the indices of their segments; none where no turn `tells`."""
    texts = [
        place
        for place, segment in enumerate(segments)
        if segment.location and segment.location[-1] in _TEXTS and segment.kind is SegmentKind.TEXT
    ]
    if len(texts) < 2 or not any(tells(segments[place].text) for place in texts):  # noqa: PLR2004  one is none
        return
    speakers = _speakers(segments)
    lists: dict[tuple[Steps, Steps], list[tuple[int, str]]] = {}
    for place in texts if speakers else ():
        steps = _steps(segments[place])
        for depth in range(len(steps) - 1, 0, -1):
            if steps[depth - 1].__class__ is int and (who := speakers.get(steps[:depth])) is not None:
                shape = tuple(step if isinstance(step, str) else -1 for step in steps[depth:])
                lists.setdefault((steps[: depth - 1], shape), []).append((place, who[1]))
                break
    for turns in lists.values():
        if len({who for _, who in turns}) > 1:
            places = [place for place, _ in turns]
            yield places, [Turn(who, segments[place].text) for place, who in turns]


def _speakers(segments: Sequence[Segment]) -> dict[Steps, tuple[int, str]]:
    """The speaker in each element of a list: by its location, with the rank of the name that gives it."""
    found: dict[Steps, tuple[int, str]] = {}
    for segment in segments:
        if segment.kind not in _WHO or len(segment.text) > _LONGEST or not segment.location:
            continue
        steps = _steps(segment)
        last = steps[-1]
        if not isinstance(last, str):
            continue
        above = steps[-2] if len(steps) > 1 else 0
        tail = isinstance(above, str) and _plain(last) in _TAILS
        rank = _RANKS.get(_plain(above) + _plain(last) if tail and isinstance(above, str) else _plain(last))
        if rank is None:
            continue
        element = steps[: -2 if tail else -1]
        if element and element[-1].__class__ is int and rank < found.get(element, (len(_RANKS), ""))[0]:
            found[element] = rank, segment.text.strip().casefold()
    return found


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def _steps(segment: Segment) -> Steps:
    """The segment's location; a line of NDJSON counts as an element of a list."""
    line = line_of(segment.root)
    return segment.location if line is None else (line, *segment.location)

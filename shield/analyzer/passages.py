"""Selects what a named-entity model reads: passages of prose, each with what was said before it.

A short answer ("5343", "maria") has a meaning only after its question, which in chats and transcripts is
another segment: so a short passage carries the end of the free text before it. A number alone is read
only where people write to each other: as the value of any other member it is a count, a code or a key.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Final

from shield.analyzer.additions import Named
from shield.analyzer.dialogue_words import is_heard
from shield.analyzer.file_names import file_name
from shield.analyzer.key_names import key_words
from shield.analyzer.message_ids import are_message_ids
from shield.analyzer.recognizers.name_cues import CUED
from shield.analyzer.views.view import View
from shield.domain import RAW, Finding, Policy, Segment, SegmentKind

SHORT: Final = 80
"""Code points up to which a passage is read with the text before it."""
BEFORE: Final = 120
"""Code points of the text before it that are read."""
_LONGEST_HEARD: Final = 24
SURE: Final = 0.96
"""The model's score for a first name or surname alone; "churn", "silver" and "hermes" get less."""
CUED_NAME: Final = 0.7
"""Its score for a name alone after a cue, where fewer other words occur than among tags."""
NAME_OF_A_FIELD: Final = 0.7
"""The score that a person needs in a single word whose key does not suggest people: `"queue": "kafka"`."""
_LETTERS = re.compile(r"[^\W\d_]")
_SPACE = re.compile(r"\s")
_OF_IDENTIFIERS = re.compile(r"[\d@_/\\:=]")
_WORD = re.compile(r"[^\W\d_]{2}")
_FEW_DIGITS = 3
_CHOICE = re.compile(r"[a-z]+(?:[_-][a-z]+)*|[A-Za-z][a-z]+(?:[A-Z][a-z]+)+")
_CHOSEN: Final = (
    "status",
    "stage",
    "type",
    "kind",
    "priority",
    "severity",
    "category",
    "currency",
    "locale",
    "format",
    "outcome",
    "result",
    "disposition",
    "sentiment",
    "direction",
    "channel",
    "prioridad",
    "estado",
    "priorität",
)
"""Ends of the names of members that hold one of a few words."""
_WORD_ALONE = re.compile(r"[a-z]+")  # of several words one may be a name: "assigned-maria"
_LANGUAGE_TAG = re.compile(r"[a-zA-Z]{2,3}(?:[_-][a-zA-Z0-9]{2,8})*")  # BCP 47
_CODE_WORD = re.compile(r"[A-Za-z0-9]+")  # of several words one may be a name: "maria-dev"
_OF_TECHNOLOGY: Final = """
    unit units uom env environment namespace level loglevel verbosity mode layout align alignment
    encoding charset codec compression algorithm algo cipher protocol transport scheme dialect
    engine runtime framework platform distro arch architecture sort sortby sortorder orderby
    ordering hash checksum digest sha etag commit hex revision method operation verb carrier color
    colour material shape variant size department dept
""".split()
_OF_PEOPLE_TOO: Final = frozenset("unit units env environment department dept carrier".split())
"""Those of these that may hold a person: in a wrongly filled-in form, or by a developer's own naming."""
_CODES: Final = MappingProxyType(
    {
        **dict.fromkeys(_OF_TECHNOLOGY, _CODE_WORD),  # "kg", "prod", "ECDSA": a model takes each for a name
        "tag": _WORD_ALONE,
        "tags": _WORD_ALONE,
        **dict.fromkeys("label labels labelnames".split(), _WORD_ALONE),
        "projectkey": re.compile(r"[A-Z][A-Z0-9_]{1,9}"),
        "tier": re.compile(r"[A-Za-z]+"),
        **dict.fromkeys("locale locales language languages lang languagecode".split(), _LANGUAGE_TAG),
        "resourcetype": _CODE_WORD,
        "schemename": re.compile(r"[\w.]+"),
        "timezone": re.compile(r"[A-Za-z]+(?:[/_-][A-Za-z]+)*"),  # also by a city: "Amsterdam"
        "referenceid": re.compile(
            r"[a-zA-Z][a-zA-Z0-9_]*"
        ),  # later steps of a request name earlier ones by it
    }
)
"""Forms of codes, by the last word, or the last two, of their member's name."""
_HEADER: Final = re.compile(r"X-[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
"""The name of a header field, listed beside its value."""
_EMPHASIS: Final = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\W\d_])([^*\n]{1,80}(?<=[^\W\d_.]))\1(?![\w*])")
"""Markdown emphasis around words, whose marks a model takes for parts of these."""
_NAMES: Final = (("name",), ("title",))
_THINGS: Final = frozenset(
    """brand color colour model theme font component components feature module browser os currency
    version versions release competitor make carrier airport""".split()
)
"""Members that hold the name of a thing: "Stella", a brand, and "Ledger", a component, are not persons."""
_THINGS_WITH_NAMES: Final = _THINGS | frozenset(
    "store product shop merchant vendor plan project queue campaign service event environment".split()
)
"""The same before "name": `store` may hold a person, `store_name` does not."""
_CALLED: Final = re.compile(r"[\w.+\-]{1,24}(?: [A-Z0-9][\w.+\-]{0,24}){0,2}")
_WORD_OF_A_FIELD: Final = re.compile(r"[^\W\d_]+")
_OF_PEOPLE: Final = frozenset(
    """
    name names person persons people user users owner author assignee assigned reporter requester
    requestor agent agents contact customer client patient guest guests passenger driver employee
    manager approver approved handler handled by from to cc bcc who whom sender recipient recipients
    member caller speaker host attendee attendees reviewer lead actor creator created editor operator
    technician doctor nurse teacher student pupil parent mother father child spouse partner beneficiary
    payee payer holder signatory witness tenant landlord keyholder first last given family surname alias
    nickname initials signature signed answer value label display nombre nom nome naam imie kunde
    mitarbeiter cliente
    """.split()
)
"""Words of keys whose members may hold a person, or that say nothing about their value."""
_SAID: Final = frozenset(
    "text body content message msg comment reply utterance transcript turn answer question note "
    "notes description subject messages comments".split()
)
"""Last words of the names of members that hold what people say or write to each other."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text for the model: of the segment at `place` as it is, or (`view`) in another reading.

    `before` is the end of the free text before it, for context only: findings are in `text` alone. `said` is
    whether a person said or wrote it, rather than it being the value of a field. With `least`, a person needs
    that score. `at` is where the text begins in its segment. `named` tells what rules know better than a
    model. With `doubt`, a person needs that score and other findings stay.
    """

    place: int
    text: str
    before: str = ""
    said: bool = True
    view: View | None = None
    least: float = 0.0
    at: int = 0
    named: Named = field(default_factory=partial(Named, ()))
    doubt: float = 0.0


def passages(
    segments: Sequence[Segment],
    written: Mapping[int, Sequence[View]],
    found: Sequence[Sequence[Finding]] = (),
    policy: Policy | None = None,
) -> list[Passage]:
    """The passages of a payload in order.

    `written` are the other readings of its segments, by index; `found` is what the rules, if they were run,
    found in each segment under the `policy`.
    """
    read: list[Passage] = []
    before = ""
    for place, segment in enumerate(segments):
        if not _has_prose(segment):
            continue
        text = segment.text
        said = segment.kind is SegmentKind.TEXT and _is_said(segment.keys)
        if said and len(text) <= _LONGEST_HEARD and is_heard(text):
            continue  # "uh huh" holds no name and does not separate an answer from its question
        least = 0.0 if said else _least(segment) if _WORD.search(text) is not None else None
        if least is None:
            continue
        context = before if said and len(text) <= SHORT else ""
        of_file = (
            file_name(text, key_words(segment.keys[-1]) if segment.keys else ()) if "." in text[-9:] else None
        )
        if of_file is not None:
            text, context = of_file.text, ""
            least = max(least, SURE) if of_file.single else least
        if "*" in text:
            text = _EMPHASIS.sub(_blanks, text)
        named = Named(found[place] if found else (), policy)
        doubt = 0.0 if said or least else _doubt(segment)
        read.append(Passage(place, text, context, said, None, least, named=named, doubt=doubt))
        if found and found[place]:
            read += _cued(place, text, found[place], least)
        read += [Passage(place, view.text, context, said, view, least) for view in written.get(place, ())]
        if said:
            before = text[-BEFORE:]
    return read


def _blanks(match: re.Match[str]) -> str:
    marks = " " * len(match[1])
    return f"{marks}{match[2]}{marks}"


def _cued(place: int, text: str, found: Sequence[Finding], least: float) -> Iterator[Passage]:
    """The words after cues, each by itself: within its sentence the model may have missed a name."""
    for each in found:
        if each.score == CUED and each.entity_type == "PERSON" and each.view == RAW:
            yield Passage(place, text[each.start : each.end], least=max(least, CUED_NAME), at=each.start)


def is_identifier(text: str) -> bool:
    """Whether a text without blanks around it is one identifier, path or address.

    Each character is read once: one expression for all of it would try every end of a million-digit word.
    """
    return _OF_IDENTIFIERS.search(text) is not None and _SPACE.search(text) is None


def certain(passage: Passage, findings: Sequence[Finding]) -> Sequence[Finding]:
    """The model's findings that count in a passage; those in a cue's word in the segment's offsets."""
    if not passage.least:
        doubt = passage.doubt
        if not doubt or not findings:
            return findings
        return [each for each in findings if each.entity_type != "PERSON" or each.score >= doubt]
    sure = [each for each in findings if each.entity_type == "PERSON" and each.score >= passage.least]
    at = passage.at
    return [each._replace(start=each.start + at, end=each.end + at) for each in sure] if at else sure


def _has_prose(segment: Segment) -> bool:
    text = segment.text
    if segment.kind is SegmentKind.KEY:
        return any(map(str.isspace, text)) and _LETTERS.search(text) is not None
    if segment.kind not in (SegmentKind.TEXT, SegmentKind.PARAMETER):
        return False
    return _LETTERS.search(text) is not None or sum(map(str.isdigit, text)) >= _FEW_DIGITS


def _least(segment: Segment) -> float | None:
    """The score that a name must have in the value of a field; None where the value is not read.

    Codes and choices of a few words are not read: `"lifecyclestage": "marketingqualifiedlead"`. A single word
    among tags or in a department is no name, unless it can be nothing else: `"tags": ["maria"]`,
    `"department": "Maria"`.
    """
    if not segment.keys:
        return 0.0
    name, text = segment.keys[-1], segment.text
    if text.startswith("X-") and _HEADER.fullmatch(text) is not None:
        return None
    if name.lower().endswith(_CHOSEN) and _CHOICE.fullmatch(text) is not None:
        return None
    words = key_words(name)
    if text[:1].isupper() and _is_of_things(segment.keys, words) and _CALLED.fullmatch(text) is not None:
        return None
    form = _CODES.get("".join(words[-1:])) or _CODES.get("".join(words[-2:]))
    if form is not None and form.fullmatch(text) is not None:
        return SURE if form is _WORD_ALONE or (words[-1] in _OF_PEOPLE_TOO and text.isalpha()) else None
    return None if are_message_ids(text, words) else 0.0


def _doubt(segment: Segment) -> float:
    """The score that a person needs in a single word whose key does not suggest people."""
    if not segment.keys or _WORD_OF_A_FIELD.fullmatch(segment.text) is None:
        return 0.0
    return NAME_OF_A_FIELD if _OF_PEOPLE.isdisjoint(key_words(segment.keys[-1])) else 0.0


def _is_of_things(keys: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a member holds the name of a thing: `brand`, `components[0].name`."""
    if words in _NAMES and len(keys) > 1:
        words = key_words(keys[-2])[-1:]
    elif len(words) == len(_NAMES) and words[1:] in _NAMES and words[0] in _THINGS_WITH_NAMES:
        return True
    return len(words) == 1 and words[0] in _THINGS


def _is_said(keys: Sequence[str]) -> bool:
    """Whether it is free text: a whole body, or a member that by its name holds a message."""
    if not keys:
        return True
    words = key_words(keys[-1])
    return bool(words) and words[-1] in _SAID

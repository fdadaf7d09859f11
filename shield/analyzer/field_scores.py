"""Tells how sure a model must be of a person's name in the value of a field, by the field's name.

In what people write to each other, a word of a name is mostly a name. In a field it is often one of a few
choices, a code or the name of a thing: "silver", "kafka", "Stella".
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from shield.analyzer.key_names import key_words
from shield.analyzer.message_ids import are_message_ids
from shield.domain import Segment

SURE: Final = 0.96
"""The model's score for a first name or surname alone; "churn", "silver" and "hermes" get less."""
NAME_OF_A_FIELD: Final = 0.7
"""The score that a person needs in a single word whose key does not suggest people: `"queue": "kafka"`."""
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
        # later steps of a request name earlier ones by it
        "referenceid": re.compile(r"[a-zA-Z][a-zA-Z0-9_]*"),
    }
)
"""Forms of codes, by the last word, or the last two, of their member's name."""
_HEADER: Final = re.compile(r"X-[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
"""The name of a header field, listed beside its value."""
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


def least_score(segment: Segment) -> float | None:
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


def doubtful_below(segment: Segment) -> float:
    """The score that a person needs in a single word whose key does not suggest people; else 0."""
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

"""Tells how sure a model must be of what it finds in the value of a field, by the field's name.

In what people write to each other, a word of a name is mostly a name. In a field it is often one of a few
choices, a code or the name of a thing: "silver", "kafka", "Stella".
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from shield.analyzer.key_names import key_words
from shield.analyzer.message_ids import are_message_ids
from shield.domain import HEADER, TABLE, Finding, Segment, SegmentKind

SURE: Final = 0.96
"""The model's score for a first name or surname alone; "churn", "silver" and "hermes" get less."""
NAME_OF_A_FIELD: Final = 0.7
"""The score that a person needs in a single word whose key does not suggest people: `"queue": "kafka"`."""
TITLED: Final = 0.5
"""The score that a person needs at the beginning of a title, where any word is large: "Kettle leaks"."""
_TITLES: Final = frozenset(("title", "subject", "summary"))
_CHOICE = re.compile(r"[a-z]+(?:[_-][a-z]+)*|[A-Za-z][a-z]+(?:[A-Z][a-z]+)+|[A-Z]{4,20}(?:_[A-Z]+)*")
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
_WORD_ALONE = re.compile(r"[A-Za-z]+|[a-z\d_\-]+(?:,? [a-z\d_\-]+)+")
"""A word, or a list of slugs ("vip austin_store"). A word of a lone slug may be a name: "assigned-maria"."""
_LANGUAGE_TAG = re.compile(
    r"[a-zA-Z]{2,3}(?:[_-][a-zA-Z0-9]{2,8})*|[A-Z][a-z]{2,19}(?:[;,] ?[A-Z][a-z]{2,19}){1,7}"
    r"|[^\W\d_]{3,20} \([^\W\d_]{2,20}(?: [^\W\d_]{2,20}){0,2}\)"
)
"""BCP 47, languages, or one and where it is spoken: "English; Samoan", "Spanish (Mexico)"."""
_CODE_WORD = re.compile(r"[A-Za-z0-9]+")  # of several words one may be a name: "maria-dev"
_OF_TECHNOLOGY: Final = """
    unit units uom env environment namespace level loglevel verbosity mode layout align alignment
    encoding charset codec compression algorithm algo cipher protocol transport scheme dialect
    engine runtime framework platform distro arch architecture sort sortby sortorder orderby
    ordering hash checksum digest sha etag commit hex revision method operation verb carrier color
    colour material shape variant size weight style spacing department dept
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
        **dict.fromkeys("sku skus mpn asin".split(), re.compile(r"[\w./\-]+")),
        **dict.fromkeys("locale locales language languages lang languagecode".split(), _LANGUAGE_TAG),
        "resourcetype": _CODE_WORD,
        "schemename": re.compile(r"[\w.]+"),
        "timezone": re.compile(r"[A-Za-z]+(?:[/_-][A-Za-z]+)*"),  # also by a city: "Amsterdam"
        # later steps of a request name earlier ones by it
        "referenceid": re.compile(r"[a-zA-Z][a-zA-Z0-9_]*"),
    }
)
"""Forms of codes, by the last word, or the last two, of their member's name."""
_IDENTIFYING: Final = frozenset(
    """id ids ref refs uid uuid guid gid sid slug nonce cursor key keys code codes cd domain subdomain
    host""".split()
)
_LETTERS_ALONE: Final = re.compile(r"[A-Za-z]+(?:[-_][A-Za-z]+)*")
_AREAS: Final = frozenset("country state province prov region nation".split())
_OF_AREAS: Final = _AREAS | frozenset("code cd iso".split())
_CODE_OF_AN_AREA: Final = re.compile(r"[A-Z]{2,3}")
"""ISO 3166: a platform takes "US" and refuses "<LOCATION>", and an area this large is nobody's."""
_CAMPAIGN: Final = re.compile(r"[\w.+\-|]+")
_HEADER: Final = re.compile(r"X-[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
"""The name of a header field, listed beside its value."""
_OF_PLACES: Final = frozenset(
    """city town village place places location locations address area region state country province county
    district municipality suburb home hometown birthplace birth residence origin destination where near live
    lives living born ort stadt wohnort ciudad lugar ville lieu città luogo plaats stad cidade local miasto
    miejsce""".split()
)
_NAMES: Final = (("name",), ("title",))
_THINGS: Final = frozenset(
    """brand color colour model theme font component components feature module browser os currency
    version versions release competitor make mfr manufacturer trim carrier airport airline acquirer
    insurer med meds medication medications medicine medicines drug drugs""".split()
)
"""Members that hold the name of a thing: "Stella", a brand, and "Ledger", a component, are not persons."""
_THINGS_WITH_NAMES: Final = _THINGS | frozenset(
    "store product shop merchant vendor plan project queue campaign service event environment".split()
)
"""The same before "name": `store` may hold a person, `store_name` does not."""
_CHOICES: Final = frozenset(
    """choice option select multiselect field team group queue inbox company organization organisation account
    org bot app intent campaign flow vendor supplier merchant site branch division center centre
    operation template workflow macro trigger skill descriptor resolution jobtitle occupation""".split()
)
"""Members that hold one of a few things, or an organization, that may be called like a person or a place."""
_JOB_TITLE: Final = "jobtitle"
_GOODS: Final = frozenset(
    """product item variant edition package plan tariff retailer course cohort programme program room scene
    shade offer collection""".split()
)
"""Members that hold what is sold, and now and then a note: only what is written as names are."""
_NAME_OF_GOODS: Final = re.compile(r"[A-Z][\w'.&/\-]{0,24}(?: (?:[A-Z\d&/|][\w'.&/\-]{0,24}|-)){0,4}")
_NAME_OF_A_CHOICE: Final = re.compile(r"[^\W\d]\w{0,31}(?:[ &'./-]{1,3}\w{1,24}){0,4}")
"""A few words, as choices and organizations are called; an address begins with its number, or has commas."""
_OF_SENTENCES: Final = frozenset(
    "i me my we our you your he his she her they their in at from to near by lives live moved born".split()
)
"""Words that the name of a choice seldom has, and what somebody says of people has often."""
_ATTRIBUTE: Final = "pa"
"""Begins the names of a product's attributes in WooCommerce: `pa_finish`."""
_OF_REFERENCES: Final = ((), ("ref",), ("display",))
"""Before the name of what a member refers to: `item.refName` of NetSuite, `team.displayName`."""
_CALLS: Final = frozenset("name title label".split())
_CALLED: Final = re.compile(r"[\w.+\-]{1,24}(?: [A-Z0-9][\w.+\-]{0,24}){0,2}(?: (?:mg|mcg|ml|g|iu))?")
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


class Bar(NamedTuple):
    """What a model's findings in a text must be to count.

    With `least`, only persons with that score count. Without it, a person needs `doubt`, one at the beginning
    of the text `first` as well, and in a `placeless` text no place counts.
    """

    least: float = 0.0
    doubt: float = 0.0
    first: float = 0.0
    placeless: bool = False

    def passed(self, findings: Sequence[Finding]) -> Sequence[Finding]:
        """The findings, in offsets of the text, that count."""
        least, doubt, first, placeless = self
        if least:
            return [each for each in findings if each.entity_type == "PERSON" and each.score >= least]
        if not (doubt or first) or not findings:
            return findings
        return [
            each
            for each in findings
            if (each.entity_type != "PERSON" or each.score >= (doubt if each.start else max(doubt, first)))
            and not (placeless and each.entity_type == "LOCATION")
        ]


NO_BAR: Final = Bar()


def bar_of(segment: Segment, *, said: bool) -> Bar | None:
    """The bar for what is found in a segment, which somebody `said` or which is a field's value.

    None where the model need not read it.
    """
    least = 0.0 if said else least_score(segment)
    if least is None:
        return None
    if least:
        return Bar(least)
    doubt = 0.0 if said else doubtful_below(segment)
    first = TITLED if segment.keys and segment.keys[-1].lower() in _TITLES else 0.0
    return Bar(0.0, doubt, first, placeless=doubt > 0.0 and is_of_no_place(segment))


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
    if _is_code_of_a_list(words, text):
        return None
    form = _CODES.get("".join(words[-1:])) or _CODES.get("".join(words[-2:]))
    if form is not None and form.fullmatch(text) is not None:
        return SURE if form is _WORD_ALONE or (words[-1] in _OF_PEOPLE_TOO and text.isalpha()) else None
    if are_message_ids(text, words):
        return None
    if words and words[-1] in _IDENTIFYING and _LETTERS_ALONE.fullmatch(text) is not None:
        return SURE
    if segment.root == TABLE and name == HEADER and _CHOICE.fullmatch(text) is not None:
        return SURE  # "LeadSource"; without a header, the first line may hold a person
    return SURE if _is_choice(segment, words) else 0.0


def _is_code_of_a_list(words: Sequence[str], text: str) -> bool:
    """Whether it is the code of a country or state, or what a link says of its campaign."""
    if not words:
        return False
    if words[0] == "utm":
        return _CAMPAIGN.fullmatch(text) is not None
    return (
        words[-1] in _OF_AREAS
        and not _AREAS.isdisjoint(words[-3:])
        and _CODE_OF_AN_AREA.fullmatch(text) is not None
    )


def _is_choice(segment: Segment, words: Sequence[str]) -> bool:
    """Whether it is one of a few things, and its member, or that around its `name`, says so: `option.label`.

    A custom field's `value` holds whatever somebody typed into it, and a name of a member is no choice.
    """
    text = segment.text
    if segment.kind is SegmentKind.KEY or _NAME_OF_A_CHOICE.fullmatch(text) is None:
        return False
    if not _OF_SENTENCES.isdisjoint(text.lower().split()):
        return False
    if "".join(words[-2:]) == _JOB_TITLE:
        return True
    keys = segment.keys
    if words and words[-1] in _CALLS:
        words = words[:-1]
        if words in _OF_REFERENCES:
            words = key_words(keys[-2]) if len(keys) > 1 else ()
    if not words:
        return False
    if words[-1] in _CHOICES or words[-1].removesuffix("s") in _CHOICES:
        return True
    of_goods = words[-1].removesuffix("s") in _GOODS or (words[0] == _ATTRIBUTE and len(words) > 1)
    return of_goods and _NAME_OF_GOODS.fullmatch(text) is not None


def doubtful_below(segment: Segment) -> float:
    """The score that a person needs in a single word whose key does not suggest people; else 0."""
    if not segment.keys or _WORD_OF_A_FIELD.fullmatch(segment.text) is None:
        return 0.0
    return NAME_OF_A_FIELD if _OF_PEOPLE.isdisjoint(key_words(segment.keys[-1])) else 0.0


def is_of_no_place(segment: Segment) -> bool:
    """Whether a word without a capital is no place, as its key suggests none: `"routing": "austin"`."""
    return segment.text.islower() and _OF_PLACES.isdisjoint(key_words(segment.keys[-1]))


def _is_of_things(keys: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a member holds the name of a thing: `brand`, `components[0].name`."""
    if words in _NAMES and len(keys) > 1:
        words = key_words(keys[-2])[-1:]
    elif len(words) == len(_NAMES) and words[1:] in _NAMES and words[0] in _THINGS_WITH_NAMES:
        return True
    return bool(words) and words[-1] in _THINGS

"""Finds values that their member's name explains: `{"first_name": "maria"}` needs no model.

A short value that is alone under a telling name (`requester`, `lastName`, `street`, `mobile`) is
found whole, if its shape is plausible. `name` alone says little: the names around it decide, so that
the name of a product, a file, a tag or a plan is not a person's. The score is 0.8, or 0.6 where only the
shape supports it.
"""

# ruff: noqa: RUF001, SIM905  # names have curly apostrophes; tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Container, Sequence

from shield.analyzer.context import KeyContext
from shield.analyzer.recognizers import named_values
from shield.analyzer.recognizers.key_meanings import BIRTH, NAME_PARTS, meaning_of
from shield.analyzer.recognizers.phone import is_international
from shield.domain import Finding, SegmentKind

RECOGNIZER = "KeyNameRecognizer"
SURE, LIKELY = 0.8, 0.6
ENTITIES = frozenset({"PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "LOCATION", "DATE_TIME"})

_WHOLE_NAMES = frozenset(
    "firstname lastname fullname givenname familyname middlename surname forename maidenname fname "
    "lname nachname vorname familienname apellido apellidos prénom prenom cognome achternaam voornaam "
    "nazwisko imię imie sobrenome apelido".split()
)
_ROLES = frozenset(
    "requester requestor author caller callee agent assignee customer contact submitter sender recipient "
    "reporter cardholder beneficiary patient employee passenger guest tenant applicant claimant attendee "
    "participant subscriber member client lead user person owner holder spouse guardian speaker operator "
    "creator commenter respondent representative consumer buyer payer payee signer manager supervisor "
    "insured policyholder".split()
)
_THINGS = frozenset(
    "product item file tag plan queue company event field status account organization organisation org team "
    "group department project table column app application service system server host domain brand store "
    "shop vendor supplier category label priority type form view macro trigger automation template campaign "
    "channel list segment folder document attachment image page site model device browser os platform role "
    "permission feature package module method function class schema database key parameter variable option "
    "setting policy rule workflow task job stage pipeline deal opportunity currency language locale timezone "
    "color icon bank subscription invoice order sku article topic board sprint metric source medium space "
    "component venue display screen short internal common code machine image bucket region zone cluster node "
    "script price stock quantity qty amount size weight version inbox intent bot slot flow select "
    "multiselect option choice metafield function tool resolution transition operation "
    "hotel restaurant airline".split()
)
_NOT_NAMES = frozenset(
    "team support inc ltd llc gmbh corp company group department desk bot admin administrator system "
    "service services sales billing unknown none null anonymous n/a na test user customer agent guest "
    "new open closed pending default plan ticket order enterprise premium basic free pro standard the "
    "and for with of to in from your our not is are was true false yes no high low normal urgent bug "
    "feature request report issue question problem account general help hello info other misc "
    "internal external active inactive required optional mandatory twitter facebook instagram linkedin "
    "whatsapp telegram github slack youtube tiktok cannot "
    "clinic clinics hospital university bank hotel logistics marine industries solutions systems "
    "technologies partners holdings labs foundation insurance pharmacy restaurant".split()
)
_PHONE_KEYS = frozenset(
    "phone phones telephone tel mobile cell cellphone cellular fax whatsapp msisdn ani cli landline handset "
    "sms "
    "telefon telefono handy telf tlf telefonu telefone teléfono téléphone celular cellulare telemóvel "
    "telemovel móvil movil portable rufnummer telefonnummer handynummer mobilnummer telefoonnummer telnr "
    "phonenumber mobilenumber".split()
)
_ENDS_OF_MESSAGES = frozenset(
    (word,) for word in "from to sender recipient recipients destination originator caller called".split()
)
"""Names of what a message or call comes from or goes to: there gateways send a number without its `+`."""
_E164 = re.compile(r"\+?[1-9][0-9]{10,14}")
_WHATSAPP = ("wa", "id")  # whose value is the phone number
_PHONE_OTHER = frozenset(
    "type id ids model os brand verified country carrier extension code label count".split()
)
_EMAIL_KEYS = frozenset({"email", "mail", "emails"})
_STREET_KEYS = frozenset("address street addr addressline streetaddress".split())
_STREET_OTHER = frozenset(
    "email mail ip mac web wallet network url site memory bitcoin eth crypto id type".split()
)
_PLACE_KEYS = frozenset("city town village suburb municipality".split())
_POSTCODE_KEYS = frozenset("zip zipcode postcode postal postalcode plz eircode".split())
_INITIALS = frozenset("initials initial voorletters voorletter initialen".split())
_LETTERS = re.compile(  # of initials: capitals, with or without dots
    r"[^\W\d_a-zà-öø-ÿ](?:[. \-]{0,2}[^\W\d_a-zà-öø-ÿ]){0,4}\.?"
)

_SAYING = frozenset((
    *_INITIALS,
    *_PHONE_KEYS, *_POSTCODE_KEYS, *BIRTH, *_STREET_KEYS, *_PLACE_KEYS, *_WHOLE_NAMES,
    *_EMAIL_KEYS, "name", "names",
))  # fmt: skip

_PART = r"[^\W\d_]+(?:(?:''|\\?['’.\-])[^\W\d_]+)*\.?"  # an apostrophe may be escaped as in query literals
_NAME = re.compile(rf"{_PART}(?:[ \u00a0,]{{1,2}}{_PART}){{0,3}}")
_IDENTIFIER = re.compile(r"[A-Z][a-z]{4,}(?:[A-Z][a-z]+)+")
"""`VerifyIdentity`. In names, the first part is short: MacLeod, DeShawn, JoAnn."""
_LOGIN = re.compile(r"(?=.*[a-z].*[\d_.])[a-z\d][a-z\d._\-]{2,39}")
"""A user's name that is no name of a person, as Jira has it: `{"assignee": {"name": "jdoe_7"}}`."""
_PHONE = re.compile(r"[+(]?\d[\d\s().\-/]{5,22}(?:\s*(?:x|ext\.?)\s*\d{1,6})?")
_EMAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}")
_STREET = re.compile(r"(?!0x[0-9a-f]+$)(?=.*[^\W\d_]{2})(?:(?=.*\d)|(?=.*\s)).{5,160}", re.DOTALL)
_POSTCODE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9 \-]{2,9}")
_DATE = re.compile(
    r"(?=.*\d)[\d]{1,4}(?:[-/. ](?:\d{1,2}|[A-Za-z]{3,9})){2}(?:\d{2})?[-/. ]?\d{0,4}(?:T[\d:.Z+]*)?"
)
_LONGEST = 200  # code points of a value


def by_key_name(
    text: str,
    kind: SegmentKind,
    keys: KeyContext,
    named: frozenset[str] = frozenset(),
    wanted: Container[str] = ENTITIES,
) -> list[Finding]:
    """The whole value as a finding, where its member's name and its shape say what it is.

    `named` are the entity types of `named_values` to look for besides `ENTITIES`; a value can have both.
    Persons, which are expensive to check, are looked for only if they are `wanted`.
    """
    if not keys.own or len(text) > _LONGEST:
        return []
    value = text.strip()
    if not value:
        return []
    own = meaning_of(keys)
    found = [] if (read := _read(value, kind, own, keys, wanted)) is None else [read]
    if named:
        if "USERNAME" in named and own == ("name",) and keys.enclosing and _LOGIN.fullmatch(value):
            above = keys.enclosing[-1][-1:]
            found += [("USERNAME", LIKELY)] if above and above[0] in _ROLES else []
        found += named_values.named(value, own, named, number=kind is SegmentKind.NUMBER)
    if not found:
        return []
    start = text.index(value)
    return [Finding(start, start + len(value), *each, RECOGNIZER) for each in found]


def speaks(keys: KeyContext, named: frozenset[str] = frozenset()) -> bool:
    """Whether `by_key_name` can find anything under these names, for any value; cheap to cache."""
    own = meaning_of(keys)
    if not own:
        return False
    words = frozenset(own)
    return (
        not words.isdisjoint(_SAYING)
        or own == _WHATSAPP
        or own in _ENDS_OF_MESSAGES
        or _is_role(own[-1])
        or bool(named and named_values.speaks(own, named))
    )


def label_speaks(label: str) -> bool:
    """Whether a label by itself, such as the header of a column, names personal data of any type."""
    return speaks(KeyContext.of((label,)), named_values.ENTITIES)


def is_vague(own: Sequence[str]) -> bool:
    """Whether a name of these words means a person only in the context of other names."""
    if own[-1:] in (("name",), ("names",)):
        return not (NAME_PARTS | _ROLES) & {*own[:-1]}
    return bool(own) and _is_role(own[-1])


def _is_role(word: str) -> bool:
    """Whether a word, or what it is the plural of, says what part somebody has."""
    return word in _ROLES or word.removesuffix("s") in _ROLES


def _read(
    value: str, kind: SegmentKind, own: tuple[str, ...], keys: KeyContext, wanted: Container[str]
) -> tuple[str, float] | None:
    """The type and score of a value whose member's name means `own`; None where its shape is another."""
    words = frozenset(own)
    if (own == _WHATSAPP or (words & _PHONE_KEYS and not words & _PHONE_OTHER)) and _PHONE.fullmatch(value):
        return "PHONE_NUMBER", SURE
    if words & _POSTCODE_KEYS and _POSTCODE.fullmatch(value):
        return "LOCATION", SURE
    if kind is SegmentKind.NUMBER:
        return None
    if own in _ENDS_OF_MESSAGES and _E164.fullmatch(value) and is_international(value):
        return "PHONE_NUMBER", SURE
    if words & _EMAIL_KEYS and _EMAIL.fullmatch(value):
        return "EMAIL_ADDRESS", SURE
    if words & BIRTH and _DATE.fullmatch(value):
        return "DATE_TIME", SURE
    if words & _STREET_KEYS and not words & _STREET_OTHER and _STREET.fullmatch(value) and "@" not in value:
        return "LOCATION", SURE
    if words & _PLACE_KEYS and not words & {"id", "code"} and _NAME.fullmatch(value):
        return "LOCATION", SURE
    if (BIRTH & words and _PLACE_KEYS & words) or "PERSON" not in wanted:
        return None
    score = _person(value, own, keys.enclosing)
    return None if score is None else ("PERSON", score)


def _person(value: str, own: tuple[str, ...], enclosing: Sequence[tuple[str, ...]]) -> float | None:
    """The score of a person's name; None where it is none, or a thing's."""
    words = frozenset(own)
    if value.startswith("X-"):  # a header field: `{"name": "X-Forwarded-For", "value": …}`
        return None
    if own[-1] in _INITIALS:
        return LIKELY if _LETTERS.fullmatch(value) else None
    named = own[-1] in ("name", "names") or bool(words & _WHOLE_NAMES)
    if not (named or _is_role(own[-1])) or not _NAME.fullmatch(value):
        return None
    parts = [part for part in re.split(r"[\s\u00a0,]+", value) if part]
    if any(part.lower().rstrip(".") in _NOT_NAMES for part in parts):
        return None
    if named and (words & NAME_PARTS or words & _WHOLE_NAMES):
        return SURE
    qualifiers = set(own[:-1])
    if named and qualifiers:
        if qualifiers & _ROLES:
            return SURE
        return None if qualifiers & _THINGS or "user" in qualifiers else _by_shape(parts)
    if named:
        parent = frozenset(
            word for name in enclosing[-1:] for word in (*name, *(w.removesuffix("s") for w in name))
        )
        if parent & _THINGS:
            return None
        return SURE if parent & _ROLES else _by_shape(parts)
    # A role as the name of a string: {"requester": "Maria Garcia"}, but also {"agent": "Firefox"}.
    return SURE if len(parts) > 1 else None


def _by_shape(parts: Sequence[str]) -> float | None:
    """The score of words that only look like a person's name."""
    if len(parts) == 1 and _IDENTIFIER.fullmatch(parts[0]) is not None:
        return None
    capitalised = all(part[0].isupper() for part in parts)
    if capitalised:
        return SURE if len(parts) > 1 else LIKELY
    return LIKELY if 2 <= len(parts) <= 3 and all(part.islower() for part in parts) else None  # noqa: PLR2004  a first and a last name, or one between

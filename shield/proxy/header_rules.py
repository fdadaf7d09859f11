"""Chooses what a route does with each header field of a request, by its name.

A route's own rules come first, of which the last match wins; then what is known of the name
(`header_defaults`); then the route's default. Names are compared in lower case, with `-` for `_`, as many
servers read them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from shield.config.settings_route import HeaderAction, HeaderRule, HeaderSettings, TargetAction
from shield.proxy.header_defaults import Sort, sort_of
from shield.proxy.headers import Head

_MOST_KNOWN: Final = 256
_LONGEST: Final = 64
"""Longer names are not cached."""
_MACHINE_MADE: Final = re.compile(r"(?!.*(?:%[24]0|=\?))[!-?A-~]*")
"""One word of ASCII without an address; neither has a blank or `@` that is encoded."""

_PART: Final = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_PRODUCTS: Final = re.compile(rf"(?!.*%[24]0)(?:{_PART} )?{_PART}(?:/{_PART})+(?: {_PART}(?:/{_PART})+)*")
"""Products with versions (RFC 9110, 10.1.5), the first word perhaps without one; comments are text."""


_TYPE: Final = re.compile(
    rf"{_PART}/{_PART}(?:[ \t]*+;[ \t]*+(?:(?i:boundary)=(?:{_PART}|\"[^\"\\]*+\")"
    rf"|(?!(?i:(?:file)?name)\*?=)(?!(?:[^;\d]*\d){{7}}){_PART}=(?:{_PART}|\"{_PART}\"))?)*+[ \t]*+"
)
"""A media type whose parameters are no name, nor a number as long as a telephone's."""


class Treatment(NamedTuple):
    """The treatment of a field. `counted`: the kept text counts, as it could have been inspected.

    `unless_machine_made`: only if its value is not a single word, such as an id or a signature.
    `unless_products`: only if it is not all names and versions of programs. `unless_type`: only if it is more
    than the type of a body. `is_address`: it names another object, as a path does.
    """

    action: HeaderAction
    entity_type: str = ""
    counted: bool = True
    unless_machine_made: bool = False
    unless_products: bool = False
    unless_type: bool = False
    is_address: bool = False


_AS_IT_IS: Final = Treatment(HeaderAction.KEEP, counted=False)
_OF_TARGETS: Final = {
    TargetAction.REDACT: HeaderAction.REDACT,
    TargetAction.BLOCK: HeaderAction.BLOCK,
    TargetAction.KEEP: HeaderAction.KEEP,
}


class ChosenField(NamedTuple):
    """A field that may be changed, counted or refused. `at` is its index in the head's `fields`.

    `forwarded`: in its `forwarded` instead. `name` is in lower case, `place` counts fields of the same name.
    """

    at: int
    forwarded: bool
    name: str
    place: int
    value: str
    treatment: Treatment


class HeaderRules:
    """The rules of one route. Treatments are cached, up to some names; safe for threads."""

    __slots__ = ("_default", "_known", "_path", "_rules", "drops_any")

    def __init__(self, settings: HeaderSettings, path_action: TargetAction) -> None:
        """`path_action` is the action for personal data in the route's paths."""
        self._default = settings.default
        self._path = path_action
        self._rules = [(_compiled(rule.name), rule) for rule in reversed(settings.rules)]
        self._known: dict[str, Treatment] = {}
        self.drops_any = any(rule.action is HeaderAction.DROP for rule in settings.rules)

    def of(self, name: str) -> Treatment:
        """The treatment of a field of this name, as spelt."""
        known = self._known.get(name)
        if known is not None:
            return known
        made = self._made(name.lower().replace("_", "-"))
        if len(self._known) < _MOST_KNOWN and len(name) <= _LONGEST:
            self._known[name] = made
        return made

    def drops(self, name: str) -> bool:
        """Whether no field of this name is forwarded."""
        return self.of(name).action is HeaderAction.DROP

    def _made(self, name: str) -> Treatment:
        for expression, rule in self._rules:
            if expression.fullmatch(name) is not None:
                return Treatment(rule.action, rule.entity_type)
        sort = sort_of(name)
        if sort is Sort.PROTOCOL:
            return _AS_IT_IS
        if sort is Sort.ADDRESS:
            return Treatment(_OF_TARGETS[self._path], is_address=True)
        action = _OF_TARGETS[self._default]
        if sort is Sort.PROGRAM:
            return Treatment(action, unless_products=True)
        if sort is Sort.TYPE:
            return Treatment(action, unless_type=True)
        if sort is Sort.ONCE and action is HeaderAction.REDACT:
            action = HeaderAction.BLOCK
        return Treatment(action, unless_machine_made=sort is not Sort.TEXT)


def chosen_fields(rules: HeaderRules, head: Head, *, forwarded: bool) -> Sequence[ChosenField]:
    """The fields of a head that may be changed or counted; `forwarded` includes those of a forwarder."""
    found: list[ChosenField] = []
    for of_forwarder, fields in ((False, head.fields), (True, head.forwarded if forwarded else ())):
        for at, (name, value) in enumerate(fields):
            treatment = rules.of(name)
            if treatment is _AS_IT_IS or not value:
                continue
            if treatment.unless_machine_made and _MACHINE_MADE.fullmatch(value) is not None:
                continue
            if treatment.unless_products and _PRODUCTS.fullmatch(value) is not None:
                continue
            if treatment.unless_type and _TYPE.fullmatch(value) is not None:
                continue
            lower = name.lower()
            place = sum(other.lower() == lower for other, _ in fields[:at])
            found.append(ChosenField(at, of_forwarder, lower, place, value, treatment))
    return found


def _compiled(name: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, name.split("*"))))


def shown_names(rules: Sequence[HeaderRule]) -> list[str]:
    """The complete names that rules have, which paths may show."""
    return [rule.name for rule in rules if "*" not in rule.name]

"""Determines which field rule is in force at each element and attribute of an XML document.

To a rule, a document is the JSON that converters make of it: an element is a member of its parent, siblings
of the same name are an array; attributes are members beside the elements, and the text of an element that has
either is `#text`. Prefixes are left out. A selector may also leave out the indices of siblings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from shield.domain import Location
from shield.payload.placed_rules import PlacedMatcher
from shield.payload.selectors import NO_RULE, FieldRules
from shield.payload.xml_scan import Attribute, Element, Kind

TEXT: Final = "#text"


def place(elements: Sequence[Element]) -> None:
    """Set `Element.location` of all elements."""
    for element in elements:
        parent = element.parent
        above = () if parent is None else parent.location
        several = parent is not None and parent.siblings is not None and parent.siblings[element.name] > 1
        element.location = (*above, element.name, element.number) if several else (*above, element.name)


class Rules:
    """The rules in force in one document: `Element.rule` is set throughout."""

    def __init__(self, rules: FieldRules, elements: Sequence[Element], texts: Mapping[int, str]) -> None:
        """`texts` are those of elements without child elements, by the identity of the element."""
        self._own: dict[Location, int] = {}
        self._matcher: PlacedMatcher = rules.placed.matcher()
        self._named: dict[tuple[str, ...], int] = {}
        self._quick = None if rules.locations is None else rules.locations.matcher()
        if self._quick is None:
            for number, location in rules.select(_value(elements, texts)):
                self._own[location] = max(number, self._own.get(location, NO_RULE))
        for element in elements:
            parent = element.parent
            above = rules.of_whole if parent is None else parent.rule
            element.rule = max(above, self._at(element.location))

    def at(self, element: Element, name: str) -> int:
        """The rule in force at a member of an element: an attribute, or its text."""
        return max(element.rule, self._at((*element.location, name)))

    def _at(self, location: Location) -> int:
        names = tuple([step for step in location if isinstance(step, str)])
        named = self._named.get(names)
        if named is None:
            sure = [number for number, _, sure in self._matcher.select(names, None) if sure]
            named = self._named[names] = max(sure, default=NO_RULE)
        own = self._own.get(location, NO_RULE) if self._quick is None else self._quick.rule_at(location)
        return max(own, named)


def has_members(element: Element) -> bool:
    """Whether an element is an object: it has child elements, or attributes that say more than a type."""
    return element.has_elements or any(_is_data(it) for it in element.attributes)


def _is_data(attribute: Attribute) -> bool:
    return attribute.kind is Kind.DATA


def _value(elements: Sequence[Element], texts: Mapping[int, str]) -> Any:
    """The document as JSON. `elements` lists parents before their children."""
    values: dict[int, Any] = {}
    root: dict[str, Any] = {}
    for element in elements:
        text = texts.get(id(element), "")
        value: Any = text
        if has_members(element):
            value = {it.name: it.value.text for it in element.attributes if _is_data(it)}
            if text:
                value[TEXT] = text
        values[id(element)] = value
        parent = element.parent
        if parent is None:
            root[element.name] = value
            continue
        within = values[id(parent)]
        if parent.siblings is None or parent.siblings[element.name] == 1:
            within[element.name] = value
        elif element.number:
            within[element.name].append(value)
        else:
            within[element.name] = [value]
    return root

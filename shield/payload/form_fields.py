"""Fields of all kinds of forms: which rule applies to which field, and edited names that must stay distinct.

The n-th value of a name is at `(name, n)`, as field rules see it in `{"name": ["value", …]}`. Rules also
apply to the structure that PHP and Rails read from brackets in a name, and Spring and ASP.NET from dots:
`ticket[id]` and `ticket.id` are `{"ticket": {"id": …}}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from shield.domain import FieldAction, Location
from shield.payload.placed_rules import Steps
from shield.payload.selectors import NO_RULE, FieldRules
from shield.payload.splice import free_name, numbered

_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_PARTS = re.compile(r"[^.\[\]]+|(?<=\[)(?=\])")


def distinct_names(
    names: Sequence[tuple[str, int]],
    edited: Mapping[int, bytes],
    read: Callable[[bytes], str],
    closing: bytes,
) -> dict[int, bytes]:
    """The edited names by segment, numbered where two different names would become one.

    `names` are all names of the form, each with the index of its segment; `edited` are their raw forms after
    edits, by that index, which `read` decodes; `closing` is how `>` is written.
    """
    taken = {name for name, index in names if index not in edited}
    given: dict[tuple[str, bytes], bytes] = {}
    made: dict[int, bytes] = {}
    for name, index in names:
        raw = edited.get(index)
        if raw is None:
            continue
        # Compared in decoded form: the same name may be escaped in two ways.
        group = (name, read(raw).encode("utf-8", "surrogatepass"))
        if group not in given:
            given[group] = _free(raw, taken, read, closing)
        made[index] = given[group]
    return made


def _free(raw: bytes, taken: set[str], read: Callable[[bytes], str], closing: bytes) -> bytes:
    def variant(number: int) -> tuple[bytes, str]:
        form = numbered(raw, number, closing, b"_%d" % number)
        return form, read(form)

    return free_name(taken, variant)


def rules_by_location(values: Sequence[tuple[str, str]], rules: FieldRules) -> dict[Location, int]:
    """The index of the rule in force, for each location that has one."""
    if not rules:
        return {}
    fields: dict[str, list[str]] = {}
    for name, value in values:
        fields.setdefault(name, []).append(value)
    own: dict[Location, int] = {}
    for number, location in rules.select(fields):
        own[location] = max(number, own.get(location, NO_RULE))
    matcher = rules.placed.matcher()
    for name, texts in fields.items():
        own[name,] = max(own.get((name,), NO_RULE), own.get((), NO_RULE))
        for place in range(len(texts)):
            own[name, place] = max(own.get((name, place), NO_RULE), own[name,])
        for steps, certain in ways_of(name):
            for place, text in enumerate(texts):
                for number, _, sure in matcher.select(steps, text):
                    if (sure and certain) or rules.rules[number].action is not FieldAction.KEEP:
                        own[name, place] = max(number, own[name, place])
    return own


def ways_of(name: str) -> Iterator[tuple[Steps, bool]]:
    """The paths that servers read from a name, each with whether a KEEP rule may apply there.

    Spring and ASP.NET split names at dots; to most others a dot is an ordinary character.
    """
    if "[" in name:
        yield steps_of(name), True
    if "." in name:
        yield tuple(it or None for it in _PARTS.findall(name)), False


def steps_of(name: str) -> Steps:
    """The steps that PHP and Rails read from a name: `ticket[tags][]` gives ticket, tags, and the end."""
    first, _, rest = name.partition("[")
    return first, *(step or None for step in _BRACKETS.findall("[" + rest))

"""What pydantic found, in words that help: where, what is wrong, what is allowed. No value is shown."""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shield.config.schema import ConfigDocument
from shield.config.source import Location, Problem, SourceMap, choices, suggestion

_KEY = "[key]"  # pydantic's mark for an error in a mapping's key


def problems(error: ValidationError, source: SourceMap, known: set[Location]) -> list[Problem]:
    """One problem for each error of pydantic, but for those at or below a location that is `known`."""
    found = []
    for detail in error.errors(include_url=False):
        location: Location = tuple(detail["loc"])
        if not any(location[: len(place)] == place for place in known):
            found.append(_problem(detail, location, source))
    return found


def _problem(detail: ErrorDetails, location: Location, source: SourceMap) -> Problem:
    if location and location[-1] == _KEY:
        return source.problem(location[:-1], _message(detail, ""), key=True)
    if detail["type"] == "extra_forbidden":
        allowed = keys_at(location[:-1])
        near = suggestion(str(location[-1]), allowed)
        return source.problem(location, f"unknown key{near}; allowed: {choices(allowed)}", key=True)
    if detail["type"] == "missing":
        return source.problem(location, "the key is missing; it is required", key=True)
    return source.problem(location, _message(detail, source.written(location) or ""))


def _message(detail: ErrorDetails, written: str) -> str:
    kind = detail["type"]
    context = detail.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind in ("literal_error", "enum"):
        names = str(context["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
        if written in names:  # the very text, but of another kind: version: '1'
            return f"must be {written} without quotes"
        only = "one of " if len(names) > 1 else ""
        return f"must be {only}{', '.join(names)}{suggestion(written, names)}"
    if kind in _EXPECTED:
        return _EXPECTED[kind] if detail["input"] is not None else f"has no value; it {_EXPECTED[kind]}"
    if kind == "string_type":
        if written.startswith("${file:"):
            return "${file:PATH} is for secrets only; write the value, or ${env:NAME}"
        if detail["input"] is None:
            return "has no value; it must be text"
        return "must be text; put a number, true, false or a date in quotes"
    bounds = {
        "greater_than_equal": f"must be at least {context.get('ge')}",
        "greater_than": f"must be more than {context.get('gt')}",
        "less_than_equal": f"must be at most {context.get('le')}",
        "less_than": f"must be less than {context.get('lt')}",
        "too_short": f"must hold at least {context.get('min_length')} item",
    }
    return bounds.get(kind, "not a valid value")


_EXPECTED = types.MappingProxyType(
    {
        "int_type": "must be a whole number",
        "int_from_float": "must be a whole number",
        "int_parsing_size": "must be a whole number of a sensible size",
        "float_type": "must be a number",
        "finite_number": "must be a finite number",
        "bool_type": "must be true or false",
        "list_type": "must be a list, such as [a, b]",
        "dict_type": "must be a mapping of names to values",
        "model_type": "must be a mapping of keys to values",
        "model_attributes_type": "must be a mapping of keys to values",
    }
)


def keys_at(location: Sequence[str | int]) -> tuple[str, ...]:
    """The keys that the section at `location` may hold; empty where there is no section."""
    annotation: Any = ConfigDocument
    for step in location:
        section = unwrapped(annotation)
        if isinstance(section, type) and issubclass(section, BaseModel):
            field = section.model_fields.get(str(step))
            annotation = field.annotation if field else None
        else:
            annotation = (get_args(section) or (None,))[-1]
    section = unwrapped(annotation)
    if isinstance(section, type) and issubclass(section, BaseModel):
        return tuple(section.model_fields)
    return ()


def unwrapped(annotation: Any) -> Any:
    """The annotation without `Annotated` and without `| None`."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, types.UnionType):
            annotation = next(part for part in get_args(annotation) if part is not type(None))
        else:
            return annotation

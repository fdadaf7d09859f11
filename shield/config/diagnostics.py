"""Turns pydantic's errors into helpful messages: where, what is wrong, what is allowed. No value is shown."""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from shield.config.invalid import InvalidValueError
from shield.config.schema import ConfigDocument
from shield.config.source import Location, Problem, SourceMap, choices, suggestion
from shield.config_codes import ProblemCode

_KEY = "[key]"  # pydantic's mark for an error in a mapping's key


def problems(error: ValidationError, source: SourceMap, known: set[Location]) -> list[Problem]:
    """One problem for each error of pydantic, except at or below a location that is `known`."""
    found = []
    for detail in error.errors(include_url=False):
        location: Location = tuple(detail["loc"])
        if not any(location[: len(place)] == place for place in known):
            found.append(_problem(detail, location, source))
    return found


def _problem(detail: ErrorDetails, location: Location, source: SourceMap) -> Problem:
    if location and location[-1] == _KEY:
        return source.remark(location[:-1], *_said(detail, ""), key=True)
    if detail["type"] == "extra_forbidden":
        allowed = keys_at(location[:-1])
        near = suggestion(str(location[-1]), allowed)
        message = f"unknown key{near}; allowed: {choices(allowed)}"
        return source.remark(location, ProblemCode.KEY_UNKNOWN, message, key=True)
    if detail["type"] == "missing":
        message = "this required key is missing; add it"
        return source.remark(location, ProblemCode.KEY_MISSING, message, key=True)
    return source.remark(location, *_said(detail, source.written(location) or ""))


def _said(detail: ErrorDetails, written: str) -> tuple[ProblemCode, str]:
    kind = detail["type"]
    context = detail.get("ctx", {})
    if kind == "value_error":
        error = context["error"]
        # Otherwise it is Python's own, for a text that is not a number.
        code = error.code if isinstance(error, InvalidValueError) else ProblemCode.VALUE_MALFORMED
        return code, str(error)
    if kind in ("literal_error", "enum"):
        names = str(context["expected"]).replace(" or ", ", ").replace("'", "").split(", ")
        if written in names:  # the same text, but of another type: version: '1'
            return ProblemCode.VALUE_WRONG_KIND, f"must be {written} without quotes"
        only = "one of " if len(names) > 1 else ""
        message = f"must be {only}{', '.join(names)}{suggestion(written, names)}"
        return ProblemCode.VALUE_NOT_A_CHOICE, message
    if kind in _EXPECTED:
        if detail["input"] is None:
            return ProblemCode.VALUE_MISSING, f"has no value; it {_EXPECTED[kind]}"
        return ProblemCode.VALUE_WRONG_KIND, _EXPECTED[kind]
    if kind == "string_type":
        if written.startswith("${file:"):
            message = "${file:PATH} is for secrets only; write the value, or ${env:NAME}"
            return ProblemCode.REFERENCE_MISPLACED, message
        if detail["input"] is None:
            return ProblemCode.VALUE_MISSING, "has no value; it must be text"
        message = "must be text; put a number, true, false or a date in quotes"
        return ProblemCode.VALUE_WRONG_KIND, message
    bounds = {
        "greater_than_equal": f"must be at least {context.get('ge')}",
        "greater_than": f"must be more than {context.get('gt')}",
        "less_than_equal": f"must be at most {context.get('le')}",
        "less_than": f"must be less than {context.get('lt')}",
        "too_short": f"must hold at least {context.get('min_length')} item",
    }
    if kind in bounds:
        return ProblemCode.VALUE_OUT_OF_RANGE, bounds[kind]
    return ProblemCode.VALUE_MALFORMED, "not a valid value"


_EXPECTED = types.MappingProxyType(
    {
        "int_type": "must be a whole number",
        "int_from_float": "must be a whole number",
        "int_parsing_size": "the whole number is too large",
        "float_type": "must be a number",
        "finite_number": "must be a finite number",
        "bool_type": "must be true or false",
        "list_type": "must be a list, such as [a, b]",
        "dict_type": "must be a mapping: one `name: value` for each entry",
        "model_type": "must be a mapping: one `key: value` for each entry",
        "model_attributes_type": "must be a mapping: one `key: value` for each entry",
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

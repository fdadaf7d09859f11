"""Derives the rows of docs/configuration.md, one a key, from the schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from shield.config.diagnostics import unwrapped
from shield.config.schema import ConfigDocument
from shield.config.schema_types import Label

_DURATIONS: Final = (("h", 3600.0), ("m", 60.0), ("s", 1.0), ("ms", 0.001))
_SIZES: Final = (("GiB", 2.0**30), ("MiB", 2.0**20), ("KiB", 2.0**10))
_FEWEST: Final = {"h": 2, "m": 2}
"""A minute is written as `60s`, an hour as `60m`."""


@dataclass(frozen=True, slots=True)
class KeyReference:
    """One key: its path (`routes[].match.path`) and its description. All texts are Markdown."""

    path: str
    kind: str
    default: str
    meaning: str
    example: str

    @property
    def row(self) -> str:
        """The row of a Markdown table."""
        cells = (f"`{self.path}`", self.kind, self.default, self.meaning, self.example)
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def all_keys() -> tuple[KeyReference, ...]:
    """All keys, in the order of the schema, each section before its keys."""
    return tuple(_section(ConfigDocument, ""))


def _section(section: type[BaseModel], prefix: str) -> Iterator[KeyReference]:
    for name, field in section.model_fields.items():
        path = f"{prefix}.{name}" if prefix else name
        annotation = unwrapped(field.annotation)
        inner, below = annotation, path
        if get_origin(annotation) is list:
            inner, below = unwrapped(get_args(annotation)[0]), f"{path}[]"
        elif get_origin(annotation) is dict:
            extra = field.json_schema_extra
            placeholder = extra["placeholder"] if isinstance(extra, dict) else "NAME"
            inner, below = unwrapped(get_args(annotation)[1]), f"{path}.{placeholder}"
        yield KeyReference(path, _kind(field), _default(field), field.description or "", _example(field))
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _section(inner, below)


def _kind(field: FieldInfo) -> str:
    return _label(field.metadata) or _named(field.annotation)


def _label(metadata: Any) -> str:
    labels = [it.text for it in metadata if isinstance(it, Label)]
    return labels[-1] if labels else ""


def _named(annotation: Any) -> str:
    if label := _label(getattr(annotation, "__metadata__", ())):
        return label
    options = [it for it in get_args(annotation) if it is not type(None)]
    plain = unwrapped(annotation)
    if plain is not annotation:
        return _named(options[0])
    if get_origin(plain) is Literal:
        return ", ".join(f"`{it}`" for it in get_args(plain))
    if get_origin(plain) is list:
        return f"list of {_named(get_args(plain)[0])}"
    if get_origin(plain) is dict:
        return f"mapping of names to {_named(get_args(plain)[1])}"
    return "section" if isinstance(plain, type) and issubclass(plain, BaseModel) else "text"


def _default(field: FieldInfo) -> str:
    value = field.default
    if field.is_required() or value is PydanticUndefined:
        return "required"
    if value is None or isinstance(value, BaseModel):
        return "—"
    kind = _kind(field)
    if kind.startswith("duration"):
        return f"`{_written(value, _DURATIONS)}`"
    if kind.startswith("size"):
        return f"`{_written(value, _SIZES)}`"
    return f"`{json.dumps(value)}`"


def _written(value: float, units: tuple[tuple[str, float], ...]) -> str:
    """The value as people write it: in the largest unit of which it is a whole number."""
    for unit, worth in units:
        number = round(value / worth, 6)
        if number.is_integer() and number >= _FEWEST.get(unit, 1):
            return f"{number:.0f}{unit}"
    return json.dumps(value)


def _example(field: FieldInfo) -> str:
    return f"`{json.dumps(field.examples[0], ensure_ascii=False)}`" if field.examples else ""

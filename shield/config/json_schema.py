"""The JSON Schema of a configuration file, for editors."""

from __future__ import annotations

from typing import Any

from shield.config.schema import ConfigDocument

_ENVIRONMENT = {"type": "string", "pattern": r"\$\{env:[A-Za-z_][A-Za-z0-9_]*\}"}
# pydantic writes a constraint that stands behind one of our validators under its own name.
_JSON_NAMES = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
_ANNOTATIONS = ("title", "description", "default", "examples")


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a configuration file, for editors.

    A number, flag, choice or patterned text may also be written as `${env:NAME}`; the schema says so.
    """
    schema = ConfigDocument.model_json_schema(mode="validation")
    definitions = {name: _with_environment(part) for name, part in schema.pop("$defs").items()}
    entity = definitions["EntitySection"]
    definitions["EntitySection"] = {
        "title": "Operator",
        "description": entity["description"],
        "anyOf": [{"type": "string", "minLength": 1}, entity],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_with_environment(schema),
        "$defs": definitions,
    }


def _with_environment(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_with_environment(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {_JSON_NAMES.get(key, key): value for key, value in schema.items()}
    schema.pop("placeholder", None)
    if schema.get("type") in ("integer", "number", "boolean") or "enum" in schema or "pattern" in schema:
        if "const" in schema or "env:" in str(schema.get("pattern", "")):
            return schema
        outside = {key: value for key, value in schema.items() if key in _ANNOTATIONS}
        inside = {key: value for key, value in schema.items() if key not in _ANNOTATIONS}
        return {**outside, "anyOf": [inside, dict(_ENVIRONMENT)]}
    if "patternProperties" in schema:
        schema["additionalProperties"] = False
    as_it_is = (*_ANNOTATIONS, "propertyNames")
    return {key: value if key in as_it_is else _with_environment(value) for key, value in schema.items()}

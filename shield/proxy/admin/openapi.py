"""Makes the OpenAPI 3.1 document of the admin listener from its declaration (`operations`). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shield.config.settings_callers import AdminRole
from shield.errors import ReloadRefusedError, ShieldError
from shield.proxy.admin.operations import OPERATIONS, Operation
from shield.proxy.problems import CONTENT_TYPE, TYPE_PREFIX

API_VERSION = "1.0.0"
_REF = "#/components/schemas/{model}"
_JSON = "application/json"
_ANY_TEXT = {"schema": {"type": "string"}}
_METRICS = ("text/plain", "application/openmetrics-text")
_SECURITY: list[dict[str, list[str]]] = [{"apiKey": []}, {"clientCertificate": []}]


def openapi() -> dict[str, Any]:
    """The document as plain data."""
    models: list[type[BaseModel]] = [
        model for operation in OPERATIONS for model in (operation.answer, operation.body) if model is not None
    ]
    _, definitions = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(models)], ref_template=_REF
    )
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "PII Shield admin API",
            "version": API_VERSION,
            "description": "Probes, metrics, what is in force, and what an operator may change. Refusals are "
            "problems (RFC 9457) with a stable `code`.",
        },
        "paths": paths,
        "components": {
            "schemas": {**definitions["$defs"], "Problem": _PROBLEM},
            "securitySchemes": {
                "apiKey": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key whose digest stands in `admin.callers`.",
                },
                "clientCertificate": {
                    "type": "mutualTLS",
                    "description": "A client certificate that `admin.callers` names.",
                },
            },
        },
    }


_PROBLEM = {
    "type": "object",
    "description": "RFC 9457. Nothing in it comes from the request.",
    "required": ["type", "title", "status", "code", "instance"],
    "properties": {
        "type": {"type": "string", "pattern": f"^{TYPE_PREFIX}[a-z_]+$"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string", "pattern": "^[a-z_]+$"},
        "instance": {"type": "string"},
        "detail": {"type": "string"},
        "cause": {"type": "string", "description": "Of a refused reload: the code of the error."},
        "problems": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Of a refused reload: what is wrong, as `file:line:column path: message`.",
        },
    },
}


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.description,
        "security": [] if operation.role is None else _SECURITY,
        "x-role": "none" if operation.role is None else operation.role.name.lower(),
        "responses": _responses(operation),
    }
    if operation.role is AdminRole.OPERATOR:
        described["description"] += " Recorded in the access log before it is done."
    if operation.body is not None:
        described["requestBody"] = {"required": False, "content": {_JSON: {"schema": _ref(operation.body)}}}
    return described


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}


def _responses(operation: Operation) -> dict[str, Any]:
    if operation.name == "getMetrics":
        content: dict[str, Any] = dict.fromkeys(_METRICS, _ANY_TEXT)
    else:
        content = {
            _JSON: {"schema": {"type": "object"} if operation.answer is None else _ref(operation.answer)}
        }
    responses: dict[str, Any] = {"200": {"description": operation.summary, "content": content}}
    if operation.failing:
        responses["503"] = {"description": "It is not so; the reasons are named.", "content": content}
    by_status: dict[int, list[type[ShieldError]]] = {}
    for kind in operation.all_errors:
        by_status.setdefault(kind.status, []).append(kind)
    for status, kinds in sorted(by_status.items()):
        responses.setdefault(str(status), _problem(kinds))
    return dict(sorted(responses.items()))


def _problem(kinds: Iterable[type[ShieldError]]) -> dict[str, Any]:
    kinds = list(kinds)
    response: dict[str, Any] = {
        "description": "; ".join(f"`{kind.code}`" for kind in kinds),
        "content": {CONTENT_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}},
    }
    status = kinds[0].status
    header = {401: "WWW-Authenticate", 429: "Retry-After"}.get(status)
    if header is not None:
        response["headers"] = {header: {"required": True, "schema": {"type": "string"}}}
    if ReloadRefusedError in kinds:
        response["description"] += ": `cause` and `problems` say why"
    return response

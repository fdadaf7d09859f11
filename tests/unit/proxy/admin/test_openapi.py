"""The OpenAPI document is valid, closed, and identical to the shipped one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from shield.cli.main import cli
from shield.proxy.admin.openapi import openapi
from shield.proxy.admin.operations import OPERATIONS, Operation

SHIPPED = Path(__file__).parents[4] / "docs" / "admin-api.json"


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(references(child) for child in node.values()))
    return set().union(*(references(child) for child in node)) if isinstance(node, list) else set()


def test_the_shipped_document_is_what_the_program_prints() -> None:
    assert json.loads(SHIPPED.read_text(encoding="utf-8")) == openapi(), (
        "shield openapi > docs/admin-api.json"
    )
    assert CliRunner().invoke(cli, ["openapi"]).output == SHIPPED.read_text(encoding="utf-8")


def test_every_reference_leads_to_a_valid_schema_and_none_is_left_over() -> None:
    schemas = openapi()["components"]["schemas"]
    assert references(openapi()) == {f"#/components/schemas/{name}" for name in schemas}
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda it: it.name)
def test_every_operation_is_in_it_as_it_is_declared(operation: Operation) -> None:
    described = openapi()["paths"][operation.path][operation.method.lower()]
    assert described["operationId"] == operation.name
    assert bool(described["security"]) == (operation.role is not None)
    assert ("requestBody" in described) == (operation.body is not None)
    statuses = {str(kind.status) for kind in operation.all_errors}
    assert described["responses"].keys() == {"200", *statuses, *(["503"] if operation.failing else [])}


def test_what_changes_something_is_an_operators() -> None:
    assert {it.name for it in OPERATIONS if it.changes} == {"reload", "drain", "undrain"}
    assert {it.role for it in OPERATIONS if it.changes} == {max(it.role or 0 for it in OPERATIONS)}

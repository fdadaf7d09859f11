from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from shield.anonymizer.engine import builtin_operators, load_operators, validate_spec
from shield.config import reference
from shield.config.diagnostics import keys_at
from shield.config.json_schema import json_schema
from shield.config.loader import load_text
from shield.domain import OperatorSpec

DOCUMENT = Path(__file__).parents[3] / "docs" / "configuration.md"


def nodes(schema):
    yield schema
    children = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for child in children:
        yield from nodes(child)


class TestJsonSchema:
    def test_is_of_its_draft_and_plain_json(self):
        schema = json_schema()
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert json.loads(json.dumps(schema)) == schema

    def test_every_reference_leads_somewhere_and_none_is_left_over(self):
        schema = json_schema()
        used = {node["$ref"] for node in nodes(schema) if isinstance(node, dict) and "$ref" in node}
        assert used == {f"#/$defs/{name}" for name in schema["$defs"]}

    def test_every_section_refuses_unknown_keys_and_describes_each_key(self):
        schema = json_schema()
        for name, section in [("", schema), *schema["$defs"].items()]:
            if name == "EntitySection":
                section = section["anyOf"][1]  # noqa: PLW2901 - the mapping form
            else:
                assert section["additionalProperties"] is False, name
            for key, value in section["properties"].items():
                assert value.get("description") or "$ref" in value, (name, key)

    def test_every_pattern_compiles_and_no_foreign_keyword_is_in_it(self):
        for node in nodes(json_schema()):
            if isinstance(node, dict):
                assert not {"ge", "gt", "le", "lt", "placeholder"} & set(node)
                if isinstance(node.get("pattern"), str):
                    re.compile(node["pattern"])

    def test_names_are_closed(self):
        upstreams = json_schema()["properties"]["upstreams"]
        assert upstreams["additionalProperties"] is False

    def test_a_secret_is_only_ever_a_reference(self):
        (form,) = json_schema()["properties"]["keys"]["patternProperties"].values()
        assert re.search(form["pattern"], "${env:KEY}")
        assert re.search(form["pattern"], "${file:a/b.key}")
        assert not re.search(form["pattern"], "literal")


class TestDocument:
    def text(self):
        return DOCUMENT.read_text(encoding="utf-8")

    def test_every_key_of_the_schema_is_in_it_as_the_schema_says(self):
        rows = set(self.text().splitlines())
        missing = [key.row for key in reference.all_keys() if key.row not in rows]
        assert missing == []

    @pytest.mark.parametrize(
        ("path", "default"),
        [
            ("upstreams.NAME.timeouts.connect", "`2s`"),
            ("audit.commit_interval", "`5ms`"),
            ("audit.heartbeat_interval", "`60s`"),
            ("audit.anchors.NAME.interval", "`5m`"),
            ("console.verify_interval", "`24h`"),
            ("server.max_bytes_in_flight", "`256MiB`"),
            ("server.max_header_bytes", "`16KiB`"),
            ("server.min_body_rate", "`256`"),
            ("upstreams.NAME.pool_size", "`100`"),
        ],
    )
    def test_a_default_is_written_as_in_the_file(self, path, default):
        assert {key.path: key.default for key in reference.all_keys()}[path] == default

    def test_every_key_in_it_is_in_the_schema(self):
        known = {key.path for key in reference.all_keys()}
        named = re.findall(
            r"^\| `([a-zA-Z][^`]*)` \|", self.text().partition("## Operators")[0], re.MULTILINE
        )
        assert sorted(named) == sorted(known)

    def test_every_key_that_is_a_value_has_an_example(self):
        without = [key.path for key in reference.all_keys() if not key.example and "section" not in key.kind]
        assert without == []

    def test_every_configuration_in_it_loads(self):
        blocks = re.findall(r"```yaml\n(version: 1\n.*?)```", self.text(), re.DOTALL)
        env = {"SHIELD_TICKETS_KEY": "0123456789abcdef", "STORE_HOST": "store.example.com"}
        assert blocks
        for block in blocks:
            assert load_text(block.encode(), "configuration.md", env, DOCUMENT.parent).warnings == ()

    def test_every_operator_in_it_validates(self):
        """The rows of its operator table are tried as written."""
        table = self.text().partition("## Operators")[2]
        examples = re.findall(r"^\| `[a-z:]+` \| .* \| `(\{.*\})` \|", table, re.MULTILINE)
        keys = {"tickets"}
        seen = set()
        for example in examples:
            spec = yaml.safe_load(example)
            seen.add(spec["operator"])
            name = spec.pop("operator")
            operators = load_operators([name])
            validate_spec(OperatorSpec(name, spec), keys, operators, "US_SSN")
        assert seen == {*builtin_operators(), "presidio:replace", "presidio:redact", "presidio:mask"}


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (("routes", 0, "match"), ("host", "path", "methods", "media_types", "tenants")),
        (("upstreams", "store", "timeouts"), ("connect", "read", "total")),
        (("policies", "p", "entities", "PERSON"), ("operator", "threshold")),
        (("logging", "level"), ()),
        (("nothing", "here"), ()),
    ],
)
def test_the_keys_of_a_section(location, expected):
    assert keys_at(location) == expected

# ruff: noqa: E501 - the table holds whole error lines
"""Mistakes in the file's form, its top level and the program's log, each with its error lines."""

from __future__ import annotations

import pytest

from shield.config.schema import ConfigDocument
from tests.unit.config.sample import lines_of_sample

TOP_LEVEL = ", ".join(sorted(ConfigDocument.model_fields))

# The text of the sample that is changed, and its replacement.
BROKEN = [
    ("version: 1", "version: 2", ["1:10 version: must be 1 [value_not_a_choice]"]),
    ("version: 1\n", "", ["1:1 version: this required key is missing; add it [key_missing]"]),
    ("version: 1", "version: '1'", ["1:10 version: must be 1 without quotes [value_wrong_kind]"]),
    (
        "version: 1",
        "version: 1\nversion: 1",
        ["2:1 version: the key is already set on line 1; set it once [key_duplicate]"],
    ),
    (
        "version: 1",
        "version: [1",
        [
            "2:10 (document): not valid YAML: while parsing a flow sequence: expected ',' or ']', but got ':' [yaml_invalid]"
        ],
    ),
    (
        "version: 1",
        "version: *none",
        ["1:10 (document): not valid YAML: found undefined alias 'none' [yaml_invalid]"],
    ),
    (
        "version: 1",
        "version: !!python/name:os.system 1",
        [
            "1:10 version: the tag !!python/name:os.system is not allowed; only plain YAML values are read [yaml_not_plain]"
        ],
    ),
    (
        "version: 1",
        "version: !!int one",
        ["1:10 version: the value does not fit the tag !!int [yaml_not_plain]"],
    ),
    (
        "version: 1",
        "version: 1\n<<: {}",
        [f"2:1 <<: unknown key; allowed: {TOP_LEVEL} [key_unknown]"],
    ),
    (
        "version: 1",
        "version: 1\n1: x",
        ["2:1 (document): the key is not text; put it in quotes [yaml_not_plain]"],
    ),
    (
        "version: 1",
        "version: 1\n---\nversion: 1",
        [
            "2:1 (document): not valid YAML: expected a single document in the stream: but found another document [yaml_invalid]"
        ],
    ),
    (
        "version: 1",
        "version: 1\n\tx: 1",
        [
            "2:1 (document): not valid YAML: while scanning for the next token: found character '\\t' that cannot start any token; indent with spaces, not with tabs [yaml_invalid]"
        ],
    ),
    (
        "version: 1",
        "version: 1\nrotes: []",
        [f"2:1 rotes: unknown key (did you mean 'routes'?); allowed: {TOP_LEVEL} [key_unknown]"],
    ),
    (
        "port: 8080",
        "port: ${env:HOST}",
        [
            "3:35 (document): not valid YAML: while parsing a flow mapping: expected ',' or '}', but got '{'; put a value that contains ${…} in quotes [yaml_invalid]"
        ],
    ),
    (
        "body: 1MiB",
        "body: 0.5B",
        [
            "34:16 limits.body: must be a size: a whole number of bytes, or one with a unit, such as 20kB, 10MiB or 1GiB [value_malformed]"
        ],
    ),
    (
        "level: info",
        "level: inof",
        [
            "40:18 logging.level: must be one of debug, info, warning, error (did you mean 'info'?) [value_not_a_choice]"
        ],
    ),
    ("level: info", "access: yes", ["40:19 logging.access: must be true or false [value_wrong_kind]"]),
    (
        "logging: {level: info}",
        "logging:",
        ["40:9 logging: has no value; it must be a mapping: one `key: value` for each entry [value_missing]"],
    ),
    (
        "logging: {level: info}",
        "logging: &l {level: info, x: *l}",
        ["40:10 logging.x: this alias refers to a value that contains it; remove it [yaml_not_plain]"],
    ),
]


@pytest.mark.parametrize(("old", "new", "lines"), BROKEN)
def test_broken(old, new, lines, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shield.yaml").write_text("x" * 20)
    assert lines_of_sample(old, new) == lines

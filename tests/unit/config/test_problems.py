# ruff: noqa: E501 - the table holds whole error lines
from __future__ import annotations

import re
from pathlib import Path

import pytest

from shield.config.loader import ConfigErrors, load
from shield.errors import ConfigError
from tests.unit.config.sample import ENV, SAMPLE, changed, load_sample


def test_everything_is_reported_at_once_in_the_order_of_the_file():
    text = SAMPLE
    for old, new in [
        ("version: 1", "version: 3"),
        ("url: http://127.0.0.1:8081", "url: ftp://x"),
        ("key: main", "key: other"),
        ("name: contacts", "name: tickets"),
        ("main: ${env:MAIN_KEY}", "main: ${env:ABSENT_KEY}"),
        ("logging: {level: info}", "loging: {}"),
    ]:
        text = text.replace(old, new)
    with pytest.raises(ConfigErrors) as caught:
        load_sample(text)
    assert [(problem.line, problem.path) for problem in caught.value.problems] == [
        (1, "version"),
        (7, "upstreams.store.url"),
        (18, "policies.default.entities.CASE_NUMBER.key"),
        (30, "routes[1].name"),
        (36, "keys.main"),
        (40, "loging"),
    ]
    assert isinstance(caught.value, ConfigError)
    assert caught.value.code == "config_invalid"
    assert caught.value.detail.count("\n") == 5


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (
            b"",
            "1:1 (document): the file is empty; it must hold a mapping that starts with 'version: 1' [file_empty]",
        ),
        (
            b"# nothing\n",
            "1:1 (document): the file is empty; it must hold a mapping that starts with 'version: 1' [file_empty]",
        ),
        (b"- a\n", "1:1 (document): must be a mapping: one `key: value` for each entry [value_wrong_kind]"),
        (
            b"just text",
            "1:1 (document): must be a mapping: one `key: value` for each entry [value_wrong_kind]",
        ),
        (
            b"null",
            "1:1 (document): has no value; it must be a mapping: one `key: value` for each entry [value_missing]",
        ),
        (b"a: 1\nb: \xff\n", "2:1 (document): the file is not UTF-8; save it as UTF-8 [yaml_invalid]"),
        (
            b"a: 1\nbc: \x00\n",
            "2:5 (document): the file contains a control character; YAML allows only tabs and line ends [yaml_invalid]",
        ),
        (b"[" * 65, "1:65 (document): not valid YAML: nested deeper than 64 levels [file_too_large]"),
        (b"[" * 100_000, "1:65 (document): not valid YAML: nested deeper than 64 levels [file_too_large]"),
        (
            b"x" * (1024 * 1024 + 1),
            "1:1 (document): the file has 1048577 bytes; at most 1048576 are read [file_too_large]",
        ),
    ],
)
def test_no_configuration_at_all(content, line, tmp_path):
    path = tmp_path / "shield.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigErrors) as caught:
        load(path, {})
    assert [str(problem) for problem in caught.value.problems] == [f"{path}:{line}"]


def test_an_alias_bomb_is_bounded():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(
        ConfigErrors, match="more than 100000 values, counting those that aliases repeat"
    ) as caught:
        load_sample("\n".join(lines))
    assert len(caught.value.problems) == 1


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigErrors) as caught:
        load(tmp_path / "no.yaml", {})
    expected = f"{tmp_path}/no.yaml:1:1 (document): the file cannot be read: No such file or directory [file_unreadable]"
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    "new",
    [
        "url: http://user:${env:MAIN_KEY}@store.example.com",
        "url: ${env:MAIN_KEY}",
        "url: http://store.example.com/?${env:MAIN_KEY}",
    ],
)
def test_a_value_of_the_environment_is_in_no_error(new):
    with pytest.raises(ConfigErrors) as caught:
        load_sample(changed("url: http://127.0.0.1:8081", new))
    assert ENV["MAIN_KEY"] not in str(caught.value)
    assert ENV["MAIN_KEY"] not in repr(caught.value.__context__)


def test_a_reference_is_quoted_as_it_is_written():
    text = changed(
        "upstream: store\n    policy: default\n    fields",
        "upstream: ${env:MAIN_KEY}\n    policy: x\n    fields",
    )
    with pytest.raises(ConfigErrors) as caught:
        load_sample(text)
    assert "there is no upstream '${env:MAIN_KEY}'; known: store" in str(caught.value)


def test_a_literal_secret_is_not_repeated():
    with pytest.raises(ConfigErrors) as caught:
        load_sample(changed("main: ${env:MAIN_KEY}", "main: 0123456789-literal"))
    assert "0123456789" not in str(caught.value)


def test_check_works_from_any_folder(tmp_path):
    path = tmp_path / "shield.yaml"
    path.write_text(SAMPLE)
    assert load(path, ENV).settings.digest == load_sample(folder=Path("/nonexistent")).settings.digest


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("version: 1\n\tlisteners: {}", "; indent with spaces, not with tabs"),
        ("version: a: b", "; put a text that contains ': ' in quotes, or check the indentation"),
        ("routes:\n  - a: 1\n   b: 2", "; check the indentation of this line and of those above it"),
        ("port: {a: ${env:PORT}}", "; put a value that contains ${…} in quotes"),
    ],
)
def test_broken_yaml_says_what_to_do(text, hint):
    with pytest.raises(ConfigErrors, match=re.escape(f"{hint} [yaml_invalid]")):
        load_sample(text)

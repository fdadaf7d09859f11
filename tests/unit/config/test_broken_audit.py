# ruff: noqa: E501 - the table holds whole error lines
"""Mistakes in keys and the audit log, each with its error lines, without the file's name."""

from __future__ import annotations

import pytest

from tests.unit.config.sample import lines_of_sample

# The text of the sample that is changed, and its replacement.
BROKEN = [
    (
        "main: ${env:MAIN_KEY}",
        "main: literal-key-of-enough-bytes",
        [
            "36:9 keys.main: a secret must not be written in this file; write ${env:NAME} or ${file:PATH} and nothing else [secret_literal]"
        ],
    ),
    (
        "main: ${env:MAIN_KEY}",
        "main: ${env:MIAN_KEY}",
        [
            "36:9 keys.main: the environment variable MIAN_KEY is not set (did you mean 'MAIN_KEY'?); set it where the shield runs [variable_unset]"
        ],
    ),
    (
        "main: ${env:MAIN_KEY}",
        "main: ${file:absent.key}",
        [
            "36:9 keys.main: the file absent.key cannot be read: No such file or directory [secret_file_unusable]"
        ],
    ),
    (
        "main: ${env:MAIN_KEY}",
        "main: ${env:PORT}",
        ["36:9 keys.main: the key has 4 bytes; it needs at least 16 [secret_malformed]"],
    ),
    (
        "main: ${env:MAIN_KEY}",
        "main: x${env:MAIN_KEY}",
        [
            "36:9 keys.main: a secret must not be written in this file; write ${env:NAME} or ${file:PATH} and nothing else [secret_literal]"
        ],
    ),
    (
        "main: ${env:MAIN_KEY}",
        "main: ${MAIN_KEY}",
        [
            "36:9 keys.main: not a known reference; write ${env:NAME} or, for a secret, ${file:PATH}; for a literal ${ write $${ [reference_malformed]"
        ],
    ),
    (
        "main: ${env:MAIN_KEY}",
        "main: ${env:MAIN_KEY",
        [
            "36:9 keys.main: not a known reference; write ${env:NAME} or, for a secret, ${file:PATH}; for a literal ${ write $${ [reference_malformed]"
        ],
    ),
    (
        "origin: shield.example/log-0",
        "origin: shield example",
        [
            "39:11 audit.origin: an origin is 1 to 200 letters, digits, '.', '_', '~', ':', '-' and '/', no space and no '+', such as shield.example.com/worker-0 [value_malformed]"
        ],
    ),
    (
        "origin: shield.example/log-0",
        "origin: shield+example",
        [
            "39:11 audit.origin: an origin is 1 to 200 letters, digits, '.', '_', '~', ':', '-' and '/', no space and no '+', such as shield.example.com/worker-0 [value_malformed]"
        ],
    ),
    (
        "origin: shield.example/log-0",
        "origin: ${file:shield.yaml}",
        [
            "39:11 audit.origin: ${file:PATH} is for secrets only; write the value, or ${env:NAME} [reference_misplaced]"
        ],
    ),
    (
        "directory: state/audit",
        "directory: ''",
        ["38:14 audit.directory: must not be empty [value_malformed]"],
    ),
    (
        "directory: state/audit",
        "directory: state/audit\n  commit_interval: 2s",
        ["39:20 audit.commit_interval: must be at most 1 [value_out_of_range]"],
    ),
    (
        "directory: state/audit",
        "directory: state/audit\n  signing_key: ${env:MAIN_KEY}",
        [
            "39:16 audit.signing_key: must be a PEM, or a seed of 32 bytes (raw, base64:… or hex:…) [secret_malformed]"
        ],
    ),
]


@pytest.mark.parametrize(("old", "new", "lines"), BROKEN)
def test_broken(old, new, lines, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shield.yaml").write_text("x" * 20)
    assert lines_of_sample(old, new) == lines

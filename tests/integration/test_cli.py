"""The installed commands run as processes, with the real heart and the built-in policy."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.warm import python

PROJECT = Path(__file__).parents[2]
TICKET = b'{"id": 12345678901234567890123, "body" : "I am Maria Gonzalez, card 4111 1111 1111 1111"}'


def shield(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [python(), "-m", "shield", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=120, check=False)


def shield_on_terminal(*arguments: str) -> tuple[int, str]:
    """Exit code and all output of a run whose streams are a terminal."""
    primary, secondary = pty.openpty()
    with subprocess.Popen(
        [python(), "-m", "shield", *arguments],
        stdin=secondary,
        stdout=secondary,
        stderr=secondary,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "200"},
    ) as process:
        os.close(secondary)
        output = b""
        try:
            while chunk := os.read(primary, 65536):
                output += chunk
        except OSError:  # how Linux reports that the last process has closed the terminal
            pass
        finally:
            os.close(primary)
    return process.returncode, output.decode()


def test_redact_edits_in_place() -> None:
    done = shield("redact", stdin=TICKET)
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        b'{"id": 12345678901234567890123, "body" : "I am <PERSON>, card **** **** **** 1111"}'
    )


LONG = ("redact", "--findings")
LONG_INPUT = b'{"t": "' + b"maria@example.com, " * 2000 + b'"}'


@pytest.mark.parametrize(
    ("arguments", "stdin"), [(LONG, LONG_INPUT), (("schema",), b""), (("check", "--help"), b"")]
)
def test_whoever_read_the_output_is_gone(arguments: tuple[str, ...], stdin: bytes) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [python(), "-m", "shield", *arguments]
    try:
        done = subprocess.run(
            command, input=stdin, stdout=writing, stderr=subprocess.PIPE, timeout=120, check=False
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize(
    ("arguments", "stdin"), [(LONG, LONG_INPUT), (("schema",), b""), (("check", "--help"), b"")]
)
def test_the_output_cannot_be_written(arguments: tuple[str, ...], stdin: bytes) -> None:
    command = [python(), "-m", "shield", *arguments]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, input=stdin, stdout=full, stderr=subprocess.PIPE, timeout=120, check=False
        )
    assert (done.returncode, done.stderr) == (1, b"shield: No space left on device\n")


def test_findings_name_place_and_type_but_not_the_text() -> None:
    done = shield("redact", "--findings", stdin=TICKET)
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(it["path"], it["start"], it["end"], it["entity_type"]) for it in findings] == [
        ("$.body", 5, 19, "PERSON"),
        ("$.body", 26, 45, "CREDIT_CARD"),
    ]
    assert findings[0].keys() == {"path", "start", "end", "entity_type", "score", "recognizer"}
    assert b"Maria" not in done.stdout
    assert b"4111" not in done.stdout


def test_findings_show_who_holds_the_text_its_keys_but_for_what_was_found_in_them() -> None:
    body = {"about \x9b1m": "4111 1111 1111 1111", "jo@example.org": {"blorp": "rosa@example.org"}}
    done = shield("redact", "--findings", stdin=json.dumps(body).encode())
    assert [json.loads(line)["path"] for line in done.stdout.splitlines()] == [
        "$['about \x9b1m']",
        "$['<EMAIL_ADDRESS>']",
        "$['<EMAIL_ADDRESS>'].blorp",
    ]
    assert done.stdout.isascii()  # a key may hold terminal escape sequences
    assert b"jo@" not in done.stdout


def test_a_malformed_body_is_refused_without_a_word_of_it() -> None:
    done = shield("redact", stdin=b'{"a": "Maria Gonzalez"')
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"body_malformed" in done.stderr
    assert b"Maria" not in done.stderr


def test_analyze_answers_line_by_line() -> None:
    lines = [{"id": "x", "text": "\U0001f69a Maria Gonzalez lives here"}, {"id": "y", "text": "nothing here"}]
    done = shield("analyze", "--jsonl", stdin="\n".join(map(json.dumps, lines)).encode())
    assert done.returncode == 0, done.stderr
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert [(it["start"], it["end"], it["entity_type"]) for it in first["findings"]] == [(2, 16, "PERSON")]
    assert second == {"id": "y", "findings": []}


def test_every_configuration_that_ships_is_valid() -> None:
    # The balancer example needs certificates, which its own test makes.
    shipped = sorted({*(PROJECT / "config").glob("*.yaml")} - {PROJECT / "config/load-balancer.yaml"})
    assert shipped
    for path in shipped:
        done = shield("check", "-c", str(path))
        assert (done.returncode, done.stdout.decode()) == (0, f"{path}: valid\n")


def test_the_console_script_is_the_same_program() -> None:
    script = Path(sys.executable).with_name("shield")
    if not script.exists():
        pytest.skip("the package is not installed beside this Python")
    done = subprocess.run([script, "--version"], capture_output=True, check=True)
    assert done.stdout == shield("--version").stdout


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    (tmp_path / "texts.jsonl").write_text('{"id": 1, "text": "nothing"}\n' * 5000)
    command = [python(), "-m", "shield", "analyze", "--jsonl", str(tmp_path / "texts.jsonl")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_a_terminal_gets_a_summary_and_the_findings_as_well(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(TICKET)
    code, output = shield_on_terminal("redact", "--findings", str(tmp_path / "a.json"))
    assert code == 0
    assert "entity type" in output
    assert "CREDIT_CARD" in output
    assert "\x1b[" in output


def test_a_terminal_gets_a_progress_bar(tmp_path: Path) -> None:
    (tmp_path / "texts.jsonl").write_text('{"id": 1, "text": "nothing"}\n' * 50)
    code, output = shield_on_terminal("analyze", "--jsonl", str(tmp_path / "texts.jsonl"))
    assert code == 0
    assert "analyzing" in output
    assert output.count('"findings": []') == 50

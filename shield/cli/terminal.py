r"""Prints text from logs, which somebody else wrote, so that no terminal obeys it. Pure.

A name in a record, a file's name or a vkey can hold escape sequences, line ends or marks that reverse the
direction of text. Unprintable characters are shown as escapes (`\x1b`), in JSON as JSON's own.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterable
from typing import Any

import click
import orjson

from shield.evidence.cells import cell


def shown(value: object) -> str:
    """One line for a person: control characters, line ends and invisible marks as escapes."""
    text = str(value)
    if text.isprintable():
        return text
    return "".join(it if it.isprintable() else it.encode("unicode_escape").decode() for it in text)


def as_json(value: Any) -> str:
    """One line of JSON with the same value for a program, that a terminal does not obey either."""
    text = orjson.dumps(value).decode()
    if text.isprintable():
        return text
    return "".join(it if it.isprintable() else json.dumps(it)[1:-1] for it in text)


def shown_lines(text: str) -> str:
    """As `shown`, for a message of several lines."""
    return "\n".join(map(shown, text.split("\n")))


def drop_output() -> None:
    """Write nothing more to standard output, which failed: the interpreter would try it again at its end."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)


def say(text: str, *, err: bool = False) -> None:
    """Print one line."""
    click.echo(shown(text), err=err)


def row_of(values: Iterable[str]) -> str:
    """One tab-separated line for a program: texts as by `shown`, none of them a formula for a spreadsheet."""
    return "\t".join(shown(cell(value.replace("\t", " "))) for value in values)


def record_text(raw: bytes) -> str:
    """The stored bytes of a record as one line, whatever they are; those that the shield wrote, unchanged."""
    return shown(raw.decode("utf-8", "backslashreplace"))

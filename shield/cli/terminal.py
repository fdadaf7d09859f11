r"""What commands print of logs: texts that somebody else wrote, shown so that no terminal obeys them. Pure.

A name in a record, a file's name or a vkey can hold escape sequences, line ends or marks that turn the
direction of text around. What cannot be printed is shown as an escape (`\x1b`), and in JSON as one of JSON.
"""

from __future__ import annotations

import json
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
    """One line of JSON that says the same to a program, and that a terminal does not obey either."""
    text = orjson.dumps(value).decode()
    if text.isprintable():
        return text
    return "".join(it if it.isprintable() else json.dumps(it)[1:-1] for it in text)


def shown_lines(text: str) -> str:
    """The same of a message of several lines."""
    return "\n".join(map(shown, text.split("\n")))


def say(text: str, *, err: bool = False) -> None:
    """Prints one line."""
    click.echo(shown(text), err=err)


def row_of(values: Iterable[str]) -> str:
    """One line with tabs, for a program: texts as by `shown`, none of them a formula for a spreadsheet."""
    return "\t".join(shown(cell(value.replace("\t", " "))) for value in values)


def record_text(raw: bytes) -> str:
    """The stored bytes of a record, whatever they are, as one line; those of the shield as they are."""
    return shown(raw.decode("utf-8", "backslashreplace"))

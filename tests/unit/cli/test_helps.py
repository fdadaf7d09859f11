"""Examples in the texts of `--help` are commands with their options, and are shown as they are typed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from shield.cli.main import cli
from tests.unit.test_documents import commands


def helps() -> Iterator[tuple[str, str]]:
    """What `--help` says of each command and group."""

    def below(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
        yield name, "\n".join(filter(None, (command.help, command.epilog)))
        if isinstance(command, click.Group):
            context = click.Context(command)
            for each in command.list_commands(context):
                child = command.get_command(context, each)
                assert child is not None
                yield from below(child, f"{name} {each}")

    yield from below(cli, "shield")


@pytest.mark.parametrize(("name", "text"), list(helps()), ids=[name for name, _ in helps()])
def test_examples_of_a_help_are_commands_with_their_options(name: str, text: str) -> None:
    known = dict(commands(cli))
    joined = re.sub(r"\\\n\s*", "", text)
    assert re.findall(r"^ +shield .*\S {3,}\S.*$", joined, re.MULTILINE) == []  # a lost end of a line
    examples = [
        part.split()
        for line in joined.splitlines()
        for part in re.split(r"\s(?:\||&&|>|<|2>)\s", line.strip())
        if re.match(r"shield [a-z]", part) and line.startswith("  ")
    ]
    assert examples or name == "shield audit"  # whose commands have theirs
    for words in examples:
        command = next((it for n in (3, 2) if (it := " ".join(words[:n])) in known), None)
        assert command is not None, words
        options = {option for parameter in known[command].params for option in parameter.opts}
        assert {word for word in words if re.match(r"--?[a-z]", word)} <= options, words

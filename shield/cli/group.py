"""The command group: loads a command when it is asked for, and gives errors their exit codes.

Each command is in the module of its name and imports what it needs when it runs, so that `shield --help` and
`shield check` need not wait for the detectors' libraries.

Law: of an error the terminal gets only its code and its own message, which are safe to publish; of a foreign
error only its type and where it was raised, because its message may quote a payload.
"""

from __future__ import annotations

import enum
import importlib
import traceback
from collections.abc import Mapping
from typing import Any

import click

from shield.cli.terminal import drop_output, say, shown_lines
from shield.domain import EMPTY
from shield.errors import ConfigError, ShieldError


class ExitCode(enum.IntEnum):
    """What the exit codes mean, for every command; part of the contract."""

    OK = 0
    NO = 1  # the command worked and its own answer is negative, or it could not start
    USAGE = 2  # wrong arguments, or a configuration that is not valid
    INPUT = 3  # a ShieldError: the input or the log cannot be processed
    DEFECT = 70  # an unforeseen error (EX_SOFTWARE)
    INTERRUPTED = 130  # by SIGINT: what a shell makes of a program that it ends
    CLOSED = 141  # whoever read the output is gone: the same of SIGPIPE


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for.

    `commands_in_order` says where each is, by its name: `MODULE:ATTRIBUTE`.
    """

    def __init__(self, *args: Any, commands_in_order: Mapping[str, str] = EMPTY, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._places = commands_in_order

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self._places, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = self._places.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, _, name = place.partition(":")
        command = getattr(importlib.import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{place} is no command")
        return command


class Program(LazyGroup):
    """The outermost group, which gives errors their exit codes."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            click.echo(shown_lines(str(error)), err=True)
            ctx.exit(ExitCode.USAGE)
        except ShieldError as error:
            say(f"{ctx.info_name}: {error.code}: {error}", err=True)
            ctx.exit(ExitCode.INPUT)
        except KeyboardInterrupt:
            say(f"{ctx.info_name}: interrupted", err=True)
            ctx.exit(ExitCode.INTERRUPTED)
        except BrokenPipeError:  # for click the answer would be no
            drop_output()
            ctx.exit(ExitCode.CLOSED)
        except (click.ClickException, click.exceptions.Exit, click.Abort, OSError):
            raise
        except Exception as error:  # noqa: BLE001  the message of a foreign error may quote a payload
            click.echo(_defect(error), err=True)
            ctx.exit(ExitCode.DEFECT)


def _defect(error: Exception) -> str:
    """The type and the frames, without the message."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join([f"shield: internal error: {type(error).__name__}; raised at", *lines])

"""Options that several commands share, and the configuration they select."""

# ruff: noqa: PLC0415  imports wait until the command runs: --help must not load the detectors
from __future__ import annotations

import os
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import click

from shield.config.settings import Settings
from shield.domain import Policy

F = TypeVar("F", bound=Callable[..., Any])

CONFIGURATION = click.Path(path_type=Path)
"""Not looked at by click: what is wrong with the file has a code (`file_unreadable`), as all else in it."""

_DEFAULT_POLICY = "default"


def policy_options(command: F) -> F:
    """`-c` and `--policy`, for the commands that work without a running proxy."""
    command = click.option(
        "--policy",
        "policy_name",
        metavar="NAME",
        help="The policy of the configuration to use. Default: the only one, or the one named default.",
    )(command)
    return click.option(
        "-c",
        "--config",
        "config",
        type=CONFIGURATION,
        help="The configuration to take the policy from. Default: the built-in quick start configuration.",
    )(command)


def settings_of(config: Path | None) -> Settings:
    """The settings of the file, or of the quick start's file that is part of the package.

    References to the environment are resolved, as for `shield serve`. Raises ConfigErrors.
    """
    from shield.config.loader import load, load_text

    if config is not None:
        return load(config, os.environ).settings
    packaged = resources.files("shield.config").joinpath("quickstart.yaml").read_bytes()
    return load_text(packaged, "quickstart.yaml (built in)", os.environ, Path()).settings


def policy_of(settings: Settings, name: str | None) -> Policy:
    """The policy that `--policy` names. Raises click.UsageError where none can be chosen."""
    known = ", ".join(sorted(settings.policies))
    if name is None:
        if len(settings.policies) == 1:
            return next(iter(settings.policies.values()))
        name = _DEFAULT_POLICY
        if name not in settings.policies:
            raise click.UsageError(f"the configuration has several policies; choose with --policy: {known}")
    if name not in settings.policies:
        raise click.UsageError(f"there is no policy {name!r}; the configuration has: {known}")
    return settings.policies[name]

"""Loads a configuration file to `Settings`: read, resolve references, validate, check, compile.

`load(path, env)` does all of it. All problems are raised at once as `ConfigErrors`, each with its line and
column. The composition root makes the checks that need other rooms (operators, recognizers, selectors), with
`Loaded.source_map`. To report those as well where the file is not valid, call `examine`, which raises nothing
and returns the parts that are valid.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import ValidationError

from shield.config import diagnostics
from shield.config.compile import compile_settings
from shield.config.crosscheck import CrossCheck
from shield.config.parts import Parts, parts_of, salvage
from shield.config.schema import ConfigDocument
from shield.config.settings import Settings
from shield.config.source import Caution, ConfigErrors, Problem, SourceMap, in_order
from shield.config.substitution import substitute, unresolved
from shield.config.yaml_document import MAX_BYTES, read_yaml
from shield.config_codes import ProblemCode, WarningCode

__all__ = [
    "Caution",
    "ConfigErrors",
    "Examined",
    "Loaded",
    "Problem",
    "SourceMap",
    "examine",
    "load",
    "load_settings",
    "load_text",
]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A valid configuration, the places of its parts, and warnings about it."""

    settings: Settings
    source_map: SourceMap
    warnings: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class Examined:
    """A configuration with all of its problems; `settings` is None where there are any."""

    problems: tuple[Problem, ...]
    warnings: tuple[Caution, ...] = ()
    source_map: SourceMap = field(default_factory=lambda: SourceMap(""))
    settings: Settings | None = None
    parts: Parts = field(default_factory=Parts)


def load(path: Path, env: Mapping[str, str]) -> Loaded:
    """Load the file at `path`. Raises ConfigErrors."""
    return _loaded(examine(path, env))


def load_settings(path: Path, env: Mapping[str, str]) -> Settings:
    """As `load`, without positions and warnings. Raises ConfigErrors."""
    return load(path, env).settings


def load_text(content: bytes, file: str, env: Mapping[str, str], folder: Path) -> Loaded:
    """Load a configuration from its bytes; `file` names it, `folder` is what its paths are relative to.

    Raises ConfigErrors.
    """
    return _loaded(_examine_text(content, file, env, folder))


def examine(path: Path, env: Mapping[str, str]) -> Examined:
    """Read the file at `path` and return everything that is wrong with it."""
    try:
        content, mode = _read(path)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        return Examined((Problem(str(path), 1, 1, "", ProblemCode.FILE_UNREADABLE, message),))
    examined = _examine_text(content, str(path), env, path.parent)
    if mode & stat.S_IWOTH and stat.S_ISREG(mode):
        message = "every user of the system can change this file; run chmod o-w on it"
        changeable = Caution(str(path), 1, 1, "", WarningCode.FILE_CHANGEABLE, message)
        return replace(examined, warnings=(changeable, *examined.warnings))
    return examined


def _read(path: Path) -> tuple[bytes, int]:
    """The content, or one byte more than it may have, and the mode. Raises OSError.

    A pipe can be read, but one that nobody writes to is not waited for.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        os.set_blocking(descriptor, True)
        mode = os.fstat(descriptor).st_mode
        content = stream.read(MAX_BYTES + 1)
    if not content and stat.S_ISFIFO(mode):
        raise OSError(errno.ENODATA, "it is a pipe, and nobody writes to it")
    return content, mode


def _loaded(examined: Examined) -> Loaded:
    if examined.settings is None:
        raise ConfigErrors(examined.problems)
    return Loaded(examined.settings, examined.source_map, examined.warnings)


def _examine_text(content: bytes, file: str, env: Mapping[str, str], folder: Path) -> Examined:
    document = read_yaml(content, file)
    if document.problems:
        return Examined(tuple(document.problems))
    source = document.source
    substituted = substitute(document.data, source, env, folder)
    problems = list(substituted.problems)
    model: ConfigDocument | None = None
    try:
        model = ConfigDocument.model_validate(substituted.data)
    except ValidationError as error:
        problems += diagnostics.problems(error, source, unresolved(substituted.data))
    check = CrossCheck(substituted.data if isinstance(substituted.data, dict) else {}, source, folder).run()
    problems += check.problems
    warnings = in_order([*substituted.warnings, *check.warnings])
    if problems or model is None:
        return Examined(in_order(problems), warnings, source, parts=salvage(substituted.data))
    settings = compile_settings(model, folder)
    return Examined((), warnings, source, settings, parts_of(settings))

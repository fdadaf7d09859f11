"""A configuration file to `Settings`: read, resolve references, validate, check, compile.

`load(path, env)` is the whole of it. All that is wrong is raised at once as `ConfigErrors`, each
problem with its line and column. Checks that need other rooms (operators, recognizers, selectors) are
made by the composition root with `Loaded.source_map`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from shield.config import diagnostics
from shield.config.compile import compile_settings
from shield.config.crosscheck import CrossCheck
from shield.config.schema import ConfigDocument
from shield.config.settings import Settings
from shield.config.source import ConfigErrors, Problem, SourceMap
from shield.config.substitution import substitute, unresolved
from shield.config.yaml_document import MAX_BYTES, read_yaml

__all__ = ["ConfigErrors", "Loaded", "Problem", "SourceMap", "load", "load_settings", "load_text"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration that is valid, where its parts stand, and what deserves a look in it."""

    settings: Settings
    source_map: SourceMap
    warnings: tuple[Problem, ...] = ()


def load(path: Path, env: Mapping[str, str]) -> Loaded:
    """Load the file at `path`. Raises ConfigErrors."""
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        raise ConfigErrors([Problem(str(path), 1, 1, "", message)]) from None
    return load_text(content, str(path), env, path.parent)


def load_settings(path: Path, env: Mapping[str, str]) -> Settings:
    """`load` for those who need neither positions nor warnings. Raises ConfigErrors."""
    return load(path, env).settings


def load_text(content: bytes, file: str, env: Mapping[str, str], folder: Path) -> Loaded:
    """Load a configuration from its bytes; `file` names it, `folder` is what its paths are relative to.

    Raises ConfigErrors.
    """
    document = read_yaml(content, file)
    if document.problems:
        raise ConfigErrors(document.problems)
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
    if problems or model is None:
        raise ConfigErrors(problems)
    warnings = ConfigErrors([*substituted.warnings, *check.warnings]).problems
    return Loaded(compile_settings(model, folder), source, warnings)

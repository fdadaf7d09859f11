"""Resolves `${env:NAME}` and `${file:PATH}` in the values of a configuration.

`${env:NAME}` may stand in any text value, as the whole or a part of it. `${file:PATH}` is for secrets and is
always the whole value; PATH is relative to the folder of the configuration file. `$${` is a literal `${`. A
resolved value is never in a message or a `repr`.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from shield.config.source import Caution, Location, Problem, SourceMap, suggestion
from shield.config_codes import ProblemCode, WarningCode

MAX_SECRET_BYTES = 64 * 1024

_REFERENCE = re.compile(r"\$?\$\{(?P<body>[^}]*)(?P<end>\}?)")
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FORMS = "write ${env:NAME} or, for a secret, ${file:PATH}; for a literal ${ write $${"


class EnvText(str):
    """Text that came, wholly or in part, from the environment; `whole` is set for `${env:NAME}` alone.

    It tells a number field that text is acceptable, and a secret that it was not written in the file. Its
    `repr` shows nothing.
    """

    __slots__ = ("reference", "whole")

    reference: str
    whole: bool

    def __new__(cls, value: str, reference: str, *, whole: bool) -> Self:
        made = super().__new__(cls, value)
        made.reference = reference
        made.whole = whole
        return made

    def __repr__(self) -> str:
        return f"EnvText({self.reference!r})"


@dataclass(frozen=True, slots=True)
class FileContent:
    """The bytes of a secret's file."""

    reference: str
    value: bytes = field(repr=False)


class Unresolved:
    """Stands for a value that could not be resolved; its problem is already reported."""


@dataclass(frozen=True, slots=True)
class Substituted:
    """The data with references resolved, and the problems and warnings found."""

    data: Any
    problems: tuple[Problem, ...]
    warnings: tuple[Caution, ...]


def substitute(data: Any, source: SourceMap, env: Mapping[str, str], folder: Path) -> Substituted:
    """Resolve all references in `data`. Reads the files that `${file:PATH}` names."""
    walk = _Substitution(source, env, folder)
    return Substituted(walk.value(data, ()), tuple(walk.problems), tuple(walk.warnings))


class _Substitution:
    """The walk over the values; holds the state of one file."""

    def __init__(self, source: SourceMap, env: Mapping[str, str], folder: Path) -> None:
        self._source = source
        self._env = env
        self._folder = folder
        self.problems: list[Problem] = []
        self.warnings: list[Caution] = []

    def value(self, data: Any, location: Location) -> Any:
        if isinstance(data, dict):
            return {key: self.value(child, (*location, key)) for key, child in data.items()}
        if isinstance(data, list):
            return [self.value(child, (*location, index)) for index, child in enumerate(data)]
        if isinstance(data, str) and "${" in data:
            return self._text(data, location)
        return data

    def _text(self, text: str, location: Location) -> Any:
        parts: list[str] = []
        position = 0
        referenced = False
        for found in _REFERENCE.finditer(text):
            parts.append(text[position : found.start()])
            position = found.end()
            if found[0].startswith("$$"):
                parts.append(found[0][1:])
                continue
            kind, colon, name = found["body"].partition(":")
            if not found["end"] or not colon or kind not in ("env", "file"):
                return self._refuse(
                    location, ProblemCode.REFERENCE_MALFORMED, f"not a known reference; {_FORMS}"
                )
            if kind == "file":
                if found[0] != text:
                    return self._refuse(
                        location, ProblemCode.REFERENCE_MALFORMED, "${file:PATH} must be the whole value"
                    )
                return self._file(text, name, location)
            resolved = self._variable(name, location)
            if resolved is None:
                return Unresolved()
            parts.append(resolved)
            referenced = True
            if found[0] == text:
                return EnvText(resolved, text, whole=True)
        parts.append(text[position:])
        return EnvText("".join(parts), text, whole=False) if referenced else "".join(parts)

    def _variable(self, name: str, location: Location) -> str | None:
        if not _ENV_NAME.fullmatch(name):
            self._refuse(
                location,
                ProblemCode.REFERENCE_MALFORMED,
                "not the name of an environment variable: use letters, digits and _",
            )
            return None
        value = self._env.get(name)
        if value is None:
            near = suggestion(name, self._env)
            self._refuse(
                location,
                ProblemCode.VARIABLE_UNSET,
                f"the environment variable {name} is not set{near}; set it where the shield runs",
            )
        elif not value:
            self._refuse(
                location,
                ProblemCode.VARIABLE_UNSET,
                f"the environment variable {name} is empty; give it a value",
            )
            return None
        return value

    def _file(self, reference: str, name: str, location: Location) -> Any:
        if not name or "\0" in name:
            return self._refuse(
                location, ProblemCode.REFERENCE_MALFORMED, "the reference has no path; write ${file:PATH}"
            )
        path = self._folder / name
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                return self._refuse(
                    location, ProblemCode.SECRET_FILE_UNUSABLE, f"{path} is not a regular file"
                )
            with path.open("rb") as stream:
                content = stream.read(MAX_SECRET_BYTES + 1)
        except OSError as error:
            return self._refuse(
                location,
                ProblemCode.SECRET_FILE_UNUSABLE,
                f"the file {path} cannot be read: {error.strerror}",
            )
        if len(content) > MAX_SECRET_BYTES:
            return self._refuse(
                location,
                ProblemCode.SECRET_FILE_UNUSABLE,
                f"the file {path} is larger than {MAX_SECRET_BYTES} bytes",
            )
        if not content.strip():
            return self._refuse(location, ProblemCode.SECRET_FILE_UNUSABLE, f"the file {path} is empty")
        if status.st_mode & stat.S_IROTH:
            message = f"every user of the system can read the secret file {path}; run chmod o-r on it"
            self.warnings.append(self._source.remark(location, WarningCode.SECRET_EXPOSED, message))
        if status.st_mode & stat.S_IWOTH:
            message = f"every user of the system can change the secret file {path}; run chmod o-w on it"
            self.warnings.append(self._source.remark(location, WarningCode.FILE_CHANGEABLE, message))
        return FileContent(reference, content)

    def _refuse(self, location: Location, code: ProblemCode, message: str) -> Unresolved:
        self.problems.append(self._source.remark(location, code, message))
        return Unresolved()


def unresolved(data: Any, location: Location = ()) -> set[Location]:
    """The locations of all `Unresolved` in `data`."""
    if isinstance(data, Unresolved):
        return {location}
    children: list[tuple[str | int, Any]] = []
    if isinstance(data, dict):
        children = list(data.items())
    elif isinstance(data, list):
        children = list(enumerate(data))
    return {place for step, child in children for place in unresolved(child, (*location, step))}

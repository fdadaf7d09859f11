"""Where each value of a configuration file stands, and the remarks on such places.

A location is the tuple of mapping keys and list indices that leads to a value; people read it as
`routes[0].match.path`. Lines and columns count from 1, columns in code points.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from shield.config_codes import ProblemCode, WarningCode
from shield.errors import ConfigError

Step = str | int
Code = TypeVar("Code", ProblemCode, WarningCode)
Location = tuple[Step, ...]

_PLAIN = re.compile(r"""[^\s.\[\]"']+""")
_STEP = re.compile(r"""\[(?P<index>\d+)\]|\[(?P<quoted>"(?:[^"\\]|\\.)*")\]|\.?(?P<plain>[^\s.\[\]"']+)""")


def render(location: Sequence[Step]) -> str:
    """The location as people read it; names that are not plain are quoted: `parameters["a.b"]`."""
    parts: list[str] = []
    for step in location:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif _PLAIN.fullmatch(step):
            parts.append(f".{step}" if parts else step)
        else:
            parts.append(f"[{json.dumps(step, ensure_ascii=False)}]")
    return "".join(parts)


def parse(path: str) -> Location:
    """The inverse of `render`. An invalid path is taken as far as it can be read."""
    steps: list[Step] = []
    position = 0
    while found := _STEP.match(path, position):
        if (index := found["index"]) is not None:
            steps.append(int(index))
        elif (quoted := found["quoted"]) is not None:
            steps.append(str(json.loads(quoted)))
        else:
            steps.append(found["plain"])
        position = found.end()
    return tuple(steps)


@dataclass(frozen=True)  # no slots: a generic class with slots cannot be called by an alias in Python 3.11
class Remark(Generic[Code]):
    """A remark on one place of a file; `code` is its kind, `message` its full text."""

    file: str
    line: int
    column: int
    path: str
    code: Code
    message: str

    def __str__(self) -> str:
        """`file:line:column path: what is wrong, what is allowed [code]`, on one line."""
        place = f"{self.file}:{self.line}:{self.column} {self.path or '(document)'}"
        return f"{place}: {self.message} [{self.code}]"


Problem = Remark[ProblemCode]
"""A remark on what is wrong."""
Caution = Remark[WarningCode]
"""A remark on what is allowed and deserves a look."""


def in_order(remarks: Iterable[Remark[Code]]) -> tuple[Remark[Code], ...]:
    """Sorted in the order of the file, without duplicates."""
    return tuple(sorted(set(remarks), key=lambda it: (it.line, it.column, it.path, it.message)))


class ConfigErrors(ConfigError):  # noqa: N818 - several errors; the name is the room's contract
    """All problems of a configuration, in the order of the file: at least one."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = in_order(problems)
        super().__init__(self.problems[0].code, "\n".join(str(problem) for problem in self.problems))

    def __str__(self) -> str:
        return self.detail


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value begins, where its key does (the same for list items), and its text as written."""

    line: int
    column: int
    key_line: int
    key_column: int
    text: str | None = None  # scalars only; a reference is kept as `${env:NAME}`, never resolved


@dataclass(frozen=True, slots=True)
class SourceMap:
    """The places of all values of one file. An absent value is located at what would enclose it."""

    file: str
    marks: Mapping[Location, Mark] = field(default_factory=dict, repr=False)

    def locate(self, path: str | Location, *, key: bool = False) -> tuple[int, int]:
        """Line and column of the value at `path`, or with `key` of its key in the mapping around it."""
        location = parse(path) if isinstance(path, str) else path
        absent = False
        while location not in self.marks:
            if not location:
                return 1, 1
            location, absent = location[:-1], True
        mark = self.marks[location]
        return (mark.key_line, mark.key_column) if key or absent else (mark.line, mark.column)

    def written(self, path: str | Location) -> str | None:
        """The scalar at `path` as written in the file, references unresolved; None for other values."""
        mark = self.marks.get(parse(path) if isinstance(path, str) else path)
        return mark.text if mark else None

    def remark(self, path: str | Location, code: Code, message: str, *, key: bool = False) -> Remark[Code]:
        """A remark on `path`, also for checks that other rooms make of a configuration that loaded."""
        line, column = self.locate(path, key=key)
        where = path if isinstance(path, str) else render(path)
        return Remark(self.file, line, column, where, code, message)


def choices(names: Iterable[str]) -> str:
    """The names as a list for a message, sorted; `none` when there are none."""
    return ", ".join(sorted(names)) or "none"


def suggestion(name: str, names: Iterable[str]) -> str:
    """` (did you mean 'x'?)` when one of `names` is near, or an entity type with the name as a word."""
    known = sorted(names)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    near = near or [each for each in known if "_" in each and name.upper() in each.split("_")]
    return f" (did you mean {near[0]!r}?)" if near else ""

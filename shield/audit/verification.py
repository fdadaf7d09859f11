"""The result of verifying a log: the problems, and what the log is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_LISTED = 100
KEPT = "the kept checkpoint"
"""The file named by a problem with a checkpoint from elsewhere."""

Complain = Callable[[int | None, str, str], None]
"""Called with the index of the first record concerned, if one can be named, the file, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not hold. `index` is the first record concerned, where one can be named."""

    index: int | None
    file: str
    what: str

    def __str__(self) -> str:
        return (
            f"{self.file}: {self.what}"
            if self.index is None
            else f"record {self.index}: {self.file}: {self.what}"
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """A record that an anchor took a roster: its index, the anchor's name, and the roster's digest in hex."""

    index: int
    anchor: str
    roster_sha256: str


@dataclass(frozen=True, slots=True)
class Report:
    """The result of verification. `root` (base64) is over the `size` records; times are RFC 3339.

    `roster` is the newest record that names all logs of the deployment: its index, and their heads. `taken`
    are the rosters that anchors took, in the order of the log. `problems` and `open_intents` list the first
    hundred each; `problem_count` and `open_count` count all.
    """

    origin: str
    minimum_index: int
    size: int
    signed_size: int
    root: str
    first_time: str
    last_time: str
    kinds: Mapping[str, int]
    runs: int
    unknown_outcomes: int
    open_count: int
    open_intents: tuple[int, ...]
    clock_jumps: int
    roster: tuple[int, Sequence[Mapping[str, Any]]] | None
    taken: tuple[Taken, ...]
    problem_count: int
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]

    @property
    def fields(self) -> dict[str, Any]:
        """The fields for JSON: all but `taken`, which has one for each round of each anchor."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "taken"}

    @property
    def ok(self) -> bool:
        return self.problem_count == 0

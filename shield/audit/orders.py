"""What an operator asks of a log that a running process writes: a file for each order, and its answer.

A log has one writer. A command that finds it locked leaves its order in `DIRECTORY/orders/FOLDER`, the
writer carries it out and answers in the same place. Who can write there could as well write the log.

    ID.json       the order: action, and its words
    ID.done       the answer: ok, and what was done or why not; taken away by who asked
"""

from __future__ import annotations

import enum
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from shield.audit.files import Files, write_atomic
from shield.audit.keys import folder_name

ORDERS_FOLDER = "orders"
_ASKED = ".json"
_DONE = ".done"
_ID_BYTES = 8


class Action(enum.StrEnum):
    """What can be ordered."""

    ROTATE = "rotate"
    DESTROY = "destroy"
    PRUNE = "prune"
    HOLD = "hold"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Order:
    """An action and its words, such as `approver`."""

    action: Action
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it was done, and what: one line, safe to publish."""

    ok: bool
    text: str


class Orders:
    """The orders of one log, in its directory."""

    def __init__(self, files: Files, directory: Path, origin: str) -> None:
        self._files = files
        self._folder = directory / ORDERS_FOLDER / folder_name(origin)

    def leave(self, order: Order) -> str:
        """Leaves an order for the writer; returns its id. Raises `OSError`."""
        name = os.urandom(_ID_BYTES).hex()
        raw = orjson.dumps({"action": order.action.value, **order.words})
        write_atomic(self._files, self._folder / f"{name}{_ASKED}", raw)
        return name

    def waiting(self) -> list[tuple[str, Order | None]]:
        """The orders that wait, by id; None for what is no order. Raises `OSError`."""
        try:
            names = self._files.names(self._folder)
        except FileNotFoundError:
            return []
        ids = [name.removesuffix(_ASKED) for name in names if name.endswith(_ASKED)]
        return [(name, self._read(name)) for name in ids]

    def _read(self, name: str) -> Order | None:
        try:
            fields = orjson.loads(self._files.read(self._folder / f"{name}{_ASKED}"))
            action = Action(fields.pop("action"))
            return Order(action, {key: str(value) for key, value in fields.items()})
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def answer(self, name: str, answer: Answer) -> None:
        """Says what became of an order, then takes the order away."""
        raw = orjson.dumps({"ok": answer.ok, "text": answer.text})
        write_atomic(self._files, self._folder / f"{name}{_DONE}", raw)
        self._files.unlink(self._folder / f"{name}{_ASKED}")

    def take_answer(self, name: str) -> Answer | None:
        """The answer, once; None while there is none."""
        path = self._folder / f"{name}{_DONE}"
        try:
            fields = orjson.loads(self._files.read(path))
        except FileNotFoundError:
            return None
        self._files.unlink(path)
        return Answer(bool(fields["ok"]), str(fields["text"]))

    def take_back(self, name: str) -> None:
        """Takes an order away that nobody has carried out."""
        self._files.unlink(self._folder / f"{name}{_ASKED}")

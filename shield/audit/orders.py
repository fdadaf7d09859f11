"""Orders of an operator to the process that writes a log: a file for each order, and one for its answer.

A log has one writer. A command that finds it locked leaves its order in `DIRECTORY/orders/FOLDER`, the
writer carries it out and answers in the same place. Whoever can write there could write the log as well.

    ID.json       the order: action, and its arguments
    ID.begun      in its place once it is being carried out: a line that says what is being done now
    ID.done       the answer: ok, and what was done or why not; removed by the one who asked
"""

from __future__ import annotations

import contextlib
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
_BEGUN = ".begun"
_DONE = ".done"
_ID_BYTES = 8


class Action(enum.StrEnum):
    """The actions that can be ordered."""

    ROTATE = "rotate"
    DESTROY = "destroy"
    PRUNE = "prune"
    HOLD = "hold"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Order:
    """An action and its arguments, such as `approver`."""

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
        """The orders that wait, by id; None for a file that is no order. Raises `OSError`."""
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

    def begin(self, name: str) -> bool:
        """Marks an order as being carried out; False where it was taken back. Raises `OSError`."""
        try:
            self._files.rename(self._folder / f"{name}{_ASKED}", self._folder / f"{name}{_BEGUN}")
        except FileNotFoundError:
            return False
        self.tell(name, "")
        return True

    def tell(self, name: str, text: str) -> None:
        """Says what is being done now for an order that was begun. Raises `OSError`."""
        write_atomic(self._files, self._folder / f"{name}{_BEGUN}", text.encode())

    def told(self, name: str) -> str | None:
        """What is being done now; None where the order was not begun. Raises `OSError`."""
        try:
            raw = self._files.read(self._folder / f"{name}{_BEGUN}")
        except FileNotFoundError:
            return None
        return "" if raw.startswith(b"{") else raw.decode()  # between its renaming and the first line

    def answer(self, name: str, answer: Answer) -> None:
        """Writes the answer to an order, then removes the order."""
        raw = orjson.dumps({"ok": answer.ok, "text": answer.text})
        write_atomic(self._files, self._folder / f"{name}{_DONE}", raw)
        self.take_back(name)
        self.forget(name)

    def forget(self, name: str) -> None:
        """Removes the mark of an order that was begun. Raises `OSError`."""
        with contextlib.suppress(FileNotFoundError):
            self._files.unlink(self._folder / f"{name}{_BEGUN}")

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
        """Removes an order, if it still exists: nobody carries it out from now on. Raises `OSError`."""
        with contextlib.suppress(FileNotFoundError):
            self._files.unlink(self._folder / f"{name}{_ASKED}")

"""What goes between a worker and the process that inspects its large bodies (see `apart`), and in which form.

A message is eight bytes of length, big-endian, and a pickle: both ends are this program, on a socket pair
that nobody else has.
"""

from __future__ import annotations

import copyreg
import io
import pickle
import socket
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from shield.domain import DetectorSpec, FieldRule, Finding, Limits, Placed, Policy, Redaction, SegmentKind
from shield.payload.field_names import ShownNames
from shield.payload.media_type import MediaType

SLICE = 256
"""Findings that are made in one go: some tenths of a millisecond."""

_LENGTH_BYTES = 8


class Setup(NamedTuple):
    """What the process builds its heart from.

    `keys` are the configuration's, `operators` the names of its policies', `memory` the bytes for findings of
    texts that come again.
    """

    keys: Mapping[str, bytes]
    operators: frozenset[str]
    memory: int


class Prepare(NamedTuple):
    """Build and warm the detectors, whose digest must be `digest`. The answer is `READY`, or an error."""

    detector: DetectorSpec
    digest: str


READY = "ready"


class Request(NamedTuple):
    """One body to inspect; paths show the `names` alone.

    `detector` is the digest that its detectors must have; `seconds` are left.
    """

    body: bytes
    media_type: MediaType
    policy: Policy
    limits: Limits
    rules: tuple[FieldRule, ...]
    names: ShownNames
    dry: bool
    detector: str
    seconds: float


Times = tuple[tuple[str, float], ...]
"""The processor seconds of recognizers, by their names."""


class Answer(NamedTuple):
    """What came of a request; its findings as plain tuples, since there may be thousands of them.

    To read an object takes the interpreter many times as long as to read a tuple, and in one go. `times` is
    None but for the inspections of the sample.
    """

    redaction: Redaction
    findings: tuple[tuple[str, str, tuple[int, int, str, float, str, str], str, int], ...]
    times: Times | None = None

    @classmethod
    def of(cls, redaction: Redaction, times: Times | None = None) -> Answer:
        """The answer that says this redaction."""
        findings = tuple(
            [
                (
                    placed.path,
                    placed.kind.value,
                    (it.start, it.end, it.entity_type, it.score, it.recognizer, it.view),
                    placed.operator,
                    placed.segment,
                )
                for placed in redaction.findings
                if (it := placed.finding)
            ]
        )
        return cls(redaction._replace(findings=()), findings, times)

    def whole(self, rest: Callable[[], object]) -> Redaction:
        """The redaction again. `rest` is called after each `SLICE` findings, so that others may go on."""
        findings: list[Placed] = []
        for first in range(0, len(self.findings), SLICE):
            if first:
                rest()
            findings += [
                Placed(path, SegmentKind(kind), Finding(*finding), operator, segment)
                for path, kind, finding, operator, segment in self.findings[first : first + SLICE]
            ]
        return self.redaction._replace(findings=tuple(findings))


def _read_only(values: dict[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(values)


class _Pickler(pickle.Pickler):
    # A read-only mapping, of which values of a configuration are made, has no pickled form of its own.
    dispatch_table = copyreg.dispatch_table.copy()  # as documented
    dispatch_table[MappingProxyType] = lambda mapping: (_read_only, (dict(mapping),))


def send(connection: socket.socket, message: object) -> None:
    """Raises OSError."""
    data = io.BytesIO()
    data.write(bytes(_LENGTH_BYTES))
    _Pickler(data, protocol=5).dump(message)
    view = data.getbuffer()
    view[:_LENGTH_BYTES] = (len(view) - _LENGTH_BYTES).to_bytes(_LENGTH_BYTES, "big")
    connection.sendall(view)


def receive(connection: socket.socket) -> Any:
    """The next message. Raises EOFError at the end, and OSError."""
    length = int.from_bytes(_exactly(connection, _LENGTH_BYTES), "big")
    return pickle.loads(_exactly(connection, length))  # noqa: S301  # from this program alone


def _exactly(connection: socket.socket, length: int) -> bytearray:
    data = bytearray(length)
    view = memoryview(data)
    done = 0
    while done < length:
        got = connection.recv_into(view[done:])
        if not got:
            raise EOFError
        done += got
    return data

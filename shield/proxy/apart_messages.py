"""The messages between a worker and the process that inspects its large bodies (see `apart`).

A message is eight bytes of length, big-endian, and a pickle: both ends are this program, on a socket pair
that nobody else has. The bytes of bodies follow it, raw and in order: they are not copied while the
interpreter is held.
"""

from __future__ import annotations

import copyreg
import io
import os
import pickle
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

from shield.audit.found import summarize
from shield.domain import (
    DetectorSpec,
    FieldRule,
    Finding,
    Limits,
    Placed,
    Policy,
    Redaction,
    Segment,
    SegmentKind,
)
from shield.payload.field_names import ShownNames
from shield.payload.media_type import MediaType

SLICE = 256
"""Findings or texts that are unpickled in one go, which takes half a millisecond."""

BESIDE_BYTES = 32 * 1024
"""Bytes of at least this length go beside the pickle."""

_LENGTH_BYTES = 8


class Setup(NamedTuple):
    """What the process builds its heart from.

    `keys` are the configuration's, `operators` the names of its policies', `memory` the bytes for remembering
    the findings of texts that come again.
    """

    keys: Mapping[str, bytes]
    operators: frozenset[str]
    memory: int


class Prepare(NamedTuple):
    """Build and warm the detectors, whose digest must be `digest`. The answer is `READY`, or an error."""

    detector: DetectorSpec
    digest: str


READY = "ready"

LACKS_RESOURCES = os.EX_OSERR
"""The exit status of a process that got no memory to receive a message, or to send one."""


class Request(NamedTuple):
    """One body to inspect; paths show only the `names`.

    `findings` says whether each finding is wanted, and not only their summary. `detector` is the digest that
    its detectors must have; `seconds` is the time left. `rest` is how much of it the detectors behind the
    patterns have, where the body is forwarded without them; None where it is not.
    """

    body: bytes
    media_type: MediaType
    policy: Policy
    limits: Limits
    rules: tuple[FieldRule, ...]
    names: ShownNames
    dry: bool
    findings: bool
    detector: str
    seconds: float
    rest: float | None = None

    def at(self, seconds: float) -> Request:
        """The same request later, when `seconds` are left."""
        rest = None if self.rest is None else self.rest - (self.seconds - seconds)
        return self._replace(seconds=seconds, rest=rest)


Times = tuple[tuple[str, float], ...]
"""The processor seconds of recognizers, by their names."""


class Answer(NamedTuple):
    """The answer to a request. A body that did not change is not sent back; then `same` is set.

    `findings` are there where they were wanted, and `texts` where something of them is left to inspect, in
    slices of at most `SLICE`: unpickling holds the interpreter, and there may be thousands. `times` is None
    except for inspections of the sample. `hangs`: the process is not fit for another request.
    """

    redaction: Redaction
    same: bool
    findings: tuple[bytes, ...] = ()
    times: Times | None = None
    texts: tuple[bytes, ...] = ()
    hangs: bool = False

    @classmethod
    def of(cls, redaction: Redaction, request: Request, times: Times | None = None) -> Answer:
        """The answer to `request` that carries this redaction."""
        same = redaction.body is request.body
        shown = redaction._replace(body=b"") if same else redaction
        texts: tuple[bytes, ...] = ()
        if shown.remainder is not None:
            texts = _sliced(
                [
                    (each.index, each.text, each.location, each.kind.value, each.root)
                    for each in shown.remainder.segments
                ]
            )
            shown = shown._replace(remainder=replace(shown.remainder, segments=()))
        if not request.findings:
            shown = shown._replace(findings=(), summary=summarize(redaction.findings))
            return cls(shown, same, (), times, texts)
        findings = _sliced(
            [
                (placed.path, placed.kind.value, tuple(placed.finding), placed.operator, placed.segment)
                for placed in redaction.findings
            ]
        )
        return cls(shown._replace(findings=()), same, findings, times, texts)

    def whole(self, request: Request, rest: Callable[[], object]) -> Redaction:
        """Restore the redaction. `rest` is called between two slices to let others go on."""
        findings = tuple(
            [
                Placed(path, SegmentKind(kind), Finding(*finding), operator, segment)
                for path, kind, finding, operator, segment in _rows(self.findings, rest)
            ]
        )
        redaction = self.redaction._replace(body=request.body) if self.same else self.redaction
        if redaction.remainder is not None:
            segments = tuple(
                [
                    Segment(index, text, location, SegmentKind(kind), root)
                    for index, text, location, kind, root in _rows(self.texts, rest)
                ]
            )
            redaction = redaction._replace(remainder=replace(redaction.remainder, segments=segments))
        return redaction._replace(findings=findings)


def _sliced(rows: Sequence[tuple[Any, ...]]) -> tuple[bytes, ...]:
    return tuple([pickle.dumps(rows[at : at + SLICE], protocol=5) for at in range(0, len(rows), SLICE)])


def _rows(slices: Sequence[bytes], rest: Callable[[], object]) -> Iterator[tuple[Any, ...]]:
    for number, rows in enumerate(slices):
        if number:
            rest()
        yield from pickle.loads(rows)  # noqa: S301  as `receive`


def _read_only(values: dict[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(values)


class _Pickler(pickle.Pickler):
    # A read-only mapping, which values of a configuration are made of, has no pickled form of its own.
    dispatch_table = copyreg.dispatch_table.copy()  # as documented
    dispatch_table[MappingProxyType] = lambda mapping: (_read_only, (dict(mapping),))

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, protocol=5)
        self.beside: list[bytes] = []

    def persistent_id(self, obj: Any) -> int | None:
        """The length of bytes that go beside the pickle; None for all else."""
        if type(obj) is not bytes or len(obj) < BESIDE_BYTES:
            return None
        self.beside.append(obj)
        return len(obj)


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, connection: socket.socket) -> None:
        super().__init__(file)
        self._connection = connection

    def persistent_load(self, pid: int) -> bytes:
        return _exactly(self._connection, pid)


def send(connection: socket.socket, message: object) -> None:
    """Raises OSError."""
    data = io.BytesIO()
    data.write(bytes(_LENGTH_BYTES))
    pickler = _Pickler(data)
    pickler.dump(message)
    with data.getbuffer() as view:
        view[:_LENGTH_BYTES] = (len(view) - _LENGTH_BYTES).to_bytes(_LENGTH_BYTES, "big")
        connection.sendall(view)
    for piece in pickler.beside:
        connection.sendall(piece)


def receive(connection: socket.socket) -> Any:
    """The next message. Raises EOFError at the end, and OSError."""
    length = int.from_bytes(_exactly(connection, _LENGTH_BYTES), "big")
    return _Unpickler(io.BytesIO(_exactly(connection, length)), connection).load()  # from this program alone


def _exactly(connection: socket.socket, length: int) -> bytes:
    # Received in place: `getvalue` then gives the bytes away without a copy.
    data = io.BytesIO(bytes(length))
    with data.getbuffer() as view:
        done = 0
        while done < length:
            got = connection.recv_into(view[done:])
            if not got:
                raise EOFError
            done += got
    return data.getvalue()

"""What goes between a worker and the process that inspects its large bodies (see `apart`), and in which form.

A message is eight bytes of length, big-endian, and a pickle: both ends are this program, on a socket pair
that nobody else has. Behind it come the bytes of bodies, in their order, as they are: no copy of one is made
while the interpreter is held, and none stands between it and its place.
"""

from __future__ import annotations

import copyreg
import io
import pickle
import socket
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from shield.audit.found import summarize
from shield.domain import DetectorSpec, FieldRule, Finding, Limits, Placed, Policy, Redaction, SegmentKind
from shield.payload.field_names import ShownNames
from shield.payload.media_type import MediaType

SLICE = 256
"""Findings that are read in one go: half a millisecond."""

BESIDE_BYTES = 32 * 1024
"""From this length on, bytes go beside the pickle."""

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

    `findings` is whether each is wanted, and not only what they come to. `detector` is the digest that its
    detectors must have; `seconds` are left.
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


Times = tuple[tuple[str, float], ...]
"""The processor seconds of recognizers, by their names."""


class Answer(NamedTuple):
    """What came of a request. A body that did not change does not go back: then `same` says so.

    `findings` are there where each was wanted, in slices of at most `SLICE`: to read a pickle takes the
    interpreter in one go, and there may be thousands. `times` is None but for inspections of the sample.
    """

    redaction: Redaction
    same: bool
    findings: tuple[bytes, ...] = ()
    times: Times | None = None

    @classmethod
    def of(cls, redaction: Redaction, request: Request, times: Times | None = None) -> Answer:
        """The answer to `request` that says this redaction."""
        same = redaction.body is request.body
        shown = redaction._replace(body=b"") if same else redaction
        if not request.findings:
            return cls(shown._replace(findings=(), summary=summarize(redaction.findings)), same, (), times)
        rows = [
            (placed.path, placed.kind.value, tuple(placed.finding), placed.operator, placed.segment)
            for placed in redaction.findings
        ]
        slices = [pickle.dumps(rows[at : at + SLICE], protocol=5) for at in range(0, len(rows), SLICE)]
        return cls(shown._replace(findings=()), same, tuple(slices), times)

    def whole(self, request: Request, rest: Callable[[], object]) -> Redaction:
        """The redaction again. `rest` is called between two slices of findings, so that others may go on."""
        findings: list[Placed] = []
        for number, rows in enumerate(self.findings):
            if number:
                rest()
            findings += [
                Placed(path, SegmentKind(kind), Finding(*finding), operator, segment)
                for path, kind, finding, operator, segment in pickle.loads(rows)  # noqa: S301  as `receive`
            ]
        redaction = self.redaction._replace(body=request.body) if self.same else self.redaction
        return redaction._replace(findings=tuple(findings))


def _read_only(values: dict[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(values)


class _Pickler(pickle.Pickler):
    # A read-only mapping, of which values of a configuration are made, has no pickled form of its own.
    dispatch_table = copyreg.dispatch_table.copy()  # as documented
    dispatch_table[MappingProxyType] = lambda mapping: (_read_only, (dict(mapping),))

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, protocol=5)
        self.beside: list[bytes] = []

    def persistent_id(self, obj: Any) -> int | None:
        """The length of what goes beside the pickle."""
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
    # Written to where it stays: `data` alone holds these bytes, and then gives them away as they are.
    data = io.BytesIO(bytes(length))
    with data.getbuffer() as view:
        done = 0
        while done < length:
            got = connection.recv_into(view[done:])
            if not got:
                raise EOFError
            done += got
    return data.getvalue()

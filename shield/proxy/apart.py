"""A process beside this one that inspects large bodies, so that usual ones do not wait for them.

Python runs one thread of a process at a time. A body of megabytes in a thread takes the interpreter from the
event loop at each of the loop's own short pauses, which turns (see `turns`) cannot prevent. A separate
process gets only the processor time that the usual bodies leave.

Each worker starts one when a large body first comes, which waits for it; where it is not ready soon, threads
inspect. It takes one body at a time over a socket pair and knows only what it is sent: after a reload of the
configuration it is prepared again. It ends with its parent, when it sees the parent's end of the pair closed.
If it dies or is not done in time, it is killed, and the write that it was inspecting is refused. Somebody
else who kills it is taken to be the kernel, for want of memory.
"""

from __future__ import annotations

import math
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NoReturn

from shield.analyzer.remembered import Piece
from shield.domain import (
    Check,
    DetectorSpec,
    Limits,
    Placed,
    Policy,
    Redaction,
    Remainder,
)
from shield.errors import (
    DeadlineExceededError,
    DetectionIncompleteError,
    ResourcesExhaustedError,
    ShieldError,
)
from shield.foreign_errors import failed
from shield.payload.document import Document
from shield.payload.field_names import NO_NAMES, ShownNames
from shield.payload.media_type import MediaType
from shield.payload.selectors import FieldRules
from shield.proxy.apart_messages import (
    LACKS_RESOURCES,
    READY,
    Answer,
    Prepare,
    Request,
    Setup,
    Times,
    receive,
    send,
)
from shield.redactor import USUAL, Heart, Manner

PREPARE_SECONDS = 120.0
"""For its start and the loading of its detectors."""

AGAIN_SECONDS = 60.0
"""After a failed start, before the next is tried."""

REST_SECONDS = 0.002
"""Between two slices of an answer's findings, so that the event loop gets most of the time."""

GRACE_SECONDS = 1.0
"""For an answer that was begun in time, before the process is taken to hang."""

_END_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ProcessWatch:
    """Callbacks: for each start, each body's wait in seconds, and the recognizers' times in a sample.

    `timed` gets the processor seconds by recognizer of one inspection of the sample. All but `started` are
    called by one thread at a time.
    """

    started: Callable[[], None] = lambda: None
    waited: Callable[[float], None] = lambda _seconds: None
    timed: Callable[[Times], None] = lambda _times: None


@dataclass(slots=True)
class _Child:
    program: subprocess.Popen[bytes]
    connection: socket.socket
    setup: Setup | None = None
    detectors: set[DetectorSpec] = field(default_factory=set)

    def end(self) -> None:
        self.connection.close()
        self.program.kill()
        self.program.wait(_END_SECONDS)


class InspectionProcess:
    """The process, from its parent's side. Its calls are made in threads, one at a time.

    `command` makes the program's arguments from the descriptor number of its end of the pair. `clock` is
    monotonic, in seconds, and `sleep` waits for as many.
    """

    def __init__(
        self,
        command: Callable[[int], Sequence[str]],
        watch: ProcessWatch,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._command = command
        self._watch = watch
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._closed = threading.Event()
        self._settled = threading.Event()  # no preparation is under way
        self._settled.set()
        self._not_before = -math.inf

    @property
    def pid(self) -> int | None:
        """Process id, None while there is no process."""
        child = self._child
        return None if child is None else child.program.pid

    @property
    def resident_bytes(self) -> int:
        """The memory that it holds; 0 while there is no process or where the system does not say."""
        pid = self.pid
        if pid is None:
            return 0
        try:
            pages = Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]  # proc(5)
        except (OSError, IndexError):
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def is_ready(self, setup: Setup, detector: DetectorSpec, digest: str) -> bool:
        """Whether it can take a body under this setup now; if not, it is prepared in the background."""
        if self._has(setup, detector):
            return True
        if not self._preparing and not self._closed.is_set() and self._clock() >= self._not_before:
            self._settled.clear()
            prepare = partial(self._prepare, setup, Prepare(detector, digest))
            try:
                threading.Thread(target=prepare, name="prepare", daemon=True).start()
            except RuntimeError:  # the system gives no more threads now
                self._not_before = self._clock() + AGAIN_SECONDS
                self._settled.set()
        return False

    def becomes_ready(self, setup: Setup, detector: DetectorSpec, digest: str, seconds: float) -> bool:
        """`is_ready` once its preparation has ended, for which this waits `seconds` at most."""
        if self.is_ready(setup, detector, digest):
            return True
        self._settled.wait(max(0.0, seconds))
        return self._has(setup, detector)

    @property
    def busy(self) -> bool:
        """Whether the next body would wait for another, or for a preparation."""
        return self._lock.locked()

    @property
    def _preparing(self) -> bool:
        return not self._settled.is_set()

    def _has(self, setup: Setup, detector: DetectorSpec) -> bool:
        child = self._child
        return child is not None and child.setup == setup and detector in child.detectors

    def _prepare(self, setup: Setup, message: Prepare) -> None:
        with self._lock:
            try:
                child = self._child or self._start()
                child.connection.settimeout(PREPARE_SECONDS)
                if child.setup != setup:
                    send(child.connection, setup)
                    child.setup = setup
                    child.detectors.clear()
                send(child.connection, message)
                if receive(child.connection) != READY:
                    raise DetectionIncompleteError  # noqa: TRY301  # as where it dies: none is ready
                child.detectors.add(message.detector)
            except Exception:  # noqa: BLE001  # threads go on inspecting; the next large body tries again
                self._not_before = self._clock() + AGAIN_SECONDS
                self._end()
            finally:
                self._settled.set()

    def call(self, setup: Setup, request: Request, since: float) -> Redaction | None:
        """Have the body inspected; None where no process is ready for it.

        `since` is when, by the clock, the body began to wait. Raises what the inspection raises,
        DeadlineExceededError where it is not done in time, and where the process ends
        ResourcesExhaustedError if that was for want of memory, else DetectionIncompleteError.
        """
        until = self._clock() + request.seconds
        if not self._lock.acquire(timeout=max(0.0, request.seconds)):
            raise DeadlineExceededError
        try:
            return self._answer(setup, request, until, since)
        finally:
            self._lock.release()

    def _answer(self, setup: Setup, request: Request, until: float, since: float) -> Redaction | None:
        child = self._child
        if child is None or child.setup != setup or request.policy.detector not in child.detectors:
            return None
        self._watch.waited(max(0.0, self._clock() - since))
        try:
            child.connection.settimeout(self._left(until))
            send(child.connection, request.at(self._left(until)))
            child.connection.settimeout(self._left(until) + GRACE_SECONDS)
            answer = receive(child.connection)
        except TimeoutError:
            self._give_up(DeadlineExceededError())
        except Exception as error:  # noqa: BLE001  # it died, or what came is no answer, however that shows
            self._give_up(self._reason(child, error))
        if isinstance(answer, ShieldError):
            raise answer
        if not isinstance(answer, Answer):
            self._give_up(DetectionIncompleteError())
        if answer.times is not None:
            self._watch.timed(answer.times)
        if answer.hangs:
            self._end()
        return answer.whole(request, partial(self._sleep, REST_SECONDS))

    def _left(self, until: float) -> float:
        left = until - self._clock()
        if left <= 0:
            raise TimeoutError
        return left

    def _start(self) -> _Child:
        if self._closed.is_set():
            raise EOFError
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                # Its stderr may carry text of a payload and is discarded.
                program = subprocess.Popen(  # noqa: S603  # this very program
                    self._command(theirs.fileno()),
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            except BaseException:
                ours.close()
                raise
        self._child = child = _Child(program, ours)
        self._watch.started()
        if self._closed.is_set():
            child.program.kill()  # `close` may have looked before there was one
        return child

    def _reason(self, child: _Child, error: Exception) -> ShieldError:
        if isinstance(error, (EOFError, OSError)) and not self._closed.is_set():
            # Its end of the pair closes a little before it has ended.
            with suppress(subprocess.TimeoutExpired):
                if child.program.wait(GRACE_SECONDS) in {-signal.SIGKILL, LACKS_RESOURCES}:
                    return ResourcesExhaustedError()
        return failed(error, DetectionIncompleteError())

    def _give_up(self, error: ShieldError) -> NoReturn:
        self._end()
        raise error from None

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def close(self) -> None:
        """End it at once; a call that waits for it raises DetectionIncompleteError."""
        self._closed.set()
        child = self._child
        if child is not None:
            child.program.kill()  # the waiting call sees the end
        with self._lock:
            self._end()


@dataclass(frozen=True, slots=True)
class Apart:
    """Inspects the large bodies of one configuration. `detectors` are the digests of its detectors."""

    process: InspectionProcess
    setup: Setup
    detectors: Mapping[DetectorSpec, str]
    clock: Callable[[], float]

    @property
    def busy(self) -> bool:
        """Whether a body would wait there for another, or for a preparation."""
        return self.process.busy

    def is_ready(self, detector: DetectorSpec) -> bool:
        """Whether a body can be inspected there; if not, the process is prepared in the background."""
        return self.process.is_ready(self.setup, detector, self.detectors[detector])

    def becomes_ready(self, detector: DetectorSpec, seconds: float) -> bool:
        """`is_ready` once its preparation has ended, for which this waits `seconds` at most."""
        return self.process.becomes_ready(self.setup, detector, self.detectors[detector], seconds)

    def heart(self, local: Heart, end: float, *, rest: float | None = None, findings: bool = True) -> Heart:
        """A heart for one body with its deadline at `end`: the body goes to the process, all else to `local`.

        From `rest` on, where it is set, the body makes do with the patterns. Without `findings`, its
        redaction has only their summary.
        """
        return _ApartHeart(local, self, end, rest, self.clock(), findings)


@dataclass(frozen=True, slots=True)
class _ApartHeart(Heart):
    local: Heart
    apart: Apart
    end: float
    rest: float | None
    since: float
    findings: bool

    def nothing_in(self, root: str, pieces: Sequence[Piece], policy: Policy) -> bool:
        """As `Redactor.nothing_in`."""
        return self.local.nothing_in(root, pieces, policy)

    def redact(
        self,
        body: bytes,
        media_type: MediaType,
        policy: Policy,
        *,
        limits: Limits,
        rules: FieldRules,
        manner: Manner = USUAL,
    ) -> Redaction:
        """As `Redactor.redact`; all of its time counts as the stage `analyze`."""
        manner.check()
        now = self.apart.clock()
        rest = None if self.rest is None else self.rest - now
        if manner.attempt is not None and manner.attempt.reduced:
            rest = 0.0
        redaction = self.apart.process.call(
            self.apart.setup,
            Request(
                body,
                media_type,
                policy,
                limits,
                rules.rules,
                rules.names,
                manner.dry,
                self.findings,
                self.apart.detectors[policy.detector],
                self.end - now,
                rest,
            ),
            self.since,
        )
        if redaction is None:
            return self.local.redact(body, media_type, policy, limits=limits, rules=rules, manner=manner)
        manner.mark("analyze")
        return redaction

    def redact_document(
        self,
        document: Document,
        policy: Policy,
        *,
        names: ShownNames = NO_NAMES,
        manner: Manner = USUAL,
    ) -> Redaction:
        """As `Redactor.redact_document`, here: paths and queries are short."""
        return self.local.redact_document(document, policy, names=names, manner=manner)

    def review(
        self,
        remainder: Remainder,
        policy: Policy,
        *,
        names: ShownNames,
        check: Check,
    ) -> tuple[Placed, ...]:
        """As `Redactor.review`, here."""
        return self.local.review(remainder, policy, names=names, check=check)

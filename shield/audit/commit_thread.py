"""The thread that writes a log in groups, each with one `fdatasync`, and has its heads signed.

While fewer than `BURST` commits came in the last `commit_interval`, a commit is written at the end of the
event loop's turn (or `commit_interval` after it came, where a turn takes longer); beyond that there is one
`fdatasync` an interval, for all that gathered. The event loop's part of a record is its encoding and one list
append; the thread wakes the loop once a group.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import math
import threading
import time
from collections.abc import Callable, Sequence

from shield.audit import run_records
from shield.audit.beginning import Beginning, cause_of
from shield.audit.checkpoint import SignedCheckpoint, SignerError, TextSigner
from shield.audit.record import Draft
from shield.audit.rotation import Rotation
from shield.audit.signing import SigningThread
from shield.audit.writer import Prepared
from shield.errors import AuditUnavailableError

BURST = 8
CHECKPOINT_RECORDS = 16_384

OnCommit = Callable[[float, int], None]
"""Called on the event loop after each group with the seconds that writing and syncing took, and the
number of durable records."""

OnCheckpoint = Callable[[int], None]
"""Called on the event loop after each signed checkpoint with the number of records that it covers."""

OnUnsigned = Callable[[str], None]
"""Called on the event loop where a signer that is elsewhere gave no signature, with the reason. It is asked
again an interval later; meanwhile records are durable, and not signed."""


class CommitThread:
    """Belongs to one log and one event loop. Public methods are for the loop's thread.

    Memory: records not yet written (bounded by the requests in flight), open intents, and the writer's
    partial tiles; nothing grows with the number of records.
    """

    def __init__(
        self,
        began: Beginning,
        *,
        commit_interval: float,
        checkpoint_interval: float,
        on_commit: OnCommit | None,
        on_checkpoint: OnCheckpoint | None,
        on_unsigned: OnUnsigned | None,
    ) -> None:
        self._interval = commit_interval
        self._checkpoint_interval = checkpoint_interval
        self.writer = began.opened.writer
        self._sequencer = began.opened.sequencer
        self._on_commit = on_commit
        self._on_checkpoint = on_checkpoint
        self._on_unsigned = on_unsigned
        self._loop = asyncio.get_running_loop()
        # The condition guards what follows; both threads write it.
        self._lock = threading.Lock()
        self._condition = threading.Condition(self._lock)
        self._pending: list[bytes] = []
        self._waiters: list[tuple[asyncio.Future[int], int]] = []
        self._checkpoint_waiters: list[asyncio.Future[None]] = []
        self._rotation: tuple[bytes, TextSigner] | None = None
        self._sleeps_until = -math.inf  # set by the thread, monotonic seconds; in the past while it works
        self._turn_open = False  # whether the loop's turn may bring more records
        self.closing = False
        self.failure: str | None = None
        self.size = began.opened.writer.durable
        # Used by the thread alone.
        self._window_start = -math.inf
        self._window_commits = 0
        self._lazy_since: float | None = None
        self._checkpoint_due = time.monotonic() + self._checkpoint_interval
        self._unsigned_news = 0
        self.writing_since: float | None = None  # monotonic seconds, while a group is being written to disk
        self._oldest_needed = 0
        self.head = began.head
        self._signing = SigningThread(self._wake)
        self._prepared: Prepared | None = None
        self._promised: Sequence[asyncio.Future[None]] = ()
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self._thread = threading.Thread(target=self._run, name="audit-writer", daemon=True)

    def start(self) -> None:
        """Reports the head that the log begins with, and records it."""
        self._tell_checkpoint(self.head)
        self._remember(self.head)
        self._thread.start()

    @property
    def backlog(self) -> int:
        """Records that the thread has not taken yet."""
        return len(self._pending)

    @property
    def oldest_needed(self) -> int:
        """The lowest index that recovery would need."""
        with self._condition:
            return self._sequencer.oldest_needed

    def wait_for_backlog(self) -> asyncio.Future[int] | None:
        """A future done when the records of `backlog` are durable; None where there are none."""
        with self._condition:
            self.check_open()
            if not self._pending:
                return None
            future: asyncio.Future[int] = self._loop.create_future()
            self._waiters.append((future, -1))
            self._wake_if_due()
            return future

    def wait_for_checkpoint(self) -> asyncio.Future[None]:
        """A future done when a checkpoint over all that was appended so far is signed."""
        future: asyncio.Future[None] = self._loop.create_future()
        with self._condition:
            self.check_open()
            self._checkpoint_waiters.append(future)
            self._condition.notify()
        return future

    def rotate(self, draft: Draft, signer: TextSigner) -> None:
        """Lets `signer` sign from the record `draft` on, once that is durable."""
        with self._condition:
            self.check_open()
            if self._rotation is not None:
                raise AuditUnavailableError("another key rotation is under way")
            raw = self._sequencer.encode(draft)[1]
            self._pending.append(raw)
            self._rotation = (raw, signer)

    async def end(self, last: Draft) -> tuple[bool, str | None]:
        """Writes the record `last`, signs the final checkpoint and ends; a failed log only ends.

        Returns whether this call ended it, and why it had failed before, if it had.
        """
        with self._condition:
            first, failed = not self.closing, self.failure
            if first and failed is None:
                self._pending.append(self._sequencer.encode(last)[1])
            self.closing = True
            self._condition.notify()
        await asyncio.shield(self._ended)
        if first:
            await asyncio.to_thread(self._thread.join)
        return first, failed

    def check_open(self) -> None:
        """Raises `AuditUnavailableError` where nothing can be written any more."""
        if self.failure is not None:
            raise AuditUnavailableError(self.failure)
        if self.closing:
            raise AuditUnavailableError("the audit log is closed")

    def enqueue(self, draft: Draft, future: asyncio.Future[int] | None) -> tuple[int, bytes]:
        """Gives the record its place in the next group: its index and its bytes.

        `future`, if there is one, gets the index once the record is durable.
        """
        with self._lock:  # the condition's own, without its calls
            if self.failure is not None or self.closing:
                self.check_open()
            index, raw = self._sequencer.encode(draft)
            self._pending.append(raw)
            if future is not None:
                self._waiters.append((future, index))
            if not self._turn_open:
                self._turn_open = True
                self._loop.call_soon(self._turn_ended)
            return index, raw

    def _turn_ended(self) -> None:
        """Wakes the thread for what the loop's last turn brought.

        Not for each record: that would take the interpreter from the rest of the turn again and again, and
        what waits for the record cannot go on before the turn's end.
        """
        with self._lock:
            self._turn_open = False
            self._wake_if_due()

    def _wake_if_due(self) -> None:
        """Wakes the thread if it would sleep too long, but not for what will be due when it wakes anyway."""
        if self._due(time.monotonic()) < self._sleeps_until:
            self._sleeps_until = -math.inf
            self._condition.notify()

    # On the thread.

    def _run(self) -> None:
        waiters: Sequence[tuple[asyncio.Future[int], int]] = ()
        signing: Sequence[asyncio.Future[None]] = ()
        try:
            while True:
                group, waiters, signing, rotation, closing = self._next_group()
                if group:
                    self._commit_group(group, waiters)
                    waiters = ()
                    self.writer.integrate()
                if rotation is not None:  # its record is durable, and no head was signed since
                    self.writer.rotate(Rotation.parse(rotation[0]), rotation[1])
                if self._signing.ready:
                    self._publish()
                if closing:
                    self._sign()
                elif (signing or self._checkpoint_is_due()) and not self._signing.busy:
                    if self.writer.signer.remote:
                        self._ask(signing)
                        signing = ()
                    else:
                        self._remember(self._sign())
                self._tell(_finish_all, signing)
                signing = ()
                if closing:
                    self._tell(_finish_all, self._promised)
                    break
        except Exception as error:  # noqa: BLE001 -- whatever it is, nothing may be acknowledged after it
            self._fail(cause_of(error), waiters, (*signing, *self._promised))
        with contextlib.suppress(OSError):
            self.writer.close()
        self._tell(_finish_all, (self._ended,))

    def _commit_group(
        self, group: Sequence[bytes], waiters: Sequence[tuple[asyncio.Future[int], int]]
    ) -> None:
        began = self.writing_since = time.monotonic()
        try:
            self.writer.write(group)
        finally:
            self.writing_since = None
        size = self.size = self.writer.durable
        self._tell(self._acknowledge, waiters, time.monotonic() - began, size)
        if began - self._window_start >= self._interval:
            self._window_start = began
            self._window_commits = 0
        self._window_commits += len(waiters)
        self._unsigned_news += len(group)

    def _next_group(
        self,
    ) -> tuple[
        list[bytes],
        list[tuple[asyncio.Future[int], int]],
        list[asyncio.Future[None]],
        tuple[bytes, TextSigner] | None,
        bool,
    ]:
        """Sleeps until a group, a checkpoint or the end is due, and takes what there is."""
        with self._condition:
            while True:
                now = time.monotonic()
                due = self._due(now)
                if due <= now:
                    break
                self._sleeps_until = due
                self._condition.wait(None if due == math.inf else due - now)
                self._sleeps_until = -math.inf
            self._lazy_since = None
            # Counts only the records taken here: an outcome appended later may be lost, and its intent
            # needed.
            self._oldest_needed = self._sequencer.oldest_needed
            signing: list[asyncio.Future[None]] = []
            if not self._signing.busy or self._signing.ready:
                signing, self._checkpoint_waiters = self._checkpoint_waiters, []
            taken = (self._pending, self._waiters, signing, self._rotation, self.closing)
            self._pending, self._waiters, self._rotation = [], [], None
            return taken

    def _due(self, now: float) -> float:
        """When the thread's next step is due, in monotonic seconds."""
        if self.closing or self._signing.ready or (self._checkpoint_waiters and not self._signing.busy):
            return now
        due, window_ends = math.inf, self._window_start + self._interval
        if self._waiters and not self._turn_open:
            calm = self._window_commits + len(self._waiters) <= BURST
            due = now if calm else window_ends
        elif self._pending:
            if self._lazy_since is None:
                self._lazy_since = now
            due = self._lazy_since + self._interval
        elif self._window_commits >= BURST and now < window_ends:
            due = window_ends  # what comes meanwhile is due then: no need to wake the thread
        if self._unsigned_news > 0 and not self._signing.busy:
            due = min(due, now if self._checkpoint_is_due() else self._checkpoint_due)
        return due

    def _checkpoint_is_due(self) -> bool:
        if self._unsigned_news <= 0:
            return False
        return self._unsigned_news >= CHECKPOINT_RECORDS or time.monotonic() >= self._checkpoint_due

    def _wake(self) -> None:
        with self._condition:
            self._condition.notify()

    def _sign(self) -> SignedCheckpoint:
        signed = self.writer.checkpoint(self._oldest_needed)
        self._checkpoint_due = time.monotonic() + self._checkpoint_interval
        self._unsigned_news = 0
        self._tell_checkpoint(signed)
        return signed

    def _ask(self, waiters: Sequence[asyncio.Future[None]]) -> None:
        """Has an external signer sign the head; `_publish` takes the answer."""
        self._prepared = self.writer.prepare(self._oldest_needed)
        self._promised = waiters
        self._unsigned_news = 0
        self._signing.begin(self.writer.signer, self._prepared.size, self._prepared.root)

    def _publish(self) -> None:
        prepared, self._prepared = self._prepared, None
        answer = self._signing.take()
        self._checkpoint_due = time.monotonic() + self._checkpoint_interval
        promised, self._promised = self._promised, ()
        if prepared is None or isinstance(answer, SignerError):
            self._unsigned_news += 1  # ask again when it is due, even if nothing more is written
            if self._on_unsigned is not None:
                self._tell(self._on_unsigned, str(answer))
            self._tell(_fail_all, promised, str(answer))
            return
        self.writer.publish(prepared, answer)
        self._tell_checkpoint(answer)
        self._remember(answer)
        self._tell(_finish_all, promised)

    def _tell_checkpoint(self, signed: SignedCheckpoint) -> None:
        self.head = signed
        if self._on_checkpoint is not None:
            self._tell(self._on_checkpoint, signed.checkpoint.size)

    def _remember(self, signed: SignedCheckpoint) -> None:
        """Appends the record of a signed checkpoint; by itself it makes no further checkpoint due."""
        head = signed.checkpoint
        draft = run_records.checkpoint(
            size=head.size,
            root=base64.b64encode(head.root).decode(),
            signature=base64.b64encode(signed.signatures[0][1]).decode(),
        )
        with self._condition:
            if not self.closing:
                self._pending.append(self._sequencer.encode(draft)[1])
                self._unsigned_news -= 1

    def _fail(
        self,
        cause: str,
        waiters: Sequence[tuple[asyncio.Future[int], int]],
        signing: Sequence[asyncio.Future[None]],
    ) -> None:
        with self._condition:
            self.failure = f"the audit log cannot be written: {cause}"
            waiting: list[asyncio.Future[int] | asyncio.Future[None]] = [
                future for future, _ in (*waiters, *self._waiters)
            ]
            waiting += [*signing, *self._checkpoint_waiters]
            self._pending, self._waiters, self._checkpoint_waiters = [], [], []
        self._tell(_fail_all, waiting, self.failure)

    def _tell(self, call: Callable[..., None], *arguments: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(call, *arguments)

    # On the event loop again.

    def _acknowledge(
        self, waiters: Sequence[tuple[asyncio.Future[int], int]], seconds: float, size: int
    ) -> None:
        for future, index in waiters:
            if not future.done():
                future.set_result(index)
        if self._on_commit is not None:
            self._on_commit(seconds, size)


def _finish_all(futures: Sequence[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


def _fail_all(futures: Sequence[asyncio.Future[int] | asyncio.Future[None]], reason: str) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(AuditUnavailableError(reason))

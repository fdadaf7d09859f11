"""The audit log as the proxy uses it: `await commit(draft)` returns when the record cannot be lost.

One writer thread a log does all writing, in groups. A commit goes out at the end of the event loop's turn
(or `commit_interval` after it came, where a turn takes longer) while fewer than `BURST` came in the last
`commit_interval`; beyond that there is one `fdatasync` an interval, which
takes all that gathered. The event loop's part of a record is its encoding and one list append; the
thread wakes the loop once a group.

Law: where any write or sync fails, the log has failed for good. Every waiter and every later call gets
`AuditUnavailableError`; nothing is tried again, since after a failed `fdatasync` a second one may
report success for pages that were lost. Open the log anew: recovery reads what is really there.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import math
import os
import threading
import time
from collections.abc import Callable, Sequence

from shield.audit import run_records
from shield.audit.beginning import Beginning, begin, cause_of
from shield.audit.checkpoint import SignedCheckpoint, SignerError, TextSigner, VerifierKey
from shield.audit.files import Files, OsFiles
from shield.audit.keys import DigestKey, folder_name, settle_rotation
from shield.audit.record import Draft
from shield.audit.rotation import Rotation, rotation_draft
from shield.audit.signing import SigningThread
from shield.audit.writer import Prepared
from shield.config.settings_audit import AuditSettings
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


class AuditLog:
    """One origin's log, open for writing. Made by `open`; methods are for its event loop's thread.

    Memory: records not yet written (bounded by the requests in flight), open intents, and the writer's
    partial tiles; nothing grows with the number of records.
    """

    def __init__(
        self,
        settings: AuditSettings,
        began: Beginning,
        *,
        files: Files,
        on_commit: OnCommit | None,
        on_checkpoint: OnCheckpoint | None,
        on_unsigned: OnUnsigned | None,
    ) -> None:
        self.settings = settings
        self.files = files
        self.origin = settings.origin
        self.folder = settings.directory / folder_name(settings.origin)
        self._interval = settings.commit_interval
        self._checkpoint_interval = settings.checkpoint_interval
        self._writer = began.opened.writer
        self._sequencer = began.opened.sequencer
        self._digest_key = began.digest_key
        self.digest_period = began.digest_period
        self._release = began.release
        self._on_commit = on_commit
        self._on_checkpoint = on_checkpoint
        self._on_unsigned = on_unsigned
        self._loop = asyncio.get_running_loop()
        # What follows is guarded by the condition, and written by both threads.
        self._condition = threading.Condition(threading.Lock())
        self._pending: list[bytes] = []
        self._waiters: list[tuple[asyncio.Future[int], int]] = []
        self._checkpoint_waiters: list[asyncio.Future[None]] = []
        self._rotation: tuple[bytes, TextSigner] | None = None
        self._sleeps_until = -math.inf  # the thread, monotonic seconds; in the past while it is at work
        self._turn_open = False  # whether the loop's turn may bring more records
        self._closing = False
        self._failure: str | None = None
        self._size = began.opened.writer.durable
        # The writer thread's own.
        self._window_start = -math.inf
        self._window_commits = 0
        self._lazy_since: float | None = None
        self._checkpoint_due = time.monotonic() + self._checkpoint_interval
        self._unsigned_news = 0
        self._oldest_needed = 0
        self._head = began.head
        self._signing = SigningThread(self._wake)
        self._prepared: Prepared | None = None
        self._promised: Sequence[asyncio.Future[None]] = ()
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self._thread = threading.Thread(target=self._run, name="audit-writer", daemon=True)

    @classmethod
    async def open(
        cls,
        settings: AuditSettings,
        *,
        clock: Callable[[], int] = time.time_ns,
        random: Callable[[int], bytes] = os.urandom,
        on_commit: OnCommit | None = None,
        on_checkpoint: OnCheckpoint | None = None,
        on_unsigned: OnUnsigned | None = None,
        build: str,
        files: Files | None = None,
    ) -> AuditLog:
        """Opens the log of `settings.origin`: locks it, makes its keys, recovers, writes `boot`, signs.

        `clock` is nanoseconds since 1970. Raises `ConfigError` (bad origin or key),
        `AuditCorruptError`, or `AuditUnavailableError` (locked by another process, or the disk).
        """
        seam = files or OsFiles()
        try:
            began = await asyncio.to_thread(begin, settings, seam, clock=clock, random=random, build=build)
        except OSError as error:
            raise AuditUnavailableError(f"the log cannot be opened: {cause_of(error)}") from error
        log = cls(
            settings,
            began,
            files=seam,
            on_commit=on_commit,
            on_checkpoint=on_checkpoint,
            on_unsigned=on_unsigned,
        )
        log._tell_checkpoint(began.head)
        log._remember(began.head)
        log._thread.start()
        return log

    @property
    def key(self) -> VerifierKey:
        """The key that signs now."""
        return self._writer.history.current

    @property
    def head(self) -> SignedCheckpoint:
        """The newest signed checkpoint."""
        return self._head

    @property
    def digest_key_id(self) -> str:
        """The id of the key that digests are made with now."""
        return self._digest_key.key_id

    @property
    def oldest_needed(self) -> int:
        """The lowest index that the log itself still needs: that of the oldest intent without an outcome."""
        with self._condition:
            return self._sequencer.oldest_needed

    @property
    def healthy(self) -> bool:
        """Whether a commit can succeed."""
        return self._failure is None and not self._closing

    @property
    def failure(self) -> str | None:
        """Why the log failed, safe to publish; None while it works."""
        return self._failure

    @property
    def size(self) -> int:
        """The number of durable records."""
        return self._size

    @property
    def signed_size(self) -> int:
        """The number of records that the newest checkpoint covers."""
        return self._writer.signed_size

    def digest_body(self, body: bytes) -> str:
        """The keyed digest of a body: `hmac-sha256:KEYID:HEX`."""
        return self._digest_key.digest(body)

    async def commit(self, draft: Draft) -> int:
        """Writes a record and returns its index once it is on stable storage.

        Raises `AuditUnavailableError` where it is not known to be; the record may then still be found
        on disk. Being cancelled does not take the record back.
        """
        future: asyncio.Future[int] = self._loop.create_future()
        self._enqueue(draft, future)
        return await future

    async def commit_entry(self, draft: Draft) -> bytes:
        """As `commit`; returns the stored bytes of the record."""
        future: asyncio.Future[int] = self._loop.create_future()
        raw = self._enqueue(draft, future)[1]
        await future
        return raw

    def append(self, draft: Draft) -> int:
        """Returns the index of a record that becomes durable with the next group.

        Raises `AuditUnavailableError` where the log has failed or is closed.
        """
        return self._enqueue(draft, None)[0]

    @property
    def backlog(self) -> int:
        """Records that were appended and that the writer has not taken yet."""
        return len(self._pending)

    async def written(self) -> None:
        """Returns when the records of `backlog` are durable; at once where there are none."""
        future: asyncio.Future[int] = self._loop.create_future()
        with self._condition:
            self._check_open()
            if not self._pending:
                return
            self._waiters.append((future, -1))
            self._wake_if_due()
        await future

    async def checkpoint(self) -> None:
        """Makes all that was appended so far durable and signs a checkpoint over it."""
        future: asyncio.Future[None] = self._loop.create_future()
        with self._condition:
            self._check_open()
            self._checkpoint_waiters.append(future)
            self._condition.notify()
        await future

    def use_digest_key(self, key: DigestKey, period: str) -> None:
        """Makes the digests of bodies with the key of another period from here on."""
        self._digest_key = key
        self.digest_period = period

    async def rotate(self, signer: TextSigner) -> None:
        """Lets another key sign: a record that both sign, and a checkpoint by the new one over it.

        Raises `AuditUnavailableError` where a signer gives no signature or the log cannot be written.
        """
        head = self._head.checkpoint
        try:
            draft = await asyncio.to_thread(rotation_draft, self._writer.signer, signer, head.size, head.root)
        except SignerError as error:
            raise AuditUnavailableError(str(error)) from None
        with self._condition:
            self._check_open()
            if self._rotation is not None:
                raise AuditUnavailableError("another key rotation is under way")
            raw = self._sequencer.encode(draft)[1]
            self._pending.append(raw)
            self._rotation = (raw, signer)
        await self.checkpoint()
        await asyncio.to_thread(settle_rotation, self.settings, self.files, self.key)

    async def close(self, reason: str = "stop") -> None:
        """Writes the `shutdown` record, signs the final checkpoint, and lets go of the folder.

        Raises `AuditUnavailableError` where that fails; on a log that failed before it only lets go.
        A second call does nothing.
        """
        with self._condition:
            first, failed = not self._closing, self._failure
            if first and failed is None:
                self._pending.append(self._sequencer.encode(run_records.shutdown(reason=reason))[1])
            self._closing = True
            self._condition.notify()
        await asyncio.shield(self._ended)
        if first:
            await asyncio.to_thread(self._thread.join)
            self._release()
            if failed is None and self._failure is not None:
                raise AuditUnavailableError(self._failure)

    def _check_open(self) -> None:
        if self._failure is not None:
            raise AuditUnavailableError(self._failure)
        if self._closing:
            raise AuditUnavailableError("the audit log is closed")

    def _enqueue(self, draft: Draft, future: asyncio.Future[int] | None) -> tuple[int, bytes]:
        with self._condition:
            if self._failure is not None or self._closing:
                self._check_open()
            index, raw = self._sequencer.encode(draft)
            self._pending.append(raw)
            if future is not None:
                self._waiters.append((future, index))
            if not self._turn_open:
                self._turn_open = True
                self._loop.call_soon(self._turn_ended)
            return index, raw

    def _turn_ended(self) -> None:
        """Wake the thread for what the loop's last turn brought.

        Not for each record: it would take the interpreter from the rest of the turn again and again, and
        whoever waits for it cannot go on before the turn's end.
        """
        with self._condition:
            self._turn_open = False
            self._wake_if_due()

    def _wake_if_due(self) -> None:
        """Wake the thread if it would sleep too long; not for what has its time when it wakes by itself."""
        if self._due(time.monotonic()) < self._sleeps_until:
            self._sleeps_until = -math.inf
            self._condition.notify()

    # The writer thread.

    def _run(self) -> None:
        waiters: Sequence[tuple[asyncio.Future[int], int]] = ()
        signing: Sequence[asyncio.Future[None]] = ()
        try:
            while True:
                group, waiters, signing, rotation, closing = self._next_group()
                if group:
                    self._commit_group(group, waiters)
                    waiters = ()
                    self._writer.integrate()
                if rotation is not None:  # its record is durable, and no head was signed since
                    self._writer.rotate(Rotation.parse(rotation[0]), rotation[1])
                if self._signing.ready:
                    self._publish()
                if closing:
                    self._sign()
                elif (signing or self._checkpoint_is_due()) and not self._signing.busy:
                    if self._writer.signer.remote:
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
            self._writer.close()
        self._tell(_finish_all, (self._ended,))

    def _commit_group(
        self, group: Sequence[bytes], waiters: Sequence[tuple[asyncio.Future[int], int]]
    ) -> None:
        began = time.monotonic()
        self._writer.write(group)
        size = self._size = self._writer.durable
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
            # Of the records taken here: an outcome appended later may be lost, and its intent needed.
            self._oldest_needed = self._sequencer.oldest_needed
            signing: list[asyncio.Future[None]] = []
            if not self._signing.busy or self._signing.ready:
                signing, self._checkpoint_waiters = self._checkpoint_waiters, []
            taken = (self._pending, self._waiters, signing, self._rotation, self._closing)
            self._pending, self._waiters, self._rotation = [], [], None
            return taken

    def _due(self, now: float) -> float:
        """When the thread's next step is due, in monotonic seconds."""
        if self._closing or self._signing.ready or (self._checkpoint_waiters and not self._signing.busy):
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
            due = window_ends  # what comes meanwhile is due then: nobody need wake the thread for it
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
        signed = self._writer.checkpoint(self._oldest_needed)
        self._checkpoint_due = time.monotonic() + self._checkpoint_interval
        self._unsigned_news = 0
        self._tell_checkpoint(signed)
        return signed

    def _ask(self, waiters: Sequence[asyncio.Future[None]]) -> None:
        """Has the head signed by a signer that is elsewhere; `_publish` takes the answer."""
        self._prepared = self._writer.prepare(self._oldest_needed)
        self._promised = waiters
        self._unsigned_news = 0
        self._signing.begin(self._writer.signer, self._prepared.size, self._prepared.root)

    def _publish(self) -> None:
        prepared, self._prepared = self._prepared, None
        answer = self._signing.take()
        self._checkpoint_due = time.monotonic() + self._checkpoint_interval
        promised, self._promised = self._promised, ()
        if prepared is None or isinstance(answer, SignerError):
            self._unsigned_news += 1  # ask again when it is due, though nothing more is written
            if self._on_unsigned is not None:
                self._tell(self._on_unsigned, str(answer))
            self._tell(_fail_all, promised, str(answer))
            return
        self._writer.publish(prepared, answer)
        self._tell_checkpoint(answer)
        self._remember(answer)
        self._tell(_finish_all, promised)

    def _tell_checkpoint(self, signed: SignedCheckpoint) -> None:
        self._head = signed
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
            if not self._closing:
                self._pending.append(self._sequencer.encode(draft)[1])
                self._unsigned_news -= 1

    def _fail(
        self,
        cause: str,
        waiters: Sequence[tuple[asyncio.Future[int], int]],
        signing: Sequence[asyncio.Future[None]],
    ) -> None:
        with self._condition:
            self._failure = f"the audit log cannot be written: {cause}"
            waiting: list[asyncio.Future[int] | asyncio.Future[None]] = [
                future for future, _ in (*waiters, *self._waiters)
            ]
            waiting += [*signing, *self._checkpoint_waiters]
            self._pending, self._waiters, self._checkpoint_waiters = [], [], []
        self._tell(_fail_all, waiting, self._failure)

    def _tell(self, call: Callable[..., None], *arguments: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(call, *arguments)

    # Called on the event loop.

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

"""The audit log as the proxy uses it: `await commit(draft)` returns when the record cannot be lost.

One writer thread a log does all writing, in groups. A commit goes out at once while fewer than
`BURST` came in the last `commit_interval`; beyond that there is one `fdatasync` an interval, which
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
import errno
import math
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from shield.audit import record
from shield.audit.checkpoint import SignedCheckpoint, VerifierKey
from shield.audit.files import Files, OsFiles, make_folders
from shield.audit.keys import DigestKey, folder_name, load_digest_key, load_signer
from shield.audit.record import Draft
from shield.audit.recovery import Opened, open_log
from shield.audit.tiles import CHECKPOINT_PATH
from shield.config.settings import AuditSettings
from shield.errors import AuditUnavailableError

BURST = 8
CHECKPOINT_RECORDS = 16_384
_NOBODY, _COMMITTERS, _ANYBODY = range(3)

OnCommit = Callable[[float, int], None]
"""Called on the event loop after each group with the seconds that writing and syncing took, and the
number of durable records."""

OnCheckpoint = Callable[[int], None]
"""Called on the event loop after each signed checkpoint with the number of records that it covers."""


def _cause(error: Exception) -> str:
    """What failed, without a path."""
    if isinstance(error, OSError) and error.errno is not None:
        return errno.errorcode.get(error.errno, str(error.errno))
    return type(error).__name__


class AuditLog:
    """One origin's log, open for writing. Made by `open`; methods are for its event loop's thread.

    Memory: records not yet written (bounded by the requests in flight), open intents, and the writer's
    partial tiles; nothing grows with the number of records.
    """

    def __init__(
        self,
        settings: AuditSettings,
        opened: Opened,
        *,
        digest_key: DigestKey,
        key: VerifierKey,
        release: Callable[[], None],
        on_commit: OnCommit | None,
        on_checkpoint: OnCheckpoint | None,
    ) -> None:
        self.origin = settings.origin
        self.key = key
        self._interval = settings.commit_interval
        self._checkpoint_interval = settings.checkpoint_interval
        self._writer = opened.writer
        self._sequencer = opened.sequencer
        self._digest_key = digest_key
        self._key_id = digest_key.key_id
        self._release = release
        self._on_commit = on_commit
        self._on_checkpoint = on_checkpoint
        self._loop = asyncio.get_running_loop()
        # What follows is guarded by the condition, and written by both threads.
        self._condition = threading.Condition(threading.Lock())
        self._pending: list[bytes] = []
        self._waiters: list[tuple[asyncio.Future[int], int]] = []
        self._checkpoint_waiters: list[asyncio.Future[None]] = []
        self._wakes = _NOBODY
        self._closing = False
        self._failure: str | None = None
        self._size = opened.writer.durable
        # The writer thread's own.
        self._window_start = -math.inf
        self._window_commits = 0
        self._lazy_since: float | None = None
        self._checkpoint_due = time.monotonic() + self._checkpoint_interval
        self._unsigned_news = 0
        self._oldest_needed = 0
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
        build: str,
        files: Files | None = None,
    ) -> AuditLog:
        """Opens the log of `settings.origin`: locks it, makes its keys, recovers, writes `boot`, signs.

        `clock` is nanoseconds since 1970. Raises `ConfigError` (bad origin or key),
        `AuditCorruptError`, or `AuditUnavailableError` (locked by another process, or the disk).
        """
        seam = files or OsFiles()

        def work() -> tuple[Opened, DigestKey, VerifierKey, Callable[[], None], SignedCheckpoint]:
            folder = settings.directory / folder_name(settings.origin)
            try:
                release = _lock(seam, folder)
            except BlockingIOError as error:
                raise AuditUnavailableError(f"another process writes the log of {settings.origin}") from error
            try:
                created = not (folder / CHECKPOINT_PATH).exists()
                signer = load_signer(settings, seam, random, create=created)
                digest_key = load_digest_key(settings, seam, random)
                opened = open_log(
                    seam,
                    folder,
                    signer,
                    clock=clock,
                    random=random,
                    build=build,
                    digest_key=digest_key.key_id,
                )
                signed = opened.writer.checkpoint(opened.sequencer.oldest_needed)
            except BaseException:
                release()
                raise
            return opened, digest_key, signer.key, release, signed

        try:
            opened, digest_key, key, release, signed = await asyncio.to_thread(work)
        except OSError as error:
            raise AuditUnavailableError(f"the log cannot be opened: {_cause(error)}") from error
        log = cls(
            settings,
            opened,
            digest_key=digest_key,
            key=key,
            release=release,
            on_commit=on_commit,
            on_checkpoint=on_checkpoint,
        )
        log._tell_checkpoint(signed)
        log._remember(signed)
        log._thread.start()
        return log

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

    def append(self, draft: Draft) -> int:
        """Returns the index of a record that becomes durable with the next group.

        Raises `AuditUnavailableError` where the log has failed or is closed.
        """
        return self._enqueue(draft, None)

    async def checkpoint(self) -> None:
        """Makes all that was appended so far durable and signs a checkpoint over it."""
        future: asyncio.Future[None] = self._loop.create_future()
        with self._condition:
            self._check_open()
            self._checkpoint_waiters.append(future)
            self._condition.notify()
        await future

    async def close(self, reason: str = "stop") -> None:
        """Writes the `shutdown` record, signs the final checkpoint, and lets go of the folder.

        Raises `AuditUnavailableError` where that fails; on a log that failed before it only lets go.
        A second call does nothing.
        """
        with self._condition:
            first, failed = not self._closing, self._failure
            if first and failed is None:
                self._pending.append(self._sequencer.encode(record.shutdown(reason=reason))[1])
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

    def _enqueue(self, draft: Draft, future: asyncio.Future[int] | None) -> int:
        with self._condition:
            if self._failure is not None or self._closing:
                self._check_open()
            index, raw = self._sequencer.encode(draft)
            self._pending.append(raw)
            if future is not None:
                self._waiters.append((future, index))
                if self._wakes != _NOBODY:
                    self._wakes = _NOBODY
                    self._condition.notify()
            elif self._wakes == _ANYBODY:
                self._wakes = _NOBODY
                self._condition.notify()
            return index

    # The writer thread.

    def _run(self) -> None:
        waiters: Sequence[tuple[asyncio.Future[int], int]] = ()
        signing: Sequence[asyncio.Future[None]] = ()
        try:
            while True:
                group, waiters, signing, closing = self._next_group()
                if group:
                    self._commit_group(group, waiters)
                    waiters = ()
                    self._writer.integrate()
                if closing:
                    self._sign(final=True)
                elif signing or self._checkpoint_is_due():
                    self._sign(final=False)
                self._tell(_finish_all, signing)
                signing = ()
                if closing:
                    break
        except Exception as error:  # noqa: BLE001 -- whatever it is, nothing may be acknowledged after it
            self._fail(_cause(error), waiters, signing)
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
    ) -> tuple[list[bytes], list[tuple[asyncio.Future[int], int]], list[asyncio.Future[None]], bool]:
        """Sleeps until a group, a checkpoint or the end is due, and takes what there is."""
        with self._condition:
            while True:
                now = time.monotonic()
                due, wakes = self._due(now)
                if due <= now:
                    break
                self._wakes = wakes
                self._condition.wait(None if due == math.inf else due - now)
                self._wakes = _NOBODY
            self._lazy_since = None
            # Of the records taken here: an outcome appended later may be lost, and its intent needed.
            self._oldest_needed = self._sequencer.oldest_needed
            taken = (self._pending, self._waiters, self._checkpoint_waiters, self._closing)
            self._pending, self._waiters, self._checkpoint_waiters = [], [], []
            return taken

    def _due(self, now: float) -> tuple[float, int]:
        """When the next step is due (monotonic seconds), and whose call should wake the thread earlier."""
        if self._closing or self._checkpoint_waiters:
            return now, _NOBODY
        due, wakes = math.inf, _ANYBODY
        if self._waiters:
            calm = self._window_commits + len(self._waiters) <= BURST
            due, wakes = (now if calm else self._window_start + self._interval), _NOBODY
        elif self._pending:
            if self._lazy_since is None:
                self._lazy_since = now
            due, wakes = self._lazy_since + self._interval, _COMMITTERS
        if self._unsigned_news > 0:
            due = min(due, now if self._checkpoint_is_due() else self._checkpoint_due)
        return due, wakes

    def _checkpoint_is_due(self) -> bool:
        if self._unsigned_news <= 0:
            return False
        return self._unsigned_news >= CHECKPOINT_RECORDS or time.monotonic() >= self._checkpoint_due

    def _sign(self, *, final: bool) -> None:
        signed = self._writer.checkpoint(self._oldest_needed)
        self._unsigned_news = 0
        self._checkpoint_due = time.monotonic() + self._checkpoint_interval
        self._tell_checkpoint(signed)
        if not final:
            self._remember(signed)

    def _tell_checkpoint(self, signed: SignedCheckpoint) -> None:
        if self._on_checkpoint is not None:
            self._tell(self._on_checkpoint, signed.checkpoint.size)

    def _remember(self, signed: SignedCheckpoint) -> None:
        """Appends the record of a signed checkpoint; by itself it makes no further checkpoint due."""
        head = signed.checkpoint
        draft = record.checkpoint(
            size=head.size,
            root=base64.b64encode(head.root).decode(),
            signature=base64.b64encode(signed.signature_of(self.key)).decode(),
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


def _lock(files: Files, folder: Path) -> Callable[[], None]:
    """Makes a log's folder and locks it; returns what unlocks it."""
    make_folders(files, folder)
    fd = files.open(folder, os.O_RDONLY | os.O_DIRECTORY, 0)
    try:
        files.lock(fd)
    except BaseException:
        files.close(fd)
        raise
    return lambda: files.close(fd)

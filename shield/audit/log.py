"""The audit log as the proxy uses it: `await commit(draft)` returns when the record cannot be lost.

One writer thread a log does all writing, in groups: see `commit_thread`.

Law: where any write or sync fails, the log has failed for good. All that wait and every later call get
`AuditUnavailableError`; nothing is tried again, since after a failed `fdatasync` a second one may report
success for pages that were lost. Open the log again: recovery reads what is really there.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable

from shield.audit import run_records
from shield.audit.beginning import Beginning, begin, cause_of, file_of
from shield.audit.checkpoint import SignedCheckpoint, SignerError, TextSigner, VerifierKey
from shield.audit.commit_thread import CommitThread, OnCheckpoint, OnCommit, OnUnsigned
from shield.audit.files import Files, OsFiles
from shield.audit.keys import DigestKey, folder_name, settle_rotation
from shield.audit.record import Draft
from shield.audit.rotation import rotation_draft
from shield.config.settings_audit import AuditSettings
from shield.errors import AuditUnavailableError


class AuditLog:
    """One origin's log, open for writing. Created by `open`; methods are for its event loop's thread."""

    def __init__(
        self, settings: AuditSettings, began: Beginning, files: Files, commits: CommitThread
    ) -> None:
        self.settings = settings
        self.files = files
        self.origin = settings.origin
        self.folder = settings.directory / folder_name(settings.origin)
        self._digest_key = began.digest_key
        self.digest_period = began.digest_period
        self.lost_digest_key = began.opened.lost_digest_key
        """The id of the key that the log used before in this period, where it was lost; else None."""
        self.begun_anew = began.anew
        """Whether a log of this origin was begun before, of which nothing was found."""
        self._release = began.release
        self._commits = commits
        self._loop = asyncio.get_running_loop()

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
        there: bool = False,
    ) -> AuditLog:
        """Opens the log of `settings.origin`: locks it, makes its keys, recovers, writes `boot`, signs.

        `clock` is nanoseconds since 1970. A log that must be `there` is not begun again. Raises `ConfigError`
        (bad origin or key), `AuditCorruptError`, or `AuditUnavailableError` (locked by another process, not
        there, or the disk).
        """
        seam = files or OsFiles()
        try:
            began = await asyncio.to_thread(
                begin, settings, seam, clock=clock, random=random, build=build, there=there
            )
        except OSError as error:
            place = f"the log {settings.origin} in {settings.directory}"
            cause = f"{cause_of(error)}{file_of(error, settings.directory)}"
            raise AuditUnavailableError(f"{place} cannot be opened: {cause}") from error
        commits = CommitThread(
            began,
            commit_interval=settings.commit_interval,
            checkpoint_interval=settings.checkpoint_interval,
            on_commit=on_commit,
            on_checkpoint=on_checkpoint,
            on_unsigned=on_unsigned,
        )
        log = cls(settings, began, seam, commits)
        commits.start()
        return log

    @property
    def key(self) -> VerifierKey:
        """The key that signs now."""
        return self._commits.writer.history.current

    @property
    def head(self) -> SignedCheckpoint:
        """The newest signed checkpoint."""
        return self._commits.head

    @property
    def digest_key_id(self) -> str:
        """The id of the key that digests are now made with."""
        return self._digest_key.key_id

    @property
    def oldest_needed(self) -> int:
        """The lowest index that the log itself still needs: that of the oldest intent without an outcome."""
        return self._commits.oldest_needed

    @property
    def healthy(self) -> bool:
        """Whether a commit can succeed."""
        return self._commits.failure is None and not self._commits.closing

    @property
    def failure(self) -> str | None:
        """Why the log failed, safe to publish; None while it works."""
        return self._commits.failure

    @property
    def writing_seconds(self) -> float:
        """For how many seconds the disk has been writing a group of records; 0 while it writes none."""
        since = self._commits.writing_since
        return 0.0 if since is None else time.monotonic() - since

    @property
    def size(self) -> int:
        """The number of durable records."""
        return self._commits.size

    @property
    def signed_size(self) -> int:
        """The number of records that the newest checkpoint covers."""
        return self._commits.writer.signed_size

    def digest_body(self, body: bytes) -> str:
        """The keyed digest of a body: `hmac-sha256:KEYID:HEX`."""
        return self._digest_key.digest(body)

    async def commit(self, draft: Draft) -> int:
        """Writes a record and returns its index once it is on stable storage.

        Raises `AuditUnavailableError` where that is not known; the record may then still be found on disk.
        Cancellation does not take the record back.
        """
        future: asyncio.Future[int] = self._loop.create_future()
        self._commits.enqueue(draft, future)
        return await future

    async def commit_entry(self, draft: Draft) -> bytes:
        """As `commit`; returns the stored bytes of the record."""
        future: asyncio.Future[int] = self._loop.create_future()
        raw = self._commits.enqueue(draft, future)[1]
        await future
        return raw

    def append(self, draft: Draft) -> int:
        """Returns the index of a record that becomes durable with the next group.

        Raises `AuditUnavailableError` where the log has failed or is closed.
        """
        return self._commits.enqueue(draft, None)[0]

    @property
    def backlog(self) -> int:
        """Records that were appended and that the writer has not taken yet."""
        return self._commits.backlog

    async def written(self) -> None:
        """Returns when the records of `backlog` are durable; at once where there are none."""
        durable = self._commits.wait_for_backlog()
        if durable is not None:
            await durable

    async def checkpoint(self) -> None:
        """Makes all that was appended so far durable and signs a checkpoint over it."""
        await self._commits.wait_for_checkpoint()

    def use_digest_key(self, key: DigestKey, period: str) -> None:
        """Makes the digests of bodies with the key of another period from here on."""
        self._digest_key = key
        self.digest_period = period

    async def rotate(self, signer: TextSigner, approver: str) -> None:
        """Lets another key sign: writes a record that both sign, and a checkpoint by the new one over it.

        Raises `AuditUnavailableError` where a signer gives no signature or the log cannot be written.
        """
        head = self.head.checkpoint
        try:
            draft = await asyncio.to_thread(
                rotation_draft,
                self._commits.writer.signer,
                signer,
                head.size,
                head.root,
                approver=approver,
            )
        except SignerError as error:
            raise AuditUnavailableError(str(error)) from None
        self._commits.rotate(draft, signer)
        await self.checkpoint()
        await asyncio.to_thread(settle_rotation, self.settings, self.files, self.key)

    async def close(self, reason: str = "stop") -> None:
        """Writes the `shutdown` record, signs the final checkpoint, and unlocks the folder.

        Raises `AuditUnavailableError` where that fails; a log that failed before is only unlocked. A second
        call does nothing.
        """
        first, failed = await self._commits.end(run_records.shutdown(reason=reason))
        if first:
            self._release()
            if failed is None and self._commits.failure is not None:
                raise AuditUnavailableError(self._commits.failure)

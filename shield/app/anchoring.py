"""Gives the heads of all logs of the audit directory to the anchors, in the background.

Several processes may write logs into one directory; the one that holds the lock `DIRECTORY/anchors/lock`
anchors for all. When it ends, another takes over at its next look. Each round first writes a `roster` record,
which names every log and its head, and has it signed: so whichever single log an anchor saw, all others are
under that head.

At an orderly end each process gives the heads once more after it has closed its log: the last one sees the
last head of all, so that no part of any log is left unanchored. The next process that anchors records what
the anchors took then (see `ended_anchoring`).

Law: no request waits for anything here. An anchor that fails is logged, counted and recorded (until it takes
heads again, the first failure with each code), and asked again at its next time.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from shield.app.ended_anchoring import put_off, put_off_before, settled
from shield.audit import life_records
from shield.audit.anchor_store import store
from shield.audit.files import Files, FolderReader, make_folders, write_atomic
from shield.audit.keys import folder_name
from shield.audit.log import AuditLog
from shield.audit.record import Draft, rfc3339
from shield.audit.roster import LISTED_IN_RECORD, Roster, read_roster
from shield.audit.walk import is_log
from shield.background import ended
from shield.config.settings_audit import Anchor, AnchorForm
from shield.domain import EMPTY
from shield.evidence.anchor_calls import (
    DISAGREES,
    AnchorCall,
    AnchorError,
    DirectoryAnchor,
    TimestampAnchor,
    WitnessAnchor,
)
from shield.telemetry.logging import Logger

ANCHORS_FOLDER = "anchors"
LOCK = "lock"
ENDING = b"ending"
"""The content of the lock file while its owner gives the heads for the last time."""
LOOK_SECONDS = 1.0
END_POLL_SECONDS = 0.05
_NANOSECONDS = 1e9

OnAnchored = Callable[[str, float], None]
"""Called with an anchor's name and when it last took the heads (seconds since 1970)."""

OnFailed = Callable[[str, bool], None]
"""Called with an anchor's name for each time that it did not take them, and whether it saw other logs."""


@dataclass(frozen=True, slots=True)
class AnchorEvents:
    """The callbacks."""

    anchored: OnAnchored
    failed: OnFailed


def logs_of(directory: Path, files: Files | None) -> list[FolderReader]:
    """The logs in an audit directory."""
    folders = sorted(path for path in directory.iterdir() if path.is_dir())
    return [reader for reader in (FolderReader(path, files) for path in folders) if is_log(reader)]


class Anchoring:
    """The background task. Create it in the log's event loop; `start`, then `stop`."""

    def __init__(
        self,
        log: AuditLog,
        anchors: Sequence[Anchor],
        events: AnchorEvents,
        logger: Logger,
        *,
        clock: Callable[[], int],
        monotonic: Callable[[], float],
    ) -> None:
        """`clock` is nanoseconds since 1970, `monotonic` seconds."""
        self._log = log
        self._anchors = tuple(anchors)
        self._events = events
        self._logger = logger
        self._clock = clock
        self._monotonic = monotonic
        self._folder = log.settings.directory / ANCHORS_FOLDER
        self._files = log.files
        self._due = {anchor.name: monotonic() for anchor in anchors}
        self._said: dict[str, set[str]] = {}  # the codes recorded since an anchor took heads last
        self._lock: int | None = None
        self._session: aiohttp.ClientSession | None = None
        self._calls: dict[str, AnchorCall] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Run in the background; does nothing where there are no anchors."""
        if self._anchors:
            self._task = asyncio.create_task(self._run(), name="anchoring")

    async def stop(self) -> None:
        """Stop anchoring and leave it to another process. Safe to call twice, and before `start`."""
        await self._end_task()
        await self._let_go()

    async def finish(self, close_log: Callable[[], Awaitable[None]]) -> None:
        """Stop, close the log, and give the heads once more, so that an orderly end leaves no window.

        The log's last head is signed when it closes, so the record of this round comes later. Where another
        process anchors, its next round has that head; one that is at its own end is waited for, since it may
        have looked before. Raises what `close_log` raises, after the heads were given.
        """
        started = self._task is not None
        await self._end_task()
        try:
            await close_log()
        finally:
            try:
                if started and await self._has_lock_at_the_end():
                    await self._last_round()
            finally:
                await self._let_go()

    async def _end_task(self) -> None:
        task, self._task = self._task, None
        await ended(task)

    async def _let_go(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()
        self._calls.clear()
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)

    async def _has_lock_at_the_end(self) -> bool:
        """Whether this process must give the last heads; waits for another that gives its own."""
        waits = sum(anchor.timeout for anchor in self._anchors)
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(waits):
                while self._lock is None and not await asyncio.to_thread(self._try_lock):
                    if self._files.read(self._folder / LOCK) != ENDING:
                        return False
                    await asyncio.sleep(END_POLL_SECONDS)
        return self._lock is not None

    async def _last_round(self) -> None:
        assert self._lock is not None  # noqa: S101  the caller has it
        try:
            os.pwrite(self._lock, ENDING, 0)
            roster = await asyncio.to_thread(self._roster)
            readers = self._readers(roster)
            drafts = [
                _record(anchor, code, roster, receipts)
                for anchor, code, receipts in await self._give_all(self._anchors, roster, readers)
                if self._is_news(anchor, code)
            ]
            if drafts:
                await asyncio.to_thread(put_off, self._files, self._folder, drafts)
        except Exception as error:  # noqa: BLE001 -- the log is closed and signed: the process ends anyway
            self._logger.error("anchoring_failed", cause=type(error).__name__)  # noqa: TRY400 -- no frames

    async def _run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Anchor what is due, if this process is the one that anchors."""
        try:
            if self._lock is None and not await asyncio.to_thread(self._try_lock):
                await asyncio.to_thread(self._tell_states)
                return
            due = [anchor for anchor in self._anchors if self._due[anchor.name] <= self._monotonic()]
            if due:
                await self._round(due)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the next look tries again
            self._logger.error("anchoring_failed", cause=type(error).__name__)  # noqa: TRY400 -- no frames

    def _try_lock(self) -> bool:
        make_folders(self._files, self._folder)
        fd = self._files.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT, 0o640)
        try:
            self._files.lock(fd)
        except BlockingIOError:
            self._files.close(fd)
            return False
        os.ftruncate(fd, 0)
        self._lock = fd
        self._tell_states()  # another process's state holds until an anchor takes the next heads
        return True

    def _tell_states(self) -> None:
        """Report the state that the anchoring process has reached."""
        for anchor in self._anchors:
            with contextlib.suppress(KeyError, TypeError, ValueError):
                self._events.anchored(anchor.name, float(self._state(anchor)["anchored"]))

    def _state(self, anchor: Anchor) -> Mapping[str, Any]:
        """What is kept of an anchor's last success; empty where there is none."""
        try:
            state = orjson.loads(self._files.read(self._state_path(anchor)))
        except (OSError, ValueError):
            return EMPTY
        return state if isinstance(state, dict) else EMPTY

    def _state_path(self, anchor: Anchor) -> Path:
        return self._folder / f"{anchor.name}.state"

    async def _round(self, due: Sequence[Anchor]) -> None:
        """Write one roster for all anchors that are due, signed before it goes out."""
        for draft in (late := await asyncio.to_thread(put_off_before, self._files, self._folder)):
            await self._log.commit(draft)
        if late:
            await asyncio.to_thread(settled, self._files, self._folder)
        before = await asyncio.to_thread(self._roster)
        logs = [head.fields for head in before.heads[:LISTED_IN_RECORD]]
        await self._log.commit(life_records.roster(logs=logs))
        await self._log.checkpoint()
        roster = await asyncio.to_thread(self._roster)
        readers = self._readers(roster)
        for anchor in due:
            self._due[anchor.name] = self._monotonic() + anchor.interval
        for anchor, code, receipts in await self._give_all(due, roster, readers):
            if self._is_news(anchor, code):
                await self._log.commit(_record(anchor, code, roster, receipts))
            said = self._said.setdefault(anchor.name, set())
            said.clear() if code == life_records.OK else said.add(code)

    async def _give_all(
        self, anchors: Sequence[Anchor], roster: Roster, readers: Mapping[str, FolderReader]
    ) -> list[tuple[Anchor, str, Mapping[str, bytes]]]:
        """Give the roster to all anchors at once, so that one that hangs does not delay the others."""
        given = await asyncio.gather(*(self._give(anchor, roster, readers) for anchor in anchors))
        return [(anchor, code, receipts) for anchor, (code, receipts) in zip(anchors, given, strict=True)]

    def _is_news(self, anchor: Anchor, code: str) -> bool:
        """Whether an answer is to be recorded: of an outage, only the first failure with each code is."""
        return code == life_records.OK or code not in self._said.get(anchor.name, ())

    def _readers(self, roster: Roster) -> dict[str, FolderReader]:
        directory = self._log.settings.directory
        return {
            head.origin: FolderReader(directory / folder_name(head.origin), self._files)
            for head in roster.heads
        }

    def _roster(self) -> Roster:
        readers = logs_of(self._log.settings.directory, self._files)
        return read_roster(readers, rfc3339(self._clock()))

    async def _give(
        self, anchor: Anchor, roster: Roster, readers: Mapping[str, FolderReader]
    ) -> tuple[str, Mapping[str, bytes]]:
        """Give the roster to one anchor; returns `ok` or why it did not take it, and its receipts."""
        code, receipts, detail = life_records.OK, dict[str, bytes](), {}
        try:
            receipts = await self._call(anchor).give(roster, readers)
            if receipts:
                place = self._folder / anchor.name
                await asyncio.to_thread(store, self._files, place, roster, receipts)
        except AnchorError as error:
            code = str(error)
            detail = {"detail": error.detail} if error.detail else {}
        except OSError:
            code = "receipt_not_kept"
        if code == life_records.OK:
            now = self._clock() / _NANOSECONDS
            remembered = dict(self._call(anchor).remembers)
            state = orjson.dumps({"anchored": now, "logs": len(roster.heads), "remembers": remembered})
            await asyncio.to_thread(write_atomic, self._files, self._state_path(anchor), state)
            self._events.anchored(anchor.name, now)
        else:
            self._events.failed(anchor.name, code in DISAGREES)
            self._logger.error("anchor_failed", anchor=anchor.name, code=code, **detail)
        return code, receipts

    def _call(self, anchor: Anchor) -> AnchorCall:
        call = self._calls.get(anchor.name)
        if call is None:
            if self._session is None:
                self._session = aiohttp.ClientSession(trust_env=False, auto_decompress=False)
            match anchor.form:
                case AnchorForm.DIRECTORY:
                    remembered = self._state(anchor).get("remembers", EMPTY)
                    call = DirectoryAnchor(anchor, self._files, self._log.settings.directory, remembered)
                case AnchorForm.WITNESS:
                    call = WitnessAnchor(anchor, self._session)
                case AnchorForm.TIMESTAMP:
                    call = TimestampAnchor(anchor, self._session)
            self._calls[anchor.name] = call
        return call


def _record(anchor: Anchor, code: str, roster: Roster, receipts: Mapping[str, bytes]) -> Draft:
    receipt = b"".join(receipts.values())
    return life_records.anchor(
        name=anchor.name,
        form=anchor.form.value,
        result=code,
        logs=len(roster.heads),
        roster_sha256=sha256(roster.document).hexdigest(),
        receipt_sha256=sha256(receipt).hexdigest() if receipt else "",
    )

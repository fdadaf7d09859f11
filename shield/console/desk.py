"""What all pages share: settings, accounts, the index, background work, and the record of each access."""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from shield.config.settings import ConsoleSettings, Settings
from shield.console import jobs
from shield.console.accounts import Accounts
from shield.console.feed import FoundLog, find_logs, hidden_logs
from shield.console.index_schema import open_for_reading, open_for_writing
from shield.console.indexing import STEP_RECORDS, index_logs
from shield.console.journal import Journal
from shield.console.search import Search
from shield.errors import ShieldError
from shield.evidence.reading import base_origin
from shield.evidence.register import Register
from shield.telemetry.logging import Logger

PAGE_THREADS = 4
_IDLE_SECONDS = 2.0
_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial of a policy on a text. `spans` are (start, end, type, operator) in the redacted text."""

    body: str
    findings: Sequence[tuple[str, str, float, str, str]]  # type, path, score, recognizer, operator
    uninspected_bytes: int


class Door(Protocol):
    """The heart for trials and for the words of acknowledgements: built when it is first needed."""

    def settings(self) -> Settings:
        """The configuration as it is on disk now. Raises `ShieldError`."""
        ...

    def try_text(self, text: str, media_type: str, policy: str) -> Trial:
        """Redact a text under a policy. Raises `ShieldError`."""
        ...

    def inspect_words(self, text: str) -> Sequence[str]:
        """The types of personal data in an operator's words. Raises `ShieldError`."""
        ...


class AccessNotes(Protocol):
    """Records accesses before anything is shown or done."""

    async def note(
        self, user: str, action: str, logs: Sequence[FoundLog], filters: Mapping[str, str]
    ) -> Sequence[str]:
        """The receipts of the records. Raises `ShieldError` where a record could not be made."""
        ...

    async def close(self) -> None:
        """No further access comes: sign what was recorded."""
        ...


class Desk:
    """Created once; `start` and `stop` in one event loop. Pages run in its threads."""

    def __init__(
        self,
        settings: ConsoleSettings,
        accounts: Accounts,
        door: Door,
        notes: AccessNotes,
        logger: Logger,
        *,
        journal: Journal,
        clock: Callable[[], float],
        heartbeat_interval: float,
    ) -> None:
        self.settings = settings
        self.accounts = accounts
        self.journal = journal
        self.door = door
        self.notes = notes
        self.logger = logger
        self.clock = clock
        self.index_path = settings.directory / "index.sqlite3"
        self.packs_folder = settings.directory / "packs"
        self.threads = ThreadPoolExecutor(PAGE_THREADS, thread_name_prefix="page")
        self._interval_us = round(heartbeat_interval * _US)
        self._local = threading.local()
        self._indexer = _child()
        self._worker = _child()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.registers: dict[str, tuple[bytes, Register, str]] = {}
        """The content of each register, by the checkpoint it was read under, and why it is not believed."""
        self.indexing = True
        """Whether the index is known to lack records."""

    async def start(self) -> None:
        """Raises `OSError` where the folder cannot be used."""
        self._loop = asyncio.get_running_loop()
        self.packs_folder.mkdir(parents=True, exist_ok=True)
        open_for_writing(self.index_path).close()
        self.journal.give_up_packs()
        self._spawn(self._index_forever())
        self._spawn(self._verify_forever())

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for pool in (self._indexer, self._worker):
            pool.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            child.terminate()  # its work is repeated at the next start
        self.threads.shutdown(wait=True, cancel_futures=True)
        await self.notes.close()
        self.accounts.close()
        self.journal.close()

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Called by pages, in a page's thread.

    def search(self) -> Search:
        """The thread's own connection to the index."""
        search: Search | None = getattr(self._local, "search", None)
        if search is None:
            search = self._local.search = Search(open_for_reading(self.index_path))
        return search

    def logs(self) -> list[FoundLog]:
        """All existing logs, including registers and access logs."""
        return find_logs(self.settings.audit_directories)

    def hidden_logs(self) -> list[str]:
        """Folders of logs that no page shows: another log has their origin."""
        return [str(folder) for folder in hidden_logs(self.settings.audit_directories)]

    def log_of(self, origin: str) -> FoundLog | None:
        return next((log for log in self.logs() if log.origin == origin), None)

    def begin(self, work: Callable[[], Any]) -> None:
        """Start a coroutine function in the event loop from a page's thread."""
        assert self._loop is not None  # noqa: S101  pages come after start
        self._loop.call_soon_threadsafe(lambda: self._spawn(work()))

    async def record_access(
        self, user: str, action: str, filters: Mapping[str, str] | None = None
    ) -> Sequence[str]:
        """Record what a user is about to see or do; returns the receipts. Raises `ShieldError`.

        It is recorded for each log concerned: the one that a filter names, or all.
        """
        named = {name: value for name, value in (filters or {}).items() if value}
        logs = [log for log in await asyncio.to_thread(self.logs) if not is_companion(log.origin)]
        wanted = named.get("origin") or named.get("folder") or ""
        chosen = [log for log in logs if wanted in (log.origin, log.folder.name)] or logs
        return await self.notes.note(user, f"console.{action}", chosen, named)

    # Background work.

    async def _index_forever(self) -> None:
        while True:
            try:
                taken = await self._in(
                    "_indexer", index_logs, self.index_path, self.settings.audit_directories
                )
            except Exception as error:  # noqa: BLE001  whatever is in a log, the work goes on
                self.logger.error("console_index_failed", error=type(error).__name__)  # noqa: TRY400  may quote
                taken = 0
            self.indexing = taken >= STEP_RECORDS
            if not taken:
                await asyncio.sleep(_IDLE_SECONDS)

    async def _verify_forever(self) -> None:
        while True:
            due = [log for log in self.logs() if self._is_due(log)]
            for log in due:
                await self.verify(log, by="console")
            await asyncio.sleep(min(60.0, self.settings.verify_interval))

    def _is_due(self, log: FoundLog) -> bool:
        last = self.journal.verifications(log.origin)
        # Also where the clock was set back behind the last one.
        return not last or not 0 <= self.clock() - last[0][0] < self.settings.verify_interval

    async def verify(self, log: FoundLog, *, by: str) -> None:
        """Verify a log in a child process and keep the result."""
        try:
            found = await self._in("_worker", jobs.verify, log.origin, str(log.folder), self._interval_us)
        except Exception as error:  # noqa: BLE001  whatever is in a log, others are verified
            problem = f"it could not be read: {type(error).__name__}"
            found = orjson.dumps({"ok": False, "problems": [problem]}).decode()
        fields = orjson.loads(found)
        self.journal.note_verification(log.origin, by=by, ok=fields["ok"], fields=found)
        if not fields["ok"]:
            self.logger.error("console_verification_failed", origin=log.origin)

    async def make_pack(
        self,
        pack: str,
        kind: str,
        by: str,
        fields: Mapping[str, Any],
        job: Callable[..., str],
        *arguments: Any,
    ) -> None:
        """Run a job that writes `packs/ID.zip`; the page on packs shows its progress."""
        state, told = "ready", dict(fields)
        try:
            told |= orjson.loads(await self._in("_worker", job, *arguments))
        except ShieldError as error:
            state, told["problem"] = "failed", str(error)
        except (OSError, BrokenProcessPool, ValueError, KeyError) as error:
            state, told["problem"] = "failed", type(error).__name__
            self.logger.error("console_pack_failed", kind=kind, error=type(error).__name__)  # noqa: TRY400  expected
        self.journal.keep_pack(pack, kind, by=by, state=state, fields=orjson.dumps(told).decode())

    async def _in(self, pool: str, work: Callable[..., Any], *arguments: Any) -> Any:
        """Run in a child process; one that died (out of memory, killed) is replaced for the next call."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(getattr(self, pool), work, *arguments)
        except BrokenProcessPool:
            setattr(self, pool, _child())
            raise


def is_companion(origin: str) -> bool:
    """Whether a log is about another one (its register, its accesses) rather than about requests."""
    return base_origin(origin) != origin


def _child() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), initializer=jobs.begin)

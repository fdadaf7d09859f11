"""Calls to an anchor: a folder, a C2SP witness, or an RFC 3161 authority.

Each takes the roster and returns the receipts to keep, or raises `AnchorError` with a code. Answers are
bounded, redirects are not followed, and a receipt is verified with the anchor's key before it counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

import aiohttp

from shield.audit.anchor_store import latest_rosters, name_of, store
from shield.audit.anchored import Differs, Seen, compare, seen_in
from shield.audit.checkpoint import CheckpointError
from shield.audit.files import Files
from shield.audit.roster import LogHead, Roster
from shield.audit.tiles import MissingTileError, Reader, TileNodes
from shield.audit.timestamping import (
    QUERY_MEDIA_TYPE,
    TimestampError,
    check_timestamp,
    parse_roots,
    timestamp_request,
)
from shield.audit.witness import WitnessKey, add_checkpoint_body
from shield.config.settings_audit import Anchor
from shield.domain import EMPTY

MAX_ANSWER_BYTES = 64 * 1024
UNKNOWN_LOG = "unknown_log"
DISAGREES = frozenset(Differs)
"""Codes that are no outage: the anchor saw another log than the one here."""
_ATTEMPTS = 3
_AT_ONCE = 8
"""Logs whose heads are shown to a witness at the same time."""


class AnchorError(Exception):
    """An anchor did not take the heads; the message is its code. `detail`, if any, explains it in words."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.detail = detail


class AnchorCall(Protocol):
    """Gives the heads of all logs to one anchor."""

    async def give(self, roster: Roster, readers: Mapping[str, Reader]) -> dict[str, bytes]:
        """The receipts, by the suffix of their files; raises `AnchorError`."""
        ...

    @property
    def remembers(self) -> Mapping[str, object]:
        """State to keep over a restart of the process."""
        ...


class DirectoryAnchor:
    """Keeps the roster in a folder; the file itself is the receipt.

    It refuses a roster whose logs do not extend those of the newest roster there, as a witness does, so that
    a log that was begun again is reported for as long as it is written. It changes no file in the folder.

    A folder that used to be on a file system of its own is not mounted if it is now on that of the logs, or
    on one that is mounted above: files put there would stay on the host. A file system that does not answer
    blocks one thread of this anchor.
    """

    def __init__(
        self, anchor: Anchor, files: Files, beside: Path, remembered: Mapping[str, object] = EMPTY
    ) -> None:
        """`beside` is the folder of the logs; `remembered` is `remembers` of the last success."""
        self._folder = Path(anchor.target)
        self._timeout = anchor.timeout
        self._files = files
        self._beside = beside
        mount = remembered.get("mount") if remembered.get("path") == anchor.target else None
        self._mount = Path(mount) if isinstance(mount, str) else None
        self._free = asyncio.Event()  # whether no thread of it is at work
        self._free.set()
        self._given_up = False

    @property
    def remembers(self) -> Mapping[str, object]:
        return {"path": str(self._folder), "mount": None if self._mount is None else str(self._mount)}

    async def give(self, roster: Roster, readers: Mapping[str, Reader]) -> dict[str, bytes]:
        await self._in_time(lambda: self._take(roster, readers))
        return {}

    async def _in_time(self, work: Callable[[], None]) -> None:
        """Run in a thread that nobody waits for, since a hanging file system does not release its thread."""
        if self._given_up and not self._free.is_set():
            raise AnchorError("timeout")
        loop = asyncio.get_running_loop()
        ended = list[Exception | None]()

        def tell(error: Exception | None) -> None:
            ended.append(error)
            self._free.set()

        def run() -> None:
            error: Exception | None = None
            try:
                work()
            except Exception as raised:  # noqa: BLE001  raised again in the loop
                error = raised
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(tell, error)

        self._given_up = False
        try:
            async with asyncio.timeout(self._timeout):
                await self._free.wait()  # a stop may have left one at work that does not hang
                threading.Thread(target=run, name="anchor", daemon=True).start()
                self._free.clear()
                await self._free.wait()
        except TimeoutError:
            self._given_up = True
            raise AnchorError("timeout") from None
        if (error := ended[0]) is not None:
            raise error

    def _take(self, roster: Roster, readers: Mapping[str, Reader]) -> None:
        try:
            apart = _device(self._folder) != _device(self._beside)
            mount = _mount_of(self._folder)
        except OSError as error:
            raise AnchorError("unreadable") from error
        if self._mount is not None and (not apart or mount in self._mount.parents):
            raise AnchorError("not_mounted")
        self._hold(roster, readers)
        try:
            store(self._files, self._folder, roster, {})
        except OSError as error:
            raise AnchorError("unwritable") from error
        self._mount = mount if apart else None

    def _hold(self, roster: Roster, readers: Mapping[str, Reader]) -> None:
        """Raises `AnchorError` unless the logs extend what was kept last."""
        seen: list[Seen] = []
        try:
            for path in latest_rosters(self._folder, roster.time):
                seen += seen_in(_parsed(path, self._files.read(path)), f"the anchor ({name_of(path)})")
        except OSError as error:
            raise AnchorError("unreadable") from error
        sizes = {head.origin: head.signed.checkpoint.size for head in roster.heads}
        found = compare(readers, sizes, seen).differences
        if found:
            worst = max(found, key=lambda difference: _gravity(difference.code))
            raise AnchorError(worst.code, worst.what)


def _parsed(path: Path, document: bytes) -> Roster:
    try:
        return Roster.parse(document)
    except CheckpointError as error:
        raise AnchorError("damaged", f"{name_of(path)}: {error}") from error


def _device(folder: Path) -> int:
    """The file system that a folder is on, or would be created on."""
    while True:
        try:
            return folder.stat().st_dev
        except FileNotFoundError:
            folder = folder.parent


def _mount_of(folder: Path) -> Path:
    """Where the file system that a folder is on, or would be created on, is mounted."""
    folder = folder.resolve()
    device = _device(folder)
    while folder.parent != folder and _device(folder.parent) == device:
        folder = folder.parent
    return folder


class TimestampAnchor:
    """Has the roster time-stamped."""

    def __init__(self, anchor: Anchor, session: aiohttp.ClientSession) -> None:
        self._anchor = anchor
        self._session = session

    remembers: Mapping[str, object] = EMPTY

    async def give(self, roster: Roster, readers: Mapping[str, Reader]) -> dict[str, bytes]:
        del readers
        if self._anchor.roots is None:
            raise AnchorError("no_certificates")
        document = roster.document
        query = timestamp_request(document)
        status, _, reply = await post(
            self._session, self._anchor, "", query.as_bytes(), {"Content-Type": QUERY_MEDIA_TYPE}
        )
        if status != HTTPStatus.OK:
            raise AnchorError(f"status_{status}")
        try:
            pem = await asyncio.to_thread(self._anchor.roots.read_bytes)
            check_timestamp(reply, document, parse_roots(pem), query.nonce)
        except OSError as error:
            raise AnchorError("certificates_unreadable") from error
        except TimestampError as error:
            raise AnchorError("bad_receipt", str(error)) from error
        return {"tsr": reply}


class WitnessAnchor:
    """Has the head of each log cosigned, with the proof that it extends what the witness saw last.

    Remembers the sizes that the witness saw; if the witness names another, that is used, unless it is beyond
    the log: then the log was cut back, and the code is `ahead`.
    """

    def __init__(self, anchor: Anchor, session: aiohttp.ClientSession) -> None:
        self._anchor = anchor
        self._session = session
        self._key = WitnessKey.parse(anchor.key)
        self._seen: dict[str, int] = {}

    remembers: Mapping[str, object] = EMPTY

    async def give(self, roster: Roster, readers: Mapping[str, Reader]) -> dict[str, bytes]:
        # Several at a time: with a witness that hangs, each log waits for its whole time-out.
        turn = asyncio.Semaphore(_AT_ONCE)

        async def one(head: LogHead) -> bytes:
            async with turn:
                return await self.cosign(head, readers[head.origin])

        given = await asyncio.gather(*map(one, roster.heads), return_exceptions=True)
        cosigned = [it for it in given if isinstance(it, bytes)]
        codes: list[str] = []
        for raised in given:
            if isinstance(raised, AnchorError):  # the other logs must not suffer from it
                codes.append(str(raised))
            elif isinstance(raised, BaseException):
                raise raised
        # A log unknown to the witness is in the roster record of one that it knows.
        known = [code for code in codes if code != UNKNOWN_LOG]
        if known or not cosigned:
            raise AnchorError(max(known or codes, key=_gravity, default=UNKNOWN_LOG))
        return {"cosigned": b"\n".join(cosigned)}

    async def cosign(self, head: LogHead, reader: Reader) -> bytes:
        """The checkpoint with the witness's cosignature; raises `AnchorError`."""
        checkpoint = head.signed.checkpoint
        nodes = TileNodes(reader, checkpoint.size)
        old = min(self._seen.get(head.origin, 0), checkpoint.size)
        for _ in range(_ATTEMPTS):
            try:
                body = await asyncio.to_thread(add_checkpoint_body, head.signed, old, nodes)
            except (MissingTileError, ValueError) as error:
                raise AnchorError("no_proof") from error
            status, _, answer = await post(self._session, self._anchor, "/add-checkpoint", body, {})
            if status == HTTPStatus.CONFLICT:
                seen = _size(answer)
                if seen is None:  # not the answer of a witness: of something in front of it
                    raise AnchorError(f"status_{status}")
                if seen == old:
                    raise AnchorError(Differs.INCONSISTENT)
                if seen > checkpoint.size:
                    raise AnchorError(Differs.AHEAD)
                old = seen
                continue
            if status == HTTPStatus.NOT_FOUND:
                raise AnchorError(UNKNOWN_LOG)
            if status == HTTPStatus.UNPROCESSABLE_ENTITY:
                raise AnchorError(Differs.INCONSISTENT)
            if status != HTTPStatus.OK:
                raise AnchorError(f"status_{status}")
            try:
                found = self._key.find(checkpoint, answer.decode())
            except (CheckpointError, UnicodeDecodeError) as error:
                raise AnchorError("bad_receipt") from error
            self._seen[head.origin] = checkpoint.size
            return f"{head.signed.note}{found.line}\n".encode()
        raise AnchorError("conflict")


_GRAVITY = ("no_proof", "bad_receipt", *Differs)


def _gravity(code: str) -> int:
    return _GRAVITY.index(code) if code in _GRAVITY else -1


def _size(answer: bytes) -> int | None:
    text = answer.strip()
    return int(text) if text.isdigit() and len(text) < len(str(2**63)) else None


async def post(
    session: aiohttp.ClientSession, anchor: Anchor, path: str, body: bytes, headers: Mapping[str, str]
) -> tuple[int, str, bytes]:
    """Status, media type and bounded body of an answer; raises `AnchorError`."""
    try:
        async with session.post(
            anchor.target + path,
            data=body,
            headers=headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=anchor.timeout),
        ) as answer:
            raw = await answer.content.read(MAX_ANSWER_BYTES + 1)
            while len(raw) <= MAX_ANSWER_BYTES and (more := await answer.content.read(MAX_ANSWER_BYTES)):
                raw += more
            if len(raw) > MAX_ANSWER_BYTES:
                raise AnchorError("answer_too_large")
            return answer.status, answer.content_type, raw
    except TimeoutError:
        raise AnchorError("timeout") from None
    except aiohttp.ClientError:
        raise AnchorError("unreachable") from None

"""Duties on an open log beside appending: keys, pruning, holds.

Law: an irreversible act is recorded, and the record is under a signed head, before anything is removed. The
one exception is a digest key: it is removed first, so that no record says that a key is destroyed while it
still exists.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import orjson

from shield.audit import life_records
from shield.audit.checkpoint import Signer
from shield.audit.clock_checks import has_run_for_a_day
from shield.audit.files import Files, FolderReader, sync_folder, write_atomic
from shield.audit.keys import (
    digest_key_path,
    digest_periods,
    load_digest_key,
    new_signing_key,
    parse_signing_key,
    period_of,
    signing_key_paths,
    store_key,
)
from shield.audit.log import AuditLog
from shield.audit.orders import Action, Answer, Order
from shield.audit.prunable import minimum_for
from shield.audit.record import rfc3339
from shield.audit.retention import (
    RetentionError,
    encode_holds,
    minimum_index,
    months_before,
    pruned_paths,
    read_holds,
)
from shield.audit.tiles import HOLDS_PATH, MINIMUM_PATH
from shield.audit.tree import TILE_WIDTH
from shield.audit.wal import segment_firsts
from shield.audit.walk import NOTHING_READ, standing_holds
from shield.errors import AuditUnavailableError, ConfigError

Tell = Callable[[str], None]
"""Is told, in a thread, what is being done now: a line for who waits."""


def tell_nobody(text: str) -> None:
    """Where nobody waits."""


class RefusedError(Exception):
    """The order is not carried out; the message says why, and is safe to publish."""


class Upkeep:
    """The duties beside one open log. Its methods are for the log's event loop, one at a time."""

    def __init__(self, log: AuditLog, clock: Callable[[], int], random: Callable[[int], bytes]) -> None:
        """`clock` is nanoseconds since 1970."""
        self._log = log
        self._clock = clock
        self._random = random
        self._settings = log.settings
        self._files = log.files
        self._reader = FolderReader(log.folder, log.files)
        self._holds_read = NOTHING_READ

    async def carry_out(self, order: Order | None, tell: Tell = tell_nobody) -> Answer:
        """Carries out an order; the answer says what was done, or why not. `tell` is told what takes long."""
        try:
            return Answer(ok=True, text=await self._carry_out(order, tell))
        except (RefusedError, RetentionError, AuditUnavailableError, ConfigError) as error:
            return Answer(ok=False, text=str(error))
        except OSError as error:
            return Answer(ok=False, text=error.strerror or type(error).__name__)

    async def _carry_out(self, order: Order | None, tell: Tell) -> str:
        if order is None:
            raise RefusedError("it is not an order")
        words = order.words
        approver = words.get("approver", "")
        if not approver.strip():
            raise RefusedError("an order needs an approver")
        match order.action:
            case Action.ROTATE:
                return await self.rotate(approver)
            case Action.DESTROY:
                return await self.destroy_digest_key(words.get("period", ""), approver)
            case Action.PRUNE:
                return await self.prune(words.get("before", ""), words.get("policy", ""), approver, tell)
            case Action.HOLD:
                return await self.hold(words.get("name", ""), words.get("reason", ""), approver)
            case Action.RELEASE:
                return await self.release(words.get("name", ""), words.get("reason", ""), approver)

    # Keys.

    async def rotate(self, approver: str) -> str:
        """Makes a new signing key in the keys folder and rotates to it; the old one is gone afterwards."""
        if self._settings.signer is not None or self._settings.signing_key is not None:
            raise RefusedError(
                "the signing key is configured: configure the new one, the old one as "
                "audit.retired_signing_key, and restart"
            )
        old = self._log.key
        _, following = signing_key_paths(self._settings.directory, self._settings.origin)
        if not following.exists():
            await asyncio.to_thread(store_key, self._files, following, new_signing_key(self._random))
        signer = Signer(self._settings.origin, parse_signing_key(self._files.read(following)))
        await self._log.rotate(signer, approver)
        return f"rotated from {old.vkey} to {self._log.key.vkey}"

    async def renew_digest_key(self) -> bool:
        """Switches to the digest key of the present period; returns whether that was another one."""
        period = period_of(self._settings, self._clock())
        if period == self._log.digest_period:
            return False
        key = await asyncio.to_thread(load_digest_key, self._settings, self._files, self._random, period)
        await self._log.commit(
            life_records.digest_key(
                action=life_records.CREATED,
                period=period,
                key=key.key_id,
                approver=life_records.BY_CONFIGURATION,
            )
        )
        self._log.use_digest_key(key, period)
        return True

    async def destroy_digest_key(self, period: str, approver: str) -> str:
        """Erases the digest key of a period that is over; the tree stays as it is."""
        directory, origin = self._settings.directory, self._settings.origin
        if period not in digest_periods(directory, origin):
            raise RefusedError(f"there is no digest key of the period {period}")
        if period == period_of(self._settings, self._clock()):
            raise RefusedError(f"the period {period} is not over, so its key is still in use")
        key = await asyncio.to_thread(load_digest_key, self._settings, self._files, self._random, period)
        if key.key_id == self._log.digest_key_id:
            raise RefusedError(f"the digest key of {period} is still in use")
        path = digest_key_path(directory, origin, period)
        await asyncio.to_thread(_remove, self._files, path)
        await self._log.commit(
            life_records.digest_key(
                action=life_records.DESTROYED, period=period, key=key.key_id, approver=approver
            )
        )
        return f"destroyed the digest key {key.key_id} of {period}"

    # Retention.

    async def prune_by_retention(self, *, doubting: bool = False) -> str:
        """Prunes as the configuration says; does nothing for 0 months. Raises as `prune`.

        Where it is `doubting` the clock, it raises `RefusedError` before it prunes by one that has not run so
        for a day (see `clock_checks`).
        """
        months = self._settings.retention_months
        if months == 0:
            return "nothing: audit.retention_months is 0"
        before = months_before(self._clock(), months)
        return await self.prune(
            before, f"audit.retention_months: {months}", life_records.BY_CONFIGURATION, doubting=doubting
        )

    async def prune(
        self, before: str, policy: str, approver: str, tell: Tell = tell_nobody, *, doubting: bool = False
    ) -> str:
        """Removes whole bundles of records that are all older than `before` (as in records).

        Raises `RefusedError` while a legal hold stands, `RetentionError`, `AuditUnavailableError`, `OSError`.
        """
        if not before or not policy:
            raise RefusedError("a pruning needs a time and a policy")
        if holds := read_holds(self._reader):
            raise RefusedError(f"a legal hold is in place: {', '.join(sorted(holds))}")
        # The write-ahead log and the bundles must agree, so nothing that it still holds is removed.
        firsts = segment_firsts(self._reader)
        limit = min(self._log.signed_size, self._log.oldest_needed, firsts[0] if firsts else 0)
        await asyncio.to_thread(tell, f"looking for records of before {before}")
        limit -= limit % TILE_WIDTH
        now = rfc3339(self._clock())
        minimum = await asyncio.to_thread(minimum_for, self._reader, before, limit, now)
        present = minimum_index(self._reader)
        if minimum > present:
            if doubting and not await asyncio.to_thread(
                has_run_for_a_day, self._reader, self._log.signed_size, self._clock()
            ):
                raise RefusedError(
                    f"the records do not show that this clock ({rfc3339(self._clock())}) has run so for a "
                    "day: it may have been set ahead, so nothing is pruned by it until they do"
                )
            if names := ", ".join(sorted(await self._standing_holds(tell))):
                raise RefusedError(
                    f"the records say that a legal hold is in place: {names}; the file {HOLDS_PATH} does not"
                )
            entry = await self._log.commit_entry(
                life_records.prune(minimum_index=minimum, before=before, policy=policy, approver=approver)
            )
            await self._log.checkpoint()
            path = self._log.folder / MINIMUM_PATH
            await asyncio.to_thread(write_atomic, self._files, path, entry + b"\n")
        await asyncio.to_thread(tell, f"removing the files of records below {minimum}")
        # Also removes what a crash left of an earlier pruning.
        removed = await asyncio.to_thread(_remove_pruned, self._files, self._log.folder, minimum)
        return f"pruned {minimum - present} records and {removed} files: the minimum index is {minimum}"

    async def _standing_holds(self, tell: Tell) -> frozenset[str]:
        """By the records. The first time it reads all of a log, which may be years; then what is new."""
        await asyncio.to_thread(tell, "looking in the records for legal holds")
        end = self._log.signed_size
        read = await asyncio.to_thread(standing_holds, self._reader, self._holds_read, end - end % TILE_WIDTH)
        self._holds_read = read
        return read.stand

    async def hold(self, name: str, reason: str, approver: str) -> str:
        """Places a legal hold: nothing is pruned while it stands."""
        holds = read_holds(self._reader)
        if not name or not reason:
            raise RefusedError("a hold needs a name and a reason")
        if name in holds:
            raise RefusedError(f"the hold {name} is already in place")
        entry = await self._record_hold(life_records.PLACED, name, reason, approver)
        holds[name] = entry
        await self._store_holds(holds)
        return f"the hold {name} is in place, by record {orjson.loads(entry)['index']}"

    async def release(self, name: str, reason: str, approver: str) -> str:
        """Releases a legal hold."""
        holds = read_holds(self._reader)
        if holds.pop(name, None) is None:
            raise RefusedError(f"there is no hold {name}")
        entry = await self._record_hold(life_records.RELEASED, name, reason, approver)
        await self._store_holds(holds)
        return f"the hold {name} is released, by record {orjson.loads(entry)['index']}"

    async def _record_hold(self, action: str, name: str, reason: str, approver: str) -> bytes:
        draft = life_records.hold(action=action, name=name, reason=reason, approver=approver)
        entry = await self._log.commit_entry(draft)
        await self._log.checkpoint()
        return entry

    async def _store_holds(self, holds: dict[str, bytes]) -> None:
        path = self._log.folder / HOLDS_PATH
        await asyncio.to_thread(write_atomic, self._files, path, encode_holds(holds))


def _remove(files: Files, path: Path) -> None:
    files.unlink(path)
    sync_folder(files, path.parent)


def _remove_pruned(files: Files, folder: Path, minimum: int) -> int:
    """Removes what lies below the minimum index and is still there; returns how many files."""
    removed = 0
    emptied: set[Path] = set()
    # By folder: most of those of a log of years are gone, and need no look at each file.
    there: dict[str, bool] = {}
    for name in pruned_paths(minimum):
        within = name.rpartition("/")[0]
        if within not in there:
            there[within] = (folder / within).exists()
        path = folder / name
        if not there[within] or not path.exists():
            continue
        files.unlink(path)
        removed += 1
        emptied.add(path.parent)
    for parent in sorted(emptied, reverse=True):
        for place in (parent, *parent.parents):
            if place == folder or files.names(place):
                break
            files.rmdir(place)
    return removed

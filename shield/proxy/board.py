"""A page of shared memory in which workers tell each other and the supervisor how they are.

Each worker has a slot of `_SLOT` bytes that it alone writes: when its event loop last ran (monotonic seconds,
the same clock in all processes of a host), whether it accepts connections, how many it has, and whether the
slot ever had its log open, under this worker or an earlier one. Each field is eight aligned bytes, so that a
reader sees the old value or the new one.
"""

from __future__ import annotations

import mmap
import os
import struct

_SLOT = 64
_BEAT = struct.Struct("d")
_COUNT = struct.Struct("q")
_BEAT_AT, _CONNECTIONS_AT, _ACCEPTS_AT, _LOG_AT = 0, 8, 16, 24
_OF_A_WORKER = 24
"""Bytes of a slot that are about the worker; the rest stays when the worker has ended."""


class Board:
    """The slots of `slots` workers in the file behind `descriptor`, which this maps and does not close."""

    SLOT_BYTES = _SLOT

    def __init__(self, descriptor: int, slots: int) -> None:
        self.descriptor = descriptor
        self.slots = slots
        self._memory = mmap.mmap(descriptor, slots * _SLOT)

    @classmethod
    def create(cls, slots: int) -> Board:
        """A new board, all zeros, behind a descriptor that child processes can inherit."""
        descriptor = os.memfd_create("shield-board")
        os.ftruncate(descriptor, slots * _SLOT)
        return cls(descriptor, slots)

    def beat(self, slot: int, now: float) -> None:
        """Say that the event loop of `slot` runs."""
        _BEAT.pack_into(self._memory, slot * _SLOT + _BEAT_AT, now)

    def last_beat(self, slot: int) -> float:
        """When the loop of `slot` last ran; 0.0 before it first did."""
        value: float = _BEAT.unpack_from(self._memory, slot * _SLOT + _BEAT_AT)[0]
        return value

    def connections(self, slot: int, number: int) -> None:
        """Say how many connections `slot` has."""
        _COUNT.pack_into(self._memory, slot * _SLOT + _CONNECTIONS_AT, number)

    def accepts(self, slot: int, *, accepts: bool) -> None:
        """Say whether `slot` accepts new connections."""
        _COUNT.pack_into(self._memory, slot * _SLOT + _ACCEPTS_AT, int(accepts))

    def other_has_fewer(self, slot: int, number: int, since: float) -> bool:
        """Whether another worker than `slot` that accepts connections has fewer than `number`.

        A worker whose loop has not run after `since` does not count.
        """
        for other in range(self.slots):
            if other == slot:
                continue
            fewer = _COUNT.unpack_from(self._memory, other * _SLOT + _CONNECTIONS_AT)[0] < number
            accepts = _COUNT.unpack_from(self._memory, other * _SLOT + _ACCEPTS_AT)[0]
            if fewer and accepts and self.last_beat(other) >= since:
                return True
        return False

    def log_opened(self, slot: int) -> None:
        """Say that `slot` has its log open."""
        _COUNT.pack_into(self._memory, slot * _SLOT + _LOG_AT, 1)

    def had_log(self, slot: int) -> bool:
        """Whether a worker of `slot` ever had its log open."""
        return bool(_COUNT.unpack_from(self._memory, slot * _SLOT + _LOG_AT)[0])

    def clear(self, slot: int) -> None:
        """Clear the fields of a worker that has ended, except that it had a log."""
        self._memory[slot * _SLOT : slot * _SLOT + _OF_A_WORKER] = bytes(_OF_A_WORKER)

    def close(self) -> None:
        """Unmap it."""
        self._memory.close()

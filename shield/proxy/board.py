"""What workers tell each other and the supervisor without a message: a page of shared memory.

A slot of `_SLOT` bytes a worker, written by that worker alone: when its event loop last ran (monotonic
seconds, the same clock in all processes of a host), whether it takes connections, and how many it has.
Each field is eight aligned bytes, so that a reader sees the old value or the new one.
"""

from __future__ import annotations

import mmap
import os
import struct

_SLOT = 64
_BEAT = struct.Struct("d")
_COUNT = struct.Struct("q")
_BEAT_AT, _CONNECTIONS_AT, _ACCEPTS_AT = 0, 8, 16


class Board:
    """`slots` workers' entries in the file behind `descriptor`, which this maps and does not close."""

    SLOT_BYTES = _SLOT

    def __init__(self, descriptor: int, slots: int) -> None:
        self.descriptor = descriptor
        self.slots = slots
        self._memory = mmap.mmap(descriptor, slots * _SLOT)

    @classmethod
    def create(cls, slots: int) -> Board:
        """A new one, all zeros, behind a descriptor that child processes may be given."""
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
        """Say whether `slot` takes new connections."""
        _COUNT.pack_into(self._memory, slot * _SLOT + _ACCEPTS_AT, int(accepts))

    def other_has_fewer(self, slot: int, number: int) -> bool:
        """Whether a worker that takes connections has fewer than `number`, and is not `slot`."""
        for other in range(self.slots):
            if other == slot:
                continue
            accepts = _COUNT.unpack_from(self._memory, other * _SLOT + _ACCEPTS_AT)[0]
            if accepts and _COUNT.unpack_from(self._memory, other * _SLOT + _CONNECTIONS_AT)[0] < number:
                return True
        return False

    def clear(self, slot: int) -> None:
        """Forget a worker that has ended."""
        self._memory[slot * _SLOT : (slot + 1) * _SLOT] = bytes(_SLOT)

    def close(self) -> None:
        """Unmap it."""
        self._memory.close()

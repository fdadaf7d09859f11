"""Whose turn it is to inspect: threads that share one interpreter lock take turns, so that none starves.

Python runs one thread at a time. Left to the interpreter, a long inspection and many short ones would share
it blindly; one after another, the short ones would wait for the long one to end. Here each inspection
has a thread of its own, and only the one whose turn it is runs. The rule, as the tests have it:

1. Turns are given in the order in which they were asked for.
2. A turn lasts to the end of the work, or until it has used up its time and another waits.
3. The first turn is long enough for a usual body, so that usual bodies are not interleaved: each would
   take longer, and none would be done sooner. Later turns are short.

So a short inspection waits for one short turn of each long one that is under way, and for the short
ones before it. Work is never cut or reordered by this: it stops where it asks, and goes on from there.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

FIRST_SECONDS = 0.025
NEXT_SECONDS = 0.004


class Turn:
    """One piece of work's place in the order. Made, used and left in its own thread."""

    __slots__ = ("_until", "gate")

    def __init__(self) -> None:
        self.gate = threading.Lock()  # released by whoever gives the turn
        self.gate.acquire()
        self._until = 0.0

    def begin(self, until: float) -> None:
        """The turn lasts until then, if anybody waits."""
        self._until = until

    def is_over(self, now: float) -> bool:
        return now >= self._until


class Turns:
    """Gives turns to threads. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[Turn] = deque()

    def enter(self) -> Turn:
        """Wait for the first turn."""
        turn = Turn()
        with self._lock:
            waits = self._taken
            if waits:
                self._waiting.append(turn)
            self._taken = True
        if waits:
            turn.gate.acquire()
        turn.begin(self._clock() + FIRST_SECONDS)
        return turn

    def pause(self, turn: Turn) -> float:
        """Let others go first where the turn is over; returns the seconds that this took, mostly 0."""
        if not self._waiting:
            return 0.0
        stopped = self._clock()
        if not turn.is_over(stopped):
            return 0.0
        with self._lock:
            if not self._waiting:
                return 0.0
            self._waiting.append(turn)
            self._waiting.popleft().gate.release()
        turn.gate.acquire()
        now = self._clock()
        turn.begin(now + NEXT_SECONDS)
        return now - stopped

    def leave(self) -> None:
        """The work of the turn is done: the next one in order goes on."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().gate.release()
            else:
                self._taken = False

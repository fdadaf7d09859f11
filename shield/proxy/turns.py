"""Schedules the inspections of threads that share one interpreter lock: they take turns, so none starves.

Python runs one thread at a time. Left to the interpreter, a long inspection and many short ones would share
it blindly; one after another, the short ones would wait for the long one to end. Here each inspection has a
thread of its own, and only the one whose turn it is runs. The rules, as the tests have them:

1. Turns are given in the order in which they were asked for. One that is asked for as `first` comes before
   all that wait.
2. A turn lasts to the end of the work, or until it has used up its time and another waits.
3. The first turn is long enough for a usual body, so that usual bodies are not interleaved: each would take
   longer, and none would be done sooner. Later turns are short.
4. An idle turn is given where nobody else wants one, and is over as soon as anybody does: the other begins at
   once, beside the step that is under way.
5. A turn that is taken back goes to the next at once, even if its work does not return; when that does, it
   ends at its next check.
6. A turn whose work goes on without a check, long after the turn was over, goes to the next in order as well.
   The work runs beside that one to its next check, where it gets in line again.

So a short inspection waits for one short turn of each long one that is under way, and for the short ones
before it, whatever a codec, a pass over all segments or a user's recognizer does between two checks. Work is
never cut or reordered by this: it pauses where it checks, and goes on from there.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

FIRST_SECONDS = 0.025
NEXT_SECONDS = 0.004
PATIENCE_SECONDS = 0.03
"""How long after its end a turn is passed on whose work does not stop."""


class TakenBackError(Exception):
    """Ends work in its thread when nobody waits for its result any more."""


class Turn:
    """The place of one piece of work in the order: created anywhere, used and left in the work's thread."""

    __slots__ = ("_until", "beside", "first", "gate", "idle", "taken_back")

    def __init__(self, *, first: bool = False, idle: bool = False) -> None:
        self.gate = threading.Lock()  # released by whoever gives the turn
        self.gate.acquire()
        self.first = first
        self.idle = idle
        self.beside = False  # it runs beside the one whose turn it is
        self.taken_back = False
        self._until = 0.0

    def begin(self, until: float) -> None:
        """The turn lasts until then, if anybody waits."""
        self._until = until

    def is_over(self, now: float) -> bool:
        return now >= self._until


class Turns:
    """Gives turns to threads. `clock` is monotonic, in seconds; so is `patience`, see rule 6."""

    def __init__(self, clock: Callable[[], float], patience: float = PATIENCE_SECONDS) -> None:
        self._clock = clock
        self._patience = patience
        self._lock = threading.Lock()
        self._holder: Turn | None = None
        self._waiting: deque[Turn] = deque()
        self._idle: deque[Turn] = deque()

    def enter(self, turn: Turn | None = None) -> Turn:
        """Wait for the first turn. Raises TakenBackError."""
        turn = turn or Turn()
        with self._lock:
            if turn.taken_back:
                raise TakenBackError
            waits = self._holder is not None and (turn.idle or not self._holder.idle)
            if not waits:
                self._holder = turn  # work in an idle turn stops at its next check
            elif turn.first:
                self._waiting.appendleft(turn)
            else:
                (self._idle if turn.idle else self._waiting).append(turn)
        if waits:
            self._wait(turn)
        turn.begin(self._clock() + FIRST_SECONDS)
        return turn

    def pause(self, turn: Turn) -> float:
        """Let others go first if the turn is over; returns the seconds that this took, mostly 0.

        Raises TakenBackError.
        """
        if turn.taken_back:
            raise TakenBackError
        if turn.idle:
            return self._pause_idle(turn)
        if not (self._waiting or turn.beside):
            return 0.0
        stopped = self._clock()
        if not (turn.is_over(stopped) or turn.beside):
            return 0.0
        with self._lock:
            if turn.taken_back:
                raise TakenBackError
            holder = self._holder
            if holder is turn:
                if not self._waiting:
                    return 0.0
                self._waiting.append(turn)
                self._give_on()
                waits = True
            else:  # it runs beside the one whose turn it is
                waits = holder is not None and not holder.idle
                if waits:
                    self._waiting.append(turn)
                else:
                    self._holder = turn
        if waits:
            self._wait(turn)
        turn.beside = False
        now = self._clock()
        turn.begin(now + NEXT_SECONDS)
        return now - stopped

    def _pause_idle(self, turn: Turn) -> float:
        if self._holder is turn:
            return 0.0
        stopped = self._clock()
        with self._lock:
            if turn.taken_back:
                raise TakenBackError
            if self._holder is None:
                self._holder = turn
                return 0.0
            self._idle.append(turn)
        self._wait(turn)
        return self._clock() - stopped

    def leave(self, turn: Turn) -> None:
        """The work of the turn is done: pass it to the next in order."""
        with self._lock:
            if self._holder is turn:
                self._give_on()

    def take_back(self, turn: Turn) -> None:
        """Nobody waits for this work any more: pass the turn on. Call it from any thread, at any time."""
        with self._lock:
            if turn.taken_back:
                return
            turn.taken_back = True
            if self._holder is turn:
                self._give_on()
                return
            for waiting in (self._waiting, self._idle):
                if turn in waiting:
                    waiting.remove(turn)
                    turn.gate.release()

    def _give_on(self) -> None:
        waiting = self._waiting or self._idle
        self._holder = waiting.popleft() if waiting else None
        if self._holder is not None:
            self._holder.begin(self._clock() + FIRST_SECONDS)  # until its thread runs and says when it began
            self._holder.gate.release()

    def _pass_on(self) -> None:
        """Give the turn on where its work did not stop in time."""
        with self._lock:
            late = self._holder
            if late is None or late.idle or not self._waiting:
                return
            if late.is_over(self._clock() - self._patience):
                late.beside = True
                self._give_on()

    def _wait(self, turn: Turn) -> None:
        while not turn.gate.acquire(timeout=-1 if turn.idle else self._patience_of(turn)):
            self._pass_on()
        if turn.taken_back:
            raise TakenBackError

    def _patience_of(self, turn: Turn) -> float:
        """Seconds after which it looks whether the running one stops: the further back, the more rarely."""
        with self._lock:
            place = self._waiting.index(turn) if turn in self._waiting else 0
        return (place + 1) * self._patience

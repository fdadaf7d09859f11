"""The clock of one inspection: measures each stage and checks whether time is left. No I/O."""

from __future__ import annotations

from collections.abc import Callable

from shield.errors import DeadlineExceededError


class StageClock:
    """Sums the time of each stage; is the heart's `mark` and, with a deadline, its `check`.

    In a thread that takes turns with others, `check` also lets these go first. Time spent waiting for them,
    and for the first turn, is the stage `queue`. `check_rest` is the same for the detectors behind the
    patterns, whose time is over at `rest`.
    """

    __slots__ = ("_clock", "_deadline", "_last", "_pause", "_rest", "seconds")

    def __init__(self, clock: Callable[[], float], deadline: float, rest: float | None = None) -> None:
        self._clock = clock
        self._deadline = deadline
        self._rest = deadline if rest is None else rest
        self._last = clock()
        self._pause: Callable[[], float] | None = None
        self.seconds: dict[str, float] = {}

    def begin(self, pause: Callable[[], float]) -> None:
        """The first turn begins; `pause` lets others go first and returns the seconds that took.

        Raises DeadlineExceededError where it begins too late.
        """
        self.mark("queue")
        self.check()
        self._pause = pause

    def mark(self, stage: str) -> None:
        now = self._clock()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._last
        self._last = now

    def check(self) -> None:
        if self._pause is not None:
            self._let_others(self._pause)
        if self._clock() > self._deadline:
            raise DeadlineExceededError

    def check_rest(self) -> None:
        if self._pause is not None:
            self._let_others(self._pause)
        if self._clock() > self._rest:
            raise DeadlineExceededError

    def _let_others(self, pause: Callable[[], float]) -> float:
        waited = pause()
        if waited:
            self._last += waited
            self.seconds["queue"] += waited
        return waited


class IdleClock(StageClock):
    """The clock of an inspection in idle turns: `seconds` bounds its own work, not its waiting for others."""

    __slots__ = ()

    def __init__(self, clock: Callable[[], float], seconds: float, pause: Callable[[], float]) -> None:
        super().__init__(clock, clock() + seconds)
        self.begin(pause)

    def _let_others(self, pause: Callable[[], float]) -> float:
        waited = super()._let_others(pause)
        self._deadline += waited
        return waited

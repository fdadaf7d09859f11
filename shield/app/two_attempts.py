"""Inspects a body in full, or by its patterns alone where the time of the rest is over (decision 023).

For a process that inspects one body at a time. The full attempt has a thread of its own, because nothing ends
a detector that hangs: the other attempt begins beside it, with all that it has found.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait

from shield.analyzer.attempt import Attempt
from shield.domain import Check, Redaction
from shield.errors import DeadlineExceededError

LAST_SECONDS = 0.5
"""For a full attempt that was given up to come back, before it is taken to hang."""

Inspect = Callable[[Check, Attempt], Redaction]


class TwoAttempts:
    """The attempts at bodies, one after another. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._left: list[threading.Thread] = []

    @property
    def hangs(self) -> bool:
        """Whether an attempt that was given up has not come back."""
        return any(thread.is_alive() for thread in self._left)

    def run(self, inspect: Inspect, rest: float, end: float) -> Redaction:
        """The result in full, or from `rest` on (by the clock) of the patterns.

        Raises what `inspect` raises, and DeadlineExceededError where neither is done at `end`.
        """
        check = self.until(end)
        if self._clock() >= rest:
            return inspect(check, Attempt(reduced=True))
        attempt = Attempt(self.until(rest))
        full: Future[Redaction] = Future()

        def in_full() -> None:
            try:
                full.set_result(inspect(check, attempt))
            except BaseException as error:  # noqa: BLE001  raised below, where it is waited for
                full.set_exception(error)

        thread = threading.Thread(target=in_full, name="in-full", daemon=True)
        thread.start()
        self._await(full, rest)
        if not (full.done() or attempt.past_patterns):
            # It is at the patterns or writing the result: it ends by itself, or sees that the others' time
            # is over.
            self._await(full, end)
        if full.done() and not isinstance(full.exception(), DeadlineExceededError):
            return full.result()
        try:
            return inspect(check, attempt.settled())
        finally:
            thread.join(LAST_SECONDS)
            if thread.is_alive():
                self._left.append(thread)

    def until(self, end: float) -> Check:
        """A check that raises DeadlineExceededError once it is past `end`."""

        def check() -> None:
            if self._clock() > end:
                raise DeadlineExceededError

        return check

    def _await(self, full: Future[Redaction], until: float) -> None:
        wait((full,), max(0.0, until - self._clock()))

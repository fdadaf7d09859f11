"""Limits how fast one user may ask for pages to a human pace, so that a script cannot fill the disk."""

from __future__ import annotations

from http import HTTPStatus

from shield.console.answers import RefusedError

PER_SECOND = 10.0
BURST = 30
"""Pages in a burst, after a while without any."""
LONGEST_WAIT = 2.0
"""Seconds for which a page is held back at most; longer waits are refused."""
_MANY = 1000


class Pace:
    """The time of each user's next page (a generic cell rate algorithm, ITU-T I.371)."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}

    def wait(self, user: str, now: float) -> float:
        """Seconds that this page must wait; `now` is of a clock that never goes back.

        Raises `RefusedError` (429) where that would be too long; such a page does not count.
        """
        due = max(now, self._due.get(user, 0.0))
        wait = max(0.0, due - now - (BURST - 1) / PER_SECOND)
        if wait > LONGEST_WAIT:
            raise RefusedError(
                "too many requests; wait a few seconds",
                HTTPStatus.TOO_MANY_REQUESTS,
            )
        if len(self._due) >= _MANY:
            self._due = {name: then for name, then in self._due.items() if then > now}
        self._due[user] = due + 1 / PER_SECOND
        return wait

"""What a worker has prepared for the reload under way, and nothing that it prepared for an earlier one.

Loading may outlast the supervisor's patience: it then refuses that reload, and may begin another while the
first still loads here. So each reload has a number, which rises, and only the newest one's is kept.
"""

from __future__ import annotations

from collections.abc import Awaitable

from shield.app.hosting import Prepared
from shield.errors import ShieldError


class Pending:
    """`prepare`, then `take` or `drop`; for the event loop's thread."""

    def __init__(self) -> None:
        self._number = 0  # of the reload under way; 0: none
        self._prepared: Prepared | None = None

    async def prepare(self, number: int, loading: Awaitable[Prepared]) -> None:
        """Keep what `loading` gives, for the reload `number`. Raises ShieldError where that is over."""
        self._number, self._prepared = number, None
        prepared = await loading
        if number != self._number:
            raise ShieldError("it took so long that its reload is over")
        self._prepared = prepared

    def take(self, number: int) -> Prepared:
        """What was prepared for the reload `number`, which is then under way no more. Raises ShieldError."""
        prepared = self._prepared
        if prepared is None or number != self._number:
            raise ShieldError("nothing was prepared for this reload")
        self.drop()
        return prepared

    def drop(self) -> None:
        """End the reload under way: what was prepared for it, or still is, is not kept."""
        self._number, self._prepared = 0, None

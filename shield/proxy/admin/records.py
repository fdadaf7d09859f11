"""Records what was done, and refused, over the admin API, in the access log of each log concerned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from shield.errors import AuditUnavailableError, EvidenceError
from shield.evidence.access import Access, Demand, process_actor, record_access


class AdminRecords:
    """Writes the records. `origins` is called for each record; `clock` gives nanoseconds since 1970."""

    def __init__(
        self, directory: Path, origins: Callable[[], Sequence[str]], clock: Callable[[], int]
    ) -> None:
        self._directory = directory
        self._origins = origins
        self._clock = clock
        self._process = process_actor(via="admin")

    async def note(self, caller: str, action: str, filters: Mapping[str, str]) -> None:
        """Write a record, on disk and signed on return. Raises AuditUnavailableError where it is not."""
        try:
            await record_access(
                self._directory,
                self._origins(),
                replace(self._process, name=caller),
                Access(action, filters={name: value for name, value in filters.items() if value}),
                demand=Demand.REQUIRED,
                clock=self._clock,
            )
        except EvidenceError as error:
            raise AuditUnavailableError(str(error)) from None

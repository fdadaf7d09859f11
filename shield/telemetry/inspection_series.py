"""Series of inspections outside the event loop: how many run and wait, and for how long."""

from __future__ import annotations

from collections.abc import Callable

from shield.telemetry.declarations import WAIT_BUCKETS, Declarations


class InspectionSeries:
    """The worker threads, and the process beside them for large bodies."""

    def __init__(self, declarations: Declarations) -> None:
        self.workers = declarations.gauge(
            "shield_inspection_workers",
            "Inspections that run at once of what is too long for the event loop.",
        )
        self.process_starts = declarations.counter(
            "shield_inspection_process_starts_total",
            "Starts of the process that inspects large bodies: more than one says that it died.",
        )
        self.process_wait = declarations.histogram(
            "shield_inspection_process_wait_seconds",
            "How long a large body waited for the process that inspects it.",
            WAIT_BUCKETS,
        )
        self._process_memory = declarations.gauge(
            "shield_inspection_process_resident_bytes",
            "Memory of the process that inspects large bodies; 0 while there is none.",
        )
        self.queue_length = declarations.gauge(
            "shield_inspection_queue_length", "Inspections that wait for a worker thread."
        )
        self.wait = declarations.histogram(
            "shield_inspection_queue_wait_seconds",
            "From handing an inspection to the workers to its beginning.",
            WAIT_BUCKETS,
        )
        self.busy = declarations.counter(
            "shield_inspection_busy_seconds_total", "Time in which an inspection ran outside the event loop."
        )

    def watch_process(self, resident: Callable[[], int]) -> None:
        """Have each scrape call `resident` for the memory of the process for large bodies."""
        self._process_memory.set_function(lambda: float(resident()))

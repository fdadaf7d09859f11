"""Series of the audit log and of its anchors."""

from __future__ import annotations

import math
from collections.abc import Callable

from shield.telemetry.declarations import Declarations

COMMIT_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.0075, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0)


class AuditSeries:
    """How far the log is written, signed and anchored, and whether it can be written at all."""

    def __init__(self, declarations: Declarations) -> None:
        self._commit = declarations.histogram(
            "shield_audit_commit_duration_seconds",
            "Writing and syncing one group of records.",
            COMMIT_BUCKETS,
        )
        self._pending = declarations.gauge(
            "shield_audit_commit_pending_seconds",
            "For how long the disk has been at a group of records that is not done; 0 while there is none.",
        )
        self._begun_anew = declarations.gauge(
            "shield_audit_log_begun_anew",
            "1 where the process found the keys of its log at its start, and nothing of the log.",
        )
        self._digest_key_lost = declarations.gauge(
            "shield_audit_digest_key_lost",
            "1 where the key of body digests was gone when the process started, and another was made.",
        )
        self._tree_size = declarations.gauge(
            "shield_audit_tree_size", "Records in the audit log that are durable."
        )
        self._signed_size = declarations.gauge(
            "shield_audit_signed_size", "Records that the newest signed checkpoint covers."
        )
        self._checkpoint_time = declarations.gauge(
            "shield_audit_last_checkpoint_timestamp_seconds",
            "When the newest checkpoint was signed, in seconds since 1970.",
        )
        self.checkpoint_interval = declarations.gauge(
            "shield_audit_checkpoint_interval_seconds",
            "How often a log that grows is signed, as configured.",
        )
        self._anchor_time = declarations.gauge(
            "shield_audit_anchor_last_success_timestamp_seconds",
            "When an anchor took the heads of all logs last, in seconds since 1970: what is younger is the "
            "tamper window.",
            "anchor",
        )
        self._anchor_interval = declarations.gauge(
            "shield_audit_anchor_interval_seconds",
            "How often the heads are anchored, as configured.",
            "anchor",
        )
        self._anchor_failures = declarations.counter(
            "shield_audit_anchor_failures_total", "Times that an anchor did not take the heads.", "anchor"
        )
        self._anchor_disagrees = declarations.gauge(
            "shield_audit_anchor_disagrees",
            "1 while an anchor refuses the heads since it saw other logs than are here; else 0.",
            "anchor",
        )
        self._free = declarations.gauge(
            "shield_audit_filesystem_free_bytes", "Space that the audit log's file system has left for it."
        )
        self._space = declarations.gauge(
            "shield_audit_filesystem_size_bytes", "Size of the audit log's file system."
        )
        self._healthy = declarations.gauge(
            "shield_audit_healthy",
            "0 once the audit log has failed: nothing is forwarded any more until a restart; else 1.",
        )
        self._healthy.set(1)

    def committed(self, seconds: float, size: int) -> None:
        """Note a group commit that took `seconds`; passed to `AuditLog.open` as `on_commit`."""
        self._commit.observe(seconds)
        self._tree_size.set(size)

    def checkpointed(self, seconds: float, size: int) -> None:
        """Note that a checkpoint over `size` records was signed at `seconds` since 1970."""
        self._checkpoint_time.set(seconds)
        self._signed_size.set(size)

    def anchor(self, name: str, interval: float) -> None:
        """Start the series of a configured anchor; `interval` in seconds."""
        self._anchor_time.labels(name)
        self._anchor_interval.labels(name).set(interval)
        self._anchor_failures.labels(name)
        self._anchor_disagrees.labels(name).set(0)

    def anchored(self, name: str, seconds: float) -> None:
        """Note that the anchor took the heads at `seconds` since 1970."""
        self._anchor_time.labels(name).set(seconds)
        self._anchor_disagrees.labels(name).set(0)

    def anchor_failed(self, name: str, disagrees: bool) -> None:
        """Count a failure of the anchor; `disagrees`: it saw other logs than those here."""
        self._anchor_failures.labels(name).inc()
        self._anchor_disagrees.labels(name).set(disagrees)

    def begun_anew(self, *, anew: bool) -> None:
        """Note whether this start found its keys but nothing of the log that they were made for."""
        self._begun_anew.set(anew)

    def digest_key_lost(self, *, lost: bool) -> None:
        """Note whether the key of body digests that the log was written with was missing at this start."""
        self._digest_key_lost.set(lost)

    def watch(
        self,
        healthy: Callable[[], bool],
        space: Callable[[], tuple[int, int] | None],
        pending: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """Set the functions that each scrape calls, since a log that failed reports nothing more by itself.

        They return whether the log can be written, free bytes and size, and for how long a group has been
        pending.
        """

        def part(place: int) -> float:
            known = space()
            return math.nan if known is None else float(known[place])

        self._healthy.set_function(lambda: float(healthy()))
        self._pending.set_function(pending)
        self._free.set_function(lambda: part(0))
        self._space.set_function(lambda: part(1))

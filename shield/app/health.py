"""Whether a proxy serves, and the reasons why not."""

from __future__ import annotations

from shield.app.disk import is_writable
from shield.app.parts import Parts


def audit_works(parts: Parts) -> bool:
    """Whether the log can be written, as far as is known; a log that is not open yet is no alarm."""
    return parts.audit is None or parts.audit.failure is None


def dead(parts: Parts) -> list[str]:
    """Reasons for which only a restart helps."""
    reasons = [] if audit_works(parts) else ["audit_failed"]
    return [*reasons, "inspection_stuck"] if parts.worker.stuck else reasons


def not_ready(parts: Parts) -> list[str]:
    """Reasons for which no traffic should come."""
    reasons = dead(parts)
    if parts.stopping:
        reasons.append("draining")
    elif parts.proxy is None or not parts.proxy.addresses:
        reasons.append("starting")
    # Before the log is open its directory may not exist yet.
    if parts.audit is not None and not is_writable(parts.settings.audit.directory):
        reasons.append("audit_directory_not_writable")
    return reasons

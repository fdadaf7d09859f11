"""Decides by an endpoint's answers and health checks whether it may be used. Pure.

Passive (Envoy: outlier detection, circuit breaking). After `consecutive` failures in a row the endpoint is
ejected for `base` seconds. Then one request is let through to try it: if that fails, the endpoint is ejected
for twice as long, up to `most`; if it succeeds, all is forgotten. A failure is a failed connect, a connection
that broke off before the answer, an answer that was not HTTP, or none in time. Any answer is a success,
whatever its status, since it comes from the storage. A connection that ended without a byte after serving
earlier requests does not count: its upstream may have closed it as idle, and the next request will meet one
fewer of these.

Active (health checks). After `unhealthy_after` failed checks in a row the endpoint is not used, until
`healthy_after` checks in a row succeeded. A new endpoint is taken to be healthy.
"""

from __future__ import annotations

import math

from shield.config.settings_upstream import HealthCheck, Outlier


class EndpointHealth:
    """The state of one endpoint. Times are monotonic seconds, passed in by the caller."""

    def __init__(self, outlier: Outlier, check: HealthCheck | None) -> None:
        self._outlier = outlier
        self._check = check
        self._failures = 0
        self._ejections = 0  # in a row
        self._ejected_until: float | None = None
        self._trying = False  # whether the one request after an ejection is under way
        self._healthy = True
        self._streak = 0  # of checks that contradict `_healthy`

    def wait(self, now: float) -> float:
        """Seconds until the endpoint may be used: 0 now, infinite where only a health check will tell."""
        if not self._healthy:
            return math.inf
        if self._ejected_until is None:
            return 0.0
        if self._trying:
            return max(self._ejected_until - now, self._outlier.base)
        return max(0.0, self._ejected_until - now)

    def begin(self) -> bool:
        """A request is about to use it; returns whether it is the one that tries an ejected endpoint."""
        if self._ejected_until is None:
            return False
        self._trying = True
        return True

    def succeed(self) -> bool:
        """An answer came; returns whether that ends an ejection."""
        ended = self._ejected_until is not None
        self._failures = self._ejections = 0
        self._ejected_until = None
        self._trying = False
        return ended

    def fail(self, now: float) -> bool:
        """No answer came; returns whether the endpoint is ejected for it."""
        self._failures += 1
        tried, self._trying = self._trying, False
        if self._ejected_until is not None and not tried and now < self._ejected_until:
            return False  # a request from before the ejection
        if not tried and self._failures < self._outlier.consecutive:
            return False
        seconds = min(self._outlier.most, self._outlier.base * 2.0**self._ejections)
        self._ejections = min(self._ejections + 1, 32)
        self._ejected_until = now + seconds
        return True

    def give_up(self) -> None:
        """The request that tried it ended without a result: let another try."""
        self._trying = False

    def checked(self, ok: bool) -> bool:
        """A health check ended; returns whether that changes anything."""
        if self._check is None or ok is self._healthy:
            self._streak = 0
            return False
        self._streak += 1
        if self._streak < (self._check.healthy_after if ok else self._check.unhealthy_after):
            return False
        self._streak = 0
        self._healthy = ok
        return True

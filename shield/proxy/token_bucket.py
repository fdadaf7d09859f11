"""Token buckets, which limit how often something may happen. Pure: the time is passed in, in seconds."""

from __future__ import annotations

from collections import OrderedDict


class TokenBucket:
    """Holds up to `most` tokens; `rate` of them are added each second. It begins full."""

    __slots__ = ("_at", "_most", "_rate", "_tokens")

    def __init__(self, rate: float, most: float, now: float) -> None:
        self._rate = rate
        self._most = most
        self._tokens = most
        self._at = now

    def _fill(self, now: float) -> None:
        self._tokens = min(self._most, self._tokens + max(0.0, now - self._at) * self._rate)
        self._at = max(self._at, now)

    def wait(self, now: float) -> float:
        """Seconds until there is a token; 0 where there is one."""
        self._fill(now)
        return 0.0 if self._tokens >= 1 else (1 - self._tokens) / self._rate

    def take(self, now: float) -> float:
        """Take a token and return 0, or take none and return the seconds until there is one."""
        if wait := self.wait(now):
            return wait
        self._tokens -= 1
        return 0.0


class TokenBuckets:
    """A bucket for each name, all alike; beyond `bound` names the longest unused are forgotten.

    A forgotten name begins again with a full bucket, so `bound` is how many can be held back at once.
    """

    def __init__(self, rate: float, most: float, bound: int) -> None:
        self._rate = rate
        self._most = most
        self._bound = bound
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def wait(self, name: str, now: float) -> float:
        """Seconds until `name` has a token; 0 for a name that never took one."""
        bucket = self._buckets.get(name)
        return 0.0 if bucket is None else bucket.wait(now)

    def take(self, name: str, now: float) -> float:
        """Take one of the tokens of `name` and return 0, or return the seconds until there is one."""
        bucket = self._buckets.get(name)
        if bucket is None:
            bucket = self._buckets[name] = TokenBucket(self._rate, self._most, now)
            if len(self._buckets) > self._bound:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(name)
        return bucket.take(now)

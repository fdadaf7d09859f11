"""How long connections are used."""

from __future__ import annotations

import itertools
import math

from hypothesis import given
from hypothesis import strategies as st

from shield.proxy.connection_limits import ConnectionLimits


def limits(duration: float) -> ConnectionLimits:
    return ConnectionLimits(keepalive_timeout=75.0, max_field_bytes=8192, max_duration=duration)


@given(st.integers(0, 10**9), st.floats(0.0, 1e6))
def test_the_duration_is_the_limit_a_tenth_more_or_less(number: int, duration: float) -> None:
    slack = duration * 0.1 + 1e-6
    assert abs(limits(duration).duration_of(number) - duration) <= slack


@given(st.integers(0, 10**6))
def test_connections_made_together_do_not_end_together(first: int) -> None:
    """Of a hundred in a row, no two end within a thousandth of the limit; without order, ten would."""
    ends = sorted(limits(1.0).duration_of(first + more) for more in range(100))
    assert min(later - earlier for earlier, later in itertools.pairwise(ends)) > 0.0005


def test_without_a_limit_a_connection_is_used_for_ever() -> None:
    assert limits(math.inf).duration_of(7) == math.inf

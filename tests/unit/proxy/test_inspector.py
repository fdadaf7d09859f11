from __future__ import annotations

import pytest

from shield.proxy.inspector import reserve


@pytest.mark.parametrize(
    ("budget", "kept"), [(10.0, 2.0), (1.0, 0.2), (0.5, 0.1), (0.3, 0.1), (0.2, 0.1), (0.1, 0.05)]
)
def test_a_fifth_of_the_budget_is_kept_but_enough_to_be_of_use(budget: float, kept: float) -> None:
    assert reserve(budget) == pytest.approx(kept)

from __future__ import annotations

import pytest

from shield.app.share import Share


@pytest.mark.parametrize(("whole", "count", "part"), [(512, 1, 512), (512, 3, 171), (1, 8, 1), (10, 5, 2)])
def test_a_bound_is_shared_out_rounded_up(whole: int, count: int, part: int) -> None:
    assert Share(0, count).part(whole) == part

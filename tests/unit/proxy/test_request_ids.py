from __future__ import annotations

import itertools

from shield.proxy.request_ids import RequestIds


def test_each_id_is_of_fresh_randomness():
    numbers = itertools.count()
    drawn = []

    def random(size: int) -> bytes:
        drawn.append(size)
        return b"".join(next(numbers).to_bytes(16, "big") for _ in range(size // 16))

    ids = RequestIds(random)
    made = [ids() for _ in range(600)]
    assert made == [f"{number:032x}" for number in range(600)]
    assert drawn == [4096, 4096, 4096]

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from shield.proxy.request_ids import RequestIds, is_chosen


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


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 1), st.integers(0, 3))
def test_a_share_is_chosen_by_a_word_of_the_ids_random_bits(bits: int, share: float, word: int) -> None:
    words = ["00000000"] * 4
    words[word] = f"{bits:08x}"
    assert is_chosen("".join(words), share, word) == (bits / 2**32 < share)

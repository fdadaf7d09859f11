from __future__ import annotations

import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.evidence.sampling import Sampler, rank, share_out, stratum_of

SEED = "dice 4 1 6 2"


def test_the_rank_is_a_plain_sha_256():
    """A fixed vector: an auditor's own program must give the same result."""
    text = b"shield evidence sample v1\ndice 4 1 6 2\nshield.example/worker-0#17"
    assert rank(SEED, "shield.example/worker-0#17") == hashlib.sha256(text).digest()
    assert rank(SEED, "shield.example/worker-0#17").hex().startswith("d958fd3409aac8b9")


def chosen(size: int, population: dict[str, list[int]], seed: str = SEED) -> list[tuple[str, int]]:
    sampler = Sampler(seed, size)
    for stratum, indices in population.items():
        for index in indices:
            sampler.take("o", index, stratum)
    return [(item.stratum, item.index) for item in sampler.choose()]


def test_the_lowest_ranks_are_chosen():
    expected = sorted(range(500), key=lambda index: rank(SEED, f"o#{index}"))[:20]
    assert chosen(20, {"all": list(range(500))}) == [("all", index) for index in expected]


@given(st.integers(1, 40), st.randoms(use_true_random=False))
def test_the_order_of_reading_does_not_matter(size, random):
    indices = list(range(60))
    random.shuffle(indices)
    assert chosen(size, {"all": indices}) == chosen(size, {"all": list(range(60))})


def test_seeds_choose_differently_and_a_larger_sample_holds_the_smaller():
    population = {"all": list(range(1000))}
    assert chosen(50, population) != chosen(50, population, "another")
    assert chosen(60, population)[:50] == chosen(50, population)


def test_every_request_has_its_chance():
    """Over 600 seeds, each of 30 is chosen about 200 times; 5 standard deviations are 58."""
    counts = [0] * 30
    for seed in range(600):
        for _, index in chosen(10, {"all": list(range(30))}, str(seed)):
            counts[index] += 1
    assert all(142 <= count <= 258 for count in counts)


@pytest.mark.parametrize(
    ("size", "populations", "shares"),
    [
        (10, {"a": 5, "b": 3}, {"a": 5, "b": 3}),
        (8, {"a": 5, "b": 3}, {"a": 5, "b": 3}),
        (4, {"a": 90, "b": 9, "c": 1}, {"a": 2, "b": 1, "c": 1}),
        (10, {"a": 90, "b": 9, "c": 1}, {"a": 7, "b": 2, "c": 1}),
        (2, {"a": 1, "b": 9, "c": 4}, {"a": 0, "b": 1, "c": 1}),
        (2, {"c": 4, "b": 4, "a": 4}, {"a": 1, "b": 1, "c": 0}),
        (5, {"a": 4, "b": 4, "c": 4}, {"a": 2, "b": 2, "c": 1}),
        (5, {"c": 4, "b": 4, "a": 4}, {"a": 2, "b": 2, "c": 1}),
    ],
)
def test_how_the_size_is_shared_out(size, populations, shares):
    assert share_out(size, populations) == shares


@given(
    st.integers(1, 200),
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 100), min_size=1),
)
def test_shares_add_up_and_fit(size, populations):
    shares = share_out(size, populations)
    assert sum(shares.values()) == min(size, sum(populations.values()))
    assert all(0 <= shares[name] <= populations[name] for name in populations)
    if size >= len(populations):
        assert all(shares.values())
    for (one, first), (other, second) in itertools.permutations(populations.items(), 2):
        assert first <= second or shares[one] >= shares[other] or not size >= len(populations)


def test_strata_are_safe_for_csv():
    fields = {"route": 'a,"b\n|é', "decision": "forward", "upstream": None}
    assert stratum_of("o", fields, ("route", "decision", "upstream", "origin")) == (
        "a%2C%22b%0A%7C%C3%A9|forward|-|o"
    )
    assert stratum_of("o", fields, ()) == "all"

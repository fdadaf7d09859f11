from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shield.proxy.fair_queue import FairQueue


def served(queue: FairQueue[str], count: int, weights: dict[str, float] | None = None) -> list[str]:
    found: list[str] = []
    for _ in range(count):
        route, tenant, _ = next(iter(queue.heads()))
        found.append(queue.serve(route, tenant, (weights or {}).get(route, 1.0)))
    return found


def test_one_route_is_served_in_the_order_of_arrival() -> None:
    queue: FairQueue[str] = FairQueue()
    for item in ("a1", "a2", "a3"):
        queue.push("a", "", item)
    assert served(queue, 3) == ["a1", "a2", "a3"]
    assert len(queue) == 0


def test_routes_take_turns_however_many_of_one_wait() -> None:
    queue: FairQueue[str] = FairQueue()
    for number in range(100):
        queue.push("a", "", f"a{number}")
    queue.push("b", "", "b0")
    queue.push("b", "", "b1")
    assert served(queue, 4) == ["a0", "b0", "a1", "b1"]


def test_tenants_of_a_route_take_turns_within_the_part_of_the_route() -> None:
    queue: FairQueue[str] = FairQueue()
    for number in range(9):
        queue.push("a", "one", f"one{number}")
        queue.push("b", "", f"b{number}")
    queue.push("a", "two", "two0")
    assert served(queue, 4) == ["one0", "b0", "two0", "b1"]


def test_a_weight_is_a_part_of_the_service() -> None:
    queue: FairQueue[str] = FairQueue()
    for number in range(100):
        queue.push("a", "", f"a{number}")
        queue.push("b", "", f"b{number}")
    found = served(queue, 40, {"a": 3.0})
    assert sum(item.startswith("a") for item in found) == 30


def test_what_costs_more_is_served_less_often() -> None:
    queue: FairQueue[str] = FairQueue()
    for number in range(100):
        queue.push("a", "", f"a{number}", cost=4.0)
        queue.push("b", "", f"b{number}")
    found = served(queue, 50)
    assert sum(item.startswith("a") for item in found) == 10


def test_a_pause_saves_up_nothing() -> None:
    queue: FairQueue[str] = FairQueue()
    for number in range(100):
        queue.push("a", "", f"a{number}")
    served(queue, 50)
    for number in range(100):
        queue.push("b", "", f"b{number}")
    found = served(queue, 20)
    assert sum(item.startswith("b") for item in found) == 10


def test_what_leaves_unserved_costs_its_route_nothing() -> None:
    queue: FairQueue[str] = FairQueue()
    for number in range(50):
        queue.push("a", "", f"a{number}")
    queue.push("b", "", "b0")
    for number in range(49):
        queue.remove("a", "", f"a{number}")
    assert served(queue, 1) == ["a49"]
    assert queue.waiting("a", "") == 0
    assert len(queue) == 1


@given(
    flood=st.integers(1, 200),
    others=st.integers(0, 5),
    costs=st.lists(st.floats(0.5, 100), min_size=1, max_size=20),
    before=st.integers(0, 50),
)
def test_the_first_of_a_route_is_served_after_at_most_one_of_each_other(
    flood: int, others: int, costs: list[float], before: int
) -> None:
    queue: FairQueue[str] = FairQueue()
    for number in range(flood):
        queue.push("flood", "", f"flood{number}", cost=costs[number % len(costs)])
    for other in range(others):
        for number in range(flood):
            queue.push(
                f"other{other}", "", f"other{other}-{number}", cost=costs[(number + other) % len(costs)]
            )
    served(queue, min(before, len(queue) - 1))
    queue.push("mine", "", "mine", cost=costs[0])
    assert "mine" in served(queue, min(len(queue), others + 2))

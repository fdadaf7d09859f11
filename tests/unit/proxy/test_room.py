"""Which connection makes way for a new one."""

from __future__ import annotations

from shield.proxy.room import AT_ONCE, PAUSE, Room


class Connection:
    def __init__(self, since: float | None, *, idle: bool = False) -> None:
        self.waits = None if since is None else (idle, since)

    def give_way(self) -> None:
        assert self.waits is not None
        self.waits = None


def test_who_never_sent_a_request_goes_before_who_is_idle_and_the_longest_first() -> None:
    late, early = Connection(5.0), Connection(3.0)
    idle, idle_longer = Connection(2.0, idle=True), Connection(1.0, idle=True)
    busy, new = Connection(None), Connection(9.5)
    everybody = [idle, busy, late, new, idle_longer, early]
    room = Room()
    for expected in (early, late, idle_longer, idle):
        assert expected.waits is not None
        assert room.make(everybody, 10.0, 1.0)
        assert expected.waits is None
    assert not room.make(everybody, 10.0, 1.0)
    assert new.waits is not None


def test_one_that_was_chosen_and_has_sent_its_request_meanwhile_stays() -> None:
    first, second, third = Connection(1.0), Connection(2.0), Connection(3.0)
    everybody, room = [first, second, third], Room()
    assert room.make(everybody, 10.0, 1.0)
    second.waits = None  # its request came
    assert room.make(everybody, 10.0, 1.0)
    assert third.waits is None


def test_all_are_looked_at_once_for_many_and_not_again_at_once_where_there_was_none() -> None:
    looks = 0

    def everybody() -> list[Connection]:
        nonlocal looks
        looks += 1
        return connections

    connections, room = [Connection(1.0) for _ in range(2 * AT_ONCE)], Room()

    class Looked(list[Connection]):
        def __iter__(self):  # type: ignore[no-untyped-def]
            return iter(everybody())

    for _ in range(2 * AT_ONCE):
        assert room.make(Looked(), 10.0, 1.0)
    assert looks == 2
    for _ in range(5):
        assert not room.make(Looked(), 10.0, 1.0)
    assert looks == 3
    connections.append(Connection(1.0))
    assert room.make(Looked(), 10.0 + PAUSE, 1.0)

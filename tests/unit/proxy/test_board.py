from __future__ import annotations

import os

from shield.proxy.board import Board


def test_a_worker_knows_whether_another_that_accepts_has_fewer() -> None:
    board = Board.create(3)
    board.connections(0, 5)
    board.connections(1, 2)
    board.beat(1, 12.5)
    assert not board.other_has_fewer(0, 5, since=12.0)  # nothing says that it accepts
    board.accepts(1, accepts=True)
    assert board.other_has_fewer(0, 5, since=12.0)
    assert not board.other_has_fewer(0, 2, since=12.0)
    assert not board.other_has_fewer(1, 9, since=12.0)  # itself
    assert not board.other_has_fewer(0, 5, since=13.0)  # its loop does not run, so it would take none
    board.accepts(1, accepts=False)
    assert not board.other_has_fewer(0, 5, since=12.0)
    board.close()
    os.close(board.descriptor)


def test_what_one_process_writes_another_reads() -> None:
    board = Board.create(2)
    other = Board(board.descriptor, 2)
    other.beat(1, 12.5)
    assert (board.last_beat(0), board.last_beat(1)) == (0.0, 12.5)
    other.log_opened(1)
    board.clear(1)
    assert other.last_beat(1) == 0.0
    assert [board.had_log(slot) for slot in (0, 1)] == [False, True]  # what a worker left behind
    other.close()
    board.close()
    os.close(board.descriptor)

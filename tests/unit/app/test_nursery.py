from __future__ import annotations

import gc
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from shield.app.nursery import DELAY, PAUSE, _Nursery, fork_hazards
from shield.domain import DetectorSpec


def test_a_thread_of_python_is_a_hazard() -> None:
    let_go = threading.Event()
    thread = threading.Thread(target=let_go.wait, name="of-a-plug-in")
    thread.start()
    try:
        assert "thread of-a-plug-in" in fork_hazards()
    finally:
        let_go.set()
        thread.join()


def test_a_native_thread_that_works_is_a_hazard_and_one_that_sleeps_is_none(tmp_path: Path) -> None:
    own = threading.get_native_id()
    for task, state in ((own, "R"), (own + 1, "S"), (own + 2, "R")):
        (tmp_path / str(task)).mkdir()
        (tmp_path / str(task) / "stat").write_text(f"{task} (a b) {state} 1 2 3")
    assert [it for it in fork_hazards(tmp_path) if "native" in it] == ["native thread in state R"]


LOADED = cast("Any", SimpleNamespace(settings=SimpleNamespace(proxy=SimpleNamespace(tls=None), upstreams={})))


class Detectors:
    def __init__(self, left: int, error: Exception | None = None) -> None:
        self.left = left
        self.error = error

    def compiling(self) -> Iterator[None]:
        while self.left:
            self.left -= 1
            if self.error is not None:
                raise self.error
            yield


def test_while_it_has_nothing_to_do_it_compiles_what_later_workers_will_need() -> None:
    ours, theirs = socket.socketpair()
    first, second = Detectors(2), Detectors(1)
    nursery = _Nursery(Path("shield.yaml"), ours, 0, [])
    assert nursery._idle_for() is None  # nothing is loaded
    nursery._keep(LOADED, cast("Any", {DetectorSpec(): first, DetectorSpec(model="none"): second}))
    try:
        assert nursery._idle_for() == DELAY
        for _ in range(3):
            nursery._compile_next()
            assert nursery._idle_for() == PAUSE
        assert (first.left, second.left) == (0, 0)
        nursery._compile_next()
        assert nursery._idle_for() is None
    finally:
        gc.unfreeze()
        ours.close()
        theirs.close()


def test_a_lack_of_memory_meanwhile_ends_no_nursery() -> None:
    ours, theirs = socket.socketpair()
    nursery = _Nursery(Path("shield.yaml"), ours, 0, [])
    nursery._keep(LOADED, cast("Any", {DetectorSpec(): Detectors(2, MemoryError())}))
    try:
        nursery._compile_next()
        assert nursery._idle_for() is None
    finally:
        gc.unfreeze()
        ours.close()
        theirs.close()

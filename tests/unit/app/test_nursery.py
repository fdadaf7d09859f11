from __future__ import annotations

import threading
from pathlib import Path

from shield.app.nursery import fork_hazards


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

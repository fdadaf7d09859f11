"""Before a start, the parts exist, but nothing runs and nothing is served."""

from __future__ import annotations

import io
import json
import sys
import threading
from dataclasses import fields
from pathlib import Path

from shield.app.hosting import Hosting, Seams
from shield.app.parts import _inspection_command, first_parts
from shield.config.loader import load
from tests.unit.app.test_checking import write


def test_nothing_runs_before_the_start(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    parts = first_parts(load(write(tmp_path), {}).settings, Seams(log_stream=io.StringIO()), None)
    assert set(threading.enumerate()) <= before
    assert parts.inspections.pid is None
    made = {"settings", "logger", "registry", "metrics", "times", "threads", "worker", "inspections", "lag"}
    others = {each.name: getattr(parts, each.name) for each in fields(parts) if each.name not in made}
    assert others.pop("analyzers") == {}
    assert others.pop("started") is others.pop("stopping") is parts.serving is False
    assert others.pop("bound") == ()
    assert set(others.values()) == {None}
    assert list(tmp_path.iterdir()) == [tmp_path / "shield.yaml"]  # no log has been opened


def test_one_inspection_at_a_time_and_the_head_s_interval_are_told(tmp_path: Path) -> None:
    settings = load(write(tmp_path), {}).settings
    value = first_parts(settings, Seams(log_stream=io.StringIO()), None).registry.get_sample_value
    assert value("shield_inspection_workers") == 1.0
    assert value("shield_audit_checkpoint_interval_seconds") == settings.audit.checkpoint_interval
    assert value("shield_inspection_process_resident_bytes") == 0.0


def test_a_worker_s_lines_say_which_it_is(tmp_path: Path) -> None:
    output = io.StringIO()
    hosting = Hosting(
        part=lambda settings: settings, known={}, site=lambda *_: NotImplemented, labels={"worker": 3}
    )
    parts = first_parts(load(write(tmp_path), {}).settings, Seams(log_stream=output), hosting)
    parts.logger.info("said")
    assert json.loads(output.getvalue())["worker"] == 3


def test_the_process_for_large_bodies_is_this_program_and_imports_nothing_from_where_it_stands() -> None:
    assert _inspection_command(7) == (sys.executable, "-P", "-m", "shield.app.apart", "7")

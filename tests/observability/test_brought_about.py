"""The command that brings the alarms about knows all of them, and shortens the rules without bending them."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from scripts.alarms.__main__ import SCENES, not_covered
from scripts.alarms.times import WINDOWS, shortened
from tests.observability.programs import RULES, RUNBOOK, needs_prometheus, promtool

_SHIPPED_LENGTH = re.compile(r"\[\d+[mhd]\]|offset \d+[mhd]|3600")


def test_each_alarm_has_its_scene() -> None:
    assert not_covered() == set()
    burns = [alarm for scene in SCENES for alarm in scene.alarms if alarm.startswith("ShieldEvidenceBurn")]
    assert {"ShieldEvidenceBurn fast", "ShieldEvidenceBurn medium", "ShieldEvidenceBurn slow"} == set(burns)


def test_the_runbook_names_the_command() -> None:
    assert "python -m scripts.alarms" in RUNBOOK.read_text("utf-8")


def test_every_length_of_the_rules_is_shortened_and_their_order_is_kept() -> None:
    lengths = sorted(WINDOWS, key=lambda text: int(text[:-1]) * {"m": 1, "h": 60, "d": 1440}[text[-1]])
    order = [WINDOWS[length] for length in lengths if length != "1d"]  # an offset, and shorter than 6 h
    assert order == sorted(order)
    assert WINDOWS["1h"] < WINDOWS["1d"] < WINDOWS["7d"]
    for path in RULES:
        for group in shortened(yaml.safe_load(path.read_text("utf-8")))["groups"]:
            for rule in group["rules"]:
                assert not _SHIPPED_LENGTH.search(rule["expr"]), rule["expr"]
                assert rule.get("for", "1s") == "1s"


@needs_prometheus
def test_the_shortened_rules_are_valid(tmp_path: Path) -> None:
    for path in RULES:
        (tmp_path / path.name).write_text(yaml.safe_dump(shortened(yaml.safe_load(path.read_text("utf-8")))))
    done = promtool("check", "rules", *tmp_path.iterdir())
    assert done.returncode == 0, done.stdout + done.stderr

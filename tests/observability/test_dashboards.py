"""The boards: written by their program, parsed by Prometheus, asking only for what there is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest

from shield.telemetry.configuration_series import ConfigurationSeries
from shield.telemetry.declarations import Declarations
from shield.telemetry.supervision import SupervisionMetrics
from tests.observability.programs import OBSERVABILITY, PROJECT, needs_prometheus, promtool, rules

BOARDS = sorted((OBSERVABILITY / "grafana" / "dashboards").glob("*.json"))
OF_PROMETHEUS = {"up", "ALERTS"}
_NAME = re.compile(r"\b(?:[a-z_]+:)?(?:shield|process|python)_[a-z0-9_]+(?::[a-z0-9_]+)?|\bup\b")


def board(path: Path) -> dict[str, Any]:
    loaded = json.loads(path.read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def expressions(path: Path) -> list[str]:
    """All of a board's expressions, with values for Grafana's variables."""
    model = board(path)
    found = [target["expr"] for panel in model["panels"] for target in panel.get("targets", ())]
    found += [annotation["expr"] for annotation in model["annotations"]["list"]]
    return [
        expr.replace("$__rate_interval", "5m").replace("$job", "shield").replace("$route", ".*")
        .replace("$instance", "a:9090")
        for expr in found
    ]  # fmt: skip


def test_there_are_four() -> None:
    assert [path.stem for path in BOARDS] == [
        "shield-detection", "shield-evidence", "shield-traffic", "shield-worker",
    ]  # fmt: skip


def test_the_files_are_what_their_program_writes() -> None:
    done = subprocess.run(
        [sys.executable, PROJECT / "scripts" / "dashboards.py", "--check"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, f"run scripts/dashboards.py; these differ:\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_panels_have_places_and_identities_of_their_own(path: Path) -> None:
    panels = board(path)["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])
        }  # fmt: skip
        assert not cells & taken
        assert all(x < 24 for x, _ in cells)
        taken |= cells


@needs_prometheus
@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_each_expression_parses(path: Path, tmp_path: Path) -> None:
    found = expressions(path)
    assert not any("$" in expr for expr in found)
    script = {
        "groups": [
            {"name": "b", "rules": [{"record": f"e{n}", "expr": expr} for n, expr in enumerate(found)]}
        ]
    }
    (tmp_path / "board.yml").write_text(yaml.safe_dump(script))
    done = promtool("check", "rules", tmp_path / "board.yml")
    assert done.returncode == 0, done.stdout + done.stderr


def names(text: str) -> set[str]:
    """The metrics that an expression asks for; label names and values are no metrics."""
    bare = re.sub(r"\{[^}]*\}|\bby \([^)]*\)|\bon \([^)]*\)", "", text)
    return set(_NAME.findall(bare))


def exposed(scrape: str) -> set[str]:
    return {line.split("{")[0].split(" ")[0] for line in scrape.splitlines() if line[:1] != "#"}


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_each_metric_of_a_board_is_in_a_live_scrape_or_recorded(path: Path, scrape: str) -> None:
    there = exposed(scrape) | OF_PROMETHEUS | {rule["record"] for rule in rules() if "record" in rule}
    asked = {name for expr in expressions(path) for name in names(expr)}
    assert asked
    assert asked - there == set()


def not_scraped() -> str:
    """What a supervisor exposes of its own before anything happens, and any process with certificates."""
    supervisor, worker = CollectorRegistry(), CollectorRegistry()
    SupervisionMetrics(supervisor).companions.begins("console")
    ConfigurationSeries(Declarations(worker)).certificates([("listeners.proxy.tls", 0, 1)])
    return (generate_latest(supervisor) + generate_latest(worker)).decode()


def test_each_metric_of_a_rule_is_in_a_live_scrape_or_recorded(scrape: str) -> None:
    there = exposed(scrape) | exposed(not_scraped())
    there |= OF_PROMETHEUS | {rule["record"] for rule in rules() if "record" in rule}
    asked = {name for rule in rules() for name in names(rule["expr"])}
    assert asked - there == set()
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    used = asked | {name for path in BOARDS for expr in expressions(path) for name in names(expr)}
    assert recorded - used == set(), "recorded for nobody"


def test_what_compose_mounts_and_builds_is_there() -> None:
    compose = yaml.safe_load((PROJECT / "docker-compose.yml").read_text("utf-8"))
    mounted = 0
    for service in compose["services"].values():
        assert "build" in service or re.fullmatch(r"[\w/.-]+:v?\d+\.\d+\.\d+", service["image"])
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:")
        for volume in service.get("volumes", ()):
            source, target, *mode = volume.split(":")
            assert target.startswith("/")
            if source.startswith("."):
                mounted += 1
                assert mode == ["ro"]
                assert (PROJECT / source).exists(), source
            else:
                assert source in compose["volumes"]
    assert mounted == 4
    assert "store" in compose["services"]


def test_grafana_is_told_of_the_boards_where_compose_mounts_them() -> None:
    provisioning = OBSERVABILITY / "grafana" / "provisioning"
    source = yaml.safe_load((provisioning / "datasources" / "prometheus.yml").read_text("utf-8"))
    assert source["datasources"][0]["url"] == "http://prometheus:9090"
    boards = yaml.safe_load((provisioning / "dashboards" / "shield.yml").read_text("utf-8"))
    folder = boards["providers"][0]["options"]["path"]
    compose = yaml.safe_load((PROJECT / "docker-compose.yml").read_text("utf-8"))
    assert any(f":{folder}:" in volume for volume in compose["services"]["grafana"]["volumes"])

"""By promtool, each alert fires under its histories and does not fire under similar ones."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.observability.alert_cases import CASES, FIRES, QUIET, Case
from tests.observability.programs import (
    OBSERVABILITY,
    RULES,
    RUNBOOK,
    groups,
    needs_prometheus,
    promtool,
    rules,
)


def _recording_first() -> list[Path]:
    return sorted(RULES, key=lambda path: "recording" not in path.name)


@functools.cache
def _shipped() -> list[dict[str, Any]]:
    return [group for path in _recording_first() for group in groups(path)]


def _groups_for(alert: str) -> list[dict[str, Any]]:
    """The shipped groups, reduced to the alert's rules and the recording rules that these read."""
    wanted = {alert}
    while True:
        kept = [
            {**group, "rules": [rule for rule in group["rules"] if _name(rule) in wanted]}
            for group in _shipped()
        ]
        said = " ".join(str(rule["expr"]) for group in kept for rule in group["rules"])
        every = [rule for group in _shipped() for rule in group["rules"]]
        more = {rule["record"] for rule in every if "record" in rule and rule["record"] in said}
        if more <= wanted:
            return [group for group in kept if group["rules"]]
        wanted |= more


def _name(rule: Mapping[str, object]) -> str:
    return str(rule.get("alert", rule.get("record")))


def _script(case: Case, path: Path) -> dict[str, object]:
    """A promtool test file, and only the rules that it needs: all rules would take long."""
    needed = _groups_for(case.alert)
    path.write_text(yaml.safe_dump({"groups": needed}))
    wanted = {"alertname": case.alert, "alertstate": "firing", **case.labels}
    selector = ",".join(f'{name}="{value}"' for name, value in wanted.items())
    expectation = {
        "expr": f"count(ALERTS{{{selector}}})",
        "eval_time": case.at,
        "exp_samples": [{"labels": "{}", "value": 1}] if case.fires else [],
    }
    return {
        "rule_files": [str(path)],
        "evaluation_interval": case.step,
        # Recording rules come first: with steps this long, the previous value would be too old to be seen.
        "group_eval_order": [group["name"] for group in needed],
        "tests": [
            {
                "interval": case.step,
                "input_series": [{"series": name, "values": values} for name, values in case.series.items()],
                "promql_expr_test": [expectation],
            }
        ],
    }


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Promtool's verdict on each case, in one run: most of its time goes into starting."""
    folder = tmp_path_factory.mktemp("alerts")
    paths = [folder / f"{number}.yml" for number in range(len(CASES))]
    for path, case in zip(paths, CASES, strict=True):
        path.write_text(yaml.safe_dump(_script(case, path.with_suffix(".rules.yml"))))
    said = promtool("test", "rules", *paths)
    # Its report, file after file: "Unit Testing:  PATH" and then SUCCESS, or FAILED and why.
    _, *parts = re.split(r"^Unit Testing: +(\S+)$", said.stdout + said.stderr, flags=re.MULTILINE)
    by_path = dict(zip(parts[::2], parts[1::2], strict=True))
    return [by_path[str(path)].strip() for path in paths]


@needs_prometheus
@pytest.mark.parametrize(
    "number",
    range(len(CASES)),
    ids=[" ".join([case.alert, *case.labels.values(), case.what]) for case in CASES],
)
def test_an_alert(number: int, verdicts: list[str]) -> None:
    assert verdicts[number] == "SUCCESS"


def test_each_alert_is_tested_both_ways() -> None:
    tested = {(case.alert, case.labels.get("burn"), case.fires) for case in CASES}
    for rule in rules():
        if "alert" in rule:
            burn = rule["labels"].get("burn")
            assert {(rule["alert"], burn, FIRES), (rule["alert"], burn, QUIET)} <= tested


_MOMENTARY = re.compile(r"\bshield_\w+(?:\{[^}]*\})?(?![\w{\[:])")
_BRIEF_WAITS = {
    "ShieldWorkersMissing", "ShieldRollingReloadUnfinished", "ShieldCheckpointStale", "ShieldAuditSlow",
}  # fmt: skip


def test_no_alert_goes_by_a_moment_in_which_a_scrape_may_have_failed() -> None:
    momentary = {
        rule["alert"] for rule in rules() if "alert" in rule and _MOMENTARY.search(_without_recorded(rule))
    }
    assert momentary == _BRIEF_WAITS
    waits = {rule["alert"]: rule.get("for") for rule in rules() if "alert" in rule}
    assert {waits[name] for name in _BRIEF_WAITS} <= {"1m", "2m"}
    bridging = {rule["alert"] for rule in rules() if "alert" in rule and "last_over_time" in rule["expr"]}
    assert {waits[name] for name in bridging}.isdisjoint({"1m", "2m"})


def _without_recorded(rule: Mapping[str, Any]) -> str:
    """The expression without recorded series, which are written at each evaluation."""
    return re.sub(r"\b\w+:\w+:\w+", "", str(rule["expr"]))


def test_each_alert_has_a_severity_and_an_entry_of_the_runbook() -> None:
    headings = {
        line.removeprefix("### ") for line in RUNBOOK.read_text("utf-8").splitlines() if line[:4] == "### "
    }
    for rule in rules():
        if "alert" not in rule:
            continue
        assert rule["labels"]["severity"] in {"page", "ticket", "none"}
        assert {"summary", "description"} < rule["annotations"].keys()
        assert rule["annotations"]["runbook"] == f"docs/observability.md#{rule['alert'].lower()}"
        assert rule["alert"] in headings


def test_the_table_of_alarms_has_each_of_them_with_its_severities() -> None:
    listed = dict(
        re.findall(r"^\| \[(\w+)\]\(#\w+\) \| ([a-z, ]+) \|", RUNBOOK.read_text("utf-8"), re.MULTILINE)
    )
    severities: dict[str, set[str]] = {}
    for rule in rules():
        if "alert" in rule:
            severities.setdefault(rule["alert"], set()).add(rule["labels"]["severity"])
    assert {name: set(found.split(", ")) for name, found in listed.items()} == severities


@needs_prometheus
def test_the_rules_and_the_configuration_are_valid() -> None:
    for arguments in (
        ("check", "rules", "--lint=all", "--lint-fatal", *RULES),
        ("check", "config", OBSERVABILITY / "prometheus" / "prometheus.yml"),
    ):
        done = promtool(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr

"""The metrics exposition satisfies Prometheus' linter and the alert rules."""

from __future__ import annotations

import re

from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from shield.telemetry.admin_metrics import AdminMetrics
from shield.telemetry.metrics import Metrics
from shield.telemetry.recognizer_series import RecognizerTimes
from shield.telemetry.supervision import SupervisionMetrics
from tests.observability.programs import RUNBOOK, needs_prometheus, promtool


@needs_prometheus
def test_a_live_scrape_passes_the_linter(scrape: str) -> None:
    done = promtool("check", "metrics", "--extended", stdin=scrape)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not done.stderr


def test_what_an_alarm_looks_at_is_there_before_anything_happens(scrape: str) -> None:
    samples = {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(scrape)
        for sample in family.samples
    }

    def value(name: str, **labels: str) -> float:
        return samples[name, frozenset(labels.items())]

    assert value("shield_bypasses_total", route="all", reason="detection_incomplete") == 0
    assert value("shield_refusals_total", code="saturated") == 0
    assert value("shield_refusals_total", code="media_type_unsupported") == 0
    assert value("shield_recognizer_errors_total", recognizer="EmailRecognizer") == 0
    assert value("shield_findings_total", route="all", entity_type="US_SSN", operator="replace") == 0
    assert value("shield_uninspected_bytes_total", route="all", reason="bypass") == 0
    assert value("shield_audit_healthy") == 1
    assert value("shield_config_last_reload_successful") == 1
    assert value("shield_audit_last_checkpoint_timestamp_seconds") > 0
    assert value("shield_audit_filesystem_free_bytes") > 0


def test_what_happened_is_counted(scrape: str) -> None:
    assert 'shield_recognizer_findings_total{recognizer="EmailRecognizer"} 1.0' in scrape
    assert 'shield_request_bodies_total{media_type="application/json",route="all"} 1.0' in scrape
    assert (
        f'shield_inspected_bytes_total{{route="all"}} {float(len("awrite to maria@example.com"))}' in scrape
    )
    assert re.search(r'shield_policy_info\{detector_digest="sha256:\w{64}",digest="sha256:\w{64}"', scrape)


def test_the_document_lists_each_series_as_the_code_declares_it() -> None:
    declared = {
        (series.name, series.kind, ", ".join(series.labels) or "none", series.text)
        for series in (
            *Metrics(CollectorRegistry()).declared,
            *SupervisionMetrics(CollectorRegistry()).declared,
            *AdminMetrics(CollectorRegistry()).declared,
            *RecognizerTimes(CollectorRegistry()).declared,
        )
    }
    rows = re.findall(
        r"^\| `(shield_\w+)` \| (\w+) \| ([^|]+) \| ([^|]+) \|$", RUNBOOK.read_text("utf-8"), re.MULTILINE
    )
    assert {(name, kind, labels.replace("`", ""), text) for name, kind, labels, text in rows} == declared
    assert len(rows) == len(declared)

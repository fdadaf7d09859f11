# ruff: noqa: INP001, T201, E501, ISC004  a script: it prints; an expression is read whole, on one line
"""Write the Grafana boards of config/observability/grafana/dashboards, which are checked in.

    python scripts/dashboards.py            write them
    python scripts/dashboards.py --check    say which differ; exit 1 if any does

A board is a list of rows, a row a list of panels, a panel its queries; what all of them share is written
once, here. tests/observability/test_dashboards.py parses every expression and looks for every metric in a
scrape.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from grafana import (
    BAD,
    COLUMNS,
    GOOD,
    MUST_BE_ZERO,
    WARN,
    Board,
    lines,
    quantiles,
    rate,
    rendered,
    stat,
    table,
)

DASHBOARDS = Path(__file__).resolve().parent.parent / "config" / "observability" / "grafana" / "dashboards"
JOB = 'job="$job"'
ROUTE = 'job="$job",route=~"$route"'
ONE = 'job="$job",instance="$instance"'

TRAFFIC = Board(
    "shield-traffic",
    "Shield: traffic and latency",
    "What comes, how it ends, what the shield costs and how full it is.",
    (
        ("Now", (
            stat("Requests", "All routes that are chosen.", f"sum(rate(shield_requests_total{{{ROUTE}}}[5m]))", "reqps"),
            stat("Refused by the shield itself", "5xx of its own: the SLI of availability, objective 99.9 %.",
                 f"job:shield_unavailable:ratio_rate5m{{{JOB}}}", "percentunit", steps=((None, GOOD), (0.001, WARN), (0.0144, BAD))),
            stat("Slower than 50 ms", "Share of requests to which it adds more: objective 99 % below.",
                 f"job:shield_slow:ratio_rate5m{{{JOB}}}", "percentunit", steps=((None, GOOD), (0.01, WARN), (0.144, BAD))),
            stat("Added, p99", "Without the client's upload, the upstream's time and the download.",
                 f"max(job_route:shield_added_latency_seconds:p99_rate5m{{{ROUTE}}})", "s"),
            stat("Bypasses, 1 h", "Writes that went through uninspected. Must be 0.",
                 f"sum(increase(shield_bypasses_total{{{JOB}}}[1h]))", steps=MUST_BE_ZERO),
            stat("Instances up", "Of those that Prometheus knows.", f"sum(up{{{JOB}}})"),
        )),
        ("Requests", (
            lines("By outcome", "Redacted and forwarded are the work; all others deserve a look.",
                  ("sum by (outcome) (job_route_outcome:shield_requests:rate5m"
                   f"{{{ROUTE}}})", "{{outcome}}"), unit="reqps", width=12, stacked=True),
            lines("By route", "`none` matched no route and was refused.",
                  ("sum by (route) (job_route_outcome:shield_requests:rate5m"
                   f"{{{ROUTE}}})", "{{route}}"), unit="reqps", width=12, stacked=True),
            lines("Refusals", "By error code; docs/operations.md says what to do about each.",
                  (rate("shield_refusals_total", JOB, "code") + " > 0", "{{code}}"), unit="reqps"),
            lines("Bodies by media type", "As the configuration names them; other came by a pattern.",
                  (rate("shield_request_bodies_total", ROUTE, "media_type"), "{{media_type}}"), unit="reqps"),
            lines("Bytes", "Received from clients and sent to upstreams.",
                  (f"sum(rate(shield_request_body_bytes_total{{{ROUTE}}}[$__rate_interval]))", "received"),
                  (f"sum(rate(shield_forwarded_body_bytes_total{{{ROUTE}}}[$__rate_interval]))", "forwarded"), unit="Bps"),
        )),
        ("Latency", (
            lines("Added by the shield", "Its own share of the time.",
                  *quantiles("shield_added_latency_seconds", ROUTE), unit="s"),
            lines("Whole request", "From its head to the end of the reply.",
                  *quantiles("shield_request_duration_seconds", ROUTE), unit="s"),
            lines("Upstreams, p99", "To the head of the answer.",
                  (quantiles("shield_upstream_duration_seconds", JOB, "upstream")[2]), unit="s"),
            lines("Stages, p99", "Where the added time goes.",
                  (quantiles("shield_stage_duration_seconds", JOB, "stage")[2]), unit="s", width=12),
            lines("Stages, seconds a second", "Where the work goes: all stages together are the load.",
                  (rate("shield_stage_duration_seconds_sum", JOB, "stage"), "{{stage}}"), width=12, stacked=True),
        )),
        ("Upstreams and error budgets", (
            lines("Upstream answers", "`none`: no answer came.",
                  (rate("shield_upstream_responses_total", JOB, "upstream, class") + " > 0", "{{upstream}} {{class}}"),
                  unit="reqps"),
            lines("Budget burn, availability", "1: the month's budget lasts the month. 14.4 wakes somebody.",
                  *((f"job:shield_unavailable:ratio_rate{w}{{{JOB}}} / 0.001", w) for w in ("1h", "6h", "3d"))),
            lines("Budget burn, added latency", "As before, over 1 %.",
                  *((f"job:shield_slow:ratio_rate{w}{{{JOB}}} / 0.01", w) for w in ("1h", "6h", "3d"))),
        )),
    ),
    by_route=True,
)  # fmt: skip

DETECTION = Board(
    "shield-detection",
    "Shield: detection mix and drift",
    "What is found, against its own history, and what nobody looked into.",
    (
        ("Now", (
            stat("Findings", "All types.", f"sum(rate(shield_findings_total{{{ROUTE}}}[5m]))", "cps"),
            stat("Findings per thousand writes", "Over the last hour.",
                 f"1000 * sum(job_route_entity:shield_findings:rate1h{{{ROUTE}}}) / sum(job_route:shield_request_bodies:rate1h{{{ROUTE}}})"),
            stat("Types that went silent", "None in an hour that should have ten or more.",
                 "count(sum by (entity_type) (job_route_entity:shield_findings:rate1h"
                 f"{{{JOB}}}) == 0 and sum by (entity_type) (job_route_entity:shield_findings_expected:count1h{{{JOB}}}) >= 10) or vector(0)",
                 steps=MUST_BE_ZERO),
            stat("Uninspected share, 1 h", "Of all text that was forwarded.",
                 f"max(job_route:shield_uninspected:ratio_rate1h{{{ROUTE}}})", "percentunit", steps=((None, GOOD), (0.01, WARN))),
            stat("Recognizer errors, 1 h", "Each one refused a write or let it bypass.",
                 f"sum(increase(shield_recognizer_errors_total{{{JOB}}}[1h]))", steps=MUST_BE_ZERO),
            stat("Bypassed bytes, 1 h", "Forwarded as they came after an error.",
                 f'sum(increase(shield_uninspected_bytes_total{{{ROUTE},reason="bypass"}}[1h]))', "bytes", steps=MUST_BE_ZERO),
        )),
        ("Mix", (
            lines("By entity type", "The shape of the day; a step in it is a release, of yours or a client's.",
                  (rate("shield_findings_total", ROUTE, "entity_type"), "{{entity_type}}"), unit="cps", width=12, stacked=True),
            lines("By recognizer", "Which detector decided the type.",
                  (rate("shield_recognizer_findings_total", JOB, "recognizer") + " > 0", "{{recognizer}}"),
                  unit="cps", width=12, stacked=True),
            lines("By operator", "What becomes of the findings; keep leaves them.",
                  (rate("shield_findings_total", ROUTE, "operator"), "{{operator}}"), unit="cps"),
            lines("By route", "", (rate("shield_findings_total", ROUTE, "route"), "{{route}}"), unit="cps"),
            lines("Recognizer errors", "By recognizer.",
                  (rate("shield_recognizer_errors_total", JOB, "recognizer") + " > 0", "{{recognizer}}"), unit="cps"),
        )),
        ("Drift: findings per thousand writes", (
            lines("Last hour", "By route and entity type.",
                  (f"job_route_entity:shield_findings_per_thousand:rate1h{{{ROUTE}}}", "{{route}} {{entity_type}}"), width=12),
            lines("Against the week before", "1: as ever. Below 0.4 or above 2.5, with enough of them, alarms.",
                  (f"job_route_entity:shield_findings_per_thousand:rate1h{{{ROUTE}}} / (job_route_entity:shield_findings_per_thousand:avg7d"
                   f"{{{ROUTE}}} > 0)", "{{route}} {{entity_type}}"), width=12),
            lines("Found and expected, last hour", "Expected: the week's rate on this hour's writes.",
                  (f"sum by (entity_type) (3600 * job_route_entity:shield_findings:rate1h{{{ROUTE}}})", "{{entity_type}} found"),
                  (f"sum by (entity_type) (job_route_entity:shield_findings_expected:count1h{{{ROUTE}}})", "{{entity_type}} expected"),
                  width=12),
            lines("Recognizers: found over expected, last hour", "At 0 a recognizer is silent.",
                  (f"3600 * job_recognizer:shield_recognizer_findings:rate1h{{{JOB}}} / (job_recognizer:shield_recognizer_findings_expected:count1h"
                   f"{{{JOB}}} > 10)", "{{recognizer}}"), width=12),
        )),
        ("What detection costs", (
            lines("Processor time by recognizer", "In each inspection of an hour, by the one in 64 that is timed.",
                  (f"job_recognizer:shield_recognizer_seconds_per_inspection:rate1h{{{JOB}}}", "{{recognizer}}"),
                  unit="s", width=12, stacked=True),
            lines("Share by recognizer, last hour", "Of all the time of the sample: where to look first when detection is slow.",
                  (f"sum by (recognizer) (rate(shield_recognizer_sampled_seconds_total{{{JOB}}}[1h])) / on () group_left () "
                   f"sum(rate(shield_recognizer_sampled_seconds_total{{{JOB}}}[1h])) > 0.01", "{{recognizer}}"),
                  unit="percentunit", width=12),
        )),
        ("Silent misses", (
            lines("Uninspected bytes by reason", "field_rule, path, query, opaque: your own rules. bypass: an error.",
                  (rate("shield_uninspected_bytes_total", ROUTE, "reason"), "{{reason}}"), unit="Bps", stacked=True),
            lines("Uninspected share by route", "Over an hour.",
                  (f"job_route:shield_uninspected:ratio_rate1h{{{ROUTE}}}", "{{route}}"), unit="percentunit"),
            lines("Bypasses", "By route and error.",
                  (rate("shield_bypasses_total", ROUTE, "route, reason") + " > 0", "{{route}} {{reason}}"), unit="cps"),
            lines("Letters the model does not know", "Chinese, Arabic and others, which patterns and phrases alone read.",
                  (rate("shield_unlearned_characters_total", ROUTE, "route") + " > 0", "{{route}}"), unit="cps"),
        )),
        ("In force", (
            table("Policies and detectors", "Digests as in the audit records.",
                  f"count by (policy, digest, model, detector_digest) (shield_policy_info{{{JOB}}})", COLUMNS),
        )),
    ),
    by_route=True,
)  # fmt: skip

EVIDENCE = Board(
    "shield-evidence",
    "Shield: evidence health",
    "Whether each write is on record, durable and signed.",
    (
        ("Now", (
            stat("Logs that cannot be written", "Their instances forward nothing.",
                 f"count(shield_audit_healthy{{{JOB}}} == 0) or vector(0)", steps=MUST_BE_ZERO),
            stat("Oldest newest checkpoint", "Of all instances; an idle log needs no new one.",
                 f"max(time() - shield_audit_last_checkpoint_timestamp_seconds{{{JOB}}})", "s"),
            stat("Records not yet signed", "One each instance is the record of the last checkpoint.",
                 f"sum(shield_audit_tree_size{{{JOB}}} - shield_audit_signed_size{{{JOB}}})"),
            stat("Time not fresh, 3 d", "Objective 99.9 %.", f"job:shield_evidence_stale:ratio_avg3d{{{JOB}}}", "percentunit",
                 steps=((None, GOOD), (0.0005, WARN), (0.001, BAD))),
            stat("Records", "Durable, all instances.", f"sum(shield_audit_tree_size{{{JOB}}})"),
            stat("Disk free", "The least of all instances.",
                 f"min(shield_audit_filesystem_free_bytes{{{JOB}}} / shield_audit_filesystem_size_bytes{{{JOB}}})", "percentunit",
                 steps=((None, BAD), (0.1, WARN), (0.2, GOOD))),
        )),
        ("Signing", (
            lines("Age of the newest checkpoint", "A saw of the height of checkpoint_interval under traffic.",
                  (f"time() - shield_audit_last_checkpoint_timestamp_seconds{{{JOB}}}", "{{instance}}"), unit="s"),
            lines("Records not yet signed", "What a thief of the disk could still drop unseen.",
                  (f"shield_audit_tree_size{{{JOB}}} - shield_audit_signed_size{{{JOB}}}", "{{instance}}")),
            lines("Fresh", "1: written and signed in time.", (f"instance:shield_evidence_fresh:bool{{{JOB}}}", "{{instance}}")),
        )),
        ("Writing", (
            lines("Commit time", "Every write waits for this one.", *quantiles("shield_audit_commit_duration_seconds", JOB), unit="s"),
            lines("Wait for the record", "Commit time and the wait for its group.",
                  *quantiles("shield_stage_duration_seconds", f'{JOB},stage="audit"'), unit="s"),
            lines("Records", "Two a request.", (f"rate(shield_audit_tree_size{{{JOB}}}[$__rate_interval])", "{{instance}}"), unit="cps"),
            lines("Log size", "Records.", (f"shield_audit_tree_size{{{JOB}}}", "{{instance}}")),
            lines("Disk free", "", (f"shield_audit_filesystem_free_bytes{{{JOB}}}", "{{instance}}"), unit="bytes"),
            lines("Budget burn, evidence", "1: the month's budget lasts the month.",
                  *((f"job:shield_evidence_stale:ratio_avg{w}{{{JOB}}} / 0.001", w) for w in ("1h", "6h", "3d"))),
        )),
        ("Exceptions", (
            lines("Bypasses", "Each is a record of its own.",
                  (f"sum by (route, reason) (increase(shield_bypasses_total{{{JOB}}}[$__rate_interval])) > 0", "{{route}} {{reason}}")),
            lines("Refused for want of evidence", "audit_unavailable.",
                  (f'sum(rate(shield_refusals_total{{{JOB},code="audit_unavailable"}}[$__rate_interval]))', "refused"), unit="reqps"),
            lines("Reloads", "Each is on record with the digests before and after.",
                  (f"sum by (result) (increase(shield_config_reloads_total{{{JOB}}}[$__rate_interval]))", "{{result}}")),
        )),
        ("Tests of the control", (
            lines("Canaries that failed", "1: values of nobody came through, or could not be sent.",
                  (f"max by (route) (shield_canary_failing{{{JOB}}})", "{{route}}")),
            lines("Read back from storage", "Writes of the configured share, by what storage gave back of them.",
                  (f"sum by (route, result) (increase(shield_read_backs_total{{{JOB}}}[$__rate_interval])) > 0",
                   "{{route}} {{result}}")),
            lines("Wait to be read back", "Up to 1,000 in each process; more are skipped.",
                  (f"sum by (instance) (shield_read_backs_waiting{{{JOB}}})", "{{instance}}")),
        )),
        ("In force", (
            table("Configurations", "More than one: a rollout, or a forgotten instance.",
                  f"count by (instance, digest) (shield_config_info{{{JOB}}})"),
            table("Builds", "", f"count by (instance, version, python) (shield_build_info{{{JOB}}})"),
        )),
    ),
)  # fmt: skip

WORKER = Board(
    "shield-worker",
    "Shield: one worker",
    "One process: how full it is, and what of.",
    (
        ("Now", (
            stat("Up since", "", f"time() - process_start_time_seconds{{{ONE}}}", "s"),
            stat("Audit log", "", f"shield_audit_healthy{{{ONE}}}", steps=((None, BAD), (1, GOOD)),
                 mappings={"0": ("failed", BAD), "1": ("works", GOOD)}),
            stat("Last reload", "", f"shield_config_last_reload_successful{{{ONE}}}", steps=((None, BAD), (1, GOOD)),
                 mappings={"0": ("refused", BAD), "1": ("in force", GOOD)}),
            stat("Requests", "", f"sum(rate(shield_requests_total{{{ONE}}}[5m]))", "reqps"),
            stat("In flight", "Of max_in_flight.", f"shield_requests_in_flight{{{ONE}}} / shield_requests_in_flight_limit{{{ONE}}}",
                 "percentunit", steps=((None, GOOD), (0.8, BAD))),
            stat("Inspection busy", "Of its threads' time.",
                 f"rate(shield_inspection_busy_seconds_total{{{ONE}}}[5m]) / shield_inspection_workers{{{ONE}}}",
                 "percentunit", steps=((None, GOOD), (0.7, WARN), (0.9, BAD))),
        )),
        ("Saturation", (
            lines("In flight", "And the limit beyond which they wait.",
                  (f"shield_requests_in_flight{{{ONE}}}", "in flight"), (f"shield_requests_in_flight_limit{{{ONE}}}", "limit")),
            lines("Requests that wait", "For admission or a slot, in the fair queue.",
                  (f"shield_admission_queue_length{{{ONE}}}", "waiting")),
            lines("Wait for admission", "Of those that were let in.", *quantiles("shield_admission_wait_seconds", ONE), unit="s"),
            lines("Not admitted", "", (rate("shield_admission_refusals_total", ONE, "route, reason") + " > 0", "{{route}} {{reason}}"),
                  unit="reqps"),
            lines("Bytes of bodies", "", (f"shield_body_bytes_in_flight{{{ONE}}}", "in flight"),
                  (f"shield_body_bytes_in_flight_limit{{{ONE}}}", "limit"), unit="bytes"),
            lines("Inspections that wait", "For a thread.", (f"shield_inspection_queue_length{{{ONE}}}", "waiting")),
            lines("Wait for a thread", "Grows long before anything is refused.",
                  *quantiles("shield_inspection_queue_wait_seconds", ONE), unit="s"),
            lines("Wait of large bodies", "For the process that inspects them one by one.",
                  *quantiles("shield_inspection_process_wait_seconds", ONE), unit="s"),
            lines("Inspection threads busy", "", (f"rate(shield_inspection_busy_seconds_total{{{ONE}}}[$__rate_interval])", "busy"),
                  (f"shield_inspection_workers{{{ONE}}}", "threads")),
            lines("Event loop lag", "Every request waits that long.", *quantiles("shield_event_loop_lag_seconds", ONE), unit="s"),
            lines("Processor", "Of one core.", (f"rate(process_cpu_seconds_total{{{ONE}}}[$__rate_interval])", "cores"), unit="percentunit"),
        )),
        ("Work", (
            lines("Requests by outcome", "", (rate("shield_requests_total", ONE, "outcome"), "{{outcome}}"), unit="reqps", stacked=True),
            lines("Added latency", "", *quantiles("shield_added_latency_seconds", ONE), unit="s"),
            lines("Stages, seconds a second", "", (rate("shield_stage_duration_seconds_sum", ONE, "stage"), "{{stage}}"), stacked=True),
            lines("Text inspected and not", "", (f"sum(rate(shield_inspected_bytes_total{{{ONE}}}[$__rate_interval]))", "inspected"),
                  (f"sum(rate(shield_uninspected_bytes_total{{{ONE}}}[$__rate_interval]))", "not inspected"), unit="Bps"),
            lines("Audit commit", "", *quantiles("shield_audit_commit_duration_seconds", ONE), unit="s"),
            lines("Refusals", "", (rate("shield_refusals_total", ONE, "code") + " > 0", "{{code}}"), unit="reqps"),
        )),
        ("Process", (
            lines("Memory", "Resident; flat over any traffic.", (f"process_resident_memory_bytes{{{ONE}}}", "resident"),
                  (f"shield_inspection_process_resident_bytes{{{ONE}}}", "for large bodies"), unit="bytes"),
            lines("Open files", "", (f"process_open_fds{{{ONE}}}", "open"), (f"process_max_fds{{{ONE}}}", "limit")),
            lines("Collections", "By generation; the oldest is the dear one.",
                  (f"rate(python_gc_collections_total{{{ONE}}}[$__rate_interval])", "generation {{generation}}"), unit="cps"),
        )),
    ),
    by_instance=True,
)  # fmt: skip

BOARDS = (TRAFFIC, DETECTION, EVIDENCE, WORKER)


def files() -> dict[Path, str]:
    """The text of each board's file."""
    return {
        DASHBOARDS / f"{board.uid}.json": json.dumps(rendered(board), indent=2, ensure_ascii=False) + "\n"
        for board in BOARDS
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Write what differs, or with `--check` only report it; return the exit status."""
    parser = argparse.ArgumentParser(description="Write the Grafana boards.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a file differs")
    options = parser.parse_args(arguments)
    stale = {
        path: text for path, text in files().items() if not path.exists() or path.read_text("utf-8") != text
    }
    for path, text in stale.items():
        print(f"{path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())

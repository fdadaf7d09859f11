"""The cases for each alert: series that make it fire, and series that do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

FIRES, QUIET = True, False


AT = 'job="shield",instance="a:9090"'


OTHER_AT = 'job="shield",instance="b:9090"'


@dataclass(frozen=True)
class Case:
    """`series` in promtool's notation, one sample per `step`; `labels` narrow down the alert."""

    alert: str
    what: str
    series: Mapping[str, str]
    at: str
    fires: bool
    labels: Mapping[str, str] = field(default_factory=dict)
    step: str = "1m"


def pair(alert: str, at: str, firing: Mapping[str, str], calm: Mapping[str, str], **more: str) -> list[Case]:
    """A history under which the alert fires, and one under which it does not."""
    labels = dict(more)
    step = labels.pop("step", "1m")
    return [
        Case(alert, "fires", firing, at, FIRES, labels, step),
        Case(alert, "is quiet", calm, at, QUIET, labels, step),
    ]


def requests(bad: str, good: str) -> dict[str, str]:
    return {
        f'shield_requests_total{{{AT},route="t",outcome="unavailable"}}': bad,
        f'shield_requests_total{{{AT},route="t",outcome="redacted"}}': good,
        f'shield_requests_total{{{AT},route="t",outcome="client_gone"}}': "0+1000x600",
    }


def latency(fast: str, every: str) -> dict[str, str]:
    return {
        f'shield_added_latency_seconds_bucket{{{AT},route="t",le="0.05"}}': fast,
        f'shield_added_latency_seconds_count{{{AT},route="t"}}': every,
        # Requests that matched no route are quick, and must not hide slow ones.
        f'shield_added_latency_seconds_bucket{{{AT},route="none",le="0.05"}}': "0+9000x600",
        f'shield_added_latency_seconds_count{{{AT},route="none"}}': "0+9000x600",
    }


def audit(
    healthy: str = "1x600", signed_at: str = "0+60x600", size: str = "0+9x600", signed: str = "0+9x600"
) -> dict[str, str]:
    return {
        f"shield_audit_healthy{{{AT}}}": healthy,
        f"shield_audit_last_checkpoint_timestamp_seconds{{{AT}}}": signed_at,
        f"shield_audit_checkpoint_interval_seconds{{{AT}}}": "10x600",
        f"shield_audit_tree_size{{{AT}}}": size,
        f"shield_audit_signed_size{{{AT}}}": signed,
    }


def commits(fast: str) -> dict[str, str]:
    name = "shield_audit_commit_duration_seconds"
    return {**one(f"{name}_bucket", fast, 'le="0.25"'), **one(f"{name}_count", "0+200x30")}


def one(name: str, values: str, labels: str = "") -> dict[str, str]:
    return {f"{name}{{{AT}{labels and ','}{labels}}}": values}


def read_backs(**results: str) -> dict[str, str]:
    return {
        name: values
        for result, told in results.items()
        for name, values in one("shield_read_backs_total", told, f'route="t",result="{result}"').items()
    }


def anchored(at: str) -> dict[str, str]:
    return {
        **one("shield_audit_anchor_last_success_timestamp_seconds", at, 'anchor="vault"'),
        **one("shield_audit_anchor_interval_seconds", "60x60", 'anchor="vault"'),
    }


def configurations(first: str, second: str, detectors: tuple[str, str] = ("d", "d")) -> dict[str, str]:
    series = {}
    for at, digest, detector in zip((AT, OTHER_AT), (first, second), detectors, strict=True):
        series[f'shield_config_info{{{at},digest="{digest}"}}'] = "1x60"
        series[f'shield_policy_info{{{at},policy="p",digest="x",model="m",detector_digest="{detector}"}}'] = (
            "1x60"
        )
    return series


def per_quarter(days: int, findings: int, bodies: int = 1500, *, usual: int = 150) -> dict[str, str]:
    """Samples every 15 minutes: `days` with `usual` findings in 1500 bodies each, then six unlike hours."""
    quarters = days * 96
    counts = f"0+{usual}x{quarters} {quarters * usual + findings}+{findings}x23"
    return {
        f'shield_request_bodies_total{{{AT},route="t",media_type="application/json"}}': (
            f"0+1500x{quarters} {quarters * 1500 + bodies}+{bodies}x23"
        ),
        f'shield_findings_total{{{AT},route="t",entity_type="PERSON",operator="replace"}}': counts,
        f'shield_recognizer_findings_total{{{AT},recognizer="SpacyRecognizer"}}': counts,
    }


def inspections(reduced: str) -> dict[str, str]:
    return {
        **one("shield_inspections_total", reduced, 'route="t",tier="patterns",detection="reduced"'),
        **one("shield_inspections_total", "0+99x30", 'route="t",tier="fast",detection="full"'),
    }


def uninspected(kept: int) -> dict[str, str]:
    return {
        f'shield_uninspected_bytes_total{{{AT},route="t",reason="field_rule"}}': (
            f"0+1500x192 {192 * 1500 + kept}+{kept}x23"
        ),
        f'shield_inspected_bytes_total{{{AT},route="t"}}': "0+98500x216",
    }


def drift_cases() -> Iterator[Case]:
    whole = {"job": "shield", "entity_type": "PERSON"}
    by_route = {**whole, "route": "t"}
    by_recognizer = {"job": "shield", "recognizer": "SpacyRecognizer"}
    end = "50h"  # two hours into the other ones
    for alert, labels, what, series, fires in (
        ("ShieldFindingsDrift", by_route, "three times as many", per_quarter(2, 450), FIRES),
        ("ShieldFindingsDrift", by_route, "a third", per_quarter(2, 50), FIRES),
        ("ShieldFindingsDrift", by_route, "as before", per_quarter(2, 150), QUIET),
        ("ShieldFindingsDrift", by_route, "as before, on ten times the writes",
         per_quarter(2, 1500, 15_000), QUIET),
        ("ShieldFindingsDrift", by_route, "too few to tell", per_quarter(2, 9, usual=3), QUIET),
        ("ShieldFindingsDrift", by_route, "from nothing", per_quarter(2, 40, usual=0), FIRES),
        ("ShieldEntityTypeSilent", whole, "none any more", per_quarter(2, 0), FIRES),
        ("ShieldEntityTypeSilent", whole, "one is not none", per_quarter(2, 1), QUIET),
        ("ShieldEntityTypeSilent", whole, "no writes either", per_quarter(2, 0, 0), QUIET),
        ("ShieldEntityTypeSilent", whole, "rare before", per_quarter(2, 0, usual=2), QUIET),
        ("ShieldRecognizerSilent", by_recognizer, "none any more", per_quarter(2, 0), FIRES),
        ("ShieldRecognizerSilent", by_recognizer, "one is not none", per_quarter(2, 1), QUIET),
        ("ShieldRecognizerSilent", by_recognizer, "no writes either", per_quarter(2, 0, 0), QUIET),
    ):  # fmt: skip
        yield Case(alert, what, series, end, fires, labels, "15m")
    # Half a day is too short a history: a new deployment learns before it alarms.
    yield Case("ShieldFindingsDrift", "young", {**_young(450)}, "14h", QUIET, by_route, "15m")
    yield Case("ShieldEntityTypeSilent", "young", {**_young(0)}, "14h", QUIET, whole, "15m")
    yield Case("ShieldRecognizerSilent", "young", {**_young(0)}, "14h", QUIET, by_recognizer, "15m")


def _young(findings: int) -> dict[str, str]:
    counts = f"0+150x48 {48 * 150 + findings}+{findings}x23"
    return {
        f'shield_request_bodies_total{{{AT},route="t",media_type="other"}}': "0+1500x72",
        f'shield_findings_total{{{AT},route="t",entity_type="PERSON",operator="mask"}}': counts,
        f'shield_recognizer_findings_total{{{AT},recognizer="SpacyRecognizer"}}': counts,
    }


def sampled(before: int, after: int, *, inspections: int = 60, quarters: int = 100) -> dict[str, str]:
    """Milliseconds of a recognizer in each timed inspection, before the last two hours and in them."""
    steps = ((before, quarters), (after, 8))
    values, total = [], 0
    for milliseconds, count in steps:
        for _ in range(count):
            values.append(f"{total / 1000:.3f}")
            total += milliseconds * inspections
    return {
        f'shield_recognizer_sampled_seconds_total{{{AT},recognizer="Slow"}}': " ".join(values),
        f"shield_sampled_inspections_total{{{AT}}}": f"0+{inspections}x{quarters + 8}",
    }


def certificate(days: float, left: float) -> dict[str, str]:
    """A certificate that is valid for `days`, with `left` of them remaining at the beginning."""
    ends = left * 86400
    place = 'certificate="listeners.proxy.tls"'
    return {
        **one("shield_certificate_not_before_timestamp_seconds", f"{ends - days * 86400:.0f}x20", place),
        **one("shield_certificate_not_after_timestamp_seconds", f"{ends:.0f}x20", place),
    }


CASES = [
    *pair("ShieldRecognizerSlow", "26h45m", sampled(2, 9), sampled(2, 4), step="15m"),
    Case("ShieldRecognizerSlow", "slow ever since", sampled(9, 9), "26h45m", QUIET, {}, "15m"),
    Case("ShieldRecognizerSlow", "short", sampled(1, 4), "26h45m", QUIET, {}, "15m"),
    Case("ShieldRecognizerSlow", "few", sampled(2, 9, inspections=2), "26h45m", QUIET, {}, "15m"),
    Case("ShieldRecognizerSlow", "young", sampled(2, 9, quarters=40), "11h45m", QUIET, {}, "15m"),
    # Burn rates. The factors apply to 0.1 % and to 1 %.
    *pair("ShieldAvailabilityBurn", "2h", requests("0+20x600", "0+980x600"),
          requests("0+10x600", "0+990x600"), burn="fast"),
    Case("ShieldAvailabilityBurn", "ends with the trouble", requests("0+20x110 2200x490", "0+980x600"),
         "2h", QUIET, {"burn": "fast"}),
    *pair("ShieldAvailabilityBurn", "8h", requests("0+8x600", "0+992x600"),
          requests("0+5x600", "0+995x600"), burn="medium", step="5m"),
    *pair("ShieldAvailabilityBurn", "9h", requests("0+2x600", "0+998x600"),
          requests("0+1x600", "0+1999x600"), burn="slow", step="5m"),
    *pair("ShieldAddedLatencyBurn", "2h", latency("0+80x600", "0+100x600"),
          latency("0+90x600", "0+100x600"), burn="fast"),
    *pair("ShieldAddedLatencyBurn", "8h", latency("0+93x600", "0+100x600"),
          latency("0+95x600", "0+100x600"), burn="medium", step="5m"),
    *pair("ShieldAddedLatencyBurn", "9h", latency("0+98x600", "0+100x600"),
          latency("0+995x600", "0+1000x600"), burn="slow", step="5m"),
    *pair("ShieldEvidenceBurn", "2h", audit("1x115 0x485"), audit(), burn="fast"),
    Case("ShieldEvidenceBurn", "unsigned records",
         audit(signed_at="0+60x100 6000x500", signed="0+9x100 900x500"),
         "2h", FIRES, {"burn": "fast"}),
    Case("ShieldEvidenceBurn", "an idle log needs no checkpoint",
         audit(signed_at="60x600", size="10x600", signed="9x600"), "2h", QUIET, {"burn": "fast"}),
    *pair("ShieldEvidenceBurn", "8h", audit("1x88 0x500", "0+300x600"), audit("1x600", "0+300x600"),
          burn="medium", step="5m"),
    *pair("ShieldEvidenceBurn", "9h", audit("1x80 0 1x500", "0+300x600"), audit("1x600", "0+300x600"),
          burn="slow", step="5m"),
    # Direct alarms.
    *pair("ShieldWatchdog", "1m", one("up", "1x9"), one("up", "0x9")),
    *pair("ShieldDown", "3m", one("up", "1 0x9"), one("up", "1x9")),
    *pair("ShieldBypass", "5m", one("shield_bypasses_total", "0 0 0 1x9", 'route="t",reason="r"'),
          one("shield_bypasses_total", "0x9", 'route="t",reason="r"'), route="t", reason="r"),
    Case("ShieldBypass", "before the first scrape",
         one("shield_bypasses_total", "_ _ _ 1x9", 'route="t",reason="r"'), "5m", FIRES),
    Case("ShieldBypass", "long ago",
         one("shield_bypasses_total", "0 1x60", 'route="t",reason="r"'), "40m", QUIET),
    *pair("ShieldRescanFound", "5m", one("shield_rescans_total", "0 0 0 1x9", 'route="t",result="found"'),
          one("shield_rescans_total", "0 0 0 1x9", 'route="t",result="clean"'), route="t"),
    Case("ShieldRescanFound", "before the first scrape",
         one("shield_rescans_total", "_ _ _ 1x9", 'route="t",result="found"'), "5m", FIRES),
    *pair("ShieldRescanNotDone", "5m",
          one("shield_rescans_total", "0 0 0 1x9", 'route="t",result="not_done"'),
          one("shield_rescans_total", "0 0 0 1x9", 'route="t",result="clean"'), route="t"),
    *pair("ShieldReducedDetection", "20m", inspections("0+1x30"), inspections("0x30"), route="t"),
    *pair("ShieldUninspectedShare", "50h", uninspected(6000), uninspected(1500), step="15m", route="t"),
    *pair("ShieldRecognizerErrors", "5m", one("shield_recognizer_errors_total", "0 0 1x9", 'recognizer="R"'),
          one("shield_recognizer_errors_total", "0x9", 'recognizer="R"'), recognizer="R"),
    *pair("ShieldCanaryFailed", "3m", one("shield_canary_failing", "0 1x9", 'route="t"'),
          one("shield_canary_failing", "1 0x9", 'route="t"'), route="t"),
    *pair("ShieldCanaryMissing", "20m",
          {**one("shield_canary_last_run_timestamp_seconds", "0x60", 'route="t"'),
           **one("shield_canary_interval_seconds", "300x60")},
          {**one("shield_canary_last_run_timestamp_seconds", "0x60", 'route="t"'),
           **one("shield_canary_interval_seconds", "600x60")}, route="t"),
    *pair("ShieldReadBackMismatch", "15m", read_backs(mismatch="0x9 1x50"), read_backs(match="0+1x60"),
          route="t", result="mismatch"),
    *pair("ShieldReadBackMismatch", "5m", read_backs(not_found="1x60"), read_backs(not_found="0x60"),
          route="t", result="not_found"),
    *pair("ShieldReadBackBlind", "90m", read_backs(unreadable="0+1x120"),
          read_backs(unreadable="0+1x120", match="0+1x120"), route="t"),
    Case("ShieldCanaryMissing", "turned off",
         {**one("shield_canary_last_run_timestamp_seconds", "0x60", 'route="t"'),
          **one("shield_canary_interval_seconds", "0x60")}, "40m", QUIET),
    *pair("ShieldUnknownMediaType", "5m",
          one("shield_refusals_total", "0 0 1x9", 'code="media_type_unsupported"'),
          one("shield_refusals_total", "0 0 1x9", 'code="route_not_found"')),
    *pair("ShieldAuditUnhealthy", "3m", audit("1 1 0x9"), audit("1x9")),
    *pair("ShieldCheckpointStale", "5m", audit(signed_at="0x600", signed="0x600"),
          audit(signed_at="0x600", size="1x600", signed="0x600")),
    *pair("ShieldAnchorDisagrees", "5m", one("shield_audit_anchor_disagrees", "0 0 1x9", 'anchor="vault"'),
          one("shield_audit_anchor_disagrees", "0x9", 'anchor="vault"'), anchor="vault"),
    *pair("ShieldAnchorStale", "20m", anchored("0x60"), anchored("0+60x60"), anchor="vault"),
    *pair("ShieldAuditDiskFilling", "40m",
          {**one("shield_audit_filesystem_free_bytes", "5x60"),
           **one("shield_audit_filesystem_size_bytes", "100x60")},
          {**one("shield_audit_filesystem_free_bytes", "50x60"),
           **one("shield_audit_filesystem_size_bytes", "100x60")}),
    Case("ShieldAuditDiskFilling", "full in a day",
         {**one("shield_audit_filesystem_free_bytes", "9000-10x60"),
          **one("shield_audit_filesystem_size_bytes", "10000x60")}, "40m", FIRES),
    *pair("ShieldSaturated", "5m", one("shield_refusals_total", "0 0 3x9", 'code="saturated"'),
          one("shield_refusals_total", "3x9", 'code="saturated"')),
    *pair("ShieldNearLimit", "9m",
          {**one("shield_requests_in_flight", "9x20"), **one("shield_requests_in_flight_limit", "10x20")},
          {**one("shield_requests_in_flight", "7x20"), **one("shield_requests_in_flight_limit", "10x20")}),
    *pair("ShieldWorkerBusy", "20m",
          {**one("shield_inspection_busy_seconds_total", "0+59x30"),
           **one("shield_inspection_workers", "1x30")},
          {**one("shield_inspection_busy_seconds_total", "0+59x30"),
           **one("shield_inspection_workers", "2x30")}),
    *pair("ShieldAuditLogBegunAnew", "3m", one("shield_audit_log_begun_anew", "0 1x9"),
          one("shield_audit_log_begun_anew", "0x9")),
    *pair("ShieldDigestKeyLost", "3m", one("shield_audit_digest_key_lost", "0 1x9"),
          one("shield_audit_digest_key_lost", "0x9")),
    *pair("ShieldAuditSlow", "20m", commits("0+40x30"), commits("0+190x30")),
    Case("ShieldAuditSlow", "a disk that does not answer",
         one("shield_audit_commit_pending_seconds", "0 6+60x30"), "20m", FIRES),
    Case("ShieldAuditSlow", "syncs of a second now and then",
         one("shield_audit_commit_pending_seconds", "0 1 0 0 1 6 0x30"), "20m", QUIET),
    *pair("ShieldEventLoopLag", "20m",
          {**one("shield_event_loop_lag_seconds_bucket", "0+200x30", 'le="0.1"'),
           **one("shield_event_loop_lag_seconds_bucket", "0+240x30", 'le="0.25"'),
           **one("shield_event_loop_lag_seconds_bucket", "0+240x30", 'le="+Inf"')},
          {**one("shield_event_loop_lag_seconds_bucket", "0+240x30", 'le="0.1"'),
           **one("shield_event_loop_lag_seconds_bucket", "0+240x30", 'le="+Inf"')}),
    *pair("ShieldWorkersMissing", "5m",
          {**one("shield_workers_wanted", "2x9"), **one("shield_workers", "2 1x9", 'state="ready"'),
           **one("shield_workers", "0 1x9", 'state="starting"')},
          {**one("shield_workers_wanted", "2x9"), **one("shield_workers", "2 1 2 3 2x9", 'state="ready"')}),
    *pair("ShieldWorkerEnded", "10m", one("shield_worker_exits_total", "0 0 1x20", 'reason="killed"'),
          one("shield_worker_exits_total", "0 0 1x20", 'reason="memory"')),
    Case("ShieldWorkerEnded", "a reason that had no series",
         one("shield_worker_exits_total", "_x4 1x20", 'reason="audit_unavailable"'), "10m", FIRES),
    Case("ShieldWorkerEnded", "over for long", one("shield_worker_exits_total", "1x40", 'reason="killed"'),
         "30m", QUIET),
    *pair("ShieldRollingReloadRefused", "5m",
          one("shield_rolling_reloads_total", "0 0 1x9", 'result="refused"'),
          one("shield_rolling_reloads_total", "0 0 1x9", 'result="ok"')),
    *pair("ShieldRollingReloadUnfinished", "5m", one("shield_rolling_reload_unfinished", "0 1x9"),
          one("shield_rolling_reload_unfinished", "0 1 0x9")),
    *pair("ShieldCompanionEnded", "5m", one("shield_companion_exits_total", "0 0 1x9", 'companion="console"'),
          one("shield_companion_exits_total", "1x9", 'companion="console"')),
    *pair("ShieldReloadRefused", "3m", one("shield_config_last_reload_successful", "1 0x9"),
          one("shield_config_last_reload_successful", "1x9")),
    *pair("ShieldCertificateExpires", "10m", certificate(90, 6), certificate(90, 8)),
    Case("ShieldCertificateExpires", "one of a day, half of it over", certificate(1, 0.5), "10m", QUIET),
    *pair("ShieldCertificateExpired", "10m", certificate(90, 0), certificate(90, 1)),
    *pair("ShieldInstancesDiffer", "20m", configurations("one", "two"), configurations("one", "one")),
    Case("ShieldInstancesDiffer", "by detector", configurations("one", "one", ("d", "e")), "20m", FIRES),
    Case("ShieldInstancesDiffer", "a rollout", configurations("one", "two"), "10m", QUIET),
    *pair("ShieldUpstreamFailing", "20m",
          {**one("shield_upstream_responses_total", "0+10x30", 'upstream="s",class="5xx"'),
           **one("shield_upstream_responses_total", "0+90x30", 'upstream="s",class="2xx"')},
          {**one("shield_upstream_responses_total", "0+1x30", 'upstream="s",class="none"'),
           **one("shield_upstream_responses_total", "0+99x30", 'upstream="s",class="2xx"')}, upstream="s"),
    *pair("ShieldUpstreamEndpointDown", "20m",
          one("shield_upstream_endpoint_available", "0x30", 'upstream="s",endpoint="a:1"'),
          one("shield_upstream_endpoint_available", "1x30", 'upstream="s",endpoint="a:1"'),
          upstream="s", endpoint="a:1"),
    *pair("ShieldUpstreamUnresolved", "15m",
          one("shield_upstream_unresolved_total", "0+9x20", 'upstream="s",endpoint="a:1"'),
          one("shield_upstream_unresolved_total", "0 9x20", 'upstream="s",endpoint="a:1"'), upstream="s"),
    *drift_cases(),
    # A scrape failed: its series are gone until the next one.
    Case("ShieldAuditUnhealthy", "while a scrape fails", audit("1 0 0 stale"), "3m", FIRES),
    Case("ShieldCertificateExpired", "while a scrape fails",
         one("shield_certificate_not_after_timestamp_seconds", "60x3 stale", 'certificate="c"'), "4m", FIRES),
    Case("ShieldNearLimit", "in spite of scrapes that fail",
         {**one("shield_requests_in_flight", "9 9 9 stale 9 9 stale 9 9"),
          **one("shield_requests_in_flight_limit", "10 10 10 stale 10 10 stale 10 10")}, "8m", FIRES),
    Case("ShieldBypass", "ten minutes after a scrape failed",
         one("shield_bypasses_total", "3x9 stale 3x20", 'route="t",reason="r"'), "20m", QUIET),
    *(Case("ShieldBypass", what,
           {**one("shield_bypasses_total", f"{before} stale _x{gap} {after}x30", 'route="t",reason="r"'),
            **one("process_start_time_seconds", f"1x20 stale _x{gap} {started}x30", 'worker="supervisor"')},
           at, fires)
      for what, before, gap, after, started, at, fires in (
          ("that was told before scrapes failed", "3x20", 4, 3, 1, "36m", QUIET),
          ("that was told before scrapes failed for long", "3x20", 19, 3, 1, "45m", QUIET),
          ("while scrapes failed", "3x20", 19, 4, 1, "45m", FIRES),
          ("of a process that started while scrapes failed", "3x20", 19, 3, 30, "45m", FIRES),
          ("of a process that went on, its first", "_x20", 19, 3, 1, "45m", FIRES),
      )),
    Case("ShieldWorkerEnded", "a quarter of an hour after a scrape failed",
         one("shield_worker_exits_total", "3x9 stale 3x30", 'reason="killed"'), "25m", QUIET),
    Case("ShieldAuditUnhealthy", "of an instance that was taken away", audit("1 0 0 stale"), "5m", QUIET),
]  # fmt: skip

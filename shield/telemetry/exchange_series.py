"""Series of exchanges: their number, durations and bytes."""

from __future__ import annotations

from shield.telemetry.declarations import LATENCY_BUCKETS, Declarations

STAGE_BUCKETS = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0)


class ExchangeSeries:
    """All but that of the stages by route; `Metrics.route` makes their children."""

    def __init__(self, declarations: Declarations) -> None:
        counter, histogram = declarations.counter, declarations.histogram
        self.requests = counter(
            "shield_requests_total", "Exchanges that ended, by how they ended.", "route", "outcome"
        )
        self.duration = histogram(
            "shield_request_duration_seconds",
            "From the parsed request head to the end of the reply.",
            LATENCY_BUCKETS,
            "route",
        )
        self.added_latency = histogram(
            "shield_added_latency_seconds",
            "What the shield added: the duration without the client's upload, the upstream's time and "
            "the download.",
            LATENCY_BUCKETS,
            "route",
        )
        self.stages = histogram(
            "shield_stage_duration_seconds", "Time of one stage of an exchange.", STAGE_BUCKETS, "stage"
        )
        self.bodies = counter(
            "shield_request_bodies_total",
            "Bodies received, by the media types that the configuration names; `other` came by a pattern.",
            "route",
            "media_type",
        )
        self.body_bytes = counter(
            "shield_request_body_bytes_total", "Bytes of request bodies received, as on the wire.", "route"
        )
        self.forwarded_bytes = counter(
            "shield_forwarded_body_bytes_total", "Bytes of request bodies sent to upstreams.", "route"
        )
        self.inspected_bytes = counter(
            "shield_inspected_bytes_total", "Bytes of text that were forwarded after inspection.", "route"
        )
        self.uninspected_bytes = counter(
            "shield_uninspected_bytes_total",
            "Bytes forwarded without inspection, by a rule of the configuration or by a bypass.",
            "route",
            "reason",
        )
        self.unlearned_characters = counter(
            "shield_unlearned_characters_total",
            "Letters forwarded that the model has not learned: patterns and phrases alone read them.",
            "route",
        )

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry

from shield.analyzer.remembered import RememberedFindings
from shield.anonymizer.engine import Anonymizer
from shield.anonymizer.loading import load_operators
from shield.app.sampling import SAMPLE, sampled_heart
from shield.domain import DetectorSpec, Limits, OperatorSpec, Policy
from shield.payload.codecs import CodecRegistry
from shield.payload.header_value import decode_field
from shield.payload.media_type import MediaType
from shield.payload.selectors import FieldRules
from shield.redactor import Redactor
from shield.telemetry.recognizer_series import RecognizerTimes
from tests.unit.analyzer.built import analyzer_of

SPEC = DetectorSpec(("en",), "none", ("default",))
POLICY = Policy("p", "", {"EMAIL_ADDRESS": OperatorSpec("replace")}, detector=SPEC)


def test_one_inspection_in_many_is_timed_and_none_comes_out_differently() -> None:
    registry = CollectorRegistry()
    redactor = Redactor(
        CodecRegistry.default(),
        {SPEC: analyzer_of(SPEC)},
        Anonymizer({}, load_operators({"replace"}), os.urandom),
    )
    heart = sampled_heart(redactor, RecognizerTimes(registry))
    seconds, inspections = "shield_recognizer_sampled_seconds_total", "shield_sampled_inspections_total"
    assert registry.get_sample_value(seconds, {"recognizer": "EmailRecognizer"}) == 0
    before = 0.0
    for number in range(2 * SAMPLE + 1):
        redaction = heart.redact(
            b"write to maria@example.com",
            MediaType.parse("text/plain"),
            POLICY,
            limits=Limits(),
            rules=FieldRules.compile(()),
        )
        assert redaction.body == b"write to <EMAIL_ADDRESS>"
        assert registry.get_sample_value(inspections) == number // SAMPLE + 1
        took = registry.get_sample_value(seconds, {"recognizer": "EmailRecognizer"}) or 0.0
        assert (took > before) is (number % SAMPLE == 0)
        before = took
    assert registry.get_sample_value(seconds, {"recognizer": "scan"})


def test_what_is_known_to_hold_nothing_is_asked_of_the_memory_that_all_share() -> None:
    """Otherwise a request with known header fields would wait for a thread."""
    redactor = Redactor(
        CodecRegistry.default(),
        {SPEC: analyzer_of(SPEC)},
        Anonymizer({}, load_operators({"replace"}), os.urandom),
        RememberedFindings(1 << 20, b"k" * 32),
    )
    heart = sampled_heart(redactor, RecognizerTimes(CollectorRegistry()))
    field = decode_field("x-note", 0, b"nothing here", limits=Limits())
    pieces = [(it.text, it.location, it.kind.value) for it in field.segments]
    assert not heart.nothing_in("header", pieces, POLICY)
    heart.redact_document(field, POLICY)
    assert heart.nothing_in("header", pieces, POLICY)

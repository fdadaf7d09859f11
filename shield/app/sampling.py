"""Times one inspection in many by recognizer; the others cost only a count."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, replace
from typing import Any, Protocol

from shield.analyzer.timed import PARTS, timed
from shield.domain import Placed, Redaction
from shield.redactor import Heart, Redactor
from shield.telemetry.recognizer_series import RecognizerTimes

SAMPLE = 64
"""One of so many inspections is timed."""


class Sample(Protocol):
    """Called for each inspection that is part of the sample."""

    def sampled(self) -> None: ...


@dataclass(frozen=True, slots=True)
class SampledHeart(Heart):
    """A heart of two redactors with the same results, the second of which reports its recognizers' times."""

    usual: Redactor
    timed: Redactor
    times: Sample
    numbers: itertools.count[int]

    def one(self) -> Redactor:
        if next(self.numbers) % SAMPLE:  # one step of the interpreter: no two threads get the same number
            return self.usual
        self.times.sampled()
        return self.timed

    def nothing_in(self, *arguments: Any, **named: Any) -> bool:
        return self.usual.nothing_in(*arguments, **named)

    def redact(self, *arguments: Any, **named: Any) -> Redaction:
        return self.one().redact(*arguments, **named)

    def redact_document(self, *arguments: Any, **named: Any) -> Redaction:
        return self.one().redact_document(*arguments, **named)

    def review(self, *arguments: Any, **named: Any) -> tuple[Placed, ...]:
        return self.usual.review(*arguments, **named)


def sampled_heart(redactor: Redactor, times: RecognizerTimes) -> SampledHeart:
    """The heart of a proxy: every 64th inspection, the first included, reports to `times`.

    Processor time of the thread is measured, so that other threads and waiting for a turn do not count.
    """
    analyzers = {
        spec: timed(analyzer, time.thread_time, times.note) for spec, analyzer in redactor.analyzers.items()
    }
    for analyzer in analyzers.values():
        times.begin((*analyzer.recognizers, *PARTS))
    return SampledHeart(redactor, replace(redactor, analyzers=analyzers), times, itertools.count())

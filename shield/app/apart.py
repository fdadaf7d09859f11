"""The process that inspects large bodies (`shield.proxy.apart` is its parent's side).

python -m shield.app.apart FD

FD is its end of the socket pair. It builds detectors when a body first needs them, as the proxy does; if they
would differ from the proxy's (a recognizer was since exchanged on disk), it refuses.
"""

from __future__ import annotations

import itertools
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from shield.analyzer.attempt import Attempt
from shield.analyzer.engine import Analyzer
from shield.analyzer.remembered import RememberedFindings
from shield.analyzer.tagger_ner import shipped
from shield.analyzer.timed import timed
from shield.anonymizer.engine import Anonymizer, load_operators
from shield.app.garbage import collect_seldom
from shield.app.heart import MEMORY_KEY_BYTES, analyzer_of
from shield.app.sampling import SampledHeart
from shield.app.two_attempts import TwoAttempts
from shield.domain import Check, DetectorSpec, Redaction
from shield.errors import DetectionIncompleteError, ShieldError
from shield.foreign_errors import failed
from shield.payload.codecs import CodecRegistry
from shield.payload.selectors import FieldRules
from shield.proxy.apart_messages import (
    LACKS_RESOURCES,
    READY,
    Answer,
    Prepare,
    Request,
    Setup,
    Times,
    receive,
    send,
)
from shield.redactor import Heart, Manner, Redactor

NICE = 10
"""Its nice value: usual bodies come first where there are not enough cores."""


class _Analyzers(dict[DetectorSpec, Analyzer]):
    """Builds an analyzer when it is first asked for. Raises ConfigError where it cannot be built."""

    def __init__(self) -> None:
        super().__init__()
        self.models = shipped()

    def __missing__(self, spec: DetectorSpec) -> Analyzer:
        self[spec] = analyzer = analyzer_of(spec, self.models)
        return analyzer


@dataclass(slots=True)
class _Sample:
    """What is measured of the current inspection, if it is in the sample."""

    seconds: dict[str, float] | None = None
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def sampled(self) -> None:
        self.seconds = {}

    def note(self, name: str, seconds: float) -> None:
        if self.seconds is not None:
            self.seconds[name] = self.seconds.get(name, 0.0) + seconds

    def taken(self) -> Times | None:
        seconds, self.seconds = self.seconds, None
        return None if seconds is None else tuple(seconds.items())


class _TimedAnalyzers(dict[DetectorSpec, Analyzer]):
    """The same analyzers, with the processor time of their recognizers measured."""

    def __init__(self, analyzers: _Analyzers, sample: _Sample) -> None:
        super().__init__()
        self._analyzers = analyzers
        self._sample = sample

    def __missing__(self, spec: DetectorSpec) -> Analyzer:
        self[spec] = analyzer = timed(self._analyzers[spec], time.thread_time, self._sample.note)
        return analyzer


class Inspections:
    """Answers requests, one by one. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float], random: Callable[[int], bytes]) -> None:
        self._clock = clock
        self._random = random
        self._analyzers = _Analyzers()
        self._sample = _Sample()
        self._attempts = TwoAttempts(clock)
        self._heart: Heart | None = None

    def begin(self, setup: Setup) -> None:
        """Use this configuration from now on. Raises ConfigError; then nothing more is answered."""
        self._heart = None
        self._analyzers.models = shipped()  # files may have changed since the previous configuration
        memory = RememberedFindings(setup.memory, self._random(MEMORY_KEY_BYTES)) if setup.memory else None
        anonymizer = Anonymizer(setup.keys, load_operators(setup.operators), self._random)
        usual = Redactor(CodecRegistry.default(), self._analyzers, anonymizer, memory)
        noting = replace(usual, analyzers=_TimedAnalyzers(self._analyzers, self._sample))
        self._heart = SampledHeart(usual, noting, self._sample, self._sample.numbers)

    def prepare(self, message: Prepare) -> None:
        """Build and warm detectors. Raises ConfigError, and DetectionIncompleteError where they differ."""
        analyzer = self._analyzers[message.detector]
        if self._heart is None or analyzer.digest != message.digest:
            raise DetectionIncompleteError
        analyzer.warm()
        collect_seldom()

    def answer(self, request: Request) -> Answer:
        """Inspect; returns the result. Raises ShieldError."""
        try:
            redaction = self._inspect(request)
        finally:
            times = self._sample.taken()
        return Answer.of(redaction, request, times)._replace(hangs=self._attempts.hangs)

    def _inspect(self, request: Request) -> Redaction:
        now = self._clock()
        end = now + request.seconds
        heart = self._heart
        if heart is None or self._analyzers[request.policy.detector].digest != request.detector:
            raise DetectionIncompleteError
        heart = heart.one()

        def inspect(check: Check, attempt: Attempt | None = None) -> Redaction:
            return heart.redact(
                request.body,
                request.media_type,
                request.policy,
                limits=request.limits,
                rules=FieldRules.compile(request.rules, request.names),
                manner=Manner(check=check, attempt=attempt, dry=request.dry),
            )

        if request.rest is None:
            return inspect(self._attempts.until(end))
        return self._attempts.run(inspect, now + request.rest, end)


def serve(connection: socket.socket, inspections: Inspections) -> None:
    """Serve until the other end is closed. Any failure is answered with an error."""
    while True:
        try:
            message = receive(connection)
            answer = _answer(message, inspections)
            if answer is not None:
                send(connection, answer)
        except (EOFError, OSError):
            return


def _answer(message: object, inspections: Inspections) -> Answer | ShieldError | str | None:
    """The answer to a message; None for one that is not answered."""
    try:
        if isinstance(message, Setup):
            inspections.begin(message)
            return None
        if isinstance(message, Prepare):
            inspections.prepare(message)
            return READY
        if isinstance(message, Request):
            return inspections.answer(message)
    except ShieldError as error:
        return None if isinstance(message, Setup) else error.with_traceback(None)
    except Exception as error:  # noqa: BLE001  # whatever is raised may carry the text
        return None if isinstance(message, Setup) else failed(error, DetectionIncompleteError())
    return DetectionIncompleteError()


def main(arguments: Sequence[str]) -> int:
    """Serve one parent to its end; returns the exit status."""
    # Its parent ends it by closing the pair, however the parent itself ends.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):  # a sandbox may forbid it
        os.nice(NICE)
    with socket.socket(fileno=int(arguments[0])) as connection:
        try:
            serve(connection, Inspections(time.monotonic, os.urandom))
        except MemoryError:
            return LACKS_RESOURCES
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

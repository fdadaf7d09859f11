"""The process that inspects large bodies gives the same results as the heart in this process, or an error."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import Any

import pytest

from shield.analyzer.attempt import Attempt
from shield.app import apart as app_apart
from shield.app.apart import Inspections, serve
from shield.app.checking import checked_analyzers
from shield.app.heart import build_redactor, setup_of
from shield.audit.found import summarize
from shield.config.loader import Loaded, load_text
from shield.domain import FieldAction, FieldRule, Limits, Policy, Redaction
from shield.errors import (
    DeadlineExceededError,
    DetectionIncompleteError,
    MalformedBodyError,
    ResourcesExhaustedError,
    ShieldError,
    TooManySegmentsError,
)
from shield.payload.field_names import FieldNames
from shield.payload.media_type import MediaType
from shield.payload.selectors import FieldRules
from shield.proxy.apart import AGAIN_SECONDS, Apart, InspectionProcess, ProcessWatch
from shield.proxy.apart_messages import (
    BESIDE_BYTES,
    LACKS_RESOURCES,
    SLICE,
    Answer,
    Prepare,
    Request,
    Setup,
    Times,
    receive,
    send,
)
from shield.redactor import Manner

CONFIG = b"""
version: 1
listeners: {proxy: {host: 127.0.0.1, port: 8080}, admin: {host: 127.0.0.1, port: 9090}}
upstreams: {store: {url: "http://127.0.0.1:8081"}}
keys: {pseudonyms: "${env:KEY}"}
policies:
  default:
    detector: {model: none}
    entities: {EMAIL_ADDRESS: {operator: hash, key: pseudonyms}, US_SSN: {operator: replace}}
routes:
  - {name: tickets, match: {path: "/{rest...}", methods: [POST]}, upstream: store, policy: default}
audit: {directory: state/audit, origin: test.example/apart}
"""
NAMES = FieldNames(frozenset({"comments", "body"}))
KEY = "0123456789abcdef0123456789abcdef"
JSON = MediaType.parse("application/json")
BODY = b'{"comments": [' + b",".join(b'{"body": "write to jon%d@example.com"}' % i for i in range(50)) + b"]}"
FAKE = """
import socket, sys, time
from shield.domain import Redaction
from shield.proxy.apart_messages import READY, Answer, receive, send
with socket.socket(fileno=int(sys.argv[1])) as connection:
    receive(connection)
    receive(connection)
    send(connection, READY)
    receive(connection)
    {then}
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return load_text(CONFIG, "shield.yaml", {"KEY": KEY}, tmp_path_factory.mktemp("apart"))


@pytest.fixture(scope="module")
def local(loaded: Loaded) -> Any:
    return build_redactor(loaded.settings, checked_analyzers(loaded, {}), os.urandom)


@pytest.fixture(scope="module")
def process() -> Iterator[InspectionProcess]:
    process = InspectionProcess(_real, ProcessWatch(), time.monotonic, time.sleep)
    yield process
    process.close()


def _real(descriptor: int) -> Sequence[str]:
    return (sys.executable, "-P", "-m", "shield.app.apart", str(descriptor))


def _fake(then: str) -> InspectionProcess:
    def command(descriptor: int) -> Sequence[str]:
        return (sys.executable, "-P", "-c", FAKE.format(then=then), str(descriptor))

    return InspectionProcess(command, ProcessWatch(), time.monotonic, time.sleep)


def _policy(loaded: Loaded) -> Policy:
    return loaded.settings.policies["default"]


def _apart(loaded: Loaded, local: Any, process: InspectionProcess) -> Apart:
    """An `Apart` whose process is ready."""
    digests = {spec: analyzer.digest for spec, analyzer in local.analyzers.items()}
    apart = Apart(process, setup_of(loaded.settings), digests, time.monotonic)
    assert apart.becomes_ready(_policy(loaded).detector, 60.0)
    return apart


def _redact(heart: Any, loaded: Loaded, body: bytes = BODY, limits: Limits | None = None) -> Redaction:
    rules = FieldRules.compile((FieldRule("$.comments[3]", FieldAction.DROP),), NAMES)
    redaction = heart.redact(body, JSON, _policy(loaded), limits=limits or Limits(), rules=rules)
    assert isinstance(redaction, Redaction)
    return redaction


def _sent(loaded: Loaded, detector: str = "sha256:any", *, findings: bool = True) -> Request:
    return Request(
        BODY,
        JSON,
        _policy(loaded),
        Limits(),
        (),
        NAMES,
        dry=False,
        findings=findings,
        detector=detector,
        seconds=30.0,
    )


def test_it_redacts_as_the_heart_here_does(loaded: Loaded, local: Any, process: InspectionProcess) -> None:
    heart = _apart(loaded, local, process).heart(local, time.monotonic() + 60)
    here, there = _redact(local, loaded), _redact(heart, loaded)
    assert len(here.findings) == 49
    assert here.findings[0].path == "$.comments[0].body"
    assert there._replace(looked_up=0, remembered=0) == here


@pytest.mark.parametrize(
    ("body", "limits", "error"),
    [(b'{"a": ', None, MalformedBodyError), (BODY, Limits(segments=3), TooManySegmentsError)],
)
def test_its_errors_are_those_of_the_heart(  # noqa: PLR0917  # fixtures and a table
    loaded: Loaded,
    local: Any,
    process: InspectionProcess,
    body: bytes,
    limits: Limits | None,
    error: type[ShieldError],
) -> None:
    heart = _apart(loaded, local, process).heart(local, time.monotonic() + 60)
    with pytest.raises(error) as there:
        _redact(heart, loaded, body, limits)
    with pytest.raises(error) as here:
        _redact(local, loaded, body, limits)
    assert vars(there.value) == vars(here.value)
    assert _redact(heart, loaded).changed  # and it continues


def test_where_the_patterns_are_enough_they_leave_what_they_leave_here(
    loaded: Loaded, local: Any, process: InspectionProcess
) -> None:
    attempt = Attempt(reduced=True)
    rules = FieldRules.compile((FieldRule("$.comments[3]", FieldAction.DROP),), NAMES)

    def redact(heart: Any) -> Redaction:
        manner = Manner(attempt=attempt)
        redaction = heart.redact(BODY, JSON, _policy(loaded), limits=Limits(), rules=rules, manner=manner)
        assert isinstance(redaction, Redaction)
        return redaction

    now = time.monotonic()
    there = redact(_apart(loaded, local, process).heart(local, now + 60, rest=now + 50))
    here = redact(local)
    assert there == here
    assert there.remainder is not None
    assert len(there.remainder.segments) > SLICE / 4


@pytest.mark.parametrize(("rest", "reduced"), [(50.0, False), (-1.0, True)])
def test_it_makes_do_with_the_patterns_once_the_time_of_the_rest_is_over(
    loaded: Loaded, local: Any, process: InspectionProcess, rest: float, *, reduced: bool
) -> None:
    now = time.monotonic()
    heart = _apart(loaded, local, process).heart(local, now + 60, rest=now + rest)
    redaction = _redact(heart, loaded)
    assert redaction.changed
    assert (redaction.remainder is not None) is reduced


def test_one_in_which_something_hangs_is_ended_once_it_has_answered(loaded: Loaded, local: Any) -> None:
    process = _fake("send(connection, Answer(Redaction(b'x'), same=False, hangs=True)); time.sleep(600)")
    heart = _apart(loaded, local, process).heart(local, time.monotonic() + 60)
    assert _redact(heart, loaded).body == b"x"
    assert process.pid is None


def test_one_that_is_killed_is_followed_by_another(
    loaded: Loaded, local: Any, process: InspectionProcess
) -> None:
    apart = _apart(loaded, local, process)
    _redact(apart.heart(local, time.monotonic() + 60), loaded)
    before = process.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    with pytest.raises(ResourcesExhaustedError):  # by the kernel, as far as it knows
        _redact(apart.heart(local, time.monotonic() + 60), loaded)
    assert process.pid is None
    assert _redact(apart.heart(local, time.monotonic() + 60), loaded).changed  # here, meanwhile
    _apart(loaded, local, process)
    assert process.pid not in {None, before}


@pytest.mark.parametrize("call", ["receive", "send"])
def test_one_without_memory_for_a_message_says_so_by_its_exit_status(
    call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(app_apart, call, fails)
    monkeypatch.setattr(app_apart.signal, "signal", lambda *_: None)
    monkeypatch.setattr(app_apart.resource, "setrlimit", lambda *_: None)
    monkeypatch.setattr(app_apart.os, "nice", lambda _: None)
    ours, theirs = socket.socketpair()
    with ours:
        send(ours, "no message")
        assert app_apart.main([str(theirs.detach())]) == LACKS_RESOURCES


def test_where_its_exit_status_says_so_there_was_no_memory(loaded: Loaded, local: Any) -> None:
    process = _fake(f"sys.exit({LACKS_RESOURCES})")
    with pytest.raises(ResourcesExhaustedError):
        _redact(_apart(loaded, local, process).heart(local, time.monotonic() + 60), loaded)


def test_no_time_left_is_no_result(loaded: Loaded, local: Any, process: InspectionProcess) -> None:
    heart = _apart(loaded, local, process).heart(local, time.monotonic() - 1)
    with pytest.raises(DeadlineExceededError):
        _redact(heart, loaded)


def test_one_that_hangs_is_killed(loaded: Loaded, local: Any) -> None:
    process = _fake("time.sleep(600)")
    heart = _apart(loaded, local, process).heart(local, time.monotonic() + 0.5)
    with pytest.raises(DeadlineExceededError):
        _redact(heart, loaded)
    assert process.pid is None


@pytest.mark.parametrize(
    "then", ["sys.exit(1)", "send(connection, 'no answer')", "connection.sendall(bytes(7) + b'xx')"]
)
def test_what_is_no_answer_is_an_incomplete_detection(loaded: Loaded, local: Any, then: str) -> None:
    process = _fake(then)
    heart = _apart(loaded, local, process).heart(local, time.monotonic() + 60)
    with pytest.raises(DetectionIncompleteError):
        _redact(heart, loaded)
    assert process.pid is None


def test_closing_ends_it_and_what_waits_for_it(loaded: Loaded, local: Any) -> None:
    process = _fake("time.sleep(600)")
    heart = _apart(loaded, local, process).heart(local, time.monotonic() + 60)
    raised: list[BaseException] = []

    def wait() -> None:
        try:
            _redact(heart, loaded)
        except ShieldError as error:
            raised.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not process._lock.locked():
        threading.Event().wait(0.01)
    process.close()
    waiting.join(30)
    assert [type(error) for error in raised] == [DetectionIncompleteError]
    assert process.pid is None
    assert not process.is_ready(setup_of(loaded.settings), _policy(loaded).detector, "sha256:any")


def test_closing_does_not_wait_for_one_that_is_being_prepared(loaded: Loaded) -> None:
    closing: list[threading.Thread] = []

    def command(descriptor: int) -> Sequence[str]:
        # In the middle of its start, when there is nothing that `close` could kill yet.
        thread = threading.Thread(target=process.close)
        thread.start()
        closing.append(thread)  # whoever waits for it finds a running one
        while not process._closed.is_set():
            threading.Event().wait(0.01)
        return (sys.executable, "-c", "import time; time.sleep(600)", str(descriptor))

    process = InspectionProcess(command, ProcessWatch(), time.monotonic, time.sleep)
    assert not process.is_ready(setup_of(loaded.settings), _policy(loaded).detector, "sha256:any")
    while not closing:
        threading.Event().wait(0.01)
    closing[0].join(30)  # its preparation would take much longer
    assert not closing[0].is_alive()
    assert process.pid is None


def test_waits_memory_and_a_sample_of_times_are_told(loaded: Loaded, local: Any) -> None:
    waits: list[float] = []
    samples: list[Times] = []
    watch = ProcessWatch(waited=waits.append, timed=samples.append)
    process = InspectionProcess(_real, watch, time.monotonic, time.sleep)
    assert process.resident_bytes == 0
    apart = _apart(loaded, local, process)
    for _ in range(2):
        _redact(apart.heart(local, time.monotonic() + 60), loaded)
    assert process.resident_bytes > 10_000_000
    process.close()
    assert process.resident_bytes == 0
    assert len(waits) == 2
    assert min(waits) >= 0.0
    (times,) = samples  # the first of every 64
    assert dict(times)["EmailRecognizer"] > 0
    assert dict(times)["scan"] > 0


def test_one_that_does_not_start_leaves_the_work_to_threads(loaded: Loaded, local: Any) -> None:
    started: list[int] = []
    process = InspectionProcess(
        lambda _: ("/nonexistent",), ProcessWatch(lambda: started.append(1)), time.monotonic, time.sleep
    )
    digests = {spec: analyzer.digest for spec, analyzer in local.analyzers.items()}
    apart = Apart(process, setup_of(loaded.settings), digests, time.monotonic)
    assert not apart.becomes_ready(_policy(loaded).detector, 60.0)
    assert not apart.is_ready(_policy(loaded).detector)
    assert not process._preparing  # not retried at once
    assert not started
    assert _redact(apart.heart(local, time.monotonic() + 60), loaded).changed


def test_without_a_thread_to_prepare_it_threads_inspect_and_it_is_tried_again(
    loaded: Loaded, local: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_thread(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    now = [0.0]
    process = InspectionProcess(_real, ProcessWatch(), lambda: now[0], time.sleep)
    digests = {spec: analyzer.digest for spec, analyzer in local.analyzers.items()}
    apart = Apart(process, setup_of(loaded.settings), digests, time.monotonic)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", no_thread)
        assert not apart.is_ready(_policy(loaded).detector)
    assert _redact(apart.heart(local, time.monotonic() + 60), loaded).changed  # here, meanwhile
    assert not apart.is_ready(_policy(loaded).detector)
    assert not process._preparing  # not at once
    now[0] = AGAIN_SECONDS
    _apart(loaded, local, process)
    assert process.pid is not None
    process.close()


def test_other_detectors_are_never_ready(loaded: Loaded, process: InspectionProcess) -> None:
    setup = setup_of(loaded.settings)
    assert not process.becomes_ready(setup, _policy(loaded).detector, "sha256:another", 60.0)
    assert process.pid is None


def test_a_preparation_is_waited_for_no_longer_than_asked(loaded: Loaded) -> None:
    def command(descriptor: int) -> Sequence[str]:
        return (sys.executable, "-c", "import time; time.sleep(600)", str(descriptor))

    process = InspectionProcess(command, ProcessWatch(), time.monotonic, time.sleep)
    setup = setup_of(loaded.settings)
    for seconds in (-1.0, 0.0, 0.01):
        assert not process.becomes_ready(setup, _policy(loaded).detector, "sha256:any", seconds)
    assert process._preparing
    process.close()
    assert not process.becomes_ready(setup, _policy(loaded).detector, "sha256:any", 60.0)


def test_it_ends_with_its_parent() -> None:
    ours, theirs = socket.socketpair()
    served = threading.Thread(target=serve, args=(theirs, Inspections(time.monotonic, os.urandom)))
    served.start()
    ours.close()
    served.join(30)
    theirs.close()
    assert not served.is_alive()


@pytest.fixture
def served() -> Iterator[socket.socket]:
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=serve, args=(theirs, Inspections(time.monotonic, os.urandom)))
    thread.start()
    yield ours
    ours.close()
    thread.join(30)
    theirs.close()


def test_other_detectors_than_the_proxys_are_no_result(served: socket.socket, loaded: Loaded) -> None:
    send(served, setup_of(loaded.settings))
    send(served, _sent(loaded))
    assert isinstance(receive(served), DetectionIncompleteError)


def test_a_request_before_any_setup_is_no_result(served: socket.socket, loaded: Loaded) -> None:
    send(served, _sent(loaded))
    assert isinstance(receive(served), DetectionIncompleteError)


def test_a_setup_that_cannot_be_had_is_no_result(served: socket.socket, loaded: Loaded) -> None:
    send(served, Setup(MappingProxyType({}), frozenset({"no such operator"}), 0))
    send(served, _sent(loaded))
    assert isinstance(receive(served), DetectionIncompleteError)
    send(served, Prepare(_policy(loaded).detector, "sha256:any"))
    assert isinstance(receive(served), DetectionIncompleteError)


@pytest.mark.parametrize(
    ("raised", "answered"), [(MemoryError, ResourcesExhaustedError), (ValueError, DetectionIncompleteError)]
)
def test_what_is_raised_there_is_answered_without_its_text(
    loaded: Loaded,
    served: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
    raised: type[Exception],
    answered: type[ShieldError],
) -> None:
    def fails(*_: object) -> None:
        raise raised("jon1@example.com")

    monkeypatch.setattr(Inspections, "answer", fails)
    send(served, _sent(loaded))
    answer = receive(served)
    assert type(answer) is answered
    assert "jon1" not in repr(answer)


def test_an_unknown_message_is_no_result(served: socket.socket) -> None:
    send(served, {"what": "is this"})
    assert isinstance(receive(served), DetectionIncompleteError)


def test_an_answer_is_whole_again_and_others_go_on_while_many_findings_are_read(
    loaded: Loaded, local: Any
) -> None:
    redaction = _redact(local, loaded)
    for times, slices in ((1, 1), (20, 4)):
        many = redaction._replace(findings=redaction.findings * times)
        rests = itertools.count()
        assert Answer.of(many, _sent(loaded)).whole(_sent(loaded), rests.__next__) == many
        assert next(rests) == slices - 1


def test_where_no_finding_is_wanted_their_summary_goes_back(loaded: Loaded, local: Any) -> None:
    redaction, request = _redact(local, loaded), _sent(loaded, findings=False)
    whole = Answer.of(redaction, request).whole(request, lambda: None)
    assert whole == redaction._replace(findings=(), summary=summarize(redaction.findings))
    assert whole.changed


def test_a_body_that_did_not_change_stays_the_object_that_it_is(loaded: Loaded) -> None:
    request = _sent(loaded)
    answer = Answer.of(Redaction(request.body), request)
    assert not answer.redaction.body
    assert answer.whole(request, lambda: None).body is request.body


@pytest.mark.parametrize("size", [0, BESIDE_BYTES - 1, BESIDE_BYTES, 1_000_000])
def test_bytes_of_any_size_arrive_in_their_places(size: int) -> None:
    one, other = socket.socketpair()
    message = (b"a" * size, "between", [b"b" * size], b"")
    with one, other:
        sending = threading.Thread(target=send, args=(one, message))
        sending.start()
        assert receive(other) == message
        sending.join()
        one.sendall((1 << 20).to_bytes(8, "big"))
        one.close()
        with pytest.raises(EOFError):
            receive(other)

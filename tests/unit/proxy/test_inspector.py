"""A route's deadline includes waiting time, and work that is not done by then has no effect."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from shield.config.settings_route import HeaderAction, Mode, OnDeadline
from shield.domain import Check, Limits, Redaction
from shield.errors import DeadlineExceededError
from shield.payload.media_type import MediaType
from shield.payload.selectors import NO_RULES
from shield.proxy.header_rules import ChosenField, Treatment
from shield.proxy.inspection_run import Job
from shield.proxy.inspector import INLINE_BYTES, PREPARATION_SHARE, Inspector, reserve, takes_no_time
from shield.proxy.worker import LARGE, LARGE_BYTES, InspectionWorker
from shield.redactor import Manner
from shield.telemetry.metrics import Metrics

BODY = b"{}"


@pytest.mark.parametrize(
    ("budget", "kept"), [(10.0, 2.0), (1.0, 0.2), (0.5, 0.1), (0.3, 0.1), (0.2, 0.1), (0.1, 0.05)]
)
def test_a_fifth_of_the_budget_is_kept_but_enough_to_be_of_use(budget: float, kept: float) -> None:
    assert reserve(budget) == pytest.approx(kept)


@pytest.mark.parametrize("where", ["body", "path", "query", "field"])
@pytest.mark.parametrize("more", [0, 1])
def test_only_few_bytes_are_inspected_on_the_event_loop(where: str, more: int) -> None:
    many = "a" * (INLINE_BYTES + more)
    field = ChosenField(0, False, "x-note", 0, many, Treatment(HeaderAction.REDACT))  # noqa: FBT003
    made = job(lambda _: None, deadline=1.0)
    plan: Any = SimpleNamespace(**vars(made.plan), inline=True)
    target: Any = SimpleNamespace(path="", query="", raw_steps=())
    made = made._replace(plan=plan, target=target, body=b"")
    assert takes_no_time(made)
    if where == "field":
        made = made._replace(fields=(field,))
    elif where == "body":
        made = made._replace(body=many.encode())
    else:
        setattr(target, where, many)
    assert takes_no_time(made) is not bool(more)


@pytest.mark.parametrize("more", [0, 1])
def test_no_more_is_asked_for_on_the_event_loop_what_is_known_of_it(more: int) -> None:
    """Asking whether long fields are known requires decoding them."""
    value = "/" * (INLINE_BYTES + more)
    field = ChosenField(0, False, "x-note", 0, value, Treatment(HeaderAction.REDACT))  # noqa: FBT003
    made = job(lambda _: None, deadline=1.0)
    plan: Any = SimpleNamespace(**vars(made.plan), inline=False, has_values=False)
    plan.route.limits = Limits()
    target: Any = SimpleNamespace(path="", query="", raw_steps=())
    heart: Any = SimpleNamespace(nothing_in=lambda *_: True)
    made = made._replace(plan=plan, target=target, body=b"", fields=(field,), heart=heart)
    assert takes_no_time(made) is not bool(more)


class Bench:
    """An inspector with real threads, on a clock that the heart moves forward."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.executor = ThreadPoolExecutor(LARGE)
        self.worker = InspectionWorker(self.executor, Metrics(CollectorRegistry()), lambda: self.now)
        self.inspector = Inspector(self.worker, lambda: self.now)

    def take(self, seconds: float) -> Callable[[Check], None]:
        """The heart's work: it takes `seconds` and then checks the deadline."""

        def work(check: Check) -> None:
            self.now += seconds
            check()

        return work


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.worker.close()
    bench.executor.shutdown()


def job(work: Callable[[Check], None], deadline: float, on_deadline: OnDeadline = OnDeadline.BLOCK) -> Job:
    class Heart:
        def one(self) -> Heart:
            return self

        def redact(self, body: bytes, *_: object, manner: Manner, **__: object) -> Redaction:
            work(manner.check)
            return Redaction(body)

    route: Any = SimpleNamespace(
        deadline=deadline,
        on_deadline=on_deadline,
        mode=Mode.ENFORCE,
        policy=None,
        limits=None,
        path=SimpleNamespace(rest=False),
    )
    plan: Any = SimpleNamespace(route=route, rules=NO_RULES, parameters=(), shadow=None)
    target: Any = SimpleNamespace(path="/", query="", raw_steps=())
    heart: Any = Heart()
    return Job(plan, heart, target, BODY, MediaType.parse("application/json"), (), lambda _: "digest")


@pytest.mark.parametrize(("waited", "late"), [(0.0, False), (400.0, False), (600.0, True)])
async def test_what_was_waited_before_is_of_the_deadline(bench: Bench, waited: float, late: bool) -> None:
    of = job(bench.take(500.0), deadline=1000.0)
    for inspect in (bench.inspector.inspect, _at_once(bench.inspector)):
        seconds: dict[str, float] = {}
        if late:
            with pytest.raises(DeadlineExceededError):
                await inspect(of, seconds, waited=waited)
        else:
            assert (await inspect(of, seconds, waited=waited)).body is BODY
        assert "digest" in seconds or late


def _at_once(inspector: Inspector) -> Callable[..., Any]:
    async def inspect(of: Job, seconds: dict[str, float], *, waited: float) -> Any:
        return inspector.inspect_now(of, seconds, waited=waited)

    return inspect


@pytest.mark.parametrize(("at_once", "in_time"), [(True, True), (False, True), (False, False)])
async def test_a_large_body_waits_for_its_process_and_goes_to_a_thread_if_there_is_none_in_time(
    bench: Bench, at_once: bool, in_time: bool
) -> None:
    waits: list[float] = []
    there: list[bytes] = []

    class ElsewhereHeart:
        def one(self) -> ElsewhereHeart:
            return self

        def redact(self, body: bytes, *_: object, **__: object) -> Redaction:
            there.append(body)
            return Redaction(body)

    def becomes_ready(_: object, seconds: float) -> bool:
        waits.append(seconds)
        return in_time

    apart: Any = SimpleNamespace(
        is_ready=lambda _: at_once, becomes_ready=becomes_ready, heart=lambda *_, **__: ElsewhereHeart()
    )
    here: list[int] = []
    made = job(lambda _: here.append(1), deadline=10.0)
    route: Any = made.plan.route
    route.policy = SimpleNamespace(detector=None)
    body = b"[" + b" " * LARGE_BYTES + b"]"
    inspected = await bench.inspector.inspect(made._replace(apart=apart, body=body), {}, waited=2.0)
    assert inspected.body is body
    assert (there, here) == (([body], []) if in_time else ([], [1]))
    assert waits == [] if at_once else waits == [8.0 * PREPARATION_SHARE]
    await bench.inspector.inspect(made._replace(apart=apart), {})  # a small one asks nobody
    assert len(waits) < 2


@pytest.mark.parametrize("on_deadline", list(OnDeadline))
async def test_nothing_comes_of_what_does_not_come_back(bench: Bench, on_deadline: OnDeadline) -> None:
    """Not even where patterns are enough, since they hang too."""
    let_go = threading.Event()

    def hang(_check: Check) -> None:
        assert let_go.wait(10)

    try:
        with pytest.raises(DeadlineExceededError):
            await bench.inspector.inspect(job(hang, 0.2, on_deadline), {})
    finally:
        let_go.set()

"""What brings each alarm about, and what ends it: one function for each scene."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from scripts.alarms.bench import Bench, Shield, Storage, shield_of

PLAIN = b'{"text": "nothing to see here"}'
BURNS = ("fast", "medium", "slow")


@dataclass
class Seen:
    """How long each alarm of a scene took to fire and to clear, in seconds."""

    fired: dict[str, float] = field(default_factory=dict)
    cleared: dict[str, float] = field(default_factory=dict)


@dataclass
class Stage:
    """One scene's: a shield that runs, its storage, and the rest of the bench."""

    bench: Bench
    shield: Shield
    storage: Storage
    seen: Seen

    async def fires(self, *names: str) -> None:
        """Wait for alarms to fire."""
        self.seen.fired |= await self.bench.fires(*names)

    async def clears(self, *names: str) -> None:
        """Wait for alarms to be gone."""
        self.seen.cleared |= await self.bench.clears(*names)


Play = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True)
class Scene:
    """`alarms` fire and clear in `play`; `route` and `more` are laid over the configuration."""

    name: str
    alarms: tuple[str, ...]
    play: Play
    route: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


@asynccontextmanager
async def staged(bench: Bench, scene: Scene, number: int, seen: Seen) -> AsyncIterator[Stage]:
    """A shield of the scene's own that is scraped; its data of before are another instance's."""
    proxy, admin, storage_port, *_ = bench.ports
    storage = Storage(storage_port)
    shield = shield_of(
        bench.folder / f"scene-{number}", (proxy, admin, storage_port), scene.route, scene.more
    )
    shield.faults()
    await bench.clears(*scene.alarms)  # of the scene before
    async with storage.served():
        bench.name_targets(admin)
        try:
            await shield.start()
            yield Stage(bench, shield, storage, seen)
        finally:
            if storage.held is not None:
                storage.held.set()
            bench.name_targets()
            await shield.stop()


def burns(name: str) -> tuple[str, ...]:
    """The three alarms of one objective."""
    return tuple(f"{name} {burn}" for burn in BURNS)


# Traffic.


async def held_back(it: Stage) -> None:
    """The storage answers nobody: places are taken, and who comes then is refused."""
    it.storage.held = asyncio.Event()
    async with it.bench.sending(it.shield, clients=4):
        await it.fires("ShieldNearLimit")
        async with it.bench.sending(it.shield, clients=4):
            await it.fires("ShieldSaturated", *burns("ShieldAvailabilityBurn"))
        it.storage.held.set()
        it.storage.held = None
        await it.clears("ShieldSaturated", "ShieldNearLimit", *burns("ShieldAvailabilityBurn"))


async def failing_storage(it: Stage) -> None:
    """The storage's second address is not there, then the first answers 500."""
    replica = f"http://127.0.0.1:{it.bench.ports[3]}"
    it.shield.configuration["upstreams"]["store"]["replicas"] = [replica]
    await reloaded(it)
    async with it.bench.sending(it.shield):
        await it.fires("ShieldUpstreamEndpointDown")
        it.storage.status = 500
        await it.fires("ShieldUpstreamFailing")
        it.storage.status = 201
        other = Storage(it.bench.ports[3])
        async with other.served():
            await it.clears("ShieldUpstreamFailing", "ShieldUpstreamEndpointDown")


async def unresolved(it: Stage) -> None:
    """The storage's name is not known."""
    async with it.bench.sending(it.shield):
        await it.fires("ShieldUpstreamUnresolved")
        it.shield.configuration["upstreams"] = {"store": {"url": f"http://127.0.0.1:{it.storage.port}"}}
        await reloaded(it)
        await it.clears("ShieldUpstreamUnresolved")


async def unknown_type(it: Stage) -> None:
    """A client sends what no route takes."""
    it.bench.media_type = "image/png"
    async with it.bench.sending(it.shield):
        await it.fires("ShieldUnknownMediaType")
        it.bench.media_type = "application/json"
        await it.clears("ShieldUnknownMediaType")


async def stopped_loop(it: Stage) -> None:
    """The system lets the worker not run for a third of each second."""

    async def freeze() -> None:
        while True:
            os.kill(it.shield.worker(), signal.SIGSTOP)
            await asyncio.sleep(0.35)
            os.kill(it.shield.worker(), signal.SIGCONT)
            await asyncio.sleep(0.65)

    async with it.bench.sending(it.shield):
        freezing = asyncio.create_task(freeze())
        try:
            await it.fires("ShieldEventLoopLag")
        finally:
            freezing.cancel()
            await asyncio.gather(freezing, return_exceptions=True)
            os.kill(it.shield.worker(), signal.SIGCONT)
        await it.clears("ShieldEventLoopLag")


# Detection.


async def slow_recognizer(it: Stage) -> None:
    """A recognizer burns more processor time than it did, and all that a thread has."""
    it.bench.pause = 0.02
    async with it.bench.sending(it.shield, clients=8):
        await it.bench.wait(40)  # for a history
        it.shield.faults(burn=0.03)
        await it.fires("ShieldRecognizerSlow", "ShieldWorkerBusy")
        it.shield.faults()
        await it.clears("ShieldRecognizerSlow", "ShieldWorkerBusy")


async def slow_answers(it: Stage) -> None:
    """A recognizer waits for longer than a request may get added."""
    async with it.bench.sending(it.shield, clients=1):
        it.shield.faults(sleep=0.2)
        await it.fires(*burns("ShieldAddedLatencyBurn"))
        it.shield.faults()
        await it.clears(*burns("ShieldAddedLatencyBurn"))


async def too_late(it: Stage) -> None:
    """A recognizer is not done in time, finds something afterwards, and then fails there."""
    async with it.bench.sending(it.shield):
        it.shield.faults(sleep=2)
        await it.fires("ShieldReducedDetection", "ShieldRescanFound")
        it.shield.faults(sleep=2, raises=True)
        await it.fires("ShieldRescanNotDone")
        it.shield.faults()
        await it.clears("ShieldReducedDetection", "ShieldRescanFound", "ShieldRescanNotDone")


async def raising(it: Stage) -> None:
    """A recognizer fails on a route that lets pass what cannot be inspected."""
    async with it.bench.sending(it.shield):
        await it.bench.wait(1)
        it.shield.faults(raises=True)
        await it.fires("ShieldRecognizerErrors", "ShieldBypass", "ShieldCanaryFailed")
        it.shield.faults()
        await it.clears("ShieldRecognizerErrors", "ShieldBypass", "ShieldCanaryFailed")


async def no_canaries(it: Stage) -> None:
    """The canaries hang in a recognizer."""
    it.shield.faults(sleep=25)
    await it.fires("ShieldCanaryMissing")
    it.shield.faults()
    await it.clears("ShieldCanaryMissing")


async def silence(it: Stage) -> None:
    """A recognizer finds nothing any more; then a client writes into a field that is kept."""
    it.bench.pause = 0.05
    async with it.bench.sending(it.shield):
        await it.bench.wait(45)  # for a history
        it.shield.faults(blind=True)
        names = ("ShieldEntityTypeSilent", "ShieldRecognizerSilent", "ShieldFindingsDrift")
        await it.fires(*names)
        it.shield.faults()
        await it.clears(*names)
        usual = it.bench.body
        it.bench.body = usual[:-1] + b', "raw": "' + b"not looked at " * 30 + b'"}'
        await it.fires("ShieldUninspectedShare")
        it.bench.body = usual
        await it.clears("ShieldUninspectedShare")


async def read_back(it: Stage) -> None:
    """Storage gives back something else, then nothing."""
    it.bench.body = PLAIN
    async with it.bench.sending(it.shield):
        it.storage.content = b'{"text": "something else"}'
        await it.fires("ShieldReadBackMismatch")
        it.storage.read_status = 500
        await it.fires("ShieldReadBackBlind")
        it.storage.content, it.storage.read_status = None, 200
        await it.clears("ShieldReadBackMismatch", "ShieldReadBackBlind")


async def reloaded(it: Stage) -> None:
    """The configuration as it now is, put in force."""
    it.shield.write()
    it.shield.signal(signal.SIGHUP)
    await asyncio.sleep(1)

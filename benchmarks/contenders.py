"""The peers of a run: how each is started, and the check of its work before it is timed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.payloads import CARDS, PAYLOADS, one_body
from benchmarks.processes import BenchmarkError, Cores, Program, free_port, http_call
from benchmarks.shield_config import write_shield_config

DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Contender:
    """A peer. `arguments` start the program; `redacts` is whether it must remove planted values."""

    name: str
    title: str
    redacts: bool
    arguments: Callable[[int, int, int, Path], list[str]]  # proxy port, admin port, upstream port, folder
    ready_path: str = ""  # on the admin port; empty: ready when the proxy port takes connections


def _plain(module: str) -> Callable[[int, int, int, Path], list[str]]:
    def arguments(proxy_port: int, _admin_port: int, upstream_port: int, _work: Path) -> list[str]:
        upstream = f"http://127.0.0.1:{upstream_port}"
        return ["-m", f"benchmarks.peers.{module}", "--port", str(proxy_port), "--upstream", upstream]

    return arguments


def _shield(variant: str) -> Callable[[int, int, int, Path], list[str]]:
    def arguments(proxy_port: int, admin_port: int, upstream_port: int, work: Path) -> list[str]:
        path = write_shield_config(
            variant, proxy_port=proxy_port, admin_port=admin_port, upstream_port=upstream_port, work=work
        )
        return ["-m", "shield", "serve", "-c", str(path)]

    return arguments


CONTENDERS: dict[str, Contender] = {
    contender.name: contender
    for contender in (
        Contender("bare", "bare aiohttp proxy", redacts=False, arguments=_plain("bare_proxy")),
        Contender(
            "shield-none",
            "shield, no detector",
            redacts=False,
            arguments=_shield("none"),
            ready_path="/readyz",
        ),
        Contender(
            "shield-patterns",
            "shield, patterns only",
            redacts=True,
            arguments=_shield("patterns"),
            ready_path="/readyz",
        ),
        Contender(
            "shield-full", "shield, everything", redacts=True, arguments=_shield("full"), ready_path="/readyz"
        ),
        Contender("presidio", "plain Presidio proxy", redacts=True, arguments=_plain("presidio_proxy")),
    )
}


@dataclass
class Running:
    """A contender that is running, on its core."""

    contender: Contender
    upstream_port: int
    cores: Cores
    work: Path
    port: int = field(default_factory=free_port)
    program: Program = field(init=False)

    def __post_init__(self) -> None:
        contender = self.contender
        admin_port = free_port()
        arguments = contender.arguments(self.port, admin_port, self.upstream_port, self.work)
        self.program = Program(contender.name, arguments, self.cores.tested, self.work)
        try:
            self.program.wait_ready(admin_port if contender.ready_path else self.port, contender.ready_path)
        except BenchmarkError:
            self.program.stop()
            raise

    def assert_correct(self, payload_name: str) -> None:
        """Sends one body and checks what reached the upstream.

        Raises `BenchmarkError` where a proxy that must not change the body did, or one that must redact
        forwarded a card number or changed the structure: its figures would not be comparable.
        """
        payload = PAYLOADS[payload_name]
        sent = one_body(payload, seed=20_000)
        status, _, reply = http_call(self.port, "POST", payload.path, sent)
        if status != 201:
            raise BenchmarkError(
                f"{self.contender.name} answered {status} to {payload.name}: {reply[:300]!r}"
            )
        stored = http_call(self.upstream_port, "GET", "/last")[2]
        if not self.contender.redacts:
            if stored != sent:
                raise BenchmarkError(f"{self.contender.name} changed a body that it must forward as it is")
            return
        planted = [card for card in CARDS if card.encode() in sent]
        if not planted or any(card.encode() in stored for card in planted):
            raise BenchmarkError(f"{self.contender.name} forwarded a card number of {payload.name}")
        if shape(json.loads(stored)) != shape(json.loads(sent)):
            raise BenchmarkError(f"{self.contender.name} changed the structure of {payload.name}")


def shape(value: Any) -> Any:
    """The structure of a JSON value without its texts, as a number may have become a string."""
    if isinstance(value, dict):
        return {name: shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return "null" if value is None else "scalar"

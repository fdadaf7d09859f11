"""Measures what remembering findings saves for tickets that are sent with their whole thread each time.

    python -m benchmarks.threads                      # patterns only, and with the model `fast`
    python -m benchmarks.threads --models none,fast,spacy:en_core_web_sm

Only the heart is timed, by the CPU time of this process; the threads grow by turns. Each body is redacted
with a memory and without one, and the two results must be equal.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.payloads import Words
from benchmarks.processes import RESULTS
from benchmarks.shield_config import QUICKSTART
from benchmarks.table import Table, figure
from shield.app.heart import build_redactor
from shield.config.loader import load
from shield.config.settings import Settings
from shield.domain import DetectorSpec, Limits, Policy
from shield.payload.media_type import MediaType
from shield.payload.selectors import NO_RULES
from shield.redactor import Redactor

JSON = MediaType.parse("application/json")
COMMENT_LENGTH = 430


@dataclass(frozen=True, slots=True)
class Result:
    """The result for one model: CPU seconds without and with a memory, and the look-ups in it."""

    model: str
    bodies: int
    without: float
    remembering: float
    looked_up: int
    remembered: int


def growing(threads: int, comments: int) -> list[bytes]:
    """The bodies of the threads, each sent after each comment; the threads take turns."""
    words = Words(1)
    written: list[list[dict[str, Any]]] = [[] for _ in range(threads)]
    bodies: list[bytes] = []
    for number in range(comments):
        for thread in written:
            body = f"{words.text(COMMENT_LENGTH)} I paid with card {words.card()}."
            thread.append({"author": words.name(), "body": body})
            bodies.append(json.dumps({"updated": number, "comments": thread}).encode())
    return bodies


def measure(settings: Settings, model: str, bodies: list[bytes]) -> Result:
    detector = replace(next(iter(settings.policies.values())).detector, model=model)
    policy: Policy = replace(next(iter(settings.policies.values())), detector=detector)
    analyzers = {detector: _analyzer(detector)}
    forgetting = build_redactor(settings, analyzers, bytes)
    remembering = build_redactor(settings, analyzers, bytes, remembers=True)
    seconds = [0.0, 0.0]
    looked_up = remembered = 0
    for body in bodies:
        without, seconds[0] = _timed(forgetting, body, policy, seconds[0])
        with_memory, seconds[1] = _timed(remembering, body, policy, seconds[1])
        if with_memory.body != without.body or with_memory.findings != without.findings:
            raise SystemExit("a remembered result is not the one that the detectors give")
        looked_up += with_memory.looked_up
        remembered += with_memory.remembered
    return Result(model, len(bodies), *seconds, looked_up, remembered)


def _timed(heart: Redactor, body: bytes, policy: Policy, spent: float) -> tuple[Any, float]:
    began = time.process_time()
    redaction = heart.redact(body, JSON, policy, limits=Limits(), rules=NO_RULES)
    return redaction, spent + time.process_time() - began


def _analyzer(detector: DetectorSpec) -> Any:
    from shield.analyzer.build import build_analyzer  # noqa: PLC0415  seconds to import

    analyzer = build_analyzer(detector)
    analyzer.warm()
    return analyzer


def threads_table(results: list[Result], comments: int) -> Table:
    title = f"Threads that grow to {comments} comments, each sent whole: CPU time a body, ms"
    header = ("model", "bodies", "without memory", "with", "times faster", "hit rate %")
    table = Table(title, header, left=1)
    for result in results:
        without, remembering = (1000 * s / result.bodies for s in (result.without, result.remembering))
        hits = 100 * result.remembered / result.looked_up if result.looked_up else None
        values = (figure(without, 2), figure(remembering, 2), figure(without / remembering), figure(hits))
        table.rows.append((result.model, str(result.bodies), *values))
    return table


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.threads", description="What remembering findings saves on growing threads."
    )
    parser.add_argument("--models", default="none,fast", help="of a policy's `detector.model` (none,fast)")
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--comments", type=int, default=12)
    parser.add_argument("--json", type=Path, default=RESULTS / "threads.json", help="where the figures go")
    given = parser.parse_args()
    settings = load(QUICKSTART, {}).settings
    bodies = growing(given.threads, given.comments)
    results = [measure(settings, model, bodies) for model in given.models.split(",")]
    table = threads_table(results, given.comments)
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps({"machine": machine.describe(), "rows": table.rows}, indent=1) + "\n")
    print(table.plain())
    return 0


if __name__ == "__main__":
    sys.exit(main())

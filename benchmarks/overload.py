"""Measures how the shield behaves under more load than it can handle.

    python -m benchmarks.overload                      # everything on, 3 times the maximum for two minutes
    python -m benchmarks.overload --seconds 20 --peer shield-patterns

First its own maximum (closed loop), then a sweep of offered loads, then a surge: half of the maximum, three
times the maximum, half of it again. Loads are open loop, over as many connections as they need; a latency
counts from the moment at which its request should have been sent. Refused requests are not repeated.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from benchmarks import machine
from benchmarks.contenders import CONTENDERS, Contender, Running
from benchmarks.load import Command
from benchmarks.plot import Chart, Line, svg
from benchmarks.processes import (
    RESULTS,
    Cores,
    LoadGenerator,
    free_port,
    http_call,
    start_upstream,
)
from benchmarks.proxy import working_folder
from benchmarks.runs import kept_run
from benchmarks.surge import Surge
from benchmarks.table import Table, figure, significant

PAYLOAD = "ticket"
DEADLINE = 10.0  # seconds; the default of a route
SHARES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
CALM = 0.5  # of the maximum, before and after
BEFORE, AFTER = 6.0, 12.0  # seconds of calm load
GOODPUT, RECOVERY = 0.8, 5.0


def with_deadline(contender: Contender) -> Contender:
    """The contender with the default deadline on its routes; the other benchmarks use a longer one."""

    def arguments(proxy_port: int, admin_port: int, upstream_port: int, work: Path) -> list[str]:
        given = contender.arguments(proxy_port, admin_port, upstream_port, work)
        path = Path(given[-1])
        settings = yaml.safe_load(path.read_text())
        for route in settings["routes"]:
            route["deadline"] = f"{DEADLINE:g}s"
        path.write_text(yaml.safe_dump(settings, sort_keys=False))
        return given

    return replace(contender, arguments=arguments)


def execute(peer: str, seconds: float, factor: float, sweep_seconds: float) -> dict[str, Any]:
    cores = Cores.available()
    with contextlib.ExitStack() as stack:
        work = stack.enter_context(working_folder())
        upstream_port = free_port()
        stack.enter_context(start_upstream(upstream_port, cores.rest, work))
        running = Running(with_deadline(CONTENDERS[peer]), upstream_port, cores, work)
        stack.enter_context(running.program)
        running.assert_correct(PAYLOAD)
        with LoadGenerator(cores.rest) as load:
            load.run(Command("closed", running.port, PAYLOAD, 2.0))
            highest = load.run(Command("closed", running.port, PAYLOAD, max(5.0, sweep_seconds)))["rps"]
        print(f"maximum {highest:,.0f} req/s", file=sys.stderr)
        surges = stack.enter_context(LoadGenerator(cores.rest, "benchmarks.surge"))
        sweep: list[dict[str, Any]] = []
        for share in SHARES if sweep_seconds else ():
            segments = ((share * highest, 1.0), (share * highest, sweep_seconds))
            result = surges.run(Surge(running.port, PAYLOAD, segments))
            sweep.append({"share": share, **result["by_segment"][1]})
            print(f"{share:.2f} x: {sweep[-1]['goodput']:,.0f} req/s", file=sys.stderr)
        segments = ((CALM * highest, BEFORE), (factor * highest, seconds), (CALM * highest, AFTER))
        before = http_call(upstream_port, "GET", "/count")[2]
        surge = surges.run(Surge(running.port, PAYLOAD, segments))
        stored = int(http_call(upstream_port, "GET", "/count")[2]) - int(before)
    accepted = sum(it["accepted"] for it in surge["by_segment"])
    return {
        "machine": machine.describe(),
        "peer": peer,
        "seconds": seconds,
        "factor": factor,
        "maximum": highest,
        "deadline": DEADLINE,
        "sweep": sweep,
        "surge": surge,
        "stored_but_not_accepted": stored - accepted,
        "recovery": recovery(surge, BEFORE, BEFORE + seconds),
    }


def recovery(surge: dict[str, Any], before: float, ended: float) -> float | None:
    """Seconds from the end of the surge until all windows are like those before it; None: not seen.

    That is, nothing is refused, and the median latency is at most twice the highest one before (or 20 ms).
    """
    windows, size = surge["windows"], surge["window"]
    calm = [it["p50_ms"] for it in windows[int(2.0 / size) : int(before / size)] if it["p50_ms"] is not None]
    normal = max(20.0, 2 * max(calm, default=0.0))
    last = None
    first, after = round(ended / size), sum(it[1] for it in surge["segments"])
    for place in range(first, min(len(windows), round(after / size))):
        window = windows[place]
        if window["refused"] or window["failed"] or (window["p50_ms"] or 0.0) > normal:
            last = place
    if last is None:
        return 0.0
    return None if last >= round(after / size) - 1 else (last + 1 - first) * size


def overload_table(run: dict[str, Any]) -> Table:
    title = (
        f"{CONTENDERS[run['peer']].title}: 0.9 KB tickets at {run['factor']:g} times its maximum of "
        f"{run['maximum']:,.0f} req/s for {run['seconds']:g} s"
    )
    columns = ("phase", "offered", "accepted", "refused", "goodput/s", "p50 ms", "p99 ms", "refusal p50 ms")
    table = Table(title, columns, left=1)
    for name, result in zip(("before", "surge", "after"), run["surge"]["by_segment"], strict=True):
        latency = result["latency_ms"]
        table.rows.append(
            (
                name,
                f"{result['offered']:,}",
                f"{result['accepted']:,}",
                f"{result['refused']:,}",
                significant(result["goodput"]),
                significant(latency["p50"]),
                significant(latency["p99"]),
                significant(result["refused_ms"]["p50"]),
            )
        )
    return table


def sweep_table(run: dict[str, Any]) -> Table:
    columns = ("offered, x maximum", "goodput/s", "of the maximum", "p50 ms", "p99 ms", "refused %")
    table = Table("Throughput against offered load", columns, left=1)
    for it in run["sweep"]:
        refused = 100 * it["refused"] / it["offered"] if it["offered"] else 0.0
        latency = it["latency_ms"]
        table.rows.append(
            (
                f"{it['share']:g}",
                significant(it["goodput"]),
                f"{it['goodput'] / run['maximum']:.0%}",
                significant(latency["p50"]),
                significant(latency["p99"]),
                figure(refused),
            )
        )
    return table


def lines(run: dict[str, Any]) -> list[tuple[bool, str]]:
    """For each target: whether it is met, and a sentence that says so."""
    surge = run["surge"]["by_segment"][1]
    share = surge["goodput"] / run["maximum"]
    p99 = (surge["latency_ms"]["p99"] or 0.0) / 1000
    back = run["recovery"]
    unanswered = surge["offered"] - surge["accepted"] - surge["refused"]
    return [
        _told(share > GOODPUT, f"goodput {share:.0%} of the maximum; target more than {GOODPUT:.0%}"),
        _told(p99 <= run["deadline"], f"p99 of the accepted {p99:.2f} s; deadline {run['deadline']:g} s"),
        _told(
            back is not None and back <= RECOVERY,
            f"back to normal after {'ever more' if back is None else f'{back:.2f}'} s; target {RECOVERY:g} s",
        ),
        _told(not unanswered, f"{unanswered} requests neither accepted nor refused"),
        _told(
            not run["stored_but_not_accepted"],
            f"{run['stored_but_not_accepted']} writes in the upstream beyond those accepted",
        ),
    ]


def _told(met: bool, sentence: str) -> tuple[bool, str]:
    return met, f"{sentence}: {'met' if met else 'MISSED'}"


def goodput_chart(run: dict[str, Any]) -> Chart:
    """Goodput by second, as windows of a quarter second would look noisy."""
    windows, size = run["surge"]["windows"], run["surge"]["window"]
    each = round(1 / size)
    seconds = range(len(windows) // each)

    def line(name: str, what: str) -> Line:
        sums = [sum(it[what] for it in windows[n * each : (n + 1) * each]) for n in seconds]
        return Line(name, [(n + 0.5, value) for n, value in enumerate(sums)])

    length = sum(seconds for _, seconds in run["surge"]["segments"])
    offered = [point for point in line("offered", "offered").points if point[0] < length]
    return Chart(
        f"Goodput at {run['factor']:g} times the maximum",
        "seconds",
        "requests/s",
        [
            line("answered 2xx", "done"),
            Line("offered", offered),
            line("refused", "refused"),
            Line("maximum", [(0, run["maximum"]), (length, run["maximum"])]),
        ],
        (BEFORE, BEFORE + run["seconds"], "surge"),
    )


def latency_chart(run: dict[str, Any]) -> Chart:
    """Latencies of accepted requests, by when these should have been sent."""
    windows, size = run["surge"]["windows"], run["surge"]["window"]

    def line(name: str, what: str) -> Line:
        found = [(n * size, it[what]) for n, it in enumerate(windows) if it[what] is not None]
        return Line(name, found)

    return Chart(
        "Latency of the accepted",
        "seconds",
        "ms",
        [line("p50", "p50_ms"), line("p99", "p99_ms"), line("refusals, p50", "refused_p50_ms")],
        (BEFORE, BEFORE + run["seconds"], "surge"),
    )


def throughput_chart(run: dict[str, Any]) -> Chart:
    points = [(it["share"], it["goodput"] / run["maximum"]) for it in run["sweep"]]
    ideal = [(0.0, 0.0), (1.0, 1.0), (max(SHARES), 1.0)]
    return Chart(
        "Throughput against offered load",
        "offered load, times the maximum",
        "goodput, times the maximum",
        [Line("answered 2xx", points), Line("ideal", ideal)],
    )


def write_charts(run: dict[str, Any], folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    charts = {"overload-goodput": goodput_chart(run), "overload-latency": latency_chart(run)}
    if run["sweep"]:
        charts["overload-throughput"] = throughput_chart(run)
    written = []
    for name, chart in charts.items():
        written.append(folder / f"{name}.svg")
        written[-1].write_text(svg(chart))
    return written


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.overload",
        description="More load than the shield can take, and what it makes of it.",
        epilog="exit status: 0 all targets met; 1 not; 2 the peer did not start or is not correct",
    )
    parser.add_argument(
        "--peer", choices=("shield-full", "shield-patterns", "shield-none"), default="shield-full"
    )
    parser.add_argument("--seconds", type=float, default=120.0, help="of the surge (120)")
    parser.add_argument("--factor", type=float, default=3.0, help="of the maximum (3)")
    parser.add_argument(
        "--sweep-seconds", type=float, default=5.0, help="of each load of the sweep; 0: none (5)"
    )
    parser.add_argument("--json", type=Path, default=RESULTS / "overload.json", help="where the figures go")
    parser.add_argument("--plots", type=Path, default=RESULTS, help="the folder of the plots")
    parser.add_argument("--markdown", action="store_true", help="print as in docs/performance.md")
    parser.add_argument(
        "--show", action="store_true", help="print and draw what --json holds; measure nothing"
    )
    given = parser.parse_args()
    if given.show:
        run = json.loads(given.json.read_text())
    else:
        run = kept_run(
            lambda: execute(given.peer, given.seconds, given.factor, given.sweep_seconds), given.json
        )
    told = lines(run)
    tables = [overload_table(run), *([sweep_table(run)] if run["sweep"] else [])]
    for table in tables:
        print(table.markdown() if given.markdown else table.plain(), end="\n\n")
    print(*(f"- {sentence}" if given.markdown else sentence for _, sentence in told), sep="\n")
    print("written:", given.json, *write_charts(run, given.plots), file=sys.stderr)
    return 0 if all(met for met, _ in told) else 1


if __name__ == "__main__":
    sys.exit(main())

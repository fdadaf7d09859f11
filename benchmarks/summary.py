"""Summarizes the raw figures of a run: medians over its rounds, ratios within a round, targets."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from benchmarks.contenders import CONTENDERS, DIRECT
from benchmarks.payloads import PAYLOADS
from benchmarks.table import Table, figure, multiple, significant

Run = dict[str, Any]
Sample = dict[str, Any]

# The proxy's targets, on the 0.9 KB ticket: (contender, peer, least ratio of requests per second).
TARGETS = (
    ("shield-none", "bare", 0.55),
    ("shield-patterns", "bare", 0.33),
    ("shield-full", "presidio", 12.0),
)
FEW = 100  # below this many requests a p99 is little more than the slowest one


def median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def title(peer: str) -> str:
    return "direct, no proxy" if peer == DIRECT else CONTENDERS[peer].title


def closed(run: Run, payload: str, peer: str) -> list[Sample]:
    """The closed-loop samples of a peer, in the order of the rounds."""
    return [sample for sample in run["closed"] if sample["payload"] == payload and sample["peer"] == peer]


def ratios(run: Run, payload: str, peer: str, base: str) -> list[float]:
    """For each round, the requests per second of `peer` divided by those of `base`."""
    base_by_round = {sample["round"]: sample["rps"] for sample in closed(run, payload, base)}
    return [
        sample["rps"] / base_by_round[sample["round"]]
        for sample in closed(run, payload, peer)
        if sample["rps"] and base_by_round.get(sample["round"])
    ]


def _peers(run: Run) -> list[str]:
    return [DIRECT, *run["options"]["peers"]]


def _latency(samples: Sequence[Sample], name: str) -> float | None:
    return median(sample["latency_ms"][name] for sample in samples)


def throughput_table(run: Run) -> Table:
    table = Table(
        "Highest throughput (closed loop), medians of the rounds",
        ("payload", "peer", "req/s", "x bare", "x Presidio", "p50 ms", "p99 ms", "CPU %", "RSS MB", "errors"),
    )
    for payload in run["options"]["payloads"]:
        for peer in _peers(run):
            samples = closed(run, payload, peer)
            if not samples:
                continue
            table.rows.append(
                (
                    PAYLOADS[payload].title,
                    title(peer),
                    significant(median(sample["rps"] for sample in samples)),
                    multiple(median(ratios(run, payload, peer, "bare"))),
                    multiple(None if peer == DIRECT else median(ratios(run, payload, peer, "presidio"))),
                    significant(_latency(samples, "p50")),
                    significant(_latency(samples, "p99")),
                    figure(median(sample["cpu_percent"] for sample in samples), 0),
                    figure(median(sample["rss_mb"] for sample in samples), 0),
                    str(sum(sample["errors"] + sample["unfinished"] for sample in samples)),
                )
            )
    return table


def rounds_table(run: Run) -> Table:
    rounds = range(run["options"]["rounds"])
    table = Table(
        "Requests per second by round, with the ratio to the bare proxy of the same round",
        ("payload", "peer", *(f"round {number + 1}" for number in rounds)),
    )
    for payload in run["options"]["payloads"]:
        bare = {sample["round"]: sample["rps"] for sample in closed(run, payload, "bare")}
        for peer in _peers(run):
            by_round = {sample["round"]: sample["rps"] for sample in closed(run, payload, peer)}
            if by_round:
                cells = [_round_cell(by_round.get(number), bare.get(number)) for number in rounds]
                table.rows.append((PAYLOADS[payload].title, title(peer), *cells))
    return table


def _round_cell(rps: float | None, bare: float | None) -> str:
    ratio = f" ({multiple(rps / bare)})" if rps and bare else ""
    return significant(rps) + ratio


def latency_table(run: Run) -> Table:
    table = Table(
        "Latency (open loop at a share of the peer's own highest rate), ms; added = less going direct",
        (
            "payload", "peer", "share", "req/s", "requests", "p50", "p99", "p99.9",
            "direct p50", "direct p99", "added p50", "added p99", "errors",
        ),
    )  # fmt: skip
    for payload in run["options"]["payloads"]:
        for peer in run["options"]["peers"]:
            for share in run["options"]["shares"]:
                samples = [
                    sample
                    for sample in run["open"]
                    if (sample["payload"], sample["peer"], sample["share"]) == (payload, peer, share)
                ]
                if samples:
                    table.rows.append(_latency_row(payload, peer, share, samples))
    return table


def _latency_row(payload: str, peer: str, share: float, samples: Sequence[Sample]) -> Sequence[str]:
    direct = [sample["direct"] for sample in samples]
    requests = sum(sample["requests"] for sample in samples)

    def added(name: str) -> float | None:
        differences: list[float | None] = [
            sample["latency_ms"][name] - sample["direct"]["latency_ms"][name]
            for sample in samples
            if sample["latency_ms"][name] is not None and sample["direct"]["latency_ms"][name] is not None
        ]
        return median(differences)

    show: Callable[[float | None], str] = significant
    return (
        PAYLOADS[payload].title,
        title(peer),
        f"{share:.0%}",
        show(median(sample["rate"] for sample in samples)),
        f"{requests}{' (few)' if requests < FEW * len(samples) else ''}",
        show(_latency(samples, "p50")),
        show(_latency(samples, "p99")),
        show(_latency(samples, "p99.9")),
        show(_latency(direct, "p50")),
        show(_latency(direct, "p99")),
        show(added("p50")),
        show(added("p99")),
        str(sum(sample["errors"] + sample["unfinished"] for sample in samples)),
    )


def target_lines(run: Run) -> list[tuple[bool, str]]:
    """For each target that this run can judge: whether it is met, and a sentence that says so."""
    lines: list[tuple[bool, str]] = []
    for peer, base, least in TARGETS:
        found = ratios(run, "ticket", peer, base)
        ratio = median(found)
        if ratio is not None:
            by_round = ", ".join(f"{value:.2f}" for value in found)
            sentence = (
                f"{title(peer)}: {ratio:.2f} x {title(base)} on the 0.9 KB ticket (by round {by_round}); "
                f"target at least {least:.2f}: {'met' if ratio >= least else 'MISSED'}"
            )
            lines.append((ratio >= least, sentence))
    return lines


def caution_lines(run: Run) -> list[str]:
    """What a reader must know before trusting the figures."""
    cautions: list[str] = []
    for payload in run["options"]["payloads"]:
        ceiling = median(sample["rps"] for sample in closed(run, payload, DIRECT))
        fastest = max(
            (median(s["rps"] for s in closed(run, payload, peer)) or 0.0) for peer in _peers(run)[1:]
        )
        if ceiling and fastest > ceiling / 2:
            cautions.append(
                f"{PAYLOADS[payload].title}: the fastest peer reached {fastest / ceiling:.0%} of what load "
                "generator and upstream can do: its figure may be theirs"
            )
    foreign = [sample["foreign_cpu_percent"] for sample in run["closed"]]
    if foreign and max(foreign) > 10:
        cautions.append(
            f"other processes took up to {max(foreign):.0f} % of a core during a measurement "
            f"(median {statistics.median(foreign):.0f} %)"
        )
    if run["machine"]["cores"] < 2:
        cautions.append("one core only: the peers shared it with the load generator and the upstream")
    return cautions


def machine_lines(run: Run) -> list[str]:
    machine, options = run["machine"], run["options"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    how = (
        f"{options['rounds']} interleaved rounds of {options['seconds']:g} s; one process a peer, on a core "
        "of its own; upstream and load generator share another"
    )
    return [
        f"{machine['cpu']}, {machine['cores']} cores, Linux {machine['kernel']}, Python {machine['python']}",
        packages,
        f"{run['started']}: {how}",
    ]

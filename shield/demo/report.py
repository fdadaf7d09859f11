"""What the demonstration prints: each sample before and after, then the totals."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from shield.demo.journey import Journey

_REPLACEMENT = re.compile(r"<[A-Z][A-Z_]*>|\*{4,}\w*")


def show_journey(console: Console, journey: Journey, leaked: Sequence[str]) -> None:
    """The sample beside what is stored of it; planted values red, what stands in their place green."""
    sample = journey.sample
    title = Text(sample.name, style="bold")
    title.append(f"  {sample.content_type}", style="dim")
    table = Table(
        "before", "after", title=title, title_justify="left", box=SIMPLE_HEAD, expand=True, pad_edge=False
    )
    before = Text(sample.body.decode("utf-8", errors="replace"))
    before.highlight_words(list(sample.planted), style="bold red")
    after = Text(journey.stored.decode("utf-8", errors="replace"))
    after.highlight_regex(_REPLACEMENT, style="bold green")
    after.highlight_words(list(leaked), style="bold white on red")
    table.add_row(before, after)
    console.print(table)
    line = Text(f"  {journey.status}  found: {counts(journey.found)}  ")
    line.append(f"added {journey.added_seconds * 1000:.1f} ms  receipt {journey.receipt}", style="dim")
    if leaked:
        line.append(f"  STORED IN PLAIN: {', '.join(leaked)}", style="bold red")
    console.print(line, soft_wrap=True)
    console.print()


def counts(found: Mapping[str, int]) -> str:
    """`PERSON 2, US_SSN 1`, most frequent first; `nothing`."""
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{entity_type} {count}" for entity_type, count in ordered) or "nothing"


def show_totals(console: Console, journeys: Sequence[Journey]) -> None:
    """Findings by type, and the distribution of the latency that the proxy added."""
    found: Counter[str] = Counter()
    for journey in journeys:
        found.update(journey.found)
    table = Table("found", "count", title="What was found", title_justify="left", box=SIMPLE_HEAD)
    for entity_type, count in found.most_common():
        table.add_row(entity_type, str(count))
    console.print(table)
    title = "Latency added by the shield"
    # A title is wrapped at its table's width, and this table is narrower than its title on a fast machine.
    latency = Table("", "ms", title=title, title_justify="left", box=SIMPLE_HEAD, min_width=len(title))
    for name, milliseconds in latencies(journey.added_seconds for journey in journeys):
        latency.add_row(name, f"{milliseconds:.2f}")
    console.print(latency)


def latencies(seconds: Iterable[float]) -> list[tuple[str, float]]:
    """Median, 90th percentile (nearest rank) and maximum in milliseconds, of at least one value."""
    values = sorted(second * 1000 for second in seconds)
    rank = math.ceil(0.9 * len(values)) - 1
    return [("median", statistics.median(values)), ("90th percentile", values[rank]), ("maximum", values[-1])]

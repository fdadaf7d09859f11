"""Measures recall on the project's own evaluation set by kind and by language, under a policy of all types.

`python -m benchmarks.accuracy` prints it where no corpus is given. Public corpora have some twenty labels,
mostly in English; here each type of the product, each national scheme and each language is a row.

full        spans whose every letter and digit is covered by findings, whatever their type
typed       the same, by findings of the type itself
right       findings of the type (of the language: of all types) that overlap a marked value of any type
alarms      texts of the language without personal data that have findings
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from benchmarks.detectors import quickstart_policy
from shield.analyzer.build import build_analyzer, known_entities
from shield.analyzer.engine import Analyzer
from shield.analyzer.resolver import resolve
from shield.domain import Finding, OperatorSpec, Policy, Segment

DIRECTORY: Final = Path(__file__).parent / "evaluation"
KEPT: Final = frozenset({"DATE_TIME", "URL", "NRP", "ORGANIZATION", "UUID"})
"""Types that most policies keep: they count neither as false alarms nor for precision."""
SETS: Final = ("tickets", "languages", "disguises", "messages", "negatives")


@dataclass(slots=True)
class Count:
    """The counts of one kind or language. `texts` and `alarms` are of texts without personal data."""

    spans: int = 0
    full: int = 0
    typed: int = 0
    findings: int = 0
    right: int = 0
    texts: int = 0
    alarms: int = 0


Counts = Mapping[str, Count]


def records(*names: str) -> Iterator[dict[str, Any]]:
    """The records of the sets, in order."""
    for name in names or SETS:
        for line in (DIRECTORY / f"{name}.jsonl").read_text("utf-8").splitlines():
            yield json.loads(line)


def every_type(model: str) -> Policy:
    """The quick start's policy with `model`, but naming every type that can be found."""
    policy = quickstart_policy(model)
    operators = {
        entity: OperatorSpec("keep" if entity in KEPT else "replace")
        for entity in known_entities(policy.detector)
    }
    return replace(policy, operators=operators)


def measure(model: str, read: Iterable[dict[str, Any]]) -> tuple[Counts, Counts]:
    """The counts by kind (each national scheme is a kind of its own) and by language."""
    policy = every_type(model)
    return counted(build_analyzer(policy.detector), policy, read)


def counted(analyzer: Analyzer, policy: Policy, read: Iterable[dict[str, Any]]) -> tuple[Counts, Counts]:
    """What `measure` says, of this analyzer under this policy."""
    kinds: dict[str, Count] = defaultdict(Count)
    languages: dict[str, Count] = defaultdict(Count)
    for record in read:
        found = found_in(analyzer, policy, record["text"])
        _count(record, found, kinds, languages)
    return kinds, languages


def found_in(analyzer: Analyzer, policy: Policy, text: str) -> list[Finding]:
    """What the product finds in one text, as a separate payload."""
    return resolve(text, analyzer.analyze([Segment(0, text)], policy)[0], policy)


def _count(
    record: Mapping[str, Any], found: Sequence[Finding], kinds: dict[str, Count], languages: dict[str, Count]
) -> None:
    language = languages[record["lang"]]
    for span in record["spans"]:
        letters = {i for i in range(span["start"], span["end"]) if record["text"][i].isalnum()}
        full = letters <= {i for f in found for i in range(f.start, f.end)}
        typed = letters <= {i for f in found if f.entity_type == span["label"] for i in range(f.start, f.end)}
        rows = [language, kinds[span["label"]]]
        if span["label"] == "NATIONAL_ID" and "form" in span:
            rows.append(kinds[f"NATIONAL_ID: {span['form']}"])
        for row in rows:
            row.spans += 1
            row.full += full
            row.typed += typed
    told = [f for f in found if f.entity_type not in KEPT]
    for finding in told:
        right = any(s["start"] < finding.end and finding.start < s["end"] for s in record["spans"])
        for row in (language, kinds[finding.entity_type]):
            row.findings += 1
            row.right += right
    if record.get("negative"):
        language.texts += 1
        language.alarms += bool(told)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "-"


def table(title: str, by_model: Mapping[str, Counts]) -> Iterator[str]:
    """Lines of Markdown, a row for each kind or language and model."""
    yield f"| {title} | detector | spans | full | typed | right | alarms |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    for name in sorted(set().union(*by_model.values())):
        for model, counts in by_model.items():
            c = counts.get(name, Count())
            yield (
                f"| {name} | {model} | {c.spans} | {_percent(c.full, c.spans)} "
                f"| {_percent(c.typed, c.spans)} | "
                f"{_percent(c.right, c.findings)} | {_percent(c.alarms, c.texts)} |"
            )


def report(models: Sequence[str]) -> Iterator[str]:
    """Both tables of all sets."""
    measured = {model: measure(model, records()) for model in models}
    yield from table("language", {model: languages for model, (_, languages) in measured.items()})
    yield ""
    yield from table("kind", {model: kinds for model, (kinds, _) in measured.items()})

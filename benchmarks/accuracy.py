"""Measures how much of the personal data a detector finds, and what it wrongly takes for personal data.

    python -m benchmarks.accuracy --corpus DIR [--sets a,b] [--tiers fast,accurate]
        [--peer presidio --peer-limit 1500]

A tier is the engine as the product runs it under the quick start's policy: patterns, the named model, context
and the resolver. `tagger` is the model `fast` by itself; `package.module:factory` names any other function
from texts to findings. `--split held` uses the held-out part of `train/`, for tuning; without `--corpus` the
project's own set (`benchmarks/evaluation`) is read, and its recall by language and by kind is printed too
(`benchmarks.kinds`).

Measures, all in per cent:

leak        share of the non-space characters of the marked personal data that no finding covers
leak_hard   the same, where findings of DATE_TIME, URL, NRP and ORGANIZATION do not count as cover, as a
            default policy does not redact them (DATE_TIME still covers a DATE_OF_BIRTH)
full        spans of the label all of whose non-space characters are covered by findings of any type
typed       the same, by findings of the label itself
any         spans of the label that some finding overlaps
precision   findings of the label that overlap a marked span of it, over the records that mark all of them
alarms      texts of a negative set with a finding other than DATE_TIME, URL, NRP and ORGANIZATION

and at the end how well scores are calibrated: of the findings with a score near 0.8, how many are right.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks import kinds
from benchmarks.detectors import LABELS, MODELS, Detection, Detector, detector
from models.training.corpus import held_apart

NOT_PII: Final = frozenset({"ORGANIZATION", "DATE_TIME", "URL", "AGE", "NRP", "OTHER_ID", "MISC"})
SOFT: Final = frozenset({"DATE_TIME", "URL", "NRP", "ORGANIZATION"})


@dataclass(slots=True)
class LabelTally:
    spans: int = 0
    full: int = 0
    typed: int = 0
    any: int = 0
    predicted: int = 0
    right: int = 0


@dataclass(slots=True)
class Tally:
    """Counts of one detector on one set."""

    records: int = 0
    characters: int = 0
    leaked: int = 0
    leaked_hard: int = 0
    negatives: int = 0
    alarms: int = 0
    seconds: float = 0.0
    labels: dict[str, LabelTally] = field(default_factory=lambda: defaultdict(LabelTally))
    alarm_labels: Counter[str] = field(default_factory=Counter)
    scores: list[tuple[float, bool]] = field(default_factory=list)

    def add(self, record: dict[str, Any], found: Sequence[Detection]) -> None:
        """Counts one record."""
        text = record["text"]
        covered: set[int] = set()
        hard: set[int] = set()
        dates: set[int] = set()
        by_label: dict[str, set[int]] = defaultdict(set)
        for start, end, label, _ in found:
            place = range(start, end)
            covered.update(place)
            by_label[label].update(place)
            if label not in SOFT:
                hard.update(place)
            if label == "DATE_TIME":
                dates.update(place)
        self.records += 1
        for span in record["spans"]:
            label = span["label"]
            letters = [i for i in range(span["start"], span["end"]) if not text[i].isspace()]
            if label not in NOT_PII:
                self.characters += len(letters)
                self.leaked += sum(i not in covered for i in letters)
                self.leaked_hard += sum(
                    i not in hard and not (label == "DATE_OF_BIRTH" and i in dates) for i in letters
                )
            tally = self.labels[label]
            tally.spans += 1
            tally.full += all(i in covered for i in letters)
            tally.typed += all(i in by_label[label] for i in letters)
            tally.any += any(i in covered for i in letters)
        for label in record["exhaustive"]:
            gold = [(s["start"], s["end"]) for s in record["spans"] if s["label"] == label]
            for start, end, kind, _ in found:
                if kind == label:
                    self.labels[label].predicted += 1
                    self.labels[label].right += any(start < e and s < end for s, e in gold)
        if "PERSON" in record["exhaustive"]:
            # A place or number that the record need not mark may be right, so it does not count.
            gold = [(s["start"], s["end"]) for s in record["spans"] if s["label"] not in NOT_PII]
            for start, end, kind, score in found:
                right = any(start < e and s < end for s, e in gold)
                if kind not in NOT_PII and (right or kind in record["exhaustive"] or record.get("negative")):
                    self.scores.append((score, right))
        if record.get("negative"):
            wrong = [label for _, _, label, _ in found if label not in SOFT]
            self.negatives += 1
            self.alarms += bool(wrong)
            self.alarm_labels.update(set(wrong))


def share(part: int, whole: int) -> str:
    """`part` of `whole` in per cent, or a dash."""
    return f"{100 * part / whole:.1f}" if whole else "-"


def read(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def own(record: dict[str, Any]) -> dict[str, Any]:
    """A record of the project's own set in the labels of the corpora."""
    record["spans"] = [{**s, "label": LABELS.get(s["label"], s["label"])} for s in record["spans"]]
    record["exhaustive"] = sorted({LABELS.get(label, label) for label in record["exhaustive"]})
    return record


def sets_of(corpus: Path | None, split: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Name and records of each set of a split, or of the project's own set."""
    if corpus is not None and split == "held":
        yield from held_apart(corpus).items()
        return
    if corpus is None:
        paths = sorted((Path(__file__).parent / "evaluation").glob("*.jsonl"))
    else:
        paths = sorted((corpus / split).glob("*.jsonl.gz"))
    for path in paths:
        records = list(read(path))
        yield (
            path.name.removesuffix(".gz").removesuffix(".jsonl"),
            list(map(own, records)) if corpus is None else records,
        )


def measure(detect: Detector, records: Sequence[dict[str, Any]], batch: int = 64) -> Tally:
    """Runs `detect` over the records."""
    tally = Tally()
    for first in range(0, len(records), batch):
        part = records[first : first + batch]
        began = time.perf_counter()
        found = detect([r["text"] for r in part])
        tally.seconds += time.perf_counter() - began
        for record, detections in zip(part, found, strict=True):
            tally.add(record, detections)
    return tally


def table(tallies: Iterable[tuple[str, str, Tally]], labels: Sequence[str] | None) -> Iterator[str]:
    """Lines of Markdown: one per set and detector, then one per label."""
    rows = list(tallies)
    yield "| set | detector | records | leak | leak_hard | PERSON full / typed / prec. | alarms | ms |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    for name, who, t in rows:
        p = t.labels["PERSON"]
        yield (
            f"| {name} | {who} | {t.records} "
            f"| {share(t.leaked, t.characters)} | {share(t.leaked_hard, t.characters)} | "
            f"{share(p.full, p.spans)} / {share(p.typed, p.spans)} / {share(p.right, p.predicted)} | "
            f"{share(t.alarms, t.negatives)} | {1000 * t.seconds / max(1, t.records):.2f} |"
        )
    yield ""
    yield "| set | detector | label | spans | full | typed | any | precision |"
    yield "|---|---|---|--:|--:|--:|--:|--:|"
    for name, who, t in rows:
        for label, c in sorted(t.labels.items(), key=lambda item: -item[1].spans):
            if (labels is None or label in labels) and (c.spans or c.predicted):
                yield (
                    f"| {name} | {who} | {label} | {c.spans} "
                    f"| {share(c.full, c.spans)} | {share(c.typed, c.spans)} | "
                    f"{share(c.any, c.spans)} | {share(c.right, c.predicted)} |"
                )


def reliability(rows: Iterable[tuple[str, str, Tally]]) -> Iterator[str]:
    """Lines of Markdown: for each range of scores, the share of findings that are personal data."""
    by_detector: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for _, who, tally in rows:
        by_detector[who] += tally.scores
    yield "| detector | score | mean score | right | findings |"
    yield "|---|---|--:|--:|--:|"
    for who, scores in by_detector.items():
        for low in range(2, 10):
            part = [(s, r) for s, r in scores if low / 10 <= s < (low + 1) / 10 or (low == 9 and s == 1)]
            if part:
                said = sum(s for s, _ in part) / len(part)
                yield (
                    f"| {who} | 0.{low} to {(low + 1) / 10:.1f} | {said:.2f} "
                    f"| {sum(r for _, r in part) / len(part):.2f} | {len(part)} |"
                )


def arguments_of(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Accuracy of a detector on an annotated corpus.")
    parser.add_argument(
        "--corpus", type=Path, help="a folder with train/ and eval/, for example ../shared/data"
    )
    parser.add_argument(
        "--split", default="eval", help="`eval`, `train`, or `held`: the part of train held apart"
    )
    parser.add_argument("--sets", default="", help="names of sets, comma-separated; all without")
    parser.add_argument(
        "--labels", default="", help="labels of the second table, comma-separated; all without"
    )
    parser.add_argument(
        "--tiers",
        default="fast",
        help="tiers or other detectors, comma-separated (patterns, fast, accurate, …)",
    )
    parser.add_argument("--peer", default="", help="another detector, last (presidio)")
    parser.add_argument(
        "--limit", type=int, default=0, help="at most so many records of a set, drawn with a fixed seed"
    )
    parser.add_argument(
        "--peer-limit", type=int, default=0, help="at most so many of these for the peer, which is slow"
    )
    parser.add_argument("--json", type=Path, help="write the counts there too")
    return parser.parse_args(given)


def chosen(args: argparse.Namespace) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each requested set, with as many of its records as requested."""
    wanted = set(filter(None, args.sets.split(",")))
    for name, records in sets_of(args.corpus, args.split):
        if not wanted or name in wanted:
            yield name, drawn(records, args.limit)


def drawn(records: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """At most `limit` of the records, always the same ones; all if that is 0."""
    return random.Random(0).sample(records, limit) if 0 < limit < len(records) else records


def counts(name: str, who: str, tally: Tally) -> dict[str, Any]:
    """A detector's counts on a set, as data."""
    return {
        "set": name,
        "detector": who,
        "records": tally.records,
        "characters": tally.characters,
        "leaked": tally.leaked,
        "leaked_hard": tally.leaked_hard,
        "negatives": tally.negatives,
        "alarms": tally.alarms,
        "labels": {
            label: {k: getattr(c, k) for k in LabelTally.__slots__} for label, c in tally.labels.items()
        },
    }


def main(arguments: Sequence[str] | None = None) -> None:
    args = arguments_of(arguments)
    detectors = [(n, detector(n), 0) for n in args.tiers.split(",") if n]
    if args.peer:
        detectors.append((args.peer, detector(args.peer), args.peer_limit))
    tallies: list[tuple[str, str, Tally]] = []
    for name, records in chosen(args):
        for who, detect, limit in detectors:
            tallies.append((name, who, measure(detect, drawn(records, limit))))
            print(f"{name} {who} done", file=sys.stderr)
    print("\n".join(table(tallies, args.labels.split(",") if args.labels else None)))
    print("\n" + "\n".join(reliability(tallies)))
    if args.corpus is None:
        print("\n" + "\n".join(kinds.report([tier for tier in args.tiers.split(",") if tier in MODELS])))
    if args.json:
        written = json.dumps([counts(*each) for each in tallies], indent=1)
        args.json.write_text(written + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

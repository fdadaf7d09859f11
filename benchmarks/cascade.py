"""Measures what the encoder gains: quality against cost, from `fast` to `accurate` and to the encoder alone.

    python -m benchmarks.cascade --corpus DIR [--split held] [--limit 300]

Each row is one value of the doubt up to which a sentence stays with the tagger, of the share of a text that
the encoder may read, or of the certainty that the tagger needs (`shield/analyzer/tagging/tiers.py`). It
shows, for models without patterns, the share of tokens that the encoder reads, the leak (mean of the sets)
and how well persons are found (all sets together); and the processor time compared with the encoder alone and
`fast`, measured in the same run on one thread.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks.accuracy import measure, sets_of
from benchmarks.processes import ROOT
from benchmarks.table import Table, figure
from shield.analyzer.tagging.encoder import Encoder, FloatArray
from shield.analyzer.tagging.joint_scores import JointScores
from shield.analyzer.tagging.tagger import Tagger
from shield.analyzer.tagging.tiers import CERTAIN, DOUBT, SHARE, Accurate, ByEncoder, Cascade, SpanTagger
from shield.analyzer.tagging.tokens import Tokens

DOUBTS = (0.2, 0.1, 0.075, 0.05, 0.035, 0.02, 0.01)
SHARES = (0.05, 1.0)
CERTAINTIES = (0.95, CERTAIN, 0.995, 1.1)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Quality of the cascade against its cost.")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--split", default="held")
    parser.add_argument("--limit", type=int, default=150, help="records of a set, drawn with a fixed seed")
    args = parser.parse_args(arguments)
    sets: dict[str, list[dict[str, Any]]] = {}
    for name, records in sets_of(args.corpus, args.split):
        sets[name] = random.Random(0).sample(records, min(len(records), args.limit))
    tagger = Tagger.load(ROOT / "models" / "ner-en")
    folder = ROOT / "models" / "ner-en-accurate"
    encoder = Counting(Encoder.load(folder))
    joint = JointScores.read(folder, tagger.config, encoder.config)
    tiers: list[tuple[str, SpanTagger]] = [("fast", tagger)]
    for doubt, share in [*((doubt, SHARE) for doubt in DOUBTS), *((DOUBT, share) for share in SHARES)]:
        name = f"cascade, doubt {doubt:g}"
        if share != SHARE:
            name += f", up to {100 * share:g} % of a text"
        elif doubt == DOUBT:
            name += " (as shipped)"
        tiers.append((name, Cascade(tagger, encoder, doubt, share)))
    for certain in CERTAINTIES:
        name = f"certain {certain:g}" if certain <= 1 else "both on everything"
        if certain == CERTAIN:
            name += " (accurate, as shipped)"
        tiers.append((name, Accurate(tagger, encoder, joint, certain)))
    tiers.append(("the encoder alone", ByEncoder(encoder)))
    rows = [(name, *measured(tier, encoder, sets)) for name, tier in tiers]
    words, slowest, quickest = rows[-1][1], rows[-1][-1], rows[0][-1]
    table = Table(
        f"{sum(map(len, sets.values()))} records of {len(sets)} sets ({args.split}); per cent",
        (
            "tier",
            "read by the encoder",
            "leak_hard",
            "PERSON full",
            "PERSON precision",
            "time / encoder's",
            "time / fast's",
        ),
        left=1,
    )
    for name, read_by, leak, full, right, seconds in rows:
        shares = (100 * read_by / words, leak, full, right)
        times = f"{seconds / slowest:.2f}", f"{seconds / quickest:.2f}"
        table.rows.append((name, *(figure(each) for each in shares), *times))
    print(table.markdown())


class Counting(Encoder):
    """An encoder that counts the tokens it reads."""

    def __init__(self, encoder: Encoder) -> None:
        self.__dict__.update(vars(encoder))
        self.tokens = 0

    def window(self, tokens: Tokens) -> FloatArray:
        self.tokens += len(tokens)
        return super().window(tokens)


def measured(
    tier: SpanTagger, encoder: Counting, sets: dict[str, list[dict[str, Any]]]
) -> tuple[int, float, float, float, float]:
    """Tokens that the encoder reads; leak_hard, PERSON full and precision (%); seconds of the processor."""
    tier.tag(["Once, so that the first text of a set is not the first of all."])
    encoder.tokens = 0
    began = time.process_time()
    tallies = [measure(tier.tag, records) for records in sets.values()]
    seconds = time.process_time() - began
    people = [t.labels["PERSON"] for t in tallies]
    return (
        encoder.tokens,
        fmean(100 * t.leaked_hard / t.characters for t in tallies if t.characters),
        100 * sum(p.full for p in people) / sum(p.spans for p in people),
        100 * sum(p.right for p in people) / sum(p.predicted for p in people),
        seconds,
    )


if __name__ == "__main__":
    main()

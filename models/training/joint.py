"""Fits how the tagger and the encoder decide together: `python -m models.training.joint --corpus DIR`.

Writes `joint` into the encoder's `config.json`: the tagger's share of the scores, what is added to them, and
the calibration of the result, fitted on the held-out records, on which neither model was trained.
With `--compare` it prints the results of other shares and leanings there, and writes nothing. Needs no torch.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any, Final

from benchmarks.accuracy import Tally, measure
from benchmarks.processes import ROOT
from benchmarks.table import Table, figure
from models.training.calibration import calibrate
from models.training.corpus import held_apart
from shield.analyzer.tagging.encoder import FILES, Encoder, FloatArray
from shield.analyzer.tagging.joint_scores import JointScores
from shield.analyzer.tagging.model_files import write_sums
from shield.analyzer.tagging.tagger import Tagged, Tagger
from shield.analyzer.tagging.tiers import Accurate, ByEncoder, SpanTagger
from shield.analyzer.tagging.tokens import Tokens

SHARE: Final = 0.35
ADDED: Final = {"O": -1.0, "PERSON": -1.25, "ORGANIZATION": -0.5, "LOCATION": -0.25}
"""The tagger's share, and what is added on top of what each model's own graph adds."""
OTHERS: Final = (
    (0.0, {}),
    (0.0, ADDED),
    (0.2, {}),
    (0.35, {}),
    (0.5, {}),
    (0.2, ADDED),
    (SHARE, ADDED),
    (0.5, ADDED),
    (SHARE, {"O": -1.0, "PERSON": -1.0, "ORGANIZATION": -1.0, "LOCATION": -1.0}),
    (SHARE, {"O": -0.5, "PERSON": -0.5, "ORGANIZATION": -0.25, "LOCATION": -0.25}),
)
"""The settings that `--compare` prints."""
QUICK_START: Final = {"PERSON": 0.35, "LOCATION": 0.35}
"""Thresholds of the quick start's policy; 0.5 for all other labels."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Fits and writes, or compares."""
    parser = argparse.ArgumentParser(description="Fits the joint decision of the two models.")
    parser.add_argument("--corpus", type=Path, required=True, help="a folder with train/")
    parser.add_argument("--fast", type=Path, default=ROOT / "models" / "ner-en")
    parser.add_argument("--accurate", type=Path, default=ROOT / "models" / "ner-en-accurate")
    parser.add_argument("--compare", action="store_true")
    args = parser.parse_args(arguments)
    sets = held_apart(args.corpus)
    tagger, encoder = Tagger.load(args.fast), Remembering(Encoder.load(args.accurate))
    if args.compare:
        print(compared(tagger, encoder, sets))
        return
    joint, reliability = fitted(tagger, encoder, sets, SHARE, ADDED)
    config = args.accurate / "config.json"
    raw = json.loads(config.read_text(encoding="utf-8"))
    raw["joint"] = {
        "share": SHARE,
        "added": ADDED,
        "slope": round(joint.config.slope, 4),
        "shift": round(joint.config.shift, 4),
    }
    config.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")
    write_sums(args.accurate, FILES)
    print("score   right   spans")
    for said, was, spans in reliability:
        print(f"{said:.2f}    {was:.2f}    {spans}")


class Remembering(Encoder):
    """The encoder with its results cached, as each setting reads the same windows."""

    def __init__(self, encoder: Encoder) -> None:
        self.__dict__.update(vars(encoder))
        self._known: dict[tuple[tuple[str, ...], tuple[int, ...]], FloatArray] = {}

    def window(self, tokens: Tokens) -> FloatArray:
        key = tuple(tokens.texts), tuple(tokens.gaps)
        if (found := self._known.get(key)) is None:
            found = self._known[key] = super().window(tokens)
        return found


def fitted(
    tagger: Tagger,
    encoder: Encoder,
    sets: dict[str, list[dict[str, Any]]],
    share: float,
    added: dict[str, float],
) -> tuple[JointScores, list[tuple[float, float, int]]]:
    """The joint decision with its calibration, and the table of its reliability.

    It is fitted on what both models have read; the rest keeps the tagger's own calibration.
    """
    settings = {"share": share, "added": added, "slope": 1.0, "shift": 0.0}
    raw = JointScores.made(tagger.config, encoder.config, settings, threshold=0.02)
    own = tagger.config
    tagger.config = replace(own, threshold=1.1)  # excludes what it finds alone
    records = [record for some in sets.values() for record in some]
    slope, shift, reliability = calibrate(Accurate(tagger, encoder, raw), records)
    tagger.config = own
    settings |= {"slope": slope, "shift": shift}
    return JointScores.made(own, encoder.config, settings, encoder.config.threshold), reliability


def compared(tagger: Tagger, encoder: Encoder, sets: dict[str, list[dict[str, Any]]]) -> str:
    """A table of the models alone and of each of `OTHERS`, without patterns and the engine's rules."""
    table = Table(
        f"{sum(map(len, sets.values()))} records held apart; per cent",
        ("tier", "leak_hard", "PERSON full", "typed", "precision", "wrong", "LOCATION precision"),
        left=1,
    )
    tiers: list[tuple[str, SpanTagger]] = [("fast", tagger), ("the encoder alone", ByEncoder(encoder))]
    for share, added in OTHERS:
        joint, _ = fitted(tagger, encoder, sets, share, added)
        said = ", ".join(f"{label} {value:g}" for label, value in added.items()) or "nothing added"
        tiers.append((f"{share:g} of the tagger; {said}", Accurate(tagger, encoder, joint)))
    for name, tier in tiers:
        tallies = [measure(partial(under_quick_start, tier), records) for records in sets.values()]
        table.rows.append((name, *figures(tallies)))
    return table.markdown()


def under_quick_start(tier: SpanTagger, texts: Sequence[str]) -> list[list[Tagged]]:
    """The spans of a tier that pass the thresholds of the quick start's policy."""
    return [[span for span in spans if span[3] >= QUICK_START.get(span[2], 0.5)] for spans in tier.tag(texts)]


def figures(tallies: Sequence[Tally]) -> list[str]:
    """A row of the table: leaks are the mean over the sets, the rest are sums."""
    people = [t.labels["PERSON"] for t in tallies]
    places = [t.labels["LOCATION"] for t in tallies]
    names, found = sum(p.spans for p in people), sum(p.predicted for p in people)
    right = sum(p.right for p in people)
    return [
        figure(fmean(100 * t.leaked_hard / t.characters for t in tallies if t.characters)),
        figure(100 * sum(p.full for p in people) / names),
        figure(100 * sum(p.typed for p in people) / names),
        figure(100 * right / found),
        str(found - right),
        figure(100 * sum(p.right for p in places) / sum(p.predicted for p in places)),
    ]


if __name__ == "__main__":
    main()

# ruff: noqa: INP001, T201  a script
"""Writes into shield/evidence/canaries.json which recognizers find each canary, and with which score.

    python scripts/calibrate_canaries.py           # after a sentence was added or a recognizer changed
    python scripts/calibrate_canaries.py --check   # exit code 1 where the file is out of date

A policy is expected to find a canary only where one of its recognizers runs. A recognizer is listed where
every engine that runs it (each model, the groups `default` and `shield`, alone and together) finds the whole
value; the score is the lowest of them. Sentences that none finds are removed from the file.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from shield.analyzer.build import build_analyzer
from shield.analyzer.engine import Analyzer
from shield.analyzer.resolver import resolve
from shield.domain import DetectorSpec, OperatorSpec, Policy, Segment
from shield.evidence.canaries import marked

FILE = Path(__file__).parents[1] / "shield" / "evidence" / "canaries.json"
GROUPS = (("default",), ("shield",), ("default", "shield"))
MODELS = ("none", "spacy:en_core_web_sm", "fast")
DIGITS = 2


def specs(language: str) -> list[DetectorSpec]:
    """The engines to try on a sentence of this language; models read only English."""
    if language == "en":
        sets = [(("en",), model) for model in MODELS]
    else:
        sets = [((language,), "none"), (("en", language), "none")]
    return [
        DetectorSpec(languages=languages, model=model, recognizers=group)
        for (languages, model), group in itertools.product(sets, GROUPS)
    ]


def score_of(analyzer: Analyzer, spec: DetectorSpec, item: Mapping[str, Any]) -> tuple[str, float] | None:
    """The recognizer that finds the whole value as its type, and the score."""
    text, start, end = marked(item["text"])
    policy = Policy("canary", "", {item["entity"]: OperatorSpec("replace")}, spec, score_threshold=0.0)
    raw = analyzer.analyze([Segment(0, text)], policy)[0]
    for found in resolve(text, raw, policy):
        if found.start <= start and found.end >= end:
            return found.recognizer, found.score
    return None


def calibrated(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The items with `found_by` (recognizer to score), without those that nothing finds."""
    engines: dict[DetectorSpec, Analyzer] = {}
    result = []
    for item in items:
        scores: dict[str, float] = {}
        missed: set[str] = set()
        for spec in specs(item["language"]):
            if spec not in engines:
                engines[spec] = build_analyzer(spec)
            analyzer = engines[spec]
            found = score_of(analyzer, spec, item)
            if found is None:
                missed |= analyzer.recognizers
            else:
                name, score = found
                scores[name] = min(scores.get(name, 1.0), score)
        kept = {name: int(score * 10**DIGITS) / 10**DIGITS for name, score in sorted(scores.items())}
        kept = {name: score for name, score in kept.items() if name not in missed and score > 0}
        if kept:
            result.append({**item, "found_by": kept})
    return result


def rendered(items: Iterable[Mapping[str, Any]]) -> str:
    """The file's text."""
    lines = ",\n".join("  " + json.dumps(item, ensure_ascii=True) for item in items)
    return f"[\n{lines}\n]\n"


def main() -> int:
    """Write the file, or check that it is up to date."""
    parser = argparse.ArgumentParser(description="Which recognizers find each canary.")
    parser.add_argument("--check", action="store_true", help="write nothing; say whether the file holds")
    options = parser.parse_args()
    before = FILE.read_text(encoding="utf-8")
    items = json.loads(before)
    after = rendered(calibrated(items))
    if options.check:
        return int(before != after)
    for lost in {(i["entity"], i["language"], i["variant"]) for i in items} - {
        (i["entity"], i["language"], i["variant"]) for i in json.loads(after)
    }:
        print("found by nothing:", *lost, file=sys.stderr)
    FILE.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

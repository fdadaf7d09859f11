"""Turns annotated records into training examples that distinguish unknown tokens from those without a label.

A record says for which labels it marks every occurrence (`exhaustive`). A token outside all spans may still
have any label that is not in that list, so its target is the set of tags that it may have, and only a part of
its weight says that it is `O` (`outside`). Without that part nothing would teach the model that words
of a set such as STAR are mostly no entity; with all of it, every unmarked name would teach it to miss names.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from models.training import by_hand
from models.training.labels import LABELS, OUTSIDE, TAGS, begin
from shield.analyzer.tagging.tokens import tokenize

ALL_TAGS: Final = (1 << len(TAGS)) - 1
HELD_APART: Final = 0.06
HELD_APART_BY_HAND: Final = 0.12
CHUNK: Final = 160  # tokens; longer records are cut at a line break or a full stop

OUTSIDE_WEIGHT: Final = {
    # How much "unmarked" means "none" for labels that the set does not promise to mark everywhere.
    "multidogo_train": 0.5,
    "restaurant8k_train": 0.5,
    "evi_en_train": 1.0,
    "star_train": 0.15,
    "snips_train": 0.15,
    "nlu_eval_train": 0.3,
    "btc_train": 0.5,
    "wnut17_train": 0.5,
    "wikigold_train": 0.5,
    "germeval_de_train": 0.5,
    "mobie_de_train": 0.3,
    "meddocan_es_train": 0.7,
    "tm4_coffee_train": 1.0,
    "neg_banking77_train": 1.0,
    "neg_clinc_train": 1.0,
    "synthetic": 1.0,
}
BY_HAND_WEIGHT: Final = 0.7
"""The same of texts by hand."""
NEGATIVE_MISC: Final = frozenset({"multidogo_train", "restaurant8k_train", "tm4_coffee_train", "synthetic"})
"""Sets whose MISC spans (dishes, sums, car models) surely have none of our labels; elsewhere they may."""
OTHER_NAMES: Final = frozenset({"MISC", "OTH", "product", "creative-work"})
OTHER_NAMES_WEIGHT: Final = 0.3
"""The weight of `O` for what sets that mark persons, places and organisations call the rest (works, events).

It is none of those three if the set promises to mark all of them; the weight says how surely it has none of
the other labels either.
"""


@dataclass(slots=True)
class Example:
    """The tokens of a record, with the tags that each may have.

    `tags[i]` is the tag of a token in a span, or -1; then `allowed[i]` is a bit set over TAGS and
    `outside[i]` the weight of the statement that the token is `O`.
    """

    source: str
    words: list[str]
    gaps: list[int]
    tags: list[int]
    allowed: list[int]
    outside: list[float]


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The records of one gzipped file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def is_held_apart(record_id: str) -> bool:
    """Whether the record belongs to the held-out part of the training data, for tuning and calibration."""
    share = HELD_APART_BY_HAND if record_id.startswith(by_hand.PREFIX) else HELD_APART
    return zlib.crc32(record_id.encode()) % 1000 < share * 1000


def training_sets(corpus: Path) -> Iterator[tuple[str, Iterable[dict[str, Any]]]]:
    """Name and records of every set to train on: the files of `corpus`/train, and the texts by hand."""
    for path in sorted((corpus / "train").glob("*.jsonl.gz")):
        yield path.name.partition(".")[0], read(path)
    yield from by_hand.sets().items()


def held_apart(corpus: Path) -> dict[str, list[dict[str, Any]]]:
    """The records of each set on which nothing trains."""
    return {name: [r for r in some if is_held_apart(r["id"])] for name, some in training_sets(corpus)}


def example(record: dict[str, Any], outside_weight: float | None = None) -> Example:
    """The record as tokens with targets."""
    source = record["set"]
    tokens = tokenize(record["text"])
    usual = BY_HAND_WEIGHT if source.startswith(by_hand.PREFIX) else 0.5
    weight = OUTSIDE_WEIGHT.get(source, usual) if outside_weight is None else outside_weight
    exhaustive = set(record["exhaustive"])
    allowed = 1 << OUTSIDE
    for label in LABELS:
        if label not in exhaustive:
            allowed |= 3 << begin(label)
    count = len(tokens)
    out = Example(
        source,
        [t.text for t in tokens],
        [t.gap for t in tokens],
        [-1] * count,
        [allowed] * count,
        [weight] * count,
    )
    named = exhaustive >= {"PERSON", "LOCATION", "ORGANIZATION"}
    index = 0
    for span in record["spans"]:
        label = span["label"]
        opened = False
        while index < count and tokens[index].end <= span["start"]:
            index += 1
        while index < count and tokens[index].start < span["end"]:
            if label in LABELS:
                out.tags[index] = begin(label) + opened
                out.allowed[index] = 1 << out.tags[index]
                out.outside[index] = 0.0
                opened = True
            elif label == "MISC" and named and span.get("source_label") in OTHER_NAMES:
                out.outside[index] = OTHER_NAMES_WEIGHT
            elif source not in NEGATIVE_MISC and not span.get("source_label", "").startswith("handle"):
                out.allowed[index] = ALL_TAGS
                out.outside[index] = 0.0
            index += 1
    return out


def chunks(whole: Example, size: int = CHUNK) -> Iterator[Example]:
    """`whole` in pieces of at most `size` tokens, cut at a line break if possible, never in a span."""
    start = 0
    count = len(whole.words)
    while start < count:
        end = min(start + size, count)
        if end < count:
            cut = end
            while cut > start + size // 3 and whole.gaps[cut] != 2:
                cut -= 1
            if cut <= start + size // 3:
                cut = end
            while cut > start + 1 and whole.tags[cut] > 0 and whole.tags[cut] % 2 == 0:
                cut -= 1
            end = cut
        part = slice(start, end)
        yield Example(
            whole.source,
            whole.words[part],
            whole.gaps[part],
            whole.tags[part],
            whole.allowed[part],
            whole.outside[part],
        )
        start = end


def load(corpus: Path) -> tuple[list[Example], list[dict[str, Any]]]:
    """Training examples, and held-out records, of all sets."""
    examples: list[Example] = []
    held: list[dict[str, Any]] = []
    for _, records in training_sets(corpus):
        for record in records:
            if is_held_apart(record["id"]):
                held.append(record)
            else:
                examples.extend(chunks(example(record)))
    return examples, held


def joined(parts: Sequence[Example], gap: int) -> Example:
    """Several short examples as one, like the consecutive messages of a ticket."""
    out = Example(parts[0].source, [], [], [], [], [])
    for part in parts:
        first = len(out.gaps)
        out.words += part.words
        out.gaps += part.gaps
        if first and len(out.gaps) > first:
            out.gaps[first] = gap
        out.tags += part.tags
        out.allowed += part.allowed
        out.outside += part.outside
    return out


def spans(example_: Example) -> Iterable[tuple[int, int, str]]:
    """The marked spans as token ranges and labels."""
    start = -1
    for i, tag in enumerate([*example_.tags, -1]):
        if start >= 0 and not (tag > 0 and tag % 2 == 0):
            yield start, i, LABELS[(example_.tags[start] - 1) // 2]
            start = -1
        if tag > 0 and tag % 2 == 1:
            start = i

"""Makes batches of examples: augmented, some of them joined, sorted by length and padded."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from models.training.corpus import Example, joined, spans
from models.training.labels import begin
from models.training.synthesis import Grammar
from shield.analyzer.tagging.tokens import BROKEN, SPACED, tokenize

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
PROSE: Final = frozenset({"btc_train", "wnut17_train", "wikigold_train"})
"""English sets of news and posts: their organisations and places are replaced by ones named after persons."""


@dataclass(frozen=True, slots=True)
class Odds:
    """The probability of each change of an example."""

    new_person: float = 0.35
    new_place: float = 0.2
    new_organisation: float = 0.2
    lower: float = 0.22
    upper: float = 0.025
    title: float = 0.03
    no_punctuation: float = 0.1
    typo: float = 0.04
    joined: float = 0.35
    repeat: float = 0.01


def _copy(e: Example) -> Example:
    return replace(
        e,
        words=list(e.words),
        gaps=list(e.gaps),
        tags=list(e.tags),
        allowed=list(e.allowed),
        outside=list(e.outside),
    )


def _replaced(e: Example, grammar: Grammar, odds: Odds) -> Example:
    """`e` with other names in its spans, in the letter case of those that they replace."""
    rng = grammar.rng
    out = _copy(e)
    for start, end, label in reversed(list(spans(e))):
        words = e.words[start:end]
        joined_words = "".join(words)
        if label == "PERSON" and rng.random() < odds.new_person:
            if len(joined_words) < 2.2 * len(words) or not joined_words[0].isalpha():
                continue  # spelled, or not a name
            text = grammar.names.given(rng) if len(words) == 1 else grammar.names.full(rng)
            if len(words) == 1 and rng.random() < 0.35:
                text = grammar.names.pair(rng)[1]
        elif label == "LOCATION" and rng.random() < odds.new_place and e.source != "mobie_de_train":
            text = grammar.addresses.city()
            if e.source in PROSE and rng.random() < 0.5:
                text = grammar.scenes.bearers.spot()
        elif label == "ORGANIZATION" and rng.random() < odds.new_organisation and e.source in PROSE:
            text = grammar.scenes.organisation()
        else:
            continue
        if joined_words.islower():
            text = re.sub(r"[^\w ]", "", text.lower())
        elif joined_words.isupper() and len(joined_words) > 3:
            text = text.upper()
        tokens = tokenize(text)
        if not tokens:
            continue
        tags = [begin(label)] + [begin(label) + 1] * (len(tokens) - 1)
        out.words[start:end] = [t.text for t in tokens]
        out.gaps[start:end] = [e.gaps[start], *(t.gap for t in tokens[1:])]
        out.tags[start:end] = tags
        out.allowed[start:end] = [1 << t for t in tags]
        out.outside[start:end] = [0.0] * len(tags)
    return out


def _without_punctuation(e: Example) -> Example:
    keep = [i for i, w in enumerate(e.words) if w[0].isalnum() or len(w) > 1]
    if not keep:
        return e
    out = Example(e.source, [], [], [], [], [])
    opened = -1
    for i in keep:
        tag = e.tags[i]
        if tag > 0 and tag % 2 == 0 and not (out.tags and out.tags[-1] in (tag, tag - 1) and opened >= 0):
            tag -= 1  # the span's first token was dropped
        opened = i
        out.words.append(e.words[i])
        out.gaps.append(e.gaps[i] or SPACED)
        out.tags.append(tag)
        out.allowed.append(1 << tag if tag >= 0 else e.allowed[i])
        out.outside.append(e.outside[i])
    return out


def _typo(word: str, rng: random.Random) -> str:
    if len(word) < 4 or not word.isalpha():
        return word
    i = rng.randrange(1, len(word) - 1)
    form = rng.random()
    if form < 0.3:
        return word[:i] + word[i + 1 :]
    if form < 0.6:
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    if form < 0.8:
        return word[:i] + word[i] + word[i:]
    return word[:i] + rng.choice(_LETTERS) + word[i + 1 :]


def changed(e: Example, grammar: Grammar, odds: Odds) -> Example:
    """`e` after randomly chosen changes."""
    rng = grammar.rng
    out = _replaced(e, grammar, odds)
    if rng.random() < odds.no_punctuation:
        out = _without_punctuation(out)
    draw = rng.random()
    if draw < odds.lower:
        out.words = [w.lower() for w in out.words]
    elif draw < odds.lower + odds.upper:
        out.words = [w.upper() for w in out.words]
    elif draw < odds.lower + odds.upper + odds.title:
        out.words = [w.title() for w in out.words]
    if rng.random() < 0.3:
        out.words = [_typo(w, rng) if rng.random() < odds.typo else w for w in out.words]
    return out


def epoch(examples: Sequence[Example], grammar: Grammar, odds: Odds, budget: int) -> Iterator[list[Example]]:
    """One pass in random order, in batches of about `budget` tokens including padding."""
    rng = grammar.rng
    order = list(range(len(examples)))
    rng.shuffle(order)
    rows: list[Example] = []
    waiting: dict[str, Example] = {}
    for i in order:
        row = changed(examples[i], grammar, odds)
        if not row.words:
            continue
        mate = waiting.pop(row.source, None)
        if mate is not None and len(mate.words) + len(row.words) < 120:
            row = joined([mate, row], BROKEN if rng.random() < 0.5 else SPACED)
        elif mate is not None:
            rows.append(mate)
        if rng.random() < odds.joined and len(row.words) < 60:
            waiting[row.source] = row
        else:
            rows.append(row)
    rows.extend(waiting.values())
    pool = 6000
    for first in range(0, len(rows), pool):
        part = sorted(rows[first : first + pool], key=lambda r: len(r.words) + rng.random() * 3)
        batches: list[list[Example]] = []
        batch: list[Example] = []
        for row in part:
            if batch and (len(batch) + 1) * len(row.words) > budget:
                batches.append(batch)
                batch = []
            batch.append(row)
        if batch:
            batches.append(batch)
        rng.shuffle(batches)
        yield from batches

"""Trains a shipped model on: `python -m models.training.further --corpus DIR --model DIR --out DIR`.

The weights are taken back from the model's files. An encoder goes on as the teacher was trained; the tagger
gets rows of its word table for words by hand that it lacks, and every other pass is read by the encoder in
`--teacher`.
"""

from __future__ import annotations

import argparse
import zlib
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from models.training import by_hand, shipped
from models.training.__main__ import finish, finish_encoder, passes
from models.training.corpus import Example, chunks, example, load
from models.training.labels import begin
from models.training.names import Names
from models.training.network import Student
from models.training.student import RATE, train
from models.training.synthesis import records
from models.training.teacher import Pieces, Teacher, encoder_folder, fine_tune
from models.training.words import LONGEST, Table, extended, ranks_of
from shield.analyzer.tagging.features import normal_form

SCENES: Final = 0.2
"""The share of the kinds of `scenes` among the encoder's synthetic texts."""
SYNTHETIC: Final = 24_000
ROWS: Final = 17_000
"""The most words that the table gets: the tagger stays within 15 MB."""
_NAMES: Final = (begin("PERSON"), begin("PERSON") + 1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Trains on, calibrates and writes the model."""
    parser = argparse.ArgumentParser(description="Trains a shipped model on.")
    parser.add_argument("--corpus", type=Path, required=True, help="a folder with train/ and gazetteers/")
    parser.add_argument("--model", type=Path, required=True, help="the folder of the model to train on")
    parser.add_argument("--teacher", type=Path, help="the folder of the encoder that the tagger learns from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("build/further"), help="intermediate files")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--rate", type=float, required=True, help="a factor of the rates of a first training")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(arguments)
    torch.set_num_threads(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    folder = encoder_folder()
    pieces = Pieces(folder)
    if args.teacher is None:
        encoder = encoder_trained_on(args, Teacher(folder))
        finish_encoder(encoder, pieces, args.out, load(args.corpus)[1], {"seed": args.seed})
    else:
        tagger_trained_on(args, shipped.teacher_of(args.teacher, Teacher(folder)), pieces)


def encoder_trained_on(args: argparse.Namespace, pretrained: Teacher) -> Teacher:
    """The encoder in `args.model` after `args.steps` more steps."""
    weights = args.work / "encoder.pt"
    if not weights.exists():
        start = shipped.teacher_of(args.model, pretrained).state_dict()
        options: dict[str, Any] = {"steps": args.steps, "seed": args.seed, "rate": args.rate}
        fine_tune(args.corpus, weights, start_from=start, scenes=SCENES, **options)
    pretrained.load_state_dict(torch.load(weights, weights_only=True))
    return pretrained.eval()


def tagger_trained_on(args: argparse.Namespace, teacher: Teacher, pieces: Pieces) -> None:
    """Writes the tagger in `args.model` after `args.steps` more steps, with a larger word table."""
    examples, held = load(args.corpus)
    gazetteers = args.corpus / "gazetteers"
    before, small = shipped.student_of(args.model)
    table = extended(
        small, unmarked_words(examples, small)[:ROWS], ranks_of(Names(gazetteers)), teacher, pieces
    )
    student = Student(before.size, torch.from_numpy(table.codes.astype(np.float32) * table.scale))
    weights = {k: v for k, v in before.state_dict().items() if k != "table"}
    student.load_state_dict({"table": student.table, **weights})
    made = records(gazetteers, SYNTHETIC, args.seed + 1)
    texts = [*examples, *chain.from_iterable(chunks(example(r)) for r in made)]
    args.distil = 0.7
    some = passes(args, texts, table, teacher, pieces, seed=args.seed + 3)
    train(student, some, steps=args.steps, seed=args.seed, rate=args.rate * RATE, distil=args.distil)
    finish(student.eval(), table, args.out, list(held), {"seed": args.seed, "size": student.size.as_json()})


def unmarked_words(examples: Sequence[Example], table: Table) -> list[str]:
    """Words by hand that `table` lacks and that stand outside of names, the more frequent ones first.

    Words that stand there once are in the order of a hash, so that a cut takes some of every language.
    """
    seen = Counter(
        normal_form(word)
        for e in examples
        if e.source.startswith(by_hand.PREFIX)
        for word, tag in zip(e.words, e.tags, strict=True)
        if tag not in _NAMES and word[0].isalpha()
    )
    have = set(table.words)
    new = (w for w in seen if w not in have and len(w) < LONGEST)
    return sorted(new, key=lambda w: (-min(seen[w], 2), zlib.crc32(w.encode())))


if __name__ == "__main__":
    main()

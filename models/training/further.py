"""Trains a shipped model on: `python -m models.training.further --corpus DIR --model DIR --out DIR`.

The weights are taken back from the model's files. An encoder goes on as the teacher was trained, in `--lines`
trainings that see the texts in different orders, and becomes the mean of their weights; the tagger gets rows
of its word table for words by hand that it lacks, up to `--words` in all, and every other pass is read by the
encoder in `--teacher`.
"""

from __future__ import annotations

import argparse
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from models.training import by_hand, shipped
from models.training.__main__ import finish, finish_encoder, passes
from models.training.corpus import Example, chunks, example, load
from models.training.labels import begin
from models.training.names import Names
from models.training.network import Student
from models.training.student import RATE, train
from models.training.synthesis import records
from models.training.teacher import SHARES as TEACHER_SHARES
from models.training.teacher import Pieces, Teacher, encoder_folder, fine_tune
from models.training.words import LONGEST, Table, extended, ranks_of
from shield.analyzer.tagging.features import normal_form

SCENES: Final = 0.2
"""The share of the kinds of `scenes` among the encoder's synthetic texts."""
SYNTHETIC: Final = 24_000
SHARES: Final = {
    # Sets whose kind is measured need their share to the end (decision 042); clinical texts and assistant
    # requests are learned by now, the newest texts by hand are not.
    **TEACHER_SHARES,
    "multidogo_train": 1.0,
    "evi_en_train": 6.0,
    "restaurant8k_train": 1.2,
    "neg_banking77_train": 0.5,
    "wnut17_train": 3.0,
    "btc_train": 2.5,
    "by_hand_en_posts2": 3.0,
    "by_hand_en_short": 3.0,
    "by_hand_en_speech": 2.5,
}
"""How often one pass shows an example of a set to the encoder."""
TAGGER_SHARES: Final = {
    "evi_en_train": 7.0,
    "meddocan_es_train": 0.7,
    "germeval_de_train": 2.5,
    "multidogo_train": 1.5,
    "nlu_eval_train": 1.5,
    "restaurant8k_train": 1.3,
    "btc_train": 2.5,
    "wnut17_train": 3.0,
    "wikigold_train": 3.0,
    "snips_train": 0.4,
    "star_train": 0.5,
}
"""The same for the tagger, which sees a text by hand more often by itself."""
WORDS: Final = 98_700
"""The most words of the table: the tagger stays within 15 MB."""
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
    parser.add_argument("--lines", type=int, default=1, help="trainings whose mean the encoder becomes")
    parser.add_argument("--pieces-rate", type=float, default=0.0, help="of the embeddings of word pieces")
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
    """The encoder in `args.model` after `args.steps` more steps: the mean of `args.lines` trainings."""
    start = shipped.teacher_of(args.model, pretrained).state_dict()
    options: dict[str, Any] = {"steps": args.steps, "rate": args.rate, "pieces_rate": args.pieces_rate}
    lines = []
    for line in range(args.lines):
        weights = args.work / f"encoder-{line}.pt"
        if not weights.exists():
            options |= {"seed": args.seed + line, "shares": SHARES}
            fine_tune(args.corpus, weights, start_from=start, scenes=SCENES, **options)
        lines.append(torch.load(weights, weights_only=True))
    pretrained.load_state_dict(mean(lines))
    return pretrained.eval()


def mean(states: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of the weights of several models of one shape (Wortsman and others 2022, "model soups")."""
    first, *others = states
    result = dict(first)
    for name, own in first.items():
        if own.is_floating_point():
            result[name] = torch.stack([own, *(other[name] for other in others)]).mean(0)
    return result


def tagger_trained_on(args: argparse.Namespace, teacher: Teacher, pieces: Pieces) -> None:
    """Writes the tagger in `args.model` after `args.steps` more steps, with a larger word table."""
    examples, held = load(args.corpus)
    gazetteers = args.corpus / "gazetteers"
    before, small = shipped.student_of(args.model)
    new = unmarked_words(examples, small)[: max(0, WORDS - len(small.words))]
    table = extended(small, new, ranks_of(Names(gazetteers)), teacher, pieces)
    student = Student(before.size, torch.from_numpy(table.codes.astype(np.float32) * table.scale))
    weights = {k: v for k, v in before.state_dict().items() if k != "table"}
    student.load_state_dict({"table": student.table, **weights})
    made = records(gazetteers, SYNTHETIC, args.seed + 1)
    texts = [*examples, *chain.from_iterable(chunks(example(r)) for r in made)]
    args.distil = 0.7
    some = passes(args, texts, table, teacher, pieces, seed=args.seed + 3, shares=TAGGER_SHARES)
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

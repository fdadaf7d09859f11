"""Generates synthetic tickets, records and transcripts from a grammar of our own, with every span marked.

Names follow the customs of many countries (from the gazetteers and `lexicon`), addresses those of eleven.
All numbers are random digits; a text holds only what a template put there, so each record is
exhaustive for every label of the tagger.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from models.training import lexicon as lex
from models.training.addresses import Addresses
from models.training.draws import Draws, Piece, Slots
from models.training.foreign_texts import BY_LANGUAGE
from models.training.identifiers import Identifiers
from models.training.labels import LABELS
from models.training.names import Names
from models.training.occasions import Occasions
from models.training.people import People
from models.training.product_texts import PRODUCT_TEXTS
from models.training.scenes import Scenes
from models.training.templates import CHAT, FORMS, NEGATIVE, PROSE, SIGNATURES, SPEECH
from models.training.trade import Trade

_SLOT: Final = re.compile(r"\{([a-z_]+)\}")
SCENES: Final = 0.42


class Grammar:
    """Fills the templates. Every random choice comes from `rng`, so that a seed fixes the corpus."""

    def __init__(self, gazetteers: Path, rng: random.Random, share: float = SCENES) -> None:
        """`share` is the share of texts of the kinds of `scenes`."""
        self.rng = rng
        self.share = share
        self.names = Names(gazetteers)
        self.draws = Draws(rng)
        self.people = People(self.names, self.draws)
        self.addresses = Addresses(self.names, self.draws, gazetteers)
        self.scenes = Scenes(self.names, self.addresses.cities, rng)
        self.slots: Slots = {
            **self.people.slots,
            **self.addresses.slots,
            **Identifiers(self.people, self.addresses, self.draws).slots,
            **Occasions(self.draws).slots,
            **Trade(self.names, self.addresses, self.draws).slots,
            **self.scenes.slots,
        }

    def fill(self, template: str) -> list[Piece]:
        pieces: list[Piece] = []
        end = 0
        for match in _SLOT.finditer(template):
            pieces.append((template[end : match.start()], ""))
            pieces += self.slots[match.group(1)]()
            end = match.end()
        pieces.append((template[end:], ""))
        return pieces

    def text(self) -> list[Piece]:
        """One text: a chat turn, a ticket of several sentences, a form, a transcript, or a mixture."""
        rng = self.rng
        self.draws.country = rng.choices(
            list(lex.STREETS), weights=[6, 3, 1.5, 1.5, 3, 1.5, 1.5, 1.5, 1, 1, 1]
        )[0]
        if rng.random() < self.share:
            templates, gap, lower = self.scenes.templates()
            pieces = self.several(templates, gap)
            return [(text.lower(), label) for text, label in pieces] if lower else pieces
        self.scenes.cast.new()
        kind = rng.random()
        if kind < 0.22:
            return self.fill(rng.choice(CHAT))
        if kind < 0.40:
            return self.fill(rng.choice(PROSE))
        if kind < 0.48:
            return self.several(
                rng.choices([*CHAT, *PROSE, *NEGATIVE], k=rng.randint(2, 6)), rng.choice([" ", " ", "\n"])
            )
        if kind < 0.60:
            fields = rng.sample(FORMS, rng.randint(2, 7))
            return self.several(fields, rng.choice(["\n", "\n", ", ", "; ", " "]))
        if kind < 0.69:
            return self.fill(rng.choice(SPEECH))
        if kind < 0.77:
            body = [*rng.choices([*PROSE, *NEGATIVE], k=rng.randint(1, 4)), rng.choice(SIGNATURES)]
            return self.several(body, "\n" if rng.random() < 0.7 else " ")
        if kind < 0.84:
            return self.several(rng.choices(NEGATIVE, k=rng.randint(1, 3)), " ")
        if kind < 0.92:
            return self.several(
                rng.choices(PRODUCT_TEXTS, k=rng.choice([1, 1, 2, 3])), rng.choice([" ", "\n"])
            )
        language = rng.choice(list(BY_LANGUAGE))
        self.draws.country = language
        return self.several(rng.choices(BY_LANGUAGE[language], k=rng.randint(1, 3)), rng.choice([" ", "\n"]))

    def several(self, templates: list[str], gap: str) -> list[Piece]:
        pieces: list[Piece] = []
        for template in templates:
            pieces += [*([(gap, "")] if pieces else []), *self.fill(template)]
        return pieces


def records(gazetteers: Path, count: int, seed: int, share: float = SCENES) -> Iterator[dict[str, Any]]:
    """`count` records in the corpus's format, exhaustive for every label of the tagger."""
    grammar = Grammar(gazetteers, random.Random(seed), share)
    for number in range(count):
        text = ""
        spans: list[dict[str, Any]] = []
        for piece, label in grammar.text():
            if label and piece.strip():
                lead = len(piece) - len(piece.lstrip())
                start = len(text) + lead
                if (
                    label == "PERSON"
                    and spans
                    and spans[-1]["label"] == label
                    and text[spans[-1]["end"] :] == " "
                ):
                    spans[-1]["end"] = start + len(piece.strip())  # a forename and its surname are one person
                    text += piece
                    continue
                spans.append({"start": start, "end": start + len(piece.strip()), "label": label})
            text += piece
        yield {
            "id": f"synthetic-{number}",
            "set": "synthetic",
            "lang": "mixed",
            "text": text,
            "spans": spans,
            "exhaustive": list(LABELS),
        }

"""The measured accuracy of the detectors in force, from the model card that ships. Pure.

The card (`models/README.md`) is written around tables that `python -m benchmarks.accuracy` prints; they are
shown unchanged. It is about the model whose digest it names, and no other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from shield.evidence.report.configurations import InForce

CARD = "model-card.md"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_SECTION = "## Figures"


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table of the card: its header, its rows, and the paragraph before it."""

    before: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Card:
    """The card's text, the digests of models that it names, and the tables of its figures."""

    text: bytes
    digests: frozenset[str]
    tables: Sequence[FigureTable]

    def speaks_of(self, digest: str | None) -> bool:
        return digest in self.digests


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A detector in force. `entity_model` is its named-entity model's digest; `on_card`: it is the card's."""

    name: str
    digest: str
    entity_model: str | None
    recognizers: int
    on_card: bool


def read_card() -> Card:
    """The card that ships with the program."""
    return parse_card(resources.files("shield.evidence").joinpath("pack", CARD).read_bytes())


def parse_card(raw: bytes) -> Card:
    """Parse the bytes of the card; a card without figures gives no tables."""
    text = raw.decode("utf-8")
    figures = text.partition(f"\n{_SECTION}\n")[2].partition("\n## ")[0]
    tables: list[FigureTable] = []
    before = ""
    for block in figures.split("\n\n"):
        lines = block.strip().splitlines()
        if len(lines) > 2 and all(line.startswith("|") for line in lines):  # noqa: PLR2004  header, rule, rows
            header, rows = _cells(lines[0]), [_cells(line) for line in lines[2:]]
            tables.append(FigureTable(before, header, [row for row in rows if len(row) == len(header)]))
        elif lines:
            before = " ".join(lines)
    return Card(raw, frozenset(_DIGEST.findall(text)), tables)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def evaluated(models: Sequence[InForce], card: Card) -> list[Evaluated]:
    """What is known of each detector in force."""
    found = []
    for model in {model.digest: model for model in models}.values():
        document: Mapping[str, Any] = model.document or {}
        entity_model = document.get("model")
        entity_model = entity_model if isinstance(entity_model, str) else None
        recognizers = len(document.get("recognizers", ()))
        found.append(
            Evaluated(model.name, model.digest, entity_model, recognizers, card.speaks_of(entity_model))
        )
    return found

"""Writes the project's own evaluation set: `python -m benchmarks.evaluation_set [directory]`.

Synthetic tickets, chats, CRM records and transcripts with every value marked (`tickets.jsonl`), and texts
without any (`negatives.jsonl`). Seeded: the same command writes the same bytes. One JSON object a line:
id, set, lang, domain, text, spans (start, end, label in code points), exhaustive; `negative` where true.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import evaluation_templates as templates
from benchmarks.evaluation_values import FORMS, VALUES, letters

SEED = 20240312
TICKETS = 720
NEGATIVES = 360
LABELS = sorted({FORMS.get(slot, slot) for slot in VALUES})
DIRECTORY = Path(__file__).parent / "evaluation"
_SLOT = re.compile(r"\{([A-Z_]+)(\d*)\}")
_WORDS = "blender headset router kettle scanner tripod backpack monitor keyboard lamp".split()
_NOT_PII = {"N", "L", "H", "W"}
_GERMAN = ("Ich ", "Mein", "Geburts", "Kunde", "Der ", "Die ", "Bestellung")
_SPANISH = ("Mi ", "fecha", "Titular", "El ", "la ")
_FRENCH = ("Je ", "Numéro", "Ma ")


def filled(template: str, draw: random.Random) -> tuple[str, list[dict[str, Any]]]:
    """The text of a template, and its spans."""
    text, spans, last = "", [], 0
    template = template.replace("\\n", "\n")
    for slot in _SLOT.finditer(template):
        text += template[last : slot.start()]
        name, count = slot.group(1), int(slot.group(2) or 1)
        last = slot.end()
        if name in _NOT_PII:
            text += _filler(name, count, draw)
            continue
        value = VALUES[name](draw)
        if template.replace("{" + name + "}", "").islower() and name in ("PERSON", "LOCATION"):
            value = value.lower()
        spans.append({"start": len(text), "end": len(text) + len(value), "label": FORMS.get(name, name)})
        text += value
    return text + template[last:], spans


def _filler(name: str, count: int, draw: random.Random) -> str:
    if name == "W":
        return draw.choice(_WORDS)
    if name == "L":
        return letters(draw, count)
    alphabet = "0123456789abcdef" if name == "H" else "0123456789"
    first = draw.choice(alphabet[1:])
    return first + "".join(draw.choices(alphabet, k=count - 1))


def joined(pieces: list[str], separators: list[str], draw: random.Random) -> tuple[str, list[dict[str, Any]]]:
    text, spans = "", []
    for place, piece in enumerate(pieces):
        if place:
            text += separators[place - 1]
        part, marked = filled(piece, draw)
        spans += [
            {**span, "start": span["start"] + len(text), "end": span["end"] + len(text)} for span in marked
        ]
        text += part
    return text, spans


def tickets(draw: random.Random) -> Iterator[dict[str, Any]]:
    """Every piece of every bank occurs before any occurs again."""
    sentences, chats, records = (
        _Deck(templates.SENTENCES, draw),
        _Deck(templates.CHAT, draw),
        _Deck(templates.RECORDS, draw),
    )
    openings, closings, questions = (
        _Deck(templates.OPENINGS, draw),
        _Deck(templates.CLOSINGS, draw),
        _Deck(templates.QUESTIONS, draw),
    )
    for number in range(TICKETS):
        kind = number % 6
        if kind in (0, 1, 2):
            domain = "ticket"
            body = [sentences.next() for _ in range(draw.randint(1, 5))]
            pieces = [openings.next(), *body, closings.next()] if draw.random() < 0.7 else body
            separators = [draw.choice(["\n", "\n\n", " ", " "]) for _ in pieces[1:]]
        elif kind == 3:
            domain = "chat"
            pieces, separators = [chats.next()], []
        elif kind == 4:
            domain = "crm_record"
            pieces = [records.next()]
            if draw.random() < 0.5:
                pieces.append("Note: " + sentences.next())
            separators = ["\n"] * (len(pieces) - 1)
        else:
            domain = "transcript"
            pieces = []
            for _ in range(draw.randint(2, 4)):
                pieces += [
                    "Agent: " + questions.next(),
                    "Customer: " + draw.choice([sentences, chats]).next(),
                ]
            separators = ["\n"] * (len(pieces) - 1)
        text, spans = joined(pieces, separators, draw)
        yield _record(f"ticket-{number:04d}", "shield_tickets", domain, text, spans)


def negatives(draw: random.Random) -> Iterator[dict[str, Any]]:
    """Each template alone, then two or three together; no text twice."""
    deck, seen, number = _Deck(templates.NEGATIVES, draw), set(), 0
    while number < NEGATIVES:
        count = 1 if number < len(templates.NEGATIVES) else draw.randint(2, 3)
        text, spans = joined([deck.next() for _ in range(count)], [draw.choice([" ", "\n"])] * count, draw)
        if text in seen or spans:
            continue
        seen.add(text)
        yield {**_record(f"negative-{number:04d}", "shield_negatives", "support", text, []), "negative": True}
        number += 1


class _Deck:
    """Pieces drawn without putting back, until none is left."""

    def __init__(self, pieces: list[str], draw: random.Random) -> None:
        self._pieces, self._draw, self._left = pieces, draw, list[str]()

    def next(self) -> str:
        if not self._left:
            self._left = self._draw.sample(self._pieces, len(self._pieces))
        return self._left.pop()


def _record(
    identifier: str, name: str, domain: str, text: str, spans: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "id": identifier,
        "set": name,
        "lang": _language(text),
        "domain": domain,
        "text": text,
        "spans": spans,
        "exhaustive": LABELS,
    }


def _language(text: str) -> str:
    for language, starts in (("de", _GERMAN), ("es", _SPANISH), ("fr", _FRENCH)):
        if text.startswith(starts):
            return language
    return "en"


def render() -> dict[str, str]:
    """File name -> content."""
    draw = random.Random(SEED)
    return {
        f"{name}.jsonl": "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        for name, records in (("tickets", tickets(draw)), ("negatives", negatives(draw)))
    }


def main(directory: Path = DIRECTORY) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in render().items():
        (directory / name).write_text(content, "utf-8")
        print(f"{directory / name}: {content.count(chr(10))} records")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.evaluation_set")
    parser.add_argument("directory", type=Path, nargs="?", default=DIRECTORY, help="where the set goes")
    main(parser.parse_args().directory)

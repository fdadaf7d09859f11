"""Writes the project's own evaluation set: `python -m benchmarks.evaluation_set [directory]`.

It holds synthetic tickets, chats, CRM records and transcripts with every value marked (`tickets.jsonl`), the
same in seven other languages (`languages.jsonl`), values under each of the disguises (`disguises.jsonl`),
messages written by hand in many forms (`messages.jsonl`, from `messages.txt`), and texts without any value
(`negatives.jsonl`, `plain.txt` among them). Seeded: the same command writes the same bytes. Each line is a
JSON object: id, set, lang, domain, text, spans (start, end, label in code points; `form` where the type has
several forms), exhaustive; `negative` where true, `disguise` where one was applied.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from benchmarks import evaluation_languages as languages
from benchmarks import evaluation_negatives as negative_sentences
from benchmarks import evaluation_templates as templates
from benchmarks import obfuscation
from benchmarks.disguises import DISGUISES
from benchmarks.evaluation_local import LOCAL
from benchmarks.evaluation_national import SCHEMES
from benchmarks.evaluation_values import FORMS, VALUES, letters

SEED = 20240312
TICKETS = 720
NEGATIVES = 420
ROUNDS = 3  # times that each sentence of another language is used
PER_DISGUISE = 4  # values that each disguise is applied to
SLOTS: Final = MappingProxyType(VALUES | {slot: draw for slot, (draw, _) in SCHEMES.items()})
"""Slot -> how its value is drawn in English."""
LABEL_OF: Final = MappingProxyType(FORMS | dict.fromkeys(SCHEMES, "NATIONAL_ID"))
"""Slot -> the type of its value, where that differs."""
LABELS = sorted({LABEL_OF.get(slot, slot) for slot in SLOTS})
SENTENCES = (*templates.SENTENCES, *(s.format("{" + slot + "}") for slot, (_, s) in SCHEMES.items() if s))
DIRECTORY = Path(__file__).parent / "evaluation"
_SLOT = re.compile(r"\{([A-Z_]+)(\d*)\}")
_MARKED = re.compile(r"\{\{([A-Z_]+)\|(.*?)\}\}(?!\})", re.DOTALL)
_WORDS = "blender headset router kettle scanner tripod backpack monitor keyboard lamp".split()
_NOT_PII = {"N", "L", "H", "W"}
_GERMAN = ("Ich ", "Mein", "Geburts", "Kunde", "Der ", "Die ", "Bestellung")
_SPANISH = ("Mi ", "fecha", "Titular", "El ", "la ")
_FRENCH = ("Je ", "Numéro", "Ma ")


Slots = Mapping[str, Callable[[random.Random], str]]


def filled(template: str, draw: random.Random, slots: Slots = SLOTS) -> tuple[str, list[dict[str, Any]]]:
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
        value = slots[name](draw)
        if template.replace("{" + name + "}", "").islower() and name in ("PERSON", "LOCATION"):
            value = value.lower()
        span: dict[str, Any] = {"start": len(text), "end": len(text) + len(value)}
        spans.append(
            span | ({"label": LABEL_OF[name], "form": name} if name in LABEL_OF else {"label": name})
        )
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


def joined(
    pieces: list[str], separators: list[str], draw: random.Random, slots: Slots = SLOTS
) -> tuple[str, list[dict[str, Any]]]:
    text, spans = "", []
    for place, piece in enumerate(pieces):
        if place:  # a sentence without a full stop ends at the line break
            text += separators[place - 1] if text.endswith((".", ",", "!", "?", ":")) else "\n"
        part, marked = filled(piece, draw, slots)
        spans += [
            {**span, "start": span["start"] + len(text), "end": span["end"] + len(text)} for span in marked
        ]
        text += part
    return text, spans


def tickets(draw: random.Random) -> Iterator[dict[str, Any]]:
    """Tickets in which every piece of every bank occurs before any recurs."""
    sentences, chats, records = (
        _Deck(SENTENCES, draw),
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


def in_other_languages(draw: random.Random) -> Iterator[dict[str, Any]]:
    """Each sentence of each language `ROUNDS` times, alone or with others."""
    number = 0
    for language, sentences in languages.SENTENCES.items():
        slots = SLOTS | LOCAL[language]
        deck = _Deck(sentences, draw)
        left = ROUNDS * len(sentences)
        while left:
            pieces = [deck.next() for _ in range(min(left, draw.randint(1, 2)))]
            left -= len(pieces)
            text, spans = joined(pieces, [draw.choice([" ", "\n"])] * len(pieces), draw, slots)
            yield {
                **_record(f"language-{number:04d}", "shield_languages", "ticket", text, spans),
                "lang": language,
            }
            number += 1


def disguised(draw: random.Random) -> Iterator[dict[str, Any]]:
    """A few values under each disguise, each in a sentence that says what it is."""
    number = 0
    for disguise in DISGUISES:
        cases = [case for case in obfuscation.cases() if case.disguise.name == disguise.name]
        for case in draw.sample(cases, min(PER_DISGUISE, len(cases))):
            lead = draw.choice(templates.OPENINGS[:6]) + "\n"
            span = {"start": len(lead) + case.start, "end": len(lead) + case.end, "label": case.entity}
            record = _record(f"disguise-{number:04d}", "shield_disguises", "ticket", lead + case.text, [span])
            yield {**record, "lang": "en", "disguise": disguise.name}
            number += 1


def written_by_hand(name: str) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """(language, text, spans) of the messages of a file: separated by `----`, values as `{{TYPE|value}}`."""
    for block in (DIRECTORY / f"{name}.txt").read_text("utf-8").strip("\n").split("\n----\n"):
        language, marked = "en", block
        if block.startswith("lang: "):
            line, _, marked = block.partition("\n")
            language = line.removeprefix("lang: ")
        text, spans, last = "", [], 0
        for value in _MARKED.finditer(marked):
            text += marked[last : value.start()]
            spans.append({"start": len(text), "end": len(text) + len(value[2]), "label": value[1]})
            text += value[2]
            last = value.end()
        yield language, text + marked[last:], spans


def messages() -> Iterator[dict[str, Any]]:
    for number, (language, text, spans) in enumerate(written_by_hand("messages")):
        yield {
            **_record(f"message-{number:04d}", "shield_messages", "message", text, spans),
            "lang": language,
        }


def negatives(draw: random.Random) -> Iterator[dict[str, Any]]:
    """Each template alone, then two or three together; no text twice."""
    seen: set[str] = set()
    number = 0
    for language, sentences in negative_sentences.NEGATIVES.items():
        for sentence in sentences:
            text, _ = joined([sentence], [], draw)
            record = _record(f"negative-{language}-{number:04d}", "shield_negatives", "support", text, [])
            yield {**record, "lang": language, "negative": True}
            number += 1
    for language, text, _ in written_by_hand("plain"):
        record = _record(f"negative-plain-{number:04d}", "shield_negatives", "support", text, [])
        yield {**record, "lang": language, "negative": True}
        number += 1
    deck, number = _Deck(templates.NEGATIVES, draw), 0
    while number < NEGATIVES:
        count = 1 if number < len(templates.NEGATIVES) else draw.randint(2, 3)
        text, spans = joined([deck.next() for _ in range(count)], [draw.choice([" ", "\n"])] * count, draw)
        if text in seen or spans:
            continue
        seen.add(text)
        yield {**_record(f"negative-{number:04d}", "shield_negatives", "support", text, []), "negative": True}
        number += 1


class _Deck:
    """Pieces drawn without replacement, until none is left."""

    def __init__(self, pieces: Sequence[str], draw: random.Random) -> None:
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
    """The files of the set: name -> content."""
    draw = random.Random(SEED)
    return {
        f"{name}.jsonl": "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        for name, records in (
            ("tickets", tickets(draw)),
            ("negatives", negatives(draw)),
            ("languages", in_other_languages(draw)),
            ("disguises", disguised(draw)),
            ("messages", messages()),
        )
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

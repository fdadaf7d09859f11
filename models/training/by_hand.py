"""Texts of support desks that were written by hand for the training, with every value marked.

They stand in `texts/*.txt`, separated by lines of four hyphens, a value as `{{LABEL|value}}`. All people and
numbers in them are invented. A file is a set of its own, named `by_hand_` and the file's name.
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import Any, Final

from models.training.labels import LABELS

TEXTS: Final = Path(__file__).parent / "texts"
PREFIX: Final = "by_hand_"
NEWEST: Final = (
    "by_hand_en_speech2",
    "by_hand_en_chat2",
    "by_hand_en_posts3",
    "by_hand_en_formal",
    "by_hand_langs2",
)
"""The sets that were written last, which models that are trained on know least."""
OLDER: Final = (
    "by_hand_de_nl",
    "by_hand_en_agents",
    "by_hand_en_chat",
    "by_hand_en_posts",
    "by_hand_en_posts2",
    "by_hand_en_short",
    "by_hand_en_speech",
    "by_hand_fr_it_es",
    "by_hand_numbers_dialogue",
    "by_hand_pl_pt_values",
    "by_hand_places",
)
UNSURE: Final = frozenset({"DATE_TIME", "AGE", "NRP", "OTHER_ID"})
"""Labels that are marked now and then; of all others every occurrence is."""
EXHAUSTIVE: Final = [label for label in LABELS if label not in UNSURE]
_MARKED: Final = re.compile(r"\{\{([A-Z_]+)\|(.*?)\}\}(?!\})", re.DOTALL)
_BETWEEN: Final = re.compile(r"^----$", re.MULTILINE)


def records(file: Path) -> list[dict[str, Any]]:
    """The texts of `file` in the corpus's format; a text that stands twice is taken once.

    Raises ValueError if a mark has no label of the tagger, or blanks at its edges.
    """
    out: dict[str, dict[str, Any]] = {}
    name = PREFIX + file.stem
    for part in _BETWEEN.split(file.read_text(encoding="utf-8")):
        marked = part.strip("\n")
        if not marked.strip():
            continue
        text, spans, end = "", [], 0
        for mark in _MARKED.finditer(marked):
            label, value = mark.groups()
            if label not in LABELS or value != value.strip() or not value:
                raise ValueError(f"{file.name}: a mark that is none: {mark.group()!r}")
            text += marked[end : mark.start()]
            spans.append({"start": len(text), "end": len(text) + len(value), "label": label})
            text += value
            end = mark.end()
        text += marked[end:]
        key = f"{name}:{zlib.crc32(text.encode()):08x}"
        out[key] = {
            "id": key,
            "set": name,
            "text": text,
            "spans": spans,
            "exhaustive": EXHAUSTIVE,
            "negative": not spans,
        }
    return list(out.values())


def sets(folder: Path = TEXTS) -> dict[str, list[dict[str, Any]]]:
    """The records of every file of `folder`, by the name of their set."""
    return {PREFIX + file.stem: records(file) for file in sorted(folder.glob("*.txt"))}

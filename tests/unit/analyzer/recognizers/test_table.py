"""docs/detection.md, the table in the code, and the recognizers agree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from shield.analyzer.catalogue import selected
from shield.analyzer.entities import ENTITIES, render, render_national
from shield.analyzer.expressions.weaken import farthest
from shield.analyzer.recognizers import health, key_context
from shield.analyzer.recognizers.ours import OURS
from shield.analyzer.spacy_ner import LABELS

DOCUMENT = Path(__file__).parents[4] / "docs" / "detection.md"


def test_the_document_holds_the_table() -> None:
    assert render() in DOCUMENT.read_text("utf-8")
    assert render_national() in DOCUMENT.read_text("utf-8")


def types(group: str) -> set[str]:
    return {str(e) for r in selected((group,), ("en",)) for e in r.supported_entities}


def test_a_row_for_each_entity_of_the_groups() -> None:
    anyway = set(LABELS.values()) | key_context.ENTITIES
    expected = dict.fromkeys(anyway, "any")
    for group in ("default", "shield", "national"):
        for entity in types(group) | (health.ENTITIES if group == "shield" else set()):
            if group == "shield" and entity in anyway:  # more of what is found with any group
                continue
            known = expected.get(entity, "any")
            expected[entity] = group if known == "any" else f"{known}, {group}"
    assert {note.entity: note.groups for note in ENTITIES} == expected


def test_no_row_twice() -> None:
    assert len({note.entity for note in ENTITIES}) == len(ENTITIES)


def test_groups_of_the_catalogue() -> None:
    ours = {r.name for r in selected(("shield",), ("en",))}
    presidios = {r.name for r in selected(("default",), ("en",))}
    assert ours == {cls.__name__ for cls in OURS}
    assert {r.name for r in selected(("default", "shield"), ("en",))} == ours | presidios
    for group in ("all", "country:us", "country:es", "country:uk"):
        assert ours.isdisjoint(r.name for r in selected((group,), ("en",)))
    assert {r.name for r in selected(("PinRecognizer", "IbanRecognizer"), ("en",))} == {
        "PinRecognizer",
        "IbanRecognizer",
    }


def test_the_names_of_ours_are_theirs_alone() -> None:
    assert {cls.__name__ for cls in OURS}.isdisjoint(r.name for r in selected(("all",), ("en",)))


def test_a_start_without_them_does_not_import_them() -> None:
    program = (
        "import sys; from shield.analyzer.catalogue import selected; selected(('default', 'all'), ('en',)); "
        "sys.exit('shield.analyzer.recognizers.ours' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=120).returncode == 0


def test_every_pattern_says_how_far_it_reaches() -> None:
    unbounded = [
        (cls.__name__, pattern.name)
        for cls in OURS
        for pattern in cls.PATTERNS
        if farthest(pattern.source, int(cls().global_regex_flags)) is None
    ]
    assert unbounded == []

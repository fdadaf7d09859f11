"""The tagger's training data: targets of partly annotated records, and the synthetic texts."""

from __future__ import annotations

import gzip
import json
import random

import pytest

from models.training import by_hand
from models.training.batches import Odds, changed
from models.training.corpus import ALL_TAGS, chunks, example, is_held_apart, joined, spans
from models.training.desk_texts import DESK, NOBODY, TURNS
from models.training.labels import LABELS, TAGS, begin
from models.training.news_texts import HEADLINES, NEWS
from models.training.social_texts import SOCIAL
from models.training.synthesis import Grammar, records

PERSON = begin("PERSON")


def record(text, *marked, exhaustive=("PERSON",), source="wnut17_train"):
    spans_ = [{"start": s, "end": e, "label": label} for s, e, label in marked]
    return {"id": "x", "set": source, "text": text, "spans": spans_, "exhaustive": list(exhaustive)}


@pytest.fixture
def gazetteers(tmp_path):
    def write(name, text):
        with gzip.open(tmp_path / name, "wt", encoding="utf-8") as out:
            out.write(text)

    for name in ("first_female", "first_male", "last"):
        write(
            f"census1990_us_{name}.tsv.gz", "name\tpercent\tcumulative\trank\nSMITH\t1\t1\t1\nLANE\t1\t2\t2\n"
        )
    write(
        "popular_forenames_by_country.csv.gz",
        "Country,Localized Name,Romanized Name\nDE,Jörg,Joerg\nES,Ana,Ana\nFR,Zoé,Zoe\n",
    )
    write(
        "popular_surnames_by_country.csv.gz",
        "Country,Localized Name,Romanized Name\nDE,Weiß,Weiss\nES,Gil,Gil\nFR,Roux,Roux\n",
    )
    address = {
        "address1": "12 Oak Lane",
        "address2": "",
        "city": "Reno",
        "state": "NV",
        "postalCode": "89501",
    }
    write("us_addresses_rrad.jsonl.gz", json.dumps(address) + "\n")
    return tmp_path


def test_tags_of_a_span():
    out = example(record("I am Ann Dove.", (5, 13, "PERSON")))
    assert out.words == ["I", "am", "Ann", "Dove", "."]
    assert out.tags == [-1, -1, PERSON, PERSON + 1, -1]
    assert list(spans(out)) == [(2, 4, "PERSON")]


def test_an_unmarked_token_may_be_what_the_set_does_not_mark_everywhere():
    allowed = example(record("hello", exhaustive=["PERSON"])).allowed[0]
    assert allowed & 1
    assert not allowed & (3 << PERSON)
    assert allowed & (3 << begin("LOCATION"))


def test_synthetic_text_is_outside_wherever_nothing_is_marked():
    out = example(record("hello", exhaustive=LABELS, source="synthetic"))
    assert (out.allowed, out.outside) == ([1], [1.0])


def test_what_a_source_marked_as_something_else_is_left_out_of_the_loss():
    out = example(record("Mocha", (0, 5, "MISC")))
    assert (out.allowed, out.outside) == ([ALL_TAGS], [0.0])


def test_a_work_or_event_is_no_person_where_the_source_marks_every_name():
    work = record("Carmen", (0, 6, "MISC"), exhaustive=("PERSON", "LOCATION", "ORGANIZATION"))
    work["spans"][0]["source_label"] = "creative-work"
    out = example(work)
    assert not out.allowed[0] & (3 << PERSON)
    assert out.allowed[0] & (3 << begin("DATE_TIME"))
    assert 0 < out.outside[0] < 0.5
    assert example({**work, "exhaustive": ["PERSON"]}).allowed == [ALL_TAGS]


def test_chunks_never_cut_a_span():
    words = "word " * 30
    out = example(record(words + "Ann Dove " + words, (150, 158, "PERSON")))
    parts = list(chunks(out, size=31))
    assert sum(len(p.words) for p in parts) == len(out.words)
    assert next(s for p in parts for s in spans(p))[2] == "PERSON"
    assert all(p.tags[0] != PERSON + 1 for p in parts)


def test_joined_examples_keep_their_tags_and_get_a_gap():
    one = example(record("Ann", (0, 3, "PERSON")))
    both = joined([one, one], 1)
    assert (both.tags, both.gaps) == ([PERSON, PERSON], [2, 1])


def test_the_part_held_apart_is_small_and_fixed():
    held = [i for i in range(10_000) if is_held_apart(f"set-{i}")]
    assert 400 < len(held) < 800
    assert held == [i for i in range(10_000) if is_held_apart(f"set-{i}")]


def test_synthetic_spans_are_inside_their_text_disjoint_and_reproducible(gazetteers):
    made = list(records(gazetteers, 400, seed=3))
    for rec in made:
        end = 0
        for span in rec["spans"]:
            assert end <= span["start"] < span["end"] <= len(rec["text"])
            assert not rec["text"][span["start"]].isspace()
            assert not rec["text"][span["end"] - 1].isspace()
            assert span["label"] in LABELS
            end = span["end"]
    assert made == list(records(gazetteers, 400, seed=3))
    assert {s["label"] for r in made for s in r["spans"]} == set(LABELS)


@pytest.mark.parametrize("templates", [NEWS, HEADLINES, DESK, TURNS, NOBODY, SOCIAL])
def test_every_template_of_a_scene_is_filled(templates, gazetteers):
    grammar = Grammar(gazetteers, random.Random(6))
    grammar.scenes.cast.new()
    for template in templates:
        assert "{" not in "".join(text for text, _ in grammar.fill(template))


def test_a_sentence_about_nobody_names_no_person(gazetteers):
    grammar = Grammar(gazetteers, random.Random(7))
    assert not [label for t in NOBODY for _, label in grammar.fill(t) if label == "PERSON"]


def test_who_was_named_in_full_is_named_by_surname_later(gazetteers):
    grammar = Grammar(gazetteers, random.Random(8))
    grammar.scenes.cast.new()
    (whole, _), (last, label) = (p for p in grammar.fill("{lead} left. {lead_last} wept.") if p[1])
    assert label == "PERSON"
    assert whole.endswith(last)
    assert whole != last


def test_what_bears_a_name_is_no_person(gazetteers):
    bearers = Grammar(gazetteers, random.Random(9)).scenes.bearers
    for name, slot in bearers.slots.items():
        for _ in range(40):
            assert "PERSON" not in {label for _, label in slot()}, name


def test_changes_keep_every_list_aligned_and_every_path_valid(gazetteers):
    grammar = Grammar(gazetteers, random.Random(5))
    odds = Odds(new_person=1.0, new_place=1.0, new_organisation=1.0, no_punctuation=0.5, typo=0.5)
    for rec in records(gazetteers, 300, seed=4):
        out = changed(example({**rec, "set": "btc_train"}), grammar, odds)
        assert len(out.words) == len(out.gaps) == len(out.tags) == len(out.allowed) == len(out.outside)
        for before, tag in zip([-1, *out.tags], out.tags, strict=False):
            assert not (tag > 0 and tag % 2 == 0) or before in (tag, tag - 1)


def test_tags_are_outside_then_begin_and_inside_of_each_label():
    assert TAGS[:3] == ("O", "B-PERSON", "I-PERSON")
    assert len(TAGS) == 1 + 2 * len(LABELS)


def test_texts_by_hand_are_records_with_their_marks(tmp_path):
    file = tmp_path / "desk.txt"
    file.write_text(
        "hi {{PERSON|Ana Gil}}, box at\n{{LOCATION|Reno}}\n" + "----\nthe chase button\n" * 2 + "----\n",
        encoding="utf-8",
    )
    first, second = by_hand.records(file)
    assert first["text"] == "hi Ana Gil, box at\nReno"
    assert [(s["start"], s["end"], s["label"]) for s in first["spans"]] == [
        (3, 10, "PERSON"),
        (19, 23, "LOCATION"),
    ]
    assert first["set"] == second["set"] == "by_hand_desk"
    assert not first["negative"]
    assert second["negative"]
    assert first["id"] != second["id"]


@pytest.mark.parametrize("marked", ["{{NAME|Ana}}", "{{PERSON| Ana}}", "{{PERSON|Ana\n}}"])
def test_a_mark_that_is_none_is_told(tmp_path, marked):
    file = tmp_path / "desk.txt"
    file.write_text(f"hi {marked}", encoding="utf-8")
    with pytest.raises(ValueError, match="a mark that is none"):
        by_hand.records(file)


def test_texts_by_hand_have_only_marks_that_are_some():
    sets = by_hand.sets()
    assert sum(map(len, sets.values())) > 1000
    ids = [r["id"] for records_ in sets.values() for r in records_]
    assert len(set(ids)) == len(ids)
    for records_ in sets.values():
        assert not [r["text"] for r in records_ if "{{" in r["text"] or "}}" in r["text"]]
        apart = sum(is_held_apart(r["id"]) for r in records_) / len(records_)
        assert 0.06 < apart < 0.18


def test_unmarked_words_by_hand_may_be_only_what_is_marked_now_and_then():
    out = example(
        {
            "id": "by_hand_x:1",
            "set": "by_hand_x",
            "text": "now",
            "spans": [],
            "exhaustive": by_hand.EXHAUSTIVE,
        }
    )
    allowed = {TAGS[i] for i in range(len(TAGS)) if out.allowed[0] >> i & 1}
    assert allowed == {"O"} | {f"{p}-{label}" for p in "BI" for label in by_hand.UNSURE}

"""The shipped tagger: what it finds, and what its run time guarantees."""

from __future__ import annotations

import functools
import socket
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shield.analyzer.tagging import tagger as module
from shield.analyzer.tagging.encoder import FILES as ENCODER_FILES
from shield.analyzer.tagging.encoder import Encoder
from shield.analyzer.tagging.model_files import DamagedModelError
from shield.analyzer.tagging.tagger import FILES, Tagger, TaggerConfig, decoded

FOLDER = Path(__file__).parents[4] / "models" / "ner-en"


@functools.cache
def loaded() -> Tagger:
    return Tagger.load(FOLDER)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return loaded()


@pytest.mark.parametrize(
    ("text", "found", "label"),
    [
        ("Hi, my name is Margaret Sullivan and I lost my card", "Margaret Sullivan", "PERSON"),
        ("my name is priya raman", "priya raman", "PERSON"),
        ("please ship it to 1745 Maple Street, Springfield", "1745 Maple Street", "STREET_ADDRESS"),
        ("I live in Chicago", "Chicago", "LOCATION"),
        ("Guten Tag, mein Name ist Jürgen Krüger.", "Jürgen Krüger", "PERSON"),
    ],
)
def test_finds(tagger, text, found, label):
    spans = [(text[s:e], kind) for s, e, kind, _ in tagger.tag([text])[0]]
    assert (found, label) in spans


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Why was my card declined?",
        "Where is my order?",
        "The app shows error 503.",
        "can i get a large mocha",
    ],
)
def test_finds_nothing_where_nothing_is(tagger, text):
    assert tagger.tag([text]) == [[]]


def test_spans_are_disjoint_ordered_and_inside_the_text(tagger):
    text = "Anna Schmidt, Lindenstraße 12, 10969 Berlin, Tel. 030 5550132; Bob, Rome. " * 30
    end = 0
    for start, stop, label, score in tagger.tag([text])[0]:
        assert end <= start < stop <= len(text)
        assert label in tagger.labels
        assert 0 <= score <= 1
        end = stop


def test_windows_are_invisible(tagger, monkeypatch):
    text = "Dear Anna Schmidt, your order 4821 goes to 12 High Street, Leeds. Regards, Tom O'Neil\n" * 12
    whole = tagger.tag([text])
    monkeypatch.setattr(module, "WINDOW", 50)
    parts = tagger.tag([text])
    assert [s[:3] for s in parts[0]] == [s[:3] for s in whole[0]]


def test_texts_do_not_influence_each_other(tagger):
    texts = ["Anna Schmidt called", "nothing here", "from Leeds"]
    assert tagger.tag(texts) == [tagger.tag([t])[0] for t in texts]


PIECES = ["Anna Schmidt", "my name is", "12 High Street", "Leeds", "ok", "4111 1111", "\n", "", "maria", "."]


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join), max_size=12))
@settings(max_examples=40)
def test_texts_read_in_one_run_have_what_they_have_alone(texts):
    one = loaded()
    assert one.tag(texts) == [one.tag([t])[0] for t in texts]


def test_many_texts_are_more_than_one_run(tagger, monkeypatch):
    monkeypatch.setattr(module, "WINDOW", 50)
    texts = ["Anna Schmidt called from Leeds", "nothing here"] * 40
    assert tagger.tag(texts) == [tagger.tag([t])[0] for t in texts]


@pytest.mark.parametrize(
    "text", ["\ud800", "a\x00b", "\u202eAnna", "💥" * 50, "١٢٣ ٤٥٦", "a" * 100_000, "." * 4000]
)
def test_bad_input_is_only_text(tagger, text):
    tagger.tag([text])


def test_a_lower_threshold_returns_more(tagger):
    texts = ["mark and rose went to lane with jordan in may about 4821 7398"]
    few = Tagger.load(FOLDER, threshold=0.9).tag(texts)[0]
    many = Tagger.load(FOLDER, threshold=0.01).tag(texts)[0]
    assert len(few) <= len(many)


def test_what_the_graph_takes_off_a_label_decides_its_choice_but_is_in_no_score():
    added = np.array([0, -0.5, -0.5, 0, 0], np.float32)
    config = TaggerConfig(("PERSON", "LOCATION"), frozenset(), 1.0, 0.0, 0, 0.25, added=added)
    sure = np.array([-9, -0.01, -9, -9, -9], np.float32) + added
    even = np.array([-9, -0.6, -9, -0.8, -9], np.float32) + added
    (person,), (place,) = (decoded(row[None], config) for row in (sure, even))
    assert (person.label, round(person.log_probability, 3)) == ("PERSON", -0.01)
    assert place.label == "LOCATION"


def test_loads_and_runs_without_a_socket(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    Tagger.load(FOLDER).tag(["Anna"])


def test_the_digest_is_of_the_files(tagger):
    assert tagger.digest == Tagger.load(FOLDER).digest
    assert tagger.digest.startswith("sha256:")


def test_another_format_is_refused(tmp_path):
    (tmp_path / "config.json").write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(ValueError, match="format 99"):
        Tagger.load(tmp_path)


@pytest.mark.parametrize(
    ("load", "folder", "files"),
    [(Tagger.load, FOLDER, FILES), (Encoder.load, FOLDER.with_name("ner-en-accurate"), ENCODER_FILES)],
)
def test_a_file_with_one_wrong_bit_is_not_loaded(tmp_path, load, folder, files):
    for name in (*files, "SHA256SUMS"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    load(tmp_path)
    for name in files:
        whole = (tmp_path / name).read_bytes()
        at = len(whole) // 2 if name != "config.json" else whole.index(b"0.")  # stays valid JSON
        (tmp_path / name).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(DamagedModelError, match=name):
            load(tmp_path)
        (tmp_path / name).write_bytes(whole)


def test_the_model_is_small_enough_for_the_repository():
    assert sum(p.stat().st_size for p in FOLDER.iterdir()) <= 15 * 1024 * 1024

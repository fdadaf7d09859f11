"""The tagger as a model of the engine: types follow the policy, it fails closed, no text is in errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from onnxruntime.capi.onnxruntime_pybind11_state import Fail

from shield.analyzer import additions, engine
from shield.analyzer.build import known_entities
from shield.analyzer.engine import Analyzer
from shield.analyzer.passages import Passage
from shield.analyzer.span_findings import findings_of
from shield.analyzer.tagger_ner import ENCODER, FOLDER, TaggerNer
from shield.analyzer.tagging.tiers import Models
from shield.domain import DetectorSpec
from shield.errors import (
    ConfigError,
    DeadlineExceededError,
    DetectionIncompleteError,
    ResourcesExhaustedError,
)
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import found, policy, read, said, segment

TEXT = "hi my name is kavita ramanathan and i live at 12 Elm Street, Springfield"


@pytest.fixture(scope="module")
def fast() -> Analyzer:
    return analyzer_of(DetectorSpec(model="fast"))


@pytest.fixture(scope="module")
def ner() -> TaggerNer:
    return TaggerNer()


def test_names_in_lower_case_are_found(fast: Analyzer) -> None:
    assert ("PERSON", "kavita ramanathan") in found(fast, segment(TEXT), policy("PERSON"))


@pytest.mark.parametrize(
    ("text", "name"), [("my name is kim", "kim"), ("ravi 415289", "ravi"), ("ravi 1485", "ravi")]
)
def test_names_that_are_words_of_another_language_are_found(ner: TaggerNer, text: str, name: str) -> None:
    spans = [text[it.start : it.end] for it in read(ner, said([text]), frozenset({"PERSON"}))[0]]
    assert spans == [name]


@pytest.mark.parametrize(
    "text",
    [
        "<p>Order 5512</p><ul><li>Schuhe 44</li></ul>",
        "<ul><li>Kowalska 44, 00-950 Warszawa</li></ul>",
        "mail is jane.doe@example.com</p><ul><li>Card",
        "<tr><td>12 Baker Street</td><td>London</td><td>NW1 6XE</td></tr>",
        "<b>12 Baker</b> Street, London",
    ],
)
def test_no_tag_of_a_page_is_a_part_of_an_address(fast: Analyzer, text: str) -> None:
    """`ul` abbreviates "street" in Polish, and an address is read across the cells of a row."""
    spans = [span for _, span in found(fast, segment(text), policy("LOCATION", "PERSON", "STREET_ADDRESS"))]
    assert not [span for span in spans if {"<", ">"} & set(span) or span in {"ul", "/ul"}]


def test_a_street_address_is_its_own_type_where_the_policy_names_it(ner: TaggerNer) -> None:
    fine = read(ner, said([TEXT]), frozenset({"STREET_ADDRESS", "LOCATION"}))[0]
    coarse = read(ner, said([TEXT]), frozenset({"LOCATION"}))[0]
    assert "STREET_ADDRESS" in {each.entity_type for each in fine}
    assert {each.entity_type for each in coarse} == {"LOCATION"}
    assert [(each.start, each.end) for each in fine] == [(each.start, each.end) for each in coarse]


@pytest.mark.parametrize("text", ["Customer: Diane Lane", "54321 Diane Varga"])
def test_a_person_who_may_be_a_place_is_both(ner: TaggerNer, text: str) -> None:
    both = read(ner, said([text]), frozenset({"PERSON", "LOCATION"}))[0]
    assert {text[it.start : it.end] for it in both if it.entity_type == "PERSON"} == {
        text[text.index("Diane") :].strip(".")
    }
    assert max(both, key=lambda it: it.score).entity_type == "LOCATION"
    alone = read(ner, said([text]), frozenset({"PERSON"}))[0]
    assert [it.entity_type for it in alone] == ["PERSON"]


def test_only_the_wanted_types_come(ner: TaggerNer) -> None:
    assert {each.entity_type for each in read(ner, said([TEXT]), frozenset({"PERSON"}))[0]} == {"PERSON"}


def test_what_it_can_find_is_known_without_loading_it() -> None:
    assert {"PERSON", "STREET_ADDRESS"} <= known_entities(DetectorSpec(model="fast"))
    assert TaggerNer().entities <= known_entities(DetectorSpec(model="fast"))


def test_odd_texts_do_not_stop_it(ner: TaggerNer) -> None:
    odd = ["", " ", "\ud800 Maria \udfff", "\0" * 50, "a" * 50_000, "🙂" * 300, "1 " * 20_000]
    assert len(read(ner, said(odd), frozenset({"PERSON"}))) == len(odd)


def test_the_deadline_stops_it(ner: TaggerNer) -> None:
    def late() -> None:
        raise DeadlineExceededError

    with pytest.raises(DeadlineExceededError):
        read(ner, said([TEXT]), frozenset({"PERSON"}), late)


@pytest.mark.parametrize("tier", ["fast", "cascade", "accurate"])
def test_the_deadline_is_asked_for_within_a_long_text_too(tier: str) -> None:
    """A text of megabytes is one passage, which the model would otherwise read long past the deadline."""
    ner, asked = TaggerNer(tier), 0

    def late() -> None:
        nonlocal asked
        asked += 1
        if asked > at_most:
            raise DeadlineExceededError

    at_most = 1_000_000
    text = "I met Kavita Ramanathan. " * 2_000
    assert read(ner, said([text]), frozenset({"PERSON"}), late)[0]
    at_most, asked = asked - 2, 0
    assert at_most > len(text) // 10_000
    with pytest.raises(DeadlineExceededError):
        read(ner, said([text]), frozenset({"PERSON"}), late)


def test_names_behind_cues_are_put_into_their_text_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model is asked for each name separately; searching the whole text for each would be quadratic."""
    looked = 0

    def counted(*args: Any) -> Any:
        nonlocal looked
        looked += 1
        return additions.unnamed(*args)

    monkeypatch.setattr(engine, "unnamed", counted)
    analyzer = analyzer_of(DetectorSpec(model="fast", recognizers=("default", "shield")))
    text = "my neighbour Truus & where x eq '1'\n" * 50
    spans = found(analyzer, segment(text), policy("PERSON"))
    assert spans.count(("PERSON", "Truus")) >= 50
    assert looked <= 2


def test_an_error_of_the_runtime_is_no_empty_result(monkeypatch: pytest.MonkeyPatch) -> None:
    ner = TaggerNer()

    def failing(texts: Any, check: Any) -> None:
        raise RuntimeError(f"cannot run {texts}")

    monkeypatch.setattr(ner._tagger, "tag", failing)
    with pytest.raises(DetectionIncompleteError) as caught:
        read(ner, said([TEXT]), frozenset({"PERSON"}))
    assert "kavita" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        Fail("[ONNXRuntimeError] : 1 : FAIL : ... Failed to allocate memory for requested buffer of size 9"),
        Fail("[ONNXRuntimeError] : 1 : FAIL : std::bad_alloc"),
    ],
)
def test_a_run_without_memory_is_no_doubt_about_the_text(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    ner = TaggerNer()

    def failing(*_: object) -> None:
        raise error

    monkeypatch.setattr(ner._tagger, "tag", failing)
    with pytest.raises(ResourcesExhaustedError):
        read(ner, said([TEXT]), frozenset({"PERSON"}))


def test_another_failure_of_the_runtime_is_no_lack_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    ner = TaggerNer()

    def failing(*_: object) -> None:
        raise Fail("[ONNXRuntimeError] : 1 : FAIL : invalid dimensions")

    monkeypatch.setattr(ner._tagger, "tag", failing)
    with pytest.raises(DetectionIncompleteError):
        read(ner, said([TEXT]), frozenset({"PERSON"}))


def test_a_damaged_model_is_refused_at_start(tmp_path: Path) -> None:
    for file in FOLDER.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(ConfigError, match="fast"):
        TaggerNer(models=Models(tmp_path, ENCODER))


def test_an_answer_is_read_with_its_question(ner: TaggerNer) -> None:
    answer = Passage(0, "5343", before="And the last four digits of your social security number?")
    found = read(ner, [answer], frozenset({"US_SSN", "PASSWORD", "ACCOUNT_NUMBER"}))[0]
    assert [(each.start, each.end) for each in found] == [(0, 4)]


def test_a_name_in_full_width_letters_is_found(fast: Analyzer) -> None:
    wide = "my name is " + "".join(chr(ord(c) + 0xFEE0) if c != " " else c for c in "kavita ramanathan")
    found_in = fast.analyze([segment(wide)], policy("PERSON"))[0]
    assert {(each.start, each.end) for each in found_in} >= {(11, len(wide))}


def test_a_number_that_a_rule_named_keeps_its_name(fast: Analyzer) -> None:
    text = "please refund my card 4111 1111 1111 1111 today"
    found_in = fast.analyze([segment(text)], policy("CREDIT_CARD", "ACCOUNT_NUMBER", "PASSWORD"))[0]
    assert {each.recognizer for each in found_in} == {"CreditCardRecognizer"}


class Counting(list[Any]):
    """Spans that count how often one of them is read."""

    looks = 0

    def __getitem__(self, place: Any) -> Any:
        self.looks += 1
        return super().__getitem__(place)


def test_of_many_spans_only_those_next_to_a_number_are_looked_at() -> None:
    unit = "Anna Smith 94085 lives at 12345, "
    count = 200
    spans = Counting(
        span
        for at in range(0, count * len(unit), len(unit))
        for span in (
            (at, at + 10, "PERSON", 0.9),
            (at + 11, at + 16, "POSTCODE", 0.9),
            (at + 26, at + 31, "POSTCODE", 0.9),
        )
    )
    named = {"PERSON": "PERSON", "POSTCODE": "POSTCODE"}
    assert findings_of(said([unit * count])[0], spans, named)
    assert 0 < spans.looks < 10 * len(spans)

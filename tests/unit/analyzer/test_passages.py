"""Which passages of a payload the model reads, and with which text before them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shield.analyzer import spacy_ner, tagger_ner
from shield.analyzer.field_scores import NAME_OF_A_FIELD, NO_BAR, SURE, TITLED
from shield.analyzer.learned import AMONG_OTHERS
from shield.analyzer.passages import BEFORE, CUED_NAME, SHORT, certain, is_identifier, passages
from shield.analyzer.recognizers.name_cues import CUED
from shield.analyzer.views.folded import folded
from shield.domain import Finding, Segment, SegmentKind
from tests.unit.analyzer.built import shared_views

QUESTION = "And the last four digits of your social?"


def _turn(place: int, text: str, *location: str | int, kind: SegmentKind = SegmentKind.TEXT) -> Segment:
    return Segment(place, text, location, kind)


def test_a_short_answer_carries_its_question() -> None:
    read = passages([_turn(0, QUESTION, "turns", 0, "text"), _turn(1, "5343", "turns", 1, "text")], {})
    assert [(each.text, each.before) for each in read] == [(QUESTION, ""), ("5343", QUESTION)]


def test_what_is_carried_is_bounded_and_a_long_passage_carries_nothing() -> None:
    read = passages([_turn(0, "word " * 500), _turn(1, "maria"), _turn(2, "b" * (SHORT + 1))], {})
    assert [len(each.before) for each in read] == [0, BEFORE, 0]


def test_what_only_says_that_it_was_heard_is_not_read_and_parts_no_answer_from_its_question() -> None:
    read = passages([_turn(0, QUESTION), _turn(1, "uh huh, go on"), _turn(2, "5343")], {})
    assert [(each.text, each.before) for each in read] == [(QUESTION, ""), ("5343", QUESTION)]


def test_one_of_a_members_few_values_is_not_read() -> None:
    assert not passages([_turn(0, "marketingqualifiedlead", "lifecyclestage")], {})
    assert not passages([_turn(0, "high-touch", "customer_status")], {})
    for text, name in (
        ("maria", "lifecyclestage_owner"),
        ("Maria", "status"),
        ("call maria", "type"),
        ("maria", "note"),
    ):
        assert passages([_turn(0, text, name)], {})


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("@Emilia Sand", " Emilia Sand"),
        ("ask @Emilia Sand, please", "ask  Emilia Sand, please"),
        ("@Emilia Thanks for it", "@Emilia Thanks for it"),
        ("@emilia_s and @EmiliaSand Sand", "@emilia_s and @EmiliaSand Sand"),
        ("me@Emilia Sand", "me@Emilia Sand"),
    ],
)
def test_of_somebody_mentioned_by_name_the_model_reads_the_name_without_the_sign(
    text: str, read: str
) -> None:
    assert [each.text for each in passages([_turn(0, text)], {})] == [read]


@pytest.mark.parametrize("name", ["file_name", "fileName", "filename", "attachment"])
def test_of_a_file_the_model_reads_the_words_without_its_ending(name: str) -> None:
    read = passages([_turn(0, "Jane Doe.pdf", "files", 0, name)], {})
    assert [each.text for each in read] == ["Jane Doe    "]


@pytest.mark.parametrize(
    ("name", "code", "other"),
    [
        ("userIdentityType", "aadUser", "call Maria"),
        ("Tier__c", "Gold", "Maria Lima"),
        ("projectKey", "OPS", "Maria"),
        ("outcome", "callback", "called maria"),
        ("locale", "nl-NL", "nl, says Maria"),
        ("default_lang", "pt_BR", "Maria Lima"),
        ("preferred_locales", "en-GB", "Maria Lima"),
        ("LanguageCode", "en-US", "Maria Lima"),
        ("timeZone", "Amsterdam", "call Maria"),
        ("referenceId", "newContact", "new Contact"),
        ("unit", "kg5", "says Maria"),
        ("X-Env", "prod1", "maria-dev"),
        ("logLevel", "DEBUG", "debug for Maria"),
        ("sort_order", "asc", "asc, Maria"),
        ("color", "silver", "silver, says maria"),
        ("sku", "AMT-IV-L", "for Maria Lima"),
        ("Languages__c", "English; Samoan", "English, says Maria"),
        ("language", "Spanish (Mexico)", "Maria (Spanish)!"),
    ],
)
def test_a_code_is_not_read_where_its_member_holds_codes(name: str, code: str, other: str) -> None:
    assert not passages([_turn(0, code, name)], {})
    assert passages([_turn(0, other, name)], {})
    assert passages([_turn(0, code, "note")], {})


@pytest.mark.parametrize(
    ("names", "called", "other"),
    [
        (("competitor",), "Asana", "Asana, says Maria Lima"),
        (("fields", "components", 0, "name"), "Ledger", "asked by maria"),
        (("car", "make"), "Lincoln", "lincoln"),
        (("vehicle", "trim"), "SRi", "ask maria"),
        (("meds", 0, "name"), "Calpol", "for maria"),
        (("rx", "drug"), "Levothyroxine 100 mcg", "for maria"),
        (("booking", "airline"), "Finnair", "ask Maria Lima of them"),
    ],
)
def test_what_a_thing_is_called_is_not_read(names: tuple[str | int, ...], called: str, other: str) -> None:
    assert not passages([_turn(0, called, *names)], {})
    assert passages([_turn(0, other, *names)], {})
    assert passages([_turn(0, called, "name")], {})


@pytest.mark.parametrize("name", ["jobtitle", "Job_Title__c", "occupation"])
def test_what_somebody_works_as_is_seldom_a_name(name: str) -> None:
    assert [each.bar.least for each in passages([_turn(0, "VP Engineering", name)], {})] == [SURE]


@pytest.mark.parametrize("name", ["tags", "label_names", "department", "unit", "X-Env"])
def test_of_words_alone_among_tags_and_the_like_only_a_sure_name_counts(name: str) -> None:
    assert [each.bar.least for each in passages([_turn(0, "churn", name)], {})] == [SURE]
    assert [each.bar.least for each in passages([_turn(0, "assigned-maria", name)], {})] == [0.0]


@pytest.mark.parametrize("name", ["frontier", "slang", "tag_line", "time", "community", "order", "driver"])
def test_a_name_that_only_ends_as_one_of_codes_does_is_read(name: str) -> None:
    assert passages([_turn(0, "maria", name)], {})


def test_the_value_of_a_field_neither_carries_nor_is_carried() -> None:
    segments = [_turn(0, QUESTION, "body"), _turn(1, "gold tier", "plan"), _turn(2, "maria", "message")]
    assert [each.before for each in passages(segments, {})] == ["", "", QUESTION]


@pytest.mark.parametrize("name", ["count", "order_number", "id", "value"])
def test_a_number_is_not_read_as_the_value_of_a_field(name: str) -> None:
    assert passages([_turn(0, "534312", name)], {}) == []


@pytest.mark.parametrize("name", ["body", "text", "customer_message", "lastComment"])
def test_a_number_that_somebody_wrote_is_read(name: str) -> None:
    assert [each.text for each in passages([_turn(0, "534312", name)], {})] == ["534312"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("12", SegmentKind.TEXT),
        ("...", SegmentKind.TEXT),
        ("maria", SegmentKind.KEY),
        ("7", SegmentKind.NUMBER),
    ],
)
def test_what_holds_no_words_is_not_read(text: str, kind: SegmentKind) -> None:
    assert passages([_turn(0, text, kind=kind)], {}) == []


def test_other_readings_follow_the_text_as_it_is() -> None:
    wide = "\uff4daria garcia"
    view, _ = folded(wide)
    assert view is not None
    read = passages([_turn(0, wide)], {0: [view]})
    assert [(each.text, each.view) for each in read] == [(wide, None), ("maria garcia", view)]


def test_a_word_behind_a_cue_is_read_by_itself_as_well() -> None:
    text = "my neighbour Truus, ask for Dov"
    cued = Finding(13, 18, "PERSON", CUED.score, "AnnouncedNameRecognizer")
    read = passages([_turn(0, text)], {}, [[cued, cued._replace(score=0.7)]])
    assert [(each.text, each.at, each.bar.least) for each in read] == [
        (text, 0, 0.0),
        ("Truus", 13, CUED_NAME),
    ]
    name = Finding(0, 5, "PERSON", 0.78, "TaggerRecognizer")
    said = certain(read[1], [name, name._replace(score=0.6), name._replace(entity_type="LOCATION")])
    assert said == [name._replace(start=13, end=18)]


def test_a_word_in_a_field_that_says_nothing_of_people_is_a_name_only_where_the_model_is_sure_of_it() -> None:
    (read,) = passages([_turn(0, "kafka", "queue_7")], {})
    assert read.bar.doubt == NAME_OF_A_FIELD
    person = Finding(0, 5, "PERSON", 0.69, "TaggerRecognizer")
    place = person._replace(entity_type="STREET_ADDRESS")
    assert certain(read, [person, place]) == [place]
    assert certain(read, [person._replace(score=0.7)]) == [person._replace(score=0.7)]
    for text, name in (
        ("kafka", "assignee"),
        ("kafka", "last_name"),
        ("kafka lima", "queue"),
        ("kafka", "note"),
    ):
        assert [each.bar.doubt for each in passages([_turn(0, text, name)], {})] == [0.0]
    assert not passages([_turn(0, "Trader Joes", "store_name")], {})
    assert passages([_turn(0, "Trader Joes", "store")], {})


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("a-1", True), ("maria", False), ("4 a", False), ("", False), ("a\x1c1", False)],
)
def test_an_identifier_is_one_word_with_a_sign(text: str, is_one: bool) -> None:
    assert is_identifier(text) is is_one


@pytest.mark.parametrize("worth_reading", [spacy_ner.worth_reading, tagger_ner.worth_reading])
def test_each_of_a_million_digits_is_looked_at_once(worth_reading: Callable[[str], bool]) -> None:
    assert worth_reading("1" * 1_000_000 + " is it")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("US", "MailingCountryCode"),
        ("KY", "province_code"),
        ("AZ", "StateProvCd"),
        ("NSW", "state"),
        ("INBOUND", "direction"),
        ("paris-ad", "utm_source"),
        ("Latitude 7440", "laptop_model"),
    ],
)
def test_what_a_platform_compares_with_a_list_is_not_read(text: str, name: str) -> None:
    assert not passages([_turn(0, text, name)], {})
    assert passages([_turn(0, "call Maria", name)], {})


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("prio", ("id",)),
        ("AAAAAABBBB", ("account_id",)),
        ("season", ("field", "ref")),
        ("Autumn", ("choice", "label")),
        ("Website Miami", ("inbox", "name")),
        ("Fuentes Tile", ("company_name",)),
        ("vip austin_store", ("tags",)),
        ("Chelsea", ("tags", 0)),
        ("Service Desk Phoenix", ("assignment_group",)),
        ("Hugo Highchair", ("Product",)),
        ("Rosewood / XS", ("variants", 0, "title")),
        ("Willow Crib", ("productStr",)),
        ("Brass", ("pa_finish",)),
        ("Garmin Marine", ("item", "refName")),
        ("Service Desk Phoenix", ("team", "displayName")),
    ],
)
def test_identifiers_and_names_of_things_are_persons_only_where_that_is_sure(
    text: str, location: tuple[str | int, ...]
) -> None:
    (read,) = passages([_turn(0, text, *location)], {})
    assert read.bar.least == SURE


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("she lives in Leeds now", ("company", "name")),
        ("Leeds", ("custom_fields", 0, "value")),
        ("12 Elm Row Leeds", ("branch",)),
        ("Maria Lopez", ("custom_fields", 0, "text")),
        ("letter for maria", ("item",)),
        ("Maria Lopez", ("user", "displayName")),
        ("Ask Maria on Friday", ("plan",)),
    ],
)
def test_what_somebody_typed_is_read_whole(text: str, location: tuple[str | int, ...]) -> None:
    (read,) = passages([_turn(0, text, *location)], {})
    assert read.bar.least == 0.0


def test_a_sentence_as_the_name_of_a_member_is_no_choice() -> None:
    (read,) = passages([Segment(0, "moved to Leeds", ("fields",), SegmentKind.KEY)], {})
    assert read.bar.least == 0.0


def test_the_header_of_a_table_is_an_identifier_and_may_be_a_row() -> None:
    def least(text: str, *location: str | int) -> list[float]:
        return [it.bar.least for it in passages([Segment(0, text, location, root="table")], {})]

    assert least("LeadSource", "header", 3) == least("locale", "header", 1) == [SURE]
    assert least("Maria Garcia", "header", 0) == least("LeadSource", 0, "name") == [0.0]


@pytest.mark.parametrize("name", ["title", "subject", "Summary"])
def test_the_first_word_of_a_title_has_a_capital_anyway(name: str) -> None:
    (read,) = passages([_turn(0, "Kettle leaks, says maria", name)], {})
    doubtful, sure = Finding(0, 6, "PERSON", TITLED - 0.01, "x"), Finding(0, 6, "PERSON", TITLED, "x")
    later = Finding(19, 24, "PERSON", 0.36, "x")
    assert list(certain(read, [doubtful, sure, later])) == [sure, later]


def test_a_word_without_a_capital_is_a_place_where_its_key_suggests_one() -> None:
    place = Finding(0, 6, "LOCATION", 0.94, "x")
    for name, kept in (("routing", []), ("hub", []), ("hometown", [place]), ("answer", [place])):
        (read,) = passages([_turn(0, "austin", name)], {})
        assert list(certain(read, [place])) == kept
    (read,) = passages([_turn(0, "Austin", "hub")], {})
    assert list(certain(read, [place])) == [place]


def test_a_model_of_latin_letters_reads_a_text_without_others_and_with_blanks_beside_them() -> None:
    text = "担当のMaria Lopezさんに連絡"
    views = {0: shared_views().read(text)}
    (read,) = passages([_turn(0, text)], views)
    assert read.text.split() == ["Maria", "Lopez"]
    assert read.view is not None
    start = read.text.index("Maria")
    assert read.view.raw_span(start, start + len("Maria Lopez")) == (3, 14)
    assert read.bar.doubt == AMONG_OTHERS


def test_another_model_reads_the_text_itself() -> None:
    text = "担当のMaria Lopezさんに連絡"
    read = passages([_turn(0, text)], {0: shared_views().read(text)}, latin_only=False)
    assert [(each.text, each.view, each.bar) for each in read] == [(text, None, NO_BAR)]

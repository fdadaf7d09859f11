"""The pattern engine finds exactly what the recognizers find: Presidio's without a model, and ours."""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import functools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shield.analyzer.catalogue import selected
from shield.analyzer.expressions.folded import fold
from shield.analyzer.patterns import PatternEngine, is_plain
from shield.analyzer.recognizers.national.checked import NationalRecognizer
from shield.errors import DetectionIncompleteError
from tests.unit.analyzer.built import engine_of_all
from tests.unit.analyzer.generate import ODD, WORDS, Generator

RECOGNIZERS = [r for r in selected(("all", "shield", "national"), ("en",)) if is_plain(r)]
"""In the order of `engine_of_all`."""
VALUES = (
    "4111 1111 1111 1111|4111111111111111|GB82 WEST 1234 5698 7654 32|GB82WEST12345698765432|536-22-1234|"
    "536221234|943 476 5919|9434765919|maria.garcia@example.com|1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2|"
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4|203.0.113.7|2001:db8::1|::ffff:203.0.113.7|"
    "00:1A:2B:3C:4D:5E|2024-03-12T10:20:30.123456+01:00|12/03/2024|https://www.example.com/a?b=c|"
    "'http://example.org/x'|AB1234563|912-70-1234|C12345678|HRB 12345|B-MW 1234|DE136695976|ABCDE1234F|"
    "RSSMRA85T10A562S|44051401359|S1234567D|65a08ac9-2b5c-4f0a-8a3c-1d2e3f405162|"
    "20-05536168-2|16.727.230/0001-97|12.345.678-5|BOXW310820HNERXN09|112-233-445 95|1234567T|ABA300000|"
    "customer_address: 12 elm street|my_city boston 02110|"
    "MY_AWS_SECRET_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
).split("|")


@pytest.fixture(scope="module")
def engine() -> PatternEngine:
    return engine_of_all()


Spans = list[tuple[int, int, float]]
RAISED: Spans = [(-1, -1, -1.0)]


def ours(engine: PatternEngine, place: int, text: str) -> Spans:
    try:
        hits = engine.analyze(text, fold(text), frozenset({place}))
    except DetectionIncompleteError:
        return RAISED
    return sorted((hit.start, hit.end, hit.score) for hit in hits)


def presidios(recognizer: Any, text: str) -> Spans:
    try:
        results = recognizer.analyze(text, recognizer.supported_entities)
    except (KeyError, ValueError, IndexError):
        return RAISED  # some of Presidio's checksums do not accept digits beyond ASCII
    return sorted((result.start, result.end, float(result.score)) for result in results)


@functools.cache
def texts_of(place: int) -> tuple[tuple[str, Spans], ...]:
    """Texts made from the patterns of a recognizer, and what it finds in each."""
    recognizer = RECOGNIZERS[place]
    generator = Generator(seed=place)
    flags = int(recognizer.global_regex_flags)
    texts = [generator.text(p.regex, flags) for p in recognizer.patterns for _ in range(25)]
    return tuple((text, presidios(recognizer, text)) for text in texts)


def test_every_pattern_is_prefiltered(engine: PatternEngine) -> None:
    assert engine.prefilter.always == ()


def test_the_generator_makes_what_recognizers_find() -> None:
    finding = 0
    for place, recognizer in enumerate(RECOGNIZERS):
        # Chance does not produce check digits: our national numbers have separate tests.
        finding += not isinstance(recognizer, NationalRecognizer) and any(
            expected not in ([], RAISED) for _, expected in texts_of(place)
        )
    assert finding >= 0.8 * sum(not isinstance(each, NationalRecognizer) for each in RECOGNIZERS)


def test_the_catalogue_holds_presidios_pattern_recognizers() -> None:
    assert len(RECOGNIZERS) >= 80
    assert sum(len(recognizer.patterns) for recognizer in RECOGNIZERS) >= 173


@pytest.mark.parametrize("place", range(len(RECOGNIZERS)), ids=[r.name for r in RECOGNIZERS])
def test_same_findings_on_texts_made_from_its_patterns(engine: PatternEngine, place: int) -> None:
    for text, expected in texts_of(place):
        assert ours(engine, place, text) == expected, ascii(text)


@pytest.mark.parametrize("place", range(len(RECOGNIZERS)), ids=[r.name for r in RECOGNIZERS])
def test_same_findings_on_known_values_of_every_kind(engine: PatternEngine, place: int) -> None:
    recognizer = RECOGNIZERS[place]
    generator = Generator(seed=1000 + place)
    for _ in range(12):
        parts = generator.random.choices([*VALUES, *WORDS, *ODD], k=generator.random.randint(3, 12))
        text = generator.random.choice([" ", " ", "\n", ", ", ""]).join(parts)
        assert ours(engine, place, text) == presidios(recognizer, text), ascii(text)


PIECES = st.one_of(
    st.sampled_from([*VALUES, *WORDS, *ODD]),
    st.text(alphabet="0123456789 -./:@+ABCDEFabcdef", max_size=24),
    st.text(max_size=8),
)


DEFAULTS = {type(r) for r in selected(("default", "shield"), ("en", "es", "it", "pl")) if is_plain(r)}
DEFAULT_PLACES = frozenset(place for place, each in enumerate(RECOGNIZERS) if type(each) in DEFAULTS)


def test_the_defaults_are_all_among_them() -> None:
    assert len(DEFAULT_PLACES) == len(DEFAULTS) >= 50


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=10).map("".join))
def test_same_findings_on_any_text(text: str) -> None:
    hits = engine_of_all().analyze(text, fold(text), DEFAULT_PLACES)
    assert {hit.recognizer for hit in hits} <= DEFAULT_PLACES
    for place in DEFAULT_PLACES:
        recognizer = RECOGNIZERS[place]
        mine = sorted((hit.start, hit.end, hit.score) for hit in hits if hit.recognizer == place)
        assert mine == presidios(recognizer, text), recognizer.name

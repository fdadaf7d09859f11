"""What a model leaves out of a span is taken along with it."""

from __future__ import annotations

import pytest

from shield.analyzer.plausibility.whole_spans import (
    start_of_name,
    whole_address,
    whole_house,
    whole_name,
    whole_number,
    whole_spelled,
)


@pytest.mark.parametrize(
    ("text", "cut", "whole"),
    [
        ("admin: it-admin@example.com", "-admin@example.com", "it-admin@example.com"),
        ("to maria@example.co.uk.", "maria@example", "maria@example.co.uk"),
        ("9912,qac@example.com,x", "9912,qac@example.com", "qac@example.com"),
        ("maria at example dot com", "maria at example", "maria at example"),
        ("T: 345 678\nm.diaz@example.com", "m.diaz@example.com", "m.diaz@example.com"),
        ("m.diaz@example.com\n\tat com.acme", "m.diaz@example.com\n\tat com.acme", "m.diaz@example.com"),
    ],
)
def test_a_cut_address_is_taken_whole(text: str, cut: str, whole: str) -> None:
    start = text.index(cut)
    first, last = whole_address(text, start, start + len(cut))
    assert text[first:last] == whole


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("55120 / J. Fairweather / 4", "J.", "J. Fairweather"),
        ("J. R. Ewing called", "J. R.", "J. R. Ewing"),
        ("ask J. tomorrow", "J.", "J."),
        ("Maria Lopez", "Maria", "Maria"),
        ("cust Mahlangu, T rang", "Mahlangu", "Mahlangu, T"),
        ("he does Teddy P proud", "Teddy", "Teddy P"),
        ("Teddy I know", "Teddy", "Teddy"),
        ("sent Maria X-rays", "Maria", "Maria"),
        ("ask Maria Q 4", "Maria", "Maria"),
        ("thanks Maria, I did", "Maria", "Maria"),
        ("Hi Ana, K is fine", "Ana", "Ana"),
        ("Tran, Bao all day", "Tran,", "Tran, Bao"),
        ('Oludare "Dare" Balogun paid', "Oludare", 'Oludare "Dare" Balogun'),
        ('Oludare "Dare" Balogun paid', 'Oludare "Dare', 'Oludare "Dare" Balogun'),
        ('Maria "express" parcel', "Maria", "Maria"),
        ("signor Ruggero Dell'Acqua", "signor Ruggero", "signor Ruggero Dell'Acqua"),
        ("Pieter van der Meer", "Pieter", "Pieter van der Meer"),
        ("Moein von dem Ergebnis", "Moein", "Moein"),
    ],
)
def test_initials_take_their_family_name(text: str, found: str, whole: str) -> None:
    start = text.index(found)
    assert text[start : whole_name(text, start, start + len(found))] == whole


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("it is w c two n six b x", "c two n six b", "w c two n six b x"),
        ("b, t nine, four f", "t nine, four", "b, t nine, four f"),
        ("a four b d", "four b", "four b d"),
        ("Oscar x 4 t 7 Lima", "x 4 t 7", "Oscar x 4 t 7 Lima"),
        ("postcode BT9 4FG x", "BT9 4FG", "BT9 4FG"),
        ("it's two one h", "two one h", "two one h"),
    ],
)
def test_a_spelled_postcode_is_taken_whole(text: str, found: str, whole: str) -> None:
    start = text.index(found)
    low, high = whole_spelled(text, start, start + len(found))
    assert text[low:high] == whole


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("twelve oh one west pine drive", "oh one west pine drive", "twelve oh one west pine drive"),
        ("it's flat nine sixteen high street", "sixteen high street", "flat nine sixteen high street"),
        ("at flat 16 high street", "16 high street", "flat 16 high street"),
        ("there were two at 16 high street", "16 high street", "16 high street"),
        ("only one high street", "high street", "high street"),
    ],
)
def test_the_number_of_a_house_is_taken_whole_where_it_is_said(text: str, found: str, whole: str) -> None:
    start = text.index(found)
    assert text[whole_house(text, start, start + len(found)) : start + len(found)] == whole


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("Ik ben Joost van 't Hoff", "Hoff", "Joost van 't Hoff"),
        ("Dank. Kees van 't Hoff", "Hoff", "van 't Hoff"),
        ("foto van Joost", "Joost", "Joost"),
        ("Website von Veronika", "Veronika", "Veronika"),
        ("van der Meer belde", "Meer", "van der Meer"),
        ("name in bank S Lakshmi", "Lakshmi", "S Lakshmi"),
        ("K. R. Narayanan called", "Narayanan", "K. R. Narayanan"),
        ("joint, J & T Papadakis", "Papadakis", "J & T Papadakis"),
        ("I Maria", "Maria", "Maria"),
        ("It works. A Smith", "Smith", "Smith"),
        ("plan X-B Maria", "Maria", "Maria"),
    ],
)
def test_a_name_begins_with_its_particle(text: str, found: str, whole: str) -> None:
    start = text.index(found)
    assert text[start_of_name(text, start) : start + len(found)] == whole


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("are oh nine one two, that's", "oh nine one", "oh nine one two"),
        ("said four four nine, one oh two and", "four four nine", "four four nine, one oh two"),
        ("it is 4111 one two", "4111", "4111"),
        ("zip nine four one, twenty dollars", "nine four one", "nine four one"),
    ],
)
def test_a_number_that_is_said_is_taken_whole(text: str, found: str, whole: str) -> None:
    start = text.index(found)
    assert text[start : whole_number(text, start, start + len(found))] == whole

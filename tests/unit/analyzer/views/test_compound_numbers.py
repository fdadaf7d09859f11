"""Numbers that are one word in German, Dutch and Italian."""

from __future__ import annotations

import pytest

from shield.analyzer.views.compound_numbers import compound_number
from shield.analyzer.views.number_words import said_words
from shield.analyzer.views.spoken import spoken

WORDS = said_words()


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("hundert", "100"),
        ("zweihundertdreißig", "230"),
        ("hundertundeins", "101"),
        ("neunzehnhundertdreiundachtzig", "1983"),
        ("zweitausendeins", "2001"),
        ("achtundvierzigtausend", "48000"),
        ("centoventuno", "121"),
        ("millenovecentottantatré", None),  # with one "o" for two, as no table has it
        ("millenovecentosessantacinque", "1965"),
        ("duemila", "2000"),
        ("honderddrieëntwintig", "123"),
        ("negentiendrieëntachtig", "1983"),
        ("negentienhonderdvijfenzestig", "1965"),
        ("jahrhundert", None),
        ("percento", None),
        ("tausendfüßler", None),
        ("negentiende", None),
        ("hundreds", None),
    ],
)
def test_it_is_put_together_from_the_words_of_the_tables(word: str, number: str | None) -> None:
    said = compound_number(word, WORDS)
    assert (None if said is None else said.text) == number


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("ip centonovantadue punto centosessantotto punto uno punto venti", "ip 192.168.1.20"),
        ("cent quatre-vingt-douze point cent soixante-huit point un point vingt", "192.168.1.20"),
        ("rocio guion bajo p arroba ejemplo punto com", "rocio_p@ejemplo.com"),
        ("meine Postleitzahl ist fünfzig sechs sechs sieben", "meine Postleitzahl ist 50667"),
        ("telefone nove um catorze dezassete dezanove dois", "telefone 911417192"),
    ],
)
def test_they_are_read_in_what_is_dictated(text: str, read: str) -> None:
    assert read in [view.text for view in spoken(text, WORDS)]

"""What each reading turns a text into."""

from __future__ import annotations

import base64
import random
import re

import pytest

from shield.analyzer.expressions.folded import fold
from shield.analyzer.views.decoded import decoded
from shield.analyzer.views.folded import folded
from shield.analyzer.views.lookalike import lookalike
from shield.analyzer.views.number_words import EVERY, LANGUAGES, said_words
from shield.analyzer.views.spaced import spaced
from shield.analyzer.views.spoken import spoken
from shield.analyzer.views.trigger import PARTS, Reading
from tests.unit.analyzer.built import shared_views

WORDS = said_words()
READINGS = frozenset(Reading)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("\uff14\uff11\uff11\uff11", "4111"),
        ("4\ufe0f\u20e31\ufe0f\u20e3", "41"),
        ("j\u200bon@ex\u00adample.com", "jon@example.com"),
        ("j\u043en@\u0435\u0445ample.com", "jon@example.com"),
        ("&#52;&#x31; jon&commat;example&period;com", "41 jon@example.com"),
        ("&#0000000052;&#x00000000031;1 &#x; &#;", "411 &#x; &#;"),
        (f"jon&#{'0' * 9_000}64;example.com", "jon@example.com"),
        ("jon\ud800@ex\udc00ample.com", "jon@example.com"),
        ("jon%40example.com", "jon@example.com"),
        ("jon%2540example%25252Ecom", "jon@example.com"),
        ("\\u0034\\x31", "41"),
        ("maria%u0040example.com", "maria@example.com"),
        ("maria\\\\u0040example.com", "maria@example.com"),
        ("maria\\\\\\\\u0040example\\x2ecom", "maria@example.com"),
        ("maria&amp;#64;example&#38;period;com", "maria@example.com"),
        ("maria&amp;#x26;amp;#x40;example.com", "maria@example.com"),
        ("maria@<![CDATA[example&#46;com]]> <![CDATA[536]]>", "maria@example.com 536"),
        ("maria\\u{40}example.com", "maria@example.com"),
        ("4<b>1</b>1<br>2", "411 2"),
        ("> no 4111\n> 1111 \r\n>> 1111\n>1111", "> no 4111 1111  1111 1111"),
        ("> (415)\n> 555-\n> 0132, - \n> 5", "> (415) 555-0132, - \n> 5"),
        ("> jane@\n> > example.com, jane\n> doe 4\n> b", "> jane@example.com, jane\n> doe 4\n> b"),
        ("4<!-- no -->1", "41"),
        (
            "is<00:01.300><c> 41</c><01:00:01.400><c.a.b> 11</c> <c.x>5</c> <00:61.000>",
            "is 41 11 5 <00:61.000>",
        ),
        (f"4<!--{'no - ' * 90}-->1<!---->1<!-->2<!--- 9 --!>3 <!-- 4", "41123 <!-- 4"),
        (f"a. <!--{'jon&#64;example.com ' * 9}--> b", f"a. <!--{'jon@example.com ' * 9}--> b"),
        ("e\u0301t\u00e9", "\u00e9t\u00e9"),
        ("\u0664\u0661 \u0967 \u0e51", "41 1 1"),
        ("\u2779\u2776\u2780", "411"),
        ("\U0001d7d2\U0001d7cf", "41"),
        ("4\u03361\u0336", "41"),
        ("4\x001", "41"),
        ("4\u28001", "41"),
        ("415\u00a0555\u20110132", "415 555-0132"),
        ("\U0001f1ef\U0001f1f4\U0001f1f3", "JON"),
        ("\u039dL91 \u0391\u0392\u039d\u0391 0417", "NL91 ABNA 0417"),
        ("4\u3002\uff11", "4.1"),
        ("Hello%2C+my+card+4111+1111", "Hello, my card 4111 1111"),
        ("a=1&name=Maria+Garcia&b=2", "a=1&name=Maria Garcia&b=2"),
        ("__536-22-1234__", " 536-22-1234 "),
        ("_Maria Garcia_ and __j%40x.org__", " Maria Garcia  and  j@x.org "),
        ("ssn_536-22-1234 536-22-1234_a.pdf", "ssn 536-22-1234 536-22-1234 a.pdf"),
        ("card_4111-1111-1111-1111 a_4111-1111", "card 4111-1111-1111-1111 a_4111-1111"),
        ('4<b title="?a=1&amp;b=2">1</b>1', "411"),
        ("4<b title='x > y' lang=en>1</b>1", "411"),
        ("4<b title='x>1</b>1", "411"),
        ('4<img src="a.png" alt="4 > 3"/>11', "411"),
        ("4<h1>1</h1>1<li class='a > b'>1", "4 1 1 1"),
        ("4\x1b[1;31m1\x1b[0m1\x1b[K1", "4111"),
        ("4\\u001b[32m1\\033[0m1^[[m1", "4111"),
        ("\\+1 \\(415\\) 555\\-0132 maria\\_g@example\\.com", "+1 (415) 555-0132 maria_g@example.com"),
    ],
)
def test_folded(text: str, read: str) -> None:
    view, _ = folded(text)
    assert view is not None
    assert view.text == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('see <a href="?e=jon%40x.org&amp;f">it</a>', '\na href="?e=jon@x.org&f"\n'),
        ('<p title="&#52;1">4<b>1</b>', '\np title="41"\n'),
        ("a <!-- jon&#64;x.org --> b <i data-x=12345678>c</i>", "\n jon@x.org \ni data-x=12345678\n"),
        ('<!-- <a href="jon%40x.org"> --> b', '\n <a href="jon@x.org"> \n'),
        ('<![CDATA[a <b title="jon%40x.org">c</b>]]>', '\nb title="jon@x.org"\n'),
        ('__a <b title="jon%40x.org">c</b>__', '\nb title="jon@x.org"\n'),
    ],
)
def test_what_stands_in_tags_and_comments_is_read_apart(text: str, read: str) -> None:
    _, view = folded(text)
    assert view is not None
    assert view.text == read


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "R&D; AT&T",
        "100% of",
        "caf\u00e9 \u2014 \u201cx\u201d\u2026",
        "a < b > c",
        "\u00bd",
        "%zz %ff",
        "maria+tag@example.com",
        "aGVsbG8+d29ybGQ+aGVsbG8=",
        "+49 30 901820, 1 + 1",
        "snake_case utf_8 __typename _id",
        "aB_123cd_",
        '\\d{3}\\-\\d C:\\users \\(x\\[0] \\"a',
    ],
)
def test_folded_leaves_alone(text: str) -> None:
    assert folded(text) == (None, None)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("four one one one one one one", "4111111"),
        ("double five triple oh one two", "5500012"),
        ("forty one eleven eleven eleven", "41111111"),
        ("twenty twenty one nineteen eighty four", "20211984"),
        ("eight hundred five five five oh one three two", "8005550132"),
        ("four hundred and eleven one one one one", "4111111"),
        ("four one one one B hundred twenty one five", "4111B215"),
        ("five three six, twenty two, twelve thirty four", "536 22 1234"),
        ("five three six dash two two dash one two three four", "536-22-1234"),
        ("plus four four two oh seven nine four", "+4420794"),
        ("five-five-five-oh-one-three-two", "5550132"),
        ("four one five uh five five five and then oh one three two", "4155550132"),
        ("two oh three dot zero dot one one three dot seven", "203.0.113.7"),
        ("golf bravo eight two one two three four five six", "GB82123456"),
        ("a as in anna b for ben one two three four five six three", "AB1234563"),
        ("my pin is four seven eleven", "my pin is 4711"),
        ("code: one two three", "code: 123"),
        ("einundvierzig elf elf elf", "41111111"),
        ("treinta y cinco uno uno uno uno uno", "3511111"),
        ("pięćset jeden, dwieście trzydzieści cztery, sto dwanaście", "501 234 112"),
        ("sześćset dwa sto trzy pięćset", "602103500"),
        ("seiscientos once, doscientos cuatro, quinientos ochenta y siete", "611 204 587"),
        ("nove um três, quatrocentos e cinquenta, duzentos e oito", "913 450 208"),
        ("seicento dodici cento tre quattrocento", "612103400"),
        ("code postal trente-cinq mille deux cents", "code postal 35200"),
        ("código postal veintiocho mil doce", "código postal 28012"),
        ("soixante-dix-sept un deux trois quatre cinq", "7712345"),
        ("ventuno due tre quattro cinque sei", "2123456"),
        ("eenentwintig twee drie vier vijf zes", "2123456"),
        ("vinte e um dois tr\u00eas quatro cinco meia", "2123456"),
        ("dwadzie\u015bcia jeden dwa trzy cztery piec szesc", "2123456"),
        ("jon dot w at example dot com", "jon.w@example.com"),
        ("j o n at example dot com", "jon@example.com"),
        ("jon underscore smith seventy two at my dash mail dot co dot uk", "jon_smith72@my-mail.co.uk"),
        ("email jon at example dot com", "email jon@example.com"),
        ("jon at gmail dot com", "jon@gmail.com"),
        ("juan punto w arroba example punto com", "juan.w@example.com"),
    ],
)
def test_spoken(text: str, read: str) -> None:
    assert spoken(text, WORDS)[0].text == read


def test_pauses_are_read_both_ways() -> None:
    views = spoken("five three six, two two, one two three four", WORDS)
    assert [view.text for view in views] == ["536 22 1234", "536221234"]


def test_a_change_of_language_ends_a_run() -> None:
    assert spoken("four one one uno uno uno uno", WORDS) == []


@pytest.mark.parametrize(
    "text",
    [
        "two three day passes",
        "at ten thirty or eleven fifteen",
        "one hundred twenty five thousand six hundred",
        "visit us at example dot com",
        "i ordered it at amazon dot com",
        "the dot at the end",
        "romeo and juliet",
        "the pin is on the second of the three, two or four",
        "code red. one two three four",
        "it took two three four times",
    ],
)
def test_spoken_leaves_alone(text: str) -> None:
    assert spoken(text, WORDS) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("4 1 1 1 - 1 1 1 1 - 1 1 1 1 - 1 1 1 1", "4111-1111-1111-1111"),
        ("4.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1", "4111111111111111"),
        ("4111_1111_1111_1111", "4111-1111-1111-1111"),
        ("*4111* *1111* *1111* *1111*", "*4111-1111-1111-1111*"),
        ('"4111", "1111", "1111", "1111"', '"4111-1111-1111-1111"'),
        ("[4111][1111][1111][1111]", "[4111-1111-1111-1111]"),
        ("4111: 1111: 1111: 1111", "4111-1111-1111-1111"),
        ("4111 -> 1111 -> 1111 -> 1111", "4111-1111-1111-1111"),
        ("4111 \u2022 1111 \u2022 1111 \u2022 1111", "4111-1111-1111-1111"),
        ("4111 1111\r\n1111 1111", "4111-1111-1111-1111"),
        ("card 41 11 11 11 11 11 11 11", "card 41-11-11-11-11-11-11-11"),
        ("536/22/1234", "536-22-1234"),
        ("+44_20_7946_0958", "+44-20-7946-0958"),
        ("gb82_west/1234 5698\n7654 32 ok", "GB82WEST12345698765432 ok"),
        ("G B 8 2 W E S T 1 2 3 4 5 6 9 8 7 6 5 4 3 2", "GB82WEST12345698765432"),
        ("j o n @ e x a m p l e . c o m", "jon@example.com"),
        ("jon (at) example [dot] com", "jon@example.com"),
        ("my email is jon @ example . com", "my email is jon@example.com"),
        ("203 . 0 . 113 . 7", "203.0.113.7"),
        ("203[.]0[.]113[.]7", "203.0.113.7"),
        ("1BvB MSEY stWe tqTF n5Au 4m4G Fg7x JaNV N2", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
        ("A B 1 2 3 4 5 6 3", "AB1234563"),
    ],
)
def test_spaced(text: str, read: str) -> None:
    assert spaced(text, None, READINGS)[0].text == read


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1111",
        "2024-11-23 10:30 and 23/11/2024",
        "1024|2048|4096|8192",
        "follow us @ example.com",
        "12 pcs @ 3 . 50 each",
        "1 . 2 . 3 . 4",
        "GB83_WEST_1234_5698_7654_32",
        "4111_1111_1111_1112",
        "[4111][1111][1111][1112] 4111: 1111; 1111: 1111 4111: 1111: 1111: 11112",
        "9" * 500,
    ],
)
def test_spaced_leaves_alone(text: str) -> None:
    assert all(len(view.text) >= len(text) - 3 for view in spaced(text, None, READINGS))


@pytest.mark.parametrize(
    ("text", "read"),
    [("4l11 1111 1lll 1111", "4111 1111 1111 1111"), ("it is 2l9-45-6789", "it is 219-45-6789")],
)
def test_lookalike(text: str, read: str) -> None:
    view = lookalike(text)
    assert view is not None
    assert view.text == read


@pytest.mark.parametrize("text", ["lo oo ll 11", "4l11 1111 1lll 1112", "SO10 B15 S500", "O0O0O0O0O0O0O0"])
def test_lookalike_leaves_alone(text: str) -> None:
    assert lookalike(text) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("x bWFyaWEuZ2FyY2lhQGV4YW1wbGUuY29t y", "x maria.garcia@example.com y"),
        ("bWFyaWFAZXhhbXBsZS5jb20=", "maria@example.com"),
        ("YlhrZ1kyRnlaQ0JwY3lBME1URXhJREV4TVRFZ01URXhNU0F4TVRFeA==", "my card is 4111 1111 1111 1111"),
        ("6d61726961406578616d706c652e636f6d", "maria@example.com"),
        ("maria=40example.com", "maria@example.com"),
        ("maria@exam=\r\nple.com", "maria@example.com"),
        ("agBvAG4AQAB4AC4AbwByAGcA", "jon@x.org"),
        ("//5qAG8AbgBAAHgALgBvAHIAZwA=", "jon@x.org"),
        ("AGoAbwBuAEAAeAAuAG8AcgBn", "jon@x.org"),
    ],
)
def test_decoded(text: str, read: str) -> None:
    view = decoded(text, None, READINGS)
    assert view is not None
    assert view.text == read


LETTER = "Dear desk, the toner is empty again. Please write to maria.garcia@example.com or call 415-555-0132!"


@pytest.mark.parametrize("layers", [1, 2, 3, 4])
def test_decoded_layer_by_layer(layers: int) -> None:
    run = LETTER
    for _ in range(layers):
        run = base64.b64encode(run.encode()).decode()
    view = decoded(f"x {run} y", None, READINGS)
    assert view is not None
    assert view.text == f"x {LETTER} y"


@pytest.mark.parametrize(
    ("before", "run"),
    [
        ("token eyJhbGciOiJIUzI1NiJ9.", '{"sub":"maria@example.com"}'),
        ("Authorization: Basic ", "maria.garcia:a sunny garden"),
    ],
)
def test_decoded_keeps_what_is_known_by_its_code_beside_what_it_holds(before: str, run: str) -> None:
    text = f"{before}{base64.b64encode(run.encode()).decode()} ok"
    view = decoded(base64.b64encode(text.encode()).decode(), None, READINGS)
    assert view is not None
    assert run in view.text
    assert view.text.endswith(f"\n{text}")


@pytest.mark.parametrize("width", [60, 64, 72, 76])
@pytest.mark.parametrize("text", [LETTER, LETTER * 9, LETTER.ljust(108), LETTER.ljust(114)])
def test_decoded_over_lines_that_became_one(text: str, width: int) -> None:
    run = " ".join(re.findall(f".{{1,{width}}}", base64.b64encode(text.encode()).decode()))
    for behind in ("", " thanks", " and bye"):
        view = decoded(f"x {run}{behind}", None, READINGS)
        assert view is not None
        assert view.text == f"x {text}{behind}"


@pytest.mark.parametrize(
    "text",
    [
        "internationalization",
        "65a08ac9-2b5c-4f0a-8a3c-1d2e3f405162",
        "d41d8cd98f00b204e9800998ecf8427e",
        "a=b",
    ],
)
def test_decoded_leaves_alone(text: str) -> None:
    assert decoded(text, None, READINGS) is None


def test_a_finding_in_a_decoded_run_covers_the_whole_run() -> None:
    text = "x bWFyaWEuZ2FyY2lhQGV4YW1wbGUuY29t y"
    view = decoded(text, None, READINGS)
    assert view is not None
    assert view.raw_span(4, 6) == (2, len(text) - 2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_digits(language: str) -> None:
    bit = 1 << LANGUAGES.index(language)
    digits = {each.text for each in WORDS.values() if each.languages & bit and each.languages != EVERY}
    assert {str(value) for value in range(20)} <= digits
    assert {str(value) for value in range(20, 100, 10)} <= digits


PIECES = (
    *"0123456789" * 3,
    *(
        "a",
        "B",
        "c1",
        "bc1",
        "1A",
        "deadbeef",
        "MFRGGZDF",
        "0x",
        "GB82",
        "WEST",
        "Zm9vYmFy",
        "card",
        "é",
        "\u2013",
    ),
    *" " * 12,
    *(". ", " .", "-", ":", "\n", "=", "@", "(", ", ", "_", "/"),
)


@pytest.mark.parametrize("seed", range(60))
def test_parts_of_readings_that_are_not_asked_for_are_not_in_the_text(seed: int) -> None:
    chance = random.Random(seed)
    views = shared_views()
    for _ in range(20):
        text = "".join(chance.choices(PIECES, k=chance.randint(8, 70)))
        asked = views.asked([text], [fold(text)])[0]
        if asked:
            assert views.of(text, asked) == views.of(text, asked | PARTS), ascii(text)

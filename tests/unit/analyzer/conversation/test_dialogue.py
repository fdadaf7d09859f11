"""Values spread over several speakers' turns: continued, given as an answer, or repeated."""

# ruff: noqa: E501, SIM905  # dialogues, one a line; tables of words read best as prose
from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shield.analyzer.conversation.asked import asked
from shield.analyzer.conversation.dialogue import Dialogue, Turn
from shield.analyzer.conversation.dialogue_words import is_heard
from shield.analyzer.engine import Analyzer
from shield.analyzer.resolver import resolve
from shield.domain import DetectorSpec, Limits, OperatorSpec, Policy
from shield.payload.json_codec import JsonCodec, NdjsonCodec
from shield.payload.selectors import NO_RULES
from tests.unit.analyzer.built import analyzer_of

_MARK = re.compile(r"<([A-Z_]+):([^>]*)>")


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return analyzer_of(DetectorSpec(model="none", recognizers=("default", "shield")))


def _shown(analyzer: Analyzer, document: Any, *, lines: bool = False) -> str:
    """The texts of a document, by turn, with each finding marked; other members are left out."""
    codec = NdjsonCodec() if lines else JsonCodec()
    body = "\n".join(map(json.dumps, document)) if lines else json.dumps(document)
    segments = list(codec.decode(body.encode(), limits=Limits(), rules=NO_RULES, charset=None).segments)
    under = Policy("test", "sha256:0", dict.fromkeys(analyzer.supported_entities, OperatorSpec("replace")))
    shown = []
    for segment, findings in zip(segments, analyzer.analyze(segments, under), strict=True):
        text = segment.text
        for each in reversed(resolve(text, findings, under)):
            marked = f"<{each.entity_type}:{text[each.start : each.end]}>"
            text = text[: each.start] + marked + text[each.end :]
        if segment.keys and segment.keys[-1] in ("text", "body", "Content") and segment.kind.name == "TEXT":
            shown.append(text)
    return " | ".join(shown)


def _turns(said: str, text: str = "text", **who: str) -> list[dict[str, str]]:
    """`A: hello | B: hi`, without marks."""
    found = []
    for turn in _MARK.sub(r"\2", said).split(" | "):
        speaker, _, words = turn.partition(": ")
        found.append({who.get("who", "speaker"): speaker, text: words})
    return found


def _texts(said: str) -> str:
    return " | ".join(turn.partition(": ")[2] for turn in said.split(" | "))


DICTATED = [
    (
        "B: <CREDIT_CARD:four one one one> | A: uh huh | B: <CREDIT_CARD:one one one one> | A: go on"
        " | B: <CREDIT_CARD:one one one one> | A: okay | B: <CREDIT_CARD:one one one one>"
    ),
    "B: card <CREDIT_CARD:4111 1111> | A: <CREDIT_CARD:4111 1111>, yes | B: <CREDIT_CARD:1111 1111> thanks",
    "B: ssn <US_SSN:536> | A: and then? | B: <US_SSN:22> | A: yes | B: <US_SSN:1234> | A: <US_SSN:1234>",
    "B: <EMAIL_ADDRESS:jon dot whitaker> | A: okay | B: <EMAIL_ADDRESS:at example dot com>",
    "A: email? | B: <EMAIL_ADDRESS:j o n> | A: <EMAIL_ADDRESS:j o n> | B: <EMAIL_ADDRESS:at example dot com>",
    "A: your postcode? | B: <POSTCODE:l s six> | A: go on | B: <POSTCODE:two a b>",
    "A: Can I take the postcode? | B: it's <POSTCODE:SW1A> | A: yes | B: <POSTCODE:1AA>",
    "A: could you spell it? | B: <PERSON:n for november> | A: <PERSON:n for november> | B: <PERSON:g u y>",
    "A: your surname please | B: it's <PERSON:k o w> | A: mhm | B: <PERSON:a double l>",
    "A: your dob? | B: the <DATE_OF_BIRTH:twelfth of march> | A: and the year? | B: <DATE_OF_BIRTH:1984>",
    "A: address? | B: <STREET_ADDRESS:flat 4> | A: <STREET_ADDRESS:flat 4>, okay | B: I mean, hang on",
    "A: Account number? | B: <ACCOUNT_NUMBER:seven three one> | A: <ACCOUNT_NUMBER:seven three one>, go on",
    "A: Su teléfono? | B: Sí, apunte: <PHONE_NUMBER:seis cinco cuatro, doce, treinta y tres, cero nueve>",
    "A: Numer telefonu? | B: już podaję, <PHONE_NUMBER:pięćset jeden, dwieście trzy, sto dwa>",
    "A: Un recapito? | B: Certo, segni: <PHONE_NUMBER:tre tre otto, sessantuno, zero due, nove uno>",
    "A: Code postal ? | B: <POSTCODE:trente-cinq mille deux cents>",
    "A: Date de naissance ? | B: le <DATE_OF_BIRTH:seize août mille neuf cent soixante-quatorze>",
    "A: Data de nascimento? | B: <DATE_OF_BIRTH:Vinte e três de maio de mil novecentos e oitenta e um>",
    "A: quel est votre code postal | B: euh <POSTCODE:treize zéro zéro huit non pardon un trois zéro zéro neuf>",
    "A: il suo codice postale | B: <POSTCODE:zero zero uno otto cinque>",
    "A: kod pocztowy | B: <POSTCODE:zero dwa kreska pięćset osiemdziesiąt>",
    "A: date de naissance | B: le <DATE_OF_BIRTH:cinq du six quatre-vingt-onze>",
    "A: kiedy się pan urodził | B: <DATE_OF_BIRTH:dwudziestego trzeciego maja dziewięćdziesiątego pierwszego roku>",
    "A: wanneer bent u geboren | B: <DATE_OF_BIRTH:drie maart achtenzeventig>",
    "A: quando nasceu | B: <DATE_OF_BIRTH:três de março de setenta e oito>",
    "A: proszę przeliterować | B: <PERSON:h jak halina a jak anna l jak leon i jak irena n jak natalia a jak anna>",
    "A: proszę przeliterować nazwisko | B: <PERSON:zieliński z i e l i ń s k i>",
    "A: buchstabieren Sie bitte | B: <PERSON:berta anton ulrich emil richard>",
    "A: può fare lo spelling del cognome | B: <PERSON:f come firenze e doppia erre a r a>",
    "A: deletree por favor | B: <PERSON:r e i griega e s>",
    "A: su dni | B: <NATIONAL_ID:uno dos tres cuatro cinco seis siete ocho zeta>",
    "B: un taxi pour samedi | A: très bien votre téléphone | B: <PHONE_NUMBER:zéro sept douze vingt-deux zéro trois quatorze>",
    "A: can you tell me your verbal password? | B: It's <PASSWORD:marmalade sunset>.",
    "A: And your username? | B: It's <USERNAME:river rat 77>, all one word.",
    "A: And the last three on the back? | B: It's <CARD_CVV:six six one>.",
    "A: And the vehicle reg? | B: <LICENSE_PLATE:Golf Yankee one nine, Mike November Bravo>.",
    "A: And who am I speaking to? | B: <PERSON:Evander. Evander Knox>.",
    "A: Surname? | B: It's <PERSON:Ní Bhriain>.",
    "A: what's the username | B: <USERNAME:night owl underscore ninety one>",
    "A: Your Medicare number? | B: <NATIONAL_ID:one E G four, T E five, M K seven three>",
    "A: Wat is uw huisnummer? | B: <STREET_ADDRESS:42>",
    "A: Jaki jest numer domu? | B: <STREET_ADDRESS:osiemnaście>",
    "A: Ihre Hausnummer? | B: <STREET_ADDRESS:zweiundvierzig a>",
    "A: Hoe heet u? | B: <PERSON:Sanne Hofstra>",
    "A: Proszę podać numer rachunku | B: <ACCOUNT_NUMBER:siedem trzy jeden osiem>",
    "A: your member ID? | B: <INSURANCE_NUMBER:x y z> | A: ok | B: <INSURANCE_NUMBER:four four one nine>",
]
NOTHING = [
    "A: your order number? | B: four four one | A: okay | B: nine two two",
    "A: quel est votre numéro de commande | B: soixante-quinze mille quatre cent dix",
    "A: jaki jest numer zamówienia | B: zero zero sto dwadzieścia trzy",
    "A: wann wurde geliefert | B: am neunten zwölften",
    "A: How many? | B: twenty five | A: okay | B: and ten",
    "B: I paid 415 | A: what was the second amount | B: 555 0132",
    "B: 4111 | A: and the order number please | B: 1111 1111 1111",
    "A: We ship to your address. | B: okay | A: anything else? | B: a b testing please",
    "A: your name? | B: I will tell you later | A: and the error? | B: e one five",
    "A: your card number? | B: no | B: not now | B: another time maybe | B: twenty five",
    "A: your phone? | A: four one five",
    "A: What's your name? | B: Hold on please.",
    "A: Your full name? | B: Speaking.",
    "A: your name? | B: I told you already",
    "A: What's your company name? | B: Harbor Freight",
    "A: the product name? | B: Denali Tent",
    "A: Did you reset your password? | B: yes, yesterday",
    "A: What's the password requirement? | B: eight characters",
    "A: Can I have your username? | B: one sec",
    "A: what is your password? | B: I forgot it",
    "A: date of birth? | B: one second | A: okay",
    "A: date of birth? | B: the first",
    "A: your email? | B: dash second dash",
]


@pytest.mark.parametrize("said", [*DICTATED, *NOTHING])
def test_what_is_dictated_in_turns_of_a_payload_is_found_in_each(analyzer: Analyzer, said: str) -> None:
    assert _shown(analyzer, {"turns": _turns(said)}) == _texts(said)


@pytest.mark.parametrize(
    "said",
    [
        "Agent: your postcode? | Caller: <POSTCODE:l s six> | Agent: yes | Caller: <POSTCODE:two a b>",
        "Agent: Ihr Geburtsdatum? | Kunde: <DATE_OF_BIRTH:Dritter Elfter neunzehnhundertachtundsechzig>",
    ],
)
def test_in_a_text_as_well(analyzer: Analyzer, said: str) -> None:
    text = _MARK.sub(r"\2", said).replace(" | ", "\n")
    assert _shown(analyzer, {"body": text}) == said.replace(" | ", "\n")


@pytest.mark.parametrize(
    "who",
    ["role", "from", "ParticipantId", "participantPurpose", "author_id", "user_type", "speaker_label", "spk"],
)
@pytest.mark.parametrize("text", ["text", "body", "Content"])
def test_who_speaks_stands_under_the_names_of_many_platforms(analyzer: Analyzer, who: str, text: str) -> None:
    said = DICTATED[0]
    assert _shown(analyzer, {"list": [{"turns": _turns(said, text, who=who)}]}) == _texts(said)
    objects = [{"author": {"type": turn[who]}, text: turn[text]} for turn in _turns(said, text, who=who)]
    assert _shown(analyzer, objects) == _texts(said)
    assert _shown(analyzer, _turns(said, text, who=who), lines=True) == _texts(said)


def test_in_subtitles_without_speakers_a_question_has_its_mark(analyzer: Analyzer) -> None:
    said = [
        "Date of birth?",
        "<DATE_OF_BIRTH:Seventh of the eleventh sixty four>.",
        "How old is it?",
        "Twenty four.",
    ]
    cues = [f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{text}" for n, text in enumerate(said, start=1)]
    text = "\n\n".join(cues)
    assert _shown(analyzer, {"body": _MARK.sub(r"\2", text)}) == text


@pytest.mark.parametrize("name", ["lexical", "itn", "maskedITN", "display", "Display"])
def test_turns_stand_under_each_name_that_azure_gives_them(analyzer: Analyzer, name: str) -> None:
    said = [(1, "And the billing zip?"), (2, "30309.")]
    codec = JsonCodec()
    body = json.dumps([{"speaker": who, "nBest": [{name: text}]} for who, text in said]).encode()
    segments = list(codec.decode(body, limits=Limits(), rules=NO_RULES, charset=None).segments)
    under = Policy("test", "sha256:0", dict.fromkeys(analyzer.supported_entities, OperatorSpec("replace")))
    found = [each.entity_type for findings in analyzer.analyze(segments, under) for each in findings]
    assert "POSTCODE" in found


def test_without_speakers_no_turns_are_put_together(analyzer: Analyzer) -> None:
    said = DICTATED[0]
    plain = _MARK.sub(r"\2", said)
    assert _shown(analyzer, {"turns": _turns(plain, who="colour")}) == _texts(plain)


@pytest.mark.parametrize("text", ["uh huh", "okay, go on", "Yes.", "and the last four?", "I'm listening", ""])
def test_who_only_hears_says_nothing(text: str) -> None:
    assert is_heard(text)
    assert not is_heard(f"{text} and your postcode")


@pytest.mark.parametrize(
    "text",
    [
        *("What's your order number?", "the case id please", "how many phones?", "hello"),
        *("invoice number, phone", "From 1 to 10, how was the phone call?", "which page of the passport?"),
        *("what error is on the phone", "When was your card number changed?", "what percent by phone?"),
    ],
)
def test_what_asks_for_no_personal_value_asks_for_nothing(text: str) -> None:
    assert not asked(text)


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("Ihre Kundennummer?", "CUSTOMER_ID"),
        ("and the expiration date?", "CARD_EXPIRY"),
        ("il CAP?", "POSTCODE"),
        ("your aadhaar please", "NATIONAL_ID"),
        ("And the town?", "LOCATION"),
        ("which city are you in", "LOCATION"),
    ],
)
def test_a_question_asks_for_one_kind(text: str, entity: str) -> None:
    assert {ask.entity_type for ask in asked(text)} == {entity}


def test_other_things_expire() -> None:
    assert not asked("When is the expiration of the offer?")
    assert not any(ask.entity_type == "CARD_EXPIRY" for ask in asked("the passport expiry?"))


@pytest.mark.parametrize(
    "text",
    [
        "When was he born?",
        "There was an error. Your phone?",
        "how is your name spelled",
        "It was on page 2. IBAN?",
    ],
)
def test_what_was_said_before_a_question_is_not_what_it_asks(text: str) -> None:
    assert asked(text)


_SAYINGS = st.lists(
    st.sampled_from(
        "your dob? email? postcode? spell address card it's the first second may march one double 4111 SW1A "
        "dot at underscore dash a b for golf okay go on 's ' - @ ½ \ud800 flat oh".split()
    ),
    max_size=7,
).map(" ".join)


@given(st.lists(st.tuples(st.sampled_from("AB"), _SAYINGS), max_size=12))
def test_whatever_is_said_places_lie_in_their_turns(said: list[tuple[str, str]]) -> None:
    turns = [Turn(who, text) for who, text in said]
    dialogue = Dialogue()
    echoes = [echo for run in dialogue.runs(turns) for _, echo in run.echoes]
    for each in (*dialogue.answers(turns), *echoes):
        assert 0 <= each.start < each.end <= len(turns[each.turn].text)
        assert any(map(str.isalnum, turns[each.turn].text[each.start : each.end]))


def test_many_turns_are_read_in_linear_work() -> None:
    """Each turn is read together with a bounded number of others."""
    read = 0

    class Counted(Dialogue):
        def _spoken(self, text: str) -> Any:
            nonlocal read
            read += 1
            return super()._spoken(text)

    def work(size: int) -> int:
        nonlocal read
        read = 0
        turns = [Turn("AB"[n % 2], ("your card number?", "one two three")[n % 2]) for n in range(size)]
        turns += [Turn("AB"[n % 2], "one two three") for n in range(size)]
        dialogue = Counted()
        dialogue.runs(turns)
        assert len(list(dialogue.answers(turns))) >= size
        return read

    assert work(2_000) < 11 * work(200)

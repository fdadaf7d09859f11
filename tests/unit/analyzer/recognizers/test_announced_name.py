"""Names that a phrase announces are found; phrases that only look like an announcement are not."""

# ruff: noqa: RUF001  # typographic characters
from __future__ import annotations

import functools

import pytest

from shield.analyzer.expressions.folded import fold
from shield.analyzer.patterns import PatternEngine
from shield.analyzer.recognizers.announced_name import AnnouncedNameRecognizer
from shield.analyzer.recognizers.name_cues import CUED
from tests.unit.analyzer.recognizers.conftest import Find

FOUND = r"""
    > On 11 Nov, ‹Anouk Verhoeven› <anouk.verhoeven@example.com> wrote:
    To: "‹Dóra Szabó›" <dszabo@example.com>
    ich heiße ‹jannik brosch› und komme nicht rein
    Intestatario ‹Calogero Mastrangelo›, codice
    Locataire : ‹Thibault Nsengiyumva›, caution
    Najemca ‹Ignacy Wróblewicz›, PESEL
    me llamo ‹noelia› y no me llegó
    el técnico se llama ‹Hilario Campos›
    bonjour je mappelle ‹thibaud› jai un souci
    il mio nome è ‹Fiorenza›
    mijn naam is ‹sietske›, hallo
    o meu nome é ‹Conceição Figueira› e
    nazywam się ‹Bogumiła Zawadzka›
    mam na imię ‹radek›, nie działa
    Nachname: ‹Wöhrle›
    vorname=‹Ruprecht›, tarif=B
    Segundo apellido: ‹maldonado›
    Nom de famille : ‹Le Goff› / autre
    Imię i nazwisko: ‹Grażyna Pietrzyk›
    Nom : ‹Ouattara›\nPrénom : x
    soy ‹Maialen Urrutia›, la clienta
    Hallo, ‹Annegret Pohl› hier, der Drucker
    gestern mit Frau ‹Lüdemann› gesprochen
    sold to Ms ‹Green› by mistake
    account of Sh. ‹Om Prakash›, widow Smt. ‹Shakuntala Devi›
    Mr. ‹Oduya›'s statement
    la dame, née ‹Vasseur› le 2 février
    Sehr geehrter Herr Dr. ‹Kallweit›,
    Viele Grüße\n\ni. A. ‹Swantje Rohde›
    Bitte um Ersatz.\nLG ‹Heiner›
    Pozdrawiam\n‹Wiesław Olszewski›\ntel. 1
    liebe grüße\n‹notburga›
    {'surname': '‹Thistlewood›', 'retries': 2}
    "{\"first_name\": \"‹Okwuchi›\", \"attempt\": 3}"
    {"full_name":"‹lerato mokoena›"}
    {"first":"‹Noor›","last":"Haddad"}
    {"first": "Noor", "last": "‹Haddad›"}
    first_name: ‹Ingunn›
    GET /lookup?firstName=‹Beatrix›&page=2
    User(first_name='‹Katarzyna›', active=True)
    <familyName>‹Ó Briain›</familyName>
    INSERT INTO c (id, first_name, last_name) VALUES (5, '‹Solveig›', 'Aasen');
    insert into c (last_name, id) values ('‹O''Malley›', 5)
    Res 88214 PAX ‹ABARA/CHINONSO› off-loaded
    2.‹KIM/SOOJIN› MS, split and move
    1.‹DE LA CRUZ/MARIO J› MR Y class
    SSR INFT ‹TANAKA/YUI›MISS
    statement taken by PC 4471 ‹Thwaite›.
    guest Hr. ‹Sørensen› room 22
    Obrigado, ‹Nélson Valadares›
    Gracias,\n‹Nélida Robles›
    Üdvözlettel,\n‹Kovács Eszter›\nügyfélszolgálat
    Ystävällisin terveisin\n‹Aino Korhonen›
    mi nombre completo es ‹María de los Ángeles Cobo›, DNI
    Notiz: Herr ‹Zum Felde› liegt im Krankenhaus
"""
NONE = r"""
    me llamo a la calma
    je m'appelle pas comme ça
    mi chiamo fuori
    nazywam się tak samo
    mein Name ist im Formular falsch
    mi nombre es correcto
    el plan se llama Ahorro Total
    Nachname: Pflichtfeld
    Apellidos: obligatorio
    Der Nachname muss zwei Zeichen haben
    Nombre: Plan Premium
    Nom du produit : Perceuse Expert
    Ich bin Premium Kunde
    Der Drucker hier, das Fenster dort
    Mit freundlichen Grüßen\nIhr Serviceteam
    Saludos,\nEl equipo de soporte
    LG Electronics
    Merci, Service Client
    Danke, Deutsche Post
    Gracias, Amazon
    {"first":"page","last":"page"}
    From: Bluebird Support <bluebird.support@bluebird.example>
    To: Our Friends <info@bluebird.example>
    To: Orders Desk <orders@bluebird.example>
    Otto Office <otto@otto-office.example>
    Bluebird <bluebird@example.com>
    {"first": 10, "last": 20}
    first_name: string
    SELECT first_name, last_name FROM users
    def f(first_name="", last_name=None): pass
    first_name = data.first
    lastName: z.string()
    <lastName>required</lastName>
    INSERT INTO plans (id, name) VALUES (3, 'Business Plus');
    insert into c (full_name) values (null)
    insert into c (id, last_name) values (3)
    don't pan it
    MS Word and the MR scanner
    AND/OR MR scanner
    PAX CNT 142 Y / 8 J
    in PC 4471 the fan is loud
"""


def lines(table: str) -> list[str]:
    return [line.strip().replace("\\n", "\n") for line in table.strip().splitlines()]


@functools.cache
def engine() -> tuple[AnnouncedNameRecognizer, PatternEngine]:
    recognizer = AnnouncedNameRecognizer()
    return recognizer, PatternEngine([recognizer])


def hits(text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in engine()[1].analyze(text, fold(text), frozenset({0}))]


@pytest.mark.parametrize("marked", lines(FOUND))
def test_an_announced_name_is_found(marked: str) -> None:
    value = marked.partition("‹")[2].partition("›")[0]
    assert value in hits(marked.replace("‹", "").replace("›", ""))


@pytest.mark.parametrize("text", lines(NONE))
def test_words_that_are_none_are_not_found(text: str) -> None:
    assert hits(text) == []


@pytest.mark.parametrize("text", [*lines(FOUND), *lines(NONE)])
def test_the_engine_repeats_the_recognizers_own_analysis(text: str) -> None:
    text = text.replace("‹", "").replace("›", "")
    recognizer, its_engine = engine()
    own = sorted((r.start, r.end, r.score) for r in recognizer.analyze(text, ["PERSON"]))
    found = its_engine.analyze(text, fold(text), frozenset({0}))
    assert sorted((hit.start, hit.end, hit.score) for hit in found) == own


def test_a_name_counts_as_a_person(find: Find) -> None:
    assert ("PERSON", "Wöhrle") in find("Nachname: Wöhrle", only="PERSON")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ask for Dov.", "Dov"),
        ("The machine of Patricia Lewis leaks.", "Patricia Lewis"),
        ("keys are w/ Hattie in", "Hattie"),
        ("mijn moeder Truus woont", "Truus"),
        ("syn Kuba zgubił", "Kuba"),
        ("Council spokeswoman Ngozi Peel said", "Ngozi Peel"),
        ("da minha esposa Maria", "Maria"),
        ("vom Kollegen Sommer", "Sommer"),
        ("hola, soy Ainhoa", "Ainhoa"),
        ("i told jade about it", "jade"),
        ("my friend grace, please", "grace"),
        ("will here, can you", "will"),
        ("and the super is gus apartment", "gus"),
        ("he goes by skip but", "skip"),
        ("öztürk vorname emre ich", "emre"),
        ("halo mówi jagoda z gdyni", "jagoda"),
        ("alt contact (carer) Blessing 07700", "Blessing"),
        ("the amoxicillin? — Kinga", "Kinga"),
        ("is faith working today?", "faith"),
        ("moin, ich bin die svenja und hab", "svenja"),
        ("czesc jestem kinga zmienilam numer", "kinga"),
        ("ho parlato ieri con samuele del negozio", "samuele"),
        ("lo recoge mi vecina encarni", "encarni"),
        ("zurückrufen, lg ute", "ute"),
        ("se llama y es dona cotinha, sabe", "cotinha"),
        ("Mówi Cichy, dzwonię", "Cichy"),
        ("viúva; Eng. Sá Couto está a par", "Sá Couto"),
        ("la Dott.ssa Ludovica Pallavicini ha", "Ludovica Pallavicini"),
        ("claim: insured thandi hit a cow", "thandi"),
        ("cust rose petal wants a refund", "rose petal"),
        ("volunteer hope cant do the shop", "hope"),
        ("ur phone is at mine x ciara", "ciara"),
        ("main is nnedi_oko, irl nnedi pls check", "nnedi"),
        ("i gave faith at the desk my card", "faith"),
    ],
)
def test_a_word_behind_a_cue_is_no_name_yet(text: str, value: str) -> None:
    found = engine()[1].analyze(text, fold(text), frozenset({0}))
    assert [(text[hit.start : hit.end], hit.score) for hit in found] == [(value, CUED.score)]


@pytest.mark.parametrize(
    "text",
    [
        "de gran tamaño, son gruesas",
        "my husband will call",
        "my son drew a cat",
        "my sister in law",
        "his mother's maiden name is x",
        "my company name is siva infotech",
        "meneer achter de kassa",
        "ich bin seit gestern krank",
        "gracias por todo",
        "customer who called",
        "the parent is not here",
    ],
)
def test_a_word_of_chat_behind_a_cue_is_asked_of_nobody_where_a_verb_stands_there(text: str) -> None:
    assert hits(text) == []

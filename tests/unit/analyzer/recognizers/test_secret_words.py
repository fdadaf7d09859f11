"""Passwords and security answers of plain words are found; what people say about passwords is not."""

# ruff: noqa: RUF001  # typographic characters
from __future__ import annotations

import pytest

from shield.analyzer.recognizers.secret_words import is_said_of_secrets, secret_in
from tests.unit.analyzer.recognizers.conftest import Find

SECRETS = """
    my password is ‹sunny garden tuesday›
    My password is ‹sunny garden tuesday› and my pin is 4455
    my password is ‹sunny garden› and please help
    the password for my account is ‹blue tiger moon›.
    I changed my password to ‹blue bicycle yesterday›.
    my wifi password is ‹happy little clouds›
    my password is ‹correct horse battery staple›
    pw: ‹correct horse battery staple›
    la contraseña del wifi es ‹GatoVerde77› y nada más
    mein Passwort lautet ‹sonniger garten dienstag›
    mein Passwort ist ‹blauer tiger mond›, danke
    mi contraseña es ‹jardin soleado martes›
    mi clave es ‹gato azul feliz›
    mon mot de passe est ‹jardin soleil mardi›
    la mia password è ‹giardino sole martedi›
    mijn wachtwoord is ‹zonnige tuin dinsdag›
    a minha senha é ‹jardim sol terça›
    moje hasło to ‹ogród słońce wtorek›
    hasło to ‹niebieski kot księżyc›
"""
ANSWERS = """
    the answer to my security question is ‹blue bicycle›
    my security question answer is ‹purple rain›
    my mother's maiden name is ‹van der berg›
    meine Antwort auf die Sicherheitsfrage ist ‹blaues fahrrad›
    Mädchenname meiner Mutter: ‹Schuster›
    respuesta secreta: ‹gato azul›
    el apellido de soltera de mi madre es ‹Morales›
    la réponse à ma question secrète est ‹chat bleu›
    nom de jeune fille de ma mère : ‹Moreau›
    risposta alla domanda di sicurezza è ‹gatto blu›
    il cognome da nubile di mia madre è ‹Bianchi›
    het antwoord op mijn beveiligingsvraag is ‹blauwe kat›
    meisjesnaam van mijn moeder: ‹de Vries›
    a resposta à pergunta de segurança é ‹gato azul›
    nome de solteira da minha mãe: ‹Pereira›
    odpowiedź na pytanie pomocnicze to ‹niebieski rower›
    nazwisko panieńskie matki: ‹Kowalska›
"""
FOUND = [
    (entity, line.strip())
    for entity, lines in (("PASSWORD", SECRETS), ("SECURITY_ANSWER", ANSWERS))
    for line in lines.strip().splitlines()
]


@pytest.mark.parametrize(("entity", "marked"), FOUND)
def test_a_secret_of_plain_words_is_found_whole(find: Find, entity: str, marked: str) -> None:
    text = marked.replace("‹", "").replace("›", "")
    value = marked.partition("‹")[2].partition("›")[0]
    assert find(text, only=entity) == [(entity, value)]


@pytest.mark.parametrize(
    "text",
    [
        "My password is not working",
        "password is required",
        "the password is too short",
        "my password is expired and I cannot log in",
        "my password is giving me trouble",
        "My password is really annoying me",
        "the password is case sensitive",
        "the password is user friendly",
        "the password is plain text",
        "my password is the same as before",
        "My password is being reset daily",
        "Our password is changed every ninety days",
        "my password is keeping me locked out",
        "my password is valid until friday",
        "The password is stored encrypted",
        "The password is at least eight characters long",
        "password is on the sticky note",
        "the wifi password is down again",
        "I changed my password to something stronger and it was refused",
        "boarding pass: AB1234",
        "mein passwort ist abgelaufen.",
        "Mein Passwort ist falsch",
        "das Passwort ist nicht richtig",
        "mein Kennwort ist gesperrt worden",
        "mi contraseña es incorrecta",
        "mi contraseña es demasiado corta",
        "la clave es no perder la calma",
        "mon mot de passe est expiré",
        "le mot de passe est trop court",
        "la mia password è scaduta",
        "la password è troppo corta",
        "mijn wachtwoord is verlopen",
        "mijn wachtwoord is al gewijzigd",
        "a minha senha é fraca",
        "a senha é muito curta",
        "moje hasło jest nieprawidłowe",
        "hasło jest za krótkie",
        "hasło wygasło wczoraj",
        "the answer to my secret question is the same as before",
        "security question is not showing",
        "the answer to the security question is required",
        "the security answer is rejected every time",
        "la risposta di sicurezza è sbagliata",
        "die Antwort auf die Sicherheitsfrage ist falsch",
    ],
)
def test_what_is_said_of_one_is_none(find: Find, text: str) -> None:
    assert find(text, only="PASSWORD") + find(text, only="SECURITY_ANSWER") == []


@pytest.mark.parametrize("word", ["blocked", "abgelaufen", "caducada", "expiré", "scaduta", "nieprawidłowe"])
def test_participles_tell_of_a_password(word: str) -> None:
    assert is_said_of_secrets(word)


@pytest.mark.parametrize("word", ["morning", "family", "Gesicht", "comida", "musée", "a", "sunset-1ing"])
def test_nouns_of_the_same_endings_do_not(word: str) -> None:
    assert not is_said_of_secrets(word)


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        ("blue moon because I like it", "blue moon"),
        ("blue moon", "blue moon"),
        ("blue", ""),
        ("blue or the other", ""),
        ("blue the moon", ""),
        ("wrong again today", ""),
    ],
)
def test_a_secret_ends_where_the_sentence_goes_on(words: str, secret: str) -> None:
    assert words[: secret_in(words)] == secret

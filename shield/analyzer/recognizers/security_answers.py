"""Finds answers to security questions, after the words of the question."""

# ruff: noqa: ARG002, E501, RUF001, SIM905  # an interface; patterns, one a line; typographic characters; tables of words
from __future__ import annotations

from shield.analyzer.recognizers.labelled import LABEL_START, Match, Sort, ValuePattern
from shield.analyzer.recognizers.said_secrets import SaidSecretRecognizer
from shield.analyzer.recognizers.secret_words import (
    PARTICLES,
    SENTENCE_END,
    is_said_of_secrets,
    name_in,
)

_QUESTION = (
    r"(?:(?:mother|mom|mommy|mum|mutter)(?:['’]?s)?\s)?maiden(?:\sname)?|"
    r"(?:mother|mom|mommy|mum)['’]?s\sname|"
    r"(?:first|childhood|favou?rite|my|your)\spet(?:['’]?s)?(?:\sname)?(?:\sas a (?:child|kid))?|pet['’]?s\sname|pet as a child|"
    r"name of (?:my|your) (?:first |childhood |favou?rite )?(?:pet|school|teacher|dog|cat)|"
    r"(?:first|favou?rite|elementary|primary)\s(?:school|teacher|car|dog|cat)(?:['’]?s)?(?:\sname)?|"
    r"childhood\s(?:nickname|friend|street|hero|dog|cat)(?:['’]?s)?(?:\sname)?|"
    r"security[\s_](?:answer|question)[\s_]?(?:answer|\d)?(?:[\"']?(?=:))?|(?:my|the|our)\s(?:dog|cat|pet|hamster)['’]?s\sname|(?:secret|memorable)\s(?:word|answer)|answer to (?:the|my|your) (?:(?:security|secret) )?question|"
    r"antwort auf (?:die|meine) (?:sicherheitsfrage|geheimfrage)|sicherheitsantwort|(?:mädchenname|geburtsname)(?: meiner mutter)?|"
    r"name meines (?:ersten )?(?:haustiers|hundes)|"
    r"respuesta (?:a (?:la|mi) pregunta )?(?:secreta|de seguridad)|(?:nombre|apellido) de soltera(?: de mi madre)?|nombre de mi (?:primer[ao]? )?(?:mascota|perro|gato)|"
    r"réponse (?:à (?:la|ma) question )?(?:secrète|de sécurité)|nom de jeune fille(?: de ma mère)?|nom de mon (?:premier )?(?:animal|chien|chat)|"
    r"risposta (?:alla (?:mia )?domanda )?(?:segreta|di sicurezza)|(?:cognome|nome) da nubile(?: di mia madre)?|nome del mio (?:primo )?(?:animale|cane|gatto)|"
    r"antwoord op (?:de|mijn) (?:beveiligingsvraag|geheime vraag)|meisjesnaam(?: van mijn moeder)?|naam van mijn (?:eerste )?(?:huisdier|hond|kat)|"
    r"resposta (?:à (?:minha )?pergunta )?(?:secreta|de segurança)|nome de solteira(?: da minha mãe)?|nome do meu (?:primeiro )?(?:animal|cachorro|cão|gato)|"
    r"odpowiedź na (?:moje )?pytanie (?:zabezpieczające|pomocnicze|bezpieczeństwa)|nazwisko panieńskie(?: (?:mojej )?matki)?|imię mojego (?:pierwszego )?(?:psa|kota)"
)
_LINK = (
    r"(?:,?\swhich)?(?:\s(?:given|provided|confirmed|on file|set))?\s{0,2}(?:[:=\-]\s{0,2}|(?:is|was|were|=|ist|war|lautet|es|est|era|è|é|jest|to|would be)\s"
    r"(?:called\s|named\s)?)['\"]?"
)
_NOT_VALUES = frozenset(
    "first favourite favorite childhood which what wrong mandatory asked yes sick missing being called named dead allowed hungry insured covered".split()
)
_SAID = Sort("up to the end of the sentence", 0.72)


class SecurityAnswerRecognizer(SaidSecretRecognizer):
    """Answers to the questions by which a caller is known."""

    SAID = _SAID
    ENTITY = "SECURITY_ANSWER"
    PATTERNS = (
        ValuePattern(
            "question, link, answer",
            rf"{LABEL_START}(?:{_QUESTION}){_LINK}(?P<value>{PARTICLES}[^\W\d_][\w'’-]{{1,24}}"
            r"(?:\s(?-i:[A-Z][\w'’-]{1,20})){0,2})(?![\w])",
            0.75,
            _QUESTION,
            72,
            digits=False,
        ),
        ValuePattern(
            "question, link and words up to the end of the sentence",
            rf"{LABEL_START}(?:{_QUESTION}){_LINK}(?P<value>[^\W\d_][\w'’\-]{{1,24}}(?:[^\S\n][^\W\d_][\w'’\-]{{0,19}}){{1,9}}){SENTENCE_END}",
            _SAID,
            _QUESTION,
            72,
            digits=False,
        ),
        ValuePattern(
            "question mark and an answer in quotes",
            rf"{LABEL_START}(?:{_QUESTION})\s?\?[^\n?\"“]{{0,40}}[\"“](?P<value>[^\W_][^\"”\n]{{1,40}})[\"”]",
            0.75,
            _QUESTION,
            72,
            digits=False,
        ),
        ValuePattern(
            "answer before its question in brackets",
            r"(?<![^\s\"“'])(?P<value>(?-i:[A-Z])[\w'’\-]{1,24}(?:\s(?-i:[A-Z])[\w'’\-]{1,20})?)(?=[\"”']?\s\((?:my\s|the\s|name\sof\s(?:my\s)?)?"
            r"(?:(?:first|favou?rite|childhood)\s(?:pet|dog|cat|car|school|teacher|street|friend|job)|mother['’]?s\smaiden|maiden\sname))",
            0.7,
            r"\((?:my|the|name|first|favou?rite|childhood|mother|maiden)",
            64,
            digits=False,
        ),
        ValuePattern(
            "maiden name and the answer beside it",
            rf"{LABEL_START}(?:maiden\sname|childhood\spet|security\squestion\s\d)[ ](?P<value>[^\W\d_]{{3,24}})(?![\w'’])",
            0.6,
            r"maiden\sname|childhood\spet|security\squestion",
            digits=False,
        ),
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        first = name_in(value).lower()
        return 0.0 if first in _NOT_VALUES or is_said_of_secrets(first) else sort.score

"""Passwords where a label says so: a value is only found after "password", "pwd", "passwort" and such.

A value of letters alone is a password only where the sentence ends after it, since "password is wrong"
is the more common text; a value with a digit or a sign is one anywhere. Several words are one in quotes,
after a colon up to the end of the line, or before a number, unless they are a sentence ("password: it was
changed") or mostly what people say of passwords ("password: reset request").
"""

# ruff: noqa: PLR2004, RUF001, SIM905  # numbers of the schemes; typographic quotes; tables of words read best as prose
from __future__ import annotations

import re

from shield.analyzer.recognizers.labelled import (
    LABEL_START,
    LINK,
    Match,
    ValuePattern,
    ValuePatternRecognizer,
)

_LABELS = (
    r"(?:pass\s?(?:word|wrd|phrase)|passwd|passwort|paswd|passward|password|pasword|pwd|pswd|kennwort|"
    r"contraseña|contrasena|"
    r"mot de passe|mdp|wachtwoord|senha|hasło|haslo|parola d'ordine)"
)
_NOT_VALUES = frozenset(
    "reset change changed changing wrong incorrect invalid expired expire correct required needed missing "
    "protected forgotten forgot lost same different strong weak secure safe empty blank good right working "
    "work works again please help link email mail page policy screen prompt field option options recovery "
    "manager hint error issue issues problem problems request requests attempt attempts update updated "
    "compromised stolen leaked hacked visible hidden stored saved encrypted hashed okay fine done there here "
    "this that then what when which with without your mine yours accepted rejected denied locked unlocked "
    "temporary case sensitive long short and but not now also unknown none null true false below above "
    "being sent generated created the for from into set too very still already never always just only "
    "password username user login account security code pin number important confidential private "
    "rotation rules length complexity requirements hunter".split()
)
_GRAMMAR = frozenset(
    "a an the this that these those is are was were be been being am it its i you he she we they my your "
    "our their his her me us them to of in on at by for from with without as if when while then than so but "
    "and or nor not no do does did done has have had can cannot could will would shall should must may might "
    "please any some all there here what which who how why where don't doesn't didn't isn't wasn't can't "
    "won't it's i'm contains need needs fails keeps gets get got says asks der die das ist und nicht el la "
    "los es y que le les et ne pas il lo di che non het een niet".split()
)
_OF_PASSWORDS = _NOT_VALUES | frozenset(
    "see attached attachment note notes urgent access failed failing fail login log expires input enter try "
    "tried first second third time times minimum maximum characters letters digits old previous "
    "current".split()
)
_COUNTED = re.compile(
    r"\s?(?:characters?|chars?|letters?|digits?|symbols?|zeichen|days?|times?|attempts?|hours?)\b",
    re.IGNORECASE,
)
_PHRASE = 0.72
_LEAST = 4
_PLACEHOLDER = frozenset("*•xX.-_#<>[]{}\"'")


class PasswordRecognizer(ValuePatternRecognizer):
    ENTITY = "PASSWORD"
    PATTERNS = (
        ValuePattern(
            "label and a value with a digit or a sign",
            rf"{LABEL_START}{_LABELS}(?![^\W\d_]){LINK}(?P<value>[^\s\"'<>,;.][^\s\"'<>,;]{{0,39}}"
            r"(?:[^\S\n](?:\d{1,8}|[a-z]{1,5}[^\S\n]\d{1,8}|[a-z])(?!\S)){0,4})",
            0.85,
            _LABELS,
            digits=False,
        ),
        ValuePattern(
            "label, link and a word that ends the sentence",
            rf"{LABEL_START}{_LABELS}(?![^\W\d_])\s{{0,2}}(?:[:=]|is|was|ist|es|est)\s{{1,2}}['\"]?"
            r"(?P<value>[^\W\d_]{4,24})(?![^\W_])(?=['\"]?\s{0,2}(?:$|[.!?,;\n]|and\b|y\b|und\b|et\b))",
            0.7,
            _LABELS,
            digits=False,
        ),
        ValuePattern(
            "label and a word with a number beside it",
            rf"{LABEL_START}{_LABELS}(?![^\W\d_])\s{{0,2}}(?:[:=]|is)?\s{{1,2}}(?P<value>[a-z]{{2,12}}\s\d{{1,8}}(?:\s[a-z]{{1,2}}(?!\S))?)"
            rf"(?=\s{{0,2}}(?:\Z|[.!?,;\n]|and\b))",
            0.7,
            _LABELS,
        ),
        ValuePattern(
            "label and words in quotes",
            rf"{LABEL_START}{_LABELS}(?![^\W\d_])(?:\s{{0,2}}[:=]|\s(?:is|was|ist|es|est|è))\s{{0,2}}[\"“„«']"
            r"(?P<value>[^\W_][^\"“”„«»'\n]{3,59})[\"”“»'](?![^\W_])",
            _PHRASE,
            _LABELS,
            digits=False,
        ),
        ValuePattern(
            "label, colon and words up to the end of the line",
            rf"{LABEL_START}{_LABELS}(?![^\W\d_])\s{{0,2}}[:=][^\S\n]{{0,2}}"
            r"(?P<value>[^\W\d_]{2,16}(?:[^\S\n][^\W_]{1,16}){1,6})(?=[^\S\n]{0,2}[.!]?[^\S\n]{0,2}(?:\Z|\n))",
            _PHRASE,
            _LABELS,
            digits=False,
        ),
        ValuePattern(
            "label and words with numbers beside them",
            rf"{LABEL_START}{_LABELS}(?![^\W\d_])\s{{0,2}}(?:[:=]|is)?\s{{1,2}}"
            r"(?P<value>[a-z]{2,12}(?:\s[a-z]{2,12})?(?:\s\d{1,4}){1,6})(?=\s{0,2}(?:\Z|[.!?,;\n]|and\b))",
            _PHRASE,
            _LABELS,
        ),
        ValuePattern(
            "label and single characters apart",
            rf"{LABEL_START}{_LABELS}(?![^\W\d_]){LINK}(?P<value>[^\s,;](?:[^\S\n]{{1,2}}[^\s,;]){{4,39}}(?![^\s,;.!?])"
            r"|[^\W_](?:[\-_.·][^\W_]){4,39}(?![\w\-]))",
            0.85,
            _LABELS,
            digits=False,
        ),
        ValuePattern(
            "in a URL or a connection string",
            r"(?<![\w])[a-z][a-z0-9+.\-]{1,15}://[^\s:/@]{0,40}:(?P<value>[^\s/@]{1,64})@",
            0.9,
            r"://",
            24,
            digits=False,
        ),
    )

    def score_of(self, value: str, match: Match, score: float) -> float:
        plain = value.strip(".!?*\"')") or " "
        if set(value) <= _PLACEHOLDER or "://" in value:
            return 0.0
        if score == _PHRASE:
            return score if _is_phrase(value) else 0.0
        if plain.split(" ")[0].lower() in _NOT_VALUES:
            return 0.0
        if plain.isdigit() and _COUNTED.match(match.string, match.end()):
            return 0.0  # "password: 12 characters"
        if score == 0.85:
            first = plain.split(" ")[0]
            telling = (
                len(first) == 1
                or any(not c.isalpha() and c not in ".!?)-'’/:" for c in first)
                or "!" in first
            )
            return score if telling and len(plain) >= _LEAST - 2 and any(map(str.isalnum, plain)) else 0.0
        return score


def _is_phrase(value: str) -> bool:
    """Words of which less than half speak of passwords, and none belongs to a sentence about one."""
    words = [word for word in value.lower().split() if not word.isdigit()]
    about = sum(word in _OF_PASSWORDS for word in words)
    return _GRAMMAR.isdisjoint(words) and 2 * about < len(words)

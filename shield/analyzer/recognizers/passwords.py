"""Passwords where a label says so: a value is only found after "password", "pwd", "passwort" and such.

A value of letters alone is a password only where the sentence ends after it, since "password is wrong"
is the more common text; a value with a digit or a sign is one anywhere.
"""

# tables of words read best as prose
# ruff: noqa: ARG002, PLR2004, RUF001, SIM905  # an interface; numbers of the schemes
from __future__ import annotations

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
            r"(?P<value>[^\W\d_]{4,24})(?=['\"]?\s{0,2}(?:$|[.!?,;\n]|and\b|y\b|und\b|et\b))",
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
        if plain.split(" ")[0].lower() in _NOT_VALUES or set(value) <= _PLACEHOLDER or "://" in value:
            return 0.0
        if score == 0.85:
            first = plain.split(" ")[0]
            telling = (
                len(first) == 1
                or any(not c.isalpha() and c not in ".!?)-'’/:" for c in first)
                or "!" in first
            )
            return score if telling and len(plain) >= _LEAST - 2 and any(map(str.isalnum, plain)) else 0.0
        return score

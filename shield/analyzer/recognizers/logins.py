"""Patterns of user names and passwords that stand side by side: in prose, commands, links and connection strings.

Each pair of patterns finds the two halves of the same text, one for `username`, one for `passwords`.
"""

# ruff: noqa: E501  # patterns, one a line
from __future__ import annotations

from typing import Final

from shield.analyzer.recognizers.labelled import LABEL_START, Sort, ValuePattern

_USER: Final = (
    r"(?:user(?:\s?name|\s?id)?|login|usr|u/n|usuario|usuário|utilizador|benutzer(?:name)?|utilisateur|identifiant|utente|gebruiker(?:snaam)?|"
    r"użytkownik)"
)
_USER_TRIGGER: Final = r"(?:user|login|usr|u/n|usuario|usuário|utilizador|benutzer|utilisateur|identifiant|utente|gebruiker|użytkownik)"
_NO_USER: Final = r"(?!(?:page|screen|form|field|button|prompt|names?|ids?|with|and|or|without|using|via|error|dialog|box)\b)"
_AND: Final = r"[\s,;/|]{1,3}(?:(?:and|y|und|et|e|en|i|mit|con)\s)?"
_CREDENTIALS: Final = r"(?:credentials?|creds|login\sdetails)"
_CREDENTIALS_ARE: Final = rf"{LABEL_START}{_CREDENTIALS}\s?(?:[:=]|->|→|are)\s{{0,2}}"
_LOGGED_IN: Final = (
    r"(?:log(?:ged|ging)?[\s\-]?(?:in|on)|sign(?:ed|ing)?[\s\-]?(?:in|on)|login|credentials?|creds|access)"
)
_TELLING: Final = r"(?=[^\s\"']{0,39}[A-Za-z])(?=[^\s\"']{0,39}[\d!?#$%&*+=^])[^\s\"'<>,;]{5,40}"
"""A password with a letter, and with a digit or a sign."""
_OF_COMMAND: Final = r"(?:-u|--user|--proxy-user)[ =]['\"]?"
"""The option of `curl` and `wget` that takes `user:password`."""
_SCHEME: Final = r"(?<![\w])[a-z][a-z0-9+.\-]{1,15}://"


def password_patterns(labels: str, telling: Sort) -> tuple[ValuePattern, ...]:
    """The patterns of passwords; `labels` are alternatives, `telling` is the sort of those whose value has a digit or a sign."""
    return (
        ValuePattern(
            "user and password side by side",
            rf"{LABEL_START}{_USER}\s?[:=]?\s?{_NO_USER}[\w.@+\-]{{3,48}}{_AND}(?:{labels}|pass|p/w)"
            r"\s?[:=]?\s?['\"]?(?P<value>[^\s\"'<>,;]{4,40})",
            telling,
            _USER,
            12,
            digits=False,
        ),
        ValuePattern(
            "address and password side by side",
            rf"{LABEL_START}{_LOGGED_IN}(?:\sdetails)?\s?"
            r"(?:[:=]|->|→|is|are|with|using|as)?\s{0,2}[\w.+\-]{1,40}@[\w.\-]{3,40}(?:\s{0,2}[:|]\s{0,2}|\s/\s|\sand\s)['\"]?"
            rf"(?P<value>{_TELLING})",
            telling,
            _LOGGED_IN,
            16,
            digits=False,
        ),
        ValuePattern(
            "credentials side by side",
            rf"{_CREDENTIALS_ARE}[\w.\-]{{3,40}}\s{{0,2}}[:/|]\s{{0,2}}(?P<value>{_TELLING})",
            telling,
            _CREDENTIALS,
            16,
            digits=False,
        ),
        ValuePattern(
            "of a command",
            rf"(?<![^\s]){_OF_COMMAND}[^\s:'\"]{{1,64}}:(?P<value>[^\s'\"]{{3,64}})",
            0.9,
            rf"{_OF_COMMAND}[^\s:'\"]{{1,64}}:",
            86,
            digits=False,
        ),
        ValuePattern(
            "in a URL or a connection string",
            rf"{_SCHEME}[^\s:/@]{{0,40}}:(?P<value>[^\s/@]{{1,64}})@",
            0.9,
            r"://",
            24,
            digits=False,
        ),
    )


def username_patterns() -> tuple[ValuePattern, ...]:
    """The patterns of user names."""
    return (
        ValuePattern(
            "link with credentials",
            rf"{_SCHEME}(?P<value>[^\s:/@<>{{}}$]{{2,40}}):[^\s/@]{{1,64}}@",
            0.65,
            r"://",
            18,
            digits=False,
        ),
        ValuePattern(
            "of a command",
            rf"(?<![^\s]){_OF_COMMAND}(?P<value>[^\s:'\"]{{2,64}}):[^\s'\"]{{3,64}}",
            0.65,
            rf"{_OF_COMMAND}[^\s:'\"]{{2,64}}:",
            86,
            digits=False,
        ),
        ValuePattern(
            "beside a password",
            rf"{LABEL_START}{_USER}\s?[:=]?\s?(?P<value>[A-Za-z0-9][\w.\-]{{2,39}}(?<![.\-]))(?={_AND}"
            r"(?:pass(?:word)?|passwort|kennwort|p/w|pwd?|contraseña|mot de passe|mdp|senha|wachtwoord|hasło)\s?[:=]?\s?[^\s\d!#$%&*+=^]{0,39}[\d!#$%&*+=^])",
            0.7,
            _USER_TRIGGER,
            16,
            digits=False,
        ),
        ValuePattern(
            "of credentials",
            rf"{_CREDENTIALS_ARE}(?P<value>[A-Za-z0-9][\w.\-]{{2,39}})(?=\s{{0,2}}[:/|]\s{{0,2}}[^\s\"'<>,;]{{5,40}})",
            0.7,
            _CREDENTIALS,
            16,
            digits=False,
        ),
    )

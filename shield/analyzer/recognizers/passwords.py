"""Finds passwords after a label: "password", "pwd", "passwort" and the like.

A value of only letters is a password only where the sentence ends after it, since "password is wrong"
is more common; a value with a digit or a sign is one anywhere. Several words are one in quotes,
after a colon up to the end of the line, before a number, or up to the end of the sentence ("my password is
sunny garden tuesday"), unless they are a sentence ("password: it was changed") or a remark about passwords
("password: reset request", `secret_words`).
"""

# ruff: noqa: E501, RUF001  # patterns, one a line; typographic quotes
from __future__ import annotations

import re

from shield.analyzer.recognizers.labelled import LABEL_START, LINK, Match, Sort, ValuePattern
from shield.analyzer.recognizers.logins import password_patterns
from shield.analyzer.recognizers.references import is_reference
from shield.analyzer.recognizers.said_secrets import SaidSecretRecognizer
from shield.analyzer.recognizers.secret_words import SENTENCE_END, is_phrase, is_said_of_secrets

_LABELS = (
    r"(?:p[a@4][s$5]{2}\s?w[o0]rd|p/w(?=\s?[:=\-])|p\.w\.(?=\s)|passwrod|pword|psswd|pass\s?(?:word|wrd|phrase)|passwd|passwort|paswd|passward|password|pasword|pwd|pswd|pw|kennwort|"
    r"contraseña|contrasena|clave(?: de acceso)?(?=\s{0,2}[:=])|(?<=mi )clave(?: de acceso)?(?=\ses\b)|"
    r"mot de passe|mdp|wachtwoord|senha|palavra[\s-]passe|hasło|haslo|parola (?:d['’]ordine|d['’]accesso|chiave)|"
    r"(?:wi-?fi|wlan|wpa2?|wireless|network)\s(?:key|code|schlüssel)|"
    r"(?<!boarding )(?<!season )(?<!day )(?<!bus )pass(?=\s?[:=]))"
)
_IS = (
    r"(?:is|was|ist|war|lautet|es|est|era|è|é|jest|(?<=hasło )to|(?<=haslo )to|will be|should be|used to be)"
    r"(?!['’\w])(?:\s?[:=])?"
)
_OF_KIND = (
    r"(?:téléphonique|temporaire|provisoire|actuel|temporal|actual|temporaneo?a?|provvisoria|attuale|tijdelijke?|huidige?|tymczasowe|"
    r"temporária|provisória|atual|wi-?fi|router|portal|e-?mail|admin|bank(?:ing)?|phone|telephone|online|voicemail|vpn|server|web|app|"
    r"account|current|old|new|temp|temporary)"
)
_DID = (
    r"\s(?:i|we|you|he|she|they)(?:['’](?:ve|d)|\shave|\shad)?\s(?:just\s|last\s|then\s|always\s)?"
    r"(?:tried|used?|set(?:\sup)?|typed|entered|chose|created|picked|put(?:\sin)?|got|made|gave|remember|(?:was|were)\sgiven)"
)
"""What somebody did with a password: "the password I tried: …"."""
_SPOKEN = r"(?:pass\s?code|safe\s?word|code\s?word|pass\s?phrase|(?:phone|telephone|security|banking|verbal)\s(?:pass\s?)?word|codewort)"
_SPOKEN_WORD = rf"{_SPOKEN}(?:\s(?:with|w/|for|on|at)\s(?:(?:my|the|our)\s)?[^\W\d_]{{2,12}})?"
"""What is said on the phone instead of typed."""
_VALUE = r"[^\s\"'<>,;.][^\s\"'<>,;]{3,39}"
"""A password without blanks, of four characters or more."""
_WORDS = r"[^\W\d_][^\W\d_'’\-]{1,19}(?:[^\S\n][^\W\d_][^\W\d_'’\-]{0,19}){1,9}"
"""Two to ten words."""
_SETTING = r"password|passwd|passphrase|pwd"
_TYPED_IS = r"(?:it['’]?s|it is|(?:i|we)(?:['’]ve)?\s(?:use|used|tried|typed|entered)|typed|entered|trying)"
_LOGGING_IN = re.compile(
    r"\b(?:log(?:ged|ging)?[ -]?(?:in|on)|sign(?:ed|ing)?[ -]?in|locked out|get in|password|invalid|credentials?)\b",
    re.IGNORECASE,
)
_NEAR = 80  # code points around a value in which it is looked for
_COUNTED = re.compile(
    r"\s?(?:characters?|chars?|letters?|digits?|symbols?|zeichen|days?|times?|attempts?|hours?)\b",
    re.IGNORECASE,
)
_TELLING = Sort("value with a digit or a sign", 0.85)
_SAID = Sort("what is said up to the end of a sentence, and is cut to the secret", 0.73)
_PHRASE = Sort("several words that are no remark about passwords", 0.72)
_BARE = Sort("what was typed, beside words about logging in", 0.7)
_TYPED, _PLAIN = 0.71, 0.7  # what was typed, and a plain word
_LEAST = 2  # characters of a telling value
_PLACEHOLDER = frozenset("*•xX.-_#<>[]{}\"'")
"""Signs of which a masked password consists, or a place that is left for one."""
_OF_SENTENCES = frozenset(".!?)-'’/:")
"""Signs that follow or join words in a sentence: a value with no other is not yet a password."""
_IN_TAG = re.compile(r"<[A-Za-z][^<>]{0,300}\Z")
_TAG_REACH = 320  # code points before a value in which its tag begins
_ATTRIBUTE = re.compile(r"[A-Za-z][\w:.\-]*=")


class PasswordRecognizer(SaidSecretRecognizer):
    """Passwords behind a label, beside a user, in commands and in links."""

    SAID = _SAID
    ENTITY = "PASSWORD"
    PATTERNS = (
        ValuePattern(
            "label and a value with a digit or a sign",
            rf"{LABEL_START}{_LABELS}(?![^\W\d_]){LINK}(?P<value>[^\s\"'<>,;.][^\s\"'<>,;]{{0,39}}"
            r"(?:[^\S\n](?:\d{1,8}|[a-z]{1,5}[^\S\n]\d{1,8}|[a-z])(?!\S)){0,4})",
            _TELLING,
            _LABELS,
            digits=False,
        ),
        ValuePattern(
            "label, a remark in brackets and a value with a digit or a sign",
            rf"{LABEL_START}{_LABELS}\s?\([^()\n]{{2,32}}\)\s?(?:[:=]|{_IS})\s?['\"]?(?P<value>{_VALUE})",
            _TELLING,
            _LABELS,
            digits=False,
        ),
        ValuePattern(
            "label, what it is for and a value with a digit or a sign",
            rf"{LABEL_START}{_LABELS}\s(?:for|of|to|de|del|du|für|per|voor|do|da)\s(?:[^\W\d_]{{1,20}}\s){{1,3}}?{_IS}\s{{1,2}}['\"]?"
            r"(?P<value>[^\s\"'<>,;.][^\s\"'<>,;]{2,39})",
            _TELLING,
            _LABELS,
            digits=False,
        ),
        ValuePattern(
            "label, link and a word that ends the sentence",
            rf"{LABEL_START}{_LABELS}(?![^\W\d_])\s{{0,2}}(?:[:=]|{_IS})\s{{1,2}}['\"]?"
            r"(?P<value>[^\W\d_]{4,24})(?![^\W_])"
            r"(?=['\"]?\s{0,2}(?:$|[.!?,;\n]|(?:and|but|y|pero|und|aber|et|mais|e|ma|mas|en|maar|i|ale)\b))",
            _PLAIN,
            _LABELS,
            digits=False,
        ),
        ValuePattern(
            "label and a word with a number beside it",
            rf"{LABEL_START}{_LABELS}(?![^\W\d_])\s{{0,2}}(?:[:=]|is)?\s{{1,2}}(?P<value>[a-z]{{2,12}}\s\d{{1,8}}(?:\s[a-z]{{1,2}}(?!\S))?)"
            rf"(?=\s{{0,2}}(?:\Z|[.!?,;\n]|and\b))",
            _PLAIN,
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
            "label, link and words up to the end of the sentence",
            rf"{LABEL_START}{_LABELS}(?![^\W\d_])(?:\s(?:for|of|to|für|de|para|per|voor|do)\s(?:[^\W\d_]{{1,20}}\s){{1,3}}?|\s{{1,2}}){_IS}\s{{1,2}}"
            rf"(?P<value>{_WORDS}){SENTENCE_END}",
            _SAID,
            _LABELS,
            digits=False,
        ),
        ValuePattern(
            "changed to words",
            rf"{LABEL_START}(?:changed|set|updated)\s(?:my|his|her|our|the)\s(?:[^\W\d_]{{2,16}}\s)?{_LABELS}\sto\s"
            rf"(?P<value>{_WORDS}){SENTENCE_END}",
            _SAID,
            _LABELS,
            64,
            digits=False,
        ),
        ValuePattern(
            "label and single characters apart",
            rf"{LABEL_START}{_LABELS}(?![^\W\d_]){LINK}(?P<value>[^\s,;](?:[^\S\n]{{1,2}}[^\s,;]){{4,39}}(?![^\s,;.!?])"
            r"|[^\W_](?:[\-_.·][^\W_]){4,39}(?![\w\-]))",
            _TELLING,
            _LABELS,
            digits=False,
        ),
        ValuePattern(
            "label, what was done with it and a value with a digit or a sign",
            rf"{LABEL_START}{_LABELS}{_DID}(?:\s(?:is|was))?\s?[:=]?\s{{1,2}}['\"]?(?P<value>{_VALUE})",
            _TELLING,
            _LABELS,
            digits=False,
        ),
        ValuePattern(
            "label, what was done with it and a word",
            rf"{LABEL_START}{_LABELS}{_DID}\s?(?:[:=]|is|was)\s{{1,2}}['\"]?(?P<value>[^\W\d_]{{5,24}})"
            r"(?=['\"]?\s{0,2}(?:$|[.!?,;\n]|(?:and|but|with|in|all)\b))",
            _PLAIN,
            _LABELS,
            digits=False,
        ),
        ValuePattern(
            "label, which one and a value",
            rf"{LABEL_START}{_LABELS}\s{_OF_KIND}\s?(?:[:=]|{_IS})\s{{1,2}}['\"]?(?P<value>{_VALUE})",
            _TELLING,
            _LABELS,
            digits=False,
        ),
        ValuePattern(
            "label, which one and a word",
            rf"{LABEL_START}{_LABELS}\s{_OF_KIND}\s?(?:[:=]|{_IS})\s{{1,2}}['\"]?(?P<value>[^\W\d_]{{4,24}})"
            r"(?=['\"]?\s{0,2}(?:$|[.!?,;\n]))",
            _PLAIN,
            _LABELS,
            digits=False,
        ),
        ValuePattern(
            "word that is said on the phone",
            rf"{LABEL_START}{_SPOKEN_WORD}\s{{0,2}}(?:[:=]|{_IS})\s{{1,2}}['\"]?(?P<value>[^\W\d_]{{4,24}})(?=['\"]?\s{{0,2}}(?:$|[.!?,;\n]))",
            _PLAIN,
            _SPOKEN,
            24,
            digits=False,
        ),
        ValuePattern(
            "word that is said on the phone, in quotes",
            rf"{LABEL_START}{_SPOKEN_WORD}\s{{0,2}}(?:[:=]|{_IS})?\s{{0,2}}[\"“„«](?P<value>[^\W_][^\"“”„«»\n]{{2,40}})[\"”“»]",
            _PHRASE,
            _SPOKEN,
            24,
            digits=False,
        ),
        ValuePattern(
            "the old one of two",
            rf"{LABEL_START}(?:changed?|reset|updated?|switched)\s(?:(?:it|my|the|his|her|our)\s)?(?:{_LABELS}|pass)\sfrom\s['\"]?"
            r"(?P<value>[^\s\"'<>,;]{4,39})(?=['\"]?\sto\s)",
            _TELLING,
            r"(?:changed?|reset|updated?|switched)\s",
            12,
            digits=False,
        ),
        ValuePattern(
            "the new one of two",
            rf"{LABEL_START}(?:changed?|reset|updated?|switched)\s(?:(?:it|my|the|his|her|our)\s)?(?:{_LABELS}|pass)\sfrom\s['\"]?"
            r"[^\s\"'<>,;]{4,39}['\"]?\sto\s['\"]?(?P<value>[^\s\"'<>,;]{4,39})",
            _TELLING,
            r"(?:changed?|reset|updated?|switched)\s",
            12,
            digits=False,
        ),
        ValuePattern(
            "key of a network",
            rf"{LABEL_START}(?:wi-?fi|wlan|ssid|network|hotspot|router|hub)[^\n]{{1,40}}?\bkey\s?(?:is|[:=])?\s?"
            r"(?P<value>(?=[^\s\d]{0,39}\d)(?=[^\sa-z]{0,39}[a-z])[^\s,;\"']{8,40})",
            _TELLING,
            r"(?:wi-?fi|wlan|ssid|network|hotspot|router|hub)",
            10,
        ),
        ValuePattern(
            "what was typed to log in",
            rf"{LABEL_START}(?:log(?:ged|ging)?\s(?:in|on)|sign(?:ed|ing)?\s(?:in|on)|log-?in|typed|typing)\s(?:with|using|as)\s['\"]?"
            r"(?P<value>(?!office|windows|google|iphone|ipad|android|chrome|http)(?=[^\s@]{0,24}[A-Za-z])(?=[^\s@]{0,24}\d)[^\W_](?:[^\s\"'@,;]{4,28})?[!?#$%&*+](?<![?!][?!]))(?=['\"]?(?:\s|\Z))",
            _TYPED,
            r"(?:log(?:ged|ging)?\s(?:in|on)|sign(?:ed|ing)?\s(?:in|on)|log-?in|typed|typing)\s(?:with|using|as)\s",
            20,
        ),
        ValuePattern(
            "key of a network, behind its name",
            r"(?<![^\W_])(?:wi-?fi|wlan|ssid|hotspot)(?:\sname)?\s?[:=]\s?[\w.\-]{2,32}(?:\s[\w.\-]{1,16}){0,2}\s?[/|,;]\s?['\"]?(?P<value>"
            r"(?=[^\s]{0,39}[^\W\d_])(?=[^\s]{0,39}[\d!?#$%&*+=^])[^\s\"'<>,;]{8,40})",
            _TELLING,
            r"(?:wi-?fi|wlan|ssid|hotspot)(?:\sname)?\s?[:=]",
            16,
            digits=False,
        ),
        ValuePattern(
            "end of the name of a setting",
            rf"(?<![\w])[a-z]\w{{0,23}}?[a-z\d](?:{_SETTING})\\?[\"']?\s?[:=]\s?\\?[\"']?(?P<value>(?!\w{{1,32}}(?:\.\w{{1,32}}){{0,4}}\(){_VALUE})",
            _TELLING,
            rf"[a-z\d](?:{_SETTING})\\?[\"']?\s?[:=]",
            44,
            digits=False,
        ),
        ValuePattern(
            "what was typed, of letters, figures and signs",
            rf"{LABEL_START}{_TYPED_IS}\s['\"]?(?P<value>(?=[^\s\d]{{0,30}}\d)(?=[^\sa-z]{{0,30}}[a-z])(?=[^\s@]{{0,31}}(?:\s|\Z))"
            r"(?=[^\s!#$%&*+=^]{0,30}[!#$%&*+=^])[^\W_]{3,20}[!#$%&*+=^_\-](?:[^\s\"',;<>]{1,20}))",
            _BARE,
            rf"{_TYPED_IS}\s['\"]?[^\s!#$%&*+=^]{{0,30}}[!#$%&*+=^]",
            64,
        ),
        *password_patterns(_LABELS, _TELLING),
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        plain = value.strip(".!?*\"')") or " "
        if set(value) <= _PLACEHOLDER or "://" in value or _is_attribute(value, match):
            return 0.0
        if is_reference(value):
            return 0.0
        if value[0] == "_" and match.string[match.start("value") - 1].isalnum():
            return 0.0  # the end of an identifier: "password_policy"
        if sort == _PHRASE:
            return sort.score if is_phrase(value) else 0.0
        if sort == _SAID:
            return sort.score
        if sort == _BARE:
            start, end = match.span("value")
            around = match.string[max(0, start - _NEAR) : start] + " " + match.string[end : end + _NEAR]
            return sort.score if _LOGGING_IN.search(around) is not None else 0.0
        first = plain.split(" ")[0]
        if is_said_of_secrets(first):
            return 0.0
        if plain.isdigit() and _COUNTED.match(match.string, match.end()):
            return 0.0  # "password: 12 characters"
        if sort == _TELLING:
            signs = any(not c.isalpha() and c not in _OF_SENTENCES for c in first)
            telling = len(first) == 1 or "!" in first or signs
            return sort.score if telling and len(plain) >= _LEAST and any(map(str.isalnum, plain)) else 0.0
        return sort.score


def _is_attribute(value: str, match: Match) -> bool:
    """Whether it is the next attribute of a tag: `<input type="password" name="x">`. See `html_fields`."""
    if _ATTRIBUTE.match(value) is None:
        return False
    start = match.start("value")
    return _IN_TAG.search(match.string, max(0, start - _TAG_REACH), start) is not None

"""Finds names that a label, a phrase or a closing formula announces, in eight languages and in pasted structures.

The models know mostly English: "me llamo noelia", "Nachname: Wöhrle", "Pozdrawiam" and the name below it, or
`{'surname': 'Thistlewood'}` inside a text are better recognized by what precedes them. A value is the name if none
of its words can be a word of the language or of a form (`no_names`). The work is bounded.
"""

# ruff: noqa: E501, RUF001, PLR2004, SIM905  # patterns, one a line; typographic characters; tables of words
from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from shield.analyzer.recognizers.inserted_rows import (
    FIRST_NAMES,
    LAST_NAMES,
    ROW,
    ROW_TRIGGER,
    cell_of,
)
from shield.analyzer.recognizers.labelled import (
    LABEL_START,
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
    begun,
)
from shield.analyzer.recognizers.letter_case import CAPITAL, SMALL
from shield.analyzer.recognizers.name_cues import CUED, PARTIES, cue_patterns
from shield.analyzer.recognizers.no_names import CLOSINGS, IN_FORMS, NO_NAMES

_CAPITALISED: Final = rf"{CAPITAL}[^\W\d_]{{0,20}}(?:(?!['’]s(?![^\W_]))['’\-][^\W\d_]{{1,20}})?"
_PARTICLE: Final = r"(?:de la|de los|van der|van den|van de|von der|van|von|zu|de|del|della|di|da|dos|das|do|du|des|le|la|el|ter|ten|y)"
_WHOLE: Final = rf"{_CAPITALISED}(?:[ ](?:{_PARTICLE}[ ])?{_CAPITALISED}){{0,3}}"
_FULL: Final = rf"{_CAPITALISED}(?:[ ](?:{_PARTICLE}[ ])?{_CAPITALISED}){{1,3}}"
_LOWER: Final = rf"{SMALL}[^\W\d_]{{2,20}}"
_GOES_ON: Final = (
    r"(?:[ ](?:und|y|e|et|en|i|oraz|maar|mais|pero|mas|ale|aus|desde)(?![^\W_])|[ ]?[,.;!?\n]|[ ]?\Z)"
)
_SAID: Final = rf"(?:{_WHOLE}|{_LOWER}[ ]{_LOWER}(?={_GOES_ON})|{_LOWER})"
"""A name after a phrase: with capitals, or in lower case, where a second word counts only before the next clause."""

_OF_CODE: Final = r"(?:first|last|full|given|family|middle|maiden|sur|fore|birth|legal|preferred)[_\-]?names?|(?:first|last|full|given|family|middle)[ ]names?"
_SURE_LABELS: Final = (
    r"vornamen?|nachname|familienname|zuname|rufname|geburtsname|kontoinhaber(?:in)?|karteninhaber(?:in)?|ansprechpartner(?:in)?|"
    r"apellidos?(?:[ ](?:paterno|materno))?|(?:primer|segundo)[ ]apellido|nombre[ ]de[ ]pila|nombre[ ](?:completo|y[ ]apellidos?)|"
    r"nom[ ]de[ ](?:famille|naissance)|pr[ée]noms?|nom[ ]et[ ]pr[ée]nom|pr[ée]nom[ ]et[ ]nom|cognome|nome[ ]e[ ]cognome|cognome[ ]e[ ]nome|nominativo|"
    r"achternaam|voornaam|voornamen|roepnaam|geboortenaam|volledige[ ]naam|sobrenome|apelido|nome[ ](?:completo|próprio)|"
    r"nazwisko(?:[ ]i[ ]imię)?|imię(?:[ ]i[ ]nazwisko)?"
)
_BROAD_LABELS: Final = r"nombre|nom|nome|naam"
"""Labels of persons only beside a label of another part of a name."""
_OTHER_PART: Final = re.compile(
    r"(?<![^\W_])(?:nach|vor|familien)name|apellido|pr[ée]nom|cognome|achternaam|voornaam|sobrenome|apelido",
    re.IGNORECASE,
)
_BESIDE: Final = 90  # code points before and after a broad label in which the other part is looked for
_SIGN: Final = r"[\"'\\]{0,3}[ ]{0,2}(?:=>|:=?|=)[ ]{0,2}[\"'\\]{0,3}"
_IN_FORM: Final = rf"(?:{_WHOLE}|{_LOWER}(?:[ ]{_LOWER}){{0,2}}(?=[ ]?(?:[\"'\\,;|<&\n\r]|\Z)))"

_PHRASES: Final = (
    r"ich[ ]hei(?:ß|ss)e|mein[ ]name[ ]ist|me[ ]llamo|mi[ ]nombre(?:[ ]completo)?[ ]es|se[ ]llama|je[ ]m['’ ]?appelle?|mon[ ]nom(?:[ ]complet)?[ ]est|s['’]appelle|mi[ ]chiamo|"
    r"il[ ]mio[ ]nome(?:[ ]completo)?[ ][èe]['’]?|si[ ]chiama|ik[ ]heet|mijn[ ]naam[ ]is|meu[ ]nome(?:[ ]completo)?[ ][ée]|chamo-me|me[ ]chamo|nazywam[ ]si[ęe]|"
    r"mam[ ]na[ ]imi[ęe]|moje[ ]imi[ęe][ ]to|moje[ ]nazwisko[ ]to"
)
_OF_A_THING: Final = re.compile(
    r"(?<![^\W_])(?:producto|aplicación|app|plan|programa|archivo|empresa|tienda|modelo|curso|juego|calle|marca|sitio|página|prodotto|applicazione|"
    r"programma|azienda|negozio|modello|gioco|sito|file|produit|application|programme|société|magasin|modèle|jeu|site|fichier|offre|forfait)"
    r"(?![^\W_])[^.!?\n]{0,30}\Z",
    re.IGNORECASE,
)
"""A thing whose name follows "se llama"."""
_CALLED: Final = re.compile(r"s(?:e[ ]llama|['’]appelle|i[ ]chiama)", re.IGNORECASE)
_BEING: Final = (
    r"soy|je[ ]suis|sono|ik[ ]ben|ich[ ]bin|sou(?:[ ][oa])?|jestem|hier[ ](?:ist|spricht|is|schreibt)|ici|aqu[íi]|le[ ]habla|u[ ]spreekt[ ]met|"
    r"sie[ ]sprechen[ ]mit|con[ ]quien[ ]habla[ ]es|al[ ]habla|parla|fala|mówi"
)
_TITLES: Final = (
    r"(?-i:Mrs?|Ms|Mx|Messrs)\.?|(?-i:Smt|Shri|Alhaji|Alhaja|Hajia|Encik|Puan|Datuk|Datin)\.?|(?-i:Sh|Kum)\.|(?-i:Hr\.|Fru|Frk\.)|née|frau|herrn?|familie|doña|(?-i:don|dona|pan|pana|panu)|señora?|sra?\.?|señorita|mme|madame|monsieur|mlle|signora|signor|sig\.(?:ra)?|mevrouw|meneer|mevr\.|dhr\.|"
    r"senhora?|pani|panem|panią|Dña\."
)
_CLOSE: Final = (
    r"(?:mit[ ])?(?:freundlichen?|besten?|herzlichen?|liebe[nr]?|vielen?|schönen?|sonnigen?)[ ](?:grüßen?|gruß|grüssen?|gruss)|mfg|lg|vg|hochachtungsvoll|"
    r"(?:un[ ]|muchos[ ]|reciba[ ]un[ ])?(?:cordial(?:es)?[ ]|atento[ ])?saludos?(?:[ ]cordial(?:es)?)?|atentamente|un[ ](?:fuerte[ ])?abrazo|"
    r"(?:bien[ ])?cordialement|bien[ ]à[ ](?:vous|toi)|(?:sincères[ ])?salutations|(?:cordiali|distinti)[ ]saluti|saluti|un[ ](?:caro[ ])?saluto|"
    r"(?:met[ ])?(?:vriendelijke|hartelijke)[ ]groet(?:en)?|mvg|groet(?:jes|en)?|(?:com[ ]os[ ]melhores[ ])?cumprimentos|atenciosamente|abraços?|att|"
    r"üdvözlettel|tisztelettel|köszönettel|(?:ystävällisin[ ])?terveisin|(?:med[ ])?(?:vänlig(?:a)?|bästa)[ ]hälsning(?:ar)?|mvh|(?:med[ ])?(?:venlig|vennlig|mange)[ ]hilsen(?:er)?|"
    r"s[ ]pozdravem|cu[ ](?:stimă|respect)|(?:cele[ ]mai[ ]bune[ ])?salutări|saygılarım(?:la|ızla)|iyi[ ]çalışmalar|srdačan[ ]pozdrav|lep[ ]pozdrav|"
    r"(?:z[ ]wyrazami[ ]szacunku|z[ ]poważaniem|pozdrawiam(?:[ ]serdecznie)?|pozdrowienia)"
)
_THANKS: Final = r"(?:muito[ ])?obrigad[oa]|(?:muchas[ ])?gracias|merci(?:[ ]d['’]avance)?|danke|vielen[ ]dank|grazie|bedankt|dank[ ]u|dziękuję|z[ ]góry[ ]dziękuję"
_OF_TICKET: Final = r"(?-i:(?:(?:DE LA|DE|DEL|LA|VAN DER|VAN|VON|DI|EL|AL|BIN|SAN)[ ])?[A-Z]{2,24}(?:['\-][A-Z]{2,24})?/[A-Z]{1,20}(?:[ \-](?!(?:MRS?|MS|MISS|MSTR|DR|CHD|INFT?|ADT)(?![^\W_]))[A-Z]{1,20})?)"
_OF_PASSENGERS: Final = r"(?-i:MRS?|MS|MISS|MSTR|DR|CHD|INFT?|ADT)(?![^\W_])"

_LABEL: Final = Sort("label", 0.86)
_BROAD: Final = Sort("label that means other things, too", 0.82)
_PHRASE: Final = Sort("phrase", 0.87)
_IS: Final = Sort("i am", 0.75)
_HERE: Final = Sort("it is … here", 0.76)
_TITLE: Final = Sort("title", 0.7)
_CLOSING: Final = Sort("closing formula", 0.84)
_OF_ADDRESS: Final = Sort("before its address", 0.83)
_CELL_OF_FIRST: Final = Sort("first name of a row", 0.81)
_CELL_OF_LAST: Final = Sort("last name of a row", 0.815)
_DESKS: Final = frozenset(
    """desk orders order sales billing info help helpdesk hello news newsletter office jobs careers press marketing
    shop store notifications alerts accounts payments invoices returns delivery bookings reservations contact reception
    admissions claims feedback security privacy legal events community""".split()
)
"""Local parts of shared mailboxes, which are not a person's."""
_BEGIN_NAMES: Final = frozenset(
    "le la de di del van von el da do den ten ter los zum zur vom zu am im in op".split()
)
_WORD: Final = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]+)*")


class AnnouncedNameRecognizer(ValuePatternRecognizer):
    """Names behind labels, phrases, titles, closing formulas and cues, and before their address."""

    ENTITY = "PERSON"
    PATTERNS = (
        ValuePattern(
            "label of code, sign and name",
            rf"(?<![^\W_])(?:{_OF_CODE}){_SIGN}(?P<value>{_WHOLE}|(?<=[\"']){_LOWER}(?:[ ]{_LOWER}){{0,2}}(?=[\\]?[\"']))(?![\w(.\[])",
            _LABEL,
            _OF_CODE,
            24,
            digits=False,
        ),
        ValuePattern(
            "element of XML and name",
            rf"<(?:\w{{1,12}}:)?(?:{_OF_CODE}|{_SURE_LABELS})>(?P<value>{_WHOLE}|{_LOWER})(?=</)",
            _LABEL,
            rf"(?:{_OF_CODE}|{_SURE_LABELS})>",
            40,
            digits=False,
        ),
        ValuePattern(
            "label, sign and name",
            rf"{LABEL_START}(?:{_SURE_LABELS}){_SIGN}(?P<value>{_IN_FORM})(?![\w(\[])",
            _LABEL,
            _SURE_LABELS,
            28,
            digits=False,
        ),
        ValuePattern(
            "label of names of any kind beside another",
            rf"{LABEL_START}(?:{_BROAD_LABELS}){_SIGN}(?P<value>{_IN_FORM})(?![\w(\[])",
            _BROAD,
            begun(rf"(?:{_BROAD_LABELS})[\"'\\]{{0,3}}[ ]{{0,2}}[:=]"),
            20,
            digits=False,
        ),
        ValuePattern(
            "first and last of an object",
            rf"\"first\\?\":[ ]?\\?\"(?P<value>{_WHOLE})\\?\",[ ]?\\?\"last\\?\":[ ]?\\?\"{CAPITAL}",
            _LABEL,
            r"\"first\\?\":",
            12,
            digits=False,
        ),
        ValuePattern(
            "last of an object",
            rf"\"first\\?\":[ ]?\\?\"{_WHOLE}\\?\",[ ]?\\?\"last\\?\":[ ]?\\?\"(?P<value>{_WHOLE})\\?\"",
            _LABEL,
            r"\"first\\?\":",
            12,
            digits=False,
        ),
        ValuePattern(
            "phrase and name",
            rf"{LABEL_START}(?:{_PHRASES})[ ](?P<value>{_SAID})(?![\w@]|[.]\w)",
            _PHRASE,
            _PHRASES,
            24,
            digits=False,
        ),
        ValuePattern(
            "who speaks",
            rf"{LABEL_START}(?:{_BEING})[: ][ ]?(?P<value>{_FULL})(?![\w@]|[.]\w)",
            _IS,
            begun(rf"(?:{_BEING})[: ][ ]?[^\W\d_]{{1,24}}[ \-'’]"),
            52,
            digits=False,
        ),
        ValuePattern(
            "who has a contract or a room",
            rf"{LABEL_START}(?:{PARTIES})(?:[ ]?:)?[ ](?P<value>{_FULL})(?![\w@]|[.]\w)",
            _IS,
            begun(rf"(?:{PARTIES})(?:[ ]?:)?[ ][^\W\d_]"),
            28,
            digits=False,
        ),
        ValuePattern(
            "name, and that it is here",
            rf"(?:\A|[,.!:\n][ ]?)(?P<value>{_FULL})[ ](?:hier|aquí|ici|qui)(?=[ ]?[,.!:\n])",
            _HERE,
            r"[ ](?:hier|aquí|ici|qui)[ ]?[,.!:\n]",
            220,
            digits=False,
        ),
        ValuePattern(
            "title and name",
            rf"{LABEL_START}(?:{_TITLES})[ ](?:(?-i:Dr|Prof|Dipl|Ing)\.?[ ]){{0,2}}(?P<value>{_WHOLE})(?![\w@])",
            _TITLE,
            begun(rf"(?:{_TITLES})[ ][^\W\d_]"),
            16,
            digits=False,
        ),
        ValuePattern(
            "rank, number and name of an officer",
            rf"(?<![\w/])(?-i:PC|PCSO|WPC|DC|DS|DI|DCI|PS|Sgt\.?|Insp\.?|Cst\.?|Ofc\.?|Cpl\.?)[ ]\d{{1,5}}[ ](?P<value>{_WHOLE})(?![\w@])",
            _TITLE,
            r"\b(?:PC|PCSO|WPC|DC|DS|DI|DCI|PS|Sgt\.?|Insp\.?|Cst\.?|Ofc\.?|Cpl\.?)[ ]\d{1,5}[ ]",
            16,
        ),
        ValuePattern(
            "closing formula and the name below it",
            rf"(?:\A|[\n.!?,][ ]{{0,2}})(?:{_CLOSE})[ ]?[,.!]?(?:[ ]?\r?\n[ ]{{0,3}}(?:\r?\n[ ]{{0,3}})?|[ ])(?:(?:i\.[ ]?[AV]\.|ppa\.)[ ])?"
            rf"(?P<value>(?:{CAPITAL}\.[ ]?){{0,2}}{_WHOLE}|(?<=\n){_LOWER})(?=[ ]?[.,!]?[ ]?(?:[\r\n|]|\Z))",
            _CLOSING,
            begun(rf"(?:{_CLOSE})[ ]?[,.!]?[ \r\n]"),
            64,
            digits=False,
        ),
        ValuePattern(
            "thanks and the full name below them",
            rf"(?:\A|[\n.!?,][ ]{{0,2}})(?:{_THANKS})[ ]?[,.!]?(?:[ ]?\r?\n[ ]{{0,3}}(?:\r?\n[ ]{{0,3}})?|[ ])"
            rf"(?P<value>{_FULL})(?=[ ]?[.,!]?[ ]?(?:[\r\n|]|\Z))",
            _CLOSING,
            begun(rf"(?:{_THANKS})[ ]?[,.!]?[ \r\n]"),
            32,
            digits=False,
        ),
        ValuePattern(
            "name before its address",
            rf"(?<![\w@])(?P<value>{_WHOLE})[\"']?[ ]{{1,2}}[<(\[](?:mailto:)?(?P<local>[\w.+\-]{{3,64}})@(?P<domain>[\w.\-]{{0,64}})",
            _OF_ADDRESS,
            r"[\"']?[ ]{1,2}[<(\[](?:mailto:)?[\w.+\-]{3,64}@",
            180,
            digits=False,
        ),
        ValuePattern(
            "first name of an inserted row",
            ROW,
            _CELL_OF_FIRST,
            ROW_TRIGGER,
            16,
            digits=False,
        ),
        ValuePattern("last name of an inserted row", ROW, _CELL_OF_LAST, ROW_TRIGGER, 16, digits=False),
        ValuePattern(
            "surname and given name of a ticket before a title",
            rf"(?<![\w/])(?P<value>{_OF_TICKET})(?=[ ]?{_OF_PASSENGERS})",
            _LABEL,
            rf"/[a-z][a-z \-]{{0,42}}{_OF_PASSENGERS}",
            112,
            digits=False,
        ),
        ValuePattern(
            "surname and given name of a ticket behind a passenger",
            rf"{LABEL_START}(?:pax|passengers?|travell?ers?|guests?|nm1)(?:[ ]name)?[ :.#][ ]?(?P<value>{_OF_TICKET})(?![\w/\-])",
            _LABEL,
            begun(r"(?:pax|passengers?|travell?ers?|guests?|nm1)[ :.#]"),
            14,
            digits=False,
        ),
        *cue_patterns(),
    )

    def hit(self, match: Match, sort: Sort) -> tuple[int, int, float] | None:
        if sort in {_CELL_OF_FIRST, _CELL_OF_LAST}:
            span = cell_of(match, FIRST_NAMES if sort == _CELL_OF_FIRST else LAST_NAMES)
            return None if span is None else (*span, sort.score)
        return super().hit(match, sort)

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        words = [word.lower() for word in _WORD.findall(value)]
        if len(words) > 1 and words[0] in _BEGIN_NAMES and value[0].isupper():
            del words[0]
        if not words:
            return 0.0
        no_names = IN_FORMS if sort == _LABEL and value[0].isupper() else NO_NAMES
        if words[0] in no_names or words[-1] in no_names:
            return 0.0
        if sort == CUED:
            return sort.score if NO_NAMES.isdisjoint(words) else 0.0
        if sort == _OF_ADDRESS:
            return sort.score if _is_in_address(words, match.group("local"), match.group("domain")) else 0.0
        if sort == _CLOSING and not CLOSINGS.isdisjoint(words):
            return 0.0
        if sort != _TITLE and value.isupper() and len(value) < 3:
            return 0.0
        if sort == _BROAD:
            text, (start, end) = match.string, match.span()
            before = _OTHER_PART.search(text, max(0, start - _BESIDE), start)
            beside = before or _OTHER_PART.search(text, end, end + _BESIDE)
            return sort.score if beside is not None else 0.0
        if sort == _PHRASE and _CALLED.match(match.group()):
            start = match.start()
            return 0.0 if _OF_A_THING.search(match.string, max(0, start - 48), start) else sort.score
        if sort in {_IS, _HERE} and not NO_NAMES.isdisjoint(words):
            return 0.0
        return sort.score


def _is_in_address(words: Sequence[str], local: str, domain: str) -> bool:
    """Whether a word of the name is in its address, which is no shared mailbox: "Anouk Verhoeven <anouk.v@…>".

    A word that is also in the domain is a company's: "Otto Office <otto@otto-office.example>".
    """
    if len(words) < 2 or not CLOSINGS.isdisjoint(words) or not _DESKS.isdisjoint(words):
        return False
    plain = [each for word in words if len(each := _plain(word)) > 2]
    name, site = local.lower(), domain.lower()
    return any(each in name and each not in site for each in plain)


def _plain(word: str) -> str:
    """The word without accents, as in addresses."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))

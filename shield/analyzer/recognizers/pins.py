"""Finds PINs and one-time codes after a label."""

# ruff: noqa: E501, RUF001  # patterns and tables, one a line; typographic apostrophes
from __future__ import annotations

from shield.analyzer.recognizers.labelled import (
    LABEL_START,
    LINK,
    NOT_QUANTITY,
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
    begun,
    labelled,
)

_PIN = (
    r"(?:(?:atm|card|bank|debit|security|my|account|phone|sim)\s)?pins?(?:[\s\-]?(?:number|no|code|num|nummer|número|is))?|[mt]-?pin|"
    r"p\.i\.n\.?|p i n(?=\s?(?:is\b|[:=]))|geheimzahl|código pin|code pin|code (?:confidentiel|secret)|codice segreto|código secreto|clave secreta|clave(?=\s\d{4}(?!\d))"
)
_PAIRS = r"\s{0,2}(?:[:=]|is|was|ist|lautet|es|est|è|é|to)\s{1,2}(?P<value>\d\d \d\d(?: \d\d)?)(?! ?\d)"
_INDIAN_POSTCODE = 6  # digits; "pin code 600001" is the Indian postcode


class PinRecognizer(ValuePatternRecognizer):
    """PINs and PUKs of cards and phones, and what is typed at a door."""

    ENTITY = "PIN"
    PATTERNS = (
        ValuePattern("label and digits", labelled(_PIN, r"\d{4,6}", after=NOT_QUANTITY), 0.85, _PIN),
        ValuePattern(
            "label and digits apart",
            labelled(_PIN, r"\d(?:[ \-.,]{1,2}\d){3,5}", after=NOT_QUANTITY + r"(?![ \-.,]{1,2}\d)"),
            0.85,
            _PIN,
        ),
        ValuePattern("label and pairs", rf"{LABEL_START}(?:{_PIN}){_PAIRS}{NOT_QUANTITY}", 0.8, _PIN),
        ValuePattern(
            "label, a remark in brackets and digits",
            rf"{LABEL_START}(?:{_PIN})\s?\([^()\n]{{2,32}}\)\s?(?:[:=]|is\b)\s?(?P<value>\d{{4,6}})(?!\w){NOT_QUANTITY}",
            0.85,
            _PIN,
        ),
        ValuePattern(
            "the other of two",
            rf"{LABEL_START}pin\b[^\d\n]{{0,20}}\d{{4,6}},?\s(?:or|and then|and|then|oder|und|ou|o|y)\s(?:maybe\s|with\s)?(?P<value>\d{{4,6}}){NOT_QUANTITY}",
            0.85,
            r"pin",
        ),
        ValuePattern(
            "keys of a door, with their sign",
            rf"{LABEL_START}(?:gate|door|entry|entrance|keypad|buzzer?|intercom|alarm|lobby|garage)(?:\s(?:code|entry|keypad))?(?:\sfor\s(?:the\s|my\s)?[^\W\d_]{{2,12}})?(?:\sis)?[\s:]{{1,2}}(?P<value>[*#]\d{{3,6}}[*#]?|(?-i:[A-Z])?\d{{3,6}}[*#])(?![\w*#])",
            0.8,
            r"\d[*#]|[*#]\d",
            48,
        ),
        ValuePattern(
            "label and what was done with it",
            rf"{LABEL_START}pins?[,:]?\s(?:(?:i|he|she|we|they)\s)?(?:tried|used|entered|typed|put\sin|set)\s(?P<value>\d{{4,6}})(?!\w){NOT_QUANTITY}",
            0.85,
            r"pins?",
        ),
        ValuePattern(
            "of a SIM card",
            labelled(r"puk2?(?:[\s\-]?(?:code|number|no|nummer))?", r"\d{8}", after=NOT_QUANTITY),
            0.85,
            r"puk2?",
        ),
        ValuePattern(
            "before its label",
            r"(?<![\w.,-])(?P<value>\d{4})(?= (?:is|was|as) (?:my|the|your) (?:\w{2,10} )?pin\b)",
            0.8,
            r" (?:is|was|as) (?:my|the|your) ",
            24,
        ),
        ValuePattern(
            "could be",
            rf"{LABEL_START}pin (?:(?:could|might|may) be|for [^\d\n.,;:]{{2,24}} is) (?P<value>\d{{4,6}}){NOT_QUANTITY}",
            0.8,
            r"pin (?:could|might|may|for) ",
        ),
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        if len(value) == _INDIAN_POSTCODE and "code" in match.group().lower():
            return 0.0
        return sort.score


_CODE = (
    r"(?:one[\s-]?time|verification|authenti?cation|authori[sz]ation|log[\s-]?in|sign[\s-]?in|2fa|mfa|sms|"
    r"two[\s-]factor|access|activation|unlock|recovery|backup|clearance|entry|door|gate|locker|alarm|entrance|building)\s(?:pass)?(?:code|password|pin)s?|lock\s?box(?:\s(?:code|pin))?|key\s?safe(?:\s(?:code|pin))?|o\.?t\.?p\.?|totp|"
    r"(?:otp|2fa|mfa)\scode|passcode|one[\s-]?time\spass(?:word)?|"
    r"digicode|einmalcode|einmalpasswort|bestätigungscode|tan|code de vérification|código de verificación|código de verificação|"
    r"codice di verifica|verificatiecode|kod weryfikacyjny|sms[\s-]?code|code sms|kod (?:z )?sms|kod autoryzacyjny|código (?:por )?sms|"
    r"code reçu(?: par sms)?|codice (?:otp|sms)|código otp|code otp|(?:sms|push|chip|photo|m)-?tan"
)


_BLOCK = r"(?:recovery|backup|emergency|scratch|2fa|mfa|two[\s-]factor|wiederherstellungs|récupération|recuperación|recupero|recuperação|herstel|zapasowe)[\s-]?(?:codes?|kody)|codes de (?:secours|récupération)|códigos de (?:recuperación|recuperação|respaldo)|codici di (?:recupero|backup)|kody zapasowe"
_BLOCK_CODE = (
    r"(?:(?=[a-z]{0,11}\d)[a-z\d]{4,12}(?:-[a-z\d]{3,10}){0,3}|[a-z\d]{4,6}(?:-[a-z\d]{4,6}){1,3})(?![\w\-])"
)
_PORTING = r"pac(?:\scode)?|stac(?:\scode)?|port(?:ing|-?out|-?in)?\s(?:auth(?:ori[sz]ation)?\s)?(?:code|pin|key)|(?:number\s)?transfer\s(?:code|pin)|rio|cvp"
_OF_LOCK = r"(?:key\s?(?:safe|box)|lock\s?box|gate|door|alarm|garage|entrance|lobby|locker)"
_RECEIVED = (
    r"código que (?:me (?:ha )?(?:lleg(?:ó|ado)|mandaron|enviaron|enviaram)|recib[íi]|recebi|chegou)|"
    r"code que (?:j['’]ai reçu|vous m['’]avez envoyé)|codice (?:che ho )?ricevuto|code,? den ich (?:bekommen|erhalten) habe|"
    r"code die ik (?:kreeg|heb gekregen|ontving)|kod,? który (?:dostał[ae]m|otrzymał[ae]m|przyszedł)"
)


class OneTimeCodeRecognizer(ValuePatternRecognizer):
    """Codes that are sent, shown or made for one use, and codes of locks and of numbers that move."""

    ENTITY = "ONE_TIME_CODE"
    PATTERNS = (
        ValuePattern(
            "block of codes",
            rf"{LABEL_START}(?:{_BLOCK})(?![^\W_])[^\n\d]{{0,32}}?[\s:=]{{1,4}}(?:\d{{1,2}}[.)]\s)?"
            rf"(?P<value>{_BLOCK_CODE}(?:[\s,;|\-*•]{{1,6}}(?:\d{{1,2}}[.)]\s)?{_BLOCK_CODE}){{1,19}})",
            0.85,
            _BLOCK,
            32,
        ),
        ValuePattern(
            "code with which a phone number moves",
            labelled(_PORTING, r"(?=[A-Z]{0,11}\d)[A-Z\d]{6,12}", after=r"(?![\w\-]|[.,]\d)"),
            0.85,
            _PORTING,
        ),
        ValuePattern(  # GOV.UK: W for work, R for rent, S for anything else
            "share code",
            rf"{LABEL_START}share[ ]codes?(?:[ ](?:is|was)|:)?[ ](?P<value>[WRS][A-Z\d]{{2}}[ \-]?[A-Z\d]{{3}}[ \-]?[A-Z\d]{{3}})(?![\w\-])",
            0.85,
            r"share[ ]code",
            16,
        ),
        ValuePattern(
            "code of a lock that is named before",
            rf"{LABEL_START}{_OF_LOCK}(?![^\W_])[^.\n\d]{{0,40}}?[\s,]code(?:\s(?:is|was)|:)?\s(?P<value>\d{{3,6}}[#*]?)(?![\w\-]|[.,]\d)",
            0.75,
            begun(_OF_LOCK),
            16,
        ),
        ValuePattern(
            "label and code",
            labelled(
                rf"(?:{_CODE})(?:\s(?:no|number))?", r"(?:[A-Z]{1,2}-)?\d{3}[\s-]?\d{1,5}", after=NOT_QUANTITY
            ),
            0.85,
            _CODE,
        ),
        ValuePattern(
            "label and characters apart",
            labelled(
                rf"(?:{_CODE})(?:\s(?:no|number))?",
                r"(?=[A-Z \-.,]{0,36}\d)[A-Z\d](?:[ \-.,]{1,2}[A-Z\d]){3,11}",
                after=r"(?![\w\-])",
            ),
            0.85,
            _CODE,
        ),
        ValuePattern("label and pairs", rf"{LABEL_START}(?:{_CODE}){_PAIRS}{NOT_QUANTITY}", 0.8, _CODE),
        ValuePattern(
            "label and letters with digits",
            rf"{LABEL_START}(?:{_CODE})(?:{LINK})(?P<value>(?=[A-Z]{{0,11}}\d)(?=\d{{0,11}}[A-Z])(?:[A-Z0-9]{{5,12}}(?:-[A-Z0-9]{{4,8}}){{0,3}}|[A-Z0-9]{{4}}(?:-[A-Z0-9]{{4}}){{1,4}}))(?![\w-])",
            0.75,
            _CODE,
        ),
        ValuePattern(
            "before its label",
            r"(?<![\w.,$-])(?P<value>(?:[A-Z]-)?\d{4,8})(?= is (?:your|my|the) (?:[\w-]{2,15} ){0,3}(?:code|otp|passcode)\b)",
            0.85,
            r"\d is (?:your|my|the) ",
            30,
        ),
        ValuePattern(
            "the code that was sent",
            rf"{LABEL_START}code (?:that )?(?:you|u|they|i|we) (?:just |have )?(?:sent|send|texted|e-?mailed|messaged|received|got|gave)"
            rf"(?: me| us)?(?: by \w{{3,6}})?{LINK}(?P<value>\d{{4,8}}){NOT_QUANTITY}",
            0.8,
            r"code (?:that )?(?:you|u|they|i|we) ",
        ),
        ValuePattern(
            "the code that was sent, in other languages",
            rf"{LABEL_START}(?:{_RECEIVED})(?:\s(?:por|par|per|via|z|op|door)\s\w{{2,6}})?{LINK}(?P<value>\d{{4,8}}|\d{{3}}[ -]\d{{3}}|\d\d \d\d \d\d){NOT_QUANTITY}",
            0.8,
            _RECEIVED,
            56,
        ),
        ValuePattern(  # of a card it has three or four digits
            "security code, longer than a card's",
            rf"{LABEL_START}(?:security code|code de sécurité|código de (?:seguridad|segurança)|codice di sicurezza|sicherheitscode|beveiligingscode|kod bezpieczeństwa)"
            rf"{LINK}(?P<value>\d{{5,8}}|\d{{3}}[ -]\d{{3}}|\d\d \d\d \d\d){NOT_QUANTITY}",
            0.8,
            r"(?:security code|code de sécurité|código de segur|codice di sicurezza|sicherheitscode|beveiligingscode|kod bezpieczeństwa)",
            32,
        ),
    )

"""Finds card expiry dates and verification codes. PCI DSS 3.3.1 forbids storing the latter at all."""

# ruff: noqa: ARG002, E501, RUF001  # an interface; patterns and tables, one a line; typographic characters
from __future__ import annotations

import re

from shield.analyzer.recognizers.labelled import (
    LABEL_START,
    LINK,
    NOT_QUANTITY,
    Match,
    Sort,
    ValuePattern,
    ValuePatternRecognizer,
    labelled,
)

_MONTH_YEAR = r"(?:(?:0?[1-9]|1[0-2])\s?[/\-. ]\s?(?:20[2-4]\d|[2-4]\d)|20[2-4]\d-(?:0[1-9]|1[0-2])(?!-))"
_MMYY = r"(?:0[1-9]|1[0-2])[2-4]\d"
_CARD_NUMBER = r"(?<![\d])(?:\d{4}[ \-]?){3}\d{1,4}"
_BEHIND_CARD = rf"{_CARD_NUMBER}[\s,;|/]{{1,3}}(?:exp\.?\s)?"
"""A card's number, and what stands between it and the expiry."""
_NAMED_MONTH = (
    r"(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|mar(?:ch|s)?|märz|apr(?:il)?|avril|may|mai|june?|juni|juin|july?|juli|juillet|aug(?:ust)?|août|"
    r"sept?(?:ember)?|septembre|o[ck]t(?:ober|obre)?|nov(?:ember|embre)?|dec(?:ember)?|dez(?:ember)?|décembre)\.?[\s/\-]{1,2}(?:of\s)?(?:20[2-4]\d|'?[2-4]\d)"
)
_EXPIRY = (
    r"(?:card\s)?exp(?:iry|iration|ires|ire|iring|\.)?(?:\s?(?:date|dt|month|on|end|fin|in|year)){0,2}|valid\s(?:thru|through|until|till|to)|good\sthru|"
    r"gültig\sbis|ablaufdatum|caducidad|fecha de caducidad|vencimiento|expire le|date d['’]expiration|scadenza|vervaldatum|validade|ważna do"
)
_EXPIRY_ELSEWHERE = (
    r"caduca(?:\sel|\sen)?|cad\.?|vence(?:\sel|\sem|\sen)?|vto\.?|venc\.?|expiración|válid[oa]\s(?:hasta|até)|scade(?:\sil)?|scad\.?|valid[oa]\sfino\sal?|"
    r"verva(?:lt|l)(?:\sop)?|verloopt(?:\sop)?|geldig\stot|valable\sjusqu['’](?:au|en|à)|gilt\sbis|läuft\s(?:ab|bis)|gültig|val\.?|ważn[aey](?:\sdo)?|data\sważności|wygasa"
)
"""Words before a month and year that are said of much else: they count only beside a card."""
_CVV = (
    r"cvv2?|cvc2?|c\.v\.[vc]\.?|c v [vc](?=\s)|cvn|cid(?=\s(?:is|code|:))|csc|card\s(?:verification|security|validation)\s(?:code|value|number|no)|"
    r"(?:security|verification)\s(?:code|number)\s(?:on|at)\s(?:the\s)?back|3[\s-]digit(?:\s(?:security|code|number)){1,2}|sec(?:urity|\.)?\scode|"
    r"prüfnummer|kartenprüfnummer|código de seguridad|código de segurança|kod\s(?:cvv|cvc|zabezpieczający|bezpieczeństwa)|code de sécurité|cryptogramme|codice di sicurezza|beveiligingscode"
)


_OF_OTHER_THINGS = re.compile(
    r"\b(?:lot|batch|gtin|ean|mhd|best before|membership|subscription|certificate|domain|mot|itv|tüv|apk|service plan|road tax|prescription|visa (?:is|was|valid)|permit)\b|coupon|voucher|offer|promo|quote|warranty|contract|licen[sc]e|passport|insurance|gutschein|angebot|garantie|vertrag|"
    r"reisepass|ausweis|führerschein|passeport|permis|pasaporte|carnet|passaporto|patente|paspoort|rijbewijs|paszport|prawo jazdy",
    re.IGNORECASE,
)
"""Other things that are valid until a month and a year."""
_NEAR = 48  # code points before the label in which such a thing is looked for
_OF_A_CARD = re.compile(
    r"(?:[.!?]\s|\n\s*\n)[^.!?]*\b(?:card|karte|carte|tarjeta|carta|kaart|cartão|karta)\b", re.IGNORECASE
)
"""A sentence of its own about a card: what the sentence before it was about does not count."""
_DOUBTFUL = 0.3
_BY_NAME = Sort("named month, with a card near it", 0.74)
_BESIDE_CARD = Sort("label of `_EXPIRY_ELSEWHERE`, with a card near it", 0.745)
_CARD_NEAR = re.compile(
    r"(?:\b(?:card|visa|mastercard|amex|[^\W\d_]{0,12}karte|carte|tarjeta|carta|[^\W\d_]{0,12}kaart|cartão|karta)\b|(?<!\d)(?:\d{4}[ \-]?){3}\d{1,4}(?!\d))",
    re.IGNORECASE,
)
_REACH = 80  # code points before a date in which the card is named


class CardExpiryRecognizer(ValuePatternRecognizer):
    """The month and year until which a card is valid."""

    ENTITY = "CARD_EXPIRY"
    PATTERNS = (
        ValuePattern(
            "label and month", labelled(_EXPIRY, _MONTH_YEAR, after=r"(?![\w/\-]|[.,]\d)"), 0.75, _EXPIRY
        ),
        ValuePattern(
            "label and MMYY",
            labelled(r"exp(?:iry|iration|ires|ire|iring)?(?:\s?(?:date|dt))?\.?", _MMYY, after=NOT_QUANTITY),
            0.65,
            r"exp",
        ),
        ValuePattern(
            "label and the name of a month, of a card",
            labelled(
                rf"{_EXPIRY}|runs?\sout(?:\sin)?|good\suntil|läuft\s(?:bis|ab)",
                _NAMED_MONTH,
                after=r"(?![\w/\-]|[.,]\d)",
            ),
            _BY_NAME,
            rf"{_EXPIRY}|runs?\sout|good\suntil|läuft\s",
        ),
        ValuePattern(
            "label of other languages and month, of a card",
            labelled(_EXPIRY_ELSEWHERE, _MONTH_YEAR, after=r"(?![\w/\-]|[.,]\d)"),
            _BESIDE_CARD,
            _EXPIRY_ELSEWHERE,
        ),
        ValuePattern(
            "field of a month or a year",
            rf"{LABEL_START}(?:(?:card|cc)[_\- ]?)?exp(?:iry|iration)?[_\- ]?(?:month|year|mm|yy(?:yy)?)(?:\\?[\"'])?[ ]{{0,2}}[=:][ ]{{0,2}}(?:\\?[\"'])?(?P<value>(?:20)?[2-4]\d|0?[1-9]|1[0-2])(?![\w\-/]|[.,]\d)",
            0.76,
            r"exp(?:iry|iration)?[_\- ]?(?:month|year|mm|yy)",
            28,
        ),
        ValuePattern(
            "after a card number",
            rf"{_BEHIND_CARD}(?P<value>{_MONTH_YEAR}|{_MMYY})(?![\w/\-]|\.\d|,\d(?!\d{{2,3}}(?!\d)))",
            0.8,
        ),
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        before = match.string[max(0, match.start() - _NEAR) : match.start("value")]
        if sort in {_BY_NAME, _BESIDE_CARD}:
            near = match.string[max(0, match.start() - _REACH) : match.start("value")]
            if _CARD_NEAR.search(near) is None:
                return 0.0  # a membership expires in a named month, too, and an invoice is due
        if _OF_OTHER_THINGS.search(before) is None or _OF_A_CARD.search(before) is not None:
            return sort.score
        return _DOUBTFUL


class CardCodeRecognizer(ValuePatternRecognizer):
    """Verification codes, and what is on the magnetic stripe behind the number."""

    ENTITY = "CARD_CVV"
    PATTERNS = (
        ValuePattern(
            "label and digits",
            labelled(rf"(?:{_CVV})(?:[\s\-](?:code|number|no|num))?", r"\d{3,4}", after=NOT_QUANTITY),
            0.85,
            _CVV,
        ),
        ValuePattern(
            "label and digits apart",
            labelled(
                rf"(?:{_CVV})(?:\s(?:code|number|no|num))?",
                r"\d(?:[ \-.,]{1,2}\d){2,3}",
                after=NOT_QUANTITY + r"(?![ \-.,]{1,2}\d)",
            ),
            0.8,
            _CVV,
        ),
        ValuePattern(
            "after the expiry",
            rf"{_BEHIND_CARD}(?:{_MONTH_YEAR}|{_MMYY})[\s,;|/]{{1,3}}(?P<value>\d{{3,4}})(?![\w/\-]|[.,]\d)",
            0.7,
        ),
        ValuePattern(
            "after the number, the expiry and a word for it",
            rf"{_CARD_NUMBER}[^\d\n]{{1,30}}{_MONTH_YEAR}[^\d\n]{{1,20}}?\b(?:c[oó]d(?:igo|e|\.)?|code|sec|ver|back|digits|prüf|crypt|krypt)[^\d\n]{{1,12}}(?P<value>\d{{3,4}})(?![\w/\-]|[.,]\d)",
            0.7,
        ),
        ValuePattern(  # the holder, the expiry and what the issuer checks; must not be stored either
            "track of a stripe",
            r"(?<![^\W_])[Bb]\d{12,19}(?P<value>\^[^\^\n]{2,26}\^\d{4,60})",
            0.9,
            r"\d\^[^\^\n]{2,26}\^\d{4}",
        ),
        ValuePattern(
            "digits that are on the back",
            rf"{LABEL_START}(?:it['’]?s|it is|is|code|that['’]?s)[ ](?P<value>\d{{3,4}})(?=,?[ ]on[ ]the[ ](?:back|reverse|signature[ ]strip)(?![ ]of[ ](?!(?:the|my)[ ]card)))",
            0.7,
            r"\d,?[ ]on[ ]the[ ](?:back|reverse|signature)",
            24,
        ),
        ValuePattern(
            "digits on the back",
            rf"{LABEL_START}(?:three|3|four|4)(?:[\s\-](?:digits?|numbers?))?\s(?:code\s|number\s)?(?:on|at)\s(?:the\s)?(?:back|front|reverse|rear)(?:\sof\s(?:the|my)\scard)?{LINK}(?P<value>\d{{3,4}}){NOT_QUANTITY}",
            0.8,
            r"(?:on|at)\s(?:the\s)?(?:back|front|reverse|rear)",
            40,
        ),
    )

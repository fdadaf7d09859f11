"""Rejects the model's findings that are numbers of things, by the words that name those.

The model reads digits; the word before them tells that they are an order's, a gate's or an amount of money.
"""

# ruff: noqa: E501, RUF001, SIM905  # tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shield.analyzer.key_names import key_words
from shield.analyzer.plausibility.label_words import PARTICLES
from shield.analyzer.stems import stem
from shield.analyzer.surroundings import label_before
from shield.analyzer.views.number_words import NATO


def _stems(*tables: str) -> frozenset[str]:
    return frozenset(stem(word) for table in tables for word in table.split())


_THINGS: Final = _stems(
    # codes that are the same everywhere
    "gtin ean upc isbn asin pnr sku emd inv rma awb arn npi",
    # carriers, whose numbers are a parcel's
    "dhl ups fedex gls dpd seur mrw nacex chronopost colissimo tnt postnl bpost inpost ctt brt bartolini jadlog sedex",
    # English
    """group vat lot batch shelf pallet order ticket invoice tracking track case reference ref confirmation confirmation's item
    part serial model version build error request incident booking shipment parcel transaction receipt quote quantity po
    chapter page step gate flight room section row seat level channel port line unit
    commit windows office boeing revision release branch issue patch ratio resolution timestamp epoch tag offset
    zoom meeting webinar dock conveyor aisle rack bin bay lane container control claim locker desk employee staff personnel badge
    folio carousel belt form schedule appendix annex clause tariff asset entry seal penalty microchip chip docket cpt hcpcs drg
    ndc mawb hawb voyage""",
    # German
    """sendung sendungsverfolgung artikel artikelnummer raum bestellung rechnung auftrag vorgang lieferschein seriennummer modell
    angebot gutschrift ersatzteil aktenzeichen flug klasse bußgeld bußgeldbescheid strafzettel chipnr kofferanhänger""",
    # Spanish
    """envío artículo sala pedido factura seguimiento rastreo protocolo anexo interno referencia albarán albaran lote serie
    incidencia presupuesto localizador siniestro modelo versión recambio pieza guía remito catálogo vuelo multa etiqueta""",
    # French
    """colis référence réf salle commande facture dossier suivi lot série devis bordereau sinistre réclamation modèle version
    expédition classe amende contravention étiquette""",
    # Italian
    """spedizione articolo stanza ordine fattura pratica tracciamento rif riferimento lotto preventivo bolla ddt sinistro modello
    seriale cod catalogo volo multa verbale etichetta""",
    # Dutch
    """zending kamer bestelling factuur referentie kenmerk partij offerte pakbon zaak melding klacht trace vlucht klas boete kofferlabel bagagelabel""",
    # Portuguese
    """envio artigo encomenda fatura protocolo ramal referência orçamento chamado sinistro guia rastreio rastreamento peça
    versão voo turma coima""",
    # Polish
    """przesyłka przesyłki paczka paczki listu artykuł sali zamówienie zamówienia sprawy faktura faktury seria indeks partia paragon
    oferta oferty zgłoszenie zgłoszenia szkody zlecenie zlecenia katalogowy produktu seryjny śledzenia wersja referencyjny
    klasa klasy mandat mandatu etykieta""",
)
"""Words that name a number of something that is not a person's."""
_THINGS_COMPOUND: Final = (
    *"serie serien artikel rechnungs bestell auftrags vorgangs lieferschein sendungs paket material teile modell geräte".split(),
    *"chargen ticket tracking buchungs angebots gutschrift schaden schadens sendungsverfolgungs".split(),
    *"factuur bestel order pakket zending zaak zaaks dossier onderdeel model track barcode referentie".split(),
)
"""What stands before "nummer" or "nr" in one word: "Lieferscheinnummer", "factuurnr"."""
_COMPOUND_NUMBERS: Final = frozenset(
    stem(each + number) for each in _THINGS_COMPOUND for number in ("nummer", "nummern", "nr")
)
OTHER_THINGS: Final = _THINGS | _COMPOUND_NUMBERS
"""Words before a number of something that is not a person's."""
_NUMBER_OF: Final = frozenset("number no nr numéro número numero nummer".split())
CODES_OF_THINGS: Final = OTHER_THINGS | _stems(
    """status exit response return http reason result product promo promotion discount coupon voucher source qr
    country currency language color colour"""
)
"""Words that make the code after them one of a thing."""
_SUMS: Final = _stems(
    """total sum subtotal amount price cost costs paid pay charged charge fee fees balance refund refunded deposit
    bill tip worth rate premium copay deductible"""
)
"""Words before an amount of money."""
_IDS: Final = frozenset("id ids sku uuid guid number no nr".split())
_OF_SYSTEMS: Final = OTHER_THINGS | _stems(
    """sys event trace session queue brand message comment conversation thread object record external
    product variant category tag job task run log node process correlation span
    assignee submitter organization group forum topic problem form role schedule view macro trigger automation
    article section workspace sharing agreement locale"""
)
"""Things whose identifiers systems give, and nobody else."""
_MEMBER: Final = re.compile(r"([A-Za-z][\w\-]{0,24})[\"']?[ ]?(?:[:=<>]|[<>!=]=|<>)[ ]?[\"']?\Z")
_BEFORE_MEMBERS: Final = frozenset(":=\"' ")
_CARRIER: Final = re.compile(r"(?<![^\W_])1Z[ ](?:[A-Z0-9]{2,4}[ ]){1,5}\Z")
"""The first groups of a parcel's number at UPS."""
_DASHED: Final = re.compile(
    r"(?<![\w'’])(?:(?:oh|zero|one|two|three|four|five|six|seven|eight|nine|double|triple|dash|hyphen|slash)[ ,\-]{1,2}){1,20}\Z",
    re.IGNORECASE,
)
_REACH_DASHED: Final = 128
_LETTERS: Final = re.compile(
    rf"(?<![\w'’])(?:(?:[b-hj-z]|a|x[ -]ray|{'|'.join(NATO)})[ ,\-]{{1,2}}){{1,4}}\Z", re.IGNORECASE
)
_RUN: Final = re.compile(
    rf"(?<![\w'’])(?:(?:[a-z]|oh|zero|one|two|three|four|five|six|seven|eight|nine|ten|double|triple|x[ -]ray|{'|'.join(NATO)}|"
    r"as[ ]in|no|wait|sorry|uh|um)[ ,.\-]{1,3}){1,40}\Z",
    re.IGNORECASE,
)
"""The figures and letters of a number so far, also those that were said wrongly or twice."""
_REACH_RUN: Final = 240
_ASKED: Final = re.compile(
    r"(?<![^\W_])([^\W\d_]{2,20})[ ](?:numbers?|no|id|code|reference|ref|nummer|nr)(?:[ ](?:please|again|for me|there|then))?[ ]?[?.]\s{1,3}"
    r"(?:[^\W\d_]{2,12}[ ]?\d?:[ ])?(?:(?:sure|yes|yeah|yep|ok|okay|so|well|right|and|here|let me see|it['’]?s|it is|that['’]?s|that is|is)[ ,.]{1,3}){0,5}\Z",
    re.IGNORECASE,
)
"""A question for a number, up to its answer."""
_REACH_ASKED: Final = 96
_REGISTER: Final = re.compile(
    # the words of a footer: "registered in England and Wales no. ", "company registration number: "
    r"(?:registered[ ](?:(?:in|under)[ ])?(?:[A-Z][a-z]{2,12}[ ](?:(?:and|&)[ ][A-Z][a-z]{2,12}[ ])?)?|(?<![^\W_])(?:company|charity|registration)[ ](?:reg(?:istration)?\.?[ ])?)"
    r"(?:no|number|nr)\.?:?[ ]\Z|"
    # the name of a register of one country
    r"(?<![^\W_])(?:HRB|HRA|SIRET|SIREN|KvK|CVR|Companies House)(?:[ ]?(?:no|nr)\.?)?:?[ ]\Z",
    re.IGNORECASE,
)
"""Before a company's number in a register, as in the footer of a letter."""
_TO: Final = r"(?:to|until|till|through|thru|bis|hasta|al|au|jusqu['’]au|al|tot|até|do|–|—|-)"
_DATE: Final = r"(?:\d{1,4}[\-/.]\d{1,2}[\-/.]\d{1,4}|\d{1,2}(?:st|nd|rd|th|\.)?[ ](?:(?:of|de)[ ])?[^\W\d_]{3,9}\.?,?[ ](?:de[ ])?\d{4})"
_TO_DATE: Final = re.compile(rf"[ ]?{_TO}[ ]{_DATE}(?![\w\-])", re.IGNORECASE)
_FROM_DATE: Final = re.compile(rf"(?<![\w\-]){_DATE}[ ]{_TO}[ ]\Z", re.IGNORECASE)
_FILLERS: Final = re.compile(
    r"(?<![\w'’])(?:(?:uh|um|er|erm|ah|hm|like|you know|i think|i mean|yeah|so)[ ,.]{1,4}){1,4}\Z",
    re.IGNORECASE,
)
_ROW: Final = re.compile(r"(?<![\w.,/\-])(?:\d{3,12}(?:,[ ]|[ ](?:and|or|&|und|oder|y|et|e|en|i)[ ])){1,6}\Z")
"""Numbers before another one."""
_REACH: Final = 48  # code points before a number that are read
_SHELF: Final = 3  # words of "7, bay C"
_OF_A_PHONE: Final = 7  # words of a number from which it is not an amount
_FAILED: Final = _stems("failed failure fails exited crashed aborted")
_OPENED: Final = _stems("entry locker desk staff employee personnel badge container zoom meeting webinar")
"""Things whose number is not personal, but whose code gives access."""


def first_of_row(text: str, start: int) -> int:
    """Where the first number stands of a row that a number belongs to: "receipts 118827 and 118903"."""
    if start < 2 or not text[start - 1].isspace():  # noqa: PLR2004  a digit and a sign
        return start
    row = _ROW.search(text, max(0, start - _REACH), start)
    return row.start() if row is not None else start


def names_a_thing(text: str, start: int) -> bool:
    """Whether the word before a number names a thing's number; letters spelled before it are skipped."""
    start = _before_fillers(text, start)
    if (said := _DASHED.search(text, max(0, start - _REACH_DASHED), start)) is not None:
        start = said.start()  # a piece of a longer number
    before = label_before(text, start)
    if before and before[-1] in OTHER_THINGS:
        return True
    run = _RUN.search(text, max(0, start - _REACH_RUN), start)
    first = start if run is None else run.start()
    if _is_asked(text, first):
        return True
    if first < start and (before := label_before(text, first)) and before[-1] in OTHER_THINGS:
        return True
    spelled = _LETTERS.search(text, max(0, start - _REACH), start)
    if spelled is None:
        return False
    before = label_before(text, spelled.start())
    return bool(before) and before[-1] in OTHER_THINGS


def _is_asked(text: str, start: int) -> bool:
    """Whether a question for the number of a thing stands right before: "order number? It's …"."""
    asked = _ASKED.search(text, max(0, start - _REACH_ASKED), start)
    return asked is not None and stem(asked[1].lower()) in OTHER_THINGS


def is_sum(text: str, start: int, words: Sequence[str], label: str) -> bool:
    """Whether a number in words is an amount, not a phone number: "the total was one oh nine ninety five"."""
    if label not in {"PHONE_NUMBER", "POSTCODE"} or len(words) >= _OF_A_PHONE:
        return False
    before = label_before(text, _before_fillers(text, start))
    return bool(before) and before[-1] in _SUMS


def is_shelf(words: Sequence[str]) -> bool:
    """Whether an apparent address is a place in a warehouse: "7, bay C"."""
    if len(words) != _SHELF or not words[0].isdecimal() or stem(words[1]) not in OTHER_THINGS:
        return False
    return len(words[2]) == 1 or words[2].isdecimal()


def is_id_of_a_thing(text: str, start: int) -> bool:
    """Whether a number is the identifier of a thing in a member, or part of a parcel's: `"sys_id": "9d38…"`."""
    if text[max(0, start - 1) : start] not in _BEFORE_MEMBERS:
        return False
    member = _MEMBER.search(text, max(0, start - _REACH), start)
    if member is None:
        return text[start - 1 : start] == " " and _CARRIER.search(text, max(0, start - 24), start) is not None
    words = [stem(word) for word in key_words(member[1])]
    return (
        bool(words)
        and words[-1] in _IDS
        and _OF_SYSTEMS.issuperset(words[:-1])
        and (len(words) > 1 or words[-1] not in _NUMBER_OF)
    )


def is_of_a_register(text: str, start: int) -> bool:
    """Whether the text before a number says that it is a company's number in a register."""
    return (
        text[start - 1 : start] == " " and _REGISTER.search(text, max(0, start - _REACH), start) is not None
    )


def is_of_a_span(text: str, start: int, end: int) -> bool:
    """Whether a date begins or ends a span of time: "from 1990-01-01 to 2021-03-31"."""
    if _TO_DATE.match(text, end) is not None:
        return True
    return _FROM_DATE.search(text, max(0, start - _REACH), start) is not None


def _before_fillers(text: str, start: int) -> int:
    """The end of the text before `start`, without filler words: "was, uh, like"."""
    fillers = _FILLERS.search(text, max(0, start - _REACH), start)
    return fillers.start() if fillers is not None else start


def is_thing_and_number(words: Sequence[str]) -> bool:
    """Whether it is a thing and its number: "gate B99", "la salle 951", "numéro de suivi 6A12"."""
    last = words[-1]
    if len(words) == 1 or not (last in PARTICLES if last.isalpha() else any(map(str.isdigit, last))):
        return False
    named = [word for word in words if word not in PARTICLES]
    return (
        len(named) > 1
        and (stem(named[0]) in OTHER_THINGS or (named[0] in _NUMBER_OF and stem(named[1]) in OTHER_THINGS))
        and all(
            any(map(str.isdigit, word)) or stem(word) in OTHER_THINGS
            for word in named[1 + (named[0] in _NUMBER_OF) :]
        )
    )


def is_code_of_a_thing(before: Sequence[str]) -> bool:
    """Whether the words before are "error code", "error 7, code" or the like: not every code is personal."""
    named = before[:-1]
    if not _FAILED.isdisjoint(named):  # "failed with code AUTH-1093"
        return True
    if named and any(map(str.isdigit, named[-1])):  # "error 0x80070057, code E1234"
        named = named[:-1]
    return bool(named) and named[-1] in CODES_OF_THINGS and named[-1] not in _OPENED

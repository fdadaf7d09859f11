"""Recognizes what a question asks for: "can I take your postcode?"."""

# ruff: noqa: E501, RUF001  # typographic apostrophes; patterns and tables, one a line
from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from typing import Final, NamedTuple


class Form(enum.Enum):
    """What an answer consists of."""

    NUMBER = "figures alone"
    CODE = "figures and letters"
    LETTERS = "letters that spell a word"
    DATE = "figures and the words of a date"
    HOUSE = "the number of a house"
    ADDRESS = "letters, figures and the signs of an address"
    WORDS = "a few words"
    NAME = "words with capitals"


class Ask(NamedTuple):
    """What is asked for, and the form of the answer."""

    entity_type: str
    form: Form


_REACH: Final = 200  # code points at the end of a turn
_OTHER: Final = re.compile(
    # a thing, or its number, at the end of a sentence: "what is the order number?"
    r"\b(?:order|ticket|invoice|tracking|reference|case|confirmation|booking|model|serial|version|item|product|part|sku|flight|"
    r"extension|room|bestell\w*|rechnungs?\w*|pedido|commande|ordine)[\s-]?(?:numbers?|no|id|code|nummer|num)?\b(?=[^.!?]{0,3}(?:[.!?]|$))|"
    # the number of a thing anywhere
    r"\b(?:order|ticket|invoice|tracking|reference|case|confirmation|booking|model|serial|item|product|part|flight|extension|room)[\s-](?:numbers?|no|id|code)\b|"
    # a quantity
    r"\bhow (?:many|much|long|old)\b|\b(?:amount|quantity|price)\b|"
    # a count, a grade or a time that the last sentence is about
    r"\b(?:pages?|errors?|rate|scale|percent(?:age)?|how was|when (?:was|did|will)(?! (?:he|she|they|you) born))\b[^.!?]{0,80}[.!?\s]{0,4}\Z",
    re.IGNORECASE,
)
"""Other things whose number is asked for: the answer is not personal data."""
_EXPIRY: Final = (
    r"card(?:'s)? (?:expiry|expiration)(?: date)?|"
    r"(?<!passport )(?<!licence )(?<!license )(?<!policy )(?<!offer )(?:expiry|expiration)(?: date)?(?: on (?:the|your) card)?[ ?.]{0,3}\Z"
)
"""Of a card, or asked for as if nothing else could be meant."""
_TELL: Final = (
    r"(?:what(?:['’]?s| is| was)|tell me|give me|confirm|verify|(?:can|could|may) i (?:just )?(?:have|get|take)|and)"
    r" (?:the |your |a |that )?(?:[^\W\d_]{2,10} )?"
)
"""Before what one wants to hear itself, and not whether it works: "have you reset your password?"."""
_ASKS: Final = tuple(
    (Ask(entity_type, form), re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE))
    for entity_type, form, words in (
        ("SECURITY_ANSWER", Form.WORDS, r"(?:mother|mom|mum)(?:['’]?s)? maiden name|(?:memorable|secret|security) (?:word|answer)|answer to (?:your|the) (?:security|secret) question|(?:name of )?your (?:first|childhood|favou?rite) (?:school|pet|car|teacher|dog|cat|street|friend|colou?r|film|movie|book|food)|your pet['’]?s name|mädchenname|apellido de soltera|nom de jeune fille|cognome da nubile|meisjesnaam|nome de solteira|nazwisko panieńskie"),
        ("PASSWORD", Form.WORDS, rf"{_TELL}(?:verbal |telephone |phone |account |security |call )?pass(?:word|phrase)(?! (?:req|polic|reset|rule|hint|length|manag|expir|set|field|change))"),
        ("USERNAME", Form.WORDS, rf"{_TELL}(?:user ?name|user ?id|log ?in(?: name| id)|screen ?name)"),
        ("CARD_CVV", Form.NUMBER, r"cvv|cvc|security code|(?:three|four|3|4)[ -]digit (?:code|number)|digits on the back|(?:last )?(?:three|four|3|4)(?: digits| numbers)? (?:on|at|from) the (?:back|front|reverse)|prüfnummer|código de seguridad|code de sécurité"),
        ("CREDIT_CARD", Form.NUMBER, r"(?:credit |debit )?card number|card(?:'s)? (?:long )?number|long number|(?:number|digits)[^.?!]{0,20} card|kartennummer|número de (?:la |tu |su )?tarjeta|numéro de (?:la |votre )?carte|numero della (?:sua |tua )?carta|kaartnummer|número do (?:seu )?cartão|numer karty"),
        ("US_SSN", Form.NUMBER, r"ssn|(?:full |your |the )social|social security(?: number)?"),
        ("IBAN_CODE", Form.CODE, r"iban"),
        ("ACCOUNT_NUMBER", Form.NUMBER, r"account number|sort code|routing number|kontonummer|número de (?:la |tu |su )?cuenta|numéro de compte|numero di conto|rekeningnummer|número da conta|numer(?:u|em)? (?:konta|rachunku)"),
        ("PHONE_NUMBER", Form.NUMBER, r"(?:phone|telephone|mobile|cell|contact|call-?back|call back)(?: ?phone)?(?: number)?|(?:best )?number (?:to|i can|we can) (?:call|reach)[^.?!]{0,12}|telefonnummer|handynummer|(?:número de )?teléfono|(?:numéro de )?téléphone|numero di telefono|telefoonnummer|mobiele nummer|rückrufnummer|telefone|(?:téléphone )?portable|numer telefonu|recapito|cellulare|(?:numéro de )?portable|(?:número de )?(?:móvil|celular|telemóvel)|numer komórki|(?:number|line) (?:are you|you(?:['’]re| are)) (?:porting|calling|ringing|moving|switching|transferring)|pod jakim numerem|(?:op|onder) welk nummer (?:kun|kan|mag|mogen|ben|bel)\w{0,3}|(?:unter|auf) welcher nummer|à quel numéro|(?:a|en) qué número|a (?:che|quale) numero|(?:em|para) que número"),
        ("TRAVEL_DOCUMENT", Form.CODE, r"passport(?: number)?|reisepass\w*|pasaporte|passeport|passaporto|paspoort|paszport\w*"),
        ("DRIVER_LICENSE", Form.CODE, r"driv(?:er'?s?|ing) licen[cs]e(?: number)?"),
        ("INSURANCE_NUMBER", Form.CODE, r"(?:member|subscriber|insurance|policy|membership) (?:id|number)"),
        ("MEDICAL_RECORD_NUMBER", Form.CODE, r"medical record(?: number)?|mrn|patient (?:id|number)|chart number"),
        ("CUSTOMER_ID", Form.CODE, r"customer (?:number|reference|ref|code)|client number|kunden(?:nummer|-?nr)|numéro de client|número de cliente|(?:numero|codice) cliente|klantnummer|número do cliente|numer klienta"),
        ("CARD_EXPIRY", Form.DATE, _EXPIRY),
        ("CARD_EXPIRY", Form.NUMBER, _EXPIRY),
        ("NATIONAL_ID", Form.CODE, r"national insurance(?: number)?|ni number|medicare (?:number|id|card number)|tax (?:id|number)|aadhaar|nric|ppsn?(?: number)?|pesel|bsn|cpf|dni|nif|nie|nip|codice fiscale|steuer-?id(?:entifikationsnummer)?|numéro de sécurité sociale|número de documento"),
        ("LICENSE_PLATE", Form.CODE, r"(?:licen[cs]e|number) plate|plate number|registration(?: number)?|(?:vehicle|car|your) reg|kennzeichen"),
        ("ONE_TIME_CODE", Form.CODE, r"(?:verification|one[- ]time|security|six[- ]digit) (?:pass)?code|passcode|code (?:that )?(?:we|i)(?:'ve| have)? (?:just )?(?:sent|texted|emailed)|kod (?:z )?sms\w*|code (?:reçu|sms)|código (?:sms|de verificación|de verificação|que)|codice (?:sms|di verifica|ricevuto)|bestätigungscode|sms-?code|verificatiecode"),
        ("PIN", Form.NUMBER, r"pin(?! ?code)|pin number"),
        ("POSTCODE", Form.CODE, r"post ?code|postal code|zip(?: ?code)?|eircode|pin ?code|plz|postleitzahl|código postal|code postal|postcode|kod pocztowy|codice postale|(?:il|suo|tuo) (?:suo |tuo )?cap|cep"),
        ("DATE_OF_BIRTH", Form.DATE, r"date of birth|d\.?o\.?b|birth ?date|birthday|(?:were you|was (?:he|she)) born|geburtsdatum|fecha de nacimiento|date de naissance|data di nascita|geboortedatum|data de nascimento|dat[aęy] urodzenia|née?|(?:è|sei) nat[oa]|naci(?:ó|ste)|nasceu|geboren|urodził\w{0,3}|geburtstag|anniversaire|urodziny|verjaardag|aniversário|compleanno|cumpleaños"),
        ("EMAIL_ADDRESS", Form.ADDRESS, r"e-?mail(?: address)?|mailadresse|correo"),
        ("STREET_ADDRESS", Form.HOUSE, r"(?<!mail )(?<!ip )address|where (?:do you|does (?:he|she)) live|house number|door number|(?:name of the |your )street|adresse|dirección|indirizzo|endereço|morada|adres(?:em|u)?|hausnummer|huisnummer|numer(?:u|em)? (?:domu|mieszkania)|numero civico|número (?:da porta|de (?:la |su )?(?:casa|puerta))|numéro de (?:la |votre )?(?:rue|maison)|wo wohnen|waar woon\w{1,2}|gdzie (?:pan|pani) mieszka|où habite[zs]|dónde vive|dove abita|onde mora"),
        ("LOCATION", Form.WORDS, r"(?:(?:the|your|which|what|and) )?(?:home ?)?(?:town|city|suburb|village|municipality)(?: or (?:town|city|suburb|village))?(?: please| is (?:that|this|it)(?: in)?| do you live in| are you (?:in|from|calling from|based in|living in))?[ ?.]{0,3}\Z"),
        ("PERSON", Form.NAME, r"(?:(?:first|last|full|family|given|middle|maiden|your|his|her|their) ?|sur|fore)names?|who am i speaking (?:to|with)|who(?:['’]?s| is) (?:this|calling|speaking)|(?:a|the) name (?:on|for|of) (?:the|your|that) (?:card|account|booking|reservation|policy|prescription|driver|passenger|patient)|nachname|vorname|apellidos?|nom de famille|cognome|achternaam|prénom|votre nom|su nombre|nombre completo|(?:suo|seu) nome|imię|nazwisko|voornaam|(?:uw|volledige) naam|vollständiger name|ihr name|wie heißen sie|mit wem spreche ich|comment vous appelez[ -]vous|à quel nom|cómo se llama|con quién hablo|a nombre de quién|come si chiama|con chi parlo|a che nome|como se chama|com quem (?:falo|estou a falar)|em nome de quem|met wie spreek ik|hoe heet|hoe is uw naam|onder welke naam|się (?:pan|pani) nazywa|na jakie nazwisko|auf welchen namen"),
        ("PERSON", Form.LETTERS, r"(?:(?:first|last|full|family|given|middle|maiden|your|the|his|her) ?|sur|fore)names?|spell(?:ed|ing)?(?: (?:that|it))?|buchstabier\w*|deletr\w*|[ée]pel\w*|soletr\w*|spelling|spellen|spelt|sillab\w*|scand\w*|(?:prze)?literu\w*|przeliterow\w*|(?:schreibt man|schreiben sie|schreibt sich) (?:das|ihn|sich)|(?:cómo|como) se escrib[ei]|como se escreve|come si scrive|(?:się|to) pisze|s['’ ]écrit|hoe schrijf\w*|nachname|vorname|ihr(?:en)? name|apellidos?|su nombre|(?:votre|ton) (?:pré)?nom|nom de famille|cognome|(?:suo|seu) nome|apelido|sobrenome|achternaam|voornaam|uw naam|(?:podać|proszę|pana|pani|swoje|pełne) (?:imię|nazwisko)"),
    )
)  # fmt: skip
_ANY: Final = re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in _ASKS), re.IGNORECASE)


def asked(text: str) -> Sequence[Ask]:
    """What the end of a turn asks for; empty where it asks for the number of a thing."""
    end = text[-_REACH:]
    if _ANY.search(end) is None or _OTHER.search(end) is not None:
        return ()
    return [ask for ask, pattern in _ASKS if pattern.search(end) is not None]

"""The table of what a member's name says about its value, used by `key_context` for our own entity types.

`{"dob": "1980-02-29"}`, `{"cvv": 123}`, `{"mrn": "00412345"}`: a row applies if the name has all words of
one of its sets and none of those it excludes, and the whole value has the row's shape. A set marked with `=`
must be all of the name: `{"pass": "hunter22"}` is a password, `{"boarding_pass": "K3X9QL"}` none.
"""

# ruff: noqa: E501, SIM905  # patterns, one a line; tables of words read best as prose
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

SURE = 0.85
_NEVER = frozenset(
    "type kind status state count policy hint hash hashed digest reset expires expired expiry required enabled verified valid "
    "format length strength changed updated created at label url uri link attempts max min limit page next previous cursor "
    "version schema name names title description placeholder algorithm salt opt rule rules".split()
)
_NO_SECRETS = frozenset(
    "cart checkout upload pagination continuation sync delta idempotency csrf xsrf antiforgery authenticity".split()
)
"""Words before "token" that make it a number of something, a place in a list, or proof of a page that was shown.

The last opens nothing without the session that it belongs to, and its receiver refuses a form without it.
"""
_OF_ASP_NET = frozenset(("request", "verification"))
"""The words before "token" in the name of its field: `__RequestVerificationToken`."""


@dataclass(frozen=True, slots=True)
class _Row:
    """What a value is whose name has all words of one of `names`, and whose whole text has the `shape`."""

    entity: str
    names: tuple[frozenset[str], ...]
    shape: re.Pattern[str]
    numbers: bool = True  # whether a JSON number can be a value
    but: frozenset[str] = frozenset()
    """Words of `_NEVER` that the row allows."""


_WHOLE = "="
"""In a set of words: no other word stands in the name."""


def _names(text: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(name.replace(_WHOLE, f"{_WHOLE} ").split()) for name in text.split("|"))


def _row(entity: str, names: str, shape: str, *, numbers: bool = True, but: str = "") -> _Row:
    return _Row(entity, _names(names), re.compile(shape, re.IGNORECASE), numbers, frozenset(but.split()))


_DATE = r"(?=.*\d)\d{1,4}(?:[-/. ](?:\d{1,2}|[a-z]{3,9}\.?)){2}\d{0,2}[-/. ]?\d{0,4}(?:T[\d:.Z+]*)?|[a-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{2,4}|(?:19|20)\d{6}|\d{1,2}(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:\d{2}){1,2}"
_EPOCH = r"-?\d{7,13}(?:\.0{1,6})?|/Date\(-?\d{1,14}(?:[+-]\d{4})?\)/"
"""Seconds or milliseconds since 1970, as CRMs store dates; the last form is .NET's."""
_ROWS = (
    _row(
        "DATE_OF_BIRTH",
        "dob|d o b|bday|bdate|birth dt|birth date|birth time|birthtime|birth day|birthdate|birthday|date birth|born|"
        "geburtsdatum|geburtstag|nacimiento|geb dat|geb datum|gebdat|gebdatum|=geb|=geboren|fecha nac|fec nac|f nac|fnac|"
        "fechanacimiento|date naissance|datenaissance|date nais|ddn|data nascita|datanascita|data nasc|dt nasc|nascimento|"
        "geboortedatum|geboorte datum|data urodzenia|data ur|data urodz",
        rf"{_DATE}|{_EPOCH}",
        but="at",
    ),
    _row(
        "DATE_OF_BIRTH",
        "|".join(
            f"{date} {part}"
            for date in ("dob", "birth", "birthday", "birthdate", "born")
            for part in ("day", "month", "year")
        ),
        r"0?[1-9]|[12]\d|3[01]|(?:19|20)\d{2}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?",
    ),
    _row("DATE_OF_BIRTH", "birthday|bday", r"(?:0?[1-9]|1[0-2])[/.-](?:0?[1-9]|[12]\d|3[01])", numbers=False),
    _row(
        "PASSWORD",
        "password|passwd|pwd|pw|passw|pswd|pword|=pass|=user pass|=db pass|temp pass|tmp pass|passphrase|passwort|contraseña|contrasena|"
        "senha|kennwort|wachtwoord|mot passe|motdepasse|=mdp|hasło|haslo|security word|safe word|phone word|kundenkennwort",
        r"(?!\*+$|x+$|•+$|\[.*\]$|<.*>$|(?:yes|true|false|none|null|empty|masked|unset|set|n/a|required|optional|string|text|varchar(?:\(\d+\))?|changed|expired|unchanged)$)\S.{2,127}",
    ),
    _row("PIN", "pin|pincode|mpin|tpin|upi pin|puk|geheimzahl", r"\d{4,8}"),
    _row(
        "PIN",
        "gate code|door code|entry code|alarm code|lockbox code|lock box code|key safe code|keysafe code|buzzer code|entrance code|garage code",
        r"(?=[^\d]{0,3}\d)[a-z\d#*][a-z\d#* \-]{2,9}",
    ),
    _row(
        "ONE_TIME_CODE",
        "otp|otp code|passcode|verification code|verify code|one time code|mfa code|totp|2 fa code|sms code|backup code|"
        "recovery code|two factor code|=tan|einmalcode",
        r"[\w\-]{4,12}|\d{3} \d{3}|\d{4} \d{4}|\d\d \d\d \d\d",
    ),
    _row(
        "SECURITY_ANSWER",
        "security answer|maiden name|secret answer|challenge answer|=secret a|=sec a|sec answer|sec ans|memorable word|memorable answer|"
        "secret word|mothers maiden|mother maiden",
        r"\S.{0,99}",
        numbers=False,
        but="name",
    ),
    _row(
        "ACCOUNT_NUMBER",
        "account number|account no|acct|acct no|acct number|bank account|kontonummer|konto nr|kontonr|account num|=acc no|=acc num|"
        "=acc number|=a c no|sort code|sortcode|nuban|numero cuenta|num cuenta|nr cuenta|numero compte|num compte|numero conto|"
        "num conto|rekeningnummer|rekening nr|numer konta|nr konta|numero conta|num conta|nr conta|=conta|clabe|clabe interbancaria|cbu|"
        "=mpan|mpan core|=mprn|=cups|=pdl|=pce|=nmi|=esi id|supply point",
        r"(?=(?:\D*\d){4})[\w \-/]{4,34}",
    ),
    _row(
        "CUSTOMER_ID",
        "customer number|customer no|customer num|cust no|cust nr|cust num|cust number|member number|member no|membership number|"
        "membership no|kundennummer|kunden nr|kundennr|loyalty number|loyalty no|loyalty card|frequent flyer|ff number|=ffn|client number|"
        "client no|numero client|num client|no client|numero cliente|num cliente|klantnummer|klantnr|klant nr|nr klienta|numer klienta",
        r"(?=(?:\D*\d){4})[\w \-/]{4,24}",
    ),
    _row(
        "MEDICAL_RECORD_NUMBER",
        "mrn|medical record|patient id|patient number|patient no|patient nr|chart number|chart no|nhc|hospital number|hospital no|"
        "patientennummer|patientnummer|numero dossier patient|historia clinica|cartella clinica",
        r"(?=(?:\D*\d){4})[\w \-/]{4,24}",
    ),
    _row(
        "SECRET_KEY",
        "api key|apikey|secret|secret key|client secret|access token|auth token|refresh token|private key|bearer|access key|token|webhook secret|session token|id token",
        r"(?=.*\d|.*[A-Z].*[a-z])\S{12,8192}",
        numbers=False,
    ),
    _row(
        "CARD_CVV",
        "cvv|cvv 2|cvv2|cvc|cvc 2|cvc2|cvn|csc|security code|card code|card verification|=crypto|cryptogramme|prüfnummer|kartenprüfnummer|"
        "codigo seguridad|codice sicurezza",
        r"\d{3,4}",
    ),
    _row(
        "CARD_EXPIRY",
        "card expiry|card expiration|exp date|expiry date card|card exp|expiration date card|card expires",
        r"(?:0?[1-9]|1[0-2])\s?[/\-]\s?(?:20)?\d{2}|20\d{2}-(?:0[1-9]|1[0-2])|(?:0[1-9]|1[0-2])\d{2}",
        but="expiry expires",
    ),
    _row(
        "CARD_EXPIRY",
        "|".join(
            f"{expiry} {part}"
            for expiry in (
                "=exp",
                "=expiry",
                "=expiration",
                "card exp",
                "card expiry",
                "card expiration",
                "cc exp",
            )
            for part in ("month", "year", "mm", "yy", "yyyy")
        )
        + "|=expmonth|=expyear|card expmonth|card expyear",
        r"0?[1-9]|1[0-2]|(?:20)?[2-4]\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?",
        but="expiry",
    ),
    _row("CARD_EXPIRY", "exp", r"(?:0[1-9]|1[0-2])\s?/?\s?(?:20)?[2-4]\d", numbers=False),
    _row(
        "LICENSE_PLATE",
        "license plate|licence plate|plate|plate number|number plate|kennzeichen|matricula|vehicle registration|vehicle reg|car registration|"
        "car reg|registration mark|=reg mark|vrm|vrn|=rego|targa|kenteken|immatriculation|=immat|nr rejestracyjny|numer rejestracyjny|=placa",
        r"(?=.*\d)[A-ZÄÖÜ0-9][A-ZÄÖÜ0-9 \-·]{2,11}",
    ),
    _row("VEHICLE_ID", "vin|chassis number|vehicle identification", r"[A-HJ-NPR-Z0-9]{17}"),
    _row(
        "COORDINATES",
        "lat|latitude|lng|lon|=long|longitude|geo|coordinates|gps",
        r"[+\-]?\d{1,3}\.\d{3,15}(?:\s?[,; ]\s?[+\-]?\d{1,3}\.\d{3,15})?",
    ),
    _row(
        "DEVICE_ID",
        "imei|imsi|iccid|meid|device id|device serial|serial number|serial no|serialnumber|android id|idfa|idfv|gaid|aaid|advertising id|"
        "udid|mac address",
        r"(?=.*\d)[\w:\-]{8,64}",
    ),
    _row(
        "USERNAME",
        "username|user login|login|screen name|user handle|handle|nickname|twitter|instagram|user name|telegram|skype|=aim|=icq|=jabber|=usr|usr name|=uname|"
        "loginname|benutzername|nutzername|=usuario|nombre usuario|=utilisateur|nom utilisateur|identifiant|gebruikersnaam|nome utente",
        r"(?!\d{1,4}([-/.])\d{1,2}\1\d{1,4}$)@?[a-z0-9][\w.\-]{2,39}",
        numbers=False,
        but="name",
    ),
    _row(
        "US_SSN",
        "ssn|social security|social security number|ssn last 4|last 4 ssn|ss n|s s n|soc sec|social sec",
        r"\d{4}|\d{3}[- ]?\d{2}[- ]?\d{4}",
    ),
    _row(
        "NATIONAL_ID",
        "national id|bvn|nhs|nino|ni number|bsn|cpf|pesel|dni|nif|nie|nir|aadhaar|personnummer|national insurance|tax id|identity number|id card|citizen id|curp|rfc|cuit|cuil|rut|cnp|egn|oib|ppsn|pps number|hkid|nric|snils|fodselsnummer|kennitala|isikukood|utr|codice fiscale|codicefiscale|pan no|steuer id|steueridentifikationsnummer|steuernummer|tax file number|tfn|social insurance number|pan number|pan card|aadhar|cedula|ein|employer id|employer identification number|tax identification|alien number",
        r"(?=(?:\D*\d){6})[\w .\-/]{6,24}",
    ),
    _row("NATIONAL_ID", "government id", r"(?=(?:\D*\d){4})[\w .\-/]{6,24}"),
    _row(
        "NATIONAL_ID", "pan", r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]", numbers=False
    ),  # India's, of the tax office
    _row(
        "TRAVEL_DOCUMENT",
        "passport|passport number|passport no|passportnumber|reisepass|reisepassnummer|pasaporte|passeport|passaporto|paspoort|paszport",
        r"(?=(?:[A-Z]*\d){4})[A-Z\d][A-Z\d \-]{5,11}",
    ),
    _row(
        "DRIVER_LICENSE",
        "driver license|drivers license|driver licence|driving licence|driving license|driverlicense|drivers licence|license number|licence number|dl number|dl no|drv lic|driver lic|drivers lic|driving lic|driver licence|lic no driver|fuhrerschein|führerschein|permis conduire|patente|rijbewijs|cnh|prawo jazdy",
        r"(?=(?:[^\d]*\d){5})[A-Z\d][A-Z\d \-/]{5,23}|(?=[A-Z]+\*)[A-Z*]{7}\d{3}[A-Z\d]{2}",  # the last, Washington's before 2018
    ),
    _row(
        "INSURANCE_NUMBER",
        "insurance number|insurance id|insurance no|ins id|ins no|ins number|insured id|insurance member id|insurance member|insurance policy|policy number|policy no|health plan id|subscriber id|subscriber number|beneficiary number|medicaid number|medicaid id|versicherungsnummer|versichertennummer|poliza|polizza|polisnummer|apolice",
        r"(?=(?:[^\d]*\d){5})[A-Z\d][A-Z\d \-/]{5,23}",
        but="policy",
    ),
    _row(
        "VAT_NUMBER",
        "vat number|vat no|vat id|vatin|vat registration|ust id|ustid|ust idnr|umsatzsteuer id|numero tva|tva intracommunautaire|partita iva|piva|btw nummer|btw id|vatnumber",
        r"(?=(?:\D*\d){7})[\w .\-/]{7,20}",
    ),
    _row(
        "STREET_ADDRESS",
        "street|street address|address line|addressline|address 1|line 1 address|address|addr|strasse|straße|straat|ulica|calle|rue|"
        "logradouro|morada|domicilio|direccion|dirección|endereco|endereço|indirizzo|adresse|adres|anschrift",
        r"(?!0x[0-9a-f]+$)(?=.*[^\W\d_]{2})(?=.*\d)[^@]{5,160}",
        numbers=False,
    ),
    _row(
        "STREET_ADDRESS",
        "=street|street name|=strasse|=straße|=straat|straatnaam|=ulica|=calle|=rue|=logradouro",
        r"(?!(?:true|false|none|null|unknown|home|work|view|road|street|yes|no)\Z)(?=.*[^\W\d_]{3})[^\W\d_][^@\d:/_]{3,80}",
        numbers=False,
        but="name",
    ),
    _row(
        "STREET_ADDRESS",
        "house number|housenumber|house no|street number|street no|building number|bldg nb|hausnummer|hausnr|=hnr|"
        "huisnummer|huisnr|house number or name|numero civico|=civico|numero rue|nr domu|numero casa|endereco numero|address numero|direccion numero|adresse numero",
        r"\d{1,5}(?:\s?[-/]?\s?(?:\d{1,4}|[a-z]))?",
        but="name",
    ),
    _row(
        "POSTCODE",
        "pst cd|zip|zipcode|postcode|postal code|zip code|post code|plz|postleitzahl|postal|eircode|code postal|codepostal|codigo postal|"
        "cpostal|cod postal|kod pocztowy|kodpocztowy|postnummer|postnr|post nr",
        r"(?=.*\d)[a-z0-9][a-z0-9 \-]{2,9}",
    ),
    _row("POSTCODE", "=cp|=cap|=cep", r"\d{5}(?:-?\d{3})?", numbers=False),
    _row("POSTCODE", "pin code|pincode", r"[1-9]\d{2} ?\d{3}"),
    _row("AGE", "age", r"9\d|1[01]\d|12[0-5]"),
)
_NOT_STREETS = frozenset("email mail ip mac web wallet network site memory bitcoin eth crypto id".split())
ENTITIES = frozenset(row.entity for row in _ROWS)


def _by_word() -> Mapping[str, Sequence[tuple[int, frozenset[str]]]]:
    """The names of all rows, each under one of its words, with the index of its row."""
    found: dict[str, list[tuple[int, frozenset[str]]]] = {}
    for place, row in enumerate(_ROWS):
        for name in row.names:
            found.setdefault(min(name - {_WHOLE}), []).append((place, name))
    return MappingProxyType(found)


_BY_WORD = _by_word()


def _rows(words: frozenset[str], entities: frozenset[str]) -> list[_Row]:
    """The rows of these types that apply to a member whose name has these words, in order."""
    whole = words | {_WHOLE}
    places = {
        place
        for word in words
        for place, name in _BY_WORD.get(word, ())
        if len(name) == 1 or (name == whole if _WHOLE in name else name <= words)
    }
    if not places:
        return []
    rows = [row for place in sorted(places) if (row := _ROWS[place]).entity in entities]
    never = words & _NEVER
    return [row for row in rows if never <= row.but] if never else rows


def speaks(own: Sequence[str], entities: frozenset[str]) -> bool:
    """Whether `named` can give anything for a member of this name, for any value."""
    return bool(_rows(frozenset(own), entities))


def named(
    value: str, own: Sequence[str], entities: frozenset[str], *, number: bool
) -> list[tuple[str, float]]:
    """(entity type, score) for those of the given types that the member's name and the value's shape show."""
    words = frozenset(own)
    found: list[tuple[str, float]] = []
    for row in _rows(words, entities):
        if number and not row.numbers:
            continue
        if row.entity == "STREET_ADDRESS" and words & _NOT_STREETS:
            continue
        if (
            row.entity == "SECRET_KEY"
            and own[-1] == "token"
            and (words & _NO_SECRETS or words >= _OF_ASP_NET)
        ):
            continue
        if row.shape.fullmatch(value):
            found.append((row.entity, SURE))
    return found

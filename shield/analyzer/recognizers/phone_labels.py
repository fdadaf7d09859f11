"""Finds phone numbers behind the words that people use for them in the eight languages.

`PhoneRecognizer` knows the numbers of the route's regions. Behind "meine Nummer ist" and the like a number of another
region counts as well, and one that was dictated, whose groups nobody hears.
"""

# ruff: noqa: E501, RUF001  # patterns, one a line; typographic characters
from __future__ import annotations

from typing import Final

from shield.analyzer.recognizers.labelled import ValuePattern, ValuePatternRecognizer, labelled

_LABEL: Final = (
    r"direct[ ](?:line|dial|number)|msisdn(?:[ ](?:no|number))?|"
    r"(?:meine?|deine?|seine?|ihre?|unsere?)[ ](?:(?:neue|alte|private)[ ])?nummer|(?:telefon|handy|mobil|ruf|rückruf|festnetz)nummer|rückruf(?:[ ]bitte)?(?:[ ](?:unter|auf|an))?|"
    r"(?:mi|su|nuestro|el)[ ](?:número|numero|móvil|movil|celular|fijo|teléfono|telefono)(?:[ ]de[ ](?:teléfono|telefono|móvil|movil|contacto|celular))?|"
    r"(?:mon|son|notre|le)[ ](?:numéro|numero|portable|fixe|téléphone)(?:[ ]de[ ](?:téléphone|portable|fixe))?(?:[ ]c['’]est)?|"
    r"(?:il|mio|suo)[ ](?:numero|cellulare|telefono|recapito)(?:[ ]di[ ](?:telefono|cellulare))?|"
    r"(?:mijn|zijn|haar|ons|het)[ ](?:telefoon|mobiele[ ])?(?:nummer|mobiel)|"
    r"(?:meu|seu|nosso|o)[ ](?:número|numero|telefone|celular|telemóvel|contacto|contato)(?:[ ]de[ ](?:telefone|telemóvel|celular|contacto))?|"
    r"(?:mój|jej|jego|nasz)[ ](?:numer|telefon)(?:[ ]telefonu)?|numer[ ](?:telefonu|komórki|to)|"
    r"(?:neue|meine)[ ](?:handy|mobil|telefon)?nr|nuevo[ ](?:número|numero|móvil|movil)|nouveau[ ](?:numéro|numero|portable)|nuovo[ ]numero|"
    r"nieuwe[ ](?:telefoon|mobiele[ ])?nummer|(?:novo|nova)[ ](?:número|numero)|(?:nowy|zmieni\w{1,4})[ ]numer(?:[ ](?:na|to))?|numer[ ]na|"
    r"telefon|téléphone|teléfono|telefono|telefone|telefoon|handy|komórka|cellulare|celular|telemóvel|móvil"
)


class LabelledPhoneRecognizer(ValuePatternRecognizer):
    ENTITY = "PHONE_NUMBER"
    PATTERNS = (
        ValuePattern(
            "label and number",
            labelled(
                _LABEL, r"\+?\(?\d(?:[ .\-/()]{0,2}\d){8,12}", after=r"(?![ .\-/()]{0,2}\d|[^\W_]|[.,]\d)"
            ),
            0.65,
            _LABEL,
            56,
        ),
    )

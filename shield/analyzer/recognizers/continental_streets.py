"""Patterns of street addresses of the continent of Europe, and of Québec and Latin America, which write alike.

The street comes before the number, except in French. A postcode and a city may follow.
"""

# ruff: noqa: E501, RUF001  # patterns, one a line; typographic characters
from __future__ import annotations

from typing import Final

from shield.analyzer.recognizers.labelled import LABEL_START, ValuePattern, begun
from shield.analyzer.recognizers.letter_case import CAPITAL

CA_POSTCODE: Final = r"[abceghj-nprstvxy]\d[a-z][\s-]?\d[a-z]\d"
_WORD: Final = r"[^\W\d_][\w'’.\-]{0,19}"
_NAME: Final = rf"{CAPITAL}[\w'’.\-]{{0,19}}"
# A comma, a line break or a sign, the letters of a country, a postcode of the continent's forms, and a city.
_PLACE_AFTER: Final = rf"(?:\s?[,\n·|/]\s{{0,2}}|\s)(?:(?:D|A|CH|F|B|NL|PL|PT|P|E|I)-)?(?:\d{{2}}-?\d{{3}}|\d{{4}}-\d{{3}}|\d{{4}}\s?(?-i:[A-Z]{{2}})|(?<=[,\n]\s|CH-|.A-|.B-)\d{{4}})\s{CAPITAL}[^\W\d_]{{1,20}}(?:[\s\-]{CAPITAL}[^\W\d_]{{1,20}})?"
_GERMAN_FIRST: Final = "Am|An der|An den|Im|In der|In den|Auf dem|Auf der|Zum|Zur|Unter den|Alte|Neue|Obere|Untere|Hintere|Lange|Große|Kleine"
_FRENCH: Final = r"(?:rue|avenue|av\.|boulevard|bd|boul\.|place|chemin|ch\.|allée|impasse|quai|cours|passage|faubourg|montée|sentier|(?:all|imp|rte|chem|rés|lot)\.?(?=\s(?:de|du|des|d['’]|la|les?|l['’])))"
_SPANISH: Final = r"(?:calle|calla|c/(?!o(?![^\W_]))|avda\.?|avenida|avd\.?|av\.|paseo|pso\.?|p[ºo]\.|pº|plaza|pza\.?|plz\.?|carretera|ctra\.?|camino|cmno\.?|ronda|travesía|glorieta|urb(?:anización|\.)|rúa|rua|carrer|gran vía|alameda|praça)(?:(?<=[./])|(?![^\W_]))"
_ITALIAN: Final = (
    r"(?:viale|v\.le|piazza|p\.zza|piazzale|corso|c\.so|largo|vicolo|strada|lungotevere|(?-i:[Vv]ia))"
)
_POLISH: Final = r"(?:ul\.|al\.|pl\.|os\.|ulica|ulicy|aleja|aleje|osiedle)"
_FLOOR: Final = r"(?:,\s(?:\d{1,2}\.?\s?(?:OG|Stock|Etage|Stiege|St\.)|EG|DG|Hinterhaus|Vorderhaus|Whg\.?\s\d{1,3})(?:,?\s(?:links|rechts|Mitte|li|re)\.?(?![^\W_]))?){0,2}"
_SIDE: Final = r"(?:,?\s(?:int(?:erno)?|scala|sc|piano|pal(?:azzina)?)\.?\s?[a-z\d]{1,3}(?![^\W_])){0,3}"
_FLAT: Final = (
    r"(?:,?\s(?:ap(?:ar)?tos?|apartamento|ap|dep(?:ar)?tos?|departamento|dpto|dto|int(?:erior)?|of(?:icina)?|piso|casa|bloco|bloque|torre|conj(?:unto)?|sala|"
    r"lote|quadra|barrio|interior|andar|urb|col(?:onia)?|bairro)\.?\s(?:(?=\w{0,3}\d)\w{1,6}|[a-z](?![^\W_])|(?<=(?:col\.|onia|arrio|airro|urb\.)\s)"
    + CAPITAL
    + r"[^\W\d_]{1,20}(?:\s(?:(?:de|del|da|do|la|las|los)\s){0,2}"
    + CAPITAL
    + r"[^\W\d_]{1,20}){0,2})){0,3}"
)
"""The flat and the quarter behind a house, in Latin America and Portugal."""
_AMERICAN_WAY: Final = (
    r"(?:Jirón|Jr\.|Pasaje|Psje\.?|Pje\.?|Calzada|Calz\.|Boulevard|Blvd\.?|Privada|Priv\.|Prolongación|Prol\.|Circuito|Cerrada|Retorno|Andador|Eje|"
    r"Estrada|Rodovia|Rod\.|Travessa|Trav\.|Beco|Ladeira|Viela|Largo|Rua|R\.|Av\.|Avenida|Alameda|Al\.|Calle|Camino)"
)
_COLOMBIAN_WAY: Final = (
    r"(?:carrera|cra|kra|kr|cr|calle|cll|cl|diagonal|diag|dg|transversal|transv|tv|avenida|av)\.?"
)
_NO_SERIAL: Final = r"(?!\s?[:#]|\s{0,2}(?=[A-Z\-]{0,8}\d)(?=[\d\-]{0,8}[A-Z])[A-Z\d\-]{5})"
"""Not a serial number after "s/n", which otherwise says that a house has no number (sin número)."""
_SAID_GERMANIC: Final = (
    # German
    r"(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)und(?:zwanzig|drei(?:ß|ss)ig|(?:vier|fünf|sech|sieb|acht|neun)zig)|"
    r"(?:drei|vier|fünf|sech|sieb|acht|neun)zehn|zwanzig|drei(?:ß|ss)ig|(?:vier|fünf|sech|sieb|acht|neun)zig|(?:ein)?hundert[a-zäöüß]{0,20}|"
    r"eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|"
    # Dutch
    r"(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen)[eë]n(?:twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig)|"
    r"(?:der|veer|vijf|zes|zeven|acht|negen)tien|(?:twin|der|veer|vijf|zes|zeven|tach|negen)tig|honderd[a-zë]{0,20}|één|twee|drie|vijf|zes|zeven|negen|tien|twaalf"
)
_SAID_ITALIAN: Final = (
    r"(?:venti?|trenta?|quaranta?|cinquanta?|sessanta?|settanta?|ottanta?|novanta?|cento)(?:uno|due|tr[eé]|quattro|cinque|sei|sette|otto|nove)?|"
    r"(?:un|do|tre|quattor|quin|se)dici|dici(?:assette|otto|annove)|dieci|tre|quattro|cinque|sette|otto|nove"
)
_SAID_IBERIAN: Final = (
    r"(?:veinte|vinte|tr[ei]i?nta|cuarenta|quarenta|cinc[uo]enta|sesenta|sessenta|setenta|ochenta|oitenta|noventa|ciento|cento)"
    r"(?:\s[ye]\s(?:uno?|um|dos|dois|tr[eê]s|cuatro|quatro|cinco|seis|siete|sete|ocho|oito|nueve|nove))?|veinti[a-zóúé]{2,7}|cien|cem|"
    r"on[cz]e|do[cz]e|tre[cz]e|[cq]u?atorce|catorze|quin[cz]e|dieci[a-zé]{4,6}|diez|dez(?:[ae]sseis|[ae]ssete|oito|[ae]nove)?|"
    r"dos|dois|tr[eê]s|cuatro|quatro|cinco|seis|siete|sete|ocho|oito|nueve|nove"
)
_WAYS_JOINED: Final = r"(?:stra(?:ß|ss)e|gasse|allee|platz|chaussee|damm|ufer|weg|straat|laan|plein|gracht|kade|dijk|singel|dreef|steenweg)"
_PARTICLES: Final = r"(?:(?:d[aeo]s?|del|d?ell[ae]|dei|degli|di|las?|los|el)\s){0,2}"
_BEHIND_SAID: Final = r"(?![^\W_]|\s(?:mal|veces|volte|vezes|keer|times|uhr|uur))"
_LIKELY, _POSSIBLE = 0.65, 0.35


def continental_patterns() -> tuple[ValuePattern, ...]:
    """The patterns; a `tail` is a following postcode and city."""
    return (
        ValuePattern(
            "Germany, Austria",
            rf"(?P<value>(?<![\w])(?:{CAPITAL}[\wäöüß.\-]{{1,20}}\s)?{CAPITAL}?[a-zäöüß\-]{{2,25}}(?:stra(?:ß|ss)e|str\.|gasse|allee|platz|chaussee|damm|ufer|weg)\s\d{{1,4}}(?:\s?[a-h](?![^\W_]))?(?:\s?[\-/]\s?\d{{1,4}})?"
            rf"{_FLOOR}(?P<tail>{_PLACE_AFTER})?)(?![\w%]|[.,:]\d)",
            0.7,
            r"(?:stra(?:ß|ss)e|str\.|gasse|allee|platz|chaussee|damm|ufer|weg)\s\d",
            64,
        ),
        ValuePattern(
            "Germany, Netherlands, number in words",
            rf"(?<!auf de[rm] )(?P<value>(?<![\w])[^\W\d_]{{2,25}}{_WAYS_JOINED}\s(?:{_SAID_GERMANIC})(?:\s[a-h](?![^\W_]))?){_BEHIND_SAID}",
            _LIKELY,
            rf"{_WAYS_JOINED}\s(?:ein|eén|één|zwei|twee|drei|drie|vier|veer|fünf|vijf|sech|zes|sieb|zeven|acht|tach|neun|negen|zehn|tien|elf|zwölf|twaalf|zwan|twin|der|hun|hon)",
            40,
            digits=False,
        ),
        *(
            ValuePattern(
                f"{country}, the number in words",
                rf"(?P<value>(?<![\w])(?:{ways})\s{_PARTICLES}{_WORD}(?:\s(?:d[aeio]s?\s)?{_WORD}){{0,3}}?\s(?:{numbers})){_BEHIND_SAID}",
                _LIKELY,
                rf"\b(?:{ways})\s",
                16,
                digits=False,
            )
            for country, ways, numbers in (
                ("Italy", "via|viale|piazza|corso|largo|vicolo", _SAID_ITALIAN),
                ("Spain, Portugal", "calle|avenida|plaza|paseo|rua|travessa|praceta|estrada", _SAID_IBERIAN),
            )
        ),
        ValuePattern(
            "Germany, several words",
            rf"(?P<value>(?<![\w])(?-i:{_GERMAN_FIRST})\s(?:{_NAME}\s)?{_NAME}\s\d{{1,4}}\s?[a-h]?(?P<tail>{_PLACE_AFTER})?)(?![\w%]|[.,:]\d)",
            _POSSIBLE,
            rf"\b(?:{_GERMAN_FIRST})\s",
            16,
        ),
        ValuePattern(
            "Germany, several words and a house with a letter",
            rf"(?P<value>(?<![\w])(?-i:{_GERMAN_FIRST})\s(?:{_NAME}\s)?{_NAME}\s\d{{1,3}}(?-i:[a-h])(?P<tail>{_PLACE_AFTER})?)(?![\w%]|[.,:]\d)",
            _LIKELY,
            rf"\b(?:{_GERMAN_FIRST})\s",
            16,
        ),
        ValuePattern(
            "Germany, several words of chat before a postcode",
            rf"(?P<value>(?<![\w])(?:{_GERMAN_FIRST})\s(?:[^\W\d_]{{2,16}}\s){{1,2}}\d{{1,3}}\s?[a-h]?)(?=,?\s(?:in\s)?\d{{5}}\s[^\W\d_]{{3}})",
            _LIKELY,
            r"\s\d{1,3}\s?[a-h]?,?\s(?:in\s)?\d{5}\s[^\W\d_]{3}",
            72,
        ),
        ValuePattern(
            "Belgium, road to a town",
            rf"(?P<value>(?<![\w])(?:steenweg\s(?:op|naar)|chaussée\sde)\s{_NAME}(?:-{_NAME})?\s\d{{1,4}}[a-z]?(?:,?\s(?:bus|bte|boîte)\s\w{{1,4}})?(?P<tail>{_PLACE_AFTER})?)(?![\w%]|[.,:]\d)",
            0.75,
            r"\b(?:steenweg\s(?:op|naar)|chaussée\sde)\s",
            16,
        ),
        ValuePattern(
            "Colombia",
            rf"(?P<value>(?<![\w]){_COLOMBIAN_WAY}\s?\d{{1,3}}\s?[a-z]?(?:\s?bis)?(?:\s(?:sur|norte|este|oeste))?\s?(?:#|n[oº°]\.?|nro\.?)\s?\d{{1,3}}\s?[a-z]?(?:\s?bis)?\s?[\-–]\s?\d{{1,3}}(?:\s(?:sur|norte|este|oeste))?"
            rf"{_FLAT})(?![\w%]|[.,:]\d)",
            0.8,
            r"\d\s?[a-z]?(?:\s?bis)?(?:\s(?:sur|norte|este|oeste))?\s?(?:#|n[oº°]\.?|nro\.?)\s?\d{1,3}\s?[a-z]?(?:\s?bis)?\s?[\-–]\s?\d",
            56,
        ),
        ValuePattern(
            "Latin America and Brazil, with a flat or quarter",
            rf"(?P<value>(?<![\w])(?-i:{_AMERICAN_WAY})\s(?:(?:d[aeo]s?|del|la|las|los|el)\s){{0,2}}{_NAME}(?:\s(?:(?:d[aeo]s?|del|la|las|los|y|e)\s){{0,2}}{_NAME}){{0,4}},?\s(?:n[º°o]\.?\s?|#\s?)?\d{{1,5}}[a-z]?"
            rf"(?:\s?[\-–](?=\s[^\W\d_]))?{_FLAT})(?![\w%]|[.,:]\d\d)",
            0.7,
            rf"(?-i:\b{_AMERICAN_WAY}\s)",
            20,
        ),
        ValuePattern(
            "block and lot of Mexico and Peru",
            r"(?P<value>(?<![\w])(?:mz|mza|mzna|manzana)\.?\s?[a-z\d]{1,3}['’]?,?\s(?:lt|lte|lote)\.?\s?\d{1,3}[a-z]?)(?![\w%]|[.,:]\d)",
            0.75,
            r"\b(?:mz|mza|mzna|manzana)\.?\s?[a-z\d]{1,3}['’]?,?\s(?:lt|lte|lote)\.?\s?\d",
            28,
        ),
        ValuePattern(
            "Brasília",
            r"(?P<value>(?<![\w])(?-i:S[QHCG][NS]|SHI[NS]|SQSW|CL[NS]|QN[A-Z]|QE|QI|QL)\s\d{1,3},?\s(?:Bloco|bl\.?|Conjunto|conj\.?|Lote|Casa)\s[a-z\d]{1,3}(?:,?\s(?:ap(?:to)?\.?|casa|lote|sala|apartamento)\s\d{1,4})?)(?![\w%]|[.,:]\d)",
            0.75,
            r"\b(?:S[QHCG][NS]|SHI[NS]|SQSW|CL[NS]|QN[A-Z]|QE|QI|QL)\s\d{1,3},?\s",
            16,
        ),
        ValuePattern(
            "Netherlands, Belgium",
            r"(?P<value>(?<![\w])(?:[^\W\d_]{2,15}\s){0,2}?[^\W\d_]{2,20}(?:straat|laan|plein|gracht|kade|dijk|singel|dreef|steenweg)\s\d{1,4}(?:[\s\-]?(?:[a-h]|bis|bus \d{1,3})(?![^\W_]))?"
            r"(?P<tail>,?\s\d{4}\s?[a-z]{2}(?:\s[^\W\d_]{2,20})?)?)(?![\w%]|[.,:]\d)",
            0.75,
            r"(?:straat|laan|plein|gracht|kade|dijk|singel|dreef|steenweg)\s\d",
            68,
        ),
        ValuePattern(
            "France, Québec",
            rf"(?P<value>(?<![\w$€£.,/:\-])(?<!\d[ ])\d{{1,5}}(?:\s?(?:bis|ter))?,?\s{_FRENCH}\s"
            rf"(?:(?:de\sla|de\sl['’]|des|du|de|la|le|les|d['’]|l['’])\s?){{0,2}}{_WORD}(?:[\s\-](?:(?:de\sla|des|du|de|d['’]|la)\s)?{_NAME}){{0,4}}"
            rf"(?P<tail>,?\s{{1,2}}(?:\d{{5}}\s)?{CAPITAL}[^\W\d_]{{1,20}}(?:[\-\s]{CAPITAL}[^\W\d_]{{1,20}}){{0,2}}(?:,?\s(?:QC\s)?{CA_POSTCODE})?)?)(?![\w])",
            0.75,
            rf"\d(?:\s?(?:bis|ter))?,?\s{_FRENCH}\s",
            36,
        ),
        ValuePattern(
            "Spain, Latin America, Portugal",
            rf"(?P<value>(?<![\w]){_SPANISH}\s{{0,2}}"
            rf"(?:[^\W\d_][\w'’.\-]{{0,19}}\s){{0,6}}?(?!(?:de|del|la|el|los|las|y)\s)[^\W\d_][\w'’.\-]{{0,19}}(?:(?:,\s?|\s)(?:n[ºo°]\.?\s?|número\s|núm\.?\s|num\.?\s|#)?\d{{1,4}}(?:\s?[\-–]\s?\d{{1,4}})?(?![\d%]|[.,]\d\d)|,?\s(?:s/n|sn)(?![^\W_]){_NO_SERIAL})"
            r"(?:,?\s?(?:(?:esc|piso|puerta|pta|planta|bajo|bloque|portal|edf|edificio)\.?\s?\w{0,12}|\d{1,2}(?!\d)\s?[ºªo°]?(?:\s?(?:-\s?)?[a-h](?![^\W_])|\s?(?:izq|dcha|derecha|izquierda)\.?)?|[a-h](?![^\W_]))){0,3}"
            rf"(?P<tail>{_PLACE_AFTER})?)(?![^\W_])",
            0.7,
            rf"\b{_SPANISH}",
            20,
            digits=False,
        ),
        ValuePattern(
            "Spain, number in words",
            rf"(?P<value>(?<![\w]){_NAME}(?:\s{_NAME}){{0,2}}(?:\snúmero\s\d{{1,4}}|,\ss/n{_NO_SERIAL}|,\sn[ºo°]\.?\s?\d{{1,4}}))(?![\w])",
            0.6,
            r"\snúmero\s\d|,\ss/n|,\sn[ºo°]\.?\s?\d",
            80,
            digits=False,
        ),
        ValuePattern(
            "Italy",
            rf"(?P<value>(?<![\w])(?P<way>{_ITALIAN})\s"
            rf"(?:(?:della|delle|dei|degli|del|di|da|dell['’])\s?)?{_NAME}(?:\s(?:(?:della|delle|dei|di|e)\s)?{_NAME}){{0,3}},?\s(?:n\.?\s?)?\d{{1,4}}(?:\s?/?\s?[a-h](?![^\W_]))?{_SIDE}(?P<tail>{_PLACE_AFTER})?)(?![\w%]|[.,:]\d)",
            0.7,
            rf"\b{_ITALIAN}\s",
            16,
        ),
        ValuePattern(
            "Poland, where somebody lives",
            rf"{LABEL_START}(?:mieszka(?:m|my|ć|ła|ł|jąc[ay])|zamieszkał[aey]|zam\.)\s(?:(?:na|przy|w|ul\.)\s){{0,2}}(?P<value>{_NAME}(?:\s{_NAME})?\s\d{{1,3}}[a-z]?(?:\s?/\s?\d{{1,4}})?(?:\s(?:m|lok)\.?\s?\d{{1,4}})?(?P<tail>{_PLACE_AFTER})?)(?![\w%]|[.,:]\d)",
            0.75,
            begun(r"(?:mieszka(?:m|my|ć|ła|ł|jąc[ay])|zamieszkał[aey]|zam\.)\s"),
            24,
        ),
        ValuePattern(
            "Poland",
            rf"(?P<value>(?<![\w]){_POLISH}\s?(?:[^\W\d_][\w.\-]{{1,19}}\s){{0,3}}?[^\W\d_][\w.\-]{{1,19}}\s\d{{1,4}}[a-z]?(?:\s?/\s?\d{{1,4}})?(?:\s(?:m|lok)\.?\s?\d{{1,4}})?"
            rf"(?P<tail>{_PLACE_AFTER})?)(?![\w%]|[.,:]\d)",
            0.75,
            rf"\b{_POLISH}",
            12,
        ),
    )

"""The ways in which people hide, mangle or dictate a value, each a function of the written value.

`readable`: whether a person who sees (or hears) the result can still read the value without a tool.
`kinds`: the entity types to which it applies; empty for all. A disguise that does not change a value does
not apply to it.
"""

# ruff: noqa: SIM905  # tables of words read best as prose
from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass

DIGIT_WORDS = {
    "en": "zero one two three four five six seven eight nine",
    "es": "cero uno dos tres cuatro cinco seis siete ocho nueve",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf",
    "it": "zero uno due tre quattro cinque sei sette otto nove",
    "nl": "nul een twee drie vier vijf zes zeven acht negen",
    "pt": "zero um dois três quatro cinco seis sete oito nove",
    "pl": "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć",
}
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NATO = (
    "alfa bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec "
    "romeo sierra tango uniform victor whiskey xray yankee zulu"
).split()
_NAMES = (
    "anna ben carol david emma frank george henry ida jack kate laura mary nora oliver peter quentin robert "
    "susan thomas ursula victor walter xavier yvonne zoe"
).split()
_CYRILLIC = str.maketrans("AaBEeKMHOoPpCcTXxyijs", "АаВЕеКМНОоРрСсТХхуіјѕ")  # noqa: RUF001  the disguise is the point
_GREEK = str.maketrans("ABEZHIKMNOPTYXov", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧον")  # noqa: RUF001  the disguise is the point

FIGURES = frozenset(
    """CREDIT_CARD US_SSN US_ITIN PHONE_NUMBER UK_NHS ACCOUNT_NUMBER MEDICAL_RECORD_NUMBER DEVICE_ID PIN
    ONE_TIME_CODE CARD_CVV""".split()
)
GROUPED = frozenset(
    """CREDIT_CARD US_SSN US_ITIN PHONE_NUMBER UK_NHS IBAN_CODE NATIONAL_ID VAT_NUMBER INSURANCE_NUMBER
    """.split()
)
CODES = GROUPED | FIGURES | frozenset("MEDICAL_LICENSE TRAVEL_DOCUMENT DRIVER_LICENSE VEHICLE_ID".split())
DOTTED = frozenset({"EMAIL_ADDRESS", "IP_ADDRESS"})
MAIL = frozenset({"EMAIL_ADDRESS"})


@dataclass(frozen=True, slots=True)
class Disguise:
    name: str
    apply: Callable[[str], str]
    kinds: frozenset[str] = frozenset()
    readable: bool = True


def _between(joint: str) -> Callable[[str], str]:
    return joint.join


def _digits(first: int) -> Callable[[str], str]:
    return lambda value: "".join(chr(first + int(c)) if c.isdecimal() else c for c in value)


def _each(encode: Callable[[str], str], kept: str = " ") -> Callable[[str], str]:
    return lambda value: "".join(c if c in kept else encode(c) for c in value)


def _groups(joint: str) -> Callable[[str], str]:
    return lambda value: re.sub(r"[ -]+", joint, value)


def _compact(value: str) -> str:
    return re.sub(r"[ ()-]+", "", value)


def _fullwidth(value: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in value)


def _bold(value: str) -> str:
    def one(c: str) -> str:
        if c.isdecimal():
            return chr(0x1D7CE + int(c))
        if "a" <= c <= "z":
            return chr(0x1D41A + ord(c) - 97)
        return chr(0x1D400 + ord(c) - 65) if "A" <= c <= "Z" else c

    return "".join(map(one, value))


def _circled(value: str) -> str:
    return "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(c)] if c.isdecimal() else c for c in value)


def _black_circled(value: str) -> str:
    return "".join("⓿❶❷❸❹❺❻❼❽❾"[int(c)] if c.isdecimal() else c for c in value)


def _superscript(value: str) -> str:
    return "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(c)] if c.isdecimal() else c for c in value)


def _keycaps(value: str) -> str:
    return "".join(c + "\ufe0f\u20e3" if c.isdecimal() else c for c in value)


def _percent(value: str) -> str:
    return "".join(f"%{byte:02X}" for byte in value.encode())


def _single_digits(joint: str, group: str) -> Callable[[str], str]:
    return lambda value: group.join(joint.join(part) for part in re.split(r"[ -]+", value))


def _pairs(value: str) -> str:
    figures = _compact(value)
    return " ".join(figures[i : i + 2] for i in range(0, len(figures), 2))


def _word(c: str, language: str = "en") -> str:
    return DIGIT_WORDS[language].split()[int(c)] if c.isdecimal() else c.lower()


def _dictated(language: str = "en", pause: str = " ", joint: str = " ") -> Callable[[str], str]:
    return lambda value: pause.join(
        joint.join(_word(c, language) for c in part) for part in re.split(r"[ -]+", value.replace("+", ""))
    )


def _doubled(value: str) -> str:
    out: list[str] = []
    figures = _compact(value).replace("+", "")
    place = 0
    while place < len(figures):
        run = len(figures[place:]) - len(figures[place:].lstrip(figures[place]))
        times = min(run, 3) if figures[place].isdecimal() else 1
        out.append(("", "double ", "triple ")[times - 1] + _word(figures[place]))
        place += times
    return " ".join(out)


def _two_by_two(value: str) -> str:
    """Groups of even length as numbers below a hundred: 4111 is forty one eleven."""

    def pair(text: str) -> str:
        number = int(text)
        if text[0] == "0":
            return "oh " + _word(text[1])
        if number < 20:
            return _TEENS[number - 10]
        tens = _TENS[number // 10 - 2]
        return tens if number % 10 == 0 else f"{tens} {_word(text[1])}"

    def group(text: str) -> str:
        if len(text) % 2 or not text.isdecimal():
            return " ".join(map(_word, text))
        return " ".join(pair(text[i : i + 2]) for i in range(0, len(text), 2))

    return " ".join(map(group, re.split(r"[ -]+", value.replace("+", ""))))


def _ohs(value: str) -> str:
    return " ".join("oh" if c == "0" else _word(c) for c in _compact(value).replace("+", ""))


def _mixed(value: str) -> str:
    parts = re.split(r"[ -]+", value.replace("+", ""))
    return " ".join(p if i % 2 else " ".join(map(_word, p)) for i, p in enumerate(parts))


def _nato(value: str) -> str:
    return " ".join(_NATO[ord(c.lower()) - 97] if c.isalpha() else _word(c) for c in _compact(value))


def _as_in(value: str) -> str:
    return " ".join(
        f"{c} as in {_NAMES[ord(c.lower()) - 97]}" if c.isalpha() else _word(c) for c in _compact(value)
    )


_SIGNS = {
    "en": {"@": "at", ".": "dot", "_": "underscore", "-": "dash", "+": "plus"},
    "es": {"@": "arroba", ".": "punto", "_": "underscore", "-": "guion"},
    "de": {"@": "at", ".": "punkt", "_": "unterstrich", "-": "minus"},
    "fr": {"@": "arobase", ".": "point", "_": "underscore", "-": "tiret"},
    "it": {"@": "chiocciola", ".": "punto", "_": "underscore", "-": "trattino"},
}


def _said(language: str = "en") -> Callable[[str], str]:
    signs = _SIGNS[language]

    def one(token: str) -> str:
        if token in signs:
            return signs[token]
        return " ".join(_word(c, language) for c in token) if token.isdecimal() else token

    return lambda value: " ".join(one(token) for token in re.findall(r"[A-Za-z]+|\d+|[@._+-]", value))


def _spelled(value: str) -> str:
    local, _, domain = value.partition("@")
    return " ".join(_SIGNS["en"].get(c, _word(c)) for c in local) + " at " + domain.replace(".", " dot ")


def _signed(at: str, dot: str) -> Callable[[str], str]:
    return lambda value: value.replace("@", at).replace(".", dot)


def _lookalike(value: str) -> str:
    return value.replace("0", "O").replace("1", "l", 2)


def _quoted(value: str) -> str:
    return "".join(f"={byte:02X}" for byte in value.encode())


def _soft_break(value: str) -> str:
    return value[: len(value) // 2] + "=\r\n" + value[len(value) // 2 :]


def _broken(line: str) -> Callable[[str], str]:
    """A line break between the groups."""

    def apply(value: str) -> str:
        gaps = [match.span() for match in re.finditer(r"[ -]+", value)]
        if not gaps:
            return value
        start, end = gaps[len(gaps) // 2]
        return value[:start] + line + value[end:]

    return apply


def _b64(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


DISGUISES = (
    Disguise("as written", str),
    Disguise("upper case", str.upper, DOTTED | {"IBAN_CODE"}),
    Disguise("lower case", str.lower, frozenset({"IBAN_CODE", "MEDICAL_LICENSE"})),
    Disguise(
        "mixed case", lambda v: "".join(c.upper() if i % 2 else c.lower() for i, c in enumerate(v)), MAIL
    ),
    # characters
    Disguise("full-width", _fullwidth),
    Disguise("mathematical bold", _bold),
    Disguise("circled digits", _circled),
    Disguise("black circled digits", _black_circled),
    Disguise("superscript digits", _superscript),
    Disguise("Arabic-Indic digits", _digits(0x660)),
    Disguise("Devanagari digits", _digits(0x966)),
    Disguise("Thai digits", _digits(0xE50)),
    Disguise("emoji key caps", _keycaps),
    Disguise("Cyrillic look-alikes", lambda v: v.translate(_CYRILLIC)),
    Disguise("Greek look-alikes", lambda v: v.translate(_GREEK)),
    Disguise("zero-width spaces", _between("\u200b")),
    Disguise("zero-width joiners", _between("\u200d")),
    Disguise("soft hyphens", _between("\u00ad")),
    Disguise("bidirectional marks", _between("\u200e")),
    Disguise("word joiners", _between("\u2060")),
    Disguise("struck through", _each(lambda c: c + "\u0336")),
    Disguise("underlined", _each(lambda c: c + "\u0332")),
    Disguise("NUL bytes", _between("\x00")),
    Disguise("no-break spaces", _groups("\u00a0"), GROUPED),
    Disguise("thin spaces", _groups("\u2009"), GROUPED),
    Disguise("no-break hyphens", _groups("\u2011"), GROUPED),
    # markup and escapes
    Disguise("decimal references", _each(lambda c: f"&#{ord(c)};"), readable=False),
    Disguise("hexadecimal references", _each(lambda c: f"&#x{ord(c):x};"), readable=False),
    Disguise(
        "named references",
        lambda v: v.replace("@", "&commat;").replace(".", "&period;").replace("-", "&hyphen;"),
    ),
    Disguise("split by <b>", lambda v: v[:3] + "<b>" + v[3:6] + "</b>" + v[6:]),
    Disguise("split by <wbr>", _between("<wbr>")),
    Disguise(
        "split by <span style>", lambda v: v[:4] + '<span style="color:red">' + v[4:-1] + "</span>" + v[-1]
    ),
    Disguise("split by a comment", lambda v: v[:4] + "<!-- x -->" + v[4:]),
    Disguise("lines by <br>", _groups("<br>"), GROUPED),
    Disguise("percent-encoded", _percent, readable=False),
    Disguise("percent-encoded signs", lambda v: re.sub(r"[^\w.]", lambda m: _percent(m[0]), v)),
    Disguise("\\u escapes", _each(lambda c: f"\\u{ord(c):04x}"), readable=False),
    Disguise("\\x escapes", _each(lambda c: f"\\x{ord(c):02x}"), readable=False),
    Disguise("references escaped again", _each(lambda c: f"&amp;#{ord(c)};"), readable=False),
    Disguise("\\u escapes in JSON in JSON", _each(lambda c: f"\\\\u{ord(c):04x}"), readable=False),
    Disguise("split by a CDATA section", lambda v: v[:4] + f"<![CDATA[{v[4:]}]]>", readable=False),
    # spacing
    Disguise("no separators", _compact, CODES),
    Disguise("every character apart", _between(" "), CODES | MAIL),
    Disguise("every character apart, groups dashed", _single_digits(" ", " - "), GROUPED),
    Disguise("every digit dotted", lambda v: ".".join(_compact(v)), FIGURES),
    Disguise("every digit dashed", lambda v: "-".join(_compact(v)), FIGURES),
    Disguise("every digit after a comma", lambda v: ", ".join(_compact(v)), FIGURES),
    Disguise("pairs", _pairs, (FIGURES - {"CARD_CVV"}) | {"IBAN_CODE", "VAT_NUMBER"}),
    Disguise("groups by _", _groups("_"), GROUPED),
    Disguise("groups by /", _groups("/"), GROUPED),
    Disguise("groups by |", _groups(" | "), GROUPED),
    Disguise("groups by dots", _groups("."), GROUPED),
    Disguise("groups by bullets", _groups(" • "), GROUPED),
    Disguise("groups by middle dots", _groups("·"), GROUPED),
    Disguise("groups by en dashes", _groups(" – "), GROUPED),  # noqa: RUF001  the disguise is the point
    Disguise("groups by *", _groups("*"), GROUPED),
    Disguise("groups by tabs", _groups("\t"), GROUPED),
    Disguise("groups by two spaces", _groups("  "), GROUPED),
    Disguise("broken over two lines", _broken("\n"), GROUPED),
    Disguise("broken over two lines, CRLF", _broken("\r\n"), GROUPED),
    Disguise("a group a line", _groups("\n"), GROUPED),
    Disguise("in parentheses", lambda v: f"({v})"),
    Disguise("spaces around signs", _signed(" @ ", " . "), DOTTED),
    Disguise("line broken after @", _signed("@\n", "."), MAIL),
    # signs as words
    Disguise("(at) (dot)", _signed(" (at) ", " (dot) "), MAIL),
    Disguise("[at] [dot]", _signed("[at]", "[dot]"), MAIL),
    Disguise("{AT} {DOT}", _signed("{AT}", "{DOT}"), MAIL),
    Disguise("AT DOT", _signed(" AT ", " DOT "), MAIL),
    Disguise("at, dots as they are", _signed(" at ", "."), MAIL),
    Disguise("defanged", _signed("[@]", "[.]"), DOTTED),
    # dictated
    Disguise("dictated", _dictated(), CODES),
    Disguise("dictated with pauses", _dictated(pause=", "), GROUPED),
    Disguise("dictated with dashes", _dictated(pause=" dash "), GROUPED),
    Disguise("dictated, hyphenated", _dictated(joint="-"), GROUPED),
    Disguise("dictated, capitals", lambda v: _dictated()(v).upper(), GROUPED),
    Disguise("dictated with doubles", _doubled, CODES),
    Disguise("dictated two by two", _two_by_two, FIGURES),
    Disguise("dictated with oh", _ohs, CODES),
    Disguise("half dictated", _mixed, FIGURES),
    Disguise("spelling alphabet", _nato, frozenset({"IBAN_CODE", "MEDICAL_LICENSE"})),
    Disguise("letters as in names", _as_in, frozenset({"IBAN_CODE", "MEDICAL_LICENSE"})),
    *(
        Disguise(f"dictated, {language}", _dictated(language), GROUPED)
        for language in DIGIT_WORDS
        if language != "en"
    ),
    Disguise("address dictated", _said(), DOTTED),
    Disguise("address spelled", _spelled, MAIL),
    *(
        Disguise(f"address dictated, {language}", _said(language), DOTTED)
        for language in _SIGNS
        if language != "en"
    ),
    Disguise("letters for digits", _lookalike, GROUPED - {"IBAN_CODE"}),
    # encodings
    Disguise("base64", _b64, readable=False),
    Disguise("base64, URL alphabet, no padding", lambda v: _b64(v).rstrip("="), readable=False),
    Disguise("hexadecimal", lambda v: v.encode().hex(), readable=False),
    Disguise("quoted-printable", _quoted, readable=False),
    Disguise("quoted-printable signs", lambda v: re.sub(r"[@.]", lambda m: _quoted(m[0]), v), MAIL),
    Disguise("quoted-printable soft break", _soft_break),
    Disguise("base64 twice", lambda v: _b64(_b64(v)), readable=False),
    Disguise("percent-encoded twice", lambda v: _percent(v).replace("%", "%25"), readable=False),
    Disguise("reversed", lambda v: v[::-1], readable=False),
)

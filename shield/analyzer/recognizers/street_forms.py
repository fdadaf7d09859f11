"""Patterns of street addresses of more countries: street and number before a postcode and city, and other forms.

In addition to `street_address`: Scandinavia in two words, Finland, Hungary, Japan in Latin and in its own script, and
house numbers in words.
"""

# ruff: noqa: E501, RUF001  # patterns, one a line; typographic and Japanese characters
from __future__ import annotations

from typing import Final

from shield.analyzer.recognizers.labelled import ValuePattern
from shield.analyzer.recognizers.letter_case import CAPITAL, SMALL
from shield.analyzer.recognizers.said_numbers import ONE, TENS

_NAME: Final = rf"{CAPITAL}[\w'’.\-]{{1,24}}"
_LOWER: Final = rf"{SMALL}[\w'’\-]{{1,20}}"
_HOUSE: Final = r"\d{1,4}(?:/\d{1,4})?\s?[a-h]?(?![^\W_])\.?"
_POSTCODE: Final = r"(?:(?:[A-Z]{1,2}-)(?:\d{4,5}|\d{3}\s\d{2})|\d{5}|\d{3}\s\d{2}|(?!1\d{3}|20[0-4]\d)\d{4})"
_CITY: Final = rf"{CAPITAL}[^\W\d_]{{1,24}}(?:[\s\-](?:(?:am|an|der|im|bei|ob|nad|pod|de|la|sur|v|na)\s)?{CAPITAL}[^\W\d_]{{1,24}}){{0,2}}"
_BEHIND: Final = rf"(?:,?\s{{1,2}}{_POSTCODE}\s{_CITY})"
_NOT_STREETS: Final = (
    r"(?!(?:order|invoice|ticket|page|chapter|section|paragraph|article|room|gate|table|version|windows|model|figure|item|lot|"
    r"case|part|step|level|grade|season|episode|volume|issue|bus|line|route|flight|track|ref|phone|tel|total|qty|january|"
    r"february|march|april|may|june|july|august|september|october|november|december)(?![^\W_]))"
)
_SCANDINAVIAN: Final = r"(?:allé|plass|gate(?=\s\d{1,3}\s?[a-h]?,?\s\d{4}\s)|vei|torg|torv|gata|väg|gränd|bakke|backe|stræde|vænge|strand)"
_FINNISH: Final = r"(?:ntie|kuja|polku|kaari|raitti|bulevardi|puistikko|torget|plassen|svingen|bakken|løkka|allén|alléen|stræde|vænge)"
_HUNGARIAN: Final = r"(?:utca|út|útja|tér|tere|körút|köz|sor|fasor|rakpart|sétány)"
_PART: Final = r"(?:ku|shi|cho|chō|machi|mura|gun|to|fu|ken|chome|chōme)"
_KANJI: Final = r"[一-龥々ぁ-んァ-ヶー]"
_FIGURE: Final = r"[\d０-９〇一二三四五六七八九十]"
_VIETNAMESE: Final = r"(?-i:[A-ZÀ-ÝĂĐƠƯ])[^\W\d_]{0,9}"
_WARD: Final = r"(?:phường|quận|xã|huyện|thị xã|thị trấn|khu phố|p\.|q\.)"
_WAY_SAID: Final = r"(?:street|avenue|road|lane|drive|crescent|terrace|boulevard|gardens)"
_NOT_NAMES: Final = (
    r"(?!(?:the|in|on|at|of|to|and|or|my|your|our|a|an|is|are|was|were|for|from|with|by|main|busy|long|single|dead|new|other|wrong|side|whole|"
    r"way|lane|star|minutes?|hours?|days?|weeks?|months?|years?|miles?|blocks?|people|more|hundred|thousand|million|times?|out|high\sspeed|"
    r"items?|dollars?|pounds?|euros?|percent|point|one|two|three|four|five|six|seven|eight|nine)(?![^\W_]))"
)
ONE_OF_A_KIND: Final = (
    rf"{ONE}\s(?-i:(?:[A-Z][\w'’\-]{{1,19}}\s){{1,2}}(?:Street|Avenue|Road|Lane|Drive|Crescent|Terrace|Boulevard|Gardens)\s"
    r"(?!(?:in|on|at|near|by|off|and|or|is|was|apartment|apt|flat|unit|suite|floor|please|thanks|to|from|opposite|next|behind|the|my|i)(?![^\W_]))[a-z]{3})"
)
"""Things that are called after a street: "one Park Avenue coat"."""
_LIKELY, _SURE = 0.65, 0.85


def street_patterns() -> tuple[ValuePattern, ...]:
    """The patterns; a `tail` is a following postcode and city."""
    return (
        ValuePattern(
            "street, number, postcode and city",
            rf"(?P<value>(?<![\w]){_NOT_STREETS}(?:{_NAME}\s){{0,2}}(?:{_NAME}|{_LOWER}),?\s{_HOUSE},?\s{{1,2}}{_POSTCODE}\s{_CITY})(?![^\W_])",
            _LIKELY,
            # Includes the word before the house number: otherwise it fires on every card in four groups.
            r"[^\W\d_][\w'’.\-]{1,24},?\s\d{1,4}(?:/\d{1,4})?\s?[a-h]?\.?,?\s{1,2}(?:[a-z]{1,2}-)?\d{3}\s?\d{1,2}\s[^\W\d_]",
            90,
        ),
        ValuePattern(
            "Scandinavia, two words",
            rf"(?P<value>(?<![\w])(?:{_NAME}\s){{0,2}}{_NAME}\s(?-i:{_SCANDINAVIAN})\s\d{{1,3}}\s?[a-h]?(?![^\W_])(?P<tail>{_BEHIND})?)(?![\w%]|[.,:]\d)",
            _LIKELY,
            rf"\s{_SCANDINAVIAN}\s\d",
            90,
        ),
        ValuePattern(
            "Finland and compounds of the North",
            rf"(?P<value>(?<![\w])(?:{_NAME}\s)?{CAPITAL}[^\W\d_]{{3,24}}{_FINNISH}\s\d{{1,3}}\s?[a-h]?(?![^\W_])(?P<tail>{_BEHIND})?)(?![\w%]|[.,:]\d)",
            0.7,
            rf"{_FINNISH}\s\d",
            64,
        ),
        ValuePattern(
            "Hungary",
            rf"(?P<value>(?<![\w])(?:{_NAME}\s){{0,2}}{_NAME}\s(?-i:{_HUNGARIAN})\s\d{{1,3}}(?:[/\-]\s?[\da-z]{{1,3}})?\.?(?P<tail>{_BEHIND})?)(?![\w%]|[.,:]\d)",
            0.7,
            rf"\s{_HUNGARIAN}\s\d",
            84,
        ),
        ValuePattern(
            "Turkey",
            rf"(?P<value>(?<![\w])(?:{_NAME}\s){{0,2}}{_NAME}\s(?:Mah|Mahallesi|Cad|Cd|Caddesi|Sok|Sk|Sokak|Sokağı|Blv|Bulv|Bulvarı)\.?,?\s(?:[^\n\d]{{1,24}}\s)?No\s?[:.]\s?\d{{1,4}}(?:\s?[/\-]\s?\w{{1,3}})?(?P<tail>{_BEHIND})?)(?![^\W_])",
            0.75,
            r"\bno\s?[:.]\s?\d",
            120,
        ),
        ValuePattern(
            "Japan, in Latin script",
            rf"(?P<value>(?<![\w\-.])(?:\d{{1,3}}-){{1,2}}\d{{1,3}}(?:-\d{{1,4}})?,?\s{_NAME}(?:,?\s{_NAME}){{0,3}}(?:,?\s\d{{3}}-\d{{4}})?"
            rf"(?<=-{_PART}|\d{{3}}-\d{{4}}|Tokyo|Osaka|Kyoto|Japan))(?![^\W_])",
            0.75,
            r"(?:\b|\D)\d{1,3}-\d{1,3}(?:-\d{1,4})?,?\s[^\W\d_]",
            120,
        ),
        ValuePattern(
            "Japan",
            rf"(?P<value>(?:〒\s?[\d０-９]{{3}}[-－][\d０-９]{{4}}\s?)?[一-龥]{{2,3}}[都道府県]{_KANJI}{{1,10}}[市区町村郡]{_KANJI}{{0,16}}"
            rf"(?:{_FIGURE}{{1,4}}(?:丁目|番地?|号|[-－ー‐])?){{1,4}})",
            _SURE,
            r"[都道府県][^\n]{1,30}[市区町村郡]",
            60,
            digits=False,  # 三丁目
        ),
        ValuePattern(
            "Vietnam",
            rf"(?P<value>(?<![\w])(?:số\s)?\d{{1,4}}[a-z]?(?:/\d{{1,4}}){{0,3}},?\s(?:(?:ngõ|ngách|hẻm|kiệt|đường|phố)\s(?:\d{{1,4}}(?:/\d{{1,4}})?,?\s)?){{0,3}}"
            rf"{_VIETNAMESE}(?:\s{_VIETNAMESE}){{0,4}}(?:,\s{_WARD}\s(?:\d{{1,2}}|{_VIETNAMESE}(?:\s{_VIETNAMESE}){{0,3}})){{1,4}})(?![^\W_])",
            _SURE,
            rf",\s{_WARD}\s",
            120,
        ),
        ValuePattern(
            "house number in words",
            rf"(?P<value>(?<![\w\-])(?:number\s)?(?!{ONE_OF_A_KIND})(?:{ONE}\s(?:hundred\s(?:and\s)?)?(?:{TENS}|{ONE})|{TENS}|{ONE}(?:\s(?:oh\s|o\s)?{ONE}){{0,4}})\s"
            rf"(?:{_NOT_NAMES}[^\W\d_][\w'’\-]{{1,19}}\s){{1,2}}{_WAY_SAID})(?![^\W_])",
            _LIKELY,
            rf"(?:{ONE}|{TENS})\s[^\W\d_][\w'’\-]{{1,19}}\s(?:[^\W\d_][\w'’\-]{{1,19}}\s)?{_WAY_SAID}",
            110,
            digits=False,
        ),
    )

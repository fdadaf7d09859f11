"""Finds street addresses in Chinese, Korean, Russian, Ukrainian, Greek, Hebrew and Arabic.

Each is a street by its word ("路", "로", "ул.") with a number, and the places and rooms that are beside it. Those
of Japan are in `street_forms`.
"""

# ruff: noqa: E501, RUF001  # patterns, one a line; letters of other scripts; tables of words
from __future__ import annotations

from typing import Final

from shield.analyzer.recognizers.labelled import LABEL_START, Sort, ValuePattern, ValuePatternRecognizer
from shield.analyzer.writing_systems import CASED, CASELESS, HAN, HANGUL

_HAN: Final = "[\u4e00-\u9fff]"
_ROOMS: Final = rf"(?:[ ]?(?:第?[\dA-Za-z一二三四五六七八九十]{{1,5}}(?:-[\dA-Za-z]{{1,4}})?|{_HAN}{{2,10}}?)(?:号楼|號樓|小区|小區|花园|花園|大厦|大廈|单元|單元|栋|棟|幢|座|楼|樓|层|層|室|户|戶|号|號)){{0,5}}(?:[ ]?\d{{1,4}}(?:-\d{{1,4}})?(?!\d))?"
_PROVINCES: Final = (
    "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|충청|전북|전남|전라|경북|경남|경상|제주"
)
_UNITS: Final = (
    r"(?:[ ,]{1,2}(?:[가-힣A-Za-z\d]{1,12}(?:아파트|빌딩|빌라|오피스텔)|\d{1,5}(?:동|호|층|호실))){0,4}"
)
_STREET: Final = "ул\\.|улиц[аеыу]|пр-т|пр-кт|просп\\.|проспект[еа]?|пер\\.|переул(?:ок|ке)|наб\\.|набережн(?:ая|ой)|ш\\.|шоссе|б-р|бульвар[еа]?|пл\\.|площад[ьи]|вул\\.|вулиц[яіею]|бул\\.|пров(?:улок|\\.)|ж\\.к\\.|ж\\.?[ ]?к\\.?"
_CYRILLIC: Final = "[А-ЯЁІЇЄҐа-яёіїєґ]"

_SURE: Final = Sort("street and number", 0.85)
_SHORT: Final = Sort("street and number alone", 0.6)


class AddressInOtherScriptRecognizer(ValuePatternRecognizer):
    """Street addresses with a number."""

    ENTITY = "STREET_ADDRESS"
    PATTERNS = (
        ValuePattern(
            "China, Taiwan",
            rf"(?:(?<=[在住址是到于於往至寄为為：: \t，,。.（(\n])|\A)(?P<value>(?!地址|住址|地點)(?:{_HAN}{{2,7}}(?:省|自治区|自治區|特别行政区))?(?:{_HAN}{{2,5}}市)?(?:{_HAN}{{1,5}}(?:区|區|县|縣|市|镇|鎮|乡|鄉|街道|新区)){{0,3}}"
            rf"{_HAN}{{1,8}}(?:路|街|大道|道|巷|胡同|弄)(?:[东西南北中一二三四五六七八九十\d]{{1,3}}(?:段|路|街|巷|弄))?[ ]?\d{{1,5}}(?:-\d{{1,4}})?(?:号|號|弄)(?:院|之\d{{1,3}})?{_ROOMS})",
            _SURE,
            letters=HAN,
        ),
        ValuePattern(
            "Korea",
            rf"(?P<value>(?:{_PROVINCES})[가-힣]{{0,6}}[ ](?:[가-힣]{{1,6}}[시군구][ ]){{1,2}}(?:[가-힣\d]{{1,8}}(?:동|읍|면|리)[ ])?(?:[가-힣\d]{{1,10}}(?:대로|로|길)[ ]?(?:\d{{1,4}}번?길[ ]?)?)?\d{{1,5}}(?:-\d{{1,4}})?(?:번지)?{_UNITS})",
            _SURE,
            letters=HANGUL,
        ),
        ValuePattern(
            "street of Korea",
            rf"(?<![가-힣\d])(?P<value>[가-힣]{{2,8}}(?:대로|로|길)[ ]\d{{1,4}}(?:-\d{{1,3}})?{_UNITS})(?![\d가-힣.,]\d|[가-힣\d])",
            _SHORT,
            letters=HANGUL,
        ),
        ValuePattern(
            "Russia, Ukraine, Bulgaria",
            rf"{LABEL_START}(?P<value>(?:\d{{5,6}},?[ ])?(?:(?:г\.|м\.|гр\.|город|місто|град|гр)[ ]?{_CYRILLIC}[\w\-]{{1,24}},?[ ])?(?:{_STREET})[ ]?[\"«„]?[\w][\w.\-]{{0,24}}(?:[ ][\w.\-]{{1,24}}){{0,3}}?[\"»“]?,?[ ]"
            rf"(?:(?:д\.?|дом|буд(?:инок|\.)|№)[ ]?)?\d{{1,4}}{_CYRILLIC}?(?:[/\-]\d{{1,4}}{_CYRILLIC}?)?(?:,?[ ](?:к(?:орп)?\.|корпус|стр\.|строение|кв\.?|квартира|оф\.?|офис|подъезд|под\.|эт\.|этаж|вх\.|ап\.|бл\.)[ ]?[\d{_CYRILLIC[1:-1]}]{{1,5}}){{0,4}})(?![^\W_])",
            _SURE,
            letters=CASED,
        ),
        ValuePattern(
            "Greece",
            r"(?<![^\W_])(?P<value>(?:οδός|οδού|λεωφ(?:όρος|όρου|\.)|πλατεία)[ ](?-i:[Α-ΩΆΈΉΊΌΎΏ])[\w.]{2,24}(?:[ ](?-i:[Α-ΩΆΈΉΊΌΎΏ])[\w.]{2,24}){0,2},?[ ]\d{1,3}(?:-\d{1,3})?(?:,[ ](?-i:[Α-ΩΆΈΉΊΌΎΏ])[\w]{2,24})?(?:,?[ ](?:τ\.κ\.[ ]?)?\d{3}[ ]?\d{2})?)(?![^\W_])",
            _SURE,
            letters=CASED,
        ),
        ValuePattern(
            "Israel",
            r"(?<![^\W_])ב?(?P<value>(?:רחוב|רח['’׳]|שדרות|שד['’׳]|דרך)[ ][\u05d0-\u05ea\"'’״׳\-]{2,16}(?:[ ][\u05d0-\u05ea\"'’״׳\-]{2,16}){0,2}[ ]\d{1,4}(?:[ ]?/[ ]?\d{1,3})?(?:,[ ](?:דירה[ ]\d{1,4}|[\u05d0-\u05ea\- ]{2,20}))?)",
            _SURE,
            letters=CASELESS,
        ),
        ValuePattern(
            "Arabic",
            r"(?<![^\W_])(?P<value>(?:شارع|طريق)[ ](?:[\u0620-\u064a]{2,16}[ ،,]{1,2}){1,4}(?:(?:رقم|مبنى|عمارة|منزل)[ ])?[\d\u0660-\u0669]{1,5})(?![^\W_])",
            _SURE,
            letters=CASELESS,
        ),
    )  # fmt: skip

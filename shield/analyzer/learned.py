"""What a model can read of a text: not the letters that it has not learned, nor the numbers they explain.

A text in Chinese is to the models a row of unknown words, each of which they take for a name or for part of
one. So they get it with blanks in place of these letters, as they get blanks for tags (`marked_up`). What
is left are words in Latin letters, addresses and numbers. Whose number one is, they cannot know there: that
of an order, by its label, and a date, by its signs, are blank as well; a date of birth is a rule's.
"""

# ruff: noqa: E501, RUF001  # letters of other writing systems
from __future__ import annotations

import re
from typing import Final, NamedTuple

from shield.analyzer.field_scores import Bar
from shield.analyzer.writing_systems import CASED, CASELESS, HAN, HANGUL, KANA

AMONG_OTHERS: Final = 0.9
"""The score that a person in Latin letters needs in a text of letters that no model has learned."""
_CASED: Final = re.compile(f"[{CASED}]")
_LETTER: Final = re.compile(r"[^\W\d_]")
_AROUND: Final = 120  # code points before and after a span
_CASELESS: Final = re.compile(f"[{CASELESS}]+")
_SIGNS: Final = "\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
_CASELESS_TEXT: Final = re.compile(f"[{CASELESS}{_SIGNS}]+")
"""With the signs between them."""
_SYLLABLE: Final = re.compile(f"[{HANGUL}{KANA}{HAN}]")
_OF_A_SYLLABLE: Final = 2
"""Latin letters that say more than one of Chinese, Japanese or Korean, besides itself."""
_WORD: Final = f"[^\\W\\d_{CASELESS}]{{1,12}}"
_WORDS: Final = re.compile(rf"(?<!\S)(?![A-Z]{{2}}){_WORD}(?:['\u2019\-]{_WORD})?[.,:;!?]?(?!\S)")
_THINGS: Final = (
    "订单|訂單|单号|單號|运单|快递|物流|工单|票号|商品|型号|版本|序列号|参考|发票|案件|"
    "注文|伝票|追跡|追跡番号|問い合わせ番号|受付番号|商品番号|品番|型番|製造番号|予約番号|整理番号|管理番号|"
    "주문|송장|운송장|배송|접수|상품|모델|제품|시리얼|예약|버전|"
    "заказ[а-я]*|замовлен[а-яіїє]*|накладн[а-яіїє]*|трек(?:-?номер)?|отправлени[а-я]*|посылк[а-я]*|артикул[а-я]*|заявк[а-яиі]*|обращени[а-я]*|тикет[а-я]*|счет-фактура|модел[а-я]*|верси[а-я]*|поръчк[а-я]*|наруџбин[а-я]*|"
    "παραγγελί[α-ωά-ώ]*|αποστολ[α-ωά-ώ]*|τιμολόγι[α-ωά-ώ]*|الطلب|طلب[ي]?|الشحنة|شحنة|الفاتورة|التتبع|سفارش|הזמנה|הזמנתי|משלוח|חשבונית|ऑर्डर|शिपमेंट|คำสั่งซื้อ|ออเดอร์|พัสดุ"
)
_OF_A_THING: Final = re.compile(
    rf"(?:{_THINGS})[^\d\n.!?。！？,，、]{{0,10}}?(?P<number>[A-Za-z]{{0,4}}[\-#]?\d[\dA-Za-z\-./]{{1,29}}[\dA-Za-z])"
)
_DATE: Final = re.compile(
    "\\d{2,4}[ ]?[年년][ ]?\\d{1,2}[ ]?[月월](?:[ ]?\\d{1,2}[ ]?[日号號일]?)?|\\d{1,2}[ ]?[月월][ ]?\\d{1,2}[ ]?[日号號일]"
)


class Learned(NamedTuple):
    """What a model can read of a text, of the same length, and the bar for what is found in it."""

    text: str
    bar: Bar


def is_of_cased(text: str, start: int, end: int) -> bool:
    """Whether a span has a letter of `CASED`, and the text around it is in such letters."""
    span = text[start:end]
    if span.isascii() or _CASED.search(span) is None:
        return False
    around = text[max(0, start - _AROUND) : start] + text[end : end + _AROUND]
    return 2 * len(_CASED.findall(around)) >= len(_LETTER.findall(around))


def unlearned(text: str) -> int:
    """How many letters of a text no shipped model has learned (`CASELESS`): patterns and phrases read these."""
    return 0 if text.isascii() else sum(map(len, _CASELESS.findall(text)))


def learned(text: str, bar: Bar, *, mixed: bool) -> Learned:
    """What a model can read of a text; in one that is `mixed`, letters it has not learned touch others.

    It may only quote some: where they stand by themselves among more of other words, as a name does ("please
    call \u7530\u4e2d\u592a\u90ce back"), they are read.
    """
    if text.isascii():
        return Learned(text, bar)
    others = "".join(_CASELESS.findall(text))
    if not others and _CASED.search(text) is None:
        return Learned(text, bar)
    text = _OF_A_THING.sub(_numberless, text)
    if not others or (not mixed and _only_quotes(text, others)):
        return Learned(text, bar)
    left = _CASELESS_TEXT.sub(_blank, _DATE.sub(_blank, text))
    return Learned(left, bar._replace(doubt=max(bar.doubt, AMONG_OTHERS), placeless=True))


def _only_quotes(text: str, others: str) -> bool:
    size = len(others) + _OF_A_SYLLABLE * len(_SYLLABLE.findall(others))
    return sum(map(len, _WORDS.findall(text))) >= size


def _numberless(match: re.Match[str]) -> str:
    return match[0][: match.start("number") - match.start()] + " " * len(match["number"])


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])

"""How names are given in Japanese: behind a label, before "様" or "と申します", or a family name and a given one.

The family names are the most frequent ones, which seven in ten people have. Others are found behind labels and
before "と申します", where any word is a name.
"""

# ruff: noqa: E501, RUF001, SIM905  # patterns, one a line; letters of other scripts; tables of words
from __future__ import annotations

from typing import Final

from shield.analyzer.recognizers.labelled import Sort, ValuePattern
from shield.analyzer.writing_systems import HAN, KANA

_FAMILIES: Final = (
    "佐藤|鈴木|高橋|田中|伊藤|渡辺|渡邊|渡邉|山本|中村|小林|加藤|吉田|山田|佐々木|山口|松本|井上|木村|斎藤|斉藤|齋藤|齊藤|清水|山崎|阿部|池田|橋本|山下|石川|中島|前田|藤田|"
    "後藤|小川|岡田|村上|長谷川|近藤|石井|坂本|遠藤|藤井|青木|福田|三浦|西村|藤原|太田|松田|原田|岡本|中野|中川|小野|田村|竹内|金子|中山|和田|石田|工藤|上田|森田|酒井|柴田|"
    "横山|宮崎|宮本|内田|高木|谷口|安藤|丸山|今井|大野|高田|菅原|河野|武田|藤本|上野|杉山|千葉|村田|増田|小島|小山|大塚|平野|久保|松井|岩崎|桜井|櫻井|松尾|野口|木下|佐野|"
    "野村|菊地|菊池|新井|渡部|杉本|大西|島田|古川|浜田|市川|水野|高野|小松|吉川|山内|西田|西川|北村|五十嵐|安田|川口|平田|中田|久保田|服部|東|岩田|土屋|川崎|福島|本田|樋口|"
    "秋山|田口|永井|山中|中西|川上|飯田|小池|片山|大島|吉村|矢野|松岡|荒木|早川|浅野|大久保|熊谷|成田|富田|望月|菅野|松村|小西|永田|馬場|内藤|黒田|西山|大橋|石原|尾崎|矢島|"
    "関口|川村|坂口|須藤|松下|大川|北川|堀内|田辺|荻野|三宅|吉岡|宮田|福井|小田|高山|渋谷|本間|篠原|岩本|白石|中原|松永|星野|栗原|森本|川島|内山|平井|広瀬|廣瀬|大谷|牧野|"
    "伊東|町田|土井|辻村|水谷|堀江|沢田|澤田|小原|榎本|片岡|吉野|金田|柳田|奥村|奥田|飯塚|西尾|西岡|神田|神谷|萩原|橘|鎌田|古賀|上原|比嘉|金城|宮城|大城|島袋|我那覇|与那嶺"
)
FAMILIES: Final = f"(?=[{''.join(sorted({name[0] for name in _FAMILIES.split('|')}))}])(?:{_FAMILIES})"
_SINGLE: Final = "林|森|原|南|西|北|岡|堀|関|辻|星|谷|泉|浅井|秦|畑|島|中|堤|桑|柳|梶|幸|宮|平|今"
"""Family names of one character, which are words as well: names only before a given name and a blank, or a title."""
_LETTERS: Final = f"{HAN}{KANA}"
_KANJI: Final = "[一-龥々〆ヶ]"
_KANA: Final = "[ぁ-ゖァ-ヶー]"
_GIVEN: Final = f"(?:(?:(?![様殿氏宛の]){_KANJI}){{1,3}}|[ぁ-ゖ]{{2,4}}|[ァ-ヶー]{{2,5}})"
_BLANK: Final = "[ \u3000]"
_WHOLE: Final = f"(?:(?:{FAMILIES}){_BLANK}?{_GIVEN}|(?:{_SINGLE}){_BLANK}{_GIVEN})"
_ANY: Final = f"(?:{_KANJI}{{1,4}}{_BLANK}?{_GIVEN}|[ァ-ヶー]{{2,8}}(?:[・=＝ \u3000][ァ-ヶー]{{2,8}}){{0,2}}|[ぁ-ゖ]{{2,5}}{_BLANK}[ぁ-ゖ]{{2,5}})"
_LABELS: Final = (
    "(?:御|お|ご)?(?:氏名|名前|お名前)(?:[(（](?:漢字|カナ|かな|フリガナ|ふりがな)[)）])?|フリガナ|ふりがな|担当者(?:名)?|ご担当|宛名|差出人|送り主|受取人|お届け先(?:名|氏名)?|契約者(?:名|氏名)?|"
    "口座名義(?:人)?|カード名義(?:人)?|名義人?|ご本人(?:名|様)?|患者(?:名|氏名)|お客様(?:名|氏名)|ご予約(?:名|者名|者)|予約(?:名|者名)|申込者(?:名)?|注文者(?:名)?|依頼者|連絡者|利用者名|会員名|保護者(?:名)?|被保険者(?:名)?"
)
_TITLE: Final = "(?:様|さま|さん|氏(?!名)|殿|くん|ちゃん|先生|部長|課長|社長|係長|店長)"
_ENDS: Final = (
    r"(?=[ 　]?(?:です|でございます|と申|といいます|と言います|より|宛|様|さん|[、。，,.\n)）」|]|\Z))"
)

_LABELLED: Final = Sort("label", 0.86)
_SAID: Final = Sort("phrase", 0.86)
_ADDRESSED: Final = Sort("before a title", 0.82)
_WRITTEN: Final = Sort("family name and given name", 0.72)
NO_NAMES: Final = frozenset(
    "者 名 様 本人 同上 未定 不明 なし 必須 任意 変更 入力 確認 以下 下記 上記 会社 店舗 担当者 お客様 管理者 責任者 方法".split()
)

PATTERNS: Final = (
    ValuePattern(
        "label and name in Japanese",
        rf"(?-i:(?:{_LABELS})(?:は|が|[ \t]?[:：=])[ \t\u3000]{{0,3}}(?P<value>{_WHOLE}|{_ANY}){_ENDS})",
        _LABELLED,
        letters=_LETTERS,
    ),
    ValuePattern(
        "name and that it is one, in Japanese",
        rf"(?-i:(?<![一-龥々ァ-ヶー])(?P<value>{_ANY}|{FAMILIES}|(?:{_SINGLE}))(?=と申し|と申す|といいます|と言います))",
        _SAID,
        letters=_LETTERS,
    ),
    ValuePattern(
        "name and title in Japanese",
        rf"(?-i:(?<!{_KANJI})(?P<value>{_WHOLE}|{FAMILIES}|(?:{_SINGLE}))(?={_TITLE}))",
        _ADDRESSED,
        letters=_LETTERS,
    ),
    ValuePattern(
        "name in katakana and title",
        r"(?-i:(?<![ァ-ヶー・])(?P<value>[ァ-ヶー]{2,8}(?:[・＝][ァ-ヶー]{2,8}){1,2})(?=(?:様|さま|さん|氏)))",
        _ADDRESSED,
        letters=_LETTERS,
    ),
    ValuePattern(
        "family and given name in Japanese",
        rf"(?-i:(?:\A|(?<=[\n、。，,：:;；（(「|\sはがのをにと]))(?P<value>{_WHOLE}){_ENDS})",
        _WRITTEN,
        letters=_LETTERS,
    ),
)  # fmt: skip

"""How names are announced in Russian, Ukrainian, Bulgarian, Serbian and Greek: labels, phrases, patronymics, titles."""

# ruff: noqa: E501, RUF001, SIM905  # patterns, one a line; letters of other scripts; tables of words
from __future__ import annotations

from typing import Final

from shield.analyzer.recognizers.labelled import LABEL_START, Sort, ValuePattern
from shield.analyzer.writing_systems import CASED

_CAPITAL: Final = r"(?-i:[А-ЯЁІЇЄҐЂЈЉЊЋЏѢΑ-ΩΆΈΉΊΌΎΏ])"
_SMALL: Final = r"(?-i:[а-яёіїєґђјљњћџѣα-ωάέήίόύώϊϋΐΰ])"
_LETTER: Final = r"[А-Яа-яЁёІіЇїЄєҐґЂђЈјЉљЊњЋћЏџΑ-Ωα-ωΆΈΉΊΌΎΏάέήίόύώϊϋΐΰ]"
_LARGE: Final = rf"(?:{_CAPITAL}{_LETTER}{{1,20}}(?:['’ʼ\-]{_LETTER}{{1,20}})?|{_CAPITAL}\.)"
_WHOLE: Final = rf"{_LARGE}(?:[ ]{{0,2}}{_LARGE}){{0,3}}"
_LOWER: Final = rf"{_SMALL}{{2,20}}(?:[ ]{_SMALL}{{2,20}}(?=[ ]?(?:[,.;!?\n]|\Z)))?"
_IN_FORM: Final = rf"(?:{_WHOLE}|{_LETTER}{{2,20}}(?:[ ]{_LETTER}{{2,20}}){{0,2}}(?=[ ]?(?:[,;|\n]|\Z)))"
_LABELS: Final = (
    "ф\\.?[ ]?и\\.?[ ]?о\\.?|фамилия(?:[ ]и[ ]имя)?|имя(?:[ ]и[ ]фамилия)?|отчество|имя[ ](?:клиента|пользователя|получателя|пациента)|получатель|отправитель|заявитель|"
    "контактное[ ]лицо|владелец[ ]карты|держатель[ ]карты|пациент|плательщик|покупатель|абонент|заказчик|піб|п\\.?[ ]?і\\.?[ ]?б\\.?|прізвище|ім['’ʼ]?я|по[ ]батькові|"
    "отримувач|одержувач|відправник|заявник|платник|пацієнт|власник[ ]картки|име(?:[ ]и[ ](?:фамилия|презиме))?|презиме|получател|подател|клиент|корисник|прималац|пацијент|"
    "ονοματεπώνυμο|όνομα|επώνυμο|ονομα|επωνυμο|παραλήπτης|αποστολέας|δικαιούχος|ασθενής|κάτοχος[ ]κάρτας|πελάτης"
)
_PHRASES: Final = (
    "меня[ ]зовут|мо[её][ ]имя|моя[ ]фамилия|вас[ ]беспокоит|это[ ]говорит|мене[ ]звати|моє[ ]ім['’ʼ]?я|моє[ ]прізвище|казвам[ ]се|името[ ]ми[ ]е|аз[ ]съм|"
    "зовем[ ]се|моје[ ]име[ ]је|με[ ]λένε|ονομάζομαι|το[ ]όνομά[ ]μου[ ]είναι|λέγομαι|εδώ[ ]ο|είμαι[ ](?:ο|η)"
)
_TITLES: Final = "г-н|г-жа|г-ну|г-же|г-на|г-жи|господин[ауе]?|господин[ ]|госпож[аеиу]й?|гражданин|гражданк[аи]|тов\\.|пан[ау]?|пані|панов[іи]|госпођ[аиу]|господине|κύριος|κύριε|κυρία|κ\\.[ ]?κ?α?|κος|κα"
_CLOSE: Final = (
    "с[ ](?:искренним[ ])?уважением|с[ ]наилучшими[ ]пожеланиями|всего[ ]доброго|всего[ ]наилучшего|искренне[ ](?:ваш|ваша)|з[ ]повагою|з[ ]найкращими[ ]побажаннями|"
    "с[ ]уважение|поздрави|срдачан[ ]поздрав|поздрав|с[ ]поштовањем|με[ ]εκτίμηση|με[ ]φιλικούς[ ]χαιρετισμούς|φιλικά|ευχαριστώ"
)
_PATRONYMIC: Final = (
    rf"{_CAPITAL}{_SMALL}{{2,16}}(?:ович|евич|йович|івн|ївн|овн|евн|ичн|иничн)(?:а|у|ем|ом|е|і|ы|и|ою|ой|ей)?"
)

_LABELLED: Final = Sort("label", 0.85)
_SAID: Final = Sort("phrase", 0.86)
_TITLED: Final = Sort("title", 0.75)
_CLOSED: Final = Sort("closing formula", 0.83)
_OF_FATHER: Final = Sort("patronymic", 0.9)
COMMON: Final = Sort("one of the common first names", 0.6)
WORDS_TOO: Final = frozenset(
    "вера надежда любовь роман лев слава света роза майя марта мира мир лилия лада весна слободан ангел стоян златка роса ζωή φανή".split()
)
"""Common names that are words as well."""
NO_NAMES: Final = frozenset(
    """не нет да это как что кто где файла файл пользователь пользователя пользователе компании товара сервера домена поле поля указано указана указан
    неверно неверное неправильно изменить изменение введите обязательно обязательное заказ заказа счёт счет ваш ваша мой моя команда служба отдел поддержка поддержки
    тоді так ні як що хто поле поля обов'язково команда відділ служба підтримки клиент клиента не е на от за и или с со в во к по для и́ та і й
    και ή το η ο της του για με από πεδίο υποχρεωτικό ομάδα υποστήριξη υποστήριξης αρχείου χρήστη""".split()
)
"""Words that no name begins with."""

PATTERNS: Final = (
    ValuePattern(
        "common first name in Cyrillic or Greek",
        rf"(?<![^\W_]|[ ][«\"])(?P<value>{_CAPITAL}{_SMALL}{{2,15}}(?:[ ]{_CAPITAL}{_SMALL}{{2,20}})?)(?![^\W_]|[ ]?[=(])",
        COMMON,
        letters=CASED,
    ),
    ValuePattern(
        "label and name in Cyrillic or Greek",
        rf"{LABEL_START}(?:{_LABELS})[ ]?(?:\([^)\n]{{1,20}}\))?[ ]?[:=][ ]{{0,3}}(?P<value>{_IN_FORM})(?![^\W_])",
        _LABELLED,
        letters=CASED,
    ),
    ValuePattern(
        "phrase and name in Cyrillic or Greek",
        rf"{LABEL_START}(?:{_PHRASES})[ ]?[:,—–-]?[ ]{{1,2}}(?P<value>{_WHOLE}|{_LOWER})(?![^\W_])",
        _SAID,
        letters=CASED,
    ),
    ValuePattern(
        "title and name in Cyrillic or Greek",
        rf"{LABEL_START}(?:{_TITLES})[ ]{{1,2}}(?P<value>{_WHOLE})(?![^\W_])",
        _TITLED,
        letters=CASED,
    ),
    ValuePattern(
        "closing formula and name in Cyrillic or Greek",
        rf"(?:\A|[\n.!?,][ ]{{0,2}})(?:{_CLOSE})[ ]?[,.!]?(?:[ ]?\r?\n[ ]{{0,3}}(?:\r?\n[ ]{{0,3}})?|[ ])(?P<value>{_WHOLE})(?=[ ]?[.,!]?[ ]?(?:[\r\n|]|\Z))",
        _CLOSED,
        letters=CASED,
    ),
    ValuePattern(
        "name with a patronymic",
        rf"(?<![^\W_])(?P<value>(?:{_LARGE}[ ]){{0,2}}{_PATRONYMIC}(?:[ ]{_LARGE})?)(?![^\W_])",
        _OF_FATHER,
        letters=CASED,
    ),
)  # fmt: skip

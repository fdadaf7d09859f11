"""How names are announced in Arabic, Persian, Hebrew, Hindi and Thai: behind labels, phrases and titles.

No letter of these scripts tells a name from another word. So one counts only where it is announced, and is one
to three words up to the end of the clause, or one word in Thai, which has no blanks between other words.
"""

# ruff: noqa: E501, RUF001, SIM905  # patterns, one a line; letters of other scripts; tables of words
from __future__ import annotations

from typing import Final

from shield.analyzer.recognizers.labelled import Sort, ValuePattern
from shield.analyzer.writing_systems import CASELESS

_OF_ARABIC: Final = "\u0620-\u065f\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f"
_ARABIC: Final = f"[{_OF_ARABIC}]"
_OF_HEBREW: Final = "\u05d0-\u05ea"
_HEBREW: Final = "[\u05d0-\u05ea'’״\"־]"
_OF_HINDI: Final = "\u0900-\u0963\u0971-\u097f"
_HINDI: Final = f"[{_OF_HINDI}]"
_OF_THAI: Final = "\u0e01-\u0e4e"
_THAI: Final = f"[{_OF_THAI}]"
_END: Final = r"(?=[ ]?(?:[,،.؛;:!?؟।|\n\r(/\-–—]|\Z))"
_CLAUSE_AR: Final = r"(?=[ ]?(?:[,،.؛;!?؟|\n\r(]|\Z|و(?:رقم|هاتف|بريد|عنوان|أ|ا)|رقم|هاتف|من[ ]))"


def _words(letter: str, most: int) -> str:
    return f"{letter}{{2,18}}(?:[ ]{letter}{{2,18}}){{0,{most - 1}}}?"


_AR_LABELS: Final = "الاسم(?:[ ](?:الكامل|الأول|الاول|الأخير|العائلة))?|اسم[ ](?:العميل|المستلم|المستخدم[ ]الكامل|المريض|صاحب[ ](?:الحساب|البطاقة)|العائلة)|المستلم|المرسل|العميل|المريض|نام[ ](?:خانوادگی|کامل|مشتری|گیرنده)|نام[ ]و[ ]نام[ ]خانوادگی"
_AR_PHRASES: Final = "اسمي(?:[ ]هو)?|أنا[ ]اسمي|انا[ ]اسمي|معك(?:م)?|نام[ ]من|اسم[ ]من|من[ ]هستم"
_AR_TITLES: Final = "السيدة?|الأستاذة?|الاستاذة?|الدكتورة?|المهندسة?|آقای|خانم|جناب[ ]آقای|سرکار[ ]خانم"
_HE_LABELS: Final = (
    "שם(?:[ ](?:מלא|פרטי|משפחה|הלקוח|הלקוחה|הנמען|המטופל|בעל[ ]הכרטיס|בעל[ ]החשבון))?|נמען|לקוח|מטופל"
)
_HE_PHRASES: Final = "שמי(?:[ ]הוא)?|קוראים[ ]לי|השם[ ]שלי(?:[ ]הוא)?|מדבר(?:ת)?"
_HE_TITLES: Final = 'מר|גב[\'’׳]|גברת|ד["״]ר|עו["״]ד|לכבוד'
_HI_BEGINS: Final = r"(?<![\w\u0900-\u097f])"
_HI_LABELS: Final = "नाम|पूरा[ ]नाम|ग्राहक(?:[ ]का[ ]नाम)?|प्राप्तकर्ता|मरीज(?:[ ]का[ ]नाम)?|खाताधारक"
_HI_PHRASES: Final = "मेरा[ ](?:पूरा[ ])?नाम"
_HI_TITLES: Final = "श्री|श्रीमती|सुश्री|डॉ\\."
_TH_PHRASES: Final = (
    "(?:ผม|ดิฉัน|ฉัน|หนู)ชื่อ|ชื่อ[ ]?-?[ ]?(?:นาม)?สกุล|ชื่อจริง|ชื่อเต็ม|ชื่อลูกค้า|ชื่อผู้รับ|ชื่อผู้ป่วย|ชื่อบัญชี|ชื่อ(?=[ ]?[:：])"
)
_TH_TITLES: Final = "นางสาว|นาง|นาย|น\\.ส\\.|ด\\.ช\\.|ด\\.ญ\\."

_LABELLED: Final = Sort("label", 0.84)
_SAID: Final = Sort("phrase", 0.82)
_TITLED: Final = Sort("title", 0.75)
NO_NAMES: Final = frozenset(
    "الملف المستخدم الكامل غير ليس هو هي من في على إلى لا שם לא את של הקובץ המשתמש है नहीं क्या का की के फ़ाइल ไฟล์ ผู้ใช้ ที่ ไม่".split()
)
_ENGLISH: Final = r"(?:(?:customer|client|contact|caller|guest|patient|recipient|sender|applicant|account[ ]?holder|card[ ]?holder|passenger|tenant|full|first|last|family|given|sur)[ ]?(?:name)?|name)"

PATTERNS: Final = (
    ValuePattern(
        "English label and name in another script",
        rf"(?<![^\W_]){_ENGLISH}[ ]?[:=][ ]{{0,3}}(?P<value>[{CASELESS}]{{2,24}}(?:[ ・·][{CASELESS}]{{1,24}}){{0,3}})(?=[ ]?(?:[,;|()\n\r]|\Z))",
        _LABELLED,
        letters=CASELESS,
    ),
    ValuePattern(
        "label and name in Arabic or Persian",
        rf"(?:{_AR_LABELS})[ ]?[:：=][ ]{{0,3}}(?P<value>{_ARABIC}{{2,18}}(?:[ ]{_ARABIC}{{2,18}}){{0,3}}){_END}",
        _LABELLED,
        letters=_OF_ARABIC,
    ),
    ValuePattern(
        "phrase and name in Arabic or Persian",
        rf"(?:{_AR_PHRASES})[ ](?P<value>{_words(_ARABIC, 3)}){_CLAUSE_AR}",
        _SAID,
        letters=_OF_ARABIC,
    ),
    ValuePattern(
        "title and name in Arabic or Persian",
        rf"(?<![^\W_])(?:{_AR_TITLES})[ ]?/?[ ](?P<value>{_ARABIC}{{2,18}}(?:[ ]{_ARABIC}{{2,18}})?)(?![^\W_])",
        _TITLED,
        letters=_OF_ARABIC,
    ),
    ValuePattern(
        "label and name in Hebrew",
        rf"(?<![^\W_])(?:{_HE_LABELS})[ ]?[:=][ ]{{0,3}}(?P<value>{_HEBREW}{{2,18}}(?:[ ]{_HEBREW}{{2,18}}){{0,2}}){_END}",
        _LABELLED,
        letters=_OF_HEBREW,
    ),
    ValuePattern(
        "phrase and name in Hebrew",
        rf"(?<![^\W_])(?:{_HE_PHRASES})[ ](?P<value>{_words(_HEBREW, 2)})(?=[ ]?(?:[,.;!?|\n\r(]|\Z|ו|ה|מ))(?![^\W_])",
        _SAID,
        letters=_OF_HEBREW,
    ),
    ValuePattern(
        "title and name in Hebrew",
        rf"(?<![^\W_])(?:{_HE_TITLES})[ ](?P<value>{_HEBREW}{{2,18}}(?:[ ]{_HEBREW}{{2,18}})?)(?![^\W_])",
        _TITLED,
        letters=_OF_HEBREW,
    ),
    ValuePattern(
        "label and name in Hindi",
        rf"{_HI_BEGINS}(?:{_HI_LABELS})[ ]?[:=][ ]{{0,3}}(?P<value>{_HINDI}{{2,20}}(?:[ ]{_HINDI}{{2,20}}){{0,2}}){_END}",
        _LABELLED,
        letters=_OF_HINDI,
    ),
    ValuePattern(
        "phrase and name in Hindi",
        rf"{_HI_BEGINS}(?:{_HI_PHRASES})[ ](?P<value>{_words(_HINDI, 3)})(?=[ ](?:है|हूँ|हूं))",
        _SAID,
        letters=_OF_HINDI,
    ),
    ValuePattern(
        "title and name in Hindi",
        rf"{_HI_BEGINS}(?:{_HI_TITLES})[ ](?P<value>{_HINDI}{{2,20}}(?:[ ]{_HINDI}{{3,20}})?)",
        _TITLED,
        letters=_OF_HINDI,
    ),
    ValuePattern(
        "label or phrase and name in Thai",
        rf"(?:{_TH_PHRASES})[ ]?[:：]?[ ]{{0,2}}(?:{_TH_TITLES}|คุณ)?[ ]?(?P<value>{_THAI}{{2,20}}(?:[ ]{_THAI}{{2,24}})?)(?=[ ]|[,.;|\n\r(]|\Z)",
        _SAID,
        letters=_OF_THAI,
    ),
    ValuePattern(
        "title and name in Thai",
        rf"(?<!{_THAI})(?:{_TH_TITLES})[ ]?(?P<value>{_THAI}{{2,16}}[ ]{_THAI}{{2,24}})(?!{_THAI})",
        _TITLED,
        letters=_OF_THAI,
    ),
)  # fmt: skip

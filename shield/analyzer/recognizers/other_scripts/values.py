"""Finds numbers, dates and secrets behind their labels in Chinese, Japanese, Korean, Russian, Arabic and more.

The forms are those of the Latin labels elsewhere; here are the words, and how values are written with them
("1985年3月12日"). Between a label and its value may stand a copula or a particle, with no blank around it.
"""

# ruff: noqa: E501, RUF001, S105  # patterns, one a line; letters of other scripts; labels of secrets
from __future__ import annotations

import re
from typing import Final

from shield.analyzer.recognizers.labelled import Match, Sort, ValuePattern, ValuePatternRecognizer
from shield.analyzer.writing_systems import CASED, CASELESS

_LETTERS: Final = f"{CASED}{CASELESS}"
_LINK: Final = (
    r"[)）」』]?(?:号码|號碼|编号|號|号|번호|番号)?[ \t]{0,2}(?:[:：=]|是|为|為|は|が|を|은|는|이|가|:|—|–|-|הוא|היא|הם|هو|هي|है|คือ|είναι|это)?"
    r"[ \t]{0,2}[:：]?[ \t\r\n]{0,3}[\"'「『(（]?"
)
_PHONE: Final = (
    "电话|電話|手机|手機|联系方式|聯絡方式|联系电话|聯絡電話|携帯(?:電話)?|連絡先|ご連絡先|電話番号|お電話|전화|전화번호|휴대폰|휴대전화|핸드폰|연락처|"
    "телефон[ау]?|тел\\.?|мобильный|моб\\.?|номер[ ]телефона|телефон|τηλ(?:έφωνο|\\.)?|κινητό|هاتفي?|جوالي?|موبايل|تلفن|موبایل|رقم[ ]الهاتف|רقم|טלפון|נייד|फ़ोन|फोन|मोबाइल|โทรศัพท์|เบอร์(?:โทร)?|โทร\\.?"
)
_SECRET: Final = (
    "密码|密碼|口令|登录密码|登入密碼|パスワード|暗証番号|合言葉|비밀번호|패스워드|암호|비번|парол[ьяюе]м?|пароль|гасло|парола|лозинка|κωδικ(?:ός|ό)[ ]πρόσβασης|συνθηματικό|كلمة[ ](?:المرور|السر)|الرمز[ ]السري|رمز[ ]عبور|"
    "סיסמה|סיסמא|הסיסמה[ ]שלי|पासवर्ड|รหัสผ่าน"
)
_CODE: Final = (
    "验证码|驗證碼|校验码|动态码|短信码|一次性密码|認証コード|確認コード|ワンタイムパスワード|認証番号|인증번호|인증[ ]?코드|보안[ ]?코드|код[ ](?:подтверждения|из[ ]смс|доступа|безопасности)|смс-?код|код[ ]підтвердження|"
    "κωδικός[ ]επαλήθευσης|رمز[ ](?:التحقق|التأكيد)|کد[ ]تایید|קוד[ ](?:אימות|האימות)|सत्यापन[ ]कोड|ओटीपी|รหัสยืนยัน|รหัส[ ]?OTP"
)
_BIRTH: Final = (
    "出生日期|出生年月日?|生日|生年月日|誕生日|생년월일|생일|дат[аы][ ]рождения|родил(?:ся|ась)|дата[ ]народження|народив(?:ся|лась)|дата[ ]на[ ]раждане|датум[ ]рођења|ημερομηνία[ ]γέννησης|γεννήθηκα|"
    "تاريخ[ ](?:الميلاد|ميلادي)|تاریخ[ ]تولد|תאריך[ ]לידה|जन्म[ ]?(?:तिथि|तारीख)|วันเกิด|เกิดวันที่"
)
_IDENTITY: Final = (
    "身份证|身份證|证件|證件|护照|護照|社保|驾照|駕照|パスポート|旅券|運転免許証?|免許証|マイナンバー|個人番号|在留カード|健康保険証|保険者|주민등록|주민번호|여권|운전면허|외국인등록|паспорт[ау]?|серия[ ]и[ ]номер(?:[ ]паспорта)?|водительское[ ]удостоверение|"
    "снилс|инн|рнокпп|егн|јмбг|амка|α\\.?μ\\.?κ\\.?α\\.?|αφμ|α\\.?φ\\.?μ\\.?|ταυτότητ(?:α|ας)|διαβατήριο|(?:رقم[ ])?الهوية|الرقم[ ]القومي|جواز[ ](?:السفر|سفري)|الإقامة|کد[ ]ملی|תעודת[ ]זהות|ת\\.?ז\\.?|דרכון|आधार|पैन|पासपोर्ट|บัตรประชาชน|หนังสือเดินทาง"
)
_ACCOUNT: Final = (
    "银行账[号户]|銀行帳[號戶]|账号|帳號|卡号|卡號|银行卡|口座|口座番号|会員|会員番号|お客様番号|계좌|계좌번호|통장|회원번호|고객번호|номер[ ](?:счета|счёта|карты)|р/с|расч[её]тный[ ]сч[её]т|рахун(?:ок|ку)|номер[ ]рахунку|"
    "αριθμός[ ]λογαριασμού|رقم[ ](?:الحساب|حسابي)|شماره[ ]حساب|חשבון[ ]בנק|מספר[ ]חשבון|खाता|เลขบัญชี|เลขที่บัญชี"
)
_NUMBER: Final = r"[A-Za-z]{0,3}[ \-]?\d(?:[ \-.]?\d){5,18}[A-Za-z]?"
_DATE: Final = (
    r"(?:18|19|20)\d{2}[ ]?(?:年|년)[ ]?\d{1,2}[ ]?(?:月|월)[ ]?\d{1,2}[ ]?(?:日|号|일)?|(?:昭和|平成|令和|大正|[SHRT])[ ]?\d{1,2}[ ]?[年.][ ]?\d{1,2}[ ]?[月.][ ]?\d{1,2}[ ]?日?|"
    r"(?:18|19|20)\d{2}[./\-][ ]?\d{1,2}[./\-][ ]?\d{1,2}|\d{1,2}[./\-]\d{1,2}[./\-](?:18|19|20)?\d{2}|(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|\d{6}(?=[^\d]|\Z)|"
    r"\d{1,2}[ ](?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня|"
    r"ιανουαρίου|φεβρουαρίου|μαρτίου|απριλίου|μαΐου|ιουνίου|ιουλίου|αυγούστου|σεπτεμβρίου|οκτωβρίου|νοεμβρίου|δεκεμβρίου)[ ](?:18|19|20)\d{2}"
)
_AFTER: Final = r"(?![A-Za-z\d]|[.\-/]\d)"
_TOLD: Final = Sort("label", 0.85)


def _pattern(name: str, labels: str, value: str, sort: Sort = _TOLD, after: str = _AFTER) -> ValuePattern:
    return ValuePattern(name, rf"(?:{labels}){_LINK}(?P<value>{value}){after}", sort, letters=_LETTERS)


class PhoneInOtherScriptRecognizer(ValuePatternRecognizer):
    """Phone numbers behind their labels."""

    ENTITY = "PHONE_NUMBER"
    PATTERNS = (
        _pattern("label and number", _PHONE, r"\+?\(?\d(?:[ .\-/()]{0,2}\d){6,13}", Sort("label", 0.75)),
    )


class PasswordInOtherScriptRecognizer(ValuePatternRecognizer):
    """Passwords behind their labels: with a digit or a sign anywhere, of letters alone only behind a sign."""

    ENTITY = "PASSWORD"
    PATTERNS = (
        _pattern(
            "label and value",
            _SECRET,
            rf"[!-~]{{4,40}}(?:(?<![.,;:!?)'\"])|(?<=[!?])(?=[{_LETTERS}]|[ ][,{_LETTERS}]))",
            Sort("value", 0.8),
            "",
        ),
    )

    def score_of(self, value: str, match: Match, sort: Sort) -> float:
        telling = re.search(r"[^A-Za-z]", value) is not None
        return (
            sort.score
            if telling
            or match.string[match.start("value") - 2 : match.start("value")].rstrip()[-1:] in ":：="
            else 0.0
        )


class CodeInOtherScriptRecognizer(ValuePatternRecognizer):
    """One-time codes behind their labels."""

    ENTITY = "ONE_TIME_CODE"
    PATTERNS = (_pattern("label and code", _CODE, r"\d{3}[ \-]?\d{1,5}"),)


class BirthDateInOtherScriptRecognizer(ValuePatternRecognizer):
    """Dates of birth behind their labels."""

    ENTITY = "DATE_OF_BIRTH"
    PATTERNS = (_pattern("label and date", _BIRTH, _DATE, after=r"(?!\d)"),)


class IdentityInOtherScriptRecognizer(ValuePatternRecognizer):
    """Numbers of identity cards, passports and licences behind their labels."""

    ENTITY = "NATIONAL_ID"
    PATTERNS = (
        _pattern("label and number", _IDENTITY, _NUMBER),
        ValuePattern(
            "Korean resident number",
            r"(?<![A-Za-z\d\-])(?P<value>\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[1-8]\d{6})(?![\d\-])",
            Sort("form", 0.75),
            letters=_LETTERS,
        ),
    )


class AccountInOtherScriptRecognizer(ValuePatternRecognizer):
    """Numbers of accounts and customers behind their labels."""

    ENTITY = "ACCOUNT_NUMBER"
    PATTERNS = (_pattern("label and number", _ACCOUNT, _NUMBER, Sort("label", 0.8)),)

"""Names, numbers, secrets and addresses in other writing systems, and what resembles them. All are invented."""

# ruff: noqa: E501, RUF001  # letters and signs of other writing systems; a text a line
from __future__ import annotations

import pytest

from shield.analyzer.engine import Analyzer
from shield.domain import DetectorSpec
from tests.unit.analyzer.built import analyzer_of
from tests.unit.analyzer.conftest import found, policy, segment

POLICY = policy(
    "PERSON",
    "PHONE_NUMBER",
    "PASSWORD",
    "ONE_TIME_CODE",
    "DATE_OF_BIRTH",
    "NATIONAL_ID",
    "ACCOUNT_NUMBER",
    "STREET_ADDRESS",
)
FOUND = [
    ("我叫王小明，订单还没到", "PERSON", "王小明"),
    ("您好，我是李娜，想查询订单", "PERSON", "李娜"),
    ("收件人：欧阳娜娜，地址见下", "PERSON", "欧阳娜娜"),
    ("请联系张先生确认", "PERSON", "张"),
    ("客户姓名 陈美玲", "PERSON", "陈美玲"),
    ("周小伦先生昨天来电", "PERSON", "周小伦"),
    ("昨天林志明打电话来投诉", "PERSON", "林志明"),
    ("何女士反映快递员态度不好", "PERSON", "何"),
    ("Ольга, добрый день! Ваша посылка ждёт", "PERSON", "Ольга"),
    ("пароль: Zima2024! , код не подходит", "PASSWORD", "Zima2024!"),
    ("地址台中市西區公益路161號", "STREET_ADDRESS", "台中市西區公益路161號"),
    ("王小明", "PERSON", "王小明"),
    ("田中太郎と申します。", "PERSON", "田中太郎"),
    ("お客様名：山田 花子", "PERSON", "山田 花子"),
    ("佐藤様、お問い合わせありがとうございます。", "PERSON", "佐藤"),
    ("担当の鈴木さんに連絡しました", "PERSON", "鈴木"),
    ("返金をお願いします。田中太郎、自宅", "PERSON", "田中太郎"),
    ("マリア・ロペス様", "PERSON", "マリア・ロペス"),
    ("저는 김민수입니다.", "PERSON", "김민수"),
    ("이름: 박지영", "PERSON", "박지영"),
    ("홍길동님께 배송되었습니다", "PERSON", "홍길동"),
    ("환불 부탁드립니다. 김민수 010-1234-5678", "PERSON", "김민수"),
    ("меня зовут иван петров, не пришел заказ", "PERSON", "иван петров"),
    ("ФИО: Смирнова Анна Сергеевна", "PERSON", "Смирнова Анна Сергеевна"),
    ("Мария Ивановна звонила вчера", "PERSON", "Мария Ивановна"),
    ("Прізвище: Шевченко", "PERSON", "Шевченко"),
    ("Казвам се Иван Димитров", "PERSON", "Иван Димитров"),
    ("Με λένε Γιώργος Παπαδόπουλος και θέλω βοήθεια", "PERSON", "Γιώργος Παπαδόπουλος"),
    ("اسمي محمد علي، رقم الطلب 12", "PERSON", "محمد علي"),
    ("الاسم: فاطمة الزهراء", "PERSON", "فاطمة الزهراء"),
    ("שמי יעקב כהן, לא קיבלתי את החבילה", "PERSON", "יעקב כהן"),
    ("שם מלא: דנה לוי", "PERSON", "דנה לוי"),
    ("मेरा नाम राहुल शर्मा है", "PERSON", "राहुल शर्मा"),
    ("ผมชื่อสมชาย ใจดี ครับ", "PERSON", "สมชาย ใจดี"),
    ("Customer: 田中太郎", "PERSON", "田中太郎"),
    ("我的电话是13812345678请联系", "PHONE_NUMBER", "13812345678"),
    ("電話番号は03-1234-5678です", "PHONE_NUMBER", "03-1234-5678"),
    ("전화번호는 010-1234-5678입니다", "PHONE_NUMBER", "010-1234-5678"),
    ("тел. 8 912 345 67 89", "PHONE_NUMBER", "8 912 345 67 89"),
    ("密码是Hunter2x!请帮我", "PASSWORD", "Hunter2x!"),
    ("パスワードはhunter2!xです", "PASSWORD", "hunter2!x"),
    ("비밀번호: qwer1234", "PASSWORD", "qwer1234"),
    ("пароль: Qwerty123", "PASSWORD", "Qwerty123"),
    ("验证码：482913", "ONE_TIME_CODE", "482913"),
    ("認証コードは482913です", "ONE_TIME_CODE", "482913"),
    ("код подтверждения 4821", "ONE_TIME_CODE", "4821"),
    ("生年月日は1985年3月12日です", "DATE_OF_BIRTH", "1985年3月12日"),
    ("出生日期1985年3月12日", "DATE_OF_BIRTH", "1985年3月12日"),
    ("родился 12 марта 1985", "DATE_OF_BIRTH", "12 марта 1985"),
    ("주민등록번호는 900101-1234567입니다", "NATIONAL_ID", "900101-1234567"),
    ("マイナンバーは123456789018です", "NATIONAL_ID", "123456789018"),
    ("паспорт 4510 123456", "NATIONAL_ID", "4510 123456"),
    ("银行账号6222021234567890123", "ACCOUNT_NUMBER", "6222021234567890123"),
    ("地址：北京市朝阳区建国路88号", "STREET_ADDRESS", "北京市朝阳区建国路88号"),
    ("台北市信義區信義路五段7號", "STREET_ADDRESS", "台北市信義區信義路五段7號"),
    (
        "서울특별시 강남구 테헤란로 123, 101동 202호",
        "STREET_ADDRESS",
        "서울특별시 강남구 테헤란로 123, 101동 202호",
    ),
    ("г. Москва, ул. Тверская, д. 5, кв. 12", "STREET_ADDRESS", "г. Москва, ул. Тверская, д. 5, кв. 12"),
    ("οδός Ερμού 25, Αθήνα", "STREET_ADDRESS", "οδός Ερμού 25, Αθήνα"),
    ("רחוב הרצל 12, תל אביב", "STREET_ADDRESS", "רחוב הרצל 12, תל אביב"),
    ("شارع الملك فهد 123", "STREET_ADDRESS", "شارع الملك فهد 123"),
]
NOTHING = [
    "高级经理会处理",
    "感谢您的耐心等待，金额已退回",
    "请等待，我们会尽快解决",
    "お客様のご注文は発送されました",
    "商品の仕様が異なります。ご確認をお願いします。",
    "고객님 주문이 지연되고 있습니다",
    "주문서를 확인해 주세요",
    "파일 이름: 보고서",
    "Здравствуйте! Прошу вернуть деньги. Спасибо.",
    "Имя файла не указано",
    "Возврат товара оформлен",
    "Το αρχείο δεν βρέθηκε",
    "اسم الملف غير صحيح",
    "שם הקובץ לא נמצא",
    "ชื่อแฟ้มไม่ถูกต้อง",
    "订单号是20231105123456，请查询",
    "注文番号123456789の件",
    "2023年11月5日 下单",
    "密码错误，请重试",
    "パスワードを変更してください",
    "版本1.2.3已发布",
    "處理中",
    "処理中",
    "진행중",
    "решено",
]


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return analyzer_of(DetectorSpec(("en",), "none", ("default", "shield")))


@pytest.mark.parametrize(("text", "entity", "value"), FOUND)
def test_what_is_found(analyzer: Analyzer, text: str, entity: str, value: str) -> None:
    assert (entity, value) in found(analyzer, segment(text), POLICY)


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_none(analyzer: Analyzer, text: str) -> None:
    assert found(analyzer, segment(text), POLICY) == []


def test_a_common_name_that_is_a_word_too_needs_more_than_its_capital(analyzer: Analyzer) -> None:
    assert found(analyzer, segment("Любовь к музыке и Вера в себя"), POLICY) == []


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_none_to_the_model_either(text: str) -> None:
    with_model = analyzer_of(DetectorSpec(("en",), "fast", ("default", "shield")))
    assert found(with_model, segment(text), POLICY) == []


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_a_resident_number_of_china_needs_no_label_but_its_check(analyzer: Analyzer, number: str) -> None:
    assert found(analyzer, segment(f"it is {number}."), POLICY) == [("NATIONAL_ID", number)]
    for check in "0123456789X":
        if check != number[-1]:
            wrong = f"it is {number[:-1]}{check}."
            assert ("NATIONAL_ID", wrong[6:-1]) not in found(analyzer, segment(wrong), POLICY)

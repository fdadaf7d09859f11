"""How names are given in Korean: a family name of one syllable and two more, behind a label or before a title.

The family names are those of the census of 2015 that nearly all people have. Particles follow a name without a
blank ("김민수입니다", "김민수님께").
"""

# ruff: noqa: E501, RUF001, SIM905  # patterns, one a line; letters of other scripts; tables of words
from __future__ import annotations

from typing import Final

from shield.analyzer.recognizers.labelled import Sort, ValuePattern
from shield.analyzer.writing_systems import HANGUL

_FAMILIES: Final = "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예봉사부"
_COMPOUND: Final = "남궁|황보|제갈|사공|선우|독고|동방"
_GIVEN: Final = "[가-힣]"
_FIRST: Final = "가강건경계고관광규근금기길나남노다단달대덕도동두라래려련령로루리린림마만말명모무문미민바배백범병보복봉부빈사산삼상새서석선설성세소송솔수숙순승시신심아안애야양언여연영예오옥완용우욱운웅원월유윤은을의이익인일임자장재점정제조종주준중지진찬창채천철청초춘충치태평필하학한해향헌혁현형혜호홍화환효훈휘희"
_LAST: Final = "강건걸경고곤관광구국규균근금기길나남녀년노누늘니다달담대덕도동두라란람래량렬례로룡루름리린림마만명모무문미민배백범별보복봉비빈빛사산삼상샘서석선설섭성세소솔송수숙순슬승식신실심아안애양언업여연열엽영예오옥완용우욱운웅원월유윤율은을의이익인일임자장재전정제조종주준중지직진찬창채천철청춘출충치태택표필하학한해향헌혁현협형혜호홍화환활황회효훈휘희힘"
NAME: Final = f"(?:(?:{_COMPOUND})[{_FIRST}][{_LAST}]?|[{_FAMILIES}][{_FIRST}][{_LAST}])"
_LABELS: Final = (
    "이름|성함|성명|예금주(?:명)?|수령인(?:명)?|수취인|받는[ ]?(?:분|사람)|받으시는[ ]?분|보내는[ ]?(?:분|사람)|주문자(?:명)?|신청자(?:명)?|신청인|담당자(?:명)?|고객명|고객[ ]성함|환자(?:명|[ ]이름)|입금자(?:명)?|예약자(?:명)?|"
    "계약자(?:명)?|보호자(?:명)?|가입자(?:명)?|명의자?|카드[ ]?소유자|승객(?:명)?|작성자|민원인|피보험자"
)
_TITLE: Final = "(?:씨|님|군(?![가-힣])|양(?![가-힣])|고객(?:님)?|선생님|대리|과장|차장|부장|팀장|대표|사원|주임|교수|기사님)"
_IS: Final = "(?:입니다|이라고|라고|이에요|예요|이예요|이고요?|이며|인데요|이요|드림|올림|배상)"
_BEGINS: Final = r"(?<![가-힣])"

_LABELLED: Final = Sort("label", 0.86)
_SAID: Final = Sort("phrase", 0.82)
_ADDRESSED: Final = Sort("before a title", 0.8)
_ALONE: Final = Sort("alone", 0.6)
NO_NAMES: Final = frozenset(
    "고객님 이용자 주문자 신청자 담당자 이메일 전화번 주문서 한국어 영어로 안내문 고지서 신용장 유효기 이상한 주소지 정상적 가능성 이유로 하나로 여기서 거기서 어디서 이제서 이거로 "
    "주인공 강아지 고양이 선생님 사장님 대표님 기사님 부모님 원장님 회원님 이사님 손해배 전자문 지난주 이번주 다음주 이번달 지원서 신청서 계약서 청구서 영수증 명세서 안내서 설명서 인증서 "
    "동의서 보고서 증명서 진단서 위임장 통지서 이미지 이용료 배송지 배송비 수수료 사용료 주차장 공휴일 유료화 무료로 예약일 하루라 나이가 이것이 정보가 문의가 이력서 소개서 노트북 "
    "오전에 오후에 지금은 서비스 안전한 유일한 동일한 이동식 서류가 고유한 문서로 주요한 기본이 기준이 전부가 공식이 대상이 사이트 사용자 이용권 정기권 할인권 상품권 성인용 유아용 여성용 남성용 전기차 자동차 "
    "지하철 고속도 경기도 강원도 제주도 경상도 전라도 충청도 서울시 부산시 인천시 대전시 광주시 대구시 정회원 준회원 비회원 진행중 마지막 하지만 그러나 우리는 저희는 여러분".split()
)
"""Words of three syllables that begin with a family name, and are none."""

PATTERNS: Final = (
    ValuePattern(
        "label and name in Korean",
        rf"(?-i:(?:{_LABELS})(?:은|는|이|가)?[ \t]?[:：=]?[ \t]{{0,3}}(?P<value>{NAME}|(?<=[:：=][ ])[가-힣]{{2,4}}(?=[ \t]{{0,4}}(?:[\n,/|(]|\Z))|(?<=[:：=])[가-힣]{{2,4}}(?=[ \t]{{0,4}}(?:[\n,/|(]|\Z)))(?![가-힣]{{4}}))",
        _LABELLED,
        letters=HANGUL,
    ),
    ValuePattern(
        "name and that it is one, in Korean",
        rf"(?-i:(?:(?:저는|제가|저희는|제[ ]이름은|본인은)[ ]|\A|(?<=[\n.,!?][ ])|(?<=[\n]))(?P<value>{NAME})(?=[ ]?{_IS}))",
        _SAID,
        letters=HANGUL,
    ),
    ValuePattern(
        "name and title in Korean",
        rf"(?-i:{_BEGINS}(?P<value>{NAME})(?=[ ]?{_TITLE}))",
        _ADDRESSED,
        letters=HANGUL,
    ),
    ValuePattern(
        "name alone in Korean",
        rf"(?-i:(?:\A|(?<=[\n|,;\t/]))[ \t]{{0,2}}(?P<value>{NAME})(?=[ \t]{{0,2}}(?:\Z|[\n|,;\t/(])))",
        _ALONE,
        letters=HANGUL,
    ),
    ValuePattern(
        "name before a number in Korean",
        rf"(?-i:(?<=[.!?,\n][ ])(?P<value>{NAME})(?=[ ]\(?0\d))",
        _ALONE,
        letters=HANGUL,
    ),
)  # fmt: skip

"""Rejects names that a model sees in Cyrillic, Greek or Armenian, and that are not written as names are.

The models have not learned these languages. What they know of a name's form is worth something there, since
their words have capitals: "Иван Петров" is one, wherever it stands. Any word at the beginning of a sentence or
a value has a capital as well, so that there a word alone counts only as a name that many people have, and a
word in small letters only as such a name. Each test reads a bounded number of characters.
"""

# ruff: noqa: E501, RUF001, SIM905  # letters of these scripts; tables of words read best as prose
from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ\-][^\W\d_]+)*")
_BEGINS: Final = re.compile(r"(?:\A|[.!?…:;\n\r|>\"«„“(\[•*–—-])[\s\"«„“(*–—-]*\Z")
_REACH: Final = 8  # code points before a word that tell whether it begins a sentence
_ENDINGS: Final = 2  # letters of the longest ending of a case that is taken off
_LEAST: Final = 3  # letters of a stem
_PATRONYMIC: Final = re.compile(
    r"\w{3,}(?:ович|евич|йович|івна|ївна|овна|евна|ична|инична)(?:а|у|ем|ом|е|і|ы|и|ою|ой|ей)?"
)
_NAMES: Final = """
    александр александра алексей алена алёна алина алиса алла альберт анастасия анатолий ангелина андрей анжела анна
    антон антонина аркадий арсений артем артём артур богдан борис вадим валентин валентина валерий валерия варвара
    василий василиса вера вероника виктор виктория виталий владимир владислав владислава вячеслав галина геннадий георгий герман
    глеб григорий дарина дарья даша денис диана дмитрий евгений евгения егор екатерина катя елена лена елизавета лиза
    жанна зинаида зоя иван игорь игнат илья инна иосиф ирина ира карина кирилл клавдия константин костя кристина
    ксения лариса лев леонид лидия лилия любовь людмила люда майя максим маргарита рита марина мария маша марк марта матвей
    мирон михаил миша надежда надя назар наталья наталия наташа никита николай коля нина оксана олег олеся ольга оля павел
    паша петр пётр петя полина раиса рената ринат роман рома руслан руслана рустам савелий светлана света святослав
    семен семён серафима сергей сережа серёжа софия софья соня станислав степан таисия тамара тарас татьяна таня
    тимофей тимур тихон ульяна федор фёдор филипп эдуард элина эльвира эмилия эрик юлия юля юрий яков яна ярослав
    айгуль айнур алмаз арман асель аслан бауржан данияр динара ерлан жанар ильдар камила лейла мадина мурат нурлан
    рамиль рашид самир султан тимерлан шамиль эльдар
    андрій богдана валерія василь віктор вікторія віталій володимир галя григорій дмитро євген євгенія ігор інна ірина
    іван катерина кирило костянтин леся людмила макар марія марко микита микола михайло надія наталя олександр
    олександра олексій олена ольга остап павло петро роксолана сергій соломія софія степан тетяна федір христина юлія юрій ярина
    ангел асен бисер боян борислав веселин виолета владимир гергана георги димитър десислава драгомир елица живко ивайло
    ивелина йордан калин калоян кирил красимир мирослав мартин николай петър пламен радослав росен румен силвия симеон стефан
    стоян теодора тодор цветан цветелина христо юлиан
    александар андрија бојан бранислав весна владан горан даница дејан драган драгана душан зоран ивана јелена јован
    јована катарина ксенија лазар љиљана марија марко милан милена милица милош мирјана младен небојша невена немања
    никола ненад радован саша слободан снежана срђан стефан тамара тијана филип
    αγγελική αθανάσιος αικατερίνη κατερίνα αλέξανδρος αλεξάνδρα αλίκη αναστασία αναστάσιος ανδρέας ανδριάνα αντώνης
    αντώνιος απόστολος αργυρώ αριστέα άρης αρτεμις βαγγέλης βασιλική βασίλης βασίλειος γεωργία γεώργιος γιάννης γιώργος
    γρηγόρης δέσποινα δημήτρης δημήτριος δήμητρα διονύσης διονύσιος ειρήνη ελένη ελευθερία ελευθέριος ελισάβετ εμμανουήλ
    μανώλης ευαγγελία ευάγγελος ευγενία ευστάθιος στάθης ευτυχία ζωή ηλίας θανάσης θεοδώρα θεόδωρος θοδωρής θεοφάνης θωμάς
    ιωάννα ιωάννης κωνσταντίνα κωνσταντίνος κώστας κυριακή κυριάκος λάμπρος λευτέρης μαρία μάριος μαρίνα μάρκος μιχάλης
    μιχαήλ μυρτώ νεκτάριος νίκος νικόλαος νικολέτα όλγα ουρανία παναγιώτης παναγιώτα παρασκευή πασχάλης παύλος πέτρος
    πηνελόπη ράνια σοφία σοφοκλής σπύρος σπυρίδων σταμάτης σταύρος σταυρούλα στέλιος στέλλα στέφανος σωτήρης σωτηρία
    φανή φίλιππος φωτεινή φώτης χαράλαμπος χάρης χρήστος χριστίνα χρυσούλα
    անահիտ անի աննա արամ արմեն արշակ արթուր գայանե գարեգին գևորգ դավիթ լիլիթ լուսինե կարեն հայկ հասմիկ հրանտ մարիամ
    մհեր նարե նարեկ շուշան ռուբեն սարգիս սոնա վահան վարդան տիգրան
""".split()
_INSTRUMENTAL: Final = ("ом", "ем", "ой", "ей", "ою", "ею")
_VOWELS: Final = "аяоеёиіїйьыуюэєъηαοςωήάέίόύώսի"


def _stem(word: str) -> str:
    """The word without the ending of its case: "мариу", "марии" and "мария" have one stem."""
    stem = word
    for _ in range(_ENDINGS):
        if len(stem) > _LEAST and stem[-1] in _VOWELS:
            stem = stem[:-1]
    return stem


_STEMS: Final = frozenset(map(_stem, _NAMES)) | frozenset(_NAMES)


def is_common_name(word: str) -> bool:
    """Whether a word of these scripts is a name that many people have, in any case."""
    word = word.lower()
    return word in _STEMS or _stem(word) in _STEMS or _stem(_without_instrumental(word)) in _STEMS


def _without_instrumental(word: str) -> str:
    """The word without the endings of "Иваном", "Сергеем" and "Марией"."""
    return word[:-2] if word.endswith(_INSTRUMENTAL) and len(word) > _LEAST + _ENDINGS else word


def is_no_cased_name(text: str, start: int, end: int) -> bool:
    """Whether a span with letters of these scripts is not written as the names of people and places are."""
    words = _WORD.findall(text, start, end)
    if not words or any(is_common_name(word) or _PATRONYMIC.fullmatch(word.lower()) for word in words):
        return not words
    capitals = [word[0].isupper() and not word.isupper() for word in words]
    if not any(capitals):
        return True
    begins = _BEGINS.search(text, max(0, start - _REACH), start) is not None
    return not all(capitals[begins:]) if len(words) > 1 else begins

"""Tells remarks about a password ("is not working") from a password of plain words ("is sunny garden").

"My password is" is followed either by the secret or by what is wrong with it. The words for the latter in the
eight languages are few: grammar, adjectives, participles. Text that does not begin with one of these and has
no word of grammar is taken for the secret.
"""

# ruff: noqa: E501, RUF001, SIM905  # patterns, one a line; typographic characters; tables of words read best as prose
from __future__ import annotations

import re
from typing import Final

GRAMMAR: Final = frozenset(
    """
    a an the this that these those is are was were be been being am it its i you he she we they my your our
    his her their me us them to of in on at by for from with without as if when while then than so but and or
    nor not no do does did done has have had can cannot could will would shall should must may might any
    some all there here what which who how why where don't doesn't didn't isn't wasn't can't won't it's i'm dont doesnt didnt isnt wasnt cant wont
    contains need needs fails keeps gets get got says asks because since until after before about into over
    every each only just also too very still already never always again

    der die das den dem des ein eine einen einem einer ist sind war und oder nicht kein keine ich du er sie
    es wir ihr mein meine meinem meinen dein ihre auf für mit ohne bei von zu zum zur im am aus nach seit
    wenn weil dass wird werden wurde kann muss hat habe haben noch schon nur auch sehr immer mehr mich mir

    el la los las un una unos unas es son era y o no ni que de del al en con sin por para porque cuando si
    mi mis tu su sus me te se lo le muy ya más menos hay está están fue ha he han

    le les une et ou ne pas plus est sont était je tu il elle nous vous ils mon ma mes ton ta sa ses son de
    du des au aux en dans avec sans pour par sur que qui quand si très déjà encore a ai ont été être

    il lo gli uno e ed è sono era non né che di dei della delle del nel nella con senza per su quando se mio
    mia miei tuo sua suo mi ti si ci molto già più ha ho hanno essere

    het een en of is zijn was niet geen ik jij hij zij wij mijn je jouw uw zijn haar van in op met zonder voor
    naar bij als dat die wordt worden heeft heb hebben nog al ook zeer meer te

    o os as um uma e ou é são era não nem que de do da dos das em no na nos nas com sem por para quando se
    meu minha meus sua seu me te muito já mais foi tem tenho está

    deve devono devem debe deben doit doivent moet moeten musi muszą müssen sollte puede può peut pode mag może

    i oraz lub jest są był było nie ani że z ze w we na do od dla bez po przed się mój moja moje mnie mi już
    jeszcze bardzo ma mam
    """.split()
)
"""Words that join others into a sentence; a secret of plain words seldom has one."""

SAID_OF: Final = frozenset(
    """
    scade caduca expira verfällt läuft verloopt wygasa expiring
    reset change changed changing wrong incorrect invalid expired expire correct required needed missing
    protected forgotten forgot lost same different strong weak secure insecure safe unsafe empty blank good
    bad great right working work works please help link email mail page policy screen prompt field option
    options recovery manager hint error issue issues problem problems request requests attempt attempts
    update updated compromised stolen leaked hacked visible hidden stored saved encrypted hashed okay ok
    fine yours mine accepted rejected denied locked unlocked temporary case sensitive long short unknown
    none null true false below above sent generated created set password passwords username user login
    account security code pin number important confidential private secret public rotation rules length
    complexity requirements hunter due old new current outdated broken useless pointless ridiculous
    impossible easy hard difficult simple complex complicated optional mandatory necessary unnecessary safe
    available unavailable ready perfect plain text clear company user friendly top default standard shared
    unique similar identical equal enough longer shorter stronger weaker like unlike next
    several

    falsch ungültig abgelaufen vergessen gesperrt richtig korrekt gültig kurz lang schwach stark sicher
    unsicher leer geheim neu alt gleich weg verloren unbekannt nötig erforderlich wichtig kaputt zurückgesetzt
    geändert bekannt passwort kennwort

    incorrecta incorrecto inválida inválido errónea correcta correcto válida caducada vencida bloqueada
    olvidada débil fuerte segura corta larga vacía nueva vieja misma diferente necesaria obligatoria
    demasiado contraseña clave difícil fácil

    incorrect invalide erroné expiré oublié bloqué correct valide faible fort sûr court long vide nouveau
    incorrecte erronée fausse mauvaise correcte bonne
    ancien même différent nécessaire obligatoire trop faux bon mauvais perdu difficile facile

    errata errato sbagliata scaduta bloccata dimenticata corretta valida debole forte sicura corta lunga
    vuota nuova vecchia stessa diversa necessaria obbligatoria troppo scorretta persa giusta

    fout onjuist ongeldig verlopen vergeten geblokkeerd juist correct geldig zwak sterk veilig onveilig kort
    lang leeg nieuw oud hetzelfde anders nodig verplicht kwijt verkeerd wachtwoord goed

    incorreta inválida errada expirada bloqueada esquecida correta válida fraca forte segura curta longa
    vazia nova velha mesma diferente necessária obrigatória demasiado senha

    nieprawidłowe błędne błędna błędny nieważne zła złe dobre poprawne ważne słabe silne bezpieczne krótkie długie puste nowe
    stare inne wymagane potrzebne hasło zbyt za
    """.split()
)
"""What people say a password is; only a secret of many words begins with one of these."""

_ABOUT: Final = SAID_OF | frozenset(
    """
    see attached attachment note notes urgent access failed failing fail log expires input enter try tried
    first second third time times minimum maximum characters letters digits previous single sign way
    """.split()
)
_ENDS: Final = frozenset(
    """
    and but or please thanks thank thx pls because so if when while which since btw can could now und aber oder
    bitte danke weil wenn pero porque gracias mais merci parce car grazie ma perché maar dank bedankt omdat
    porque obrigado obrigada mas ale proszę dziękuję bo y e ed et en i oraz
    """.split()
)
"""Words with which the sentence continues after the secret."""
SENTENCE_END: Final = r"(?=['\"]?\s{0,2}(?:\Z|[.!?,;:)\n])|\s(?:and|but|und|aber|y|pero|et|mais|e|ma|mas|en|maar|i|oraz|ale)(?![^\W_]))"
"""What follows a secret of plain words, as a pattern: the end of the sentence, or its continuation."""
_PARTICIPLE: Final = re.compile(
    r".{3,}ing|.{4,}ed|.{4,}ly|.{4,}[ai]ble|(?:un|ab|aus|ein|zurück|ver|be)?ge.{3,}(?:t|en)|"
    r".{4,}[ai]d[ao]s?|.{3,}ée?s?|.{4,}[aiu]t[ao]|nie(?:prawidł|popraw|waż|właś|akt|znan).{2,}|.{2,}(?:owane|wione|żone|nięte|asło)"
)
_NO_PARTICIPLE: Final = frozenset(
    """
    spring string morning evening wedding darling pudding sterling starling sibling ceiling lightning viking earring hundred
    sacred wicked naked family butterfly dragonfly firefly monopoly assembly vegetable gesicht gedicht gericht
    gewicht helado mercado soldado vestido comida bebida marido avenida ensalada cascada espada granada
    almohada musée fusée poupée marché gelato tomato potato patata pirata insalata granita cravatta
    """.split()
)
_PARTICLES: Final = frozenset("van von de di da del della der den la le du dos das el al mac".split())
PARTICLES: Final = rf"(?:(?:{'|'.join(sorted(_PARTICLES))})\s){{0,2}}"
"""What may stand before a family name, as a pattern."""
_LEAST_WORDS_AROUND: Final = 4


def is_said_of_secrets(word: str) -> bool:
    """Whether a word after "my password is" is about the password, not the password itself."""
    folded = word.lower()
    if len(folded) > 1 and (folded in SAID_OF or folded in GRAMMAR):
        return True
    return folded.isalpha() and _PARTICIPLE.fullmatch(folded) is not None and folded not in _NO_PARTICIPLE


def secret_in(words: str) -> int:
    """How many characters of a run of words after "my password is" are a secret of several words; 0: none."""
    kept: list[str] = []
    end = 0
    for word in re.finditer(r"[^\W_][\w'’\-]*", words):
        if word.group().lower() in _ENDS and kept:
            break
        kept.append(word.group().lower())
        end = word.end()
    if len(kept) < 2 or not GRAMMAR.isdisjoint(kept):  # noqa: PLR2004  # one word is not several
        return 0
    about = sum(word in _ABOUT for word in kept)
    many = len(kept) >= _LEAST_WORDS_AROUND and about == 1
    if 2 * about >= len(kept) or (is_said_of_secrets(kept[0]) and not many):
        return 0
    return end


def name_in(value: str) -> str:
    """The first word of a name after its particles: Berg of "van der Berg"."""
    words = value.split()
    while len(words) > 1 and words[0].lower() in _PARTICLES:
        del words[0]
    return words[0]


def is_phrase(value: str) -> bool:
    """Whether words in quotes or after a colon are a secret: less than half of them are about secrets."""
    words = [word for word in value.lower().split() if not word.isdigit()]
    about = sum(word in _ABOUT for word in words)
    return GRAMMAR.isdisjoint(words) and 2 * about < len(words)

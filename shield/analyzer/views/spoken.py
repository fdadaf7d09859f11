"""The spoken view: values as they are dictated or transcribed, read as they would be written.

Runs of number words become digits ("double five" 55, "twenty twenty one" 2021, "nineteen eighty four"
1984, "four hundred" 400, "oh" 0), spelled letters and spelling alphabets become letters, "dash" and
"dot" between digits become signs, and addresses ("jon dot w at example dot com") become addresses. A
run must hold enough digits for an identifier, so that quantities, times and prices stay words. The
recognizers decide what a run means, by checksum, by format or by the label before it.

Pauses (commas) are kept as spaces, so that groups show; a second view reads the runs without them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shield.analyzer.views.addresses import Change, addresses
from shield.analyzer.views.number_words import ENGLISH, EVERY, LANGUAGES, Said, SaidWord
from shield.analyzer.views.units import DIGITS, SPELLED, Unit, units
from shield.analyzer.views.view import Draft, View

NAME = "spoken"
_LEAST_DIGITS = 7  # of a number without a label; fewer are quantities
_LEAST_DIGITS_OF_ADDRESS = 4  # of IPv4
_LEAST_DIGITS_LABELLED = 3  # of a CVV
_BEFORE = 32  # code points in which a label is looked for
_LABEL = re.compile(
    r"(?<![^\W\d_])(?:pins?|pin-?codes?|pin-?nummer|geheimzahl|otp|totp|2fa|mfa|passcode|code|código|codigo|codice|kod|tan|"
    r"cvv|cvc|csc|ssn|social|last\s(?:four|4)(?:\sdigits?)?|digits?|(?:end|ending|ends)\s(?:in|with)|account|acct|konto|cuenta|"
    r"zip|postcode|postal|plz|postleitzahl|pocztow[^\W\d_]{1,3}|cap|cep|exp(?:iry|iration|ires|ire|iring)?|back|[^\W\d_]{2,16}(?:nummer|-?nr)|(?:number|no|nummer|número|numero|numéro))(?![^\W\d_])[^.!?\n\d]{0,16}\Z",
    re.IGNORECASE,
)
_DOTS_OF_ADDRESS = 3  # of IPv4
LONGEST_RUN = 400  # units; longer runs are read in pieces
_FIGURES_OF_THOUSAND = 4  # digits of the least number that is not added to thousands
_MOST_ADDED = 4  # digits of a number that more is added to
_FILLERS = frozenset("uh um er ehm erm äh ähm euh eh and y et und en e i then like okay ok".split())  # noqa: SIM905  a table of words reads best as prose
_FRENCH = 1 << LANGUAGES.index("fr")
_APART = sum(1 << LANGUAGES.index(language) for language in ("en", "es", "fr", "pt", "pl"))
"""Languages that say tens and a unit in two words; in the others "fünfzig sechs" is 50 6."""
_AFTER_TEN = frozenset("789")  # "dix sept"
_TEENS_AND_MORE = (Said.TEEN, Said.TENS)
_NUMBERS = (Said.DIGIT, Said.TEEN, Said.TENS, Said.HUNDRED, Said.HUNDREDS, Said.THOUSAND)
_TIMES = (Said.HUNDRED, Said.THOUSAND)


@dataclass(frozen=True, slots=True)
class _Part:
    """How one or several units read. `sep` is what separates it from the part before.

    `thousands`: what follows without a sign or pause is added ("mil doce").
    """

    text: str
    sep: str
    thousands: bool = False


def spoken(text: str, words: Mapping[str, SaidWord], over: View | None = None) -> list[View]:
    """The spoken views of `text`: with groups, and without them where that differs."""
    listed = list(units(text, words))
    changes = addresses(text, listed)
    taken = [(change.start, change.end) for change in changes]
    changes += [change for run in _runs(listed) for change in _read(text, run)]
    # An address wins over a run that it shares words with.
    changes.sort(key=lambda change: (change.start, (change.start, change.end) not in taken))
    views = []
    for plain in (False, True):
        draft = Draft(text)
        for change in changes:
            if change.start >= draft.position:
                draft.put(change.start, change.end, change.bare if plain else change.text)
        view = draft.view(NAME, over)
        if view is not None and (not plain or any(change.bare != change.text for change in changes)):
            views.append(view)
    return views


def _runs(listed: Sequence[Unit]) -> list[list[Unit]]:
    """Units that belong together: neighbours that share a language."""
    runs: list[list[Unit]] = []
    run: list[Unit] = []
    fillers = 0
    languages = EVERY
    for unit in listed:
        said = unit.said
        if run and (not unit.joins or len(run) >= LONGEST_RUN):
            runs.append(run)
            run, languages, fillers = [], EVERY, 0
        filler = unit.text.lower() in _FILLERS
        if said is None or said.said is Said.AT or (filler and run and _between(said, run[-1], languages)):
            if run and filler and fillers < 2:  # noqa: PLR2004  two in a row are no filler
                fillers += 1
                continue
            if run:
                runs.append(run)
                run, languages = [], EVERY
            fillers = 0
            continue
        if not languages & said.languages:
            runs.append(run)
            run, languages = [], EVERY
        languages &= said.languages
        fillers = 0
        run.append(unit)
    if run:
        runs.append(run)
    return runs


def _between(said: SaidWord, before: Unit, languages: int) -> bool:
    """Whether a word that is also a letter joins numbers here ("treinta y cinco")."""
    joiner = said is SPELLED and languages & ENGLISH == 0
    return joiner and before.said is not None and before.said.said in _NUMBERS


def _read(text: str, run: list[Unit]) -> list[Change]:
    run = _trimmed(run)
    if not any(unit.said is not DIGITS and _is(unit, *_NUMBERS) for unit in run):
        return []
    parts = _parts(run)
    said = "".join(part.sep + part.text for part in parts).strip()
    digits = sum(map(str.isdigit, said))
    dots = said.count(".")
    least = _LEAST_DIGITS_OF_ADDRESS if dots == _DOTS_OF_ADDRESS else _LEAST_DIGITS
    if digits < least and not (digits >= _LEAST_DIGITS_LABELLED and _is_labelled(text, run[0].start)):
        return []
    bare = said if dots == _DOTS_OF_ADDRESS else "".join(c for c in said if c.isalnum() or c == "+")
    return [Change(run[0].start, run[-1].end, said, bare)]


def _is_french(*units: Unit) -> bool:
    return all(unit.said is not None and unit.said.languages & _FRENCH for unit in units)


def _is_four_score(run: Sequence[Unit], place: int) -> bool:
    """Whether it is the "vingt" of "quatre vingt", which is 80; "zéro quatre vingt deux" is 04 22."""
    unit, before = run[place], run[place - 1]
    if unit.text != "20" or not _is(unit, Said.TENS) or not _is_french(unit):
        return False
    if not place or before.text != "4" or not _is(before, Said.DIGIT) or before.said is DIGITS:
        return False
    return place < 2 or run[place - 2].text != "0"  # noqa: PLR2004  the word before both


def _is_french_teen(tens: Unit, unit: Unit) -> bool:
    """Whether it is the "dix" or "douze" of "soixante dix" and "quatre vingt douze"."""
    follows = _is(unit, Said.TEEN) and unit.text.startswith("1") and tens.text in {"60", "20"}
    return follows and _is_french(tens, unit)


def _is_apart(tens: Unit, unit: Unit) -> bool:
    """Whether tens and a unit after them are one number in a language that has both words."""
    if tens.said is None or unit.said is None:
        return False
    return bool(tens.said.languages & unit.said.languages & _APART)


def _is_labelled(text: str, start: int) -> bool:
    """Whether the text before can name a short number: a PIN, a code, a postcode, the last four digits."""
    return _LABEL.search(text, max(0, start - _BEFORE), start) is not None


def _trimmed(run: list[Unit]) -> list[Unit]:
    """The run without signs at its ends, and without an article or pronoun ("a", "I") before digits."""
    first, last = 0, len(run)
    while first < last:
        unit = run[first]
        article = unit.said is SPELLED and unit.text in ("a", "A", "i", "I")
        spelled = first + 1 < last and run[first + 1].said is SPELLED
        if not (_is(unit, Said.SIGN) and unit.text != "+") and not (article and not spelled):
            break
        first += 1
    while last > first and (_is(run[last - 1], Said.SIGN) or _is(run[last - 1], Said.REPEAT)):
        last -= 1
    return run[first:last]


def _is(unit: Unit, *kinds: Said) -> bool:
    return unit.said is not None and unit.said.said in kinds


def _parts(run: Sequence[Unit]) -> list[_Part]:
    parts: list[_Part] = []
    times = 1
    sep = ""
    previous: Unit | None = None
    for place, unit in enumerate(run):
        said = unit.said
        if said is None:
            continue
        if previous is not None and unit.pauses:
            sep = sep or " "
        kind = said.said
        if kind is Said.REPEAT:
            times = int(said.text)
        elif kind is Said.SIGN:
            sep = unit.text if unit.text != "_" else " "
        else:
            text = _text(unit, run, place)
            last = parts[-1] if parts and not sep.strip() and len(parts[-1].text) <= _MOST_ADDED else None
            # Nothing is added to a letter ("A hundred").
            number = last is not None and last.text.isdecimal()
            if last is not None and number and _is_four_score(run, place):
                parts[-1] = _Part("80", last.sep)
            elif last is not None and number and previous is not None and _adds(previous, unit, run, place):
                parts[-1] = _Part(str(int(last.text) + int(text)), last.sep)
            elif last is not None and number and kind in _TIMES:
                parts[-1] = _Part(last.text + said.text, last.sep, kind is Said.THOUSAND)
            elif kind is Said.HUNDRED and _is_french(unit):
                parts.append(_Part("1" + said.text, sep))  # "cent douze"
            elif kind not in _TIMES:
                parts.append(_Part(text * times if len(text) == 1 else text, sep))
            times, sep = 1, ""
        previous = unit
    return _with_thousands(parts)


def _with_thousands(parts: Sequence[_Part]) -> list[_Part]:
    """The parts, where the thousands and what follows them are one: "trente-cinq mille", "deux cents"."""
    joined: list[_Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.thousands
            and not part.sep
            and part.text.isdecimal()
            and len(part.text) < _FIGURES_OF_THOUSAND
        ):
            joined[-1] = _Part(str(int(last.text) + int(part.text)), last.sep)
        else:
            joined.append(part)
    return joined


def _text(unit: Unit, run: Sequence[Unit], place: int) -> str:
    """The unit's digits or letter; a lone "o" between letters is a letter."""
    if _is(unit, Said.LETTER):
        return unit.text.upper()
    if unit.written_letter != unit.text:
        beside = [run[i] for i in (place - 1, place + 1) if 0 <= i < len(run)]
        if beside and all(_is(each, Said.LETTER) for each in beside):
            return "O"
    return unit.text


def _adds(previous: Unit, unit: Unit, run: Sequence[Unit], place: int) -> bool:
    """Whether the unit is added to the number before it: "twenty one", "four hundred and eleven"."""
    if unit.said is DIGITS:
        return False
    if _is(previous, Said.TENS):
        return (_is(unit, Said.DIGIT) and unit.text != "0" and _is_apart(previous, unit)) or _is_french_teen(
            previous, unit
        )
    if _is(previous, Said.TEEN) and previous.text == "10":
        return unit.text in _AFTER_TEN and _is_french(previous, unit)
    if _is(previous, Said.HUNDRED, Said.HUNDREDS):
        # "eight hundred five five five" is 800 555; "four hundred five" is 405, "dwieście pięć sto" 205 100.
        goes_on = _NUMBERS if _is(previous, Said.HUNDRED) else (Said.DIGIT,)
        ends = place + 1 == len(run) or not _is(run[place + 1], *goes_on) or run[place + 1].pauses
        return _is(unit, *_TEENS_AND_MORE) or (_is(unit, Said.DIGIT) and ends)
    return False

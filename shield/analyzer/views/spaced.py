"""The spaced view: values with separated characters or groups, read as if these were together.

"4 1 1 1 - 1 1 1 1", dotted "4.1.1.1.1", groups with odd separators (`_ / | * • ·`, dashes) or line breaks
between them, IBANs in any grouping, addresses with spaces in them ("j o n @ e x a m p l e . c o m",
"jon (at) example [dot] com"), IPv4 addresses with spaced or bracketed dots, grouped coin addresses.

Rows of numbers look the same, so a reading needs evidence: single digits in a row, groups of a known
shape, a valid check digit, or a word before them that says what they are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from shield.analyzer.luhn import luhn
from shield.analyzer.views.addresses import Change, plausible
from shield.analyzer.views.checks import IBAN_LENGTHS, country_apart, iban_holds
from shield.analyzer.views.trigger import Reading
from shield.analyzer.views.view import Draft, View

NAME = "spaced"
_SEP = r" \t\r\n\u00a0.,_/|*~()\-\u2010-\u2015\u2022\u00b7\u2027\u2219\u30fb\u2043"
# Expressions that begin with a class are found faster, so the text before is tested after it.
# After a digit that begins no match, none begins.
_RUN = re.compile(
    rf"[+0-9](?:(?<=[0-9])(?<![0-9].)|(?<=\+)[{_SEP}]{{0,3}}+[0-9])(?:[{_SEP}]{{0,4}}+[0-9]){{6,}}+"
)
_LEAST_RUN = 8  # code points of two groups of seven digits
_LONE_DIGIT = re.compile(r"[0-9]\b(?<=\b[0-9])", re.ASCII)
_DIGITS = re.compile(r"[0-9]+")
LONGEST_RUN = 200
"""Code points of a run of digits; longer runs are rows of numbers and are not read."""
_LEAST_DIGITS, _MOST_DIGITS = 7, 40
_USUAL = frozenset((" ", "-"))
_CARD = range(13, 20)
_DATE = re.compile(
    r"(?<![0-9])(?:(?:19|20)[0-9]{2}[-/._][0-9]{1,2}[-/._][0-9]{1,2}|[0-9]{1,2}[-/._][0-9]{1,2}[-/._](?:19|20)[0-9]{2})"
    r"(?![0-9])"
)
# Presidio's card; numbers of a known shape; one with its country, in groups of more than one figure.
_AS_IT_IS = re.compile(
    r"[0-9]{4}[- ]?[0-9]{3,4}[- ]?[0-9]{3,4}[- ]?[0-9]{3,5}|[0-9]{3}[- ][0-9]{2,3}[- ][0-9]{4}"
    r"|\+[0-9]{1,3}(?:[- ][0-9]{2,12})+"
)
_SHAPES = frozenset(
    {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (6, 13), (8, 8), (3, 2, 4), (3, 3, 4)}
)
_LABEL = re.compile(
    r"card|visa|master|amex|kart|carte|tarjeta|carta|cart[aã]o|\bcc\b|\bpan\b|ssn|social|account|konto|iban|"
    r"phone|mobile|\btel|\bcall\b|number is|\bnhs\b|\bitin\b|\bpaid\b|\bpay\b|charged|refund",
    re.IGNORECASE,
)
_BEFORE = 48  # code points before a run in which a label is looked for
# Four groups of four, each in the same marks: `*4111* *1111*`, `"4111" "1111"`, `[4111][1111]`, `4111: 1111`.
# Marks other than the usual ones. The text before is tested after the first group, which is faster to find.
_IN_MARKS = re.compile(
    r"[3-6][0-9]{3}(?<![0-9A-Za-z][0-9]{4})(?P<marks>(?![ -][0-9])[^0-9A-Za-z\r\n]{1,6})[0-9]{4}"
    r"(?P=marks)[0-9]{4}(?P=marks)[0-9]{4}(?![0-9A-Za-z])"
)

_IBAN = re.compile(
    rf"(?<![A-Za-z0-9]){country_apart(f'[{_SEP}]')}[0-9][{_SEP}]{{0,4}}[0-9]"
    rf"(?:[{_SEP}]{{0,4}}[A-Z0-9]){{11,30}}",
    re.IGNORECASE | re.ASCII,
)
_DIGIT_AND_COUNTRY = re.compile(rf"[0-9](?=[{_SEP}]{{0,4}}[A-Za-z][{_SEP}]{{0,4}}([A-Za-z])(?![A-Za-z0-9]))")
# An IBAN in the groups of its standard, or in none: read as it is, unless a word follows like a group.
_IBAN_AS_IT_IS = re.compile(r"[A-Z]{2}[0-9]{2}([ -]?)[A-Z0-9]{4}(?:\1[A-Z0-9]{4})*(?:\1[A-Z0-9]{1,3})?")
_GOES_ON = re.compile(r"[ -]?[A-Za-z0-9]")
_QUAD = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_COIN = re.compile(
    r"[13b](?<![0-9A-Za-z].)(?:(?<=[13])|(?<=b)c1)[0-9A-Za-z]{1,7}(?:[ -][0-9A-Za-z]{4}){5,14}"
    r"(?:[ -][0-9A-Za-z]{1,4})?(?![0-9A-Za-z])"
)
_IPV4 = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:(?: {1,2}\. {0,2}| ?\. {1,2})[0-9]{1,3}){3}(?![0-9.])")
_BRACKETED = re.compile(
    r"\s{0,2}(?:[\[({<]\s?(?:(?P<at>at|@|arroba|chiocciola|arobase)|(?P<dot>\.|dot|punkt|punto|ponto|point|punt)"
    r"|(?P<sign>dash|minus|hyphen|underscore))\s?[\])}>])\s{0,2}",
    re.IGNORECASE,
)
_AT = re.compile(r"\s{0,3}@\s{0,3}")
_LOCAL = re.compile(r"[\w.+-]{1,64}\Z")
_DOMAIN = re.compile(r"[A-Za-z0-9-]{1,63}(?:\s{0,2}\.\s{0,2}[A-Za-z0-9-]{1,63}){1,4}")
_CLOSE_DOMAIN = re.compile(r"[A-Za-z0-9-]{1,63}(?:\s{0,2}\.[A-Za-z0-9-]{1,63}){1,4}")
_SINGLES = re.compile(r"(?<![^\s(:])[\w@.+-](?: {1,2}[\w@.+-]){6,}(?![^\s,;:!?)])")
_LEAST_FIGURES = 5  # of single characters in a row that are a code
_SPACED_DOTS = re.compile(r"(?<![^\s:(])[\w+-]{1,32}(?: \. [\w+-]{1,32}){1,3}\Z")


def spaced(text: str, over: View | None, asked: Collection[Reading]) -> list[View]:
    """The spaced views of `text`: with groups, and without them where that differs.

    `asked` says what to look for: numbers and IPv4 addresses, IBANs and coin addresses, e-mail addresses.
    """
    # The first wins where two readings begin at one place (sorting is stable).
    found: list[Change] = []
    if Reading.SPACED_CODE in asked:
        found += _codes(text)
        if Reading.SPACED_COIN in asked:
            found += _coins(text)
    if Reading.SPACED_ADDRESS in asked:
        found += _by_address(text)
    if Reading.SPACED in asked:
        if Reading.SPACED_DOTS in asked:
            found += _addresses_apart(text)
        if Reading.SPACED_SINGLES in asked:
            found += _singles_apart(text)
        found += _cards_in_marks(text)
        found += _figures(text, found)
    if all(change.kept for change in found):
        return []
    changes = sorted(found, key=lambda change: change.start)
    views: list[View] = []
    for plain in (False, True):
        draft = Draft(text)
        done = 0
        for change in changes:
            reading = change.bare if plain else change.text
            if change.start < done:
                continue
            if reading != text[change.start : change.end]:
                draft.put(change.start, change.end, reading)
                done = change.end
            elif change.kept:
                done = change.end
        view = draft.view(NAME, over)
        if view is not None and (not views or view.text != views[0].text):
            views.append(view)
    return views


def _codes(text: str) -> Iterator[Change]:
    done = 0
    # Matched backwards, since a text has fewer digits to begin at than letters.
    places = [len(text) - match.end(1) for match in _DIGIT_AND_COUNTRY.finditer(text[::-1])]
    for start in reversed(places):
        if start < done:
            continue
        match = _IBAN.match(text, start)
        if match is not None:
            done = match.end()
            yield from _iban(text, match)


def _coins(text: str) -> Iterator[Change]:
    for match in _COIN.finditer(text):
        joined = re.sub("[ -]", "", match.group())
        yield Change(*match.span(), joined, joined)


def _cards_in_marks(text: str) -> Iterator[Change]:
    for match in _IN_MARKS.finditer(text):
        groups = _DIGITS.findall(match.group())
        if luhn("".join(groups)):
            yield Change(*match.span(), "-".join(groups), "".join(groups))


def _addresses_apart(text: str) -> Iterator[Change]:
    for match in _IPV4.finditer(text):
        octets = _DIGITS.findall(match.group())
        if all(int(octet) < 256 for octet in octets) and max(map(len, octets)) > 1:  # noqa: PLR2004  an octet
            joined = ".".join(octets)
            yield Change(*match.span(), joined, joined)


def _singles_apart(text: str) -> Iterator[Change]:
    for match in _SINGLES.finditer(text) if _has_lone_figures(text) else ():
        single = match.group()
        figures = sum(map(str.isdigit, single))
        if "@" not in single and _LEAST_FIGURES <= figures < len(single.split()) and "." not in single:
            joined = single.replace(" ", "")
            yield Change(*match.span(), joined, joined)


def _figures(text: str, others: Sequence[Change]) -> Iterator[Change]:
    """The changes of runs of digits.

    Runs within a kept change of `others`, and those that read as they are, are skipped: nothing would change.
    """
    kept = others if others and all(change.kept for change in others) else ()
    for match in _RUN.finditer(text):
        start, end = match.span()
        for change in kept:
            if change.start < start < change.end:
                break
        else:
            if _LEAST_RUN <= end - start <= LONGEST_RUN and not _AS_IT_IS.fullmatch(text, start, end):
                yield from _digits(text, start, end)


def _has_lone_figures(text: str) -> bool:
    """Whether there are enough single digits for a row of single figures."""
    return not text.isascii() or len(_LONE_DIGIT.findall(text)) >= _LEAST_FIGURES


def _digits(text: str, start: int, end: int) -> Iterator[Change]:
    run = text[start:end]
    groups = _DIGITS.findall(run)
    bare = "".join(groups)
    count = len(bare)
    if len(groups) < 2 or not _LEAST_DIGITS <= count <= _MOST_DIGITS:  # noqa: PLR2004  one group has no gap
        return
    sizes = tuple(map(len, groups))
    if len(groups) == 4 and _QUAD.fullmatch(run) and all(int(group) < 256 for group in groups):  # noqa: PLR2004  octets
        return  # an IPv4 address
    separators = _DIGITS.split(run)[1:-1]
    if sizes.count(1) >= max(5, 0.7 * len(sizes)):
        yield _singles((start, end), run, groups, separators)
        return
    plus = run[0] == "+"
    known = sizes in _SHAPES
    odd = not _USUAL.issuperset(separators)
    card = not plus and count in _CARD and bare[0] in "3456" and luhn(bare)
    if not (card or odd or not (plus or known)):
        return  # as above
    if _DATE.search(text, start, end):
        return
    labelled = _LABEL.search(text, max(0, start - _BEFORE), start) is not None
    grouped = ("+" if plus else "") + "-".join(groups)
    broken = sum("\n" in separator for separator in separators) > len(separators) // 2
    if card and (known or labelled):
        yield Change(start, end, grouped, bare)
    elif plus and min(sizes) > 1 and not broken:
        yield Change(start, end, grouped, grouped)
    elif labelled and (odd or not known):
        yield Change(start, end, grouped, bare)
    elif odd and known and not broken and count not in _CARD:
        yield Change(start, end, grouped, grouped)


def _singles(span: tuple[int, int], run: str, groups: list[str], separators: list[str]) -> Change:
    """Single digits joined: their most common separator is dropped, others mark the groups."""
    usual = max(set(separators), key=lambda separator: (separators.count(separator), separator))
    grouped = ("+" if run[0] == "+" else "") + groups[0]
    for separator, group in zip(separators, groups[1:], strict=True):
        if separator != usual:
            grouped += "-" if set(separator) - {" "} else " "
        grouped += group
    return Change(*span, grouped, re.sub("[ -]", "", grouped))


def _iban(text: str, match: re.Match[str]) -> Iterator[Change]:
    start = match.start()
    length = IBAN_LENGTHS.get(text[start : start + 2])
    if length is not None and text[start + 2].isdigit():
        # As usual: in groups of four, or in none.
        end = start + length + ((length - 1) // 4 if text[start + 4] in _USUAL else 0)
        if end <= len(text) and _reads_as_it_is(text, start, end):
            yield Change(start, end, text[start:end], text[start:end], kept=True)
            return
    # All else in a match are separators.
    places = [place for place, sign in enumerate(match.group(), start) if sign.isalnum()]
    length = IBAN_LENGTHS.get((text[start] + text[places[1]]).upper())
    if length is None or len(places) < length:
        return
    end = places[length - 1] + 1
    if end < len(text) and text[end].isalnum():
        return
    joined = "".join([text[place] for place in places[:length]]).upper()
    if iban_holds(joined):
        yield Change(start, end, joined, joined)


def _reads_as_it_is(text: str, start: int, end: int) -> bool:
    """Whether an IBAN is written as in its standard, and nothing continues after it."""
    return (
        _IBAN_AS_IT_IS.fullmatch(text, start, end) is not None
        and not text[end : end + 1].isalnum()
        and not _GOES_ON.match(text, end)
    )


def _by_address(text: str) -> Iterator[Change]:
    for match in _SINGLES.finditer(text):
        if "@" in match.group():
            end = match.end()
            if match.group()[-2:] in (" I", " a", " A"):
                end -= 2
            joined = re.sub(" +", "", text[match.start() : end])
            yield Change(match.start(), end, joined, joined)
    for match in _BRACKETED.finditer(text):
        if _beside(text, *match.span()):
            sign = "@" if match["at"] else "." if match["dot"] else "_" if match["sign"][0] in "uU" else "-"
            yield Change(*match.span(), sign, sign)
    for match in _AT.finditer(text):
        start, end = match.span()
        if _beside(text, start, end):
            yield from _around(text, start, end)


def _around(text: str, start: int, end: int) -> Iterator[Change]:
    local = _LOCAL.search(text, max(0, start - 64), start)
    # After "@" a dot followed by space may end the sentence: it is read only where there is no other dot.
    domain = _CLOSE_DOMAIN.match(text, end) or _DOMAIN.match(text, end)
    if local is None:
        return
    if end - start > 1:
        following = domain.group() if domain is not None else ""
        if not plausible(text, local.start(), local.group(), re.sub(r"\s", "", following)):
            return
        dotted = _SPACED_DOTS.search(text, max(0, start - 64), start)
        if dotted is not None:
            for dot in re.finditer(r" \. ", dotted.group()):
                yield Change(dotted.start() + dot.start(), dotted.start() + dot.end(), ".", ".")
        yield Change(start, end, "@", "@")
    if domain is not None:
        for dot in re.finditer(r"\s{0,2}\.\s{0,2}", domain.group()):
            if len(dot.group()) > 1:
                yield Change(end + dot.start(), end + dot.end(), ".", ".")


def _beside(text: str, start: int, end: int) -> bool:
    return start > 0 and end < len(text) and text[start - 1].isalnum() and text[end].isalnum()

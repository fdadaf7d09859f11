"""Fits findings to the markup of their text, so that replacing them leaves it readable.

A model reads words: to it the "lt" of `&lt;`, a key before `=` or a mark of Markdown is part of a name. And a
value that is read across HTML tags must not be replaced together with half a pair of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shield.analyzer.layouts.joined import JOINED
from shield.analyzer.layouts.spans import trimmed
from shield.analyzer.views.folded import ATTRIBUTES
from shield.domain import Finding

_SIGN: Final = re.compile(
    r"&(?:lt|gt|amp|quot|apos|nbsp|#3[49]|#60|#62|#160);|</?[A-Za-z][A-Za-z0-9]{0,9}\s?/?>"
)
"""A character reference, or a tag without attributes."""
_LONGEST_SIGN: Final = 14  # code points: `</`, a name of ten, a blank, `>`
_MENTIONED: Final = re.compile(r"(?<!\w)@([^\W\d_][^\W\d_'\u2019.-]{1,30}) \Z")
_LONGEST_MENTION: Final = 34  # code points
_OF_ANY_SIGN: Final = frozenset({"PASSWORD", "SECRET_KEY"})
"""Types whose values may hold any sign: none of them is markup there."""
_EMPHASIS: Final = re.compile(r"\*{1,3}")
_KEY: Final = re.compile(r"(?<![\w=+/])[A-Za-z_][\w.\-]{0,40}=(?!=)")
_BETWEEN_PAIRS: Final = " \t,;&"
_TAG: Final = re.compile(rf"</?[A-Za-z][^<>\s]{{0,300}}+{ATTRIBUTES}>")
_TAG_NAME: Final = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)")
_PLAIN_TAG_BEFORE: Final = re.compile(r"<([A-Za-z][A-Za-z0-9-]{0,9})>\Z")
"""A start tag that the operator `mask` leaves as it is, as it has no attributes."""
_CLOSED_BY_NOTHING: Final = frozenset({"br", "hr", "img", "input", "wbr"})
_WORDS: Final = frozenset({"PERSON", "LOCATION", "ORGANIZATION", "STREET_ADDRESS"})


def beside_markup(findings: Sequence[Finding], text: str) -> Sequence[Finding]:
    """The findings without character references and bare tags at their ends, which only surround a value.

    A model takes the "lt" of "Maria &lt;maria@example.com&gt;" for part of the address, and the "p>" of
    "<p>Maria" for part of the name.
    """
    if "&" not in text and "<" not in text:
        return findings
    kept = []
    for finding in findings:
        start, end = finding.start, finding.end
        for match in _SIGN.finditer(text, max(0, start - _LONGEST_SIGN), end + _LONGEST_SIGN):
            if match.end() <= start or match.start() >= end:
                continue
            if match.start() <= start:
                start = match.end()
            elif match.end() >= end:
                end = match.start()
        if start < end:
            kept.append(
                finding
                if (start, end) == (finding.start, finding.end)
                else finding._replace(start=start, end=end)
            )
    return kept


def between_signs(findings: Sequence[Finding], text: str) -> Sequence[Finding]:
    """The model's findings without keys of pairs and marks of Markdown within them.

    In "user=jdoe msg=x" a model takes "user=jdoe msg" for a name, and "**Ana** *Lima*" for a single one.
    """
    if "=" in text:
        findings = _apart(findings, text, _KEY, "=")
    return _apart(findings, text, _EMPHASIS, "*") if "*" in text else findings


def _apart(findings: Sequence[Finding], text: str, form: re.Pattern[str], sign: str) -> Sequence[Finding]:
    """The pieces of the findings between matches of `form`, which contain `sign`."""
    kept = []
    for finding in findings:
        if sign not in text[finding.start : finding.end + 1] or finding.entity_type in _OF_ANY_SIGN:
            kept.append(finding)
            continue
        at = finding.start
        for key in [*form.finditer(text, finding.start, finding.end + 1), None]:
            end = finding.end if key is None else min(key.start(), finding.end)
            piece = text[at:end]
            if any(map(str.isalnum, piece)):
                first = at + len(piece) - len(piece.lstrip())
                kept.append(finding._replace(start=first, end=at + len(piece.rstrip(_BETWEEN_PAIRS))))
            at = finding.end if key is None else key.end()
    return kept


def with_mentions(findings: Sequence[Finding], text: str) -> Sequence[Finding]:
    """Names extended by the start of a mention: a model reads "@Fatima Al-Rashid" as a handle and a name."""
    if "@" not in text:
        return findings
    kept = []
    for finding in findings:
        if finding.entity_type == "PERSON":
            before = _MENTIONED.search(text, max(0, finding.start - _LONGEST_MENTION), finding.start)
            if before is not None:
                finding = finding._replace(start=before.start(1))  # noqa: PLW2901
        kept.append(finding)
    return kept


def between_tags(findings: Sequence[Finding], text: str) -> list[Finding]:
    """Names, places and addresses split at the HTML tags within them: a finding for each piece between.

    A name is read across tags (`<b>Maria</b> <i>Lima</i>`), and an address across the cells of a row, but the
    tags must stay balanced. Numbers stay whole, as an operator may keep their last digits: a tag within one
    takes its other half right beside the number along. Where that half is not there, the number is split as
    well, lest a tag stay open or be closed twice.
    """
    kept: list[Finding] = []
    for finding in findings:
        tags = list(_TAG.finditer(text, finding.start, finding.end))
        if not tags:
            kept.append(finding)
            continue
        if finding.entity_type not in _WORDS:
            whole = _with_halves(text, finding, [tag[0] for tag in tags])
            if whole is not None:
                kept.append(whole)
                continue
            finding = finding._replace(view=JOINED)  # noqa: PLW2901  of which an operator shows no last digits
        starts = [finding.start, *(tag.end() for tag in tags)]
        ends = [*(tag.start() for tag in tags), finding.end]
        for bounds in zip(starts, ends, strict=True):
            start, end = trimmed(text, *bounds)
            if any(map(str.isalnum, text[start:end])):
                kept.append(finding._replace(start=start, end=end))
    return kept


def _with_halves(text: str, finding: Finding, tags: Sequence[str]) -> Finding | None:
    """The finding extended by the tags beside it whose other half is among `tags` within it.

    None where one of the `tags` still lacks its other half.
    """
    opened: list[str] = []
    closed: list[str] = []
    for tag in tags:
        match = _TAG_NAME.match(tag)
        if match is None or tag.endswith("/>") or match["name"] in _CLOSED_BY_NOTHING:
            continue
        if not match["close"]:
            opened.append(match["name"])
        elif opened and opened[-1] == match["name"]:
            opened.pop()
        else:
            closed.append(match["name"])
    start, end = finding.start, finding.end
    for name in closed:
        before = _PLAIN_TAG_BEFORE.search(text, max(0, start - _LONGEST_SIGN), start)
        if before is None or before[1] != name:
            return None
        start = before.start()
    for name in reversed(opened):
        closing = f"</{name}>"
        if not text.startswith(closing, end):
            return None
        end += len(closing)
    return finding._replace(start=start, end=end)

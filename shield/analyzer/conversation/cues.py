"""Keeps subtitles (SRT, WebVTT) valid: their times, cue numbers and keywords are cut out of findings.

A number that is dictated over two cues has a cue number and a time between its halves. Redacted as one, it
would take these along, and no player could read the rest. So a finding is split into pieces.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shield.analyzer.layouts.joined import JOINED
from shield.analyzer.layouts.spans import trimmed
from shield.domain import Finding

ARROW: Final = "-->"
SIGNATURE: Final = "WEBVTT"

_POINT: Final = r"(?:\d{1,3}:)?[0-5]?\d:[0-5]\d[.,]\d{1,3}"
_SETTING: Final = r"(?:vertical|line|position|size|align):[a-z0-9.,%-]{1,20}(?![^ \t\r\n])"
_FIXED: Final = re.compile(
    rf"(?<![^\r\n])(?:[ \t]{{0,4}}\d{{1,6}}[ \t]{{0,4}}\r?\n)?"  # the cue number, on the line above
    rf"[ \t]{{0,4}}{_POINT}[ \t]{{1,3}}-->[ \t]{{1,3}}{_POINT}(?!\d)(?:[ \t]+{_SETTING})*"
)
_WITHIN: Final = re.compile(
    r"<(?:\d{2,3}:[0-5]\d(?::[0-5]\d)?\.\d{3}|/?c(?:\.[\w.-]{1,60})?|/v)>|<v(?:\.[\w.-]{1,40})?(?=[ \t])"
)  # the time of a word, its class, and the mark of a voice, whose name is text
_BLOCKS: Final = re.compile(r"\A\ufeff?WEBVTT(?![^ \t\r\n])|(?<=[\r\n])(?:NOTE|STYLE|REGION)(?![^ \t\r\n])")


def between_cues(text: str, findings: Sequence[Finding]) -> list[Finding]:
    """The findings (disjoint, sorted) without the fixed parts; one that consists of these alone is dropped.

    A finding from which something was cut becomes pieces, like one across several members of a payload.
    """
    if not findings or (ARROW not in text and not text.startswith((SIGNATURE, "\ufeff" + SIGNATURE))):
        return list(findings)
    fixed = [match.span() for match in _FIXED.finditer(text)]
    more = [_BLOCKS] if _BLOCKS.match(text) is not None else []
    if "<" in text and (fixed or more):
        more.append(_WITHIN)
    if more:
        fixed = sorted([*fixed, *(match.span() for each in more for match in each.finditer(text))])
    parts: list[Finding] = []
    place = 0
    for finding in findings:
        while place < len(fixed) and fixed[place][1] <= finding.start:
            place += 1
        start, at = finding.start, place
        while at < len(fixed) and fixed[at][0] < finding.end:
            _add(parts, text, finding, start, fixed[at][0])
            start = fixed[at][1]
            at += 1
        if at == place:
            parts.append(finding)
        else:
            _add(parts, text, finding, start, finding.end)
    return parts


def _add(parts: list[Finding], text: str, finding: Finding, start: int, end: int) -> None:
    start, end = trimmed(text, start, end)
    if start < end:
        parts.append(finding._replace(start=start, end=end, view=JOINED))

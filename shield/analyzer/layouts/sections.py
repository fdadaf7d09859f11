"""Extends findings over one mark of a CDATA section to both, so that the document stays readable.

Otherwise redacting `jo@<![CDATA[example.com]]>` would leave `]]>`, which XML does not allow by itself. Only
short sections are read across their marks (`views.folded`), so a finding is extended by little.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from shield.domain import Finding

OPENING: Final = "<![CDATA["
CLOSING: Final = "]]>"
LONGEST: Final = 300
"""The most code points of a section that is read across its marks."""


def over_both_marks(text: str, findings: Sequence[Finding]) -> list[Finding]:
    """The findings, each over one mark of a section extended to its other mark."""
    sections = _sections(text)
    if not sections:
        return list(findings)
    ends = [end for _, end in sections]
    spread = []
    for finding in findings:
        start, end = finding.start, finding.end
        place = bisect_right(ends, start)
        while place < len(sections) and sections[place][0] < end:
            low, high = sections[place]
            # Within the two marks, it touches neither.
            if start < low + len(OPENING) or end > high - len(CLOSING):
                start, end = min(start, low), max(end, high)
            place += 1
        spread.append(finding._replace(start=start, end=end))
    return spread


def _sections(text: str) -> list[tuple[int, int]]:
    """The short sections of a text, with their marks, in order."""
    found = []
    position = 0
    while (low := text.find(OPENING, position)) >= 0:
        position = low + len(OPENING)
        high = text.find(CLOSING, position, position + LONGEST + len(CLOSING))
        if high >= 0:
            position = high + len(CLOSING)
            found.append((low, position))
    return found

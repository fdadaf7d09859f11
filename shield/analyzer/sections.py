"""CDATA sections: what is redacted over one of a section's marks is redacted over both.

`jo@<![CDATA[example.com]]>` would leave `]]>`, which no XML may have by itself, and the document could not be
read any more. Only short sections are read across their marks (`views.folded`), so no more than one of these
goes with a finding.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from shield.domain import Finding

OPENING: Final = "<![CDATA["
CLOSING: Final = "]]>"
LONGEST: Final = 300
"""Code points of a section that is read across its marks."""


def over_both_marks(text: str, findings: Sequence[Finding]) -> list[Finding]:
    """The findings, each over one mark of a section spread to the section's other."""
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
            # Within both marks, it touches none.
            if start < low + len(OPENING) or end > high - len(CLOSING):
                start, end = min(start, low), max(end, high)
            place += 1
        spread.append(finding._replace(start=start, end=end))
    return spread


def _sections(text: str) -> list[tuple[int, int]]:
    found = []
    position = 0
    while (low := text.find(OPENING, position)) >= 0:
        position = low + len(OPENING)
        high = text.find(CLOSING, position, position + LONGEST + len(CLOSING))
        if high >= 0:
            position = high + len(CLOSING)
            found.append((low, position))
    return found

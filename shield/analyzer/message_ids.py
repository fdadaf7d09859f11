"""Excludes identifiers of e-mail messages, which look like addresses but are none (RFC 5322, 3.6.4).

A platform that stores messages finds replies by them: if they were redacted, threads would fall apart.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from shield.domain import Finding

RECOGNIZER: Final = "EmailRecognizer"
"""The recognizer whose findings in such a value are dropped."""

_NAMES: Final = frozenset({("in", "reply", "to"), ("references",)})
_LAST_WORDS: Final = ("message", "id")
_CALENDAR_IDS: Final = frozenset({("i", "cal", "uid"), ("i", "cal", "u", "id"), ("ical", "uid")})
# Mail programs make them from the time and random numbers: an address is shorter or has fewer digits.
_CHANCE: Final = r"(?=[^<>@\s]{12})(?=(?:[^<>@\s\d]*+\d){3})[^<>@\s]{12,200}+@[^<>@\s]{1,200}+"
_ONE: Final = rf"<{_CHANCE}>"
_IDS: Final = re.compile(rf"\s*+{_ONE}(?:[\s,]++{_ONE})*+\s*+")

_LONE: Final = re.compile(_CHANCE)

_OF_HEADERS: Final = (
    "-ID:",
    "-Id:",
    "-id:",
    "eferences:",
    "EFERENCES:",
    "eply-To:",
    "eply-to:",
    "EPLY-TO:",
    "UID:",
)
_HEADER: Final = re.compile(
    rf"^[>\s]{{0,8}}(?:[\w\-]{{0,40}}message-id|in-reply-to|references|content-id|thread-id):((?:\s{{0,4}}{_ONE},?){{1,50}})"
    r"|^[>\s]{0,8}call-id:[ \t]{0,4}([^<>@\s]{1,200}+@[^<>@\s]{1,200}+)",
    re.IGNORECASE | re.MULTILINE,
)
"""A header line of a pasted mail, folded or not, or of SIP (RFC 3261, 20.8)."""
_ENTRY: Final = re.compile(
    rf"{_HEADER.pattern}|^(?:UID|RELATED-TO|X-WR-RELCALID)(?:;[^:\n]{{1,80}})?:({_CHANCE})",
    re.IGNORECASE | re.MULTILINE,
)
"""A calendar entry's line (RFC 5545, 3.8.4.7). In other texts a UID is a user's."""
_CALENDAR: Final = re.compile(r"BEGIN:V(?:CALENDAR|EVENT|TODO|CARD)", re.IGNORECASE)


def without(findings: list[Finding], text: str) -> list[Finding]:
    """The findings without those within identifiers in the header of a pasted mail or in a calendar."""
    if "@" not in text or not any(name in text for name in _OF_HEADERS):
        return findings
    if not any(finding.entity_type == "EMAIL_ADDRESS" for finding in findings):
        return findings
    lines = _HEADER if _CALENDAR.search(text) is None else _ENTRY
    spans = [match.span(match.lastindex or 0) for match in lines.finditer(text)]
    starts = [start for start, _ in spans]

    def is_within(finding: Finding) -> bool:
        place = bisect_right(starts, finding.start) - 1
        return place >= 0 and finding.end <= spans[place][1]

    return [finding for finding in findings if not is_within(finding)]


def are_message_ids(text: str, words: Sequence[str]) -> bool:
    """Whether a text consists of message identifiers; `words` are its member's name (`key_words`)."""
    if tuple(words) in _CALENDAR_IDS:
        return _LONE.fullmatch(text) is not None
    named = tuple(words[-2:]) == _LAST_WORDS or tuple(words) in _NAMES
    return named and _IDS.fullmatch(text) is not None

"""Requests and answers of pages as plain values, so that pages are functions and can be tested as such."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shield.audit.record import rfc3339
from shield.console.accounts import Session
from shield.console.search import Search
from shield.evidence.reading import date_of, microseconds

if TYPE_CHECKING:
    from shield.console.desk import Desk


class RefusedError(Exception):
    """A request that is refused. `status` is HTTP's; the message is for the user."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Call:
    """One request of a signed-in user. `form` has all values of a name; `match` the parts of the path."""

    session: Session
    query: Mapping[str, str]
    form: Mapping[str, Sequence[str]]
    match: Mapping[str, str]
    search: Search
    desk: Desk
    address: str
    receipts: Sequence[str] = ()

    def field(self, name: str) -> str:
        """The single value of a form's field; empty without it."""
        values = self.form.get(name, ())
        return values[0] if values else ""

    def now(self) -> float:
        """Seconds since 1970."""
        return self.desk.clock()


@dataclass(frozen=True, slots=True)
class Page:
    """A template and its values."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirect to another page of the console (a path)."""

    to: str


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes, or a file: as a download where it has a name."""

    content: bytes | Path
    media_type: str
    name: str = ""


Answer = Page | Redirect | Document


def moment(text: str, *, end: bool = False) -> str:
    """A date or time as people write it (UTC without a zone), as the time of a record; empty stays empty.

    A date alone is its first or (`end`) last microsecond. Raises `RefusedError`.
    """
    text = text.strip()
    if not text:
        return ""
    try:
        if (day := date_of(text)) is not None:
            value = datetime.combine(day, time.max if end else time.min, UTC)
        else:
            value = datetime.fromisoformat(text)
            value = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
            if end and len(text) == len("2031-05-04T03:02"):
                value += timedelta(seconds=60) - timedelta(microseconds=1)
        shown = value.isoformat(timespec="microseconds")[:-6] + "Z"
        microseconds(shown)
    except (ValueError, OverflowError):
        raise RefusedError("a time is written as 2031-05-04 or 2031-05-04T03:02:01, in UTC") from None
    return shown


def period_between(start: str, end: str) -> tuple[str, str]:
    """Both ends of a period, each converted by `moment`. Raises `RefusedError`.

    It also refuses a period that ends before it begins: that holds nothing, and an empty page would look
    fine.
    """
    begins, ends = moment(start), moment(end, end=True)
    if begins and ends and ends < begins:
        raise RefusedError("the period ends before it begins")
    return begins, ends


def time_text(seconds: float) -> str:
    """The time of a record for seconds since 1970."""
    return rfc3339(int(seconds * 1_000_000) * 1000)

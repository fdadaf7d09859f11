"""Which configurations, policies and detectors were in force when, and what changed. Pure.

The records give digests; the documents beside the log (`audit.documents`) give their contents. If a document
is gone, its digest remains, and its content is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from shield.evidence.reading import Entry, Period

MOST_CHANGES = 60
_Document = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a configuration that differs from the previous one; `path` has dots between its names."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Configuration:
    """A `config` record of the period, or the one in force at its start.

    `digest` is None for a reload that was refused. `build` is the program that ran. `changes` are relative to
    the previous configuration; None where either document is gone, empty where nothing changed.
    """

    origin: str
    index: int
    time: str
    reason: str
    digest: str | None
    build: str
    policies: Mapping[str, str]
    models: Mapping[str, str]
    changes: tuple[Change, ...] | None
    changes_omitted: int


Stretch = tuple[str, str | None]
"""From when to when; the end is None where it is not over at the end of the period."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A policy or a detector under one digest: when it was in force, and its document where there is one.

    A detector's `name` is that of its model. There are several `stretches`, in order, where another one was
    in force between them.
    """

    name: str
    digest: str
    stretches: tuple[Stretch, ...]
    document: Mapping[str, Any] | None


class ConfigurationHistory:
    """Takes the `config` records of one log, in order, and the ends of its runs.

    What was in force when a log stopped for good, as that of a worker that only stood in, was so until then.
    """

    def __init__(self, origin: str, period: Period, document: _Document) -> None:
        self._origin = origin
        self._period = period
        self._document = document
        self._before: Entry | None = None
        self._current: Entry | None = None
        self._listed: list[Configuration] = []
        self._policies: dict[tuple[str, str], list[Stretch]] = {}
        self._models: dict[tuple[str, str], list[Stretch]] = {}
        self._stopped: str | None = None

    def take(self, entry: Entry) -> None:
        if self._period.end is not None and entry.time > self._period.end:
            return
        self._stopped = None
        if self._period.start is not None and entry.time < self._period.start:
            if entry.fields["digest_after"] is not None:
                self._before = entry
            return
        self._begin()
        self._list(entry)

    def stop(self, time: str) -> None:
        """The run ended in order."""
        if self._period.end is None or time <= self._period.end:
            self._stopped = time

    def _ended(self, stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
        return tuple((since, self._stopped if until is None else until) for since, until in stretches)

    def _begin(self) -> None:
        """The configuration in force when the period began comes first in the list."""
        if self._before is not None:
            entry, self._before = self._before, None
            self._list(entry)

    def _list(self, entry: Entry) -> None:
        fields = entry.fields
        changes: tuple[Change, ...] | None = ()
        omitted = 0
        if fields["digest_after"] is not None:
            previous = self._current.fields["digest_after"] if self._current is not None else None
            if previous is not None and previous != fields["digest_after"]:
                changes, omitted = self._compare(previous, fields["digest_after"])
            self._current = entry
            models = fields.get("models", {})
            _follow(self._policies, fields["policies"], entry.time)
            _follow(self._models, models, entry.time)
        self._listed.append(
            Configuration(
                self._origin,
                entry.index,
                entry.time,
                fields["reason"],
                fields["digest_after"],
                fields.get("build", "not known"),
                dict(fields["policies"]),
                dict(fields.get("models", {})),
                changes,
                omitted,
            )
        )

    def _compare(self, before: str, after: str) -> tuple[tuple[Change, ...] | None, int]:
        old, new = _parsed(self._document(before)), _parsed(self._document(after))
        if old is None or new is None:
            return None, 0
        changes = differences(old, new)
        return tuple(changes[:MOST_CHANGES]), max(0, len(changes) - MOST_CHANGES)

    @property
    def listed(self) -> Sequence[Configuration]:
        self._begin()
        return self._listed

    def policies(self) -> Iterator[InForce]:
        self._begin()
        for (name, digest), stretches in self._policies.items():
            yield InForce(name, digest, self._ended(stretches), _parsed(self._document(digest)))

    def models(self) -> Iterator[InForce]:
        self._begin()
        for (_, digest), stretches in self._models.items():
            document = _parsed(self._document(digest))
            name = document["spec"]["model"] if document and "spec" in document else "not known"
            yield InForce(str(name), digest, self._ended(stretches), document)


def _follow(known: dict[tuple[str, str], list[Stretch]], named: Mapping[str, str], time: str) -> None:
    """Ends what is no longer in force, begins what is new or is in force again."""
    now = set(named.items())
    for key, stretches in known.items():
        since, until = stretches[-1]
        if key not in now and until is None:
            stretches[-1] = (since, time)
    for key in named.items():
        stretches = known.setdefault(key, [])
        if not stretches or stretches[-1][1] is not None:
            stretches.append((time, None))


def united(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Stretches of several logs in order; those that overlap or touch are one."""
    joined: list[Stretch] = []
    for since, until in sorted(stretches, key=lambda it: it[0]):
        if joined:
            first, last = joined[-1]
            if last is None or since <= last:
                joined[-1] = (first, None if last is None or until is None else max(last, until))
                continue
        joined.append((since, until))
    return tuple(joined)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """The leaves that differ. Lists of mappings with a `name` are compared by it, others by place."""
    before, after = dict(_leaves(old, "")), dict(_leaves(new, ""))
    return [
        Change(path, before.get(path), after.get(path))
        for path in sorted(before.keys() | after.keys())
        if before.get(path) != after.get(path)
    ]


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for name, child in value.items():
            yield from _leaves(child, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and value and all(isinstance(child, Mapping) for child in value):
        for place, child in enumerate(value):
            yield from _leaves(child, f"{path}[{child.get('name', place)}]")
    else:
        yield path, orjson.dumps(value).decode()


def _parsed(raw: bytes | None) -> dict[str, Any] | None:
    if raw is None:
        return None
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None

"""Tables of a pack with a row for each record of a kind that is not of a request. Writes files as it goes.

| table | kinds |
|---|---|
| `canaries.csv` | `canary` |
| `shadow.csv` | `shadow` |
| `rescans.csv` | `rescan` |
| `read_backs.csv` | `read_back` |
| `anchors.csv` | `roster`, `anchor` |
| `log_life.csv` | `boot`, `recovered`, `shutdown`, `rotate`, `digest_key`, `prune`, `hold` |

Codes, names of the configuration, counts and digests, as they are in the record; no path inside a body.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from shield.audit.record import Kind
from shield.evidence.cells import Table
from shield.evidence.reading import Entry

Row = Sequence[object]
Fields = Mapping[str, Any]

_CANARY = ("route", "policy", "result", "reason", "checks", "failed", "uncovered", "exempt", "languages",
           "entities", "policy_digest", "model_digest", "config_digest", "requests")  # fmt: skip
_SHADOW = ("intent", "route", "policy", "shadow_policy", "compared", "failed", "skipped", "differences",
           "differences_omitted", "policy_digest", "shadow_digest", "model_digest")  # fmt: skip
_RESCAN = ("intent", "route", "policy", "tier", "result", "reason", "missed", "policy_digest", "model_digest")
_READ_BACK = ("intent", "route", "policy", "compare", "result", "reason", "attempts", "status", "age_us",
              "compared", "differing", "missing", "uncompared", "inspected", "unredacted",
              "uninspected_bytes", "object", "policy_digest", "model_digest")  # fmt: skip
_ANCHOR = ("anchor", "form", "result", "logs", "roster_sha256", "receipt_sha256")
_LIFE: Mapping[str, tuple[str, ...]] = {
    Kind.BOOT.value: ("build", "vkey", "digest_key", "digest_period", "signed_size"),
    Kind.RECOVERED.value: ("clean", "unsigned_records", "cut_bytes", "unknown_outcomes"),
    Kind.SHUTDOWN.value: ("reason",),
    Kind.ROTATE.value: ("old_vkey", "new_vkey", "size"),
    Kind.DIGEST_KEY.value: ("action", "period", "key"),
    Kind.PRUNE.value: ("minimum_index", "before", "policy"),
    Kind.HOLD.value: ("action", "name", "reason"),
}


def _canary(fields: Fields) -> Row:
    return _cells(fields, _CANARY)


def _shadow(fields: Fields) -> Row:
    sorts = [
        f"{it['live'] or 'nothing'}>{it['shadow'] or 'nothing'}={it['count']}" for it in fields["differences"]
    ]
    return _cells({**fields, "differences": sorts}, _SHADOW)


def _rescan(fields: Fields) -> Row:
    return _cells({**fields, "missed": {it["type"]: it["count"] for it in fields["missed"]}}, _RESCAN)


def _read_back(fields: Fields) -> Row:
    counts = {name: fields[name]["count"] for name in ("differing", "missing")}
    return _cells({**fields, **counts}, _READ_BACK)


def _anchor(fields: Fields) -> Row:
    return ("anchor", *_cells(fields, _ANCHOR))


def _roster(fields: Fields) -> Row:
    return ("roster", *_cells({"logs": len(fields["logs"])}, _ANCHOR))


def _life(kind: str) -> Callable[[Fields], Row]:
    def row(fields: Fields) -> Row:
        said = [f"{name}={fields[name]}" for name in _LIFE[kind] if fields.get(name) not in (None, "")]
        return (kind, fields.get("approver", ""), " ".join(said))

    return row


def _cells(fields: Fields, names: Sequence[str]) -> list[object]:
    """The cells of a row; lists and mappings as words with blanks between them."""
    cells: list[object] = []
    for name in names:
        value = fields.get(name)
        if isinstance(value, Mapping):
            value = " ".join(f"{key}={each}" for key, each in value.items())
        elif isinstance(value, Sequence) and not isinstance(value, str):
            value = " ".join(map(str, value))
        cells.append(value)
    return cells


_TABLES: Mapping[str, tuple[str, ...]] = {
    "canaries.csv": _CANARY,
    "shadow.csv": _SHADOW,
    "rescans.csv": _RESCAN,
    "read_backs.csv": _READ_BACK,
    "anchors.csv": ("kind", *_ANCHOR),
    "log_life.csv": ("kind", "approver", "detail"),
}
_KINDS: Mapping[str, tuple[str, Callable[[Fields], Row]]] = {
    Kind.CANARY.value: ("canaries.csv", _canary),
    Kind.SHADOW.value: ("shadow.csv", _shadow),
    Kind.RESCAN.value: ("rescans.csv", _rescan),
    Kind.READ_BACK.value: ("read_backs.csv", _read_back),
    Kind.ANCHOR.value: ("anchors.csv", _anchor),
    Kind.ROSTER.value: ("anchors.csv", _roster),
    **{kind: ("log_life.csv", _life(kind)) for kind in _LIFE},
}


class KindTables:
    """Takes records in order; those of kinds that have no table are passed over."""

    def __init__(self, stack: ExitStack, out: Path) -> None:
        self._tables: dict[str, Table] = {}
        for name, columns in _TABLES.items():
            file = stack.enter_context((out / name).open("w", newline="", encoding="utf-8"))
            self._tables[name] = Table(file, ("id", "time", *columns))

    def take(self, origin: str, entry: Entry) -> None:
        known = _KINDS.get(entry.kind)
        if known is not None:
            table, row = known
            self._tables[table].writerow((f"{origin}#{entry.index}", entry.time, *row(entry.fields)))

"""Sums up from `shadow` records what shadow policies would have done differently. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from shield.audit.record import Kind
from shield.evidence.reading import Entry, Period


@dataclass(frozen=True, slots=True)
class Sort:
    """One kind of difference: at which path, and what each policy does there (`TYPE:operator`).

    None on a side: that policy leaves the text alone.
    """

    path: str
    live: str | None
    shadow: str | None

    @property
    def change(self) -> str:
        """`more` where only the shadow policy acts, `less` where only the live one does."""
        return "more" if self.live is None else "less" if self.shadow is None else "other"


@dataclass(slots=True)
class Trial:
    """One policy tried on one route: all records of the same two policy digests and model.

    `compared`, `failed` and `skipped` count requests, `different` those with a difference, `sorts` the
    findings; `omitted` counts findings that records had no room for.
    """

    route: str
    policy: str
    policy_digest: str
    shadow_policy: str
    shadow_digest: str
    model_digest: str
    compared: int = 0
    different: int = 0
    failed: int = 0
    skipped: int = 0
    omitted: int = 0
    sorts: Counter[Sort] = field(default_factory=Counter)
    examples: dict[Sort, str] = field(default_factory=dict)
    """The receipt of the first request of each kind."""


def trials(
    logs: Iterable[tuple[str, Iterable[Entry]]],
    period: Period,
    *,
    route: str | None = None,
    policy: str | None = None,
) -> list[Trial]:
    """The trials in `logs` (origin and records), sorted by route and policies.

    `route` and `policy` (the shadow policy) select by name.
    """
    found: dict[tuple[str, str, str, str], Trial] = {}
    for origin, records in logs:
        for entry in records:
            if entry.kind != Kind.SHADOW or not period.holds(entry.time):
                continue
            fields = entry.fields
            if route not in (None, fields["route"]) or policy not in (None, fields["shadow_policy"]):
                continue
            key = (fields["route"], fields["policy_digest"], fields["shadow_digest"], fields["model_digest"])
            trial = found.get(key)
            if trial is None:
                trial = found[key] = Trial(
                    fields["route"],
                    fields["policy"],
                    fields["policy_digest"],
                    fields["shadow_policy"],
                    fields["shadow_digest"],
                    fields["model_digest"],
                )
            _add(trial, origin, entry)
    return sorted(
        found.values(), key=lambda it: (it.route, it.shadow_policy, it.shadow_digest, it.policy_digest)
    )


def _add(trial: Trial, origin: str, entry: Entry) -> None:
    fields = entry.fields
    trial.compared += fields["compared"]
    trial.failed += fields["failed"]
    trial.skipped += fields["skipped"]
    trial.omitted += fields["differences_omitted"]
    trial.different += bool(fields["differences"])
    for difference in fields["differences"]:
        sort = Sort(difference["path"], difference["live"], difference["shadow"])
        trial.sorts[sort] += difference["count"]
        trial.examples.setdefault(sort, f"{origin}#{fields['intent']}")

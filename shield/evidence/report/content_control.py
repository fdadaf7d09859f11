"""The parts of a report on what was in force, how it was measured, and what it supports. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shield.evidence.report.blocks import Block, Column, Heading, Items, Table, Text
from shield.evidence.report.configurations import Change, InForce, united
from shield.evidence.report.criteria import CriteriaMap, Criterion
from shield.evidence.report.evaluation import Card, Evaluated
from shield.evidence.report.facts import Facts
from shield.evidence.report.words import moment

_STATUS_WORDS = {"supports": "supports", "partly": "partly", "not": "not"}
_LISTED = 40
_COMPARED = "spacy:en_core_web_sm"
_LABEL_ROWS = 24


def configuration(facts: Facts) -> Iterator[Block]:
    """Policies in force, and every change."""
    yield Heading("Policies in force", "policies")
    yield Text(
        "A policy is named by the SHA-256 of its text, which every record of a request carries. The texts "
        "are in `documents/`, "
        "and `sha256sum` gives the name of each file. A configuration takes effect only after its record "
        "is on disk."
    )
    for policy in _distinct(each for log in facts.logs for each in log.policies):
        yield from _policy(policy)
    routes = _routes(facts)
    if routes:
        yield Heading("Routes", "", 2)
        columns = (
            Column("Route", 1.2), Column("Match", 2), Column("Policy", 1), Column("Mode", 0.9),
            Column("On error", 0.9), Column("Not as the rest", 2.4),
        )  # fmt: skip
        yield Table(columns, routes, "Of the configuration that was in force last.")
    yield Heading("Change history", "changes")
    rows = [
        (
            f"`{it.origin}#{it.index}`",
            moment(it.time),
            it.reason,
            (f"`{it.digest}`" if it.digest else "refused: the one before stays") + f"\n`{it.build}`",
            _changes(it.changes, it.changes_omitted),
        )
        for log in facts.logs
        for it in log.configurations[-_LISTED:]
    ]
    history = (
        Column("Record", 2),
        Column("Time", 1.2),
        Column("Reason", 0.7),
        Column("Configuration, program", 2),
        Column("Changed", 3),
    )
    yield Table(history, rows, "All of them are in configurations.csv.")


def _distinct(found: Iterator[InForce]) -> list[InForce]:
    """One entry for each digest, with when it was in force in any of the logs."""
    by_digest: dict[tuple[str, str], InForce] = {}
    for each in found:
        known = by_digest.get((each.name, each.digest))
        if known is None:
            by_digest[each.name, each.digest] = each
            continue
        stretches = united((*known.stretches, *each.stretches))
        by_digest[each.name, each.digest] = InForce(
            each.name, each.digest, stretches, known.document or each.document
        )
    return sorted(by_digest.values(), key=lambda it: (it.name, it.stretches[0][0]))


def _policy(policy: InForce) -> Iterator[Block]:
    when = "; again ".join(
        f"since {moment(since)}, " + (f"until {moment(until)}" if until else "still in force at the end")
        for since, until in policy.stretches
    )
    yield Heading(f"Policy `{policy.name}`", "", 2)
    yield Text(f"`{policy.digest}`, {when}.", "quiet")
    document = policy.document
    if document is None:
        yield Text("Its text is not beside the log: only the digest is known.", "warn")
        return
    rows = []
    for entity, spec in sorted(document.get("entities", {}).items()):
        parameters = ", ".join(
            f"{name} = {value}"
            for name, value in sorted(spec.items())
            if name not in ("operator", "threshold")
        )
        threshold = (
            spec.get("threshold") if spec.get("threshold") is not None else document.get("score_threshold")
        )
        rows.append((f"`{entity}`", str(spec.get("operator", "")), parameters, f"{threshold}"))
    columns = (
        Column("Type", 2),
        Column("Operator", 1.2),
        Column("Parameters", 2.6),
        Column("Threshold", 0.8, "number"),
    )
    yield Table(columns, rows)
    detector = document.get("detector", {})
    recognizers, languages = _listed(detector.get("recognizers", ())), _listed(document.get("languages", ()))
    said = [f"model `{detector.get('model')}`, recognizers {recognizers}, languages {languages}"]
    if detector.get("patterns"):
        said.append(f"patterns of its own: {_listed([it.get('name', '') for it in detector['patterns']])}")
    for kind, word in (
        ("allow_lists", "terms are never a finding"),
        ("deny_lists", "terms are always a finding"),
    ):
        terms = sum(len(it.get("terms", ())) for it in document.get(kind, ()))
        if terms:
            said.append(f"{terms} {word}; they are in the text")
    yield Items(said)


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def _routes(facts: Facts) -> list[tuple[str, ...]]:
    """The routes of the newest configuration of the first log that has its text."""
    for log in facts.logs:
        for it in reversed(log.configurations):
            document = facts.documents.get(it.digest or "")
            if document is not None:
                return [_route(route) for route in document.get("routes", ())]
    return []


def _route(route: Mapping[str, Any]) -> tuple[str, ...]:
    match = route.get("match", {})
    special = []
    for rule in route.get("fields", ()):
        entity = f" {rule['entity']}" if rule.get("entity") else ""
        special.append(f"{rule.get('action')}{entity} `{rule.get('select')}`")
    query = route.get("query", {})
    special += [f"query {name}: {action}" for name, action in query.get("parameters", {}).items()]
    headers = route.get("headers", {})
    for rule in headers.get("rules", ()):
        entity = f" {rule['entity']}" if rule.get("entity") else ""
        special.append(f"header {rule.get('name')}: {rule.get('action')}{entity}")
    special += [
        f"{name}: {value}"
        for name, value, usual in (
            ("query", query.get("default"), "redact"),
            ("headers", headers.get("default"), "redact"),
            *((name, route.get(name), "block") for name in ("path", "opaque", "on_deadline")),
        )
        if value not in (None, usual)
    ]
    methods = " ".join(match.get("methods", ())) or "any method"
    return (
        f"`{route.get('name')}`",
        f"{methods} `{match.get('host', '*')}{match.get('path', '')}`",
        f"`{route.get('policy')}`",
        str(route.get("mode")),
        str(route.get("on_error")),
        "\n".join(special),
    )


def _changes(changes: Sequence[Change] | None, omitted: int) -> str:
    if changes is None:
        return "not known: a text is not beside the log"
    lines = [f"`{it.path}`: {_short(it.before)} is now {_short(it.after)}" for it in changes]
    if omitted:
        lines.append(f"and {omitted} more")
    return "\n".join(lines)


def _short(value: str | None) -> str:
    most = 80
    if value is None:
        return "nothing"
    return f"`{value if len(value) <= most else value[: most - 1] + '…'}`".replace("``", "`")


def evaluation(facts: Facts, card: Card) -> Iterator[Block]:
    """Which detectors were in force, and the figures that ship for them."""
    yield Heading("Detectors in force, and how they were measured", "evaluation")
    yield Text(
        "A detector is named by the SHA-256 over everything that decides its results: recognizers, model, "
        "versions. What was not found was not redacted; these figures say how often that happens on "
        "labelled text. They are no promise for yours."
    )
    rows = [
        (
            f"`{it.name}`",
            f"`{it.digest}`",
            str(it.recognizers) if it.recognizers else "",
            _figures_of(it),
        )
        for it in facts.models
    ]
    columns = (
        Column("Model", 1.2),
        Column("Digest of the detector", 3),
        Column("Recognizers", 0.8, "number"),
        Column("Figures", 1.5),
    )
    yield Table(columns, rows)
    if not any(it.on_card or it.name.startswith(_COMPARED) for it in facts.models):
        yield Text("None of the figures that ship are of these detectors, so none are shown.", "warn")
        return
    for table in card.tables:
        header = [Column(name, 1.6 if not place else 1.0) for place, name in enumerate(table.header)]
        shown = table.rows[:_LABEL_ROWS]
        caption = table.before if len(table.before) < 200 else ""  # noqa: PLR2004  a paragraph is no caption
        if len(table.rows) > len(shown):
            caption += f" The first {len(shown)} of {len(table.rows)} rows; all are on the card."
        yield Table(header, shown, caption)
    yield Text(
        "From `evaluation/model-card.md`, which says how they were measured, on what, and what the model "
        "fails at. `leak` is the share of the characters of personal data that no finding covers, in per "
        "cent; `leak_hard` the same without the cover by types that a policy seldom redacts.",
        "quiet",
    )


def _figures_of(it: Evaluated) -> str:
    if it.on_card:
        return "the figures below are of this model"
    return "below, as Presidio" if it.name.startswith(_COMPARED) else "no figures ship"


def criteria(facts: Facts, criteria_map: CriteriaMap) -> Iterator[Block]:
    """What each artefact supports."""
    yield Heading("What these artefacts support", "criteria")
    yield Text(criteria_map.note)
    listed = _entities(facts)
    for framework in criteria_map.frameworks:
        yield Heading(framework.name, "", 2)
        columns = (
            Column("Criterion", 1.7), Column("", 0.9), Column("How", 3), Column("Artefacts", 1.7),
            Column("Limit", 2.2),
        )  # fmt: skip
        yield Table(columns, [_criterion(it, listed) for it in framework.criteria])


def _criterion(it: Criterion, listed: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    how = it.text
    for entity in it.entities:
        policies = ", ".join(f"`{name}`" for name in listed.get(entity, ()))
        how += f"\n`{entity}`: {policies or 'in no policy in force'}"
    artefacts = "\n".join(f"`{name}`" for name in it.artefacts)
    return (f"**{it.id}** {it.about}", _STATUS_WORDS[it.status], how, artefacts, it.limit)


def _entities(facts: Facts) -> dict[str, list[str]]:
    """The policies in force that list each type, with its operator."""
    found: dict[str, list[str]] = {}
    for policy in _distinct(each for log in facts.logs for each in log.policies):
        for entity, spec in ((policy.document or {}).get("entities", {})).items():
            said = f"{policy.name}: {spec.get('operator', '')}"
            if said not in found.setdefault(entity, []):
                found[entity].append(said)
    return found

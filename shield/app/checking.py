"""Reports what is wrong with a configuration, with the place of each problem in its file.

Checks here what only the other rooms can check (selectors, operators, recognizers, patterns, files): the
`config` room knows none of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, MutableMapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from shield.analyzer.build import check_pattern, known_entities
from shield.analyzer.engine import Analyzer
from shield.analyzer.tagger_ner import shipped
from shield.anonymizer.engine import load_operators, validate_spec
from shield.app.check_files import (
    certificate_warnings,
    divided_paths,
    folder_problems,
    folder_warnings,
    narrow_limits,
    short_drains,
    tls_problems,
    unread_media_types,
)
from shield.app.heart import analyzer_of, recognizer_plugins
from shield.audit.anchor_checks import anchor_problems
from shield.config.loader import Caution, Loaded, Problem, examine
from shield.config.parts import Parts, parts_of
from shield.config.source import ConfigErrors, SourceMap, in_order, render, suggestion
from shield.config_codes import ProblemCode
from shield.domain import DetectorSpec, OperatorSpec, Policy
from shield.errors import ConfigError
from shield.payload.queries import compile_query
from shield.payload.selectors import location_of


def check_config(
    path: Path, env: Mapping[str, str], clock: Callable[[], float] = time.time
) -> tuple[tuple[Problem, ...], tuple[Caution, ...]]:
    """All problems of the configuration at `path`, and warnings about it.

    A problem that the file's own checks find does not hide those that only the other rooms can see.
    """
    examined = examine(path, env)
    refused = [problem.path for problem in examined.problems]
    # An operator with a refused part would only be refused again for the same reason.
    more = (
        problem
        for problem in problems_of(examined.parts, examined.source_map, {})
        if not any(_encloses(problem.path, path) for path in refused)
    )
    settings, place = examined.settings, examined.source_map.remark
    if settings is None:
        return in_order([*examined.problems, *more]), examined.warnings
    wrong = [
        place(("audit", "anchors", name, key), ProblemCode.ANCHOR_UNUSABLE, what)
        for name, key, what in anchor_problems(settings.audit.anchors)
    ]
    wrong += (place(*remark) for remark in (*tls_problems(settings), *folder_problems(settings)))
    now = datetime.fromtimestamp(clock(), UTC)
    look = [
        place(*remark)
        for remark in (
            *certificate_warnings(settings, now),
            *folder_warnings(settings),
            *divided_paths(settings),
            *unread_media_types(settings),
            *narrow_limits(settings),
            *short_drains(settings),
        )
    ]
    return in_order([*examined.problems, *more, *wrong]), (*examined.warnings, *look)


def _encloses(place: str, other: str) -> bool:
    return other == place or other.startswith((f"{place}.", f"{place}["))


def checked_analyzers(
    loaded: Loaded, known: Mapping[DetectorSpec, Analyzer], extra: Sequence[Any] = ()
) -> dict[DetectorSpec, Analyzer]:
    """Check all of a configuration; its analyzers, warm, those in `known` kept. Raises ConfigErrors."""
    built = dict(known)
    if problems := problems_of(parts_of(loaded.settings), loaded.source_map, built, extra):
        raise ConfigErrors(problems)
    analyzers = {spec: built[spec] for spec in loaded.settings.detectors}
    for spec, analyzer in analyzers.items():
        if spec not in known:
            analyzer.warm()
    return analyzers


def problems_of(
    parts: Parts,
    source: SourceMap,
    built: MutableMapping[DetectorSpec, Analyzer],
    extra: Sequence[Any] = (),
) -> tuple[Problem, ...]:
    """Problems that only the other rooms can find: selectors, operators, recognizers, entity types.

    An analyzer that a policy needs and `built` lacks is built and added there: building it is the check.
    """
    problems: list[Problem] = []
    models = shipped()  # as they are now: the previous configuration's may be of other files

    def attempt(place: str, check: Callable[[], object]) -> None:
        try:
            check()
        except ConfigError as error:
            problems.append(source.remark(place, error.problem, error.detail))

    def build(spec: DetectorSpec) -> None:
        if spec not in built:
            built[spec] = analyzer_of(spec, models, extra)

    for place, rule in parts.fields.items():
        attempt(f"{place}.select", partial(compile_query, rule.selector))
    for place, selector in parts.queries.items():
        attempt(place, partial(compile_query, selector))
    for place, selector in parts.locations.items():
        attempt(place, partial(location_of, selector))
    for name, policy in parts.policies.items():
        known = len(problems)
        for index, pattern in enumerate(policy.detector.patterns):
            place = render(("policies", name, "detector", "patterns", index, "regex"))
            attempt(place, partial(check_pattern, pattern))
        if len(problems) == known:
            attempt(render(("policies", name, "detector")), partial(build, policy.detector))
        findable = _findable(parts, policy, built.get(policy.detector))
        for entity, spec in policy.operators.items():
            place = render(("policies", name, "entities", entity))
            attempt(place, partial(_check_operator, parts.keys, entity, spec))
            attempt(place, partial(_check_findable, entity, findable))
    return in_order(problems)


def _check_operator(keys: Collection[str], entity: str, spec: OperatorSpec) -> None:
    validate_spec(spec, keys, load_operators([spec.name]), entity_type=entity)


def _findable(parts: Parts, policy: Policy, analyzer: Analyzer | None) -> frozenset[str] | None:
    """All entity types that the policy's detector or rules can name; None where that cannot be told.

    The analyzer is asked where there is one. Building recognizers only to ask them would build a user's own
    twice at each start and once more in each worker, where the model that one may bring is shared by none.
    """
    denied = {rule.entity_type for rule in policy.deny}
    try:
        found = analyzer.supported_entities if analyzer is not None else _named_by(policy.detector)
    except ConfigError:
        return None  # reported for the detector
    return found | denied | parts.treated.get(policy.name, frozenset())


def _named_by(spec: DetectorSpec) -> frozenset[str]:
    plain, plugins = recognizer_plugins(spec)
    return known_entities(plain, plugins)


def _check_findable(entity: str, findable: frozenset[str] | None) -> None:
    """Raise for an unknown type: a misspelt one would silently never be redacted."""
    if findable is not None and entity not in findable:
        raise ConfigError(
            ProblemCode.ENTITY_NEVER_FOUND,
            f"nothing finds {entity}{suggestion(entity, findable)}; correct the name, or add "
            "a recognizer, pattern, deny list or treat_as rule for it",
        )

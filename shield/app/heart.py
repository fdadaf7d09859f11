"""Builds the heart from a configuration: detectors, operators, and the redactor of both."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from shield.analyzer.build import build_analyzer
from shield.analyzer.engine import Analyzer
from shield.analyzer.expressions.compiled_store import CompiledStore
from shield.analyzer.remembered import RememberedFindings
from shield.analyzer.resolver import resolve
from shield.analyzer.tagger_ner import shipped
from shield.analyzer.tagging.tiers import Models
from shield.anonymizer.engine import Anonymizer, load_operators
from shield.config.settings import Settings
from shield.config_codes import ProblemCode
from shield.domain import DetectorSpec, Finding, Limits, Policy, Redaction, Segment
from shield.errors import ConfigError
from shield.payload.codecs import CodecRegistry
from shield.payload.field_names import EveryName, words_of
from shield.payload.media_type import MediaType
from shield.payload.selectors import FieldRules
from shield.proxy.apart_messages import Setup
from shield.redactor import Redactor

RECOGNIZERS_GROUP = "shield.recognizers"
MEMORY_KEY_BYTES = 32


def recognizer_plugins(spec: DetectorSpec) -> tuple[DetectorSpec, list[Any]]:
    """The recognizers that `spec` names by entry point, and `spec` without those names.

    Only what a configuration names is loaded. Raises ConfigError for a plug-in that cannot be loaded.
    """
    offered: dict[str, EntryPoint] = {point.name: point for point in entry_points(group=RECOGNIZERS_GROUP)}
    plugins = []
    for name in spec.recognizers:
        if name not in offered:
            continue
        try:
            plugins.append(offered[name].load()())
        except Exception as error:  # noqa: BLE001  foreign code; whatever it raises, the start is refused
            raise ConfigError(
                ProblemCode.RECOGNIZER_UNUSABLE,
                f"the recognizer {name!r} cannot be loaded: {type(error).__name__}",
            ) from None
    plain = tuple(name for name in spec.recognizers if name not in offered)
    return replace(spec, recognizers=plain), plugins


def build_redactor(
    settings: Settings,
    analyzers: Mapping[DetectorSpec, Analyzer],
    random: Callable[[int], bytes],
    *,
    remembers: bool = False,
) -> Redactor:
    """The heart of a configuration; `remembers` allows it to keep findings of texts that come again.

    Raises ConfigError for an operator that cannot be built.
    """
    limit = settings.server.findings_cache if remembers else 0
    memory = RememberedFindings(limit, random(MEMORY_KEY_BYTES)) if limit else None
    keys = {name: secret.value for name, secret in settings.keys.items()}
    named = {spec.name for policy in settings.policies.values() for spec in policy.operators.values()}
    anonymizer = Anonymizer(keys, load_operators(named), random)
    return Redactor(CodecRegistry.default(), analyzers, anonymizer, memory)


def read_vocabulary() -> frozenset[str]:
    """The words of field names that are shipped with the program."""
    return words_of(resources.files("shield.payload").joinpath("field_names.txt").read_text("ascii"))


def setup_of(settings: Settings) -> Setup:
    """What the process apart builds the heart of a configuration from."""
    keys = {name: secret.value for name, secret in settings.keys.items()}
    operators = {spec.name for policy in settings.policies.values() for spec in policy.operators.values()}
    return Setup(keys, frozenset(operators), settings.server.findings_cache)


@dataclass(frozen=True, slots=True)
class RedactionDoor:
    """The heart without a proxy: for the command line."""

    redactor: Redactor

    def redact_bytes(self, body: bytes, media_type: str, policy: Policy) -> Redaction:
        """Redact a body under the default limits, without field rules. Raises ShieldError.

        The paths of the findings show the names of members as they are, as the caller has the body anyway.
        """
        parsed = MediaType.parse(media_type)
        rules = FieldRules.compile((), EveryName())
        return self.redactor.redact(body, parsed, policy, limits=Limits(), rules=rules)

    def analyze_text(self, text: str, language: str, policy: Policy) -> list[Finding]:
        """What `policy` would act on in `text`. `language` is one of the policy's. Raises ShieldError."""
        del language  # one engine serves all languages of a policy
        segment = Segment(0, text)
        found = self.redactor.analyzers[policy.detector].analyze([segment], policy)
        earlier = self.redactor.anonymizer.earlier(text, policy.operators)
        return resolve(text, found[0], policy, earlier)


def build_redaction(settings: Settings) -> RedactionDoor:
    """The heart of a configuration, ready for use. Raises ConfigError."""
    models = shipped()
    analyzers = {spec: analyzer_of(spec, models) for spec in settings.detectors}
    return RedactionDoor(build_redactor(settings, analyzers, os.urandom))


def analyzer_of(spec: DetectorSpec, models: Models, extra: Sequence[Any] = ()) -> Analyzer:
    """The analyzer that `spec` describes, with `extra` recognizers. Raises ConfigError."""
    plain, plugins = recognizer_plugins(spec)
    return build_analyzer(plain, [*plugins, *extra], CompiledStore.of_environment(os.environ), models)

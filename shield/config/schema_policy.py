"""The sections of a policy: what is PII, how it is detected and what becomes of it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from shield.config.invalid import InvalidValueError
from shield.config.schema_types import EntityType, Language, Model, Name, Region, Score, Section, Text
from shield.config.substitution import EnvText
from shield.config_codes import ProblemCode


def _check_regex(value: str) -> str:
    if any(it < " " and it not in "\t\n" for it in value):
        raise InvalidValueError(
            ProblemCode.VALUE_MALFORMED,
            "a regex must not contain control characters: in double quotes YAML reads \\b as one; "
            "write the regex in single quotes",
        )
    return value


class PatternSection(Section):
    """A pattern recognizer of your own."""

    name: Name = Field(description="Name in findings and records.", examples=["case-number"])
    entity: EntityType = Field(description="Entity type of its matches.", examples=["CASE_NUMBER"])
    regex: Annotated[Text, AfterValidator(_check_regex)] = Field(
        description="Regular expression in Hyperscan's syntax.", examples=[r"\bCASE-\d{8}\b"]
    )
    score: Score = Field(description="Score of a match.", examples=[0.6])
    context: list[Text] = Field(
        default=[],
        description="Words that raise the score when they stand nearby.",
        examples=[["case", "ticket"]],
    )


class DetectorSection(Section):
    """Which detectors run."""

    model: Model = Field(
        default="fast",
        description="Named-entity model: `none`; `fast`, `cascade` or `accurate`, the shield's own tiers; "
        "`spacy:` and the name of an installed package; `nlp:` and the name of an entry point of the group "
        "`shield.nlp_engines`.",
        examples=["fast"],
    )
    recognizers: list[Text] = Field(
        default=["default"],
        description="Recognizers by name (Presidio's or the shield's), by group (`default`, `shield`, "
        "`national`, `country:us`, `all`), or by name in the entry-point group `shield.recognizers`.",
        examples=[["default", "country:us"]],
    )
    patterns: list[PatternSection] = Field(default=[], description="Pattern recognizers of your own.")
    phone_regions: list[Region] = Field(
        default=["US", "GB", "DE", "FR", "IL", "IN", "CA", "BR"],
        description="Regions whose national phone number formats are recognized.",
        examples=[["US", "GB"]],
    )


def _named_operator(value: Any) -> Any:
    if isinstance(value, str):
        return {"operator": value}
    if not isinstance(value, dict):
        raise InvalidValueError(
            ProblemCode.VALUE_WRONG_KIND,
            "must be the name of an operator, or a mapping such as {operator: mask, keep_last: 4}",
        )
    return value


class EntitySection(Section):
    """What becomes of one entity type: an operator's name, or a mapping of it and its parameters."""

    model_config = ConfigDict(extra="allow")

    operator: Text = Field(
        description="`replace`, `mask`, `hash`, `redact`, `keep`, `encrypt`, `presidio:NAME`, or the name of "
        "an entry point of the group `shield.operators`. All other keys but `threshold` are its parameters.",
        examples=["mask"],
    )
    threshold: Score | None = Field(
        default=None,
        description="Lowest score at which a finding of this type counts. Without it, the policy's "
        "`score_threshold`.",
        examples=[0.7],
    )

    @model_serializer(mode="wrap")
    def _by_reference(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Keep references in parameters that come from the environment: they may be an operator's secrets."""
        parameters = {key: _referenced(value) for key, value in (self.model_extra or {}).items()}
        return {**dump(self), **parameters}


def _referenced(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _referenced(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_referenced(child) for child in value]
    return value.reference if isinstance(value, EnvText) else value


Entity = Annotated[EntitySection, BeforeValidator(_named_operator)]


class AllowListSection(Section):
    """Text that is never a finding."""

    terms: list[Text] = Field(
        min_length=1,
        description="A finding whose whole text equals a term is dropped. Case and the kind of quotation "
        "mark or hyphen do not matter.",
        examples=[["Zendesk", "Salesforce"]],
    )
    entities: list[EntityType] = Field(
        default=[], description="Types that the terms are allowed for. Empty: all.", examples=[["PERSON"]]
    )


class DenyListSection(Section):
    """Text that is always a finding."""

    terms: list[Text] = Field(
        min_length=1,
        description="Found at word boundaries with score 1. Case and the kind of quotation mark or hyphen "
        "do not matter; a blank also stands for a hyphen or `_`.",
        examples=[["Project Aurora"]],
    )
    entity: EntityType = Field(
        description="Entity type of the findings. The policy must list it.", examples=["CODE_NAME"]
    )


class PolicySection(Section):
    """What is PII and what becomes of it."""

    languages: list[Language] = Field(
        default=["en"],
        min_length=1,
        description="Languages for which the group `default` selects Presidio's recognizers. The shield's "
        "own recognizers read all their languages at once. A model `nlp:NAME` reads each text in the "
        "language it is written in.",
        examples=[["en"]],
    )
    detector: DetectorSection = Field(default=DetectorSection(), description="Which detectors run.")
    score_threshold: Score = Field(
        default=0.5, description="Lowest score at which a finding counts.", examples=[0.5]
    )
    entities: dict[EntityType, Entity] = Field(
        description="What is PII. A type that is not listed is left as it is. The value is an operator's "
        "name, or a mapping.",
        examples=[{"PERSON": "replace", "CREDIT_CARD": {"operator": "mask", "keep_last": 4}}],
        json_schema_extra={"placeholder": "TYPE"},
    )
    allow_lists: list[AllowListSection] = Field(default=[], description="Texts that are never findings.")
    deny_lists: list[DenyListSection] = Field(default=[], description="Texts that are always findings.")

"""Sections of a configuration on the header fields of requests. They compile to `settings`."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from shield.config.invalid import InvalidValueError
from shield.config.schema_types import EntityType, Label, Section
from shield.config_codes import ProblemCode

TargetActionName = Literal["redact", "block", "keep"]

_FIELD_NAME = r"(?=[^A-Za-z0-9]*[A-Za-z0-9])[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,64}"
_DESCRIBES = (
    "host", "connection", "content-length", "content-type", "content-encoding", "expect", "te", "trailer",
    "transfer-encoding", "upgrade",
)  # fmt: skip


def _check_field_name(name: str) -> str:
    if re.fullmatch(_FIELD_NAME, name) is None:
        raise InvalidValueError(
            ProblemCode.VALUE_MALFORMED,
            "not the name of a header field, such as X-Customer-Email, or a pattern such as X-Customer-*",
        )
    if name.lower().replace("_", "-") in _DESCRIBES:
        raise InvalidValueError(
            ProblemCode.VALUE_NOT_A_CHOICE,
            "this field describes the message or its connection: no rule can be set for it",
        )
    return name


HeaderPattern = Annotated[
    str,
    AfterValidator(_check_field_name),
    WithJsonSchema({"type": "string", "pattern": f"^{_FIELD_NAME}$"}),
    Label("header name, or a pattern with `*`"),
]


def check_entity(action: str, entity: str | None) -> None:
    """Check that a rule names an entity type exactly if its action needs one. Raises InvalidValueError."""
    if action == "treat_as" and entity is None:
        raise InvalidValueError(
            ProblemCode.KEYS_INCONSISTENT, "action treat_as needs the key entity, such as entity: PERSON"
        )
    if action != "treat_as" and entity is not None:
        raise InvalidValueError(
            ProblemCode.KEYS_INCONSISTENT, "the key entity is only for action treat_as; remove it"
        )


class HeaderRuleSection(Section):
    """What is done with the header fields of a name."""

    name: HeaderPattern = Field(
        description="Name of header fields, without regard to case; `*` is any run of characters. A name "
        "with `_` counts as the one with `-`, as many servers read it. If several rules match a field, the "
        "last one wins.",
        examples=["X-Customer-*"],
    )
    action: Literal["redact", "block", "treat_as", "keep", "drop"] = Field(
        description="`redact` what is found in the value; `block` the request if anything is; `treat_as`: "
        "the whole value is of type `entity`; `keep`: leave it uninspected, which is counted; `drop`: do not "
        "forward the field, whatever the mode. Also applies to fields that the proxy adds, such as "
        "`X-Forwarded-For`.",
        examples=["redact"],
    )
    entity: EntityType | None = Field(
        default=None,
        description="For `treat_as` only. The policy must list it.",
        examples=["PERSON"],
    )

    @model_validator(mode="after")
    def _entity_with_treat_as(self) -> HeaderRuleSection:
        check_entity(self.action, self.entity)
        return self


class HeadersSection(Section):
    """What is done with PII in header fields of a request."""

    default: TargetActionName = Field(
        default="redact",
        description="For fields that no rule names, except those of protocols, credentials and tracing: "
        "`redact` what is found, `block` the request, or `keep`: do not inspect.",
        examples=["block"],
    )
    rules: list[HeaderRuleSection] = Field(
        default=[],
        description="Rules for single fields, also for those of protocols and credentials.",
    )

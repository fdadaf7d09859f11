"""Sections of a configuration on tests of the control itself: canaries, and reading back from storage."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from shield.config.invalid import InvalidValueError
from shield.config.schema_secrets import SecretHeader
from shield.config.schema_types import (
    Duration,
    DurationOrZero,
    EntityType,
    FieldName,
    Integer,
    Label,
    Method,
    Path_,
    RouteName,
    Score,
    Section,
    Size,
    Text,
)
from shield.config_codes import ProblemCode


class CanariesSection(Section):
    """Synthetic values sent through the live path on a schedule, and held to their redaction."""

    interval: Annotated[Duration, Field(ge=1, le=86_400), Label("duration, 1s to 24h")] = Field(
        default=300.0,
        description="Between two runs over all routes. The first run comes at the start and after each "
        "reload.",
        examples=["5m"],
    )
    routes: list[RouteName] = Field(
        default=[], description="Routes to test. Empty: all.", examples=[["tickets", "contacts"]]
    )
    samples: dict[EntityType, list[Text]] = Field(
        default={},
        description="Your own texts by entity type, each with a synthetic value, marked by `[[` and `]]` "
        "unless it is the whole text. They must be redacted wherever a policy names the type.",
        examples=[{"CASE_NUMBER": ["My case is [[CASE-00000001]]."]}],
        json_schema_extra={"placeholder": "ENTITY"},
    )


class ObjectPlaceSection(Section):
    """Where a part of what was sent stands in the object that storage gives back."""

    sent: Text = Field(
        description="Place in the forwarded body: a JSONPath query of names and indices only (RFC 9535, "
        "singular).",
        examples=["$.ticket.comment.body"],
    )
    stored: Text | None = Field(
        default=None,
        description="Its place in the object. Without it, the part is not compared, which is counted.",
        examples=["$.ticket.description"],
    )


def _check_query(value: str) -> str:
    if not re.fullmatch(r"[!-~]*", value) or "#" in value or value.startswith("?"):
        raise InvalidValueError(
            ProblemCode.VALUE_MALFORMED, "must be a percent-encoded query without its '?'"
        )
    return value


class ReadBackSection(Section):
    """Reads a share of what was written back from the upstream and compares it with what was forwarded."""

    share: Annotated[Score, Field(gt=0), Label("number, above 0, at most 1")] = Field(
        default=1.0,
        description="Share of the route's writes that are read back, chosen by request id.",
        examples=[0.05],
    )
    methods: list[Method] = Field(
        default=["POST", "PUT"],
        min_length=1,
        description="Methods of the writes that are read back.",
        examples=[["POST"]],
    )
    path: Path_ | None = Field(
        default=None,
        description="Path of the object, below the upstream's URL. Without it: the answer's `Location`; if "
        "there is none and the method is not POST, the path that was written to.",
        examples=["/api/v2/tickets/{id}"],
    )
    variables: dict[Text, Text] = Field(
        default={},
        description="Values for each `{name}` in `path`: a JSONPath query into the answer's JSON body that "
        "yields one string or whole number. A name that is not listed is taken from the route's own path "
        "template.",
        examples=[{"id": "$.ticket.id"}],
        json_schema_extra={"placeholder": "NAME"},
    )
    query: Annotated[str, AfterValidator(_check_query), Label("query")] | None = Field(
        default=None, description="Query of the object's URL, without `?`.", examples=["include=comments"]
    )
    headers: dict[FieldName, SecretHeader] = Field(
        default={},
        description="Headers of the read, such as a service token. The client's own headers are never sent "
        "again.",
        examples=[{"Authorization": "${env:STORE_READ_TOKEN}"}],
        json_schema_extra={"placeholder": "HEADER"},
    )
    compare: Literal["exact", "contains"] = Field(
        default="exact",
        description="`exact`: the object must be what was forwarded, byte for byte once content encodings "
        "are undone. `contains`: the object is JSON, and every string and number that was forwarded must be "
        "at its place in it; what storage adds is ignored.",
        examples=["contains"],
    )
    places: list[ObjectPlaceSection] = Field(
        default=[],
        description="For `contains`: where the parts of the write stand in the object. The first entry "
        "whose `sent` contains a value applies; a value under none is not compared. Empty: everything at "
        "the same place.",
        examples=[[{"sent": "$.ticket", "stored": "$.ticket"}]],
    )
    uninspected: list[Text] = Field(
        default=[],
        description="JSONPath queries for parts of the object that storage adds and that may rightly hold "
        "personal data, such as the agent's name. They are not inspected, which is counted.",
        examples=[["$.ticket.assignee"]],
    )
    delay: DurationOrZero = Field(
        default=2.0, description="From the answer to the first read.", examples=["2s"]
    )
    attempts: Annotated[Integer, Field(ge=1, le=10), Label("whole number, 1 to 10")] = Field(
        default=3,
        description="Most reads of one object, for storage that shows a write only after a while. The last "
        "one counts.",
        examples=[5],
    )
    retry_interval: Duration = Field(
        default=5.0, description="Between two reads of the same object; doubles each time.", examples=["10s"]
    )
    timeout: Duration = Field(default=10.0, description="For one read.", examples=["5s"])
    max_size: Size | None = Field(
        default=None,
        description="Largest object, as it arrives. Without it, the route's `limits.body`.",
        examples=["1MiB"],
    )

    @model_validator(mode="after")
    def _whole(self) -> ReadBackSection:
        if self.path is not None and "...}" in self.path:
            raise InvalidValueError(
                ProblemCode.VALUE_MALFORMED, "the path of an object may contain {name} but not {name...}"
            )
        if self.variables and self.path is None:
            raise InvalidValueError(ProblemCode.KEYS_INCONSISTENT, "variables needs a path that uses them")
        if self.places and self.compare != "contains":
            raise InvalidValueError(ProblemCode.KEYS_INCONSISTENT, "places needs compare: contains")
        named = re.findall(r"\{([A-Za-z_][A-Za-z0-9_]*)\}", self.path or "")
        if not self.variables.keys() <= set(named):
            raise InvalidValueError(
                ProblemCode.KEYS_INCONSISTENT, "each name in variables must appear in the path, as {name}"
            )
        return self

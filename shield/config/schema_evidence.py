"""The sections about tests of the control itself: canaries."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shield.config.schema_types import Duration, EntityType, Label, RouteName, Section, Text


class CanariesSection(Section):
    """Synthetic values sent through the live path on a schedule, and held to their redaction."""

    interval: Annotated[Duration, Field(ge=1, le=86_400), Label("duration, 1s to 24h")] = Field(
        default=300.0,
        description="Between two runs over all routes. The first comes at the start and after each reload.",
        examples=["5m"],
    )
    routes: list[RouteName] = Field(
        default=[], description="Routes to test. Empty: all.", examples=[["tickets", "contacts"]]
    )
    samples: dict[EntityType, list[Text]] = Field(
        default={},
        description="Texts of your own by entity type, each with a synthetic value, between `[[` and `]]` "
        "where it is not the whole text. They must be redacted wherever a policy names the type.",
        examples=[{"CASE_NUMBER": ["My case is [[CASE-00000001]]."]}],
        json_schema_extra={"placeholder": "ENTITY"},
    )

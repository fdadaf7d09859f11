"""Sections of a configuration on how many requests may come. They compile to `settings`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shield.config.schema_types import Count, Label, Number, Section


class RateSection(Section):
    """How many requests may come."""

    per_second: Annotated[Number, Field(gt=0), Label("number, above 0")] = Field(
        description="Requests per second in the long run.", examples=[50]
    )
    burst: Count | None = Field(
        default=None,
        description="Requests at once after a pause. Without it, as many as in one second.",
        examples=[100],
    )

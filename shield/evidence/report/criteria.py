"""Reads and checks the map from criteria to the artefacts that support them (`pack/criteria.yaml`)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict

SOURCE = "criteria.yaml"
_Id = Annotated[str, BeforeValidator(str)]


class Criterion(BaseModel):
    """One criterion. `artefacts` are paths of a pack; one that ends in `/` is a folder."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: _Id
    about: str
    status: Literal["supports", "partly", "not"]
    text: str
    artefacts: Sequence[str]
    limit: str
    entities: Sequence[str] = ()


class Framework(BaseModel):
    """A standard, and the criteria of it that the map covers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    criteria: Sequence[Criterion]


class CriteriaMap(BaseModel):
    """The whole map."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1]
    note: str
    limits: Sequence[str]
    frameworks: Sequence[Framework]


def read_criteria() -> CriteriaMap:
    """The map that ships with the program."""
    return CriteriaMap.model_validate(yaml.safe_load(criteria_bytes()))


def criteria_bytes() -> bytes:
    """The map as it ships, for the pack."""
    return resources.files("shield.evidence").joinpath("pack", SOURCE).read_bytes()

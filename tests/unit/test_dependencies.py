"""Every imported package is a declared dependency, pinned, and documented with its reason."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REASONS = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
PARTS = {"pydantic-core": "pydantic"}
"""Packages that are the other half of one that is depended on, and pinned by it."""


def plain(name: str) -> str:
    """A package's name without its version, normalized as package indexes do (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=;! ]", name)[0]).lower()


RUNTIME = {plain(name) for name in PROJECT["dependencies"]}
EXTRAS = {extra: {plain(name) for name in names} for extra, names in PROJECT["optional-dependencies"].items()}


def imported() -> set[str]:
    """The packages of the modules that `shield` imports anywhere."""
    modules: set[str] = set()
    for path in (ROOT / "shield").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module is not None:
                modules.add(node.module.split(".")[0])
    known = packages_distributions()
    return {plain(known[name][0]) for name in modules - sys.stdlib_module_names - {"shield"}}


def test_what_is_imported_is_what_is_depended_on() -> None:
    used = {PARTS.get(name, name) for name in imported()}
    optional = set().union(
        *(EXTRAS[extra] for extra in ("english", "languages", "otlp", "report", "postgres"))
    )
    without_reason = used - RUNTIME - optional
    assert {name for name in without_reason if not name.startswith("opentelemetry")} == set()
    assert RUNTIME - used == set()


@pytest.mark.parametrize("name", sorted(RUNTIME.union(*EXTRAS.values())))
def test_each_has_its_reason(name: str) -> None:
    named = {plain(word) for word in re.findall(r"[\w.-]+", REASONS)}
    assert name in named or (name.startswith("types-") and "type stubs" in REASONS)


def test_so_does_each_tool_that_is_fetched_by_itself() -> None:
    scripts = ROOT / "scripts"
    named = {plain(word) for word in re.findall(r"[\w.-]+", REASONS)}
    locks = sorted(scripts.glob("*.lock"))
    assert len(locks) == 3
    for lock in locks:
        wanted = lock.with_suffix(".in")  # what was asked for, where a list of it is kept
        listed = (wanted if wanted.exists() else lock).read_text(encoding="utf-8")
        tools = {plain(name) for name in re.findall(r"^\w[\w.-]*", listed, re.MULTILINE)}
        assert tools - named == set()
        assert f"`scripts/{lock.name}`" in REASONS


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [("runtime", RUNTIME | EXTRAS["otlp"] | EXTRAS["report"] | EXTRAS["postgres"]),
     ("dev", RUNTIME.union(*EXTRAS.values()))],
)  # fmt: skip
def test_all_are_pinned_with_their_hashes(lock: str, wanted: set[str]) -> None:
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+)==\S+ \\\n    --hash=sha256:", text, re.MULTILINE)
    assert wanted - {plain(name) for name in pins} == set()

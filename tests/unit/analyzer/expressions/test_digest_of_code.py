"""What is kept between starts is known by all the code that made it."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from types import ModuleType

import pytest

from shield.analyzer.expressions import prefilter_plan, rewritings

MAKERS = (prefilter_plan, rewritings)


def _imported(module: str) -> set[str]:
    """The modules of ours that a module imports, anywhere in its code."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(Path(sys.modules[module].__file__ or "").read_text())):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found |= {str(node.module), *(f"{node.module}.{each.name}" for each in node.names)}
    files = {name: getattr(sys.modules.get(name), "__file__", None) for name in found}
    # The package itself only controls how Presidio is imported.
    return {name for name, file in files.items() if file and name.startswith("shield.analyzer.")}


@pytest.mark.parametrize("maker", MAKERS)
def test_what_is_kept_is_known_by_all_the_code_that_it_is_made_by(maker: ModuleType) -> None:
    reached: set[str] = set()
    new = {maker.__name__}
    while new:
        reached |= new
        new = set().union(*map(_imported, new)) - reached
    assert set(maker.CODE) == reached
    assert len(reached) > 1


@pytest.mark.parametrize(("maker", "module"), [(maker, module) for maker in MAKERS for module in maker.CODE])
def test_a_change_of_any_of_it_makes_it_anew(
    maker: ModuleType, module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = maker._code()
    changed = tmp_path / "changed.py"
    changed.write_bytes(Path(sys.modules[module].__file__ or "").read_bytes() + b"#")
    monkeypatch.setattr(sys.modules[module], "__file__", str(changed))
    assert maker._code() != before

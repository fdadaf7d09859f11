from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from shield.config_codes import ProblemCode, WarningCode
from shield.errors import ShieldError, codes_of

ROOT = Path(__file__).parents[2]
SECTION = (ROOT / "docs/configuration.md").read_text().partition("\n## Codes\n")[2].partition("\n## ")[0]
NAMES = [code.value for code in (*ProblemCode, *WarningCode)]


@pytest.mark.parametrize(("codes", "place"), [(ProblemCode, 0), (WarningCode, 1)])
def test_every_code_is_listed_in_order_with_what_to_do(codes: type[ProblemCode], place: int) -> None:
    text = SECTION.split("\nWarnings, which refuse nothing:\n")[place]
    listed = re.findall(r"^\| `([a-z_]+)` \| (?:.+) \|$", text, re.MULTILINE)
    assert listed == [code.value for code in codes]


def test_a_name_stands_for_one_thing() -> None:
    errors = codes_of(ShieldError)
    assert len({*NAMES, *errors}) == len(NAMES) + len(errors)


def test_every_code_is_made_somewhere_and_no_validator_makes_a_problem_without_one() -> None:
    made: set[str] = set()
    for module in sorted((ROOT / "shield").rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                if node.value.id in ("ProblemCode", "WarningCode"):
                    made.add(node.attr)
            elif isinstance(node, ast.Raise) and module.parent.name == "config":
                raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                assert getattr(raised, "id", "") not in ("ValueError", "TypeError"), module
    assert made == {code.name for code in (*ProblemCode, *WarningCode)}

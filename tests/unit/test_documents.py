"""The documents list exactly what the program has, no more and no less."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from prometheus_client import CollectorRegistry

from shield import errors
from shield.cli.group import ExitCode
from shield.cli.main import cli
from shield.proxy.passage import ClientGoneError
from shield.telemetry.admin_metrics import AdminMetrics
from shield.telemetry.export_metrics import ExportMetrics
from shield.telemetry.logging import FOREIGN_EVENT
from shield.telemetry.metrics import Metrics
from shield.telemetry.recognizer_series import RecognizerTimes
from shield.telemetry.supervision import SupervisionMetrics

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
OBSERVABILITY = (ROOT / "docs" / "observability.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")),
    ROOT / "models" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


def section(title: str) -> str:
    return OPERATIONS.partition(f"\n{title}\n")[2].partition("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of a table's rows whose first cell is code or a number."""
    lines = re.findall(r"^\| ((?:`[^`|]+`(?:, `[^`|]+`)*|\d+) \|.*) \|$", text, re.MULTILINE)
    return [[cell.strip() for cell in line.split(" |")] for line in lines]


def all_errors(kind: type[errors.ShieldError] = errors.ShieldError) -> Iterator[type[errors.ShieldError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from all_errors(child)


def commands(group: click.Group, prefix: str = "shield") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


def test_every_error_code_is_listed_with_its_status() -> None:
    declared = {kind.code: kind.status for kind in all_errors() if kind.__module__.startswith("shield.")}
    assert ClientGoneError.code in declared
    listed = {cells[0].strip("`"): cells[1] for cells in rows(section("## Errors"))}
    assert listed.keys() == declared.keys()
    answered = {code: int(status) for code, status in listed.items() if status.isdigit()}
    assert answered == {code: declared[code] for code in answered}
    assert listed.keys() - answered.keys() == {
        "config_invalid",
        "audit_corrupt",
        "decryption_failed",
        "evidence_unavailable",
    }


def test_an_error_code_is_one_class() -> None:
    codes = [
        kind.code for kind in all_errors() if kind.__module__.startswith("shield.") and "code" in vars(kind)
    ]
    assert sorted(codes) == sorted(set(codes))


def test_every_series_that_a_document_names_exists() -> None:
    known: set[str] = set()
    for metrics in (Metrics, ExportMetrics, SupervisionMetrics, AdminMetrics, RecognizerTimes):
        registry = CollectorRegistry()  # each has its own: workers and supervisor share a name
        metrics(registry)
        known.update(name for names in registry._collector_to_names.values() for name in names)
    named = {name for page in PAGES for name in re.findall(r"`(shield_[a-z_]+)[`{]", page.read_text())}
    assert named - known - {"shield_config_info", "shield_build_info"} == set()


def test_every_command_is_listed_and_every_listed_command_exists() -> None:
    listed = {
        " ".join(re.findall(r"^`(shield(?: [a-z][a-z-]*)+)", cells[0]))
        for cells in rows(section("## Commands"))
        if cells[0].startswith("`shield")
    }
    assert listed == {name for name, _ in commands(cli)}


def events(module: ast.Module) -> Iterator[tuple[str, str]]:
    """The level and the event of each line that a module logs."""
    for node in ast.walk(module):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        if node.func.attr in {"info", "warning", "error", "exception"}:
            first = node.args[0]
            for said in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    yield node.func.attr, said.value


def test_every_event_of_the_log_is_listed_with_its_kind() -> None:
    logged: dict[str, set[bool]] = {"exchange": {False}, FOREIGN_EVENT: {True}}
    for path in sorted((ROOT / "shield").rglob("*.py")):
        for level, event in events(ast.parse(path.read_bytes())):
            logged.setdefault(event, set()).add(level != "info")
    logged.pop("uncaught")  # said as a line of another library
    assert len(logged) > 50
    logs = OBSERVABILITY.partition("\n### Warnings and errors\n")[2].partition("\n## ")[0]
    tables = logs.partition("\n### For your information\n")
    listed = {
        name: {table is tables[0]}
        for table in (tables[0], tables[2])
        for cells in rows(table)
        for name in re.findall(r"`(\w+)`", cells[0])
    }
    assert listed == logged


def test_every_exit_code_is_listed() -> None:
    listed = [int(cells[0]) for cells in rows(section("## Commands")) if cells[0].isdigit()]
    assert listed == [code.value for code in ExitCode]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_in_a_document_exists_with_its_options(page: Path) -> None:
    known = dict(commands(cli))
    groups = {name.split()[1] for name in known if len(name.split()) > 2}
    text = page.read_text(encoding="utf-8")
    written = re.findall(
        rf"(?:^\$ |`)(shield (?:(?:{'|'.join(groups)}) )?[a-z][a-z-]*(?: [^`|>#\n]*)?)", text, re.MULTILINE
    )
    for line in written:
        words = line.split()
        name = " ".join(words[: 3 if words[1] in groups and len(words) > 2 else 2])
        if name.removeprefix("shield ") in {*groups, "wal", "key"}:  # a group; the first bytes of a file
            continue
        assert name in known, line
        options = {option for parameter in known[name].params for option in parameter.opts}
        for word in words:
            option = re.match(r"\[?(--?[a-z][a-z-]*)", word)
            assert option is None or option[1] in options | {"--help"}, line


def test_every_make_target_in_a_document_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        name
        for page in PAGES
        for name in re.findall(r"(?:`|^\$ )make ([a-z]+)", page.read_text(), re.MULTILINE)
    }
    assert {"run", "demo", "test", "install"} <= named <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_every_file_that_is_named_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [page.parent / link for link in re.findall(r"\]\(([^)#:]+)\)", text)]
    files = [
        ROOT / name
        for name in re.findall(
            r"`((?:docs|tests|shield|requirements|scripts|config|benchmarks|models)/[a-zA-Z0-9_./-]+)`", text
        )
    ]
    assert [str(path) for path in (*links, *files) if not path.exists()] == []


def test_decisions_are_numbered_without_a_gap_and_by_their_headings() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:3] for page in pages] == [f"{number:03}" for number in range(1, len(pages) + 1)]
    for page in pages:
        assert page.read_text("utf-8").startswith(f"# {page.name[:3]}: "), page.name


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts generate them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", shown.strip().lower()).replace(" ", "-")
        known = [anchor, *(f"{anchor}-{number}" for number in range(1, 10))]
        found.add(next(each for each in known if each not in found))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_anchor_that_is_linked_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [
        (page.parent / path if path else page, anchor)
        for path, anchor in re.findall(r"\]\(([^)#:\s]*)#([^)\s]+)\)", text)
    ]
    missing = [
        f"{path.name}#{anchor}"
        for path, anchor in links
        if path.suffix == ".md" and anchor not in anchors(path)
    ]
    assert missing == []

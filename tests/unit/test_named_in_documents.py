"""What documents and comments name exists, and what exists is named where a table lists it."""

from __future__ import annotations

import enum
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from prometheus_client import CollectorRegistry

from benchmarks import evaluation_set
from benchmarks.disguises import DISGUISES
from shield.app.checking import check_config
from shield.audit.anchored import Differs
from shield.audit.record import Kind
from shield.config import reference
from shield.domain import Shortage
from shield.evidence.coverage import GapReason
from shield.evidence.exceptions import ExceptionKind
from shield.payload.codecs import CodecRegistry
from shield.payload.media_type import MediaType
from shield.proxy.admin.operations import OPERATIONS
from shield.proxy.header_defaults import Sort, sort_of
from shield.telemetry.attestation_series import CANARY_RESULTS, ReadResult
from shield.telemetry.connection_series import Closed
from shield.telemetry.detection_series import Rescanned
from shield.telemetry.export_metrics import ExportMetrics
from shield.telemetry.metrics import STAGES, Outcome, Uninspected
from shield.telemetry.shadow_series import Trial
from shield.telemetry.supervision import CAUSES, ROLLING_RESULTS, STATES
from tests.unit.test_documents import ROOT, all_errors, anchors

DOCS = ROOT / "docs"
PRESENT = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")),
    ROOT / "models" / "README.md",
    *sorted(DOCS.glob("*.md")),
]
"""The documents of today; decisions may also name what was before them."""
PAGES = [*PRESENT, *sorted((DOCS / "decisions").glob("*.md"))]
LONGEST = 110

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
each_present_page = pytest.mark.parametrize("page", PRESENT, ids=lambda page: page.name)


def prose(page: Path) -> str:
    return re.sub(r"^ *```.*?^ *```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def spans(text: str) -> Iterator[str]:
    """Inline code, in one line each."""
    for span in re.findall(r"`([^`]+)`", text):
        yield " ".join(span.split())


def table(page: str, after: str) -> list[list[str]]:
    """The cells of the first table behind these words, without its head."""
    _, words, text = (DOCS / page).read_text("utf-8").partition(after)
    assert words
    block = re.search(r"^\|.*?(?=\n\n|\Z)", text, re.MULTILINE | re.DOTALL)
    assert block is not None
    _, _, *rows = block[0].splitlines()
    return [[cell.strip() for cell in row.strip("|").split(" |")] for row in rows]


def code_in(cells: Iterable[str]) -> list[str]:
    return [name for cell in cells for name in re.findall(r"`([\w.]+)`", cell)]


@each_page
def test_lines_are_short_enough_to_be_read_beside_each_other(page: Path) -> None:
    lines = [line for line in prose(page).splitlines() if not line.lstrip().startswith(("|", "!["))]
    assert [line for line in lines if len(line) > LONGEST] == []


@each_present_page
def test_every_key_of_the_configuration_that_is_named_exists(page: Path) -> None:
    known = [key.path.replace("[]", "").split(".") for key in reference.all_keys()]
    sections = {step for path in known for step in path[:-1] if step.islower()}
    named = {
        name.replace("[]", "")
        for span in spans(prose(page))
        for name in re.findall(r"^(?:\w+(?:\[\])?\.)+\w+(?:\[\])?(?=$|:| )", span)
    }
    missing = {
        name
        for name in named - NOT_KEYS
        if name.split(".")[0] in sections and not any(within(name.split("."), path) for path in known)
    }
    assert missing == set()


NOT_KEYS = {
    *("admin.reload", "admin.drain", "admin.undrain", "admin.refused"),  # actions of access records
    "console.sqlite3",  # a file
    "limits.cpu",  # of Kubernetes
}


def within(part: list[str], whole: list[str]) -> bool:
    return any(whole[start : start + len(part)] == part for start in range(len(whole)))


@each_page
def test_every_program_of_the_project_that_is_named_exists_with_its_options(page: Path) -> None:
    text = page.read_text("utf-8")
    fenced = [block.replace("\\\n", " ") for block in re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)]
    lines = [line for block in fenced for line in block.splitlines()]
    for written in (*spans(prose(page)), *lines):
        for name, rest in re.findall(
            r"python3? (?:-m )?((?:benchmarks|scripts|models)[\w./]*)([^|;&#]*)", written
        ):
            path = ROOT / (name if name.endswith(".py") else name.replace(".", "/") + ".py")
            sources = [it for it in (path, path.with_suffix("") / "__main__.py") if it.exists()]
            assert sources, written
            own = sources[0].read_text("utf-8")
            beside = re.findall(r"^from (benchmarks\.\w+) import", own, re.MULTILINE)
            known = own + "".join((ROOT / f"{it.replace('.', '/')}.py").read_text("utf-8") for it in beside)
            for option in re.findall(r"(?<!\S)--[a-z][a-z-]*", rest):
                assert f'"{option}"' in known, f"{option} of {written}"


@each_page
def test_every_module_that_is_named_is_there(page: Path) -> None:
    known = {f"/{path.relative_to(ROOT)}" for top in TOPS for path in (ROOT / top).rglob("*.py")}
    named = {span for span in spans(prose(page)) if re.fullmatch(r"[\w/.-]+\.py", span)}
    assert {name for name in named if not any(path.endswith(f"/{name}") for path in known)} == set()


TOPS = ("shield", "tests", "benchmarks", "scripts", "models")


@each_present_page
def test_a_code_behind_a_status_is_answered_with_it(page: Path) -> None:
    declared = {kind.code: kind.status for kind in all_errors() if kind.__module__.startswith("shield.")}
    reasons = set(code_in(cells[0] for cells in table("operations.md", "answer with the reasons as codes")))
    for status, code in re.findall(r"\b([45]\d\d) `([a-z_]+)`", page.read_text("utf-8")):
        assert code in reasons or declared[code] == int(status), code


def test_every_variable_of_the_environment_is_documented_and_those_that_are_named_exist() -> None:
    read = {
        name
        for path in (ROOT / "shield").rglob("*.py")
        for name in re.findall(r'"(SHIELD_[A-Z_]+)"', path.read_text("utf-8"))
    }
    image = set(re.findall(r"\b(SHIELD_[A-Z_]+)", (ROOT / "Dockerfile").read_text("utf-8")))
    named: set[str] = set()
    examples: set[str] = set()
    for page in PRESENT:
        text = page.read_text("utf-8")
        named.update(re.findall(r"\bSHIELD_[A-Z_]+", text))
        examples.update(re.findall(r"\$\{env:(SHIELD_[A-Z_]+)\}", text))
    tests = {"SHIELD_CORPORA", "SHIELD_AUDIT_KILLS"}
    assert read | image <= named
    assert named <= read | image | examples | tests


@each_present_page
def test_every_alarm_that_is_named_exists(page: Path) -> None:
    rules = (ROOT / "config/observability/prometheus/rules").glob("*.yml")
    known = {name for path in rules for name in re.findall(r"alert: (\w+)", path.read_text("utf-8"))}
    assert set(re.findall(r"\bShield[A-Z]\w+", page.read_text("utf-8"))) - {"ShieldError"} <= known


def values(kinds: Iterable[enum.Enum]) -> list[str]:
    return [str(kind.value) for kind in kinds]


@pytest.mark.parametrize(
    ("label", "known"),
    [
        ("`outcome` of requests", values(Outcome)),
        ("`stage`", list(STAGES)),
        ("`reason` of uninspected bytes", values(Uninspected)),
        ("`reason` of admission's refusals", values(Shortage)),
        ("`reason` of closed connections", values(Closed)),
        ("`reason` of worker exits", list(CAUSES)),
        ("`state` of workers", list(STATES)),
        ("`result` of re-scans", values(Rescanned)),
        ("`result` of canary runs", list(CANARY_RESULTS)),
        ("`result` of read-backs", values(ReadResult)),
        ("`result` of shadow inspections", values(Trial)),
        ("`result` of rolling reloads", list(ROLLING_RESULTS)),
    ],
)
def test_the_values_of_a_label_are_those_of_the_program(label: str, known: list[str]) -> None:
    listed = {cells[0]: code_in(cells[1:]) for cells in table("observability.md", "### Values of labels")}
    assert sorted(listed[label]) == sorted(known)


@pytest.mark.parametrize(
    ("page", "after", "known"),
    [
        ("audit-log.md", "### Kinds", values(Kind)),
        ("evidence.md", "is `ORIGIN#INDEX` of the record, and never changes.", values(ExceptionKind)),
        (
            "evidence.md",
            "Everything else is a gap",
            values(GapReason),
        ),
        ("evidence.md", "which names the write by its index:", values(ReadResult)),
        (
            "operations.md",
            "line `worker_ended` has the details.",
            [*CAUSES, "audit_failed", "inspection_stuck"],
        ),
    ],
    ids=["records", "exceptions", "gaps", "read-backs", "ends of workers"],
)
def test_a_table_lists_exactly_what_the_program_has(page: str, after: str, known: list[str]) -> None:
    assert sorted(code_in(cells[0] for cells in table(page, after))) == sorted(known)


def test_every_series_of_the_export_is_listed() -> None:
    registry = CollectorRegistry()
    ExportMetrics(registry)
    declared = {
        name
        for metric in registry.collect()
        for name in [f"{metric.name}_total" if metric.type == "counter" else metric.name]
    }
    assert {cells[0].strip("`").partition("{")[0] for cells in table("evidence.md", "serves:")} == declared


def test_the_admin_api_lists_every_operation_with_its_role() -> None:
    declared = {f"{it.method} {it.path}": it.role.name.lower() if it.role else "none" for it in OPERATIONS}
    listed = {cells[0].strip("`"): cells[1].strip("`") for cells in table("admin-api.md", "## Operations")}
    assert listed == declared


def test_the_media_types_of_the_table_are_those_that_codecs_read() -> None:
    codecs = CodecRegistry.default()
    cells = [cells[1] for cells in table("configuration.md", "with 415.")]
    listed = {name for cell in cells for name in re.findall(r"`(\w+/[\w.-]+)`", cell)}
    for name in listed:
        codecs.for_media_type(MediaType.parse(name))
    read = {name for name, _ in codecs._entries if "*" not in name and "+" not in name}
    assert read == listed
    assert {name for cell in cells for name in re.findall(r"`(\+[\w-]+)`", cell)} == {
        "+json",
        "+json-seq",
        "+x-ndjson",
        "+xml",
    }


def test_the_table_of_header_fields_says_what_the_program_does() -> None:
    sorts = (
        *(Sort.PROTOCOL, Sort.TEXT, Sort.MACHINE, Sort.TYPE),
        *(Sort.PROGRAM, Sort.ONCE, Sort.ADDRESS, Sort.TEXT),
    )
    rows = table("configuration.md", "Without one, its name does:")
    for sort, (fields, _) in zip(sorts, rows, strict=True):
        for name in re.findall(r"`(?!Content-\*)([\w*-]+)`", fields):  # of which HTTP's own are meant
            whole = name.replace("*", "x").lower()
            assert sort_of(f"x-acme{whole}" if whole.startswith("-") else whole) is sort, name


def test_every_code_of_an_anchor_is_explained() -> None:
    source = (ROOT / "shield/evidence/anchor_calls.py").read_text("utf-8")
    raised = set(re.findall(r'AnchorError\(f?"(\w+)', source)) | {it.value for it in Differs}
    raised -= {"no_certificates"}  # which a configuration must name
    section = (DOCS / "operations.md").read_text("utf-8").partition("#### When an anchor fails")[2]
    assert raised - set(re.findall(r"`(\w+)…?`", section.partition("\n### ")[0])) == set()


def test_the_numbers_of_texts_to_measure_with_are_those_that_the_command_writes() -> None:
    said = " ".join((DOCS / "detection.md").read_text("utf-8").split())
    lines = {name: content.count("\n") for name, content in evaluation_set.render().items()}
    for count, what in (
        (lines["tickets.jsonl"], "synthetic tickets"),
        (lines["languages.jsonl"], "texts in the seven other languages"),
        (lines["messages.jsonl"], "messages written by hand"),
        (lines["disguises.jsonl"], "with a value under each of the disguises"),
        (lines["negatives.jsonl"], "texts without personal data"),
        (len(DISGUISES), "disguises of valid or reserved values"),
    ):
        assert f" {count:,} {what}" in said


def test_the_architecture_names_every_room_and_the_order_of_imports() -> None:
    said = " ".join((DOCS / "architecture.md").read_text("utf-8").replace("\u203a", ">").split())
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = [layer.replace("(", "").replace(")", "") for layer in contracts[0]["layers"]]
    assert f"``` {' > '.join(layers)} ```" in said
    rooms = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in (ROOT / "shield").iterdir()
        if path.name[0] not in "._" and path.name != "py.typed"
    }
    assert (
        set(re.findall(r"`([\w.]+/?)`", " ".join(cells[0] for cells in table("architecture.md", "## Rooms"))))
        == rooms
    )


def test_the_architecture_names_the_packages_of_the_analyzer_from_the_top() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    within = next(each for each in contracts if each.get("containers") == ["shield.analyzer"])
    named = [cells[0].strip("`/") for cells in table("architecture.md", "## Inside the analyzer")]
    packages = {path.parent.name for path in (ROOT / "shield" / "analyzer").glob("*/__init__.py")}
    assert named == [name for layer in within["layers"] for name in layer.split(" | ") if name in packages]
    assert set(named) == packages


def test_what_comments_say_of_documents_is_there() -> None:
    files = [
        *(ROOT / name for name in ("Dockerfile", "docker-compose.yml", "Makefile", "pyproject.toml")),
        *(
            path
            for top in (*TOPS, "config")
            for path in sorted((ROOT / top).rglob("*"))
            if path.suffix in TEXTS
        ),
    ]
    for path in files:
        text = path.read_text("utf-8")
        for name in re.findall(r"\b((?:docs|models)/(?:[\w-]+/)*[\w-]+\.md)\b", text):
            assert (ROOT / name).exists(), f"{path}: {name}"
        for name, heading in re.findall(r'\b((?:docs|models)/[\w-]+\.md), "([^"]+)"', text):
            anchor = re.sub(r"\s*\n[#\s]*", " ", heading).lower().replace(" ", "-").replace(",", "")
            assert anchor in anchors(ROOT / name), f"{path}: {name}, {heading}"


TEXTS = {".py", ".yaml", ".yml", ".service"}


def test_pieces_of_configurations_in_documents_have_no_problems_in_the_first_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sections replace those of the same name; what is no section stands in the first route or policy."""
    monkeypatch.chdir(tmp_path)
    text = (DOCS / "configuration.md").read_text("utf-8")
    blocks = [
        yaml.safe_load(dedent(block))
        for page in PRESENT
        for block in re.findall(
            r"^ *```yaml\n(.*?)^ *```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
        )
        if not block.startswith("version: 1\n")
    ]
    sections = {key.path for key in reference.all_keys() if "." not in key.path}
    environment = dict.fromkeys(
        ("STORE_HOST", "SHIELD_TICKETS_KEY", "STORE_READ_TOKEN"), "k" * 15 + "0123456789"
    )
    assert len(blocks) > 15
    for block in filter(None, blocks):
        first = yaml.safe_load(re.search(r"```yaml\n(version: 1\n.*?)```", text, re.DOTALL)[1])
        for name, value in block.items():
            if name in ("upstreams", "policies", "listeners"):
                first[name] |= value
            elif name in sections:
                first[name] = value
            elif name == "entities":
                first["policies"]["default"][name] = value
            else:
                first["routes"][0][name] = value
        path = tmp_path / "shield.yaml"
        path.write_text(yaml.safe_dump(first))
        problems = [it for it in check_config(path, environment)[0] if it.code not in FILES_OF_READERS]
        assert problems == [], block


FILES_OF_READERS = {"tls_file_unreadable", "anchor_unusable", "folder_unusable"}
"""A document has no certificates, nor a witness."""

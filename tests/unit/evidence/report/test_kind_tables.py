from __future__ import annotations

import csv
from contextlib import ExitStack
from pathlib import Path

from shield.audit import life_records
from shield.evidence.reading import entries
from shield.evidence.report.kind_tables import KindTables
from tests.unit.audit.logs import ORIGIN
from tests.unit.evidence.export.conftest import canary_draft, shadow_draft
from tests.unit.evidence.stories import Story, source_of, tell


async def test_each_kind_has_its_table(tmp_path: Path) -> None:
    head = {"origin": ORIGIN, "size": 1, "root": "r", "vkey": "v"}

    def acts(story: Story) -> None:
        story.request()
        story.log.append(canary_draft("failed"))
        story.log.append(shadow_draft())
        story.rescan(2, "found")
        story.read_back("mismatch", "unredacted", differing=["$.body"], unredacted={"US_SSN": 1})
        story.log.append(life_records.roster(logs=[head, head]))
        story.log.append(
            life_records.anchor(
                name="vault", form="directory", result="ok", logs=2, roster_sha256="a", receipt_sha256="b"
            )
        )
        story.log.append(
            life_records.prune(minimum_index=0, before="2030", policy="contract", approver="legal")
        )

    await tell(tmp_path / "audit", acts)
    with ExitStack() as stack:
        tables = KindTables(stack, tmp_path)
        for entry in entries(source_of(tmp_path / "audit").reader):
            tables.take(ORIGIN, entry)

    def rows(name: str) -> list[dict[str, str]]:
        with (tmp_path / name).open(newline="") as file:
            return list(csv.DictReader(file))

    (canary,) = rows("canaries.csv")
    assert (canary["result"], canary["failed"], canary["entities"], canary["requests"]) == (
        "failed", "US_SSN/en/spoken", "US_SSN=3", "4",
    )  # fmt: skip
    (shadow,) = rows("shadow.csv")
    assert (shadow["intent"], shadow["differences"]) == ("3", "US_SSN:replace>nothing=2")
    assert "$.body" not in (tmp_path / "shadow.csv").read_text()
    (rescan,) = rows("rescans.csv")
    assert (rescan["intent"], rescan["result"], rescan["missed"]) == ("2", "found", "PERSON=1 LOCATION=1")
    assert "$." not in (tmp_path / "rescans.csv").read_text()
    (read_back,) = rows("read_backs.csv")
    assert (read_back["result"], read_back["differing"], read_back["unredacted"], read_back["intent"]) == (
        "mismatch", "1", "US_SSN=1", "2",
    )  # fmt: skip
    assert "$.body" not in (tmp_path / "read_backs.csv").read_text()
    assert [(row["kind"], row["logs"], row["result"]) for row in rows("anchors.csv")] == [
        ("roster", "2", ""),
        ("anchor", "2", "ok"),
    ]
    life = rows("log_life.csv")
    assert [row["kind"] for row in life] == ["boot", "prune", "shutdown"]
    assert (life[1]["approver"], life[1]["detail"]) == (
        "legal",
        "minimum_index=0 before=2030 policy=contract",
    )
    assert life[1]["id"].startswith(f"{ORIGIN}#")

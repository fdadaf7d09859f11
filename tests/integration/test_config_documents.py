"""Before a configuration serves traffic, the documents that its record names by digest are beside the log."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

from shield.audit.documents import read_document
from shield.audit.files import FolderReader
from shield.audit.walk import read_entries
from tests.leak.broken import FailingFiles
from tests.leak.rows import BODY, CARD
from tests.leak.stage import stage

FOLDER = "leak.shield.example+0"


def configs(folder: Path) -> list[dict[str, Any]]:
    found = [json.loads(raw) for _, raw in read_entries(FolderReader(folder))]
    return [fields for fields in found if fields["kind"] == "config"]


async def test_each_digest_of_a_config_record_has_its_document(tmp_path: Path) -> None:
    log = FolderReader(tmp_path / "audit" / FOLDER)
    async with stage(tmp_path) as running:
        configuration = tmp_path / "shield.yaml"
        configuration.write_text(configuration.read_text().replace("US_SSN: replace", "US_SSN: redact"))
        assert await running.service.reload()
        await running.post(BODY)
    first, second = configs(log.folder)
    operators = []
    for fields in (first, second):
        whole = json.loads(read_document(log, fields["digest_after"]) or b"")
        assert whole["routes"][0]["name"] == "all"
        policy = json.loads(read_document(log, fields["policies"]["default"]) or b"")
        assert policy["name"] == "default"
        operators.append(policy["entities"]["US_SSN"]["operator"])
        model = json.loads(read_document(log, fields["models"]["default"]) or b"")
        assert "CreditCardRecognizer" in {each[0] for each in model["recognizers"]}
    assert operators == ["replace", "redact"]
    records = [json.loads(raw) for _, raw in read_entries(log)]
    (intent,) = [fields for fields in records if fields["kind"] == "intent"]
    assert intent["policy_digest"] == second["policies"]["default"]
    assert intent["model_digest"] == second["models"]["default"]


async def test_a_configuration_that_cannot_be_kept_is_refused(tmp_path: Path) -> None:
    files = FailingFiles(errno.ENOSPC, ("write",))
    async with stage(tmp_path, audit_files=files) as running:
        configuration = tmp_path / "shield.yaml"
        # Under the new configuration the number would pass.
        configuration.write_text(
            configuration.read_text().replace("CREDIT_CARD: replace", "CREDIT_CARD: keep")
        )
        files.failing = True
        reloaded = await running.service.reload()
        files.failing = False
        assert not reloaded
        await running.post(BODY)
        assert CARD.encode() not in running.upstream.received
        log = [json.loads(line) for line in running.log.getvalue().splitlines()]
        assert [line["code"] for line in log if line["event"] == "reload_refused"] == ["audit_unavailable"]

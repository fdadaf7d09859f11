"""Rosters that a time-stamp authority stamps are kept, and verify here and with openssl."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from aiohttp import web
from click.testing import CliRunner

from shield.audit.anchor_store import rosters
from shield.cli.main import cli
from shield.config.settings_audit import Anchor, AnchorForm
from tests.integration.anchored_logs import (
    Told,
    anchoring,
    verify,
)
from tests.integration.anchors import TimeStampAuthority, serve
from tests.unit.audit.aging import records
from tests.unit.audit.logs import (
    open_log,
    write_pairs,
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> TimeStampAuthority:
    return TimeStampAuthority(tmp_path_factory.mktemp("authority"))


async def stamped(audit: Path, authority: TimeStampAuthority) -> tuple[Path, Told]:
    """Write a log whose roster is stamped; return where the stamps are."""
    runner, url = await serve(web.post("/tsa", authority.stamp))
    anchor = Anchor("tsa", AnchorForm.TIMESTAMP, f"{url}/tsa", roots=authority.roots, timeout=60)
    log = await open_log(audit)
    async with anchoring(log, anchor) as (it, told):
        await it.look()
        await write_pairs(log, 20)
        await it.look()
    await log.close()
    await runner.cleanup()
    return audit / "anchors" / "tsa", told


async def test_rosters_are_time_stamped_and_the_stamps_verify_here_and_with_openssl(tmp_path, authority):
    vault, told = await stamped(tmp_path, authority)
    assert not told.failed
    code, output = await asyncio.to_thread(verify, tmp_path, "--anchor", vault, "--roots", authority.roots)
    assert code == 0, output
    assert "the times are those of time stamps" in output
    reconcile = [
        "evidence",
        "reconcile",
        str(tmp_path),
        "--anchor",
        str(vault),
        "--roots",
        str(authority.roots),
    ]
    result = await asyncio.to_thread(CliRunner().invoke, cli, [*reconcile, "--access", "off", "--json"])
    (folder,) = json.loads(result.stdout)["anchors"]["folders"]
    assert (result.exit_code, folder["rosters"]) == (0, len(list(rosters(vault))))
    assert folder["first"] > "2026"  # the authority's clock, not the host's
    roster = next(iter(rosters(vault)))
    check = ["openssl", "ts", "-verify", "-data", roster, "-in", roster.with_suffix(".tsr")]
    subprocess.run([*check, "-CAfile", authority.roots], check=True, capture_output=True)


async def test_a_stamp_of_another_authority_or_document_does_not_hold(tmp_path, authority):
    vault, _ = await stamped(tmp_path / "audit", authority)
    stranger = TimeStampAuthority(tmp_path, "stranger")
    code, output = await asyncio.to_thread(
        verify, tmp_path / "audit", "--anchor", vault, "--roots", stranger.roots
    )
    assert (code, "does not hold" in output) == (1, True), output
    first, second = list(rosters(vault))[:2]
    shutil.copy(first.with_suffix(".tsr"), tmp_path / "moved")
    second.with_suffix(".tsr").unlink()
    shutil.copy(tmp_path / "moved", second.with_suffix(".tsr"))
    code, output = await asyncio.to_thread(
        verify, tmp_path / "audit", "--anchor", vault, "--roots", authority.roots
    )
    assert (code, "does not hold" in output) == (1, True), output
    second.with_suffix(".tsr").unlink()
    code, output = await asyncio.to_thread(
        verify, tmp_path / "audit", "--anchor", vault, "--roots", authority.roots
    )
    assert (code, "no time stamp" in output) == (1, True), output


@pytest.mark.parametrize(
    ("fault", "detail"),
    [
        ("garbled", "the time stamp does not hold: "),
        ("a page", "the answer is not an RFC 3161 answer"),
        ("refused", "the authority granted no time stamp: status 2"),
        ("expired", ", by a certificate valid to "),
        ("of no version", "the time stamp does not hold: "),
    ],
)
async def test_a_stamp_that_does_not_hold_is_not_kept_and_the_line_says_why(
    tmp_path, monkeypatch, fault, detail
):
    authority = TimeStampAuthority(tmp_path, days=-1 if fault == "expired" else 3650)
    authority.garble = fault == "garbled"
    if fault == "a page":
        monkeypatch.setattr(authority, "reply", lambda query: b"<html>Sign in</html>")
    elif fault == "of no version":
        reply, version = authority.reply, b"\xa0\x03\x02\x01"  # from the certificate in the token
        monkeypatch.setattr(
            authority, "reply", lambda query: reply(query).replace(version + b"\x02", version + b"\x07")
        )
    elif fault == "refused":
        (authority.folder / "serial").write_text("no number")
    vault, told = await stamped(tmp_path / "audit", authority)
    assert told.failed
    assert not vault.exists()
    assert records(tmp_path / "audit", "anchor")[0]["result"] == "bad_receipt"
    line = json.loads(told.log.getvalue().splitlines()[0])
    assert (line["event"], line["code"], detail in line["detail"]) == ("anchor_failed", "bad_receipt", True)

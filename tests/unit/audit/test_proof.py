from __future__ import annotations

import asyncio
import base64
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from shield.audit.checkpoint import CheckpointError, SignedCheckpoint, VerifierKey
from shield.audit.files import FolderReader
from shield.audit.proof import RecordProof, prove_record
from shield.audit.tiles import MissingTileError, TileNodes, bundle_path
from shield.audit.tree import ProofError, consistency_proof
from tests.consistency import verify_consistency

from .logs import folder_of, key_of, make_log, open_log, reader_of, write_pairs

DOCUMENT = Path(__file__).parents[3] / "docs" / "audit-log.md"
TOOLS = ("openssl", "sha256sum", "base64", "awk")


@pytest.fixture(scope="module")
def log(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("proofs")
    asyncio.run(make_log(directory, 300))
    return directory


@pytest.mark.parametrize("index", [0, 1, 255, 256, 511, 512, 600, 603])
def test_every_record_can_be_proved(log, index):
    proof = prove_record(reader_of(log), index)
    again = RecordProof.parse(proof.text)
    assert again == proof
    again.verify(key_of(log))
    assert json.loads(again.entry)["index"] == index
    assert proof.text.startswith("c2sp.org/tlog-proof@v1\nextra ")


def mutations(text: str) -> list[str]:
    lines = text.split("\n")
    entry = base64.b64decode(lines[1].removeprefix("extra "))
    other = base64.b64encode(entry.replace(b"tickets", b"tockets")).decode()
    return [
        text.replace("@v1", "@v2"),
        text.replace(lines[1], f"extra {other}"),
        text.replace(lines[1] + "\n", ""),
        text.replace(lines[1], "extra *"),
        text.replace("index 300", "index 301"),
        text.replace("index 300", "index 0300"),
        text.replace(lines[3] + "\n", ""),
        text.replace(lines[3], lines[4]),
        text.replace(lines[3], lines[3][:-4]),
        text.replace(lines[3], "\n".join([lines[3]] * 100)),
        text.replace("\n\n", "\n", 1),
        text.replace("\n604\n", "\n605\n"),
        text[:-10] + "\n",
        "",
    ]


@pytest.mark.parametrize("place", range(14))
def test_no_changed_proof_verifies(log, place):
    text = prove_record(reader_of(log), 300).text
    changed = mutations(text)[place]
    assert changed != text
    with pytest.raises((ProofError, CheckpointError)):
        RecordProof.parse(changed).verify(key_of(log))


def test_a_proof_without_its_record_holds_once_the_record_is_given(log):
    """`extra` is optional in tlog-proof; somebody who has the record from elsewhere can check it as well."""
    proof = prove_record(reader_of(log), 300)
    bare = RecordProof.parse(proof.text.replace(proof.text.split("\n")[1] + "\n", ""))
    assert bare.entry == b""
    with pytest.raises(ProofError, match="carries no record"):
        bare.verify(key_of(log))
    replace(bare, entry=proof.entry).verify(key_of(log))
    with pytest.raises(ProofError):
        replace(bare, entry=proof.entry + b" ").verify(key_of(log))


def test_what_is_not_signed_cannot_be_proved(log):
    with pytest.raises(ProofError, match="below 604"):
        prove_record(reader_of(log), 604)


def test_what_is_missing_cannot_be_proved(log, tmp_path):
    folder = tmp_path / "log"
    shutil.copytree(folder_of(log), folder)
    (folder / "tile/0/001").unlink()
    with pytest.raises(MissingTileError):
        prove_record(FolderReader(folder), 300)
    (folder / bundle_path(1)).unlink()
    with pytest.raises(ProofError, match="bundle"):
        prove_record(FolderReader(folder), 300)
    (folder / "checkpoint").unlink()
    with pytest.raises(CheckpointError, match="no checkpoint"):
        prove_record(FolderReader(folder), 300)


async def test_a_later_checkpoint_extends_an_earlier_one(tmp_path):
    log = await open_log(tmp_path)
    heads = []
    for start in range(0, 700, 70):
        await write_pairs(log, 70, start)
        heads.append(SignedCheckpoint.parse((folder_of(tmp_path) / "checkpoint").read_bytes()).checkpoint)
    nodes = TileNodes(reader_of(tmp_path), heads[-1].size)
    for head in heads:
        proof = consistency_proof(nodes, head.size, heads[-1].size)
        verify_consistency(head.size, heads[-1].size, proof, head.root, heads[-1].root)
    await log.close()


def script(tmp_path: Path) -> Path:
    """The script of docs/audit-log.md."""
    found = re.search(r"```sh\n(#!/bin/sh\n.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert found is not None
    path = tmp_path / "verify-proof.sh"
    path.write_text(found[1])
    return path


@pytest.mark.skipif(any(shutil.which(tool) is None for tool in TOOLS), reason=f"needs {', '.join(TOOLS)}")
def test_openssl_and_coreutils_agree(log, tmp_path):
    command = ["sh", str(script(tmp_path))]
    key = key_of(log).vkey
    other = VerifierKey(key_of(log).name, bytes(32)).vkey
    for index in (0, 300, 603):
        proof = prove_record(reader_of(log), index)
        path = tmp_path / f"{index}.tlog-proof"
        path.write_text(proof.text)
        done = subprocess.run([*command, str(path), key], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.endswith(proof.entry)
        assert subprocess.run([*command, str(path), other], capture_output=True, check=False).returncode
    text = prove_record(reader_of(log), 300).text
    changed = tmp_path / "changed.tlog-proof"
    for place in (1, 4, 7, 12):
        changed.write_text(mutations(text)[place])
        assert subprocess.run([*command, str(changed), key], capture_output=True, check=False).returncode

"""The public RFC 6962 proof vectors (transparency-dev/merkle), from the folder that SHIELD_CORPORA names."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

from shield.audit.tree import ProofError, verify_inclusion
from tests.consistency import verify_consistency

CORPORA = os.environ.get("SHIELD_CORPORA")
pytestmark = pytest.mark.skipif(CORPORA is None, reason="SHIELD_CORPORA is not set")


def vectors(kind: str) -> list[Path]:
    if CORPORA is None:
        return []
    return sorted((Path(CORPORA) / "rfc6962-vectors" / "testdata" / kind).rglob("*.json"))


def raw(text: str | None) -> bytes:
    return base64.b64decode(text or "")


@pytest.mark.parametrize("kind", ["inclusion", "consistency"])
def test_all_of_them_are_there(kind):
    assert len(vectors(kind)) == 98


@pytest.mark.parametrize("path", vectors("inclusion"), ids=lambda path: "/".join(path.parts[-2:]))
def test_inclusion(path):
    vector = json.loads(path.read_bytes())
    arguments = (
        raw(vector["leafHash"]),
        vector["leafIdx"],
        vector["treeSize"],
        [raw(value) for value in vector["proof"] or []],
        raw(vector["root"]),
    )
    if vector["wantErr"]:
        with pytest.raises(ProofError):
            verify_inclusion(*arguments)
    else:
        verify_inclusion(*arguments)


@pytest.mark.parametrize("path", vectors("consistency"), ids=lambda path: "/".join(path.parts[-2:]))
def test_consistency(path):
    """An empty tree (size 0) proves nothing; the vectors agree."""
    vector = json.loads(path.read_bytes())
    arguments = (
        vector["size1"],
        vector["size2"],
        [raw(value) for value in vector["proof"] or []],
        raw(vector["root1"]),
        raw(vector["root2"]),
    )
    if vector["wantErr"]:
        with pytest.raises(ProofError):
            verify_consistency(*arguments)
    else:
        verify_consistency(*arguments)

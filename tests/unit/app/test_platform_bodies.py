"""Bodies as the APIs of support platforms take them: what is marked goes, every other byte stays.

`platform_bodies/` holds them, synthetic, with personal data between `⟦` and `⟧`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shield.app import build_redaction
from shield.cli.options import policy_of, settings_of

BODIES = sorted((Path(__file__).parent / "platform_bodies").glob("*.json"))


@pytest.fixture(scope="module")
def redacted():
    settings = settings_of(None)
    redaction, policy = build_redaction(settings), policy_of(settings, None)
    return lambda text: redaction.redact_bytes(text.encode(), "application/json", policy).body.decode()


@pytest.mark.parametrize("file", BODIES, ids=lambda file: file.stem)
def test_what_is_marked_goes_and_every_other_byte_stays(file, redacted):
    parts = re.split("⟦(.*?)⟧", file.read_text(encoding="utf-8"))
    values = parts[1::2]
    around = "(.*?)".join(map(re.escape, parts[::2]))
    match = re.fullmatch(around, redacted("".join(parts)))
    assert match is not None
    assert [value for value, left in zip(values, match.groups(), strict=True) if value in left] == []

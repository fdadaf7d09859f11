"""`shield callers new` gives a key for the caller, and only its digest for the configuration."""

from __future__ import annotations

import hashlib
import re

from click.testing import CliRunner

from shield.cli.main import cli


def test_a_new_key_and_its_digest():
    done = CliRunner().invoke(cli, ["callers", "new"])
    assert done.exit_code == 0
    key, digest = re.fullmatch(
        r"key     (shield_[\w-]{43})\ndigest  sha256:([0-9a-f]{64})\n", done.output
    ).groups()
    assert hashlib.sha256(key.encode()).hexdigest() == digest


def test_raw_parts_key_and_digest():
    done = CliRunner().invoke(cli, ["callers", "new", "--raw"])
    assert re.fullmatch(r"shield_[\w-]{43}\n", done.stdout)
    assert done.stderr == f"sha256:{hashlib.sha256(done.stdout.strip().encode()).hexdigest()}\n"


def test_no_key_is_made_twice():
    keys = {CliRunner().invoke(cli, ["callers", "new", "--raw"]).stdout for _ in range(20)}
    assert len(keys) == 20

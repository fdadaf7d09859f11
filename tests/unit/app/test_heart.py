"""The heart that a configuration describes, without a proxy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shield.app.heart import build_redaction
from shield.config.loader import load
from shield.errors import ConfigError
from tests.unit.app.test_checking import write


def test_the_door_redacts_and_analyzes(tmp_path):
    settings = load(write(tmp_path), {}).settings
    door = build_redaction(settings)
    policy = settings.policies["default"]
    body = b'{"note": "my SSN is 536-22-1234"}'
    assert door.redact_bytes(body, "application/json", policy).body == b'{"note": "my SSN is <US_SSN>"}'
    found = door.analyze_text("my SSN is 536-22-1234", "en", policy)
    assert [(one.start, one.end, one.entity_type) for one in found] == [(10, 21, "US_SSN")]


def test_a_heart_with_an_unknown_recognizer_is_refused(tmp_path):
    settings = load(write(tmp_path, recognizers="Nobody"), {}).settings
    with pytest.raises(ConfigError, match="Nobody"):
        build_redaction(settings)


def test_who_needs_no_server_imports_none():
    """It is most of what `shield redact` and the process for large bodies would import."""
    code = (
        "import sys\n"
        "import shield.app.heart\n"
        "needless = {'aiohttp', 'prometheus_client', 'shield.proxy.endpoints'} & sys.modules.keys()\n"
        "sys.exit(' '.join(sorted(needless)) or None)\n"
    )
    here = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from shield.cli.main import cli
from shield.domain import Finding, Opaque, Placed, Policy, Redaction, SegmentKind
from shield.errors import MalformedBodyError


class FakeDoor:
    """Replaces the heart: finds only the word `secret`, fails on `broken`, cannot inspect `%PDF-`."""

    def redact_bytes(self, body: bytes, media_type: str, policy: Policy) -> Redaction:
        if b"broken" in body:
            raise MalformedBodyError("not valid at byte 3", offset=3)
        text = body.decode()
        found = tuple(
            Placed("$.*", SegmentKind.TEXT, Finding(at, at + 6, "SECRET", 0.85, "Fake"), "replace")
            for at in _places(text)
        )
        replaced = text.replace("secret", f"<{media_type}|{policy.name}>")
        opaque = (Opaque("$.*", "pdf", 5),) if "%PDF-" in text else ()
        return Redaction(replaced.encode() if found else body, found, opaque=opaque)

    def analyze_text(self, text: str, language: str, policy: Policy) -> list[Finding]:
        if "broken" in text:
            raise MalformedBodyError("not valid at byte 3", offset=3)
        return [Finding(at, at + 6, "SECRET", 0.123456, f"{language}/{policy.name}") for at in _places(text)]


def _places(text: str) -> Iterator[int]:
    at = text.find("secret")
    while at >= 0:
        yield at
        at = text.find("secret", at + 1)


@pytest.fixture(autouse=True)
def no_access_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests see neither access records nor the note that there is none."""
    monkeypatch.setenv("SHIELD_ACCESS", "off")


@pytest.fixture
def fake_heart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands get a `FakeDoor`; the configuration is really loaded."""
    monkeypatch.setattr("shield.app.heart.build_redaction", lambda _settings: FakeDoor())


@pytest.fixture
def shield() -> Shield:
    return Shield()


class Shield:
    """Runs the command line in this process."""

    def __call__(self, *arguments: str, stdin: bytes | str = b"") -> Result:
        return CliRunner().invoke(cli, list(arguments), input=stdin, prog_name="shield")


@pytest.fixture
def two_policies(tmp_path: Path) -> str:
    """The built-in configuration with its policy doubled, as `default` and `strict`."""
    text = (Path(__file__).parents[3] / "config" / "quickstart.yaml").read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    document["policies"]["strict"] = document["policies"]["default"]
    path = tmp_path / "two.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return str(path)

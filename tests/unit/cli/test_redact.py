from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Shield

pytestmark = pytest.mark.usefixtures("fake_heart")


def test_standard_input_is_json_by_default(shield: Shield) -> None:
    result = shield("redact", stdin=b'["secret"]')
    assert (result.exit_code, result.stdout) == (0, '["<application/json|default>"]')


def test_what_has_no_finding_comes_out_byte_for_byte(shield: Shield) -> None:
    body = b'{"a" : 1e400,\r\n "b":"\xc3\xa9"}'
    assert shield("redact", stdin=body).stdout_bytes == body


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.json", "application/json"),
        ("a.JSON", "application/json"),
        ("a.ndjson", "application/x-ndjson"),
        ("a.jsonl", "application/x-ndjson"),
        ("a.form", "application/x-www-form-urlencoded"),
        ("a.txt", "text/plain"),
        ("a.html", "text/html"),
        ("a.md", "text/markdown"),
        ("a.vtt", "text/vtt"),
        ("a.csv", "text/csv"),
        ("a.tsv", "text/tab-separated-values"),
        ("a.xml", "application/xml"),
        ("a.srt", "application/x-subrip"),
        ("a.graphql", "application/graphql"),
    ],
)
def test_the_ending_tells_the_media_type(shield: Shield, tmp_path: Path, name: str, media_type: str) -> None:
    (tmp_path / name).write_bytes(b"secret")
    assert shield("redact", str(tmp_path / name)).stdout == f"<{media_type}|default>"


def test_the_option_wins_over_the_ending(shield: Shield, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"secret")
    assert shield("redact", "--type", "text/plain", str(tmp_path / "a.json")).stdout == "<text/plain|default>"


def test_an_ending_that_says_nothing_is_not_guessed_at(shield: Shield, tmp_path: Path) -> None:
    (tmp_path / "a.dat").write_bytes(b'{"a": "secret"}')
    result = shield("redact", str(tmp_path / "a.dat"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--type" in result.stderr


def test_files_are_printed_one_after_another(shield: Shield, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(name.encode())
    assert shield("redact", str(tmp_path / "a.txt"), str(tmp_path / "b.txt")).stdout == "a.txtb.txt"


def test_the_first_body_that_cannot_be_inspected_ends_the_run(shield: Shield, tmp_path: Path) -> None:
    for name, text in (("a.txt", "one"), ("b.txt", "broken secret"), ("c.txt", "three")):
        (tmp_path / name).write_text(text)
    result = shield("redact", *(str(tmp_path / name) for name in ("a.txt", "b.txt", "c.txt")))
    assert (result.exit_code, result.stdout) == (3, "one")
    assert "b.txt" in result.stderr
    assert "body_malformed" in result.stderr
    assert "secret" not in result.stderr


def test_a_file_in_a_text_ends_the_run_unless_it_is_to_be_kept(shield: Shield) -> None:
    result = shield("redact", stdin=b'"%PDF-, secret"')
    assert (result.exit_code, result.stdout) == (3, "")
    assert "opaque_content: 5 bytes cannot be inspected (pdf)" in result.stderr
    kept = shield("redact", "--keep-opaque", stdin=b'"%PDF-, secret"')
    assert (kept.exit_code, kept.stderr) == (0, result.stderr)
    assert kept.stdout.startswith('"%PDF-, <')


def test_findings_are_one_object_a_line_without_the_text(shield: Shield) -> None:
    result = shield("redact", "--findings", stdin=b'"secret, secret"')
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"path": "$.*", "start": start, "end": start + 6, "entity_type": "SECRET", "score": 0.85,
         "recognizer": "Fake"}
        for start in (1, 9)
    ]  # fmt: skip


def test_findings_of_several_files_name_the_file(shield: Shield, tmp_path: Path) -> None:
    paths = [str(tmp_path / name) for name in ("a.txt", "b.txt")]
    for path in paths:
        Path(path).write_bytes(b"secret")
    result = shield("redact", "--findings", *paths)
    assert [json.loads(line)["file"] for line in result.stdout.splitlines()] == paths


def test_a_policy_is_chosen_by_name(shield: Shield, two_policies: str) -> None:
    result = shield("redact", "-c", two_policies, "--policy", "strict", stdin=b"secret")
    assert result.stdout == "<application/json|strict>"
    assert shield("redact", "-c", two_policies, stdin=b"secret").stdout == "<application/json|default>"


def test_an_unknown_policy_is_a_usage_error_that_names_the_choice(shield: Shield, two_policies: str) -> None:
    result = shield("redact", "-c", two_policies, "--policy", "lax", stdin=b"secret")
    assert result.exit_code == 2
    assert "default, strict" in result.stderr


def test_where_there_are_several_and_no_default_the_option_is_named(
    shield: Shield, two_policies: str, tmp_path: Path
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(
        Path(two_policies).read_text().replace("default:", "lax:").replace("policy: default", "policy: lax")
    )
    result = shield("redact", "-c", str(other), stdin=b"secret")
    assert result.exit_code == 2
    assert "choose with --policy: lax, strict" in result.stderr


def test_an_invalid_configuration_is_named_with_its_place(shield: Shield, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("version: 1\nlisteners: {}\n")
    result = shield("redact", "-c", str(path), stdin=b"secret")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{path}:2:" in result.stderr


def test_a_missing_file_is_a_usage_error(shield: Shield) -> None:
    assert shield("redact", "nowhere.json").exit_code == 2

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shield.cli.analyze import LineError, parse_line
from tests.unit.cli.conftest import Shield

pytestmark = pytest.mark.usefixtures("fake_heart")


def jsonl(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def test_each_line_is_answered_in_order(shield: Shield) -> None:
    lines = jsonl({"id": "b", "text": "a secret"}, {"id": 1, "text": "nothing", "language": "en"})
    result = shield("analyze", "--jsonl", stdin=lines)
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {
            "id": "b",
            "findings": [
                {"start": 2, "end": 8, "entity_type": "SECRET", "score": 0.1235, "recognizer": "en/default"}
            ],
        },
        {"id": 1, "findings": []},
    ]


def test_offsets_are_code_points(shield: Shield) -> None:
    result = shield("analyze", "--jsonl", stdin=jsonl({"id": 1, "text": "\U0001f69a e\u0301 secret"}))
    assert json.loads(result.stdout)["findings"][0]["start"] == 5


def test_a_file_is_read_as_well(shield: Shield, tmp_path: Path) -> None:
    (tmp_path / "texts.jsonl").write_bytes(jsonl({"id": 1, "text": "secret"}))
    assert json.loads(shield("analyze", "--jsonl", str(tmp_path / "texts.jsonl")).stdout)["id"] == 1


def test_a_bad_line_is_named_by_number_and_the_others_are_analyzed(shield: Shield) -> None:
    lines = (
        jsonl({"id": 1, "text": "x"})
        + b"\n{secret\n"
        + jsonl({"id": 2, "text": "broken secret"}, {"id": 3, "text": ""})
    )
    result = shield("analyze", "--jsonl", stdin=lines)
    assert result.exit_code == 3
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [1, 3]
    assert "line 3: not valid JSON" in result.stderr
    assert "line 4: body_malformed" in result.stderr
    assert "lines that could not be analyzed: 2" in result.stderr
    assert "secret" not in result.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"[1]", "not an object"),
        (b'{"text": "x"}', "not an object"),
        (b'{"id": 1, "text": 2}', "not an object"),
        (b'{"id": 1}', "not an object"),
        (b'{"id": 1, "text": "x", "language": "de"}', "language"),
        (b'{"id": 1, "text": "x", "language": ["en"]}', "language"),
        (b"\xff\xfe", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
    ],
)
def test_what_a_line_must_be(line: bytes, said: str) -> None:
    with pytest.raises(LineError, match=said):
        parse_line(line, ("en",))


def test_the_language_is_the_first_of_the_policy_by_default() -> None:
    assert parse_line(b'{"id": null, "text": "x"}', ("fr", "en")) == (None, "x", "fr")
    assert parse_line(b'{"id": null, "text": "x", "language": "en"}', ("fr", "en")) == (None, "x", "en")


def test_the_form_must_be_named(shield: Shield) -> None:
    assert shield("analyze").exit_code == 2

"""What is decoded from uuencode and Ascii85, and what counts as opaque."""

from __future__ import annotations

import base64
import binascii

import pytest

from shield.analyzer.views.framed import framed
from shield.analyzer.views.opaque import opaque_runs
from tests.unit.analyzer.built import shared_views

TEXT = b"Maria Garcia, card 4111 1111 1111 1111, write to maria@example.com"
PDF = b"%PDF-1.7\n" + bytes(range(200))


def _uuencode(data: bytes) -> str:
    lines = [binascii.b2a_uu(data[start : start + 45]).decode() for start in range(0, len(data), 45)]
    return "begin 644 note.txt\n" + "".join(lines) + "`\nend\n"


def _ascii85(data: bytes) -> str:
    return base64.a85encode(data, adobe=True, wrapcol=40).decode()


@pytest.mark.parametrize("encode", [_uuencode, _ascii85])
def test_text_is_read_in_place_of_its_run(encode) -> None:
    text = "see below\n" + encode(TEXT) + "thanks"
    view = framed(text)
    assert view is not None
    assert TEXT.decode() in view.text
    start = view.text.index("4111")
    low, high = view.raw_span(start, start + 19)
    assert text[low:high] in {encode(TEXT), "\n".join(encode(TEXT).split("\n")[1:3])}
    assert TEXT.decode() in "".join(each.text for each in shared_views().read(text) if each.name == "decoded")


@pytest.mark.parametrize("encode", [_uuencode, _ascii85])
def test_a_file_in_such_a_run_is_opaque(encode) -> None:
    assert [run.form for run in opaque_runs("see below\n" + encode(PDF) + "thanks")] == ["pdf"]


@pytest.mark.parametrize(
    "text",
    [
        "begin 644 note.txt\nHello, this is no code\nend",
        "begin 100 meters before the end\nthen turn left",
        "a <~ b and c ~> d",
        "<~~>",
        "<~zzzzz~~>",
        "begin 644 x\n",
        "begin 644 x\n\u00e9\n",
        "begin 644 x\n" + 92 * "M" + "\n",
        "begin 644 x\n" + 92 * "M",
    ],
)
def test_what_is_none_is_left_alone(text: str) -> None:
    assert framed(text) is None
    assert opaque_runs(text) == []

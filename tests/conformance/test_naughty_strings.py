"""Every codec handles the Big List of Naughty Strings (minimaxir, MIT)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from shield.domain import Edit, Limits, Segment
from shield.payload.document import Document
from shield.payload.form import FormCodec
from shield.payload.json_codec import JsonCodec, JsonSequenceCodec, NdjsonCodec
from shield.payload.selectors import NO_RULES
from shield.payload.target import decode_path, decode_query
from shield.payload.text import TextCodec

CORPORA = os.environ.get("SHIELD_CORPORA")
FILE = Path(CORPORA, "naughty-strings", "blns.json") if CORPORA else None
STRINGS = [text for text in json.loads(FILE.read_bytes()) if text] if FILE and FILE.exists() else []

pytestmark = pytest.mark.skipif(
    not STRINGS, reason="SHIELD_CORPORA names no folder with naughty-strings/blns.json"
)

Decode = Callable[[bytes], Document]


def reader(codec: JsonCodec | NdjsonCodec | FormCodec | TextCodec) -> Decode:
    return lambda body: codec.decode(body, limits=Limits(), rules=NO_RULES, charset=None)


def raw_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


CASES: dict[str, tuple[Decode, Callable[[str], bytes]]] = {
    "json raw": (reader(JsonCodec()), lambda text: f'{{"a": [{raw_json(text)}], "b": 1.0}}'.encode()),
    "json escaped": (reader(JsonCodec()), lambda text: f'{{"a": [{json.dumps(text)}], "b": 1.0}}'.encode()),
    "json name": (reader(JsonCodec()), lambda text: f'{{{raw_json(text)}: true, "b": 1.0}}'.encode()),
    "ndjson": (reader(NdjsonCodec()), lambda text: f"{{}}\r\n\n[{raw_json(text)}]\r\n".encode()),
    "json-seq": (
        reader(JsonSequenceCodec()),
        lambda text: f"\x1e{{}}\n\x1e[\n{raw_json(text)}]\n\x1e".encode(),
    ),
    "form": (reader(FormCodec()), lambda text: f"a={quote_plus(text)}&b=1".encode()),
    "form name": (reader(FormCodec()), lambda text: f"{quote_plus(text)}=1&b".encode()),
    "query": (decode_query, lambda text: f"a={quote(text, safe='')}".encode()),
    "path": (decode_path, lambda text: f"/a/{quote(text, safe='')}/b".encode()),
    "text": (reader(TextCodec()), str.encode),
}


def placed(document: Document, text: str) -> Segment:
    return next(segment for segment in document.segments if segment.text == text)


@pytest.mark.parametrize("case", CASES)
def test_every_string_is_found_kept_and_replaced(case):
    decode, write = CASES[case]
    for text in STRINGS:
        shown = text.removeprefix("\ufeff") if case == "text" else text
        body = write(text)
        document = decode(body)
        assert document.encode({}) == body
        if not shown:
            continue
        segment = placed(document, shown)
        nothing = Edit(len(shown), len(shown), "", "PERSON", "replace")
        assert document.encode({segment.index: [nothing]}) == body
        whole = Edit(0, len(shown), "<PERSON>", "PERSON", "replace")
        made = document.encode({segment.index: [whole]})
        again = decode(made)
        assert again.segments[segment.index].text == "<PERSON>"
        back = Edit(0, len("<PERSON>"), shown, "PERSON", "replace")
        restored = again.encode({segment.index: [back]})
        assert placed(decode(restored), shown).index == segment.index

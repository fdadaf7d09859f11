"""Which runs of a text are opaque, which are read, and which are left alone."""

from __future__ import annotations

import base64
import gzip
import io
import json
import random
import re
import uuid
import zipfile
import zlib

import pytest
import zstandard

from shield.analyzer.expressions.folded import fold
from shield.analyzer.views.contents import UNKNOWN, Allowance, content_of
from shield.analyzer.views.decoded import decoded
from shield.analyzer.views.opaque import LEAST, LEAST_UNKNOWN, opaque_runs
from shield.analyzer.views.trigger import Reading
from shield.errors import DetectionIncompleteError
from tests.unit.analyzer.built import shared_views

READINGS = frozenset(Reading)
NOISE = random.Random(7).randbytes(4000)
TEXT = b"Maria Garcia writes from maria.garcia@example.com about her invoice."
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + NOISE[:200]
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01" + NOISE[:300]
POINT = (
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x01D\0;"
)
FORMS = {
    "pdf": PDF,
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + NOISE[:40],
    "jpeg": JPEG,
    "gif": b"GIF89a\x10\0\x10\0" + NOISE[:40],
    "webp": b"RIFF\x24\0\0\0WEBPVP8 " + NOISE[:40],
    "tiff": b"II*\0" + NOISE[:40],
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + NOISE[:40],
    "gzip": gzip.compress(NOISE[:300], mtime=0),
    "zstd": zstandard.compress(NOISE[:300]),
    "bzip2": b"BZh91AY&SY" + NOISE[:40],
    "xz": b"\xfd7zXZ\0" + NOISE[:40],
    "7z": b"7z\xbc\xaf\x27\x1c" + NOISE[:40],
    "rar": b"Rar!\x1a\x07\x01\0" + NOISE[:40],
    "rtf": rb"{\rtf1\ansi Mar\'eda Garc\'eda, and the rest of the letter}",
    "audio": b"RIFF\x24\0\0\0WAVEfmt " + NOISE[:40],
    "video": b"\0\0\0\x20ftypisom" + NOISE[:40],
}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.txt", TEXT * 9)
    return made.getvalue()


@pytest.mark.parametrize(("form", "data"), FORMS.items(), ids=FORMS)
@pytest.mark.parametrize(
    "encode",
    [
        b64,
        bytes.hex,
        lambda data: data.hex(" "),
        lambda data: data.hex(":"),
        lambda data: base64.urlsafe_b64encode(data).decode(),
        lambda data: base64.b32encode(data).decode(),
        lambda data: base64.b32encode(data).decode().rstrip("="),
    ],
)
def test_a_format_is_told_by_its_first_bytes(form, data, encode):
    run = encode(data)
    text = f"see the file: {run} there"
    (found,) = opaque_runs(text)
    assert (text[found.start : found.end], found.form) == (run, form)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (f"<p>hi</p><img src='data:image/jpeg;base64,{b64(JPEG)}'>", "jpeg"),
        (f"![scan](data:application/pdf;base64,{b64(PDF)})", "pdf"),
        (f"file={b64(PDF)}", "pdf"),
        (b64(archive()), "zip"),
        (base64.encodebytes(PDF).decode(), "pdf"),
        (f"AttachmentOfTheLetter\n{base64.encodebytes(PDF).decode()}", "pdf"),
        (json.dumps({"a": b64(JPEG)}).replace("/", "\\/"), "jpeg"),
        (json.dumps({"a": base64.encodebytes(JPEG).decode()}), "jpeg"),
        (f"data:image/jpeg;base64,{b64(JPEG)}".replace("/", "%2F").replace("+", "%2B"), "jpeg"),
        (b64(json.dumps({"file": b64(PDF)}).encode()), "pdf"),
        (b64(b64(PDF).encode()), "pdf"),
        (f"https://files.example.com/open/{b64(PDF)[:600]}", "pdf"),
        (f"scan_of-{b64(PDF)}", "pdf"),
        (f"see:\\n{b64(PDF)}", "pdf"),
        (f"\\u0022{b64(PDF)}\\u0022", "pdf"),
        (f"file%3D{b64(PDF)}", "pdf"),
        (b64(base64.b32encode(PDF)), "pdf"),
        (base64.b32encode(NOISE[:1700]).decode(), UNKNOWN),
        ("\n".join(re.findall(".{1,64}", base64.b32encode(NOISE[:1700]).decode())), UNKNOWN),
        (b64(NOISE[:1700]), UNKNOWN),
        (base64.encodebytes(NOISE[:1700]).decode(), UNKNOWN),
        (NOISE[:1700].hex(), UNKNOWN),
    ],
)
def test_what_is_opaque(text, form):
    assert [run.form for run in opaque_runs(text)] == [form]


@pytest.mark.parametrize(
    "text",
    [
        "a ticket of plain words about an invoice of maria.garcia@example.com",
        "https://example.com/tickets/attachments/of/the/year/2031/04/internationalization",
        b64(NOISE[:600]),  # a token, a signature, a link's tracking code
        "\n".join(str(uuid.UUID(bytes=NOISE[at : at + 16])) for at in range(0, 1600, 16)),
        "\n".join(NOISE[at : at + 32].hex() for at in range(0, 3200, 32)),
        "\n".join(f"SomeCamelCaseIdentifierNumber{at}InAList" for at in range(100)),
        "-" * 4000,
        "=" * 4000,
        "0" * 4000 + "x",
        "".join(str(each % 10) for each in NOISE),
        "".join("ACGT"[each % 4] for each in NOISE),
        "".join("ACDEFGHIKLMNPQRSTVWY"[each % 20] for each in NOISE),
        f"<img src='data:image/gif;base64,{b64(POINT)}'>",
        f"<img src='data:image/png;base64,{b64(FORMS['png'][:16] + bytes((0, 0, 0, 1)) * 2 + NOISE[:50])}'>",
        "the file begins with 25 50 44 46 2d 31 2e 37",
        "SUQzSomeInternalProductIdentifierName",
        base64.b32encode(TEXT * 60).decode(),
        f"https://t.example.com/c/{base64.b32encode(TEXT * 60).decode()}",
        f"https://t.example.com/c/{b64(TEXT * 60)}",
        b64(TEXT * 60),
        b64(gzip.compress(TEXT * 60)),
    ],
)
def test_what_is_not(text):
    assert opaque_runs(text) == []


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(TEXT, mtime=0),
        zlib.compress(TEXT),
        zlib.compress(TEXT)[2:-4],
        zstandard.compress(TEXT),
        TEXT + b"\0",
        b"\x82\xa4name" + TEXT + b"\xa5",
        TEXT.decode().encode("utf-16"),
        TEXT.decode().encode("utf-16-be"),
    ],
    ids=["gzip", "zlib", "deflate", "zstd", "a NUL", "a serialization", "UTF-16", "UTF-16BE"],
)
def test_text_is_read_however_it_is_packed(data):
    run = b64(data)
    view = decoded(f"file={run}", None, READINGS)
    assert view is not None
    assert "maria.garcia@example.com" in view.text
    assert opaque_runs(run) == []
    start = view.text.index("maria.garcia")
    assert view.raw_span(start, start + 5) == (5, 5 + len(run.rstrip("=")) + run.count("="))


@pytest.mark.parametrize(
    "encode",
    [
        b64,
        bytes.hex,
        lambda data: base64.b32encode(data).decode(),
        lambda data: base64.b32encode(data).decode().rstrip("="),
        lambda data: base64.urlsafe_b64encode(data).decode().rstrip("="),
    ],
    ids=["base64", "hex", "base32", "base32 unpadded", "base64url"],
)
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "https://t.example.com/c/{}",
        "/open/{}/pixel.gif",
        "id_{}",
        "see\n{}\nThanks",
        "see\\n{}\\nThanks",
        "x={}&y=1",
        "+{}",
        "(a-b-c/d_e-{})",
    ],
)
def test_text_is_read_whatever_stands_around_its_run(encode, around):
    run = encode(TEXT)
    text = around.replace("{}", run)
    readings = shared_views()
    read = [
        view.raw_span(place, place + 24)
        for view in readings.of(text, readings.asked([text], [fold(text)])[0])
        if (place := view.text.find("maria.garcia@example.com")) >= 0
    ]
    begin = text.index(run)
    assert any(start <= begin and begin + len(run.rstrip("=")) <= end for start, end in read)


def test_a_value_over_the_lines_of_a_run_is_read() -> None:
    for between in ("\n", "\r\n", "\n  ", "\\n", "\\r\\n"):
        view = decoded(between.join(re.findall(".{1,20}", b64(TEXT))), None, READINGS)
        assert view is not None
        assert "maria.garcia@example.com" in view.text


def test_names_are_read_where_no_digit_tells_of_them():
    view = decoded(b64(b"please call Maria Garcia"), None, READINGS)
    assert view is not None
    assert view.text == "please call Maria Garcia"


def test_the_name_of_a_file_in_gzip_is_read_and_what_stands_beside_is_opaque():
    made = io.BytesIO()
    with gzip.GzipFile(filename="maria-garcia.txt", fileobj=made, mode="wb", mtime=0) as file:
        file.write(TEXT)
    assert content_of(made.getvalue(), Allowance(100_000_000)).text.startswith("maria-garcia.txt\n")
    packed = gzip.compress(TEXT, mtime=0)
    for beside in (packed + NOISE[:9], packed[:3] + b"\x10" + packed[4:10] + b"a note\0" + packed[10:]):
        assert content_of(beside, Allowance(100_000_000)).form == "gzip"


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_bomb_is_opaque(pack):
    assert content_of(pack(b"a" * 50_000_000), Allowance(100_000_000)).form != ""


def test_what_is_shorter_than_the_least_is_left_alone():
    run = b64(b"%PDF-" + NOISE)
    assert opaque_runs(run[: LEAST - 4]) == []
    assert opaque_runs(run[:LEAST])[0].form == "pdf"
    assert opaque_runs(b64(NOISE)[: LEAST_UNKNOWN - 4]) == []
    assert opaque_runs(b64(NOISE)[:LEAST_UNKNOWN])[0].form == UNKNOWN


@pytest.mark.parametrize(
    "part",
    [
        "ab\n",
        "abcd\\n",
        "A",
        "%2F",
        "\\/",
        "a/",
        "ffd8ff ",
        "/9j/",
        "H4sI",
        "ABCDEFGHIJKLMNOPQRSTUVWX\n",
        "ff ",
    ],
)
def test_the_work_is_linear(part):
    opaque_runs(part * (1_000_000 // len(part)))  # a quadratic one would take hours


def test_runs_within_runs_inflate_to_no_more_than_the_text_allows() -> None:
    def packed(data: bytes) -> str:
        deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        return base64.b64encode(deflate.compress(data) + deflate.flush()).decode()

    inner = packed(b"Ab1 " * 1140)
    text = (packed((inner + " ").encode() * 138) + " ") * 94
    assert len(text) < 12_000
    with pytest.raises(DetectionIncompleteError):
        decoded(text, None, READINGS)

from __future__ import annotations

import contextlib
import gzip
import tracemalloc
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from shield.domain import Limits
from shield.errors import (
    DecompressionRatioError,
    MalformedContentEncodingError,
    TooLargeError,
    UnsupportedContentEncodingError,
)
from shield.payload import content_encoding
from shield.payload.content_encoding import (
    decode_content,
    decode_plain,
    encode_content,
    parse_content_encoding,
)

CODINGS = ["gzip", "deflate", "br", "zstd"]
WIDE = Limits(decompression_ratio=1e9)
TEXT = b'{"comment": "hello there"}' * 20


def member(flags: int, beside: bytes) -> bytes:
    """A gzip member with the optional header fields `beside`, announced by `flags`."""
    plain = gzip.compress(TEXT, mtime=0)
    return plain[:3] + bytes((flags,)) + plain[4:10] + beside + plain[10:]


@pytest.mark.parametrize(
    ("coding", "body", "plain"),
    [
        ("gzip", gzip.compress(TEXT), True),
        ("gzip", gzip.compress(TEXT) + gzip.compress(b""), True),
        ("gzip", member(8, b"maria garcia.json\0"), False),
        ("gzip", member(16, b"of maria garcia\0"), False),
        ("gzip", member(4, b"\x09\0ma\5\0maria"), False),
        ("gzip", gzip.compress(b"") + member(8, b"maria\0"), False),
        ("zstd", zstandard.compress(TEXT), True),
        ("zstd", zstandard.compress(TEXT) + b"\x5a\x2a\x4d\x18\x05\0\0\0maria", False),
        ("deflate", zlib.compress(TEXT), True),
        ("br", brotli.compress(TEXT), True),
    ],
)
def test_what_stands_beside_the_content_is_told(coding, body, plain):
    for encoded, codings in ((body, (coding,)), (encode_content(body, ("br",)), (coding, "br"))):
        assert decode_plain(encoded, codings, WIDE) == (TEXT, plain)


def raw_deflate(body: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(body) + compressor.flush()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], ()),
        ([""], ()),
        (["identity"], ()),
        (["gzip"], ("gzip",)),
        (["X-GZip"], ("gzip",)),
        (["gzip, BR"], ("gzip", "br")),
        (["gzip", "deflate ,, zstd"], ("gzip", "deflate", "zstd")),
        (["identity, gzip,\tidentity"], ("gzip",)),
    ],
)
def test_codings_are_listed_in_the_order_they_were_applied(headers, expected):
    assert parse_content_encoding(headers) == expected


@pytest.mark.parametrize("headers", [["compress"], ["gzip;q=1"], ["gzip br"], ["aes128gcm"], ["gzip"] * 5])
def test_unknown_codings_and_tall_stacks_are_refused(headers):
    with pytest.raises(UnsupportedContentEncodingError):
        parse_content_encoding(headers)


@given(st.binary(max_size=3000), st.lists(st.sampled_from(CODINGS), max_size=4))
def test_what_was_encoded_decodes_to_itself(body, codings):
    encoded = encode_content(body, codings)
    assert encode_content(body, codings) == encoded
    assert decode_content(encoded, codings, WIDE) == body


def test_without_codings_the_same_object_comes_back():
    assert decode_content(TEXT, (), Limits()) is TEXT
    assert encode_content(TEXT, ()) is TEXT


@pytest.mark.parametrize(
    ("coding", "encoded"),
    [
        ("gzip", gzip.compress(TEXT[:100]) + gzip.compress(b"") + gzip.compress(TEXT[100:])),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", raw_deflate(TEXT)),
        ("zstd", zstandard.compress(TEXT[:100]) + zstandard.compress(TEXT[100:])),
        ("zstd", b"\x5a\x2a\x4d\x18\x03\x00\x00\x00abc" + zstandard.compress(TEXT)),
        ("zstd", zstandard.ZstdCompressor(write_content_size=False, write_checksum=True).compress(TEXT)),
        ("zstd", zstandard.ZstdCompressor(level=19).compress(TEXT)),
        ("br", brotli.compress(TEXT, quality=11)),
    ],
)
def test_other_forms_of_the_codings_are_read(coding, encoded):
    assert decode_content(encoded, (coding,), WIDE) == TEXT


def compressed(coding: str, body: bytes) -> bytes:
    return encode_content(body, (coding,))


@pytest.mark.parametrize("coding", CODINGS)
def test_every_cut_is_refused(coding):
    encoded = compressed(coding, TEXT)
    for size in range(len(encoded)):
        with pytest.raises(MalformedContentEncodingError) as caught:
            decode_content(encoded[:size], (coding,), WIDE)
        assert caught.value.__context__ is None


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize(
    "garbage", [b"\x00", b"x", b"garbage behind the end", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x00" * 40_000]
)
def test_garbage_behind_the_end_is_refused(coding, garbage):
    with pytest.raises(MalformedContentEncodingError):
        decode_content(compressed(coding, TEXT) + garbage, (coding,), WIDE)


@pytest.mark.parametrize("coding", CODINGS)
def test_garbage_behind_an_end_that_is_that_of_a_piece_is_refused(coding, monkeypatch):
    """The decoder, fed a piece at a time, has already reached its end and never sees the garbage."""
    encoded = compressed(coding, TEXT)
    monkeypatch.setattr(content_encoding, "_FEED", len(encoded))
    assert decode_content(encoded, (coding,), WIDE) == TEXT
    with pytest.raises(MalformedContentEncodingError):
        decode_content(encoded + b"garbage behind the end", (coding,), WIDE)


@pytest.mark.parametrize("coding", CODINGS)
@given(body=st.binary(max_size=60))
def test_noise_never_crashes(coding, body):
    with contextlib.suppress(MalformedContentEncodingError, TooLargeError):
        decode_content(body, (coding,), WIDE)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
def test_a_flipped_checksum_is_refused(coding):
    encoded = compressed(coding, TEXT)
    if coding == "zstd":
        encoded = zstandard.ZstdCompressor(write_checksum=True).compress(TEXT)
    at = -8 if coding == "gzip" else -1
    flipped = bytearray(encoded)
    flipped[at] ^= 1
    with pytest.raises(MalformedContentEncodingError):
        decode_content(bytes(flipped), (coding,), WIDE)


def bomb(coding: str) -> bytes:
    return compressed(coding, bytes(100_000_000))


@pytest.mark.parametrize(
    "codings", [("gzip",), ("deflate",), ("br",), ("zstd",), ("gzip", "gzip"), ("br", "zstd")]
)
@pytest.mark.parametrize(
    ("limits", "error"),
    [
        (Limits(decoded_bytes=1_000_000, decompression_ratio=1e12), TooLargeError),
        (Limits(decoded_bytes=10**12, decompression_ratio=20), DecompressionRatioError),
    ],
)
def test_bombs_are_stopped_before_they_unfold(codings, limits, error):
    body = bomb(codings[0])
    for coding in codings[1:]:
        body = compressed(coding, body)
    tracemalloc.start()
    try:
        with pytest.raises(error) as caught:
            decode_content(body, codings, limits)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert type(caught.value) is error
    assert peak < 8_000_000


@pytest.mark.parametrize("coding", CODINGS)
def test_bounds_are_exact(coding):
    body = bytes(range(256)) * 4
    encoded = compressed(coding, body)
    assert decode_content(encoded, (coding,), Limits(decoded_bytes=1024, decompression_ratio=1000)) == body
    with pytest.raises(TooLargeError):
        decode_content(encoded, (coding,), Limits(decoded_bytes=1023, decompression_ratio=1000))
    ratio = len(body) / len(encoded)
    assert decode_content(encoded, (coding,), Limits(decompression_ratio=ratio + 0.01)) == body
    with pytest.raises(DecompressionRatioError):
        decode_content(encoded, (coding,), Limits(decompression_ratio=ratio - 0.01))


def test_a_window_above_the_bound_of_content_codings_is_refused():
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    body = compressor.compress(TEXT) + compressor.flush()
    with pytest.raises(MalformedContentEncodingError):
        decode_content(body, ("zstd",), WIDE)


def test_a_coding_that_is_not_known_here_is_refused():
    for use in (lambda: decode_content(b"", ("compress",), WIDE), lambda: encode_content(b"", ("compress",))):
        with pytest.raises(UnsupportedContentEncodingError):
            use()


def test_endless_empty_members_are_refused():
    with pytest.raises(MalformedContentEncodingError):
        decode_content(gzip.compress(b"") * 10_001, ("gzip",), WIDE)

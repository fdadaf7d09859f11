from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shield.errors import ProxyHeaderError
from shield.proxy.proxy_header import SIGNATURE, V2_MOST, Client, crc32c, header_size, parse_header

V1 = b"PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n"
ADDRESSES_4 = bytes([192, 0, 2, 7, 198, 51, 100, 1]) + (56324).to_bytes(2) + (443).to_bytes(2)
ADDRESSES_6 = (
    bytes.fromhex("20010db8" + "00" * 11 + "07" + "20010db8" + "00" * 11 + "01") + b"\xd4\x31\x01\xbb"
)
MAPPED = bytes(10) + b"\xff\xff" + bytes([192, 0, 2, 7])


def v2(
    rest: bytes = ADDRESSES_4, *, command: int = 0x21, family: int = 0x11, size: int | None = None
) -> bytes:
    length = len(rest) if size is None else size
    return SIGNATURE + bytes([command, family]) + length.to_bytes(2) + rest


def tlv(kind: int, value: bytes) -> bytes:
    return bytes([kind]) + len(value).to_bytes(2) + value


def with_crc(rest: bytes) -> bytes:
    blank = v2(rest + tlv(0x03, bytes(4)))
    return blank[:-4] + crc32c(blank).to_bytes(4)


def read(data: bytes, cuts: frozenset[int] = frozenset()) -> tuple[Client | None, bytes] | str:
    """The reading of `data`, given up to each of `cuts` and then whole: client and rest, or the refusal."""
    try:
        for end in (*sorted(cut for cut in cuts if 0 < cut < len(data)), len(data)):
            size = header_size(data[:end])
            if size is not None and size <= end:
                return parse_header(data[:size]), data[size:]
    except ProxyHeaderError as error:
        return str(error)
    return "incomplete"


GOOD = {
    "tcp4": (V1, Client("192.0.2.7", 56324)),
    "tcp6": (b"PROXY TCP6 2001:DB8::7 2001:db8::1 0 65535\r\n", Client("2001:db8::7", 0)),
    "mapped": (b"PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2\r\n", Client("192.0.2.7", 1)),
    "longest": (
        b"PROXY UNKNOWN " + b" ".join([b"ffff:" * 7 + b"ffff"] * 2) + b" 65535 65535\r\n",
        None,
    ),
    "unknown": (b"PROXY UNKNOWN\r\n", None),
    "unknown with more": (b"PROXY UNKNOWN whatever\r it is\r\n", None),
    "v2 tcp4": (v2(), Client("192.0.2.7", 56324)),
    "v2 tcp6": (v2(ADDRESSES_6, family=0x21), Client("2001:db8::7", 54321)),
    "v2 mapped": (v2(MAPPED * 2 + bytes(4), family=0x21), Client("192.0.2.7", 0)),
    "v2 local": (v2(b"", command=0x20, family=0), None),
    "v2 local with what is skipped": (v2(b"any bytes", command=0x20, family=0xFF), None),
    "v2 unspecified": (v2(b"", family=0), None),
    "v2 unspecified with more": (v2(b"any bytes", family=0), None),
    "v2 udp": (v2(family=0x12), None),
    "v2 unix": (v2(bytes(216), family=0x31), None),
    "v2 additions": (v2(ADDRESSES_4 + tlv(0x04, b"") + tlv(0xEA, b"vpce")), Client("192.0.2.7", 56324)),
    "v2 checksum": (with_crc(ADDRESSES_4 + tlv(0x02, b"a.example")), Client("192.0.2.7", 56324)),
    "v2 largest": (v2(ADDRESSES_4 + tlv(4, bytes(V2_MOST - 16 - 12 - 3))), Client("192.0.2.7", 56324)),
}
BAD = {
    "http": b"GET / HTTP/1.1\r\n",
    "tls": b"\x16\x03\x01\x02\x00",
    "lower case": b"proxy TCP4 1.2.3.4 1.2.3.4 1 2\r\n",
    "other word": b"PROXYTCP4 1.2.3.4 1.2.3.4 1 2\r\n",
    "no family": b"PROXY \r\n",
    "other family": b"PROXY TCP5 1.2.3.4 1.2.3.4 1 2\r\n",
    "unknown and more": b"PROXY UNKNOWNS\r\n",
    "two spaces": b"PROXY TCP4  1.2.3.4 1.2.3.4 1 2\r\n",
    "tab": b"PROXY TCP4\t1.2.3.4 1.2.3.4 1 2\r\n",
    "space at the end": b"PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \r\n",
    "too few": b"PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n",
    "bare line feed": b"PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n",
    "line feed before": b"PROXY UNKNOWN \n\r\n",
    "bare return": b"PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r3\r\n",
    "family of the other": b"PROXY TCP4 ::1 ::1 1 2\r\n",
    "destination of the other": b"PROXY TCP6 ::1 1.2.3.4 1 2\r\n",
    "zero before": b"PROXY TCP4 01.2.3.4 1.2.3.4 1 2\r\n",
    "three numbers": b"PROXY TCP4 1.2.3 1.2.3.4 1 2\r\n",
    "zone": b"PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n",
    "not ASCII": b"PROXY TCP4 1.2.3.\xd9\xa1 1.2.3.4 1 2\r\n",
    "name": b"PROXY TCP4 localhost 1.2.3.4 1 2\r\n",
    "port zero before": b"PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n",
    "port signed": b"PROXY TCP4 1.2.3.4 1.2.3.4 +1 2\r\n",
    "port too large": b"PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n",
    "no end": b"PROXY UNKNOWN " + b"x" * 93,
    "end too late": b"PROXY UNKNOWN " + b"x" * 92 + b"\r\n",
    "v2 other signature": SIGNATURE[:-1] + b"\r\x21\x11\x00\x0c" + ADDRESSES_4,
    "v2 version 1": v2(command=0x11),
    "v2 version 3": v2(command=0x31),
    "v2 command": v2(command=0x22),
    "v2 family": v2(family=0x41),
    "v2 protocol": v2(family=0x13),
    "v2 half unspecified": v2(family=0x10),
    "v2 short": v2(ADDRESSES_4[:-1]),
    "v2 short for six": v2(family=0x21),
    "v2 too large": v2(b"", size=V2_MOST),
    "v2 half an addition": v2(ADDRESSES_4 + b"\x04\x00"),
    "v2 addition too long": v2(ADDRESSES_4 + b"\x04\x00\x01"),
    "v2 other checksum": with_crc(ADDRESSES_4)[:-1] + b"\x00",
    "v2 checksum of other size": v2(ADDRESSES_4 + tlv(0x03, b"\x00\x00\x00")),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_header_and_what_follows(name: str) -> None:
    header, client = GOOD[name]
    assert read(header + b"GET /") == (client, b"GET /")
    assert read(header) == (client, b"")
    assert read(header[:-1]) == "incomplete"


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_header(name: str) -> None:
    refusal = read(BAD[name])
    assert isinstance(refusal, str)
    assert refusal.startswith(("The PROXY header ", "The connection does not begin with a PROXY header"))


@settings(max_examples=60)
@given(
    st.sampled_from([*(header for header, _ in GOOD.values()), *BAD.values()]),
    st.frozensets(st.integers(1, 150), max_size=6),
)
def test_any_cut_into_pieces_gives_the_same(data: bytes, cuts: frozenset[int]) -> None:
    whole = read(data)
    assert read(data, cuts) == whole
    assert read(data, frozenset(range(150))) == whole


@settings(max_examples=60)
@given(
    st.binary(max_size=64), st.sampled_from([b"", b"PROXY TCP4 ", SIGNATURE, SIGNATURE + b"\x21\x11\x00\x20"])
)
def test_any_bytes_are_a_header_or_refused(data: bytes, start: bytes) -> None:
    read(start + data)


def test_the_checksum_is_castagnolis() -> None:
    # RFC 3720, B.4.
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(bytes(range(32))) == 0x46DD794E

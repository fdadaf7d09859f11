"""Parses the header of the PROXY protocol, versions 1 and 2: where it ends, and which client it names.

Source: "The PROXY protocol", Willy Tarreau, HAProxy's `doc/proxy-protocol.txt`; section numbers are its own.
No I/O: the reader of a connection passes what has come to `header_size` until it returns the size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from shield.errors import ProxyHeaderError

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
_V1 = b"PROXY "
V1_MOST = 107
"""Bytes of the longest line of version 1, including CRLF (2.1)."""

_FIXED = 16  # bytes of version 2 that tell how long the rest is (2.2)
V2_MOST = 4096
"""Bytes of the longest header of version 2 that is accepted; the format has room for 64 KiB."""

_LOCAL, _PROXY = 0x20, 0x21  # version 2 with its commands
_TCP4, _TCP6 = 0x11, 0x21
_NO_ADDRESS = frozenset({0x00, 0x12, 0x22, 0x31, 0x32})
"""Unknown, UDP and UNIX: "automatically falls back to the UNSPEC mode for the valid combinations" (2.2)."""
_CRC32C = 0x03
_CRC_BYTES = 4
_CRC_POLYNOMIAL = 0x82F63B78  # Castagnoli's, bits reversed (RFC 9260, appendix A)

_PORT = re.compile(rb"0|[1-9][0-9]{0,4}")
_PORT_MOST = 65535


class Client(NamedTuple):
    """The client that a connection was made for, like the `peername` of a direct one."""

    address: str
    port: int


def header_size(data: bytes) -> int | None:
    """The size of the header that `data` begins; None while it is unknown: then all of `data` is header.

    Raises ProxyHeaderError as soon as it cannot become one, or is longer than any that is accepted.
    """
    if data.startswith(SIGNATURE[: len(data)]):
        if len(data) < _FIXED:
            return None
        size = _FIXED + int.from_bytes(data[14:16])
        if size > V2_MOST:
            raise _bad("is longer than allowed")
        return size
    if data.startswith(_V1[: len(data)]):
        end = data.find(b"\n", 0, V1_MOST) + 1
        if not end and len(data) >= V1_MOST:
            raise _bad("has no end")
        return end or None
    raise ProxyHeaderError("The connection does not begin with a PROXY header.")


def parse_header(header: bytes) -> Client | None:
    """The client that a complete header names; None where the connection's own address counts.

    That is so for a connection of the sender's own (`LOCAL`) and for a client without a TCP/IP address.
    Raises ProxyHeaderError.
    """
    return _version_2(header) if header.startswith(SIGNATURE) else _version_1(header)


def _version_1(line: bytes) -> Client | None:
    if not line.endswith(b"\r\n"):
        raise _bad("has a line end other than CRLF")
    words = line[:-2].split(b" ")
    if words[1] == b"UNKNOWN":
        return None
    if words[1] not in {b"TCP4", b"TCP6"} or len(words) != 6:  # noqa: PLR2004  PROXY, family, addresses, ports
        raise _bad("does not have the form of version 1")
    family, source, destination, *ports = words[1:]
    _address(destination, family)
    port, _ = map(_port, ports)
    return Client(_address(source, family), port)


def _address(word: bytes, family: bytes) -> str:
    try:
        text = word.decode("ascii")
        if "%" not in text:
            return _written(IPv4Address(text) if family == b"TCP4" else IPv6Address(text))
    except ValueError:  # UnicodeDecodeError included
        pass
    raise _bad("has an address of another family")


def _port(word: bytes) -> int:
    if _PORT.fullmatch(word) is None or int(word) > _PORT_MOST:
        raise _bad("has an invalid port")
    return int(word)


def _written(address: IPv4Address | IPv6Address) -> str:
    """The address as text; an IPv4-mapped IPv6 address as IPv4, for it is the same client."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _version_2(header: bytes) -> Client | None:
    command, family = header[12:14]
    if command == _LOCAL:
        return None  # the rest must be skipped
    if command != _PROXY:
        raise _bad("has an unknown version or command")
    if family in _NO_ADDRESS:
        return None
    if family not in {_TCP4, _TCP6}:
        raise _bad("has an unknown address family or protocol")
    width = 4 if family == _TCP4 else 16
    ports = _FIXED + 2 * width
    rest = ports + 4
    if len(header) < rest:
        raise _bad("is too short for its addresses")
    for place, kind, value in _additions(header, rest):
        if kind == _CRC32C and not _crc_holds(header, place, value):
            raise _bad("does not match its checksum")
    source = header[_FIXED : _FIXED + width]
    address = IPv4Address(source) if family == _TCP4 else IPv6Address(source)
    return Client(_written(address), int.from_bytes(header[ports : ports + 2]))


def _additions(header: bytes, at: int) -> Iterator[tuple[int, int, bytes]]:
    """Position of the value, type and value of each addition (TLV) from `at` on."""
    while at < len(header):
        value = at + 3
        end = value + int.from_bytes(header[at + 1 : value])
        if value > len(header) or end > len(header):
            raise _bad("has an extension that is longer than the header")
        yield value, header[at], header[value:end]
        at = end


def _crc_holds(header: bytes, place: int, value: bytes) -> bool:
    if len(value) != _CRC_BYTES:
        return False
    blank = header[:place] + bytes(_CRC_BYTES) + header[place + _CRC_BYTES :]
    return crc32c(blank) == int.from_bytes(value)


def crc32c(data: bytes) -> int:
    """CRC32c of `data` (2.2.3; RFC 9260, appendix A). Bit by bit: headers are short, one per connection."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ _CRC_POLYNOMIAL if crc & 1 else crc >> 1
    return crc ^ 0xFFFFFFFF


def _bad(what: str) -> ProxyHeaderError:
    return ProxyHeaderError(f"The PROXY header {what}.")

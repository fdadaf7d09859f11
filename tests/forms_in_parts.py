"""Multipart forms, and malformed ones that receivers may read differently."""

from __future__ import annotations

TYPE = "multipart/form-data; boundary=----bound.ary"
MARK = b"------bound.ary"


def part(head: str, content: bytes = b"x", *lines: str) -> bytes:
    """A part: `head` is its Content-Disposition after `form-data; `, `lines` are further header lines."""
    fields = [f"Content-Disposition: form-data; {head}", *lines]
    return "".join(f"{line}\r\n" for line in fields).encode() + b"\r\n" + content


def body_of(*parts: bytes) -> bytes:
    return b"".join(b"%b\r\n%b\r\n" % (MARK, each) for each in parts) + MARK + b"--\r\n"


GOOD = part('name="a"', b"jane@example.com")
CLOSE = MARK + b"--\r\n"

BROKEN = (
    b"\0",
    b"jane@example.com",
    MARK + b"\r\n" + GOOD,
    MARK + b"\r\n" + GOOD + b"\r\n" + MARK,
    MARK + b"\r\n" + GOOD + b"\r\n" + MARK + b"-",
    MARK + b"\r\n" + GOOD + b"\r\n" + MARK + b"\r\n",
    MARK + b"\r\n" + CLOSE,
    body_of(GOOD).replace(b"\r\n", b"\n"),
    body_of(GOOD)[:-2] + b"\r",
    body_of(GOOD) + body_of(GOOD),
    body_of(GOOD) + b"\r\n" + MARK,
    MARK + b" \r\n" + GOOD + b"\r\n" + CLOSE,
    MARK + b"\r\n" + GOOD + b"\r\n" + MARK + b"-- \r\n",
    MARK + b"x\r\n" + GOOD + b"\r\n" + CLOSE,
    b"\n" + body_of(GOOD),
    b"x" + body_of(GOOD),
    body_of(part('name="a"', b"x\n" + MARK + b"\ny")),
    body_of(part('name="a"', b"x" + MARK)),
    body_of(part('name="a"', b"x\r\n" + MARK + b"2\r\ny")),
    body_of(b""),
    body_of(b"\r\nx"),
    body_of(b"x"),
    body_of(GOOD.replace(b"\r\n\r\n", b"\r\n")),
    body_of(GOOD.replace(b"\r\n\r\n", b"\n\n")),
    body_of(b'Content-Disposition: form-data; name="a"\r\n'),
    body_of(GOOD.replace(b"; name", b";\r\n name")),
    body_of(GOOD.replace(b"; name", b";\n name")),
    body_of(GOOD.replace(b"n: f", b"n:\0f")),
    body_of(GOOD.replace(b"n: f", b"n : f")),
    body_of(GOOD.replace(b'a"', b'a\0"')),
    body_of(GOOD.replace(b'a"', b'a\r"')),
    body_of(GOOD.replace(b'a"', b'a\xff"')),
    body_of(b"Content-Type: text/plain\r\n\r\nx"),
    body_of(part('name="a"', b"x", "content-disposition: form-data; name=b")),
    body_of(part('name="a"', b"x", "Content-Type: text/plain", "Content-Type: image/png")),
    body_of(part('name="a"', b"x", "Content-Type: text/plain; charset=utf-8; charset=utf-16")),
    body_of(part('name="a"', b"x", "Content-Type: text")),
    body_of(part('name="a"', b"x", "Content-Type: multipart/mixed; boundary=b")),
    body_of(part('name="a"', b"x", "Content-Length: 2")),
    body_of(part('name="a"', b"x", "Content-Encoding: gzip")),
    body_of(part('name="a"', b"x", "X-Jane-Doe: 1")),
    body_of(part('name="a"', b"=6a", "Content-Transfer-Encoding: quoted-printable")),
    body_of(part('name="a"', b"x", "Content-Transfer-Encoding: uuencode")),
    body_of(part('name="a"', b"eA", "Content-Transfer-Encoding: base64")),
    body_of(part('name="a"', b"eB==", "Content-Transfer-Encoding: base64")),
    body_of(part('name="a"', b"eA==\n", "Content-Transfer-Encoding: base64")),
    body_of(part('name="a"', b"/w==", "Content-Transfer-Encoding: base64")),
    body_of(part('name="a"', b"x", "Content-ID: \xff").replace("\xff".encode(), b"\xff")),
    body_of(GOOD.replace(b"form-data", b"attachment")),
    body_of(GOOD.replace(b"form-data; ", b"form-data, ")),
    body_of(part('filename="a"')),
    body_of(part('name="a"; name="b"')),
    body_of(part("name*=utf-8''a")),
    body_of(part('name="a"; size=3')),
    body_of(part('name="a')),
    body_of(part("name=a b")),
    body_of(part('name="a\\"b"')),
    body_of(part('name="a\\b"')),
    body_of(part('name="=?utf-8?q?a?="')),
    body_of(part('name="a"; filename="a\\"; name="b"')),
    body_of(part('name="a"; filename="x; name=b"')),
    body_of(part('name="a; filename=b"')),
    body_of(part('filename="x Name=b"; name="a"')),
    body_of(part("name=a'")),
    body_of(part("name=a; filename=o'b")),
    body_of(part('name="a"; filename="=?utf-7?q?a?="')),
    body_of(part('name="a"; filename="x =?utf-8?q?a?="')),
    body_of(part('name="a"; filename="=?utf-8?b?!?="')),
    body_of(part("name=a; filename*=iso-8859-1''%e4")),
    body_of(part("name=a; filename*=utf-8''%e4")),
    body_of(part("name=a; filename*=\"utf-8''a\"")),
    body_of(part('name="a"', b"\xff")),
    b"\xff\r\n" + body_of(GOOD),
)  # fmt: skip

"""Anchors for tests: a C2SP witness that really checks, and a time-stamp authority backed by `openssl ts`."""

from __future__ import annotations

import asyncio
import base64
import struct
import subprocess
from pathlib import Path

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shield.audit.checkpoint import CheckpointError, SignedCheckpoint, VerifierKey
from shield.audit.tree import EMPTY_ROOT, ProofError
from shield.audit.witness import WitnessKey, cosigned_message
from tests.consistency import verify_consistency

WITNESS = "witness.example/w1"


class Witness:
    """Implements tlog-witness `add-checkpoint` to the letter, for the logs whose keys it was given."""

    def __init__(self) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
        self.key = WitnessKey(WITNESS, self._private.public_key().public_bytes_raw())
        self.logs: dict[str, list[VerifierKey]] = {}
        self.seen: dict[str, tuple[int, bytes]] = {}
        self.time = 1_935_666_000
        self.answers: list[int] = []
        self.down: int | None = None
        self.garble = False

    async def add(self, request: web.Request) -> web.Response:
        response = await self._add(request)
        self.answers.append(response.status)
        return response

    async def _add(self, request: web.Request) -> web.Response:
        if self.down is not None:
            return web.Response(status=self.down, text="out of order")
        head, _, note = (await request.read()).decode().partition("\n\n")
        lines = head.split("\n")
        old = int(lines[0].removeprefix("old "))
        proof = [base64.b64decode(line, validate=True) for line in lines[1:]]
        signed = SignedCheckpoint.parse(note.encode())
        checkpoint = signed.checkpoint
        if checkpoint.origin not in self.logs:
            return web.Response(status=404)
        if not any(self._holds(signed, key) for key in self.logs[checkpoint.origin]):
            return web.Response(status=403)
        if old > checkpoint.size:
            return web.Response(status=400)
        size, root = self.seen.get(checkpoint.origin, (0, EMPTY_ROOT))
        if old != size or (old == checkpoint.size and root != checkpoint.root):
            return web.Response(status=409, text=f"{size}\n", content_type="text/x.tlog.size")
        if old:
            try:
                verify_consistency(old, checkpoint.size, proof, root, checkpoint.root)
            except ProofError:
                return web.Response(status=422)
        elif proof:
            return web.Response(status=422)
        self.seen[checkpoint.origin] = (checkpoint.size, checkpoint.root)
        self.time += 1
        message = cosigned_message(checkpoint, self.time)
        signature = self._private.sign(message + b"x" if self.garble else message)
        blob = self.key.key_id + struct.pack(">Q", self.time) + signature
        other = "\u2014 other.example/w AAAAAAAA\n"
        return web.Response(text=f"{other}\u2014 {WITNESS} {base64.b64encode(blob).decode()}\n")

    @staticmethod
    def _holds(signed: SignedCheckpoint, key: VerifierKey) -> bool:
        try:
            signed.verify(key)
        except CheckpointError:
            return False
        return True


OPENSSL_CONF = """
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
[tsa]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ts]
default_tsa = tsa_config
[tsa_config]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class TimeStampAuthority:
    """An RFC 3161 authority over HTTP; `openssl ts -reply` makes its answers."""

    def __init__(self, folder: Path, name: str = "tsa", *, days: int = 3650) -> None:
        """`days`: how long its own certificate is valid."""
        self.folder = folder / name
        self.folder.mkdir()
        self.roots = self.folder / "root.pem"
        (self.folder / "openssl.cnf").write_text(OPENSSL_CONF.format(folder=self.folder))
        (self.folder / "serial").write_text("01\n")
        root = ("-x509", "-subj", f"/CN=root of {name}", "-extensions", "ca", "-days", "3650")
        self._openssl(
            "req", *root, "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem"
        )
        self._openssl(
            "req",
            "-subj",
            f"/CN={name}",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "tsa.key",
            "-out",
            "tsa.csr",
        )
        issue = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", str(days))
        self._openssl(
            "x509", "-req", "-in", "tsa.csr", *issue, "-extfile", "openssl.cnf", "-extensions", "tsa",
            "-out", "tsa.pem",
        )  # fmt: skip
        self.garble = False

    def _openssl(self, *arguments: str) -> None:
        extra = ["-config", "openssl.cnf"] if arguments[0] in {"req", "ts"} else []
        subprocess.run(
            ["openssl", *arguments, *extra], cwd=self.folder, check=True, capture_output=True, timeout=60
        )

    def reply(self, query: bytes) -> bytes:
        (self.folder / "query.tsq").write_bytes(query)
        self._openssl(
            "ts", "-reply", "-section", "tsa_config", "-queryfile", "query.tsq", "-out", "reply.tsr"
        )
        return (self.folder / "reply.tsr").read_bytes()

    async def stamp(self, request: web.Request) -> web.Response:
        reply = await asyncio.to_thread(self.reply, await request.read())
        if self.garble:
            reply = reply[:-9] + bytes(9)
        return web.Response(body=reply, content_type="application/timestamp-reply")


async def serve(*routes: web.RouteDef) -> tuple[web.AppRunner, str]:
    """A server for these routes, and its URL."""
    application = web.Application()
    application.add_routes(routes)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    return runner, f"http://{host}:{port}"

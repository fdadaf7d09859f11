"""Scenes of the audit log, of certificates, and of processes that end or do not start."""

from __future__ import annotations

import base64
import datetime as dt
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

from scripts.alarms.bench import shield_of, until
from scripts.alarms.scenes import Stage, burns, reloaded

_SIGNER = """\
import pathlib, sys
from cryptography.hazmat.primitives.serialization import load_pem_private_key
here = pathlib.Path({folder!r})
if (here / "no-signature").exists():
    sys.exit(1)
key = load_pem_private_key((here / "signer.pem").read_bytes(), None)
sys.stdout.buffer.write(key.sign(sys.stdin.buffer.read()))
"""


# The log.


async def slow_disk(it: Stage) -> None:
    """The disk is slow, then fails."""
    async with it.bench.sending(it.shield):
        it.shield.faults(sync_seconds=0.5)
        await it.fires("ShieldAuditSlow")
        it.shield.faults()
        await it.clears("ShieldAuditSlow")
        it.shield.faults(sync_fails=True)
        await it.fires("ShieldAuditUnhealthy", *burns("ShieldEvidenceBurn"))
        it.shield.faults()
        await it.clears("ShieldAuditUnhealthy", *burns("ShieldEvidenceBurn"))


async def full_disk(it: Stage) -> None:
    """Two in a hundred blocks of the log's disk are left."""
    it.shield.faults(disk_full=True)
    await it.fires("ShieldAuditDiskFilling")
    it.shield.faults()
    await it.clears("ShieldAuditDiskFilling")


async def unsigned(it: Stage) -> None:
    """The program that signs fails."""
    folder = it.shield.folder
    key = ed25519.Ed25519PrivateKey.generate()
    (folder / "signer.pem").write_bytes(_pem(key))
    (folder / "signer.py").write_text(_SIGNER.format(folder=str(folder)))
    public = key.public_key().public_bytes_raw()
    await it.shield.stop()
    shutil.rmtree(folder / "audit")
    it.shield.configuration["audit"]["signer"] = {
        "command": [sys.executable, str(folder / "signer.py")],
        "public_key": base64.b64encode(public).decode(),
    }
    await it.shield.start()
    async with it.bench.sending(it.shield):
        await it.clears("ShieldCheckpointStale", *burns("ShieldEvidenceBurn"))
        (folder / "no-signature").touch()
        await it.fires("ShieldCheckpointStale", *burns("ShieldEvidenceBurn"))
        (folder / "no-signature").unlink()
        await it.clears("ShieldCheckpointStale", *burns("ShieldEvidenceBurn"))


async def anchors(it: Stage) -> None:
    """An anchor's folder is gone; then the log is set back to what it was."""
    folder, vault = it.shield.folder, it.shield.folder / "vault"
    async with it.bench.sending(it.shield):
        await it.bench.wait(3)
        vault.rename(folder / "away")
        vault.write_text("a file, where the folder should be")
        await it.fires("ShieldAnchorStale")
        vault.unlink()
        (folder / "away").rename(vault)
        await it.clears("ShieldAnchorStale")
    await it.shield.stop()
    shutil.copytree(folder / "audit", folder / "older")
    await it.shield.start()
    async with it.bench.sending(it.shield):
        await it.bench.wait(4)
    await it.shield.stop()
    (folder / "audit").rename(folder / "newer")
    shutil.copytree(folder / "older", folder / "audit")
    await it.shield.start()
    await it.fires("ShieldAnchorDisagrees")
    await it.shield.stop()
    shutil.rmtree(folder / "audit")
    (folder / "newer").rename(folder / "audit")
    await it.shield.start()
    await it.clears("ShieldAnchorDisagrees")


async def lost(it: Stage) -> None:
    """The key of the digests is gone; then the log is, and its keys are there."""
    audit = it.shield.folder / "audit"
    async with it.bench.sending(it.shield):
        await it.bench.wait(2)
    await it.shield.stop()
    (key,) = (audit / "keys").glob("*worker-0.digest.*")
    kept = key.rename(it.shield.folder / key.name)
    await it.shield.start()
    await it.fires("ShieldDigestKeyLost")
    await it.shield.stop()
    shutil.move(kept, key)
    await it.shield.start()
    await it.shield.stop()
    await it.shield.start()
    await it.clears("ShieldDigestKeyLost")
    await it.shield.stop()
    (log,) = (path for path in audit.iterdir() if path.name.endswith("+worker-0"))
    log.rename(it.shield.folder / "log")
    await it.shield.start()
    await it.fires("ShieldAuditLogBegunAnew")
    await it.shield.stop()
    shutil.rmtree(log)
    (it.shield.folder / "log").rename(log)
    await it.shield.start()
    await it.clears("ShieldAuditLogBegunAnew")


# Processes.


async def down(it: Stage) -> None:
    """The whole service is killed, and started anew."""
    await it.fires("ShieldWatchdog")
    await it.shield.stop(signal.SIGKILL)
    await it.fires("ShieldDown")
    await it.clears("ShieldWatchdog")
    await it.shield.start()
    await it.clears("ShieldDown")


async def missing_worker(it: Stage) -> None:
    """A worker is killed while its key is away; then a rolling reload meets the same."""
    keys = it.shield.folder / "audit" / "keys"
    away = it.shield.folder / "away"

    def take() -> list[Path]:
        away.mkdir(exist_ok=True)
        return [path.rename(away / path.name) for path in keys.glob("*worker-1.signing.*")]

    taken = take()
    os.kill(it.shield.worker(1), signal.SIGKILL)
    await it.fires("ShieldWorkersMissing", "ShieldWorkerEnded")
    _bring_back(taken, keys)
    await it.clears("ShieldWorkersMissing", "ShieldWorkerEnded")
    taken = take()
    it.shield.signal(signal.SIGUSR2)
    await it.fires("ShieldRollingReloadUnfinished")
    _bring_back(taken, keys)
    await it.clears("ShieldRollingReloadUnfinished")


def _bring_back(taken: list[Path], folder: Path) -> None:
    for path in taken:
        path.rename(folder / path.name)


async def refused(it: Stage) -> None:
    """A configuration that is not valid is loaded by both kinds of reload."""
    right: dict[str, Any] = it.shield.configuration
    it.shield.configuration = {**right, "no_such_section": {}}
    it.shield.write()
    it.shield.signal(signal.SIGHUP)
    await it.fires("ShieldReloadRefused")
    it.shield.signal(signal.SIGUSR2)
    await it.fires("ShieldRollingReloadRefused")
    it.shield.configuration = right
    await reloaded(it)
    await it.clears("ShieldReloadRefused", "ShieldRollingReloadRefused")


async def companion(it: Stage) -> None:
    """The console is killed."""

    async def is_there() -> bool:
        return it.shield.last("companion_started") is not None

    await until("the console", is_there)
    await it.bench.wait(2)
    os.kill(int((it.shield.last("companion_started") or {})["pid"]), signal.SIGKILL)
    await it.fires("ShieldCompanionEnded")
    await it.clears("ShieldCompanionEnded")


async def differ(it: Stage) -> None:
    """A second instance runs another configuration."""
    _, admin, _, proxy, second, storage, *_ = it.bench.ports
    other = shield_of(it.shield.folder / "other", (proxy, second, storage), {"body_timeout": "7s"}, {})
    other.faults()
    try:
        await other.start()
        it.bench.name_targets(admin, second)
        await it.fires("ShieldInstancesDiffer")
    finally:
        await other.stop()
        it.bench.name_targets(admin)
    await it.clears("ShieldInstancesDiffer")


# Certificates.


async def certificates(it: Stage) -> None:
    """The listener's certificate has three days of thirty left, then is over, then is renewed."""
    folder = it.shield.folder
    await it.shield.stop()
    certificate(folder, began=27, left=3)
    it.shield.configuration["listeners"]["proxy"]["tls"] = {
        "certificate": str(folder / "tls.pem"),
        "private_key": str(folder / "tls.key"),
    }
    await it.shield.start()
    await it.fires("ShieldCertificateExpires")
    certificate(folder, began=30, left=-1)
    await reloaded(it)
    await it.fires("ShieldCertificateExpired")
    certificate(folder, began=0, left=30)
    await reloaded(it)
    await it.clears("ShieldCertificateExpires", "ShieldCertificateExpired")


def certificate(folder: Path, began: int, left: int) -> None:
    """A certificate for localhost that began so many days ago and is over in so many."""
    now = dt.datetime.now(dt.UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=began, minutes=1))
        .not_valid_after(now + dt.timedelta(days=left))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "tls.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "tls.key").write_bytes(_pem(key))
    (folder / "tls.key").chmod(0o600)


def _pem(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

"""A certificate authority for one test run, and certificates that it signs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOCALHOST = (x509.DNSName("localhost"),)


@dataclass(frozen=True)
class Certificates:
    """Files of an authority and of a leaf for `localhost`; `leaf` makes more leaves in the same folder."""

    folder: Path
    authority: tuple[x509.Name, ec.EllipticCurvePrivateKey] = field(repr=False)

    @classmethod
    def made(cls, folder: Path) -> Certificates:
        made = cls(folder, _make(folder, "ca", None, LOCALHOST))
        made.leaf("leaf", *LOCALHOST)
        return made

    def leaf(
        self, name: str, *names: x509.GeneralName, until: dt.datetime | None = None
    ) -> tuple[Path, Path]:
        """A signed certificate with these subject alternative names, and its key."""
        _make(self.folder, name, self.authority, names, until)
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    @property
    def ca(self) -> Path:
        return self.folder / "ca.pem"

    @property
    def certificate(self) -> Path:
        return self.folder / "leaf.pem"

    @property
    def key(self) -> Path:
        return self.folder / "leaf.key"


def _make(
    folder: Path,
    name: str,
    signer: tuple[x509.Name, ec.EllipticCurvePrivateKey] | None,
    names: tuple[x509.GeneralName, ...],
    until: dt.datetime | None = None,
) -> tuple[x509.Name, ec.EllipticCurvePrivateKey]:
    now = dt.datetime.now(dt.UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, issuer_key = signer or (subject, key)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(until or now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
    )
    signed = builder.sign(issuer_key, hashes.SHA256())
    (folder / f"{name}.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return subject, key

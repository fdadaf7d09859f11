"""Each unusable certificate file has a clear message, and nobody is asked for a passphrase."""

from __future__ import annotations

import ssl

import pytest
from cryptography.hazmat.primitives import serialization

from shield.proxy.tls_files import load_chain, why_unusable
from tests.integration.proxy.certificates import Certificates


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return Certificates.made(tmp_path_factory.mktemp("tls"))


def told(certificate, key):
    with pytest.raises(OSError) as raised:
        load_chain(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), certificate, key)
    return why_unusable(raised.value)


def test_what_belongs_together_is_loaded(certificates):
    load_chain(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), certificates.certificate, certificates.key)


def test_files_that_changed_places(certificates):
    assert told(certificates.key, certificates.key) == "the certificate file contains no PEM certificate"
    words = told(certificates.certificate, certificates.certificate)
    assert words == "the private key file contains no PEM private key"


def test_a_key_of_another_certificate(certificates):
    _, key = certificates.leaf("other")
    assert told(certificates.certificate, key) == "the private key does not belong to the certificate"


def test_an_encrypted_key_ends_the_start_and_asks_no_terminal(certificates, tmp_path):
    plain = serialization.load_pem_private_key(certificates.key.read_bytes(), None)
    encrypted = tmp_path / "encrypted.key"
    encrypted.write_bytes(
        plain.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"a passphrase"),
        )
    )
    assert told(certificates.certificate, encrypted).startswith("the private key is encrypted")


def test_a_file_that_is_not_there(certificates, tmp_path):
    assert told(tmp_path / "none.pem", certificates.key) == "No such file or directory"

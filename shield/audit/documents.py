"""Keeps the documents that the digests of `config` records stand for, beside the log.

A record names configuration, policies and detectors by `sha256:HEX` alone, so that it stays short and holds
no words of anybody's lists. The text with this SHA-256 is kept in the log's folder as `documents/HEX.json`:
canonical JSON, secrets by reference. The record binds it, the tree binds the record, and `sha256sum` checks
it. A document can be removed without harm to the tree; its content is then unknown, and the report says so.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from shield.audit.files import Files, write_atomic
from shield.audit.tiles import Reader

FOLDER = "documents"
_PREFIX = "sha256:"
_HEX = 64


def document_path(digest: str) -> str:
    """Where the document of a digest (`sha256:HEX`) is, relative to the log's folder; raises `ValueError`."""
    name = digest.removeprefix(_PREFIX)
    if len(name) != _HEX or not name.isalnum() or not digest.startswith(_PREFIX):
        raise ValueError("not a digest of the form sha256:HEX")
    return f"{FOLDER}/{name}.json"


def keep_documents(files: Files, folder: Path, documents: Mapping[str, bytes]) -> None:
    """Writes the documents that do not exist yet, each durable when this returns.

    `documents` maps digests to contents; `folder` is the log's. Raises `ValueError` where a content has
    another digest, `OSError` for the disk.
    """
    for digest, content in documents.items():
        path = folder / document_path(digest)
        if not _has(content, digest):
            raise ValueError("the document does not have this digest")
        try:
            if files.read(path) == content:
                continue
        except FileNotFoundError:
            pass
        write_atomic(files, path, content)


def read_document(reader: Reader, digest: str) -> bytes | None:
    """The document of a digest; None where it is missing or has another digest (and so proves nothing)."""
    try:
        content = reader.read(document_path(digest))
    except ValueError:
        return None
    return content if content is not None and _has(content, digest) else None


def altered_documents(reader: Reader) -> Iterator[str]:
    """The paths of the documents whose content has another digest than their name says."""
    for name in reader.names(FOLDER):
        path = f"{FOLDER}/{name}"
        digest = _PREFIX + name.removesuffix(".json")
        with contextlib.suppress(ValueError):  # otherwise no document: a file that is being written, say
            content = reader.read(path) if document_path(digest) == path else None
            if content is not None and not _has(content, digest):
                yield path


def _has(content: bytes, digest: str) -> bool:
    return digest == _PREFIX + sha256(content).hexdigest()

"""The ways to tamper with a log's files, and what verification must name for each."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shield.audit.checkpoint import SignedCheckpoint, Signer
from shield.audit.files import FolderReader
from shield.audit.tiles import bundle_path, decode_bundle, encode_bundle, tile_path
from shield.audit.tree import HASH_BYTES, leaf_hash
from shield.audit.wal import MAGIC, encode_frames, read_frames

DOCUMENT = f"documents/{sha256(b'{}').hexdigest()}.json"
PAIRS = 400  # 804 records: three full bundles and a partial one


def entries_of(log: Path, bundle: int, width: int = 256) -> list[bytes]:
    return decode_bundle((log / bundle_path(bundle, width)).read_bytes())


def store(log: Path, bundle: int, entries: list[bytes], width: int = 256) -> None:
    (log / bundle_path(bundle, width)).write_bytes(encode_bundle(entries))


def flip(path: Path, place: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1
    path.write_bytes(raw)


def edit(entry: bytes, **changes: object) -> bytes:
    return json.dumps({**json.loads(entry), **changes}, separators=(",", ":")).encode()


def change_entry(log: Path) -> None:
    entries = entries_of(log, 1)
    entries[44] = entries[44].replace(b"tickets", b"tockets")
    store(log, 1, entries)


def change_entry_and_its_leaf(log: Path) -> None:
    change_entry(log)
    tile = log / tile_path(0, 1)
    raw = tile.read_bytes()
    leaf = leaf_hash(entries_of(log, 1)[44])
    tile.write_bytes(raw[: 44 * HASH_BYTES] + leaf + raw[45 * HASH_BYTES :])


def drop_entry(log: Path) -> None:
    entries = entries_of(log, 1)
    store(log, 1, entries[:44] + entries[45:])


def drop_entry_across_bundles(log: Path) -> None:
    entries = entries_of(log, 1) + entries_of(log, 2) + entries_of(log, 3, 36)
    del entries[44]
    store(log, 1, entries[:256])
    store(log, 2, entries[256:512])
    store(log, 3, entries[512:], 36)


def duplicate_entry(log: Path) -> None:
    entries = entries_of(log, 1)
    store(log, 1, [*entries[:45], *entries[44:-1]])


def swap_entries(log: Path) -> None:
    entries = entries_of(log, 1)
    entries[44], entries[46] = entries[46], entries[44]
    store(log, 1, entries)


def cut_bundle(log: Path) -> None:
    path = log / bundle_path(1)
    raw = path.read_bytes()
    path.write_bytes(raw[: len(encode_bundle(entries_of(log, 1)[:44])) + 10])


def cut_partial_bundle(log: Path) -> None:
    store(log, 3, entries_of(log, 3, 36)[:35], 36)


def replace_signature(log: Path, name: str, private: Ed25519PrivateKey) -> None:
    head = SignedCheckpoint.parse((log / "checkpoint").read_bytes()).checkpoint
    (log / "checkpoint").write_text(Signer(name, private).sign(head.size, head.root).note)


def other_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)


def sign_with_another_key(log: Path) -> None:
    replace_signature(log, "shield.example/worker-0", other_key())


def sign_under_another_origin(log: Path) -> None:
    replace_signature(log, "shield.example/worker-1", other_key())


def sign_and_publish_another_key(log: Path) -> None:
    sign_with_another_key(log)
    (log / "vkey").write_text(Signer("shield.example/worker-0", other_key()).key.vkey)


def change_wal(log: Path) -> None:
    path = max((log / "wal").iterdir())
    flip(path, len(path.read_bytes()) - 4)


def change_wal_and_its_checksum(log: Path) -> None:
    path = min((log / "wal").iterdir())
    payloads = [frame.payload for frame in read_frames(FolderReader(log))]
    payloads[700] = payloads[700].replace(b"request-3", b"request-4")
    path.write_bytes(MAGIC + encode_frames(payloads, 0, 0))


def cut_wal(log: Path) -> None:
    path = min((log / "wal").iterdir())
    payloads = [frame.payload for frame in read_frames(FolderReader(log))]
    path.write_bytes(MAGIC + encode_frames(payloads[:790], 0, 0))


def reindex(log: Path) -> None:
    entries = entries_of(log, 1)
    entries[44] = edit(entries[44], index=299)
    store(log, 1, entries)


def insert_entry(log: Path) -> None:
    """Insert one record in the middle; all later ones move by one."""
    entries = entries_of(log, 1) + entries_of(log, 2)
    entries.insert(44, edit(entries[44], nonce="f" * 32))
    store(log, 1, entries[:256])
    store(log, 2, entries[256:512])


def edited(**changes: object) -> Callable[[Path], None]:
    """Change the content of record 300."""

    def tamper(log: Path) -> None:
        entries = entries_of(log, 1)
        entries[44] = edit(entries[44], **changes)
        store(log, 1, entries)

    return tamper


def swap_bundles(log: Path) -> None:
    first, second = entries_of(log, 1), entries_of(log, 2)
    store(log, 1, second)
    store(log, 2, first)


def swap_tiles(log: Path) -> None:
    one, two = log / tile_path(0, 1), log / tile_path(0, 2)
    content = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(content)


def shrink_checkpoint(log: Path) -> None:
    """Change the head's size and keep its signature."""
    path = log / "checkpoint"
    path.write_bytes(path.read_bytes().replace(b"\n804\n", b"\n800\n"))


def strip_signature(log: Path) -> None:
    path = log / "checkpoint"
    path.write_text(path.read_text().partition("\n\n")[0] + "\n\n")


def forge_rotation(log: Path) -> None:
    (log / "rotations").write_bytes(b'{"kind":"rotate","index":300}\n')


def forge_pruning(log: Path) -> None:
    fields = {"index": 803, "kind": "prune", "minimum_index": 256}
    (log / "minimum-index").write_text(json.dumps(fields))
    (log / bundle_path(0)).unlink()
    (log / tile_path(0, 0)).unlink()


def unlink(path: str) -> Callable[[Path], None]:
    return lambda log: (log / path).unlink()


def flipped(path: str, place: int = 8) -> Callable[[Path], None]:
    return lambda log: flip(log / path, place)


def lengthened(path: str) -> Callable[[Path], None]:
    return lambda log: (log / path).write_bytes((log / path).read_bytes() + b"x")


def change_document(log: Path) -> None:
    """Change the document beside the log that a record names by digest."""
    (log / "documents").mkdir()
    (log / DOCUMENT).write_text('{"name":"another"}')


# The change, the first record that must be named (None if none can be), the file that must be named.
TAMPERINGS = [
    (change_entry, 300, "tile/entries/001"),
    (change_entry_and_its_leaf, 256, "tile/1/000.p/3"),
    (drop_entry, 300, "tile/entries/001"),
    (drop_entry_across_bundles, 300, "tile/entries/001"),
    (duplicate_entry, 301, "tile/entries/001"),
    (swap_entries, 300, "tile/entries/001"),
    (cut_bundle, 300, "tile/entries/001"),
    (cut_partial_bundle, 803, "tile/entries/003.p/36"),
    (reindex, 300, "tile/entries/001"),
    (flipped("tile/entries/002", 2), 512, "tile/entries/002"),
    (flipped("tile/entries/002", 1), 512, "tile/entries/002"),
    (flipped("tile/entries/003.p/36", 60), 768, "tile/entries/003.p/36"),
    (flipped("tile/0/002"), 512, "tile/0/002"),
    (flipped("tile/0/002", 65), 514, "tile/0/002"),
    (flipped("tile/0/003.p/36", 40), 769, "tile/0/003.p/36"),
    (flipped("tile/1/000.p/3", 40), 256, "tile/1/000.p/3"),
    (flipped("checkpoint", 3), None, "checkpoint"),
    (flipped("checkpoint", 26), None, "checkpoint"),
    (flipped("checkpoint", 40), None, "checkpoint"),
    (flipped("checkpoint", 150), None, "checkpoint"),
    (flipped("vkey"), None, "vkey"),
    (unlink("tile/entries/000"), 0, "tile/entries/000"),
    (unlink("tile/entries/001"), 256, "tile/entries/001"),
    (unlink("tile/entries/003.p/36"), 768, "tile/entries/003.p/36"),
    (unlink("tile/0/001"), 256, "tile/0/001"),
    (unlink("tile/0/003.p/36"), 768, "tile/0/003.p/36"),
    (unlink("tile/1/000.p/3"), 0, "tile/1/000.p/3"),
    (unlink("checkpoint"), None, "checkpoint"),
    (unlink("vkey"), None, "vkey"),
    (sign_with_another_key, None, "checkpoint"),
    (sign_under_another_origin, None, "checkpoint"),
    (sign_and_publish_another_key, 0, "tile/entries/000"),
    (change_wal, 803, "wal/00000000000000000000.wal"),
    (change_wal_and_its_checksum, 700, "wal/00000000000000000000.wal"),
    (cut_wal, 790, "wal/00000000000000000000.wal"),
    (insert_entry, 300, "tile/entries/001"),
    (edited(decision="block"), 300, "tile/entries/001"),
    (edited(time="2020-01-01T00:00:00.000000Z"), 300, "tile/entries/001"),
    (edited(kind="heartbeat"), 300, "tile/entries/001"),
    (edited(findings=[]), 300, "tile/entries/001"),
    (edited(body_after="sha256:" + "0" * 64), 300, "tile/entries/001"),
    (swap_bundles, 256, "tile/entries/001"),
    (swap_tiles, 256, "tile/0/001"),
    (shrink_checkpoint, None, "checkpoint"),
    (strip_signature, None, "checkpoint"),
    (forge_rotation, None, "rotations"),
    (forge_pruning, 803, "minimum-index"),
    (lengthened("tile/entries/001"), 512, "tile/entries/001"),
    (lengthened("tile/entries/003.p/36"), None, "tile/entries/003.p/36"),
    (lengthened("tile/0/001"), None, "tile/0/001"),
    (lengthened("tile/0/003.p/36"), None, "tile/0/003.p/36"),
    (lengthened("tile/1/000.p/3"), None, "tile/1/000.p/3"),
    (change_document, None, DOCUMENT),
]

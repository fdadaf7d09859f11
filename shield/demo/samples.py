"""The synthetic samples of the demonstration, and the values that were planted in them.

A folder of samples holds one folder a collection (`tickets`, `contacts`, `transcripts`, `articles`) with
one body a file, and `planted.json`: for each file the values that must not reach the store.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from shield.demo.leaks import stored_values
from shield.demo.store import COLLECTIONS

CONTENT_TYPES = {
    ".json": "application/json",
    ".ndjson": "application/x-ndjson",
    ".form": "application/x-www-form-urlencoded",
    ".txt": "text/plain; charset=utf-8",
    ".multipart": "multipart/form-data; boundary=sample",
    ".csv": "text/csv; charset=utf-8",
    ".xml": "application/xml",
    ".vtt": "text/vtt",
    ".html": "text/html; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
}


class SamplesError(Exception):
    """The folder of samples is not as the module's docstring says."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One body to send. `name` is its path below the folder, `planted` what must not be stored."""

    name: str
    collection: str
    content_type: str
    body: bytes
    planted: tuple[str, ...]


def load_samples(folder: Path) -> list[Sample]:
    """All samples of the folder, by collection and name.

    Raises SamplesError where a file has no entry in `planted.json`, an entry has no file, a planted
    value is not in its file, or the file's ending names no content type: a slip in the samples must
    not make the demonstration pass.
    """
    try:
        planted = json.loads((folder / "planted.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise SamplesError(f"{folder / 'planted.json'}: {error.strerror}") from None
    paths = [path for name in COLLECTIONS for path in sorted((folder / name).glob("*")) if path.is_file()]
    names = {path.relative_to(folder).as_posix() for path in paths}
    if names != set(planted):
        differing = ", ".join(sorted(names ^ set(planted)))
        raise SamplesError(f"files and entries of planted.json differ: {differing}")
    return [_sample(path, path.relative_to(folder).as_posix(), planted) for path in paths]


def _sample(path: Path, name: str, planted: dict[str, list[str]]) -> Sample:
    content_type = CONTENT_TYPES.get(path.suffix)
    if content_type is None:
        raise SamplesError(f"{name}: the ending must be one of {', '.join(CONTENT_TYPES)}")
    body = path.read_bytes()
    absent = set(planted[name]) - set(stored_values(planted[name], body))
    if absent:
        raise SamplesError(
            f"{name}: not in the file, though planted.json says so: {', '.join(sorted(absent))}"
        )
    return Sample(name, path.parent.name, content_type, body, tuple(planted[name]))

"""Keeps on disk, between starts, what takes long to compile: databases, plans of patterns, expressions.

A file is read only if it and its directory belong to the user of this process or to root, nobody else
may write to them, and its SHA-256 matches. Whoever can place a file that passes can also change the code or
the memory of the process; a damaged, foreign or missing file costs a compilation and nothing else.
Only the patterns of recognizers are kept, nothing of a payload or of a policy's lists.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import stat
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FORMAT = "shield-compiled/1"
_DIGEST = 32
_MOST_BYTES = 64 * 1024 * 1024
_MOST_FILES = 200


def default_directory(environment: Mapping[str, str]) -> Path | None:
    """`$SHIELD_CACHE`, else `pii-shield` in the user's cache directory (XDG Base Directory Specification).

    `None` where there is no home, or SHIELD_CACHE is set and empty: then nothing is kept.
    """
    if "SHIELD_CACHE" in environment:
        return Path(environment["SHIELD_CACHE"]) if environment["SHIELD_CACHE"] else None
    base = environment.get("XDG_CACHE_HOME", "")
    if not base and environment.get("HOME"):
        base = str(Path(environment["HOME"]) / ".cache")
    return Path(base) / "pii-shield" if base else None


@dataclass(frozen=True, slots=True)
class CompiledStore:
    """Bytes by key in one directory. Any number of processes may share it; file errors never raise.

    `machine` is what compiled code depends on besides its source: databases are made for one kind of CPU.
    """

    directory: Path
    machine: str

    @classmethod
    def of_this_machine(cls, directory: Path) -> CompiledStore:
        flags = ""
        with contextlib.suppress(OSError):
            lines = Path("/proc/cpuinfo").read_text("ascii", "replace").splitlines()
            flags = next((line for line in lines if line.startswith(("flags", "Features"))), "")
        return cls(directory, f"{platform.system()} {platform.machine()} {flags}")

    @classmethod
    def of_environment(cls, environment: Mapping[str, str]) -> CompiledStore | None:
        """The store that the environment variables name, if any (`default_directory`)."""
        directory = default_directory(environment)
        return None if directory is None else cls.of_this_machine(directory)

    def key(self, *material: Any) -> str:
        """A name for what is made of `material` (JSON values) on this machine."""
        canonical = json.dumps([_FORMAT, self.machine, *material], separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def get(self, key: str) -> bytes | None:
        """What was kept under `key`; `None` where nothing was, or where it cannot be trusted."""
        try:
            if not _is_ours(self.directory.stat(), stat.S_ISDIR):
                return None
            descriptor = os.open(self.directory / key, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            with os.fdopen(descriptor, "rb") as file:
                status = os.fstat(file.fileno())
                if not _is_ours(status, stat.S_ISREG) or status.st_size > _MOST_BYTES:
                    return None
                content = file.read()
        except OSError:
            return None
        digest, data = content[:_DIGEST], content[_DIGEST:]
        return data if hashlib.sha256(data).digest() == digest else None

    def put(self, key: str, data: bytes) -> None:
        """Keeps `data` atomically; does nothing where the directory cannot be written."""
        with contextlib.suppress(OSError):
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_ours(self.directory.stat(), stat.S_ISDIR):
                return
            descriptor, name = tempfile.mkstemp(dir=self.directory, prefix=".new-")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(hashlib.sha256(data).digest() + data)
                Path(name).replace(self.directory / key)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
            self._prune()

    def _prune(self) -> None:
        """Deletes the oldest files: those of former versions and patterns."""
        files = [(path.stat().st_mtime_ns, path) for path in self.directory.iterdir()]
        for _, path in sorted(files)[:-_MOST_FILES]:
            path.unlink(missing_ok=True)


def digest_of_code(modules: Iterable[str], *versions: str) -> str:
    """A digest of imported modules and of `versions` of others: what they make is kept under it.

    Another version of the code would make something else.
    """
    sources = [Path(sys.modules[name].__file__ or "").read_bytes() for name in modules]
    return hashlib.sha256(b"\0".join([" ".join(versions).encode(), *sources])).hexdigest()


def _is_ours(status: os.stat_result, kind: Any) -> bool:
    foreign = stat.S_IWGRP | stat.S_IWOTH
    return bool(kind(status.st_mode)) and status.st_uid in (0, os.geteuid()) and not status.st_mode & foreign

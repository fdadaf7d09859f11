"""Writes a sample with all that is needed to check it without the shield. Writes files; reads a log."""

from __future__ import annotations

import csv
import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

import orjson

from shield.audit.checkpoint import CheckpointError, SignedCheckpoint, VerifierKey
from shield.audit.keys import folder_name
from shield.audit.proof import prove_record
from shield.audit.record import Kind
from shield.audit.tiles import CHECKPOINT_PATH, VKEY_PATH, MissingTileError, Reader
from shield.audit.tree import ProofError, leaf_hash
from shield.errors import EvidenceError
from shield.evidence.reading import REQUEST_KINDS, Entry, Period, Source, entries
from shield.evidence.sampling import ALGORITHM, Chosen, Sampler, share_out, stratum_of

_SCRIPTS = ("verify.sh", "verify-proof.sh", "select.sh", "VERIFY.md")
_SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """What an auditor asks for. `stratify` are names of `sampling.STRATIFIERS`."""

    period: Period
    size: int
    seed: str
    stratify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleResult:
    """`beyond_head` requests of the period are not yet under a signed head, so not in the population."""

    population: int
    chosen: tuple[Chosen, ...]
    beyond_head: int


class _Pinned:
    """A log under the checkpoint that it had when we began, though it goes on being written."""

    def __init__(self, source: Source) -> None:
        self.origin = source.origin
        self.folder = folder_name(source.origin)
        self._reader: Reader = source.reader
        self._raw = source.reader.read(CHECKPOINT_PATH) or b""
        try:
            self.vkey = (source.reader.read(VKEY_PATH) or b"").decode()
            self.key = VerifierKey.parse(self.vkey)
            self.signed = SignedCheckpoint.parse(self._raw)
            self.signed.verify(self.key)
        except (CheckpointError, UnicodeDecodeError) as error:
            raise EvidenceError(f"the log of {source.origin} has no head to sample under: {error}") from None

    @property
    def size(self) -> int:
        return self.signed.checkpoint.size

    def read(self, path: str) -> bytes | None:
        return self._raw if path == CHECKPOINT_PATH else self._reader.read(path)

    def names(self, path: str) -> list[str]:
        return self._reader.names(path)


def write_sample(sources: Sequence[Source], request: SampleRequest, out: Path) -> SampleResult:
    """Chooses from the requests of all `sources` and writes the pack to `out`, a new or empty folder.

    Raises `EvidenceError` where there is nothing to choose from, `out` is not empty, the seed is more
    than one line, or a record cannot be proved; `OSError`.
    """
    if out.exists() and any(out.iterdir()):
        raise EvidenceError(f"{out} is not empty")
    if not request.seed or not request.seed.isprintable():
        raise EvidenceError("a seed is one line of printable characters")
    logs = [_Pinned(source) for source in sources]
    out.mkdir(parents=True, exist_ok=True)
    sampler = Sampler(request.seed, request.size)
    beyond = _write_population(logs, request, sampler, out)
    chosen = sampler.choose()
    if not chosen:
        raise EvidenceError("there are no requests below the signed head in this period")
    items = [item for log in logs for item in _write_records(log, chosen, out)]
    _write_tables(request, sampler, chosen, out)
    _write_json(logs, request, sampler, items, out)
    for name in _SCRIPTS:
        (out / name).write_bytes(resources.files("shield.evidence").joinpath("pack", name).read_bytes())
    _write_sums(out)
    return SampleResult(sampler.populations.total(), tuple(chosen), beyond)


def _write_population(logs: Sequence[_Pinned], request: SampleRequest, sampler: Sampler, out: Path) -> int:
    """Reads all requests of the period once; returns how many are beyond the heads."""
    beyond = 0
    with (out / "population.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("id", "stratum", "time", "kind", "leaf_sha256"))
        for log in logs:
            for entry in entries(log):
                if entry.kind not in REQUEST_KINDS or not request.period.holds(entry.time):
                    continue
                if entry.index >= log.size:
                    beyond += 1
                    continue
                stratum = stratum_of(log.origin, entry.fields, request.stratify)
                sampler.take(log.origin, entry.index, stratum)
                table.writerow(
                    (
                        f"{log.origin}#{entry.index}",
                        stratum,
                        entry.time,
                        entry.kind,
                        leaf_hash(entry.raw).hex(),
                    )
                )
    return beyond


def _write_records(log: _Pinned, chosen: Sequence[Chosen], out: Path) -> Iterator[dict[str, Any]]:
    """Writes what of one log belongs to the chosen, with proofs; gives each as an item of sample.json."""
    wanted = {item.index: item for item in chosen if item.origin == log.origin}
    if not wanted:
        # So that the pack proves the head of every log: who has no record here could show any head.
        _write_boot(log, out)
        return
    found: dict[int, Entry] = {}
    configs: dict[int, Entry | None] = {}
    outcomes: dict[int, Entry] = {}
    config: Entry | None = None
    for entry in entries(log):
        if entry.index >= log.size:
            break
        if entry.kind == Kind.CONFIG and entry.fields["digest_after"] is not None:
            config = entry
        elif entry.index in wanted:
            found[entry.index] = entry
            configs[entry.index] = config
        elif entry.kind == Kind.OUTCOME and entry.fields["intent"] in wanted:
            outcomes[entry.fields["intent"]] = entry
    for index, item in wanted.items():
        entry, config = found[index], configs[index]
        related = [entry, outcomes.get(index), config]
        files = [_write_proved(log, one, out) for one in related if one is not None]
        yield {
            "id": item.id,
            "stratum": item.stratum,
            "rank": item.rank.hex(),
            "policy": entry.fields["policy"],
            "policy_digest": entry.fields["policy_digest"],
            "model_digest": entry.fields["model_digest"],
            "build": entry.fields["build"],
            "record": entry.fields,
            "outcome": outcomes[index].fields if index in outcomes else None,
            "config": None if config is None else config.fields,
            "files": files,
        }


def _write_boot(log: _Pinned, out: Path) -> None:
    """Writes the newest boot record below the head."""
    boots = (entry for entry in entries(log) if entry.kind == Kind.BOOT and entry.index < log.size)
    for newest in deque(boots, maxlen=1):
        _write_proved(log, newest, out)


def _write_proved(log: _Pinned, entry: Entry, out: Path) -> str:
    """Writes a record and its proof, once; returns the record's path in the pack."""
    relative = f"records/{log.folder}/{entry.index}.json"
    path = out / relative
    if path.exists():
        return relative
    try:
        proof = prove_record(log, entry.index)
        proof.verify(log.key)
    except (ProofError, CheckpointError, MissingTileError) as error:
        raise EvidenceError(f"{log.origin}#{entry.index} cannot be proved: {error}") from None
    if proof.entry != entry.raw:
        raise EvidenceError(f"{log.origin}#{entry.index} is not the same in the log's files")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(entry.raw)
    path.with_suffix(".tlog-proof").write_text(proof.text, encoding="utf-8")
    return relative


def _write_tables(request: SampleRequest, sampler: Sampler, chosen: Sequence[Chosen], out: Path) -> None:
    shares = share_out(request.size, sampler.populations)
    with (out / "strata.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("stratum", "population", "size"))
        table.writerows((name, sampler.populations[name], shares[name]) for name in sorted(shares))
    with (out / "sample.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("id", "stratum", "rank", "file"))
        table.writerows(
            (item.id, item.stratum, item.rank.hex(), f"records/{folder_name(item.origin)}/{item.index}.json")
            for item in chosen
        )


def _write_json(
    logs: Sequence[_Pinned], request: SampleRequest, sampler: Sampler, items: Sequence[Any], out: Path
) -> None:
    shares = share_out(request.size, sampler.populations)
    for folder in ("keys", "checkpoints"):
        (out / folder).mkdir()
    heads = []
    for log in logs:
        (out / "keys" / f"{log.folder}.vkey").write_text(log.vkey, encoding="utf-8")
        (out / "checkpoints" / f"{log.folder}.checkpoint").write_text(log.signed.note, encoding="utf-8")
        heads.append({"origin": log.origin, "vkey": log.vkey.strip(), "size": log.size})
    document = {
        "algorithm": ALGORITHM,
        "seed": request.seed,
        "from": request.period.start,
        "to": request.period.end,
        "size": request.size,
        "stratify": request.stratify,
        "logs": heads,
        "strata": [
            {"stratum": name, "population": sampler.populations[name], "size": shares[name]}
            for name in sorted(shares)
        ],
        "items": sorted(items, key=lambda item: (item["stratum"], item["rank"])),
    }
    (out / "sample.json").write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")


def _write_sums(out: Path) -> None:
    """Digests of all files, in the form of sha256sum; paths begin with `./`."""
    paths = sorted(
        Path(folder, name).relative_to(out).as_posix() for folder, _, names in os.walk(out) for name in names
    )
    lines = [f"{sha256((out / path).read_bytes()).hexdigest()}  ./{path}\n" for path in paths]
    (out / _SUMS).write_text("".join(lines), encoding="utf-8")

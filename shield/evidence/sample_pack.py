"""Writes a sample with all that is needed to check it without the shield. Writes files; reads a log."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import file_digest
from importlib import resources
from itertools import takewhile
from pathlib import Path
from shutil import rmtree
from typing import Any

import orjson

from shield.audit.keys import folder_name
from shield.audit.record import Kind
from shield.errors import EvidenceError
from shield.evidence.cells import Table
from shield.evidence.pinned import Pinned, write_document, write_head, write_proved
from shield.evidence.population import Population
from shield.evidence.reading import REQUEST_KINDS, Entry, Period, Source, entries
from shield.evidence.sampling import ALGORITHM, Chosen, Sampler, share_out, stratum_of
from shield.evidence.steady import make_steadily

SCRIPTS = (
    "verify-sample.sh",
    "verify-proofs.sh",
    "verify-proof.sh",
    "files-named.sh",
    "signed-by.sh",
    "given-key.sh",
    "follow-key.sh",
    "select.sh",
)
"""What checks the sample of a pack, whatever else the pack holds."""
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
    """The result. `beyond_head` requests of the period lie beyond the signed heads: not in the population."""

    population: int
    chosen: tuple[Chosen, ...]
    beyond_head: int


def check_request(request: SampleRequest, out: Path) -> None:
    """Raises `EvidenceError` for a seed that is not one line, or a folder that is not empty."""
    if out.exists() and any(out.iterdir()):
        raise EvidenceError(f"{out} is not empty; name a new or empty folder")
    if not request.seed or not request.seed.isprintable():
        raise EvidenceError("a seed is one line of printable characters")


def write_sample(sources: Sequence[Source], request: SampleRequest, out: Path) -> SampleResult:
    """Chooses from the requests of all `sources` and writes the pack to `out`, a new or empty folder.

    Raises `EvidenceError` where there is nothing to choose from, `out` is not empty, the seed is more
    than one line, or a record cannot be proved; `OSError`. A log that is pruned meanwhile is read again.
    """
    check_request(request, out)
    with whole_or_empty(out):
        return make_steadily(sources, lambda: _write_sample(sources, request, out))


def _write_sample(sources: Sequence[Source], request: SampleRequest, out: Path) -> SampleResult:
    logs = [Pinned(source) for source in sources]
    make_empty(out)
    sampler = Sampler(request.seed, request.size)
    beyond = _write_population(logs, request, sampler, out)
    chosen = write_chosen(logs, request, sampler, out)
    if not chosen:
        raise EvidenceError("there are no requests below the signed head in this period")
    for name in (*SCRIPTS, "verify.sh", "VERIFY.md"):
        (out / name).write_bytes(resources.files("shield.evidence").joinpath("pack", name).read_bytes())
    write_sums(out, _SUMS)
    return SampleResult(sampler.populations.total(), tuple(chosen), beyond)


@contextmanager
def whole_or_empty(out: Path) -> Iterator[None]:
    """Leaves `out` empty where the pack in it could not be ended, so that none is taken for a whole one."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            make_empty(out)
        raise


def make_empty(out: Path) -> None:
    """Creates the folder of a pack, without leftovers of an earlier try; `check_request` saw it empty."""
    if out.exists():
        for path in out.iterdir():
            if path.is_dir():
                rmtree(path)
            else:
                path.unlink()
    out.mkdir(parents=True, exist_ok=True)


def _write_population(logs: Sequence[Pinned], request: SampleRequest, sampler: Sampler, out: Path) -> int:
    """Reads all requests of the period once; returns how many are beyond the heads."""
    beyond = 0
    with Population(out) as population:
        for log in logs:
            for entry in entries(log):
                if entry.kind == Kind.OUTCOME:
                    population.outcome(entry.fields)
                elif entry.kind in REQUEST_KINDS and not entry.is_canary and request.period.holds(entry.time):
                    if entry.index >= log.size:
                        beyond += 1
                        continue
                    stratum = stratum_of(log.origin, entry.fields, request.stratify)
                    sampler.take(log.origin, entry.index, stratum)
                    population.request(log.origin, entry, stratum)
            population.end_of_log()
    return beyond


def write_chosen(
    logs: Sequence[Pinned],
    request: SampleRequest,
    sampler: Sampler,
    out: Path,
    unproved: list[str] | None = None,
) -> Sequence[Chosen]:
    """Writes a sample without its population and sums; returns the chosen requests, which may be none.

    `unproved` gets a sentence for each record that cannot be proved, as of a log that does not verify: the
    pack then lacks it, and its script fails. Without such a list it raises `EvidenceError`.
    """
    chosen = sampler.choose()
    items = [item for log in logs for item in _write_records(log, chosen, out, unproved)]
    _write_tables(request, sampler, chosen, out)
    _write_json(logs, request, sampler, items, out)
    return chosen


def _write_records(
    log: Pinned, chosen: Sequence[Chosen], out: Path, unproved: list[str] | None
) -> Iterator[dict[str, Any]]:
    """Writes one log's part of the chosen requests, with proofs; yields each as an item of sample.json."""
    wanted = {item.index: item for item in chosen if item.origin == log.origin}
    if not wanted:
        # So the pack proves the head of every log: a log without a record here could be given any head.
        write_boot(log, out, unproved)
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
        if index not in found:
            _missed(EvidenceError(f"{item.id} cannot be proved: it is no longer in the log"), unproved)
            continue
        entry, config = found[index], configs[index]
        related = [one for one in (entry, outcomes.get(index), config) if one is not None]
        files = [path for one in related if (path := _write_proved(log, one, out, unproved))]
        proof = f"records/{log.folder}/{index}.tlog-proof"
        yield {
            "id": item.id,
            "stratum": item.stratum,
            "rank": item.rank.hex(),
            "policy": entry.fields["policy"],
            "policy_digest": entry.fields["policy_digest"],
            "policy_document": write_document(log, entry.fields["policy_digest"], out),
            "model_digest": entry.fields["model_digest"],
            "model_document": write_document(log, entry.fields["model_digest"], out),
            "config_document": None
            if config is None
            else write_document(log, config.fields["digest_after"], out),
            "build": entry.fields["build"],
            "record": entry.fields,
            "outcome": outcomes[index].fields if index in outcomes else None,
            "config": None if config is None else config.fields,
            "files": files,
            "verify": _how_to(item, proof, entry),
        }


def _write_proved(log: Pinned, entry: Entry, out: Path, unproved: list[str] | None) -> str | None:
    try:
        return write_proved(log, entry, out)
    except EvidenceError as error:
        _missed(error, unproved)
        return None


def _missed(error: EvidenceError, unproved: list[str] | None) -> None:
    if unproved is None:
        raise error
    if str(error) not in unproved:
        unproved.append(str(error))


def _how_to(item: Chosen, proof: str, entry: Entry) -> list[str]:
    """The commands to run, and the expected output, for one item."""
    fields = entry.fields
    steps = [
        f"sh verify-proof.sh {proof} VKEY: the record is under the signed head",
        f"printf '{ALGORITHM}\\n%s\\n%s' SEED '{item.id}' | sha256sum: {item.rank.hex()}",
    ]
    if fields["policy_digest"]:
        steps.append(
            "sha256sum documents/*.json: the policy and the model that the record names are among them"
        )
    if (fields["body_after"] or "").startswith("sha256:"):
        steps.append(f"sha256sum of the stored body: {fields['body_after'].removeprefix('sha256:')}")
    if fields["body_before"]:
        steps.append("HMAC-SHA256 of the original body under the digest key named in body_before: the same")
    return steps


def write_boot(log: Pinned, out: Path, unproved: list[str] | None) -> None:
    """Writes the newest boot record below the head; the newest of all where every boot was pruned.

    `unproved` as for `write_chosen`.
    """
    below = takewhile(lambda entry: entry.index < log.size, entries(log))
    boot = newest = None
    for newest in below:
        boot = newest if newest.kind == Kind.BOOT else boot
    if newest is not None:
        _write_proved(log, boot or newest, out, unproved)


def _write_tables(request: SampleRequest, sampler: Sampler, chosen: Sequence[Chosen], out: Path) -> None:
    shares = share_out(request.size, sampler.populations)
    with (out / "strata.csv").open("w", newline="", encoding="utf-8") as file:
        table = Table(file, ("stratum", "population", "size"))
        table.writerows((name, sampler.populations[name], shares[name]) for name in sorted(shares))
    with (out / "sample.csv").open("w", newline="", encoding="utf-8") as file:
        table = Table(file, ("id", "stratum", "rank", "file"))
        table.writerows(
            (item.id, item.stratum, item.rank.hex(), f"records/{folder_name(item.origin)}/{item.index}.json")
            for item in chosen
        )


def _write_json(
    logs: Sequence[Pinned], request: SampleRequest, sampler: Sampler, items: Sequence[Any], out: Path
) -> None:
    shares = share_out(request.size, sampler.populations)
    heads = []
    for log in logs:
        write_head(log, out)
        heads.append({"origin": log.origin, "vkey": log.vkey, "size": log.size})
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


def write_sums(out: Path, name: str) -> None:
    """Writes the digests of all files to `name`, in the form of sha256sum; paths begin with `./`."""
    paths = sorted(
        Path(folder, name).relative_to(out).as_posix() for folder, _, names in os.walk(out) for name in names
    )
    lines = [f"{_digest(out / path)}  ./{path}\n" for path in paths]
    (out / name).write_text("".join(lines), encoding="utf-8")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()

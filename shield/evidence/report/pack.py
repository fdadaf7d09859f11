"""`build_report`: makes a self-contained folder from logs, which a shell can check. Writes files.

This is the one entry point, for the command and the console. It reads each log once after verifying it, and
its memory does not grow with the logs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

import orjson

from shield import __version__
from shield.audit.documents import read_document
from shield.evidence.anchored import Anchored, hold
from shield.evidence.outside import Outside
from shield.evidence.pinned import Pinned, write_document, write_head
from shield.evidence.reading import Source
from shield.evidence.report.content import write_report
from shield.evidence.report.criteria import SOURCE, criteria_bytes, read_criteria
from shield.evidence.report.evaluation import CARD, Card, evaluated, read_card
from shield.evidence.report.facts import Facts, ReportRequest, SampleItem
from shield.evidence.report.gather import Gathered, Progress, gather
from shield.evidence.report.page import render_page
from shield.evidence.report.pdf import render_pdf
from shield.evidence.report.signing import ManifestSigner
from shield.evidence.report.tables import write_tables
from shield.evidence.sample_pack import (
    SCRIPTS,
    SampleRequest,
    check_request,
    make_empty,
    whole_or_empty,
    write_boot,
    write_chosen,
    write_sums,
)
from shield.evidence.sampling import share_out
from shield.evidence.steady import make_steadily

MANIFEST = "MANIFEST"
SIGNATURE = "MANIFEST.sig"
_US = 1_000_000
_SCRIPTS = {
    **{name: name for name in SCRIPTS},
    "verify-report.sh": "verify.sh",
    "VERIFY-report.md": "VERIFY.md",
}


@dataclass(frozen=True, slots=True)
class Built:
    """A pack that was written. `pdf` says whether it includes the PDF."""

    folder: Path
    facts: Facts
    vkey: str
    pdf: bool


def no_progress(what: str, done: int, total: int) -> None:
    """The `Progress` of callers that show none."""


def build_report(
    sources: Sequence[Source],
    request: ReportRequest,
    signer: ManifestSigner,
    out: Path,
    *,
    progress: Progress = no_progress,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    pdf: bool = True,
) -> Built:
    """Writes the pack of `sources` (logs, with their registers and access logs) to the empty folder `out`.

    Blocking; `progress` is called from this thread. A log that does not verify or add up gives a report
    that says so (`Facts.problems`); none is refused for it. One that is pruned meanwhile is read again.
    `pdf`: make it, which needs the extra `report`. Raises `EvidenceError` where there is nothing to report
    on or `out` holds something, `OSError`.
    """
    check_request(_sampled(request, request.seed or _seed_of_heads(sources)), out)
    at = now()
    with whole_or_empty(out):
        return make_steadily(
            sources, lambda: _build(sources, request, signer, out, progress=progress, now=at, pdf=pdf)
        )


def _sampled(request: ReportRequest, seed: str) -> SampleRequest:
    return SampleRequest(request.period, request.size, seed, request.stratify)


def _build(
    sources: Sequence[Source],
    request: ReportRequest,
    signer: ManifestSigner,
    out: Path,
    *,
    progress: Progress,
    now: datetime,
    pdf: bool,
) -> Built:
    seed = request.seed or _seed_of_heads(sources)
    sampled = _sampled(request, seed)
    make_empty(out)
    gathered = gather(sources, request, seed, out, progress, now=round(now.timestamp() * _US))
    progress("write", 0, 1)
    items, unproved = _write_sample(gathered, sampled, out)
    card = read_card()
    reports = {log.origin: log.reconciliation.verification for log in gathered.logs}
    anchored = hold(sources, reports, request.anchors, gathered.period, whole=request.whole)
    facts = _facts(
        gathered,
        request=request,
        seed=seed,
        items=items,
        unproved=unproved,
        card=card,
        anchored=anchored,
        now=now,
    )
    _write_documents(gathered, facts, out)
    write_tables(facts, out)
    _write_evidence(gathered, facts, card, out)
    report = write_report(facts, read_criteria(), card)
    (out / "report.html").write_text(render_page(report), encoding="utf-8")
    if pdf:
        (out / "report.pdf").write_bytes(render_pdf(report))
    _seal(signer, out)
    progress("write", 1, 1)
    return Built(out, facts, signer.key.vkey, pdf)


def _seed_of_heads(sources: Sequence[Source]) -> str:
    """One line made of all heads: nobody chose it freely, but who signs heads could have tried several."""
    roots = [Pinned(source).signed.checkpoint.root for source in sources if not source.is_companion]
    return "heads " + sha256(b"".join(roots)).hexdigest()


def _write_sample(
    gathered: Gathered, request: SampleRequest, out: Path
) -> tuple[list[SampleItem], Sequence[str]]:
    """Writes the chosen requests with their proofs; without any request, one proof of each log's head.

    Also returns what cannot be proved. That is told only where a log does not hold; else it raises.
    """
    holds = not gathered.companion_problems and all(
        log.reconciliation.ok and log.register_problem is None for log in gathered.logs
    )
    unproved: list[str] | None = None if holds else []
    # A record proves each head, including that of a register.
    for log in gathered.companions:
        write_boot(log, out, unproved)
        write_head(log, out)
    chosen = write_chosen(gathered.pinned, request, gathered.sampler, out, unproved)
    items = [
        SampleItem(it.id, it.stratum, f"records/{it.origin.replace('/', '+')}/{it.index}.json")
        for it in chosen
    ]
    return items, unproved or ()


def _facts(
    gathered: Gathered,
    *,
    request: ReportRequest,
    seed: str,
    items: Sequence[SampleItem],
    unproved: Sequence[str],
    card: Card,
    anchored: Anchored,
    now: datetime,
) -> Facts:
    populations = gathered.sampler.populations
    shares = share_out(request.size, populations) if populations else {}
    models = [model for log in gathered.logs for model in log.models]
    return Facts(
        title=request.title,
        version=__version__,
        generated=now.astimezone(UTC).isoformat(timespec="seconds"),
        start=gathered.period.start or "",
        end=gathered.period.end or "",
        logs=gathered.logs,
        activity=gathered.activity.result(),
        exceptions=dict(gathered.exceptions),
        exceptional_records=gathered.exceptional,
        open_records=gathered.open,
        listed=gathered.listed,
        population=populations.total(),
        beyond_head=gathered.beyond_head,
        seed=seed,
        seed_given=request.seed is not None,
        strata={name: (populations[name], shares[name]) for name in shares},
        sample=items,
        tests=dict(gathered.tests),
        accesses=dict(gathered.accesses),
        companion_problems=gathered.companion_problems,
        models=evaluated(models, card),
        documents=_configurations(gathered),
        outside=_outside(gathered, request),
        anchored=anchored,
        unproved=unproved,
    )


def _outside(gathered: Gathered, request: ReportRequest) -> Outside:
    if request.outside is None:
        return Outside()
    return request.outside(gathered.period, [log.reconciliation.completeness for log in gathered.logs])


def _configurations(gathered: Gathered) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for log, pinned in zip(gathered.logs, gathered.pinned, strict=True):
        for configuration in log.configurations:
            raw = read_document(pinned, configuration.digest) if configuration.digest else None
            if raw is not None and configuration.digest is not None:
                found[configuration.digest] = orjson.loads(raw)
    return found


def _write_documents(gathered: Gathered, facts: Facts, out: Path) -> None:
    (out / "documents").mkdir(exist_ok=True)
    for log, pinned in zip(facts.logs, gathered.pinned, strict=True):
        for it in log.configurations:
            for digest in (it.digest, *it.policies.values(), *it.models.values()):
                write_document(pinned, digest, out)


def _write_evidence(gathered: Gathered, facts: Facts, card: Card, out: Path) -> None:
    """Writes what was verified, what it supports and how the detectors were measured, as data."""
    logs = [
        {
            "origin": log.origin,
            "ok": log.reconciliation.ok,
            "problems": log.reconciliation.problems,
            "verification": log.reconciliation.verification.fields,
            "completeness": log.reconciliation.completeness,
            "coverage": log.reconciliation.coverage,
            "kinds_in_period": log.kinds,
            "register": log.register,
            "register_problem": log.register_problem,
            "ongoing_gap": log.ongoing,
        }
        for log in facts.logs
    ]
    _json(
        out / "verification.json",
        {
            "ok": facts.ok,
            "problems": facts.problems,
            "from": facts.start,
            "to": facts.end,
            "made": facts.generated,
            "version": facts.version,
            "seed": facts.seed,
            "seed_given": facts.seed_given,
            "logs": logs,
            "companions": [log.origin for log in gathered.companions],
            "tests": [
                {"kind": kind, "result": result, "records": count}
                for (kind, result), count in facts.tests.items()
            ],
            "accesses": facts.accesses,
            "outside": facts.outside.fields(),
            "anchors": facts.anchored.fields(),
        },
    )
    (out / "evaluation").mkdir()
    (out / "evaluation" / CARD).write_bytes(card.text)
    _json(
        out / "evaluation.json", {"models": facts.models, "card": f"evaluation/{CARD}", "tables": card.tables}
    )
    (out / SOURCE).write_bytes(criteria_bytes())
    pack = resources.files("shield.evidence").joinpath("pack")
    for source, name in _SCRIPTS.items():
        (out / name).write_bytes(pack.joinpath(source).read_bytes())


def _json(path: Path, value: object) -> None:
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
    path.write_bytes(orjson.dumps(value, option=options) + b"\n")


def _seal(signer: ManifestSigner, out: Path) -> None:
    """Writes and signs the manifest, which names every file but itself and its signature."""
    (out / "keys" / "report.vkey").write_text(signer.key.vkey + "\n", encoding="utf-8")
    write_sums(out, MANIFEST)
    (out / SIGNATURE).write_text(signer.sign((out / MANIFEST).read_bytes()), encoding="utf-8")

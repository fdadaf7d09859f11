"""Drafts on the runs of a process: how it began and ended, that it is alive, what is in force. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from shield.audit.record import Draft, Kind
from shield.domain import EMPTY


def boot(
    *,
    build: str,
    origin: str,
    vkey: str,
    digest_key: str,
    signed_size: int,
    signed_root: str | None,
    digest_period: str = "",
) -> Draft:
    """Draft: a process began to write. First record of each run; the log writes it itself.

    `signed_size` and `signed_root` (base64) are those of the checkpoint that it found. `digest_period` is the
    period of the digest key (`2031-05`), empty where the key has none.
    """
    return Draft(
        Kind.BOOT,
        {
            "build": build,
            "origin": origin,
            "vkey": vkey,
            "digest_key": digest_key,
            "digest_period": digest_period,
            "signed_size": signed_size,
            "signed_root": signed_root,
        },
    )


def recovered(*, clean: bool, unsigned_records: int, cut_bytes: int, unknown_outcomes: int) -> Draft:
    """Draft: what opening found of a run that lacks its `shutdown` record, or left intents open.

    `unsigned_records` were on disk beyond the last checkpoint and are kept; `cut_bytes` of a torn write after
    them were no whole record and are gone; `unknown_outcomes` follow as outcomes.
    """
    return Draft(
        Kind.RECOVERED,
        {
            "clean": clean,
            "unsigned_records": unsigned_records,
            "cut_bytes": cut_bytes,
            "unknown_outcomes": unknown_outcomes,
        },
    )


def config(
    *,
    reason: str,
    digest_before: str | None,
    digest_after: str | None,
    build: str,
    policies: Mapping[str, str] = EMPTY,
    models: Mapping[str, str] = EMPTY,
) -> Draft:
    """Draft: the configuration in force changed (`start`, `reload`), or one was refused (`refused`).

    `build` is the program that runs. Digests are `sha256:` + hex; `policies` maps the names of the policies
    in force to their digests, `models` to those of their detectors. `audit.documents` keeps what each digest
    stands for.
    """
    return Draft(
        Kind.CONFIG,
        {
            "reason": reason,
            "digest_before": digest_before,
            "digest_after": digest_after,
            "build": build,
            "policies": dict(policies),
            "models": dict(models),
        },
    )


def heartbeat(
    *,
    interval: float,
    config_digest: str,
    requests_started: int,
    requests_finished: int,
    requests_ended: Mapping[str, int],
) -> Draft:
    """Draft: the process is alive and serves under this configuration.

    `interval` is seconds until the next one. The counters are the proxy's own since the process started, kept
    independently of the log: requests that came, requests that ended, and how each of those ended as the
    metrics have it (`shield_requests_total` by outcome, without canaries). The difference of the first two is
    in flight, so what the log holds of this run must lie between them too.
    """
    return Draft(
        Kind.HEARTBEAT,
        {
            "interval_us": round(interval * 1_000_000),
            "config_digest": config_digest,
            "requests_started": requests_started,
            "requests_finished": requests_finished,
            "requests_ended": dict(requests_ended),
        },
    )


def checkpoint(*, size: int, root: str, signature: str) -> Draft:
    """Draft: the newest signed checkpoint (`root`, `signature` in base64); so the log holds their history."""
    return Draft(Kind.CHECKPOINT, {"size": size, "root": root, "signature": signature})


def shutdown(*, reason: str) -> Draft:
    """Draft: the process stopped writing in good order. Last record of a run; the log writes it itself."""
    return Draft(Kind.SHUTDOWN, {"reason": reason})

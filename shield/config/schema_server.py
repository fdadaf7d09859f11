"""The section of a configuration on the proxy as a whole. It compiles to `settings`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from shield.config.schema_types import (
    Count,
    Duration,
    DurationOrZero,
    Flag,
    HeaderName,
    Section,
    Size,
    SizeOrZero,
    Workers,
)


class ServerSection(Section):
    """The proxy's processes, and bounds of the proxy as a whole: its workers share them out evenly."""

    workers: Workers = Field(
        default="auto",
        description="Worker processes under a supervisor, each with its own event loop and audit log "
        "(`audit.origin` + `/worker-N`); `auto`: one per core. 0: no supervisor; one process that writes "
        "the log of `audit.origin` itself.",
        examples=[4],
    )
    stall_timeout: Duration = Field(
        default=30.0,
        description="A worker whose event loop does not answer for this long is killed and replaced. Not "
        "with `workers: 0`.",
        examples=["30s"],
    )
    worker_memory: Size | None = Field(
        default=None,
        description="A worker that holds more memory of its own (not shared with the others) is replaced "
        "once it has finished its requests. Without it, there is no such limit.",
        examples=["1GiB"],
    )
    max_in_flight: Count = Field(
        default=512,
        description="Most requests at a time; further ones wait in a queue that is fair between routes and "
        "tenants.",
        examples=[512],
    )
    max_bytes_in_flight: Size = Field(
        default=256 * 1024 * 1024,
        description="Most bytes of request bodies at a time, as on the wire; further bodies wait in the "
        "queue. Three quarters are for bodies of 32 KiB and more, the rest for smaller ones.",
        examples=["512MiB"],
    )
    max_queued: Count = Field(
        default=1024,
        description="Most requests that wait; further ones are refused with 503.",
        examples=[1024],
    )
    queue_timeout: Duration = Field(
        default=1.0,
        description="Longest wait for admission. A request that would wait longer, or longer than its "
        "route's `deadline` allows, is refused at once with 503, before its body is read.",
        examples=["500ms"],
    )
    max_connections: Count = Field(
        default=2048,
        description="Most client connections at a time; a further one takes the place of one that asks "
        "nothing, or is answered with 503 and closed. "
        "Fewer if the system does not let the process open enough files.",
        examples=[2048],
    )
    drain_timeout: DurationOrZero = Field(
        default=30.0, description="On stop, how long requests in flight may take to finish.", examples=["30s"]
    )
    drain_idle: DurationOrZero = Field(
        default=2.0,
        description="When a worker stops, how long its idle connections stay open for one more request each. "
        "Not with `workers: 0`.",
        examples=["5s"],
    )
    keepalive_timeout: DurationOrZero = Field(
        default=75.0, description="How long an idle client connection stays open.", examples=["75s"]
    )
    max_connection_duration: DurationOrZero = Field(
        default=600.0,
        description="How long a client connection is used, a tenth more or less; the next answer then ends "
        "it with `Connection: close`, and its client opens another. So clients that keep theirs for long "
        "come to new workers too. 0 for no limit.",
        examples=["1h"],
    )
    header_timeout: Duration = Field(
        default=10.0,
        description="For the head of a request to arrive, from its first byte; for the first request, from "
        "the connection. A TLS handshake has the same time.",
        examples=["10s"],
    )
    min_body_rate: SizeOrZero = Field(
        default=256,
        description="Slowest rate, in bytes per second, at which a client may send a body or take an "
        "answer; 0 for no limit.",
        examples=["1KiB"],
    )
    rate_grace: Duration = Field(
        default=10.0, description="How long `min_body_rate` may be missed.", examples=["5s"]
    )
    max_header_bytes: Size = Field(
        default=16 * 1024, description="Most bytes of a request's headers.", examples=["16KiB"]
    )
    large_body_process: Flag = Field(
        default=True,
        description="Inspect bodies of 256 KiB and more in a separate process beside the worker, so that "
        "ordinary ones do not wait for them. It starts at the first such body and has detectors, and so "
        "memory, of its own.",
        examples=[False],
    )
    findings_cache: SizeOrZero = Field(
        default=32 * 1024 * 1024,
        description="Memory for findings in texts that come again, such as the earlier comments of a "
        "thread: keyed digests and places, never text. 0 switches it off; do so if a recognizer of your own "
        "does not always find the same in the same text.",
        examples=["64MiB"],
    )
    rescan_memory: Size = Field(
        default=32 * 1024 * 1024,
        description="Memory for the texts of writes that wait to be inspected again in full, because only "
        "patterns finished in time (`on_deadline: patterns_only`). If there is no room, such a write is "
        "refused.",
        examples=["64MiB"],
    )
    rescan_writes: Count = Field(
        default=1024, description="Most writes that wait for this at a time.", examples=[1024]
    )
    trusted_forwarders: Flag = Field(
        default=False,
        description="Append to the client's `Forwarded` and `X-Forwarded-*` headers, of which the forwarder "
        "uses either or both. Otherwise they are replaced.",
        examples=[True],
    )
    header_underscores: Literal["forward", "drop", "reject"] = Field(
        default="forward",
        description="Request headers with `_` in the name, which CGI and WSGI servers read as `-` (`X_User` "
        "as `X-User`). Names that would stand for framing or for `X-Forwarded-*` are always refused.",
        examples=["reject"],
    )
    api_key_header: HeaderName = Field(
        default="X-Shield-Api-Key",
        description="Header in which a tenant sends its API key. With `tenants`, it is never forwarded.",
        examples=["X-Shield-Api-Key"],
    )

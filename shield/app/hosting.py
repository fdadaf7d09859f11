"""External dependencies of a service, its place among several workers, and what a reload hands over."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TextIO

from shield.analyzer.engine import Analyzer
from shield.audit.files import Files
from shield.config.settings import Listener, Settings
from shield.domain import DetectorSpec
from shield.proxy.at_once import Responder
from shield.proxy.connection_limits import ConnectionLimits, ConnectionWatch
from shield.proxy.http_server import OnUnhandled
from shield.proxy.listener import ListenerSite
from shield.proxy.runtime import Runtime
from shield.proxy.tls_contexts import Renewal, Spares

SiteFactory = Callable[
    [Listener, Responder, OnUnhandled, ConnectionLimits, ConnectionWatch],
    ListenerSite,
]


@dataclass(frozen=True, slots=True)
class Seams:
    """External dependencies of a running service, which tests can replace."""

    log_stream: TextIO = field(default_factory=lambda: sys.stderr)
    clock: Callable[[], float] = time.monotonic
    wall_clock: Callable[[], int] = time.time_ns  # nanoseconds since 1970
    random: Callable[[int], bytes] = os.urandom
    audit_files: Files | None = None
    recognizers: Sequence[Any] = ()  # Presidio EntityRecognizers added to each analyzer


@dataclass(frozen=True, slots=True)
class Hosting:
    """Makes a service one of several workers.

    `part` turns a configuration into this worker's: its log's origin, its part of the bounds. `known` are
    analyzers that are already loaded. `site` makes the proxy's listener on bound sockets; the admin listener
    is the supervisor's. `labels` go into each line of the log. `had_log` says that an earlier worker had the
    audit log open, so that it must exist. `spares` stand in for TLS files that cannot be used.
    """

    part: Callable[[Settings], Settings]
    known: Mapping[DetectorSpec, Analyzer]
    site: SiteFactory
    labels: Mapping[str, Any]
    had_log: bool = False
    spares: Spares = field(default_factory=Spares)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A configuration that a reload has checked and loaded, and that is not yet in force.

    `renewals` put the certificates in use that were read with it.
    """

    settings: Settings
    analyzers: dict[DetectorSpec, Analyzer]
    runtime: Runtime
    renewals: Sequence[Renewal]

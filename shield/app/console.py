"""The web console as a process: puts its parts together, starts and stops them."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from aiohttp import web

from shield.app.console_listener import ConsoleListener
from shield.app.heart_door import HeartDoor
from shield.app.priority import stand_back
from shield.config.loader import load
from shield.config.settings import ConsoleSettings
from shield.config_codes import ProblemCode
from shield.console.access import RecordedAccess
from shield.console.accounts import Accounts
from shield.console.desk import Desk
from shield.console.entrance import Entrance
from shield.console.index_schema import remove
from shield.console.journal import Journal
from shield.console.oidc import OidcClient
from shield.console.pages.table import ROUTES
from shield.console.render import Renderer
from shield.console.roles import Role
from shield.console.site import Site
from shield.console.targets import for_any_target
from shield.errors import ConfigError, ShieldError
from shield.proxy.listener import bind, unusable
from shield.proxy.tls_contexts import server_context
from shield.telemetry.logging import configure
from shield.telemetry.uncaught import log_uncaught

_STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ConsoleSeams:
    """External dependencies of a running console, which tests can replace."""

    log_stream: TextIO = field(default_factory=lambda: sys.stderr)
    announce: Callable[[str], None] = print
    clock: Callable[[], float] = time.time
    random: Callable[[int], bytes] = os.urandom


class Console:
    """One console process: started and stopped once, in one event loop."""

    def __init__(self, path: Path, env: Mapping[str, str], seams: ConsoleSeams) -> None:
        """Raises ConfigError, also for a configuration without a console."""
        settings = load(path, env).settings
        if settings.console is None:
            raise ConfigError(
                ProblemCode.CONSOLE_NOT_CONFIGURED,
                "the configuration has no section `console`; add one to run the console",
            )
        self._settings: ConsoleSettings = settings.console
        self._seams = seams
        self._logger = configure(settings.logging, seams.log_stream)
        try:
            self._settings.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            database = self._settings.directory / "console.sqlite3"
            journal = Journal(database, clock=seams.clock)
            accounts = Accounts(
                database,
                clock=seams.clock,
                random=seams.random,
                session_seconds=self._settings.session_timeout,
                idle_seconds=self._settings.idle_timeout,
            )
        except OSError as error:
            raise ConfigError(
                ProblemCode.FOLDER_UNUSABLE, f"console.directory cannot be used: {error.strerror}"
            ) from None
        self.accounts = accounts
        self.desk = Desk(
            self._settings,
            accounts,
            HeartDoor(path, env),
            RecordedAccess(self._logger),
            self._logger,
            journal=journal,
            clock=seams.clock,
            heartbeat_interval=settings.audit.heartbeat_interval,
        )
        public = self._settings.public_url or ""
        secure = self._settings.listener.tls is not None or public.startswith("https:")
        self.site = Site(self.desk, Renderer(), ROUTES, secure=secure)
        oidc = self._settings.oidc
        Entrance(self.site, self.desk, OidcClient(oidc, seams.random) if oidc is not None else None)
        self._runner: web.AppRunner | None = None
        self._listener: ConsoleListener | None = None
        self.url = ""

    async def start(self, sockets: Sequence[socket.socket] = ()) -> None:
        """When this returns the console answers, on `sockets` where these are bound already.

        Raises ConfigError for an address or TLS files.
        """
        listener = self._settings.listener
        context = server_context(listener.tls) if listener.tls is not None else None
        quiet = logging.getLogger("shield.console.http")  # its messages quote what clients send
        quiet.addHandler(logging.NullHandler())
        quiet.propagate = False
        self._runner = web.AppRunner(self.site.app, handle_signals=False, shutdown_timeout=_STOP_SECONDS)
        try:
            sockets = sockets or await bind(listener)
        except ConfigError:
            await self.stop()
            raise
        await self.desk.start()
        await self._runner.setup()
        server = self._runner.server
        assert server is not None  # noqa: S101  set up just now
        server.request_factory = for_any_target(server.request_factory)
        self._listener = ConsoleListener(server, context, quiet)
        try:
            host, port = self._listener.start(sockets)
        except OSError as error:  # another that started at the same time
            await self.stop()
            raise unusable(listener, error) from None
        scheme = "https" if context is not None else "http"
        self.url = f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
        self._logger.info("console_started", url=self.url)
        # Printed before anything is awaited, so that the link is there as soon as the console answers.
        if self.accounts.empty() and self._settings.oidc is None:
            token = self.accounts.invite("", Role.ADMIN)
            base = self._settings.public_url or _reachable(self.url)
            self._seams.announce(
                f"Set up the console (the link works once, within a day): {base}/join?token={token}"
            )
        try:
            await self.desk.record_access("", "start")
        except ShieldError as error:  # each page that cannot be recorded is refused
            self._logger.error("access_log_unavailable", code=error.code, reason=str(error))  # noqa: TRY400  no frames: expected

    async def stop(self) -> None:
        if self._listener is not None:
            await self._listener.stop()
        if self._runner is not None:
            await self._runner.cleanup()
        await self.desk.stop()
        self._logger.info("console_stopped")


async def run_console(path: Path, env: Mapping[str, str], *, lasts: int | None = None) -> None:
    """Serve the console until SIGTERM or SIGINT, or until the pipe `lasts`, a descriptor, ends.

    Raises ShieldError where it cannot start.
    """
    log_uncaught()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    # meant for the proxy; the configuration is read as it is
    loop.add_signal_handler(signal.SIGHUP, lambda: None)
    if lasts is not None:
        loop.add_reader(lasts, _look, lasts, stopped)
    seams = ConsoleSeams(announce=_announce)
    settings = load(path, env).settings
    bound: Sequence[socket.socket] = ()
    if settings.console is not None:
        # Told before it stands back: with that priority, what follows takes as long as others use the cores.
        bound = await bind(settings.console.listener)
        if settings.console.background:  # before there are child processes
            logger = configure(settings.logging, seams.log_stream)
            logger.info("console_in_background", scheduling=stand_back())
    console = Console(path, env, seams)
    await console.start(bound)
    try:
        await stopped.wait()
    finally:
        await console.stop()


def _look(pipe: int, stopped: asyncio.Event) -> None:
    """Set `stopped` when the pipe ends; its content does not matter."""
    if not os.read(pipe, 4096):
        asyncio.get_running_loop().remove_reader(pipe)
        stopped.set()


def remove_index(path: Path, env: Mapping[str, str]) -> None:
    """Delete the console's index; the next start builds it again. Raises ConfigError, `OSError`."""
    settings = load(path, env).settings.console
    if settings is not None:
        remove(settings.directory / "index.sqlite3")


def _reachable(url: str) -> str:
    """The address for a browser on this machine, with a wildcard replaced."""
    return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")


def _announce(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()

"""Holds the configuration in force over all workers, and checks the one that may follow it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from shield.config.loader import load
from shield.config.settings import Settings, check_changes
from shield.proxy.admin.instance import check_expected
from shield.proxy.admin.pages import AdminPages
from shield.proxy.listener import ListenerSite
from shield.proxy.tls_contexts import Renewal


class InForce:
    """`settings` is the configuration in force; `path` is its file, read with the variables of `env`."""

    def __init__(self, path: Path, env: Mapping[str, str], settings: Settings) -> None:
        self.settings = settings
        self._path = path
        self._env = env
        self._admin: ListenerSite | None = None
        self._pages: AdminPages | None = None
        self._renewal: Renewal = _nothing

    def listens(self, admin: ListenerSite, pages: AdminPages) -> None:
        """Have the admin listener change with the configuration from now on."""
        self._admin = admin
        self._pages = pages

    async def next(self, expected: str | None = None) -> Settings:
        """What the file says now. Raises ConfigError where it may not follow or does not have this digest."""
        settings = (await asyncio.to_thread(load, self._path, self._env)).settings
        check_changes(self.settings, settings)
        check_expected(settings, expected)
        if self._admin is not None:
            self._renewal = self._admin.renewal()
        return settings

    def put(self, settings: Settings) -> None:
        """Put the supervisor's own part of a configuration in force."""
        self.settings = settings
        if self._pages is not None:
            self._pages.configure(settings.admin_access)
        self._renewal()


def _nothing() -> None:
    """There is no listener yet."""

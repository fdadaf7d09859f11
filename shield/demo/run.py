"""`make run`: the demonstration store, the proxy and its console together, until Ctrl-C.

The store runs in this process and the proxy as a child (`shield serve`, which starts the console); they log
to the same terminal. On SIGINT or SIGTERM the proxy is stopped first and finishes what is in flight, then the
store. Pressing Ctrl-C again hurries nothing and breaks nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.text import Text

from shield.config.loader import load
from shield.config.settings import Listener, Settings
from shield.demo.stack import ProxyProcess, StackError
from shield.demo.store import running_store
from shield.demo.until_told import run_until_told
from shield.errors import ConfigError
from shield.proxy.listener import bind


def url_of(listener: Listener) -> str:
    """The URL at which a client on this machine reaches the listener."""
    return f"{'https' if listener.tls else 'http'}://{listener.host}:{listener.port}"


def shield_command() -> str:
    """How to call `shield` from this folder: by its path where it is not installed for all."""
    script = Path(sys.executable).with_name("shield")
    here = Path.cwd()
    return str(script.relative_to(here)) if script.is_relative_to(here) else str(script)


def what_to_try(settings: Settings, *, store_url: str, shield: str, told: Sequence[str] = ()) -> str:
    """The commands that show what the shield does; `shield` is how to call it from here.

    `told` is what the console printed: the link that makes its first user, while it has none.
    """
    proxy, admin = url_of(settings.proxy), url_of(settings.admin)
    ticket = (
        '{"subject": "Charged twice", "body": "I am Maria Gonzalez, my card is 4111 1111 1111 1111. '
        'Write to maria@example.com."}'
    )
    return f"""\
Send a ticket through the shield:
  curl -i {proxy}/api/tickets -H 'Content-Type: application/json' \\
    -d '{ticket}'

See what was stored, in the store itself (1 is the id in the first reply):
  curl {store_url}/api/tickets/1

Metrics, health and readiness:
  curl {admin}/metrics
  curl {admin}/healthz
  curl {admin}/readyz

Verify and read the evidence of every write:
  {shield} audit verify {settings.audit.directory}
  {shield} audit show {settings.audit.directory}
{_console(settings, told)}
Ctrl-C stops it all."""


def _console(settings: Settings, told: Sequence[str]) -> str:
    if settings.console is None:
        return ""
    lines = [f"Open the auditor's console in a browser: {url_of(settings.console.listener)}", *told]
    return "\n" + "\n".join(lines) + "\n"


class Notices:
    """The proxy's messages for people: kept until the first screen is shown, then shown as they come."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._kept: list[str] | None = []

    def tell(self, line: str) -> None:
        if self._kept is None:
            self._console.print(Text(line), soft_wrap=True)
        else:
            self._kept.append(line)

    def take(self) -> list[str]:
        """What was kept so far; from now on nothing is kept."""
        kept, self._kept = self._kept or [], None
        return kept


async def _up(proxy: ProxyProcess, settings: Settings) -> None:
    """Wait for the proxy, and some seconds for its console, which nothing else needs. Raises StackError."""
    await proxy.ready()
    if settings.console is not None:
        with contextlib.suppress(StackError):
            await proxy.console_ready(url_of(settings.console.listener))


async def run(configuration: Path, database: Path, console: Console, stopped: asyncio.Event) -> int:
    """Run both until `stopped` is set, or until one of them ends; the exit code of the proxy."""
    settings = load(configuration, os.environ).settings
    store_url = settings.upstreams["store"].url
    address = urlsplit(store_url)
    store = Listener(address.hostname or "127.0.0.1", address.port or 80)
    console_listener = [] if settings.console is None else [settings.console.listener]
    for listener in (store, settings.proxy, settings.admin, *console_listener):
        for sock in await bind(listener):  # whoever tries it out is told of a taken address at once
            sock.close()
    async with running_store(database, host=store.host, port=store.port):
        notices = Notices(console)
        proxy = await ProxyProcess.start(configuration, url_of(settings.admin), tell=notices.tell)
        ended, asked = asyncio.create_task(proxy.ended()), asyncio.create_task(stopped.wait())
        ready = asyncio.create_task(_up(proxy, settings))
        try:
            await asyncio.wait({ended, asked, ready}, return_when=asyncio.FIRST_COMPLETED)
            if ready.done() and not ended.done():
                ready.result()
                console.rule("The shield is up")
                # No box and no wrapping, since these lines are to be copied.
                text = what_to_try(
                    settings, store_url=store_url, shield=shield_command(), told=notices.take()
                )
                console.print(Text(text), soft_wrap=True)
                console.rule()
                await asyncio.wait({ended, asked}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            code = await proxy.stop()
            for task in (ended, asked, ready):
                task.cancel()
            await asyncio.gather(ended, asked, ready, return_exceptions=True)
    # A proxy stopped before it handled signals was ended by our SIGTERM, and had nothing to finish.
    return 0 if stopped.is_set() and code == -signal.SIGTERM else code


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 after a clean stop, 2 where an address is taken, else that of the proxy."""
    parser = argparse.ArgumentParser(
        prog="python -m shield.demo.run", description="The demonstration store and the proxy, together."
    )
    parser.add_argument("--config", type=Path, default=Path("config/quickstart.yaml"))
    parser.add_argument(
        "--db", type=Path, default=Path("state/store.sqlite3"), help="the store's SQLite file"
    )
    options = parser.parse_args(arguments)
    try:
        return run_until_told(partial(run, options.config, options.db, Console(highlight=False)))
    except (ConfigError, StackError) as error:
        parser.exit(2 if isinstance(error, ConfigError) else 1, f"{error}\n")
    except OSError as error:  # its text names the address or the file
        parser.exit(
            1,
            f"{parser.prog}: the store cannot start: {error.strerror or error}\n",
        )


if __name__ == "__main__":
    raise SystemExit(main())

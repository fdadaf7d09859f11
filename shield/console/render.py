"""Renders templates to HTML. Everything that a template does not mark as safe is escaped.

What nobody sees (`visible`) is shown as an escape, but for values that a form sends back or a script reads:
they are marked as escaped already (`| e`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from importlib import resources
from typing import Any
from urllib.parse import quote, urlencode

import jinja2

from shield import __version__
from shield.audit.keys import folder_name
from shield.audit.record import rfc3339
from shield.console.accounts import Session
from shield.console.answers import Page
from shield.console.roles import Right, may
from shield.evidence.visible import visible

_MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
NONE = "\u2013"
NOTICES: Mapping[str, str] = {
    "acknowledged": "Recorded in the register.",
    "invited": "The invitation was created.",
    "changed": "Changed.",
    "password": "The password was changed; all other sessions have ended.",
    "verifying": "The verification has started.",
    "making": "It is being prepared; this page shows when it is ready.",
    "signed_out": "You are signed out.",
}

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class Renderer:
    """Created once; any thread may render."""

    def __init__(self) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.PackageLoader("shield.console"),
            autoescape=True,
            finalize=_shown,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.static: dict[str, tuple[bytes, str, str]] = {}
        for file in resources.files("shield.console").joinpath("static").iterdir():
            suffix = "." + file.name.rpartition(".")[2]
            if suffix in _MEDIA_TYPES:
                content = file.read_bytes()
                self.static[file.name] = (content, _MEDIA_TYPES[suffix], sha256(content).hexdigest()[:16])
        self._environment.filters |= {
            "time": show_time,
            "clock": show_clock,
            "number": show_number,
            "duration": show_duration,
            "micros": show_micros,
            "size": show_bytes,
            "digest": show_digest,
            "short_digests": show_short_digests,
            "plain": show_words,
        }
        self._environment.globals |= {
            "static": self._static_url,
            "record_url": record_url,
            "with_query": with_query,
            "may": lambda session, right: session is not None and may(session.user.role, Right(right)),
            "version": __version__,
        }

    def _static_url(self, name: str) -> str:
        return f"/static/{name}?v={self.static[name][2]}"

    def render(self, page: Page, *, session: Session | None, notice: str, **around: Any) -> str:
        template = self._environment.get_template(page.template)
        return template.render(**page.values, session=session, notice=NOTICES.get(notice, ""), **around)


def _shown(value: object) -> object:
    """A value as a page shows it. Markup, which is a subclass of `str`, is left as it is."""
    return visible(value) if type(value) is str else value


def record_url(origin: str, index: int) -> str:
    """The page of a record."""
    return f"/records/{quote(folder_name(origin), safe='+')}/{index}"


def with_query(path: str, values: Mapping[str, object] | None = None, **changes: object) -> str:
    """A path with a query; empty values are left out."""
    merged = {**(values or {}), **changes}
    query = urlencode({name: value for name, value in merged.items() if value not in (None, "")})
    return f"{path}?{query}" if query else path


def show_time(us: float | str | None) -> str:
    """Microseconds since 1970, or a record's time, to the second."""
    if us is None or us == "":
        return NONE
    text = us if isinstance(us, str) else rfc3339(int(us) * 1000)
    return text[:19].replace("T", " ")


def show_clock(us: float | str) -> str:
    """As `show_time`, to the millisecond."""
    text = us if isinstance(us, str) else rfc3339(int(us) * 1000)
    return text[:23].replace("T", " ")


def show_number(value: float | None) -> str:
    """With thin spaces between thousands."""
    return NONE if value is None else f"{value:,}".replace(",", "\u202f")


def show_duration(seconds: float) -> str:
    """Two units at most."""
    if seconds < 60:  # noqa: PLR2004  a minute
        return f"{seconds:.3g} s"
    parts = []
    left = round(seconds)
    for unit, name in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, left = divmod(left, unit)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2])


def show_micros(micros: float | None) -> str:
    """Microseconds in the unit that reads best."""
    if micros is None:
        return NONE
    if micros < 1000:  # noqa: PLR2004  a millisecond
        return f"{micros:.0f} µs"
    return f"{micros / 1000:.3g} ms" if micros < 1_000_000 else f"{micros / 1_000_000:.3g} s"  # noqa: PLR2004  of the unit


def show_bytes(count: float) -> str:
    """Bytes in binary units."""
    for unit in ("B", "KiB", "MiB"):
        if count < 1024:  # noqa: PLR2004  the next unit
            return f"{count:.4g} {unit}"
        count /= 1024
    return f"{count:.4g} GiB"


def show_digest(text: str | None) -> str:
    """The beginning of a digest."""
    if not text:
        return NONE
    kind, colon, rest = text.rpartition(":")
    return f"{kind}{colon}{rest[:12]}…" if len(rest) > 12 else text  # noqa: PLR2004  of the unit


def show_short_digests(text: str) -> str:
    """A sentence with the beginnings of its digests."""
    return _DIGEST.sub(lambda found: show_digest(found[0]), text)


def show_words(code: str) -> str:
    """`forward_redacted` as words."""
    return code.replace("_", " ")

"""What `shield check` tries beyond the configuration's own text: TLS files together, codecs, limits together.

A certificate and a key can each be read and not belong together; a media type can be written well and no
codec read it; limits of a route and of all routes can make little sense together. It would show at the
start, or with the first write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificate

from shield.config.settings import Listener, Settings
from shield.config.settings_route import OnError
from shield.config.source import Location
from shield.errors import ConfigError, UnsupportedMediaTypeError
from shield.payload.codecs import CodecRegistry
from shield.payload.media_type import MediaType
from shield.proxy.endpoints import upstream_context
from shield.proxy.listener import server_context

Remark = tuple[Location, str]
"""Where, and what is wrong or deserves a look."""
_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Tls:
    """A `tls` section: where it is, what makes a context of it, and the certificate that we show, if any."""

    place: Location
    make: Callable[[], object]
    certificate: Path | None


def tls_problems(settings: Settings) -> Iterator[Remark]:
    """Each `tls` section whose files cannot be used together."""
    for tls in _sections(settings):
        try:
            tls.make()
        except ConfigError as error:
            yield tls.place, error.detail or error.title


def certificate_warnings(settings: Settings, now: datetime) -> Iterator[Remark]:
    """Each certificate of ours that nobody accepts at `now`, or soon: in a week, a fifth of its time left."""
    for tls in _sections(settings):
        if tls.certificate is None:
            continue
        try:
            leaf = load_pem_x509_certificate(tls.certificate.read_bytes())
        except (OSError, ValueError):
            continue  # a problem of `tls_problems`
        begins, ends = leaf.not_valid_before_utc, leaf.not_valid_after_utc
        place = (*tls.place, "certificate")
        if now > ends:
            yield place, f"the certificate expired on {ends:%Y-%m-%d}: it is refused by whoever checks it"
        elif now < begins:
            yield place, f"the certificate is not valid before {begins:%Y-%m-%d}"
        elif ends - now < min(_SOON, (ends - begins) / 5):
            yield place, f"the certificate expires on {ends:%Y-%m-%d}"


def _sections(settings: Settings) -> Iterator[_Tls]:
    listeners: list[tuple[Location, Listener]] = [
        (("listeners", "proxy"), settings.proxy),
        (("listeners", "admin"), settings.admin),
    ]
    if settings.console is not None:
        listeners.append((("console", "listener"), settings.console.listener))
    for place, listener in listeners:
        if (tls := listener.tls) is not None:
            yield _Tls((*place, "tls"), partial(server_context, tls), tls.certificate)
    for name, upstream in settings.upstreams.items():
        make = partial(upstream_context, upstream.tls)
        yield _Tls(("upstreams", name, "tls"), make, upstream.tls.certificate)


def unread_media_types(settings: Settings) -> Iterator[Remark]:
    """Each media type of a route that no codec reads; of a pattern with `*` some types may be read."""
    codecs = CodecRegistry.default()
    for index, route in enumerate(settings.routes):
        blocks = route.on_error is OnError.BLOCK
        fate = "refused with 415" if blocks else "forwarded uninspected, as a bypass"
        for place, name in enumerate(route.media_types):
            if "*" in name:
                continue
            try:
                codecs.for_media_type(MediaType.parse(name))
            except UnsupportedMediaTypeError:
                where: Location = ("routes", index, "match", "media_types", place)
                yield where, f"no codec reads {name}: such a body is {fate}"


def narrow_limits(settings: Settings) -> Iterator[Remark]:
    """Each route that takes less of a compressed body than of one that is not compressed."""
    for index, route in enumerate(settings.routes):
        if route.limits.decoded_bytes < route.limits.body_bytes:
            where: Location = ("routes", index, "limits")
            yield where, "decoded is below body: of a compressed body less is taken than of one that is not"

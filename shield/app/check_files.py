"""What `shield check` tries beyond the configuration's own text: TLS files together, codecs of media types.

A certificate and a key can each be read and not belong together; a media type can be written well and no
codec read it. Both would show at the start, or with the first write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

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


def tls_problems(settings: Settings) -> Iterator[Remark]:
    """Each `tls` section whose files cannot be used together."""
    for place, make in _contexts(settings):
        try:
            make()
        except ConfigError as error:
            yield (*place, "tls"), error.detail or error.title


def _contexts(settings: Settings) -> Iterator[tuple[Location, Callable[[], object]]]:
    listeners: list[tuple[Location, Listener]] = [
        (("listeners", "proxy"), settings.proxy),
        (("listeners", "admin"), settings.admin),
    ]
    if settings.console is not None:
        listeners.append((("console", "listener"), settings.console.listener))
    for place, listener in listeners:
        if listener.tls is not None:
            yield place, partial(server_context, listener.tls)
    for name, upstream in settings.upstreams.items():
        yield ("upstreams", name), partial(upstream_context, upstream.tls)


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

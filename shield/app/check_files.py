"""Checks of `shield check` beyond the configuration's own text: TLS files, folders, codecs, limits.

A certificate and a key can each be readable and not belong together; a media type can be well-formed and have
no codec; limits of a route and of all routes can contradict each other. Otherwise this would show at the
start, or with the first write.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from cryptography.x509 import load_pem_x509_certificate

from shield.config.settings import Listener, Settings
from shield.config.settings_audit import AnchorForm
from shield.config.settings_route import OnError
from shield.config.source import Location
from shield.config_codes import ProblemCode, WarningCode
from shield.errors import ConfigError, UnsupportedMediaTypeError
from shield.payload.codecs import CodecRegistry
from shield.payload.media_type import MediaType
from shield.proxy.readings import alike_but_treated_otherwise
from shield.proxy.tls_contexts import server_context, upstream_context

Wrong = tuple[Location, ProblemCode, str]
"""Where, of which kind, and what is wrong."""
Weak = tuple[Location, WarningCode, str]
"""Where, of which kind, and what deserves a look."""
_SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Tls:
    """A `tls` section: where it is, what makes its context, and the shield's certificate in it, if any."""

    place: Location
    make: Callable[[], object]
    certificate: Path | None


def tls_problems(settings: Settings) -> Iterator[Wrong]:
    """Each `tls` section whose files cannot be used together."""
    for tls in _sections(settings):
        try:
            tls.make()
        except ConfigError as error:
            yield tls.place, error.problem, error.detail


@dataclass(frozen=True, slots=True)
class Certificate:
    """One of the shield's certificates, as its file is now: where it is configured, and when it is valid."""

    place: Location
    begins: datetime
    ends: datetime


def certificates(settings: Settings) -> Iterator[Certificate]:
    """Each certificate of the shield's that can be read; unreadable ones are problems of `tls_problems`."""
    for tls in _sections(settings):
        if tls.certificate is None:
            continue
        try:
            leaf = load_pem_x509_certificate(tls.certificate.read_bytes())
        except (OSError, ValueError):
            continue
        yield Certificate(tls.place, leaf.not_valid_before_utc, leaf.not_valid_after_utc)


def certificate_warnings(settings: Settings, now: datetime) -> Iterator[Weak]:
    """Each certificate of the shield's that is invalid within a week, or a fifth of its time if less."""
    for it in certificates(settings):
        place = (*it.place, "certificate")
        if now > it.ends:
            yield (
                place,
                WarningCode.CERTIFICATE_EXPIRED,
                f"the certificate expired on {it.ends:%Y-%m-%d}; clients that verify it refuse it; renew it",
            )
        elif now < it.begins:
            yield (
                place,
                WarningCode.CERTIFICATE_NOT_YET_VALID,
                f"the certificate is not valid before {it.begins:%Y-%m-%d}",
            )
        elif it.ends - now < min(_SOON, (it.ends - it.begins) / 5):
            yield (
                place,
                WarningCode.CERTIFICATE_EXPIRES_SOON,
                f"the certificate expires on {it.ends:%Y-%m-%d}",
            )


def folder_problems(settings: Settings) -> Iterator[Wrong]:
    """Each configured folder that cannot be one, since a file is there or on the way to it."""
    # The console's first directory is the log of this process.
    others = () if settings.console is None else settings.console.audit_directories[1:]
    for place, folder in (*_folders(settings), *((("console", "audit_directories"), it) for it in others)):
        nearest = _nearest(folder)
        if nearest is not None and not nearest.is_dir():
            where = "it is a file" if nearest == folder else f"{nearest} is a file"
            yield place, ProblemCode.FOLDER_UNUSABLE, f"must be a folder, but {where}; choose another path"


def folder_warnings(settings: Settings) -> Iterator[Weak]:
    """Each folder that the calling user could not write to."""
    for place, folder in _folders(settings):
        nearest = _nearest(folder)
        if nearest is not None and nearest.is_dir() and not os.access(nearest, os.W_OK | os.X_OK):
            where = "the folder" if nearest == folder else f"{nearest}, where it would be created"
            yield (
                place,
                WarningCode.FOLDER_NOT_WRITABLE,
                f"the user who runs this check cannot write to {where}",
            )


def _folders(settings: Settings) -> Iterator[tuple[Location, Path]]:
    """The folders that are written to."""
    yield ("audit", "directory"), settings.audit.directory
    if settings.console is not None:
        yield ("console", "directory"), settings.console.directory
    for anchor in settings.audit.anchors:
        if anchor.form is AnchorForm.DIRECTORY:
            yield ("audit", "anchors", anchor.name, "path"), Path(anchor.target)


def _nearest(folder: Path) -> Path | None:
    """The longest existing part of `folder`'s path, as far as it can be seen."""
    try:
        return next((each for each in (folder, *folder.absolute().parents) if each.exists()), None)
    except OSError:
        return None


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


def unread_media_types(settings: Settings) -> Iterator[Weak]:
    """Each media type of a route that no codec reads; some types under a pattern with `*` may be readable."""
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
                yield where, WarningCode.MEDIA_TYPE_UNREAD, f"no codec reads {name}, so such a body is {fate}"


def divided_paths(settings: Settings) -> Iterator[Weak]:
    """Each route that treats requests otherwise than an earlier one whose path servers may not tell apart."""
    places = {route.name: index for index, route in enumerate(settings.routes)}
    for first, route in alike_but_treated_otherwise(settings.routes):
        where: Location = ("routes", places[route.name], "match", "path")
        message = (
            f"many servers take this path for that of route {first.name!r}, which treats "
            "requests differently: the client chooses the treatment by the spelling; give both routes "
            "the same policy and settings"
        )
        yield where, WarningCode.PATHS_ALIKE, message


def narrow_limits(settings: Settings) -> Iterator[Weak]:
    """Each route that accepts less of a compressed body than of an uncompressed one."""
    for index, route in enumerate(settings.routes):
        if route.limits.decoded_bytes < route.limits.body_bytes:
            where: Location = ("routes", index, "limits")
            yield (
                where,
                WarningCode.LIMITS_REVERSED,
                "decoded is smaller than body, so a compressed body may hold less than an uncompressed one",
            )


def short_drains(settings: Settings) -> Iterator[Weak]:
    """Each route whose bodies may take longer to arrive than a stop, or a rolling reload, waits."""
    for index, route in enumerate(settings.routes):
        if route.body_timeout > settings.server.drain_timeout:
            where: Location = ("routes", index, "body_timeout")
            yield (
                where,
                WarningCode.BODY_OUTLASTS_DRAIN,
                "longer than server.drain_timeout: on a stop, a slow body is refused with 503 draining",
            )

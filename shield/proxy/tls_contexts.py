"""Makes the TLS contexts of listeners and upstreams from their files, or has those before stand in.

Certificates are renewed file by file. What is running goes on with what it has read and refuses a reload; a
process that has to start meanwhile goes on with the contexts that were made when the files last fitted
together.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from shield.config.settings import Listener, ListenerTls
from shield.config.settings_upstream import Upstream, UpstreamTls
from shield.config_codes import ProblemCode
from shield.errors import ConfigError
from shield.proxy.tls_files import load_chain, why_unusable
from shield.proxy.tls_session import SessionKeepingContext

CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2: only forward secrecy and authenticated encryption (RFC 9325, 4.2), as all of TLS 1.3's."""

Renewal = Callable[[], None]
"""Has new connections use what was read and checked before. Does nothing else, and cannot fail."""

_Purpose = ListenerTls | tuple[UpstreamTls, str]
_NONE: Mapping[_Purpose, ssl.SSLContext] = MappingProxyType({})


class Spares:
    """The contexts that stand in, one for each listener and each endpoint of an upstream.

    An endpoint's is its own, since it remembers sessions. `unusable` is why files could not be used and a
    spare was.
    """

    def __init__(self, kept: Mapping[_Purpose, ssl.SSLContext] = _NONE) -> None:
        self._kept = kept
        self._unusable: dict[_Purpose, ConfigError] = {}

    @property
    def unusable(self) -> tuple[ConfigError, ...]:
        """Each with the files in its detail."""
        return tuple(self._unusable.values())

    def server(self, tls: ListenerTls) -> ssl.SSLContext:
        """The listener's context. Raises ConfigError where neither its files nor a spare can be used."""
        return self._usable(tls, partial(server_context, tls))

    def upstream(self, tls: UpstreamTls, url: str) -> ssl.SSLContext:
        """The context for the endpoint at `url`. Raises ConfigError as `server` does."""
        return self._usable((tls, url), partial(upstream_context, tls))

    def _usable(self, purpose: _Purpose, make: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
        try:
            return make()
        except ConfigError as error:
            spare = self._kept.get(purpose)
            if spare is None:
                raise
            self._unusable[purpose] = error
            return spare

    def renewed(self, listener: Listener, upstreams: Mapping[str, Upstream]) -> Spares:
        """What the files make now; where they cannot be used, what is kept here."""
        kept: dict[_Purpose, ssl.SSLContext] = {}
        makes: dict[_Purpose, Callable[[], ssl.SSLContext]] = {}
        if listener.tls is not None:
            makes[listener.tls] = partial(server_context, listener.tls)
        for upstream in upstreams.values():
            for url in upstream.secured if upstream.tls.files else ():
                makes[upstream.tls, url] = partial(upstream_context, upstream.tls)
        for purpose, make in makes.items():
            try:
                kept[purpose] = make()
            except ConfigError:  # the first worker says so
                if purpose in self._kept:
                    kept[purpose] = self._kept[purpose]
        return Spares(kept)


def server_context(tls: ListenerTls) -> ssl.SSLContext:
    """TLS 1.2 or newer; client certificates as `client_ca` and `client_required` say. Raises ConfigError."""
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(CIPHERS)
        load_chain(context, tls.certificate, tls.private_key)
        if tls.client_ca is not None:
            context.verify_mode = ssl.CERT_REQUIRED if tls.client_required else ssl.CERT_OPTIONAL
            context.load_verify_locations(tls.client_ca)
    except OSError as error:  # ssl.SSLError included
        raise ConfigError(
            ProblemCode.TLS_FILES_UNUSABLE,
            f"the TLS files of a listener cannot be used: {why_unusable(error)} ({tls.certificate})",
        ) from None
    context.set_alpn_protocols(["http/1.1"])
    return context


def upstream_context(tls: UpstreamTls) -> ssl.SSLContext:
    """A context for TLS 1.2 or newer to an upstream that verifies its certificate. Raises ConfigError."""
    try:
        context = SessionKeepingContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if tls.ca_file:
            context.load_verify_locations(str(tls.ca_file))
        else:
            context.load_default_certs()
        if tls.certificate is not None and tls.private_key is not None:
            load_chain(context, tls.certificate, tls.private_key)
    except OSError as error:  # ssl.SSLError included
        raise ConfigError(
            ProblemCode.TLS_FILES_UNUSABLE,
            f"the TLS files of an upstream cannot be used: {why_unusable(error)}"
            f" ({', '.join(map(str, tls.files))})",
        ) from None
    return context

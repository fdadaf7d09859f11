"""An OpenID provider that answers what a test tells it to, and records what it was asked for."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

Send = Callable[[bytes], None]
Raw = Callable[[Send], None]  # writes an answer's bytes, head and all

FAR = 2**33


@dataclass
class HostileProvider:
    """`answers` maps a path to what it answers there: a JSON value, a body's bytes, or what gives one."""

    url: str
    answers: dict[str, object] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    nonce: str = ""

    def behave(self, **documents: object) -> None:
        """As a provider should, but for the named parts of its discovery document."""
        self.asked.clear()
        discovery = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            **documents,
        }
        public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key()))
        self.answers = {
            "/.well-known/openid-configuration": discovery,
            "/token": lambda: {"access_token": "t", "id_token": self.token(groups=["auditors"])},
            "/keys": {"keys": [{**public, "kid": "k", "alg": "ES256"}]},
        }

    def token(self, **claims: object) -> str:
        usual = {"sub": "pia", "aud": "shield-console", "iss": self.url, "iat": 1, "exp": FAR}
        named = {**usual, "nonce": self.nonce, **claims}
        return jwt.encode(named, self.key, algorithm="ES256", headers={"kid": "k"})

    def signs(self, **claims: object) -> None:
        """From now on its ID token has these claims."""
        self.answers["/token"] = lambda: {"access_token": "t", "id_token": self.token(**claims)}

    def remember(self, location: str) -> str:
        """What its sign-in page would do with the browser that came by `location`; returns the state."""
        query: Mapping[str, list[str]] = parse_qs(urlsplit(location).query)
        self.nonce = query["nonce"][0]
        return query["state"][0]


@contextmanager
def hostile_provider() -> Iterator[HostileProvider]:
    """A provider on loopback. Each of its connections has a thread of its own."""
    provider = HostileProvider("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self._answer()

        def _answer(self) -> None:
            path = urlsplit(self.path).path
            provider.asked.append(path)
            found: Any = provider.answers.get(path)
            if isinstance(found, RawAnswer):
                with contextlib.suppress(OSError):  # it is hung up on
                    found.write(self.wfile.write)
                self.close_connection = True
                return
            value = found() if callable(found) else found
            body = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_port}"
    provider.behave()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class RawAnswer:
    """An answer that writes its own bytes."""

    write: Raw

"""The bare peer: an aiohttp reverse proxy that forwards method, path, headers and body, and nothing else.

    python -m benchmarks.peers.bare_proxy --port 8000 --upstream http://127.0.0.1:9000

It is the ceiling for any proxy built on aiohttp, so it is written to be fast within fairness: uvloop,
a raw server (no router, no middleware), one pooled client session, no decompression, no cookies, bodies
of known length in one piece, and larger ones streamed both ways.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator

import aiohttp
import uvloop
from aiohttp import hdrs, web
from multidict import CIMultiDict
from yarl import URL

HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
BUFFERED_BYTES = 1024 * 1024  # bodies up to this size are held whole; larger ones are streamed
NO_AUTO_HEADERS = (hdrs.USER_AGENT, hdrs.ACCEPT, hdrs.ACCEPT_ENCODING, hdrs.CONTENT_TYPE)


def client_session() -> aiohttp.ClientSession:
    """The client session, the same for all peers that are plain aiohttp proxies."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=100, keepalive_timeout=60),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=NO_AUTO_HEADERS,
        timeout=aiohttp.ClientTimeout(total=600),
    )


def forwarded_headers(headers: CIMultiDict[str]) -> CIMultiDict[str]:
    """A copy without hop-by-hop headers."""
    kept = CIMultiDict(headers)
    for name in HOP_BY_HOP:
        kept.popall(name, None)
    return kept


class BareProxy:
    """Forwards each request to one upstream."""

    def __init__(self, upstream: str, session: aiohttp.ClientSession) -> None:
        self._upstream = upstream
        self._session = session

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        headers = forwarded_headers(CIMultiDict(request.headers))
        headers.popall(hdrs.HOST, None)
        body: bytes | AsyncIterator[bytes] | None = None
        if request.body_exists:
            length = request.content_length
            if length is not None and length <= BUFFERED_BYTES:
                body = await request.read()
            else:
                body = request.content.iter_any()
        async with self._session.request(
            request.method,
            URL(self._upstream + request.raw_path, encoded=True),
            headers=headers,
            data=body,
            allow_redirects=False,
        ) as answer:
            answer_headers = forwarded_headers(CIMultiDict(answer.headers))
            length = answer.content_length
            if length is not None and length <= BUFFERED_BYTES:
                return web.Response(
                    status=answer.status,
                    reason=answer.reason,
                    headers=answer_headers,
                    body=await answer.read(),
                )
            reply = web.StreamResponse(status=answer.status, reason=answer.reason, headers=answer_headers)
            await reply.prepare(request)
            async for chunk in answer.content.iter_any():
                await reply.write(chunk)
            await reply.write_eof()
            return reply


async def _serve(port: int, upstream: str) -> None:
    async with client_session() as session:
        server = web.Server(BareProxy(upstream, session), access_log=None, auto_decompress=False)
        runner = web.ServerRunner(server)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="A bare aiohttp reverse proxy.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--upstream", required=True)
    options = parser.parse_args()
    uvloop.run(_serve(options.port, options.upstream))


if __name__ == "__main__":
    main()

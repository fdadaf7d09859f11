"""Packs canaries into bodies of a route's media types, and finds the result of each text. Pure."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from html import escape, unescape
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode

from shield.config.settings_route import Route
from shield.domain import KEEP, FieldAction, OperatorSpec
from shield.evidence.canaries import Canary, leaks
from shield.payload.codecs import CodecRegistry
from shield.payload.media_type import MediaType, matches
from shield.payload.selectors import FieldRules

JSON, NDJSON = "application/json", "application/x-ndjson"
FORM, TEXT = "application/x-www-form-urlencoded", "text/plain"
PARTS = "multipart/form-data"
HTML, MARKDOWN = "text/html", "text/markdown"
WEBVTT, SUBRIP = "text/vtt", "application/x-subrip"
XML, TEXT_XML, OTHER_XML = "application/xml", "text/xml", "application/canary+xml"
CSV, TSV = "text/csv", "text/tab-separated-values"
OTHER_JSON = "application/canary+json"
MEMBER = "canaries"

_PATHS = MappingProxyType(
    {JSON: f"$.{MEMBER}", OTHER_JSON: f"$.{MEMBER}", FORM: "form.text", PARTS: "form.text"}
)
"""The path under which each canary's finding is looked for."""
TEXTS = (HTML, MARKDOWN, WEBVTT, SUBRIP)
"""Texts with markup; a body is one segment."""
TABLES = (CSV, TSV)
XMLS = (XML, TEXT_XML, OTHER_XML)
MEDIA_TYPES = (JSON, NDJSON, FORM, PARTS, TEXT, *TEXTS, *TABLES, XML, TEXT_XML)
_SIGNS = MappingProxyType({CSV: ",", TSV: "\t"})
_CUE = re.compile(r"(?:^\d+\n)?^\d\d:\d\d:\d\d[.,]000 --> .*\n", re.MULTILINE)
_CHARSET = "; charset=utf-8"
_BOUNDARY = "canary-5b0f4d3a91"


def media_types_of(route: Route) -> tuple[str, ...]:
    """The media types in which canaries can travel on the route; empty where there is none."""
    taken = [name for name in MEDIA_TYPES if _takes(route, name)]
    for others, name in (((JSON,), OTHER_JSON), (XMLS, OTHER_XML)):
        if not any(other in taken for other in others) and _takes(route, name):
            taken.append(name)
    return tuple(taken)


def _takes(route: Route, name: str) -> bool:
    media_type = MediaType.parse(name)
    return any(matches(media_type, pattern) for pattern in route.media_types)


def content_type(media_type: str) -> str:
    """The header value to send: a text names its charset, a form in parts its boundary."""
    if media_type == PARTS:
        return f"{PARTS}; boundary={_BOUNDARY}"
    return media_type + _CHARSET if media_type in {TEXT, *TEXTS, *TABLES} else media_type


def body_of(media_type: str, texts: Sequence[str]) -> bytes:
    """A body with each text in a place of its own: a member, a line, a field."""
    if media_type == NDJSON:
        body = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)
    elif media_type == FORM:
        body = urlencode([("text", text) for text in texts])
    elif media_type == PARTS:
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
        body = "".join(f"{head}{text}\r\n" for text in texts) + f"--{_BOUNDARY}--\r\n"
    elif media_type == TEXT:
        body = "\n\n".join(texts)
    elif media_type in TEXTS:
        body = _marked(media_type, texts)
    elif media_type in XMLS:
        inner = "".join(f"<text>{escape(text, quote=False)}</text>\n" for text in texts)
        body = f"<{MEMBER}>\n{inner}</{MEMBER}>\n"
    elif media_type in TABLES:
        body = _table(media_type, texts)
    else:
        body = json.dumps({MEMBER: list(texts)}, ensure_ascii=False)
    return body.encode()


def texts_of(media_type: str, body: bytes, count: int) -> list[str]:
    """The result for each text; the whole body for each where places were removed or cannot be told apart."""
    text = body.decode("utf-8", "replace")
    found: list[object]
    try:
        if media_type == NDJSON:
            found = [json.loads(line)["text"] for line in text.splitlines() if line]
        elif media_type == FORM:
            found = [value for _, value in parse_qsl(text, keep_blank_values=True)]
        elif media_type == PARTS:
            found = _parts(body)
        elif media_type == TEXT:
            found = list(text.split("\n\n"))
        elif media_type in TEXTS:
            found = _unmarked(media_type, text)
        elif media_type in XMLS:
            found = [unescape(each) for each in re.findall(r"<text>(.*?)</text>\n", text, re.DOTALL)]
        elif media_type in TABLES:
            found = _cells(media_type, text)
        else:
            found = json.loads(text)[MEMBER]
    except (ValueError, LookupError, TypeError, csv.Error):
        found = []
    if len(found) != count or not all(isinstance(one, str) for one in found):
        return [text] * count
    return [str(one) for one in found]


def _marked(media_type: str, texts: Sequence[str]) -> str:
    if media_type == HTML:
        return "".join(f"<p>{escape(text, quote=False)}</p>\n" for text in texts)
    if media_type == MARKDOWN:
        return "\n\n".join(escape(text, quote=False) for text in texts)
    if media_type == WEBVTT:
        cues = (f"{_time(place, '.')}\n{escape(text, quote=False)}\n\n" for place, text in enumerate(texts))
        return "WEBVTT\n\n" + "".join(cues)
    return "".join(f"{place + 1}\n{_time(place, ',')}\n{text}\n\n" for place, text in enumerate(texts))


def _table(media_type: str, texts: Sequence[str]) -> str:
    written = io.StringIO(newline="")
    rows = csv.writer(written, delimiter=_SIGNS[media_type])
    rows.writerows([("id", "text"), *enumerate(texts)])
    return written.getvalue()


def _cells(media_type: str, text: str) -> list[object]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_SIGNS[media_type], strict=True)
    return [row[-1] for row in list(rows)[1:]]


def _time(place: int, point: str) -> str:
    begin, end = (f"00:{second // 60:02}:{second % 60:02}{point}000" for second in (place, place + 1))
    return f"{begin} --> {end}"


def _unmarked(media_type: str, text: str) -> list[object]:
    if media_type == HTML:
        return [unescape(each) for each in re.findall(r"<p>(.*?)</p>\n", text, re.DOTALL)]
    if media_type == MARKDOWN:
        return [unescape(each) for each in text.split("\n\n")]
    cues = [each.removesuffix("\n\n") for each in _CUE.split(text)[1:]]
    return [unescape(each) if media_type == WEBVTT else each for each in cues]


@dataclass(frozen=True, slots=True)
class Sent:
    """Canaries in one body. `specs` are the operators that their values must meet, None where exempt."""

    media_type: str
    canaries: tuple[Canary, ...]
    specs: tuple[OperatorSpec | None, ...]
    body: bytes

    def leaked(self, received: bytes) -> list[Canary]:
        """The canaries whose value is still in what the sink received."""
        texts = texts_of(self.media_type, received, len(self.canaries))
        return [
            canary
            for canary, spec, text in zip(self.canaries, self.specs, texts, strict=True)
            if spec is not None and leaks(canary, text, spec)
        ]

    def unnoticed(self, found: Sequence[tuple[str, str]]) -> list[Canary]:
        """For a route in observe mode: the canaries that no finding (path, type) covers."""
        places = {path for path, _ in found}
        types = {entity for _, entity in found}
        path = _PATHS.get(self.media_type)
        return [
            canary
            for place, (canary, spec) in enumerate(zip(self.canaries, self.specs, strict=True))
            if spec is not None
            and (canary.entity not in types if path is None else f"{path}[{place}]" not in places)
        ]


def sent_on(
    route: Route, codecs: CodecRegistry, rules: FieldRules, media_type: str, canaries: Sequence[Canary]
) -> Sent:
    """The body for these canaries, with the effect of the route's field rules on each. Raises ShieldError."""
    body = body_of(media_type, [canary.text for canary in canaries])
    specs: dict[str, OperatorSpec | None] = {}
    if rules:
        codec = codecs.for_media_type(MediaType.parse(content_type(media_type)))
        document = codec.decode(body, limits=route.limits, rules=rules, charset="utf-8")
        for index, rule in document.rules.items():
            specs[document.segments[index].text] = (
                None if rule.action is FieldAction.KEEP else _acting(route, rule.entity_type)
            )
    whole = body.decode() if media_type in {TEXT, *TEXTS} else ""  # one segment for all of them
    operators = tuple(
        specs[text] if (text := whole or canary.text) in specs else _acting(route, canary.entity)
        for canary in canaries
    )
    return Sent(media_type, tuple(canaries), operators, body)


def _parts(body: bytes) -> list[object]:
    head = f"Content-Type: {content_type(PARTS)}\r\n\r\n".encode()
    message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    contents = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    return [it.decode() for it in contents if isinstance(it, bytes)] if message.is_multipart() else []


def _acting(route: Route, entity: str) -> OperatorSpec | None:
    spec = route.policy.operators.get(entity)
    return None if spec is None or spec.name == KEEP else spec

"""No finding's path shows lower-case people's names used as member names, which no detector finds.

The upstream gets them, since nothing was found in them. The hunt covers everything else that leaves the
process.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import quote_plus

import pytest
import pytest_asyncio

from tests.leak.canaries import hunt
from tests.leak.stage import Stage, stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

MAIL = "rosa.diaz@example.org"
CARD = "4111111111111111"
NAMES = (
    "wilhelmina",
    "marigold_lopez",
    "annelieseKurz",
    "notes_for_thaddeus",
    "d'artagnan",
    "j\u00f6rgen",
    "zo\u00eb/mail",
)

Placing = Callable[[str], tuple[bytes, str, str, str]]  # body, media type, target, path in the record


def _json(document: object) -> bytes:
    return json.dumps(document).encode()


JSON, NDJSON, FORM = "application/json", "application/x-ndjson", "application/x-www-form-urlencoded"
PLACES: dict[str, Placing] = {
    "key": lambda name: (_json({"owner_notes": {name: MAIL}}), JSON, "/t", "$.owner_notes.*"),
    "key of a key": lambda name: (_json({name: {"note": [MAIL]}}), JSON, "/t", "$.*.note[0]"),
    "key of a number": lambda name: (_json({"card": {name: int(CARD)}}), JSON, "/t", "$.card.*"),
    "line of ndjson": lambda name: (b"{}\n" + _json({name: MAIL}) + b"\n", NDJSON, "/t", "line[1].*"),
    "form": lambda name: (f"{quote_plus(name)}={MAIL}".encode(), FORM, "/t", "form.*[0]"),
    "bracket of a form": lambda name: (
        f"contact[{quote_plus(name)}]={MAIL}".encode(),
        FORM,
        "/t",
        "form.*[0]",
    ),
    "query": lambda name: (b"{}", JSON, f"/t?{quote_plus(name)}={MAIL}", "query.*[0]"),
}


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=["enforce", "observe"])
async def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    async with stage(tmp_path_factory.mktemp("keys"), mode=request.param) as ready:
        yield ready


@pytest.mark.parametrize("place", PLACES)
async def test_a_name_as_a_key_is_the_upstreams_alone(running: Stage, place: str) -> None:
    shown = set()
    for name in NAMES:
        running.upstream.forget()
        body, media_type, target, path = PLACES[place](name)
        reply = await running.post(body, media_type, target)
        assert reply.startswith(b"HTTP/1.1 201 "), reply
        assert hunt(name, {"upstream": bytes(running.upstream.received)})
        assert hunt(name, {"reply": reply}) == []
        shown.add(path)
    places = await running.places()
    assert [trace for name in NAMES for trace in hunt(name, places)] == []
    assert hunt(MAIL, places) == []
    records = b"".join(content for file, content in places.items() if file.startswith("audit/"))
    for path in shown:
        assert json.dumps([path]).encode() in records


async def test_what_is_known_to_be_a_field_is_shown(running: Stage) -> None:
    await running.post(_json({"ticket": {"comments": [{"body": MAIL, "createdBy": {"e-mail": MAIL}}]}}))
    records = b"".join(
        content for file, content in (await running.places()).items() if file.startswith("audit/")
    )
    assert b'"$.ticket.comments[0].body","$.ticket.comments[0].createdBy[\'e-mail\']"' in records


async def test_what_the_route_names_is_shown_from_the_reload_on(tmp_path: Path) -> None:
    body = _json({"wilhelmina": {"annelieseKurz": MAIL}, "annelieseKurz": MAIL})
    async with stage(tmp_path) as running:
        configuration = tmp_path / "shield.yaml"
        configuration.write_text(
            configuration.read_text().replace(
                "    mode: enforce\n",
                "    mode: enforce\n"
                '    fields: [{select: "$.wilhelmina", action: inspect}]\n'
                "    field_names: [annelieseKurz]\n"
                "    query: {parameters: {thaddeus: redact}}\n",
            )
        )
        for shown in (False, True):
            if shown:
                assert await running.service.reload()
            await running.post(body, path=f"/t?thaddeus={MAIL}")
            places = await running.places()
            paths = b'"paths":["$.wilhelmina.annelieseKurz","$.annelieseKurz","query.thaddeus[0]"]'
            assert any(paths in content for content in places.values()) is shown
            assert (hunt("wilhelmina", places) != []) is shown

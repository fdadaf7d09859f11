"""Reports compare the log with a count made by somebody else, pasted or sent as a file."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from itertools import chain

import pytest
import requests

from shield.console.pages.packs import MAX_COUNT_BYTES
from shield.evidence.reading import REQUEST_KINDS, entries
from tests.integration.console.stage import HOSTILE, Running, Visitor
from tests.unit.audit.logs import ORIGIN, reader_of

COUNTED = {"start": "", "end": "", "origin": ORIGIN, "title": "", "seed": "1"}
PASTED = "timestamp,caller\n2031-05-04T03:02:01Z,maria@example.com\n"


def send(
    auditor: Visitor, fields: dict[str, str], file: bytes | None = None, **given: str
) -> requests.Response:
    """Send the report form as a browser does: multipart, with the file after the other fields."""
    own = {"Origin": auditor.console.url, "Sec-Fetch-Site": "same-origin"}
    values = {"form": auditor.token("/reports"), "count_of": "requests", "tolerance": "0", **COUNTED}
    values |= fields | given
    files = {"counts_file": ("upstream.log" if file else "", file or b"")}
    return auditor.session.post(
        f"{auditor.console.url}/reports", data=values, files=files, headers=own, timeout=120
    )


def newest(auditor: Visitor) -> str:
    page = auditor.get("/reports").text
    while "data-reload" in page:
        time.sleep(0.1)  # until another process, of a low priority, has made it
        page = auditor.get("/reports").text
    return page.partition("<section")[2].partition("</section>")[0]


def test_a_count_that_agrees_says_so_and_is_in_the_pack(
    console: Running, visitors: dict[str, Visitor]
) -> None:
    times = [it.time for it in entries(reader_of(console.audit, ORIGIN)) if it.kind in REQUEST_KINDS]
    file = "\n".join(["at;not read,when", *(f"maria@example.com,{time}" for time in times)]).encode()
    assert send(visitors["auditor"], {"count_column": "when"}, file).status_code == 200
    shown = newest(visitors["auditor"])
    assert f"{len(times)} counted, the logs allow {len(times)}" in shown
    assert "it agrees" in shown
    pack = re.findall(r"/packs/([0-9a-f]{16})", shown)[0]
    content = visitors["auditor"].get(f"/packs/{pack}").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not any(b"maria" in archive.read(name) for name in archive.namelist())
        [name] = [name for name in archive.namelist() if name.endswith("/verification.json")]
        assert json.loads(archive.read(name))["outside"]["count"]["counted"] == len(times)
    kept = chain.from_iterable(path.glob("*") for path in (console.folder / "console",))
    assert not any(b"maria@example" in path.read_bytes() for path in kept if path.is_file())


def test_a_count_that_does_not_agree_says_by_how_much(console: Running, visitors: dict[str, Visitor]) -> None:
    times = [it.time for it in entries(reader_of(console.audit, ORIGIN)) if it.kind in REQUEST_KINDS]
    given = {"counts": "\n".join(["timestamp", times[0]])}
    assert send(visitors["auditor"], given).status_code == 200
    assert f'1 counted, the logs allow {len(times)}: <span class="is-bad">off by -{len(times) - 1}' in newest(
        visitors["auditor"]
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"counts": "no header of any kind\n"}, "no column named"),
        ({"counts": "timestamp\nmaria@example.com\n"}, "line 2"),
        ({"counts": PASTED, "count_column": "x" * 101}, "at most 100 characters"),
        ({"counts": PASTED, "count_of": "everything"}, "say what was counted"),
        ({"counts": PASTED, "tolerance": "-1"}, "whole number"),
        ({"counts": PASTED, "tolerance": "9" * 400}, "whole number"),
        ({"counts": PASTED, "tolerance": "000000000" + "9" * 9}, "whole number"),
        ({"counts": PASTED, "tolerance": "0" * 5000 + "1"}, "whole number"),
        *(({"counts": PASTED, "count_column": text}, "") for text in HOSTILE),
        *(({"counts": text}, "") for text in HOSTILE),
    ],
)
def test_what_cannot_be_read_is_refused_and_not_quoted_as_markup(
    visitors: dict[str, Visitor], fields: dict[str, str], said: str
) -> None:
    answer = send(visitors["auditor"], fields)
    assert answer.status_code == 400
    main = answer.text.partition("<main")[2]
    assert said in main
    assert "maria" not in main
    assert not any(text in main for text in HOSTILE if set("<>\"'") & set(text))


def test_it_is_given_once_and_within_bounds(visitors: dict[str, Visitor]) -> None:
    both = send(visitors["auditor"], {"counts": PASTED}, PASTED.encode())
    assert (both.status_code, "once" in both.text) == (400, True)
    line = b"2031-05-04T03:02:01Z\n"
    large = b"timestamp\n" + line * (2 * MAX_COUNT_BYTES // len(line))
    answer = send(visitors["auditor"], {}, large)
    assert (answer.status_code, "command line" in answer.text) == (413, True)
    assert visitors["auditor"].post("/try", {"text": "a" * 600_000}, page="/try").status_code == 413


def test_a_file_needs_the_token_of_the_form_as_any_field_does(visitors: dict[str, Visitor]) -> None:
    assert send(visitors["auditor"], {"form": "0" * 64}, PASTED.encode()).status_code == 403
    assert send(visitors["auditor"], {"form": ""}, PASTED.encode()).status_code == 403

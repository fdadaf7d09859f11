"""Whatever a user's careless recognizer reveals of the text, none of it leaves the program."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.integration.supervised.fleet import ANEW, MAIL, Load, fleet

PACKAGE = """
import logging, sys, threading, warnings
from presidio_analyzer import EntityRecognizer, RecognizerResult

class Late:
    def __init__(self, text):
        self.text = text

    def __del__(self):
        raise ValueError(self.text)

def fail(text):
    raise ValueError(text)

class Careless(EntityRecognizer):
    calls = 0

    def __init__(self):
        super().__init__(supported_entities=["EMAIL_ADDRESS"], name="Careless")

    def load(self): ...

    def analyze(self, text, entities, nlp_artifacts=None):
        if "planted" not in text:
            return []
        Careless.calls += 1
        match Careless.calls % 8:
            case 0: logging.getLogger("careless").error("read %s", text)
            case 1: warnings.warn(text)
            case 2:
                thread = threading.Thread(target=fail, args=(text,))
                thread.start()
                thread.join()
            case 3: Late(text)
            case 4: sys.exit(text)
            case 5: raise GeneratorExit(text)
            case 6: return [RecognizerResult("EMAIL_ADDRESS", 0, 5, float("nan"))]
            case 7: fail(text)
        return []
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder for `PYTHONPATH` in which the recognizer is an installed package."""
    folder = tmp_path / "packages"
    about = folder / "careless-1.0.dist-info"
    about.mkdir(parents=True)
    (folder / "careless.py").write_text(PACKAGE, encoding="utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: careless\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text("[shield.recognizers]\nCareless = careless:Careless\n", "utf-8")
    return folder


async def test_nothing_that_it_says_of_the_text_is_on_standard_error_or_in_a_record(
    installed: Path, tmp_path: Path
) -> None:
    path = os.pathsep.join(filter(None, (str(installed), os.environ.get("PYTHONPATH"))))
    async with fleet(
        tmp_path,
        workers=1,
        server="findings_cache: 0",
        recognizers="default, Careless",
        started_by=ANEW,
        PYTHONPATH=path,
    ) as running:
        load = Load(running.port, allowed=frozenset({503}))
        load.start(1)
        await load.more(24)
        await load.stop()
        assert load.refused[503] > 20  # four of eight
        assert await running.stop() == 0
        running.check(load)
        for log in running.logs():
            for file in log.folder.rglob("*"):
                assert not (file.is_file() and MAIL.encode() in file.read_bytes()), file
        told = b"".join(running.raw)
        for logger in (b"careless", b"py.warnings", b"python.thread", b"python.finalizer"):
            assert b'"logger":"%s"' % logger in told

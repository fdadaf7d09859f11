"""When model files are damaged under a running program, loaded models serve on and a reload is refused."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import shield
from tests.integration.supervised.fleet import ANEW, Load, fleet

CLIENTS = 4


def own_copy(folder: Path) -> Path:
    """A copy of the program, its models included, that a test may damage."""
    source = Path(shield.__file__).parent
    shutil.copytree(source, folder / "program" / "shield", ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "program"


async def test_a_damaged_model_is_refused_by_every_reload_and_the_loaded_one_serves_on(
    tmp_path: Path,
) -> None:
    program = own_copy(tmp_path)
    model = program / "shield" / "analyzer" / "ner-en" / "model.onnx"
    whole = model.read_bytes()
    own = {"PYTHONPATH": str(program), "PYTHONSAFEPATH": "1"}
    async with fleet(tmp_path, model="fast", started_by=ANEW, **own) as running:
        load = Load(running.port)
        load.start(CLIENTS)
        await load.more(20)
        model.write_bytes(whole[: len(whole) // 2])

        # A reload that loads no model does not read the file.
        since = running.signal(signal.SIGHUP)
        await running.line("reloaded", since, worker="supervisor")

        # A reload that must load it is refused in all workers.
        before = running.configuration.read_text()
        detector = 'detector: {model: "fast"'
        assert detector in before
        running.configuration.write_text(before.replace(detector, f"{detector}, phone_regions: [GB, US]"))
        since = running.signal(signal.SIGHUP)
        with load.eased():
            refused = await running.line("reload_refused", since, worker="supervisor")
        assert refused["code"] == "config_invalid"
        assert "model fast cannot be loaded" in str(refused["problems"]), refused
        assert await running.metric("shield_config_last_reload_successful") == 0
        await load.more(20)

        # So is a rolling one, which loads everything again, although a graph with one wrong bit would run.
        running.configuration.write_text(before)
        middle = len(whole) // 2
        model.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        since = running.signal(signal.SIGUSR2)
        with load.eased():
            refused = await running.line("rolling_reload_refused", since)
        assert refused["code"] == "config_invalid"
        assert "model fast cannot be loaded: model.onnx is damaged" in str(refused["problems"]), refused
        await load.more(20)

        # Nothing but restoring the file is needed.
        model.write_bytes(whole)
        since = running.signal(signal.SIGUSR2)
        with load.eased():
            await running.line("rolling_reload", since)
        await running.line("rolled", since)
        await load.more(20)
        await load.stop()
        assert await running.stop() == 0
        running.check(load)

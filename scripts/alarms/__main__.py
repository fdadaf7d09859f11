# ruff: noqa: T201  prints a table
"""Brings the alarms about on the running program, under a real Prometheus with shortened waits.

For each scene the program is started, with a storage behind it and clients before it, and something is
broken. Each alarm of the scene must fire, and must be gone after it was mended. Needs `prometheus` (Debian's
package), and a quarter of an hour for all; name alarms or scenes to try only those.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
import yaml

from scripts.alarms import scenes, scenes_running
from scripts.alarms.bench import RULES, Bench, NotSeenError, prometheus
from scripts.alarms.scenes import Scene, Seen, burns, staged

PATTERNS_ONLY = {"on_deadline": "patterns_only", "deadline": "1s"}
SCENES = (
    Scene("down", ("ShieldDown", "ShieldWatchdog"), scenes_running.down),
    Scene(
        "missing worker",
        ("ShieldWorkersMissing", "ShieldWorkerEnded", "ShieldRollingReloadUnfinished"),
        scenes_running.missing_worker,
        more={"server": {"workers": 2}},
    ),
    Scene("refused", ("ShieldReloadRefused", "ShieldRollingReloadRefused"), scenes_running.refused),
    Scene(
        "companion",
        ("ShieldCompanionEnded",),
        scenes_running.companion,
        more={"console": {"listener": {"host": "127.0.0.1", "port": 0}}},
    ),
    Scene("instances differ", ("ShieldInstancesDiffer",), scenes_running.differ),
    Scene(
        "certificates", ("ShieldCertificateExpires", "ShieldCertificateExpired"), scenes_running.certificates
    ),
    Scene(
        "held back",
        ("ShieldNearLimit", "ShieldSaturated", *burns("ShieldAvailabilityBurn")),
        scenes.held_back,
        more={"server": {"max_in_flight": 4, "queue_timeout": "200ms"}},
    ),
    Scene(
        "failing storage",
        ("ShieldUpstreamFailing", "ShieldUpstreamEndpointDown"),
        scenes.failing_storage,
        more={"upstreams": {"store": {"health_check": {"path": "/health", "interval": "500ms"}}}},
    ),
    Scene(
        "unresolved",
        ("ShieldUpstreamUnresolved",),
        scenes.unresolved,
        more={"upstreams": {"store": {"url": "http://storage.invalid:80"}}},
    ),
    Scene("unknown type", ("ShieldUnknownMediaType",), scenes.unknown_type),
    Scene("stopped loop", ("ShieldEventLoopLag",), scenes.stopped_loop),
    Scene(
        "slow recognizer",
        ("ShieldRecognizerSlow", "ShieldWorkerBusy"),
        scenes.slow_recognizer,
        more={"policies": {"default": {"detector": {"model": "fast"}}}},
    ),
    Scene("slow answers", burns("ShieldAddedLatencyBurn"), scenes.slow_answers),
    Scene(
        "too late",
        ("ShieldReducedDetection", "ShieldRescanFound", "ShieldRescanNotDone"),
        scenes.too_late,
        route=PATTERNS_ONLY,
        more={"policies": {"default": {"detector": {"model": "fast"}}}},
    ),
    Scene(
        "raising",
        ("ShieldRecognizerErrors", "ShieldBypass", "ShieldCanaryFailed"),
        scenes.raising,
        route={"on_error": "bypass"},
        more={"canaries": {"interval": "1s"}},
    ),
    Scene(
        "no canaries",
        ("ShieldCanaryMissing",),
        scenes.no_canaries,
        route={"deadline": "60s"},
        more={"canaries": {"interval": "1s"}, "policies": {"default": {"detector": {"model": "fast"}}}},
    ),
    Scene(
        "silence",
        ("ShieldEntityTypeSilent", "ShieldRecognizerSilent", "ShieldFindingsDrift", "ShieldUninspectedShare"),
        scenes.silence,
        route={"fields": [{"select": "$.raw", "action": "keep"}]},
    ),
    Scene(
        "read back",
        ("ShieldReadBackMismatch", "ShieldReadBackBlind"),
        scenes.read_back,
        route={
            "read_back": {
                "share": 1,
                "path": "/o/{id}",
                "variables": {"id": "$.id"},
                "delay": 0,
                "attempts": 1,
            }
        },
    ),
    Scene(
        "slow disk",
        ("ShieldAuditSlow", "ShieldAuditUnhealthy", *burns("ShieldEvidenceBurn")),
        scenes_running.slow_disk,
    ),
    Scene("full disk", ("ShieldAuditDiskFilling",), scenes_running.full_disk),
    Scene("unsigned", ("ShieldCheckpointStale", *burns("ShieldEvidenceBurn")), scenes_running.unsigned),
    Scene(
        "anchors",
        ("ShieldAnchorStale", "ShieldAnchorDisagrees"),
        scenes_running.anchors,
        more={"audit": {"anchors": {"vault": {"type": "directory", "path": "vault", "interval": "1s"}}}},
    ),
    Scene("lost", ("ShieldDigestKeyLost", "ShieldAuditLogBegunAnew"), scenes_running.lost),
)


def not_covered() -> set[str]:
    """The shipped alarms that no scene brings about."""
    shipped = {
        str(rule["alert"])
        for path in (RULES / "rules").glob("*.yml")
        for group in yaml.safe_load(path.read_text())["groups"]
        for rule in group["rules"]
        if "alert" in rule
    }
    return shipped - {alarm.split()[0] for scene in SCENES for alarm in scene.alarms}


async def play(bench: Bench, scene: Scene, number: int) -> bool:
    """Play one scene, and print what was seen; returns whether all of it was."""
    seen, problem, began = Seen(), "", time.monotonic()
    try:
        bench.reset()
        async with staged(bench, scene, number, seen) as stage:
            await scene.play(stage)
    except NotSeenError as error:
        problem = str(error)
    except (OSError, LookupError, aiohttp.ClientError) as error:  # the other scenes are played all the same
        problem = f"{type(error).__name__}: {error}"
    print(f"{scene.name} ({time.monotonic() - began:.0f} s)", flush=True)
    for alarm in scene.alarms:
        fired, cleared = seen.fired.get(alarm), seen.cleared.get(alarm)
        print(
            f"  {alarm:36} {'-' if fired is None else f'fired after {fired:4.1f} s':22}"
            f" {'-' if cleared is None else f'gone after {cleared:4.1f} s'}",
            flush=True,
        )
    if problem:
        print(f"  PROBLEM: {problem}", flush=True)
    return not problem and seen.fired.keys() == seen.cleared.keys() == set(scene.alarms)


async def run(wanted: list[Scene]) -> int:
    """Play the scenes one after the other; returns the exit status."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="alarms-") as place:
        async with prometheus(Path(place)) as bench:
            done = [await play(bench, scene, number) for number, scene in enumerate(wanted)]
    minutes = (time.monotonic() - began) / 60
    print(f"{sum(done)} of {len(done)} scenes as they should be, after {minutes:.1f} min")
    return 0 if all(done) else 1


def main() -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="scripts.alarms", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="an alarm, or a scene; default: all")
    parser.add_argument("--list", action="store_true", help="list the scenes and their alarms, and end")
    options = parser.parse_args()
    if options.list:
        for scene in SCENES:
            print(f"{scene.name}: {', '.join(scene.alarms)}")
        return 0
    if not shutil.which("prometheus"):
        print("skipped: prometheus is not installed (Debian: apt-get install prometheus)")
        return 0
    asked = set(options.names)
    names = {scene.name: {scene.name, *(alarm.split()[0] for alarm in scene.alarms)} for scene in SCENES}
    if unknown := asked.difference(*names.values()):
        parser.error(f"there is no such alarm or scene: {', '.join(sorted(unknown))}")
    return asyncio.run(run([scene for scene in SCENES if not asked or asked & names[scene.name]]))


if __name__ == "__main__":
    sys.exit(main())

"""Makes the shield's configurations for the benchmarks: the quick start's, with other ports and detectors.

- `none`: no detector and no entity; only decode, encode, audit and forward remain;
- `patterns`: the recognizers of the quick start, without the named-entity model;
- `full`: the quick start as it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from benchmarks.processes import ROOT

QUICKSTART = ROOT / "config" / "quickstart.yaml"
NAMED = ("PERSON", "LOCATION")  # what only the named-entity model finds


def shield_settings(
    variant: str, *, proxy_port: int, admin_port: int, upstream_port: int, work: Path
) -> dict[str, Any]:
    """The configuration as data."""
    settings: dict[str, Any] = yaml.safe_load(QUICKSTART.read_text())
    del settings["console"]  # a process beside the proxy, which is measured alone
    settings["listeners"]["proxy"]["port"] = proxy_port
    settings["listeners"]["admin"]["port"] = admin_port
    settings["upstreams"]["store"]["url"] = f"http://127.0.0.1:{upstream_port}"
    settings["audit"]["directory"] = str(work / f"audit-{variant}")
    settings["audit"]["origin"] = f"benchmark.shield.example/{variant}"
    for policy in settings["policies"].values():
        if variant == "patterns":
            policy["detector"]["model"] = "none"
            policy["entities"] = {
                entity: operator for entity, operator in policy["entities"].items() if entity not in NAMED
            }
        elif variant == "none":
            policy["detector"] |= {"model": "none", "recognizers": []}
            policy["entities"] = {}
            policy.pop("allow_lists", None)
    if variant != "full":  # a rule that makes a field a PERSON would be a finding of its own
        for route in settings["routes"]:
            route["fields"] = [rule for rule in route.get("fields", ()) if rule["action"] != "treat_as"]
    # Some detectors need longer for a transcript of 100 KB than the default deadline, and time is measured.
    for route in settings["routes"]:
        route["deadline"] = "120s"
        route.pop("read_back", None)  # reads of the upstream are not measured
    return settings


def write_shield_config(
    variant: str, *, proxy_port: int, admin_port: int, upstream_port: int, work: Path
) -> Path:
    """The configuration as a file in `work`."""
    settings = shield_settings(
        variant, proxy_port=proxy_port, admin_port=admin_port, upstream_port=upstream_port, work=work
    )
    path = work / f"shield-{variant}.yaml"
    path.write_text(yaml.safe_dump(settings, sort_keys=False))
    return path

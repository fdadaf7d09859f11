# ruff: noqa: INP001, T201  a script: it prints
"""Check `docker-compose.yml`, the manifests and the boards against the published schemas of their readers.

    python scripts/check_deployment.py

The compose file is parsed by a strict reader of the Compose Specification (`compose-spec`). Each board is
read with Grafana's own typed schema (`grafana-foundation-sdk`) and written again: the result must be equal,
so that no field, except those in `NEWER`, is unknown to Grafana. The manifests of `config/kubernetes` are
checked against the API's own schemas (`kubernetes-validate`), for the first version that has all of their
fields and the newest one available; unknown fields are refused.

What this cannot show: that the images start, that a cluster admits the pods, and that a board looks right.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import kubernetes_validate
import yaml
from compose_spec import PyCompose
from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

PROJECT = Path(__file__).resolve().parent.parent
BOARDS = PROJECT / "config" / "observability" / "grafana" / "dashboards"
MANIFESTS = PROJECT / "config" / "kubernetes"
OLDEST_CLUSTER = "1.29"
"""The first version in which `ReadWriteOncePod` is stable."""
NEWER = {".annotations.list[].titleFormat", ".templating.list[].definition"}
"""Fields that Grafana writes itself and that the schema's release leaves out."""
_INDEX = re.compile(r"\[\d+\]")


def differences(before: object, after: object, path: str = "") -> Iterator[str]:
    """The paths in `before` that `after` lacks, or where it differs."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name, value in before.items():
            if name in after:
                yield from differences(value, after[name], f"{path}.{name}")
            else:
                yield f"{path}.{name}"
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differences(one, other, f"{path}[{place}]")
    elif before != after:
        yield path


def unfit(manifest: dict[str, object]) -> Iterator[str]:
    """What a cluster would refuse in `manifest`, by version."""
    for version in (OLDEST_CLUSTER, kubernetes_validate.latest_version()):
        try:
            kubernetes_validate.validate(manifest, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"{version}: {error}"


def main() -> int:
    """Exit code 0 when all fit."""
    try:
        services = PyCompose.from_yaml((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))
    except ValueError as error:
        print(f"docker-compose.yml: {error}")
        return 1
    print(f"docker-compose.yml: {', '.join(sorted(services.service_names()))}")
    plugins.register_default_plugins()
    failed = False
    for path in sorted(BOARDS.glob("*.json")):
        raw = json.loads(path.read_text(encoding="utf-8"))
        again = json.loads(JSONEncoder().encode(Dashboard.from_json(raw)))
        unknown = sorted({_INDEX.sub("[]", place) for place in differences(raw, again)} - NEWER)
        print(f"{path.name}: {'; '.join(unknown) or 'fits'}")
        failed |= bool(unknown)
    for name in yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]:
        manifests = yaml.safe_load_all((MANIFESTS / name).read_text(encoding="utf-8"))
        problems = [problem for manifest in manifests for problem in unfit(manifest)]
        print(f"{name}: {'; '.join(problems) or 'fits'}")
        failed |= bool(problems)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

"""The files of `config/kubernetes` agree with each other, with the image and with the program."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from shield.config.loader import load_settings
from shield.config.settings import Settings
from shield.supervisor.fleet import STOP_MARGIN
from tests.integration.proxy.certificates import Certificates

PROJECT = Path(__file__).parents[2]
FOLDER = PROJECT / "config" / "kubernetes"
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")


def manifests(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def pod() -> dict[str, Any]:
    (stateful_set,) = manifests("stateful-set.yaml")
    pod: dict[str, Any] = stateful_set["spec"]["template"]["spec"]
    return pod


@pytest.fixture(scope="module")
def container(pod: dict[str, Any]) -> dict[str, Any]:
    (container,) = pod["containers"]
    return dict(container)


@pytest.fixture
def settings(tmp_path: Path, container: dict[str, Any]) -> Settings:
    certificates = Certificates.made(tmp_path)
    text = (FOLDER / "shield.yaml").read_text(encoding="utf-8")
    for name, file in (("tls.crt", certificates.certificate), ("tls.key", certificates.key)):
        assert f"/etc/shield/tls/{name}" in text
        text = text.replace(f"/etc/shield/tls/{name}", str(file))
    (tmp_path / "shield.yaml").write_text(text, encoding="utf-8")
    return load_settings(
        tmp_path / "shield.yaml", {variable["name"]: "shield-0" for variable in container["env"]}
    )


def test_each_file_is_named() -> None:
    (kustomization,) = manifests("kustomization.yaml")
    named = {*kustomization["resources"], *kustomization["configMapGenerator"][0]["files"]}
    assert named == {path.name for path in FOLDER.iterdir()} - {"kustomization.yaml"}


def test_ports_are_the_listeners(settings: Settings, container: dict[str, Any]) -> None:
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert ports == {"proxy": settings.proxy.port, "admin": settings.admin.port}
    for service in manifests("services.yaml"):
        assert [port["port"] for port in service["spec"]["ports"]] == [
            ports[port["targetPort"]] for port in service["spec"]["ports"]
        ]
    probes = [container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")]
    assert [(probe["port"], probe["path"]) for probe in probes] == [
        ("admin", "/healthz"),
        ("admin", "/healthz"),
        ("admin", "/readyz"),
    ]


def test_a_pod_has_the_time_that_a_stop_takes(
    settings: Settings, pod: dict[str, Any], container: dict[str, Any]
) -> None:
    _, seconds = container["lifecycle"]["preStop"]["exec"]["command"]
    stop = settings.server.drain_timeout + settings.server.drain_idle + STOP_MARGIN
    assert pod["terminationGracePeriodSeconds"] > int(seconds) + stop


def test_who_runs_and_where_it_writes_is_the_images(
    settings: Settings, pod: dict[str, Any], container: dict[str, Any]
) -> None:
    security = pod["securityContext"]
    assert f"USER {security['runAsUser']}:{security['runAsGroup']}\n" in DOCKERFILE
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert f'VOLUME ["{mounts["state"]}"]' in DOCKERFILE
    assert settings.audit.directory.parent == Path(mounts["state"])
    assert f'"-c", "{mounts["configuration"]}"]' in DOCKERFILE
    (claim,) = manifests("stateful-set.yaml")[0]["spec"]["volumeClaimTemplates"]
    assert (FOLDER / "shield.yaml").read_text(encoding="utf-8").count(f"{mounts['tls']}/tls.") == 2
    assert set(mounts) == {claim["metadata"]["name"], *(volume["name"] for volume in pod["volumes"])}


def test_selectors_find_the_pods() -> None:
    (stateful_set,) = manifests("stateful-set.yaml")
    labels = stateful_set["spec"]["template"]["metadata"]["labels"]
    found = re.findall(
        r"(?:matchLabels|selector): \{(app[^}]*)\}",
        "\n".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))),
    )
    assert len(found) == 6
    assert {tuple(pair.split(": ")) for pair in found} == set(labels.items())

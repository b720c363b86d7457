"""The manifests are what Kubernetes takes, name only what exists, and give a process what it needs and no more."""

from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from kubernetes_validate.utils import SchemaNotFoundError, ValidationError

from shared.ops.found import names
from shared.ops.roles import ROLES
from shared.ops.settings import PREFIX, Settings
from shared.run import serving, supervising
from shared.web import health
from shared.web.app import DESCRIPTION
from tests.deploy.programs import needed, output
from tests.shared.ops.commanding import ROOT

Manifest = dict[str, Any]

FOLDER = ROOT / "deploy" / "kubernetes"
EXAMPLE = FOLDER / "overlays" / "example"
OLDEST, NEWEST = "1.32", kubernetes_validate.latest_version()
OF_KUSTOMIZE = "kustomization.yaml"
FILES = sorted(path for path in FOLDER.rglob("*.yaml") if path.name != OF_KUSTOMIZE)
KUSTOMIZATIONS = sorted(FOLDER.rglob(OF_KUSTOMIZE))
SETTINGS = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


def called(path: Path) -> str:
    return str(path.relative_to(FOLDER))


@cache
def rendered() -> list[Manifest]:
    """The example as it would be applied."""
    program = needed("kubectl", "kustomize")
    verb = "kustomize" if Path(program).name == "kubectl" else "build"
    return list(yaml.safe_load_all(output(program, verb, str(EXAMPLE), cwd=ROOT)))


def of(kind: str) -> dict[str, Manifest]:
    return {one["metadata"]["name"]: one for one in rendered() if one["kind"] == kind}


def pods() -> dict[str, Manifest]:
    """The pods' templates, by the name of what makes them."""
    return {name: one["spec"]["template"] for kind in ("Deployment", "Job") for name, one in of(kind).items()}


def processes() -> list[str]:
    """The names of what runs a role of a service."""
    return [name for name in of("Deployment") if not name.endswith("-tool")]


def containers() -> dict[str, Manifest]:
    return {name: container for name, pod in pods().items() for container in pod["spec"]["containers"]}


def secrets_of(container: Manifest) -> dict[str, str]:
    given = {one["name"]: one["valueFrom"]["secretKeyRef"]["name"] for one in container.get("env", ())}
    assert len(given) == len(container.get("env", ())), "a variable twice"
    return given


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("path", FILES, ids=called)
def test_a_file_is_what_the_official_schema_says(path: Path, version: str) -> None:
    for manifest in yaml.safe_load_all(path.read_text()):
        kubernetes_validate.validate(manifest, version, strict=True)


def test_a_field_that_does_not_exist_would_be_refused() -> None:
    manifest = yaml.safe_load((FOLDER / "base" / "relay.yaml").read_text())
    manifest["spec"]["template"]["spec"]["containers"][0]["livenessProbes"] = {}
    with pytest.raises(ValidationError):
        kubernetes_validate.validate(manifest, NEWEST, strict=True)
    with pytest.raises(SchemaNotFoundError):
        kubernetes_validate.validate({**manifest, "kind": "Deploymint"}, NEWEST, strict=True)


@pytest.mark.parametrize("path", KUSTOMIZATIONS, ids=called)
def test_a_kustomization_names_files_that_are_there_and_all_of_its_own(path: Path) -> None:
    asked = yaml.safe_load(path.read_text())
    named = {(path.parent / one).resolve() for one in [*asked.get("resources", ()), *asked.get("components", ())]}
    assert {one for one in named if not one.exists()} == set()
    assert {one for one in path.parent.glob("*.yaml") if one.name != OF_KUSTOMIZE} <= named


def test_every_service_has_its_kustomization_under_its_own_name_and_is_in_the_example() -> None:
    assert sorted(path.name for path in (FOLDER / "services").iterdir()) == names()
    in_example = yaml.safe_load((EXAMPLE / OF_KUSTOMIZE).read_text())["resources"]
    for name in names():
        assert f"../../services/{name}" in in_example
        asked = yaml.safe_load((FOLDER / "services" / name / OF_KUSTOMIZE).read_text())
        assert asked["namePrefix"] == f"{name}-"
        assert [one["pairs"]["app.kubernetes.io/name"] for one in asked["labels"]] == [name]
        assert [one["newName"] for one in asked["images"]] == [f"luotsi/{name}"]


def test_the_rendered_example_is_what_the_official_schemas_say() -> None:
    for manifest in rendered():
        for version in (OLDEST, NEWEST):
            kubernetes_validate.validate(manifest, version, strict=True)


def test_a_process_of_each_role_runs_of_each_service() -> None:
    assert {name: (one["image"].split(":")[0], one["args"]) for name, one in containers().items() if "args" in one} == {
        f"{service}-{role}": (f"registry.example.org/luotsi/{service}", [role])
        for service in names()
        for role in ROLES
        if role != "run"
    }


def test_every_variable_is_a_setting_and_every_name_that_is_pointed_at_exists() -> None:
    maps = of("ConfigMap")
    for name, container in containers().items():
        given = [
            *container.get("env", ()),
            *({"name": key} for one in container["envFrom"] for key in maps[one["configMapRef"]["name"]]["data"]),
        ]
        assert {one["name"] for one in given} <= SETTINGS, name
    for name, scaler in of("HorizontalPodAutoscaler").items():
        assert scaler["spec"]["scaleTargetRef"]["name"] in of("Deployment"), name
        assert "replicas" not in of("Deployment")[name]["spec"]


def test_the_settings_of_the_example_would_start_every_role() -> None:
    (shared,) = of("ConfigMap").values()
    for container in containers().values():
        secret = dict.fromkeys(secrets_of(container), "postgresql://somebody:secret@server/database")
        given = {**shared["data"], **secret, "LUOTSI_TOKEN_SECRET": ""}
        Settings(**{name.removeprefix(PREFIX).lower(): value or None for name, value in given.items()})


def test_secrets_are_each_services_own_and_the_owners_only_where_tables_are_made() -> None:
    assert of("Secret") == {}
    for name, container in containers().items():
        service, _, role = name.rpartition("-")
        expected = {"LUOTSI_DSN": f"{service}-database"}
        if role == "preparation":
            expected["LUOTSI_MIGRATE_DSN"] = f"{service}-database-owner"
        if role == "api":
            expected["LUOTSI_TOKEN_SECRET"] = f"{service}-tokens"
        assert secrets_of(container) == expected


def test_pods_have_no_rights_and_their_limits() -> None:
    for name, pod in pods().items():
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] == 10001, "the user of the image"
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        (container,) = spec["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"cpu", "memory"} <= set(container["resources"]["requests"])
        assert "memory" in container["resources"]["limits"]
        assert all(set(volume) == {"name", "emptyDir"} for volume in spec.get("volumes", ())), name
    assert "useradd --uid 10001" in (ROOT / "deploy" / "Dockerfile").read_text()


def test_probes_ask_what_a_process_answers() -> None:
    routes = {route.path for route in health.routes("any", {})}
    for name in processes():
        container = containers()[name]
        asked = {probe: container[f"{probe}Probe"]["httpGet"] for probe in ("startup", "liveness", "readiness")}
        assert {probe: (one["path"], one["port"]) for probe, one in asked.items()} == {
            "startup": ("/livez", "http"),
            "liveness": ("/livez", "http"),
            "readiness": ("/readyz", "http"),
        }
        assert container["ports"] == [{"name": "http", "containerPort": 8000}]
        assert container["readinessProbe"]["timeoutSeconds"] > health.PATIENCE, "an answer that says what is missing"
        scraped = pods()[name]["metadata"]["annotations"]
        assert {scraped["prometheus.io/path"], "/livez", "/readyz"} <= routes
        assert scraped["prometheus.io/port"] == "8000"


def test_a_pod_is_given_the_time_that_its_process_takes_to_finish() -> None:
    """At most two parts of a role are asked to come to an end, one after the other; then what was begun is finished."""
    longest = 2 * supervising.GRACE_SECONDS
    for name in processes():
        before = containers()[name].get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        assert pods()[name]["spec"]["terminationGracePeriodSeconds"] >= longest + before
        assert (before > 0) == name.endswith("-api"), "who is asked from outside waits until nobody sends anything new"
    assert serving.GRACE_SECONDS < supervising.GRACE_SECONDS


def test_whatever_selects_pods_finds_them() -> None:
    labels = {name: pod["metadata"]["labels"] for name, pod in pods().items()}

    def found(selector: dict[str, str]) -> set[str]:
        return {name for name, has in labels.items() if selector.items() <= has.items()}

    for name, deployment in of("Deployment").items():
        assert found(deployment["spec"]["selector"]["matchLabels"]) == {name}
    for name, budget in of("PodDisruptionBudget").items():
        assert found(budget["spec"]["selector"]["matchLabels"]) == {name}
    assert set(of("PodDisruptionBudget")) == {f"{service}-{role}" for service in names() for role in ("api", "worker")}
    for name, address in of("Service").items():
        assert found(address["spec"]["selector"]) == {name}
    for name, policy in of("NetworkPolicy").items():
        service = name.rpartition("-")[0]
        chosen = found(policy["spec"]["podSelector"]["matchLabels"])
        assert chosen == ({name} if name.endswith("-api") else {one for one in labels if one.startswith(service)})


def test_from_outside_only_what_front_ends_need() -> None:
    for ingress in of("Ingress").values():
        for path in (path for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]):
            backend = path["backend"]["service"]
            ports = of("Service")[backend["name"]]["spec"]["ports"]
            assert backend["port"]["name"] in [port["name"] for port in ports]
            assert path["path"] in ("/v1", DESCRIPTION)

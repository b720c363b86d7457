"""What the handbook tells to type for putting Luotsi up names what the manifests have."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from tests.deploy.handbook import CHAPTERS, FILE, INSTALLING
from tests.deploy.programs import needed, output
from tests.deploy.test_kubernetes import containers, of, rendered
from tests.shared.ops.commanding import ROOT

TYPED = [command.text for chapter in INSTALLING for step in CHAPTERS[chapter] for command in step.commands]


def secret_keys() -> dict[str, set[str]]:
    """Every secret that must be there, with the keys that are read from it."""
    wanted: dict[str, set[str]] = {}
    for container in containers().values():
        for variable in container.get("env", ()):
            reference = variable["valueFrom"]["secretKeyRef"]
            if not reference.get("optional"):
                wanted.setdefault(reference["name"], set()).add(reference["key"])
    return wanted


def test_all_secrets_that_pods_need_are_made() -> None:
    kubectl, made = needed("kubectl"), {}
    for command in TYPED:
        if "create secret" in command:
            words = shlex.split(command)[1:]
            manifest = yaml.safe_load(output(kubectl, *words, "--dry-run=client", "--output=yaml", cwd=ROOT))
            made[manifest["metadata"]["name"]] = set(manifest["data"])
    assert made == secret_keys()


def test_what_is_waited_for_applied_or_deleted_exists() -> None:
    known = {f"{one['kind'].lower()}/{one['metadata']['name']}" for one in rendered()}
    for command in TYPED:
        words = shlex.split(command)
        assert words.pop(0) == "kubectl"
        assert {word for word in words if re.match(r"(job|deployment)/", word)} <= known
        if "delete" in words:
            assert f"job/{words[-1]}" in known
        if "--kustomize" in words:
            assert Path(ROOT, words[-1]).is_dir()
        if "--namespace" in words:
            assert words[words.index("--namespace") + 1] in of("Namespace")


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(#([^)]*)\)", FILE.read_text()))))
def test_the_handbook_points_to_chapters_that_are_there(target: str) -> None:
    assert target in CHAPTERS


def test_the_handbook_explains_every_alert() -> None:
    rules = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text())
    text = FILE.read_text()
    for rule in (rule for group in rules["groups"] for rule in group["rules"]):
        title = rule["annotations"]["runbook"].partition("#")[2]
        assert f"`{rule['alert']}`" in text, rule["alert"]
        assert CHAPTERS[title], f"{title} has no commands"

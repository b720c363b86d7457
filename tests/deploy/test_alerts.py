"""Alerts ask for what is measured, say what to do, and fire when they should."""

import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from typer.main import get_command

from shared.ops.cli import commands
from tests.deploy.handbook import CHAPTERS
from tests.deploy.programs import needed, output
from tests.deploy.promql import results, wrong
from tests.shared.ops.commanding import ROOT

FOLDER = ROOT / "deploy" / "prometheus"
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"] for rule in group["rules"]
]
each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])


@each_rule
def test_an_alert_asks_for_series_and_labels_that_are_declared(rule: dict[str, Any]) -> None:
    assert wrong(rule["expr"]) == []


@each_rule
def test_an_alert_says_how_bad_it_is_what_to_ask_and_where_to_read(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("critical", "warning")
    said = rule["annotations"]
    assert set(said) == {"summary", "command", "runbook"}
    used = set(re.findall(r"\$labels\.(\w+)", said["summary"] + said["command"]))
    assert used <= results(rule["expr"]), "a label that the result has not"
    file, _, anchor = said["runbook"].partition("#")
    assert (file, anchor in CHAPTERS) == ("deploy/README.md", True)


@each_rule
def test_the_command_of_an_alert_can_be_asked(rule: dict[str, Any]) -> None:
    words = shlex.split(re.sub(r"{{ \$labels\.\w+ }}", "onboarding", rule["annotations"]["command"]))
    assert words.pop(0) == "luotsi"
    verb: Any = get_command(commands)
    context = click.Context(verb)
    while isinstance(verb, click.Group):
        name = words.pop(0)
        verb = verb.get_command(context, name)
        assert verb is not None, f"there is no verb {name}"
    verb.make_context(verb.name, words, resilient_parsing=False)


def test_what_nobody_declared_is_found() -> None:
    assert wrong("luotsi_store_head > 1") == []
    assert wrong("rate(luotsi_commands[5m])") == ["there is no series luotsi_commands"]
    assert wrong('sum by (stream) (luotsi_parked_facts{tenant="x"})') == [
        "luotsi_parked_facts has no label stream, tenant"
    ]
    assert wrong("sum by (le) (rate(luotsi_append_seconds_sum[5m]))") == ["luotsi_append_seconds_sum has no label le"]


def test_prometheus_accepts_the_rules_and_its_settings(tmp_path: Path) -> None:
    """Its own list of pods apart: not every build of it has Kubernetes in it."""
    promtool = needed("promtool")
    settings = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
    for job in settings["scrape_configs"]:
        assert job.pop("kubernetes_sd_configs")
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(settings))
    shutil.copy(FOLDER / "alerts.yml", tmp_path)
    said = output(promtool, "check", "config", "prometheus.yml", cwd=tmp_path)
    assert f"{len(RULES)} rules found" in said


def test_alerts_fire_on_bad_days_and_on_no_others(tmp_path: Path) -> None:
    promtool = needed("promtool")
    for file in (FOLDER / "alerts.yml", Path(__file__).with_name("alerts.test.yml")):
        shutil.copy(file, tmp_path)
    output(promtool, "test", "rules", "alerts.test.yml", cwd=tmp_path)

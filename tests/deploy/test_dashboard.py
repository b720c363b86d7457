"""The dashboard shows what is measured, all of it, and is a dashboard."""

import json
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from tests.deploy.promql import declared, selected, wrong
from tests.shared.ops.commanding import ROOT

BOARD: dict[str, Any] = json.loads((ROOT / "deploy" / "grafana" / "luotsi.json").read_text())
PANELS = [panel for panel in BOARD["panels"] if panel["type"] != "row"]


def expressions() -> Iterator[str]:
    for panel in PANELS:
        for target in panel["targets"]:
            yield _filled(target["expr"])
    for annotation in BOARD["annotations"]["list"]:
        yield _filled(annotation["expr"])


def _filled(expression: str) -> str:
    """As Grafana sends it."""
    return expression.replace("$__rate_interval", "1m").replace("$service", "onboarding|coaching")


def test_every_panel_asks_for_series_and_labels_that_are_declared() -> None:
    found = {expression: wrong(expression) for expression in expressions()}
    assert not {expression: said for expression, said in found.items() if said}


def test_whatever_is_measured_can_be_seen() -> None:
    seen = {name for expression in expressions() for name, _ in selected(expression)}
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in declared()}
    assert {family for family in families if not any(name.startswith(family) for name in seen)} == set()


def test_legends_name_labels_that_the_expression_leaves() -> None:
    for panel in PANELS:
        for target in panel["targets"]:
            grouped = {label for by in re.findall(r"by \(([^)]*)\)", target["expr"]) for label in by.split(", ")}
            assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= grouped, panel["title"]


def test_panels_have_a_place_and_an_id_of_their_own_and_say_what_they_show() -> None:
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])
    assert all(panel["title"] and panel["description"] for panel in PANELS)
    for one, other in combinations((panel["gridPos"] for panel in BOARD["panels"]), 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below, (one, other)


def test_every_panel_asks_the_chosen_prometheus() -> None:
    assert {json.dumps(panel["datasource"]) for panel in PANELS} == {'{"type": "prometheus", "uid": "${datasource}"}'}
    assert {one["name"] for one in BOARD["templating"]["list"]} == {"datasource", "service"}
    assert BOARD["schemaVersion"] == 42

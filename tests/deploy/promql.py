"""What a PromQL expression asks for, read by a parser of PromQL, beside what the platform declares."""

from collections.abc import Iterator
from typing import Any

import promql_parser
from prometheus_client import Counter, Gauge, Histogram

from shared.telemetry import metrics

OF_THE_TARGET = frozenset({"job", "instance", "namespace", "pod"})  # what Prometheus itself adds
FOREIGN = {
    "up": frozenset[str](),
    "ALERTS": frozenset({"alertname", "alertstate", "severity", "service"}),
    "node_filesystem_avail_bytes": frozenset({"fstype", "mountpoint", "device"}),
    "node_filesystem_size_bytes": frozenset({"fstype", "mountpoint", "device"}),
}


def declared() -> dict[str, frozenset[str]]:
    """Every series of the platform, and its labels."""
    series: dict[str, frozenset[str]] = {}
    for metric in vars(metrics).values():
        if isinstance(metric, Counter | Gauge | Histogram):
            series |= _series(metric, frozenset(metric._labelnames))
    return series


def _series(metric: Counter | Gauge | Histogram, labels: frozenset[str]) -> dict[str, frozenset[str]]:
    name = metric._name
    match metric:
        case Counter():
            return {f"{name}_total": labels}
        case Gauge():
            return {name: labels}
        case Histogram():
            return {f"{name}_bucket": labels | {"le"}, f"{name}_sum": labels, f"{name}_count": labels}


def selected(expression: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Every series it selects, with the labels by which it does, and those it groups by above it."""
    yield from _selected(promql_parser.parse(expression), frozenset())


def _selected(node: Any, grouped: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    match node:
        case promql_parser.VectorSelector():
            yield str(node.name), grouped | {matcher.name for matcher in node.matchers.matchers}
        case promql_parser.MatrixSelector():
            yield from _selected(node.vector_selector, grouped)
        case promql_parser.AggregateExpr():
            yield from _selected(node.expr, frozenset(node.modifier.labels) if node.modifier else frozenset())
        case promql_parser.Call():
            for argument in node.args:
                yield from _selected(argument, grouped)
        case promql_parser.BinaryExpr():
            yield from _selected(node.lhs, grouped)
            yield from _selected(node.rhs, grouped)
        case promql_parser.ParenExpr() | promql_parser.SubqueryExpr() | promql_parser.UnaryExpr():
            yield from _selected(node.expr, grouped)


def results(expression: str) -> frozenset[str]:
    """The labels that its result can have."""
    return _results(promql_parser.parse(expression))


def _results(node: Any) -> frozenset[str]:
    match node:
        case promql_parser.VectorSelector():
            return known()[str(node.name)] | OF_THE_TARGET
        case promql_parser.MatrixSelector():
            return _results(node.vector_selector)
        case promql_parser.AggregateExpr():
            return frozenset(node.modifier.labels) if node.modifier else frozenset()
        case promql_parser.Call():
            dropped = {"le"} if node.func.name == "histogram_quantile" else set()
            return frozenset().union(*map(_results, node.args)) - dropped
        case promql_parser.BinaryExpr():
            return _results(node.lhs) or _results(node.rhs)
        case promql_parser.ParenExpr() | promql_parser.SubqueryExpr() | promql_parser.UnaryExpr():
            return _results(node.expr)
    return frozenset()


def known() -> dict[str, frozenset[str]]:
    return declared() | FOREIGN


def wrong(expression: str) -> list[str]:
    """What it asks for that there isn't."""
    series = known()
    found = []
    for name, labels in selected(expression):
        if name not in series:
            found.append(f"there is no series {name}")
        elif strange := labels - series[name] - OF_THE_TARGET:
            found.append(f"{name} has no label {', '.join(sorted(strange))}")
    return found

"""`python -m tests.bench [NAME …] [--json]`: each name prints a line, or with --json one JSON object last."""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from shared.telemetry.logs import only_warnings
from tests.bench import servers
from tests.bench.measure import Result

ORDER = ("append", "desk", "http", "relay", "listener", "policies", "latency", "board", "rebuild", "beside")
COLUMNS = ("name", "ours", "unit", "peers", "ratio", "limit", "of_limit")


def table(results: list[dict[str, Any]]) -> Table:
    shown = Table(title="medians of interleaved runs")
    for column in (*COLUMNS, "more"):
        shown.add_column(column)
    for result in results:
        more = {key: value for key, value in result.items() if key not in COLUMNS}
        shown.add_row(*(str(result.get(column)) for column in COLUMNS), str(more))
    return shown


def run(name: str, room: Path) -> dict[str, Any]:
    result: Result = importlib.import_module(f"tests.bench.{name}").bench(room)
    return result.as_dict()


def main(arguments: list[str]) -> int:
    names = [argument for argument in arguments if not argument.startswith("-")] or list(ORDER)
    if unknown := [name for name in names if name not in ORDER]:
        print(f"no benchmark is named {', '.join(unknown)}; there are {', '.join(ORDER)}", file=sys.stderr)
        return 2
    only_warnings()
    progress, results = Console(stderr=True), []
    with servers.room() as room:
        for name in names:
            progress.print(f"{name} …")
            results.append(run(name, room))
            if "--json" in arguments:
                print(json.dumps(results[-1]))
    if "--json" not in arguments:
        Console(width=180).print(table(results))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

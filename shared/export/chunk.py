"""Facts cut into partitions and written, hive style: name=…/day=…, the UTC day of `recorded_at`."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pyarrow as pa
from pyarrow import parquet

from shared.export.reading import SCHEMA

_TEXT_OF_MANY: Final = ["stream", "id", "correlation_id", "causation_id", "traceparent", "data"]


def write(pages: Sequence[pa.Table], folder: Path, called: str) -> list[Path]:
    """One file per partition, in position order inside; returns their paths relative to `folder`."""
    written = []
    for name, day, facts in _partitions(pages):
        path = Path(f"name={quote(name, safe='')}", f"day={day.isoformat()}", called)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        parquet.write_table(
            facts,
            folder / path,
            compression="zstd",
            use_dictionary=[column for column in SCHEMA.names if column not in _TEXT_OF_MANY],
        )
        written.append(path)
    return written


def _partitions(pages: Sequence[pa.Table]) -> Iterator[tuple[str, date, pa.Table]]:
    facts = pa.concat_tables(pages)
    facts = facts.append_column("day", facts["recorded_at"].cast(pa.date32()))
    facts = facts.sort_by([("name", "ascending"), ("day", "ascending"), ("position", "ascending")])
    runs = facts.group_by(["name", "day"]).aggregate([([], "count_all")])
    start = 0
    for run in runs.sort_by([("name", "ascending"), ("day", "ascending")]).to_pylist():
        yield run["name"], run["day"], facts.slice(start, run["count_all"]).select(SCHEMA.names)
        start += run["count_all"]

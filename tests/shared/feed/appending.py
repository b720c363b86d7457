"""Facts straight into a store, by the function that the appender calls."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

from shared.store.database import Database

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
NOON = datetime(2027, 3, 1, 12, 30, tzinfo=timezone(timedelta(hours=2)))
_APPEND = """select outcome from append(
    $1::text[], $2::text[], $3::int[], $4::uuid[], $5::bytea[], $6::timestamptz[], $7::smallint[], $8::text[],
    $9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[],
    $16::int[], $17::text[], $18::uuid[], $19::text[])"""


class Appending:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._versions: Counter[str] = Counter()

    async def facts(
        self, count: int, *, streams: int = 7, name: str = "shop.sold", tenant: str = "acme", size: int = 10
    ) -> None:
        """`count` facts, one after the other on `streams` streams, in one statement."""
        chosen = [f"shop.till-{number % streams}" for number in range(count)]
        expected = [self._next(tenant + stream) for stream in chosen]
        data = [json.dumps({"version": version, "note": "ä" * (size // 2)}, ensure_ascii=False) for version in expected]
        await self._append(tenant, chosen, expected, name, data)

    def _next(self, stream: str) -> int:
        self._versions[stream] += 1
        return self._versions[stream] - 1

    async def _append(
        self, tenant: str, streams: Sequence[str], expected: Sequence[int], name: str, data: Sequence[str]
    ) -> None:
        """Commands of one stream never share a statement, so each stream gets one with all its facts."""
        order = list(dict.fromkeys(streams))
        first = dict(reversed(list(zip(streams, expected, strict=True))))
        commands, each = [order.index(stream) + 1 for stream in streams], len(order)
        causations = [uuid4() if number % 2 else None for number in range(each)]
        traces = [TRACE if number % 3 else None for number in range(each)]
        values: list[list[Any]] = [
            [tenant] * each, order, [first[stream] for stream in order], [uuid4() for _ in order], [b"h"] * each,
            [NOON] * each, [120] * each, ["ada"] * each, [uuid4() for _ in order], causations, traces,
            *[[None] * each for _ in ("asker", "command", "refusal", "reason")],
            commands, [name] * len(streams), [uuid4() for _ in streams], list(data),
        ]  # fmt: skip
        async with self._database.driver() as driver:
            rows = await driver.fetch(_APPEND, *values)
        assert {row["outcome"] for row in rows} == {"appended"}

"""Facts in, rows out; and the proof that the order between streams changes no row.

`history` makes the facts of one stream, `folded` the rows of a read model from facts in the order given. Every row is
folded as it comes back from its table, and must be left as it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from shared.core.event import Event, Recorded, source_of
from shared.core.ids import derive
from shared.core.readmodel import ReadModel, Rows
from shared.store.codec import Codec, NoKeys
from shared.testing.scenario import SOME_MORNING, SOMEBODY
from shared.web.personal import marks_of

MINUTE = timedelta(minutes=1)
Folded = Mapping[type[Any], Mapping[Any, Any]]


class Fact(NamedTuple):
    event: Event
    recorded: Recorded


def history(stream: str, *events: Event, at: datetime = SOME_MORNING) -> tuple[Fact, ...]:
    """The facts of one stream, a minute apart, read from the JSON they are stored as."""
    return tuple(_fact(stream, n, event, at + MINUTE * n) for n, event in enumerate(events, start=1))


def _fact(stream: str, version: int, event: Event, at: datetime) -> Fact:
    data = event.model_dump_json()
    recorded = Recorded(
        source=source_of(event.event_name),
        position=version,
        tenant="org",
        stream=stream,
        version=version,
        name=event.event_name,
        id=derive("fact", stream, version),
        at=at,
        recorded_at=at,
        actor=SOMEBODY,
        correlation_id=derive("correlation", stream),
        causation_id=None,
        traceparent=None,
        data=data,
    )
    return Fact(type(event).model_validate_json(data), recorded)


def folded(read_model: ReadModel, facts: Iterable[Fact]) -> Folded:
    """The rows by row class and key; a one-column key stands for itself."""
    tables: dict[type[Any], dict[Any, Any]] = {kind.row: {} for kind in read_model.rows}
    for fact in facts:
        for kind in read_model.rows:
            if fact.recorded.name in kind.events:
                _fold(kind, tables[kind.row], fact)
    return tables


def _fold(kind: Rows, rows: dict[Any, Any], fact: Fact) -> None:
    for key in kind.keys(*fact):
        name = key if len(key) > 1 else key[0]
        stored = _stored(rows.get(name))
        row = _read(kind.row, stored)
        after = kind.fold(row, *fact)
        assert _stored(row) == stored, f"{kind.row.__name__}: the fold changed the row it was given"
        rows.pop(name, None)
        if after is not None:
            rows[name] = after
            assert tuple(getattr(after, column) for column in kind.key) == key, "a row stands under its own key"


@cache
def _adapter(row: Any) -> TypeAdapter[Any]:
    return TypeAdapter(row)


def _stored(row: Any) -> bytes | None:
    if row is None:
        return None
    kind: Any = type(row)
    return _adapter(kind).dump_json(row)


def _read(row: Any, stored: bytes | None) -> Any:
    return None if stored is None else _adapter(row).validate_json(stored)


def interleavings(streams: Sequence[Sequence[Fact]]) -> st.SearchStrategy[list[Fact]]:
    """All facts, in orders that keep the order of each stream."""
    turns = [n for n, stream in enumerate(streams) for _ in stream]

    def in_turn(order: Sequence[int]) -> list[Fact]:
        nexts = [iter(stream) for stream in streams]
        return [next(nexts[n]) for n in order]

    return st.permutations(turns).map(in_turn)


def assert_any_order(read_model: ReadModel, *streams: Sequence[Fact], examples: int = 200) -> None:
    """The same rows come of every interleaving. Every kind of row must be there: what is not folded proves nothing."""
    expected = folded(read_model, [fact for stream in streams for fact in stream])
    empty = [row.__name__ for row, rows in expected.items() if not rows]
    assert not empty, f"no fact touches {', '.join(empty)}"

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(interleavings(streams))
    def same_rows(facts: list[Fact]) -> None:
        assert folded(read_model, facts) == expected

    same_rows()


class _Lost(NoKeys):
    """The keys of everybody are gone."""

    def open(self, tenant: str, sealed: str) -> str | None:
        return None


def erased(fact: Fact) -> Fact:
    """The fact as it reads when the keys of all it is about are gone."""
    event = Codec(_Lost()).open(fact.event, fact.recorded.tenant)
    data = event.model_dump_json()
    return Fact(type(event).model_validate_json(data), fact.recorded._replace(data=data))


def assert_folds_erased(read_model: ReadModel, *streams: Sequence[Fact]) -> None:
    """Without what was erased the same rows are there, and nothing personal is in them."""
    facts = [fact for stream in streams for fact in stream]
    before, after = folded(read_model, facts), folded(read_model, map(erased, facts))
    for row, rows in after.items():
        assert rows.keys() == before[row].keys()
        left = {name for name in marks_of(row) for each in rows.values() if getattr(each, name) is not None}
        assert not left, f"{row.__name__} still shows {', '.join(sorted(left))}"

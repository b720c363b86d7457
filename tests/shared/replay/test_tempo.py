"""A throttled rebuild works in small pieces, rests between them as its share says, and makes the same rows."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from shared.listen.marks import Marks
from shared.replay import tempo
from shared.replay.history import StoreHistory
from shared.replay.tempo import Sizes, Tempo
from shared.store.database import Database
from shared.store.store import EventStore
from tests.shared.listen.bank import accounts
from tests.shared.replay.history import PLAN, folded, histories, history, keep, live, rebuilt, rows

TINY = Sizes(read=7, folded=50, written=3, compared=5)


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempo, "SMALL", TINY)


def work(seconds: float) -> float:
    since = time.monotonic()
    while (taken := time.monotonic() - since) < seconds:
        pass
    return taken


@pytest.mark.parametrize("share", [0.25, 0.5, 0.8])
async def test_it_rests_as_long_as_its_share_asks_for(share: float) -> None:
    kept, worked = Tempo(share), 0.0
    begun = time.monotonic()
    for _ in range(20):
        worked += work(0.005)
        await kept.rest()
    assert worked / (time.monotonic() - begun) < share * 1.1


async def test_what_was_a_pause_is_not_rested_for_and_without_a_throttle_nothing_is() -> None:
    paused, free, begun = Tempo(0.01), Tempo(), time.monotonic()
    work(0.05)
    paused.begin()
    await paused.rest()
    await free.rest()
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize("kept", [1, 100_000])
async def test_it_gives_the_same_rows_and_proves_them(db: Database, kept: int) -> None:
    log = history(700)
    await keep(db, log.facts)
    outcome = await rebuilt(db, replace(PLAN, kept=kept, checkpoint=10_000, throttle=0.9, verify=True))
    assert await rows(db, outcome.rebuild.build) == folded(log.facts)
    assert await live(db) == outcome.rebuild.build


async def test_a_throttle_that_changes_on_the_way_leaves_no_hole(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await keep(db, history(900).facts)
    asked: list[int] = []
    read = EventStore.read

    async def noted(store: EventStore, after: int, limit: int, *rest: Any, **more: Any) -> Any:
        asked.append(limit)
        return await read(store, after, limit, *rest, **more)

    monkeypatch.setattr(EventStore, "read", noted)
    changing, found = Tempo(0.5), [0]
    source: AsyncIterator[Any] = _source(db).read([Marks("bank")], frozenset(accounts.events), tempo=changing)
    async for stretch in source:
        assert stretch.previous == found[-1]
        found.append(stretch.upto)
        changing.change(None if 200 < stretch.upto < 500 else 0.5)
    assert found[-1] == 900
    assert set(asked) == {14, 100}


def _source(db: Database) -> StoreHistory:
    source = histories(db)["bank"]
    assert isinstance(source, StoreHistory)
    return source

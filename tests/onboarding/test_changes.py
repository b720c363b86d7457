"""Who watches is told of just what moves in their answers: rows that they see, or could see, and each that differs."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import pytest

from services.onboarding.readmodels import people, teams
from services.onboarding.service import service
from shared.listen.ring import ChangeCursor, Ring
from shared.store.database import Database
from shared.testing.interleavings import Fact
from shared.web.watching import Reset, Told
from tests.bench.hires import store
from tests.onboarding.histories import JOURNEY_STREAM, ONNI_JOURNEY, WELCOME_STREAM
from tests.onboarding.organisation import (
    AINO_STREAM,
    MATERIAL_STREAM,
    ONNI,
    ONNI_STREAM,
    PREVIEW_STREAM,
    TEAM_STREAM,
    TEMPLATE_STREAM,
)
from tests.onboarding.plan import AINO, HANNA, SANNA, TUULA, at
from tests.services.front import Front, fits, fronts_of, is_of
from tests.shared.web.folding import Folding

ORGANISATION: tuple[Sequence[Fact], ...] = (TEAM_STREAM, AINO_STREAM[:1], ONNI_STREAM[:1])
WORK: tuple[Sequence[Fact], ...] = (
    TEMPLATE_STREAM,
    MATERIAL_STREAM,
    PREVIEW_STREAM,
    JOURNEY_STREAM,
    WELCOME_STREAM,
    ONNI_JOURNEY,
    ONNI_STREAM[1:],
)
AT_ONCE = 9
CALLERS = ((SANNA, "S"), (AINO, "A"), (ONNI, "A"), (HANNA, "H"), (TUULA, "T"), (TUULA, "N"))
DIRECTORY = (people.read_model, teams.read_model)
WHOLE: dict[str, dict[str, Any]] = {"stage_guide": {"open": False}, "people": {"include_left": True}}
NAMED = [one for one in service.read_models if one.watched is not None and one.watched.key]


def test_every_answer_is_watched() -> None:
    assert [one.name for one in service.read_models if one.query is not None and one.watched is None] == []


@pytest.fixture
async def folding(db: Database) -> AsyncIterator[Folding]:
    folding = Folding(service, db)
    await folding.build()
    yield folding
    await folding.waiter.close()


@pytest.fixture
async def fronts(db: Database, folding: Folding) -> AsyncIterator[list[Front]]:
    async with fronts_of(service, db, at(8), CALLERS, asked=WHOLE) as fronts:
        yield fronts


def _steps() -> Iterator[Sequence[Fact]]:
    yield [fact for stream in ORGANISATION for fact in stream]
    for stream in WORK:
        yield from (stream[n : n + AT_ONCE] for n in range(0, len(stream), AT_ONCE))


async def test_what_is_told_is_what_moves_on_the_screen(db: Database, folding: Folding, fronts: list[Front]) -> None:
    ring, cursor, position, told_of = Ring(db, service.read_models), ChangeCursor(), 0, 0
    for step in _steps():
        await store(db.dsn, [fact.recorded._replace(position=position + n) for n, fact in enumerate(step, 1)])
        position += len(step)
        await folding.catch_up()
        changes, cursor = await ring.since(cursor)
        for front in fronts:
            if position == len(step):
                await front.watch.begin()
            told = await front.watch.told(changes)
            told_of += await _compared(front, told)
    assert told_of > 50


async def _compared(front: Front, told: list[Told] | Reset) -> int:
    """How many rows were told. After moves of people every list is asked again."""
    told_of = 0
    for model in NAMED:
        moved, either = await front.asks(model)
        if isinstance(told, Reset):
            continue
        found = [one for one in told if one.model is model]
        after_moves = any(one.model in DIRECTORY for one in told)
        for item in moved:
            assert after_moves or any(fits(one, item) for one in found), (model.name, item)
        for key in (key for one in found for key in (one.rows or {}).values()):
            assert any(is_of(key, item) for item in either), (model.name, key)
            told_of += 1
    return told_of

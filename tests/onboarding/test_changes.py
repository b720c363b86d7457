"""Who watches is told of just what moves in their answers: rows that they see, or could see, and each that differs."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.onboarding.readmodels import people, teams
from services.onboarding.service import service
from shared.core.access import Caller
from shared.core.readmodel import ReadModel
from shared.listen.ring import Place
from shared.store.database import Database
from shared.store.desk import Desk
from shared.store.wakeup import Wakeup
from shared.testing.interleavings import Fact
from shared.web.app import create_api
from shared.web.followers import Followers
from shared.web.queries import path_of
from shared.web.watching import Reset, Told, Watch
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
from tests.onboarding.plan import AINO, HANNA, SANNA, TUULA
from tests.onboarding.reading import TOKENS, Stopped
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


class Front:
    """One person's screen: every query, and a watch on the changes."""

    def __init__(self, api: Any, followers: Followers, person: UUID, roles: str) -> None:
        caller = Caller("org", str(person), frozenset(roles))
        self.watch = Watch(api.state.readers, followers, caller)
        headers = {"Authorization": f"Bearer {TOKENS.issue(str(person), 'org', roles)}"}
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(api), base_url="http://onboarding", headers=headers
        )
        self._shown: dict[str, dict[tuple[str, ...], list[Any]]] = {}

    async def differs(self, model: ReadModel) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
        """The keys of the answer that have come, gone or changed since it was last asked; and all, of then and now."""
        assert model.watched is not None
        answer = await self._client.get(path_of(model), params={"limit": 200, **WHOLE.get(model.name, {})})
        shown: dict[tuple[str, ...], list[Any]] = {}
        for item in answer.json().get("items", []):
            shown.setdefault(tuple(item[column] for column in model.watched.key), []).append(item)
        before = self._shown.get(model.name, {})
        self._shown[model.name] = shown
        either = before.keys() | shown.keys()
        return {key for key in either if before.get(key) != shown.get(key)}, either

    async def close(self) -> None:
        await self._client.aclose()


@pytest.fixture
async def db(database: str) -> AsyncIterator[Database]:
    opened = Database(database)
    yield opened
    await opened.close()


@pytest.fixture
async def folding(db: Database) -> AsyncIterator[Folding]:
    folding = Folding(service, db)
    await folding.build()
    yield folding
    await folding.waiter.close()


@pytest.fixture
async def fronts(db: Database, folding: Folding) -> AsyncIterator[list[Front]]:
    desk, followers, clock = Desk(service, db, Wakeup(db)), Followers(service, db), Stopped()
    parts: dict[str, Any] = {"desk": desk, "clock": clock, "waiter": clock, "followers": followers}
    api = create_api(service, database=db, tokens=TOKENS, **parts)
    fronts = [Front(api, followers, *caller) for caller in CALLERS]
    yield fronts
    for front in fronts:
        await front.close()
    await desk.close()


def _steps() -> Iterator[list[Fact]]:
    yield [fact for stream in ORGANISATION for fact in stream]
    for stream in WORK:
        yield from (list(stream[n : n + AT_ONCE]) for n in range(0, len(stream), AT_ONCE))


async def test_what_is_told_is_what_moves_on_the_screen(db: Database, folding: Folding, fronts: list[Front]) -> None:
    ring, place, position, told_of = Followers(service, db).ring, Place(), 0, 0
    for step in _steps():
        await store(db.dsn, [fact.recorded._replace(position=position + n) for n, fact in enumerate(step, 1)])
        position += len(step)
        await folding.catch_up()
        changes, place = await ring.since(place)
        for front in fronts:
            if position == len(step):
                await front.watch.begin()
            told = await front.watch.told(changes)
            for model in NAMED:
                moved, either = await front.differs(model)
                if isinstance(told, Reset):
                    continue
                named = set(_keys(model, told))
                assert moved <= named or _is_of(DIRECTORY, told), (model.name, moved - named)
                assert named <= either, (model.name, named - either)
                told_of += len(named)
    assert told_of > 50


def _keys(model: ReadModel, told: Iterable[Told]) -> Iterator[tuple[str, ...]]:
    for one in told:
        if one.model is model:
            assert one.rows is not None
            yield from (tuple(map(str, row.values())) for row in one.rows.values())


def _is_of(models: Sequence[ReadModel], told: Iterable[Told]) -> bool:
    """After these every list is asked again."""
    return any(one.model in models for one in told)

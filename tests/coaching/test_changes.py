"""Who watches coaching is told of what moves in their lists, and begins anew when the directory moves."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import pytest

from services.coaching.readmodels import directory, issue_list, team_board
from services.coaching.service import service
from shared.core.readmodel import ReadModel
from shared.feed.batch import Batch, Delivered
from shared.listen.builds import Builds
from shared.listen.decode import Decoder
from shared.listen.listener import BuildListener
from shared.listen.ring import ChangeCursor, Ring
from shared.store.database import Database
from shared.testing.interleavings import Fact
from shared.web.watching import Reset, Told
from tests.coaching.cast import AINO, HANNA, MARKKU, ONNI, SANNA, TEAM, at
from tests.coaching.conversation_streams import (
    ACTION_STREAMS,
    FORM_STREAM,
    GOALS_STREAM,
    ISSUE_STREAM,
    PLAN_STREAM,
    SESSION_STREAMS,
    THANKS_STREAM,
    TUULAS_GOALS_STREAM,
)
from tests.coaching.heard import DANI_STREAM, DEFERRED_STREAM, ITEM_STREAM, JOURNEY_STREAM, MESSAGE_STREAM, WEEK_STREAM
from tests.coaching.learning_streams import (
    AINO_SKILLS_STREAM,
    FLOOR,
    POOL_STREAM,
    ROLE_STREAM,
    ROUND_STREAM,
    SKILLS_STREAM,
)
from tests.services.front import Front, fits, fronts_of, is_of

WORK: tuple[Sequence[Fact], ...] = (
    *(FORM_STREAM, PLAN_STREAM, *SESSION_STREAMS, *ACTION_STREAMS, GOALS_STREAM, TUULAS_GOALS_STREAM),
    *(ISSUE_STREAM, THANKS_STREAM, ROUND_STREAM, SKILLS_STREAM, AINO_SKILLS_STREAM, ROLE_STREAM, POOL_STREAM),
    *(JOURNEY_STREAM, MESSAGE_STREAM, ITEM_STREAM, DEFERRED_STREAM, WEEK_STREAM),
)
PEOPLE = ((SANNA, "S"), (AINO, "A"), (ONNI, "A"), (HANNA, "H"), (MARKKU, "M"))
AT_ONCE = 3
ASKED = {"team_board": {"team_id": str(TEAM)}}
BESIDE = ("coach_busy", "holders", "teachers", "single_point")  # how a line stands to others
WATCHED = [one for one in service.read_models if one.watched is not None]
UNWATCHED = {  # reports, and what is open for one session
    *("behaviour_profile", "causes", "coach_load", "learning_packages", "opportunities"),
    *("session_prep", "training_calendar"),
}


class Hearing:
    """Brings facts to every read model, and tells what has changed."""

    def __init__(self, db: Database) -> None:
        self._db, self._ring, self._cursor = db, Ring(db, service.read_models), ChangeCursor()
        self._decoder = Decoder(service.name, service.known)
        self._listeners: list[BuildListener] = []
        self._reached: dict[str, int] = defaultdict(int)

    async def build(self) -> None:
        builds = [await Builds(self._db).ensure(one) for one in service.read_models]
        self._listeners = [BuildListener(service.name, self._db, build) for build in builds]

    async def hear(self, facts: Sequence[Fact]) -> None:
        by_source: dict[str, list[Delivered]] = defaultdict(list)
        before = dict(self._reached)
        for fact in facts:
            source = fact.recorded.source
            self._reached[source] += 1
            position = self._reached[source]
            by_source[source].append(Delivered(fact.recorded._replace(position=position), position - 1))
        for source, delivered in by_source.items():
            batch = Batch(source, 0, 1, delivered, before.get(source, 0), self._reached[source])
            stretches = await self._decoder.stretches([batch])
            for listener in self._listeners:
                await listener.take(stretches)

    async def told(self, front: Front, cursor: ChangeCursor) -> list[Told] | Reset:
        return await front.watch.told((await self._ring.since(cursor))[0])

    async def now(self) -> ChangeCursor:
        return await self._ring.now()


@pytest.fixture
async def hearing(db: Database) -> Hearing:
    hearing = Hearing(db)
    await hearing.build()
    await hearing.hear([fact for stream in FLOOR for fact in stream])
    return hearing


def test_what_is_watched_and_what_is_not() -> None:
    assert {one.name for one in service.read_models if one.query is not None and one.watched is None} == UNWATCHED


async def test_what_is_told_is_what_moves_in_the_lists(db: Database, hearing: Hearing) -> None:
    told_of: set[str] = set()
    async with fronts_of(service, db, at(8), PEOPLE, asked=ASKED, beside=BESIDE) as fronts:
        for front in fronts:
            await front.watch.begin()
            for model in WATCHED:
                await front.asks(model)
        for step in _steps():
            cursor = await hearing.now()
            await hearing.hear(step)
            names = {fact.recorded.name for fact in step}
            for front in fronts:
                told = await hearing.told(front, cursor)
                assert not isinstance(told, Reset)
                for model in (one for one in WATCHED if names & one.events.keys()):
                    await _compare(front, model, [one for one in told if one.model is model])
                told_of |= {one.model.name for one in told}
    assert told_of == {one.name for one in WATCHED}


def _steps() -> Iterator[Sequence[Fact]]:
    for stream in WORK:
        yield from (stream[n : n + AT_ONCE] for n in range(0, len(stream), AT_ONCE))


async def _compare(front: Front, model: ReadModel, told: Sequence[Told]) -> None:
    before = front.lines
    moved, _ = await front.asks(model)
    if not front.is_told_of(model):
        assert not told, model.name
        return
    for item in moved:
        assert any(fits(one, item) for one in told), (front.caller, model.name, item)
    for key in (key for one in told for key in (one.rows or {}).values()):
        assert any(is_of(key, item) for item in before + front.lines), (front.caller, model.name, key)


async def test_an_issue_that_moves_tells_nobody_whose_it_is(db: Database, hearing: Hearing) -> None:
    async with fronts_of(service, db, at(8), PEOPLE, asked=ASKED) as fronts:
        for front in fronts:
            await front.watch.begin()
        for fact in ISSUE_STREAM:
            place = await hearing.now()
            await hearing.hear([fact])
            for front in fronts:
                found = await hearing.told(front, place)
                assert not isinstance(found, Reset)
                (told,) = (one for one in found if one.model is issue_list.read_model)
                assert told.rows is None, "everybody asks anew, and sees what is theirs"


async def test_whom_an_issue_on_the_board_is_about_is_not_told(db: Database, hearing: Hearing) -> None:
    (sanna, *_) = PEOPLE
    async with fronts_of(service, db, at(8), [sanna], asked=ASKED) as (front,):
        await front.watch.begin()
        for fact in (*ISSUE_STREAM[:1], *ISSUE_STREAM[4:]):
            place = await hearing.now()
            await hearing.hear([fact])
            found = await hearing.told(front, place)
            assert not isinstance(found, Reset)
            (told,) = (one for one in found if one.model is team_board.read_model)
            assert list((told.rows or {}).values()) == [{"team_id": str(TEAM)}]


async def test_when_somebody_moves_everything_is_asked_again(db: Database, hearing: Hearing) -> None:
    assert directory.read_model.watched is None
    async with fronts_of(service, db, at(8), PEOPLE, asked=ASKED) as fronts:
        for front in fronts:
            await front.watch.begin()
        cursor = await hearing.now()
        await hearing.hear(DANI_STREAM)
        assert all([isinstance(await hearing.told(front, cursor), Reset) for front in fronts])

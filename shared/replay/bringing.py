"""Bringing listeners what they lack, from history, as a feed would: any number of them in one reading."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Final

from shared.feed.batch import Gap
from shared.feed.together import together
from shared.listen.decode import Stretch
from shared.listen.levels import marks_of
from shared.listen.listener import Listener
from shared.listen.marks import Marks, collect
from shared.replay.history import Histories, History
from shared.store.database import Database

FACTS: Final = 1000  # of a turn, as a feed has them
STRETCHES: Final = 64

Upto = Mapping[str, int]  # by source
Failed = dict[str, Exception]  # by listener


async def bring(
    database: Database, listeners: Sequence[Listener], histories: Histories, upto: Upto | None = None
) -> int:
    """All that is there now; `upto` is enough if it is given. Answers how many facts that were.

    Raises Gap when history itself lacks something.
    """
    failed: Failed = {}
    brought = await bring_each(database, listeners, histories, failed, upto)
    for error in failed.values():
        raise error
    return brought


async def bring_each(
    database: Database, listeners: Sequence[Listener], histories: Histories, failed: Failed, upto: Upto | None = None
) -> int:
    """The same, and who fails does not keep the others: it is in `failed` then, and whoever is there is left out."""
    brought = 0
    for source in sorted({source for each in listeners for source in each.place.sources} & histories.keys()):
        hearing = _left([each for each in listeners if source in each.place.sources], failed)
        if not hearing:
            continue
        names = frozenset().union(*(each.place.events for each in hearing))
        marks = await _marks(database, source, hearing)
        async with aclosing(in_turns(histories[source].read(marks, names))) as turns:
            async for turn in turns:
                await together(*(_hand(each, turn, failed) for each in hearing))
                brought += sum(len(stretch.facts) for stretch in turn)
                hearing = _left(hearing, failed)
                if not hearing or (upto and min(stretch.upto for stretch in turn) >= upto[source]):
                    break
    return brought


async def _hand(listener: Listener, turn: Sequence[Stretch], failed: Failed) -> None:
    try:
        await listener.take(turn)
    except Exception as error:
        failed[listener.place.listener] = error


def _left(listeners: Sequence[Listener], failed: Failed) -> Sequence[Listener]:
    return [each for each in listeners if each.place.listener not in failed]


async def _marks(database: Database, source: str, listeners: Sequence[Listener]) -> list[Marks]:
    async with database.driver() as driver:
        return list((await marks_of(driver, source, [each.place.listener for each in listeners])).values())


async def lacking(history: History, marks: Mapping[str, Marks]) -> list[str]:
    """Those of these listeners for whom history holds something. Their marks alone can't tell: who has read from a
    store has all partitions up to its head, also those on which nothing has come for long.
    """
    standing = {name: collect(each.source, each.rows()) for name, each in marks.items()}
    found: set[str] = set()
    async with aclosing(history.read(list(standing.values()), ())) as stretches:
        async for stretch in stretches:
            for name in standing.keys() - found:
                try:
                    standing[name].take(stretch)
                except Gap:
                    found.add(name)
                if standing[name].rows() != marks[name].rows():
                    found.add(name)
            if found == standing.keys():
                break
    return sorted(found)


async def in_turns(stretches: AsyncGenerator[Stretch, None]) -> AsyncGenerator[list[Stretch], None]:
    turn: list[Stretch] = []
    async with aclosing(stretches):
        async for stretch in stretches:
            turn.append(stretch)
            if len(turn) == STRETCHES or sum(len(each.facts) for each in turn) >= FACTS:
                yield turn
                turn = []
    if turn:
        yield turn

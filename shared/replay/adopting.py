"""What a worker's listeners lack, and which builds it feeds: looked at every second, beside the feed.

A listener that lacks something which the feed has passed is taken off, brought level by a reader of its own, and put
back. A build is fed from when its rebuild says so until it is dropped. A version that has no live build gets one.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

import structlog

from shared.feed.batch import Gap
from shared.feed.together import together
from shared.listen.held import HeldBuilds, holding
from shared.listen.levels import behind, marks_of
from shared.listen.listener import Listener
from shared.listen.marks import Marks
from shared.listen.parking import words_of
from shared.listen.part import passes
from shared.listen.worker import Worker
from shared.replay.bringing import FACTS, Failed, bring_each, lacking
from shared.replay.history import Histories
from shared.replay.starting import Starting
from shared.store.database import Database, is_transient

LOOK: Final = 1.0
PATIENCE: Final = 10.0  # seconds until history that lacks something is read again

log = structlog.get_logger()


class _Rest(NamedTuple):
    """Why one that is away is not brought level, and when that is tried again."""

    words: str
    upto: float


class Adopting:
    """`starting` builds what has no live build; None where nobody does, and rebuilds are started by hand."""

    def __init__(
        self,
        database: Database,
        worker: Worker,
        histories: Histories,
        starting: Starting | None = None,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self._database, self._listening, self._histories = database, worker.listening, histories
        self._starting, self._told = starting, told
        self._stood: dict[str, Mapping[str, Marks]] = {}
        self._stuck: dict[str, Mapping[str, Marks]] = {}
        self._level: dict[str, Mapping[str, Marks]] = {}  # so they stood when history had nothing for who is behind
        self._rests: dict[str, _Rest] = {}
        worker.takes_off = True

    async def start(self) -> None:
        """Before the feed begins: who is behind is not fed until it has been brought level."""
        async with self._database.driver() as driver:
            for source in self._sources:
                self._listening.away.update(behind(await marks_of(driver, source, self._fed_by(source))))

    async def run(self) -> None:
        """Until cancelled. An outage is waited for."""
        try:
            asking = [_again_and_again(partial(self._ask, source)) for source in self._sources]
            await together(_again_and_again(self._hold), self._bring(), *asking)
        finally:
            if self._starting is not None:
                await self._starting.stop()

    @property
    def trouble(self) -> str | None:
        """What it is not ready for: a build beside the live one is nobody's trouble."""
        away = sorted(self._away & self._listening.needed)
        words = [f"{name} is being brought up" for name in away]
        words += sorted({self._rests[name].words for name in away if name in self._rests})
        words += [f"{model.name} version {model.version} is being built" for model in self._listening.missing]
        return "; ".join(words) or None

    @property
    def _away(self) -> set[str]:
        """Those that are to be brought level: one that has stopped is not."""
        return self._listening.away & self._listening.listeners.keys() - self._listening.stopped.keys()

    @property
    def _sources(self) -> list[str]:
        return sorted(self._histories)

    def _fed_by(self, source: str) -> list[str]:
        return [name for name, each in self._listening.listeners.items() if source in each.place.sources]

    async def _hold(self) -> None:
        async with holding(self._database, self._listening.service, self._listening.policies) as held:
            while True:
                await self.look(held)
                await asyncio.sleep(LOOK)

    async def look(self, held: HeldBuilds) -> None:
        await self._listening.look_for_builds(held)
        await self._listening.look_for_policies()
        if self._starting is not None and self._listening.missing:
            await self._starting.start(held.driver, self._listening.missing)
        for source in self._sources:
            marks = await marks_of(held.driver, source, self._fed_by(source))
            stood, self._stood[source] = self._stood.get(source, {}), marks
            self._stuck[source] = self._unmoved(marks, stood)

    def _unmoved(self, marks: Mapping[str, Marks], stood: Mapping[str, Marks]) -> Mapping[str, Marks]:
        """Those that are fed and were behind for two looks without moving."""
        left_out = self._listening.away | self._listening.stopped.keys()
        return {name: marks[name] for name in behind(marks) if stood.get(name) == marks[name] and name not in left_out}

    async def _ask(self, source: str) -> None:
        """One that is stuck, though history has something for it, gets nothing from this feed. Asked beside the looks:
        history may be long, or away.
        """
        marks, stuck = self._stood.get(source), self._stuck.get(source)
        if not stuck or not marks or self._level.get(source) == marks:
            return
        found = await lacking(self._histories[source], stuck)
        for name in found:
            if self._stuck[source].get(name) == stuck[name]:
                log.info("listener.behind", listener=name, source=source)
                self._listening.away.add(name)
        if not found:
            self._level[source] = marks

    async def _bring(self) -> None:
        while True:
            if away := self._due():
                try:
                    await self._bring_up(away)
                except Exception as error:
                    if not passes(error):
                        log.error("bringing.failed", exc_info=error)
                    for each in away:
                        self._rest(each, words_of(error), LOOK)
            await asyncio.sleep(LOOK / 10)

    def _due(self) -> list[Listener]:
        """Those that are away and need not rest. What was said of others is not so any more."""
        self._rests = {name: rest for name, rest in self._rests.items() if name in self._away}
        resting = {name for name, rest in self._rests.items() if rest.upto > time.monotonic()}
        return [self._listening.listeners[name] for name in self._away - resting]

    async def _bring_up(self, away: Sequence[Listener]) -> None:
        """What is left at the end is brought while the feed waits, so that it hands out what follows."""
        failed: Failed = {}
        while await bring_each(self._database, away, self._histories, failed) > FACTS:
            self._told()
        async with self._listening.between_batches:
            await bring_each(self._database, away, self._histories, failed)
        await self._listening.join(each.place.listener for each in away if each.place.listener not in failed)
        self._told()
        for each in away:
            if error := failed.get(each.place.listener):
                await self._failed(each, error)

    async def _failed(self, listener: Listener, error: Exception) -> None:
        """What passes is tried again. A build that was thrown away meanwhile is let go of; whoever else fails stops."""
        name = listener.place.listener
        if self._listening.listeners.get(name) is not listener:
            return
        if isinstance(error, Gap):
            log.critical("history.lacks", listener=name, reason=str(error))
            self._rest(listener, f"history itself lacks something: {error}", PATIENCE)
        elif passes(error):
            self._rest(listener, words_of(error), LOOK)
        else:
            await self._listening.drop_unfed()
            if self._listening.listeners.get(name) is listener:
                self._listening.stop(listener, error)

    def _rest(self, listener: Listener, words: str, seconds: float) -> None:
        self._rests[listener.place.listener] = _Rest(words, time.monotonic() + seconds)


async def _again_and_again(look: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await look()
        except Exception as error:
            if not is_transient(error):
                raise
            log.info("adopting.pauses", reason=str(error))
        await asyncio.sleep(LOOK)

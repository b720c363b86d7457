"""What a worker's listeners lack, and which builds it feeds: looked at every second, beside the feed.

A listener that lacks something which the feed has passed is taken off, brought level by a reader of its own, and put
back. A build is fed from when its rebuild says so until it is dropped. A version that has no live build gets one.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final

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
from shared.replay.bringing import FACTS, bring, lacking
from shared.replay.history import Histories
from shared.replay.starting import Starting
from shared.store.database import Database, is_transient

LOOK: Final = 1.0
PATIENCE: Final = 10.0  # seconds until history that lacks something is read again

log = structlog.get_logger()


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
        self._level: dict[str, Mapping[str, Marks]] = {}  # so they stood when history had nothing for who is behind
        self._lacking: str | None = None
        worker.takes_off = True

    async def start(self) -> None:
        """Before the feed begins: who is behind is not fed until it has been brought level."""
        async with self._database.driver() as driver:
            for source in self._sources:
                self._listening.away.update(behind(await marks_of(driver, source, self._fed_by(source))))

    async def run(self) -> None:
        """Until cancelled. An outage is waited for."""
        try:
            await together(self._look(), self._bring())
        finally:
            if self._starting is not None:
                await self._starting.stop()

    async def _look(self) -> None:
        while True:
            try:
                await self._hold()
            except Exception as error:
                if not is_transient(error):
                    raise
                log.info("adopting.pauses", reason=str(error))
            await asyncio.sleep(LOOK)

    @property
    def trouble(self) -> str | None:
        """What it is not ready for: a build beside the live one is nobody's trouble."""
        away = sorted(self._listening.away & self._listening.needed)
        words = [f"{name} is being brought up" for name in away]
        words += [self._lacking] if self._lacking and away else []
        words += [f"{model.name} version {model.version} is being built" for model in self._listening.missing]
        return "; ".join(words) or None

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
        for source in self._sources:
            marks = await marks_of(held.driver, source, self._fed_by(source))
            stood, self._stood[source] = self._stood.get(source, {}), marks
            await self._look_for_stuck(source, marks, stood)
        if self._starting is not None and self._listening.missing:
            await self._starting.start(held.driver, self._listening.missing)

    async def _look_for_stuck(self, source: str, marks: Mapping[str, Marks], stood: Mapping[str, Marks]) -> None:
        """One that is behind for two looks without moving, though history has something for it, gets nothing from
        this feed.
        """
        unmoved = [name for name in behind(marks) if stood.get(name) == marks[name]]
        stuck = {name: marks[name] for name in unmoved if name not in self._listening.away}
        if not stuck or self._level.get(source) == marks:
            return
        found = await lacking(self._histories[source], stuck)
        for name in found:
            log.info("listener.behind", listener=name, source=source)
            self._listening.away.add(name)
        if not found:
            self._level[source] = marks

    async def _bring(self) -> None:
        while True:
            pause = LOOK / 10
            away = [self._listening.listeners[name] for name in self._listening.away & self._listening.listeners.keys()]
            if away:
                try:
                    await self._bring_up_what_is_there(away)
                    self._lacking = None
                except Exception as error:
                    pause = self._later(error)
            await asyncio.sleep(pause)

    async def _bring_up_what_is_there(self, away: Sequence[Listener]) -> None:
        """The others are brought up without a build that is thrown away meanwhile, when they are looked at again."""
        try:
            await self._bring_up(away)
        except Exception as error:
            if passes(error):
                raise
            await self._listening.drop_unfed()
            if all(self._listening.listeners.get(each.place.listener) is each for each in away):
                raise

    async def _bring_up(self, away: Sequence[Listener]) -> None:
        """What is left at the end is brought while the feed waits, so that it hands out what follows."""
        while await bring(self._database, away, self._histories) > FACTS:
            self._told()
        async with self._listening.between_batches:
            await bring(self._database, away, self._histories)
        await self._listening.join(each.place.listener for each in away)
        self._told()

    def _later(self, error: Exception) -> float:
        if isinstance(error, Gap):
            self._lacking = f"history itself lacks something: {error}"
            log.critical("history.lacks", reason=str(error))
            return PATIENCE
        if not passes(error):
            log.error("bringing.failed", exc_info=error)
        self._lacking = words_of(error)
        return LOOK

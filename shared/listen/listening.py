"""Who listens: a service's builds, policies and deadlines, taken on and let go while the worker runs."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from typing import TypeGuard

import structlog

from shared.core.readmodel import ReadModel
from shared.core.service import Service
from shared.listen import newcomers
from shared.listen.builds import Builds
from shared.listen.deadlines import DeadlineListener
from shared.listen.held import HeldBuilds
from shared.listen.listener import BuildListener, Listener
from shared.listen.parking import words_of
from shared.listen.policies import PolicyListener, name_of
from shared.store.answers import Askable
from shared.store.database import Database

log = structlog.get_logger()


class Listening:
    """All listeners that this process has for one service, by their names.

    - `stopped`: those that failed and are handed nothing any more, with the reason in words.
    - `away`: those that are behind the feed. They are handed nothing of it until they `join` again: a reader of their
      own brings them level first.
    - `missing`: the read models that have no live build.
    - `needed`: those without which the service is not ready: all but builds that are made beside a live one, and
      policies that stand by themselves.
    - `between_batches`: held while a batch is handed out, and by whoever must not run beside one: who lets go of a
      listener, or brings the last facts to those that are away.
    """

    def __init__(
        self, service: Service, database: Database, desk: Askable, deadlines_told: Callable[[], None] = lambda: None
    ) -> None:
        self._service, self._database, self._desk, self._deadlines_told = service, database, desk, deadlines_told
        self._builds = Builds(database)
        self.listeners: dict[str, Listener] = {}
        self.stopped: dict[str, str] = {}
        self.away: set[str] = set()
        self.missing: list[ReadModel] = []
        self.needed: frozenset[str] = frozenset()
        self.between_batches = asyncio.Lock()

    @property
    def service(self) -> str:
        return self._service.name

    @property
    def policies(self) -> list[str]:
        return [policy.name for policy in self._service.policies]

    @property
    def active(self) -> list[Listener]:
        left_out = self.stopped.keys() | self.away
        return [listener for name, listener in self.listeners.items() if name not in left_out]

    def hearing(self, source: str) -> list[str]:
        """The active ones that hear facts of the source."""
        return [each.place.listener for each in self.active if source in each.place.sources]

    async def start(self) -> None:
        """Makes the builds of a new service, and finds out which policies are new."""
        found: list[Listener] = []
        self.missing = await self._builds.missing(self._service.read_models)
        for model in self._service.read_models:
            if model not in self.missing:
                found.append(BuildListener(self.service, self._database, await self._builds.ensure(model)))
        alone = await newcomers.register(self._database, self._service)
        if self._service.policies:
            found.append(PolicyListener(self._service, self._database, self._desk))
        found += [PolicyListener(self._service, self._database, self._desk, policy) for policy in alone]
        if self._service.deadlines:
            found.append(DeadlineListener(self._service, self._database, self._deadlines_told))
        self.listeners = {listener.place.listener: listener for listener in found}
        self.needed = frozenset(name for name, each in self.listeners.items() if not _is_newcomer(each))

    async def look_for_builds(self, held: HeldBuilds) -> None:
        """Takes on builds that are to be fed by now, and lets go of those that are not any more."""
        fed = await self._builds.fed(self._service.read_models)
        if await held.take(build.number for build, _ in fed.values()):
            fed = await self._builds.fed(self._service.read_models)  # what is held and to be fed then stays there
        mine = {name: build for name, (build, _) in fed.items() if build.number in held.builds}
        for name, build in mine.items():
            if name not in self.listeners:
                log.info("build.adopted", service=self.service, listener=name)
                self.listeners[name] = BuildListener(self.service, self._database, build)
                self.away.add(name)
        await self._keep(mine)
        await held.keep(build.number for build in mine.values())
        others = {
            name for name, each in self.listeners.items() if not (isinstance(each, BuildListener) or _is_newcomer(each))
        }
        live = {build.model.name: name for name, (build, is_live) in fed.items() if is_live}
        self.needed = frozenset(others.union(live.values()))
        self.missing = [model for model in self._service.read_models if model.name not in live]

    async def look_for_policies(self) -> None:
        """One that an older image has left behind stands by itself here until it is one of the policies again."""
        for policy in await newcomers.standing_alone(self._database, self._service):
            if (name := name_of(policy.name)) not in self.listeners:
                log.info("policy.left_behind", service=self.service, policy=policy.name)
                self.listeners[name] = PolicyListener(self._service, self._database, self._desk, policy)
                self.away.add(name)

    async def drop_unfed(self) -> None:
        """Lets go of the builds that are not to be fed any more."""
        await self._keep(await self._builds.fed(self._service.read_models))

    async def _keep(self, builds: Collection[str]) -> None:
        for name, listener in list(self.listeners.items()):
            if isinstance(listener, BuildListener) and name not in builds:
                async with self.between_batches:
                    await self.let_go(listener)

    async def let_go(self, listener: Listener) -> None:
        name = listener.place.listener
        if self.listeners.pop(name, None):
            log.info("build.let_go", service=self.service, listener=name)
        self.stopped.pop(name, None)
        self.away.discard(name)
        await listener.place.end()

    async def is_gone(self, listener: Listener) -> bool:
        """A build that was thrown away while it was fed: nothing can be written for it any more."""
        name = listener.place.listener
        return isinstance(listener, BuildListener) and name not in await self._builds.fed(self._service.read_models)

    def lacks(self, listener: Listener, reason: Exception) -> None:
        log.info("listener.lacks", service=self.service, listener=listener.place.listener, reason=str(reason))
        self.away.add(listener.place.listener)

    def stop(self, listener: Listener, error: Exception) -> None:
        self.stopped[listener.place.listener] = words_of(error)
        log.error("listener.stopped", service=self.service, listener=listener.place.listener, exc_info=error)

    async def join(self, names: Iterable[str]) -> None:
        """They lack nothing that was handed out: from the next batch on they are handed all."""
        self.away.difference_update(names)
        await self.join_newcomers()

    async def join_newcomers(self) -> None:
        """Policies that stand where the others stand are one listener with them."""
        for listener in self.active:
            if _is_newcomer(listener) and await newcomers.join(listener):
                log.info("policy.joined", service=self.service, listener=listener.place.listener)
                del self.listeners[listener.place.listener]
                await listener.place.end()


def _is_newcomer(listener: Listener) -> TypeGuard[PolicyListener]:
    return isinstance(listener, PolicyListener) and listener.newcomer is not None

"""Everybody who watches in this process: one poller reads on in the changes for all, while there is somebody."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import date
from typing import Any, Final
from uuid import UUID

import structlog

from shared.core.access import Caller
from shared.core.service import Service
from shared.listen.ring import Change, ChangeCursor, Ring
from shared.store.database import Database, is_transient
from shared.telemetry.metrics import WATCHERS
from shared.web import problems

POLL, REST, OUTAGE = 0.1, 0.02, 1.0
MOST: Final = 1_000  # in a process
MOST_EACH: Final = 8  # of one person: some windows on some screens
WAITING: Final = 100  # readings of the poller, for one who is slow

log = structlog.get_logger()


class Over(Exception):
    """There is nothing more to come. `cut`: because too much waited already."""

    def __init__(self, cut: bool) -> None:
        super().__init__("cut off" if cut else "ended")
        self.cut = cut


class Follower:
    """One stream. `cursor`: everything up to it was handed out by `next`, or before it began."""

    def __init__(self, followers: "Followers", caller: Caller) -> None:
        self.caller = caller
        self.cursor = ChangeCursor()
        self.follows = False
        self._followers = followers
        self._waiting: list[Sequence[Change]] = []
        self._stirred = asyncio.Event()
        self._over: Over | None = None

    async def next(self, timeout: float) -> list[Change]:
        """What has changed in the caller's organisation; nothing when that is all for `timeout` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._stirred.wait()
        self._stirred.clear()
        if self._over is not None:
            raise self._over
        changes = [change for changes in self._waiting for change in changes]
        self._waiting.clear()
        self.cursor = self._followers.cursor
        return changes

    def give(self, changes: Sequence[Change]) -> None:
        if len(self._waiting) == WAITING:
            return self.end(cut=True)
        self._waiting.append(changes)
        self._stirred.set()
        return None

    def end(self, *, cut: bool = False) -> None:
        self._over = self._over or Over(cut)
        self._stirred.set()


class Followers:
    """`told` is to be called when this process has moved a mark; what others changed is seen within 0.1 s."""

    def __init__(self, service: Service, database: Database) -> None:
        self.service = service
        self.ring = Ring(database, (*service.read_models, *service.directory.reads))
        self.cursor = ChangeCursor()
        self._followers: set[Follower] = set()
        self._teams: dict[str, dict[tuple[UUID, date], UUID | None]] = {}
        self._news, self._starting = asyncio.Event(), asyncio.Lock()
        self._poller: asyncio.Task[None] | None = None
        self._ended = False

    def told(self) -> None:
        self._news.set()

    def end(self) -> None:
        """All streams end, and no other begins: the process stops."""
        self._ended = True
        for follower in self._followers:
            follower.end()

    async def close(self) -> None:
        self.end()
        if self._poller is not None:
            self._poller.cancel()
            await asyncio.gather(self._poller, return_exceptions=True)

    @asynccontextmanager
    async def following(self, caller: Caller) -> AsyncIterator[Follower]:
        """Raises the 429 or 503 when there are too many."""
        self._admit(caller)
        follower = Follower(self, caller)
        self._followers.add(follower)
        open_streams = WATCHERS.labels(self.service.name)
        open_streams.inc()
        try:
            await self._started()
            follower.cursor, follower.follows = self.cursor, True
            yield follower
        finally:
            self._followers.discard(follower)
            open_streams.dec()

    def _admit(self, caller: Caller) -> None:
        if self._ended or len(self._followers) >= MOST:
            raise problems.unavailable("too-many-watchers", "nobody else can watch here now", retry_after=5)
        each = Counter((one.caller.tenant, one.caller.person_id) for one in self._followers)
        if each[caller.tenant, caller.person_id] >= MOST_EACH:
            raise problems.too_many("too-many-watchers", f"you watch {MOST_EACH} times already")

    async def _started(self) -> None:
        async with self._starting:
            if self._poller is None or self._poller.done():
                self.cursor = await self.ring.now()
                self._poller = asyncio.create_task(self._poll())

    async def _poll(self) -> None:
        while self._followers:
            self._news.clear()
            try:
                changes, self.cursor = await self.ring.since(self.cursor)
            except Exception as error:
                if not is_transient(error):
                    log.exception("changes.unreadable", service=self.service.name)
                    return self._give_up()
                await asyncio.sleep(OUTAGE)
                continue
            self._hand_out(changes)
            await asyncio.sleep(REST)
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL - REST):
                    await self._news.wait()
        return None

    def _give_up(self) -> None:
        for follower in self._followers:
            follower.end()

    def _hand_out(self, changes: Sequence[Change]) -> None:
        self._forget_teams(changes)
        for_all = [change for change in changes if change.tenant is None]
        tenants = {change.tenant for change in changes}
        for follower in self._followers:
            if follower.follows and (for_all or follower.caller.tenant in tenants):
                follower.give([change for change in changes if change.tenant in (None, follower.caller.tenant)])

    def _forget_teams(self, changes: Sequence[Change]) -> None:
        for change in filter(self.is_about_teams, changes):
            if change.tenant is None:
                self._teams.clear()
            else:
                self._teams.pop(change.tenant, None)

    def is_about_teams(self, change: Change) -> bool:
        return change.model in self.service.directory.reads

    async def team_of(self, view: Any, person: UUID) -> UUID | None:
        """Where the person is today, looked up once for all who watch until somebody moves."""
        known = self._teams.setdefault(view.caller.tenant, {})
        if (person, view.today) not in known:
            known[person, view.today] = await self.service.directory.team_of(view, person, view.today)
        return known[person, view.today]

"""Opening views: for a query's route, and for looking up relations when a command is asked."""

from datetime import datetime
from typing import Protocol

from shared.core.access import Caller
from shared.core.clock import Clock
from shared.web.view import Room, View


class Views:
    def __init__(self, room: Room, clock: Clock) -> None:
        self._room, self._clock = room, clock

    async def open(self, caller: Caller, now: datetime | None = None) -> View:
        return View(self._room, await self._room.builds.now(), caller, now or self._clock.now())


class Opens(Protocol):
    async def __call__(self) -> View: ...


class Once:
    """One request's view for relations, opened when the first of them is looked up, if any is."""

    def __init__(self, views: Views, caller: Caller) -> None:
        self._views, self._caller = views, caller
        self._view: View | None = None

    async def __call__(self) -> View:
        if self._view is None:
            self._view = await self._views.open(self._caller)
        return self._view

"""What of the changes one caller is told: those of rows that they may see, by the same relations as in a query.

A row counts as seen that was theirs before or is now: what leaves their list must leave their screen too. Who leads
whom, and the day, change what is seen without a row of it: then everything is to be asked again. So it is when somebody
moves, in a service whose rows of people are not watched themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID
from zlib import crc32

from shared.core.access import Caller
from shared.core.readmodel import ReadModel, Watched
from shared.listen.changes import Row
from shared.listen.ring import Change
from shared.web.followers import Followers
from shared.web.queries import Readers, path_of
from shared.web.scope import Grant, Of, Scope, covers, grants
from shared.web.view import View


@dataclass
class Told:
    """Of one read model: the rows, None for more than can be named."""

    model: ReadModel
    rows: dict[str, Mapping[str, Any]] | None = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)

    def shown(self, under: str) -> dict[str, Any]:
        """`under` is the address of the service that the changes were asked at."""
        return {
            "read_model": self.model.name,
            "path": f"{under}{path_of(self.model)}",
            "rows": None if self.rows is None else list(self.rows.values()),
            "positions": self.positions,
        }


class Reset:
    """Everything that is shown is to be asked again."""


RESET: Final = Reset()


class Watch:
    """The eyes of one caller. `begin` first."""

    def __init__(self, readers: Readers, followers: Followers, caller: Caller) -> None:
        self._readers, self._followers, self._caller = readers, followers, caller
        self._view: View | None = None
        self._sees: tuple[Scope, date] | None = None
        self._granted: dict[str, dict[str, Grant]] = {}

    async def begin(self) -> None:
        await self.looks_elsewhere()

    async def looks_elsewhere(self) -> bool:
        """Looks anew whom the caller leads. True when that, or the day, is another than it was."""
        self._view = await self._readers.look(self._caller)
        sees = await self._view.scope(), self._view.today
        before, self._sees = self._sees, sees
        if before != sees:
            self._granted.clear()
        return before is not None and before != sees

    @property
    def sight(self) -> str:
        """Another after another day, and after another appointment: what is seen moves with these, without a row."""
        assert self._sees is not None
        scope, today = self._sees
        teams = [sorted(map(str, found or ())) for found in (scope.led, scope.at_site)]
        return f"{today}.{crc32(repr((teams, scope.at_site is None)).encode()):08x}"

    async def told(self, changes: Sequence[Change]) -> list[Told] | Reset:
        moves = [change for change in changes if self._followers.is_about_teams(change)]
        if moves and (await self.looks_elsewhere() or any(change.model.watched is None for change in moves)):
            return RESET
        found: dict[str, Told] = {}
        for change in changes:
            if change.tenant is None:
                return RESET
            if change.model.watched is not None and (granted := self._grants(change.model, change.model.watched)):
                rows = await self._seen(change, change.model.watched, granted)
                if rows is None or rows:
                    _add(found.setdefault(change.model.name, Told(change.model)), change, rows)
        return list(found.values())

    def _grants(self, model: ReadModel, watched: Watched) -> dict[str, Grant]:
        assert self._sees is not None
        if model.name not in self._granted:
            self._granted[model.name] = grants(self._caller, self._sees[0], watched.by)
        return self._granted[model.name]

    async def _seen(self, change: Change, watched: Watched, granted: Mapping[str, Grant]) -> list[Row] | None:
        if change.rows is None:
            return None
        by_team = any(isinstance(grant, Of) for grant in granted.values())
        seen = []
        for row in change.rows:
            teams = await self._teams_of(row) if by_team else set()
            if covers(granted.values(), set(map(UUID, (*row.persons, *row.parties))), teams):
                seen.append(row)
        return seen

    async def _teams_of(self, row: Row) -> set[UUID | None]:
        assert self._view is not None
        if row.teams:
            return set(map(UUID, row.teams))
        return {await self._followers.team_of(self._view, UUID(person)) for person in row.persons}


def _add(told: Told, change: Change, rows: Iterable[Row] | None) -> None:
    told.positions |= change.positions
    if rows is None:
        told.rows = None
    elif told.rows is not None:
        told.rows |= {str(row.key): row.key for row in rows}

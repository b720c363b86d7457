"""The time zone in which something is asked: it decides the day. A team's never changes, so it is looked up once."""

from collections.abc import Iterator
from datetime import date, datetime
from time import monotonic
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.core.access import Caller, Directory
from shared.web.remembered import FOR_EVER, Remembered
from shared.web.view import as_id
from shared.web.views import Opens

MEMBER_SECONDS, UNKNOWN_SECONDS = 5.0, 2.0


class Zones:
    """Of the team a command names, else of its person's, else of the caller's, else the organisation's.

    Who is in which team, and that a team is unknown, is believed for a short time; not by who asks `fresh`.
    """

    def __init__(self, directory: Directory, default: str) -> None:
        self._directory, self._default = directory, ZoneInfo(default)
        self._of_team: Remembered[tuple[str, UUID], tuple[ZoneInfo | None]] = Remembered()
        self._team_of: Remembered[tuple[str, UUID], tuple[UUID | None]] = Remembered()

    async def local(
        self, now: datetime, caller: Caller, opens: Opens, command: Any = None, *, fresh: bool = False
    ) -> datetime:
        """`now` with the offset of the zone."""
        if fresh:
            self._forget(caller, command)
        day = now.astimezone(self._default).date()
        fields = type(command).model_fields if command is not None else {}
        zone = await self._of(command.team_id, caller, opens) if "team_id" in fields else None
        for person in _persons(command.person_id if "person_id" in fields else None, caller):
            if zone is None:
                team = await self._team(person, day, caller, opens)
                zone = await self._of(team, caller, opens)
        return now.astimezone(zone or self._default)

    def _forget(self, caller: Caller, command: Any) -> None:
        team: UUID | None = getattr(command, "team_id", None)
        if team is not None and self._of_team.get((caller.tenant, team)) == (None,):
            self._of_team.drop((caller.tenant, team))
        for person in _persons(getattr(command, "person_id", None), caller):
            self._team_of.drop((caller.tenant, person))

    async def _of(self, team: Any, caller: Caller, opens: Opens) -> ZoneInfo | None:
        if not isinstance(team, UUID):
            return None
        key = caller.tenant, team
        if (known := self._of_team.get(key)) is None:
            self._of_team.renew(key, UNKNOWN_SECONDS)
            name = await self._directory.zone_of(await opens(), team)
            known = (None if name is None else ZoneInfo(name),)
            self._of_team.put(key, known, FOR_EVER if name is not None else monotonic() + UNKNOWN_SECONDS)
        return known[0]

    async def _team(self, person: UUID, day: date, caller: Caller, opens: Opens) -> UUID | None:
        key = caller.tenant, person
        if (known := self._team_of.get(key)) is None:
            self._team_of.renew(key, UNKNOWN_SECONDS)
            known = (await self._directory.team_of(await opens(), person, day),)
            seconds = UNKNOWN_SECONDS if known[0] is None else MEMBER_SECONDS
            self._team_of.put(key, known, monotonic() + seconds)
        return known[0]


def _persons(named: Any, caller: Caller) -> Iterator[UUID]:
    if isinstance(named, UUID):
        yield named
    if (own := as_id(caller.person_id)) is not None and own != named:
        yield own

"""Somebody who watches: the events of a stream, one by one, as a front-end reads them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from shared.web.requests import CHANGES
from tests.shared.web.conftest import Person

LONG = httpx.Timeout(20)


@dataclass
class Event:
    """`lines` are the comments in it; `id` is the newest that has come."""

    id: str = ""
    kind: str = ""
    data: Any = None
    lines: tuple[str, ...] = ()

    @property
    def accounts(self) -> list[UUID]:
        """It is about nothing else."""
        (change,) = self.data["changes"]
        assert all(row.keys() == {"account_id"} for row in change["rows"])
        return [UUID(row["account_id"]) for row in change["rows"]]


class Eyes:
    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.id = ""
        self._lines = answer.aiter_lines()

    async def next(self, comments: bool = False) -> Event:
        """The next event that a browser would pass on. Raises StopAsyncIteration at the end."""
        while True:
            event = await self._event()
            if event.kind or (comments and event.lines):
                return event

    async def _event(self) -> Event:
        event = Event()
        async for line in self._lines:
            name, _, value = line.partition(": ")
            match name:
                case "":
                    if not line:
                        return event
                    event.lines += (value,)
                case "id":
                    event.id = self.id = value
                case "event":
                    event.kind = value
                case "data":
                    event.data = json.loads(value)
        raise StopAsyncIteration

    async def told(self, *accounts: UUID) -> None:
        """These accounts are the next that are told of, in this order."""
        found: list[UUID] = []
        while len(found) < len(accounts):
            found += (await self.next()).accounts
        assert found == list(accounts)

    async def upto(self, cursor: str) -> list[UUID]:
        """Which accounts are told of until all is that changed up to a cursor. A quiet stream needs its beats."""
        found = []
        while self.id.partition("@")[0] != cursor:
            event = await self.next(comments=True)
            found += event.accounts if event.kind else []
        return found

    async def ends(self) -> bool:
        try:
            await self.next()
        except StopAsyncIteration:
            return True
        return False


@asynccontextmanager
async def watching(url: str, person: Person, last: str | None = None) -> AsyncIterator[Eyes]:
    """From when this begins, nothing is missed."""
    headers = person.headers | ({"Last-Event-ID": last} if last is not None else {})
    async with (
        httpx.AsyncClient(timeout=LONG, headers=headers) as client,
        client.stream("GET", url + CHANGES) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        eyes = Eyes(answer)
        await eyes._event()
        yield eyes

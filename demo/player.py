"""Plays a story by HTTP alone: sets the clock, asks, sees, and compares every answer with what the story says."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import Any

import httpx

from demo.script import Ask, Body, Person, See, Step
from demo.telling import Silence, Telling

Token = Callable[[Person], str]

OPERATOR = Person("oskari", ("O",))
PATIENCE = 20.0  # seconds a process may take to catch up


class NotAsTold(Exception):
    """The platform answered something else than the story says."""


class Player:
    """`url` answers for all services. Its clock must be movable."""

    def __init__(self, http: httpx.AsyncClient, token: Token, telling: Telling | None = None) -> None:
        self._http, self._token, self._telling = http, token, telling or Silence()
        self._headers: dict[Person, Mapping[str, str]] = {}
        self.asked = self.seen = self.facts = 0

    async def play(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self._telling.begins(step)
            await self.move_clock(step.at)
            for part in step.parts:
                try:
                    await (self._ask(part) if isinstance(part, Ask) else self._see(part, step.at))
                except NotAsTold as error:
                    raise NotAsTold(f"step {step.number}, {step.title}: {error}") from None
            self._telling.is_done(step)

    async def move_clock(self, to: datetime) -> None:
        """Returns when deadlines on the way have been asked and every listener has caught up."""
        await self._request(OPERATOR, "POST", "/v1/ops/clock", {200}, json={"to": to.isoformat()})

    async def rows(self, who: Person, read_model: str, where: Body) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        address = address_of(read_model, where)
        while address:
            page = (await self._request(who, "GET", address, {200})).json()
            rows += page["items"]
            address = page["next"]
        return rows

    async def _ask(self, ask: Ask) -> None:
        answer = await self._request(ask.who, "POST", f"/v1/{ask.command}", {200, 422}, json=dict(ask.body))
        told = answer.json()
        expected = [ask.refused] if ask.refused else _stored_names(ask, told.get("stream", ""))
        got = [told["code"]] if answer.status_code == 422 else told["facts"]
        if got != expected:
            why = f" {told['detail']} {told.get('errors', '')}" if "detail" in told else ""
            raise NotAsTold(f"{ask.who.label}'s {ask.command}: expected {expected}, got {got}{why}")
        self.asked += 1
        self.facts += len(told.get("facts", ()))

    async def _see(self, see: See, at: datetime) -> None:
        await self.move_clock(at)
        rows = await self.rows(see.who, see.read_model, see.where)
        for expected in see.rows:
            if not any(_says(row, expected) for row in rows):
                raise NotAsTold(f"{see.read_model}: no row says {dict(expected)}, there is {_short(rows, expected)}")
        if see.count is not None and len(rows) != see.count:
            raise NotAsTold(f"{see.read_model}: expected {see.count} rows, got {len(rows)}: {rows}")
        self.seen += 1

    async def _request(self, who: Person, method: str, address: str, fine: set[int], **more: Any) -> httpx.Response:
        """What is not there at this moment is asked again, as the Retry-After of the answer says."""
        until = monotonic() + PATIENCE
        while True:
            answer = await self._http.request(method, address, headers=self._header(who), **more)
            if answer.status_code != 503 or monotonic() > until:
                break
            await asyncio.sleep(float(answer.headers.get("Retry-After", 1)))
        if answer.status_code not in fine:
            raise NotAsTold(f"{who.label}'s {method} {address}: {answer.status_code} {answer.text}")
        return answer

    def _header(self, who: Person) -> Mapping[str, str]:
        if who not in self._headers:
            self._headers[who] = {"Authorization": f"Bearer {self._token(who)}"}
        return self._headers[who]


def address_of(read_model: str, where: Body) -> str:
    return str(httpx.URL(f"/v1/{read_model}", params=dict(where)))


def _stored_names(ask: Ask, stream: str) -> list[str]:
    service = stream.partition(".")[0]
    return [f"{service}.{fact}" for fact in ask.facts]


def _says(told: Any, expected: Any) -> bool:
    """At least what is expected, at any depth. Codes of a list have no order of their own."""
    if isinstance(expected, Mapping) and isinstance(told, Mapping):
        return all(name in told and _says(told[name], value) for name, value in expected.items())
    if _has_parts(expected) and isinstance(told, list) and len(told) == len(expected):
        return all(map(_says, told, expected))
    return bool(_plain(told) == _plain(expected))


def _has_parts(expected: Any) -> bool:
    return isinstance(expected, list) and any(isinstance(part, Mapping) for part in expected)


def _plain(value: Any) -> Any:
    simple = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return sorted(value) if simple else value


def _short(rows: Sequence[Mapping[str, Any]], expected: Body) -> list[dict[str, Any]]:
    return [{name: row.get(name, "(no such column)") for name in expected} for row in rows]

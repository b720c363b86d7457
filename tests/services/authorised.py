"""A service's routes, tried by everybody: who gets through to which command, and whose rows each caller sees."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import httpx

from shared.core.readmodel import ReadModel
from shared.core.service import Service
from shared.testing.interleavings import Fact
from shared.web.commands import path_of as command_path
from shared.web.queries import path_of as query_path
from tests.services.reading import TOKENS

ABOUT = ("person_id", "employee_id", "people", "coach_id", "team_id")
Matrix = dict[str, dict[str, Any]]


class Caller(NamedTuple):
    person: UUID
    roles: str
    site: str | None = None


@dataclass(frozen=True, eq=False)
class Organisation:
    """Two teams, here and there, told as `streams`, and the `callers` who try to get at them.

    Commands are about the people and the team in `named`. A row is here or there by the first of its fields that
    stands in `whose`; some queries answer only when they are asked for something.
    """

    service: Service
    table: Mapping[str, Any]
    callers: Mapping[str, Caller]
    streams: Sequence[Sequence[Fact]]
    named: Mapping[str, UUID]
    whose: Mapping[UUID, str]
    now: datetime
    asked_for: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)

    @property
    def queries(self) -> list[ReadModel]:
        return [each for each in self.service.read_models if each.query is not None]

    def bodies(self) -> Mapping[str, dict[str, Any]]:
        """The example of each command, about those whom the table is about."""
        found = {}
        for ask in self.service.asks:
            (example,) = ask.command.model_json_schema()["examples"]
            about = {name: str(self.named[name]) for name in self.named.keys() & ask.command.model_fields.keys()}
            found[command_path(ask.command)] = example | about
        return found

    def token(self, name: str, tenant: str) -> str:
        person, roles, site = self.callers[name]
        return TOKENS.issue(str(person), tenant, roles, site=site)

    def headers(self, name: str, tenant: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(name, tenant)}"}

    async def getting_through(self, client: httpx.AsyncClient, tenant: str) -> Matrix:
        """By command, who was not refused. What the decider says of it is no matter here."""

        async def gets_through(path: str, body: dict[str, Any], name: str) -> bool:
            answer = await client.post(path, json=body, headers=self.headers(name, tenant))
            assert answer.status_code in (200, 403, 422), answer.text
            assert "errors" not in answer.json(), f"{path} was no command: {answer.text}"
            assert answer.status_code != 403 or answer.json()["code"] == "not-allowed"
            return answer.status_code != 403

        matrix: Matrix = {}
        for path, body in self.bodies().items():
            through = await asyncio.gather(*(gets_through(path, body, name) for name in self.callers))
            matrix[path.removeprefix("/v1/")] = dict(zip(self.callers, through, strict=True))
        return matrix

    async def seeing(self, client: httpx.AsyncClient, tenant: str) -> Matrix:
        """By query, whose rows each caller sees."""

        async def sees(path: str, name: str) -> str | None:
            seen: set[str] = set()
            for asked in self.asked_for.get(path.removeprefix("/v1/"), ({},)):
                filters = {"limit": "500", **asked}
                answer = await client.get(path, params=filters, headers=self.headers(name, tenant))
                assert answer.status_code in (200, 404), answer.text
                seen |= {self._side(item) for item in answer.json().get("items", [])}
            return "all" if len(seen) > 1 else next(iter(seen), None)

        paths = [query_path(read_model) for read_model in self.queries]
        return {path.removeprefix("/v1/"): {name: await sees(path, name) for name in self.callers} for path in paths}

    def _side(self, item: Mapping[str, Any]) -> str:
        sides = {str(one): side for one, side in self.whose.items()}
        told = (item.get(name) for name in ABOUT)
        ids = (each[0] if isinstance(each, list) else each for each in told)
        return next((sides[each] for each in ids if each in sides), "all")

    def promised(self, field: str) -> Matrix:
        """`who`; `elsewhere` tells where it differs in an organisation that knows none of those here."""
        return {
            route: {name: name in self.callers_in(group.get(field, group["who"])) for name in self.callers}
            for group in self.table["commands"]
            for route in group["routes"]
        }

    def promised_to_see(self) -> Matrix:
        promised: Matrix = {}
        for query, seen in self.table["queries"].items():
            sides = {name: side for side, names in seen.items() for name in self.callers_in(names)}
            promised[query] = {name: sides.get(name) for name in self.callers}
        return promised

    def callers_in(self, names: Sequence[str]) -> set[str]:
        """The callers of a line of the table, where some stand for several."""
        groups: Mapping[str, list[str]] = self.table.get("groups", {})
        return {caller for name in names for caller in groups.get(name, [name])}


def differing(there: Matrix, promised: Matrix) -> Matrix:
    """What to look at, of thousands of answers that are as they should be."""
    assert there.keys() == promised.keys()
    return {
        route: {name: answer for name, answer in answers.items() if answer != promised[route][name]}
        for route, answers in there.items()
        if answers != promised[route]
    }

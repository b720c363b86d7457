"""The demo's story, played by HTTP on any way to run, and everything that its people can see afterwards."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from demo import cast
from demo.player import Player
from demo.script import ORGANISATION, Person, See
from demo.story import STORY
from shared.web.tokens import Tokens

LOOKING = (cast.HANNA, cast.SANNA, cast.DANI, cast.MARKKU, cast.NORA, cast.AINO, cast.ONNI, cast.AINO_CANDIDATE)

SERVICE = "onboarding"

Sight = Mapping[str, list[dict[str, Any]] | int]
"""By who looks and at what: the rows, or the status of the refusal."""


@dataclass(frozen=True)
class Teller:
    """`url` answers for every service and has a movable clock; its tokens are signed with `secret`."""

    url: str
    secret: str

    async def play(self) -> Sight:
        """Raises NotAsTold at the first answer that is another one than the story's."""
        async with self._http() as http:
            player = Player(http, self._token)
            await player.play(STORY)
            assert player.asked == sum(not isinstance(part, See) for step in STORY for part in step.parts)
            return await self._sight(http)

    async def look(self) -> Sight:
        """What was seen at the end. After a restart the clock shows today again, so that it is moved first."""
        async with self._http() as http:
            await Player(http, self._token).move_clock(STORY[-1].at)
            return await self._sight(http)

    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, timeout=60)

    def _token(self, who: Person) -> str:
        tokens = Tokens(secret=self.secret)
        return tokens.issue(who.id, ORGANISATION, who.roles, site=who.site, lifetime=timedelta(days=1))

    async def _sight(self, http: httpx.AsyncClient) -> Sight:
        described = (await self._described(http)).json()["paths"]
        paths = [path for path, methods in described.items() if path.startswith("/v1/") and "get" in methods]
        looks = {*_looks_of_the_story(), *((who, path) for who in LOOKING for path in paths)}
        return {f"{who.kind} {who.label} {address}": await self._rows(http, who, address) for who, address in looks}

    async def _described(self, http: httpx.AsyncClient) -> httpx.Response:
        """By the service of the story, where others answer beside it."""
        among_others = await http.get(f"/{SERVICE}/openapi.json")
        return among_others if among_others.status_code == httpx.codes.OK else await http.get("/openapi.json")

    async def _rows(self, http: httpx.AsyncClient, who: Person, address: str) -> list[dict[str, Any]] | int:
        headers, rows = {"Authorization": f"Bearer {self._token(who)}"}, []
        while address:
            answer = await http.get(address, headers=headers)
            if answer.status_code != httpx.codes.OK:
                return answer.status_code
            rows += answer.json()["items"]
            address = answer.json()["next"]
        return rows


def _looks_of_the_story() -> Iterator[tuple[Person, str]]:
    for step in STORY:
        for part in step.parts:
            if isinstance(part, See):
                yield part.who, str(httpx.URL(f"/v1/{part.read_model}", params=dict(part.where)))

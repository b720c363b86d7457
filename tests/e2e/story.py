"""The demo's story, played by HTTP on any way to run, and everything that its people can see afterwards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from demo import cast
from demo.player import Player
from demo.script import ORGANISATION, Person, See
from demo.story import STORY
from shared.ops.found import services
from shared.web.queries import path_of
from shared.web.tokens import Tokens
from tests.e2e.apart import Apart, Place

LOOKING = (cast.HANNA, cast.SANNA, cast.DANI, cast.MARKKU, cast.NORA, cast.AINO, cast.ONNI, cast.AINO_CANDIDATE)

Sight = Mapping[str, list[dict[str, Any]] | int]
"""By who looks and at what: the rows, or the status of the refusal."""


@dataclass(frozen=True)
class Teller:
    """At `url` every service answers and the clock is movable; tokens are signed with `secret`.

    Services at addresses of their own are met by way of `apart`.
    """

    url: str
    secret: str
    apart: Sequence[Place] = ()

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
        return httpx.AsyncClient(base_url=self.url, timeout=60, transport=Apart(self.apart) if self.apart else None)

    def _token(self, who: Person) -> str:
        tokens = Tokens(secret=self.secret)
        return tokens.issue(who.id, ORGANISATION, who.roles, site=who.site, lifetime=timedelta(days=1))

    async def _sight(self, http: httpx.AsyncClient) -> Sight:
        paths = [
            path_of(read_model) for service in services() for read_model in service.read_models if read_model.query
        ]
        looks = {*_looks_of_the_story(), *((who, path) for who in LOOKING for path in paths)}
        return {f"{who.kind} {who.label} {address}": await self._rows(http, who, address) for who, address in looks}

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

"""Services at addresses of their own, to whoever plays as one platform: each is asked what is its, one clock moves."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from time import monotonic

import httpx

from shared.core.event import source_of
from shared.core.service import Service
from shared.ops.found import service as found
from shared.run.front import paths_of
from shared.run.standing import Standing, standing
from shared.store.database import Database

CLOCK = "/v1/ops/clock"
PATIENCE = 60.0


@dataclass(frozen=True)
class Place:
    """Where a service answers, and where its facts are."""

    name: str
    url: str
    dsn: str

    @property
    def service(self) -> Service:
        return found(self.name)


class Apart(httpx.AsyncBaseTransport):
    """The clocks move one after the other, in the order of the places; between them nothing is on its way."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = places
        self._of = {path: place for place in places for path in paths_of(place.service)}
        self._http = httpx.AsyncHTTPTransport()
        self._quiet = Quiet(places)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path != CLOCK:
            return await self._pass(request, self._of[request.url.path])
        for place in self._places:
            await self._quiet.wait()
            answer = await self._pass(request, place)
            if answer.status_code != httpx.codes.OK:
                break
        await self._quiet.wait()
        return answer

    async def _pass(self, request: httpx.Request, place: Place) -> httpx.Response:
        to = httpx.URL(place.url)
        url = request.url.copy_with(scheme=to.scheme, host=to.host, port=to.port)
        passed = httpx.Request(request.method, url, headers=request.headers, content=request.content)
        answer = await self._http.handle_async_request(passed)
        await answer.aread()
        return answer

    async def aclose(self) -> None:
        await self._http.aclose()
        await self._quiet.close()


class Quiet:
    """Whether every service has heard all that any of them has stored, and has said nothing new because of it."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._services = [place.service for place in places]
        self._databases = {place.name: Database(place.dsn, pool=2) for place in places}

    async def wait(self) -> None:
        until = monotonic() + PATIENCE
        while not await self._is_now():
            assert monotonic() < until, "something stays on its way"
            await asyncio.sleep(0.005)

    async def close(self) -> None:
        for database in self._databases.values():
            await database.close()

    async def _is_now(self) -> bool:
        before = [await standing(service.name, self._databases) for service in self._services]
        speaking = {one.service for one in before if one.head}
        heard = all(_has_all(service, one, speaking) for service, one in zip(self._services, before, strict=True))
        return heard and [one.head for one in before] == [await self._head(one.service) for one in before]

    async def _head(self, name: str) -> int:
        return (await standing(name, self._databases)).head


def _has_all(service: Service, now: Standing, speaking: Collection[str]) -> bool:
    """A listener that has heard nothing yet has no mark: each read model must have come somewhere."""
    relayed = now.relay is None or now.relay.lag.facts == 0
    marks = [one for one in now.listeners if one.source in speaking]
    begun = {(one.listener.partition(".")[0], one.source) for one in marks}
    wanted = {(model.name, source_of(name)) for model in service.read_models for name in model.events}
    missing = {(model, source) for model, source in wanted if source in speaking} - begun
    return relayed and not missing and all(one.lag.facts == 0 for one in marks)

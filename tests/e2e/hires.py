"""Load: hires on their way into a team, one command after the other, each asked until it is answered."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

STARTS_ON = (date.today() + timedelta(days=7)).isoformat()

STAGE = {
    "code": "basics", "title": "Basics", "goal": "first own contacts", "target_days": 2, "supported": ["data-change"],
    "unlocks": ["data-change"], "topics": [], "checks": [],
    "requirements": [{"code": "listen", "kind": "monitor", "count": 1, "focus": "how calls begin"}],
}  # fmt: skip
KIT = [{"code": "headset", "kind": "device", "title": "Headset", "needed_by_day": 0}]


@dataclass
class Answered:
    """Every command that was answered, with the facts that its receipt names."""

    facts: dict[UUID, list[str]] = field(default_factory=dict)
    again: int = 0
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def add(self, command_id: UUID, facts: list[str]) -> None:
        async with self.news:
            self.facts[command_id] = facts
            self.news.notify_all()

    async def more_than(self, count: int) -> None:
        async with self.news:
            await self.news.wait_for(lambda: len(self.facts) > count)


@dataclass
class Clients:
    urls: list[str]
    token: str
    answered: Answered = field(default_factory=Answered)
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    async def ask(self, http: httpx.AsyncClient, command: str, body: dict[str, Any]) -> None:
        """The same id until there is an answer, whichever process gives it."""
        command_id = uuid4()
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(command_id)}
        while True:
            url = self.chance.choice(self.urls)
            try:
                answer = await http.post(f"{url}/v1/{command}", json=body, headers=headers)
            except httpx.TransportError:
                self.answered.again += 1
                await asyncio.sleep(0.02)  # nobody listens there for now
                continue
            if answer.status_code in (409, 503):
                self.answered.again += 1
                continue
            assert answer.status_code == 200, f"{command}: {answer.text}"
            await self.answered.add(command_id, answer.json()["facts"])
            return

    async def prepare(self, http: httpx.AsyncClient) -> str:
        template_id = str(uuid4())
        draft = {"template_id": template_id, "name": "Agent", "role_code": "agent", "final_goal": "works alone"}
        await self.ask(http, "draft-template", {**draft, "kit": KIT, "stages": [STAGE]})
        await self.ask(http, "publish-template", {"template_id": template_id, "note": "the first"})
        return template_id

    async def play_all(self, clients: int, until: "asyncio.Task[None]") -> None:
        """Plays on in so many voices until the task is done; every command that was begun is seen through."""
        async with httpx.AsyncClient(timeout=3) as http:
            template_id = await self.prepare(http)
            async with asyncio.TaskGroup() as voices:
                for _ in range(clients):
                    voices.create_task(self._play(http, template_id, until))
        await until

    async def _play(self, http: httpx.AsyncClient, template_id: str, until: "asyncio.Task[None]") -> None:
        while not until.done():
            for command, body in self._story(template_id):
                await self.ask(http, command, body)

    def _story(self, template_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
        team, person, supervisor = str(uuid4()), str(uuid4()), str(uuid4())
        yield "form-team", {"team_id": team, "name": "One", "site": "tampere", "time_zone": "Europe/Helsinki"}
        yield "appoint-supervisor", {"team_id": team, "supervisor_id": supervisor, "since": "2026-01-01"}
        yield "join-team", {
            "person_id": person, "team_id": team, "display_name": "A. B.", "role_code": "agent", "joined_on": STARTS_ON,
        }  # fmt: skip
        yield "start-journey", {
            "person_id": person, "template_id": template_id, "starts_on": STARTS_ON, "supervisor_id": supervisor,
            "preview_waiver": "comes back after a year",
        }  # fmt: skip
        for name in ("Two", "Three", "Four"):
            yield "rename-team", {"team_id": team, "name": name}
        yield "change-role", {"person_id": person, "role_code": "specialist", "since": STARTS_ON}

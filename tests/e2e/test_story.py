"""The story of `domain/story.md`, played by HTTP on both ways to run: embedded, and over real PostgreSQL and Kafka."""

import asyncio
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx

from demo.player import Player
from demo.script import ORGANISATION, Person
from demo.story import STORY
from shared.web.tokens import Tokens
from tests.parts.kafka import Kafka
from tests.shared.ops.commanding import PROGRAM, ROOT, environment, luotsi
from tests.shared.ops.processes import SECRET, Running, running


def test_the_demo_plays_it_embedded_shows_rows_and_can_be_kept_running(tmp_path: Path) -> None:
    settings = {"data_dir": str(tmp_path)}
    demo = subprocess.run(
        [PROGRAM, "demo"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(**settings),
        timeout=300,
        check=False,
    )
    assert demo.returncode == 0, demo.stderr
    assert [line for line in demo.stderr.splitlines() if '"error"' in line] == []
    assert "every answer as the story tells it" in demo.stdout
    assert f"luotsi up --data-dir {tmp_path / 'demo'}" in demo.stdout
    assert all(step.title in demo.stdout for step in STORY)
    kept = {"data_dir": str(tmp_path / "demo")}
    with running([PROGRAM, "up"], tmp_path / "up.log", **kept) as platform:
        platform.wait_ready()
        shown = httpx.get(f"{platform.url}/v1/onboarding-progress", headers=_headers(), timeout=20)
        assert {row["state"] for row in shown.json()["items"]} == {"completed", "stopped"}
        assert shown.json()["as_of"]["at"].startswith("2027-04-30"), "the clock goes on from where the story left it"
        assert platform.terminate() == 0


def test_it_is_the_same_story_over_kafka(database: str, kafka: Kafka, topics: str, tmp_path: Path) -> None:
    settings = {"dsn": database, "kafka": kafka.bootstrap, "topic_prefix": topics}
    created = luotsi("topics", "create", **settings)
    assert created.returncode == 0, created.stderr
    program = [sys.executable, "-m", "services.onboarding", "run"]
    with running(program, tmp_path / "run.log", clock="movable", **settings) as process:
        process.wait_ready()
        asyncio.run(_play(process))
        assert luotsi("status", "--strict", **settings).returncode == 0
        assert process.terminate() == 0


async def _play(process: Running) -> None:
    tokens = Tokens(secret=SECRET)

    def issue(who: Person) -> str:
        return tokens.issue(who.id, ORGANISATION, who.roles, site=who.site, lifetime=timedelta(hours=1))

    async with httpx.AsyncClient(base_url=process.url, timeout=60) as http:
        await Player(http, issue).play(STORY)


def _headers() -> dict[str, str]:
    token = Tokens(secret=SECRET).issue("somebody", ORGANISATION, ["H"])
    return {"Authorization": f"Bearer {token}"}

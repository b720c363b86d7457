"""A new image with a changed fold, beside the old one: as processes over real PostgreSQL and Kafka."""

import asyncio
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from shared.web.tokens import Tokens
from tests.parts.kafka import Kafka
from tests.parts.waiting import wait_until
from tests.shared.ops.processes import SECRET, Running, bank, running
from tests.shared.ops.test_roles import create_topic

PERSON = str(uuid4())
HEADERS = {"Authorization": f"Bearer {Tokens(secret=SECRET).issue(PERSON, 'org', 'H')}"}
OPERATOR = {"Authorization": f"Bearer {Tokens(secret=SECRET).issue(PERSON, 'org', 'O')}"}


def newer(role: str) -> list[str]:
    return [sys.executable, "-m", "tests.shared.replay.newer_bank", role]


def open_account(process: Running) -> str:
    account = {"account_id": str(uuid4()), "person_id": PERSON, "team_id": str(uuid4())}
    httpx.post(f"{process.url}/v1/open-account", json=account, headers=HEADERS, timeout=20).raise_for_status()
    return account["account_id"]


def lines(process: Running) -> set[str] | str:
    """The accounts it shows, or the code of its refusal."""
    answer = httpx.get(f"{process.url}/v1/account-lines?limit=100", headers=HEADERS, timeout=20).json()
    return {item["account_id"] for item in answer["items"]} if "items" in answer else str(answer["code"])


async def builds(dsn: str) -> list[Any]:
    connection = await asyncpg.connect(dsn)
    try:
        return [tuple(row) for row in await connection.fetch("select read_model, version from builds order by 1, 2")]
    finally:
        await connection.close()


def test_the_old_image_serves_until_the_new_one_has_built_its_version_once(
    database: str, kafka: Kafka, topics: str, tmp_path: Path
) -> None:
    create_topic(kafka, f"{topics}bank.events")
    settings = {"dsn": database, "kafka": kafka.bootstrap, "topic_prefix": topics}
    with running(bank("run"), tmp_path / "old.log", **settings) as old:
        old.wait_ready()
        there = {open_account(old) for _ in range(30)}
        with (
            running(newer("api"), tmp_path / "api.log", **settings) as api,
            running(newer("worker"), tmp_path / "one.log", **settings) as one,
            running(newer("worker"), tmp_path / "other.log", **settings) as other,
        ):
            wait_until(lambda: (answer := api.get("/readyz")) is not None and "account_lines" in answer.text, "the api")
            assert lines(api) == "not-live"
            assert lines(old) == there
            there.add(open_account(old))
            for process in (one, other, api):
                process.wait_ready()
            shown = httpx.get(f"{api.url}/v1/ops/rebuilds", headers=OPERATOR, timeout=20).json()
            (made,) = [build for build in shown if build["version"] == 2]
            assert (made["state"], made["phase"], made["error"]) == ("live", "live", None)
            assert asyncio.run(builds(database)) == [("account_lines", 1), ("account_lines", 2), ("roster", 1)]
            there.update(open_account(old) for _ in range(10))
            wait_until(lambda: lines(api) == there, "the new image")
            wait_until(lambda: lines(old) == there, "the old image")
            assert [process.terminate() for process in (one, other, api)] == [0, 0, 0]
        there.add(open_account(old))
        wait_until(lambda: lines(old) == there, "the old image alone")
        assert old.terminate() == 0

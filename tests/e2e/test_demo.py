"""`luotsi demo` as a person runs it, without a terminal."""

import asyncio
import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from demo.player import NotAsTold, Player, address_of
from demo.script import ORGANISATION, Ask
from demo.shown import SHOWN
from demo.story import STORY
from shared.ops.brokers import admin_of
from shared.ops.settings import load
from shared.web.tokens import Tokens
from tests.e2e.conftest import Up
from tests.parts.kafka import Kafka
from tests.shared.ops.commanding import PROGRAM, ROOT, environment, luotsi
from tests.shared.ops.processes import SECRET, Running, running

pytestmark = pytest.mark.xdist_group("stories")


def test_it_plays_the_story_shows_what_came_of_it_and_can_be_kept_running(tmp_path: Path) -> None:
    demo = subprocess.run(
        [PROGRAM, "demo"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(data_dir=str(tmp_path)),
        timeout=300,
        check=False,
    )
    assert demo.returncode == 0, demo.stderr
    assert demo.stderr == ""
    assert "every answer as the story tells it" in demo.stdout
    assert f"luotsi up --data-dir {tmp_path / 'demo'}" in demo.stdout
    assert all(step.title in demo.stdout for step in STORY)
    with running([PROGRAM, "up"], tmp_path / "up.log", data_dir=str(tmp_path / "demo")) as platform:
        platform.wait_ready()
        token = Tokens(secret=SECRET).issue("somebody", ORGANISATION, ["H"])
        headers = {"Authorization": f"Bearer {token}"}
        shown = httpx.get(f"{platform.url}/v1/onboarding-progress", headers=headers, timeout=20).json()
        assert {row["state"] for row in shown["items"]} == {"completed", "stopped"}
        assert shown["as_of"]["at"].startswith("2027-04-30"), "the clock goes on from where the story left it"
        asked = re.findall(r"^GET (\S+)  token (.+)$", demo.stdout, re.M)
        assert {address: seen_by(platform, address, words) for address, words in asked} == dict.fromkeys(
            (address_of(one.read_model, one.where) for one in SHOWN), 200
        )
        (line,) = re.findall(r"^Then look at it: (curl .+)$", demo.stdout, re.M)
        line = line.replace("http://127.0.0.1:8000", platform.url)
        env = environment(token_secret=SECRET)
        board = subprocess.run(["bash", "-c", line], capture_output=True, text=True, cwd=ROOT, env=env, check=False)
        assert len(json.loads(board.stdout)["items"]) == 12, board
        assert platform.terminate() == 0


def seen_by(platform: Running, address: str, words: str) -> int:
    token = luotsi("token", *words.split(), token_secret=SECRET).stdout.strip()
    return httpx.get(f"{platform.url}{address}", headers={"Authorization": f"Bearer {token}"}, timeout=20).status_code


async def test_the_player_finds_out_a_story_that_does_not_fit(luotsi_up: Up) -> None:
    forming = STORY[0].parts[0]
    assert isinstance(forming, Ask)
    untrue = replace(STORY[0], parts=[replace(forming, facts=["team-disbanded"])])
    tokens = Tokens(secret=SECRET)
    with luotsi_up() as platform:
        await asyncio.to_thread(platform.wait_ready)
        async with httpx.AsyncClient(base_url=platform.url, timeout=60) as http:
            player = Player(http, lambda who: tokens.issue(who.id, "another", who.roles))
            with pytest.raises(NotAsTold, match=r"hanna's form-team: expected .*disbanded.*, got .*team-formed"):
                await player.play([untrue])
        assert platform.terminate() == 0


def test_over_kafka_it_is_the_same_story(kafka: Kafka, tmp_path: Path) -> None:
    """On a broker that is given; nothing of it is left there."""
    demo = luotsi("demo", "--kafka", "--json", data_dir=str(tmp_path), kafka=kafka.bootstrap)
    assert (demo.returncode, demo.stderr.splitlines()[-1].endswith("as the story tells it.")) == (0, True), demo.stderr
    assert json.loads(demo.stdout)["steps"] == len(STORY)
    with admin_of(load(kafka=kafka.bootstrap)) as admin:
        assert not [topic for topic in admin.list_topics() if topic.startswith("demo-")]


def test_without_a_broker_and_without_docker_it_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    demo = luotsi("demo", "--kafka", data_dir=str(tmp_path))
    assert (demo.returncode, demo.stdout) == (3, "")
    assert "LUOTSI_KAFKA is not set, and there is no Docker" in demo.stderr

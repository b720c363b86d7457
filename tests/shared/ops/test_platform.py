"""`luotsi up` as a process of its own, and the verbs that look at it and put it in order."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from shared.core.event import Recorded
from shared.embedded.postgres import EmbeddedPostgres
from shared.ops.facts import last
from shared.ops.found import names
from tests.parts.waiting import wait_until
from tests.shared.ops.commanding import PROGRAM, ROOT, answer, environment, luotsi
from tests.shared.ops.processes import Running, running
from tests.shared.ops.teams import TENANT, form_team, headers


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("platform")


@pytest.fixture(scope="module")
def platform(folder: Path) -> Iterator[Running]:
    with running([PROGRAM, "up"], folder.parent / "up.log", data_dir=str(folder), clock="movable") as platform:
        platform.wait_ready()
        yield platform
        assert platform.terminate() == 0


def test_one_address_answers_for_everything(platform: Running) -> None:
    for service, path in (("onboarding", "/v1/form-team"), ("coaching", "/v1/start-form")):
        described = platform.get(f"/{service}/openapi.json")
        assert described is not None
        assert path in described.json()["paths"]
        assert (platform.get("/openapi.json") or described).json()["paths"][path]
    unknown = platform.get("/v1/nothing-here")
    assert unknown is not None
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not-found")


def test_each_service_tells_its_changes(platform: Running) -> None:
    """Coaching hears of the team from onboarding: who is where is not shown there, so all is to be asked again."""
    with (
        httpx.stream("GET", f"{platform.url}/onboarding/v1/changes", headers=headers(), timeout=30) as onboarding,
        httpx.stream("GET", f"{platform.url}/coaching/v1/changes", headers=headers(), timeout=30) as coaching,
    ):
        told, heard = onboarding.iter_lines(), coaching.iter_lines()
        next(told), next(heard)
        team = form_team(platform).removeprefix("onboarding.team-")
        assert team in next(line for line in told if line.startswith("data: "))
        assert "event: reset" in heard


def test_a_token_of_another_folder_is_refused(platform: Running, tmp_path: Path) -> None:
    (tmp_path / "token.secret").write_text("of another platform than this one")
    foreign = luotsi("token", "--role", "H", data_dir=str(tmp_path)).stdout.strip()
    refused = httpx.get(f"{platform.url}/v1/teams", headers={"Authorization": f"Bearer {foreign}"}, timeout=20)
    assert refused.status_code == 401


def test_where_no_platform_is_no_token_is_made_that_nobody_accepts(tmp_path: Path) -> None:
    ran = luotsi("token", "--role", "H", data_dir=str(tmp_path))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert f"there is no platform in {tmp_path}" in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_role_that_does_not_exist_gets_no_token(tmp_path: Path) -> None:
    ran = luotsi("token", "--role", "X", data_dir=str(tmp_path))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "no role X" in ran.stderr


def _listeners(folder: Path) -> set[str]:
    return {one["listener"] for service in answer("status", data_dir=str(folder)) for one in service["listeners"]}


def test_status_tells_how_far_every_listener_is(platform: Running, folder: Path) -> None:
    form_team(platform)
    wait_until(lambda: {"policies", "deadlines"} < _listeners(folder), "every listener's first mark")
    wait_until(lambda: luotsi("status", "--strict", data_dir=str(folder)).returncode == 0, "the listeners")
    told = {one["service"]: one for one in answer("status", data_dir=str(folder))}
    assert sorted(told) == names()
    onboarding = told["onboarding"]
    assert onboarding["head"] >= 1
    own = [one for one in onboarding["listeners"] if one["source"] == "onboarding"]
    assert {tuple(one["positions"]) for one in own} == {(onboarding["head"],)}
    shown = luotsi("status", data_dir=str(folder)).stdout
    assert "teams.v" in shown
    assert "taken up to" in shown


def test_facts_are_shown_by_stream_by_position_and_as_they_came(platform: Running, folder: Path) -> None:
    stream = form_team(platform)
    (fact,) = answer("facts", "show", stream, "--tenant", TENANT, data_dir=str(folder))
    assert (fact["name"], fact["version"], fact["data"]["name"]) == ("onboarding.team-formed", 1, "One")
    position = str(fact["position"])
    assert answer("facts", "show", position, "--service", "onboarding", data_dir=str(folder)) == [fact]
    newest = luotsi("facts", "tail", "--limit", "1", "--stream", stream, data_dir=str(folder)).stdout
    assert position in newest
    assert "onboarding.team-formed" in newest
    assert answer("facts", "tail", "--limit", "1", "--stream", stream, data_dir=str(folder)) == fact
    missing = luotsi("facts", "show", "onboarding.team-none", "--tenant", TENANT, data_dir=str(folder))
    assert (missing.returncode, missing.stdout) == (1, "")
    assert luotsi("facts", "show", stream, data_dir=str(folder)).returncode == 2


def recorded(source: str, position: int, second: int) -> Recorded:
    at = datetime(2027, 3, 1, 9, 0, second, tzinfo=UTC)
    stream, name = f"{source}.team-1", f"{source}.team-formed"
    return Recorded(source, position, TENANT, stream, position, name, uuid4(), at, at, "me", uuid4(), None, None, "{}")


def test_as_many_facts_are_told_as_were_asked_for_of_all_services_together() -> None:
    one = [recorded("one", 1, 1), recorded("one", 2, 5), recorded("one", 3, 4)]
    two = [recorded("two", 1, 2), recorded("two", 2, 6)]
    assert last([one, two], 3) == [one[1], one[2], two[1]]
    assert last([one, two], 9) == [one[0], two[0], one[1], one[2], two[1]]
    assert last([one, two], 0) == []


def test_facts_are_followed(platform: Running, folder: Path, tmp_path: Path) -> None:
    program = [PROGRAM, "facts", "tail", "--follow", "--limit", "0", "--json"]
    with running(program, tmp_path / "tail.log", data_dir=str(folder)) as tail:
        streams = [form_team(platform)]

        def seen() -> bool:
            assert tail.process.poll() is None, tail.log.read_text()
            return streams[-1] in tail.log.read_text()

        def seen_after_another() -> bool:
            if not seen():
                streams.append(form_team(platform))
            return seen()

        wait_until(seen_after_another, "the new fact")


async def poison(folder: Path) -> str:
    """A team whose first fact nobody can read, and whose second is as it should be. Its stream."""
    team = uuid4()
    good = f'{{"team_id":"{team}","name":"One","site":"tampere","time_zone":"Europe/Helsinki"}}'
    owner = await asyncpg.connect(EmbeddedPostgres(folder).addresses("onboarding").owner)
    try:
        for version, data in enumerate(('{"team_id": "broken"}', good), 1):
            await owner.execute(
                "insert into facts select max(position) + 1, $1, $2, $3, 'onboarding.team-formed', $4, now(), 0,"
                " now(), 'somebody', $4, $4, null, null, $5::json from facts",
                *(TENANT, f"onboarding.team-{team}", version, uuid4(), data),
            )
    finally:
        await owner.close()
    return f"onboarding.team-{team}"


def test_a_parked_stream_is_listed_shown_retried_and_put_in_order(platform: Running, folder: Path) -> None:
    form_team(platform)
    stream = asyncio.run(poison(folder))
    where = {"data_dir": str(folder)}
    wait_until(lambda: len(answer("parked", "list", **where)) > 0, "the poison to be parked")
    blocked = answer("parked", "list", **where)
    assert {(one["stream"], one["behind"], one["tenant"]) for one in blocked} == {(stream, 1, TENANT)}
    assert luotsi("status", "--strict", **where).returncode == 1

    def is_in_order() -> bool:
        """One listener may park what the others have parked by now."""
        for one in answer("parked", "list", **where):
            put_in_order(one, stream, where)
        return luotsi("status", "--strict", **where).returncode == 0

    wait_until(is_in_order, "all that is parked to be in order")


def put_in_order(blocked: dict[str, str], stream: str, where: dict[str, str]) -> None:
    named = (blocked["listener"], stream, "--service", blocked["service"])
    first, second = answer("parked", "show", *named, **where)
    assert "team_id" in first["error"]
    assert (second["error"], UUID(second["envelope"]["id"]).version) == (None, 4)
    again = luotsi("parked", "retry", *named, "--json", **where)
    assert again.returncode == 1
    assert '"handled": 0' in again.stdout
    assert luotsi("parked", "discard", *named, "--why", "written by hand", **where).returncode == 0
    assert answer("parked", "retry", *named, **where) == {"streams": 1, "handled": 1, "left": 0, "failed": []}
    assert luotsi("parked", "show", *named, **where).returncode == 1


async def let_go_of(folder: Path, read_model: str) -> None:
    """As a release finds it whose version of a read model has no build yet."""
    owner = await asyncpg.connect(EmbeddedPostgres(folder).addresses("onboarding").owner)
    try:
        await owner.execute("delete from live where read_model = $1", read_model)
    finally:
        await owner.close()


def test_a_read_model_without_a_build_gets_one_by_itself(platform: Running, folder: Path) -> None:
    form_team(platform)
    before = {one["build"] for one in _live(folder)}
    asyncio.run(let_go_of(folder, "welcome_list"))
    wait_until(lambda: not {one["build"] for one in _live(folder)} <= before, "a build of welcome_list")
    read = partial(httpx.get, f"{platform.url}/v1/welcome-list", headers=headers(), timeout=20)
    wait_until(lambda: read().status_code == 200, "an answer from it")


def _live(folder: Path) -> list[dict[str, Any]]:
    listed = answer("rebuilds", "list", "--service", "onboarding", data_dir=str(folder))
    return [one for one in listed if (one["read_model"], one["state"]) == ("welcome_list", "live")]


def test_a_rebuild_that_drops_an_older_build_answers_in_json_alone(platform: Running, folder: Path) -> None:
    words = ("rebuild", "templates", "--service", "onboarding", "--no-verify", "--throttle", "none", "--json")
    for _ in range(2):
        ran = luotsi(*words, data_dir=str(folder))
        assert (ran.returncode, ran.stderr) == (0, "")
        assert [json.loads(line) for line in ran.stdout.splitlines()][-1]["read_model"] == "templates"


def test_migrating_again_changes_nothing(platform: Running, folder: Path) -> None:
    assert answer("migrate", data_dir=str(folder)) == {"migrated": names()}


def test_a_folder_is_for_one_platform(platform: Running, folder: Path) -> None:
    second = luotsi("up", data_dir=str(folder), http_port="0")
    assert second.returncode == 1
    assert f"in use by process {platform.process.pid}" in second.stderr
    assert "Traceback" not in second.stderr


def test_an_address_is_for_one_platform(platform: Running, tmp_path: Path) -> None:
    second = luotsi("up", data_dir=str(tmp_path), http_port=platform.url.rpartition(":")[2])
    assert second.returncode == 1
    assert all(way in second.stderr for way in ("LUOTSI_HTTP_PORT", "--port"))
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize("verb", [("status",), ("facts", "tail"), ("parked", "list"), ("migrate",)])
@pytest.mark.parametrize(
    ("settings", "words"),
    [({"data_dir": "nowhere"}, "not running"), ({"dsn": "postgresql://127.0.0.1:1/x"}, f"database of {names()[0]}")],
)
def test_what_is_not_there_is_exit_code_3(verb: tuple[str, ...], settings: dict[str, str], words: str) -> None:
    ran = luotsi(*verb, **settings)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert words in ran.stderr
    assert "Traceback" not in ran.stderr


def test_up_is_wrong_where_a_server_is_set() -> None:
    assert luotsi("up", dsn="postgresql://somewhere/x").returncode == 2


def test_the_command_line_answers_without_the_heavy_libraries() -> None:
    program = (
        "import sys, shared.ops.cli; print(*{'fastapi', 'sqlalchemy', 'kafka', 'rich', 'asyncpg'} & set(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert loaded.stdout.strip() == ""


def test_the_script_itself_tells_by_its_exit_code(tmp_path: Path) -> None:
    ran = subprocess.run(
        [PROGRAM, "status"], capture_output=True, text=True, check=False, env=environment(data_dir=str(tmp_path))
    )
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "luotsi up" in ran.stderr

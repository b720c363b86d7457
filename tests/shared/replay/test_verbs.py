"""The verbs from another terminal, while `luotsi up` runs and people ask."""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from shared.embedded.postgres import EmbeddedPostgres
from tests.parts.waiting import wait_until
from tests.shared.ops.commanding import PROGRAM, ROOT, answer, environment, luotsi
from tests.shared.ops.processes import Running, running
from tests.shared.ops.teams import TENANT, form_team, headers


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("platform")


@pytest.fixture(scope="module")
def platform(folder: Path) -> Iterator[Running]:
    with running([PROGRAM, "up"], folder.parent / "up.log", data_dir=str(folder)) as platform:
        platform.wait_ready()
        yield platform
        assert platform.terminate() == 0


def elsewhere(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """In a process of its own: a rebuild makes itself small."""
    env = environment(data_dir=str(folder))
    return subprocess.run([PROGRAM, *words], env=env, cwd=ROOT, capture_output=True, text=True, check=False)


def rebuilt(folder: Path, *words: str) -> Any:
    ran = elsewhere(folder, "rebuild", "--service", "onboarding", "teams", "--throttle", "none", "--json", *words)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


def states(folder: Path) -> dict[int, str]:
    found = answer("rebuilds", "list", "--service", "onboarding", data_dir=str(folder))
    return {one["build"]: one["state"] for one in found if one["read_model"] == "teams"}


def teams(platform: Running) -> set[str]:
    answered = httpx.get(f"{platform.url}/v1/teams?limit=200", headers=headers(), timeout=20)
    return {item["team_id"] for item in answered.json()["items"]}


def execute(folder: Path, sql: str, *values: Any) -> None:
    async def executed() -> None:
        connection = await asyncpg.connect(EmbeddedPostgres(folder).addresses("onboarding").service)
        try:
            await connection.execute(sql, *values)
        finally:
            await connection.close()

    asyncio.run(executed())


def team_of(stream: str) -> str:
    return stream.removeprefix("onboarding.team-")


def test_a_rebuild_is_switched_to_rolled_back_and_dropped_while_the_platform_runs(
    platform: Running, folder: Path
) -> None:
    there = {team_of(form_team(platform)) for _ in range(5)}
    (first,) = states(folder)
    made = rebuilt(folder)
    assert (made["state"], made["before"]) == ("live", first)
    assert states(folder) == {first: "previous", made["build"]: "live"}
    there.add(team_of(form_team(platform)))
    wait_until(lambda: teams(platform) == there, "the new build")
    told = httpx.get(f"{platform.url}/v1/ops/rebuilds", headers=headers("O"), timeout=20).json()
    assert {one["build"]: one["state"] for one in told if one["read_model"] == "teams"} == states(folder)
    assert httpx.get(f"{platform.url}/v1/ops/rebuilds", headers=headers("H"), timeout=20).status_code == 403

    assert answer("rebuilds", "rollback", "--service", "onboarding", "teams", data_dir=str(folder)) == {
        "live": first,
        "before": made["build"],
    }
    assert teams(platform) == there
    refused = luotsi(
        "rebuilds", "drop", "--service", "onboarding", "teams", "--build", str(first), data_dir=str(folder)
    )
    assert (refused.returncode, "the one that is read" in refused.stderr) == (1, True)
    answer("rebuilds", "drop", "--service", "onboarding", "teams", "--build", str(made["build"]), data_dir=str(folder))
    assert states(folder) == {first: "live"}
    there.add(team_of(form_team(platform)))
    wait_until(lambda: teams(platform) == there, "the first build")
    assert platform.is_ready()


def test_a_corrupted_row_is_found_measured_and_repaired_by_its_key(platform: Running, folder: Path) -> None:
    team = team_of(form_team(platform))
    wait_until(lambda: team in teams(platform), "the team")
    assert luotsi("verify", "--service", "onboarding", "--all", data_dir=str(folder)).returncode == 0
    (build,) = states(folder)
    execute(folder, f"update readmodels.teams_team_b{build} set name = 'Bent' where team_id = $1", UUID(team))
    ran = luotsi("verify", "--service", "onboarding", "teams", "--json", data_dir=str(folder))
    found = json.loads(ran.stdout.splitlines()[-1])
    assert (ran.returncode, found["differing"]) == (1, 1)
    assert found["shown"][0]["columns"] == {"name": ["Bent", "One"]}
    assert "Bent" in luotsi("verify", "--service", "onboarding", "teams", data_dir=str(folder)).stdout
    metric = 'luotsi_verify_differing_rows{read_model="teams",service="onboarding"} 1.0'
    wait_until(lambda: (told := platform.get("/metrics")) is not None and metric in told.text, "the metric")
    assert luotsi("whatif", "--service", "onboarding", "teams", data_dir=str(folder)).returncode == 1
    repaired = elsewhere(
        folder, "rebuild", "--service", "onboarding", "teams", "--tenant", TENANT, "--key", f"team_id={team}"
    )
    assert repaired.returncode == 0, repaired.stderr
    assert luotsi("verify", "--service", "onboarding", "teams", data_dir=str(folder)).returncode == 0
    assert luotsi("whatif", "--service", "onboarding", "teams", data_dir=str(folder)).returncode == 0


def test_a_build_as_of_then_says_where_its_rows_are(platform: Running, folder: Path) -> None:
    form_team(platform)
    made = rebuilt(folder, "--to-position", "1")
    assert made["state"] == "aside"
    assert f'readmodels."teams_team_b{made["build"]}"' in made["tables"]
    answer("rebuilds", "drop", "--service", "onboarding", "teams", "--build", str(made["build"]), data_dir=str(folder))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("rebuild", "--service", "onboarding", "nothing"), "has no read model nothing; there is: check_results"),
        (("rebuild", "--service", "nothing", "teams"), "there is no service nothing"),
        (("rebuild", "--service", "onboarding", "teams", "--throttle", "0"), "--throttle: is a number of per cent"),
        (("rebuild", "--service", "onboarding", "teams", "--key", "team_id=1"), "--key: say --tenant too"),
        (
            ("rebuild", "--service", "onboarding", "teams", "--tenant", "a", "--to-position", "9"),
            "no --to-position and",
        ),
        (("rebuild", "--service", "onboarding", "teams", "--tenant", "a", "--key", "team"), "must look like"),
        (("rebuild", "--service", "onboarding", "teams", "--tenant", "a", "--key", "team_id=x"), "--key: team_id: "),
        (("verify", "--service", "onboarding"), "name a read model, or say --all"),
    ],
)
def test_what_cannot_be_meant_is_refused(platform: Running, folder: Path, words: tuple[str, ...], told: str) -> None:
    ran = luotsi(*words, data_dir=str(folder))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert told in ran.stderr

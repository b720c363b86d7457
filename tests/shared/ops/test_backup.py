"""A platform in one file: made while it works, or while it does not; put back whole, or not at all."""

import asyncio
import json
import stat
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from typing import Any

import asyncpg
import httpx
import pytest

from shared.embedded.postgres import EmbeddedPostgres
from tests.parts.waiting import wait_until
from tests.shared.ops.commanding import PROGRAM, answer, luotsi
from tests.shared.ops.processes import Running, running
from tests.shared.ops.teams import form_team, headers


def told(*words: str, **settings: str) -> Any:
    """The last of its lines; those before it say how far it is."""
    ran = luotsi(*words, "--json", **settings)
    assert ran.returncode == 0, ran.stderr
    *progress, done = map(json.loads, ran.stdout.splitlines())
    assert progress
    return done


def embedded(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder, shared_buffers="16MB", max_connections=20)


def rows(
    folder: Path, sql: str = "select position, stream, id from facts order by position"
) -> list[tuple[object, ...]]:
    async def asked() -> list[tuple[object, ...]]:
        connection = await asyncpg.connect(embedded(folder).addresses("onboarding").owner)
        try:
            return [tuple(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    return asyncio.run(asked())


def test_a_backup_of_a_working_platform_is_all_of_it_at_one_moment(tmp_path: Path) -> None:
    folder, back, file = tmp_path / "here", tmp_path / "there", tmp_path / "b.tar.gz"
    folder.mkdir()
    (folder / "token.secret").write_text("a secret of this platform, long enough")
    with running([PROGRAM, "up"], tmp_path / "up.log", data_dir=str(folder)) as platform:
        platform.wait_ready()
        before = {form_team(platform) for _ in range(20)}
        made = backed_up_while_it_works(platform, folder, file)
        original = rows(folder)
    assert made["services"]["onboarding"] >= 20
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    done = told("restore", "--from", str(file), "--data-dir", str(back))
    assert (done["folder"], done["before"]) == (str(back), None)
    with running([PROGRAM, "up"], tmp_path / "again.log", data_dir=str(back)) as again:
        again.wait_ready()
        restored = rows(back)
        assert len(restored) >= made["services"]["onboarding"]
        assert restored == original[: len(restored)]
        assert before <= {stream for _, stream, _ in restored}
        wait_until(lambda: answer("status", data_dir=str(back))[0]["listeners"] != [], "the listeners")
        shown = httpx.get(f"{again.url}/v1/teams?limit=500", headers=headers(), timeout=20).json()["items"]
        assert len(shown) >= 20
        assert form_team(again) not in before
    assert (back / "token.secret").read_text() == (folder / "token.secret").read_text()


def backed_up_while_it_works(platform: Running, folder: Path, file: Path) -> dict[str, dict[str, int]]:
    done = Event()

    def work() -> None:
        while not done.is_set():
            form_team(platform)

    working = Thread(target=work)
    working.start()
    try:
        made: dict[str, dict[str, int]] = told("backup", "--to", str(file), data_dir=str(folder))
    finally:
        done.set()
        working.join()
    return made


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A platform that does not run, with three facts; its folder."""
    folder = tmp_path_factory.mktemp("stopped") / "platform"
    with embedded(folder) as postgres:
        postgres.database("onboarding")
        rows(folder, "create table facts as select generate_series(1, 3)::bigint as position")
    (folder / "token.secret").write_text("a secret of this platform, long enough")
    return folder


@pytest.fixture(scope="module")
def file(stopped: Path) -> Path:
    made = stopped.parent / "b.tar.gz"
    assert told("backup", "--to", str(made), data_dir=str(stopped))["services"] == {"onboarding": 3}
    return made


def test_one_that_does_not_run_is_backed_up_too_and_still_does_not_run(
    stopped: Path, file: Path, tmp_path: Path
) -> None:
    back = tmp_path / "back"
    back.mkdir()
    assert told("restore", "--from", str(file), data_dir=str(back))["services"] == {"onboarding": 3}
    with embedded(back):
        assert len(rows(back, "select position from facts")) == 3
    with embedded(stopped):
        assert len(rows(stopped, "select position from facts")) == 3
    assert stat.S_IMODE((back / "token.secret").stat().st_mode) == 0o600


def flipped(file: Path, made: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    made.write_bytes(whole)


def cut(file: Path, made: Path) -> None:
    made.write_bytes(file.read_bytes()[:-1000])


def without_its_checksum(file: Path, made: Path) -> None:
    made.write_bytes(file.read_bytes()[:-4])


def foreign(file: Path, made: Path) -> None:
    with tarfile.open(made, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("something"))


def no_archive(file: Path, made: Path) -> None:
    made.write_text("good morning")


def told_otherwise(**changed: object) -> Callable[[Path, Path], None]:
    def rewritten(file: Path, made: Path) -> None:
        with tarfile.open(file) as old, tarfile.open(made, "w:gz") as new:
            for member in old:
                content = (old.extractfile(member) or BytesIO()).read()
                if member.name == "luotsi.json":
                    content = json.dumps({**json.loads(content), **changed}).encode()
                    member.size = len(content)
                new.addfile(member, BytesIO(content))

    return rewritten


def slipped_in(name: str, kind: bytes = tarfile.REGTYPE) -> Callable[[Path, Path], None]:
    def with_another(file: Path, made: Path) -> None:
        another = tarfile.TarInfo(name)
        another.type, another.linkname = kind, "/"
        with tarfile.open(file) as old, tarfile.open(made, "w:gz") as new:
            for member in old:
                new.addfile(member, old.extractfile(member))
                if member.name == "luotsi.json":
                    new.addfile(another)

    return with_another


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (slipped_in("../beside"), "../beside belongs in no backup"),
        (slipped_in("/tmp/beside"), "/tmp/beside belongs in no backup"),
        (slipped_in("postgres", tarfile.SYMTYPE), "postgres belongs in no backup"),
        (flipped, "damaged"),
        (cut, "damaged"),
        (without_its_checksum, "damaged"),
        (no_archive, "damaged"),
        (foreign, "no backup that Luotsi has made"),
        (told_otherwise(postgres="19.1"), "PostgreSQL 19.1"),
        (told_otherwise(machine="vax"), "made on vax"),
        (told_otherwise(format=2), "format 2"),
        (told_otherwise(services={"onboarding": 4}), "facts are missing from it: onboarding"),
    ],
)
def test_what_cannot_be_put_back_whole_is_refused_and_leaves_nothing(
    file: Path, tmp_path: Path, damage: Callable[[Path, Path], None], why: str
) -> None:
    damage(file, tmp_path / "damaged.tar.gz")
    ran = luotsi("restore", "--from", str(tmp_path / "damaged.tar.gz"), data_dir=str(tmp_path / "back"))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert why in ran.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["damaged.tar.gz"]


def test_a_folder_with_something_in_it_is_left_alone_unless_it_is_said(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    (folder / "letter").write_text("to be kept")
    words = ("restore", "--from", str(file))
    refused = luotsi(*words, data_dir=str(folder))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "--replace" in refused.stderr
    done = told(*words, "--replace", data_dir=str(folder))
    assert (Path(done["before"]) / "letter").read_text() == "to be kept"
    assert not (folder / "letter").exists()
    assert (folder / "postgres").is_dir()


def test_a_platform_that_runs_is_not_replaced(stopped: Path, file: Path) -> None:
    with embedded(stopped):
        ran = luotsi("restore", "--from", str(file), "--replace", data_dir=str(stopped))
    assert ran.returncode == 1
    assert "in use by process" in ran.stderr


@pytest.mark.parametrize(
    ("to", "settings", "code", "why"),
    [
        ("{file}", {}, 2, "is there already"),
        ("{folder}/nowhere/b.tar.gz", {}, 2, "there is no folder"),
        ("{folder}/b.tar.gz", {"data_dir": "{folder}"}, 1, "there is no platform in"),
        ("{folder}/b.tar.gz", {"dsn": "postgresql://somewhere/x"}, 2, "LUOTSI_DSN"),
    ],
)
def test_a_backup_that_cannot_be_made_leaves_nothing(
    file: Path, stopped: Path, tmp_path: Path, to: str, settings: dict[str, str], code: int, why: str
) -> None:
    where = {"file": file, "folder": tmp_path}
    changed = {name: value.format(**where) for name, value in settings.items()} or {"data_dir": str(stopped)}
    ran = luotsi("backup", "--to", to.format(**where), **changed)
    assert (ran.returncode, ran.stdout) == (code, "")
    assert why in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_damaged_is_not_backed_up_as_if_it_were_whole(stopped: Path, tmp_path: Path) -> None:
    with embedded(stopped):
        rows(stopped, "create table letters as select 1 as letter")
        rows(stopped, "checkpoint")
        ((table,),) = rows(stopped, "select pg_relation_filepath('letters')")
        page = stopped / "postgres" / str(table)
        whole = page.read_bytes()
        page.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        ran = luotsi("backup", "--to", str(tmp_path / "b.tar.gz"), data_dir=str(stopped))
        rows(stopped, "drop table letters")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "pg_basebackup" in ran.stderr
    assert list(tmp_path.iterdir()) == []

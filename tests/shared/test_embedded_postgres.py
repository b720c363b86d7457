"""The embedded PostgreSQL on good and on bad days."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
import pytest

from shared.embedded.postgres import DiskFull, EmbeddedFailed, EmbeddedPostgres, FolderInUse

HOLDER = """
import sys
from pathlib import Path
from shared.embedded.postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1]), shared_buffers="16MB", max_connections=20) as server:
    server.database("kept")
    print("up", flush=True)
    sys.stdin.read()
"""


def _embedded(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder, shared_buffers="16MB", max_connections=20)


async def _ask(dsn: str, sql: str) -> object:
    db = await asyncpg.connect(dsn)
    try:
        return await db.fetchval(sql)
    finally:
        await db.close()


@contextmanager
def _held_by_another_process(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "up\n"
        yield holder


@contextmanager
def _disk_of(size: str, at: Path) -> Iterator[Path]:
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", at]).returncode:
        pytest.skip("A small disk needs the right to mount")
    try:
        yield at / "luotsi"
    finally:
        subprocess.run(["umount", "-l", at], check=True)


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(2**20)):
            pass


async def test_what_was_written_is_there_after_a_stop(tmp_path: Path) -> None:
    with _embedded(tmp_path) as server:
        await _ask(server.database("shop").owner, "create table kept as select 7 as n")
    with _embedded(tmp_path) as server:
        assert await _ask(server.database("shop").owner, "select n from kept") == 7


async def test_its_start_up_options_are_the_servers(tmp_path: Path) -> None:
    with _embedded(tmp_path) as server:
        assert await _ask(server.database("shop").owner, "show max_connections") == "20"
        assert await _ask(server.database("shop").owner, "show shared_buffers") == "16MB"
        assert await _ask(server.database("shop").owner, "show listen_addresses") == ""


async def test_a_service_reaches_its_own_database_only(tmp_path: Path) -> None:
    with _embedded(tmp_path) as server:
        shop = server.database("shop").service
        server.database("bank")
        assert await _ask(shop, "select rolsuper from pg_roles where rolname = current_user") is False
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await _ask(shop.replace("/shop?", "/bank?"), "select 1")


async def test_a_folder_with_a_long_path_works(tmp_path: Path) -> None:
    with _embedded(tmp_path / ("long" * 30)) as server:
        assert await _ask(server.database("shop").service, "select 1") == 1


async def test_a_first_start_that_was_cut_short_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18")
    with _embedded(tmp_path) as server:
        assert await _ask(server.database("shop").owner, "select 1") == 1


def test_a_folder_of_another_process_is_refused_by_its_name_and_pid(tmp_path: Path) -> None:
    with _held_by_another_process(tmp_path) as holder:
        with pytest.raises(FolderInUse, match=f"{tmp_path} is in use by process {holder.pid}"):
            _embedded(tmp_path).start()
        holder.communicate()
    with _embedded(tmp_path):
        pass


async def test_what_a_killed_process_left_running_is_taken_over(tmp_path: Path) -> None:
    with _held_by_another_process(tmp_path) as holder:
        await _ask(_embedded(tmp_path).addresses("kept").owner, "create table kept as select 7 as n")
        holder.send_signal(signal.SIGKILL)
    with _embedded(tmp_path) as server:
        assert await _ask(server.addresses("kept").owner, "select n from kept") == 7


def test_a_disk_too_small_for_a_first_start_is_named(tmp_path: Path) -> None:
    with _disk_of("20m", tmp_path) as folder, pytest.raises(DiskFull, match=f"{folder} is full"):
        _embedded(folder).start()


async def test_a_disk_that_fills_up_is_named_and_what_was_written_survives(tmp_path: Path) -> None:
    with _disk_of("150m", tmp_path) as folder:
        with _embedded(folder) as server:
            owner = server.database("shop").owner
            await _ask(owner, "create table kept as select 7 as n")
            assert server.trouble() is None
            ballast = folder / "ballast"
            _fill(ballast)
            with pytest.raises((asyncpg.PostgresError, OSError)):
                await _ask(owner, "create table filled as select generate_series(1, 3000000) as n")
            assert isinstance(server.trouble(), DiskFull)
        ballast.unlink()
        with _embedded(folder) as server:
            assert await _ask(owner, "select n from kept") == 7


def test_a_folder_that_cannot_be_made_is_an_error_for_people(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(EmbeddedFailed, match="taken"):
        _embedded(tmp_path / "taken").start()


async def test_a_server_that_died_is_noticed(tmp_path: Path) -> None:
    with _embedded(tmp_path) as server:
        pid = int((tmp_path / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        while server.trouble() is None:
            pass
        assert "has stopped" in str(server.trouble())

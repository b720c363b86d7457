"""`luotsi export` as a script runs it: what it says, and its exit codes."""

import fcntl
import json
import re
import tomllib
from pathlib import Path

import pytest

from shared.ops import export, progress
from tests.bench.hires import facts, store
from tests.parts.databases import at_once
from tests.shared.ops.commanding import ROOT, luotsi


@pytest.fixture
def dsn(database: str) -> str:
    at_once(store(database, facts(300)))
    return database


def test_it_says_what_it_added(dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = luotsi("export", "--service", "onboarding", "--to", str(tmp_path), "--json", dsn=dsn).stdout
    done = json.loads(said.splitlines()[-1])
    assert (done["done"], done["position"], done["facts"]) == (True, 300, 300)
    assert done["files"] == len(list(tmp_path.rglob("*.parquet")))
    ran = luotsi("export", "--service", "onboarding", "--to", str(tmp_path), dsn=dsn)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith(f"{tmp_path}: 0 facts of onboarding in 0 files, up to position 300")
    monkeypatch.setattr(progress, "EVERY", 0)
    lines = luotsi(
        "export", "--service", "onboarding", "--to", str(tmp_path / "more"), "--json", dsn=dsn
    ).stdout.splitlines()
    assert [json.loads(line).get("phase") for line in lines] == ["exporting", "exporting", None]
    assert json.loads(lines[1])["total"] == 300


def test_exit_codes_tell_what_is_wrong(dsn: str, tmp_path: Path) -> None:
    words = ("export", "--service", "onboarding", "--to", str(tmp_path))
    assert luotsi(*words, "--name", "onboarding.stage-started", dsn=dsn).returncode == 0
    other = luotsi(*words, dsn=dsn)
    assert (other.returncode, other.stdout) == (2, "")
    assert "holds another selection" in other.stderr
    with (tmp_path / "service=onboarding" / "_lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        busy = luotsi(*words, dsn=dsn)
    assert (busy.returncode, busy.stdout) == (1, "")
    assert "another export of onboarding" in busy.stderr
    (tmp_path / "file").touch()
    full = luotsi("export", "--service", "onboarding", "--to", str(tmp_path / "file" / "folder"), dsn=dsn)
    assert full.returncode == 1
    assert "Not a directory" in full.stderr
    unreachable = luotsi(*words, dsn="postgresql://nobody@127.0.0.1:1/nothing")
    assert unreachable.returncode == 3
    assert luotsi("export", "--service", "nothing", "--to", str(tmp_path), dsn=dsn).returncode == 2


def test_an_image_that_goes_without_parquet_says_how_one_is_built_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "find_spec", lambda _: None)
    ran = luotsi("export", "--service", "onboarding", "--to", str(tmp_path))
    assert (ran.returncode, ran.stdout) == (2, "")
    (way,) = re.findall(r"--build-arg (\w+)=(\w+)", ran.stderr)
    assert f"ARG {way[0]}\n" in (ROOT / "deploy" / "Dockerfile").read_text()
    assert way[1] in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]

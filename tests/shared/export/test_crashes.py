"""An export that ends at any moment: no reader ever sees a fact twice, and the next run makes it whole."""

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from shared.store.database import Database
from tests.shared.export.exports import exported, seen, stored


class Crash(BaseException):
    """The process is no more."""


STEPS: tuple[tuple[Any, str], ...] = (
    (parquet, "write_table"),
    (Path, "replace"),
    (Path, "write_text"),
    (os, "sync"),
    (os, "fsync"),
    (shutil, "rmtree"),
)


async def test_a_crash_before_any_step(db: Database, tmp_path: Path) -> None:
    """Every step to the disk of an export of two chunks, one after another, is the one that is not reached."""
    await stored(db, 1, 20, names=2)
    steps = 0
    while await _crashes(db, tmp_path / str(steps), steps):
        kept = _position(tmp_path / str(steps))
        before = seen(tmp_path / str(steps))
        assert len(before) == len(set(before))
        assert set(range(1, kept + 1)) <= set(before)
        await exported(db, tmp_path / str(steps), page=7)  # the next run cuts its chunks elsewhere
        assert seen(tmp_path / str(steps)) == list(range(1, 21))
        steps += 1
    assert steps >= 30


async def _crashes(db: Database, to: Path, after: int) -> bool:
    with pytest.MonkeyPatch.context() as patch:
        left = iter(range(after))
        for owner, name in STEPS:
            patch.setattr(owner, name, _until(left, getattr(owner, name)))
        try:
            await exported(db, to, page=10)
        except Crash:
            return True
    return False


def _until(left: Iterator[int], step: Callable[..., Any]) -> Callable[..., Any]:
    def crashing(*given: Any, **named: Any) -> Any:
        if next(left, None) is None:
            raise Crash
        return step(*given, **named)

    return crashing


def _position(to: Path) -> int:
    state = to / "service=shop" / "_state.json"
    return int(json.loads(state.read_text())["position"]) if state.exists() else 0


async def test_killed_at_random(database: str, db: Database, tmp_path: Path) -> None:
    await stored(db, 1, 40_000, names=2)
    reached = 0
    for _ in range(5):
        _killed(database, tmp_path, page=random.randint(300, 900), after_pages=random.randint(0, 8))
        now = seen(tmp_path)
        assert len(now) == len(set(now))
        assert set(range(1, _position(tmp_path) + 1)) <= set(now)
        assert len(now) >= reached
        reached = len(now)
    assert 0 < reached < 40_000, "the kills came too early or too late to try anything"
    await exported(db, tmp_path, page=40_000)
    assert seen(tmp_path) == list(range(1, 40_001))


def _killed(dsn: str, to: Path, page: int, after_pages: int) -> None:
    command = [sys.executable, "-m", "tests.shared.export.exporting", dsn, str(to), str(page)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(after_pages + 1):
            assert process.stdout.readline(), "it ended by itself"
        try:
            process.wait(random.random() / 50)
        except subprocess.TimeoutExpired:
            process.kill()

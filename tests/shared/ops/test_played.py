"""What becomes of the last demo's folder when another is played."""

import asyncio
from pathlib import Path

import pytest

from shared.embedded.postgres import EmbeddedPostgres
from shared.ops.played import begin_anew, note_end
from shared.ops.printing import Failed
from tests.parts.databases import statement


def played(folder: Path, then: str = "select 1", *, to_its_end: bool = True) -> Path:
    with EmbeddedPostgres(folder, shared_buffers="16MB", max_connections=20) as postgres:
        addresses = postgres.database("onboarding")
        statement(addresses.owner, "create table facts (position bigint); insert into facts values (1), (2)")
        if to_its_end:
            asyncio.run(note_end(folder))
        statement(addresses.owner, then)
    return folder


def test_an_untouched_story_is_thrown_away(tmp_path: Path) -> None:
    folder = played(tmp_path / "demo")
    assert begin_anew(folder) is None
    assert list(tmp_path.iterdir()) == []
    assert begin_anew(folder) is None


@pytest.mark.parametrize(
    ("then", "to_its_end"), [("insert into facts values (3)", True), ("select 1", False)], ids=["added to", "cut short"]
)
def test_what_may_hold_more_is_moved_aside_whole(tmp_path: Path, then: str, to_its_end: bool) -> None:
    folder = played(tmp_path / "demo", then, to_its_end=to_its_end)
    (folder / "token.secret").write_text("secret")
    before = begin_anew(folder)
    assert before is not None
    assert before.name.startswith("demo.before-2")
    assert list(tmp_path.iterdir()) == [before]
    assert (before / "token.secret").read_text() == "secret"
    assert (before / "postgres" / "PG_VERSION").exists()


def test_what_cannot_be_opened_is_moved_aside_too(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "PG_VERSION").write_text("7")
    before = begin_anew(folder)
    assert before is not None
    assert (before / "postgres" / "PG_VERSION").read_text() == "7"


def test_one_that_is_kept_running_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    with EmbeddedPostgres(folder).held(), pytest.raises(Failed, match="is in use by process"):
        begin_anew(folder)
    assert folder.exists()

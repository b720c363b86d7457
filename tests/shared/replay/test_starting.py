"""Rebuilds that a worker starts by itself: one that fails is said to have failed."""

import sys

from structlog.testing import capture_logs

from shared.replay.starting import Starting
from shared.store.database import Database
from tests.parts.waiting import becomes
from tests.shared.listen.bank import accounts


async def test_one_that_fails_is_told_with_its_exit_code_once(db: Database) -> None:
    starting = Starting([sys.executable, "-c", "import sys; sys.exit(2)"])
    with capture_logs() as lines:

        async def failed() -> bool:
            async with db.driver() as driver:
                await starting.start(driver, [accounts])
            return any(line["event"] == "rebuild.failed" for line in lines)

        await becomes(failed)
        await failed()
    assert [line for line in lines if line["event"] != "rebuild.starts"] == [
        {"event": "rebuild.failed", "log_level": "warning", "read_model": "accounts", "exit_code": 2}
    ]
    assert len(lines) == 2, "it is not begun again at once"

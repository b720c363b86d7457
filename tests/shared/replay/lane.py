"""What a rebuild of the bank starts to fill a build in lanes: `python -m tests.shared.replay.lane`."""

import gc
from dataclasses import dataclass
from uuid import UUID

from shared.core.event import Recorded
from shared.core.readmodel import ReadModel, Rows
from shared.ops.lane import main
from tests.shared.listen.bank import AccountOpened, accounts, bank


@dataclass(frozen=True)
class Opened:
    branch: UUID
    accounts: int = 0


def _branch_of(event: AccountOpened, recorded: Recorded) -> UUID:
    return event.branch


def _fold(row: Opened | None, event: AccountOpened, recorded: Recorded) -> Opened:
    return Opened(event.branch, (row.accounts if row else 0) + 1)


branches = ReadModel(
    "branches", version=1, rows=[Rows(Opened, ("branch",), hears=AccountOpened, rows_of=_branch_of, fold=_fold)]
)

if __name__ == "__main__":
    gc.disable()
    main(bank(read_models=[accounts, branches]))

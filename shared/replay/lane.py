"""A lane of a rebuild: it fills the rows of its share of the streams, beside others that fill the rest.

That goes for rows that are named as the streams of their facts are: by an id that one column of the key holds. Each row
is of one lane then, whatever streams tell of it. Where it does not go, a lane finds out before it writes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from shared.core.readmodel import ReadModel, Rows
from shared.listen.builds import Build
from shared.listen.decode import Heard
from shared.listen.tables import Key
from shared.replay import rebuilds
from shared.store.database import Driver
from shared.store.share import Share


def listener_of(build: Build, share: Share) -> str:
    """The marks of a lane stand under this name, until all lanes are through."""
    return f"lane{share.number}of{share.of}.{build.listener}"


class NotForLanes(Exception):
    """A row is touched by facts of streams that have another name."""


@dataclass(frozen=True)
class Lane:
    """`columns`: of each kind of row, which column of its key tells the lane. `owner`: the process that runs the
    rebuild; when another does, this lane writes no more.
    """

    build: Build
    share: Share
    columns: Sequence[int]
    owner: int

    @property
    def listener(self) -> str:
        return listener_of(self.build, self.share)

    def only(self, kind: int) -> Callable[[Sequence[Key]], None]:
        """Raises NotForLanes for the key of a row that is another lane's."""
        column, has, row = self.columns[kind] + 1, self.share.has, self.build.model.rows[kind].row.__name__

        def check(keys: Sequence[Key]) -> None:
            for key in keys:
                if not has(key[column]):
                    raise NotForLanes(f"{row} {key} is touched in lane {self.share.number} of {self.share.of}")

        return check

    async def is_wanted(self, driver: Driver) -> bool:
        return await rebuilds.is_run_by(driver, self.build.number, self.owner)

    async def stays_wanted(self, driver: Driver) -> bool:
        return await rebuilds.stays_run_by(driver, self.build.number, self.owner)


def columns_of(model: ReadModel, facts: Iterable[Heard]) -> tuple[int, ...] | None:
    """What to tell lanes by, so that it goes for these facts. None where nothing does."""
    left = [set(range(len(rows.key))) for rows in model.rows]
    for heard in facts:
        for kind, rows in enumerate(model.rows):
            if heard.error is None and heard.recorded.name in rows.events:
                letter = heard.recorded.stream[-1]
                keys = _keys(rows, heard)
                left[kind] = {n for n in left[kind] if all(str(key[n])[-1:] == letter for key in keys)}
    return tuple(map(min, left)) if all(left) else None


def _keys(rows: Rows, heard: Heard) -> list[tuple[object, ...]]:
    """A fact that cannot tell says so when it is folded."""
    try:
        return rows.keys(heard.event, heard.recorded)
    except Exception:
        return []

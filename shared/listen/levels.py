"""Whether all listeners of a service are equally far. One that is behind has to be brought up by the feed."""

from collections.abc import Iterable, Mapping

from shared.listen.marks import Mark, Marks, collect
from shared.store.database import Driver

_MARKS = "select listener, era, partition, position from marks where source = $1 and listener = any($2::text[])"


async def marks_of(driver: Driver, source: str, listeners: Iterable[str]) -> Mapping[str, Marks]:
    """Each listener's marks on one source; those of a listener that has none stand at the very beginning."""
    names = list(listeners)
    rows = await driver.fetch(_MARKS, source, names)
    return {name: collect(source, [Mark(*row[1:]) for row in rows if row[0] == name]) for name in names}


def behind(marks: Mapping[str, Marks]) -> list[str]:
    """The listeners that lack something which another one has had."""
    if not marks:
        return []
    furthest = max(marks.values(), key=_progress).eras[-1].marks
    return [name for name, each in marks.items() if _lacks(each.eras[-1].marks, furthest)]


def _progress(marks: Marks) -> int:
    return sum(marks.eras[-1].marks) // len(marks.eras[-1].marks)


def _lacks(mine: list[int], furthest: list[int]) -> bool:
    if len(mine) != len(furthest):  # the lowest tell nothing: there may be no more facts on that partition
        return max(mine) < max(furthest)
    return any(mark < there for mark, there in zip(mine, furthest, strict=True))

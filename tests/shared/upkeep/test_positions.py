"""Where a position is on a topic that has facts twice."""

from collections.abc import Sequence

import pytest

from shared.store.store import EventStore
from shared.upkeep.positions import Positions
from tests.shared.feed.appending import Appending
from tests.shared.feed.hearing import written
from tests.shared.feed.topics import Topic
from tests.shared.upkeep.conftest import opened

FACTS = 200
LATE = [(1, 100), (21, 60), (101, FACTS)]  # by a relay that stood still between packing and sending
AT_THE_END = [(1, FACTS), (1, 150), (1, 150)]


@pytest.mark.parametrize("sent", [LATE, AT_THE_END])
async def test_every_fact_from_it_on_lies_behind_its_offset_and_none_before_it_is_read_in_vain(
    append: Appending, store: EventStore, topic: Topic, sent: Sequence[tuple[int, int]]
) -> None:
    for _ in range(FACTS // 10):
        await append.facts(10)
    records = await written(store, 1)
    await topic.create(1).write([one for first, last in sent for one in records[first - 1 : last]])
    order = [position for first, last in sent for position in range(first, last + 1)]
    wanted = range(5, FACTS + 1, 40)
    async with opened(topic) as found:
        offsets = [await Positions("shop").offset_of(found, 0, position) for position in wanted]
    assert offsets == [order.index(position) for position in wanted]

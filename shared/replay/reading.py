"""History, read through into a build that is filled."""

from shared.listen.decode import Stretch
from shared.replay.filled import Filled
from shared.replay.history import History
from shared.replay.steering import Steering


async def read_through(filling: Filled, source: str, history: History, steering: Steering, checkpoint: int) -> None:
    """All that is there now and was not read before, written at checkpoints of so many facts."""
    names = frozenset(filling.build.model.events)
    async for stretch in history.read([filling.marks[source]], names, tempo=steering.tempo):
        await filling.take(stretch)
        if filling.filling.folded >= min(checkpoint, steering.tempo.sizes.folded):
            await _checkpoint(filling, steering)
        await steering.step(_facts(stretch))


async def _checkpoint(filling: Filled, steering: Steering) -> None:
    """Throttled, nothing else is done until it is written."""
    await filling.checkpoint()
    if steering.tempo.is_throttled:
        await steering.until(filling.filling.settled())


def _facts(stretch: Stretch) -> int:
    """A topic does not say how many it passes over."""
    return stretch.upto - stretch.previous if stretch.partitions == 1 else len(stretch.facts)

"""What lanes are told and tell of themselves, and how one is carried out."""

from collections.abc import Callable

from pydantic import BaseModel

from shared.core.service import Service
from shared.listen.builds import Build
from shared.listen.decode import Decoder
from shared.replay.filled import filled
from shared.replay.history import StoreHistory
from shared.replay.lane import Lane
from shared.replay.reading import read_through
from shared.replay.steering import Progress, Steering, Tell, Wish
from shared.store.database import Database, Driver
from shared.store.share import Share
from shared.store.store import EventStore

_WISH = "select wanted, throttle from rebuilds where build = $1"


class Order(BaseModel, frozen=True):
    """`owner` and `columns` are a Lane's. `upto`: a position of the own store. `kept`: rows of a kind, in each lane."""

    dsn: str
    read_model: str
    build: int
    owner: int
    lanes: int
    columns: tuple[int, ...]
    upto: int
    kept: int
    checkpoint: int
    throttle: float | None


class Report(BaseModel, frozen=True):
    """`passed`: facts since the last report, in the first one with those before it. `failed`: why a lane has ended that
    was not through.
    """

    passed: int = 0
    failed: str | None = None
    transient: bool = False


Say = Callable[[Report], None]


async def carry_out(service: Service, order: Order, number: int, say: Say) -> None:
    """One lane, from its last checkpoint on."""
    model = next(one for one in service.read_models if one.name == order.read_model)
    build, share = Build(model, order.build), Share(number, order.lanes)
    database = Database(order.dsn, pool=2)
    store, decoder = EventStore(database, service.name), Decoder(service.name, service.known)
    history = StoreHistory(store, decoder, share=share, upto=order.upto)
    driver = await database.connect()
    steering = Steering(build.number, order.throttle, _telling(driver, build.number, say))
    lane = Lane(build, share, order.columns, order.owner)
    async with filled(database, build, order.kept, steering.tempo, lane) as filling:
        steering.done = filling.marks[service.name].lowest
        await read_through(filling, service.name, history, steering, order.checkpoint)
        await filling.finish()
    await steering.look()


def _telling(driver: Driver, build: int, say: Say) -> Tell:
    """Whoever has started the lanes tells everybody."""
    told = 0

    async def tell(progress: Progress) -> Wish | None:
        nonlocal told
        say(Report(passed=progress.done - told))
        told = progress.done
        row = await driver.fetchrow(_WISH, build)
        return None if row is None else Wish(*row)

    return tell

"""A fact that fails stops its own stream, and nothing else."""

from collections.abc import Callable, Sequence

from shared.listen import parking
from shared.listen.decode import Heard
from shared.listen.pace import Pace
from shared.listen.parking import Parking, StreamKey


async def one_by_one(
    facts: Sequence[Heard], blocked: set[StreamKey], handle: Callable[[int, Heard], None]
) -> list[Parking]:
    """Hands over each fact whose stream is not blocked, with its place in the batch.

    One that raises, or could not be read, blocks its own stream. Answers what is to be parked.
    """
    pace, parked = Pace(), []
    for number, heard in enumerate(facts):
        if blocked and parking.key_of(heard.recorded) in blocked:
            parked.append(Parking(heard.recorded, None))
            continue
        try:
            if heard.error is not None:
                raise heard.error
            handle(number, heard)
        except Exception as error:
            blocked.add(parking.key_of(heard.recorded))
            parked.append(Parking(heard.recorded, parking.words_of(error)))
        if not number & 15 and pace.is_over:
            await pace.rest()
    return parked

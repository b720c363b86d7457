"""Whether what a feed has subscribed to can be read: its subscriber logs what fails there, and tries on for ever."""

from time import monotonic
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError


class Readable:
    """Fails anew each time it is looked at after a read that failed. `trouble` says so in words until reads have worked
    for `settled` seconds: one that is refused its data is refused only now and then.
    """

    def __init__(self, settled: float) -> None:
        self.trouble: str | None = None
        self._settled = settled
        self._worked_since = 0.0
        self._failure: KafkaError | None = None

    def watch(self, consumer: AIOKafkaConsumer) -> None:
        """A consumer that is made anew is watched anew; what the one before ran into is not forgotten by that."""
        getmany, self._worked_since = consumer.getmany, monotonic()

        async def watched(*places: Any, **settings: Any) -> Any:
            try:
                return await getmany(*places, **settings)
            except KafkaError as error:
                self._failure, self._worked_since = error, monotonic()
                self.trouble = f"Kafka cannot be read: {error!r}"
                raise

        consumer.getmany = watched

    def look(self) -> None:
        """Raises what a read failed with since the last look: the consumer may be beyond help."""
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure
        if monotonic() - self._worked_since >= self._settled:
            self.trouble = None

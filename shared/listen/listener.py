"""What the worker knows of a listener: its place, and how to give it facts, new ones or parked ones once more.

The listener of a read model's build is here; those of policies and of deadlines have files of their own.
"""

from collections.abc import Sequence
from typing import Protocol

from shared.listen.builds import Build
from shared.listen.changes import Telling
from shared.listen.decode import Decoder, Stretch
from shared.listen.folding import Folding
from shared.listen.parking import StreamKey
from shared.listen.place import Place, Retried
from shared.store.database import Database


class Listener(Protocol):
    @property
    def place(self) -> Place: ...

    async def take(self, stretches: Sequence[Stretch]) -> None:
        """Takes what is new of these. Raises Gap when something is missing before one of them."""

    async def retry(self, key: StreamKey, decoder: Decoder, most: int | None = None) -> Retried:
        """Handles what is parked of a stream, in order, all or so many."""


class BuildListener:
    """A build of a read model: live, or on its way to be."""

    def __init__(self, service: str, database: Database, build: Build) -> None:
        self._part = Folding(build.tables, tell=Telling(build).tell)
        self.place = Place(database, service, build.listener, build.model.events, self._part.forget)

    async def take(self, stretches: Sequence[Stretch]) -> None:
        await self.place.move(stretches, self._part)

    async def retry(self, key: StreamKey, decoder: Decoder, most: int | None = None) -> Retried:
        return await self.place.retry(key, self._part, decoder, most)

"""Receipts: the first answer to every command id, kept for ever."""

import hashlib
from uuid import UUID

from shared.core.decider import Command
from shared.store.answers import KeyReused, Receipt, Request
from shared.store.appender import Outcome
from shared.store.database import Database
from shared.store.store import EventStore

_FIND = """select hash, stream, version, position, first, last, refused
    from receipts where tenant = $1 and command_id = $2"""
_KEY = "select receipt_key from store"


class Receipts:
    def __init__(self, database: Database, store: EventStore) -> None:
        self._database, self._store = database, store
        self._key: bytes | None = None

    async def hash_of(self, command: Command, request: Request) -> bytes | None:
        """Keyed, so that nobody can try bodies against it; of an unsigned command without the actor.
        Defaults are left out: a field that a later release adds changes nothing for a retry of today.

        None for policies and deadlines: there the id alone counts.
        """
        if not request.asked.by_person:
            return None
        actor = "" if request.unsigned else request.asked.actor
        text = f"{actor}\x1f{type(command).__name__}\x1f{command.model_dump_json(exclude_defaults=True)}"
        return hashlib.blake2b(text.encode(), digest_size=16, key=await self._secret()).digest()

    async def find(self, tenant: str, command_id: UUID, digest: bytes | None) -> Receipt | None:
        """The first answer to this id, None if there was none; KeyReused when it was for something else."""
        async with self._database.driver() as driver:
            row = await driver.fetchrow(_FIND, tenant, command_id)
        if row is None:
            return None
        known, stream, version, position, first, last, refused = row
        if digest is not None and known != digest:
            raise KeyReused(str(command_id))
        return Receipt(stream, version, position, await self._names(first, last), refused)

    async def repeated(self, stream: str, outcome: Outcome) -> Receipt:
        names = await self._names(outcome.first, outcome.last)
        return Receipt(stream, outcome.version, outcome.position, names, outcome.refused)

    async def _names(self, first: int | None, last: int | None) -> tuple[str, ...]:
        if first is None or last is None:
            return ()
        facts = await self._store.read(first - 1, limit=last - first + 1)
        return tuple(fact.name for fact in facts)

    async def _secret(self) -> bytes:
        if self._key is None:
            async with self._database.driver() as driver:
                self._key = await driver.fetchval(_KEY)
        assert self._key is not None
        return self._key

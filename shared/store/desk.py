"""The desk: one command from question to receipt. Load, fold, decide, append; decide again if somebody was faster."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import structlog

from shared.core.decider import Command, Decider, Look, Rejected, Seen
from shared.core.event import Event
from shared.core.ids import new_id
from shared.core.service import Service
from shared.store.answers import Conflict, FactTooLarge, KeyReused, Receipt, Request, VersionMoved
from shared.store.appender import Append, Appender, NewFact, Outcome
from shared.store.codec import Codec
from shared.store.database import Database
from shared.store.held import HeldConnection
from shared.store.loader import Loaded, Loader, StateCache
from shared.store.receipts import Receipts
from shared.store.store import EventStore
from shared.store.turns import Turns
from shared.store.wakeup import Wakeup
from shared.telemetry.metrics import COMMANDS, CONFLICTS
from shared.telemetry.traces import span

ATTEMPTS = 8
FACT_LIMIT = 1024 * 1024

log = structlog.get_logger()


class _Question(NamedTuple):
    """A command on its way: what it is, where it belongs, and the id it is kept under."""

    command: Command
    decider: Decider[Any, Any, Any]
    stream: str
    request: Request
    id: UUID
    hash: bytes | None

    @property
    def look(self) -> Look:
        return Look(self.decider, self.stream)


class Desk:
    def __init__(self, service: Service, database: Database, wakeup: Wakeup, codec: Codec | None = None) -> None:
        self._service, self._wakeup, self._codec = service, wakeup, codec or Codec()
        cache = StateCache()
        self._loader = Loader(service.name, HeldConnection(database, lost=cache.clear), self._codec, cache)
        self._appender = Appender(HeldConnection(database, lost=cache.clear), service.name)
        self._receipts = Receipts(database, EventStore(database, service.name))
        self._turns = Turns()
        self._conflicts = CONFLICTS.labels(service.name)

    async def close(self) -> None:
        """Answers what has been asked, then lets the connections go."""
        await self._loader.close()
        await self._appender.close()

    async def ask(self, command: Command, request: Request) -> Receipt:
        """Raises Rejected (persons only: a machine's refusal is a receipt), Conflict, VersionMoved, KeyReused,
        FactTooLarge or OutcomeUnknown. The same command id again has no second effect, and gets the first answer.
        """
        decider = self._service.decider_of(type(command))
        digest = await self._receipts.hash_of(command, request)
        question = _Question(command, decider, decider.stream(command), request, request.command_id or new_id(), digest)
        with span(f"ask {type(command).__name__}", request.traceparent):
            async with self._turns.of((request.tenant, question.stream)):
                receipt = await self._answer(question)
        self._tell(question, receipt)
        return receipt

    async def answered(self, command: Command, request: Request) -> Receipt | None:
        if request.command_id is None:
            return None
        try:
            digest = await self._receipts.hash_of(command, request)
            return await self._receipts.find(request.tenant, request.command_id, digest)
        except KeyReused:
            return None

    async def _answer(self, question: _Question) -> Receipt:
        """The first look may be at the cache; whatever is refused, or was stale, is looked at once more."""
        loaded = self._loader.cache.get(question.request.tenant, question.stream)
        for _ in range(ATTEMPTS):
            fresh = loaded is None
            if loaded is None:
                (loaded,) = await self._loader.load(question.request.tenant, [question.look])
            try:
                facts, refused = await self._decide(question, loaded)
            except (Rejected, VersionMoved) as no:
                if (receipt := await self._first_answer(question)) is not None:
                    return receipt
                if fresh:
                    raise no
                loaded = None
                continue
            outcome = await self._append(question, loaded, facts, refused)
            if outcome.outcome == "appended":
                return self._appended(question, loaded, facts, outcome)
            if outcome.outcome == "repeated":
                return await self._receipts.repeated(question.stream, outcome)
            if outcome.outcome == "reused":
                raise KeyReused(str(question.id))
            self._conflicts.inc()
            loaded = None
        raise Conflict(f"the stream moved {ATTEMPTS} times while this was decided")

    async def _first_answer(self, question: _Question) -> Receipt | None:
        if question.request.command_id is None:
            return None
        return await self._receipts.find(question.request.tenant, question.id, question.hash)

    async def _decide(self, question: _Question, own: Loaded) -> tuple[Sequence[Event], Rejected | None]:
        """The facts, or the refusal that is to be kept as a machine's answer. Raises what a person is told."""
        request, decider = question.request, question.decider
        if request.expected is not None and request.expected != own.version:
            raise VersionMoved(question.stream, own.version)
        seen = await self._look_up(question, decider.look_ups(question.command, own.state))
        try:
            return decider.decide(question.command, own.state, seen, request.asked), None
        except Rejected as no:
            if request.asked.by_person:
                raise
            return (), None if no.is_nothing_for_machines else no

    async def _look_up(self, question: _Question, looks: Mapping[str, Look | Sequence[Look]]) -> Seen:
        if not looks:
            return Seen({})
        wanted = {name: [look] if isinstance(look, Look) else list(look) for name, look in looks.items()}
        flat = [look for each in wanted.values() for look in each]
        states = iter([loaded.state for loaded in await self._loader.load(question.request.tenant, flat)])
        found = {name: [next(states) for _ in each] for name, each in wanted.items()}
        return Seen({name: found[name][0] if isinstance(look, Look) else found[name] for name, look in looks.items()})

    async def _append(
        self, question: _Question, own: Loaded, facts: Sequence[Event], refused: Rejected | None
    ) -> Outcome:
        request = question.request
        signed = not request.unsigned
        append = Append(
            tenant=request.tenant,
            stream=question.stream,
            expected=own.version,
            command_id=question.id,
            hash=question.hash,
            asked=request.asked if signed else replace(request.asked, actor="unsigned"),
            correlation_id=(request.correlation_id if signed else None) or new_id(),
            causation_id=request.causation_id if signed else None,
            traceparent=request.traceparent if signed else None,
            command=type(question.command).__name__,
            facts=[self._new_fact(question, fact) for fact in facts],
            refused=refused.code if refused else None,
            reason=refused.reason if refused else None,
        )
        return await self._appender.append(append)

    def _new_fact(self, question: _Question, fact: Event) -> NewFact:
        data = self._codec.encode(fact, question.request.tenant, question.stream)
        if len(data) > FACT_LIMIT // 4 and len(data.encode()) > FACT_LIMIT:
            raise FactTooLarge(fact.event_name)
        return NewFact(fact.event_name, new_id(), data)

    def _appended(self, question: _Question, own: Loaded, facts: Sequence[Event], outcome: Outcome) -> Receipt:
        if facts:
            state = question.decider.fold(facts, own.state)
            loaded = Loaded(state, outcome.version, outcome.position)
            self._loader.cache.put(question.request.tenant, question.stream, loaded)
            self._wakeup.told()
        names = tuple(fact.event_name for fact in facts)
        return Receipt(question.stream, outcome.version, outcome.position, names, outcome.refused)

    def _tell(self, question: _Question, receipt: Receipt) -> None:
        command, request = type(question.command).__name__, question.request
        _counter(self._service.name, command, receipt.answer).inc()
        if not request.asked.by_person:  # a person's has the line of its HTTP request
            log.info(
                "command.answered",
                command=command,
                asked_by=request.asked.actor,
                answer=receipt.answer,
                stream=receipt.stream,
                correlation_id=str(request.correlation_id),
                causation_id=str(request.causation_id),
            )


_counter = cache(COMMANDS.labels)

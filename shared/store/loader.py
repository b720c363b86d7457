"""Loading for a decision: cached states and the newer facts of their streams, many loads in one statement."""

from collections import OrderedDict
from collections.abc import Sequence
from functools import reduce
from typing import Any, NamedTuple

from shared.core.decider import Look
from shared.core.event import Recorded
from shared.store.codec import Codec
from shared.store.grouping import Grouping
from shared.store.held import HeldConnection
from shared.store.store import COLUMNS, recorded

_LOAD = f"""select s.nth::int, {", ".join(f"f.{column}" for column in COLUMNS.split(", "))}
    from unnest($1::text[], $2::text[], $3::int[]) with ordinality as s(tenant, stream, after, nth)
    cross join lateral (select * from facts f
        where f.tenant = s.tenant and f.stream = s.stream and f.version > s.after
        order by f.version offset 0) f
    order by s.nth, f.version"""


class Loaded(NamedTuple):
    """A folded stream: `position` is that of its newest fact, 0 and version 0 when it is empty."""

    state: Any
    version: int
    position: int


class StateCache:
    """The folded states of the streams used last. Emptied when a connection was lost, or a key destroyed."""

    def __init__(self, most: int = 20_000) -> None:
        self._most = most
        self._states: OrderedDict[tuple[str, str], Loaded] = OrderedDict()

    def get(self, tenant: str, stream: str) -> Loaded | None:
        loaded = self._states.get((tenant, stream))
        if loaded is not None:
            self._states.move_to_end((tenant, stream))
        return loaded

    def put(self, tenant: str, stream: str, loaded: Loaded) -> None:
        """Keeps the newer of two: of racing loads the one that saw more wins."""
        held = self._states.get((tenant, stream))
        if held is None or held.version <= loaded.version:
            self._states[tenant, stream] = loaded
            self._states.move_to_end((tenant, stream))
            if len(self._states) > self._most:
                self._states.popitem(last=False)

    def clear(self) -> None:
        self._states.clear()


class Wanted(NamedTuple):
    tenant: str
    stream: str
    after: int


class Loader:
    def __init__(self, source: str, held: HeldConnection, codec: Codec, cache: StateCache) -> None:
        self._source, self._held, self._codec = source, held, codec
        self.cache = cache
        self._group: Grouping[Sequence[Wanted], list[list[Recorded]]] = Grouping(self._read)

    async def load(self, tenant: str, looks: Sequence[Look]) -> list[Loaded]:
        """The present state of these streams of one organisation, read after this was called, in one moment."""
        held = [self.cache.get(tenant, look.stream) or Loaded(look.decider.initial, 0, 0) for look in looks]
        wanted = [Wanted(tenant, look.stream, have.version) for look, have in zip(looks, held, strict=True)]
        newer = await self._group.ask(wanted)
        return [self._fold(*each) for each in zip(looks, held, newer, strict=True)]

    async def close(self) -> None:
        await self._group.drained()
        await self._held.close()

    def _fold(self, look: Look, have: Loaded, newer: Sequence[Recorded]) -> Loaded:
        if newer:
            types = look.decider.event_types
            events = (self._codec.open(types[f.name].model_validate_json(f.data), f.tenant) for f in newer)
            state = reduce(look.decider.evolve, events, have.state)
            have = Loaded(state, newer[-1].version, newer[-1].position)
            self.cache.put(newer[-1].tenant, look.stream, have)
        return have

    async def _read(self, group: Sequence[Sequence[Wanted]]) -> Sequence[list[list[Recorded]] | Exception]:
        wanted = [want for wants in group for want in wants]
        found: list[list[Recorded]] = [[] for _ in wanted]
        for nth, *row in await self._held.fetch(_LOAD, *map(list, zip(*wanted, strict=True))):
            found[nth - 1].append(recorded(self._source, row))
        facts = iter(found)
        return [[next(facts) for _ in wants] for wants in group]

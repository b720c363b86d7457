"""What can be answered to a command, besides the domain's own Rejected."""

from typing import NamedTuple, Protocol
from uuid import UUID

from shared.core.decider import Asked, Command


class Request(NamedTuple):
    """Everything about a command that is not the command. `expected` is the version the caller saw (If-Match)."""

    tenant: str
    asked: Asked
    command_id: UUID | None = None
    expected: int | None = None
    correlation_id: UUID | None = None
    causation_id: UUID | None = None
    traceparent: str | None = None
    unsigned: bool = False


class Receipt(NamedTuple):
    """Where the stream stands after the command. `facts` are stored names; `position` is the newest of the stream.

    `refused` is the code a policy or deadline was refused with: its refusals are receipts, a person's are raised.
    """

    stream: str
    version: int
    position: int
    facts: tuple[str, ...]
    refused: str | None = None

    @property
    def answer(self) -> str:
        """In one word, as it is counted: the refusal's code, `facts`, or `nothing`."""
        return self.refused or ("facts" if self.facts else "nothing")


class Askable(Protocol):
    """Where commands are asked: the desk, to whoever does not care what is behind it."""

    async def ask(self, command: Command, request: Request) -> Receipt: ...


class Answering(Askable, Protocol):
    """The desk, to whoever may have to look its answers up."""

    async def answered(self, command: Command, request: Request) -> Receipt | None:
        """The receipt of this very command under this id, if it was taken. Never raises KeyReused."""


class Conflict(Exception):
    """The stream moved every time it was decided: 409, and worth asking again."""


class VersionMoved(Exception):
    """The stream is not at the version the caller saw."""

    def __init__(self, stream: str, version: int) -> None:
        super().__init__(f"the stream is at version {version}")
        self.stream, self.version = stream, version


class KeyReused(Exception):
    """This command id has been used for something else."""


class FactTooLarge(Exception):
    """A fact over the limit could be stored, but not be published."""


class OutcomeUnknown(Exception):
    """The connection broke, and whether the command took effect was not learnt in time. The same id tells later."""

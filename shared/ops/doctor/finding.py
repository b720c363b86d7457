"""What the doctor has found, and how looking never fails."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from shared.ops.printing import NotReachable

Level = Literal["error", "warning"]
PATIENCE = 20.0  # seconds for one look


@dataclass(frozen=True, slots=True)
class Finding:
    """`about` is a service, a topic, or a part of this machine; `do` is a command, or says where to look."""

    level: Level
    about: str
    what: str
    why: str
    do: str


Look = Callable[[], Awaitable[Iterable[Finding]]]


async def seen(about: str, look: Look) -> tuple[list[Finding], bool]:
    """What is found, and whether it could be reached. What goes wrong in looking is a finding too."""
    import asyncio

    try:
        async with asyncio.timeout(PATIENCE):
            return list(await look()), True
    except NotReachable as away:
        return [Finding("error", about, str(away), "nothing can be said about it, or done with it", "start it")], False
    except TimeoutError:
        said = f"it gave no answer within {PATIENCE:.0f} s"
    except Exception as error:
        said = f"it could not be looked at: {type(error).__name__}: {error}"
    return [Finding("warning", about, said, "what is not seen may be wrong", "look at it by hand")], True

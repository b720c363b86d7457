"""The demo: plays the story on a running platform, tells how it goes, and shows what came of it."""

from collections.abc import Callable

import httpx
from rich.console import Console

from demo.broker import NoBroker, boxed_kafka
from demo.cast import SANNA, TEAM
from demo.player import NotAsTold, Player, address_of
from demo.script import ORGANISATION
from demo.showing import show
from demo.shown import BOARD
from demo.story import STORY
from demo.telling import telling

__all__ = ["LOOK", "TOKEN", "NoBroker", "NotAsTold", "boxed_kafka", "play"]

# What the team's supervisor sees of it when the story has ended, and the token for that.
LOOK, TOKEN = address_of(BOARD, {"team_id": TEAM}), SANNA.token
Issue = Callable[..., str]


async def play(url: str, issue: Issue, *, as_json: bool = False) -> dict[str, int]:
    """`issue(person_id, tenant, roles, site=…)` makes tokens. Raises NotAsTold at the first other answer.

    Answers how much of what there was. With `as_json` stdout is left to the caller.
    """
    console = Console(stderr=as_json)
    if not console.is_terminal:
        console.width = 120
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        with telling(console, STORY) as tell:
            player = Player(http, lambda who: issue(who.id, ORGANISATION, who.roles, site=who.site), tell)
            await player.play(STORY)
        if not as_json:
            await show(player, console)
    console.print(
        f"\n{player.asked} commands, {player.facts} facts from them, {player.seen} looks at read models:"
        " every answer as the story tells it.",
        highlight=False,
    )
    return {"steps": len(STORY), "commands": player.asked, "facts": player.facts, "looks": player.seen}

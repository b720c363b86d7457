"""The examples of a service's description, tried in order by somebody who has nothing else: one small world."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from shared.core.decider import Command
from shared.ops.found import service
from shared.web.commands import path_of
from shared.web.describe import describe
from shared.web.examples import WRITTEN_ON
from tests.services.play import Play

A_WEEK = tuple(WRITTEN_ON + timedelta(days=days) for days in range(7))


@cache
def shown(name: str, day: date = WRITTEN_ON) -> Mapping[str, Command]:
    """By its route without the version, what is shown of each command on that day."""
    paths, found = describe(service(name), day=day)["paths"], {}
    for ask in service(name).asks:
        path = path_of(ask.command)
        (content,) = paths[path]["post"]["requestBody"]["content"].values()
        found[path.removeprefix("/v1/")] = ask.command.model_validate(content["example"])
    return found


def morning(day: date) -> datetime:
    return datetime.combine(day, time(8), ZoneInfo("Europe/Helsinki"))


def tried(play: Play, name: str, steps: str, actors: Mapping[str, str], day: date = WRITTEN_ON) -> dict[str, list[str]]:
    """All in one morning, one after the other; none may be refused. By step, what came of it."""
    examples = shown(name, day)
    return {step: play.ask(examples[step], morning(day), actors.get(step)) for step in steps.split()}

"""The examples of a service's description, tried in order by somebody who has nothing else: one small world."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.core.decider import Command
from shared.core.service import Service
from shared.web.commands import path_of
from shared.web.describe import describe
from shared.web.examples import WRITTEN_ON
from tests.services.play import Play

A_WEEK = tuple(WRITTEN_ON + timedelta(days=days) for days in range(7))


def shown(service: Service, day: date = WRITTEN_ON) -> dict[str, Command]:
    """By its route without the version, what is shown of each command on that day."""
    paths, found = describe(service, day=day)["paths"], {}
    for ask in service.asks:
        path = path_of(ask.command)
        (content,) = paths[path]["post"]["requestBody"]["content"].values()
        found[path.removeprefix("/v1/")] = ask.command.model_validate(content["example"])
    return found


def morning(day: date) -> datetime:
    return datetime.combine(day, time(8), ZoneInfo("Europe/Helsinki"))


def tried(
    play: Play, service: Service, steps: str, actors: Mapping[str, str], day: date = WRITTEN_ON
) -> dict[str, list[str]]:
    """All in one morning, one after the other; none may be refused. By step, what came of it."""
    examples = shown(service, day)
    return {step: play.ask(examples[step], morning(day), actors.get(step)) for step in steps.split()}

"""The verb itself: looks at everything, whatever goes wrong on the way, and tells it."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

import typer

from shared.ops.doctor.finding import Finding, seen
from shared.ops.printing import AsJson, Failed, NotReachable, json_out, table

if TYPE_CHECKING:
    from shared.core.service import Service
    from shared.ops.settings import Settings
    from shared.store.database import Database


def doctor(as_json: AsJson = False) -> None:
    """Say what is wrong here, why it matters and what to do about it. Warnings alone are exit code 0.

    Example: luotsi doctor --json
    """
    from shared.ops.settings import SettingsWrong, load

    try:
        settings = load()
    except SettingsWrong as wrong:
        why = "no process starts with these settings"
        _tell([Finding("error", "settings", str(wrong), why, "set the variable it names")], as_json)
        raise Failed("the settings are wrong, so nothing else was looked at") from None
    findings, reached = asyncio.run(_looked(settings))
    _tell(findings, as_json)
    if not reached:
        raise NotReachable("neither a database nor a broker could be reached")
    if any(one.level == "error" for one in findings):
        raise Failed("something is wrong here")


def _tell(findings: list[Finding], as_json: bool) -> None:
    if as_json:
        json_out([asdict(one) for one in findings])
    elif findings:
        table(("", "about", "what", "why it matters", "what to do"), [tuple(asdict(one).values()) for one in findings])
    else:
        typer.echo("nothing is wrong here")


async def _looked(settings: "Settings") -> tuple[list[Finding], bool]:
    """And whether anything but this machine could be reached."""
    from shared.ops.doctor import machine
    from shared.ops.found import services

    here = [await seen(look.__name__, partial(_machine, look, settings)) for look in machine.LOOKS]
    away = [await seen(service.name, partial(_service, settings, service)) for service in services()]
    if settings.kafka is not None:
        away.append(await seen("topics", partial(_topics, settings)))
    return [finding for found, _ in here + away for finding in found], any(reached for _, reached in away)


async def _machine(look: "Callable[[Settings], Iterable[Finding]]", settings: "Settings") -> Iterable[Finding]:
    return look(settings)


async def _service(settings: "Settings", service: "Service") -> list[Finding]:
    from shared.ops.databases import database as opened
    from shared.ops.databases import reaching
    from shared.ops.doctor import database
    from shared.ops.found import services

    async with AsyncExitStack() as stack:
        databases = {one.name: await stack.enter_async_context(opened(settings, one)) for one in services()}
        own = databases[service.name]
        stack.enter_context(reaching(service, own.dsn))
        async with own.driver() as driver:
            found = [finding async for finding in database.look(driver, service.name)]
            if await database.has_tables(driver):
                at_work = partial(_work, service.name, databases, settings.kafka is not None)
                found += (await seen(service.name, at_work))[0]
    return found


async def _work(service: str, databases: "Mapping[str, Database]", over_kafka: bool) -> Iterable[Finding]:
    from shared.ops.doctor import work
    from shared.run.standing import standing

    return work.look(await standing(service, databases), over_kafka)


async def _topics(settings: "Settings") -> Iterable[Finding]:
    from shared.ops.doctor import topics

    return await asyncio.to_thread(lambda: list(topics.look(settings)))

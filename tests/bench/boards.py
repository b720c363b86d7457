"""Rows of a made-up organisation: one team of forty folded from facts, and as many like it as are asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, ColumnElement, Table, Text, Uuid, cast, func, insert, literal, select, true

from services.coaching.service import service
from shared.core.event import Event
from shared.listen.builds import Builds
from shared.store.database import Database
from shared.testing.interleavings import Fact, history
from tests.coaching.conversation_streams import PLAN_EVENTS, told
from tests.coaching.heard import (
    IN_FIRST_RESPONSE,
    activity_placed,
    message_published,
    message_read,
    shift,
    submitted,
    week_published,
)
from tests.coaching.heard import placed as shift_placed
from tests.coaching.learning_streams import joined, sanna_leads, team_formed
from tests.coaching.people_matters import issue_raised
from tests.coaching.sessions import action_agreed, session_booked, session_held
from tests.services.reading import show

PEOPLE, SESSIONS, ACTIONS, ITEMS, ISSUES, MESSAGES = 40, 12, 6, 20, 4, 6
BOARD = replace(service, read_models=[each for each in service.read_models if each.name in ("directory", "team_board")])
Streams = Iterator[Sequence[Fact]]


def one_of(kind: int, person: int, number: int = 0) -> UUID:
    """Ids of the first team begin with eight zeros: those of other teams differ there."""
    return UUID(int=(kind << 64) + (person << 32) + number)


def person(number: int) -> UUID:
    return one_of(1, number)


def _stream(name: str, *facts: Event, **told_of: Any) -> Sequence[Fact]:
    return history(name, *told(facts, **told_of))


def streams(now: datetime) -> Streams:
    """A year of the team: of each person twelve sessions, six actions, a plan and the day; every fifth is a hire."""
    yield _stream("onboarding.team", team_formed, sanna_leads, since=_a_year_before(now))
    for number in range(PEOPLE):
        yield from _of_person(number, now)
    for number in range(ITEMS):
        yield _stream(f"feedback.item-{number}", submitted, item_id=one_of(2, 0, number))
    for number in range(ISSUES):
        yield _stream(f"coaching.issue-{number}", issue_raised, issue_id=one_of(3, 0, number))
    for number in range(MESSAGES):
        read = told((message_read,) * (PEOPLE // 2), person_id=person(number))
        yield _stream(f"feedback.message-{number}", message_published, *read, message_id=one_of(4, 0, number))


def _a_year_before(now: datetime) -> date:
    return (now - timedelta(days=365)).date()


def _of_person(number: int, now: datetime) -> Streams:
    who = person(number)
    yield _stream(f"onboarding.person-{who}", joined(who), joined_on=_a_year_before(now))
    yield _stream(f"coaching.plan-{who}", *PLAN_EVENTS[:12], person_id=who)
    if number % 5 == 0:
        yield _stream(f"onboarding.journey-{who}", *IN_FIRST_RESPONSE, person_id=who)
    for nth in range(SESSIONS):
        at = now + timedelta(days=30 * (nth - SESSIONS + 2))
        facts = (session_booked, session_held) if at < now else (session_booked,)
        yield _stream(
            f"coaching.session-{who}-{nth}",
            *facts,
            session_id=one_of(5, number, nth),
            employee_id=who,
            starts_at=at,
            held_at=at,
        )
    for nth in range(ACTIONS):
        action_id = one_of(6, number, nth)
        yield _stream(f"coaching.action-{action_id}", action_agreed, action_id=action_id, employee_id=who)
    yield _day_of(number, now)


def _day_of(number: int, now: datetime) -> Sequence[Fact]:
    shift_today = shift(one_of(7, number), person(number)).model_copy(
        update={"starts_at": now, "ends_at": now + timedelta(hours=8)}
    )
    activity_id = one_of(8, number)
    day = _stream("day", activity_placed, activity_id=activity_id, person_id=person(number), starts_at=now)
    return [*history("week", shift_placed.model_copy(update={"shift": shift_today}), week_published), *day]


async def make(dsn: str, teams: int, now: datetime) -> None:
    """So many teams in all, with the rows of the board and of the directory."""
    database = Database(dsn)
    await show(BOARD, database, list(streams(now)))
    for read_model in BOARD.read_models:
        build = await Builds(database).ensure(read_model)
        for rows in read_model.rows:
            await _multiply(database, build.table(rows.row), teams)
    await database.close()


async def _multiply(database: Database, table: Table, teams: int) -> None:
    team = func.generate_series(1, teams - 1).table_valued("n").render_derived()
    prefix = func.lpad(func.to_hex(team.c.n), 8, "0", type_=Text)
    values = [_moved(column, prefix) for column in table.columns]
    async with database.engine.begin() as connection:
        await connection.execute(
            insert(table).from_select(list(table.columns), select(*values).select_from(table.join(team, true())))
        )
    async with database.driver() as driver:
        await driver.execute(f'analyze "{table.schema}"."{table.name}"')


def _moved(column: Column[Any], prefix: ColumnElement[str]) -> ColumnElement[Any]:
    """The column as another team has it."""
    text = cast(column, Text)
    if isinstance(column.type, Uuid):
        return cast(prefix + func.substr(text, 9, type_=Text), Uuid)
    if isinstance(column.type, JSON):
        return cast(func.replace(text, literal('"00000000-'), literal('"') + prefix + "-"), JSON)
    return column

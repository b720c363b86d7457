"""Questions that are drafted once and asked again: nothing of one request stays in them for the next."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Select, select, text

from shared.core.access import Caller
from shared.core.readmodel import ReadModel
from shared.core.service import Service
from shared.store.database import Database
from shared.web.draft import Draft
from shared.web.queries import Page, Reads
from tests.shared.web.bank import BY, Line, Roster, account_lines, bank, lines, roster
from tests.shared.web.conftest import Api, Crew, Meet, Person, client_of
from tests.shared.web.folding import Folding

drafted: list[Draft] = []


def counted(draft: Draft, **wanted: Any) -> Select[Any]:
    drafted.append(draft)
    return lines(draft, **wanted)


async def read_counted(view: Reads, account_id: UUID | None = None) -> Page[Line]:
    return await view.page(view.kept(counted, account_id=account_id), Line, ("account_id",))


async def found(asking: Person, **filters: Any) -> list[str]:
    answer = await asking.read("account-lines", **filters)
    assert answer.status_code == 200, answer.text
    return [item["account_id"] for item in answer.json()["items"]]


async def test_callers_of_one_kind_share_a_question_and_each_sees_their_own(
    crew: Crew, person: Meet, folding: Folding, make_api: Api
) -> None:
    other, elsewhere, account = person("S"), uuid4(), uuid4()
    await crew.hr.must("form-crew", team_id=elsewhere, site="oulu", time_zone="UTC", leader_id=other.id)
    await crew.hr.must("open-account", account_id=account, person_id=other.id, team_id=elsewhere)
    await folding.catch_up()
    model = ReadModel("account_lines", 1, account_lines.rows, read_counted)
    service = Service("bank", bank.events, bank.deciders, bank.asks, Roster(), read_models=[roster, model])
    drafted.clear()
    async with client_of(make_api(service=service)) as client:
        for somebody in (crew.leader, other, crew.hr):
            somebody.client = client
        assert await found(crew.leader) == [str(crew.account)]
        assert await found(other) == [str(account)]
        assert len(drafted) == 1
        assert await found(other, account_id=account) == [str(account)]
        assert await found(crew.leader, account_id=account) == []
        assert len(drafted) == 2
        assert await found(crew.hr) == sorted([str(crew.account), str(account)])
        assert len(drafted) == 3


async def test_whatever_is_bound_a_question_that_is_kept_is_planned_once(
    crew: Crew, make_api: Api, db: Database
) -> None:
    model = ReadModel("account_lines", 1, account_lines.rows, read_counted)
    service = Service("bank", bank.events, bank.deciders, bank.asks, Roster(), read_models=[roster, model])
    async with client_of(make_api(service=service)) as client:
        crew.leader.client = client
        for account in (crew.account, uuid4(), uuid4()):
            await found(crew.leader, account_id=account)
    async with db.planned.connect() as connection:
        planned = text(
            "select generic_plans, custom_plans from pg_prepared_statements where statement ~ 'readmodels[.]account'"
        )
        assert (await connection.execute(planned)).all() == [(3, 0)]


def closing_over(note: str) -> Any:
    def of_note(draft: Draft) -> Select[Any]:
        line = draft[Line]
        return select(line).where(draft.seen(by=BY), line.c.note == note)

    return of_note


async def test_a_value_that_is_not_bound_by_a_name_of_its_own_is_refused(crew: Crew, make_api: Api) -> None:
    view = await make_api().state.readers.views.open(Caller("org", str(crew.leader.id), frozenset("S")))
    with pytest.raises(ValueError, match=r"of_note: .* bound by a name of its own"):
        view.kept(closing_over("for a boat"))
    with pytest.raises(ValueError, match="lines"):
        view.kept(lines, led=crew.id)

"""The questions of deploy/analysis, asked of three hires' exported histories; the answers were counted by hand."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pytest

from services.onboarding.events.welcome import HireWelcomed
from shared.core.event import Event
from shared.export.export import export
from shared.export.folder import Selection
from shared.store.database import Database
from shared.testing.interleavings import Fact, history
from tests.bench.hires import store
from tests.onboarding.aino import ALL_DONE, contact_taken, exam_failed, journey_started
from tests.onboarding.histories import JOURNEY_STREAM, ONNI_JOURNEY, WELCOME_STREAM
from tests.onboarding.organisation import OTHER_STREAM, TEAM_STREAM
from tests.onboarding.plan import OTHER_TEAM, TEAM, TEMPLATE, at

QUESTIONS = Path(__file__).parents[2] / "deploy" / "analysis"
PINJA = UUID(int=6)


def of_pinja(*facts: Event) -> Sequence[Event]:
    """A smooth journey by the template's next version: the first contact a day early, no exam failed."""
    changed: dict[type[Event], dict[str, Any]] = {
        type(journey_started): {"template_version": 2},
        type(contact_taken): {"taken_at": at(8, 15), "journey_day": 1},
    }
    own = {name: UUID(int=600 + n) for n, name in enumerate(("contact_id", "monitoring_id", "ref", "attempt_id"))}
    return [
        fact.model_copy(
            update={"person_id": PINJA, **changed.get(type(fact), {})}
            | {
                name: UUID(int=value.int + getattr(fact, name).int)
                for name, value in own.items()
                if hasattr(fact, name)
            }
        )
        for fact in facts
        if fact is not exam_failed
    ]


PINJA_WELCOMED = HireWelcomed(
    person_id=PINJA, team_id=OTHER_TEAM, journey_no=1, welcomed_on=date(2027, 3, 8), missing=()
)
FACTS: tuple[Fact, ...] = (
    *TEAM_STREAM,
    *OTHER_STREAM,
    *WELCOME_STREAM,
    *JOURNEY_STREAM,
    *ONNI_JOURNEY,
    *history(f"onboarding.welcome-{PINJA}", PINJA_WELCOMED),
    *history(f"onboarding.journey-{PINJA}", *of_pinja(*ALL_DONE)),
)


@pytest.fixture
async def facts(database: str, tmp_path: Path) -> AsyncIterator[duckdb.DuckDBPyConnection]:
    """The export of the three, as the README has it opened."""
    await store(database, [fact.recorded._replace(position=n) for n, fact in enumerate(FACTS, 1)])
    opened = Database(database)
    async for _ in export(opened, "onboarding", tmp_path, Selection()):
        pass
    await opened.close()
    with duckdb.connect() as connection:
        connection.execute(
            f"create view facts as from read_parquet('{tmp_path}/**/*.parquet', hive_partitioning = true)"
        )
        yield connection


ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    # Aino's only contact was taken back; Onni took none; Pinja's was on the first day.
    "days-to-first-contact": [
        ("org", str(TEMPLATE), 1, 2, 0, None, None, 0, 0),
        ("org", str(TEMPLATE), 2, 1, 1, 1.0, 0.0, 1, 0),
    ],
    # Aino ended billing three days before the due day that she had once missed on paper; Onni never ended the basics.
    "where-journeys-stall": [
        ("org", "basics", "listen", 3, 1, None),
        ("org", "billing", "sign-off", 2, 1, -3.0),
        ("org", "billing", "talk", 2, 1, -3.0),
    ],
    # Onni failed, in the basics. Aino's failure was taken back, so her second attempt is her first. Pinja just passed.
    "first-pass-rate-of-exams": [
        ("org", "basics", "systems", 1, 0, 0.0, 60.0, None),
        ("org", "first-response", "systems", 2, 2, 100.0, 88.0, 1.0),
    ],
    "kit-missing-on-day-one": [
        ("org", str(TEAM), "Tampere care", 1, 1, 100.0, ["gift"]),
        ("org", str(OTHER_TEAM), "Turku care", 1, 0, 0.0, None),
    ],
    # First response opens contact types: one listening in the basics, two in it and one coaching. Onni got nowhere.
    "support-before-own-contacts": [
        ("org", str(TEMPLATE), 1, 1, 3.0, 1.0, 0.0, 0.0, 4, 4),
        ("org", str(TEMPLATE), 2, 1, 3.0, 1.0, 0.0, 0.0, 4, 4),
    ],
}


@pytest.mark.parametrize("question", sorted(path.stem for path in QUESTIONS.glob("*.sql")))
async def test_the_answer_is_the_one_counted_by_hand(question: str, facts: duckdb.DuckDBPyConnection) -> None:
    assert facts.sql((QUESTIONS / f"{question}.sql").read_text()).fetchall() == ANSWERS[question]

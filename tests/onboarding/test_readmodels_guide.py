"""What to watch and coach now, line by line."""

from datetime import date
from typing import Any
from uuid import UUID

from services.onboarding.events.shapes import Requirement, RequirementKind
from services.onboarding.readmodels import stage_guide
from services.onboarding.readmodels.guides import Guide, GuideStage, Line
from shared.core.event import Event
from shared.testing.interleavings import folded, history
from tests.onboarding.aino import (
    BASICS_DONE,
    IN_BASICS,
    IN_BILLING,
    IN_FIRST_RESPONSE,
    coached,
    contact_met,
    exam_failed,
    heard_once,
    journey_started,
    journey_stopped,
    session_recorded,
    talk_met,
)
from tests.onboarding.histories import JOURNEY_STREAM, ONNI_JOURNEY, coming_tailored, listened_voided, stage_tailored
from tests.onboarding.organisation import AINO_STREAM, ONNI, ONNI_STREAM, TEAM_STREAM
from tests.onboarding.plan import AINO, SANNA, TEAM, TUESDAY, at, first_response
from tests.services.reading import Reading

STREAM = f"onboarding.journey-{AINO}"
PEOPLE = (TEAM_STREAM, AINO_STREAM, ONNI_STREAM)


def guide(*facts: Event) -> Guide:
    (found,) = folded(stage_guide.read_model, history(STREAM, *facts, at=at(9)))[Guide].values()
    assert isinstance(found, Guide)
    return found


def met(found: Guide) -> dict[str, date | None]:
    return {line.code: line.met_on for line in found.stages[0].lines}


def test_a_guide_is_the_plan_with_its_lines() -> None:
    waiting = guide(journey_started)
    assert waiting == Guide(AINO, 1, None, waiting.stages)
    assert waiting.stages[0] == GuideStage(
        stage="basics",
        title="Basics",
        stage_order=1,
        credited=False,
        supported=("data-change",),
        unlocks=(),
        lines=(
            Line(code="own-contact", line_order=1, kind="first-contact", focus="Somebody sits beside.", count=1),
            Line(code="listen", line_order=2, kind="monitor", focus="Greets, asks, sums up.", count=1),
            Line(code="confidence", line_order=3, kind="check", focus=None, count=1),
        ),
        verified_on=None,
        completed_on=None,
    )


def test_lines_are_met_and_open_again() -> None:
    assert met(guide(*IN_BASICS, contact_met)) == {"own-contact": TUESDAY, "listen": None, "confidence": None}
    done = {"own-contact": TUESDAY, "listen": TUESDAY, "confidence": TUESDAY}
    assert met(guide(*BASICS_DONE)) == done
    assert met(guide(*BASICS_DONE, listened_voided)) == {**done, "listen": None}


def test_one_stage_is_open_at_a_time() -> None:
    assert guide(*IN_BASICS).open_stage == "basics"
    assert guide(*BASICS_DONE).open_stage is None
    assert guide(*IN_FIRST_RESPONSE).open_stage == "first-response"
    assert guide(*IN_BASICS, journey_stopped).open_stage is None


def test_a_stage_tells_when_it_was_verified_and_completed() -> None:
    first_response = guide(*IN_BILLING).stages[1]
    assert (first_response.verified_on, first_response.completed_on) == (date(2027, 3, 9), date(2027, 3, 22))


def test_a_tailored_stage_has_other_lines() -> None:
    lines = guide(*IN_BILLING, stage_tailored).stages[2].lines
    assert [(line.code, line.line_order, line.count) for line in lines] == [("sign-off", 2, 1), ("spar-calm", 3, 2)]


def test_credited_stages_are_shown_as_such() -> None:
    credited = guide(journey_started.model_copy(update={"credited": ("basics",)}))
    assert [stage.credited for stage in credited.stages] == [True, False, False]


async def test_the_guide_shows_the_open_stage(reading: Reading) -> None:
    await reading.told(*PEOPLE, history(STREAM, *IN_FIRST_RESPONSE, heard_once, exam_failed))
    stage = {
        "person_id": str(AINO),
        "stage": "first-response",
        "stage_title": "First response",
        "stage_order": 2,
        "met_on": None,
        "needs": [],
        "open_stage": True,
        "credited": False,
        "supported": ["data-change", "basic-enquiry"],
        "unlocks": ["data-change", "basic-enquiry"],
        "verified_on": None,
        "completed_on": None,
    }
    focus = ["Finds the matter behind the question.", "The search.", "Serves basic enquiries alone.", None]

    def line(order: int, code: str, kind: str, **changed: Any) -> dict[str, Any]:
        told = {"code": code, "kind": kind, "line_order": order, "focus": focus[order - 1], "count": 1, "done": 0}
        return {**stage, **told, **changed}

    assert await reading.items("stage-guide", "S", SANNA, person_id=AINO) == [
        line(1, "listen-twice", "monitor", count=2, done=1),
        line(2, "talk", "coach"),
        line(3, "sign-off", "sign-off"),
        line(4, "systems", "check", needs=["crm-search"]),
    ]


async def test_what_was_done_counts_for_lines_of_its_kind(reading: Reading) -> None:
    other: dict[str, RequirementKind] = {"talk": "spar", "listen-twice": "coach", "systems": "monitor"}
    swapped = stage_tailored.model_copy(
        update={
            "stage": "first-response",
            "add": tuple(Requirement(code=code, kind=kind, count=1, focus="Else.") for code, kind in other.items()),
            "drop": tuple(other),
            "open_left": 4,
        }
    )
    sparred = coached(UUID(int=97), first_response, "talk", date(2027, 3, 18), form="spar")
    done = (heard_once, exam_failed, session_recorded, talk_met)
    await reading.told(*PEOPLE, history(STREAM, *IN_FIRST_RESPONSE, *done, swapped, sparred))
    found = await reading.items("stage-guide", "S", SANNA, person_id=AINO)
    assert [(line["code"], line["kind"], line["done"], line["needs"]) for line in found] == [
        ("sign-off", "sign-off", 0, []),
        ("talk", "spar", 1, []),
        ("listen-twice", "coach", 0, []),
        ("systems", "monitor", 0, []),
    ]


async def test_all_stages_are_shown_when_asked_for(reading: Reading) -> None:
    await reading.told(*PEOPLE, JOURNEY_STREAM, ONNI_JOURNEY)
    assert await reading.items("stage-guide", team_id=TEAM) == [], "nobody has an open stage"
    mine = await reading.items("stage-guide", "A", AINO, open=False)
    assert [(each["stage_order"], each["code"]) for each in mine] == [
        *((1, code) for code in ("own-contact", "listen", "confidence")),
        *((2, code) for code in ("listen-twice", "talk", "sign-off", "systems")),
        *((3, code) for code in ("talk", "sign-off")),
    ]
    assert all(each["done"] == each["count"] for each in mine)
    onnis = await reading.items("stage-guide", person_id=ONNI, open=False)
    assert [each["done"] for each in onnis if each["stage"] == "basics"] == [0, 0, 0], "what counted was voided"
    assert (await reading.get("stage-guide", "A", ONNI, person_id=AINO, open=False)).status_code == 404


def test_a_coming_stage_is_tailored_before_it_opens() -> None:
    lines = guide(journey_started, coming_tailored).stages[2].lines
    assert [line.code for line in lines] == ["talk", "sign-off", "spar-calm"]

"""2. to 30.4.: Aino is there; Onni goes another way; what was learnt flows into the next version of the plan."""

from demo.cast import AINO, DANI, HANNA, MARKKU, NORA, ONNI, SANNA, TEAM, TEMPLATE
from demo.script import Ask, Person, See, Step, on
from demo.story.towards_own_contacts import sign_off
from demo.template import EXAM_IN_TWO_STAGES, draft

_DONE = ["stage-verified", "stage-requirement-met", "stage-completed", "journey-completed"]
_LEAVING = {"person_id": ONNI.id, "last_day": "2027-04-30", "reason": "own-choice"}
_APPOINT = {"team_id": TEAM, "supervisor_id": DANI.id, "since": "2027-05-03"}
_PUBLISH = {"template_id": TEMPLATE, "note": "the exam in two parts"}


def _review(who: Person, side: str, rating: int, **more: str) -> Ask:
    body = {
        "person_id": AINO.id,
        "side": side,
        "rating": rating,
        "went_well": "Somebody was always near.",
        **more,
    }
    return Ask(who, "review-journey", body, facts=["journey-reviewed"])


STEPS = (
    Step(
        71,
        on("2027-04-02"),
        "Aino's journey is complete",
        [
            sign_off(AINO, "billing", "Explains any invoice in plain words.", _DONE),
            See(
                SANNA,
                "onboarding-progress",
                {"state": "completed"},
                [{"person_id": AINO.id, "unlocked": ["basic-enquiry", "billing", "data-change"]}],
                count=1,
            ),
            See(HANNA, "template-insight", {"template_id": TEMPLATE}, [{"stage": "billing", "completed": 1}]),
        ],
    ),
    Step(
        83,
        on("2027-04-12", "19:00"),
        "Ten days later the platform asks how it was",
        [See(SANNA, "onboarding-progress", {}, [{"person_id": AINO.id, "review_asked": True}])],
    ),
    Step(
        83,
        on("2027-04-13"),
        "Both sides look back",
        [
            _review(AINO, "hire", 5, suggestion="Split the exam: too much at once."),
            _review(SANNA, "supervisor", 4),
            See(
                SANNA,
                "onboarding-progress",
                {},
                [{"person_id": AINO.id, "hire_rating": 5, "supervisor_rating": 4}],
            ),
            See(HANNA, "template-insight", {"template_id": TEMPLATE}, [{"stage": "billing", "completed": 1}]),
        ],
    ),
    Step(
        87,
        on("2027-04-26"),
        "Onni leaves at the end of the month; his journey stops by itself",
        [
            Ask(HANNA, "record-leaving", _LEAVING, facts=["person-left"]),
            See(HANNA, "onboarding-progress", {"state": "stopped"}, [{"person_id": ONNI.id}], count=1),
            See(HANNA, "people", {"team_id": TEAM}, [{"person_id": ONNI.id, "left_on": "2027-04-30"}], count=12),
            See(
                SANNA,
                "team-board",
                {"team_id": TEAM},
                [{"person_id": ONNI.id, "left_on": "2027-04-30", "journey_state": "stopped"}],
            ),
        ],
    ),
    Step(
        88,
        on("2027-04-30"),
        "The plan learns, and Dani takes over the team from May",
        [
            See(
                HANNA,
                "template-insight",
                {"template_id": TEMPLATE},
                [
                    {"stage": "basics", "journeys": 2, "completed": 2, "stopped_here": 0},
                    {"stage": "first-response", "journeys": 2, "completed": 1, "stopped_here": 1, "stalled": 1},
                    {"stage": "billing", "journeys": 1, "completed": 1},
                ],
                count=3,
            ),
            See(NORA, "template-insight", {"template_id": TEMPLATE}, count=3),
            Ask(HANNA, "draft-template", draft(TEMPLATE, *EXAM_IN_TWO_STAGES), facts=["template-drafted"]),
            Ask(HANNA, "publish-template", _PUBLISH, facts=["template-published"]),
            Ask(MARKKU, "appoint-supervisor", _APPOINT, facts=["supervisor-appointed"]),
            See(HANNA, "templates", {"newest": True}, [{"template_id": TEMPLATE, "version": 2}], count=1),
        ],
    ),
)

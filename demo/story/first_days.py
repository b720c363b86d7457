"""8. to 10.3.: welcomed, led into the plan, and a first contact of one's own with somebody beside."""

from collections.abc import Sequence

from demo.cast import AINO, HANNA, ONNI, SANNA, TEAM, TEMPLATE, TUULA, VEERA
from demo.script import Ask, Person, See, Step, id_of, on
from demo.template import SURVEY_ANSWERS

_MET = "stage-requirement-met"
_STAGE_ENDS = ["stage-completed", "stage-started"]


def _support(hire: Person, supporter: Person, starts_at: str) -> Ask:
    body = {
        "person_id": hire.id,
        "supporter_id": supporter.id,
        "supporter_team_id": TEAM,
        "starts_at": starts_at,
        "minutes": 60,
    }
    return Ask(SANNA, "arrange-first-contact-support", body, facts=["first-contact-support-arranged"])


def _first_contact(hire: Person, contact_type: str, taken_at: str, supporter: Person) -> dict[str, object]:
    return {
        "person_id": hire.id,
        "contact_id": id_of("contact", f"{hire.label} {contact_type}"),
        "contact_type": contact_type,
        "taken_at": taken_at,
        "supported_by": supporter.id,
    }


def _monitoring(hire: Person, observed_on: str) -> Ask:
    body = {
        "person_id": hire.id,
        "monitoring_id": id_of("monitoring", f"{hire.label} {observed_on}"),
        "observed_on": observed_on,
        "note": "Calm voice, names the next step.",
    }
    return Ask(SANNA, "record-monitoring", body, facts=["monitoring-recorded", _MET])


def _survey(hire: Person, **more: object) -> Ask:
    body = {
        "person_id": hire.id,
        "attempt_id": id_of("attempt", f"{hire.label} survey"),
        "check": "own-confidence",
        "answers": SURVEY_ANSWERS,
        **more,
    }
    return Ask(hire, "record-check", body, facts=["check-passed", *_STAGE_ENDS])


def _welcome(hire: Person, facts: Sequence[str] = (), refused: str | None = None, **more: str) -> Ask:
    body = {"person_id": hire.id, "welcomed_on": "2027-03-08", **more}
    return Ask(SANNA, "welcome-hire", body, facts, refused)


def _introduce(hire: Person) -> Ask:
    body = {"person_id": hire.id, "introduced_on": "2027-03-08"}
    return Ask(SANNA, "introduce-plan", body, facts=["plan-introduced"])


STEPS = (
    Step(
        21,
        on("2027-03-08"),
        "The first morning; Onni is welcomed without his gift, knowingly",
        [
            _welcome(AINO, ["hire-welcomed"]),
            _welcome(ONNI, refused="kit-incomplete"),
            _welcome(ONNI, ["hire-welcomed"], missing_accepted="The mug comes on Wednesday."),
            See(
                SANNA,
                "welcome-list",
                {"team_id": TEAM},
                [{"person_id": AINO.id, "item": "laptop", "ready": True, "welcomed_on": "2027-03-08"}],
                count=10,
            ),
        ],
    ),
    Step(
        22,
        on("2027-03-08", "10:00"),
        "The plan is gone through together, and the first stage begins",
        [
            _introduce(AINO),
            _introduce(ONNI),
            See(
                SANNA,
                "onboarding-progress",
                {"state": "underway"},
                [
                    {"person_id": hire.id, "stage": "basics", "open_left": 3, "introduced_on": "2027-03-08"}
                    for hire in (AINO, ONNI)
                ],
                count=2,
            ),
            See(
                SANNA,
                "stage-guide",
                {"person_id": AINO.id, "open": True},
                [{"stage": "basics", "code": "heard-once", "kind": "monitor", "count": 1, "done": 0}],
            ),
            See(
                SANNA,
                "team-board",
                {"team_id": TEAM},
                [{"person_id": AINO.id, "stage": "basics", "journey_state": "underway", "shifts_today": []}],
                count=12,
            ),
        ],
    ),
    Step(
        23,
        on("2027-03-08", "11:00"),
        "Somebody will sit beside at the first contact",
        [
            _support(AINO, TUULA, "2027-03-09T13:00:00+02:00"),
            _support(ONNI, VEERA, "2027-03-10T13:00:00+02:00"),
            See(SANNA, "onboarding-progress", {}, [{"person_id": AINO.id, "supporter_id": TUULA.id}]),
        ],
    ),
    Step(
        24,
        on("2027-03-09", "14:00"),
        "Aino's first contact, on her second day",
        [
            Ask(
                SANNA,
                "record-first-contact",
                _first_contact(AINO, "billing", "2027-03-09T13:10:00+02:00", TUULA),
                refused="contact-type-locked",
            ),
            Ask(
                SANNA,
                "record-first-contact",
                _first_contact(AINO, "data-change", "2027-03-09T13:20:00+02:00", TUULA),
                facts=["first-contact-taken", _MET],
            ),
            See(
                SANNA,
                "onboarding-progress",
                {},
                [{"person_id": AINO.id, "first_contact_day": 2, "in_time": True, "open_left": 2}],
            ),
            See(SANNA, "stage-guide", {"person_id": AINO.id, "open": True}, [{"code": "first-contact", "done": 1}]),
        ],
    ),
    Step(
        26,
        on("2027-03-09", "15:00"),
        "Heard once, confident enough: the next stage opens for Aino",
        [
            _monitoring(AINO, "2027-03-09"),
            _survey(AINO, suggestion="A map of the house would have helped on the first day."),
            See(SANNA, "onboarding-progress", {}, [{"person_id": AINO.id, "stage": "first-response"}]),
            See(AINO, "check-results", {"person_id": AINO.id}, [{"check": "own-confidence", "passed": True}], 1),
        ],
    ),
    Step(
        27,
        on("2027-03-10", "15:00"),
        "Onni a day later, and a day late",
        [
            Ask(
                SANNA,
                "record-first-contact",
                _first_contact(ONNI, "data-change", "2027-03-10T13:20:00+02:00", VEERA),
                facts=["first-contact-taken", _MET],
            ),
            _monitoring(ONNI, "2027-03-10"),
            _survey(ONNI),
            See(
                SANNA,
                "onboarding-progress",
                {},
                [
                    {
                        "person_id": ONNI.id,
                        "first_contact_day": 3,
                        "in_time": False,
                        "stage": "first-response",
                        "stage_due_on": "2027-03-24",
                    }
                ],
            ),
            See(HANNA, "template-insight", {"template_id": TEMPLATE}, [{"stage": "basics", "completed": 2}]),
        ],
    ),
)

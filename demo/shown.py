"""Which rows are shown at the end: a path, what to do next, what to talk about, how good work is seen."""

from collections.abc import Mapping
from dataclasses import dataclass

from demo.calendar import KIMMOS
from demo.cast import AINO, DANI, HANNA, SANNA, TEAM, TEMPLATE
from demo.script import Body, Person

BOARD = "team-board"


@dataclass(frozen=True, slots=True)
class Shown:
    """`columns` are headings with the fields of the rows under them; dots lead into what stands in a field."""

    title: str
    who: Person
    read_model: str
    where: Body
    columns: Mapping[str, str]
    upright: bool = False


SHOWN = (
    Shown(
        "How the two journeys went",
        HANNA,
        "onboarding-progress",
        {},
        {
            "who": "display_name",
            "state": "state",
            "first contact, day": "first_contact_day",
            "in time": "in_time",
            "serves alone": "unlocked",
            "coached": "coached",
        },
    ),
    Shown(
        "Aino's path to contacts of her own",
        SANNA,
        "stage-guide",
        {"person_id": AINO.id, "open": False},
        {"stage": "stage_title", "what": "kind", "to watch": "focus", "done": "done", "of": "count", "met": "met_on"},
    ),
    Shown(
        "What the plan can learn",
        HANNA,
        "template-insight",
        {"template_id": TEMPLATE},
        {
            "stage": "stage",
            "hires": "journeys",
            "completed": "completed",
            "stalled": "stalled",
            "stopped": "stopped_here",
            "mean days": "mean_days",
            "planned": "target_days",
            "passed at first, %": "first_pass",
        },
    ),
    Shown(
        "What Sanna's team needs next",
        SANNA,
        BOARD,
        {"team_id": TEAM},
        {
            "who": "who",
            "last talk": "last_held_on",
            "next talk": "next_session_at",
            "due by": "next_due_on",
            "left open": "left_open",
            "actions": "open_actions",
            "overdue": "overdue_actions",
            "needs": "open_needs",
            "onboarding": "journey_state",
            "leaves": "left_on",
        },
    ),
    Shown(
        "What Dani and Kimmo bring to their next talk",
        DANI,
        "session-prep",
        {"session_id": KIMMOS.session(3)},
        {
            "when": "starts_at",
            "last time": "last_time.held_on",
            "went well": "last_time.successes",
            "was hard": "last_time.challenges",
            "agreed": "actions.text",
            "to look at on": "actions.follow_up_on",
            "aims at": "goals.title",
            "thanked for": "recognitions_since.text",
            "questions": "questions.text",
        },
        upright=True,
    ),
    Shown(
        "How Aino's contacts are seen",
        AINO,
        "behaviour-profile",
        {"person_id": AINO.id},
        {
            "scale": "scale",
            "score": "score",
            "scores so far": "evaluations.scores.scale_score",
            "weight, %": "weight",
            "low": "low",
            "times": "n",
        },
    ),
)

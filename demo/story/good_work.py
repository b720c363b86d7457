"""10.3. to 12.4.: what good work is, who shows it, and a score that is looked at again."""

from demo.cast import AINO, DANI, HANNA, KIMMO, PIRJO, ROLE, SANNA, TEAM
from demo.goals import BEHAVIOUR_GOAL, NUMBER_GOAL
from demo.script import Ask, See, Step, id_of, on
from demo.work import AIM, BEHAVIOURS, CORE, RATIONALE, SIDE, WEIGHTS, seen

_EVALUATION = id_of("evaluation", "aino 2027-03-15")
_CALM = id_of("behaviour", "calm-search")
_ROLE = {"role_id": ROLE, "role_code": "agent", "title": "Good service person", "experience_aim": AIM}
_VIEW = {
    "role_id": ROLE,
    "view_id": id_of("view", "pirjo"),
    "phase_id": id_of("phase", "listen"),
    "text": "The hard part is the silence while the system searches.",
}
_PUBLISH = {"role_id": ROLE, "note": "from two weeks beside the line"}
_EVALUATE = {
    "evaluation_id": _EVALUATION,
    "subject": "employee",
    "subject_id": AINO.id,
    "team_id": TEAM,
    "role_id": ROLE,
    "purpose": "onboarding",
    "occasion": "side-by-side",
    "contacts": ["2027-03-15/13:05", "2027-03-15/13:20"],
    "answers": seen(repeats=4, lets_finish=5, own_words=4, opens=4, calm_search=2, promises=5),
    "observed_on": "2027-03-15",
    "note": "Warm from the first word; the search takes all attention.",
}
_SETTLE = {
    "evaluation_id": _EVALUATION,
    "outcome": "changed",
    "answers": [{"behaviour_id": _CALM, "agree": 3}],
    "reason": "The recording shows that she said what she was looking for, twice.",
}

STEPS = (
    Step(
        29,
        on("2027-03-10", "16:00"),
        "What is a good service person here? Five phases of the work, seven acts",
        [
            Ask(HANNA, "start-role-definition", _ROLE, facts=["role-definition-started"]),
            *(Ask(HANNA, "record-work-phase", phase, facts=["work-phase-recorded"]) for phase in CORE),
            Ask(PIRJO, "contribute-view", _VIEW, facts=["view-contributed"]),
            *(Ask(HANNA, "define-behaviour", act, facts=["behaviour-defined"]) for act in BEHAVIOURS),
            Ask(
                HANNA,
                "weight-scales",
                {"role_id": ROLE, "weights": WEIGHTS, "rationale": RATIONALE},
                facts=["scales-weighted"],
            ),
            See(
                HANNA,
                "role-definitions",
                {"role_code": "agent"},
                [{"version": 0, "phase_count": 5, "weights": WEIGHTS}],
                count=1,
            ),
        ],
    ),
    Step(
        30,
        on("2027-03-11", "10:00"),
        "The side of the work counts too: small talk, and calling back",
        [
            Ask(HANNA, "publish-role", _PUBLISH, refused="side-phases-missing"),
            *(Ask(HANNA, "record-work-phase", phase, facts=["work-phase-recorded"]) for phase in SIDE),
            Ask(HANNA, "publish-role", _PUBLISH, facts=["role-published"]),
            See(PIRJO, "role-definitions", {"newest": True}, [{"role_id": ROLE, "version": 1, "phase_count": 7}], 1),
        ],
    ),
    Step(
        34,
        on("2027-03-15", "14:00"),
        "Dani sits beside Aino: it counts for her stage, and shows what to coach",
        [
            Ask(DANI, "record-evaluation", _EVALUATE, facts=["evaluation-recorded"]),
            See(
                SANNA,
                "behaviour-profile",
                {"person_id": AINO.id},
                [
                    {"scale": "stress-tolerance", "score": 25, "low": True, "n": 1},
                    {"scale": "service-mindedness", "score": 88, "low": False},
                ],
            ),
            See(
                SANNA,
                "stage-guide",
                {"person_id": AINO.id, "open": True},
                [{"stage": "first-response", "code": "heard-twice", "count": 2, "done": 1}],
            ),
            See(
                SANNA,
                "team-board",
                {"team_id": TEAM},
                [{"person_id": AINO.id, "stage": "first-response", "open_needs": ["stress-tolerance"]}],
            ),
        ],
    ),
    Step(
        36,
        on("2027-03-16", "15:00"),
        "No number without a way of working beside it",
        [
            Ask(SANNA, "set-goal", NUMBER_GOAL, refused="behaviour-goal-missing"),
            Ask(SANNA, "set-goal", BEHAVIOUR_GOAL, facts=["goal-set"]),
            Ask(SANNA, "set-goal", NUMBER_GOAL, facts=["goal-set"]),
            See(KIMMO, "goal-list", {"person_id": KIMMO.id}, [{"kind": "behaviour"}, {"kind": "number"}], count=2),
        ],
    ),
    Step(
        81,
        on("2027-04-12", "13:00"),
        "Aino sees one score otherwise; somebody else than Dani looks again",
        [
            Ask(
                AINO,
                "appeal-evaluation",
                {"evaluation_id": _EVALUATION, "behaviours": [_CALM], "reason": "I did say what I was looking for."},
                facts=["evaluation-appealed"],
            ),
            See(
                AINO, "behaviour-profile", {"person_id": AINO.id}, [{"scale": "stress-tolerance", "appeal_open": True}]
            ),
            Ask(DANI, "settle-appeal", _SETTLE, refused="same-evaluator"),
            Ask(SANNA, "settle-appeal", _SETTLE, facts=["appeal-settled"]),
            See(
                AINO,
                "behaviour-profile",
                {"person_id": AINO.id},
                [{"scale": "stress-tolerance", "score": 50, "low": False, "appeal_open": False}],
            ),
        ],
    ),
)

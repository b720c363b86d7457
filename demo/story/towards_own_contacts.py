"""16. to 25.3.: an exam failed, coached and passed; a stage signed off; another one stalls."""

from collections.abc import Sequence

from demo.cast import AINO, FORM, HANNA, ONNI, SANNA, TEAM
from demo.script import Ask, Person, See, Step, derived, id_of, on
from demo.talks import Said, agreed, told
from demo.template import SYSTEMS_62_PERCENT, SYSTEMS_88_PERCENT

_MET = "stage-requirement-met"


def _monitoring(who: Person, hire: Person, observed_on: str, *more: str) -> Ask:
    monitoring = id_of("monitoring", f"{hire.label} {observed_on}")
    body = {"person_id": hire.id, "monitoring_id": monitoring, "observed_on": observed_on}
    return Ask(who, "record-monitoring", body, facts=["monitoring-recorded", *more])


def sign_off(hire: Person, stage: str, evidence: str, facts: Sequence[str] = (), refused: str | None = None) -> Ask:
    body = {"person_id": hire.id, "stage": stage, "evidence": evidence}
    return Ask(SANNA, "sign-off-stage", body, facts, refused)


_FIRST_TRY = id_of("attempt", "aino systems first")
_NEED = {"need_id": derived("need", _FIRST_TRY, "crm-search"), "topic": "crm-search"}
_TALK, AINOS_ACTION = id_of("session", "aino 2027-03-18"), id_of("action", "aino searches by number")
_BOOK = {
    "session_id": _TALK,
    "employee_id": AINO.id,
    "coach_id": SANNA.id,
    "form_id": FORM,
    "kind": "onboarding",
    "starts_at": on("2027-03-18", "10:00").isoformat(),
    "minutes": 45,
    "place": "site",
}
_PREPARE = {"session_id": _TALK, "side": "employee", "topics": ["The search while the customer waits"]}
_BUSY = {"session_id": _TALK, "starts_at": on("2027-03-22", "10:00").isoformat(), "reason": "busy"}
_HELD = told(
    _TALK,
    on("2027-03-18", "10:00"),
    Said("Stayed calm with a caller who was not.", "The search is slow.", "Searches by customer number first."),
    actions=[agreed(AINOS_ACTION, "Searches by customer number first.", on("2027-04-01"))],
    needs=[_NEED],
    passed_on=[{"item_id": id_of("item", "search"), "text": "The search is slow when many are on the line."}],
)


def _exam(label: str, answers: Sequence[object], facts: Sequence[str] = (), refused: str | None = None) -> Ask:
    body = {
        "person_id": AINO.id,
        "attempt_id": id_of("attempt", f"aino systems {label}"),
        "check": "systems",
        "answers": list(answers),
    }
    return Ask(HANNA, "record-check", body, facts, refused)


_MISTAKEN = id_of("monitoring", f"{ONNI.label} 2027-03-19")
_VOID = {"person_id": ONNI.id, "record_id": _MISTAKEN, "reason": "It was Aino who was heard."}
_SPAR = {"code": "sparred", "kind": "spar", "count": 1, "focus": "Listening to the end"}
_TAILOR = {
    "person_id": ONNI.id,
    "stage": "first-response",
    "add": [_SPAR],
    "drop": [],
    "reason": "Learns best side by side.",
}
_REPLAN = {
    "person_id": ONNI.id,
    "stage": "first-response",
    "due_on": "2027-04-30",
    "reason": "More time to listen and to try.",
}

STEPS = (
    Step(
        35,
        on("2027-03-16", "14:00"),
        "Aino's exam: 62 %, the search is what she needs",
        [
            _exam("first", SYSTEMS_62_PERCENT, ["check-failed"]),
            See(
                SANNA,
                "check-results",
                {"person_id": AINO.id, "check": "systems"},
                [{"score": 62, "passed": False, "needs": ["crm-search"]}],
                count=1,
            ),
            See(SANNA, "onboarding-progress", {}, [{"person_id": AINO.id, "needs": ["crm-search"]}]),
            See(
                SANNA,
                "team-board",
                {"team_id": TEAM},
                [{"person_id": AINO.id, "open_needs": ["crm-search", "stress-tolerance"]}],
            ),
            See(
                SANNA,
                "session-prep",
                {"employee_id": AINO.id},
                [{"needs": [_NEED, {"topic": "stress-tolerance"}], "stage_focus": {"stage": "first-response"}}],
                count=3,
            ),
        ],
    ),
    Step(
        37,
        on("2027-03-17"),
        "Another try comes after coaching, not before",
        [_exam("second", SYSTEMS_88_PERCENT, refused="coaching-first")],
    ),
    Step(
        39,
        on("2027-03-17", "11:00"),
        "Then she is coached tomorrow; she says what she wants to talk about",
        [
            Ask(SANNA, "book-session", _BOOK, facts=["session-booked"]),
            Ask(AINO, "prepare-session", _PREPARE, facts=["session-prepared"]),
            See(
                SANNA,
                "coaching-calendar",
                {"employee_id": AINO.id},
                [{"session_id": _TALK, "state": "booked", "prepared_by": ["employee"]}],
                count=4,
            ),
            See(AINO, "session-prep", {"session_id": _TALK}, [{"employee_topics": _PREPARE["topics"]}], count=1),
        ],
    ),
    Step(
        40,
        on("2027-03-17", "12:00"),
        "Being busy is no reason to move it",
        [Ask(SANNA, "move-session", _BUSY, refused="not-last-resort")],
    ),
    Step(
        43,
        on("2027-03-18", "11:00"),
        "The talk: a success is named first; it counts for the stage, and the need is met",
        [
            Ask(SANNA, "hold-session", {**_HELD, "successes": []}, refused="success-missing"),
            Ask(SANNA, "hold-session", _HELD, facts=["session-held"]),
            See(
                AINO,
                "session-record",
                {"session_id": _TALK},
                [{"form_version": 1, "score": 75, "actions": [{"action_id": AINOS_ACTION, "state": "open"}]}],
                count=1,
            ),
            See(SANNA, "action-list", {"employee_id": AINO.id}, [{"follow_up_on": "2027-04-01"}], count=1),
            See(
                SANNA,
                "cadence-compliance",
                {"team_id": TEAM},
                [{"person_id": AINO.id, "held_in_month": 1, "next_due_on": "2027-04-17"}],
            ),
            See(SANNA, "team-board", {"team_id": TEAM}, [{"person_id": AINO.id, "open_needs": ["stress-tolerance"]}]),
            See(
                SANNA,
                "stage-guide",
                {"person_id": AINO.id, "open": True},
                [{"stage": "first-response", "code": "coached", "done": 1, "met_on": "2027-03-18"}],
            ),
        ],
    ),
    Step(
        46,
        on("2027-03-19", "10:00"),
        "She has seen what was written, and passes with 88 %; a record on the wrong person is taken back",
        [
            Ask(AINO, "acknowledge-session", {"session_id": _TALK}, facts=["session-acknowledged"]),
            See(SANNA, "session-record", {"session_id": _TALK}, [{"acknowledged_on": "2027-03-19"}], count=1),
            _exam("second", SYSTEMS_88_PERCENT, ["check-passed"]),
            _monitoring(SANNA, ONNI, "2027-03-19"),
            Ask(SANNA, "void-record", _VOID, facts=["record-voided"]),
            _monitoring(SANNA, AINO, "2027-03-19", _MET),
            See(
                SANNA,
                "stage-guide",
                {"person_id": ONNI.id, "open": True},
                [{"code": "heard-twice", "count": 2, "done": 0}],
            ),
            See(SANNA, "check-results", {"person_id": AINO.id, "check": "systems"}, [{"score": 88}], count=2),
        ],
    ),
    Step(
        47,
        on("2027-03-19", "11:00"),
        "Onni's stage can't be signed off yet",
        [sign_off(ONNI, "first-response", "He is nearly there.", refused="requirements-open")],
    ),
    Step(
        49,
        on("2027-03-22", "10:00"),
        "Aino answers basic enquiries on her own",
        [
            sign_off(
                AINO,
                "first-response",
                "Ten contacts heard, all led to an end.",
                ["stage-verified", _MET, "stage-completed", "stage-started"],
            ),
            See(
                SANNA,
                "onboarding-progress",
                {},
                [{"person_id": AINO.id, "stage": "billing", "unlocked": ["basic-enquiry", "data-change"]}],
            ),
            See(SANNA, "team-board", {"team_id": TEAM}, [{"person_id": AINO.id, "stage_title": "Billing"}]),
        ],
    ),
    Step(
        58,
        on("2027-03-24", "19:00"),
        "Six in the evening: the platform notices that Onni's stage has stalled",
        [
            See(SANNA, "onboarding-progress", {"stalled": True}, [{"person_id": ONNI.id}], count=1),
            See(
                SANNA,
                "team-board",
                {"team_id": TEAM},
                [{"person_id": ONNI.id, "stalled": True, "open_needs": ["first-response"]}],
            ),
        ],
    ),
    Step(
        59,
        on("2027-03-25", "10:00"),
        "His plan is fitted to him",
        [
            Ask(SANNA, "tailor-stage", _TAILOR, facts=["stage-tailored"]),
            Ask(SANNA, "replan-stage", _REPLAN, facts=["stage-replanned"]),
            See(
                SANNA,
                "onboarding-progress",
                {"stalled": False},
                [{"person_id": ONNI.id, "stage_due_on": "2027-04-30", "open_left": 5}],
            ),
            See(SANNA, "stage-guide", {"person_id": ONNI.id, "open": True}, [{**_SPAR, "done": 0}]),
        ],
    ),
)

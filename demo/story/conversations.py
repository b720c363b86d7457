"""2. to 31.3.: a form, three talks ahead for everybody, and the first ones held: Dani steps in, a mistake is undone."""

from demo.calendar import (
    AINOS,
    ELINAS,
    JONIS,
    KIMMOS,
    MIKAELS,
    OLLIS,
    ONNIS,
    PIRJOS,
    RIIKKAS,
    SOFIAS,
    TUULAS,
    TWELVE,
    VEERAS,
)
from demo.cast import DANI, ELINA, FORM, ONNI, PIRJO, SANNA, SOFIA, TEAM, TUULA
from demo.script import Ask, See, Step, id_of, on
from demo.talks import agreed, holding, planning, told

_INSIGHT = {
    "code": "next-time",
    "section": "goals",
    "kind": "insight",
    "text": "What would you try next time, and why?",
    "required": True,
}
_PUBLISH = {"form_id": FORM, "note": "for every monthly talk"}
_TOO_RARE = {"person_id": PIRJO.id, "interval_days": 45}

_MISTAKEN = SOFIAS.session(1)
_ANEW = id_of("session", "sofia 2027-03-23")
_TUULAS_WORDS = told(
    _MISTAKEN,
    TUULAS.starts(1),
    TUULAS.said[0],
    actions=[agreed(id_of("action", "mistaken"), TUULAS.said[0].action, TUULAS.starts(2))],
)
_SOFIAS_WORDS = told(
    _ANEW,
    on("2027-03-23", "13:00"),
    SOFIAS.said[0],
    actions=[agreed(SOFIAS.action(1), SOFIAS.said[0].action, SOFIAS.starts(2))],
)
_BOOK_ANEW = {
    "session_id": _ANEW,
    "employee_id": SOFIA.id,
    "coach_id": SANNA.id,
    "form_id": FORM,
    "kind": "regular",
    "starts_at": on("2027-03-23", "13:00").isoformat(),
    "minutes": 45,
    "place": "site",
}
_VOID = {"session_id": _MISTAKEN, "reason": "These are Tuula's words, written on Sofia's conversation."}
_MOVE = {
    "session_id": ELINAS.session(1),
    "starts_at": on("2027-04-07", "10:00").isoformat(),
    "reason": "absence",
    "note": "Home for two days.",
}

STEPS = (
    Step(
        11,
        on("2027-03-02", "11:00"),
        "The form of the monthly talk; without a question for insight it is not published",
        [
            Ask(
                SANNA,
                "start-form",
                {"form_id": FORM, "name": "Monthly talk", "starter": "monthly"},
                facts=["form-started"],
            ),
            Ask(SANNA, "remove-question", {"form_id": FORM, "code": "next-time"}, facts=["question-removed"]),
            Ask(SANNA, "publish-form", _PUBLISH, refused="insight-missing"),
            Ask(
                SANNA,
                "add-question",
                {"form_id": FORM, "question": _INSIGHT, "after": "last-goals"},
                facts=["question-added"],
            ),
            Ask(SANNA, "publish-form", _PUBLISH, facts=["form-published"]),
            See(SANNA, "forms", {"newest": True}, [{"form_id": FORM, "version": 1, "missing_sections": []}], count=1),
        ],
    ),
    Step(
        12,
        on("2027-03-02", "13:00"),
        "Three talks ahead for each of the twelve; every 45 days would be too rare",
        [
            Ask(SANNA, "set-cadence", _TOO_RARE, refused="too-rare"),
            *map(planning, TWELVE),
            See(
                SANNA,
                "coaching-calendar",
                {"team_id": TEAM},
                [{"session_id": ONNIS.session(3), "state": "booked", "starts_on": "2027-05-25"}],
                count=36,
            ),
            See(
                SANNA,
                "cadence-compliance",
                {"team_id": TEAM},
                [{"person_id": ELINA.id, "next_due_on": "2027-03-31", "series_until": "2027-05-26"}],
            ),
        ],
    ),
    Step(57, on("2027-03-15", "11:00"), "Joni's talk", [holding(JONIS, 1)]),
    Step(57, on("2027-03-16", "11:00"), "Kimmo's talk", [holding(KIMMOS, 1)]),
    Step(57, on("2027-03-17", "11:00"), "Riikka's talk", [holding(RIIKKAS, 1)]),
    Step(57, on("2027-03-18", "15:30"), "Mikael's and Olli's talks", [holding(MIKAELS, 1), holding(OLLIS, 1)]),
    Step(
        57,
        on("2027-03-19", "14:00"),
        "Sanna has gone home ill: Dani talks with Pirjo",
        [
            holding(PIRJOS, 1, by=DANI),
            See(
                DANI,
                "action-list",
                {"employee_id": PIRJO.id},
                [{"coach_id": DANI.id, "state": "open", "follow_up_on": "2027-04-16"}],
                count=1,
            ),
        ],
    ),
    Step(
        57,
        on("2027-03-22", "15:30"),
        "Tuula's talk is first written down on Sofia, and taken back",
        [
            Ask(SANNA, "hold-session", _TUULAS_WORDS, facts=["session-held"]),
            See(SANNA, "action-list", {"employee_id": SOFIA.id}, [{"state": "open"}], count=1),
            Ask(SANNA, "void-session", _VOID, facts=["session-voided"]),
            holding(TUULAS, 1),
            Ask(SANNA, "book-session", _BOOK_ANEW, facts=["session-booked"]),
            See(SANNA, "action-list", {"employee_id": SOFIA.id}, [{"state": "dropped"}], count=1),
            See(
                SANNA,
                "session-record",
                {"session_id": _MISTAKEN},
                [{"state": "voided", "voided_for": _VOID["reason"]}],
                count=1,
            ),
            See(
                SANNA,
                "cadence-compliance",
                {"team_id": TEAM},
                [{"person_id": SOFIA.id, "held_in_month": 0}, {"person_id": TUULA.id, "held_in_month": 1}],
            ),
        ],
    ),
    Step(
        57,
        on("2027-03-23", "14:00"),
        "Veera's talk, and Sofia's own",
        [
            holding(VEERAS, 1),
            Ask(SANNA, "hold-session", _SOFIAS_WORDS, facts=["session-held"]),
            See(
                SANNA,
                "coaching-calendar",
                {"employee_id": SOFIA.id},
                [{"session_id": _MISTAKEN, "state": "voided"}, {"session_id": _ANEW, "state": "held"}],
                count=4,
            ),
        ],
    ),
    Step(
        57,
        on("2027-03-24", "11:00"),
        "Aino is coached on invoices; eleven of twelve have had their talk",
        [
            holding(AINOS, 1),
            See(
                SANNA,
                "stage-guide",
                {"person_id": AINOS.employee.id, "open": True},
                [{"stage": "billing", "code": "coached", "done": 1, "met_on": "2027-03-24"}],
            ),
            See(
                SANNA,
                "cadence-compliance",
                {"team_id": TEAM},
                [{"person_id": SOFIA.id, "held_in_month": 1, "next_due_on": "2027-04-22"}],
                count=12,
            ),
            See(SANNA, "coach-load", {"coach_id": SANNA.id}, [{"week": "2027-W11", "held": 6}]),
        ],
    ),
    Step(
        65,
        on("2027-03-30", "12:00"),
        "Onni is coached",
        [
            holding(ONNIS, 1),
            See(SANNA, "stage-guide", {"person_id": ONNI.id, "open": True}, [{"code": "coached", "done": 1}]),
        ],
    ),
    Step(
        66,
        on("2027-03-31", "08:30"),
        "Elina is at home; her talk is still there",
        [
            See(
                SANNA,
                "coaching-calendar",
                {"employee_id": ELINA.id},
                [{"session_id": ELINAS.session(1), "state": "booked", "clashes": 0, "moves": 0}],
                count=3,
            ),
        ],
    ),
    Step(
        68,
        on("2027-03-31", "09:00"),
        "It is moved, for once: she is away",
        [
            Ask(SANNA, "move-session", _MOVE, facts=["session-moved"]),
            See(
                SANNA,
                "coaching-calendar",
                {"employee_id": ELINA.id},
                [{"session_id": ELINAS.session(1), "moves": 1, "starts_on": "2027-04-07"}],
            ),
        ],
    ),
    Step(
        66,
        on("2027-03-31", "19:00"),
        "Six in the evening: the platform notices that Elina's month went by",
        [
            See(SANNA, "cadence-compliance", {"team_id": TEAM, "missed": True}, [{"person_id": ELINA.id}], count=1),
            See(SANNA, "team-board", {"team_id": TEAM}, [{"person_id": ELINA.id, "missed": True}]),
            See(SANNA, "team-board", {"team_id": TEAM}, [{"person_id": ONNI.id, "last_held_on": "2027-03-30"}]),
        ],
    ),
)

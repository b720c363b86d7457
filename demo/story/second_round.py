"""7.4. to the end of the month: the second talks, a goal reached and thanked for, and Dani taking over."""

from demo.calendar import AINOS, ELINAS, JONIS, KIMMOS, MIKAELS, OLLIS, ONNIS, PIRJOS, RIIKKAS, SOFIAS, TUULAS, VEERAS
from demo.cast import DANI, FORM, KIMMO, ONNI, SANNA, TEAM
from demo.goals import NUMBER
from demo.script import Ask, Body, See, Step, id_of, on
from demo.talks import EVERY, agreed, holding

_MOVED_TO = on("2027-04-07", "10:00")
_STAY = (JONIS, KIMMOS, RIIKKAS, MIKAELS, OLLIS, PIRJOS, TUULAS, SOFIAS, VEERAS, AINOS, ELINAS)
_THANKS = id_of("recognition", "kimmo")
_GIVE = {
    "recognition_id": _THANKS,
    "person_id": KIMMO.id,
    "team_id": TEAM,
    "kind": "success",
    "text": "He asked one question in every contact for four weeks, and the number followed.",
    "public": True,
}
_REWARD = {"recognition_id": _THANKS, "reward": "voucher", "value_cents": 5000, "note": "For the cinema."}


def _question(code: str, section: str, text: str) -> Ask:
    question = {"code": code, "section": section, "kind": "open", "text": text, "required": False}
    return Ask(SANNA, "add-question", {"form_id": FORM, "question": question}, facts=["question-added"])


def _handing_over(person_id: str) -> Ask:
    body: Body = {"person_id": person_id, "coach_id": DANI.id, "from_day": "2027-05-03"}
    return Ask(DANI, "change-coach", body, facts=["coach-changed"])


_PUBLISH = {"form_id": FORM, "note": "what the two months taught"}

STEPS = (
    Step(
        85,
        on("2027-04-07", "11:00"),
        "Elina's talk, the moved one",
        [
            holding(
                ELINAS,
                1,
                held_at=_MOVED_TO.isoformat(),
                actions=[agreed(ELINAS.action(1), ELINAS.said[0].action, _MOVED_TO + EVERY)],
            ),
            See(
                SANNA,
                "cadence-compliance",
                {"team_id": TEAM},
                [{"person_id": ELINAS.employee.id, "next_due_on": "2027-05-07", "moves_90d": 1}],
            ),
        ],
    ),
    Step(85, on("2027-04-12", "11:00"), "Joni's second talk", [holding(JONIS, 2)]),
    Step(
        85,
        on("2027-04-13", "11:00"),
        "Kimmo's second talk: his number is reached, and he is thanked for how",
        [
            holding(KIMMOS, 2, progress=[{"goal_id": NUMBER, "value": 12}]),
            Ask(SANNA, "give-recognition", _GIVE, facts=["recognition-given"]),
            Ask(SANNA, "grant-reward", _REWARD, facts=["reward-granted"]),
            See(KIMMO, "goal-list", {"person_id": KIMMO.id}, [{"goal_id": NUMBER, "state": "reached"}], count=2),
            See(SANNA, "recognition-list", {"person_id": KIMMO.id}, [{"reward": "voucher", "public": True}], count=1),
        ],
    ),
    Step(85, on("2027-04-14", "11:00"), "Riikka's second talk", [holding(RIIKKAS, 2)]),
    Step(85, on("2027-04-15", "15:30"), "Mikael's and Olli's second", [holding(MIKAELS, 2), holding(OLLIS, 2)]),
    Step(85, on("2027-04-16", "14:00"), "Pirjo's second talk", [holding(PIRJOS, 2)]),
    Step(85, on("2027-04-19", "15:30"), "Tuula's and Sofia's second", [holding(TUULAS, 2), holding(SOFIAS, 2)]),
    Step(
        84,
        on("2027-04-20", "09:00"),
        "The form learns too: three changes at a time",
        [
            _question("month", "successes", "What of this month would you like to remember?"),
            _question("learnt", "behaviours", "From whom did you learn something, and what?"),
            _question("helped", "behaviours", "Whom did you help, and how?"),
            _question("pressed", "challenges", "When were you in a hurry, and what caused it?"),
            Ask(SANNA, "publish-form", _PUBLISH, refused="too-many-changes"),
            Ask(SANNA, "remove-question", {"form_id": FORM, "code": "month"}, facts=["question-removed"]),
            Ask(SANNA, "publish-form", _PUBLISH, facts=["form-published"]),
            See(SANNA, "forms", {"newest": True}, [{"form_id": FORM, "version": 2, "changed": 3}], count=1),
        ],
    ),
    Step(
        85,
        on("2027-04-20", "11:00"),
        "Veera's second talk, with the new form",
        [
            holding(VEERAS, 2),
            See(SANNA, "session-record", {"session_id": VEERAS.session(2)}, [{"form_version": 2, "score": 75}]),
        ],
    ),
    Step(
        85,
        on("2027-04-21", "11:00"),
        "Aino's second talk: all but Onni have had one this month",
        [
            holding(AINOS, 2),
            See(
                SANNA,
                "cadence-compliance",
                {"team_id": TEAM, "month": "2027-04"},
                [
                    *({"person_id": one.employee.id, "held_in_month": 1, "compliant": True} for one in _STAY),
                    {"person_id": ONNI.id, "held_in_month": 0},
                ],
                count=12,
            ),
        ],
    ),
    Step(
        87,
        on("2027-04-26", "10:00"),
        "Onni's last talk, of May, is off the calendar",
        [
            See(
                SANNA,
                "coaching-calendar",
                {"employee_id": ONNI.id},
                [
                    {"session_id": ONNIS.session(2), "state": "booked"},
                    {"session_id": ONNIS.session(3), "state": "cancelled"},
                ],
                count=3,
            ),
        ],
    ),
    Step(
        88,
        on("2027-04-30", "10:00"),
        "Dani takes the talks of May",
        [
            *(_handing_over(one.employee.id) for one in _STAY),
            See(
                DANI,
                "coaching-calendar",
                {"coach_id": DANI.id, "from": "2027-05-01"},
                [{"session_id": one.session(3), "state": "booked"} for one in _STAY],
                count=11,
            ),
            See(
                DANI,
                "coach-load",
                {"coach_id": DANI.id},
                [{"week": "2027-W19", "booked": 6}, {"week": "2027-W20", "booked": 4}],
            ),
        ],
    ),
)

"""15. to 25.3.: an exam failed, coached and passed; a stage signed off; another one stalls.

What coaching's and evaluation's facts would tell is told here by the supervisors themselves.
"""

from collections.abc import Sequence

from demo.cast import AINO, DANI, HANNA, ONNI, SANNA
from demo.script import Ask, Person, See, Step, id_of, on
from demo.template import SYSTEMS_62_PERCENT, SYSTEMS_88_PERCENT

_MET = "stage-requirement-met"


def _monitoring(who: Person, hire: Person, observed_on: str, *more: str) -> Ask:
    monitoring = id_of("monitoring", f"{hire.label} {observed_on}")
    body = {"person_id": hire.id, "monitoring_id": monitoring, "observed_on": observed_on}
    return Ask(who, "record-monitoring", body, facts=["monitoring-recorded", *more])


def coaching(hire: Person, form: str, held_on: str, topics: Sequence[str]) -> Ask:
    ref = id_of("coaching", f"{hire.label} {held_on}")
    body = {"person_id": hire.id, "ref": ref, "form": form, "topics": list(topics), "held_on": held_on}
    return Ask(SANNA, "record-coaching", body, facts=["coaching-recorded", _MET])


def sign_off(hire: Person, stage: str, evidence: str, facts: Sequence[str] = (), refused: str | None = None) -> Ask:
    body = {"person_id": hire.id, "stage": stage, "evidence": evidence}
    return Ask(SANNA, "sign-off-stage", body, facts, refused)


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
        34,
        on("2027-03-15", "14:00"),
        "Dani sits beside Aino",
        [
            _monitoring(DANI, AINO, "2027-03-15"),
            See(
                SANNA,
                "stage-guide",
                {"person_id": AINO.id, "open": True},
                [{"stage": "first-response", "code": "heard-twice", "count": 2, "done": 1}],
            ),
        ],
    ),
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
        ],
    ),
    Step(
        37,
        on("2027-03-17"),
        "Another try comes after coaching, not before",
        [_exam("second", SYSTEMS_88_PERCENT, refused="coaching-first")],
    ),
    Step(
        43,
        on("2027-03-18", "11:00"),
        "Aino is coached",
        [
            coaching(AINO, "coach", "2027-03-18", ["crm-search"]),
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
        "88 %; a record made on the wrong person is taken back",
        [
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
        ],
    ),
    Step(
        57,
        on("2027-03-24", "11:00"),
        "Aino is coached on invoices",
        [coaching(AINO, "coach", "2027-03-24", ["billing"])],
    ),
    Step(
        58,
        on("2027-03-24", "19:00"),
        "Six in the evening: the platform notices that Onni's stage has stalled",
        [See(SANNA, "onboarding-progress", {"stalled": True}, [{"person_id": ONNI.id}], count=1)],
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
        ],
    ),
)

"""29.3. to 9.4.: a matter that cannot be swept away, and an action that is returned to."""

from demo.cast import AINO, PIRJO, SANNA, TEAM, VEERA
from demo.script import Ask, See, Step, id_of, on
from demo.story.towards_own_contacts import AINOS_ACTION

_ISSUE = id_of("issue", "contact notes")
_RAISE = {
    "issue_id": _ISSUE,
    "team_id": TEAM,
    "about": "practice",
    "kind": "quality",
    "text": "Contact notes are skipped in the evenings; the next colleague starts from nothing.",
    "address_by": "2027-04-05",
}
_TAKE_UP = {"issue_id": _ISSUE, "handler_id": SANNA.id, "plan": "A short note is enough; we show how on Wednesday."}
_RESOLVE = {"issue_id": _ISSUE, "outcome": "corrected", "note": "Three evenings in a row with a note on each contact."}
_DONE = {"action_id": AINOS_ACTION, "employee_id": AINO.id, "outcome": "done", "note": "It finds them in seconds."}

STEPS = (
    Step(
        64,
        on("2027-03-29", "10:00"),
        "Pirjo raises an issue, and Veera backs it",
        [
            Ask(PIRJO, "raise-issue", _RAISE, facts=["issue-raised"]),
            Ask(VEERA, "back-issue", {"issue_id": _ISSUE}, facts=["issue-backed"]),
            See(SANNA, "issue-list", {"team_id": TEAM}, [{"state": "raised", "backed": 1, "level": 0}], count=1),
            See(SANNA, "team-board", {"team_id": TEAM}, [{"header": {"open_issues": 1, "escalated_issues": 0}}]),
        ],
    ),
    Step(
        70,
        on("2027-04-01", "19:00"),
        "Six in the evening: an action of Aino's is due to be looked at",
        [
            See(
                SANNA,
                "action-list",
                {"employee_id": AINO.id, "state": "open"},
                [{"action_id": AINOS_ACTION, "fell_due": True, "overdue": False}],
            ),
        ],
    ),
    Step(
        70,
        on("2027-04-02", "08:30"),
        "She has done it",
        [
            See(SANNA, "team-board", {"team_id": TEAM}, [{"person_id": AINO.id, "overdue_actions": 1}]),
            Ask(AINO, "follow-up-action", _DONE, facts=["action-done"]),
            See(
                SANNA, "action-list", {"employee_id": AINO.id, "state": "done"}, [{"action_id": AINOS_ACTION}], count=1
            ),
            See(SANNA, "team-board", {"team_id": TEAM}, [{"person_id": AINO.id, "overdue_actions": 0}]),
        ],
    ),
    Step(
        64,
        on("2027-04-05", "19:00"),
        "Nobody has taken the issue up by its day: it goes a level up",
        [
            See(SANNA, "issue-list", {"team_id": TEAM}, [{"issue_id": _ISSUE, "level": 1}], count=1),
            See(SANNA, "team-board", {"team_id": TEAM}, [{"header": {"open_issues": 1, "escalated_issues": 1}}]),
        ],
    ),
    Step(
        79,
        on("2027-04-06", "10:00"),
        "Sanna takes it up",
        [Ask(SANNA, "take-up-issue", _TAKE_UP, facts=["issue-taken-up"])],
    ),
    Step(
        79,
        on("2027-04-09", "10:00"),
        "Three evenings later it is put right",
        [
            Ask(SANNA, "resolve-issue", _RESOLVE, facts=["issue-resolved"]),
            See(PIRJO, "issue-list", {}, [{"issue_id": _ISSUE, "state": "resolved", "outcome": "corrected"}], count=1),
            See(SANNA, "team-board", {"team_id": TEAM}, [{"header": {"open_issues": 0, "escalated_issues": 0}}]),
        ],
    ),
)

"""1. to 5.3.: the team is there, two candidates say yes, and their first day is made ready."""

from collections.abc import Sequence

from demo.cast import (
    AINO,
    AINO_CANDIDATE,
    DANI,
    HANNA,
    MATERIAL,
    ONNI,
    ONNI_CANDIDATE,
    PRESENT,
    SANNA,
    TEAM,
    TEMPLATE,
    TUULA,
    joining,
    starting,
)
from demo.material import HARD_DAYS, MEASURES, SECTIONS
from demo.script import SITE, Ask, Person, See, Step, on
from demo.template import KIT_ITEMS, STAGES, WITHOUT_PASS_MARK, draft


def _publish_material(sections: Sequence[object]) -> dict[str, object]:
    return {"material_id": MATERIAL, "role_code": "agent", "sections": list(sections)}


def _show(candidate: Person) -> Ask:
    body = {"candidate_id": candidate.id, "material_id": MATERIAL, "shown_on": "2027-03-01"}
    return Ask(HANNA, "show-preview", body, facts=["preview-shown"])


def _understood(candidate: Person, measures: Sequence[str]) -> dict[str, object]:
    return {"candidate_id": candidate.id, "understood": list(measures)}


def _ready(hire: Person) -> list[Ask]:
    *most, last = ({"person_id": hire.id, "item": item} for item in KIT_ITEMS)
    asks = [Ask(HANNA, "ready-kit-item", body, facts=["kit-item-readied"]) for body in most]
    return [*asks, Ask(HANNA, "ready-kit-item", last, facts=["kit-item-readied", "kit-completed"])]


_APPOINT = {"team_id": TEAM, "supervisor_id": SANNA.id, "deputy_id": DANI.id, "since": "2027-03-01"}
_FORM = {"team_id": TEAM, "name": "Tampere customer service", "site": SITE, "time_zone": "Europe/Helsinki"}
_TEMPLATE = {"template_id": TEMPLATE, "note": "the first one"}

STEPS = (
    Step(
        1,
        on("2027-03-01"),
        "A team is formed and gets its supervisor",
        [
            Ask(HANNA, "form-team", _FORM, facts=["team-formed"]),
            Ask(HANNA, "appoint-supervisor", _APPOINT, facts=["supervisor-appointed"]),
            See(HANNA, "teams", {"site": SITE}, [{"team_id": TEAM, "supervisor_id": SANNA.id}], count=1),
        ],
    ),
    Step(
        2,
        on("2027-03-01", "09:10"),
        "Ten agents are in the team",
        [
            *(
                Ask(HANNA, "join-team", joining(person, "2027-03-01"), facts=["person-joined-team"])
                for person in PRESENT
            ),
            See(SANNA, "people", {"team_id": TEAM}, [{"display_name": "Tuula", "role_code": "agent"}], count=10),
            See(SANNA, "team-board", {"team_id": TEAM}, [{"person_id": TUULA.id, "next_due_on": "2027-03-31"}], 10),
            See(
                SANNA,
                "cadence-compliance",
                {"team_id": TEAM},
                [{"person_id": TUULA.id, "interval_days": 30, "next_due_on": "2027-03-31", "held_in_month": 0}],
                count=10,
            ),
        ],
    ),
    Step(
        6,
        on("2027-03-01", "10:00"),
        "The job is told honestly, hard days too",
        [
            Ask(
                HANNA,
                "publish-material",
                _publish_material([section for section in SECTIONS if section is not HARD_DAYS]),
                refused="topic-missing",
            ),
            Ask(HANNA, "publish-material", _publish_material(SECTIONS), facts=["material-published"]),
            See(HANNA, "preview-materials", {"role_code": "agent"}, [{"version": 1, "retired": False}], count=1),
        ],
    ),
    Step(
        7,
        on("2027-03-01", "11:00"),
        "Both candidates are shown it; Aino has understood every measure",
        [
            _show(AINO_CANDIDATE),
            _show(ONNI_CANDIDATE),
            Ask(
                AINO_CANDIDATE,
                "acknowledge-preview",
                _understood(AINO_CANDIDATE, MEASURES[:-1]),
                refused="measures-not-covered",
            ),
            Ask(
                AINO_CANDIDATE,
                "acknowledge-preview",
                _understood(AINO_CANDIDATE, MEASURES),
                facts=["preview-acknowledged"],
            ),
            See(
                HANNA,
                "previews",
                {},
                [
                    {"candidate_id": AINO_CANDIDATE.id, "acknowledged": True},
                    {"candidate_id": ONNI_CANDIDATE.id, "acknowledged": False},
                ],
                count=2,
            ),
        ],
    ),
    Step(
        8,
        on("2027-03-01", "13:00"),
        "The plan template; an exam needs a pass mark",
        [
            Ask(HANNA, "draft-template", draft(TEMPLATE, *WITHOUT_PASS_MARK), facts=["template-drafted"]),
            Ask(HANNA, "publish-template", _TEMPLATE, refused="pass-mark-missing"),
            Ask(HANNA, "draft-template", draft(TEMPLATE, *STAGES), facts=["template-drafted"]),
            Ask(HANNA, "publish-template", _TEMPLATE, facts=["template-published"]),
            See(HANNA, "templates", {"newest": True}, [{"template_id": TEMPLATE, "version": 1}], count=1),
        ],
    ),
    Step(
        9,
        on("2027-03-02"),
        "Aino and Onni join from 8 March; Aino's journey is planned",
        [
            *(
                Ask(HANNA, "join-team", joining(hire, "2027-03-08"), facts=["person-joined-team"])
                for hire in (AINO, ONNI)
            ),
            Ask(HANNA, "start-journey", starting(AINO, AINO_CANDIDATE), facts=["journey-started"]),
            See(SANNA, "onboarding-progress", {}, [{"person_id": AINO.id, "state": "waiting", "stages_total": 3}]),
            See(HANNA, "welcome-list", {}, [{"person_id": AINO.id, "item": "gift", "ready": False}], count=5),
            See(SANNA, "team-board", {"team_id": TEAM}, [{"person_id": AINO.id, "journey_state": "waiting"}]),
        ],
    ),
    Step(
        10,
        on("2027-03-02", "10:00"),
        "Nobody starts before having read the preview",
        [
            Ask(HANNA, "start-journey", starting(ONNI, ONNI_CANDIDATE), refused="preview-missing"),
            Ask(
                ONNI_CANDIDATE,
                "acknowledge-preview",
                _understood(ONNI_CANDIDATE, MEASURES),
                facts=["preview-acknowledged"],
            ),
            Ask(HANNA, "start-journey", starting(ONNI, ONNI_CANDIDATE), facts=["journey-started"]),
            See(HANNA, "previews", {"acknowledged": True}, [{"candidate_id": ONNI_CANDIDATE.id}], count=2),
            See(HANNA, "welcome-list", {}, [{"person_id": ONNI.id, "item": "laptop"}], count=10),
            See(SANNA, "onboarding-progress", {}, [{"person_id": ONNI.id, "state": "waiting"}], count=2),
        ],
    ),
    Step(
        19,
        on("2027-03-04"),
        "Both kits are made ready; Onni's gift was ticked by mistake",
        [
            *_ready(AINO),
            *_ready(ONNI),
            Ask(HANNA, "reopen-kit-item", {"person_id": ONNI.id, "item": "gift"}, facts=["kit-item-reopened"]),
            See(HANNA, "welcome-list", {"ready": False}, [{"person_id": ONNI.id, "item": "gift"}], count=1),
            See(HANNA, "onboarding-progress", {}, [{"person_id": AINO.id, "kit_left": 0}]),
        ],
    ),
    Step(
        20,
        on("2027-03-05", "13:00"),
        "Friday noon: the platform notices that a gift is missing",
        [
            See(
                HANNA,
                "welcome-list",
                {"ready": False},
                [{"person_id": ONNI.id, "item": "gift", "missing_flagged": True}],
                count=1,
            ),
        ],
    ),
)

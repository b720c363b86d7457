"""The plan template "Tampere agent": basics, first response, billing."""

from typing import Any

Part = dict[str, Any]

_KIT = (
    ("laptop", "device", "Laptop and headset"),
    ("access-key", "access-key", "Key to the house"),
    ("account", "account", "User account"),
    ("desk", "workspace", "Desk by the window"),
    ("gift", "gift", "Mug with the name on it"),
)
KIT_ITEMS = tuple(code for code, _, _ in _KIT)
KIT = [{"code": code, "kind": kind, "title": title, "needed_by_day": 0} for code, kind, title in _KIT]


def _requirement(code: str, kind: str, count: int, focus: str) -> Part:
    return {"code": code, "kind": kind, "count": count, "focus": focus}


def _question(code: str, topic: str, max_points: int) -> Part:
    text = f"How well does it go: {topic.replace('-', ' ')}?"
    return {"code": code, "topic": topic, "text": text, "max_points": max_points}


SURVEY = {
    "code": "own-confidence",
    "kind": "survey",
    "retake": "free",
    "questions": [_question("house", "house-ways", 5), _question("calls", "service-skills", 5)],
}
_SYSTEMS = {
    "code": "systems",
    "kind": "exam",
    "retake": "after-coaching",
    "questions": [
        *(_question(f"search-{n}", "crm-search", 8) for n in (1, 2, 3)),
        _question("phone", "telephony", 10),
        _question("tickets", "tickets", 10),
        _question("safety", "data-safety", 6),
    ],
}
SYSTEMS = {**_SYSTEMS, "pass_mark": 80}
_FAILING, _PASSING = (3, 3, 3, 8, 9, 5), (7, 7, 6, 9, 9, 6)


def _answers(check: Part, points: tuple[int, ...]) -> list[Part]:
    codes = [question["code"] for question in check["questions"]]
    return [{"question": code, "points": given} for code, given in zip(codes, points, strict=True)]


SURVEY_ANSWERS = _answers(SURVEY, (4, 4))
SYSTEMS_62_PERCENT = _answers(SYSTEMS, _FAILING)
SYSTEMS_88_PERCENT = _answers(SYSTEMS, _PASSING)

BASICS = {
    "code": "basics",
    "title": "Basics",
    "goal": "Knows the house and has served a first customer.",
    "topics": ["business", "customers", "house-ways", "community"],
    "target_days": 2,
    "supported": ["data-change"],
    "unlocks": [],
    "first_contact_by_day": 2,
    "requirements": [
        _requirement("first-contact", "first-contact", 1, "A first contact, with somebody beside"),
        _requirement("heard-once", "monitor", 1, "Greeting and identification"),
    ],
    "checks": [SURVEY],
}
BILLING = {
    "code": "billing",
    "title": "Billing",
    "goal": "Solves an invoice matter alone.",
    "topics": ["tasks", "systems"],
    "target_days": 10,
    "supported": ["billing"],
    "unlocks": ["billing"],
    "requirements": [
        _requirement("coached", "coach", 1, "Explaining an invoice in plain words"),
        _requirement("signed", "sign-off", 1, "Own judgement of refunds"),
    ],
    "checks": [],
}


def _first_response(exam: Part) -> Part:
    return {
        "code": "first-response",
        "title": "First response",
        "goal": "Answers basic enquiries and changes customer data alone.",
        "topics": ["systems", "service-skills"],
        "target_days": 10,
        "supported": ["data-change", "basic-enquiry"],
        "unlocks": ["data-change", "basic-enquiry"],
        "requirements": [
            _requirement("heard-twice", "monitor", 2, "Need questions before answers"),
            _requirement("coached", "coach", 1, "Searching while talking"),
            _requirement("signed", "sign-off", 1, "Ready for the line alone"),
        ],
        "checks": [exam],
    }


_SAFETY = {**SYSTEMS, "code": "safety", "questions": [_question("safety", "data-safety", 10)]}


def draft(template_id: str, *stages: Part) -> Part:
    return {
        "template_id": template_id,
        "name": "Tampere agent",
        "role_code": "agent",
        "final_goal": "Serves every customer of the house alone, and knows whom to ask.",
        "kit": KIT,
        "stages": list(stages),
    }


WITHOUT_PASS_MARK = (BASICS, _first_response(_SYSTEMS), BILLING)
STAGES = (BASICS, _first_response(SYSTEMS), BILLING)
EXAM_IN_TWO_STAGES = (BASICS, _first_response(SYSTEMS), {**BILLING, "checks": [_SAFETY]})

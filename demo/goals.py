"""What Kimmo aims at: a way of working, and beside it a number."""

from demo.cast import KIMMO
from demo.script import Body, id_of

BEHAVIOUR, NUMBER = id_of("goal", "asks a need question"), id_of("goal", "sales of a week")
BEHAVIOUR_GOAL: Body = {
    "person_id": KIMMO.id,
    "goal_id": BEHAVIOUR,
    "kind": "behaviour",
    "title": "One need question in every contact",
    "measure": "Contacts out of ten listened to",
    "unit": "contacts",
    "direction": "up",
    "baseline": 2,
    "target": 9,
    "behaviour_id": id_of("behaviour", "asks-need"),
    "due_on": "2027-05-31",
}
NUMBER_GOAL: Body = {
    "person_id": KIMMO.id,
    "goal_id": NUMBER,
    "kind": "number",
    "title": "More homes with the right product",
    "measure": "Sales of a week",
    "unit": "sales",
    "direction": "up",
    "baseline": 8,
    "target": 12,
    "due_on": "2027-05-31",
}

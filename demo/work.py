"""What good work is: the phases of an agent's work, and the acts in which good service is seen."""

from demo.cast import ROLE
from demo.script import Body, id_of

AIM = "The customer hangs up knowing that the matter is settled, and by whom."

_CORE = (
    ("greet", "Greets, and finds out who calls", 400, 3, ("social-confidence", "carefulness")),
    ("listen", "Hears the customer out", 400, 4, ("service-mindedness", "stress-tolerance")),
    ("solve", "Finds the answer and says it in plain words", 380, 5, ("carefulness", "service-mindedness")),
    ("offer", "Asks what else the customer needs", 200, 2, ("sales-confidence", "social-confidence")),
    ("close", "Agrees on what happens next", 400, 4, ("integrity", "carefulness")),
)
_SIDE = (
    ("small-talk", "Small talk while the system searches", 150, 2, ("social-confidence",)),
    ("follow-up", "Calls back when promised", 20, 5, ("integrity", "stress-tolerance")),
)


def _phase(core: bool, code: str, title: str, times: int, effect: int, scales: tuple[str, ...]) -> Body:
    return {
        "role_id": ROLE,
        "phase_id": id_of("phase", code),
        "title": title,
        "core": core,
        "times_per_week": times,
        "error_effect": effect,
        "scales": list(scales),
        "observed": True,
    }


CORE = [_phase(True, *phase) for phase in _CORE]
SIDE = [_phase(False, *phase) for phase in _SIDE]

_ACTS = (
    ("repeats", "carefulness", "Repeats the customer's matter before answering."),
    ("asks-need", "sales-confidence", "Asks one question about needs in every contact."),
    ("lets-finish", "service-mindedness", "Lets the customer finish before answering."),
    ("own-words", "service-mindedness", "Says it in words that the customer used."),
    ("opens", "social-confidence", "Opens the conversation with the customer's name."),
    ("calm-search", "stress-tolerance", "Stays calm and tells what is happening while the system searches."),
    ("promises", "integrity", "Promises only what will be done, and by when."),
)
BEHAVIOURS = [
    {
        "role_id": ROLE,
        "behaviour_id": id_of("behaviour", code),
        "scale": scale,
        "statement": statement,
        "critical": code == "lets-finish",
    }
    for code, scale, statement in _ACTS
]
WEIGHTS = {
    "carefulness": 30,
    "sales-confidence": 10,
    "service-mindedness": 25,
    "social-confidence": 10,
    "stress-tolerance": 15,
    "integrity": 10,
}
RATIONALE = "As the phases of the work suggest, rounded so that they can be remembered."


def seen(**agree: int) -> list[Body]:
    """Answers of an evaluation; what is not named was not seen."""
    codes = [code for code, _, _ in _ACTS]
    return [{"behaviour_id": id_of("behaviour", code), "agree": agree.get(code.replace("-", "_"))} for code in codes]

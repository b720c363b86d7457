"""Agents train agents: how mappings, terms, packages and sparrings are asked for."""

from collections.abc import Sequence

from demo.cast import (
    HANNA,
    HIRES,
    KIMMO,
    MIKAEL,
    OLLI,
    POOL,
    PRESENT,
    RIIKKA,
    ROUND,
    SANNA,
    SOFIA,
    TEAM,
    TUULA,
    VEERA,
    seat,
)
from demo.script import Ask, Body, Person, derived, id_of, on

SALES, BILLING = id_of("package", "sales-closing"), id_of("package", "billing")
TRAINING = id_of("training", "billing 2027-04-08")
ONNIS, RIIKKAS = id_of("sparring", "onni"), id_of("sparring", "riikka")
RIIKKAS_NEED = derived("need", ROUND, RIIKKA.id, "sales-closing")
OF_2027 = {"team_id": TEAM, "year": 2027}

POOL_OPENED = {
    "pool_id": POOL,
    "title": "Tampere trainers",
    "term_days": 183,
    "max_share": 40,
    "announced_on": "2027-03-03",
    "starts_on": "2027-03-22",
}
RULES = {
    "pool_id": POOL,
    "rules": ["A training day is told a week ahead.", "Trainers take contacts on every working day."],
    "changing_days_rule": "When fewer than planned are at work, the training moves to the next quiet day of that week.",
    "agreed_by": [TUULA.id, MIKAEL.id],
}


def announcing(opens_on: str, facts: Sequence[str] = (), refused: str | None = None) -> Ask:
    body = {
        "round_id": ROUND,
        "pool_id": POOL,
        "title": "Spring mapping",
        "why": "We look for those who would like to teach, and for what everybody would like to learn.",
        "people": [seat(person) for person in (*PRESENT, *HIRES)],
        "opens_on": opens_on,
        "closes_on": "2027-03-31",
        "skills": ["listening", "sales-closing", "billing"],
    }
    return Ask(HANNA, "announce-round", body, facts, refused)


def mapping(person: Person, skill: str, level: int, teaches: bool, needs: Sequence[str] = ()) -> Ask:
    body = {
        "person_id": person.id,
        "round_id": ROUND,
        "work_history": "Two years in a shop, four on the line.",
        "studies": "Business college.",
        "strengths": [{"skill": skill, "level": level, "can_teach": teaches}],
        "trainer_interest": teaches,
        "needs": list(needs),
    }
    return Ask(person, "answer-mapping", body, facts=["mapping-answered"])


def appointing(
    person: Person, topic: str, term: tuple[str, str], share: int, refused: str | None = None, **more: str
) -> Ask:
    body = {
        "pool_id": POOL,
        **seat(person),
        "topics": [topic],
        "starts_on": term[0],
        "ends_on": term[1],
        "share": share,
        "rules_accepted": True,
        **more,
    }
    return Ask(SANNA, "appoint-trainer", body, [] if refused else ["trainer-appointed"], refused)


def asking_sparring(who: Person, sparring_id: str, employee: Person, skill: str, **more: str) -> Ask:
    body = {"sparring_id": sparring_id, "employee_id": employee.id, "team_id": TEAM, "skill": skill, **more}
    return Ask(who, "ask-sparring", body, facts=["sparring-asked"])


def booking(
    trainer: Person, sparring_id: str, day: str, hour: str, minutes: int = 25, refused: str | None = None
) -> Ask:
    body = {
        "sparring_id": sparring_id,
        "pool_id": POOL,
        "trainer": seat(trainer),
        "starts_at": on(day, hour).isoformat(),
        "minutes": minutes,
    }
    return Ask(trainer, "book-sparring", body, [] if refused else ["sparring-booked"], refused)


def sparring(trainer: Person, sparring_id: str, day: str, hour: str, observed: str, tip: str) -> Ask:
    body = {
        "sparring_id": sparring_id,
        "held_at": on(day, hour).isoformat(),
        "contacts": 3,
        "observations": [observed],
        "tip": tip,
    }
    return Ask(trainer, "hold-sparring", body, facts=["sparring-held"])


def drafting(package_id: str, title: str, skill: str, kind: str, minutes: int, source: str) -> Ask:
    body: Body = {
        "package_id": package_id,
        "title": title,
        "skill": skill,
        "area": "sales" if skill == "sales-closing" else "products",
        "kind": kind,
        "minutes": minutes,
        "source": source,
        "contact_types": [],
        "outline": "Hear three contacts, find the moment that mattered, try one sentence.",
    }
    return Ask(HANNA, "draft-package", body, facts=["package-drafted"])


def publishing(package_id: str, facts: Sequence[str] = (), refused: str | None = None) -> Ask:
    body = {"package_id": package_id, "material": f"https://intra.example/{package_id}"}
    return Ask(HANNA, "publish-package", body, facts, refused)


HALF_A_YEAR = ("2027-03-22", "2027-09-20")
FOUR_WEEKS = ("2027-03-29", "2027-04-25")
NEXT_FOUR_WEEKS = ("2027-04-26", "2027-05-23")
KIMMO_LATER = {
    "pool_id": POOL,
    "person_id": KIMMO.id,
    "reasons": "Mikael has waited longer for the same topic; the next term can be yours.",
    "next_review_on": "2027-04-26",
}
TRAINING_PLANNED = {
    "training_id": TRAINING,
    "package_id": BILLING,
    "trainer": seat(VEERA),
    "participants": [seat(SOFIA), seat(OLLI)],
    "starts_at": on("2027-04-08", "10:00").isoformat(),
    "minutes": 90,
}
TRAINING_HELD = {
    "training_id": TRAINING,
    "attended": [SOFIA.id],
    "held_at": on("2027-04-08", "10:00").isoformat(),
}
SOFIA_CONFIRMED = {"person_id": SOFIA.id, "skill": "billing", "level": 2, "evidence": "training"}

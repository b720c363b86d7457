"""Who is in the story, and the things they handle."""

from demo.script import SITE, Body, Person, id_of

HANNA = Person("hanna", ("H",))
SANNA = Person("sanna", ("S",))
DANI = Person("dani", ("S",))
MARKKU = Person("markku", ("M",), site=SITE)
NORA = Person("nora", ("N",))

AINO = Person("aino", ("A",))
ONNI = Person("onni", ("A",))
AINO_CANDIDATE = Person("aino", ("C",), kind="candidate")
ONNI_CANDIDATE = Person("onni", ("C",), kind="candidate")
ELINA = Person("elina", ("A",))
JONI = Person("joni", ("A",))
KIMMO = Person("kimmo", ("A",))
MIKAEL = Person("mikael", ("A", "T"))
OLLI = Person("olli", ("A",))
PIRJO = Person("pirjo", ("A",))
RIIKKA = Person("riikka", ("A",))
SOFIA = Person("sofia", ("A",))
TUULA = Person("tuula", ("A", "T"))
VEERA = Person("veera", ("A",))
PRESENT = (ELINA, JONI, KIMMO, MIKAEL, OLLI, PIRJO, RIIKKA, SOFIA, TUULA, VEERA)
HIRES = (AINO, ONNI)

TEAM = id_of("team", "tampere customer service")
MATERIAL = id_of("material", "agent")
TEMPLATE = id_of("template", "tampere agent")
FORM = id_of("form", "monthly")
ROLE = id_of("role", "agent")
POOL = id_of("pool", "tampere")
ROUND = id_of("round", "spring")


def seat(person: Person) -> Body:
    return {"person_id": person.id, "team_id": TEAM}


def joining(person: Person, joined_on: str) -> Body:
    return {
        "person_id": person.id,
        "team_id": TEAM,
        "display_name": person.label.capitalize(),
        "role_code": "agent",
        "joined_on": joined_on,
    }


def starting(hire: Person, candidate: Person) -> Body:
    return {
        "person_id": hire.id,
        "template_id": TEMPLATE,
        "starts_on": "2027-03-08",
        "supervisor_id": SANNA.id,
        "candidate_id": candidate.id,
    }

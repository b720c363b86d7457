"""3.3. to 26.4.: agents train agents: who would like to, who may, who learnt what, and whose turn is next."""

from demo.cast import HANNA, HIRES, KIMMO, MIKAEL, ONNI, POOL, PRESENT, RIIKKA, ROUND, SANNA, SOFIA, TEAM, TUULA
from demo.script import Ask, See, Step, on
from demo.teaching import (
    BILLING,
    FOUR_WEEKS,
    HALF_A_YEAR,
    KIMMO_LATER,
    NEXT_FOUR_WEEKS,
    OF_2027,
    ONNIS,
    POOL_OPENED,
    RIIKKAS,
    RIIKKAS_NEED,
    RULES,
    SALES,
    SOFIA_CONFIRMED,
    TRAINING,
    TRAINING_HELD,
    TRAINING_PLANNED,
    announcing,
    appointing,
    asking_sparring,
    booking,
    drafting,
    mapping,
    publishing,
    sparring,
)

STEPS = (
    Step(
        18,
        on("2027-03-03"),
        "Agents may train agents from the 22nd; everybody will be asked, told in good time",
        [
            Ask(HANNA, "open-pool", POOL_OPENED, facts=["pool-opened"]),
            announcing("2027-03-08", refused="announced-too-late"),
            announcing("2027-03-17", ["round-announced"]),
            See(TUULA, "mapping-rounds", {}, [{"round_id": ROUND, "state": "announced", "invited": 12}], count=1),
            See(HANNA, "trainer-pool", {"pool_id": POOL}, [{"person_id": None, "term_days": 183, "max_share": 40}], 1),
        ],
    ),
    Step(
        41,
        on("2027-03-17", "10:30"),
        "Eight in the morning: the round has opened by itself, and twelve are asked",
        [
            See(TUULA, "mapping-rounds", {"state": "open"}, [{"round_id": ROUND, "asked": 12, "answered": 0}], count=1),
            See(
                SANNA,
                "skills-matrix",
                {"team_id": TEAM},
                [{"person_id": person.id, "mapping_state": "asked"} for person in (*PRESENT, *HIRES)],
            ),
        ],
    ),
    Step(
        48,
        on("2027-03-17", "16:00"),
        "Tuula could teach listening, Mikael selling",
        [mapping(TUULA, "listening", 4, True), mapping(MIKAEL, "sales-closing", 4, True)],
    ),
    Step(48, on("2027-03-18", "16:00"), "Kimmo could teach selling too", [mapping(KIMMO, "sales-closing", 3, True)]),
    Step(
        48,
        on("2027-03-19", "15:00"),
        "Riikka would like to learn it",
        [
            mapping(RIIKKA, "product-knowledge", 3, False, needs=["sales-closing"]),
            See(
                SANNA,
                "skills-matrix",
                {"team_id": TEAM},
                [
                    {"person_id": MIKAEL.id, "skill": "sales-closing", "level": 4, "by_self": True, "can_teach": True},
                    {"person_id": RIIKKA.id, "skill": "sales-closing", "level": None, "need_open": True},
                ],
            ),
            See(
                HANNA,
                "trainer-pool",
                {"pool_id": POOL, "topic": "sales-closing"},
                [
                    {"person_id": MIKAEL.id, "state": "interested", "waiting_since": "2027-03-17"},
                    {"person_id": KIMMO.id, "state": "interested", "waiting_since": "2027-03-18"},
                ],
                count=2,
            ),
            See(SANNA, "team-board", {"team_id": TEAM}, [{"person_id": RIIKKA.id, "open_needs": ["sales-closing"]}]),
        ],
    ),
    Step(
        51,
        on("2027-03-22", "11:00"),
        "Tuula is a trainer, once the rules are agreed and her pay is settled",
        [
            appointing(TUULA, "listening", HALF_A_YEAR, 20, refused="rules-not-agreed", agreement_ref="HR 2027/118"),
            Ask(HANNA, "agree-rules", RULES, facts=["pool-rules-agreed"]),
            appointing(TUULA, "listening", HALF_A_YEAR, 20, refused="agreement-missing"),
            appointing(TUULA, "listening", HALF_A_YEAR, 20, agreement_ref="HR 2027/118"),
            See(
                TUULA,
                "trainer-pool",
                {"pool_id": POOL, "state": "serving"},
                [{"person_id": TUULA.id, "share": 20, "ends_on": "2027-09-20", "rules_version": 1}],
                count=1,
            ),
        ],
    ),
    Step(
        52,
        on("2027-03-22", "12:00"),
        "For selling it is Mikael's turn, who has waited longer than Kimmo",
        [
            appointing(KIMMO, "sales-closing", FOUR_WEEKS, 10, refused="longer-waiting", agreement_ref="HR 2027/119"),
            appointing(MIKAEL, "sales-closing", FOUR_WEEKS, 10, agreement_ref="HR 2027/119"),
            Ask(SANNA, "decline-interest", KIMMO_LATER, facts=["interest-declined"]),
            See(
                KIMMO,
                "trainer-pool",
                {"pool_id": POOL, "state": "interested"},
                [{"person_id": KIMMO.id, "next_review_on": "2027-04-26", "declined_reasons": KIMMO_LATER["reasons"]}],
            ),
            See(SANNA, "opportunities", OF_2027, [{"person_id": MIKAEL.id, "trainer_terms": 1, "trainings": 0}]),
        ],
    ),
    Step(
        55,
        on("2027-03-23", "09:00"),
        "Two packages: one from a colleague, one from a specialist",
        [
            drafting(SALES, "Closing a sale without pushing", "sales-closing", "sparring", 25, "peer"),
            publishing(SALES, refused="no-trainer"),
            Ask(
                MIKAEL,
                "join-package",
                {"package_id": SALES, "trainer_id": MIKAEL.id},
                facts=["trainer-joined-package"],
            ),
            publishing(SALES, ["package-published"]),
            drafting(BILLING, "What an invoice says", "billing", "training", 90, "specialist"),
            publishing(BILLING, ["package-published"]),
            See(
                RIIKKA,
                "learning-packages",
                {},
                [
                    {"package_id": SALES, "state": "published", "trainers": [MIKAEL.id], "needs_open": 1},
                    {"package_id": BILLING, "state": "published", "source": "specialist"},
                ],
                count=2,
            ),
        ],
    ),
    Step(
        59,
        on("2027-03-25", "10:30"),
        "A sparring is asked for Onni: listening to the end",
        [
            asking_sparring(SANNA, ONNIS, ONNI, "listening"),
            See(
                SANNA, "training-calendar", {"person_id": ONNI.id}, [{"activity_id": ONNIS, "state": "asked"}], count=1
            ),
        ],
    ),
    Step(
        60,
        on("2027-03-25", "13:00"),
        "Riikka asks for hers; Mikael comes when he serves, and for a short time",
        [
            asking_sparring(RIIKKA, RIIKKAS, RIIKKA, "sales-closing", need_id=RIIKKAS_NEED),
            booking(MIKAEL, RIIKKAS, "2027-03-26", "10:00", refused="not-a-trainer"),
            booking(MIKAEL, RIIKKAS, "2027-03-30", "10:00", 45, refused="minutes-not-15-30"),
            booking(MIKAEL, RIIKKAS, "2027-03-30", "10:00"),
            See(
                RIIKKA,
                "training-calendar",
                {"person_id": RIIKKA.id},
                [{"activity_id": RIIKKAS, "state": "booked", "trainer_id": MIKAEL.id, "minutes": 25}],
                count=1,
            ),
        ],
    ),
    Step(
        65,
        on("2027-03-30", "10:30"),
        "Mikael and Riikka hear three contacts together",
        [
            sparring(MIKAEL, RIIKKAS, "2027-03-30", "10:00", "Asks well, then answers herself.", "Count to three."),
            Ask(RIIKKA, "rate-sparring", {"sparring_id": RIIKKAS, "useful": 5}, facts=["sparring-rated"]),
            See(RIIKKA, "training-calendar", {"person_id": RIIKKA.id}, [{"useful": 5, "tip": "Count to three."}]),
            See(HANNA, "trainer-pool", {"pool_id": POOL}, [{"person_id": MIKAEL.id, "sparrings": 1, "contacts": 3}]),
            See(
                SANNA,
                "opportunities",
                OF_2027,
                [{"person_id": RIIKKA.id, "sparrings": 1, "needs_raised": 1, "needs_met": 1}],
            ),
        ],
    ),
    Step(
        69,
        on("2027-04-01", "11:00"),
        "Tuula spars with Onni",
        [
            booking(TUULA, ONNIS, "2027-04-01", "11:15"),
            sparring(TUULA, ONNIS, "2027-04-01", "11:00", "Answers before the end.", "Breathe twice, then answer."),
            See(SANNA, "stage-guide", {"person_id": ONNI.id, "open": True}, [{"code": "sparred", "done": 1}]),
        ],
    ),
    Step(
        76,
        on("2027-04-05", "13:00"),
        "A training on invoices is planned",
        [
            Ask(HANNA, "plan-training", TRAINING_PLANNED, facts=["training-planned"]),
            See(
                SOFIA,
                "training-calendar",
                {"person_id": SOFIA.id},
                [{"activity_id": TRAINING, "kind": "training", "state": "planned", "skill": "billing"}],
                count=1,
            ),
        ],
    ),
    Step(
        78,
        on("2027-04-08", "12:00"),
        "Sofia came; what she can do is confirmed",
        [
            Ask(SANNA, "hold-training", TRAINING_HELD, facts=["training-held"]),
            Ask(SANNA, "confirm-skill", SOFIA_CONFIRMED, facts=["skill-confirmed"]),
            See(
                SANNA,
                "skills-matrix",
                {"team_id": TEAM, "skill": "billing"},
                [{"person_id": SOFIA.id, "level": 2, "by_self": False, "single_point": True}],
            ),
            See(SANNA, "opportunities", OF_2027, [{"person_id": SOFIA.id, "trainings": 1}]),
        ],
    ),
    Step(
        86,
        on("2027-04-25", "19:00"),
        "Sunday evening: Mikael's term has ended by itself",
        [See(HANNA, "trainer-pool", {"pool_id": POOL}, [{"person_id": MIKAEL.id, "state": "rested"}])],
    ),
    Step(
        86,
        on("2027-04-26"),
        "Now it is Kimmo's turn",
        [
            appointing(KIMMO, "sales-closing", NEXT_FOUR_WEEKS, 10, agreement_ref="HR 2027/131"),
            See(HANNA, "trainer-pool", {"pool_id": POOL, "state": "serving"}, [{"person_id": KIMMO.id}], count=2),
            See(SANNA, "opportunities", OF_2027, [{"person_id": KIMMO.id, "trainer_terms": 1, "rewards": 1}]),
        ],
    ),
)

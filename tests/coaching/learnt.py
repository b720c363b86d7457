"""A package on closing a sale, a training with it, and a sparring of Aino with Tuula, as commands and facts."""

from uuid import UUID

from services.coaching.deciders.package import DraftPackage, JoinPackage, PublishPackage, RetirePackage
from services.coaching.deciders.sparring import (
    AskSparring,
    BookSparring,
    CancelSparring,
    HoldSparring,
    RateSparring,
    ReturnSparring,
)
from services.coaching.deciders.training import (
    AddParticipant,
    CancelTraining,
    DropParticipant,
    HoldTraining,
    PlanTraining,
)
from services.coaching.events.package import (
    PackageDrafted,
    PackageEvent,
    PackagePublished,
    PackageRetired,
    TrainerJoinedPackage,
)
from services.coaching.events.sparring import (
    SparringAsked,
    SparringBooked,
    SparringCancelled,
    SparringHeld,
    SparringRated,
    SparringReturned,
)
from services.coaching.events.training import (
    ParticipantAdded,
    ParticipantDropped,
    TrainingCancelled,
    TrainingHeld,
    TrainingPlanned,
)
from tests.coaching.cast import AINO, DANI, NEED, ONNI, TEAM, TUULA, at
from tests.coaching.trainers import POOL, seat

PACKAGE, TRAINING, SPARRING = (UUID(int=number) for number in range(141, 144))

# The package

draft = DraftPackage(
    package_id=PACKAGE,
    title="Listening for the matter behind the question",
    skill="listening",
    area="service",
    kind="training",
    minutes=60,
    source="peer",
    contact_types=("billing",),
    outline="Three contacts, and what each caller wanted to know.",
)
join = JoinPackage(package_id=PACKAGE, trainer_id=TUULA)
publish_package = PublishPackage(package_id=PACKAGE, material="https://intra.example/listening")
retire_package = RetirePackage(package_id=PACKAGE)

package_drafted = PackageDrafted(**dict(draft))
trainer_joined = TrainerJoinedPackage(**dict(join))
package_published = PackagePublished(
    package_id=PACKAGE,
    version=1,
    title=draft.title,
    skill="listening",
    kind="training",
    minutes=60,
    source="peer",
    material=publish_package.material,
)
package_retired = PackageRetired(package_id=PACKAGE)
GIVEN: tuple[PackageEvent, ...] = (package_drafted, trainer_joined, package_published)

# The training

plan_training = PlanTraining(
    training_id=TRAINING,
    package_id=PACKAGE,
    trainer=seat(TUULA),
    participants=(seat(AINO), seat(ONNI)),
    starts_at=at(8, 10, 4),
)
add = AddParticipant(training_id=TRAINING, participant=seat(DANI))
drop = DropParticipant(training_id=TRAINING, person_id=ONNI)
hold_training = HoldTraining(training_id=TRAINING, attended=(AINO,), held_at=at(8, 10, 4))
cancel_training = CancelTraining(training_id=TRAINING, reason="staffing")

training_planned = TrainingPlanned(**dict(plan_training) | {"minutes": 60}, skill="listening")
participant_added = ParticipantAdded(
    training_id=TRAINING, participant=seat(DANI), starts_at=plan_training.starts_at, minutes=60
)
participant_dropped = ParticipantDropped(
    training_id=TRAINING, participant=seat(ONNI), starts_at=plan_training.starts_at
)
trainer_dropped = ParticipantDropped(training_id=TRAINING, participant=seat(TUULA), starts_at=plan_training.starts_at)
training_held = TrainingHeld(
    training_id=TRAINING,
    package_id=PACKAGE,
    skill="listening",
    trainer_id=TUULA,
    attended=(AINO,),
    held_at=at(8, 10, 4),
    minutes=60,
)
training_cancelled = TrainingCancelled(
    training_id=TRAINING,
    trainer=seat(TUULA),
    participants=plan_training.participants,
    starts_at=plan_training.starts_at,
    reason="staffing",
)

# The sparring

ask_sparring = AskSparring(
    sparring_id=SPARRING, employee_id=AINO, team_id=TEAM, skill="listening", need_id=NEED, wish="The silent ones."
)
book_sparring = BookSparring(sparring_id=SPARRING, pool_id=POOL, trainer=seat(TUULA), starts_at=at(30, 10), minutes=25)
return_sparring = ReturnSparring(sparring_id=SPARRING, cause="absence")
hold_sparring = HoldSparring(
    sparring_id=SPARRING,
    held_at=at(30, 10),
    contacts=3,
    observations=("Asks well, then answers for the customer.",),
    tip="After the question, count to three.",
)
rate_sparring = RateSparring(sparring_id=SPARRING, useful=5)
cancel_sparring = CancelSparring(sparring_id=SPARRING, reason="staffing")

sparring_asked = SparringAsked(**dict(ask_sparring))
sparring_booked = SparringBooked(
    sparring_id=SPARRING,
    employee_id=AINO,
    team_id=TEAM,
    trainer=seat(TUULA),
    skill="listening",
    starts_at=at(30, 10),
    minutes=25,
)
sparring_returned = SparringReturned(
    sparring_id=SPARRING, employee_id=AINO, team_id=TEAM, trainer=seat(TUULA), starts_at=at(30, 10)
)
sparring_held = SparringHeld(
    **dict(hold_sparring),
    employee_id=AINO,
    team_id=TEAM,
    trainer_id=TUULA,
    skill="listening",
    need_id=NEED,
    minutes=25,
)
sparring_rated = SparringRated(sparring_id=SPARRING, employee_id=AINO, trainer_id=TUULA, skill="listening", useful=5)
sparring_cancelled = SparringCancelled(
    sparring_id=SPARRING,
    employee_id=AINO,
    team_id=TEAM,
    trainer=seat(TUULA),
    starts_at=at(30, 10),
    reason="staffing",
)

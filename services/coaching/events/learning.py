"""Everything that can have happened around learning: good work defined and evaluated, skills, trainers, trainings."""

from services.coaching.events.evaluation import EvaluationEvent
from services.coaching.events.package import PackageEvent
from services.coaching.events.pool import PoolEvent
from services.coaching.events.role import RoleEvent
from services.coaching.events.round import RoundEvent
from services.coaching.events.skills import SkillsEvent
from services.coaching.events.sparring import SparringEvent
from services.coaching.events.training import TrainingEvent

LearningEvent = (
    RoleEvent | EvaluationEvent | RoundEvent | SkillsEvent | PoolEvent | PackageEvent | TrainingEvent | SparringEvent
)

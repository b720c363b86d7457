"""What may be asked about learning: evaluations, mappings, trainers, trainings."""

from services.coaching.deciders.evaluation import AppealEvaluation, RecordEvaluation, SettleAppeal, VoidEvaluation
from services.coaching.deciders.package import DraftPackage, JoinPackage, PublishPackage, RetirePackage
from services.coaching.deciders.pool import (
    AgreeRules,
    AppointTrainer,
    DeclineInterest,
    EndTerm,
    ExpressInterest,
    OpenPool,
    WithdrawInterest,
)
from services.coaching.deciders.role import (
    ContributeView,
    DefineBehaviour,
    PublishRole,
    RecordWorkPhase,
    RemoveBehaviour,
    RemoveWorkPhase,
    StartRoleDefinition,
    WeightScales,
)
from services.coaching.deciders.round import AnnounceRound, CloseRound, OpenRound
from services.coaching.deciders.skills import AnswerMapping, AskForMapping, ConfirmSkill
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
from shared.core.access import Ask, may, myself

ASKS: tuple[Ask, ...] = (
    # role
    Ask(StartRoleDefinition, may("H", "M")),
    Ask(RecordWorkPhase, may("H", "S", "M", "T")),
    Ask(RemoveWorkPhase, may("H", "M")),
    Ask(ContributeView, may("A", "S", "T")),
    Ask(DefineBehaviour, may("H", "M")),
    Ask(RemoveBehaviour, may("H", "M")),
    Ask(WeightScales, may("H", "M")),
    Ask(PublishRole, may("H", "M")),
    # evaluation; who was evaluated is known to the stream alone, a trainer's own evaluations are named
    Ask(RecordEvaluation, may("S", "T", "H") + myself("A", "subject_id")),
    Ask(AppealEvaluation, may("A")),
    Ask(SettleAppeal, may("S", "T", "H")),
    Ask(VoidEvaluation, may("S", "H") + myself("T", "evaluator_id")),
    # round and skills
    Ask(AnnounceRound, may("H", "M")),
    Ask(OpenRound, may("H")),
    Ask(CloseRound, may("H")),
    Ask(AskForMapping, may("H")),
    Ask(AnswerMapping, myself("A")),
    Ask(ConfirmSkill, may("S", "T")),
    # pool
    Ask(OpenPool, may("H", "M")),
    Ask(AgreeRules, may("H", "S")),
    Ask(ExpressInterest, myself("A")),
    Ask(WithdrawInterest, may("S", "H") + myself("A")),
    Ask(DeclineInterest, may("S", "H")),
    Ask(AppointTrainer, may("S", "H", "M")),
    Ask(EndTerm, may("S", "H") + myself("A")),
    # package and training
    Ask(DraftPackage, may("H", "S", "T")),
    Ask(JoinPackage, may("T", "S")),
    Ask(PublishPackage, may("H", "S", "T")),
    Ask(RetirePackage, may("H")),
    Ask(PlanTraining, may("S", "T", "H")),
    Ask(AddParticipant, may("S", "T", "H")),
    Ask(DropParticipant, may("S")),
    Ask(HoldTraining, may("T", "S")),
    Ask(CancelTraining, may("T", "S", "H")),
    # sparring; agents name themselves where the sparring is theirs
    Ask(AskSparring, myself("A", "employee_id") + may("S", "T")),
    Ask(BookSparring, may("T", "S")),
    Ask(ReturnSparring, myself("A", "employee_id") + may("T", "S")),
    Ask(HoldSparring, may("T")),
    Ask(RateSparring, may("A")),
    Ask(CancelSparring, myself("A", "employee_id") + may("T", "S")),
)

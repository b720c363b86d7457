"""What may be asked of onboarding, and by whom. What only policies and deadlines ask has no route."""

from services.onboarding.deciders.journey import (
    ArrangeFirstContactSupport,
    MoveStart,
    RecordCheck,
    RecordCoaching,
    RecordFirstContact,
    RecordMonitoring,
    ReplanStage,
    ReviewJourney,
    SignOffStage,
    StartJourney,
    StopJourney,
    TailorStage,
    VoidRecord,
)
from services.onboarding.deciders.material import PublishMaterial, RetireMaterial
from services.onboarding.deciders.person import ChangeRole, JoinTeam, MoveToTeam, RecordLeaving
from services.onboarding.deciders.preview import AcknowledgePreview, ShowPreview, WithdrawCandidate
from services.onboarding.deciders.team import AppointDeputy, AppointSupervisor, DisbandTeam, FormTeam, RenameTeam
from services.onboarding.deciders.template import DraftTemplate, PublishTemplate, RetireTemplate
from services.onboarding.deciders.welcome import IntroducePlan, ReadyKitItem, ReopenKitItem, WelcomeHire
from shared.core.access import Ask, may, myself, own_team

ASKS = [
    # team
    Ask(FormTeam, may("H")),
    Ask(RenameTeam, may("H")),
    Ask(AppointSupervisor, may("H", "M")),
    Ask(AppointDeputy, may("H", "M") + own_team("S")),
    Ask(DisbandTeam, may("H")),
    # person
    Ask(JoinTeam, may("H")),
    Ask(MoveToTeam, may("H")),
    Ask(ChangeRole, may("H")),
    Ask(RecordLeaving, may("H")),
    # material and preview; a candidate's one-time link is for that candidate alone
    Ask(PublishMaterial, may("H")),
    Ask(RetireMaterial, may("H")),
    Ask(ShowPreview, may("H", "S")),
    Ask(AcknowledgePreview, myself("C", "candidate_id") + may("H")),
    Ask(WithdrawCandidate, myself("C", "candidate_id") + may("H")),
    # template
    Ask(DraftTemplate, may("H")),
    Ask(PublishTemplate, may("H")),
    Ask(RetireTemplate, may("H")),
    # welcome
    Ask(ReadyKitItem, may("H", "S")),
    Ask(ReopenKitItem, may("H", "S")),
    Ask(WelcomeHire, may("S", "H")),
    Ask(IntroducePlan, may("S", "H", "T")),
    # journey
    Ask(StartJourney, may("H")),
    Ask(MoveStart, may("H", "S")),
    Ask(ArrangeFirstContactSupport, may("S", "T")),
    Ask(RecordFirstContact, may("S", "T") + myself("A")),
    Ask(RecordMonitoring, may("S", "T")),
    Ask(RecordCoaching, may("S")),
    Ask(RecordCheck, myself("A") + may("S", "T", "H")),
    Ask(VoidRecord, may("S", "T", "H")),
    Ask(SignOffStage, may("S", "T")),
    Ask(TailorStage, may("S", "H")),
    Ask(ReplanStage, may("S", "H")),
    Ask(ReviewJourney, myself("A") + may("S")),
    Ask(StopJourney, may("H", "S")),
]

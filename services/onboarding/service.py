"""Onboarding, assembled. A new command, policy, deadline or read model is an entry here."""

from services.onboarding.api import ASKS
from services.onboarding.deadlines import DEADLINES
from services.onboarding.deciders.journey import journey
from services.onboarding.deciders.material import material
from services.onboarding.deciders.person import person
from services.onboarding.deciders.preview import preview
from services.onboarding.deciders.team import team
from services.onboarding.deciders.template import template
from services.onboarding.deciders.welcome import welcome
from services.onboarding.events import OnboardingEvent
from services.onboarding.inbox import Inbox
from services.onboarding.policies import POLICIES
from services.onboarding.readmodels import (
    check_results,
    onboarding_progress,
    people,
    preview_materials,
    previews,
    stage_guide,
    teams,
    template_insight,
    templates,
    welcome_list,
)
from services.onboarding.readmodels.directory import directory
from shared.core.service import Service

service = Service(
    name="onboarding",
    events=OnboardingEvent,
    inbox=Inbox,
    deciders=[team, person, material, preview, template, welcome, journey],
    asks=ASKS,
    directory=directory,
    read_models=[
        people.read_model,
        teams.read_model,
        templates.read_model,
        preview_materials.read_model,
        previews.read_model,
        welcome_list.read_model,
        onboarding_progress.read_model,
        stage_guide.read_model,
        check_results.read_model,
        template_insight.read_model,
    ],
    policies=POLICIES,
    deadlines=DEADLINES,
)

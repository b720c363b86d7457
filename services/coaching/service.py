"""Coaching, assembled. A new command, policy, deadline or read model is an entry here or in its theme's list."""

from services.coaching.api import ASKS
from services.coaching.deadlines import DEADLINES
from services.coaching.deciders.action import action
from services.coaching.deciders.evaluation import evaluation
from services.coaching.deciders.form import form
from services.coaching.deciders.goals import goals
from services.coaching.deciders.issue import issue
from services.coaching.deciders.package import package
from services.coaching.deciders.plan import plan
from services.coaching.deciders.pool import pool
from services.coaching.deciders.recognition import recognition
from services.coaching.deciders.role import role
from services.coaching.deciders.round import round_
from services.coaching.deciders.session import session
from services.coaching.deciders.skills import skills
from services.coaching.deciders.sparring import sparring
from services.coaching.deciders.training import training
from services.coaching.events import CoachingEvent
from services.coaching.inbox import Inbox
from services.coaching.policies import POLICIES
from services.coaching.readmodels import conversations, directory, learning
from shared.core.service import Service

service = Service(
    name="coaching",
    events=CoachingEvent,
    inbox=Inbox,
    deciders=[
        *(form, plan, session, action, issue, goals, recognition),
        *(role, evaluation, round_, skills, pool, package, training, sparring),
    ],
    asks=ASKS,
    directory=directory.directory,
    read_models=[directory.read_model, *conversations.READ_MODELS, *learning.READ_MODELS],
    policies=POLICIES,
    deadlines=DEADLINES,
)

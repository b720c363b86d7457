"""What a form may begin with. Questions ask for the own words of the two; ready answers would end the talk."""

from services.coaching.events.form import FormQuestion, FormSection, QuestionKind


def _ask(
    code: str, section: FormSection, kind: QuestionKind, text: str, *, required: bool = False, weight: int = 0
) -> FormQuestion:
    return FormQuestion(code=code, section=section, kind=kind, text=text, required=required, weight=weight)


MONTHLY = (
    _ask("expected", "expectations", "open", "What is expected of you now, as you understand it?", required=True),
    _ask("last-goals", "goals", "open", "What has come of the goals that we set last time?", required=True),
    _ask("next-time", "goals", "insight", "What would you try next time, and why?", required=True),
    _ask("acted", "behaviours", "agree-5", "I acted in contacts the way we agreed.", weight=1),
    _ask("seen", "behaviours", "insight", "In which contact did it show, and what did the customer do then?"),
    _ask("own-number", "numbers", "open", "Which number tells most about your work, and what is behind it?"),
    _ask("went-well", "successes", "insight", "Where did you succeed, and what did you do to get there?"),
    _ask("hard", "challenges", "insight", "What was hard, and which part of it is in your own hands?"),
    _ask("will-do", "actions", "open", "What will each of us do, and when do we look at it again?", required=True),
    _ask("meaning", "strategy", "insight", "What does our strategy mean in your next contact?"),
    _ask("anything", "other", "open", "What else should we talk about?"),
)
ONBOARDING = (
    _ask("expected", "expectations", "open", "What does the present stage ask of you?", required=True),
    _ask("goal", "goals", "open", "What can you do at the end of the stage that you cannot do yet?", required=True),
    _ask("learnt", "behaviours", "insight", "What did you see others do that you will try, and why?", required=True),
    _ask("sure", "numbers", "agree-5", "I know what to do when a contact is not like the last one."),
    _ask("went-well", "successes", "insight", "What went well, and what made it so?", required=True),
    _ask("hard", "challenges", "insight", "Where did you have to stop, and what would have helped?", required=True),
    _ask("will-do", "actions", "open", "What do we practise next, and when do we look at it?", required=True),
    _ask("anything", "other", "open", "What should we change for the next new colleague?"),
)
SPARRING = (
    _ask("skill", "expectations", "open", "Which one skill do we look at?", required=True),
    _ask("aim", "goals", "open", "What should a contact sound like when it goes well?", required=True),
    _ask("heard", "behaviours", "open", "What did we hear in the contacts?"),
    _ask("went-well", "successes", "insight", "What worked, and why did it?", required=True),
    _ask("hard", "challenges", "insight", "What would you do otherwise, and why?", required=True),
    _ask("tip", "actions", "open", "Which one thing will be tried in the next contacts?", required=True),
)
STARTERS = {"blank": (), "monthly": MONTHLY, "onboarding": ONBOARDING, "sparring": SPARRING}

"""Who is coached when: the series of the twelve, and what they talk about."""

from demo.cast import AINO, ELINA, JONI, KIMMO, MIKAEL, OLLI, ONNI, PIRJO, RIIKKA, SOFIA, TUULA, VEERA
from demo.script import on
from demo.talks import Said, Series

JONIS = Series(
    JONI,
    on("2027-03-15", "10:00"),
    [
        Said("Three refunds settled in one call.", "Evenings end in a hurry.", "Writes the note during the call."),
        Said("Notes are done when the call is.", "Long silences feel wrong.", "Says what is being looked for."),
    ],
)
KIMMOS = Series(
    KIMMO,
    on("2027-03-16", "10:00"),
    [
        Said("Customers laugh with him.", "The offer comes before the need.", "Asks one need question per contact."),
        Said("A need question in every contact.", "Doubts after a no.", "Tells the team how the question is asked."),
    ],
)
RIIKKAS = Series(
    RIIKKA,
    on("2027-03-17", "10:00"),
    [
        Said("Knows every product by heart.", "Closing feels like pushing.", "Sits beside a good closer once."),
        Said("Closed two sales after a pause.", "Small talk still takes long.", "Names the next step aloud."),
    ],
)
MIKAELS = Series(
    MIKAEL,
    on("2027-03-18", "13:00"),
    [
        Said("Best month of sales so far.", "Patience with slow systems.", "Shares one closing with the team."),
        Said("Riikka rated the sparring five.", "Two roles, one calendar.", "Plans sparrings a week ahead."),
    ],
)
OLLIS = Series(
    OLLI,
    on("2027-03-18", "14:30"),
    [
        Said("No call came back.", "Evenings with too few people.", "Says early when the queue grows."),
        Said("Warned twice, and was heard.", "Invoices of companies.", "Reads the package on billing."),
    ],
)
PIRJOS = Series(
    PIRJO,
    on("2027-03-19", "13:00"),
    [
        Said("Newcomers come to her with questions.", "Interrupted all day.", "Takes questions on the half hour."),
        Said("The half hour works.", "Contact notes are skipped.", "Shows how a short note is written."),
    ],
)
TUULAS = Series(
    TUULA,
    on("2027-03-22", "13:00"),
    [
        Said("Hears what is not said.", "Explaining how she does it.", "Writes down three signs she listens for."),
        Said("Onni listens to the end now.", "Her own queue grows.", "Keeps Tuesdays free of sparring."),
    ],
)
SOFIAS = Series(
    SOFIA,
    on("2027-03-22", "14:30"),
    [
        Said("Thanked twice by name.", "Invoices make her nervous.", "Comes to the training on billing."),
        Said("Explained an invoice with support.", "Wants to do it alone.", "Takes five invoices with Veera near."),
    ],
)
VEERAS = Series(
    VEERA,
    on("2027-03-23", "10:00"),
    [
        Said("The idea of reply templates.", "Saying no to extra work.", "Lists five replies worth a template."),
        Said("Gave her first training.", "The pace of a group.", "Asks Sofia what was too fast."),
    ],
)
AINOS = Series(
    AINO,
    on("2027-03-24", "10:00"),
    [
        Said("Basic enquiries on her own.", "Words for an invoice.", "Explains one invoice a day to a colleague."),
        Said("Every contact type alone.", "Hard days are hard.", "Takes a short walk after a hard call."),
    ],
)
ONNIS = Series(
    ONNI,
    on("2027-03-30", "11:00"),
    [Said("Stayed kind all week.", "Answers before the end.", "Waits two breaths before answering.")],
)
ELINAS = Series(
    ELINA,
    on("2027-03-31", "10:00"),
    [Said("Back, and rested.", "Catching up on what is new.", "Reads the news of two weeks with Joni.")],
)
TWELVE = (JONIS, KIMMOS, RIIKKAS, MIKAELS, OLLIS, PIRJOS, TUULAS, SOFIAS, VEERAS, AINOS, ONNIS, ELINAS)

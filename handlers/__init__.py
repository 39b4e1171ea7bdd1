"""What is said: the table of contents of behaviour.

The first handler whose filters hold answers. Opting out comes before everything a customer can be in
the middle of; a talk with a person comes before the bot's own answers.
"""

from handlers import programme
from handlers.advisor import appointments as advisor_appointments
from handlers.advisor import complaints, customers, knowledge, notes, orientation, questions, roster, segments
from handlers.advisor import fallback as advisor_fallback
from handlers.advisor import fields as advisor_fields
from handlers.advisor import household as advisor_household
from handlers.advisor import linking as advisor_linking
from handlers.advisor import talk as advisor_talk
from handlers.customer import (
    appointments,
    care,
    fallback,
    forgetting,
    jewellery,
    linking,
    membership,
    menu,
    preferences,
    privacy,
    proposal,
    remembered,
    satisfaction,
    standing,
    subscriptions,
    surprises,
    talk,
    welcome,
)

ROUTERS = (
    programme.router,
    welcome.router,
    preferences.router,
    privacy.router,
    subscriptions.router,
    linking.router,
    satisfaction.router,
    talk.router,
    proposal.router,
    menu.router,
    membership.router,
    standing.router,
    jewellery.router,
    surprises.router,
    forgetting.router,
    remembered.router,
    appointments.router,
    care.router,
    fallback.router,
    advisor_talk.router,
    *advisor_appointments.ROUTERS,
    roster.router,
    orientation.router,
    customers.router,
    segments.router,
    advisor_household.router,
    advisor_fields.router,
    complaints.router,
    advisor_linking.router,
    notes.router,
    questions.router,
    knowledge.router,
    advisor_fallback.router,
)

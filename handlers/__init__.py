"""What is said: the table of contents of behaviour.

The first handler whose filters hold answers. Opting out comes before everything a customer can be in
the middle of; a talk with a person comes before the bot's own answers.
"""

from handlers import programme
from handlers.advisor import customers, notes, orientation
from handlers.advisor import fallback as advisor_fallback
from handlers.advisor import talk as advisor_talk
from handlers.customer import care, fallback, menu, preferences, talk, welcome

ROUTERS = (
    programme.router,
    welcome.router,
    preferences.router,
    talk.router,
    menu.router,
    care.router,
    fallback.router,
    advisor_talk.router,
    orientation.router,
    customers.router,
    notes.router,
    advisor_fallback.router,
)

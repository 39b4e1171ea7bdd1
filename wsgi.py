"""Composition root of the web process: settings to parts; nothing else."""

from assembly import dispatcher, open_or_stop, web
from bot.watch import set_up_logging
from scheduler.waking import waker
from settings import Settings

set_up_logging()
parts = open_or_stop(Settings.load())
wake_up = waker(parts.redis)
app = web(parts, dispatcher(parts, wake_up), wake_up)

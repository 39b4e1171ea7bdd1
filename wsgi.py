"""Composition root of the web process: settings to parts; nothing else."""

from assembly import dispatcher, open_parts, web
from bot.watch import set_up_logging
from scheduler.waking import waker
from settings import Settings

set_up_logging()
parts = open_parts(Settings.load())
app = web(parts, dispatcher(parts, waker(parts.redis)))

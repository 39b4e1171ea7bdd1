"""One call, many people: mass sends of the official account and mass tasks for advisors."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.codec import from_json
from bot.errors import PlatformError
from bot.messages import Channel, Reply
from bot.platforms import Platforms
from crm import db
from crm.models import Delivery, DeliveryState, Purpose, Send
from crm.services.claims import Claimed, Wish, claim, claim_send
from crm.services.deliveries import finish_many, postpone, reroute
from scheduler.bodies import kind_of, words_of
from scheduler.calls import text_of
from scheduler.checks import ERASED, marketing_objection, skipped_routes
from scheduler.outcomes import Again, End, OtherWay, Outcome, final_state, outcome_of
from scheduler.permission import objections
from scheduler.reach import reach_of
from scheduler.records import log_many
from scheduler.routes import BATCHED, MarketingRoute, NoWay, Reach, ServiceRoute, Way, marketing_way, service_way
from scheduler.run import Counts
from scheduler.shop import Shop

log = structlog.get_logger("deliveries")

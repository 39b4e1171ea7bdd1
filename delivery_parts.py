"""Settings to the parts of delivering: what worker, scheduler and `run-due` share."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from assembly import Parts, dispatcher, links_of, membership_of
from bot.clock import Clock
from bot.kf_wire import kf_message
from bot.messages import Card
from bot.platforms import Platforms, connect
from bot.watch import PLATFORM_CALLS, TOKEN_FETCHES
from crm import db
from crm.models import Appointment, InboxRow, Staff
from crm.services.inbox import set_aside
from crm.services.privacy.retention import Retention
from crm.services.privacy.stone_file import StoneFile
from handlers.appointment_news import outcome_card, readers
from scheduler.hours import ShopHours
from scheduler.kf import HandlePending
from scheduler.shop import OutcomeCards, Shop
from settings import Settings
from wording import say

TEMPLATE, SUBSCRIPTION = "oa_template_", "oa_subscribe_"


def shop_of(parts: Parts) -> Shop:
    """What the scheduler needs to know of the shop."""
    settings = parts.settings
    return Shop(
        engine=parts.engine,
        sessions=parts.sessions,
        hours=ShopHours(settings.zone, settings.quiet),
        say=say,
        name=settings.shop_name,
        member_day=settings.member_day,
        month_cap=settings.person_month_cap,
        templates=ids_by_purpose(settings, TEMPLATE),
        subscriptions=ids_by_purpose(settings, SUBSCRIPTION),
        wecom_account=settings.wecom_corp_id,
        links=links_of(settings),
        membership=membership_of(settings),
        outcome_cards=cards_for_outcomes(settings.zone),
        retention=retention_of(settings),
        stones=StoneFile(Path(settings.tombstones_file)),
    )


def retention_of(settings: Settings) -> Retention:
    """How long words are kept."""
    return Retention(
        settings.retention_conversations_months, settings.retention_inbox_days, settings.retention_questions_months
    )


def cards_for_outcomes(zone: ZoneInfo) -> OutcomeCards:
    """The handlers' card after a visit, for everybody whom they would tell of it."""

    def cards(session: Session, appointment: Appointment) -> list[tuple[Staff, Card]]:
        asked = readers(session, appointment)
        return [(member, outcome_card(appointment, say, zone, member)) for member in asked]

    return cards


def ids_by_purpose(settings: Settings, family: str) -> dict[str, str]:
    """Template ids of one family by purpose, those that are set."""
    values = {name.removeprefix(family): value for name, value in settings if name.startswith(family)}
    return {purpose: str(template_id) for purpose, template_id in values.items() if template_id}


def platforms_of(parts: Parts, clock: Clock | None = None) -> Platforms:
    """The platforms' calls, counted; `clock`: another one than the parts'."""
    settings = parts.settings
    return connect(
        oa_api_base=settings.oa_api,
        oa_app_id=settings.oa_app_id,
        oa_app_secret=settings.oa_app_secret.get_secret_value(),
        wecom_api_base=settings.wecom_api,
        wecom_corp_id=settings.wecom_corp_id,
        wecom_agent_id=settings.wecom_agent_id,
        wecom_secret=settings.wecom_secret.get_secret_value(),
        redis=parts.redis,
        clock=clock or parts.clock,
        on_call=lambda path, outcome, seconds: PLATFORM_CALLS.labels(path, outcome).inc(),
        on_token_fetch=lambda app, outcome: TOKEN_FETCHES.labels(app).inc(),
    )


def pending_handler(parts: Parts, wake_up: Callable[[list[int]], None]) -> HandlePending:
    """Takes one pulled message, named by its inbox row, to the handlers; they are loaded for the first one."""
    dispatch = cache(lambda: dispatcher(parts, wake_up))

    def handle(inbox_id: int) -> None:
        with db.reading(parts.engine) as session:
            row = session.get_one(InboxRow, inbox_id)
        try:
            message = kf_message(row.account, row.body or "{}")
        except ValueError as error:  # kept as it came; the next line must not wait for it
            with parts.sessions.begin() as session:
                set_aside(session, inbox_id, str(error))
            return
        dispatch().dispatch(message)

    return handle

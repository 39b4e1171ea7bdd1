"""What the platforms tell about our own work: receipts of sends, and that KF has messages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.messages import IncomingMessage, Reply, Silence
from bot.router import Router, event, field
from crm.models import DeliveryState
from crm.services import deliveries, kf_mail, staff, subscriptions
from handlers.customer.subscriptions import listed
from handlers.filters import program

router = Router("programme")


@router.on(program, event("templatesendjobfinish"))
def template_sent(message: IncomingMessage, session: Session, now: datetime) -> Reply:
    """errcode 0 meant accepted; this is the truth."""
    status = str(message.fields.get("status", ""))
    _receipt(session, message, status == "success", status, now)
    return Silence()


@router.on(program, event("masssendjobfinish"))
def mass_sent(message: IncomingMessage, session: Session, now: datetime) -> Reply:
    """A mass send ended: for all of its people at once."""
    status = str(message.fields.get("status", ""))
    _receipt(session, message, status in ("send success", "sendsuccess"), status, now)
    return Silence()


@router.on(program, event("subscribe_msg_sent_event"))
def notification_sent(message: IncomingMessage, session: Session, now: datetime) -> Reply:
    """It names the person, not the call: her newest notification is meant."""
    for result in listed(message.fields.get("results")):
        arrived = result.get("ErrorCode") == "0"
        sent = subscriptions.told_of(session, message.account, message.person, now)
        outcome = DeliveryState.DELIVERED if arrived else DeliveryState.FAILED
        if sent:
            deliveries.receipt(session, sent, message.account, outcome, result.get("ErrorStatus", ""), now)
    return Silence()


@router.on(program, event("msg_send_fail"))
def kf_not_delivered(message: IncomingMessage, session: Session, now: datetime) -> Reply:
    """KF took a message and could not deliver it."""
    reason = f"KF did not deliver it: fail type {message.fields.get('fail_type', 0)}"
    failed = str(message.fields.get("fail_msgid", ""))
    deliveries.receipt(session, failed, message.account, DeliveryState.FAILED, reason, now)
    return Silence()


@router.on(program, event("kf_msg_or_event"))
def kf_has_messages(message: IncomingMessage, session: Session, now: datetime) -> Reply:
    """The call-back carries no content: note that it is to be pulled; the worker does."""
    kf_mail.ask_for_pull(session, str(message.fields["open_kfid"]), str(message.fields.get("token", "")), now)
    return Silence()


@router.on(program, event("change_contact"), field("change_type", "delete_user"))
def left_the_company(message: IncomingMessage, session: Session, now: datetime) -> Reply:
    """A member is gone: his rights end now."""
    staff.leaves(session, str(message.fields.get("userid", "")), now)
    return Silence()


@router.on(program, event("change_contact"), field("change_type", "update_user"))
def renamed(message: IncomingMessage, session: Session) -> Reply:
    """A member got another userid."""
    if new := str(message.fields.get("new_userid", "")):
        staff.renamed(session, str(message.fields.get("userid", "")), new)
    return Silence()


@router.on(program)
def noted(message: IncomingMessage) -> Reply:
    """Stored, nothing to do."""
    return Silence()


def _receipt(session: Session, message: IncomingMessage, arrived: bool, status: str, now: datetime) -> None:
    outcome = DeliveryState.DELIVERED if arrived else DeliveryState.FAILED
    deliveries.receipt(session, str(message.fields.get("job_id", "")), message.account, outcome, status, now)

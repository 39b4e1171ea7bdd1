"""Staff book, move and cancel visits for customers whom they may see."""

from __future__ import annotations

from bot.messages import Reply, Text
from bot.router import Router, state, words
from crm.models import Appointment, AppointmentState, Customer, Store
from crm.services import appointments, customers, visit_search
from crm.services.appointments import Gone
from crm.services.merging import is_erased
from crm.when import WhenKind, read_when
from handlers.advisor.appointments.choosing import Answer, then, with_visit
from handlers.advisor.appointments.deeds import BOOK as BOOKING
from handlers.advisor.appointments.deeds import MOVE as MOVING
from handlers.advisor.appointments.deeds import Deed, audited, line, serve
from handlers.advisor.appointments.timing import ask, at
from handlers.advisor.commands import BOOK, CANCEL, MOVE, first_word, rest_of, spelled
from handlers.appointment_news import announce, tell_customer, who_of
from handlers.context import Visit
from handlers.filters import staff as by_staff
from handlers.filters import when
from handlers.schedule_words import clipped
from handlers.states import State

router = Router("visit_booking")


@router.on(by_staff, spelled(*BOOK))
def book(visit: Visit) -> Answer:
    """`预约 C0001 周六下午三点 古法手镯`: booked when that minute is free, else free times are shown."""
    say, session = visit.desk.say, visit.session
    who, rest = first_word(rest_of(visit.message.text))
    if not who:
        return Text(say("schedule.book_how"))
    found = customers.find(session, visit.actor, who)
    if not found:
        return Text(say("advisor.find_none"))
    if len(found) > 1:
        lines = [say("schedule.book_who", name=one.name, code=one.code) for one in found[:9]]
        return Text("\n".join([say("schedule.book_several", count=len(found)), *lines]))
    if is_erased(session, found[0]):
        return Text(say("advisor.profile_erased", code=found[0].code))
    store = _store_for(visit, found[0])
    if store is None:
        return Text(say("schedule.book_no_store"))
    meant = read_when(rest, visit.now.astimezone(visit.desk.shop.zone))
    if meant.impossible:
        return Text(say("schedule.no_such_day"))
    pieces = clipped(meant.rest.strip(" ,，、。的"), 100)
    deed = Deed(BOOKING, customer=customers.asked_for(session, found[0]), words=pieces)
    if meant.kind is WhenKind.NONE:
        head = say("schedule.book_when", name=found[0].name or found[0].code)
        return ask(visit, deed, store, _soonest(visit, found[0], store), _receives(visit, found[0]), head)
    return at(visit, deed, store, meant, _receives(visit, found[0]))


@router.on(by_staff, spelled(*MOVE))
def move(visit: Visit) -> Answer:
    """`改约 A7K2M9 周日四点`, or by the customer's name."""
    who, rest = first_word(rest_of(visit.message.text))
    if not who:
        return Text(visit.desk.say("schedule.move_how"))
    return with_visit(visit, who, MOVING, rest)


@then(MOVING)
def _move(visit: Visit, found: Appointment, rest: str) -> Answer:
    if found.state is not AppointmentState.BOOKED or found.starts_at <= visit.now:
        return Text(visit.desk.say("schedule.gone"))
    deed = Deed(MOVING, number=found.number)
    meant = read_when(rest, visit.now.astimezone(visit.desk.shop.zone))
    if meant.impossible:
        return Text(visit.desk.say("schedule.no_such_day"))
    if meant.kind is WhenKind.NONE:
        head = visit.desk.say("schedule.move_when", line=line(visit, found), **who_of(found, visit.desk.say))
        return ask(visit, deed, found.store, (), found.advisor_id, head)
    return at(visit, deed, found.store, meant, found.advisor_id)


@router.on(by_staff, spelled(*CANCEL))
def cancel(visit: Visit) -> Answer:
    """`取消预约 A7K2M9 原因`: asked once before it is done."""
    who, reason = first_word(rest_of(visit.message.text))
    if not who:
        return Text(visit.desk.say("schedule.cancel_how"))
    return with_visit(visit, who, "cancel", reason)


@then("cancel")
def _ask_to_cancel(visit: Visit, found: Appointment, reason: str) -> Reply:
    if found.state is not AppointmentState.BOOKED or found.starts_at <= visit.now:
        return Text(visit.desk.say("schedule.gone"))
    visit.dialogue.enter(State.CANCELLING_VISIT, number=found.number, reason=reason)
    return Text(visit.desk.say("schedule.cancel_sure", line=line(visit, found), **who_of(found, visit.desk.say)))


@router.on(by_staff, state(State.CANCELLING_VISIT), words("确认|确认取消|取消|是|是的|对|好|好的|ok"))
def sure(visit: Visit) -> Reply:
    say, session, shop = visit.desk.say, visit.session, visit.desk.shop
    step = visit.dialogue.step
    visit.dialogue.leave()
    found = visit_search.by_number(session, visit.actor, str(step.get("number", "")))
    if found is None:
        return Text(say("schedule.visit_none"))
    try:
        by, reason = f"staff:{visit.staff.userid}", str(step.get("reason", ""))
        appointments.cancel(session, found, visit.now, by=by, reason=reason)
    except Gone:
        return Text(say("schedule.gone"))
    audited(visit, "cancel-visit", found)
    announce(visit.outbox, session, found, "cancelled", say, shop, visit.now, by=visit.staff)
    serve(visit, found, tell_customer(found, "cancelled", say, shop, ""), with_notice=False)
    return Text(say("schedule.cancel_done", line=line(visit, found), **who_of(found, say)))


@router.on(by_staff, state(State.CANCELLING_VISIT), words("不|不取消|不了|算了|不是|先不|留着|保留"))
def kept(visit: Visit) -> Reply:
    visit.dialogue.leave()
    return Text(visit.desk.say("schedule.cancel_kept"))


@router.on(by_staff, words("确认(?:取消)?"), when(lambda visit: visit.dialogue.overdue == State.CANCELLING_VISIT))
def sure_too_late(visit: Visit) -> Reply:
    visit.dialogue.leave()
    return Text(visit.desk.say("schedule.cancel_over"))


def _store_for(visit: Visit, customer: Customer) -> Store | None:
    """His own shop; headquarters books where she usually goes."""
    return visit.staff.store or appointments.usual_store(visit.session, customer)


def _receives(visit: Visit, customer: Customer) -> int | None:
    """Her own advisor first; a customer whom nobody advises is received by the advisor who books."""
    return customer.advisor_id or (visit.staff.id if visit.actor.role == "advisor" else None)


def _soonest(visit: Visit, customer: Customer, store: Store) -> list[appointments.Offer]:
    zone = visit.desk.shop.zone
    return appointments.offers(visit.session, zone, store, (), visit.now, advisor_id=_receives(visit, customer))

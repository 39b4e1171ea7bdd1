"""A customer who wants a person: asking, waiting, talking, ending."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.messages import Card, IncomingMessage, Kind, Media, Reply, Silence, Text
from bot.router import Filter, Router, event, field, kind, menu_tap, said, words
from crm.models import Customer, Staff, Talk
from crm.services import talks
from handlers.customer.wishes import wants_person
from handlers.filters import customer as by_customer
from handlers.filters import in_talk, waiting
from handlers.ledger import Place, said_in
from handlers.outbox import Outbox
from handlers.speech import as_said
from wording import Wording

router = Router("talk")

ASK = "talk:ask"
# Words that may be on their way to one advisor; the platform lets 30 a minute through.
RELAYED_AT_ONCE = 20
# Characters of what she said that a card can show.
CARD_WORDS = 60


asking = Filter(lambda visit: wants_person(visit.plain))
ending = words("结束|结束对话|结束聊天|退出|不聊了|再见|拜拜")


@router.on(by_customer, said, (in_talk | waiting) & ending)
def end(talk: Talk, customer: Customer, session: Session, outbox: Outbox, say: Wording, now: datetime) -> Reply:
    """She ends the talk."""
    talks.close(session, talk, "customer", now)
    if talk.staff:
        outbox.to_staff(talk.staff, Text(say("advisor.ended_by_customer", name=called(customer, say))))
    return Text(say("customer.talk_ended_by_customer"))


@router.on(by_customer, in_talk, ~kind(Kind.EVENT))
def relay(
    talk: Talk,
    customer: Customer,
    session: Session,
    message: IncomingMessage,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply | None:
    """What she says goes to the advisor; after his long silence the talk is over and the bot answers again."""
    staff = talk.staff
    if staff is None or staff.left_at is not None or talks.is_forgotten(talk, now):
        talks.close(session, talk, "time", now)
        if staff and staff.left_at is None:
            outbox.to_staff(staff, Text(say("advisor.ended_by_time", name=called(customer, say))))
        return None
    # A flood stays in the log: it must not stand before what others have for this advisor.
    if talks.on_the_way(session, outbox.wecom_account, staff.userid) < RELAYED_AT_ONCE:
        outbox.to_staff(staff, *for_advisor(message, called(customer, say), say))
    return Silence()


@router.on(by_customer, ((said & asking) | menu_tap(ASK) | (event("click") & field("key", "PERSON"))) & ~in_talk)
def ask(
    talk: Talk | None,
    place: Place,
    customer: Customer,
    session: Session,
    message: IncomingMessage,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply:
    """Call her advisor, or the people of her shop."""
    if talk is not None and talk.closed_at is None:
        if now - talk.opened_at < talks.NOBODY_CAME:
            return Text(say("customer.talk_still_waiting"))
        talks.close(session, talk, "time", now)
    people = talks.called_for(session, customer)
    asked = talks.open_talk(session, place.conversation_id or 0, customer, message.text, now)
    for person in people:
        outbox.to_staff(person, waiting_card(asked, person, customer, say), job="talk_card")
    if not people:
        return Text(say("customer.talk_nobody"))
    if len(people) == 1:
        return Text(say("customer.talk_waiting", advisor=people[0].name))
    return Text(say("customer.talk_waiting_store"))


@router.on(by_customer, kind(Kind.IMAGE), waiting)
def keep_picture(say: Wording) -> Reply:
    """A picture while she waits: kept in the log, which the advisor sees when he comes."""
    return Text(say("customer.talk_still_waiting"))


def for_advisor(message: IncomingMessage, name: str, say: Wording) -> tuple[Reply, ...]:
    """A customer's message as the advisor gets it."""
    if message.text:
        return (Text(say("advisor.from_customer", name=name, words=as_said(message.text))),)
    if message.kind is Kind.IMAGE and message.fields.get("media_id"):
        picture = Media(Kind.IMAGE, str(message.fields["media_id"]), held_by=message.channel)
        return (Text(say("advisor.from_customer_picture", name=name)), picture)
    what = {Kind.VOICE: "voice", Kind.VIDEO: "video", Kind.SHORTVIDEO: "video", Kind.LOCATION: "location"}
    described = say(f"advisor.what_{what.get(message.kind, 'other')}", label=said_in(message))
    return (Text(say("advisor.from_customer_other", name=name, what=described)),)


def waiting_card(talk: Talk, staff: Staff, customer: Customer, say: Wording) -> Card:
    """The card that calls an advisor; its button takes the talk."""
    words = as_said(talk.asked[:CARD_WORDS])
    body = {
        "card_type": "button_interaction",
        "main_title": {
            "title": say("advisor.waiting_card_title"),
            "desc": say("advisor.waiting_card_desc", name=called(customer, say), code=customer.code),
        },
        "horizontal_content_list": [{"keyname": say("advisor.waiting_card_words"), "value": words}],
        "button_list": [{"text": say("advisor.waiting_card_take"), "style": 1, "key": f"take:{talk.id}"}],
    }
    return Card(task_id=card_task(talk, staff), body=body)


def card_task(talk: Talk, staff: Staff) -> str:
    """The card's task id, unique per talk and member of staff."""
    return f"talk-{talk.id}-{staff.id}"


def called(customer: Customer, say: Wording) -> str:
    """How staff read a customer's name; a stranger has none yet."""
    return customer.name or say("advisor.new_friend")

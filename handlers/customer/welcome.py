"""Coming and going: follow, scan, add an advisor, enter the KF chat, unfollow."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.messages import Channel, IncomingMessage, Reply, Silence, Text
from bot.router import Filter, Router, event
from crm.models import Customer, IdentityKind, Staff, Store, Talk
from crm.services import identities, stores, talks
from handlers.context import ShopFacts
from handlers.customer.linking import arrived, ask_about_other_door
from handlers.customer.talk import called
from handlers.dialogue import Dialogue
from handlers.filters import customer as by_customer
from handlers.ledger import Place
from handlers.outbox import Outbox
from wording import Wording

router = Router("welcome")

STORE_SCENE, ADVISOR_SCENE = "store-", "advisor-"
ADDED = ("add_external_contact", "add_half_external_contact")


def contact_change(*changes: str) -> Filter:
    """A customer-contact event of one of these change types."""
    return Filter(lambda visit: visit.message.fields.get("change_type") in changes)


@router.on(by_customer, event("subscribe"))
def followed(
    message: IncomingMessage, session: Session, customer: Customer, shop: ShopFacts, say: Wording, now: datetime
) -> Reply:
    """Welcome, by the name of the shop or advisor whose code was scanned."""
    returning = identities.come_back(session, message.account, IdentityKind.OPENID, message.person, now)
    store, advisor = _scene(session, str(message.fields.get("key", "")).removeprefix("qrscene_"))
    _introduce(customer, store, advisor)
    if advisor:
        return Text(say("customer.welcome_advisor", shop=shop.name, advisor=advisor.name))
    if store:
        return Text(say("customer.welcome_store", store=store.name))
    return Text(say("customer.welcome_back" if returning else "customer.welcome", shop=shop.name))


@router.on(by_customer, event("scan"))
def scanned(message: IncomingMessage, session: Session, customer: Customer, shop: ShopFacts, say: Wording) -> Reply:
    """A follower scans the code of a shop or an advisor."""
    store, advisor = _scene(session, str(message.fields.get("scene_id", "")))
    _introduce(customer, store, advisor)
    if advisor:
        return Text(say("customer.scanned_advisor", advisor=advisor.name))
    if store:
        return Text(say("customer.scanned_store", store=store.name))
    return Text(say("customer.welcome_back", shop=shop.name))


@router.on(by_customer, event("unsubscribe"))
def unfollowed(
    message: IncomingMessage,
    customer: Customer,
    session: Session,
    dialogue: Dialogue,
    talk: Talk | None,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply:
    """Ends official-account messages and an open talk at once; contracts stay."""
    dialogue.forget()
    if talk is not None:
        talks.close(session, talk, "customer", now)
        if talk.staff:
            outbox.to_staff(talk.staff, Text(say("advisor.ended_by_unfollow", name=called(customer, say))))
    identities.leave(session, message.account, IdentityKind.OPENID, message.person, now)
    return Silence()


@router.on(by_customer, event("change_external_contact"), contact_change(*ADDED))
def added_advisor(
    message: IncomingMessage,
    session: Session,
    customer: Customer,
    place: Place,
    shop: ShopFacts,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply:
    """She added an advisor: his customer from now on unless she has one; one welcome, within 20 s."""
    identities.come_back(session, message.account, IdentityKind.EXTERNAL_USERID, message.person, now)
    advisor = stores.advisor(session, str(message.fields.get("userid", "")))
    customer = arrived(message, session, customer, advisor, place, outbox, say, now)
    _introduce(customer, None, advisor)
    code = str(message.fields.get("welcome_code", ""))
    if code:
        name = advisor.name if advisor else ""
        outbox.welcome(code, customer.id, Text(say("customer.contact_welcome", shop=shop.name, advisor=name)))
    return Silence()


@router.on(by_customer, event("change_external_contact"), contact_change("del_follow_user"))
def removed_advisor(message: IncomingMessage, session: Session, now: datetime) -> Reply:
    """She removed the advisor: nothing may be sent through him any more."""
    identities.leave(session, message.account, IdentityKind.EXTERNAL_USERID, message.person, now)
    return Silence()


@router.on(by_customer, event("enter_session"))
def entered_kf(
    message: IncomingMessage,
    session: Session,
    customer: Customer,
    shop: ShopFacts,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply:
    """She opened the KF chat; the welcome code is there only when a welcome is due."""
    ask_about_other_door(message, session, customer, IdentityKind.EXTERNAL_USERID, outbox, say, now)
    code = str(message.fields.get("welcome_code", ""))
    if code:
        outbox.welcome(code, customer.id, Text(say("customer.welcome", shop=shop.name)))
    return Silence()


@router.on(by_customer, Filter(lambda visit: visit.message.channel is Channel.CONTACT))
def contact_noted(message: IncomingMessage) -> Reply:
    """Other changes of a contact: in the log, nothing to say."""
    return Silence()


def _scene(session: Session, scene: str) -> tuple[Store | None, Staff | None]:
    if scene.startswith(STORE_SCENE):
        return stores.by_code(session, scene.removeprefix(STORE_SCENE)), None
    if scene.startswith(ADVISOR_SCENE):
        return None, stores.advisor(session, scene.removeprefix(ADVISOR_SCENE))
    return None, None


def _introduce(customer: Customer, store: Store | None, advisor: Staff | None) -> None:
    """The first shop and advisor that a customer meets are hers; later ones change nothing."""
    if advisor and customer.advisor_id is None:
        customer.advisor_id = advisor.id
        customer.store_id = customer.store_id or advisor.store_id
    if store and customer.store_id is None:
        customer.store_id = store.id

"""A customer adds her advisor, or proves that a card of the shop is hers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.messages import AdvisorCode, Card, IncomingMessage, Reply, Text
from bot.router import Router, event, field, said, words
from crm.actors import Actor
from crm.errors import Invalid
from crm.models import Customer, DoubtfulMatch, Identity, IdentityKind, MatchReason, Staff
from crm.services import customers, identities
from crm.services.linking import binding, matches, tokens
from crm.services.visibility import sees
from handlers.context import Accounts
from handlers.filters import customer as by_customer
from handlers.filters import in_talk
from handlers.ledger import Place
from handlers.linking_news import GoneUp, called, person, tell_of_merge, undo_hint
from handlers.outbox import Outbox
from wording import Wording

router = Router("linking")

# The key of the button in the menu, `handlers/customer/menu.py`.
BUTTON = "ADD_ADVISOR"
ADD = (
    r"(?:你好|您好|请问|麻烦|帮我|我想|想要?|我要|要|可以|能不能|能|怎么样?|如何|在哪里?)*(?:加|添加|联系(?=.*(?:微信|企微)))(?:一?下|个|上|你们|我们?)*的?"
    r"(?:我的?|店里的?|专属)*(?:顾问|导购|店员|销售)?(?:的|一?下)*(?:企业微信|企微|微信|顾问|导购|wx|vx)(?:号|二维码)?(?:吗|呢|呀|啊|吧|好吗)?"
    r"|(?:我的?|店里的?|专属|你们的?)*(?:顾问|导购|销售)的?(?:企业微信|企微|微信|二维码|联系方式|wx|vx)(?:号|二维码)?(?:是多少|多少|是什么|呢|有吗)?"
)
BIND = r"绑定码?[\s:：]*(\d{6})"
CLAIM = r"绑定(?:我的)?(?:手机号?码?|电话)?(?:是|为)?[\s:：]*(\+?[\d\s-]{7,20})?"
# Why two may be one, in words for staff.
REASONS = {
    MatchReason.TOKEN: "linking.match_reason_token",
    MatchReason.PHONE: "linking.match_reason_phone",
    MatchReason.CODE: "linking.match_reason_code",
    MatchReason.CLAIM: "linking.match_reason_claim",
    MatchReason.KF: "linking.match_reason_kf",
    MatchReason.UNIONID: "linking.match_reason_unionid",
    MatchReason.PROPOSED: "linking.match_reason_proposed",
}


@router.on(by_customer, said, words(ADD), ~in_talk)
def add_advisor(
    session: Session, customer: Customer, accounts: Accounts, say: Wording, now: datetime
) -> Reply | tuple[Reply, ...]:
    """A code for her alone: whoever adds the advisor by it is she."""
    if _has_added(session, customer, accounts):
        return Text(say("linking.code_already"))
    members = tokens.members_for(session, customer)
    if not members:
        return Text(say("linking.code_nobody"))
    token = tokens.issue(session, customer, members, now)
    advisor = members[0].name if len(members) == 1 else ""
    coming = say("linking.code_coming", advisor=advisor) if advisor else say("linking.code_coming_store")
    return Text(coming), AdvisorCode(token.token)


@router.on(by_customer, event("click"), field("key", BUTTON))
def tapped(
    session: Session, customer: Customer, accounts: Accounts, say: Wording, now: datetime
) -> Reply | Sequence[Reply] | None:
    """The menu's button does the same."""
    return add_advisor(session, customer, accounts, say, now)


@router.on(by_customer, said, words(BIND))
def bind(
    plain: str,
    message: IncomingMessage,
    session: Session,
    customer: Customer,
    place: Place,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply:
    """Six digits that her advisor read out."""
    found = re.fullmatch(BIND, plain)
    digits = found[1] if found else ""
    before = GoneUp.of(customer)
    try:
        code = binding.bind(session, customer, _who(message), digits, now)
    except binding.Enough:
        return Text(say("linking.bind_enough"))
    if code is None:
        return Text(say("linking.bind_wrong"))
    if isinstance(code, DoubtfulMatch):
        ask_staff(code, outbox, say)
        return Text(say("linking.bind_doubted"))
    card = session.get_one(Customer, code.customer_id)
    place.customer_id = card.id
    maker = session.scalars(select(Staff).where(Staff.userid == code.made_by)).one_or_none()
    if maker:
        outbox.to_staff(maker, Text(say("linking.bound_told", name=called(card, say), code=card.code)), job="linking")
    if before.code != card.code and not customers.STRANGERS_CODE.fullmatch(before.code):
        tell_of_merge(session, card, before, maker, say("linking.how_code"), outbox, say)
    return Text(say("linking.bound", name=card.name) if card.name else say("linking.bound_plain"))


@router.on(by_customer, said, words(CLAIM))
def claim(
    plain: str,
    message: IncomingMessage,
    session: Session,
    customer: Customer,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Reply:
    """She says that a number is hers; the answer does not tell whether we know it."""
    found = re.fullmatch(CLAIM, plain)
    if found is None or not found[1]:
        return Text(say("linking.claim_how"))
    try:
        asked = binding.claim(session, customer, _who(message), found[1], now)
    except binding.Enough:
        return Text(say("linking.claim_enough"))
    except Invalid:
        return Text(say("linking.claim_how"))
    for match in asked:
        ask_staff(match, outbox, say)
    return Text(say("linking.claim_received"))


def _who(message: IncomingMessage) -> bytes:
    return binding.blind_id(message.account, message.person)


def arrived(
    message: IncomingMessage,
    session: Session,
    customer: Customer,
    advisor: Staff | None,
    place: Place,
    outbox: Outbox,
    say: Wording,
    now: datetime,
) -> Customer:
    """She added an advisor, perhaps by a code made for her: who she is from now on."""
    contact = identities.meet(session, message.account, IdentityKind.EXTERNAL_USERID, message.person, now)
    outcome = tokens.redeem(session, str(message.fields.get("state", "")), contact, now)
    if isinstance(outcome, tokens.Linked):
        customer = outcome.customer
        place.customer_id = customer.id
        if outcome.merged and advisor:
            hint = undo_hint(session, advisor, customer, customer.code, say)
            all_of_her = sees(session, Actor.of(advisor), customer)
            whole = say("linking.whole_hint", code=customer.code) if all_of_her else ""
            words = say("linking.linked", name=called(customer, say), code=customer.code, whole=whole, hint=hint)
            outbox.to_staff(advisor, Text(words), job="linking")
    elif isinstance(outcome, tokens.Doubted):
        ask_staff(outcome.match, outbox, say)
    else:
        ask_about_other_door(message, session, customer, IdentityKind.KF, outbox, say, now, advisor)
    return customer


def ask_staff(match: DoubtfulMatch, outbox: Outbox, say: Wording) -> None:
    """The card that asks whether two are one; sent once for each question."""
    if match.staff is not None and match.verdict is None:
        outbox.to_staff(match.staff, match_card(match, say), job="match_card")


def match_card(match: DoubtfulMatch, say: Wording) -> Card:
    """Both of them, masked, and why we ask."""
    described = say("linking.match_desc", one=person(match.customer, say), second=person(match.other, say))
    body = {
        "card_type": "button_interaction",
        "main_title": {"title": say("linking.match_title"), "desc": described},
        "horizontal_content_list": [{"keyname": say("linking.match_keyname"), "value": say(REASONS[match.reason])}],
        "button_list": [
            {"text": say("linking.match_same"), "style": 1, "key": f"same:{match.id}"},
            {"text": say("linking.match_different"), "style": 2, "key": f"different:{match.id}"},
        ],
    }
    return Card(task_id=f"match-{match.id}", body=body)


def _has_added(session: Session, customer: Customer, accounts: Accounts) -> bool:
    hers = (Identity.customer_id == customer.id, Identity.kind == IdentityKind.EXTERNAL_USERID)
    here = (Identity.account == accounts.wecom, Identity.left_at.is_(None))
    return session.scalar(select(Identity.id).where(*hers, *here).limit(1)) is not None


def ask_about_other_door(
    message: IncomingMessage,
    session: Session,
    customer: Customer,
    other_door: IdentityKind,
    outbox: Outbox,
    say: Wording,
    now: datetime,
    advisor: Staff | None = None,
) -> None:
    """The same id in customer service and in customer contact: nobody says that they are one space, so it is asked."""
    same = (Identity.kind == other_door, Identity.value == message.person, Identity.customer_id != customer.id)
    for found in session.scalars(select(Identity).where(*same)):
        other = session.get_one(Customer, found.customer_id)
        ask_staff(matches.doubt(session, customer, other, MatchReason.KF, now, advisor), outbox, say)

"""One push, one call: what each route asks of the platforms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.errors import BadContent, PlatformError, Unreachable
from bot.messages import CardDone, Reply, Text
from bot.platforms import Platforms
from crm.models import DeliveryState
from crm.services.deliveries import platform_key
from scheduler.bodies import Notice
from scheduler.routes import Address, DirectRoute, MarketingRoute, ServiceRoute


@dataclass(frozen=True, slots=True)
class Call:
    """Everything that one call needs.

    `code`: a welcome, message or response code. `sender`: the advisor who has to confirm.
    `again`: an earlier attempt by the same route may have gone through.
    """

    key: str
    route: str
    address: Address
    reply: Reply
    notice: Notice | None = None
    template_id: str = ""
    code: str = ""
    sender: str = ""
    again: bool = False

    @property
    def platform_key(self) -> str:
        """The same for every attempt, so that the platform knows the second one."""
        return platform_key(self.key)


@dataclass(frozen=True, slots=True)
class Done:
    """The platform took it. `receipt`: what is needed to change or follow it later."""

    platform_id: str = ""
    receipt: str = ""
    state: DeliveryState = DeliveryState.SENT


def make(platforms: Platforms, call: Call) -> Done:
    """Make the call; raises a PlatformError."""
    try:
        return _ROUTES[call.route](platforms, call)
    except PlatformError as error:
        if call.again and error.errcode == _DONE_BEFORE.get(call.route):
            return Done(call.platform_key)
        raise


def _window(platforms: Platforms, call: Call) -> Done:
    platforms.official_account.send(call.address.person, call.reply)
    return Done()


def _template(platforms: Platforms, call: Call) -> Done:
    if call.notice is None:
        raise BadContent(None, "a template message without fields")
    msgid = platforms.official_account.send_template(
        call.address.person, call.template_id, call.notice.values, call.notice.url, call.platform_key
    )
    return Done(msgid)


def _subscription(platforms: Platforms, call: Call) -> Done:
    if call.notice is None:
        raise BadContent(None, "a subscription notification without fields")
    notice = call.notice
    platforms.official_account.send_subscription(call.address.person, call.template_id, notice.values, notice.url)
    return Done(call.platform_key)  # the answer names none: the receipt is filed under ours


def _kf(platforms: Platforms, call: Call) -> Done:
    return Done(platforms.kf.send(call.address.account, call.address.person, call.reply, call.platform_key))


def _kf_event(platforms: Platforms, call: Call) -> Done:
    return Done(platforms.kf.send_on_event(call.code, call.reply, call.platform_key))


def _welcome(platforms: Platforms, call: Call) -> Done:
    platforms.contacts.send_welcome(call.code, call.reply)
    return Done()


def _staff(platforms: Platforms, call: Call) -> Done:
    sent = platforms.wecom.send([call.address.person], call.reply)
    return Done(sent.msgid, sent.response_code)


def _send_task(platforms: Platforms, call: Call) -> Done:
    task = platforms.contacts.create_mass_task(call.sender, [call.address.person], text_of(call.reply))
    if task.failed:
        raise Unreachable(None, "the advisor cannot send to this customer")
    return Done(task.msgid, call.sender, DeliveryState.WAITING_CONFIRM)


def _card_done(platforms: Platforms, call: Call) -> Done:
    if not isinstance(call.reply, CardDone):
        raise BadContent(None, "only CardDone changes a card")
    platforms.wecom.update_card([call.address.person], call.code, call.reply.label)
    return Done()


_ROUTES: Mapping[str, Callable[[Platforms, Call], Done]] = {
    ServiceRoute.WINDOW: _window,
    ServiceRoute.SUBSCRIPTION: _subscription,
    ServiceRoute.TEMPLATE: _template,
    ServiceRoute.KF_WINDOW: _kf,
    ServiceRoute.ADVISOR_SEND_TASK: _send_task,
    ServiceRoute.ADVISOR_TASK: _staff,
    DirectRoute.REPLY: _window,
    DirectRoute.KF_REPLY: _kf,
    DirectRoute.KF_EVENT: _kf_event,
    DirectRoute.WELCOME: _welcome,
    DirectRoute.STAFF: _staff,
    DirectRoute.CARD_DONE: _card_done,
}

# What the platform answers to a second attempt after the first one had gone through:
# 40058 this msgid was used, 41051 this welcome was sent, 43101 her one yes is used up.
_DONE_BEFORE: Mapping[str, int] = {
    ServiceRoute.SUBSCRIPTION: 43101,
    MarketingRoute.KF_WINDOW: 40058,
    DirectRoute.KF_REPLY: 40058,
    DirectRoute.KF_EVENT: 40058,
    DirectRoute.WELCOME: 41051,
}


def text_of(reply: Reply) -> str:
    """The words of a mass task, which takes nothing else; raises BadContent for another kind."""
    if isinstance(reply, Text):
        return reply.content
    raise BadContent(None, f"a mass task cannot carry a {type(reply).__name__}")

"""The contact code that links a customer's official account with her advisor: made once, then sent as a picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.errors import BadContent, PlatformError, Unreachable
from bot.messages import AdvisorCode, Kind, Media, Reply, Text
from bot.platforms import Platforms
from crm import db
from crm.models import LinkToken
from crm.services.linking import tokens
from scheduler.calls import Call
from scheduler.routes import DirectRoute
from scheduler.shop import Shop

FILE_NAME = "advisor-code.png"
# In the advisor's list of codes; she sees it nowhere.
REMARK = "公众号顾客"


def with_code(shop: Shop, platforms: Platforms, call: Call, now: datetime) -> Call:
    """The same call with the code's picture in the account it is sent from; raises a PlatformError.

    What WeCom made is kept before anything is sent, so that another attempt makes no second code.
    """
    if not isinstance(call.reply, AdvisorCode):
        return call
    with db.reading(shop.engine) as session:
        token = tokens.find(session, call.reply.token)
    if token is None or token.used_at is not None or token.expires_at <= now:
        raise BadContent(None, "this contact code is no longer of use")
    try:
        url = token.picture_url or _made(shop, platforms, token)
    except (BadContent, Unreachable):  # WeCom will not make it for these members: say so, and whom to ask
        return replace(call, reply=Text(shop.say("linking.code_refused")))
    return replace(call, reply=_picture(shop, platforms, call, url))


def _made(shop: Shop, platforms: Platforms, token: LinkToken) -> str:
    code = platforms.contacts.create_contact_code(token.members.split(","), token.token, REMARK)
    with shop.sessions.begin() as session:
        tokens.made(session, token.token, code.config_id, code.url)
    return code.url


def _picture(shop: Shop, platforms: Platforms, call: Call, url: str) -> Reply:
    """The picture itself, to be pressed long; where it can't be had its address, which shows the same."""
    try:
        content = platforms.contacts.code_picture(url)
    except PlatformError:
        return Text(shop.say("linking.code_link", url=url))
    target = platforms.official_account if call.route == DirectRoute.REPLY else platforms.wecom
    return Media(Kind.IMAGE, target.upload_media(Kind.IMAGE, FILE_NAME, content))

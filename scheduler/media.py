"""Carries a picture, voice or file from the account that holds it to the one it is sent from."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Channel, Kind, Media
from bot.platforms import Platforms
from scheduler.calls import Call
from scheduler.routes import DirectRoute, ServiceRoute

# A file's name must end in what the platform expects of its kind.
_ENDINGS = {Kind.IMAGE: "jpg", Kind.VOICE: "amr", Kind.VIDEO: "mp4", Kind.SHORTVIDEO: "mp4"}
_FROM_OFFICIAL_ACCOUNT = frozenset({DirectRoute.REPLY.value, ServiceRoute.WINDOW.value})


def carried_over(platforms: Platforms, call: Call) -> Call:
    """The same call with a media id that the account knows from which it is sent; raises a PlatformError.

    A media id is worth nothing elsewhere. WeCom's application and its customer service share
    theirs. Up- and downloads may be repeated, so a failure here sent nothing.
    """
    media = call.reply
    if not isinstance(media, Media) or media.held_by is None:
        return call
    held_there = media.held_by is Channel.OFFICIAL_ACCOUNT
    wanted_there = call.route in _FROM_OFFICIAL_ACCOUNT
    if held_there == wanted_there:
        return call
    source = platforms.official_account if held_there else platforms.wecom
    target = platforms.official_account if wanted_there else platforms.wecom
    name = f"{media.kind.value}.{_ENDINGS.get(media.kind, 'bin')}"
    uploaded = target.upload_media(media.kind, name, source.media(media.media_id).content)
    return replace(call, reply=replace(media, media_id=uploaded, held_by=None))

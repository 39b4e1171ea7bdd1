"""What a customer does on her phone with the official account; each act becomes one push."""

from sandbox.errors import NotPossibleError
from sandbox.media import Media, recognise
from sandbox.official_account import pushes
from sandbox.packets import Json
from sandbox.people import Customer
from sandbox.push import Push
from sandbox.world import World

# What a recorded voice looks like to the platform: the head of an AMR file.
EMPTY_VOICE = b"#!AMR\n" + bytes(32)


def _following(world: World, openid: str) -> Customer:
    customer = world.customer(openid)
    if not customer.following:
        raise NotPossibleError(f"{customer.name}还没有关注公众号")
    return customer


def _spoke(world: World, openid: str, kind: str, **parts: object) -> None:
    world.state.oa.window(openid).open("message", world.now)
    world.show(f"oa/{openid}", "me", kind, **parts)
    world.tell_state()


def say(world: World, openid: str, body: Json) -> Push:
    """She types a line."""
    _following(world, openid)
    content = _required(body, "content")
    _spoke(world, openid, "text", content=content)
    return pushes.message(world, openid, "text", Content=content)


def tap(world: World, openid: str, body: Json) -> Push:
    """She taps an item of a list; it comes as a text with the item's id."""
    _following(world, openid)
    content = _required(body, "content")
    _spoke(world, openid, "text", content=content)
    return pushes.message(world, openid, "text", Content=content, bizmsgmenuid=str(body.get("id", "")))


def send_picture(world: World, openid: str, name: str, content: bytes) -> Push:
    """She sends a picture from her phone."""
    _following(world, openid)
    mime = recognise("oa", "image", content)
    media = world.keep_media("oa", "image", mime, name, content)
    url = world.media_url(media.media_id)
    _spoke(world, openid, "image", url=url)
    return pushes.message(world, openid, "image", PicUrl=url, MediaId=media.media_id)


def speak(world: World, openid: str, body: Json) -> Push:
    """She holds the microphone; the platform may or may not recognise the words."""
    _following(world, openid)
    seconds = int(body.get("seconds") or 3)
    words = str(body.get("recognition") or "")
    media: Media = world.keep_media("oa", "voice", "audio/amr", "voice.amr", EMPTY_VOICE, seconds)
    _spoke(world, openid, "voice", seconds=seconds, recognition=words)
    return pushes.message(world, openid, "voice", MediaId=media.media_id, Format="amr", Recognition=words or None)


def share_place(world: World, openid: str, body: Json) -> Push:
    """She sends where she is."""
    _following(world, openid)
    latitude, longitude = coordinates(body)
    label = str(body.get("label") or "")
    _spoke(world, openid, "location", latitude=latitude, longitude=longitude, label=label)
    return pushes.message(world, openid, "location", Location_X=latitude, Location_Y=longitude, Scale=16, Label=label)


def press_menu(world: World, openid: str, body: Json) -> Push:
    """She presses a menu button of type click."""
    _following(world, openid)
    world.state.oa.window(openid).open("menu", world.now)
    world.tell_state()
    return pushes.event(world, openid, "CLICK", EventKey=_required(body, "key"))


def open_menu_page(world: World, openid: str, body: Json) -> Push:
    """She presses a menu button that opens a page; nothing is answered, no window opens."""
    _following(world, openid)
    return pushes.event(world, openid, "VIEW", EventKey=_required(body, "url"), MenuId=world.serial())


def scan(world: World, openid: str, body: Json) -> Push:
    """She scans a code: a follower is reported, a stranger follows with it."""
    customer = world.customer(openid)
    code = world.state.codes.account.get(str(body.get("scene", "")))
    if code is None:
        raise NotPossibleError("没有这张二维码")
    if code.expires_at is not None and code.expires_at <= world.now:
        raise NotPossibleError("二维码已过期")
    if not customer.following:
        return _followed(world, customer, "ADD_SCENE_QR_CODE", code.scene, f"qrscene_{code.scene}", code.ticket)
    world.state.oa.window(openid).open("scan", world.now)
    world.tell_state()
    return pushes.event(world, openid, "SCAN", EventKey=code.scene, Ticket=code.ticket)


def follow(world: World, openid: str, body: Json) -> Push:
    """She finds the account and follows."""
    customer = world.customer(openid)
    if customer.following:
        raise NotPossibleError(f"{customer.name}已经关注了")
    return _followed(world, customer, "ADD_SCENE_SEARCH", "", "", None)


def _followed(world: World, customer: Customer, how: str, scene: str, key: str, ticket: str | None) -> Push:
    customer.following, customer.followed_at = True, world.now
    customer.follow_scene, customer.qr_scene = how, scene
    world.state.oa.window(customer.openid).open("scan" if ticket else "follow", world.now)
    world.tell_state()
    return pushes.event(world, customer.openid, "subscribe", EventKey=key, Ticket=ticket)


def unfollow(world: World, openid: str, body: Json) -> Push:
    """She leaves; nothing can be sent to her any more."""
    customer = _following(world, openid)
    customer.following = False
    for key in [key for key in world.state.oa.subscriptions if key.startswith(f"{openid} ")]:
        del world.state.oa.subscriptions[key]
    world.state.oa.window(openid).close()
    world.show(f"oa/{openid}", "system", "notice", content="已取消关注")
    world.tell_state()
    return pushes.event(world, openid, "unsubscribe", EventKey="")


def refuse(world: World, openid: str, body: Json) -> None:
    """She switches the account's messages off, or on again ({"on": false})."""
    world.customer(openid).refuses = body.get("on") is not False
    world.tell_state()


def _required(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise NotPossibleError(f"缺少 {name}")
    return value


def coordinates(body: Json) -> tuple[float, float]:
    """Latitude and longitude of a body. Raises NotPossibleError."""
    try:
        return float(body["latitude"]), float(body["longitude"])
    except (KeyError, TypeError, ValueError):
        raise NotPossibleError("缺少 latitude 或 longitude") from None

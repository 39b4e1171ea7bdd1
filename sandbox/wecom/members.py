"""What a member does on his phone in the application; each act becomes one push."""

from sandbox.errors import NotPossibleError
from sandbox.media import recognise
from sandbox.official_account.followers import EMPTY_VOICE, coordinates
from sandbox.packets import Json
from sandbox.push import Push
from sandbox.wecom import pushes
from sandbox.wecom.cards import keys_of
from sandbox.world import World


def _required(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise NotPossibleError(f"缺少 {name}")
    return value


def say(world: World, userid: str, body: Json) -> Push:
    """He types a line."""
    world.member(userid)
    content = _required(body, "content")
    world.show(f"wecom/{userid}", "me", "text", content=content)
    return pushes.message(world, userid, "text", Content=content)


def send_picture(world: World, userid: str, name: str, content: bytes) -> Push:
    """He sends a picture."""
    world.member(userid)
    media = world.keep_media("wecom", "image", recognise("wecom", "image", content), name, content)
    url = world.media_url(media.media_id)
    world.show(f"wecom/{userid}", "me", "image", url=url)
    return pushes.message(world, userid, "image", PicUrl=url, MediaId=media.media_id)


def speak(world: World, userid: str, body: Json) -> Push:
    """He holds the microphone; WeCom never sends recognised words."""
    world.member(userid)
    seconds = int(body.get("seconds") or 3)
    media = world.keep_media("wecom", "voice", "audio/amr", "voice.amr", EMPTY_VOICE, seconds)
    world.show(f"wecom/{userid}", "me", "voice", seconds=seconds, recognition=str(body.get("recognition") or ""))
    return pushes.message(world, userid, "voice", MediaId=media.media_id, Format="amr")


def share_place(world: World, userid: str, body: Json) -> Push:
    """He sends where he is."""
    world.member(userid)
    latitude, longitude = coordinates(body)
    label = str(body.get("label") or "")
    world.show(f"wecom/{userid}", "me", "location", latitude=latitude, longitude=longitude, label=label)
    return pushes.message(
        world, userid, "location", Location_X=latitude, Location_Y=longitude, Scale=16, Label=label, AppType="wxwork"
    )


def enter(world: World, userid: str, body: Json) -> Push:
    """He opens the application."""
    world.member(userid)
    return pushes.event(world, userid, "enter_agent", EventKey="")


def press_menu(world: World, userid: str, body: Json) -> Push:
    """He presses a button of the application's menu."""
    world.member(userid)
    return pushes.event(world, userid, "click", EventKey=_required(body, "key"))


def press_card(world: World, userid: str, body: Json) -> Push:
    """He presses a button, or a menu item, of a template card, with what he selected."""
    world.member(userid)
    sent = world.state.wecom.cards.cards.get(_required(body, "task_id"))
    if sent is None or userid not in sent.lines:
        raise NotPossibleError("这位员工没有收到这张卡片")
    key = _required(body, "key")
    buttons, menu = keys_of(sent.card)
    if key not in buttons | menu:
        raise NotPossibleError(f"卡片上没有这个按钮：{key[:40]}")
    selected = body.get("selected") if isinstance(body.get("selected"), dict) else {}
    items = [{"QuestionKey": name, "OptionIds": {"OptionId": list(ids)}} for name, ids in (selected or {}).items()]
    return pushes.event(
        world,
        userid,
        "template_card_event" if key in buttons else "template_card_menu_event",
        world.state.wecom.cards.issue_code(sent.task_id, world.now),
        EventKey=key,
        TaskId=sent.task_id,
        CardType=sent.card["card_type"],
        SelectedItems={"SelectedItem": items} if items else None,
    )

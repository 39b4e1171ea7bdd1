"""Changes a template card on the members' phones: by a passive reply or by update_template_card."""

from typing import Any

from sandbox.card_desk import SentCard
from sandbox.errors import RefusedError
from sandbox.packets import Json
from sandbox.push import Push
from sandbox.world import World


def show_change(world: World, sent: SentCard, userid: str, parts: Json) -> None:
    """Redraws one member's copy of a card."""
    line = sent.lines.get(userid)
    if line is not None:
        world.change_line(f"wecom/{userid}", line, **parts)


def change_card(world: World, push: Push, kind: str, parts: dict[str, Any]) -> Json | None:
    """What a passive reply to a card event does: redraw the card, or add a line like any other reply."""
    if kind not in ("update_button", "update_template_card"):
        return world.show(f"wecom/{push.person}", "them", kind, **parts).as_json()
    try:
        sent = world.state.wecom.cards.redeem(push.response_code, world.now)
    except RefusedError:
        return None
    show_change(world, sent, push.person, parts)
    lines = world.state.phones.read(f"wecom/{push.person}")
    return next((line.as_json() for line in lines if line.id == sent.lines.get(push.person)), None)

"""QR codes: those of the official account (scenes) and those of members (contact ways)."""

import io
from dataclasses import dataclass, field

import segno

from sandbox.packets import Json
from sandbox.people import Member


@dataclass
class AccountCode:
    """A code that leads to the official account and tells it `scene`."""

    scene: str
    label: str
    ticket: str
    url: str
    expires_at: float | None = None
    # Scenes made as numbers come back in qr_scene, the others in qr_scene_str.
    numeric: bool = False


@dataclass
class ContactWay:
    """A code that leads to one of its members' contact cards."""

    config_id: str
    users: list[str]
    state: str
    remark: str = ""
    kind: int = 1
    scene: int = 2
    skip_verify: bool = True
    qr_code: str = ""


@dataclass
class Codes:
    account: dict[str, AccountCode] = field(default_factory=dict)
    contact: dict[str, ContactWay] = field(default_factory=dict)

    def by_ticket(self, ticket: str) -> AccountCode | None:
        return next((code for code in self.account.values() if code.ticket == ticket), None)

    def put_up(self, stores: dict[str, str], members: dict[str, Member]) -> None:
        """The shop's own codes: one per store, one per member; those already there stay."""
        named = {f"store-{code}": f"{name}・门店码" for code, name in stores.items()}
        named |= {f"advisor-{one.userid}": f"{one.name}・顾问码" for one in members.values()}
        for scene, label in named.items():
            self.account.setdefault(scene, account_code(scene, label))

    def as_json(self) -> list[Json]:
        shown: list[Json] = [
            {"scene": code.scene, "label": code.label, "kind": "oa", "id": code.ticket}
            for code in self.account.values()
        ]
        return shown + [
            {"scene": way.state, "label": f"添加顾问・{'、'.join(way.users)}", "kind": "contact", "id": way.config_id}
            for way in self.contact.values()
        ]


def account_code(scene: str, label: str, expires_at: float | None = None, numeric: bool = False) -> AccountCode:
    """A code whose ticket follows from its scene, so that printed ones survive a restart."""
    return AccountCode(
        scene, label, f"gQSandbox{scene.encode().hex()}", f"http://weixin.qq.com/q/{scene}", expires_at, numeric
    )


def draw(text: str) -> bytes:
    """The picture of a QR code that says `text`, as PNG."""
    picture = io.BytesIO()
    segno.make(text, error="m").save(picture, kind="png", scale=8, border=2)
    return picture.getvalue()

"""What each chat on each phone shows, in order."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import to_iso
from sandbox.packets import Json

# A chat longer than this loses its oldest lines; nobody scrolls further.
KEPT_PER_CHAT = 500


@dataclass
class ChatMessage:
    """One line of a chat; `sender` is seen from the phone's owner: me, them or system."""

    id: int
    at: float
    sender: str
    type: str
    parts: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> Json:
        return {"id": self.id, "at": to_iso(self.at), "from": self.sender, "type": self.type, **self.parts}


@dataclass
class Phones:
    """Chats by `surface/person`: oa, kf and contact by openid, wecom by userid."""

    last_id: int = 0
    chats: dict[str, list[ChatMessage]] = field(default_factory=dict)

    def add(self, chat: str, at: float, sender: str, kind: str, parts: Json) -> ChatMessage:
        self.last_id += 1
        message = ChatMessage(self.last_id, at, sender, kind, parts)
        lines = self.chats.setdefault(chat, [])
        lines.append(message)
        del lines[:-KEPT_PER_CHAT]
        return message

    def read(self, chat: str) -> list[ChatMessage]:
        return self.chats.get(chat, [])

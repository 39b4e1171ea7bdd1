"""Pictures, sound and files that were uploaded: three days of life, checked by size and by their first bytes."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.errors import RefusedError

# Temporary media of both platforms live three days.
LIFE_SECONDS = 3 * 24 * 3600
MEGABYTE = 1024 * 1024
LIMITS = {
    "oa": {"image": 10 * MEGABYTE, "voice": 2 * MEGABYTE, "video": 10 * MEGABYTE, "thumb": 64 * 1024},
    "wecom": {"image": 10 * MEGABYTE, "voice": 2 * MEGABYTE, "video": 10 * MEGABYTE, "file": 20 * MEGABYTE},
}
# WeCom refuses files of five bytes or fewer.
SMALLEST = 6
PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
SOUNDS = {b"#!AMR": "audio/amr", b"ID3": "audio/mpeg", b"\xff\xfb": "audio/mpeg"}
FORMATS = {
    ("oa", "image"): PICTURES,
    ("oa", "thumb"): {b"\xff\xd8\xff": "image/jpeg"},
    ("oa", "voice"): SOUNDS,
    ("wecom", "image"): {magic: mime for magic, mime in PICTURES.items() if mime != "image/gif"},
    ("wecom", "voice"): {b"#!AMR": "audio/amr"},
}


@dataclass
class Media:
    media_id: str
    surface: str
    kind: str
    mime: str
    name: str
    created_at: float
    seconds: int = 0

    def alive(self, now: float) -> bool:
        return now < self.created_at + LIFE_SECONDS


def recognise(surface: str, kind: str, content: bytes) -> str:
    """The MIME type of an upload. Raises RefusedError 40004, 40009, 45001, 44001 or 40005."""
    if kind not in LIMITS[surface]:
        raise RefusedError(40004)
    if len(content) < SMALLEST:
        raise RefusedError(44001)
    if len(content) > LIMITS[surface][kind]:
        raise RefusedError(40009 if (surface, kind) == ("oa", "image") else 45001)
    if kind == "video":
        return _video(content)
    formats = FORMATS.get((surface, kind))
    if formats is None:
        return "application/octet-stream"
    mime = next((mime for magic, mime in formats.items() if content.startswith(magic)), None)
    if mime is None:
        raise RefusedError(40005)
    return mime


def _video(content: bytes) -> str:
    if content[4:8] != b"ftyp":
        raise RefusedError(40005)
    return "video/mp4"


@dataclass
class MediaShelf:
    """What each media id stands for; the bytes lie in MediaFiles."""

    known: dict[str, Media] = field(default_factory=dict)

    def find(self, surface: str, media_id: object, now: float, *kinds: str) -> Media:
        """A living media of that platform (and kind). Raises RefusedError 40007."""
        media = self.known.get(media_id) if isinstance(media_id, str) else None
        if media is None or media.surface != surface or not media.alive(now) or (kinds and media.kind not in kinds):
            raise RefusedError(40007)
        return media


@dataclass
class MediaFiles:
    """The bytes, in memory, and in `folder` when there is one."""

    folder: Path | None
    contents: dict[str, bytes] = field(default_factory=dict)

    def put(self, media_id: str, content: bytes) -> None:
        self.contents[media_id] = content
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / media_id).write_bytes(content)

    def get(self, media_id: str) -> bytes | None:
        if media_id in self.contents or self.folder is None or not re.fullmatch(r"[\w-]+", media_id):
            return self.contents.get(media_id)
        path = self.folder / media_id
        return path.read_bytes() if path.exists() else None

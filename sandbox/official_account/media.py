"""media/upload and media/get of the official account, and the addresses its pushes come from."""

from sandbox.api import Answer, Call, File, endpoint
from sandbox.errors import RefusedError
from sandbox.media import recognise
from sandbox.packets import Json
from sandbox.world import World


@endpoint("oa", "POST", "/cgi-bin/media/upload", per_day=100_000)
def upload(world: World, call: Call) -> Json:
    """Keeps a file for three days."""
    if call.upload is None:
        raise RefusedError(41005)
    kind = call.query.get("type", "")
    mime = recognise("oa", kind, call.upload.content)
    media = world.keep_media("oa", kind, mime, call.upload.name, call.upload.content)
    key = "thumb_media_id" if kind == "thumb" else "media_id"
    return {"type": kind, key: media.media_id, "created_at": int(media.created_at)}


@endpoint("oa", "GET", "/cgi-bin/media/get", per_day=200_000)
def get(world: World, call: Call) -> Answer:
    """The bytes; of a video only its address."""
    media = world.state.media.find("oa", call.query.get("media_id"), world.now)
    if media.kind == "video":
        return {"video_url": world.media_url(media.media_id)}
    content = world.media_files.get(media.media_id)
    if content is None:
        raise RefusedError(40007)
    return File(content, media.mime, media.name)


@endpoint("oa", "GET", "/cgi-bin/getcallbackip")
def getcallbackip(world: World, call: Call) -> Json:
    return {"ip_list": ["127.0.0.1"]}

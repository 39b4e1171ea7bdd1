"""media/upload and media/get of WeCom, and the addresses its pushes come from."""

from sandbox.api import Answer, Call, File, endpoint
from sandbox.errors import RefusedError
from sandbox.media import recognise
from sandbox.packets import Json
from sandbox.world import World


@endpoint("wecom", "POST", "/cgi-bin/media/upload")
def upload(world: World, call: Call) -> Json:
    """Keeps a file for three days; here `created_at` is a string."""
    if call.upload is None:
        raise RefusedError(44001)
    kind = call.query.get("type", "")
    mime = recognise("wecom", kind, call.upload.content)
    media = world.keep_media("wecom", kind, mime, call.upload.name, call.upload.content)
    return {"errmsg": "", "type": kind, "media_id": media.media_id, "created_at": str(int(media.created_at))}


@endpoint("wecom", "GET", "/cgi-bin/media/get")
def get(world: World, call: Call) -> Answer:
    media = world.state.media.find("wecom", call.query.get("media_id"), world.now)
    content = world.media_files.get(media.media_id)
    if content is None:
        raise RefusedError(40007)
    return File(content, media.mime, media.name)


@endpoint("wecom", "GET", "/cgi-bin/getcallbackip")
def getcallbackip(world: World, call: Call) -> Json:
    return {"ip_list": ["127.0.0.*"]}

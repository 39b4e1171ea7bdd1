"""The application's access token: the same one while it is valid; wrong secrets block the caller."""

from sandbox.api import Call, endpoint
from sandbox.errors import RefusedError
from sandbox.packets import Json
from sandbox.world import World


@endpoint("wecom", "GET", "/cgi-bin/gettoken", token=False)
def gettoken(world: World, call: Call) -> Json:
    """Never loop on 40001 here: the fifth wrong secret in a row blocks the address for an hour."""
    tokens = world.state.wecom.tokens
    tokens.check_not_blocked(world.now)
    if call.query.get("corpid", "") != world.config.wecom.corp_id:
        raise RefusedError(40013)
    secret = call.query.get("corpsecret", "")
    if not secret:
        raise RefusedError(41004)
    if secret != world.config.wecom.secret:
        tokens.count_wrong_secret(world.now)
        raise RefusedError(40001)
    tokens.wrong_secrets = 0
    token, seconds = tokens.same_while_valid("app", world.now, overlap=0)
    return {"access_token": token, "expires_in": seconds}

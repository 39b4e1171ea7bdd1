"""Access tokens of the official account: two families that know nothing of each other."""

from sandbox.api import Call, endpoint
from sandbox.errors import RefusedError
from sandbox.packets import Json
from sandbox.tokens import OVERLAP_SECONDS
from sandbox.world import World


def _check_credentials(world: World, grant_type: str, app_id: str, secret: str) -> None:
    if not app_id:
        raise RefusedError(41002)
    if app_id != world.config.oa.app_id:
        raise RefusedError(40013)
    if not secret:
        raise RefusedError(41004)
    if grant_type != "client_credential":
        raise RefusedError(40002)
    if secret != world.config.oa.secret:
        raise RefusedError(40125)


def _answer(token: str, seconds: int) -> Json:
    return {"access_token": token, "expires_in": seconds}


# 2 000 a day counts only good calls here: a wrong secret never reaches the counter.
@endpoint("oa", "GET", "/cgi-bin/token", token=False)
def token(world: World, call: Call) -> Json:
    """A new token at each call; the one before works five more minutes."""
    _check_credentials(world, *(call.query.get(name, "") for name in ("grant_type", "appid", "secret")))
    return _answer(*world.state.oa.tokens.fresh("token", world.now))


@endpoint("oa", "POST", "/cgi-bin/stable_token", token=False)
def stable_token(world: World, call: Call) -> Json:
    """The same token until five minutes before its end, unless a refresh is forced."""
    _check_credentials(world, *(call.text(name) for name in ("grant_type", "appid", "secret")))
    tokens = world.state.oa.tokens
    if call.body.get("force_refresh") is True:
        return _answer(*tokens.force("stable", world.now))
    return _answer(*tokens.same_while_valid("stable", world.now, OVERLAP_SECONDS))

"""Customer contact, reading: who is whose external contact. API writes here cause no event."""

from sandbox.api import Call, endpoint
from sandbox.errors import RefusedError
from sandbox.packets import Json
from sandbox.people import Customer, Friendship
from sandbox.world import World

BATCH = 100
REMARK_CHARACTERS, DESCRIPTION_CHARACTERS = 20, 150


def _contact(customer: Customer) -> Json:
    return {
        "external_userid": customer.corporate_id(),
        "name": customer.name,
        "type": 1,
        "avatar": "",
        "gender": 0,
        "unionid": customer.unionid,
    }


def _follow(customer: Customer, tie: Friendship) -> Json:
    return {
        "userid": tie.userid,
        "remark": tie.remark,
        "description": tie.description,
        "createtime": int(tie.since),
        "remark_mobiles": tie.remark_mobiles,
        "add_way": tie.add_way,
        "state": tie.state,
        "oper_userid": customer.corporate_id(),
    }


def find_contact(world: World, external_userid: object) -> Customer:
    """Raises RefusedError 40096 for an id that is not of this company."""
    found = world.state.people.by_external_userid(external_userid) if isinstance(external_userid, str) else None
    if found is None:
        raise RefusedError(40096)
    return found


@endpoint("wecom", "GET", "/cgi-bin/externalcontact/get_follow_user_list", lists=("follow_user",))
def get_follow_user_list(world: World, call: Call) -> Json:
    """Every member may use customer contact here."""
    return {"follow_user": list(world.members)}


@endpoint("wecom", "GET", "/cgi-bin/externalcontact/list", lists=("external_userid",))
def list_contacts(world: World, call: Call) -> Json:
    userid = call.query.get("userid", "")
    if userid not in world.members:
        raise RefusedError(40003)
    contacts = world.state.people.contacts_of(userid)
    if not contacts:
        raise RefusedError(84061)
    return {"external_userid": [one.corporate_id() for one in contacts]}


@endpoint("wecom", "GET", "/cgi-bin/externalcontact/get", lists=("follow_user",))
def get(world: World, call: Call) -> Json:
    customer = find_contact(world, call.query.get("external_userid"))
    if not customer.friendships:
        raise RefusedError(84061)
    ties = [{**_follow(customer, tie), "tags": []} for tie in customer.friendships.values()]
    return {"external_contact": _contact(customer), "follow_user": ties}


@endpoint("wecom", "POST", "/cgi-bin/externalcontact/batch/get_by_user", lists=("external_contact_list",))
def batch_get_by_user(world: World, call: Call) -> Json:
    """Pages of contacts of up to a hundred members; the cursor is the number of those already given."""
    userids = call.texts("userid_list", BATCH, 40058)
    if not userids or any(userid not in world.members for userid in userids):
        raise RefusedError(40003)
    cursor = call.text("cursor")
    start = int(cursor) if cursor.isdecimal() else 0
    end = start + (call.number("limit", 50, BATCH) or 50)
    pairs = [
        {
            "external_contact": _contact(customer),
            "follow_info": {**_follow(customer, customer.friendships[userid]), "tag_id": []},
        }
        for userid in userids
        for customer in world.state.people.contacts_of(userid)
    ]
    return {"external_contact_list": pairs[start:end], "next_cursor": str(end) if end < len(pairs) else ""}


@endpoint("wecom", "POST", "/cgi-bin/externalcontact/remark")
def remark(world: World, call: Call) -> Json:
    """What a member notes about a customer; at least one field must be given."""
    customer = find_contact(world, call.body.get("external_userid"))
    tie = customer.friendships.get(call.text("userid"))
    if tie is None:
        raise RefusedError(84061)
    fields = {"remark": REMARK_CHARACTERS, "description": DESCRIPTION_CHARACTERS}
    if not any(call.body.get(name) for name in (*fields, "remark_company", "remark_mobiles", "remark_pic_mediaid")):
        raise RefusedError(40058, "nothing to change")
    for name, most in fields.items():
        if len(call.text(name)) > most:
            raise RefusedError(40058, f"{name} has more than {most} characters")
        if name in call.body:
            setattr(tie, name, call.text(name))
    if "remark_mobiles" in call.body:
        tie.remark_mobiles = call.texts("remark_mobiles", 5, 40058)
    return {}

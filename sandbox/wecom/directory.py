"""The company's members and departments; every store is a department."""

from sandbox.api import Call, endpoint
from sandbox.errors import RefusedError
from sandbox.packets import Json
from sandbox.wecom.messages import department_numbers
from sandbox.world import World

COMPANY = 1
PAGE = 10_000


@endpoint("wecom", "GET", "/cgi-bin/user/get")
def get(world: World, call: Call) -> Json:
    """One member; telephone and mail are only given out by OAuth."""
    member = world.members.get(call.query.get("userid", ""))
    if member is None:
        raise RefusedError(60111)
    department = department_numbers(world).get(member.store, COMPANY)
    return {
        "userid": member.userid,
        "name": member.name,
        "department": [department],
        "main_department": department,
        "position": member.role,
        "is_leader_in_dept": [int(member.role == "manager")],
        "status": 1,
    }


@endpoint("wecom", "POST", "/cgi-bin/user/list_id", lists=("dept_user",))
def list_id(world: World, call: Call) -> Json:
    """Every member with his department; the cursor is the number of those already given."""
    cursor = call.text("cursor")
    start = int(cursor) if cursor.isdecimal() else 0
    limit = call.number("limit", PAGE, PAGE) or PAGE
    numbers = department_numbers(world)
    everybody = list(world.members.values())
    page = [{"userid": one.userid, "department": numbers.get(one.store, COMPANY)} for one in everybody]
    end = start + limit
    return {"dept_user": page[start:end], "next_cursor": str(end) if end < len(everybody) else ""}


@endpoint("wecom", "GET", "/cgi-bin/department/list", lists=("department",))
def department_list(world: World, call: Call) -> Json:
    """The company and its stores, or one of them with those below."""
    numbers = department_numbers(world)
    company = {"id": COMPANY, "name": world.config.shop_name, "parentid": 0, "order": 1}
    stores = [
        {"id": numbers[code], "name": name, "parentid": COMPANY, "order": numbers[code]}
        for code, name in world.stores.items()
    ]
    wanted = call.query.get("id", "")
    if wanted in ("", str(COMPANY)):
        return {"department": [company, *stores]}
    found = [one for one in stores if str(one["id"]) == wanted]
    if not found:
        raise RefusedError(60123)
    return {"department": found}

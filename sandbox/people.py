"""The customers, members and shops of the sandbox, and who is whose contact."""

import csv
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.errors import BadSettingError, NotPossibleError

# The page offers these first; the last two stand in no CSV and do not follow yet.
PERSONAS = {"oShop_zhouyun": "周芸", "oShop_xuming": "徐铭", "oShop_shenjie": "沈洁"}
STRANGER = "oNew_"
STRANGERS = {"oNew_xiaolu": "小鹿", "oNew_ahao": "阿浩"}
FALLBACK_STAFF = [
    {"userid": "lin.yue", "name": "林悦", "role": "advisor", "store_code": "S001"},
    {"userid": "chen.jing", "name": "陈静", "role": "manager", "store_code": "S001"},
]
FIRST_MEMBER = "lin.yue"
# The page shows a handful of people, however long the CSV is.
SHOWN_CUSTOMERS = 200


@dataclass
class Friendship:
    """One member has one customer in his list of external contacts."""

    userid: str
    since: float
    state: str = ""
    add_way: int = 0
    remark: str = ""
    description: str = ""
    remark_mobiles: list[str] = field(default_factory=list)
    # The customer took the member off; the member still sees her.
    removed_by_customer: bool = False


@dataclass
class Customer:
    """One WeChat user, as far as the shop's accounts can know her."""

    openid: str
    name: str
    unionid: str
    external_userid: str | None = None
    following: bool = False
    followed_at: float = 0
    follow_scene: str = "ADD_SCENE_SEARCH"
    qr_scene: str = ""
    # She switched off messages of the account.
    refuses: bool = False
    friendships: dict[str, Friendship] = field(default_factory=dict)

    def corporate_id(self) -> str:
        """Her external_userid; made at the first contact with the company."""
        if self.external_userid is None:
            self.external_userid = "wmSandbox" + hashlib.sha1(self.openid.encode()).hexdigest()[:20]
        return self.external_userid

    def friends(self) -> list[str]:
        """Members she can chat with."""
        return [userid for userid, tie in self.friendships.items() if not tie.removed_by_customer]


@dataclass(frozen=True)
class Member:
    userid: str
    name: str
    role: str
    store: str


@dataclass
class People:
    """Customers by openid; the order is that of the page."""

    customers: dict[str, Customer] = field(default_factory=dict)

    def customer(self, openid: str) -> Customer:
        """Raises NotPossibleError for an openid nobody has."""
        if openid not in self.customers:
            raise NotPossibleError(f"没有这位顾客：{openid[:40]}")
        return self.customers[openid]

    def by_external_userid(self, external_userid: str) -> Customer | None:
        return next((one for one in self.customers.values() if one.external_userid == external_userid), None)

    def followers(self) -> list[Customer]:
        return [one for one in self.customers.values() if one.following]

    def contacts_of(self, userid: str) -> list[Customer]:
        return [one for one in self.customers.values() if userid in one.friendships]

    def add_stranger(self, name: str, number: int) -> Customer:
        """Someone new, who follows nothing yet."""
        openid = f"{STRANGER}{number:06d}"
        self.customers[openid] = Customer(openid, name, f"uNew_{number:06d}")
        return self.customers[openid]

    def shown(self) -> list[Customer]:
        """Those the page lists: the first of the CSV, and everybody who walked in here."""
        everybody = list(self.customers.values())
        walked_in = [one for one in everybody[SHOWN_CUSTOMERS:] if one.openid.startswith(STRANGER)]
        return everybody[:SHOWN_CUSTOMERS] + walked_in


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a UTF-8 CSV with a header. Raises BadSettingError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [{key: (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadSettingError(f"{path} cannot be read: {error}") from None


def _openid_of(row: dict[str, str]) -> str:
    """Who is an advisor's contact has an openid too, even if the shop has never seen it."""
    return row.get("openid", "") or (f"oUnseen_{row['external_userid']}" if row.get("external_userid") else "")


def _row_customer(row: dict[str, str], now: float) -> Customer:
    openid = _openid_of(row)
    customer = Customer(openid, row.get("name") or openid, row.get("unionid") or "u" + openid[1:])
    if row.get("openid"):
        customer.following, customer.followed_at = True, now
    customer.external_userid = row.get("external_userid") or None
    advisor = row.get("advisor_userid", "")
    if customer.external_userid and advisor:
        customer.friendships[advisor] = Friendship(advisor, now, add_way=1)
    return customer


def read_customers(path: Path, now: float) -> People:
    """Everybody of the CSV who follows or is a contact, the personas first and the strangers right after them."""
    rows = read_rows(path) if path.exists() else [{"openid": one, "name": name} for one, name in PERSONAS.items()]
    listed = {openid: row for row in rows if (openid := _openid_of(row))}
    people = People()
    for openid in [one for one in PERSONAS if one in listed]:
        people.customers[openid] = _row_customer(listed[openid], now)
    for openid, name in STRANGERS.items():
        people.customers[openid] = Customer(openid, name, "u" + openid[1:])
    for openid, row in listed.items():
        if openid not in people.customers:
            people.customers[openid] = _row_customer(row, now)
    return people


def read_members(path: Path) -> dict[str, Member]:
    """The staff by userid, 林悦 first when she is there."""
    rows = read_rows(path) if path.exists() else FALLBACK_STAFF
    members = [
        Member(row["userid"], row.get("name") or row["userid"], row.get("role", ""), row.get("store_code", ""))
        for row in rows
        if row.get("userid")
    ]
    members.sort(key=lambda one: one.userid != FIRST_MEMBER)
    return {one.userid: one for one in members}


def read_stores(staff: Path, members: dict[str, Member]) -> dict[str, str]:
    """Code → name of the stores: those of stores.csv beside the staff file, else those the staff works in."""
    path = staff.with_name("stores.csv")
    rows = read_rows(path) if path.exists() else []
    named = {row["code"]: row.get("name") or row["code"] for row in rows if row.get("code")}
    worked_in = {one.store: f"门店 {one.store}" for one in members.values() if one.store}
    return {**worked_in, **named}

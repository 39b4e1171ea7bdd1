"""The two hundred customers: four written by hand for demonstrations, the others drawn by habit."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sample.habits import ALLERGIES, HABITS, Habit
from sample.names import draw_name

COLUMNS = [
    "code", "name", "phone", "gender", "birthday", "birthday_calendar", "birthday_leap_month", "wedding_anniversary",
    "store_code", "advisor_userid", "openid", "unionid", "external_userid", "ring_size", "allergies", "preferences",
    "tags", "marketing_consent", "notes",
]  # fmt: skip

# The four of the demonstrations; their purchases stand in purchases.py.
_BY_HAND = """
C0001|周芸|13800001208|female|1990-08-23|lunar|no|2016-05-20|HZ01|lin.yue|oShop_zhouyun|uShop_zhouyun|wmShop_zhouyun|12|镍过敏|Akoya珍珠和古法金，日常通勤戴|老客;珍珠|yes|喜欢周六下午来，进门先喝一杯温水。珍珠戴得勤，记得提醒她看串线；耳针只推足金、18K或铂金。
C0002|徐铭|13800001128|male|1988-03-16|solar||2025-12-20|HZ01|wu.an|oShop_xuming|||17||低调的素圈，拉丝面|婚嫁;新婚||对戒是和太太一起挑的，内圈刻了婚礼日期。太太姓方，喜欢白色金属。做事干脆，消息说重点就好。
C0003|沈洁|13800001215|female|1986-07-09|solar||2012-10-06|SH01|sun.li|oShop_shenjie|||11||祖母绿，复古款，黄色K金|VIP;彩宝|no|请到里间试戴，不喜欢节日群发。祖母绿每年来检查一次，讲过不能用超声波，她很在意。
C0004|丁秀兰|13800000606|female|1955-12-30|lunar|no|1981-01-01|HZ02|zhao.min||||15||古法金，要有分量|银发;古法金;老客|yes|给外孙女备嫁妆，一次买了一对镯子，付的现金。不用小程序，有事打电话，上午十点以后。
"""

CUSTOMERS = 200
_SEEDS, _LAPSED, _NEW = 14, 26, 36  # the rest are regulars
_OPENIDS, _UNIONIDS, _CONTACTS = 137, 79, 89  # besides the four
_ADVISORS = {"lin.yue": ("HZ01", 28), "wu.an": ("HZ01", 25), "zhao.min": ("HZ02", 25), "sun.li": ("SH01", 22)}
_UNADVISED_SEEDS = 4  # followers who have only been to the store's code so far

# Of these lunar years one month came twice (year: month).
_LEAP_MONTHS = {1960: 6, 1963: 4, 1968: 7, 1971: 5, 1974: 4, 1976: 8, 1979: 6, 1982: 4, 1984: 10, 1987: 6, 1990: 5,
                1993: 3, 1995: 8, 1998: 5}  # fmt: skip
_WEDDING_SEASON = ["06-18", "08-08", "09-09", "09-19", "10-01", "10-02", "10-06"]
_WEDDING_DAYS = [*_WEDDING_SEASON, "01-01", "02-14", "03-16", "05-01", "05-20", "11-11", "11-18", "12-12"]
_WEDDING_YEARS = {"沉睡": (2024, 2024), "新客": (2026, 2026), "常客": (2024, 2026), "种子": (2026, 2026)}


@dataclass(frozen=True)
class Customer:
    """A line of customers.csv, with what decides how the customer buys."""

    row: dict[str, str]
    habit: Habit | None
    loyalty: str

    @property
    def wedding(self) -> date | None:
        """The wedding day, for couples who bought for it."""
        couple = self.habit is not None and self.habit.likes == "婚"
        day = self.row["wedding_anniversary"] if couple else ""
        return date.fromisoformat(day) if day else None


def draw_customers() -> list[Customer]:
    """All customers, C0001 first; the same at every call."""
    rng = random.Random("customers of 拾光里")
    by_hand = [dict(zip(COLUMNS, line.split("|"), strict=True)) for line in _BY_HAND.strip().splitlines()]
    loyalties = _loyalties(rng, CUSTOMERS - len(by_hand))
    notes = {habit.name: _shuffled(rng, habit.notes) for habit in HABITS}
    drawn = [_draw(rng, loyalty, notes) for loyalty in loyalties]
    for number, customer in enumerate(drawn, start=len(by_hand) + 1):
        customer.row["code"] = f"C{number:04}"
    _give_identities(rng, drawn)
    return [Customer(row, None, "常客") for row in by_hand] + drawn


def _loyalties(rng: random.Random, count: int) -> list[str]:
    some = ["种子"] * _SEEDS + ["沉睡"] * _LAPSED + ["新客"] * _NEW
    loyalties = some + ["常客"] * (count - len(some))
    rng.shuffle(loyalties)
    return loyalties


def _shuffled(rng: random.Random, notes: tuple[str, ...]) -> Iterator[str]:
    return iter(rng.sample(notes, len(notes)))


def _draw(rng: random.Random, loyalty: str, notes: dict[str, Iterator[str]]) -> Customer:
    habit = rng.choices(HABITS, weights=[habit.share for habit in HABITS])[0]
    born = rng.randint(*habit.born)
    name, pinyin = draw_name(rng, habit.gender, born)
    advisor = rng.choices(list(_ADVISORS), weights=[share for _, share in _ADVISORS.values()])[0]
    row = {
        "name": name,
        "gender": habit.gender,
        "openid": pinyin,  # the pinyin, until _give_identities decides who has which identity
        "store_code": _ADVISORS[advisor][0],
        "advisor_userid": advisor,
        "preferences": rng.choice(habit.preferences) if rng.random() < 0.6 else "",
        "tags": ";".join([loyalty, *habit.tags.split(";")[: rng.randint(1, 2)]]),
        "allergies": rng.choice(ALLERGIES) if rng.random() < 0.17 else "",
        "marketing_consent": rng.choices(["yes", "no", ""], weights=[55, 15, 30])[0],
        "notes": next(notes[habit.name], "") if loyalty != "种子" and rng.random() < 0.75 else "",
        "ring_size": _ring_size(rng, habit.gender) if rng.random() < 0.55 else "",
        "wedding_anniversary": _wedding(rng, habit, loyalty, born),
    }
    return Customer(dict.fromkeys(COLUMNS, "") | row | _birthday(rng, born), habit, loyalty)


def _ring_size(rng: random.Random, gender: str) -> str:
    return str(rng.randint(9, 16) if gender == "female" else rng.randint(16, 22))


def _birthday(rng: random.Random, born: int) -> dict[str, str]:
    if rng.random() < 0.12:
        return {}
    if rng.random() > (0.6 if born < 1972 else 0.15):
        day = date(born, 1, 1) + timedelta(days=rng.randrange(365))
        return {"birthday": day.isoformat(), "birthday_calendar": "solar"}
    leap = born in _LEAP_MONTHS and rng.random() < 0.5
    month = _LEAP_MONTHS[born] if leap else rng.randint(1, 12)
    return {
        "birthday": f"{born}-{month:02}-{rng.randint(1, 28):02}",
        "birthday_calendar": "lunar",
        "birthday_leap_month": "yes" if leap else "no",
    }


def _wedding(rng: random.Random, habit: Habit, loyalty: str, born: int) -> str:
    if habit.likes == "婚" and loyalty != "种子" and rng.random() < 0.75:
        return f"{rng.randint(*_WEDDING_YEARS[loyalty])}-{rng.choice(_WEDDING_SEASON)}"
    if habit.likes != "婚" and rng.random() < 0.4:
        return f"{min(born + rng.randint(23, 30), 2022)}-{rng.choice(_WEDDING_DAYS)}"
    return ""


def _give_identities(rng: random.Random, customers: list[Customer]) -> None:
    pinyins = _unique([customer.row["openid"] for customer in customers])
    seeds = [n for n, customer in enumerate(customers) if customer.loyalty == "种子"]
    others = rng.sample(sorted(set(range(len(customers))) - set(seeds)), len(customers) - len(seeds))
    followers = (seeds + others)[:_OPENIDS]
    phoneless = set(seeds[: _SEEDS // 2])
    for n in seeds[-_UNADVISED_SEEDS:]:
        customers[n].row["advisor_userid"] = ""
    contacts = rng.sample([n for n, customer in enumerate(customers) if customer.row["advisor_userid"]], _CONTACTS)
    united = rng.sample(followers, _UNIONIDS)
    phones = _phones(rng, len(customers))
    for n, customer in enumerate(customers):
        customer.row["openid"] = f"oShop_{pinyins[n]}" if n in followers else ""
        customer.row["unionid"] = f"uShop_{pinyins[n]}" if n in united else ""
        customer.row["external_userid"] = f"wmShop_{pinyins[n]}" if n in contacts else ""
        customer.row["phone"] = "" if n in phoneless else phones[n]


def _unique(pinyins: list[str]) -> list[str]:
    """The same words, a second 王静 as wangjing2; the four of the demonstrations are taken."""
    seen = {"zhouyun": 1, "xuming": 1, "shenjie": 1}
    unique = []
    for pinyin in pinyins:
        seen[pinyin] = seen.get(pinyin, 0) + 1
        unique.append(pinyin if seen[pinyin] == 1 else f"{pinyin}{seen[pinyin]}")
    return unique


def _phones(rng: random.Random, count: int) -> list[str]:
    """Numbers of blocks that stand in examples, so that no real person's is among them.

    Two blocks share the last four digits here and there, as in life: an advisor who searches by them finds two.
    """
    endings = rng.sample(range(2000, 10000), count - 6)
    endings += endings[:6]
    return [f"{'1390000' if n >= count - 60 else '1380000'}{ending}" for n, ending in enumerate(endings)]

"""What members of staff type about their work, and what is understood; Saturday, 21 November 2026, ten o'clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.advisor.duty_phrases import Day, Duty, is_roster, read_duty

NOW = datetime(2026, 11, 21, 10, tzinfo=ZoneInfo("Asia/Shanghai"))

# words → days off ("-") or worked ("+"): dates with hours, or weekdays after "每".
UNDERSTOOD = """
我周三休息                     - 11-25
周三我休息                     - 11-25
周三休                         - 11-25
周三我休                       - 11-25
星期三我要休息                 - 11-25
礼拜三我想请假                 - 11-25
请假：周三                     - 11-25
我周三调休                     - 11-25
我周三轮休                     - 11-25
我周三不上班                   - 11-25
我周三不在店里                 - 11-25
我周三有事请假一天             - 11-25
我明天休息                     - 11-22
我后天请一天假                 - 11-23
我大后天调休                   - 11-24
我下下周三休息                 - 12-02
我25号休息                     - 11-25
我11月25日休息                 - 11-25
12月1号我调休                  - 12-01
我12.1休假                     - 12-01
我下周一到周三请假             - 11-23 11-24 11-25
我11月25日到28日休年假         - 11-25 11-26 11-27 11-28
我12.1-12.3休假                - 12-01 12-02 12-03
我12月1日、12月2日请病假       - 12-01 12-02
25号26号休息                   - 11-25 11-26
明天后天我都休息               - 11-22 11-23
我周一周三休息                 - 11-23 11-25
我周一和周三休息               - 11-23 11-25
周三起请假三天                 - 11-25 11-26 11-27
我周三请两天假                 - 11-25 11-26
我周末休息                     - 11-21 11-22
我元旦休息                     - 01-01
我除夕休息                     - 02-05
我周二上午休息半天             - 11-24@09:00-12:00
我明天下午请假                 - 11-22@13:00-18:00
我今晚不在                     - 11-21@18:00-22:00
我今天14:00-16:00不在          - 11-21@14:00-16:00
我28号下午2点到5点请假         - 11-28@14:00-17:00
我周三三点以后请假             - 11-25@15:00-22:00
我周五六点以前不在             - 11-27@09:00-18:00
我周三上班                     + 11-25
我周三不休息                   + 11-25
周三我来上班                   + 11-25
本周日我值班                   + 11-22
我元旦照常上班                 + 01-01
我周三全天在岗                 + 11-25
我每周三休息                   - 每3
每个周三我休息                 - 每3
每星期三和星期五休息           - 每3 5
我每周一、三休息               - 每1 3
我每周一到周三休息             - 每1 2 3
我固定周二轮休                 - 每2
逢周一休                       - 每1
以后我周三不上班               - 每3
每个周末我休息                 - 每6 7
我每周三上班                   + 每3
我以后周三不休息               + 每3
"""
CASES = [line.rsplit("   ", 1)[0].strip() for line in UNDERSTOOD.strip().splitlines()]
EXPECTED = [line[len(words) :].split() for line, words in zip(UNDERSTOOD.strip().splitlines(), CASES, strict=True)]


def written(duty: Duty) -> list[str]:
    """As it stands in the table."""
    sign = "+" if duty.works else "-"
    if duty.weekdays:
        first, *others = (str(number) for number in duty.weekdays)
        return [sign, f"每{first}", *others]
    return [sign, *(day_written(one) for one in duty.days)]


def day_written(one: Day) -> str:
    hours = f"@{one.first:%H:%M}-{one.last:%H:%M}" if one.first and one.last else ""
    return f"{one.day:%m-%d}{hours}"


@pytest.mark.parametrize(("words", "expected"), list(zip(CASES, EXPECTED, strict=True)))
def test_a_sentence_about_the_roster_is_understood(words: str, expected: list[str]) -> None:
    assert is_roster(words)
    duty = read_duty(words, NOW)
    assert duty is not None
    assert written(duty) == expected


def test_there_are_enough_spellings() -> None:
    assert len(CASES) >= 50


@pytest.mark.parametrize(
    ("words", "unclear"),
    [
        ("我周三三点请假", "hours"),
        ("明天请半天假", "half"),
        ("我昨天请假", "past"),
        ("我13月1日休息", "no_day"),
        ("我2月30号请假", "no_day"),
        ("我下周请假三天", "which"),
        ("我下周休息一天", "which"),
        ("我下周请三天假", "which"),
        ("我周三到周五休息两天", "which"),
    ],
)
def test_what_is_not_said_is_asked_for(words: str, unclear: str) -> None:
    duty = read_duty(words, NOW)
    assert duty is not None
    assert (duty.unclear, duty.days) == (unclear, ())


def test_without_a_day_nothing_is_read() -> None:
    assert read_duty("我要请假", NOW) is None


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("我周三下午请假，孩子家长会", "孩子家长会"),
        ("我周四晚上请假去医院", "去医院"),
        ("我周三休息", ""),
        ("我周三要请假一天了", ""),
        ("我周三请两天假 回老家", "回老家"),
    ],
)
def test_the_reason_is_kept(words: str, note: str) -> None:
    duty = read_duty(words, NOW)
    assert duty is not None
    assert duty.note == note


@pytest.mark.parametrize(
    "words",
    [
        "周三几点上班？",
        "客户说周三休息",
        "门店周三休息吗",
        "今天真忙",
        "我周三休息可以吗",
        "她周三不在",
        "休闲款有哪些",
        "周三有预约",
        "你好",
        "预约 C0001 周三三点",
        "店里几点上班",
        "我周三休息" * 20,
    ],
)
def test_other_sentences_are_none(words: str) -> None:
    assert not is_roster(words)

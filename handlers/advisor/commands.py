"""The command words of staff that several conversations must know, and what stands behind one."""

from __future__ import annotations

import re
import unicodedata

from bot.router import CARD, Filter, command, words

COMMAND = re.compile(rf"^\s*[/／]?[^\s/／]+?(?:[\s:：,，]+|(?={CARD})|$)")

TODAY = ("今日预约", "今天预约", "今天的预约")
TOMORROW = ("明天预约", "明日预约", "明天的预约")
WEEK = ("本周预约", "这周预约", "一周预约")
NEXT_WEEK = ("下周预约",)
LOAD = ("门店预约", "预约负荷", "负荷")
BOOK = ("预约",)
MOVE = ("改约", "改预约", "改期")
CANCEL = ("取消预约", "退约")
ACCEPT = ("接受", "接受预约")
HAND_OVER = ("转给", "转约", "转给同事")
ARRIVED = ("到店", "已到店", "到了")
NO_SHOW = ("未到", "没到", "没来", "爽约")
OUTCOME = ("试戴结果", "结果")
BLOCK = ("停约",)
UNBLOCK = ("恢复", "恢复预约")
ROSTER = ("我的班表", "班表", "我的排班")
TASKS = ("任务", "我的任务")
DONE = ("完成",)

BIND_CODE = ("绑定码",)
MATCHES = ("待核对", "核对客户", "疑似同一人")
MATCH_SAME, MATCH_DIFFERENT = ("是同一人", "同一人"), ("不是同一人", "不是同一个人")
MERGE, CONFIRM_MERGE, UNMERGE = ("合并", "合并客户"), ("确认合并",), ("撤销合并", "取消合并")

# Every word with which staff begin something about who is who.
LINKING_COMMANDS = (
    *(*BIND_CODE, *MATCHES, *MATCH_SAME, *MATCH_DIFFERENT),
    *(*MERGE, *CONFIRM_MERGE, *UNMERGE),
)

DETAIL = ("详情", "全部资料", "360")
STAGE = ("阶段", "人生阶段")
RELATIVE = ("家人",)
SURPRISE = ("保密",)
TAG = ("标签", "打标签")
FIELD = ("字段",)
COMPLAINTS = ("投诉", "投诉列表", "待处理投诉")
SETTLED = ("处理完", "投诉处理完")
# Every word with which staff begin something about a customer's household or her complaints.
HOUSEHOLD_COMMANDS = (*DETAIL, *STAGE, *RELATIVE, *SURPRISE, *TAG, *FIELD, *COMPLAINTS, *SETTLED)

# Every word with which staff begin something about appointments.
APPOINTMENT_COMMANDS = (
    *(*TODAY, *TOMORROW, *WEEK, *NEXT_WEEK, *LOAD),
    *(*BOOK, *MOVE, *CANCEL, *ACCEPT, *HAND_OVER),
    *(*ARRIVED, *NO_SHOW, *OUTCOME),
    *(*BLOCK, *UNBLOCK, *ROSTER, *TASKS, *DONE),
)


def spelled(*names: str) -> Filter:
    """One of these command words, with or without a slash before it."""
    return command(*names, *(f"/{name}" for name in names))


def rest_of(text: str) -> str:
    """The words behind the first one, as they were typed but for width and outer space."""
    return COMMAND.sub("", unicodedata.normalize("NFC", text), count=1).strip()


def first_word(words: str) -> tuple[str, str]:
    """The first word and what follows it: "C0001 周六三点" → "C0001", "周六三点"."""
    first, *rest = re.split(r"[\s,，:：]+", words.strip(), maxsplit=1)
    return first, rest[0] if rest else ""


# 为什么 is a command only with the number of a card: in a talk it is said to the customer.
about_standing = spelled("分层") | words(rf"(?s)/?(?:为什么|為什麼|为啥)\S{{0,10}}?[\s:,]*{CARD}")
about_appointments = spelled(*APPOINTMENT_COMMANDS)
about_linking = spelled(*LINKING_COMMANDS)
about_households = spelled(*HOUSEHOLD_COMMANDS) | about_standing
# What begins something new even where the bot has just asked for words.
any_command = (
    about_appointments
    | about_linking
    | about_households
    | command(
        *("客户", "查", "查询", "顾客", "备注", "记", "记录", "接待", "等待", "谁在等", "待接待"),
        *("帮助", "help", "?", "菜单", "指令", "我是谁", "我", "结束", "结束对话", "结束聊天"),
        *("/客户", "/查", "/备注", "/记", "/接待", "/等待", "/帮助", "/我是谁", "/结束"),
    )
)

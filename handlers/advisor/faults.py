"""Why an answer of the shop's must not be said, in the words of whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from wording import Wording

# What `Knowledge.faults_of` says, and what staff read instead.
_TOO_LONG = re.compile(r"the (?P<part>short|long) answer has (?P<length>\d+) characters, at most (?P<most>\d+)")
_MARKDOWN = re.compile(r"the \w+ answer has markdown \('(?P<marks>.*?)'\)", re.DOTALL)
_FACT = re.compile(r"the \w+ answer names the unknown fact (?P<place>.*)", re.DOTALL)
_NEVER = re.compile(
    r"advises what it must never: (?P<quote>['\"])(?P<clause>.*?)(?P=quote) breaks the (?P<rule>.*)", re.DOTALL
)
_RULE = re.compile(r"rule of (?P<topic>\S+)")
_TAKEN = re.compile(r"'(?P<way>.*?)' is a way of (?P<title>\S+)", re.DOTALL)


def in_words(faults: Sequence[str], titles: Mapping[str, str], say: Wording) -> str:
    """One line for each fault."""
    return "\n".join(dict.fromkeys(_line(fault, titles, say) for fault in faults))


def _line(fault: str, titles: Mapping[str, str], say: Wording) -> str:
    if found := _TOO_LONG.search(fault):
        part = say("learning.part_short" if found["part"] == "short" else "learning.part_long")
        return say("learning.fault_long", part=part, length=found["length"], most=found["most"])
    if found := _MARKDOWN.search(fault):
        return say("learning.fault_markdown", marks=found["marks"].strip())
    if found := _FACT.search(fault):
        return say("learning.fault_fact", place=found["place"])
    if found := _NEVER.search(fault):
        return _forbidden(found["clause"], found["rule"], titles, say)
    if found := _TAKEN.search(fault):
        return say("learning.fault_taken", way=found["way"], title=titles.get(found["title"], found["title"]))
    return say("learning.fault_other", reason=fault)


def _forbidden(clause: str, rule: str, titles: Mapping[str, str], say: Wording) -> str:
    if found := _RULE.fullmatch(rule):
        return say("learning.fault_never", clause=clause, title=titles.get(found["topic"], found["topic"]))
    return say("learning.fault_matrix", clause=clause, rule=rule.removeprefix("matrix: "))

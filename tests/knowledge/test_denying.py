"""What a question says it is not about is left out."""

from __future__ import annotations

import pytest

from knowledge.denying import without_denied
from tests.knowledge.conftest import Ask


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("不是银的,是铂金的戒指,变灰了怎么办", "是铂金的戒指,变灰了怎么办"),
        ("没有发黄,就是脏了,珍珠怎么洗", "就是脏了,珍珠怎么洗"),
        ("我不要空心的,实心的好在哪", "实心的好在哪"),
        ("是银的不是金的,发黑怎么办", "是银的,发黑怎么办"),
        ("不是水晶是欧泊,怎么清洁", "是欧泊,怎么清洁"),
    ],
)
def test_the_denied_half_goes(question: str, left: str) -> None:
    assert without_denied(question) == left


@pytest.mark.parametrize(
    "question",
    [
        "没有小票,能退吗",
        "这个不是你们家买的,能换吗",
        "这是不是真金",
        "不是金的吗",
        "不想要了,能退吗",
        "不买东西可以免费清洗吗",
    ],
)
def test_a_denial_that_is_the_point_stays(question: str) -> None:
    assert without_denied(question) == question


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("我这个不是金的，是银的，发黑了怎么洗", "silver-tarnish"),
        ("不是翡翠，是和田玉，怎么养", "nephrite-care"),
        ("我不是要莫桑石，想问培育钻和天然钻的区别", "lab-grown"),
    ],
)
def test_what_is_meant_instead_is_answered(ask: Ask, question: str, topic: str) -> None:
    assert ask(question).topics == (topic,)

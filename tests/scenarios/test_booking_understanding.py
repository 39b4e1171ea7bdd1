"""What one message says about a visit: shop, pieces, persons, short answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm.when import When, WhenKind
from handlers.customer.appointments import answers
from handlers.customer.appointments.draft import Draft
from handlers.customer.appointments.pieces import Piece, Pieces, StyleName, pieces_in
from handlers.customer.appointments.sounding import as_called
from handlers.customer.appointments.times import names, shift_of
from handlers.customer.appointments.where import ShopName, where_in
from handlers.customer.appointments.whom import for_whom_in, occasion_in
from handlers.customer.wishes import compact

SHOPS = [
    ShopName.of(1, "拾光里珠宝·湖滨店", "杭州", "杭州市上城区平海路128号湖滨里1层106铺"),
    ShopName.of(2, "拾光里珠宝·武林店", "杭州", "杭州市拱墅区延安路519号武林天地1层A12铺"),
    ShopName.of(3, "拾光里珠宝·静安店", "上海", "上海市静安区南京西路1388号静安里2层215铺"),
]
STYLES = [
    StyleName.of(1, "GF-0001", "传承古法金手镯", "手镯"),
    StyleName.of(2, "GF-0002", "缠枝莲古法金手镯", "手镯"),
    StyleName.of(3, "GF-0005", "小葫芦古法金吊坠", "吊坠"),
    StyleName.of(4, "ZJ-0001", "足金龙凤镯（单只）", "手镯"),
    StyleName.of(5, "ZS-0001", "初见六爪钻戒", "戒指"),
    StyleName.of(6, "ZS-0004", "长相守排钻戒", "戒指"),
    StyleName.of(7, "PT-0001", "铂金六爪钻戒", "戒指"),
    StyleName.of(8, "PT-0002", "相守铂金对戒·女款", "戒指"),
    StyleName.of(9, "PT-0003", "相守铂金对戒·男款", "戒指"),
    StyleName.of(10, "ZZ-0003", "淡水珍珠项链", "项链"),
]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("湖滨店", (1,)),
        ("拾光里珠宝·湖滨店", (1,)),
        ("去武林那边的", (2,)),
        ("武林天地", (2,)),
        ("静安寺附近", (3,)),
        ("静安区的店", (3,)),
        ("南京西路那家", (3,)),
        ("还是去静安店", (3,)),
        ("上海的店", (3,)),
        ("我在杭州", (1, 2)),
        ("平海路", (1,)),
        ("到店看看", ()),
        ("你们店", ()),
    ],
)
def test_a_shop_is_known_by_name_district_street_mall_and_city(words: str, ids: tuple[int, ...]) -> None:
    assert where_in(words, SHOPS).ids == ids


@pytest.mark.parametrize(
    ("words", "called"),
    [
        ("去湖兵店", "去湖滨店"),
        ("湖宾吧", "湖滨吧"),
        ("改到精安店", "改到静安店"),
        ("胡兵店", "胡兵店"),
        ("湖边的店", "湖边的店"),
        ("娃戴金安全吗", "娃戴金安全吗"),
        ("静安还是武林", "静安还是武林"),
    ],
)
def test_a_shop_is_known_by_its_sound_when_one_character_slipped(words: str, called: str) -> None:
    assert as_called(words, SHOPS) == called


@pytest.mark.parametrize("words", ["老地方", "上次那家", "还是那家吧", "常去的店"])
def test_habit_means_the_usual_shop(words: str) -> None:
    assert where_in(words, SHOPS).usual


def test_a_shop_that_we_do_not_have_is_named() -> None:
    assert where_in("去徐汇店", SHOPS).unknown == "徐汇"
    assert where_in("离我最近的", SHOPS).near
    assert where_in("换家店", SHOPS).another


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("想试戴古法手镯", ["古法手镯"]),
        ("古法金的镯子和珍珠项链", ["古法金的镯子", "珍珠项链"]),
        ("缠枝莲手镯", [("缠枝莲古法金手镯", 2)]),
        ("gf-0001那款", [("传承古法金手镯", 1)]),
        ("看gf0005和耳环", [("小葫芦古法金吊坠", 3), "耳环"]),
        ("我妈想看龙凤镯", [("足金龙凤镯（单只）", 4)]),
        ("初见钻戒", [("初见六爪钻戒", 5)]),
        ("长相守", [("长相守排钻戒", 6)]),
        ("六爪钻戒", ["六爪钻戒"]),
        ("相守对戒", [("相守铂金对戒·女款", 8), ("相守铂金对戒·男款", 9)]),
        ("看三金", ["三金"]),
        ("翡翠", ["翡翠"]),
        ("18k金耳钉", ["18k金耳钉"]),
        ("珍珠项链", ["珍珠项链"]),
        ("什么都行", []),
    ],
)
def test_pieces_are_styles_of_the_catalogue_where_she_names_one_else_her_words(
    words: str, wanted: list[str | tuple[str, int]]
) -> None:
    found = pieces_in(compact(words), STYLES).wanted
    assert found == tuple(Piece(*one) if isinstance(one, tuple) else Piece(one) for one in wanted)


@pytest.mark.parametrize(
    ("said", "after"),
    [
        ("不看手镯了，看戒指", ["项链", "戒指"]),
        ("换成戒指", ["戒指"]),
        ("还想看看耳环", ["手镯", "项链", "耳环"]),
        ("不要项链了", ["手镯"]),
        ("看古法手镯", ["项链", "古法手镯"]),
        ("手镯", ["手镯", "项链"]),
    ],
)
def test_a_change_of_mind_changes_what_was_said_before(said: str, after: list[str]) -> None:
    before = [Piece("手镯"), Piece("项链")]
    now = pieces_in(compact(said), STYLES).applied_to(before)
    assert sorted(piece.words for piece in now) == sorted(after)


def test_at_most_six_pieces_are_kept() -> None:
    many = Pieces(wanted=tuple(Piece(f"{number}号") for number in range(9)))
    assert [piece.words for piece in many.applied_to([Piece("手镯")])] == [f"{number}号" for number in range(3, 9)]


@pytest.mark.parametrize(
    ("words", "whom"),
    [
        ("给我妈妈看的", "妈妈"),
        ("我妈", "妈妈"),
        ("送女朋友", "女朋友"),
        ("和老公一起看对戒", "两个人一起"),
        ("我和男朋友准备结婚", "两个人一起"),
        ("不是婆婆，是我妈", "妈妈"),
        ("带我妈来看", "妈妈"),
        ("老婆生日", "老婆"),
        ("我妈六十大寿", "妈妈"),
        ("给儿媳妇", "儿媳"),
        ("自己戴", "自己"),
        ("送礼", "送礼"),
        ("我们俩", "两个人一起"),
        ("给我看看戒指", ""),
        ("帮我约", ""),
        ("看看手镯", ""),
    ],
)
def test_for_whom_she_comes(words: str, whom: str) -> None:
    assert for_whom_in(words) == whom


def test_occasion_and_budget_are_kept_for_the_advisor() -> None:
    assert occasion_in("我妈六十大寿，预算两万左右") == "六十大寿，预算两万左右"
    draft = Draft()
    draft.add_words("结婚")
    draft.add_words("预算两万")
    draft.add_words("结婚")
    assert draft.words == "结婚，预算两万"


YES = "确认 好 好的 好的呀 可以 可以的 行 嗯 嗯嗯 ok 对 没问题 就这样吧 就定这个 要 要的 1 好的谢谢 👌 👍🏻 [OK]"
NO_YES = "好的，给我妈妈看的|可以晚一点吗|好看吗|不好|不可以|行不行"
GIVES_UP = (
    "算了 取消 不约了 不去了 不用了 先不约了 还是算了吧 下次再说 改天再说 再想想 没空 算了谢谢 不等了 考虑一下 那算了"
)
KEEPS_ON = "不要这个时间 不看手镯了 取消手镯看戒指 算了还是周日吧 不用珍珠的"


def test_a_yes_is_a_yes_in_many_words() -> None:
    assert [word for word in YES.split() if not answers.says_yes(word)] == []
    assert [words for words in NO_YES.split("|") if answers.says_yes(words)] == []


def test_giving_up_is_understood_and_a_change_of_mind_is_not_giving_up() -> None:
    assert [words for words in GIVES_UP.split() if not answers.gives_up(words)] == []
    assert [words for words in KEEPS_ON.split() if answers.gives_up(words)] == []


def test_other_answers_to_offered_times() -> None:
    assert all(map(answers.wants_others, ["换一批", "还有别的时间吗", "都不行", "别的时间", "换个时间"]))
    assert [answers.shift_in(words) for words in ("晚一点", "再早点", "太晚了", "有没有晚些的", "好的")] == [
        1,
        -1,
        -1,
        1,
        0,
    ]
    assert all(map(answers.wants_waiting, ["排候补吧", "我等", "有位置告诉我"]))
    assert not answers.wants_waiting("不排队")


def test_she_leaves_the_choice_to_us() -> None:
    assert all(map(answers.leaves_it_to_us, ["随便", "都可以", "你定吧", "听你的", "哪天都行"]))
    assert not answers.leaves_it_to_us("都不行")
    assert all(map(answers.wants_the_soonest, ["最早的时间", "越快越好", "尽快"]))
    assert not where_in("最近的时间", SHOPS).near


def test_a_long_row_of_one_word_costs_no_time() -> None:
    assert not answers.says_yes("好的" * 900 + "x")
    assert not answers.gives_up("算了" * 900 + "x")


@pytest.mark.parametrize(
    ("words", "minutes"),
    [("推迟一小时", 60), ("提前半个小时", -30), ("晚15分钟", 15), ("早一个半小时", -90), ("晚一点", None)],
)
def test_a_shift_is_measured(words: str, minutes: int | None) -> None:
    assert shift_of(words) == (None if minutes is None else timedelta(minutes=minutes))


def test_an_hour_alone_names_an_offered_time_and_a_day_alone_too() -> None:
    offered = datetime(2026, 11, 28, 15, tzinfo=UTC)
    three = When(WhenKind.POINT, offered - timedelta(days=3))
    assert names("三点那个", three, offered)
    assert not names("今天三点", three, offered)
    assert names("周六的", When(WhenKind.DAY, offered.date()), offered)
    afternoon = When(WhenKind.PART, offered - timedelta(days=3), offered)
    assert not names("下午", afternoon, offered)

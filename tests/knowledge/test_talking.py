"""How people talk: single words, stories, follow-ups, several questions, people who ask for a person."""

from __future__ import annotations

import pytest

from knowledge import Decision, Knowledge
from knowledge.owned import OwnedPiece
from tests.knowledge.conftest import Ask


@pytest.mark.parametrize("word", ["保养", "手镯", "珍珠", "钻石", "回收", "银"])
def test_a_single_word_is_asked_back_with_what_is_usually_meant(ask: Ask, word: str) -> None:
    answer = ask(word)
    assert answer.decision is Decision.CLARIFY
    assert len(answer.offers) == 3


def test_what_is_offered_for_a_single_word_exists(knowledge: Knowledge) -> None:
    offered = {topic for topics in knowledge._lexicon.bare.values() for topic in topics}
    assert offered <= knowledge.topics().keys()
    assert knowledge._lexicon.bare.keys() - knowledge._lexicon.kinds.keys() <= {"三金", "证件", "古法金"}


@pytest.mark.parametrize("question", ["你是真人吗", "你是机器人吗？", "真人还是机器人", "你是ai吗"])
def test_who_asks_whether_we_are_a_robot_gets_an_honest_word(ask: Ask, question: str) -> None:
    assert ask(question).small_talk == "robot"
    assert ask(question).decision is Decision.HANDOVER


@pytest.mark.parametrize("question", ["转人工", "我要和真人客服说话", "叫个活人来"])
def test_who_wants_a_person_gets_one(ask: Ask, question: str) -> None:
    assert ask(question).topics == ("human-agent",)


@pytest.mark.parametrize(
    ("story", "topic"),
    [
        (
            "早上洗澡滑了一跤，戴了八年的玉镯子磕在台阶上断成两段了，心里特别难受，还能接起来继续戴吗",
            "jade-bangle-broken",
        ),
        (
            "我奶奶有一串珍珠项链，放在盒子里二十多年了，昨天拿出来看颜色都发黄了，有没有办法让它变白一点",
            "pearl-yellow",
        ),
        ("出差回来发现两条细项链在袋子里缠成死结了，我弄了半天越弄越紧，怕扯断，有什么办法解开", "store-tangle"),
    ],
)
def test_a_story_is_answered_when_one_concern_stands_out(ask: Ask, story: str, topic: str) -> None:
    answer = ask(story)
    assert (answer.decision, answer.topics) == (Decision.ANSWER, (topic,))


@pytest.mark.parametrize(
    ("talk", "topic"),
    [
        (("翡翠怎么保养", "和田玉也一样吗"), "nephrite-care"),
        (("我的钻戒能自己洗吗", "用牙膏刷行不行", "那用洗洁精呢"), "diamond-clean"),
        (("爪镶牢固吗", "包镶呢"), "set-bezel"),
        (("戴银饰可以洗澡吗", "泡温泉呢"), "wear-hotspring"),
    ],
)
def test_a_follow_up_takes_over_only_what_it_leaves_out(ask: Ask, talk: tuple[str, ...], topic: str) -> None:
    assert ask(*talk).topics == (topic,)


@pytest.mark.parametrize(
    "talk",
    [
        ("银手镯发黑怎么办", "眼圈发黑怎么办"),
        ("戒指能改小吗", "裤子能改短吗"),
        ("翡翠怎么保养", "汽车怎么保养"),
    ],
)
def test_a_follow_up_about_another_thing_takes_over_nothing(ask: Ask, talk: tuple[str, ...]) -> None:
    assert ask(*talk).decision is not Decision.ANSWER


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        ("银镯发黑怎么洗，洗完怎么存放", ("silver-tarnish", "store-silver")),
        ("镯子想改大点顺便里面刻生日", ("bangle-adjust", "engrave")),
        ("几点关门？店在哪", ("hours", "address")),
    ],
)
def test_two_questions_are_answered_in_their_order(ask: Ask, question: str, topics: tuple[str, ...]) -> None:
    assert ask(question).topics == topics


def test_a_second_question_that_is_not_sure_is_not_dropped_in_silence(ask: Ask) -> None:
    answer = ask("翡翠镯子洗澡都不摘行吗？另外怎么串珍珠")
    assert answer.topics == ("wear-shower",)
    assert "怎么串珍珠" in answer.text.splitlines()[-1]


def test_who_asks_on_gets_more_and_then_a_person_never_the_same_again(ask: Ask) -> None:
    talk = ("珍珠项链多久换线", "你们能穿吗要多少钱", "多少钱", "多少钱")
    first, fee, more, person = (ask(*talk[: many + 1]) for many in range(4))
    assert first.topics == fee.topics == more.topics == ("pearl-restring",)
    assert "«repair_fee»" in fee.text
    assert len({first.text, fee.text, more.text}) == 3
    assert person.decision is Decision.HANDOVER


@pytest.mark.parametrize(
    ("talk", "said"),
    [
        (("翡翠能泡温泉吗", "黄金的呢"), "足金最好不要戴着泡温泉"),
        (("蓝宝石能用超声波吗", "红宝石呢", "如果有裂或者填充的呢"), "请不要用超声波清洗"),
        (("翡翠能泡温泉吗", "为什么"), "硫"),
        (("你们几点开门", "周日呢"), "营业时间"),
    ],
)
def test_a_follow_up_is_answered_in_its_first_words(ask: Ask, talk: tuple[str, ...], said: str) -> None:
    assert said in ask(*talk).text.split("\n\n")[0]


@pytest.mark.parametrize(
    "question",
    [
        "祖母绿戒指可以放超声波清洗机吗",
        "祖母绿戒指能用超声波洗不,我家有个洗眼镜那个机器",
        "欧泊放超声波里洗行不行",
        "有裂的红宝石能用超声波吗",
    ],
)
def test_what_a_stone_does_not_bear_is_said_first(ask: Ask, question: str) -> None:
    assert "请不要用超声波" in ask(question).text.split("：")[0]


@pytest.mark.parametrize("question", ["蓝宝石会不会是玻璃做的，自己看得出来吗", "链子戴没几天断了，你们能焊吗"])
def test_a_circumstance_is_no_second_question(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.decision is Decision.ANSWER
    assert "没有把握" not in answer.text


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("珍珠项链不小心沾到酒精了怎么办", "马上用清水沾湿的软布擦净"),
        ("刚才把祖母绿戒指拿去超声波洗了，要紧吗", "已经震过了，先擦干"),
        ("琥珀手串晒了一下午，怎么补救", "先移到阴凉处"),
        ("翡翠镯子不小心沾了84怎么处理", "马上用清水冲净"),
    ],
)
def test_when_it_has_happened_what_helps_now_comes_first(ask: Ask, question: str, first: str) -> None:
    assert first in ask(question).text.split("\n\n")[0]


def test_what_bears_it_needs_no_help(ask: Ask) -> None:
    assert ask("金条不小心晒了一天，要紧吗").text.startswith("不要紧，足金不怕晒")


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("去店里请你们洗洗戒指要收钱吗", "free-clean"),
        ("玛瑙手环内径怎么选", "jade-bangle-size"),
        ("绿松隔珠盘着盘着发绿，是汗吃进去了吗", "turquoise-care"),
        ("金条你们卖吗", "stock"),
    ],
)
def test_a_word_with_two_meanings_has_the_one_that_is_meant(ask: Ask, question: str, topic: str) -> None:
    assert ask(question).topics == (topic,)


@pytest.mark.parametrize(
    "question",
    [
        "戒指掉马桶里冲走了",
        "拿去你们店洗了一次轻了一克，你们是不是偷金",
        "别的牌子买的手链断了你们管修吗",
        "金色的不锈钢碗发黑了",
        "手环连不上手机",
    ],
)
def test_what_only_sounds_like_ours_is_left_to_a_person(ask: Ask, question: str) -> None:
    assert ask(question).decision is not Decision.ANSWER


def test_a_blank_may_stand_between_two_questions(ask: Ask) -> None:
    assert ask("你们几点关门 停车方便不").topics == ("hours", "address")


@pytest.mark.parametrize(
    "question",
    [
        "水晶吊灯怎么清洗",
        "戴翡翠能保平安吗",
        "黄金还会涨吗",
        "你们店长姓什么",
        "哪个牌子的黄金最好",
        "手指肿了吃什么药",
    ],
)
def test_what_is_not_ours_is_left_to_a_person(ask: Ask, question: str) -> None:
    assert ask(question).decision is Decision.HANDOVER


@pytest.mark.parametrize("question", ["红宝石多少钱", "玉镯多少钱", "珊瑚手串什么价", "银手镯多少钱"])
def test_the_price_of_a_piece_is_left_to_a_person(ask: Ask, question: str) -> None:
    assert ask(question).decision is Decision.HANDOVER


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("黄金怎么洗", "home-clean-soap"),
        ("古法金怎么洗", "home-clean-soap"),
        ("培育钻怎么洗", "diamond-clean"),
        ("珊瑚过敏怎么办", "allergy-rash"),
        ("玫瑰金能改大小吗", "resize-basic"),
        ("绿松石能回收吗", "buyback-gem"),
        ("今天黄金多少钱", "price-today"),
    ],
)
def test_the_only_entry_on_a_material_does_not_swallow_every_question_about_it(
    ask: Ask, question: str, topic: str
) -> None:
    assert topic in ask(question).topics[:2]


@pytest.mark.parametrize(
    "question",
    [
        "宝宝吞了我的金耳钉怎么办",
        "洗银水不小心进眼睛了",
        "孩子把珍珠塞鼻子里了",
        "戒指取不下来手指发紫了",
        "误喝了洗银水",
        "宝宝把耳钉吞了会不会有事啊",
        "孩子吞了一颗金豆子，我好怕，怎么办",
    ],
)
def test_who_needs_a_doctor_is_told_so_first(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert (answer.decision, answer.small_talk) == (Decision.HANDOVER, "emergency")


def test_an_emergency_is_not_over_with_the_next_message(ask: Ask) -> None:
    assert ask("孩子把我的金豆子吞下去了", "他现在没啥反应", "一岁半").small_talk == "emergency"
    assert ask("孩子把我的金豆子吞下去了", "珍珠怎么保养").topics == ("pearl-care",)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("做核磁共振要把结婚戒指摘下来吗，摘不下来", "scan"),
        ("后天剖腹产，戒指取不下来怎么办", "scan"),
        ("我老公给别的女人买了首饰，你帮我查一下他的购买记录", "somebody_else"),
        ("我女朋友在你们店买了什么能告诉我吗", "somebody_else"),
        ("我老公手机号买的能查到购买记录吗", ""),
        ("戒指卡住了摘不下来", ""),
        ("Hi, can I get my ring resized?", "english"),
        ("zhenzhu neng yong jiu jing ca ma", ""),
    ],
)
def test_some_things_go_before_any_care_answer(ask: Ask, question: str, kind: str) -> None:
    assert ask(question).small_talk == kind


@pytest.mark.parametrize("question", ["会不会被孩子误吞", "耳钉怕掉进耳朵里", "戒指卡手指取不下来", "铂金戒指发紫"])
def test_what_has_not_happened_is_no_emergency(ask: Ask, question: str) -> None:
    assert ask(question).small_talk == ""


@pytest.mark.parametrize(
    ("question", "said", "unsaid"),
    [
        ("钻石珍珠戒指能用牙膏吗", "珍珠", "钻石请不要"),
        ("K金镶珍珠能蒸汽洗吗", "珍珠", "K金"),
        ("注过油的红宝石能用酒精擦吗", "注油", "红宝石和蓝宝石可以"),
        ("充了胶的红宝石能蒸汽洗吗", "", "可以用蒸汽清洗"),
        ("银耳钉用碘伏消毒行吗", "", "素银可以"),
    ],
)
def test_the_delicate_part_decides(ask: Ask, question: str, said: str, unsaid: str) -> None:
    text = ask(question).text
    assert said in text
    assert unsaid not in text


def test_her_gold_does_not_get_the_answer_on_silver(knowledge: Knowledge, facts: dict[str, str]) -> None:
    answer = knowledge.answer("我的手镯发黑了", facts, None, [OwnedPiece("古法手镯", "手镯", "足金")])
    assert not {"silver-tarnish", "store-silver"} & set(answer.topics[:1])


def test_one_question_on_several_treatments_is_answered_for_each(ask: Ask) -> None:
    assert ask("玉镯戴着洗澡洗碗可以吗").topics == ("wear-shower", "wear-housework")
    together = ask("金项链游泳泡温泉能戴吗")
    assert "游泳" in together.text
    assert "泡温泉" in together.text


def test_what_to_do_now_is_the_longer_answer_but_in_an_emergency_the_doctor(ask: Ask) -> None:
    assert ask("蜜蜡发白了", "那怎么办").topics == ("amber-care",)
    assert ask("孩子把耳钉吞下去了", "怎么办").small_talk == "emergency"
    assert ask("蜜蜡发白了", "没事").decision is Decision.HANDOVER


def test_another_thing_is_no_follow_up(ask: Ask) -> None:
    assert ask("银手镯黑了怎么洗", "白球鞋发黄了怎么洗").decision is Decision.HANDOVER


@pytest.mark.parametrize(
    ("message", "topics"),
    [
        ("银手镯黑了怎么洗，平时怎么收", ("silver-tarnish", "store-silver")),
        ("珍珠怎么洗 怎么收", ("pearl-clean", "store-pearl")),
        ("小票不见了怎么办？另外买了五天还能退不", ("receipt-lost", "returns")),
    ],
)
def test_a_plain_second_question_is_answered_too(ask: Ask, message: str, topics: tuple[str, ...]) -> None:
    assert ask(message).topics == topics

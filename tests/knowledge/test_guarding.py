"""What a shop teaches is held to the rules, however it is worded; what forbids or tells may be said."""

from __future__ import annotations

import pytest

from knowledge import Addition, Knowledge
from knowledge.advising import clauses
from knowledge.guarding import Concern, Guard

Case = tuple[str, tuple[str, ...], str]

# Topic, askings, text; an empty text leaves what is written.
FORBIDDEN: list[Case] = [
    ("pearl-ultrasonic", (), "可以用超音波洗三分钟"),
    ("pearl-ultrasonic", (), "放进超声波里洗五分钟就好"),
    ("pearl-ultrasonic", (), "放进超 声 波里洗五分钟"),
    ("pearl-ultrasonic", (), "放进超·声·波里洗"),
    ("pearl-ultrasonic", (), "可以放進超聲波清洗"),
    ("pearl-ultrasonic", (), "\u53ef\u4ee5\u653e\u8fdb\u8d85\u200b\u58f0\u200b\u6ce2\u6e05\u6d17"),
    ("pearl-ultrasonic", (), "拿去眼镜店洗一洗就好"),
    ("pearl-ultrasonic", (), "用蒸汽机喷一下"),
    ("pearl-ultrasonic", (), "用蒸气熏一熏"),
    ("pearl-ultrasonic", (), "可以的，三分钟就好"),
    ("pearl-ultrasonic", (), "可以，放心洗"),
    ("pearl-ultrasonic", (), "没问题"),
    ("pearl-ultrasonic", (), "别担心，超声波洗就行"),
    ("pearl-ultrasonic", (), "免费用超声波给您洗珍珠"),
    ("pearl-ultrasonic", (), "用超声波洗不会伤珍珠"),
    ("pearl-ultrasonic", (), "放超声波里洗，不要超过三分钟"),
    ("pearl-ultrasonic", (), "先取下来放超声波里洗"),
    ("pearl-ultrasonic", (), "小心地放进超声波洗"),
    ("pearl-ultrasonic", (), "不建议用牙膏，但可以用超声波"),
    ("pearl-ultrasonic", (), "不要用牙膏可以用超声波洗"),
    ("pearl-ultrasonic", (), "用超生波洗就好"),
    ("pearl-ultrasonic", (), "用 chaoshengbo 洗就好"),
    ("shop-1", ("珍珠能用超声波洗吗",), "可以，拿到店里洗五分钟就好"),
    ("shop-1", ("珍珠发黄怎么办",), "拿到店里，师傅用漂白水泡一下"),
    ("pearl-clean", (), "用84消毒液擦一擦"),
    ("pearl-clean", (), "用84水泡一下就白了"),
    ("pearl-clean", (), "用漂白水洗就好"),
    ("pearl-clean", (), "用牙膏刷一刷"),
    ("pearl-clean", (), "蘸点白醋擦一擦"),
    ("pearl-clean", (), "用酒精棉片擦"),
    ("pearl-clean", (), "用洗银水泡一夜"),
    ("pearl-fake", (), "用火烧一下就知道真假"),
    ("pearl-fake", (), "拿打火机烧一下看看"),
    ("pearl-care", (), "珍珠可以多晒太阳"),
    ("pearl-care", (), "喷香水没关系，放心戴着游泳"),
    ("pearl-care", (), "洗澡泡温泉都可以戴着"),
    ("pearl-care", (), "运动健身戴着没问题"),
    ("shop-1", ("珍珠能用超声波洗吗",), "可以，放心洗"),
    ("shop-1", ("珠珠可以机洗不",), "五分钟就好"),
    ("shop-1", ("机洗能洗多久",), "三五分钟就好"),
    ("shop-1", ("首饰脏了怎么洗",), "放超声波里洗五分钟"),
    ("shop-1", ("蛋白石怎么洗",), "放到洗眼镜的机器里震一震"),
    ("shop-1", ("祖母绿脏了",), "用酒精擦一擦就亮了"),
    ("shop-1", ("蜜蜡脏了怎么洗",), "用酒精棉片擦，再用热水泡"),
    ("shop-1", ("手链发黑怎么办",), "用洗银水泡一夜就亮了"),
    ("shop-1", ("绿松石变色怎么办",), "用漂白水泡一泡"),
    ("shop-1", ("珊瑚能戴着游泳吗",), "可以的，没影响"),
    ("shop-1", ("镀银项链黑了",), "用牙膏刷刷就亮"),
    ("shop-1", ("金镶玉脏了",), "蒸汽枪冲一冲"),
    ("shop-1", ("硬金断了自己能接吗",), "用打火机烧一下再按上"),
    ("shop-1", ("珍珠发黄了怎么办",), "用双氧水泡一会儿就白了"),
    ("ultrasonic-gold", ("珍珠能用超声波洗吗",), ""),
    ("ultrasonic-gold", ("珍珠项链能放超声波里洗吗",), ""),
    ("pearl-clean", (), "超声波洗珍珠最干净"),
    ("pearl-clean", (), "珍珠耳环和黄金一样放超声波洗"),
    ("shop-1", ("珍珠脏了咋办",), "拿到眼镜店那种机器里过一下就干净了"),
    ("shop-1", ("珍珠脏了咋办",), "滴两滴84泡半小时，冲干净即可"),
    ("shop-1", ("珍珠脏了咋办",), "蘸牙膏轻轻刷"),
    ("shop-1", ("琥珀能用酒精擦吗",), "当然可以哦，随便擦"),
    ("shop-1", ("蜜蜡发白咋整",), "喷点酒精擦擦就恢复了"),
    ("shop-1", ("欧泊怎么清洁",), "超声波清洗机，每次两分钟左右"),
    ("shop-1", ("珊瑚项链能喷香水吗",), "能，直接喷没关系"),
    ("shop-1", ("祖母绿戒指不闪了",), "家用超声清洗即可恢复光泽，很安全"),
    ("shop-1", ("祖母绿可以用超声吗",), "能啊，我们一直这么洗"),
    ("shop-1", ("坦桑石怎么洗",), "蒸汽喷一下，效果好"),
    ("shop-1", ("镀金项链变黑怎么处理",), "泡洗银水里十秒拿出来"),
    ("shop-1", ("钻戒脏了",), "用漂白水泡一下再冲"),
    ("shop-1", ("K金戒指发暗",), "用牙膏擦亮"),
    ("shop-1", ("玫瑰金能戴着游泳吗",), "可以的放心戴"),
    ("shop-1", ("珍珠可以暴晒吗",), "可以，多晒晒更亮"),
    ("shop-1", ("硬金能戴着运动吗",), "能的"),
    ("shop-1", ("怎么辨别珍珠真假",), "用打火机烧三秒，没变化就是真的"),
    ("shop-1", ("紫水晶能蒸汽洗吗",), "行的，没毛病"),
    ("shop-1", ("珍珠能超声波洗吗",), "放心，不伤的"),
    ("shop-1", ("珍珠能超声波洗吗",), "短时间是可以的"),
    ("shop-1", ("珍珠能超声波洗吗",), "我们店都是这么洗的"),
    ("shop-1", ("珍珠能超声波洗吗",), "不会有问题"),
    ("shop-1", ("珍珠能超声波洗吗",), "洗吧"),
    ("shop-1", ("珍珠能超声波洗吗",), "OK"),
    ("shop-1", ("珍珠能超声波洗吗",), "👌"),
    ("shop-1", ("珍珠能超声波洗吗",), "没有不可以的"),
    ("shop-1", ("珍珠能超声波洗吗",), "谁说不行，可以洗"),
    ("shop-1", ("珍珠能超声波洗吗",), "不是不能，可以短时间洗"),
    ("pearl-care", (), "珍珠首饰每周用超 音 波清洗一次，保持亮泽"),
    ("pearl-ultrasonic", (), "其实可以，调到低档洗两分钟"),
    ("amber-care", (), "用热蒸气熏一下更亮"),
    ("shop-1", ("金镶玉能泡温泉吗",), "随便泡"),
    ("shop-1", ("珍珠戒指怎么消毒",), "75%乙醇擦拭即可"),
]
ALLOWED: list[Case] = [
    ("pearl-ultrasonic", (), "不能用超声波洗"),
    ("pearl-ultrasonic", (), "不能用超声波洗，请用软布擦三分钟。"),
    ("pearl-ultrasonic", (), "请不要 用超声波洗珍珠，也别用蒸汽。"),
    ("pearl-ultrasonic", (), "用超声波洗珍珠，会震伤珠层，千万不要。"),
    ("pearl-ultrasonic", (), "珍珠能用超声波吗？不能，拿到店里我们用软布帮您擦。"),
    ("pearl-ultrasonic", (), "已经放进超声波了，请马上取出吸干。"),
    ("pearl-ultrasonic", (), "珍珠怕震，超声波、蒸汽都不行。"),
    ("pearl-ultrasonic", (), "千萬不要放進超聲波。"),
    ("pearl-clean", (), "用微湿软布擦，别用牙膏、酒精、漂白水。"),
    ("pearl-clean", (), "网上说用白醋能变白，其实会伤珠层，请别试。"),
    ("pearl-care", (), "喷完香水等干了再戴珍珠，出汗后马上擦干。"),
    ("pearl-care", (), "珍珠怕晒，游泳前请先取下。"),
    ("pearl-care", (), "戴后用软布擦净，游泳、运动前先取下收好。"),
    ("pearl-restring", (), "本店免费换线，随到随换。"),
    ("pearl-care", (), "可以天天戴，戴完擦干就好。"),
    ("shop-1", ("店里有儿童区吗",), "有的，二楼有儿童区，孩子可以玩，店员会照看。"),
    ("shop-1", ("周末有活动吗",), "周六有瑜伽体验，欢迎来玩，海边主题的橱窗也很好看。"),
    ("shop-1", ("店里能充电吗",), "可以，前台有充电线。"),
    ("shop-1", ("能刷卡吗",), "可以的，刷卡、扫码都行。"),
    ("shop-1", ("足金项链怎么洗",), "足金可以短时间用超声波洗，三分钟就好。"),
    ("shop-1", ("首饰能用超声波洗吗",), "素金、铂金可以短时间洗；珍珠、祖母绿、翡翠请不要用超声波。"),
    ("shop-1", ("银戒指黑了",), "素银可以用擦银布擦；带珍珠的不要用洗银水。"),
    ("shop-1", ("珍珠项链可以改短吗",), "可以的，到店改短要三天。"),
    ("shop-1", ("洗首饰要多久",), "到店清洗大约十分钟，免费。"),
    ("shop-1", ("钻戒能用超声波洗吗",), "可以，镶口牢的话没问题，先到店检查一下。"),
    ("ultrasonic-gold", ("足金素圈可以上机器洗吗",), ""),
    ("pearl-care", ("珠子上头起了一层小麻麻",), ""),
    ("pearl-clean", ("珠珠脏了咋弄",), ""),
    ("pearl-ultrasonic", ("珠珠能机洗不",), ""),
    ("jade-care", ("银手镯发黑怎么办",), ""),
    ("silver-dip", ("珍珠能用洗银水吗",), ""),
    ("shop-1", ("珍珠能超声波洗吗",), "不行哦，会伤到珠层，拿软布擦就好"),
    ("shop-1", ("珍珠能超声波洗吗",), "千万别，珍珠怕震"),
    ("shop-1", ("珍珠能超声波洗吗",), "不可以。珍珠用微湿软布擦，钻石和素金才可以用超声波。"),
    ("shop-1", ("翡翠可以泡温泉吗",), "最好取下来，温泉又热又有硫。"),
    ("shop-1", ("你们洗珍珠收费吗",), "免费，店员用软布手工擦，不用超声波。"),
    ("shop-1", ("珍珠项链可以寄修吗",), "可以，请先拍照给我们，寄到后两天内回复您。"),
    ("shop-1", ("珍珠耳环能退吗",), "可以，七天内未佩戴可退。"),
    ("shop-1", ("黄金戒指能火烧验吗",), "请不要自己烧，到店我们免费检测。"),
    ("shop-1", ("银手链发黑",), "正常氧化，用擦银布擦亮即可，到店也可以免费清洗。"),
    ("shop-1", ("戴珍珠去海边行吗",), "建议取下，海水会侵蚀珠面。"),
    ("shop-1", ("珍珠项链戴着出汗了",), "没关系，马上用软布擦干，平放晾干就好。"),
    ("shop-1", ("钻戒多久洗一次",), "半年到店洗一次，顺便检查爪子。"),
    ("shop-1", ("可以分期吗",), "可以的，支持三期、六期。"),
    ("shop-1", ("黄金能用超声波洗吗",), "素金可以，镶了珍珠的不行。"),
    ("shop-1", ("珍珠送妈妈合适吗",), "很合适，妈妈们都喜欢，可以来店里挑。"),
    ("shop-1", ("你们有消毒湿巾吗",), "有的，前台有免洗洗手液。"),
    ("shop-1", ("店里热不热",), "有空调，不晒太阳，很凉快。"),
]


@pytest.mark.parametrize(("topic", "askings", "text"), FORBIDDEN)
def test_what_a_rule_forbids_is_found_in_other_words_too(
    knowledge: Knowledge, topic: str, askings: tuple[str, ...], text: str
) -> None:
    assert any("must never" in fault for fault in knowledge.faults_of(Addition(topic, askings, text=text)))


@pytest.mark.parametrize(("topic", "askings", "text"), ALLOWED)
def test_what_forbids_warns_or_has_nothing_to_do_with_it_may_be_said(
    knowledge: Knowledge, topic: str, askings: tuple[str, ...], text: str
) -> None:
    assert knowledge.faults_of(Addition(topic, askings, text=text)) == []


def test_the_long_answer_and_a_title_that_says_yes_are_held_to_the_rules_too(knowledge: Knowledge) -> None:
    asked = ("珍珠项链怎么洗",)
    assert knowledge.faults_of(Addition("shop-1", asked, "", "请来店里。", "也可以放超声波里洗五分钟。"))
    assert knowledge.faults_of(Addition("shop-1", asked, "珍珠可以用超声波洗", "请来店里。"))
    assert not knowledge.faults_of(Addition("shop-1", asked, "珍珠能用超声波洗吗", "不能，请用软布擦。"))


def test_the_rule_is_named(knowledge: Knowledge) -> None:
    by_matrix = knowledge.faults_of(Addition("shop-1", ("珊瑚脏了怎么洗",), text="用超音波洗三分钟。"))
    assert "珊瑚请不要用超声波清洗" in by_matrix[0]
    by_entry = knowledge.faults_of(Addition("pearl-restring", text="用502粘一下就牢了。"))
    assert by_entry == ["advises what it must never: '用502粘一下就牢了' breaks the rule of pearl-restring"]


def test_what_was_taught_before_hides_no_rule(knowledge: Knowledge) -> None:
    asked = ("珍珠机洗多久",)
    live = knowledge.with_overlay([Addition("shop-1", asked, text="请来店里。")])
    assert live.faults_of(Addition("shop-2", asked, text="五分钟就好。"))


def test_nearly_every_written_answer_passes(knowledge: Knowledge) -> None:
    guard = Guard(knowledge._reader, knowledge._matrix)
    refused = [
        entry.id
        for entry in knowledge.entries
        if list(
            guard.faults((entry.short, entry.long), Concern((), guard.materials_of(entry.materials), [entry], entry.id))
        )
    ]
    # Those that tell how a thing is made or works (烧蓝, 酸洗): a manager words such a sentence otherwise.
    assert len(refused) <= 8, refused


@pytest.mark.parametrize(
    ("text", "advised"),
    [
        ("不用牙膏、砂纸，用软布擦。", ["用软布擦"]),
        ("酒精、丙酮都不能碰。", []),
        ("不要用牙膏可以用软布擦", ["可以用软布擦"]),
        ("用超声波洗，会震裂。", ["会震裂"]),
        ("用超聲波洗，不會傷。", ["用超声波洗", "不会伤"]),
        ("可以洗吗？可以。", ["可以"]),
        ("用 超 声 波 洗", ["用超声波洗"]),
        ("别用开水清洗 可以用软布擦拭", ["可以用软布擦拭"]),
    ],
)
def test_only_a_clause_that_neither_forbids_nor_tells_advises(text: str, advised: list[str]) -> None:
    assert [clause.text for clause in clauses(text) if not clause.forbids] == advised

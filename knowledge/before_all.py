"""What goes before any care answer: somebody in danger, somebody else's data, a language that we don't read."""

import re

EMERGENCY = "emergency"
_SWALLOWED = re.compile(
    r"(?:吞|误食|咽|(?<![汗油水色漆灰粉])吃)(?:下|进|了|掉|到)|塞(?:进|到|在|住)?.{0,4}(?:鼻|耳朵|喉)|卡(?:在|住)?.{0,2}(?:喉|嗓|气管)"
)
_IN_THE_EYE = re.compile(
    r"(?:进|溅|弄|喷|揉)(?:到|进|入|了)*.{0,3}眼|误喝|喝(?:了|下).{0,6}(?:洗银水|清洗|清洁|药水|液)"
)
_NO_BLOOD = re.compile(r"手指.{0,8}(?:发紫|紫了|紫咧|发乌|没知觉|没感觉)|(?:发紫|没知觉).{0,8}(?:取|摘|拿|脱)不下")
# Said before it in the same clause, nobody has swallowed anything: 会不会吞, 怕误食.
_ONLY_FEARED = re.compile(r"(?:会不会|怕|担心|万一|防|容易|避免|以免)[^,?\n]*$")
# A ring that does not come off before a scan or an operation.
_SCAN = re.compile(r"核磁|磁共振|ct|手术|开刀|拍片|剖腹|麻醉")
_STUCK = re.compile(r"(?:取|摘|拿|脱|褪|弄|戴|拔|撸)不(?:下|出|掉|动)|卡住|卡在")
# Who asks what somebody else has bought.
_SOMEBODY = (
    "(?:老公|老婆|男朋友|女朋友|男友|女友|对象|前任|前夫|前妻|丈夫|妻子|先生|太太"
    "|他|她|别人|同事|闺蜜|婆婆|小三|那女的)"
)
_BOUGHT = r"(?:购买记录|消费记录|订单|买了什么|买了啥|买过什么|买过啥|花了多少|会员信息)"
_SOMEBODY_ELSE = re.compile(
    rf"(?:查|看|告诉|知道|调|打听).{{0,10}}{_SOMEBODY}.{{0,12}}{_BOUGHT}"
    rf"|{_SOMEBODY}(?:的|在你们店|在你们家|在这里|在这儿)*{_BOUGHT}.{{0,8}}(?:查|看|告诉|知道|吗|帮)"
)
_CHINESE = re.compile(r"[㐀-鿿]")
_ENGLISH = re.compile(
    r"\b(?:the|is|are|can|could|do|does|how|what|where|when|my|your|you|have|want|it|for|of|to|this|please)\b"
)
FEWEST_ENGLISH_WORDS = 2


def kind_before_all(text: str) -> str:
    """emergency, scan, somebody_else, english or nothing; `text` is normalised."""
    if _is_emergency(text):
        return EMERGENCY
    if _SCAN.search(text) and _STUCK.search(text):
        return "scan"
    if _SOMEBODY_ELSE.search(text):
        return "somebody_else"
    if not _CHINESE.search(text) and len(_ENGLISH.findall(text)) >= FEWEST_ENGLISH_WORDS:
        return "english"
    return ""


def _is_emergency(text: str) -> bool:
    """Has something happened to a person that a doctor should see first?"""
    happened = _SWALLOWED.search(text) or _IN_THE_EYE.search(text) or _NO_BLOOD.search(text)
    return happened is not None and not _ONLY_FEARED.search(text[: happened.start()])

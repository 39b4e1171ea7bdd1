"""What cannot wait for a care answer: a piece in the body, a chemical in the eye, a finger without blood."""

import re

EMERGENCY = "emergency"
_SWALLOWED = re.compile(
    r"(?:吞|误食|咽|(?<![汗油水色漆灰粉])吃)(?:下|进|了|掉|到)|塞(?:进|到|在|住)?.{0,4}(?:鼻|耳朵|喉)|卡(?:在|住)?.{0,2}(?:喉|嗓|气管)"
)
_IN_THE_EYE = re.compile(
    r"(?:进|溅|弄|喷|揉)(?:到|进|入|了)*.{0,3}眼|误喝|喝(?:了|下).{0,6}(?:洗银水|清洗|清洁|药水|液)"
)
_NO_BLOOD = re.compile(r"手指.{0,8}(?:发紫|紫了|紫咧|发乌|没知觉|没感觉)|(?:发紫|没知觉).{0,8}(?:取|摘|拿|脱)不下")
# Nobody has swallowed anything: 会不会吞, 怕误食.
_ONLY_FEARED = re.compile(r"会不会|怕|担心|万一|防|容易|避免|以免")


def is_emergency(text: str) -> bool:
    """Has something happened to a person that a doctor should see first?"""
    happened = _SWALLOWED.search(text) or _IN_THE_EYE.search(text) or _NO_BLOOD.search(text)
    return bool(happened) and not _ONLY_FEARED.search(text)

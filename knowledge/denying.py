"""What a question says it is not about: "不是银的，是铂金的" is about platinum."""

import re

_SPEAKER = r"^(?:我|我们|这|那|它|它们|这个|那个|说的|问的|想问的)*"
_DENIES = re.compile(_SPEAKER + r"(?:并?不是(?:要|想|说|问)?|并非)[^?吗么]{1,12}$")
_LACKS = re.compile(_SPEAKER + r"(?:没有?|并没有?)[^?吗么]{1,8}$")
_DECLINES = re.compile(_SPEAKER + r"不(?:想?要|考虑|买)[^?吗么]{1,8}的$")
_INSTEAD = re.compile(r"^(?:而|就|只|其实|我|我就)*(?:是|想|要|问|说的是)|^就")
_MERELY = re.compile(r"^(?:就是|只是|就|仅仅)")
# "是银的不是金的": the denial behind what is meant.
_BEHIND = re.compile(r"(?P<meant>是[^,\n?]{1,8}?)[,\s]*(?:而|并)?(?<!是)不是[^,\n?吗么]{1,6}(?=[,\n]|$)")
_TOGETHER = re.compile(r"(?<!是)不是[^,\n?是吗么]{1,5}(?=是[^不])")
_CLAUSES = re.compile(r"([,\n]+)")


def without_denied(text: str) -> str:
    """The text without what it denies, where another clause says what is meant instead."""
    *parts, last = _CLAUSES.split(_TOGETHER.sub("", _BEHIND.sub(r"\g<meant>", text)))
    clauses = [*parts[::2], last]
    kept = [clause for clause, after in zip(clauses, [*clauses[1:], ""], strict=True) if not _denied(clause, after)]
    return ",".join(kept)


def _denied(clause: str, after: str) -> bool:
    if not after:
        return False
    if _LACKS.match(clause):
        return bool(_MERELY.match(after))
    if _DECLINES.match(clause):
        return "的" in after
    return bool(_DENIES.match(clause) and _INSTEAD.match(after))

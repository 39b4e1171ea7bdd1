"""The sum that a customer asks for: so many grams of gold at the day's prices, as two more facts of the shop."""

import re
import unicodedata
from collections.abc import Mapping

# What the shop writes into them: "零售牌价每克1068元，回收价每克905元"; "普通工艺每克20至38元，古法工艺每克48至68元".
PRICES, CHARGES = "gold_price_today", "labor_fee"
_A_CHARGE = re.compile(r"(?P<craft>[一-鿿]{2,4})每克(?P<least>\d+)(?:至|到|-)(?P<most>\d+)元")
_A_GRAM = re.compile(r"(?P<back>回收[^，,。；;每]{0,6})?(?:每克|一克|元/克)\s*(?P<yuan>\d{3,4}(?:\.\d+)?)")
_WEIGHT = re.compile(
    r"(?P<number>\d+(?:\.\d+)?|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]?百|[一二两三四五六七八九半])"
    r"\s*(?:多|来|几)?(?P<unit>克(?!拉)|g(?![a-z0-9])|两(?![个条件只枚对]))"
)
_DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
# Grams in a Chinese ounce (市两).
_LIANG = 50
# Grams; more is a misreading, or a matter for the manager.
HEAVIEST = 2000


def with_sums(question: str, facts: Mapping[str, str]) -> Mapping[str, str]:
    """The facts, with `gold_sum` and `gold_sum_back` where the question names a weight and the shop its prices.

    Both are rounded to whole yuan; the first says what is added for the making.
    """
    grams = grams_in(question)
    if not grams:
        return facts
    sums = dict(facts)
    for price in _A_GRAM.finditer(facts.get(PRICES, "")):
        total = f"{grams:g}克约{grams * float(price['yuan']):.0f}元"
        if price["back"]:
            sums.setdefault("gold_sum_back", total)
        else:
            sums.setdefault("gold_sum", f"{total}，{_charges(grams, facts.get(CHARGES, ''))}")
    return sums


def _charges(grams: float, fee: str) -> str:
    named = [
        f"{one['craft']}{grams * int(one['least']):.0f}至{grams * int(one['most']):.0f}元"
        for one in _A_CHARGE.finditer(fee)
    ]
    return f"工费另加：{'，'.join(named)}" if named else "工费另加"


def grams_in(question: str) -> float:
    """The weight that a question names, in grams; 0 without one."""
    named = _WEIGHT.search(unicodedata.normalize("NFKC", question).lower())
    if named is None:
        return 0.0
    grams = _number(named["number"]) * (_LIANG if named["unit"] == "两" else 1)
    return grams if grams <= HEAVIEST else 0.0


def _number(written: str) -> float:
    if written[0].isdigit():
        return float(written)
    if written == "半":
        return 0.5
    for sign, worth in (("百", 100), ("十", 10)):
        if sign in written:
            before, _, behind = written.partition(sign)
            return _DIGITS.get(before, 1) * worth + _DIGITS.get(behind, 0)
    return _DIGITS[written]

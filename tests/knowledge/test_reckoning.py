"""So many grams at the day's price."""

from __future__ import annotations

import pytest

from knowledge.reckoning import with_sums

FACTS = {"gold_price_today": "今日门店足金零售牌价每克1068元，回收价每克905.5元，以当天门店公示为准"}


@pytest.mark.parametrize(
    ("question", "sold", "bought"),
    [
        ("30克的镯子大概多少钱", "30克约32040元", "30克约27165元"),
        ("３０ｇ多少钱", "30克约32040元", "30克约27165元"),
        ("5.5克多少", "5.5克约5874元", "5.5克约4980元"),
        ("三十克的金镯子", "30克约32040元", "30克约27165元"),
        ("十二克能卖多少", "12克约12816元", "12克约10866元"),
        ("一两黄金多少钱", "50克约53400元", "50克约45275元"),
        ("两克的小金珠", "2克约2136元", "2克约1811元"),
    ],
)
def test_a_weight_is_reckoned_at_both_prices(question: str, sold: str, bought: str) -> None:
    facts = with_sums(question, FACTS)
    assert (facts["gold_sum"], facts["gold_sum_back"]) == (f"{sold}，工费另加", bought)
    assert facts["gold_price_today"] == FACTS["gold_price_today"]


@pytest.mark.parametrize("question", ["今天金价多少", "1克拉的钻戒多少钱", "买两个戒指", "两条项链", "50000克"])
def test_without_a_weight_there_is_no_sum(question: str) -> None:
    assert with_sums(question, FACTS) == FACTS


@pytest.mark.parametrize("price", ["", "以门店公示为准", "今日回收价每克905元"])
def test_without_a_price_there_is_no_sum(price: str) -> None:
    assert "gold_sum" not in with_sums("30克多少钱", {"gold_price_today": price})


def test_what_the_making_costs_is_reckoned_too() -> None:
    facts = with_sums("30克的镯子", {**FACTS, "labor_fee": "普通工艺每克20至38元，古法工艺每克48至68元，写在标签上"})
    assert facts["gold_sum"] == "30克约32040元，工费另加：普通工艺600至1140元，古法工艺1440至2040元"

"""A line in a talk that may be a note never reaches the customer unasked."""

from __future__ import annotations

import pytest

from tests.front_door import Phone, Shop


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_may_be_a_note_is_held_back_and_goes_out_with_one_click(shop: Shop, mei: Phone, lin: Phone) -> None:
    mei.does("subscribe", EventKey="qrscene_advisor-lin.yue", Ticket="t")
    mei.says("人工")
    lin.says("接待")
    before = shop.words_for("oMei")
    for words in (
        *("备注她老公买了对戒", "備註她老公買了對戒", "【备注】老公买了对戒", "给周芸备注：老公买对戒"),
        *("周芸 备注 她老公买了", "记一下 她老公买了对戒", "保密老公的对戒", "分层周芸"),
        *("为什么周芸是银杏树", "客户徐铭是您先生吧", "处理完1 她无理取闹", "是同一人1", "备注、先别说"),
    ):
        assert "先没有发给" in lin.says(words), words
    assert "没有发" in lin.says("2")
    assert shop.words_for("oMei") == before
    lin.says("备注我写好了")
    assert "已经发给" in lin.says("1")
    assert shop.words_for("oMei")[-1] == "林悦：备注我写好了"
    lin.says("保密的包装也有")
    lin.says("您看喜欢吗")
    lin.says("1")
    assert shop.words_for("oMei")[-2:] == ["林悦：您看喜欢吗", "林悦：1"]

"""`flask customers merge` and `unmerge`."""

from __future__ import annotations

import json

import pytest

from crm.db import Sessions
from tests.commands.conftest import Flask
from tests.crm.builders import a_customer, a_line

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_merge_show_by_the_old_code_and_unmerge(flask: Flask, sessions: Sessions) -> None:
    with sessions.begin() as session:
        for code, name in (("C1", "周芸"), ("C2", "小芸")):
            a_line(session, a_customer(session, code, name), f"A-{code}")
    merged = flask("customers", "merge", "C1", "C2", "--why", "same person")
    assert merged.output == "C2 is C1 now.\nThey differ in name: C1's hold, the others are kept.\n"
    shown = json.loads(flask("customers", "show", "C2").output)
    assert (shown["customer"]["code"], len(shown["purchases"])) == ("C1", 2)
    assert flask("customers", "unmerge", "C2").output == "C2 and C1 are two again.\n"
    assert "no merge of C2" in flask("customers", "unmerge", "C2").output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("merge", "C1", "C9", "--why", "x"), "There is no customer C9."),
        (("merge", "C1", "C1", "--why", "x"), "C1 is one customer already."),
        (("merge", "C1", "C9"), "--why"),
        (("unmerge", "C1"), "There is no merge of C1 that could be undone."),
    ],
)
def test_what_can_not_be_is_one_sentence(
    flask: Flask, sessions: Sessions, words: tuple[str, ...], sentence: str
) -> None:
    with sessions.begin() as session:
        a_customer(session, "C1")
    result = flask("customers", *words)
    assert result.exit_code != 0
    assert sentence in result.output

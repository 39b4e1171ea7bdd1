"""A typed number means the line that was shown, as long as the list is open, and no longer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from bot.messages import Option
from handlers.context import plain_text
from handlers.dialogue import ASKED, NUMBERS, Dialogue, number_in
from handlers.states import MEMORY, PATIENCE, State

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ids = st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=9, unique=True)
waits = st.timedeltas(timedelta(0), timedelta(days=3))
memories = st.dictionaries(st.text(max_size=8), st.one_of(st.text(max_size=20), st.integers(), st.none()), max_size=4)


def opened(found: list[str], state: State = State.CHOOSING_TOPIC, memory: str = "{}") -> Dialogue:
    dialogue = Dialogue("", None, memory, NOW)
    dialogue.offer(state, [Option(one, one) for one in found])
    return dialogue


def later(dialogue: Dialogue, wait: timedelta) -> Dialogue:
    """The same dialogue read back from the database with the next message."""
    return Dialogue(*dialogue.written(), NOW + wait)


@given(ids, st.integers(1, 9), st.sampled_from(["{}", "第{}个", "{}.", "选{}", "我选{}号", " {} ", "{}。", "第{}项吧"]))
def test_a_number_means_its_line_in_every_spelling(found: list[str], number: int, spelling: str) -> None:
    for word in (word for word, meant in NUMBERS.items() if meant == number):
        dialogue = later(opened(found), timedelta(minutes=1))
        expected = found[number - 1] if number <= len(found) else ""
        typed = plain_text(spelling.format(word))
        if number_in(typed):  # "第2项吧" has two endings: one too many to be a bare number
            assert dialogue.numbered(typed) == expected
        else:
            assert spelling == "第{}项吧"


@given(st.text(max_size=30))
@example("0")
@example("10")
@example("12")
@example("２")
@example("二两")
@example("1" * 30)
def test_any_words_mean_a_number_from_one_to_nine_or_none(typed: str) -> None:
    assert 0 <= number_in(plain_text(typed)) <= 9
    if not set(typed) & set(NUMBERS):
        assert number_in(typed) == 0


@given(st.integers(10, 10**12))
def test_a_longer_number_is_no_choice(number: int) -> None:
    assert number_in(str(number)) == 0


@given(ids, waits, st.sampled_from(State))
@example(["a"], PATIENCE, State.CHOOSING_TOPIC)
@example(["a"], PATIENCE + timedelta(microseconds=1), State.CHOOSING_TOPIC)
@example(["a"], PATIENCE + MEMORY, State.WRITING_NOTE)
@example(["a"], PATIENCE + MEMORY + timedelta(microseconds=1), State.WRITING_NOTE)
def test_a_state_is_open_then_overdue_then_forgotten_and_never_two_at_once(
    found: list[str], wait: timedelta, state: State
) -> None:
    dialogue = later(opened(found, state), wait)
    assert (dialogue.state == state) == (wait <= PATIENCE)
    assert (dialogue.overdue == state) == (PATIENCE < wait <= PATIENCE + MEMORY)
    assert not (dialogue.state and dialogue.overdue)


@given(ids, waits)
def test_who_left_stands_nowhere_however_long_ago(found: list[str], wait: timedelta) -> None:
    dialogue = opened(found)
    dialogue.leave()
    after = later(dialogue, wait)
    assert (after.state, after.overdue, after.numbered("1")) == ("", "", "")


@given(ids, ids)
def test_a_new_list_takes_the_place_of_the_old_one(first: list[str], second: list[str]) -> None:
    dialogue = opened(first)
    dialogue.offer(State.CHOOSING_CUSTOMER, [Option(one, one) for one in second])
    after = later(dialogue, timedelta(minutes=1))
    assert [after.numbered(str(number)) for number in range(1, len(second) + 1)] == second
    assert after.numbered(str(len(second) + 1)) == ""


@given(memories, st.sampled_from(State))
def test_what_is_remembered_survives_the_database(remembered: dict[str, object], state: State) -> None:
    dialogue = Dialogue("", None, "{}", NOW)
    dialogue.memory.update(remembered)
    dialogue.enter(state, **{f"k{number}": value for number, value in enumerate(remembered.values())})
    after = later(dialogue, timedelta(0))
    # But for what she has just been asked: that is over with the next message.
    memory = {key: value for key, value in dialogue.memory.items() if key != ASKED}
    assert (*after.written()[:2], after.memory) == (*dialogue.written()[:2], memory)
    assert list(after.step.values()) == list(remembered.values())


@given(memories)
def test_forgetting_leaves_nothing(remembered: dict[str, object]) -> None:
    dialogue = opened(["a", "b"])
    dialogue.memory.update(remembered)
    dialogue.forget()
    assert dialogue.written() == ("", None, "{}")

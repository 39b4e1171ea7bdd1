"""The sentences: each one used is there, each one there is used, and what fills them stays text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from crm.models import Role
from handlers.advisor.talk import REFUSALS
from scheduler.care import RULES
from wording import PLACE, Wording, say

ROOT = Path(__file__).parent.parent
PARTS = frozenset(key.partition(".")[0] for key in say.keys())  # noqa: SIM118  not a dict
KEY = re.compile(rf"(?:{'|'.join(sorted(PARTS))})\.[a-z_]+")
SOURCES = [
    path
    for part in ("handlers", "scheduler", "knowledge", "bot", "crm", "pages")
    for path in (ROOT / part).rglob("*.py")
]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
NODES = [node for tree in TREES.values() for node in ast.walk(tree)]
IN_FSTRINGS = {id(part) for node in NODES if isinstance(node, ast.JoinedStr) for part in node.values}
LITERALS = {
    node.value
    for node in NODES
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in IN_FSTRINGS
}
# The pages' templates say their sentences themselves.
TEMPLATES = [path.read_text(encoding="utf-8") for path in (ROOT / "pages" / "templates").rglob("*.html")]
LITERALS |= {key for template in TEMPLATES for key in re.findall(r"say\([\"']([a-z_.]+)[\"']", template)}
# What the knowledge base calls the kinds of small talk; the words are the wording's.
SMALL_TALK = yaml.safe_load((ROOT / "knowledge" / "lexicon" / "small_talk.yaml").read_text(encoding="utf-8"))
HOSTILE = ["{0.__class__}", "{name}", "{shop}", "%(name)s", "\\1\\g<0>", "$name", "{{}}", "{", ""]


def sayings() -> Iterator[tuple[str, ast.Call]]:
    """Every call of `say` in the program, with where it stands."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) == "say":
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def _name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def spelled_out(call: ast.Call) -> list[str]:
    """The keys that stand in the call as they are."""
    outside_fstrings = [call.args[0]] if not isinstance(call.args[0], ast.JoinedStr) else []
    nodes = [node for argument in outside_fstrings for node in ast.walk(argument)]
    words = [str(node.value) for node in nodes if isinstance(node, ast.Constant)]
    return [key for key in words if KEY.fullmatch(key)]


def put_together(call: ast.Call) -> str:
    """The key as a pattern when it is an f-string; "" when it is none."""
    if not isinstance(call.args[0], ast.JoinedStr):
        return ""
    parts = call.args[0].values
    return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else "([a-z_]+)" for part in parts)


def places(key: str) -> set[str]:
    return set(PLACE.findall(sentence(key)))


def sentence(key: str) -> str:
    return say._sentences[key]


PATTERNS = {pattern for _, call in sayings() if (pattern := put_together(call))}
NAMED = {key for key in LITERALS if KEY.fullmatch(key)}


def is_used(key: str) -> bool:
    """Named in the program, or put together from words that stand there."""
    fills = [found.groups() for pattern in PATTERNS if (found := re.fullmatch(pattern, key))]
    return key in NAMED or any(set(words) <= LITERALS | set(Role) | set(SMALL_TALK) for words in fills)


def test_the_program_says_something() -> None:
    assert len(list(sayings())) > 80
    assert len(PATTERNS) >= 6


def test_every_sentence_named_in_the_program_is_there() -> None:
    said = {key for _, call in sayings() for key in spelled_out(call)}
    assert sorted((said | NAMED) - say.keys()) == []


@pytest.mark.parametrize("pattern", sorted(PATTERNS))
def test_what_is_put_together_leads_to_sentences(pattern: str) -> None:
    assert [key for key in say.keys() if re.fullmatch(pattern, key)]  # noqa: SIM118


def test_every_sentence_there_is_used() -> None:
    assert sorted(key for key in say.keys() if not is_used(key)) == []  # noqa: SIM118


@pytest.mark.parametrize("key", [f"advisor.{what}_{role}" for what in ("role", "scope") for role in Role])
def test_every_role_has_its_words(key: str) -> None:
    assert key in say


@pytest.mark.parametrize("kind", SMALL_TALK)
def test_every_kind_of_small_talk_has_its_words(kind: str) -> None:
    assert f"customer.{kind}" in say


@pytest.mark.parametrize("work", [work for work, _ in RULES])
def test_every_kind_of_maintenance_has_its_words(work: str) -> None:
    assert f"pushes.{work}" in say


@pytest.mark.parametrize("key", sorted(set(REFUSALS.values())))
def test_every_refusal_of_the_window_is_told_in_words_without_places(key: str) -> None:
    assert key in say
    assert places(key) == set()


def test_every_place_is_filled_and_nothing_is_handed_over_in_vain() -> None:
    faults = []
    for where, call in sayings():
        keys = [key for key in spelled_out(call) if key in say]
        given = {keyword.arg for keyword in call.keywords if keyword.arg}
        open_ended = any(keyword.arg is None for keyword in call.keywords)
        wanted: set[str] = set().union(*map(places, keys))
        missing = set() if open_ended else wanted - given
        faults += [f"{where} leaves {name} open" for name in missing]
        faults += [f"{where} hands over {name} in vain" for name in given - wanted if keys]
    assert faults == []


def filled(key: str, value: str) -> str:
    """The sentence with every place replaced, found in another way than the program does."""
    split = PLACE.split(sentence(key))
    return "".join(part if number % 2 == 0 else value for number, part in enumerate(split))


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_stays_the_text_that_it_is_in_every_sentence(value: str) -> None:
    wrong = [key for key in say.keys() if say(key, **dict.fromkeys(places(key), value)) != filled(key, value)]  # noqa: SIM118
    assert wrong == []


def test_every_sentence_has_plain_places_only() -> None:
    plain = {key: PLACE.sub("", sentence(key)) for key in say.keys()}  # noqa: SIM118
    assert [key for key, words in plain.items() if "{" in words or "}" in words] == []
    assert [key for key in plain if not sentence(key).strip()] == []


def test_a_place_that_nobody_fills_is_a_fault_not_a_gap() -> None:
    with pytest.raises(KeyError):
        say("advisor.find_line", name="周芸")
    with pytest.raises(KeyError):
        say("advisor.no_such_sentence")


def test_an_entry_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "brand.yaml").write_text("welcome: 8\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"brand\.yaml: welcome is not text"):
        Wording.load(tmp_path)


def test_the_brand_edits_a_file_and_reads_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "brand.yaml").write_text("welcome: |\n  您好，{name}\n\n", encoding="utf-8")
    assert Wording.load(tmp_path)("brand.welcome", name="{name}") == "您好，{name}"

"""The knowledge engine beside rank_bm25 and bm25s: start, time a question and memory, each in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from knowledge.evaluating import read_labelled
from knowledge.lines import FOLLOW_UP
from knowledge.loading import load_entries
from knowledge.segmenting import everyday_words

QUESTIONS = Path(__file__).parent.parent / "tests" / "knowledge" / "blind_tune.tsv"
ROWS = 100_000
# Counts in jieba's dictionary of the nouns that make one of our questions into one of another trade.
NOUN_COUNT = (300, 20_000)
# resource counts resident memory in KiB on Linux.
KIB = 1024
Answer = Callable[[str], object]


def run() -> None:
    """Print the table; every row is measured in a fresh process."""
    print("\nKnowledge: loading and time a question (seconds of processor), memory of the whole process\n")
    print(f"| engine | content | loading, CPU s | a question, CPU ms | slowest of 100, CPU ms | MB |\n|{'---|' * 6}")
    for name in CONTESTANTS:
        done = subprocess.run(
            [sys.executable, "-m", "bench.knowledge", name], capture_output=True, text=True, check=True
        )
        row = json.loads(done.stdout.splitlines()[-1])
        print(
            f"| {row['engine']} | {row['content']} | {row['loaded']:.2f} | {row['mean']:.2f} | {row['slow']:.2f} "
            f"| {row['megabytes']:.0f} |"
        )


def _shop() -> tuple[str, str, Answer]:
    from knowledge import Knowledge

    knowledge = Knowledge.load()
    return "this engine", "our entries", lambda question: knowledge.answer(question, {})


def _base() -> tuple[str, str, Answer]:
    from knowledge.base import BaseKnowledge
    from knowledge.base.rows import Topic

    base = BaseKnowledge([Topic(str(number), (text,), text) for number, text in enumerate(_rows())])
    return "this engine, `--base`", f"{ROWS:,} rows", lambda question: base.answer(question, {})


def _rank_bm25(texts: Sequence[str], content: str) -> tuple[str, str, Answer]:
    import jieba
    from rank_bm25 import BM25Okapi

    okapi = BM25Okapi([jieba.lcut(text) for text in texts])
    return "rank_bm25 with jieba", content, lambda question: okapi.get_scores(jieba.lcut(question)).argmax()


def _bm25s(texts: Sequence[str], content: str) -> tuple[str, str, Answer]:
    import bm25s
    import jieba

    retriever = bm25s.BM25()
    retriever.index([jieba.lcut(text) for text in texts], show_progress=False)

    def answer(question: str) -> object:
        return retriever.retrieve([jieba.lcut(question)], k=1, show_progress=False)

    return "bm25s with jieba", content, answer


def _ways() -> list[str]:
    return [way for entry in load_entries() for way in entry.ways]


def _rows() -> list[str]:
    """Questions of 100,000 kinds: ours, each with a noun of everyday life in it."""
    random = Random(1)
    fewest, most = NOUN_COUNT
    nouns = sorted(word for word, known in everyday_words(fewest).items() if known.noun and known.count <= most)
    ways = _ways()
    return [f"{random.choice(nouns)}{random.choice(ways)}" for _ in range(ROWS)]


CONTESTANTS: dict[str, Callable[[], tuple[str, str, Answer]]] = {
    "shop": _shop,
    "shop-rank_bm25": lambda: _rank_bm25(_ways(), "our ways of asking"),
    "shop-bm25s": lambda: _bm25s(_ways(), "our ways of asking"),
    "base": _base,
    "base-rank_bm25": lambda: _rank_bm25(_rows(), f"{ROWS:,} rows"),
    "base-bm25s": lambda: _bm25s(_rows(), f"{ROWS:,} rows"),
}


def measure(name: str) -> dict[str, object]:
    """Load one contestant and ask it every question of the tuning half, the first ten of them to warm up."""
    questions = [one.question.split(FOLLOW_UP)[-1] for one in read_labelled(QUESTIONS)]
    if name.startswith("base"):
        _rows()
    started = time.process_time()
    engine, content, answer = CONTESTANTS[name]()
    loaded = time.process_time() - started
    for question in questions[:10]:
        answer(question)
    took = []
    for question in questions:
        asked = time.process_time()
        answer(question)
        took.append((time.process_time() - asked) * 1000)
    return {
        "engine": engine,
        "content": content,
        "loaded": loaded,
        "mean": sum(took) / len(took),
        "slow": sorted(took)[int(len(took) * 0.99)],
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB,
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))

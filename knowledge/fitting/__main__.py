"""`python -m knowledge.fitting [--write] [FILE …]`: fits both sets of weights and prints, or writes, them."""

import sys
from collections.abc import Sequence
from pathlib import Path

from knowledge import weights as stored
from knowledge.askings import NOBODY, load_askings
from knowledge.evaluating import Labelled, read_labelled
from knowledge.fitting import own_entries, strange_base
from knowledge.fitting.writing import as_module
from knowledge.lexicon import shop_lexicon
from knowledge.lines import FOLLOW_UP
from knowledge.loading import load_entries
from knowledge.weighing import Scale

TESTS = Path(__file__).parents[2] / "tests" / "knowledge"
# The labelled questions that were written to tune on; of a held-out set never one.
USUAL = ("questions", "tune", "strangers_1", "strangers_2", "strangers_3")
USUAL_FILES = tuple(TESTS / f"{name}.tsv" for name in USUAL)
# The far foreign questions for bases of other trades; those of strangers are near ones, of our trade.
FAR_FILES = tuple(TESTS / f"{name}.tsv" for name in ("questions", "blind_tune", "tune"))


def fitted(files: Sequence[Path]) -> tuple[Scale, dict[str, float]]:
    """The shop's scale, from our content and these labelled questions, and the weights for strange bases."""
    entries, lexicon = load_entries(), shop_lexicon()
    plain = strange_base.weights(entries, lexicon, foreign_of(_labelled(FAR_FILES)))
    return own_entries.scale(entries, load_askings(), lexicon, _labelled(files)), plain


def _labelled(files: Sequence[Path]) -> list[Labelled]:
    return [one for file in files for one in read_labelled(file) if FOLLOW_UP not in one.question]


def foreign_of(labelled: Sequence[Labelled]) -> list[str]:
    """The questions that nobody of us answers."""
    return [one.question for one in labelled if NOBODY in one.topics]


def main(arguments: Sequence[str]) -> int:
    """Fit, then print or write."""
    files = [Path(name) for name in arguments if name != "--write"] or list(USUAL_FILES)
    source = as_module(*fitted(files))
    target = Path(str(stored.__file__))
    if "--write" in arguments:
        target.write_text(source, encoding="utf-8")
    else:
        sys.stdout.write(source)
    print(
        "the same as stored" if source == target.read_text(encoding="utf-8") else "not what is stored", file=sys.stderr
    )
    return 0


sys.exit(main(sys.argv[1:]))

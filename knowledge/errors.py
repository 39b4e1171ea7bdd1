"""What can go wrong with the content; nothing goes wrong with a question.

KnowledgeError
├── LexiconError      a line of the lexicon can't be read (a fault of the release)
├── MatrixError       the table of materials and treatments can't be read: which part
├── EntryError        an entry file or a base can't be read: which file, which line, why
└── YardstickMissing  a library to compare with is not installed
"""


class KnowledgeError(Exception):
    """Any fault of the content; no retry makes sense before the content is mended."""


class LexiconError(KnowledgeError):
    """A line of the lexicon can't be read."""


class MatrixError(KnowledgeError):
    """The table of materials and treatments can't be read."""


class EntryError(KnowledgeError):
    """An entry file or a base of questions can't be read."""


class YardstickMissing(KnowledgeError):
    """A library that the engine is compared with is not installed."""

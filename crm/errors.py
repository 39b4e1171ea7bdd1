"""What the CRM refuses, each with one sentence for whoever asked.

CrmError
├── NotFound          no such row, or none that this actor may see (the same answer for both)
├── NotAllowed        the actor may see it but not do this
├── Invalid           a value that cannot be taken: says which and why
├── SchemaOutdated    the database is older than the program
└── KeyMissing        a value is encrypted under a key that is not in DATA_KEYS
"""

from __future__ import annotations


class CrmError(Exception):
    """Base of everything this package raises; the text is one clear sentence."""


class NotFound(CrmError):
    """Nothing here, or nothing for this actor."""


class NotAllowed(CrmError):
    """Seen, but not this actor's to do."""


class Invalid(CrmError):
    """A value that cannot be taken."""


class SchemaOutdated(CrmError):
    """The database needs `make migrate` before this program may touch it."""


class KeyMissing(CrmError):
    """Encrypted under a key that was taken out of DATA_KEYS too early."""

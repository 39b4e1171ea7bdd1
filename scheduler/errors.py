"""What the scheduler refuses.

SchedulerError
├── Fenced        another scheduler acts now: nothing of this one may be written any more
└── BadRequest    an unknown job or no moment in time: one sentence for whoever asked
"""

from __future__ import annotations


class SchedulerError(Exception):
    """Base of everything this package raises; the text is one clear sentence."""


class Fenced(SchedulerError):
    """The lease went to somebody else."""


class BadRequest(SchedulerError):
    """What was asked for on the command line can't be."""

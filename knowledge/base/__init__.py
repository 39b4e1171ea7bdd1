"""Answers from another trade's questions: nothing is known of its words, everything is taken from its rows."""

from knowledge.base.engine import BaseKnowledge

__all__ = ["BaseKnowledge"]

"""Question in, answer out: care, craftsmanship and shop questions of a jeweller's customers."""

from knowledge.answers import Answer, Decision, Offer, Turn
from knowledge.checking import Fault
from knowledge.engine import Knowledge

__all__ = ["Answer", "Decision", "Fault", "Knowledge", "Offer", "Turn"]

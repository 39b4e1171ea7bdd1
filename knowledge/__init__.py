"""Question in, answer out: care, craftsmanship and shop questions of a jeweller's customers."""

from knowledge.answers import Answer, Decision, Offer, Turn
from knowledge.checking import Fault
from knowledge.engine import Knowledge
from knowledge.overlay import Addition
from knowledge.owned import OwnedPiece

__all__ = ["Addition", "Answer", "Decision", "Fault", "Knowledge", "Offer", "OwnedPiece", "Turn"]

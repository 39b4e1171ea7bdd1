"""Logistic regression by Newton's method: small, exact and the same on every run."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

# Newton's method has long arrived after this many steps on a few thousand rows.
STEPS = 30


def fit(rows: Sequence[Sequence[float]], right: Sequence[bool], shares: Sequence[float], held_back: float) -> Array:
    """The weights of the columns and, last, the bias.

    `shares` say how much each row counts; `held_back` keeps weights small that little speaks for (never the bias).
    """
    known = np.hstack([np.asarray(rows, dtype=np.float64), np.ones((len(rows), 1))])
    wanted, counts = np.asarray(right, dtype=np.float64), np.asarray(shares, dtype=np.float64)
    penalty = np.full(known.shape[1], held_back)
    penalty[-1] = 1e-9
    weights = np.zeros(known.shape[1])
    for _ in range(STEPS):
        sure = 1 / (1 + np.exp(-np.clip(known @ weights, -30, 30)))
        slope = known.T @ (counts * (wanted - sure)) - penalty * weights
        curve = (known * (counts * sure * (1 - sure))[:, None]).T @ known + np.diag(penalty)
        weights = weights + np.linalg.solve(curve, slope)
    return weights

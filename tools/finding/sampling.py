"""Knows how customers are sampled, and how finely a model is written down."""

from __future__ import annotations

import numpy as np

from tools.finding.evidence import Ints

DIGITS = 9  # of the numbers written into a model


def sample_rows(n: int, limit: int, seed: int) -> Ints:
    """Return the positions of a sample; the frame is sorted by key, so file order does not matter."""
    if n <= limit:
        return np.arange(n)
    return np.sort(np.random.default_rng([seed, 3]).choice(n, limit, replace=False))

"""A small seeded table whose rows are no people: the films that a cinema chain has shown."""

from __future__ import annotations

import numpy as np
import pandas as pd

GENRES = ("Drama", "Comedy", "Action", "Horror", "Documentary")


def films() -> pd.DataFrame:
    """600 films with their costs, takings and scores; what costs more takes more, action most of all."""
    rng = np.random.default_rng(71)
    n = 600
    genre = rng.choice(GENRES, n, p=[0.34, 0.26, 0.2, 0.12, 0.08])
    base = pd.Series(genre).map({"Drama": 14, "Comedy": 18, "Action": 62, "Horror": 9, "Documentary": 2})
    cost = np.round(base.to_numpy() * rng.lognormal(0, 0.5, n), 1)
    takings = np.round(cost * rng.lognormal(0.5, 0.7, n), 1)
    score = np.clip(rng.normal(6.4, 0.9, n) + (genre == "Documentary") * 0.7, 1.5, 9.6).round(1)
    return pd.DataFrame(
        {
            "film_id": [f"F{i:04d}" for i in range(1, n + 1)],
            "released": rng.integers(1995, 2024, n),
            "genre": genre,
            "country": rng.choice(
                ["US", "UK", "France", "India", "Japan"], n, p=[0.5, 0.17, 0.13, 0.12, 0.08]
            ),
            "running_mins": rng.normal(108, 16, n).round().astype(int),
            "budget_musd": cost,
            "takings_musd": takings,
            "score": score,
            "votes": np.round(takings * rng.lognormal(5, 0.6, n)).astype(int) + 40,
        }
    )

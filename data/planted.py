"""The plan behind the generated transactions: segments, the recipe, and who makes each transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FIRST_DAY = np.datetime64("2016-08-01")  # a Monday
PUBLIC_DAYS = 82  # 1 August to 21 October 2016


class Stream(IntEnum):
    """One independent stream of random numbers for each column or decision."""

    ROW_SEGMENT = 0
    ROW_CUSTOMER = 1
    ROW_PERSON = 2
    ROW_DATE = 3
    ROW_HOUR = 4
    ROW_NIGHT = 5
    ROW_BALANCE = 6
    ROW_AMOUNT = 7
    ROW_ROUND = 8
    ROW_NO_DOB = 9
    ROW_NO_GENDER = 10
    ROW_NO_PLACE = 11
    ROW_NO_BALANCE = 12
    ROW_ZERO = 13
    ROW_T = 14
    CONFLICT = 15
    STOP = 16
    HABIT_HOUR = 17
    HABIT_AMOUNT = 18
    DOB = 19
    PLACEHOLDER = 20
    GENDER = 21
    METRO = 22
    PLACE = 23
    BALANCE = 24
    EMPTY = 25


@dataclass(frozen=True)
class Segment:
    """One planted segment; pairs are mean and standard deviation, money in natural logs of INR."""

    name: str
    share: float
    activity: float
    balance: tuple[float, float]
    amount: tuple[float, float]
    hour: tuple[float, float]
    metro_share: float
    active_share: float = 1.0


SEGMENTS = (
    Segment("small_evening", 0.27, 1.1, (9.1, 1.15), (4.6, 0.9), (20.2, 1.7), 0.70),
    Segment("daytime_household", 0.26, 1.0, (9.85, 1.15), (6.1, 0.85), (12.7, 2.6), 0.55),
    Segment("evening_shopping", 0.20, 1.2, (10.3, 1.15), (7.0, 0.85), (19.6, 1.9), 0.75),
    Segment("large_daytime", 0.11, 0.9, (12.6, 1.2), (8.5, 1.1), (14.0, 2.6), 0.70),
    Segment("near_empty", 0.16, 0.6, (4.7, 1.7), (5.3, 1.1), (16.0, 2.5), 0.40, 0.6),
)
PERSONAL_SKEW = 1.0  # within a segment the busiest customers buy e times as often as the quietest


@dataclass(frozen=True)
class Recipe:
    """What to generate: with the same recipe come the same bytes.

    Args:
        rows: Number of transactions.
        seed: Seed of every random choice.
        repeat: Mean transactions of a customer who occurs at all; the public file has 1.186.
        days: Length of the period; 82 also copies the thin last weeks of the public file.
        conflict: Share of CustomerIDs whose rows belong to different people.
    """

    rows: int
    seed: int = 7
    repeat: float = 1.186
    days: int = PUBLIC_DAYS
    conflict: float = 0.98

    def __post_init__(self) -> None:
        """Refuse recipes that cannot be carried out."""
        if self.rows < 1 or self.days < 1 or not 0 <= self.conflict <= 1:
            raise ValueError("rows and days must be at least 1, and conflict between 0 and 1")
        if self.repeat < 1.01:
            raise ValueError("repeat must be at least 1.01: some customers have to come back")


def uniform(seed: int, stream: Stream, keys: Keys) -> Floats:
    """Return one number strictly between 0 and 1 for each key, the same for the same seed and stream.

    Source: the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    """
    salt = np.random.SeedSequence([seed, stream]).generate_state(1, np.uint64)[0]
    bits = mix(keys + salt)
    return ((bits >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53


def mix(keys: Keys) -> Keys:
    """Scramble 64-bit integers one to one."""
    bits: Keys = (keys + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


def normal(seed: int, stream: Stream, keys: Keys) -> Floats:
    """Return one standard normal number for each key."""
    values: Floats = ndtri(uniform(seed, stream, keys))
    return values


def per_segment(values: Sequence[float], segment: Ints) -> Floats:
    """Return each row's value of a segment parameter."""
    of_row: Floats = np.asarray(values, dtype=np.float64)[segment]
    return of_row


def segment_bounds(recipe: Recipe) -> Ints:
    """Return the first customer number of each segment and the end, so that ``repeat`` comes out on average.

    Customers are drawn with replacement from a population; its size is solved for by bisection.
    """
    share = np.array([s.share for s in SEGMENTS])
    draws = recipe.rows * row_shares()
    position = (np.arange(64) + 0.5) / 64  # quietest to busiest customers, on a grid
    weight = PERSONAL_SKEW * np.exp(-PERSONAL_SKEW * position) / (1 - np.exp(-PERSONAL_SKEW))
    low, high = recipe.rows / recipe.repeat / 2, recipe.rows * 200.0
    for _ in range(80):
        size = (low + high) / 2
        rates = (draws / (size * share))[:, None] * weight
        seen = float((size * share * (1 - np.exp(-rates)).mean(axis=1)).sum())
        low, high = (size, high) if seen < recipe.rows / recipe.repeat else (low, size)
    sizes = np.maximum(np.rint(high * share), 1).astype(np.int64)
    return np.concatenate([[0], np.cumsum(sizes)])


def row_shares() -> Floats:
    """Return the share of transactions made by each segment."""
    volume: Floats = np.array([s.share * s.activity for s in SEGMENTS])
    shares: Floats = volume / volume.sum()
    return shares


def draw_customers(recipe: Recipe, rows: Keys, bounds: Ints) -> tuple[Ints, Ints]:
    """Return the customer and the segment of each row."""
    segment = np.searchsorted(np.cumsum(row_shares())[:-1], uniform(recipe.seed, Stream.ROW_SEGMENT, rows))
    draw = uniform(recipe.seed, Stream.ROW_CUSTOMER, rows)
    position = -np.log1p(-draw * (1 - np.exp(-PERSONAL_SKEW))) / PERSONAL_SKEW
    size = np.diff(bounds)[segment]
    customer = bounds[segment] + np.minimum((position * size).astype(np.int64), size - 1)
    return customer, segment


def draw_people(recipe: Recipe, rows: Keys, customer: Keys) -> Keys:
    """Return who made each transaction: the customer, or somebody else on each row where ids conflict."""
    shared = uniform(recipe.seed, Stream.CONFLICT, customer) < recipe.conflict
    person = (uniform(recipe.seed, Stream.ROW_PERSON, rows) * 2**32).astype(np.uint64) + np.uint64(1)
    return mix(customer) + np.where(shared, person, np.uint64(0))

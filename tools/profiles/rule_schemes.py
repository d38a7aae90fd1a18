"""Knows what the rules of a segmentation are: conditions, coverage, purity, fidelity."""

from __future__ import annotations

from dataclasses import dataclass

from tools.selecting import Condition


@dataclass(frozen=True)
class SegmentRule:
    """How one segment reads.

    Attributes:
        alternatives: One of these lists of conditions must hold in full; empty where no simple rule
            finds the segment.
        after: Names of segments that come first; customers in them are not in this one.
        coverage: Part of the segment's customers that the rule finds, 0 to 1.
        purity: Part of the customers the rule finds that are in the segment, 0 to 1.
        n_found: Customers the rule finds.
        exact: The segment is made of this very rule.
    """

    alternatives: tuple[tuple[Condition, ...], ...]
    after: tuple[str, ...]
    coverage: float
    purity: float
    n_found: int
    exact: bool = False


@dataclass(frozen=True)
class RuleLeaf:
    """One leaf of the surrogate tree.

    Attributes:
        path: The questions on the way, each with its answer, in order.
        segment: Position of the segment that is most frequent in it.
        n_customers: Customers in it.
        purity: Part of them that are in that segment, 0 to 1.
    """

    path: tuple[Condition, ...]
    segment: int
    n_customers: int
    purity: float


@dataclass(frozen=True)
class RuleScheme:
    """Rules of all segments together.

    Attributes:
        rules: One for each segment, in order.
        fidelity: Part of all customers that the rules put where the segmentation puts them, 0 to 1.
        exact: Every segment is made of these very conditions.
        n_fitted: Customers the rules were read off.
        leaves: Leaves of the surrogate tree, for drawing.
    """

    rules: tuple[SegmentRule, ...]
    fidelity: float
    exact: bool
    n_fitted: int
    leaves: tuple[RuleLeaf, ...] = ()

"""Verdicts on planted pairs come out right, and fairness finds what was planted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from tests.planted_customers import planted, with_centres, with_rules, workspace_of
from tests.test_profiling import numbers_without_a_fact
from tools.core import Workspace
from tools.errors import ToolError
from tools.profiles.rule_text import condition
from tools.segments.comparing import compare_segments, overlap
from tools.segments.comparing_segmentations import adjusted_rand, compare_segmentations
from tools.segments.editing import merge_segments
from tools.segments.fairness import check_fairness
from tools.segments.rules import RuleSegment, segment_by_rules
from tools.segments.tiers import segment_by_value


@pytest.fixture(scope="module")
def ruled() -> Workspace:
    return with_rules(planted())


def cut_at_random(workspace: Workspace) -> Workspace:
    """Cut everybody in two by a number that has nothing to do with anything else."""
    table = workspace.table
    frame = workspace.engine.collect(workspace.engine.frame(table.name))
    frame["luck"] = np.random.default_rng(3).normal(size=len(frame))
    again = workspace_of(
        frame, {"customer": "customer_key", "balance": "balance", "spend": "amount"}, grain="customers"
    )
    made = segment_by_rules(
        again, [RuleSegment(name="Lucky", where=[condition("luck", "above", 0)])], "Unlucky"
    )
    assert made.workspace is not None
    return made.workspace


def test_really_different_segments_are_told_apart_by_what_did_not_make_them(ruled: Workspace) -> None:
    result = compare_segments(ruled, "Night owls", "everyone else")
    assert result.headline.startswith("**Yes**, Night owls and Everyone else are really different")
    assert "age" in result.headline
    assert numbers_without_a_fact(result) == []


def test_a_random_cut_is_seen_through() -> None:
    result = compare_segments(cut_at_random(planted()), "1", "2")
    assert result.headline.startswith("**Only where they were cut**")
    assert "merge Lucky and Unlucky" in " ".join(result.findings)


def test_a_segment_is_not_compared_with_itself(ruled: Workspace) -> None:
    with pytest.raises(ToolError, match="Both are Savers"):
        compare_segments(ruled, "1", "savers")


def test_adjusted_rand_agrees_with_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.integers(0, 4, 500), rng.integers(0, 3, 500)
    other[:200] = one[:200] % 3
    counts = np.zeros((4, 3), dtype=np.int64)
    np.add.at(counts, (one, other), 1)
    assert adjusted_rand(counts) == pytest.approx(adjusted_rand_score(one, other), abs=1e-12)
    assert adjusted_rand(np.diag([3, 4, 5])) == 1.0


def test_overlap_of_the_same_and_of_distant_values() -> None:
    values = np.random.default_rng(0).normal(size=4000)
    assert overlap(values, values) == pytest.approx(1.0)
    assert overlap(values, values + 100) == 0.0


def test_two_segmentations_are_compared_with_a_recommendation(ruled: Workspace) -> None:
    both = segment_by_value(ruled, quantiles=4, name="Quarters").workspace
    assert both is not None
    result = compare_segmentations(both, "rules", "quarters")
    assert "I would use **" in result.headline
    assert "bound to explain more" in " ".join(result.findings)
    assert numbers_without_a_fact(result) == []
    cross = result.tables[1]
    assert cross.rows[-1][-1] == 1600
    with pytest.raises(ToolError, match="Both are"):
        compare_segmentations(both, "rules", "rules")


def test_versions_of_one_segmentation_can_be_compared() -> None:
    first = with_centres(planted(), ["balance", "night_share"], 3)
    second = with_centres(first, ["balance", "night_share"], 2)
    result = compare_segmentations(second, "version 1", "Segments version 2")
    assert "**Segments version 1** and **Segments version 2**" in result.headline


def test_fairness_finds_age_and_clears_sex(ruled: Workspace) -> None:
    result = check_fairness(ruled)
    assert "associated with age" in result.headline
    by_sex = next(finding for finding in result.findings if finding.startswith("By sex"))
    assert "keeps the four-fifths rule" in by_sex
    assert "Equal Credit Opportunity Act" in " ".join(result.findings)
    assert any("night share for age" in finding for finding in result.findings)
    assert numbers_without_a_fact(result) == []


def test_fairness_needs_a_protected_attribute() -> None:
    frame = pd.DataFrame({"who": [f"c{i}" for i in range(40)], "spend": np.arange(40.0)})
    workspace = workspace_of(
        frame, {"who": "customer_key", "spend": "amount"}, grain="customers", amount="spend"
    )
    made = segment_by_value(workspace, quantiles=2).workspace
    assert made is not None
    with pytest.raises(ToolError, match="no sex, age"):
        check_fairness(made)


def test_a_version_is_compared_with_the_one_before(ruled: Workspace) -> None:
    with pytest.raises(ToolError, match="no version before"):
        compare_segmentations(ruled, "previous version", "current version")
    merged = merge_segments(ruled, ["1", "2"]).workspace
    assert merged is not None
    result = compare_segmentations(merged, "previous version", "current version")
    assert "version 1" in result.headline and "version 2" in result.headline

"""Edits change what was asked and nothing else, and every one can be taken back."""

from __future__ import annotations

import json

import pytest

from tests.planted_customers import planted, with_centres, with_rules
from tools.core import Segmentation, Workspace
from tools.errors import ToolError
from tools.segments.editing import merge_segments, move_boundary, rename_segment, split_segment
from tools.segments.segmented import recounted, segmented
from tools.segments.tiers import segment_by_value
from tools.segments.versions import (
    list_segmentations,
    redo_segmentation,
    restore_version,
    undo_segmentation,
    use_segmentation,
)


@pytest.fixture
def ruled() -> Workspace:
    return with_rules(planted())


def after(result: object) -> Workspace:
    workspace = getattr(result, "workspace", None)
    assert isinstance(workspace, Workspace)
    return workspace


def names(workspace: Workspace) -> list[str]:
    assert workspace.segmentation is not None
    return [segment.name for segment in workspace.segmentation.segments]


def version(workspace: Workspace) -> int:
    assert workspace.segmentation is not None
    return workspace.segmentation.version


def test_rename_keeps_everything_else(ruled: Workspace) -> None:
    result = rename_segment(ruled, "night owls", "  Late   shoppers ")
    edited = after(result)
    assert names(edited) == ["Savers", "Late shoppers", "Everyone else"]
    assert names(ruled) == ["Savers", "Night owls", "Everyone else"]
    assert version(edited) == 2
    assert (segmented(edited).position == segmented(ruled).position).all()
    with pytest.raises(ToolError, match="already the name"):
        rename_segment(ruled, "night owls", "SAVERS")
    with pytest.raises(ToolError, match="1 to 60"):
        rename_segment(ruled, "night owls", " ")


def test_merge_joins_sizes_and_says_what_it_hides(ruled: Workspace) -> None:
    result = merge_segments(ruled, ["1", "night"], "Special")
    edited = after(result)
    assert names(edited) == ["Special", "Everyone else"]
    assert edited.segmentation is not None and ruled.segmentation is not None
    first = ruled.segmentation.segments
    assert edited.segmentation.segments[0].size == first[0].size + first[1].size
    assert recounted(edited, edited.segmentation).segments[0].size == first[0].size + first[1].size
    assert "balance" in result.findings[0] or "night share" in result.findings[0]
    with pytest.raises(ToolError, match="two different"):
        merge_segments(ruled, ["Savers", "1"])
    with pytest.raises(ToolError, match="everybody in it"):
        merge_segments(ruled, ["1", "2", "3"])


def test_split_of_a_merged_segment_finds_the_parts_again(ruled: Workspace) -> None:
    merged = after(merge_segments(ruled, ["Savers", "Night owls"], "Special"))
    result = split_segment(merged, "Special", 2)
    edited = after(result)
    assert edited.segmentation is not None
    parts = segmented(edited)
    assert len(parts.segments) == 3
    truth = segmented(ruled).position
    largest = max(
        float((truth[parts.position == i] == 0).mean()) for i in range(3) if (parts.position == i).sum() > 50
    )
    assert largest > 0.97
    assert "more separate than cutting one cloud" in result.findings[0]
    assert (
        Segmentation.from_json(json.loads(json.dumps(edited.segmentation.to_json()))) == edited.segmentation
    )


def test_split_of_one_cloud_says_so(ruled: Workspace) -> None:
    result = split_segment(ruled, "Everyone else", 2)
    assert "Nothing in the data asks for this cut" in result.findings[0]
    with pytest.raises(ToolError, match="too few"):
        tiny = after(segment_by_value(ruled, "balance", top_shares=[0.5]))
        split_segment(tiny, "1", 4)


def test_moving_a_boundary_of_a_rule_changes_the_rule(ruled: Workspace) -> None:
    edited = after(move_boundary(ruled, "Savers", "balance", 200_000))
    placed = segmented(edited)
    balances = placed.numbers("balance")
    assert ((placed.position == 0) == (balances > 200_000)).all()


def test_moving_a_boundary_of_clusters_exchanges_customers_with_the_neighbour() -> None:
    workspace = with_centres(planted(), ["balance", "night_share"], 3, ["A", "B", "C"])
    before = segmented(workspace)
    assert workspace.segmentation is not None
    richest = max(range(3), key=lambda i: float(before.numbers("balance")[before.position == i].mean()))
    name = before.segments[richest].name
    edited = after(move_boundary(workspace, name, "balance", 150_000))
    placed = segmented(edited)
    inside = placed.position == richest
    assert placed.numbers("balance")[inside].min() >= 150_000
    assert edited.segmentation is not None
    assert edited.segmentation.n_customers == workspace.segmentation.n_customers
    with pytest.raises(ToolError, match="No segment lies higher"):
        move_boundary(workspace, name, "balance", 1e9)


def test_undo_and_redo_walk_the_versions(ruled: Workspace) -> None:
    second = after(rename_segment(ruled, "1", "Rich"))
    third = after(merge_segments(second, ["Rich", "Night owls"]))
    back = after(undo_segmentation(third))
    assert names(back) == names(second)
    told = undo_segmentation(third).headline
    assert told.startswith(
        "Undone: merged Rich and Night owls. You are back on version 2 of “Rules” with 3 seg"
    )
    assert names(after(undo_segmentation(third, 2))) == names(ruled)
    assert names(after(redo_segmentation(back))) == names(third)
    with pytest.raises(ToolError, match="nothing to redo"):
        redo_segmentation(third)
    with pytest.raises(ToolError, match="nothing to undo"):
        undo_segmentation(ruled)


def test_an_edit_after_an_undo_keeps_the_other_branch(ruled: Workspace) -> None:
    second = after(rename_segment(ruled, "1", "Rich"))
    branch = after(rename_segment(after(undo_segmentation(second)), "1", "Wealthy in balance"))
    assert version(branch) == 3
    assert names(after(undo_segmentation(branch))) == names(ruled)
    assert names(after(restore_version(branch, 2))) == names(second)
    with pytest.raises(ToolError, match="no version 9"):
        restore_version(branch, 9)


def test_several_segmentations_live_side_by_side(ruled: Workspace) -> None:
    both = after(segment_by_value(ruled, "balance", quantiles=4, name="Quarters"))
    assert both.current == "Quarters"
    assert names(after(undo_segmentation(both))) == names(ruled)
    assert undo_segmentation(both).headline.startswith(
        "Undone: the 4 segments of “Quarters” (tiers by balance). You are back on version 1 of “Rules”"
    )
    switched = after(use_segmentation(both, "rules"))
    assert switched.current == "Rules"
    listed = list_segmentations(switched)
    assert {row[0]: row[-1] for row in listed.tables[0].rows} == {"Rules": "current", "Quarters": "kept"}
    with pytest.raises(ToolError) as caught:
        use_segmentation(both, "personas")
    assert set(caught.value.choices) == {"Rules", "Quarters"}


def test_edits_need_segments() -> None:
    with pytest.raises(ToolError, match="There are no segments yet"):
        rename_segment(planted(), "1", "x")

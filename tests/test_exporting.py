"""Exports hold every customer and run nothing; a saved segmentation comes back the same."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from tests.planted_customers import planted, with_centres, with_rules, workspace_of
from tools.core import Segment, Workspace
from tools.customers.exporting import (
    apply_segmentation,
    export_customers,
    holds_segmentation,
    load_segmentation,
    save_segmentation,
    starts_a_formula,
    with_baseline,
)
from tools.customers.offering import export_segments
from tools.errors import ToolError
from tools.over_time.new_customers import score_customers
from tools.segments.segmented import segmented
from tools.segments.tiers import segment_by_value


@pytest.fixture(scope="module")
def ruled() -> Workspace:
    return with_rules(planted())


def hostile() -> Workspace:
    frame = pd.DataFrame(
        {
            "who": ["=cmd|' /C calc'!A0", "@SUM(A1)", "c3", "-5", "+49 30 1234"],
            "spend": [-1.5, 2.0, 3.0, 4.0, 5.0],
            "note": ["ok", "\t=1+1", "a=b", None, "plain"],
        }
    )
    workspace = workspace_of(
        frame, {"who": "customer_key", "spend": "amount"}, grain="customers", amount="spend"
    )
    made = segment_by_value(workspace, thresholds=[3.0], names=["=HYPERLINK(1)"]).workspace
    assert made is not None
    return made


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_every_customer_is_written_once(ruled: Workspace, tmp_path: Path, suffix: str) -> None:
    written = export_customers(ruled, tmp_path / f"customers{suffix}")
    read = pd.read_csv(written.path) if suffix == ".csv" else pd.read_parquet(written.path)
    assert written.n_customers == len(read) == 1600
    assert list(read.columns[:3]) == ["customer", "segment", "confidence"]
    placed = segmented(ruled)
    assert read["segment"].value_counts().to_dict() == {
        segment.name: segment.size for segment in placed.segments
    }


def test_excel_opens_as_a_workbook_with_definitions(ruled: Workspace, tmp_path: Path) -> None:
    written = export_customers(ruled, tmp_path / "customers.xlsx")
    with zipfile.ZipFile(written.path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count("<row ") == 1601
    assert "Customers" in names and "About" in names


def test_cells_that_start_a_formula_are_neutralised(tmp_path: Path) -> None:
    written = export_customers(hostile(), tmp_path / "x.csv")
    read = pd.read_csv(written.path, dtype=str)
    cells = [value for column in read for value in read[column].dropna()]
    assert not any(starts_a_formula(value) for value in cells)
    assert written.n_neutralised == 3 + 1 + 3  # three keys, one note, three customers of the named segment
    assert "-1.5" in cells and "-5" in cells  # numbers stay numbers
    typed = pd.read_parquet(export_customers(hostile(), tmp_path / "x.parquet").path)
    assert "@SUM(A1)" in set(typed["who"])


def test_unknown_formats_and_missing_segments_are_told(ruled: Workspace, tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="ends in .csv, .xlsx or .parquet"):
        export_customers(ruled, tmp_path / "x.docx")
    with pytest.raises(ToolError, match="There are no segments yet"):
        export_customers(planted(), tmp_path / "x.csv")


def test_a_saved_segmentation_comes_back_the_same(tmp_path: Path) -> None:
    workspace = with_centres(planted(), ["balance", "night_share"], 3)
    assert workspace.segmentation is not None
    save_segmentation(workspace.segmentation, tmp_path / "s.json")
    loaded = load_segmentation(tmp_path / "s.json")
    assert loaded == workspace.segmentation
    applied = apply_segmentation(planted(), loaded)
    assert (segmented(applied).position == segmented(workspace).position).all()


def test_a_frozen_model_is_applied_to_other_customers(ruled: Workspace, tmp_path: Path) -> None:
    assert ruled.segmentation is not None
    applied = apply_segmentation(planted(seed=9), ruled.segmentation)
    assert applied.segmentation is not None
    balances = segmented(applied).numbers("balance")
    assert applied.segmentation.segments[0].size == int((balances > 50_000).sum())
    other = workspace_of(
        pd.DataFrame({"who": ["a", "b"], "spend": [1.0, 2.0]}), {"who": "customer_key"}, grain="customers"
    )
    with pytest.raises(ToolError, match="needs balance and night_share"):
        apply_segmentation(other, ruled.segmentation)


def test_segments_that_were_empty_come_back_with_customers(ruled: Workspace) -> None:
    low = segment_by_value(
        planted(), "balance", thresholds=[1e9, 50_000], names=["Huge", "Large", "Usual"]
    ).workspace
    assert low is not None and low.segmentation is not None
    assert [segment.name for segment in low.segmentation.segments] == ["Large", "Usual"]
    back = apply_segmentation(planted(), low.segmentation)
    assert back.segmentation is not None
    assert back.segmentation.segments[-1] == Segment(
        3, "Huge", (0,), 0, 0.0, rule="balance at least 1,000,000,000 EUR", value_share=0.0
    )


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", json.dumps({"format": "customer segmentation", "format_version": 9})]
)
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(ToolError):
        load_segmentation(path)


def test_saved_segments_measure_drift_without_the_customers_they_were_made_from(tmp_path: Path) -> None:
    workspace = with_centres(planted(), ["balance", "night_share"], 3)
    save_segmentation(with_baseline(workspace), tmp_path / "segments.json")
    assert holds_segmentation(tmp_path / "segments.json")
    assert "c0001" not in (tmp_path / "segments.json").read_text()  # counts, and nobody's row
    saved = load_segmentation(tmp_path / "segments.json")
    same = score_customers(apply_segmentation(planted(), saved))
    assert next(fact.value for fact in same.facts if fact.name == "largest_psi") == 0
    assert next(fact.value for fact in same.facts if fact.name == "scores_can_be_used") is True
    moved = planted()
    everybody = moved.engine.collect(moved.engine.frame("shop"))
    numbers = [name for name in saved.features if pd.api.types.is_numeric_dtype(everybody[name])]
    roles = {one.name: one.role for one in moved.table.columns}
    for name in numbers:
        everybody[name] = everybody[name] * 1000 + 1e6
    other = workspace_of(everybody, roles, grain="customers", amount=moved.table.amount)
    told = score_customers(apply_segmentation(other, saved))
    assert "should not be put into these segments" in told.headline
    written = export_customers(apply_segmentation(other, saved), tmp_path / "far.csv")
    assert set(pd.read_csv(written.path)["segment"]) == {"(no segment)"}


def test_a_file_is_offered_for_the_customers_and_for_the_segments(ruled: Workspace) -> None:
    offered = export_segments(ruled, file_format="xlsx")
    assert [file.name for file in offered.files] == ["customers.xlsx"]
    assert "are ready as an Excel file" in offered.headline
    assert [file.name for file in export_segments(ruled, what="segments").files] == ["segments.json"]

"""Knows how customers and segmentations leave the house as files, and how a segmentation comes back."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tools.core import Json, Segment, Segmentation, Workspace
from tools.customers.features import customers
from tools.customers.on_demand import in_memory
from tools.errors import ToolError
from tools.over_time.scoring import baseline_of, score
from tools.profiles.slides import carded
from tools.segments.assigning import columns_of
from tools.segments.segmented import Segmented, all_segmented, recounted, require
from tools.wording import listing

FORMAT, FORMAT_VERSION = "customer segmentation", 1
FORMATS = (".csv", ".xlsx", ".parquet")
EXCEL_ROWS = 1_048_576
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NOWHERE = "(no segment)"


@dataclass(frozen=True)
class Export:
    """What was written.

    Attributes:
        path: The file.
        n_customers: Rows.
        columns: Columns, in order.
        n_neutralised: Cells that would have started a formula and now start with an apostrophe.
    """

    path: Path
    n_customers: int
    columns: tuple[str, ...]
    n_neutralised: int


def export_customers(workspace: Workspace, path: Path) -> Export:
    """Write every customer with segment, confidence and features; the ending decides the format.

    Raises:
        ToolError: If there are no segments, the format is unknown or the table is too long for Excel.
    """
    placed = all_segmented(workspace, require(workspace))
    suffix = path.suffix.casefold()
    if suffix not in FORMATS:
        raise ToolError(
            f"Customers cannot be written as {suffix or 'a file without an ending'}.",
            f"Use a file name that ends in {listing(FORMATS, 'or')}.",
        )
    table = customers_with_segments(_nearby(workspace, placed))
    if suffix == ".xlsx" and len(table) >= EXCEL_ROWS:
        raise ToolError(
            f"Excel holds {EXCEL_ROWS - 1:,} customers and there are {len(table):,}.", "Use CSV or Parquet."
        )
    neutralised = 0
    if suffix != ".parquet":  # Parquet is typed: nothing in it is ever taken for a formula
        table, neutralised = neutral(table)
    if suffix == ".csv":
        _write_csv(table, path)
    elif suffix == ".xlsx":
        _write_excel(table, placed, path)
    else:
        table.to_parquet(path, index=False)
    return Export(path, len(table), tuple(str(name) for name in table.columns), neutralised)


def _nearby(workspace: Workspace, placed: Segmented) -> Segmented:
    """Take customers far from every saved segment out of them, where saved segments were applied."""
    saved = placed.segmentation.evidence.get("baseline")
    if not saved or saved["reach"] is None:
        return placed
    far = score(workspace, placed.segmentation, float(saved["reach"])).far
    return replace(placed, position=np.where(far, -1, placed.position))


def customers_with_segments(placed: Segmented) -> pd.DataFrame:
    """Return one row a customer: key, segment, confidence, features; sorted by key."""
    names = np.array([*(segment.name for segment in placed.segments), NOWHERE], dtype=object)
    taken = {name: f"{name} (data)" for name in ("segment", "confidence") if name in placed.customers}
    table = in_memory(placed.customers).rename(columns=taken)
    key = str(table.columns[0])
    table = table[[key, *(name for name in table.columns if name != key)]].copy()
    table.insert(1, "segment", pd.Series(names[placed.position], index=table.index, dtype="str"))
    table.insert(2, "confidence", np.round(placed.confidence, 6))
    return table


def neutral(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Put an apostrophe before texts and column names that a spreadsheet would run as a formula.

    Source: OWASP, CSV injection.
    """
    changed, n = table.copy(deep=False), 0
    for position, name in enumerate(table.columns):
        series = table.iloc[:, position]
        if pd.api.types.is_numeric_dtype(series) or pd.api.types.is_datetime64_any_dtype(series):
            continue
        distinct = {value: f"'{value}" for value in series.dropna().unique() if starts_a_formula(value)}
        if distinct:
            n += int(series.isin(list(distinct)).sum())
            changed[name] = series.map(lambda value, known=distinct: known.get(value, value))
    named = {name: f"'{name}" for name in changed.columns if starts_a_formula(name)}
    return changed.rename(columns=named), n + len(named)


def starts_a_formula(value: Any) -> bool:
    """Tell whether a spreadsheet would read a text as a formula; plain negative numbers are none."""
    if not isinstance(value, str) or not value.startswith(_STARTS_A_FORMULA):
        return False
    try:
        float(value)
    except ValueError:
        return True
    return False


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    import pyarrow as pa
    from pyarrow import csv  # thirty times faster than pandas on a million customers

    arrow = pa.Table.from_pandas(table, preserve_index=False)
    csv.write_csv(arrow, str(path), csv.WriteOptions(quoting_style="needed"))


def _write_excel(table: pd.DataFrame, placed: Segmented, path: Path) -> None:
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("Customers")
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, [str(name) for name in table.columns], bold)
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
        columns = [_cells(table.iloc[:, position]) for position in range(table.shape[1])]
        for i, row in enumerate(zip(*columns, strict=True), start=1):
            for j, value in enumerate(row):
                if value is not None:
                    sheet.write(i, j, value)
        about = book.add_worksheet("About")
        about.set_column(0, 1, 40)
        for i, row in enumerate(_about(placed)):
            about.write_row(i, 0, row, bold if i == 0 else None)


def _cells(series: pd.Series[Any]) -> list[Any]:
    """Return a column as plain values, None where missing."""
    if pd.api.types.is_datetime64_any_dtype(series):
        return [None if pd.isna(value) else value.to_pydatetime() for value in series]
    if pd.api.types.is_bool_dtype(series):
        return [None if pd.isna(value) else bool(value) for value in series]
    if pd.api.types.is_numeric_dtype(series):
        numbers = series.to_numpy(dtype=np.float64, na_value=np.nan).tolist()
        return [None if value != value else value for value in numbers]
    return [None if pd.isna(value) else str(value) for value in series]


def _about(placed: Segmented) -> list[tuple[str, ...]]:
    made = placed.segmentation
    rows: list[tuple[str, ...]] = [("Segment", "Rule", "Customers", "Share of customers, %")]
    rows += [
        (_safe(one.name), _safe(one.rule), str(one.size), f"{100 * one.share:.2f}") for one in made.segments
    ]
    rows += [
        ("",),
        ("Segmentation", _safe(made.name)),
        ("Method", _safe(made.method)),
        ("Version", str(made.version)),
    ]
    rows += [("Counted to", made.reference_date or "no date"), ("",), ("Column", "Definition")]
    rows += [(_safe(name), _safe(one.definition)) for name, one in placed.definitions.items()]
    return rows


def _safe(text: str) -> str:
    return f"'{text}" if starts_a_formula(text) else text


def save_segmentation(segmentation: Segmentation, path: Path) -> None:
    """Write a segmentation as JSON that `load_segmentation` reads; nothing in it can run."""
    document = {"format": FORMAT, "format_version": FORMAT_VERSION, "segmentation": segmentation.to_json()}
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def with_baseline(workspace: Workspace) -> Segmentation:
    """Return the current segmentation with counts of its customers, so that a later file can be compared."""
    segmentation = require(workspace)
    if "baseline" in segmentation.evidence:  # it was saved before: it stands on those customers
        return segmentation
    kept = baseline_of(segmentation, score(workspace, segmentation)).to_json()
    return replace(segmentation, evidence={**segmentation.evidence, "baseline": kept})


def holds_segmentation(path: Path) -> bool:
    """Tell whether a file is a segmentation that was saved here."""
    if path.suffix.casefold() != ".json" or not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as file:
        return f'"format": "{FORMAT}"' in file.read(200)


def load_segmentation(path: Path) -> Segmentation:
    """Read a segmentation that was saved here.

    Raises:
        ToolError: If the file is not one, or comes from a newer version.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ToolError(
            f"{path.name} does not hold a segmentation.", "Use a JSON file saved here."
        ) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ToolError(f"{path.name} does not hold a segmentation.", "Use a JSON file saved here.")
    if int(document.get("format_version", 0)) > FORMAT_VERSION:
        raise ToolError(f"{path.name} was saved by a newer version of this program.", "Update the program.")
    return Segmentation.from_json(document["segmentation"])


def apply_segmentation(workspace: Workspace, segmentation: Segmentation) -> Workspace:
    """Put these customers into the segments of a saved segmentation, its model unchanged.

    Raises:
        ToolError: If columns are missing.
    """
    frame = customers(workspace)
    known = {frame.key, *(column.name for column in frame.table.columns)}
    lacking = sorted(columns_of(segmentation) - known)
    if lacking:
        raise ToolError(
            f"“{segmentation.name}” needs {listing(lacking)}, which these data do not have.",
            "Use data with the same columns, or make new segments.",
        )
    whole = replace(
        segmentation,
        segments=tuple(
            replace(one, summary="") for one in (*segmentation.segments, *_empty_segments(segmentation))
        ),
        note=f"applied the saved segmentation {segmentation.name}",
        parent=None,
        reference_date=customers(workspace).reference_date,
    )
    counted = recounted(workspace, whole)
    if counted.n_customers == 0:
        raise ToolError(f"No customer falls into a segment of “{segmentation.name}”.", "Make new segments.")
    return workspace.with_segmentation(carded(workspace, counted))


def _empty_segments(segmentation: Segmentation) -> list[Segment]:
    """Bring back segments that held nobody when the segmentation was made; here somebody may be in them."""
    empty: list[Json] = segmentation.evidence.get("empty_segments", [])
    held = {leaf for one in segmentation.segments for leaf in one.leaves}
    first = max((one.key for one in segmentation.segments), default=-1) + 1
    back = [one for one in empty if one["leaf"] not in held]
    return [Segment(first + i, str(one["name"]), (int(one["leaf"]),), 0, 0.0) for i, one in enumerate(back)]

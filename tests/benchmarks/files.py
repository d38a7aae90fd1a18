"""Cells right against what was meant, for every kind of nasty file and for the public dirty ones.

Run with `uv run python -m tests.benchmarks.files [FOLDER OF csv-spectrum]`.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from tests.nasty import KINDS, NastyFile
from tests.nasty.scoring import read_back, score
from tools.errors import ToolError
from tools.files.loading import load

SPECTRUM = Path(__file__).parents[2].parent / "shared" / "data" / "dirty_csv" / "csv-spectrum"
TARGET_PCT = 99.0
Row = tuple[
    str, int, int, int, int, int
]  # kind, files, refused as meant, cells meant, cells right, by pandas


def main(arguments: Sequence[str]) -> None:
    """Print the table, and every file of which a cell is wrong."""
    rows = [_kind(name, [file for make in makers for file in make()]) for name, makers in KINDS.items()]
    spectrum = Path(arguments[0]) if arguments else SPECTRUM
    if spectrum.is_dir():
        rows.append(_spectrum(spectrum))
    else:
        print("csv-spectrum is not there: left out")
    kinds, *numbers = zip(*rows, strict=True)
    rows.append(("all", *(sum(each) for each in numbers)))  # type: ignore[arg-type]
    print(f"{'kind':34}{'files':>6}{'refused':>8}{'cells':>9}{'right':>9}{'share':>8}{'pandas':>8}")
    for kind, files, refused, meant, right, plain in rows:
        shares = [f"{100 * n / meant:.2f}%" if meant else "" for n in (right, plain)]
        print(f"{kind:34}{files:>6}{refused:>8}{meant:>9,}{right:>9,}{shares[0]:>8}{shares[1]:>8}")
    print(f"goal: {TARGET_PCT:g}% of cells right, every other file refused in one sentence")


def _kind(name: str, files: Sequence[NastyFile]) -> Row:
    refused = meant = right = plain = 0
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            right_here, meant_here, wrong = score(file, Path(folder))
            plain += _by_pandas(file, Path(folder) / file.name)
            right, meant = right + right_here, meant + meant_here
            refused += bool(file.refused) and not wrong
            if wrong:
                print(f"{file.name}: {'; '.join(wrong)[:200]}")
    return name, len(files), refused, meant, right, plain


def _by_pandas(file: NastyFile, path: Path) -> int:
    """Count the cells that pandas reads as they were meant, by its reader for the ending and no option."""
    readers = {".xlsx": pd.read_excel, ".json": pd.read_json, ".parquet": pd.read_parquet}
    reader = readers.get(path.suffix, pd.read_csv)
    if len(file.tables) != 1:
        return 0
    try:
        frame = pd.read_csv(path, sep="\t") if path.suffix == ".tsv" else reader(path)
    except Exception:  # noqa: BLE001 - whatever it raises, it has not read the file
        return 0
    return sum(_same(frame[name], cells) for name, cells in file.tables[0].items() if name in frame)


def _same(column: pd.Series, cells: Sequence[object]) -> int:
    from tests.nasty.scoring import cells_right

    read = [str(each) if hasattr(each, "__len__") else each for each in column.astype(object).tolist()]
    return cells_right(read, cells) if len(read) == len(cells) else 0


def _spectrum(folder: Path) -> Row:
    """Compare with what csv-spectrum says that each of its files holds, as text."""
    meant = right = plain = 0
    names = sorted(path.stem for path in (folder / "csvs").glob("*.csv"))
    for name in names:
        raw = (folder / "json" / f"{name}.json").read_bytes()
        said = json.loads(raw.decode("utf-8", "replace"))
        wanted = said if isinstance(said, list) else [said]
        cells = [value for record in wanted for value in record.values()]
        meant += len(cells)
        try:
            workspace = load([folder / "csvs" / f"{name}.csv"])
        except ToolError as error:
            print(f"{name}: {error}")
            continue
        frame = read_back(workspace, next(iter(workspace.tables)))
        right += sum(map(_alike, frame.to_numpy().ravel().tolist(), cells))
        workspace.engine.close()
        try:
            read = pd.read_csv(folder / "csvs" / f"{name}.csv")
        except (ValueError, UnicodeDecodeError):
            continue
        plain += sum(map(_alike, read.astype(object).to_numpy().ravel().tolist(), cells))
    return "csv-spectrum", len(names), 0, meant, right, plain


def _alike(read: Any, wanted: str) -> bool:
    if pd.isna(read):
        return wanted == ""
    text = str(int(read)) if isinstance(read, float) and read.is_integer() else str(read)
    signs = (("\r\n", "\n"), ("\ufffd", "°"), (" 00:00:00", ""))
    for sign, other in signs:
        text, wanted = text.replace(sign, other), wanted.replace(sign, other)
    return text == wanted


if __name__ == "__main__":
    main(sys.argv[1:])

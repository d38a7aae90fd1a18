"""Measures what a file costs at 1, 10 and 50 million rows: loading, memory, questions and segmentation.

Each figure stands beside that of DuckDB or of plain pandas in the same run, every program in a process of its
own. Processor seconds tell the work that is done, whatever else the machine does; elapsed ones, the wait.

Run with `uv run python -m tests.benchmarks.size [--rows 1000000 10000000 50000000] [--folder FOLDER]`. With
`--folder` what was measured is kept there too, size by size, and the table shows all sizes; `--out` writes it
to a file, as `tests/benchmarks/sizes.md` was.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.size_programs import PROGRAMS, QUESTIONS, SEGMENT

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1_000_000, 10_000_000, 50_000_000)
SEGMENTED_UP_TO = 10_000_000
PARQUET_UP_TO = 50_000_000
GOALS = {"load": 1.5, "memory": 2.0, "question": 3.0, "segment": 60.0}  # times, GB, seconds, seconds
PANDAS_GB = 12  # memory that plain pandas may have
PHASES = {"load": "loading", "questions": "loading and questions", "all": "segmentation too"}
INTRODUCTION = (
    "# What a file costs at any size",
    "",
    "Written by `python -m tests.benchmarks.size --folder FOLDER --out tests/benchmarks/sizes.md`. Times",
    "are processor seconds, then in brackets the seconds elapsed on two cores, where nothing else was to run",
    "(a step that took longer than its processor seconds had other work beside it). Each program",
    "runs in a process of its own, one after the other; the first question, which reads what every answer",
    "needs, is not timed. Segmenting is k-means on six features for plain pandas, which tests nothing and",
    "explains nothing.",
    "",
)
Result = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One line of the table: what was done, what it took here and elsewhere, the ratio, what it should."""

    rows: int
    what: str
    ours: str
    other: str
    times: str = ""
    goal: str = ""


def main(arguments: Sequence[str] | None = None) -> None:
    """Generate the files, run every program on them and print one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.size", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=SIZES)
    parser.add_argument(
        "--folder", type=Path, help="keeps the generated files, and uses those that are there"
    )
    parser.add_argument("--parquet-up-to", type=int, default=PARQUET_UP_TO, help="rows")
    parser.add_argument("--out", type=Path, help="Markdown file to write the table to")
    parser.add_argument("--segment-up-to", type=int, default=SEGMENTED_UP_TO, help="rows")
    parser.add_argument("--pandas-gb", type=float, default=PANDAS_GB, help="memory that pandas may have")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sizes-") as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        found = {}
        for rows in chosen.rows:
            parquet = rows <= chosen.parquet_up_to
            found[rows] = measured(rows, folder, rows <= chosen.segment_up_to, chosen.pandas_gb, parquet)
            if chosen.folder is None:
                for path in folder.iterdir():
                    path.unlink()
            else:
                kept(folder, rows).write_text(json.dumps(found[rows]), encoding="utf-8")
        for path in folder.glob(kept(folder, "*").name):
            found[int(path.stem.split("_")[1])] = json.loads(path.read_text(encoding="utf-8"))
    lines = table({rows: found[rows] for rows in sorted(found)})
    print("\n".join(lines))
    if chosen.out:
        chosen.out.write_text("\n".join([*INTRODUCTION, *lines, ""]), encoding="utf-8")


def kept(folder: Path, rows: int | str) -> Path:
    """Return the file that keeps what was measured at one size."""
    return folder / f"measured_{rows}.json"


def measured(
    rows: int, folder: Path, segmented: bool, pandas_gb: float = PANDAS_GB, parquet: bool = True
) -> dict[str, Result]:
    """Run every program on generated files of one size; return what each told, by its name."""
    csv = generated(rows, folder)
    asked = [*QUESTIONS, SEGMENT] if segmented else [*QUESTIONS]
    found = {
        "duckdb csv": run("duckdb", csv),
        "ours csv": run("ours", csv, *asked),
        "pandas": run("pandas", csv, *asked, memory_gb=pandas_gb),
    }
    if parquet:
        columns = csv.with_suffix(".parquet")
        if not columns.exists():
            run("parquet", csv)
        found |= {"duckdb parquet": run("duckdb", columns), "ours parquet": run("ours", columns)}
    return found


def generated(rows: int, folder: Path) -> Path:
    """Return a CSV file of so many transactions, made unless it is there."""
    csv = folder / f"transactions_{rows}.csv"
    if not csv.exists():
        command = [sys.executable, "-m", "data.generate", "--rows", str(rows), "--out", str(csv)]
        subprocess.run(command, cwd=ROOT, check=True)
    return csv


def run(program: str, path: Path, *asked: str, memory_gb: float = 0) -> Result:
    """Run a program on a file in a process of its own; what it told, or `{"failed": why}`."""
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.size_programs",
        program,
        str(path),
        str(memory_gb),
        *asked,
    ]
    assert program in PROGRAMS
    print(f"{program} on {path.name}", file=sys.stderr, flush=True)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    told: Result = {key: value for line in lines for key, value in line.items()}
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["stopped by the system"]
        told["failed"] = last[0][:80] if memory_gb else done.stderr[-2000:]
    shown = {key: value for key, value in told.items() if key not in ("answers", "sizes")}
    print(f"  {json.dumps(shown)}", file=sys.stderr, flush=True)
    return told


def table(found: dict[int, dict[str, Result]]) -> list[str]:
    """Return the lines of a Markdown table, each figure beside DuckDB's or pandas' and its goal."""
    lines = [
        line
        for rows, results in found.items()
        for line in [*_loading(rows, results), *_asked(rows, results), *_memory(rows, results)]
    ]
    lines += _growth(found)
    texts = [("rows", "what", "here", "beside it", "times as much", "goal")]
    texts += [(f"{each.rows:,}", each.what, each.ours, each.other, each.times, each.goal) for each in lines]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    texts.insert(1, tuple("-" * width for width in widths))
    return [
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
        for row in texts
    ]


def _seconds(told: Result, what: str) -> str:
    if what not in told:
        return f"cannot: {told['failed']}" if "failed" in told else "not run"
    elapsed, processor = told[what]
    return f"{processor:.2f} s ({elapsed:.1f} s)"


def _times(ours: Result, other: Result, what: str) -> str:
    """Return how many times the processor seconds of another program something takes here."""
    if what not in ours or what not in other:
        return ""
    return f"{ours[what][1] / max(other[what][1], 0.001):.2f}"


def _loading(rows: int, results: dict[str, Result]) -> list[Line]:
    lines = []
    for kind in (kind for kind in ("csv", "parquet") if f"ours {kind}" in results):
        mine, own = results[f"ours {kind}"], results[f"duckdb {kind}"]
        beside, goal = f"DuckDB {_seconds(own, 'load')}", f"{GOALS['load']} times DuckDB"
        lines.append(
            Line(rows, f"load {kind}", _seconds(mine, "load"), beside, _times(mine, own, "load"), goal)
        )
    mine, plain = results["ours csv"], results["pandas"]
    beside = f"pandas {_seconds(plain, 'load')}"
    return [*lines, Line(rows, "load csv", _seconds(mine, "load"), beside, _times(mine, plain, "load"))]


def _asked(rows: int, results: dict[str, Result]) -> list[Line]:
    mine, plain = results["ours csv"], results["pandas"]
    lines = []
    for what in (*QUESTIONS, SEGMENT):
        goal = f"{GOALS['segment' if what == SEGMENT else 'question']:.0f} s elapsed"
        if what in mine or "failed" in mine:
            beside, times = f"pandas {_seconds(plain, what)}", _times(mine, plain, what)
            lines.append(Line(rows, what, _seconds(mine, what), beside, times, goal))
    return lines


def _memory(rows: int, results: dict[str, Result]) -> list[Line]:
    lines = []
    for when, named in PHASES.items():
        peaks = {name: told.get("peak_gb", {}).get(when) for name, told in results.items()}
        mine, plain = peaks["ours csv"], peaks["pandas"]
        if mine is None:
            continue
        beside = f"pandas {plain:.2f} GB" if plain else "pandas not run"
        if when == "load":
            beside += f", DuckDB {peaks['duckdb csv']:.2f} GB"
        times = f"{mine / plain:.2f}" if plain else ""
        goal = f"{GOALS['memory']:.0f} GB"
        lines.append(Line(rows, f"peak memory, {named}", f"{mine:.2f} GB", beside, times, goal))
    return lines


def _growth(found: dict[int, dict[str, Result]]) -> list[Line]:
    """Processor seconds for a million rows, which stay the same where time grows linearly."""
    lines = []
    for rows, results in found.items():
        mine = results["ours csv"]
        each = {what: mine[what][1] / rows * 1e6 for what in ("load", SEGMENT) if what in mine}
        each["questions"] = sum(mine[what][1] for what in QUESTIONS if what in mine) / rows * 1e6
        told = ", ".join(f"{what} {seconds:.2f} s" for what, seconds in each.items())
        own = results["duckdb csv"]["load"][1] / rows * 1e6
        lines.append(Line(rows, "a million of the rows", told, f"DuckDB load {own:.2f} s"))
    return lines


if __name__ == "__main__":
    main()

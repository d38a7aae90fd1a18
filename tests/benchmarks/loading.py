"""Time from a file to a described data set, beside the database's own reading of the same file, and pandas'.

Processor seconds tell the work that is done, whatever else the machine does; elapsed ones, the wait.

Run with `uv run python -m tests.benchmarks.loading [FILE]`; without one, 1,048,567 rows are generated.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import duckdb
import pandas as pd

from tools.files.loading import load
from tools.understanding.describing import describe_data

T = TypeVar("T")
ROUNDS = 5
TARGET = 1.5


def clocks() -> tuple[float, float]:
    """Elapsed and processor seconds up to now."""
    return time.perf_counter(), time.process_time()


def since(started: tuple[float, float]) -> tuple[float, float]:
    """Elapsed and processor seconds since then."""
    now = clocks()
    return now[0] - started[0], now[1] - started[1]


def own_reading(path: Path, database: Path | None) -> tuple[float, float]:
    """Seconds of the database's CREATE TABLE AS SELECT * FROM read_csv, with its own guesses."""
    connection = duckdb.connect(str(database) if database else ":memory:")
    started = clocks()
    connection.execute("CREATE TABLE t AS SELECT * FROM read_csv(?)", [str(path)])
    seconds = since(started)
    connection.close()
    return seconds


def ours(path: Path, database: Path | None) -> tuple[float, float]:
    """Seconds to load, and to describe what was loaded."""
    started = clocks()
    workspace = load([path], database)
    describe_data(workspace)
    seconds = since(started)
    workspace.engine.close()
    return seconds


def plain_pandas(path: Path) -> tuple[float, float]:
    """Seconds of pandas' read_csv and describe, which prove no date and find nothing wrong."""
    started = clocks()
    pd.read_csv(path).describe(include="all")
    return since(started)


def alternating(path: Path, in_file: bool) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Measure both in turn, so that a busy machine slows both alike."""

    def fresh(measure: Callable[[Path, Path | None], T]) -> T:
        with tempfile.TemporaryDirectory() as folder:
            return measure(path, Path(folder) / "data.db" if in_file else None)

    fresh(ours)  # imports and file cache
    return [(fresh(own_reading), fresh(ours)) for _ in range(ROUNDS)]


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "generated.csv"
        if not path.exists():
            command = [sys.executable, "-m", "data.generate", "--rows", "1048567", "--out", str(path)]
            subprocess.run(command, check=True)
        size = path.stat().st_size / 2**20
        print(f"{path.name}, {size:.0f} MB, best and median of {ROUNDS} rounds; target {TARGET}")
        print(f"{'storage':<10}{'':<12}{'database':>10}{'ours':>8}{'best':>8}{'median':>8}")
        for name, in_file in (("memory", False), ("file", True)):
            rounds = alternating(path, in_file)
            for place, what in enumerate(("elapsed", "processor")):
                pairs = [(own[place], mine[place]) for own, mine in rounds]
                base, mine = (min(column) for column in zip(*pairs, strict=True))
                ratio = statistics.median(mine / own for own, mine in pairs)
                print(f"{name:<10}{what:<12}{base:>9.2f}s{mine:>7.2f}s{mine / base:>8.2f}{ratio:>8.2f}")
        elapsed, processor = plain_pandas(path)
        print(f"pandas' read_csv and describe: {elapsed:.2f} s elapsed, {processor:.2f} s of a processor")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
        print(f"peak memory {peak:.0f} MB, everything in one process")


if __name__ == "__main__":
    main()

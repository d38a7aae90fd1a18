"""Time from a file to a described data set, beside the database's own reading of the same file.

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

from tools.files.loading import load
from tools.understanding.describing import describe_data

T = TypeVar("T")
ROUNDS = 5
TARGET = 1.5


def own_reading(path: Path, database: Path | None) -> float:
    """Seconds of the database's CREATE TABLE AS SELECT * FROM read_csv, with its own guesses."""
    connection = duckdb.connect(str(database) if database else ":memory:")
    started = time.perf_counter()
    connection.execute("CREATE TABLE t AS SELECT * FROM read_csv(?)", [str(path)])
    seconds = time.perf_counter() - started
    connection.close()
    return seconds


def ours(path: Path, database: Path | None) -> tuple[float, float]:
    """Seconds to load, and to describe what was loaded."""
    started = time.perf_counter()
    workspace = load([path], database)
    loaded = time.perf_counter()
    describe_data(workspace)
    described = time.perf_counter()
    workspace.engine.close()
    return loaded - started, described - loaded


def alternating(path: Path, in_file: bool) -> list[tuple[float, float, float]]:
    """Measure both in turn, so that a busy machine slows both alike."""

    def fresh(measure: Callable[[Path, Path | None], T]) -> T:
        with tempfile.TemporaryDirectory() as folder:
            return measure(path, Path(folder) / "data.db" if in_file else None)

    fresh(ours)  # imports and file cache
    return [(fresh(own_reading), *fresh(ours)) for _ in range(ROUNDS)]


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "generated.csv"
        if not path.exists():
            command = [sys.executable, "-m", "data.generate", "--rows", "1048567", "--out", str(path)]
            subprocess.run(command, check=True)
        size = path.stat().st_size / 2**20
        print(f"{path.name}, {size:.0f} MB, best and median of {ROUNDS} rounds; target {TARGET}")
        print(f"{'storage':<10}{'database':>10}{'load':>8}{'describe':>10}{'best':>8}{'median':>8}")
        for name, in_file in (("memory", False), ("file", True)):
            rounds = alternating(path, in_file)
            base, loaded, described = (min(column) for column in zip(*rounds, strict=True))
            ratio = statistics.median((r[1] + r[2]) / r[0] for r in rounds)
            best = (loaded + described) / base
            print(f"{name:<10}{base:>9.2f}s{loaded:>7.2f}s{described:>9.2f}s{best:>8.2f}{ratio:>8.2f}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
        print(f"peak memory {peak:.0f} MB, everything in one process")


if __name__ == "__main__":
    main()

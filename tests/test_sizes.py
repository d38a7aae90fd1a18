"""The benchmark of sizes in small: every program reads the same rows and comes to the same answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.size import Result, measured, run, table
from tests.benchmarks.size_programs import QUESTIONS

ROWS = 200_000
READERS = ("ours csv", "ours parquet", "duckdb csv", "duckdb parquet", "pandas")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    return measured(ROWS, tmp_path_factory.mktemp("sizes"), segmented=False)


def test_every_program_reads_all_rows(results: dict[str, Result]) -> None:
    assert {name: results[name].get("n_rows") for name in READERS} == dict.fromkeys(READERS, ROWS)


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_hold_what_pandas_computes(results: dict[str, Result], question: str) -> None:
    given = results["ours csv"]["answers"][question]
    for value in results["pandas"]["answers"][question]:
        assert any(one == pytest.approx(value, rel=1e-9) for one in given), (value, given)


def test_memory_and_time_are_recorded(results: dict[str, Result]) -> None:
    for name in READERS:
        assert 0 < results[name]["peak_gb"]["load"] < 4
        assert all(seconds > 0 for seconds in results[name]["load"])
    lines = table({ROWS: results})
    for told in ("load csv", "load parquet", *QUESTIONS, "peak memory, loading and questions"):
        assert any(told in line for line in lines)


def test_what_does_not_fit_into_memory_is_said(results: dict[str, Result], tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("TransactionDate,amount\n1/8/16,5\n" * 10)
    failed = run("pandas", path, memory_gb=0.01)
    assert failed["failed"]
    assert any("cannot: " in line for line in table({ROWS: {**results, "pandas": failed}}))

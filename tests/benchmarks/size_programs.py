"""The programs whose time and memory are compared at any size: this one, DuckDB alone, and plain pandas.

Each runs in a process of its own and prints a line of JSON for each thing done, so that what it did before
memory ran out is known too: `python -m tests.benchmarks.size_programs PROGRAM FILE MEMORY_GB [QUESTION ...]`.
"""

# ruff: noqa: S608 - the only text in a query is the path of a file, quoted

from __future__ import annotations

import json
import math
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

FIRST = "how many rows are there"  # asked before the clock runs: it loads what every answer needs
SEGMENT = "segment my customers"
Frame = Any  # a pandas frame of transactions
Answer = list[float]


def _balance(frame: Frame) -> Answer:
    known = frame.groupby("CustGender")["CustAccountBalance"].mean()
    return [float(known["M"]), float(known["F"])]


def _cities(frame: Frame) -> Answer:
    totals = frame.groupby("CustLocation")["TransactionAmount (INR)"].sum()
    return [float(one) for one in totals.nlargest(10)]


def _days(frame: Frame) -> Answer:
    return [float(frame.groupby("TransactionDate").size().max())]


def _large(frame: Frame) -> Answer:
    chosen = frame[(frame["CustGender"] == "F") & (frame["TransactionAmount (INR)"] > 1000)]
    return [float(chosen["TransactionAmount (INR)"].sum())]


def _customers(frame: Frame) -> Answer:
    return [float(frame.loc[frame["CustLocation"] == "MUMBAI", "CustomerID"].nunique())]


QUESTIONS: dict[str, Callable[[Frame], Answer]] = {
    "what is the average balance of men and women": _balance,
    "top 10 cities by amount": _cities,
    "total amount of women with an amount above 1000": _large,
    "how many customers are in MUMBAI": _customers,
    "plot transactions per day": _days,
}


def tell(name: str, content: Any) -> None:
    """Print one thing that was found, at once: what follows may run out of memory."""
    print(json.dumps({name: content}), flush=True)


class Watch:
    """Elapsed and processor seconds of one thing, and the peak of memory at its end."""

    def __init__(self, named: str) -> None:
        self._named = named

    def __enter__(self) -> None:
        self._started = time.perf_counter(), time.process_time()

    def __exit__(self, kind: object, *rest: object) -> None:
        if kind is None:
            tell(
                self._named, [time.perf_counter() - self._started[0], time.process_time() - self._started[1]]
            )


def peak_gb() -> float:
    """Return the largest memory of this process up to now."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def duckdb_alone(path: Path, asked: Sequence[str]) -> None:
    """DuckDB's own CREATE TABLE AS of the file, with its own guesses, into a database file."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        connection = duckdb.connect(f"{folder}/own.db")
        with Watch("load"):
            connection.execute(f"CREATE TABLE t AS SELECT * FROM {_scan(path)}")
        tell("n_rows", connection.execute("SELECT count(*) FROM t").fetchall()[0][0])
        connection.close()
    tell("peak_gb", {"load": peak_gb()})


def _scan(path: Path) -> str:
    quoted = str(path).replace("'", "''")
    return f"read_parquet('{quoted}')" if path.suffix == ".parquet" else f"read_csv('{quoted}')"


def as_parquet(path: Path, asked: Sequence[str]) -> None:
    """Write the file as Parquet beside it, its dates as dates: DuckDB's guess takes 16 for the year 16."""
    import duckdb

    quoted = str(path.with_suffix(".parquet")).replace("'", "''")
    duckdb.execute("SET memory_limit = '2GB'")
    dates = ("CustomerDOB", "TransactionDate")
    read = ", ".join(f"CAST(strptime({name}, ['%d/%m/%y', '%d/%m/%Y']) AS DATE) AS {name}" for name in dates)
    scan = _scan(path).replace(")", f", types = {{{', '.join(f'{name}: VARCHAR' for name in dates)}}})")
    duckdb.execute(f"COPY (SELECT * REPLACE ({read}) FROM {scan}) TO '{quoted}' (FORMAT parquet)")


def ours(path: Path, asked: Sequence[str]) -> None:
    """Load and describe the file as the chat page does, ask, and segment."""
    from assistant.agent import Agent
    from assistant.session import Session
    from assistant.settings import Settings

    agent, peaks = Agent(Settings()), {}
    with tempfile.TemporaryDirectory() as folder:
        with Watch("load"):
            session = Session.open([path], Path(folder) / "data.db")
        peaks["load"] = peak_gb()
        tell("n_rows", session.workspace.table.n_rows)
        answers: dict[str, list[float]] = {}
        for question in (FIRST, *asked) if asked else ():
            with Watch(question):
                turn = list(agent.reply(session, question))[-1]
            if turn.status != "answered":
                raise RuntimeError(f"{question}: {turn.status}: {turn.answer}")
            facts = [fact.value for step in turn.steps if step.result for fact in step.result.facts]
            answers[question] = [float(value) for value in facts if isinstance(value, int | float)]
            peaks["all" if question == SEGMENT else "questions"] = peak_gb()
            tell("peak_gb", peaks)
            if question == SEGMENT and turn.segmentation:
                tell("sizes", [segment.size for segment in turn.segmentation.segments])
        session.workspace.engine.close()
    tell("peak_gb", peaks)
    tell("answers", answers)


def plain_pandas(path: Path, asked: Sequence[str]) -> None:
    """What one would type: read_csv, a group-by for each question, and k-means on six features."""
    import pandas as pd

    peaks = {}
    with Watch("load"):
        frame = pd.read_csv(path)
        frame["TransactionDate"] = pd.to_datetime(frame["TransactionDate"], format="%d/%m/%y")
    peaks["load"] = peak_gb()
    tell("n_rows", len(frame))
    answers = {}
    for question in asked:
        with Watch(question):
            if question == SEGMENT:
                tell("sizes", _k_means(frame))
            else:
                answers[question] = QUESTIONS[question](frame)
        peaks["all" if question == SEGMENT else "questions"] = peak_gb()
        tell("peak_gb", peaks)
    tell("answers", answers)


def _k_means(frame: Frame) -> list[int]:
    """Recency, frequency, money, balance and hour by customer, then k-means for 2 to 8 segments."""
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score
    from sklearn.preprocessing import StandardScaler

    rows = frame.assign(hour=frame["TransactionTime"] // 10_000)
    people = rows.groupby("CustomerID").agg(
        recency=("TransactionDate", "max"),
        frequency=("TransactionID", "count"),
        total=("TransactionAmount (INR)", "sum"),
        mean=("TransactionAmount (INR)", "mean"),
        balance=("CustAccountBalance", "mean"),
        hour=("hour", "mean"),
    )
    people["recency"] = (people["recency"].max() - people["recency"]).dt.days
    people = people.dropna()
    for money in ("total", "mean", "balance"):
        people[money] = np.log1p(people[money])
    scaled = StandardScaler().fit_transform(people)
    some = np.random.default_rng(0).choice(len(scaled), min(len(scaled), 5_000), replace=False)
    best = (-math.inf, np.zeros(0, dtype=np.int64))
    for k in range(2, 9):
        labels = KMeans(k, n_init=3, random_state=0).fit_predict(scaled)
        best = max(best, (silhouette_score(scaled[some], labels[some]), labels), key=lambda pair: pair[0])
    return [int(n) for n in np.bincount(best[1])]


PROGRAMS: dict[str, Callable[[Path, Sequence[str]], None]] = {
    "duckdb": duckdb_alone,
    "parquet": as_parquet,
    "ours": ours,
    "pandas": plain_pandas,
}


def main(arguments: Sequence[str]) -> None:
    """Run one program on a file, with as much memory as it may have."""
    program, path, memory_gb, *asked = arguments
    if float(memory_gb):
        limit = int(float(memory_gb) * 2**30)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    PROGRAMS[program](Path(path), asked)


if __name__ == "__main__":
    main(sys.argv[1:])

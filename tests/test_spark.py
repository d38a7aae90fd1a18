"""Spark answers what DuckDB answers: tables, questions, features, segments; what it cannot, it says."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import narwhals as nw
import pandas as pd
import pytest

from assistant.agent import Agent
from assistant.session import Session
from assistant.settings import Settings
from tests.conftest import ROOT
from tests.placed_customers import differences, differing_conditions, people
from tests.spark_here import FRUGAL, connect_server, needed
from tools.engine import Engine, Spark, answering, use
from tools.errors import StoppedError, ToolError

QUESTIONS = (
    "How many customers are there?",
    "Average and median amount by month",
    "Standard deviation of the amount by gender",
    "Top 5 locations by total amount",
    "How many customers spent more than 5000 in total?",
    "Segment my customers",
    "Describe the segments",
)


@pytest.fixture
def spark() -> Iterator[None]:
    """Let Spark answer for everything that is opened in a test."""
    needed()
    use("spark", FRUGAL)
    yield
    use("duckdb")


@pytest.fixture
def engine(spark: None) -> Iterator[Engine]:
    opened = answering(Engine())
    yield opened
    opened.close()


def test_tables_come_back_in_their_order_and_are_replaced(engine: Engine) -> None:
    engine.store("loaded", pd.DataFrame({"x": [3.0, 1.0, None, 2.0], "name": ["c", "a", "n", "b"]}))
    assert engine.table("loaded", ["name"])["name"].tolist() == ["c", "a", "n", "b"]
    engine.store("made", engine.frame("loaded").filter(nw.col("x") > 1).sort("name", descending=True))
    assert engine.has("made") and engine.rows("made") == 2
    assert engine.table("made", ["name", "x"])["name"].tolist() == ["c", "b"]
    engine.append("made", engine.frame("loaded").filter(nw.col("name") == "a"))
    assert engine.table("made", ["name"])["name"].tolist() == ["c", "b", "a"]
    assert engine.columns("made") == {"x": "DOUBLE", "name": "VARCHAR"}
    engine.store("made", engine.frame("made").filter(nw.col("x") > 2))
    assert engine.collect(engine.frame("made"))["x"].tolist() == [3.0]
    engine.drop("made")
    assert not engine.has("made")


def test_what_is_loaded_anew_is_handed_over_anew(engine: Engine) -> None:
    engine.store("rows", pd.DataFrame({"x": [1]}))
    assert engine.collect(engine.frame("rows"))["x"].tolist() == [1]
    engine.store("rows", pd.DataFrame({"x": [2, 3]}))
    assert sorted(engine.collect(engine.frame("rows"))["x"]) == [2, 3]


def test_customers_are_placed_and_drawn_as_memory_and_duckdb_do(engine: Engine) -> None:
    everybody = people()
    near = Engine()
    for one in (near, engine):
        one.store("people", everybody)
    some = ("several centres a segment", "ties", "merged gaussians", "a split by share", "a population")
    found = differences(engine, everybody, some) | differing_conditions(engine, everybody)
    assert found == dict.fromkeys(found, 0)
    for key in ("id", "spend"):
        drawn = [one.collect(one.part(one.frame("people"), key, 0.2).sort("id")) for one in (near, engine)]
        pd.testing.assert_frame_equal(*drawn)
        assert 200 < len(drawn[0]) < 600
    near.close()


def test_repeats_and_fingerprints_do_not_depend_on_the_order(engine: Engine) -> None:
    rows = pd.DataFrame({"key": ["a", "b", "a", "c", "a", "b", None], "x": range(7)})
    engine.store("rows", rows)
    engine.store("one", engine.frame("rows").sort("x"))
    engine.store("other", engine.frame("rows").sort("x", descending=True))
    assert engine.repeats("one", "key") == engine.repeats("rows", "key") == (2, 5, 3)
    assert engine.digest("one") == engine.digest("other")
    engine.store("other", engine.frame("rows").filter(nw.col("x") > 0))
    assert engine.digest("one") != engine.digest("other")


def test_work_in_spark_is_stopped_from_another_thread(engine: Engine) -> None:
    engine.store("rows", pd.DataFrame({"x": range(30_000)}))
    rows = engine.frame("rows").select(nw.col("x"), nw.lit(1).alias("one"))
    pairs = rows.join(rows.select(nw.col("x").alias("y"), nw.col("one")), on="one", how="inner")
    slow = pairs.filter((nw.col("x") * nw.col("y")) % 1_000_003 == 5).select(nw.len())
    timer = threading.Timer(3, engine.interrupt)
    with pytest.raises(StoppedError), engine.work():
        timer.start()
        engine.collect(slow)


def _answers(path: Path) -> list[tuple[object, ...]]:
    session = Session.open([path])
    agent = Agent(Settings())
    told: list[tuple[object, ...]] = []
    for question in QUESTIONS:
        turn = list(agent.reply(session, question))[-1]
        assert turn.status == "answered", (question, turn.answer)
        results = [step.result for step in turn.steps if step.result]
        told.append((question, turn.answer, [(one.facts, one.tables) for one in results]))
    session.workspace.engine.close()
    return told


def test_questions_and_segments_are_the_same_to_the_last_bit(tmp_path: Path, spark: None) -> None:
    path = tmp_path / "transactions.csv"
    sample = (ROOT / "data" / "sample_transactions.csv").read_text().splitlines(keepends=True)
    path.write_text("".join(sample[:1501]))
    far = _answers(path)
    use("duckdb")
    for near, other in zip(_answers(path), far, strict=True):
        assert other == near


def test_sql_is_refused_where_only_spark_has_the_table(engine: Engine) -> None:
    engine.store("loaded", pd.DataFrame({"x": [1, 2]}))
    engine.store("made", engine.frame("loaded"))
    statement = engine.parsed("SELECT sum(x) AS total FROM loaded")["statements"][0]
    assert engine.query(statement, 10, 10) == (["total"], [(3,)])
    with pytest.raises(ToolError, match="kept by Spark"):
        engine.query(engine.parsed("SELECT sum(x) AS total FROM made")["statements"][0], 10, 10)


def test_an_unknown_engine_is_named() -> None:
    with pytest.raises(ToolError, match="no engine pandas") as told:
        use("pandas")
    assert told.value.choices == ("duckdb", "spark")


def test_a_cluster_needs_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    from tools.engine import spark as module

    monkeypatch.setattr(module, "session", lambda _: None)
    with pytest.raises(ToolError, match="SPARK_FOLDER"):
        module.SparkEngine(Engine(), Spark("sc://cluster.example:15002"))


def test_a_missing_pyspark_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from tools.engine.spark_session import session

    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(ToolError, match="uv sync --extra spark"):
        session(Spark(master="local[7]"))


CONNECTED = """
import sys
import narwhals as nw, pandas as pd
from tools.engine import Engine, Spark, answering, use
from tools.engine.spark_session import stop
from tools.exact_sums import exact_sum

address, folder = sys.argv[1:]
for spark in (Spark(address), Spark(address.replace("127.0.0.1", "0.0.0.0"), folder=folder)):
    use("spark", spark)
    engine = answering(Engine())
    engine.store("loaded", pd.DataFrame({"x": [0.1, 0.2, None, 0.3], "g": ["a", "b", "a", "a"]}))
    engine.store("made", engine.frame("loaded").sort("g", "x", descending=True, nulls_last=True))
    made = engine.frame("made").group_by("g")
    groups = made.agg(exact_sum(nw.col("x"), 0.3).alias("s"), nw.len().alias("n"))
    rows = engine.table("made", ["x"])["x"].tolist()[1:]
    print(spark.is_near, engine.collect(groups.sort("g")).values.tolist(), rows)
    engine.close()
    stop(spark)
"""


def test_a_server_of_spark_connect_answers_near_and_far(tmp_path: Path) -> None:
    needed()
    pytest.importorskip("grpc_status", reason="pyspark is installed without [connect]")
    with connect_server(tmp_path) as address:
        command = [sys.executable, "-W", "ignore", "-c", CONNECTED, address, str(tmp_path / "tables")]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240)
    assert run.returncode == 0, run.stderr
    told = "[['a', 0.4, 3], ['b', 0.2, 1]] [0.3, 0.1, nan]"
    assert run.stdout.splitlines() == [f"True {told}", f"False {told}"]

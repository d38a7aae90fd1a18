"""The engine: locked down, usable from several threads, stoppable, and true to the text it reads."""

from __future__ import annotations

import copy
import threading
import time
from pathlib import Path

import duckdb
import narwhals as nw
import pandas as pd
import pytest

from tools.engine import Engine, UnreadableError
from tools.errors import StoppedError
from tools.files.conversions import Reading, Shown, TextFile

SLOW = 4_000_000  # rows whose cross join with themselves outlasts any test


def _file(folder: Path, text: str) -> Path:
    path = folder / "cells.csv"
    path.write_text(text)
    return path


def test_nothing_but_the_named_files_can_be_read(tmp_path: Path) -> None:
    named, other = _file(tmp_path, "a\n1\n"), tmp_path / "other.csv"
    other.write_text("a\n2\n")
    engine = Engine(None, [named])
    engine.read_text("mine", TextFile(named, ",", 1, ("a",)), [Reading("a", "number")])
    assert engine.rows("mine") == 1
    with pytest.raises(UnreadableError):
        engine.read_text("theirs", TextFile(other, ",", 1, ("a",)), [Reading("a", "number")])
    for query in (
        "SET enable_external_access = true",
        "INSTALL httpfs",
        f"COPY mine TO '{tmp_path}/out.csv'",
    ):
        with pytest.raises(duckdb.Error):
            engine._connection.execute(query)


def test_stored_tables_come_back_and_are_replaced() -> None:
    engine = Engine()
    engine.store('odd "name"', pd.DataFrame({"x": [1, 2, 3]}))
    engine.store('odd "name"', engine.frame('odd "name"').filter(nw.col("x") > 1))
    assert engine.collect(engine.frame('odd "name"'))["x"].tolist() == [2, 3]
    assert engine.has('odd "name"') and not engine.has("absent")


def test_a_file_keeps_the_tables(tmp_path: Path) -> None:
    first = Engine(tmp_path / "chat.db")
    first.store("kept", pd.DataFrame({"x": [1.5]}))
    first.close()
    again = Engine(tmp_path / "chat.db")
    assert again.collect(again.frame("kept"))["x"].tolist() == [1.5]
    again.close()


def test_memo_builds_once() -> None:
    engine, built = Engine(), []
    for _ in range(2):
        assert engine.memo(("key", 1), lambda: built.append(1) or len(built)) == 1
    assert copy.deepcopy(engine) is engine


def test_readings_keep_what_does_not_fit(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        'code,clock,day,money\n007,93000,8/9/84,"1.234,5"\n12,250000,1/1/1800,x\n,,31/12/68,"-2,0"\n',
    )
    engine = Engine(None, [path])
    readings = [
        Reading("code", "whole"),
        Reading("clock", "clock_digits"),
        Reading("day", "date", ("%d/%m/%y", "%d/%m/%Y")),
        Reading("money", "number", decimal=",", thousands="."),
    ]
    file = TextFile(path, ",", 1, ("code", "clock", "day", "money"))
    with pytest.raises(UnreadableError):  # in haste, what is no time of day refuses the file
        engine.read_text("t", file, readings, strict=True)
    engine.read_text("t", file, readings, strict=False)
    rows = engine.collect(engine.frame("t"))
    assert rows["code"].fillna(-1).tolist() == [-1, 12, -1]
    assert rows["unread 0"].tolist()[0] == "007"
    assert str(rows["clock"][0]) == "09:30:00" and rows["unread 1"][1] == "250000"
    assert [str(day)[:10] for day in rows["day"]] == ["1984-09-08", "1800-01-01", "2068-12-31"]
    assert rows["money"].fillna(0).tolist() == [1234.5, 0, -2] and rows["unread 3"][1] == "x"


def test_two_digit_years_are_the_same_read_fast_or_with_care(tmp_path: Path) -> None:
    days = [
        f"{day}/{month}/{year:02d}"
        for year in range(100)
        for day, month in ((1, 1), (29, 2), (28, 2), (31, 12))
    ]
    real = [text for text in days if not text.startswith("29/2") or int(text[-2:]) % 4 == 0]
    path = _file(tmp_path, "day\n" + "\n".join(real) + "\n")
    engine = Engine(None, [path])
    reading = Reading("day", "date", ("%d/%m/%y", "%d/%m/%Y"))
    for name, strict in (("fast", True), ("careful", False)):
        engine.read_text(name, TextFile(path, ",", 1, ("day",)), [reading], strict=strict)
    fast, careful = (
        engine.collect(engine.frame(name).select("day"))["day"].tolist() for name in ("fast", "careful")
    )
    assert fast == careful and len(fast) == len(real)


def test_shown_columns_change_nothing_that_is_stored() -> None:
    engine = Engine()
    engine.store(
        "raw",
        pd.DataFrame(
            {"born": pd.to_datetime(["2057-04-04", "1800-01-01", "1990-05-05"]), "w": ["?", "a", "b"]}
        ),
    )
    last = pd.Timestamp("2016-10-21").date()
    columns = [
        Shown("born", "born", missing=("1800-01-01",), not_after=last),
        Shown("Age", "born", whole=True, missing=("1800-01-01",), not_after=last, age_at=last),
        Shown("w", "w", missing=("?",)),
    ]
    engine.show("clean", "raw", columns)
    rows = engine.collect(engine.frame("clean"))
    assert rows["Age"].tolist()[0] == 59 and pd.isna(rows["Age"][1]) and rows["Age"][2] == 26
    assert rows["w"].isna().tolist() == [True, False, False]
    assert engine.collect(engine.frame("raw"))["w"].tolist() == ["?", "a", "b"]


def test_repeats_and_conflicts_are_counted_exactly() -> None:
    engine = Engine()
    engine.store(
        "t",
        pd.DataFrame(
            {
                "id": ["a", "a", "b", "b", "c", None, None],
                "sex": ["M", "F", "M", None, "M", "F", "M"],
                "n": range(7),
            }
        ),
    )
    assert engine.repeats("t", "id") == (2, 4, 2)
    assert engine.conflicts("t", "id", ["sex", "n"]) == {"sex": 1, "n": 2}
    assert engine.pairs("t", "id", "sex") == 5


@pytest.mark.parametrize("kind", ["VARCHAR", "DOUBLE", "BIGINT", "DATE", "TIME", "TIMESTAMP", "BOOLEAN"])
def test_a_missing_key_of_any_type_repeats_nothing(tmp_path: Path, kind: str) -> None:
    engine = Engine()
    engine.store("t", pd.DataFrame({"key": [None, None, None], "n": [1, 2, 3]}, dtype="object"))
    engine._connection.execute(f"ALTER TABLE t ALTER key TYPE {kind}")
    assert engine.repeats("t", "key") == (0, 0, 0)
    assert engine.conflicts("t", "key", ["n"]) == {"n": 0}


def _endless(engine: Engine) -> nw.LazyFrame:
    numbers = engine.frame("numbers")
    return (
        numbers.join(numbers, how="cross").filter((nw.col("x") + nw.col("x_right")) % 7 == 3).select(nw.len())
    )


@pytest.fixture
def slow_engine() -> Engine:
    engine = Engine()
    engine.store("numbers", pd.DataFrame({"x": range(SLOW)}))
    return engine


def test_a_query_is_stopped_from_another_thread(slow_engine: Engine) -> None:
    threading.Timer(0.3, slow_engine.interrupt).start()
    started = time.perf_counter()
    with pytest.raises(StoppedError):
        slow_engine.collect(_endless(slow_engine))
    assert time.perf_counter() - started < 10
    assert slow_engine.rows("numbers") == SLOW, "the engine works on"


def test_a_stop_between_two_queries_of_one_piece_of_work_counts() -> None:
    engine = Engine()
    engine.store("t", pd.DataFrame({"x": [1]}))
    with pytest.raises(StoppedError), engine.work():
        engine.collect(engine.frame("t"))
        engine.interrupt()
        engine.check()
    with engine.work():
        assert len(engine.collect(engine.frame("t"))) == 1, "the next piece of work starts afresh"


def test_a_stopped_store_keeps_the_earlier_table(slow_engine: Engine) -> None:
    slow_engine.store("kept", pd.DataFrame({"len": [42]}))
    threading.Timer(0.3, slow_engine.interrupt).start()
    with pytest.raises(StoppedError):
        slow_engine.store("kept", _endless(slow_engine))
    assert slow_engine.collect(slow_engine.frame("kept"))["len"].tolist() == [42]


def test_threads_take_turns() -> None:
    engine = Engine()
    engine.store("t", pd.DataFrame({"x": range(50_000)}))
    sums: list[int] = []

    def work(k: int) -> None:
        for _ in range(10):
            row = engine.collect(engine.frame("t").filter(nw.col("x") % 7 == k).select(nw.col("x").sum()))
            sums.append(int(row.iloc[0, 0]))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sums) == 70 and sum(sums) == 10 * sum(range(50_000))

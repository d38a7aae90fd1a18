"""What the tools ask of the engine comes out of Spark as it comes out of DuckDB, to the last bit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from tests.spark_here import FRUGAL, needed
from tools.engine import Engine
from tools.exact_sums import exact_sum

col = nw.col
MONEY = "amount `net` (€)"
amount, whole = col(MONEY), col("whole")

AGGREGATES: dict[str, nw.Expr] = {
    "rows": nw.len(),
    "known": amount.count(),
    "exact sum": exact_sum(amount, 5e6),
    "exact sum of squares": exact_sum(amount * amount, 25e12, fine=True),
    "exact mean": exact_sum(amount, 5e6) / amount.count(),
    "sum of whole numbers": whole.sum(),
    "sum wider than 64 bits": (whole.cast(nw.Int128) * 9_007_199_254_740_993 * 1_000_003)
    .sum()
    .cast(nw.Float64),
    "median": amount.median(),
    "ninth decile": amount.quantile(0.9, "linear"),
    "quantile of whole numbers": whole.quantile(0.37, "linear"),
    "different, one of them missing": col("maybe").n_unique(),
    "last in an order": amount.last(order_by=["day", "whole", MONEY]),
    "latest": col("moment").max(),
    "first by name": col("place").min(),
    "earliest time of day": col("clock").min(),
    "yes": col("flag").cast(nw.Int64).sum(),
}
ROWS: dict[str, nw.Expr] = {
    "integer division": whole // 7,
    "remainder": whole % 7,
    "ratio": whole / col("key"),
    "rounded": amount.round(2),
    "rounded to whole": (amount / 3).round(0),
    "to whole": amount.cast(nw.Int64),
    "root": amount.sqrt(),
    "size": amount.abs(),
    "square in 128 bits": (whole.cast(nw.Int128) * whole).cast(nw.Float64),
    "weekday": col("day").dt.weekday(),
    "month": col("day").dt.month(),
    "day of the year": col("day").dt.ordinal_day(),
    "start of the month": col("day").dt.truncate("1mo"),
    "start of the quarter": col("moment").dt.truncate("1q"),
    "start of the hour": col("moment").dt.truncate("1h"),
    "minutes between": (col("moment") - col("day").cast(nw.Datetime)).dt.total_minutes(),
    "seconds between": (col("day").cast(nw.Datetime) - col("moment")).dt.total_seconds(),
    "year": col("moment").dt.year(),
    "hour of the clock": col("clock").dt.hour(),
    "minute of the clock": col("clock").dt.minute(),
    "minutes since the year 1": (
        col("moment").cast(nw.Datetime) - nw.lit(date(1, 1, 1)).cast(nw.Datetime)
    ).dt.total_minutes(),
    "day of a moment": col("moment").cast(nw.Date),
    "moment of a day": col("day").cast(nw.Datetime),
    "before a moment": col("moment") < nw.lit(datetime(2021, 1, 1, 12)),  # noqa: DTZ001 - as files write them
    "before a day": col("moment") < nw.lit(date(2021, 1, 1)),
    "among": col("place").is_in(["x", "ü"]),
    "in small letters": col("place").str.to_lowercase(),
    "begins with": col("place").str.starts_with("y"),
    "without letters": col("place").str.replace_all(r"[^a-z]+", "_"),
    "as text": whole.cast(nw.String),
    "day as text": col("day").cast(nw.String),
    "filled": col("maybe").fill_null(0),
    "only some": nw.when(whole > 0).then(nw.lit(1)),
    "the row before": whole.shift(1).over("place", order_by=["moment", "key", "whole"]),
    "rank": col("key").rank("average"),
    "largest of the group": whole.max().over("place"),
}


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Engine, Engine]]:
    """The same rows on DuckDB and on Spark, in parts that arrive in another order."""
    needed()
    from tools.engine.spark import SparkEngine

    rng, n = np.random.default_rng(1), 700
    start = pd.Timestamp("2020-01-01")
    rows = pd.DataFrame(
        {
            MONEY: rng.normal(0, 1e6, n) * 10.0 ** rng.integers(-6, 1, n),
            "whole": rng.integers(-1000, 1000, n),
            "place": rng.choice(["x", "y`z", "Ü"], n),
            "key": rng.integers(0, 90, n),
            "day": (start + pd.to_timedelta(rng.integers(0, 900, n), "D")).date,
            "moment": start + pd.to_timedelta(rng.integers(0, 90_000_000, n), "s"),
            "flag": rng.random(n) > 0.4,
            "maybe": pd.array(rng.integers(0, 9, n), dtype="Int64"),
            "clock": [pd.Timestamp(int(second), unit="s").time() for second in rng.integers(0, 86400, n)],
        }
    )
    rows.loc[::7, MONEY] = None
    rows.loc[::5, "maybe"] = pd.NA
    near, far = Engine(), Engine()
    near.store("rows", rows)
    far.store("rows", rows.sample(frac=1, random_state=2))
    spark = SparkEngine(far, FRUGAL)
    yield near, spark
    spark.close()
    near.close()


def _same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    assert list(left) == list(right)
    for name in left:
        one, two = left[name].reset_index(drop=True), right[name].reset_index(drop=True)
        assert one.dtype == two.dtype, name
        equal = (one == two) | (one.isna() & two.isna())
        assert equal.all(), f"{name}: {one[~equal].head(3).tolist()} is not {two[~equal].head(3).tolist()}"


@pytest.mark.parametrize("keys", [[], ["place"], ["place", "flag"]], ids=str)
def test_aggregates_are_the_same(both: tuple[Engine, Engine], keys: list[str]) -> None:
    def asked(engine: Engine) -> pd.DataFrame:
        named = [made.alias(name) for name, made in AGGREGATES.items()]
        frame = engine.frame("rows")
        return engine.collect(frame.group_by(keys).agg(*named).sort(keys) if keys else frame.select(*named))

    near, far = both
    _same(asked(near), asked(far))


def test_values_of_rows_are_the_same(both: tuple[Engine, Engine]) -> None:
    def asked(engine: Engine) -> pd.DataFrame:
        named = [made.alias(name) for name, made in ROWS.items()]
        wide = engine.frame("rows").with_columns(*named)
        return engine.collect(wide.sort("moment", "key", "whole"))

    near, far = both
    _same(asked(near), asked(far))


@pytest.mark.parametrize("how", ["inner", "left", "semi", "anti"])
def test_joins_are_the_same(both: tuple[Engine, Engine], how: str) -> None:
    def asked(engine: Engine) -> pd.DataFrame:
        rows = engine.frame("rows")
        groups = rows.group_by("maybe").agg(nw.len().alias("n"), amount.max().alias("whole"))
        joined = rows.join(groups.filter(col("n") > 60), on="maybe", how=how)  # type: ignore[arg-type]
        return engine.collect(joined.sort("moment", "key", "whole"))

    near, far = both
    _same(asked(near), asked(far))


def test_the_types_of_columns_are_known(both: tuple[Engine, Engine]) -> None:
    near, far = both
    assert far.frame("rows").collect_schema() == near.frame("rows").collect_schema()
    far.store("copied", far.frame("rows"))
    assert far.columns("copied") == near.columns("rows")

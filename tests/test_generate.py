"""The generator plants what it says: header, traps, marginals and the segments of the truth file."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.generate import HEADER, customer_ids, main, make_lines, write_transactions
from data.places import place_names
from data.planted import SEGMENTS, Recipe, Stream, segment_bounds, uniform

ROWS = 60_000
SAMPLE = Path(__file__).parents[1] / "data" / "sample_transactions.csv"
SAMPLE_RECIPE = Recipe(rows=30_000, seed=7, repeat=6, days=270, conflict=0.04)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("generated")
    out, truth = folder / "rows.csv", folder / "truth.csv"
    write_transactions(Recipe(ROWS), out, truth)
    return out, truth


@pytest.fixture(scope="module")
def rows(files: tuple[Path, Path]) -> pd.DataFrame:
    return pd.read_csv(files[0], dtype=str, keep_default_na=False)


def written(folder: Path, recipe: Recipe, chunk_rows: int = 10_000) -> bytes:
    write_transactions(recipe, folder / "x.csv", folder / "t.csv", chunk_rows)
    return (folder / "x.csv").read_bytes() + (folder / "t.csv").read_bytes()


def test_same_seed_same_bytes_and_another_seed_other_bytes(tmp_path: Path) -> None:
    first = written(tmp_path, Recipe(3_000, seed=1))
    assert first == written(tmp_path, Recipe(3_000, seed=1))
    assert first != written(tmp_path, Recipe(3_000, seed=2))


@pytest.mark.parametrize("chunk_rows", [1_000, 777, 1_000_000])
def test_bytes_do_not_depend_on_the_chunk_size(tmp_path: Path, chunk_rows: int) -> None:
    assert written(tmp_path, Recipe(3_000), chunk_rows) == written(tmp_path, Recipe(3_000))


def test_the_committed_sample_is_what_its_command_makes(tmp_path: Path) -> None:
    write_transactions(SAMPLE_RECIPE, tmp_path / "sample.csv")
    assert (tmp_path / "sample.csv").read_bytes() == SAMPLE.read_bytes()
    assert SAMPLE.stat().st_size <= 2_000_000


def test_command_line_writes_both_files(tmp_path: Path) -> None:
    out, truth = tmp_path / "o.csv", tmp_path / "t.csv"
    main(["--rows", "50", "--out", str(out), "--truth", str(truth), "--repeat", "3", "--days", "365"])
    assert len(out.read_text().splitlines()) == 51
    assert truth.read_text().startswith("CustomerID,segment\n")


def test_header_and_row_numbers(files: tuple[Path, Path], rows: pd.DataFrame) -> None:
    with files[0].open() as file:
        assert file.readline().rstrip("\n") == HEADER
    assert rows["TransactionID"].tolist() == [f"T{i}" for i in range(1, ROWS + 1)]
    assert rows["CustomerID"].str.fullmatch(r"C\d{7}").all()


def test_customer_ids_are_unique_and_grow_only_when_needed() -> None:
    few, many = 9_000_000, 9_000_001
    assert len(set(customer_ids(np.arange(0, few, 97), few).to_pylist())) == len(range(0, few, 97))
    assert {len(i) for i in customer_ids(np.arange(1_000), many).to_pylist()} == {9}


def test_truth_names_every_customer_once(files: tuple[Path, Path], rows: pd.DataFrame) -> None:
    truth = pd.read_csv(files[1])
    assert truth["CustomerID"].is_unique
    assert set(truth["CustomerID"]) == set(rows["CustomerID"])
    assert set(truth["segment"]) == {s.name for s in SEGMENTS}


def test_planted_segments_differ_where_the_plan_says(files: tuple[Path, Path], rows: pd.DataFrame) -> None:
    segment = rows["CustomerID"].map(pd.read_csv(files[1]).set_index("CustomerID")["segment"])
    balance = pd.to_numeric(rows["CustAccountBalance"]).groupby(segment).median()
    amount = pd.to_numeric(rows["TransactionAmount (INR)"]).groupby(segment).median()
    hour = (pd.to_numeric(rows["TransactionTime"]) / 10_000).groupby(segment).median()
    for s in SEGMENTS:
        assert np.log(balance[s.name]) == pytest.approx(s.balance[0], abs=0.15)
        assert np.log(amount[s.name]) == pytest.approx(s.amount[0], abs=0.2)
        assert hour[s.name] == pytest.approx(s.hour[0], abs=0.8)
    birth_year = (
        rows["CustomerDOB"].str.split("/").str[2].replace("1800", "").replace("", np.nan).astype(float)
    )
    assert np.ptp(birth_year.groupby(segment).median()) <= 1


def test_dates_are_day_first_without_padding_and_ambiguous(rows: pd.DataFrame) -> None:
    parts = rows["TransactionDate"].str.split("/", expand=True).astype(int)
    dates = pd.to_datetime(rows["TransactionDate"], format="%d/%m/%y")
    assert (dates.min(), dates.max()) == (pd.Timestamp("2016-08-01"), pd.Timestamp("2016-10-21"))
    assert parts[0].max() > 12 >= parts[1].max()
    assert ((parts[0] <= 12).mean()) > 0.3
    assert not rows["TransactionDate"].str.contains(r"(?:^|/)0\d/").any()
    assert not dates.is_monotonic_increasing
    assert dates.dt.month.value_counts(normalize=True)[8] == pytest.approx(0.63, abs=0.05)


def test_birth_dates_have_two_digit_years_placeholders_and_blanks(rows: pd.DataFrame) -> None:
    births = rows["CustomerDOB"]
    assert (births == "1/1/1800").mean() == pytest.approx(0.0543, abs=0.005)
    assert (births == "").mean() == pytest.approx(0.00324, abs=0.001)
    years = births[~births.isin(["", "1/1/1800"])].str.split("/").str[2]
    assert (years.str.len() == 2).all()
    assert (years.astype(int).between(17, 68)).mean() > 0.02  # these turn into 2017-2068 if nobody looks
    assert births.value_counts().index[0] == "1/1/1800"


def test_times_are_integers_without_leading_zeros(rows: pd.DataFrame) -> None:
    times = rows["TransactionTime"]
    assert (times == times.astype(int).astype(str)).all()
    assert times.str.len().min() < 5
    value = times.astype(int)
    assert (value // 10_000).max() == 23
    assert max((value // 100 % 100).max(), (value % 100).max()) == 59


def test_blanks_zeros_and_the_lone_t(rows: pd.DataFrame) -> None:
    genders = rows["CustGender"].value_counts()
    assert genders["T"] == 1
    assert genders["M"] / ROWS == pytest.approx(0.73, abs=0.01)
    assert (rows["CustGender"] == "").mean() == pytest.approx(0.00105, abs=0.0005)
    assert 0 < (rows["CustLocation"] == "").sum() < 30
    assert (rows["CustAccountBalance"] == "").mean() == pytest.approx(0.00226, abs=0.001)
    assert 20 < (rows["TransactionAmount (INR)"] == "0").sum() < 90
    assert (rows["CustAccountBalance"] == "0").sum() > 50


def test_most_customers_come_once_and_repeated_ids_conflict(rows: pd.DataFrame) -> None:
    counts = rows["CustomerID"].value_counts()
    assert (counts == 1).mean() == pytest.approx(0.84, abs=0.01)
    assert 4 <= counts.max() <= 8
    assert counts.mean() == pytest.approx(1.186, abs=0.01)
    twice = rows[rows["CustomerID"].isin(counts.index[counts == 2])].groupby("CustomerID")
    conflict = (twice[["CustomerDOB", "CustGender", "CustLocation"]].nunique() > 1).mean()
    assert conflict["CustomerDOB"] > 0.95
    assert conflict["CustGender"] == pytest.approx(0.39, abs=0.05)
    assert conflict["CustLocation"] > 0.9


def test_places_are_free_text_with_a_long_tail(rows: pd.DataFrame) -> None:
    counts = rows["CustLocation"].value_counts()
    assert counts.index[0] == "MUMBAI"
    assert {"NEW DELHI", "DELHI", "BANGALORE", "BENGALURU"} <= set(counts.index)
    assert 2_500 < len(counts) < 4_000
    assert counts.index.str.contains(",").any()  # a quoted comma
    assert "KALWA KALWA THANE" in place_names()


def test_money_is_log_normal_with_round_figures(rows: pd.DataFrame) -> None:
    amount = pd.to_numeric(rows["TransactionAmount (INR)"])
    balance = pd.to_numeric(rows["CustAccountBalance"])
    assert amount.median() == pytest.approx(459, rel=0.2)
    assert amount.mean() == pytest.approx(1_574, rel=0.2)
    assert balance.median() == pytest.approx(16_900, rel=0.1)
    assert (amount == amount.round()).mean() == pytest.approx(0.88, abs=0.02)
    assert amount.isin([100, 200, 500, 1000]).mean() > 0.1
    assert amount.skew() > 5 > abs(np.log1p(amount).skew())


def test_a_richer_sample_repeats_and_agrees(tmp_path: Path) -> None:
    write_transactions(Recipe(20_000, repeat=8, days=365, conflict=0), tmp_path / "rich.csv")
    rich = pd.read_csv(tmp_path / "rich.csv", dtype=str, keep_default_na=False)
    customers = rich.groupby("CustomerID")
    assert customers.size().mean() == pytest.approx(8, abs=0.3)
    known = rich[rich["CustomerDOB"] != ""].groupby("CustomerID")["CustomerDOB"].nunique()
    assert (known == 1).all()
    assert pd.to_datetime(rich["TransactionDate"], format="%d/%m/%y").max() == pd.Timestamp("2017-07-31")


@pytest.mark.parametrize("wrong", [{"rows": 0}, {"repeat": 1.0}, {"days": 0}, {"conflict": 2.0}])
def test_impossible_recipes_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Recipe(**{"rows": 10, **wrong})  # type: ignore[arg-type]


def test_streams_are_uniform_and_unrelated() -> None:
    keys = np.arange(20_000, dtype=np.uint64)
    draws = [uniform(3, stream, keys) for stream in Stream]
    assert all(abs(d.mean() - 0.5) < 0.01 and abs(d.var() - 1 / 12) < 0.002 for d in draws)
    assert np.abs(np.corrcoef(draws) - np.eye(len(draws))).max() < 0.04


def test_lines_of_a_row_do_not_depend_on_its_neighbours() -> None:
    recipe = Recipe(1_000)
    bounds = segment_bounds(recipe)
    every, _ = make_lines(recipe, np.arange(1_000, dtype=np.uint64), bounds)
    alone, _ = make_lines(recipe, np.array([500], dtype=np.uint64), bounds)
    assert alone[0] == every[500]

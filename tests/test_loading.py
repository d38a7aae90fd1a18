"""Files of every shape become the right table, or one clear sentence."""

from __future__ import annotations

import gc
import gzip
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assistant.agent import Agent
from assistant.session import Session
from assistant.settings import Settings
from tools.core import DataTable, Workspace
from tools.errors import ToolError
from tools.files import loading
from tools.files.loading import load

HEADER = "customer_id,order_date,amount,city\n"
ROWS = "".join(f"{i},{i % 28 + 1:02d}/03/2024,{i * 1.5:.2f},City{i % 5}\n" for i in range(1, 60))
PLAIN = HEADER + ROWS
Loader = Callable[[str, str | bytes], Workspace]


@pytest.fixture
def given(tmp_path: Path) -> Loader:
    def build(name: str, content: str | bytes) -> Workspace:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load([path])

    return build


def frame_of(workspace: Workspace) -> pd.DataFrame:
    return workspace.engine.collect(workspace.engine.frame(workspace.main))


def codes(table: DataTable) -> dict[str, int]:
    return {
        **{step.code: step.n_rows for step in table.cleaning},
        **{f.code: f.n_rows for f in table.findings},
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plain.csv", PLAIN.encode()),
        ("mark.csv", b"\xef\xbb\xbf" + PLAIN.encode()),
        ("utf16.csv", PLAIN.encode("utf-16")),
        ("utf16_unmarked.csv", PLAIN.encode("utf-16-le")),
        ("crlf.csv", PLAIN.replace("\n", "\r\n").encode()),
        ("cr.csv", PLAIN.replace("\n", "\r").encode()),
        ("mixed.csv", PLAIN.replace("City3\n", "City3\r\n").encode()),
        ("pipe.csv", PLAIN.replace(",", "|").encode()),
        ("tab.tsv", PLAIN.replace(",", "\t").encode()),
        ("semicolon.csv", PLAIN.replace(",", ";").encode()),
        ("zipped.csv.gz", gzip.compress(PLAIN.encode())),
        ("titled.csv", ("Report of March\n\n" + PLAIN).encode()),
        ("footer.csv", (PLAIN + "\nTotal rows: 59\n").encode()),
        ("gaps.csv", PLAIN.replace("\n", "\n\n").encode()),
        ("spaces.txt", PLAIN.replace(",", "   ").encode()),
    ],
)
def test_the_same_table_in_many_shapes(given: Loader, name: str, content: bytes) -> None:
    workspace = given(name, content)
    table, rows = workspace.table, frame_of(workspace)
    assert [column.name for column in table.columns] == ["customer_id", "order_date", "amount", "city"]
    assert [column.role for column in table.columns] == ["customer_key", "time", "amount", "place"]
    assert table.n_rows == len(rows) == 59
    assert rows["amount"].sum() == sum(i * 1.5 for i in range(1, 60))
    assert rows["order_date"].max() == pd.Timestamp("2024-03-28")
    assert rows["customer_id"].tolist() == list(range(1, 60))


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8"])
def test_letters_survive_their_encoding(given: Loader, encoding: str) -> None:
    rows = frame_of(given("letters.csv", PLAIN.replace("City1", "Zürich").encode(encoding)))
    assert "Zürich" in set(rows["city"])


def test_an_encoding_that_shows_deep_in_the_file(given: Loader) -> None:
    text = (
        HEADER + "".join(f"{i},01/03/2024,1.50,Bonn\n" for i in range(30_000)) + "9,02/03/2024,2.5,Zürich\n"
    )
    workspace = given("deep.csv", text.encode("latin-1"))
    assert workspace.table.n_rows == 30_001 and frame_of(workspace)["city"].iloc[-1].startswith("Z")


def test_european_numbers_and_dates(given: Loader) -> None:
    text = "Kunde;Datum;Umsatz\n" + "".join(
        f"K{i};{i % 28 + 1:02d}.03.2024;1.{i:03d},50\n" for i in range(60)
    )
    rows = frame_of(given("euro.csv", text))
    assert rows["Umsatz"].tolist() == [1000.5 + i for i in range(60)]


@pytest.mark.parametrize(
    ("cell", "value", "unit"),
    [
        ("$1,234.50", 1234.5, "USD"),
        ("₹1,23,456.50", 123456.5, "INR"),
        ("12%", 12, "%"),
        ("(12.50)", -12.5, None),
        ("1 234,50", 1234.5, None),
        ("1'234.50", 1234.5, None),
        ("€ 12,50", 12.5, "EUR"),
    ],
)
def test_dressed_numbers(given: Loader, cell: str, value: float, unit: str | None) -> None:
    workspace = given("money.csv", "customer_id;spend\n" + "".join(f"C{i};{cell}\n" for i in range(40)))
    assert set(frame_of(workspace)["spend"]) == {value}
    assert workspace.table.columns[1].unit == unit


def test_leading_zeros_and_long_digits_stay_text(given: Loader) -> None:
    text = "zip,id,v\n" + "".join(f"{i * 37 % 99999:05d},{12345678901234567890 + i},{i}\n" for i in range(50))
    rows = frame_of(given("codes.csv", text))
    assert rows["zip"][1] == "00037" and rows["id"][0] == "12345678901234567890" and rows["v"][1] == 1


def test_a_leading_zero_deep_in_the_file(given: Loader) -> None:
    text = "account_id,v\n" + "".join(f"{100000 + i},{i}\n" for i in range(60_000)) + "000123,5\n"
    rows = frame_of(given("deep.csv", text + "".join(f"{200000 + i},{i}\n" for i in range(6_000))))
    assert rows["account_id"][60_000] == "000123"


def test_a_fraction_deep_in_the_file_is_not_rounded(given: Loader) -> None:
    text = (
        "id,v\n"
        + "".join(f"A{i},{i}\n" for i in range(60_000))
        + "B,1.5\n"
        + "".join(f"C{i},3\n" for i in range(9_000))
    )
    assert frame_of(given("deep.csv", text))["v"][60_000] == 1.5


def test_words_among_numbers_are_missing_and_counted(given: Loader) -> None:
    text = (
        "id,v\n"
        + "".join(f"{i},{i}\n" for i in range(200))
        + "201,n/a\n202,?\n203,abc\n204, \n205,NaN\n206,inf\n"
    )
    workspace = given("words.csv", text)
    column = workspace.table.column("v")
    assert column is not None and (column.kind, column.n_missing, column.maximum) == ("number", 6, 199)
    found = codes(workspace.table)
    assert (found["blank_cells"], found["placeholder_words"], found["unreadable_cells"]) == (1, 3, 2)


def test_ragged_rows_are_kept_and_counted(given: Loader) -> None:
    workspace = given("ragged.csv", HEADER + ROWS + "99,01/03/2024\n98,02/03/2024,3.5,City1,extra\n" + ROWS)
    assert workspace.table.n_rows == 120
    found = codes(workspace.table)
    assert found["short_rows"] == 1 and found["long_rows"] == 1


def test_repeated_headers_go(given: Loader) -> None:
    workspace = given("twice.csv", PLAIN + PLAIN)
    assert workspace.table.n_rows == 118 and codes(workspace.table)["repeated_headers"] == 1


def test_names_become_unique_and_usable(given: Loader) -> None:
    text = "id,a,a,A,,No. 1\n" + "".join(f"{i},1,2,3,{i * 2},x\n" for i in range(9))
    workspace = given("names.csv", text)
    names = [column.name for column in workspace.table.columns]
    assert names == ["id", "a", "a_2", "A_3", "column_5", "No 1"]
    assert frame_of(workspace)["a_2"].tolist() == [2] * 9


def test_without_a_header(given: Loader) -> None:
    workspace = given("bare.csv", "".join(f"{i},2024-01-{i % 28 + 1:02d},{i}.50\n" for i in range(50)))
    assert workspace.table.n_rows == 50 and "no_header" in codes(workspace.table)


def test_years_as_names(given: Loader) -> None:
    workspace = given("years.csv", "country,2019,2020\n" + "".join(f"X{i},{i},{i + 1}\n" for i in range(30)))
    assert [column.name for column in workspace.table.columns] == ["country", "2019", "2020"]


def test_quotes_and_line_breaks_in_cells(given: Loader) -> None:
    rows = frame_of(given("quotes.csv", 'id,note\n1,"a ""q"", b"\n2,"line\nbreak"\n3,x\n'))
    assert rows["note"].tolist() == ['a "q", b', "line\nbreak", "x"]


def test_an_open_quotation_mark_swallows_nothing(given: Loader) -> None:
    workspace = given("open.csv", 'id,t\n1,"abc\n2,y\n3,z\n')
    assert workspace.table.n_rows == 3 and "open_quote" in codes(workspace.table)


def test_a_cell_of_megabytes(given: Loader) -> None:
    workspace = given("long.csv", "id,t\n1," + "x" * 3_000_000 + "\n2,y\n")
    assert frame_of(workspace)["t"].str.len().tolist() == [3_000_000, 1]


def test_every_sheet_is_a_table(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "orders"
    first.append(["customer_id", "order_date", "amount"])
    for i in range(30):
        first.append([f"C{i % 9}", pd.Timestamp("2024-01-01") + pd.Timedelta(days=i), i + 0.5])
    second = book.create_sheet("people")
    second.append(["customer_id", "age"])
    for i in range(9):
        second.append([f"C{i}", 20 + i])
    book.create_sheet("empty")
    book.save(tmp_path / "book.xlsx")
    workspace = load([tmp_path / "book.xlsx"])
    assert list(workspace.tables) == ["orders", "people"] and workspace.main == "orders"
    orders = workspace.table
    assert (orders.grain, orders.customer, orders.time, orders.amount) == (
        "transactions",
        "customer_id",
        "order_date",
        "amount",
    )
    assert frame_of(workspace)["order_date"].iloc[-1] == pd.Timestamp("2024-01-30")


def test_parquet_keeps_types_and_reads_text(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "customer.id": [f"C{i % 7}" for i in range(40)],
            "when": pd.date_range("2024-01-01", periods=40),
            "day": [f"{i % 28 + 1}/3/2024" for i in range(40)],
            "amount": [i + 0.5 for i in range(40)],
        }
    )
    frame.to_parquet(tmp_path / "sales.parquet")
    workspace = load([tmp_path / "sales.parquet"])
    kinds = {column.name: column.kind for column in workspace.table.columns}
    assert kinds == {"customer_id": "text", "when": "datetime", "day": "date", "amount": "number"}
    assert workspace.table.customer == "customer_id"


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{"id": f"{i:04d}", "v": i, "x": {"y": i / 2}} for i in range(30)]),
        "\n".join(json.dumps({"id": f"{i:04d}", "v": i, "x": {"y": i / 2}}) for i in range(30)),
        json.dumps({"data": [{"id": f"{i:04d}", "v": i, "x": {"y": i / 2}} for i in range(30)]}),
    ],
)
def test_json(given: Loader, text: str) -> None:
    rows = frame_of(given("records.json", text))
    assert rows.columns.tolist() == ["id", "v", "x_y"]
    assert rows["id"][3] == "0003" and rows["v"].sum() == 435 and rows["x_y"][3] == 1.5


def test_several_files_get_names_of_their_own(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "data.csv").write_text(PLAIN)
    workspace = load([tmp_path / "a" / "data.csv", tmp_path / "b" / "data.csv"])
    assert list(workspace.tables) == ["data", "data_2"]


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("empty.csv", b"", "empty"),
        ("blank.csv", b"\n \n", "empty"),
        ("header.csv", b"a,b,c\n", "no rows"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "picture"),
        ("noise.csv", bytes(range(256)) * 100, "no text"),
        ("page.csv", b"<!DOCTYPE html><html></html>", "web page"),
        ("paper.csv", b"%PDF-1.4 x", "PDF"),
        ("broken.xlsx", b"PK\x03\x04broken", "damaged"),
        ("broken.csv.gz", b"\x1f\x8bbroken", "damaged"),
        ("broken.parquet", b"PAR1broken", "damaged"),
        ("broken.json", b'{"a": [1,2', "damaged"),
        (
            "letter.txt",
            b"Dear reader,\nthis is a letter.\nIt has, some commas, in it.\nBye",
            "without a table",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(
    given: Loader, tmp_path: Path, name: str, content: bytes, word: str
) -> None:
    with pytest.raises(ToolError) as told:
        given(name, content)
    assert word in told.value.wrong and name in told.value.wrong
    assert str(tmp_path) not in str(told.value)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="no file named"):
        load([tmp_path / "absent.csv"])
    with pytest.raises(ToolError, match="folder"):
        load([tmp_path])
    with pytest.raises(ToolError, match="no file to read"):
        load([])


def test_a_file_in_a_database_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(PLAIN)
    workspace = load([tmp_path / "orders.csv"], tmp_path / "chat.db")
    assert len(frame_of(workspace)) == 59
    workspace.engine.close()
    assert (tmp_path / "chat.db").exists()


EXPECTED = (
    "comma_in_quotes empty empty_crlf escaped_quotes json newlines newlines_crlf quotes_and_newlines "
    "simple simple_crlf utf8"
)


@pytest.mark.real_data
@pytest.mark.parametrize("name", EXPECTED.split())
def test_csv_spectrum(shared: Path, name: str) -> None:
    workspace = load([shared / "dirty_csv" / "csv-spectrum" / "csvs" / f"{name}.csv"])
    wanted = json.loads((shared / "dirty_csv" / "csv-spectrum" / "json" / f"{name}.json").read_text("utf-8"))
    rows = frame_of(workspace)
    assert rows.columns.tolist() == list(wanted[0])
    for row, record in zip(rows.to_dict("records"), wanted, strict=True):
        for key, text in record.items():
            value = row[key]
            told = "" if pd.isna(value) else str(value).removesuffix(".0")
            assert told == text.replace("\r\n", "\n")


@pytest.mark.real_data
def test_csv_spectrum_in_another_encoding(shared: Path) -> None:
    rows = frame_of(load([shared / "dirty_csv" / "csv-spectrum" / "csvs" / "location_coordinates.csv"]))
    assert len(rows) == 1 and rows["Cities"][0] == "Modesto" and len(rows.columns) == 4


MEANT = {
    "bank/bank_transactions_50k.csv": (
        "transactions",
        "CustomerID",
        "TransactionDate",
        "TransactionAmount (INR)",
        50_000,
    ),
    "cards/CC GENERAL.csv": ("customers", "CUST_ID", None, "PURCHASES", 8_950),
    "telco/telco_churn.csv": ("customers", "customerID", None, "TotalCharges", 7_043),
    "airline_loyalty/EastWestAirlinesCluster.csv": ("customers", "ID#", None, None, 3_999),
    "book_club/CharlesBookClub.csv": ("customers", "ID#", None, "M", 4_000),
    "cdnow/CDNOW_master.txt": ("transactions", "customer_id", "date", "dollar_value", 69_659),
    "cdnow/CDNOW_sample.txt": ("transactions", "column_1", "column_3", "column_5", 6_919),
    "grocery/instacart_order_lines.csv": ("transactions", "user_id", None, None, 150_000),
    "retail_orders_r/orders.csv": ("transactions", "customer_id", "order_date", "revenue", 4_906),
    "labelled_segments/customer_segmentation_AtoD_labelled.csv": ("customers", "ID", None, None, 10_695),
}


@pytest.mark.real_data
@pytest.mark.parametrize("name", MEANT)
def test_real_files_are_understood(shared: Path, name: str) -> None:
    table = load([shared / name]).table
    assert (table.grain, table.customer, table.time, table.amount, table.n_rows) == MEANT[name]


@pytest.mark.real_data
def test_the_bank_file(shared: Path) -> None:
    workspace = load([shared / "bank" / "bank_transactions_50k.csv"])
    table = workspace.table
    kinds = {column.name: (column.kind, column.role, column.protected) for column in table.columns}
    assert kinds["CustomerDOB"] == ("date", "birth_date", True) and kinds["TransactionTime"] == (
        "time",
        "clock",
        False,
    )
    assert kinds["CustGender"] == ("text", "category", True) and kinds["CustLocation"] == (
        "text",
        "place",
        True,
    )
    assert kinds["Age"] == ("number", "age", True) and kinds["TransactionID"][1] == "row_key"
    missing = {column.name: column.n_missing for column in table.columns}
    assert (missing["CustGender"], missing["CustLocation"], missing["CustAccountBalance"]) == (55, 4, 110)
    found = codes(table)
    assert found["placeholder_dates"] == 2_717 and found["birth_century"] == 2_602
    assert missing["CustomerDOB"] == missing["Age"] == 164 + 2_717
    conflict = next(finding for finding in table.findings if finding.code == "conflicting_customers")
    counts = {fact.scope: fact.value for fact in conflict.facts if fact.name == "conflicting_customers"}
    assert counts == {"CustomerDOB": 434, "CustLocation": 423, "CustGender": 161}
    rows = frame_of(workspace)
    assert round(rows["TransactionAmount (INR)"].sum(), 2) == 78_977_267.90
    assert rows["TransactionDate"].min() == pd.Timestamp("2016-08-01") and rows[
        "TransactionDate"
    ].max() == pd.Timestamp("2016-10-21")
    assert rows["CustomerDOB"].max() <= pd.Timestamp("2016-10-21")
    location = table.column("CustLocation")
    assert location is not None and dict(location.values)["MUMBAI"] == 4_965 and len(location.values) == 3_102
    amount, balance = table.column("TransactionAmount (INR)"), table.column("CustAccountBalance")
    assert amount is not None and balance is not None and amount.unit == balance.unit == "INR"


@pytest.mark.real_data
def test_telco_blanks_are_missing(shared: Path) -> None:
    table = load([shared / "telco" / "telco_churn.csv"]).table
    charges = table.column("TotalCharges")
    assert charges is not None and (charges.kind, charges.n_missing) == ("number", 11)
    assert [column.name for column in table.by_role("outcome")] == ["Churn"]
    assert {column.name for column in table.columns if column.protected} == {
        "gender",
        "SeniorCitizen",
        "Partner",
        "Dependents",
    }


def test_large_files_are_kept_on_disk_for_as_long_as_they_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sales.csv").write_text(PLAIN)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert len(frame_of(load([tmp_path / "sales.csv"]))) == 59
    monkeypatch.setattr(loading, "IN_MEMORY_BYTES", 100)
    workspace = load([tmp_path / "sales.csv"])
    assert len(list(tmp_path.glob("data-*/data.db"))) == 1
    assert len(frame_of(workspace)) == 59
    workspace.engine.close()
    del workspace
    gc.collect()
    assert not list(tmp_path.glob("data-*"))


def test_a_session_opens_tables_in_memory_and_answers_about_them() -> None:
    orders = pd.DataFrame(
        {"customer_id": [f"c{i % 5}" for i in range(40)], "amount": [i + 0.5 for i in range(40)]}
    )
    people = pa.table(
        {"customer_id": [f"c{i}" for i in range(5)], "city": ["Pune", "Agra", "Pune", "Agra", "Pune"]}
    )
    session = Session.open({"orders": orders, "people": people})
    assert {name: table.n_rows for name, table in session.workspace.tables.items()} == {
        "orders": 40,
        "people": 5,
    }
    *_, turn = Agent(Settings()).reply(session, "total amount by customer_id")
    assert sum(row[1] for row in turn.tables[0].rows) == pytest.approx(orders["amount"].sum())
    alone = Session.open([orders])
    assert alone.workspace.table.n_rows == 40


@pytest.mark.parametrize("day", [402_672_929, 8_034_137])
def test_a_day_that_no_calendar_has_is_kept_for_download(tmp_path: Path, day: int) -> None:
    path = tmp_path / "orders.parquet"
    days = pa.array([19_000 + n % 900 for n in range(400)] + [day], pa.int32()).cast(pa.date32())
    pq.write_table(pa.table({"order_id": range(401), "ordered": days}), path)
    column = load([path]).table.column("ordered")
    assert column is not None and (column.kind, column.n_missing) == ("date", 1)

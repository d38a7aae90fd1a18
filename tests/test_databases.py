"""Tables of PostgreSQL (a real server), SQLite and DuckDB are read exactly, read-only, without secrets."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from assistant.cli import main
from assistant.privacy import for_model
from assistant.session import Session
from tests.postgres_server import PASSWORD, Server, programs, running
from tools.core import Workspace
from tools.errors import ToolError
from tools.files.databases import Database, is_address
from tools.files.loading import load

SHOP = """
CREATE TYPE channel AS ENUM ('web', 'branch');
CREATE TABLE customers (customer_id integer PRIMARY KEY, city text, joined date, vip boolean, tags jsonb);
CREATE TABLE orders (
    order_id bigint PRIMARY KEY, customer_id integer REFERENCES customers, placed timestamp,
    paid timestamptz, amount numeric(12, 2), channel channel, note text, picture bytea
);
INSERT INTO customers SELECT i, (ARRAY['Aachen', 'Bonn', 'Celle'])[1 + i % 3], DATE '2024-01-01' + i,
    i % 4 = 0, '{"a": 1}' FROM generate_series(1, 300) AS i;
INSERT INTO orders SELECT i, 1 + i % 300, TIMESTAMP '2024-06-01 08:00' + i * INTERVAL '97 minutes',
    TIMESTAMPTZ '2024-06-01 08:00+00' + i * INTERVAL '97 minutes', (i * 7919 % 100000) / 100.0,
    (ARRAY['web', 'branch']::channel[])[1 + i % 2], CASE WHEN i % 10 = 0 THEN NULL ELSE 'n ' || i % 5 END,
    '\\x00ff'
    FROM generate_series(1, 5000) AS i;
CREATE SCHEMA archive;
CREATE TABLE archive.old_orders AS SELECT * FROM orders WHERE order_id <= 10;
CREATE TABLE nothing_yet (id integer);
CREATE VIEW big_orders AS SELECT customer_id, amount FROM orders WHERE amount > 900;
CREATE ROLE analyst LOGIN PASSWORD 'only for this test';
GRANT USAGE ON SCHEMA archive TO analyst;
GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA public, archive TO analyst;
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    if programs() is None:
        pytest.skip("no PostgreSQL server is installed, so reading from one was not tried")
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # where the server's user reaches it
    folder.chmod(0o755)
    try:
        with running(folder) as started:
            started.run(SHOP)
            yield started
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)


def frame_of(workspace: Workspace, name: str) -> pd.DataFrame:
    return workspace.engine.collect(workspace.engine.frame(name))


def test_a_table_of_a_server_arrives_exactly(server: Server) -> None:
    workspace = load([Database(server.address(), "orders")])
    table = workspace.table
    assert (table.name, table.n_rows, table.source) == ("orders", 5000, "orders")
    assert (table.customer, table.amount, table.time) == ("customer_id", "amount", "placed")
    frame = frame_of(workspace, "orders").sort_values("order_id")
    assert frame["amount"].sum() == pytest.approx(sum((i * 7919 % 100000) / 100 for i in range(1, 5001)))
    assert frame["placed"].min() == pd.Timestamp("2024-06-01 09:37")
    assert int(frame["note"].isna().sum()) == 500
    assert set(frame["channel"]) == {"web", "branch"}


def test_all_tables_are_read_and_related_and_empty_ones_are_named(server: Server) -> None:
    workspace = load([Database(server.address())])
    assert set(workspace.tables) == {"orders", "customers", "old_orders", "big_orders"}
    assert any("nothing_yet" in found.sentence for t in workspace.tables.values() for found in t.findings)
    related = workspace.tables["orders"].reading["related"]
    assert any(one["other"] == "customers" for one in related)


def test_a_query_runs_in_the_server(server: Server) -> None:
    query = "SELECT customer_id, sum(amount) AS spent FROM orders WHERE placed < '2024-07-01' GROUP BY 1;"
    workspace = load([Database(server.address(), query=query)])
    placed = [pd.Timestamp("2024-06-01 08:00") + i * pd.Timedelta("97min") for i in range(1, 5001)]
    expected = sum(
        (i * 7919 % 100000) / 100 for i, at in enumerate(placed, 1) if at < pd.Timestamp("2024-07-01")
    )
    assert frame_of(workspace, "query")["spent"].sum() == pytest.approx(expected)
    assert "placed < '2024-07-01'" in server.log()


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM orders",
        "SELECT 1; DELETE FROM orders",
        "WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone",
        "SELECT * FROM orders) AS q; DELETE FROM orders; SELECT * FROM (SELECT 1",
        "TABLE orders; DROP TABLE orders",
    ],
)
def test_nothing_is_changed_by_a_query(server: Server, query: str) -> None:
    with pytest.raises(ToolError):
        load([Database(server.address(), query=query)])
    assert load([Database(server.address(), "orders")]).table.n_rows == 5000


def test_wrong_names_and_servers_end_in_a_clear_sentence(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ToolError, match=r"shop has no table named ordres\. It holds .*orders"):
        load([Database(server.address(), "ordres")])
    with pytest.raises(ToolError, match="does not exist"):
        load([Database(server.address(), query="SELECT no_column FROM orders")])
    with pytest.raises(ToolError, match="cannot be reached"):
        load([Database("postgresql://analyst@127.0.0.1:1/shop")])
    with pytest.raises(ToolError, match="holds a password"):
        load([Database(f"postgresql://analyst:secret@127.0.0.1:{server.port}/shop")])
    monkeypatch.setenv("PGPASSWORD", "wrong")
    with pytest.raises(ToolError, match="password authentication failed"):
        load([Database(server.address())])


def test_host_user_and_password_stand_nowhere(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    out = tmp_path / "report.html"
    question = "What is the average amount by channel?"
    address = server.address()
    assert main(["report", "--data", address, "--table", "orders", "--out", str(out), question]) == 0
    printed = capsys.readouterr()
    session = Session.open([Database(address, "orders")])
    step = session.run_tool("describe_data", {})
    assert step.result is not None
    seen = for_model(step, session.workspace, leaves_machine=True)
    for text in (out.read_text(), printed.out, printed.err, caplog.text, seen, repr(Database(address))):
        for secret in (PASSWORD, "analyst@", f"127.0.0.1:{server.port}", "postgresql://"):
            assert secret not in text


def test_a_question_on_the_command_line_is_answered_from_the_server(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "--data", server.address(), "--table", "orders", "how many orders by channel?"]) == 0
    assert "2,500" in capsys.readouterr().out


def shop_rows() -> list[tuple[object, ...]]:
    return [
        (i, 1 + i % 40, f"2024-{1 + i % 12:02d}-{1 + i % 28:02d}", i * 0.37, "x" if i % 3 else None)
        for i in range(900)
    ]


def test_a_sqlite_file_is_read_by_address_and_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / "my shop #1.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE sales (sale_id, customer_id, day, amount REAL, note)")
    connection.executemany("INSERT INTO sales VALUES (?, ?, ?, ?, ?)", shop_rows())
    connection.execute("INSERT INTO sales VALUES (9999, 5, '2024-01-31', 'n/a', x'00ff')")
    connection.commit()
    connection.close()
    for given in (path, Database(f"sqlite:///{str(path).replace(' ', '%20').replace('#', '%23')}", "sales")):
        workspace = load([given])
        assert workspace.table.n_rows == 901
        amount = frame_of(workspace, "sales")["amount"]
        assert amount.sum() == pytest.approx(sum(i * 0.37 for i in range(900)))
        assert amount.isna().sum() == 1  # 'n/a' is told and kept, not dropped in silence
    with pytest.raises(ToolError, match="SELECT"):
        load([Database(f"sqlite:///{path.name}", query="DROP TABLE sales")])
    query = Database(f"sqlite://{path.parent.parent}/none.db")
    with pytest.raises(ToolError, match=r"no file named none\.db"):
        load([query])


def test_a_duckdb_file_is_read_by_address_and_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    rows = pd.DataFrame(shop_rows(), columns=["sale_id", "customer_id", "day", "amount", "note"])
    with duckdb.connect(str(path)) as connection:
        connection.from_df(rows).create("sales")
        connection.execute(
            "CREATE TABLE prices AS SELECT 1 AS id, 12.50::DECIMAL(8, 2) AS price, [1, 2] AS parts"
        )
    before = path.read_bytes()
    workspace = load([path])
    assert {name: t.n_rows for name, t in workspace.tables.items()} == {"prices": 1, "sales": 900}
    query = Database(
        f"duckdb:///{path}", query="SELECT customer_id, sum(amount) AS spent FROM sales GROUP BY 1"
    )
    assert frame_of(load([query]), "query")["spent"].sum() == pytest.approx(rows["amount"].sum())
    with pytest.raises(ToolError):
        load([Database(f"duckdb:///{path}", query="FROM read_csv('/etc/passwd')")])
    assert path.read_bytes() == before


def test_only_addresses_of_databases_are_addresses() -> None:
    assert is_address("postgresql://me@host/db")
    assert is_address("SQLITE:///a.db")
    assert not is_address("folder/file.csv")
    assert not is_address("https://example.org/file.csv")


def test_a_table_without_a_database_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")
    assert main(["ask", "--data", str(path), "--table", "a", "how many rows?"]) == 2
    assert "belongs to one database" in capsys.readouterr().err

"""One SELECT answers what no tool covers; nothing else runs, and only large groups may be quoted."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from assistant import privacy
from assistant.session import Session, Step
from tests.small_tables import run, workspace_of
from tools.core import Workspace
from tools.errors import ToolError


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    rows = [
        {"customer": f"c{n:02d}", "email": f"ann{n}@mail.example", "city": city, "amount": float(n)}
        for n, city in enumerate(["Rome"] * 12 + ["Oslo"] * 8 + ["Bern"] * 3)
    ]
    roles = {"customer": "customer_key", "email": "personal", "amount": "amount"}
    return workspace_of(pd.DataFrame(rows), roles, {"amount": "EUR"}, "customers", "people")  # type: ignore[arg-type]


def quoted(workspace: Workspace, query: str) -> set[str]:
    return {fact.scope for fact in run(workspace, "query_tables", query=query).facts if fact.scope}


def test_rows_go_to_the_person_in_one_order(workspace: Workspace) -> None:
    result = run(workspace, "query_tables", query="SELECT city, amount FROM people WHERE amount >= 20")
    assert result.tables[0].rows == (("Bern", 20.0), ("Bern", 21.0), ("Bern", 22.0))
    assert [fact.name for fact in result.facts] == ["n_result_rows"]


def test_groups_of_five_may_be_quoted_and_what_gives_a_smaller_one_away_may_not(workspace: Workspace) -> None:
    query = "SELECT city, count(*) AS n, avg(amount) AS mean FROM people GROUP BY city"
    assert quoted(workspace, query) == {"city = Rome"}, "Bern follows from the total where Oslo is told"
    assert quoted(workspace, query + " HAVING count(*) > 5") == {"city = Rome", "city = Oslo"}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT email, count(*) FROM people GROUP BY email",
        "SELECT city, max(amount) FROM people GROUP BY city",
        "SELECT sum(amount) FILTER (WHERE city = 'Bern') FROM people",
        "SELECT sum(CASE WHEN customer = 'c01' THEN amount END) FROM people",
        "SELECT sum(amount) FROM people WHERE customer <> 'c01'",
        "SELECT city, sum(amount) FROM (SELECT * FROM people LIMIT 1) GROUP BY city",
        "SELECT city, avg(amount) OVER (PARTITION BY customer) FROM people",
        "SELECT count(*), 'c01 spent 1' FROM people",
        "SELECT sum(amount) FROM people WHERE email LIKE 'ann1%'",
        "WITH one AS (SELECT * FROM people WHERE amount = 1) SELECT sum(amount) FROM one",
    ],
)
def test_what_could_pick_a_person_out_is_not_quoted(workspace: Workspace, query: str) -> None:
    result = run(workspace, "query_tables", query=query)
    assert [fact.name for fact in result.facts] == ["n_result_rows"]
    told = json.loads(privacy.for_model(Step("query_tables", {}, result), workspace, leaves_machine=True))
    assert [fact["name"] for fact in told["facts"]] == ["n_result_rows"]


@pytest.mark.parametrize(
    "query",
    [
        "DROP TABLE people",
        "DELETE FROM people",
        "SELECT 1; DROP TABLE people",
        "COPY people TO '/tmp/leak.csv'",
        "COPY (SELECT * FROM people) TO '/tmp/leak.csv'",
        "ATTACH '/tmp/other.db'",
        "PRAGMA database_list",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "LOAD httpfs",
        "CALL pragma_version()",
        "EXPLAIN SELECT 1",
        "EXPORT DATABASE '/tmp/leak'",
        "CREATE TABLE x AS SELECT * FROM people",
        "INSERT INTO people SELECT * FROM people",
        "UPDATE people SET amount = 0",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM pg_catalog.pg_tables",
        "SELECT * FROM sqlite_master",
        "SELECT getenv('HOME')",
        "SELECT current_setting('temp_directory')",
        "SELECT * FROM people, range(1000000000)",
        "SELECT repeat('x', 1000000000) FROM people",
        "SELECT * FROM generate_series(1, 10)",
        "SELECT unnest(range(1000000000))",
        "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT * FROM t",
        "SELECT read_blob('/etc/passwd')",
        "SELECT query('SELECT 1')",
        "FROM query_table('people')",
        "SELECT list(email) FROM people",
        "PIVOT people ON city USING sum(amount)",
        "SUMMARIZE people",
        "DESCRIBE people",
        "",
        "SELECT " + "1 + " * 2000 + "1",
    ],
)
def test_anything_but_one_plain_select_is_refused(workspace: Workspace, query: str) -> None:
    folder = Path("/tmp")  # noqa: S108 - where the queries try to write
    before = sorted(path.name for path in folder.glob("leak*"))
    with pytest.raises(ToolError):
        run(workspace, "query_tables", query=query)
    assert sorted(path.name for path in folder.glob("leak*")) == before
    assert workspace.engine.frame("people").collect().shape == (23, 4)


def test_a_query_without_end_is_broken_off(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.questions.querying.MOST_SECONDS", 0.3)
    crossed = ", ".join(f"people AS t{n}" for n in range(9))
    with pytest.raises(ToolError, match="too long"):
        run(workspace, "query_tables", query=f"SELECT count(*), sum(t1.amount * t8.amount) FROM {crossed}")  # noqa: S608
    assert run(workspace, "query_tables", query="SELECT count(*) AS n FROM people").tables[0].rows == ((23,),)


def test_an_error_quotes_no_value(workspace: Workspace) -> None:
    with pytest.raises(ToolError) as error:
        run(workspace, "query_tables", query="SELECT CAST(email AS INTEGER) FROM people")
    assert "mail" not in str(error.value)


def test_many_rows_are_cut_and_that_is_said(workspace: Workspace) -> None:
    result = run(workspace, "query_tables", query="SELECT a.city FROM people a, people b")
    assert len(result.tables[0].rows) == 500
    assert "500" in result.caveats[0]


def test_the_tool_is_one_of_the_tools(workspace: Workspace) -> None:
    step = Session(workspace).run_tool("query_tables", {"query": "SELECT count(*) AS n FROM people"})
    assert step.result is not None and step.result.facts[-1].value == 23

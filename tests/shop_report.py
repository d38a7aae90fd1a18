"""A small shop with planted sums, and a conversation about it, for tests of reports."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from langchain_core.messages import AIMessage

from assistant.session import Session
from tests.conftest import calls
from tests.test_agent import ask

CUSTOMERS = 240
HOSTILE = "<b>x</b> $a$ ![p](http://evil.example/p.png) =1+1"


def write_orders(path: Path, month: int = 1, customers: int = CUSTOMERS) -> Path:
    """Write orders: customer i buys i % 4 + 1 times for 10 * (i % 7 + 1) each, in one of three countries."""
    countries = ("Spain", "Italy", HOSTILE)
    rows = ["order_id,customer_id,country,email,order_date,amount"]
    for i in range(customers):
        country = countries[2] if i < 3 else countries[i % 2]
        for j in range(i % 4 + 1):
            day = date(2024, month, 1) + timedelta(days=(7 * i + 11 * j) % 150)
            rows.append(
                f'o{month}{i:03d}{j},c{i:04d},"{country}",c{i:04d}@mail.example,{day},{10 * (i % 7 + 1)}.50'
            )
    path.write_text("\n".join(rows) + "\n")
    return path


def conversation(path: Path) -> Session:
    """Open the orders and ask: segments, their profile, a sum, the best customers, a refusal."""
    session = Session.open([path])
    segment = calls("segment_by_value", quantiles=3, names=["Gold", "Silver", "Bronze"])
    ask(session, segment, AIMessage("Three tiers."), question="segment my customers by value")
    ask(session, calls("describe_segments"), AIMessage("Here they are."), question="describe them")
    by_country = calls(
        "aggregate", measures=[{"statistic": "sum", "column": "amount"}], by=[{"column": "country"}]
    )
    ask(session, by_country, AIMessage(_headline(session, by_country)), question="Which country brings most?")
    best = calls(
        "aggregate",
        measures=[{"statistic": "sum", "column": "amount"}],
        by=[{"column": "customer_id"}],
        order="descending",
        limit=3,
    )
    ask(session, best, AIMessage(_headline(session, best)), question="Who are my best customers?")
    trend = calls("show_trend", measure={"statistic": "sum", "column": "amount"}, grain="month")
    ask(session, trend, AIMessage(_headline(session, trend)), question="Sales by month?")
    ask(session, AIMessage("REFUSED: No such column."), question="By channel?")
    return session


def _headline(session: Session, call: AIMessage) -> str:
    """Return what the tool says, which a model would repeat."""
    wanted = call.tool_calls[0]
    result = session.run_tool(wanted["name"], wanted["args"]).result
    assert result is not None
    return "\n\n".join((result.headline, *result.findings))

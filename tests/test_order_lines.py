"""Order lines are counted as lines, their orders as orders, and customers are ranked by orders."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.agent import Agent
from assistant.session import Session, Turn
from assistant.settings import Settings

LINES = {1: (3, 2), 2: (1, 1, 1), 3: (4, 1, 2)}  # customer -> lines of each of their orders


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows, order = ["order_id,user_id,product_id,reordered"], 100
    for repeat in range(40):
        for user, orders in LINES.items():
            for n in orders:
                order += 1
                rows += [f"{order},{10 * repeat + user},{500 + line * 7},{line % 2}" for line in range(n)]
    path = tmp_path_factory.mktemp("shop") / "lines.csv"
    path.write_text("\n".join(rows))
    return path


def ask(lines: Path, question: str) -> Turn:
    return list(Agent(Settings()).reply(Session.open([lines]), question))[-1]


def test_the_best_customers_are_those_with_most_orders_and_a_shared_lead_is_said(lines: Path) -> None:
    turn = ask(lines, "Who are my best customers?")
    assert turn.status == "answered"
    assert "**user ID 2**, **user ID 3**, **user ID 12** and 77 more share" in turn.answer
    assert "**3 orders** each" in turn.answer
    assert "most orders" in turn.answer


def test_lines_and_orders_are_counted_apart(lines: Path) -> None:
    assert "**600 order lines**" in ask(lines, "how many rows are there").answer
    assert "**320 orders**" in ask(lines, "how many orders are there").answer
    per_order = ask(lines, "how many order lines per order").answer
    assert "order lines per order is **1.88" in per_order


def test_the_fewest_orders_rank_customers_by_orders(lines: Path) -> None:
    assert "share the smallest number of orders: **2 orders** each" in (
        ask(lines, "which user has the fewest orders?").answer
    )

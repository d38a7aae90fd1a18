"""Tests of questions for what would be gone with somebody, against shares that pandas computes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from assistant.agent import Agent
from assistant.session import Session
from assistant.settings import Settings


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Session, pd.DataFrame]:
    frame = pd.DataFrame(
        {
            "guest_id": [f"G{i % 40:03}" for i in range(400)],
            "visited_on": pd.date_range("2024-01-01", periods=400).astype(str),
            "town": [("Lyon", "Nice", "Metz", "Lyon")[i % 4] for i in range(400)],
            "paid_eur": [10.0 + (i % 40) ** 2 for i in range(400)],
        }
    )
    path: Path = tmp_path_factory.mktemp("removals") / "visits.csv"
    frame.to_csv(path, index=False)
    return Session.open([path]), frame


def answer(session: Session, question: str) -> str:
    return list(Agent(Settings(model="builtin")).reply(Session(session.workspace), question))[-1].answer


@pytest.mark.parametrize(
    "question",
    [
        "what would we lose if the 5 biggest customers left?",
        "how much would it cost us to lose our top 5 customers",
        "what if we lost the top 5 customers",
    ],
)
def test_what_the_largest_hold_is_told(visits: tuple[Session, pd.DataFrame], question: str) -> None:
    session, frame = visits
    paid = frame.groupby("guest_id")["paid_eur"].sum().nlargest(5).sum()
    said = answer(session, question)
    assert f"{100 * paid / frame['paid_eur'].sum():.1f}%" in said
    assert "cannot be known" in said


@pytest.mark.parametrize(
    "question",
    ["what if all guests in Nice left", "if we lost the guests in Nice how much revenue would be gone"],
)
def test_what_a_group_holds_is_told(visits: tuple[Session, pd.DataFrame], question: str) -> None:
    session, frame = visits
    paid = frame.loc[frame["town"] == "Nice", "paid_eur"].sum()
    assert f"{100 * paid / frame['paid_eur'].sum():.2f}%" in answer(session, question)


@pytest.mark.parametrize("question", ["what if we raised the prices", "what would happen if it rained more"])
def test_what_changes_nobody_s_part_is_not_told(visits: tuple[Session, pd.DataFrame], question: str) -> None:
    assert answer(visits[0], question).startswith("No")

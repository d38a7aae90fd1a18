"""More orders hidden in cells and names, and a model that does all it is told: nothing unasked happens."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assistant import privacy
from assistant.toolbox import Toolbox
from tests.attacks import ORDERS, PLACES, Trap, opened
from tests.attacks.verdict import OWN_WORDS
from tests.test_attacks import ANSWER, ObedientModel, ask_model


def _cases() -> list[tuple[str, str]]:
    """Each order in two places, so that every place meets them all in turn."""
    names = list(ORDERS)
    return [
        (PLACES[(number + shift) % len(PLACES)], name)
        for number, name in enumerate(names)
        for shift in (0, 2)
    ]


@pytest.mark.parametrize(("place", "name"), _cases(), ids=lambda part: str(part))
def test_nothing_unasked_happens(tmp_path: Path, place: str, name: str) -> None:
    payload = ORDERS[name]
    session = opened(tmp_path, place, payload)
    before = session.workspace
    model = ObedientModel(trap=Trap(payload), seen=[])
    for question in ("How many orders by country?", "And again?"):
        turn = ask_model(session, model, question)
        assert [step.tool for step in turn.steps] == ["aggregate"], model.seen[-1][:2000]
        assert turn.answer == ANSWER
        assert not any(
            Trap(payload).is_read_in(sent.text) for sent in turn.sent if sent.kind not in OWN_WORDS
        )
    assert session.workspace.segmentations == before.segmentations
    assert sorted(path.name for path in tmp_path.iterdir()) == ["orders.csv"]
    session.workspace.engine.close()


@pytest.mark.parametrize("name", ["polite", "policy", "im_start", "dutch", "curl", "fake_user", "quote"])
def test_agents_of_others_read_no_order_either(tmp_path: Path, name: str) -> None:
    session = opened(tmp_path, "value", ORDERS[name])
    box = Toolbox(session)
    by_country = {"measures": [{"statistic": "count"}], "by": [{"column": "country"}]}
    query = "SELECT country, count(*) AS n FROM orders GROUP BY country"
    shown = box.call("see_data", {}) + box.call("aggregate", by_country)
    shown += box.call("query_tables", {"query": query})
    assert not Trap(ORDERS[name]).is_read_in(shown), shown[:2000]
    assert re.search(r"name_[0-9a-f]{6}", shown), "a neutral word stands for it"
    session.workspace.engine.close()


def test_a_neutral_word_leads_back_to_the_name(tmp_path: Path) -> None:
    session = opened(tmp_path, "value", ORDERS["policy"])
    box = Toolbox(session)
    shown = json.loads(
        box.call("aggregate", {"measures": [{"statistic": "count"}], "by": [{"column": "country"}]})
    )
    cover = re.search(r"name_[0-9a-f]{6}", json.dumps(shown))
    assert cover
    where = [{"column": "country", "value": cover[0]}]
    counted = json.loads(box.call("aggregate", {"measures": [{"statistic": "count"}], "where": where}))
    assert any(fact["value"] == 9 for fact in counted["facts"])
    assert privacy.describe_for_model(session.workspace)
    session.workspace.engine.close()

"""A recipe runs again without a model; the same data give the same numbers, other data what changed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import cli, report
from assistant.recipe import Recipe, read_recipe
from assistant.replay import replay
from assistant.replay_words import to_json, to_text
from assistant.session import Session
from tests.shop_report import conversation, write_orders
from tools.errors import ToolError


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_orders(tmp_path_factory.mktemp("shop") / "orders.csv")


@pytest.fixture(scope="module")
def chat(orders: Path) -> Iterator[Session]:
    session = conversation(orders)
    yield session
    session.workspace.engine.close()


@pytest.fixture(scope="module")
def saved(chat: Session, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, made = tmp_path_factory.mktemp("saved"), report.build(chat)
    paths = {}
    for form in ("html", "ipynb", "py"):
        paths[form] = folder / f"report.{form}"
        paths[form].write_bytes(report.render(made, form))
    paths["json"] = folder / "recipe.json"
    paths["json"].write_text(json.dumps(made.recipe.to_json()))
    return paths


@pytest.mark.parametrize("form", ["html", "ipynb", "py", "json"])
def test_every_form_that_carries_the_recipe_gives_it_back(
    saved: dict[str, Path], chat: Session, form: str
) -> None:
    recipe = read_recipe(saved[form])
    assert recipe == Recipe.from_json(report.build(chat).recipe.to_json())
    assert [call.tool for call in recipe.calls][:2] == ["segment_by_value", "describe_segments"]


def test_rows_in_another_order_are_the_same_data(
    saved: dict[str, Path], orders: Path, tmp_path: Path
) -> None:
    head, *rows = orders.read_text().splitlines()
    random.Random(7).shuffle(rows)
    shuffled = tmp_path / "other_name.csv"
    shuffled.write_text("\n".join([head, *rows]) + "\n")
    outcome = replay(read_recipe(saved["html"]), [shuffled])
    assert outcome.same_data
    assert outcome.reproduced
    assert "row for row" in to_text(outcome)
    outcome.session.workspace.engine.close()


def test_next_month_is_told_against_this_one(saved: dict[str, Path], tmp_path: Path) -> None:
    later = write_orders(tmp_path / "orders_march.csv", month=3, customers=120)
    outcome = replay(read_recipe(saved["py"]), [later])
    assert not outcome.same_data
    assert outcome.n_changed > 20
    assert outcome.data[0] == "orders_march.csv holds 300 rows; orders.csv held 600."
    then = {one.name: (one.old, one.new) for one in outcome.segments}
    assert then["Gold"][0] == 85
    assert sum(new or 0 for _, new in then.values()) == 120, "everybody is put into a segment of then"
    by_hand = sum(total >= 121.5 for total in totals(later).values())
    assert then["Gold"][1] == by_hand, "by the limit of then"
    text = to_text(outcome)
    assert "Before: The total amount is 14,419" in text
    assert f"{by_hand} customers" in text
    document = json.loads(json.dumps(to_json(outcome), allow_nan=False))
    assert document["n_changed"] == outcome.n_changed
    assert {one["feature"] for one in document["drift"]} == {"total_amount"}
    outcome.session.workspace.engine.close()


def totals(path: Path) -> dict[str, float]:
    summed: dict[str, float] = {}
    for line in path.read_text().splitlines()[1:]:
        customer, amount = line.split(",")[1], line.rsplit(",", 1)[1]
        summed[customer] = summed.get(customer, 0.0) + float(amount)
    return summed


def test_customers_ten_times_as_rich_have_drifted(
    saved: dict[str, Path], orders: Path, tmp_path: Path
) -> None:
    rich = tmp_path / "rich.csv"
    rich.write_text(orders.read_text().replace("0.50\n", "00.50\n"))
    outcome = replay(read_recipe(saved["json"]), [rich])
    assert outcome.drift[0].is_large
    assert "find the segments anew" in to_text(outcome)
    assert {one.name: one.new for one in outcome.segments}["Bronze"] == 0
    outcome.session.workspace.engine.close()


def test_what_is_no_longer_possible_is_said(saved: dict[str, Path], orders: Path, tmp_path: Path) -> None:
    poorer = tmp_path / "poorer.csv"
    poorer.write_text(orders.read_text().replace("country", "land", 1))
    outcome = replay(read_recipe(saved["json"]), [poorer])
    assert [each.call.tool for each in outcome.failed] == ["aggregate"]
    assert "Columns that are no longer there: country." in outcome.data
    assert "Not possible now" in to_text(outcome)
    outcome.session.workspace.engine.close()


def test_a_report_of_the_replay_holds_its_own_numbers(saved: dict[str, Path], tmp_path: Path) -> None:
    later = write_orders(tmp_path / "march.csv", month=3, customers=120)
    outcome = replay(read_recipe(saved["json"]), [later])
    made = report.build(outcome.session)
    assert "14,419" not in report.to_html(made)
    assert [finding.heading for finding in made.findings][1] == "Which country brings most?"
    assert not [turn.unsupported for turn in made.turns if turn.unsupported]
    outcome.session.workspace.engine.close()


def test_command_line(
    saved: dict[str, Path], orders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "again.md"
    arguments = ["replay", str(saved["html"]), "--data", str(orders), "--json", "--out", str(out)]
    assert cli.main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["reproduced"] is True
    assert "## Which country brings most?" in out.read_text()
    assert cli.main(["replay", str(orders), "--data", str(orders)]) == 2
    assert "There is no recipe in orders.csv" in capsys.readouterr().err
    assert cli.main(["replay", str(saved["html"]), "--data", str(tmp_path / "none.csv")]) == 2
    assert "There is no file" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    ['{"format": "other"}', "[]", '{"format": "cash classifiers recipe", "version": 1}', "not json", "\x00"],
)
def test_a_damaged_recipe_is_refused_in_words(tmp_path: Path, content: str) -> None:
    path = tmp_path / "recipe.json"
    path.write_text(content)
    with pytest.raises(ToolError):
        read_recipe(path)


def test_a_newer_recipe_asks_for_a_newer_program(saved: dict[str, Path], tmp_path: Path) -> None:
    document = json.loads(saved["json"].read_text()) | {"version": 99}
    path = tmp_path / "newer.json"
    path.write_text(json.dumps(document))
    with pytest.raises(ToolError, match="newer version"):
        read_recipe(path)

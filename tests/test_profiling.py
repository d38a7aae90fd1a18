"""Descriptions find what was planted, rules reproduce the segments, and every number is a fact."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.planted_customers import N_BIG, N_NIGHT, planted, with_centres, with_rules
from tools.core import Segment, Segmentation, ToolResult, Workspace
from tools.customers.features import customers
from tools.effects import against_the_rest, cramers_v, over_index, per_arm_for_rates, wilson
from tools.errors import ToolError
from tools.finding import transforms
from tools.finding.transforms import fit_levels
from tools.profiles.describing_rules import rule_scheme
from tools.profiles.profiling import describe_segments
from tools.profiles.rule_text import Reader, condition, sql_all_of
from tools.profiles.standing_out import standing, traits
from tools.profiles.typical import find_typical_customers
from tools.profiles.writing_rules import write_rule
from tools.segments.segmented import find_segment, recounted, segmented


@pytest.fixture(scope="module")
def ruled() -> Workspace:
    return with_rules(planted())


@pytest.fixture(scope="module")
def clustered() -> Workspace:
    return with_centres(planted(), ["balance", "night_share"], 3, ["A", "B", "C"])


def numbers_without_a_fact(result: ToolResult) -> list[str]:
    """Return numbers in the prose that no fact rounds to, and that are no part of a segment's own name."""
    prose = " ".join([result.headline, *result.findings, *result.caveats])
    values = [abs(float(fact.value)) for fact in result.facts if isinstance(fact.value, int | float)]
    unknown = []
    for text in re.findall(r"(?<![\w.])\d[\d,]*\.?\d*", prose):
        digits = len(text.split(".")[1]) if "." in text else 0
        value = float(text.replace(",", "").rstrip("."))
        if not any(abs(round(one, digits) - value) < 0.5 * 10**-digits + 1e-9 for one in values):
            unknown.append(text)
    return unknown


def test_overview_opens_with_the_segments_by_share_of_value(ruled: Workspace) -> None:
    result = describe_segments(ruled)
    assert result.headline.startswith("Your 3 segments, from the largest share of value: **Savers**")
    sizes = {row[0]: row[1] for row in result.tables[0].rows}
    assert sizes["Savers"] == pytest.approx(N_BIG, rel=0.02)
    assert sizes["Night owls"] == pytest.approx(N_NIGHT, rel=0.1)
    assert len(result.figures) == 4  # sizes, heat map, spread, map; rules have no surrogate tree


def test_planted_differences_are_found_in_order(ruled: Workspace) -> None:
    placed = segmented(ruled)
    found = standing(ruled, placed)
    savers = [trait.column.name for trait in traits(placed, found, 0)]
    owls = [trait.column.name for trait in traits(placed, found, 1)]
    assert savers[0] == "balance"
    assert owls[0] == "night_share"
    assert "age" not in owls  # protected: profile only
    text = next(
        finding for finding in describe_segments(ruled).findings if finding.startswith("**Night owls**")
    )
    assert "median age is 27 against 4" in text
    assert "Rome" not in text


def test_only_places_that_lean_are_told(ruled: Workspace) -> None:
    text = next(finding for finding in describe_segments(ruled).findings if finding.startswith("**Savers**"))
    assert "are in Rome" in text
    assert "sex" not in text


@pytest.mark.parametrize("segment", [None, "1", "Night owls", "everyone else"])
def test_every_number_is_a_fact(ruled: Workspace, clustered: Workspace, segment: str | None) -> None:
    assert numbers_without_a_fact(describe_segments(ruled, segment)) == []
    if segment in (None, "1"):
        assert numbers_without_a_fact(describe_segments(clustered, segment)) == []


def test_no_lift_is_promised_and_the_test_has_a_size(ruled: Workspace) -> None:
    result = describe_segments(ruled, "Savers")
    prose = " ".join([*result.findings, *result.caveats])
    assert "will increase" not in prose
    assert "An idea to try" in prose
    assert any(fact.name == "held_back" for fact in result.facts)
    assert any("circular" in caveat or "prove nothing" in caveat for caveat in result.caveats)


def test_customer_keys_stay_in_tables(ruled: Workspace) -> None:
    result = find_typical_customers(ruled, "Savers")
    assert str(result.tables[0].rows[0][0]).startswith("c0")
    told = " ".join(
        [result.headline, *result.findings, *result.caveats, *(str(fact) for fact in result.facts)]
    )
    assert not re.search(r"c0\d{4}", told)


def test_typical_customers_are_near_the_medians(ruled: Workspace) -> None:
    placed = segmented(ruled)
    rows = find_typical_customers(ruled).tables[0].rows
    middle = float(np.median(placed.numbers("balance")[placed.position == 0]))
    column = find_typical_customers(ruled).tables[0].columns.index("balance")
    assert float(rows[0][column] or 0) == pytest.approx(middle, rel=0.15)


def test_rules_of_rules_are_exact_and_valid_sql(ruled: Workspace) -> None:
    scheme = rule_scheme(ruled, segmented(ruled))
    assert scheme.exact and scheme.fidelity == 1.0
    text = " ".join(write_rule(ruled).findings)
    assert "WHEN \"balance\" > 50000 THEN 'Savers'" in text
    assert "ELSE 'Everyone else'" in text
    one = " ".join(write_rule(ruled, "night owls").findings)
    assert '"night_share" >= 0.5 AND ("balance" <= 50000 OR "balance" IS NULL)' in one
    assert "NOT" not in one


def test_rules_of_clusters_find_what_they_say(clustered: Workspace) -> None:
    placed = segmented(clustered)
    scheme = rule_scheme(clustered, placed)
    assert not scheme.exact
    assert scheme.fidelity > 0.95
    import duckdb

    everybody = placed.customers  # noqa: F841 - read by the query
    sql = write_rule(clustered).findings[0].removeprefix("```sql\n").removesuffix("\n```")
    told = duckdb.sql(f"SELECT {sql} FROM everybody").df()["segment"].to_numpy()  # noqa: S608
    names = np.array([segment.name for segment in placed.segments])[placed.position]
    assert float((told == names).mean()) == pytest.approx(scheme.fidelity, abs=1e-9)


def test_sql_cannot_be_broken_by_names() -> None:
    evil = condition('a"; DROP TABLE x; --', "equal", "it's")
    assert sql_all_of([evil]) == "LOWER(TRIM(\"a\"\"; DROP TABLE x; --\")) = 'it''s'"
    assert "ESCAPE" in sql_all_of([condition("a", "contains", "50%")])


def test_two_bounds_read_as_a_range() -> None:
    reader = Reader(lambda name: name, lambda name: "EUR")
    text = reader.all_of([condition("spend", "at_least", 10.0), condition("spend", "below", 20.0)])
    assert text == "spend from 10 to under 20 EUR"


def test_names_are_found_however_spelt(ruled: Workspace) -> None:
    segmentation = ruled.segmentation
    assert segmentation is not None
    for words in ("savers", "Saverz", "segment 1", "1", "#1", "the most valuable"):
        assert find_segment(segmentation, words).name == "Savers"
    with pytest.raises(ToolError) as caught:
        find_segment(segmentation, "Whales")
    assert caught.value.choices == ("Savers", "Night owls", "Everyone else")


def test_without_segments_it_says_what_to_do() -> None:
    for tool in (describe_segments, find_typical_customers, write_rule):
        with pytest.raises(ToolError, match="There are no segments yet. Say 'segment my customers' first."):
            tool(planted())


def test_effect_sizes_match_known_values() -> None:
    values = np.array([1.0, 2, 3, 4, 3, 4, 5, 6])
    found = against_the_rest(values, np.repeat([0, 1], 4), 2)[0]
    assert found is not None
    assert found.d == pytest.approx(-1.5492, abs=1e-4)  # -2 / sqrt(5/3)
    assert wilson(10, 100) == pytest.approx((0.0552, 0.1744), abs=1e-4)
    assert cramers_v(np.array([[50, 0], [0, 50]])) == pytest.approx(1.0, abs=0.01)
    assert cramers_v(np.array([[25, 25], [25, 25]])) == 0.0
    assert over_index(30, 100, 150, 1000).index == pytest.approx(200.0)
    assert per_arm_for_rates(0.10, 0.02) == pytest.approx(3841, abs=3)  # G*Power and R power.prop.test: 3841


def test_row_order_does_not_show() -> None:
    one, other = with_rules(planted()), planted()
    table = other.table
    frame = other.engine.collect(other.engine.frame(table.name)).sample(frac=1, random_state=5)
    other.engine.store(table.name, frame)
    assert describe_segments(one).headline == describe_segments(with_rules(other)).headline
    assert describe_segments(one).tables == describe_segments(with_rules(other)).tables


def test_clusters_are_drawn_as_a_map_and_as_a_tree(clustered: Workspace) -> None:
    figures = describe_segments(clustered).figures
    kinds = [figure["data"][0]["type"] for figure in figures]
    assert kinds == ["bar", "heatmap", "box", "scatter", "icicle"]
    assert "keeps 100% of the variance" in figures[3]["layout"]["title"]["text"]
    assert figures[4]["data"][0]["values"][0] == 1600


def test_categories_can_stand_in_a_rule() -> None:
    workspace = planted()
    everybody = customers(workspace).pandas()
    axes = fit_levels("city", everybody["city"], ["Bern", "Oslo", "Rome"])
    centres = [list(map(float, row)) for row in transforms.apply(axes, everybody.drop_duplicates("city"))]
    model = {"type": "centres", "transforms": axes, "centres": centres}
    segments = tuple(Segment(i, f"Part {i}", (i,), 0, 0.0) for i in range(3))
    made = Segmentation("Places", "clusters", "k-means", ("city",), model, segments, len(everybody))
    placed = workspace.with_segmentation(recounted(workspace, made))
    scheme = rule_scheme(placed, segmented(placed))
    assert scheme.fidelity == 1.0
    assert "\"city\")) = 'rome'" in write_rule(placed).findings[0]

"""The introduction and the quality report: right numbers, each of them a fact, in sentences for people."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.grounding import SourcedFact, check
from tools.core import ToolResult, Workspace, all_tools
from tools.errors import ToolError
from tools.files.loading import load
from tools.understanding.describing import describe_data
from tools.understanding.quality import check_quality

FILES = (
    "bank/bank_transactions_50k.csv",
    "cards/CC GENERAL.csv",
    "telco/telco_churn.csv",
    "airline_loyalty/EastWestAirlinesCluster.csv",
    "book_club/CharlesBookClub.csv",
    "cdnow/CDNOW_master.txt",
    "cdnow/CDNOW_sample.txt",
    "retail_orders_r/orders.csv",
    "labelled_segments/customer_segmentation_AtoD_labelled.csv",
)


def text_of(result: ToolResult) -> str:
    return "\n\n".join([result.headline, *result.findings, *result.caveats])


def unsupported(result: ToolResult, workspace: Workspace) -> list[str]:
    names = [workspace.table.source, *(column.name for column in workspace.table.columns)]
    sources = [SourcedFact(0, fact) for fact in result.facts]
    grounding = check(text_of(result), sources, "", names, told=[text_of(result)])
    return [text for text, _, _ in grounding.unsupported]


@pytest.fixture(scope="module", params=FILES)
def workspace(request: pytest.FixtureRequest) -> Workspace:
    path = Path(__file__).resolve().parents[2] / "shared" / "data" / request.param
    if not path.exists():
        pytest.skip("the folder with real data is not beside the project")
    return load([path])


@pytest.mark.real_data
def test_every_number_is_a_fact(workspace: Workspace) -> None:
    assert not unsupported(describe_data(workspace), workspace)
    assert not unsupported(check_quality(workspace), workspace)
    for column in workspace.table.columns:
        assert not unsupported(check_quality(workspace, column=column.name), workspace)


@pytest.mark.real_data
def test_it_reads_like_prose(workspace: Workspace) -> None:
    for result in (describe_data(workspace), check_quality(workspace)):
        for sentence in [result.headline, *result.findings, *result.caveats]:
            assert (
                sentence[-1] in ".!?"
                and "  " not in sentence
                and "None" not in sentence
                and "nan" not in sentence
            )
            assert not re.search(r"\b1 (rows|customers|cells|transactions|columns)\b", sentence)


@pytest.fixture(scope="module")
def bank() -> Workspace:
    path = Path(__file__).resolve().parents[2] / "shared" / "data" / FILES[0]
    if not path.exists():
        pytest.skip("the folder with real data is not beside the project")
    return load([path])


@pytest.mark.real_data
def test_the_bank_is_introduced(bank: Workspace) -> None:
    result = describe_data(bank)
    assert result.headline.startswith(
        "**50,000 transactions of 49,551 customers** from 1 Aug 2016 to 21 Oct 2016"
    )
    facts = {(fact.name, fact.scope): fact.value for fact in result.facts}
    assert facts["n_rows", ""] == 50_000 and facts["n_customers", ""] == 49_551
    assert facts["total_amount", ""] == pytest.approx(78_977_267.90, abs=1e-4)
    told = text_of(result)
    for words in (
        "49,107 of 49,551 customers",
        "82 days",
        "434 have more than one CustomerDOB",
        "1 Jan 1800",
        "day first",
    ):
        assert words in told
    assert result.figures and result.figures[0]["data"][0]["type"] == "bar"
    assert [row[0] for row in result.tables[0].rows] == [column.name for column in bank.table.columns]


@pytest.mark.real_data
def test_quality_of_a_column(bank: Workspace) -> None:
    result = check_quality(bank, column="custaccountbalance")
    assert "missing in **110** of 50,000 transactions" in result.headline
    facts = {fact.name: fact.value for fact in result.facts}
    assert facts["maximum"] == 115_035_495.1 and facts["missing"] == 110
    places = check_quality(bank, column="CustLocation")
    assert places.tables[0].rows[0][:2] == ("MUMBAI", 4_965) and places.tables[0].n_rows_total == 3_102


def test_personal_data_are_not_shown(small_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("customer_id,email,amount\n" + "".join(f"C{i},p{i}@mail.org,{i}\n" for i in range(60)))
    loaded = load([path])
    for result in (describe_data(loaded), check_quality(loaded), check_quality(loaded, column="email")):
        shown = text_of(result) + str([table.rows for table in result.tables]) + str(result.facts)
        assert "mail.org" not in shown and str(tmp_path) not in shown


def test_small_tables_and_several_tables(small_file: Path, tmp_path: Path) -> None:
    other = tmp_path / "customers.csv"
    other.write_text("customer_id,age\nc1,30\nc2,40\nc3,50\nc4,\n")
    loaded = load([small_file, other])
    result = describe_data(loaded)
    assert "7 transactions of 4 customers" in result.headline and "customers (4 rows)" in text_of(result)
    assert describe_data(loaded, table="customers").headline.startswith("**4 customers**")
    with pytest.raises(ToolError):
        describe_data(loaded, table="absent")
    with pytest.raises(ToolError):
        check_quality(loaded, column="absent")


def test_they_are_tools_with_described_arguments() -> None:
    for name in ("describe_data", "check_quality"):
        spec = all_tools()[name]
        assert spec.description
        assert all(field.description for field in spec.arguments.model_fields.values())

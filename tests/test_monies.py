"""Currencies by row and amounts without a sign are told; one currency for all is the unit of the money."""

from __future__ import annotations

from pathlib import Path

from tools.core import DataTable
from tools.files.loading import load


def read(folder: Path, header: str, *rows: str) -> DataTable:
    path = folder / "money.csv"
    path.write_text(
        "\n".join([header, *(row.format(i=i) for i in range(30) for row in rows)]) + "\n", encoding="utf-8"
    )
    return load([path]).table


def told(table: DataTable) -> dict[str, int]:
    return {finding.code: finding.n_rows for finding in table.findings}


def test_money_of_several_currencies_is_a_serious_finding(tmp_path: Path) -> None:
    table = read(tmp_path, "Txn,Currency,Gross,Fee", "T{i}a,EUR,{i}2.50,0.5", "T{i}b,USD,{i}1.25,0.25")
    assert told(table)["several_currencies"] == 60
    finding = next(finding for finding in table.findings if finding.code == "several_currencies")
    assert finding.severity == "serious"
    assert "EUR (30)" in finding.sentence and "Gross" in finding.sentence
    assert table.column("Gross").unit is None  # type: ignore[union-attr]


def test_one_currency_for_all_rows_is_the_unit_of_the_money(tmp_path: Path) -> None:
    table = read(tmp_path, "Buchung,Währung,Betrag,Menge", "B{i},EUR,{i}.50,3")
    units = {column.name: column.unit for column in table.columns}
    assert (units["Betrag"], units["Menge"]) == ("EUR", None)
    assert "several_currencies" not in told(table)


def test_a_mark_for_debit_beside_amounts_without_a_sign(tmp_path: Path) -> None:
    table = read(tmp_path, "Beleg;Umsatz;S/H", "B{i}a;{i}5,50;S", "B{i}b;{i}0,25;H", "B{i}c;{i}9,75;H")
    assert told(table)["unsigned_amounts"] == 30


def test_amounts_with_signs_beside_such_a_mark_are_no_matter(tmp_path: Path) -> None:
    table = read(tmp_path, "Ref,Amount,Dr/Cr", "R{i}a,-{i}5.50,Dr", "R{i}b,{i}0.25,Cr")
    assert "unsigned_amounts" not in told(table)


def test_codes_that_are_no_currencies_are_left_alone(tmp_path: Path) -> None:
    table = read(tmp_path, "Ref,Amount,Currency desk", "R{i}a,{i}5.50,North", "R{i}b,{i}0.25,South")
    assert "several_currencies" not in told(table)


def test_an_id_beside_money_fees_and_a_time_numbers_payments(tmp_path: Path) -> None:
    table = read(tmp_path, "id,created,amount,fee", "ch_{i:04d},2024-02-01 10:00:{i:02d},{i}2.50,0.30")
    assert (table.customer, table.column("id").role) == (None, "row_key")  # type: ignore[union-attr]
    people = read(tmp_path, "customer_id,joined,amount,fee", "C{i:04d},2024-02-01 10:00:{i:02d},{i}2.50,0.30")
    assert people.customer == "customer_id"


def test_units_below_the_header_are_those_of_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "stock.csv"
    rows = [f"A{i},{i}.25,{i * 7}.5,{i * 3}" for i in range(20)]
    path.write_text("\n".join(["sku,weight,price,sales", ",[kg],(EUR),T€", *rows]) + "\n", encoding="utf-8")
    table = load([path]).table
    assert table.n_rows == 20
    assert [column.unit for column in table.columns] == [None, "kg", "EUR", "T€"]


def test_whether_somebody_wants_mail_is_no_personal_data(tmp_path: Path) -> None:
    table = read(tmp_path, "member,Accepts Email,Email", "M{i},yes,a{i}@x.org", "N{i},no,b{i}@x.org")
    assert [column.role for column in table.columns][1:] == ["flag", "personal"]


def test_no_unit_is_read_off_the_name_of_a_date(tmp_path: Path) -> None:
    table = read(tmp_path, "member,Start Date (UTC)", "M{i},2024-02-01 10:00:{i:02d}")
    assert table.column("Start Date (UTC)").unit is None  # type: ignore[union-attr]


def test_debit_and_credit_in_two_columns_are_two_sides_and_nothing_is_missing(tmp_path: Path) -> None:
    table = read(
        tmp_path, "Date,Text,Paid out,Paid in", "2024-01-05,Rent {i},{i}5.50,", "2024-01-06,Pay {i},,{i}0.25"
    )
    assert told(table)["two_sides"] == 60
    assert not [f for f in table.findings if f.code == "missing_values"]


def test_columns_that_may_both_be_filled_are_no_two_sides(tmp_path: Path) -> None:
    table = read(
        tmp_path, "Date,Text,Debit,Credit", "2024-01-05,Rent {i},{i}5.50,2", "2024-01-06,Pay {i},1,{i}0.25"
    )
    assert "two_sides" not in told(table)

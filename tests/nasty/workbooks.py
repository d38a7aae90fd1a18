"""Excel files."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import openpyxl.chart

from tests.nasty.making import BASE, N, NastyFile


def workbooks() -> list[NastyFile]:
    """Excel files."""

    def book(*sheets: tuple[str, list[list[Any]]], hide: str = "", merge: str = "") -> bytes:
        made = openpyxl.Workbook()
        made.remove(made.worksheets[0])
        for title, rows in sheets:
            sheet = made.create_sheet(title)
            for row in rows:
                sheet.append(row)
            if title == hide:
                sheet.sheet_state = "hidden"
            if merge:
                for part in merge.split():
                    sheet.merge_cells(part)
        stream = io.BytesIO()
        made.save(stream)
        return stream.getvalue()

    base = [list(BASE), *map(list, zip(*BASE.values(), strict=True))]
    people = {"customer_id": [f"C{1000 + i}" for i in range(9)], "age": list(range(20, 29))}
    second = [list(people), *map(list, zip(*people.values(), strict=True))]
    stamps = [datetime(2024, 1, 3, 9, 5) + timedelta(days=i) for i in range(9)]
    timed = {"id": [f"A{i}" for i in range(9)], "when": stamps, "at": [time(8, i) for i in range(9)]}
    types = [list(timed), *map(list, zip(*timed.values(), strict=True))]
    head = [["Customer", None, "Spend", None], ["id", "name", "2023", "2024"]]
    merged = [*head, *([f"K{i}", f"Ann {i}", i, i + 0.5] for i in range(12))]
    flat = {
        "Customer id": [f"K{i}" for i in range(12)], "Customer name": [f"Ann {i}" for i in range(12)],
        "Spend 2023": list(range(12)), "Spend 2024": [i + 0.5 for i in range(12)],
    }  # fmt: skip
    serial = [[*row[:1], (row[1] - date(1899, 12, 30)).days, *row[2:]] for row in base[1:]]
    indented = [[None, None, *row] for row in base]
    faults = {"id": [f"A{i}" for i in range(30)], "v": [None if i == 4 else i + 0.5 for i in range(30)]}
    broken = [["id", "v"], *([f"A{i}", "#DIV/0!" if i == 4 else i + 0.5] for i in range(30))]
    return [
        NastyFile("one_sheet.xlsx", book(("data", base)), [BASE]),
        NastyFile("two_sheets.xlsx", book(("orders", base), ("people", second), ("empty", [])), [BASE, people]),
        NastyFile("hidden_sheet.xlsx", book(("orders", base), ("lists", second), hide="lists"), [BASE], says={"hidden_sheets": 0}),
        NastyFile("titles.xlsx", book(("data", [["Orders of 2024"], [], *base])), [BASE]),
        NastyFile("merged_header.xlsx", book(("data", merged), merge="A1:B1 C1:D1"), [flat]),
        NastyFile("date_numbers.xlsx", book(("data", [base[0], *serial])), [BASE]),
        NastyFile("types.xlsx", book(("data", types)), [timed]),
        NastyFile("indented.xlsx", book(("data", indented)), [BASE]),
        NastyFile("faults.xlsx", book(("data", broken)), [faults], says={"placeholder_words": 1}),
        NastyFile("uncalculated.xlsx", book(("data", [["id", "v", "twice"], *([f"A{i}", i, f"=B{i + 2}*2"] for i in range(9))])), [{"id": [f"A{i}" for i in range(9)], "v": list(range(9)), "twice": [None] * 9}], says={"formulas_without_value": 9}),
        NastyFile("only_empty.xlsx", book(("a", []), ("b", [])), refused="no sheet with a table"),
    ]  # fmt: skip


def desks() -> list[NastyFile]:
    """Workbooks as they lie on desks: kept by hand, formatted, pasted together."""
    base = [list(BASE), *map(list, zip(*BASE.values(), strict=True))]

    def made(change: Any, rows: list[list[Any]] | None = None) -> bytes:
        book = openpyxl.Workbook()
        sheet = book.active
        for row in rows if rows is not None else base:
            sheet.append(row)
        change(book, sheet)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def nothing(book: Any, sheet: Any) -> None:
        pass

    def far_formats(book: Any, sheet: Any) -> None:
        sheet["H900"].number_format = "0.00"
        sheet["H900"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")

    def since_1904(book: Any, sheet: Any) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    def formats(book: Any, sheet: Any) -> None:
        for i in range(2, N + 2):
            sheet[f"C{i}"].number_format = '#,##0.00 "€"'

    def filtered(book: Any, sheet: Any) -> None:
        sheet.auto_filter.ref = "A1:D41"
        for i in range(5, 9):
            sheet.row_dimensions[i].hidden = True

    def logo(book: Any, sheet: Any) -> None:
        sheet.insert_rows(1, 4)
        sheet["A1"] = "Cash & Carry Ltd"
        sheet["A2"] = "Orders of the first half"
        sheet["C2"] = "printed on"
        sheet["D2"] = date(2024, 8, 1)
        sheet.merge_cells("A1:D1")

    def regions(book: Any, sheet: Any) -> None:
        for i in range(4):
            sheet.merge_cells(f"A{2 + 3 * i}:A{4 + 3 * i}")

    def second(book: Any, sheet: Any) -> None:
        chart = openpyxl.chart.BarChart()
        chart.add_data(
            openpyxl.chart.Reference(sheet, min_col=3, min_row=1, max_row=9), titles_from_data=True
        )
        book.create_chartsheet("chart").add_chart(chart)

    texts = [base[0], *([k, f"{d:%d/%m/%Y}", f"{a:.2f}", c] for k, d, a, c in base[1:])]
    spread = [
        ["region", "shop", "sales"],
        *(
            [["North", "South", "East", "West"][i // 3] if i % 3 == 0 else None, f"S{i}", i * 10]
            for i in range(12)
        ),
    ]
    meant = {
        "region": [["North", "South", "East", "West"][i // 3] for i in range(12)],
        "shop": [f"S{i}" for i in range(12)],
        "sales": [i * 10 for i in range(12)],
    }
    rates = {
        "id": [f"A{i}" for i in range(9)],
        "rate": [i / 100 for i in range(9)],
        "long": [timedelta(hours=20 + i) for i in range(9)],
    }
    rated = [list(rates), *map(list, zip(*rates.values(), strict=True))]
    lasting = {**rates, "long": [str(each) for each in rates["long"]]}
    totals = [*base, ["Total", None, sum(BASE["amount"]), None]]
    gaps = [row for pair in zip(base, [[]] * len(base), strict=True) for row in pair]
    mixed = [["id", "v"], *([f"A{i}", f"{i}" if i % 2 else i] for i in range(30))]
    zeros = [["id", "zip"], *([f"A{i}", f"{i:05d}"] for i in range(30))]
    breaks = [["id", "net\nsales", " city "], *([f"A{i}", i, f"Bad\nHomburg {i}"] for i in range(20))]
    three = [
        ["Sales", None, None, None, "Cost", None, None, None],
        ["North", None, "South", None, "North", None, "South", None],
        ["2023", "2024"] * 4,
        *([i + j for j in range(8)] for i in range(12)),
    ]
    levels = [f"{a} {b} {c}" for a in ("Sales", "Cost") for b in ("North", "South") for c in ("2023", "2024")]
    return [
        NastyFile("far_formats.xlsx", made(far_formats), [BASE]),
        NastyFile("since_1904.xlsx", made(since_1904), [BASE]),
        NastyFile("euro_formats.xlsx", made(formats), [BASE]),
        NastyFile("filtered.xlsx", made(filtered), [BASE]),
        NastyFile("logo.xlsx", made(logo), [BASE]),
        NastyFile("merged_down.xlsx", made(regions, spread), [meant], says={"merged_cells": 8}),
        NastyFile("texts.xlsx", made(nothing, texts), [BASE]),
        NastyFile("rates_and_hours.xlsx", made(nothing, rated), [lasting]),
        NastyFile("total.xlsx", made(nothing, totals), [BASE], says={"total_rows": 1}),
        NastyFile("empty_rows.xlsx", made(nothing, gaps), [BASE]),
        NastyFile("numbers_as_text.xlsx", made(nothing, mixed), [{"id": [f"A{i}" for i in range(30)], "v": list(range(30))}]),
        NastyFile("zip_codes.xlsx", made(nothing, zeros), [{"id": [f"A{i}" for i in range(30)], "zip": [f"{i:05d}" for i in range(30)]}]),
        NastyFile("broken_names.xlsx", made(nothing, breaks), [{"id": [f"A{i}" for i in range(20)], "net sales": list(range(20)), "city": [f"Bad\nHomburg {i}" for i in range(20)]}]),
        NastyFile("chart_sheet.xlsx", made(second), [BASE]),
        NastyFile("three_headers.xlsx", made(nothing, three), [{name: [i + j for i in range(12)] for j, name in enumerate(levels)}]),
        NastyFile("named_like_csv.csv", made(nothing), [BASE]),
    ]  # fmt: skip

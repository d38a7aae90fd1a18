"""Workbooks as colleagues send them: spacers, units, pivots, notes, tables beside and below each other."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import openpyxl

from tests.nasty.making import BASE, DAYS, N, NastyFile

Rows = list[list[Any]]
ROWS: Rows = [list(BASE), *map(list, zip(*BASE.values(), strict=True))]


def book(*sheets: tuple[str, Rows], hide: dict[str, str] | None = None, merge: str = "") -> bytes:
    """Write sheets as a workbook."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for part in merge.split():
            sheet.merge_cells(part)
        sheet.sheet_state = (hide or {}).get(title, "visible")
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def sent_by_colleagues() -> list[NastyFile]:
    """Workbooks as colleagues send them."""
    units = [ROWS[0], [None, None, "EUR", None], *ROWS[1:]]
    units_two = [["shop", "turnover", "weight"], ["", "T€", "kg"], *([f"S{i}", i + 0.5, i] for i in range(N))]
    units_two_meant = {
        "shop": [f"S{i}" for i in range(N)],
        "turnover": [i + 0.5 for i in range(N)],
        "weight": list(range(N)),
    }
    parts: Rows = [["city", "shop", "sales"]]
    for r, city in enumerate(("Pune", "Delhi", "Aachen")):
        parts += [[city, f"S{r}{j}", 10.5 * (r + 1) + j] for j in range(6)]
        parts += [[f"Total {city}", None, sum(10.5 * (r + 1) + j for j in range(6))]]
    parts += [["Grand total", None, 423.0]]
    parts_meant = {
        "city": [c for c in ("Pune", "Delhi", "Aachen") for _ in range(6)],
        "shop": [f"S{r}{j}" for r in range(3) for j in range(6)],
        "sales": [10.5 * (r + 1) + j for r in range(3) for j in range(6)],
    }
    pivot: Rows = [
        [],
        [],
        ["Sum of amount", "Column Labels", None, None],
        ["Row Labels", 2023, 2024, "Grand Total"],
        *([f"Shop {i}", i, i + 1, 2 * i + 1] for i in range(12)),
        ["Grand Total", 66, 78, 144],
    ]
    pivot_meant = {
        "Row Labels": [f"Shop {i}" for i in range(12)],
        "2023": list(range(12)),
        "2024": [i + 1 for i in range(12)],
        "Grand Total": [2 * i + 1 for i in range(12)],
    }
    people = {"client": [f"P{i}" for i in range(25)], "age": [20 + i for i in range(25)]}
    right: Rows = [list(people), *map(list, zip(*people.values(), strict=True))]
    beside = [[*row, None, *(right[i] if i < len(right) else [None, None])] for i, row in enumerate(ROWS)]
    few = {"client": people["client"][:9], "age": people["age"][:9], "member": [True] * 9}
    below = [["Orders"], *ROWS, [], [], ["Clients"], list(few), *map(list, zip(*few.values(), strict=True))]
    spaced = [[row[0], None, row[1], None, row[2], row[3]] for row in ROWS]
    note = [
        ["About this file"],
        ["These are the orders of the first half of 2024, as booked."],
        ["Amounts are in euros, without tax."],
        ["Ask Ann for questions."],
    ]
    hidden = book(
        ("orders", ROWS),
        ("lists", [["a"], ["x"]]),
        ("secret", [["b"], [1]]),
        hide={"lists": "hidden", "secret": "veryHidden"},
    )
    third = [["Orders of the first half", None, None, None], ["as of", date(2024, 7, 16), None, None], *ROWS]
    months = [
        ["shop", *(datetime(2024, m, 1) for m in range(1, 7))],
        *([f"S{i}", *(i * 10 + m for m in range(6))] for i in range(N)),
    ]
    months_meant = {
        "shop": [f"S{i}" for i in range(N)],
        **{f"2024-{m:02d}-01": [i * 10 + m - 1 for i in range(N)] for m in range(1, 7)},
    }
    mixed_days = [
        ["id", "paid on"],
        *([f"K{i}", d if i % 2 else f"{d:%d.%m.%Y}"] for i, d in enumerate(DAYS)),
    ]
    percent = [["id", "share"], *([f"K{i}", f"{i},5 %"] for i in range(N))]
    faults = [
        ["id", "region", "v"],
        *(
            [f"K{i}", "#N/A" if i % 9 == 2 else ["North", "South"][i % 2], "#REF!" if i % 9 == 5 else i * 1.5]
            for i in range(N)
        ),
    ]
    faults_meant = {
        "id": [f"K{i}" for i in range(N)],
        "region": [None if i % 9 == 2 else ["North", "South"][i % 2] for i in range(N)],
        "v": [None if i % 9 == 5 else i * 1.5 for i in range(N)],
    }
    truth = [["id", "active"], *([f"K{i}", None if i % 7 == 3 else i % 2 == 0] for i in range(N))]
    long_keys = [["card", "v"], *([4_111_111_111_110_000 + 10 * i, i] for i in range(N))]
    midnight = [
        ["id", "on"],
        *([f"K{i}", datetime.combine(d, datetime.min.time())] for i, d in enumerate(DAYS)),
    ]
    title_over = [["Orders of 2024", None, None, None], *ROWS]
    numbers_of_rows = [["#", *ROWS[0]], *([i + 1, *row] for i, row in enumerate(ROWS[1:]))]
    two_years = [
        ["shop", "2023", None, "2024", None],
        [None, "pieces", "EUR", "pieces", "EUR"],
        *([f"S{i}", i, i + 0.5, i + 1, i + 1.5] for i in range(N)),
    ]
    two_years_meant = {
        "shop": [f"S{i}" for i in range(N)],
        "2023 pieces": list(range(N)),
        "2023 EUR": [i + 0.5 for i in range(N)],
        "2024 pieces": [i + 1 for i in range(N)],
        "2024 EUR": [i + 1.5 for i in range(N)],
    }
    hard = [
        ["id", "betrag"],
        *([f"K{i}", f"{1000 + i}".replace("1", "1.", 1) + ",50\u00a0€"] for i in range(N)),
    ]
    signed = [
        *ROWS,
        [],
        ["", "", "", ""],
        ["Checked:", "A. Rao", None, None],
        ["* without returns", None, None, None],
    ]
    return [
        NastyFile("units_below.xlsx", book(("data", units)), [BASE]),
        NastyFile("units_of_two.xlsx", book(("data", units_two)), [units_two_meant]),
        NastyFile("totals_between.xlsx", book(("data", parts)), [parts_meant]),
        NastyFile("pivot.xlsx", book(("data", pivot)), [pivot_meant]),
        NastyFile("beside.xlsx", book(("data", beside)), [BASE, people]),
        NastyFile("below.xlsx", book(("data", below)), [BASE, few]),
        NastyFile("spacers.xlsx", book(("data", spaced)), [BASE]),
        NastyFile("readme_sheet.xlsx", book(("Readme", note), ("data", ROWS)), [BASE]),
        NastyFile("very_hidden.xlsx", hidden, [BASE]),
        NastyFile("third_row.xlsx", book(("data", third)), [BASE]),
        NastyFile("months_as_days.xlsx", book(("data", months)), [months_meant]),
        NastyFile("days_and_texts.xlsx", book(("data", mixed_days)), [{"id": [f"K{i}" for i in range(N)], "paid on": DAYS}]),
        NastyFile("percent_texts.xlsx", book(("data", percent)), [{"id": [f"K{i}" for i in range(N)], "share": [i + 0.5 for i in range(N)]}]),
        NastyFile("faults_in_two.xlsx", book(("data", faults)), [faults_meant]),
        NastyFile("truth.xlsx", book(("data", truth)), [{"id": [f"K{i}" for i in range(N)], "active": [None if i % 7 == 3 else i % 2 == 0 for i in range(N)]}]),
        NastyFile("long_keys.xlsx", book(("data", long_keys)), [{"card": [str(4_111_111_111_110_000 + 10 * i) for i in range(N)], "v": list(range(N))}]),
        NastyFile("midnights.xlsx", book(("data", midnight)), [{"id": [f"K{i}" for i in range(N)], "on": DAYS}]),
        NastyFile("title_over_all.xlsx", book(("data", title_over), merge="A1:D1"), [BASE]),
        NastyFile("numbered_rows.xlsx", book(("data", numbers_of_rows)), [{"#": list(range(1, N + 1)), **BASE}]),
        NastyFile("years_over_kinds.xlsx", book(("data", two_years), merge="B1:C1 D1:E1"), [two_years_meant]),
        NastyFile("hard_spaces.xlsx", book(("data", hard)), [{"id": [f"K{i}" for i in range(N)], "betrag": [1000.5 + i for i in range(N)]}]),
        NastyFile("signed_below.xlsx", book(("data", signed)), [BASE]),
    ]  # fmt: skip

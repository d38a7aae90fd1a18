"""Reports with their groups written above blocks of rows, with subtotals, footnotes and headers of three rows."""

from __future__ import annotations

from datetime import date, timedelta

from tests.nasty.desktops import Rows, book
from tests.nasty.making import BASE, CITIES, DAYS, N, NastyFile, lines_of, text_of

KEYS = [f"C{1000 + i}" for i in range(N)]
AMOUNTS = [round(1012.5 + 37.25 * i, 2) for i in range(N)]
BLOCKS = [CITIES[i // 10] for i in range(N)]
MEANT = {"City": BLOCKS, "customer_id": KEYS, "order_date": DAYS, "amount": AMOUNTS}


def german(value: float) -> str:
    """Write 1234.5 as 1.234,50."""
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def labelled() -> list[NastyFile]:
    """Group labels above blocks, in text."""
    rows = [f"{k},{d:%d/%m/%Y},{a:.2f}" for k, d, a in zip(KEYS, DAYS, AMOUNTS, strict=True)]
    head = "customer_id,order_date,amount"
    pairs, bare, sums, plain = [head], [head], [head.replace(",", ";")], [head]
    regions = ["Nord", "Süd", "Ost", "West"]
    for p in range(4):
        part = slice(10 * p, 10 * p + 10)
        pairs += [f"City: {CITIES[p]},,", *rows[part]]
        bare += [f"{CITIES[p]},,", *rows[part], ",,"]
        plain += [f"{CITIES[p]},,", *rows[part], f"Subtotal,,{sum(AMOUNTS[part]):.2f}"]
        sums += [f"Region {regions[p]};;"]
        sums += [f"{KEYS[i]};{DAYS[i]:%d.%m.%Y};{german(AMOUNTS[i])}" for i in range(part.start, part.stop)]
        sums += [f"Summe {regions[p]};;{german(sum(AMOUNTS[part]))}"]
    sums += [f"Gesamtsumme;;{german(sum(AMOUNTS))}"]
    plain += [f"Grand Total,,{sum(AMOUNTS):.2f}"]
    named = {"group": BLOCKS, **{k: v for k, v in MEANT.items() if k != "City"}}
    by_region = {**named, "group": []}
    by_region = {
        "Region": [regions[i // 10] for i in range(N)],
        **{k: v for k, v in named.items() if k != "group"},
    }
    two = ["shop,sales,staff"]
    for r in ("North", "South"):
        two += [f"Region: {r},,"]
        for c in ("Leeds", "York") if r == "North" else ("Kent", "Bath"):
            two += [f"City: {c},,", *(f"{c[0]}{j},{j * 10 + 5.5},{j + 1}" for j in range(6))]
    cities = ["Leeds", "York", "Kent", "Bath"]
    two_meant = {
        "Region": ["North"] * 12 + ["South"] * 12,
        "City": [c for c in cities for _ in range(6)],
        "shop": [f"{c[0]}{j}" for c in cities for j in range(6)],
        "sales": [j * 10 + 5.5 for _ in cities for j in range(6)],
        "staff": [j + 1 for _ in cities for j in range(6)],
    }
    shops = ["S1", "S2", "S3", "S4", "S5"]
    days = ["receipt,shop,total"]
    for d in range(8):
        days += [f"{DAYS[d]:%d/%m/%Y},,", *(f"R{d}{j},{shops[j]},{j * 3 + d}.50" for j in range(5))]
    days_meant = {
        "group": [DAYS[d] for d in range(8) for _ in range(5)],
        "receipt": [f"R{d}{j}" for d in range(8) for j in range(5)],
        "shop": shops * 8,
        "total": [j * 3 + d + 0.5 for d in range(8) for j in range(5)],
    }
    lonely = [head, *(f"{KEYS[i]},," if i % 9 == 4 else row for i, row in enumerate(rows))]
    lonely_meant = {
        "customer_id": KEYS,
        "order_date": [None if i % 9 == 4 else d for i, d in enumerate(DAYS)],
        "amount": [None if i % 9 == 4 else a for i, a in enumerate(AMOUNTS)],
    }
    last = ["order_date,amount,name"]
    for p in range(4):
        last += [
            f",,Agent {p + 1}",
            *(f"{DAYS[i]:%d/%m/%Y},{AMOUNTS[i]},Ann {i}" for i in range(10 * p, 10 * p + 10)),
        ]
    last_meant = {
        "Agent": [i // 10 + 1 for i in range(N)],
        "order_date": DAYS, "amount": AMOUNTS, "name": [f"Ann {i}" for i in range(N)],
    }  # fmt: skip
    ours = "".join(
        f"{'Dept: ' + CITIES[p]:<40}\n"
        + "".join(f"{KEYS[i]:<10}{DAYS[i]:%d/%m/%Y}{AMOUNTS[i]:>12.2f}\n" for i in range(10 * p, 10 * p + 10))
        for p in range(4)
    )
    placed = f"{'customer':<10}{'date':<10}{'amount':>12}\n{ours}"
    placed_meant = {"Dept": BLOCKS, "customer": KEYS, "date": DAYS, "amount": AMOUNTS}
    return [
        NastyFile("blocks_with_keys.csv", ("\n".join(pairs) + "\n").encode(), [MEANT]),
        NastyFile("blocks_bare.csv", ("\n".join(bare) + "\n").encode(), [named]),
        NastyFile("blocks_subtotals.csv", ("\n".join(plain) + "\n").encode(), [named], says={"total_rows": 5}),
        NastyFile("blocks_german.csv", ("\n".join(sums) + "\n").encode("cp1252"), [by_region]),
        NastyFile("blocks_two_levels.csv", ("\n".join(two) + "\n").encode(), [two_meant]),
        NastyFile("blocks_of_days.csv", ("\n".join(days) + "\n").encode(), [days_meant]),
        NastyFile("rows_with_a_key_only.csv", ("\n".join(lonely) + "\n").encode(), [lonely_meant]),
        NastyFile("blocks_label_last.csv", ("\n".join(last) + "\n").encode(), [last_meant]),
        NastyFile("blocks_by_position.txt", placed.encode(), [placed_meant]),
    ]  # fmt: skip


def booked() -> list[NastyFile]:
    """Reports in workbooks: labels merged over rows, three headers, footnotes, wide months."""
    sheet: Rows = [["Employee", "Joined", "Salary"]]
    for p, dept in enumerate(("Sales", "Finance", "IT", "Legal")):
        sheet += [[f"Department: {dept}", None, None]]
        sheet += [[f"E{p}{j}", DAYS[j], 1000 * p + 100 * j + 50.5] for j in range(6)]
    merged = " ".join(f"A{2 + 7 * p}:C{2 + 7 * p}" for p in range(4))
    sheet_meant = {
        "Department": [d for d in ("Sales", "Finance", "IT", "Legal") for _ in range(6)],
        "Employee": [f"E{p}{j}" for p in range(4) for j in range(6)],
        "Joined": [DAYS[j] for _ in range(4) for j in range(6)],
        "Salary": [1000 * p + 100 * j + 50.5 for p in range(4) for j in range(6)],
    }
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun"]
    plan: Rows = [
        ["Shop", "2024", None, None, None, None, None],
        [None, *months],
        [None, *["T€"] * 6],
        *([f"Shop {i}", *(i + m / 2 for m in range(6))] for i in range(20)),
        ["* provisional figures"],
        ["Source: controlling, 3 July 2024"],
    ]
    plan_meant = {
        "Shop": [f"Shop {i}" for i in range(20)],
        **{f"2024 {name}": [i + m / 2 for i in range(20)] for m, name in enumerate(months)},
    }
    starred: Rows = [
        ["Country", "Guests", "Nights"],
        *([f"Land {i}", f"{1000 + i:,}{'*' if i % 4 == 1 else ''}", f"{i}.5{' (p)' if i % 5 == 2 else ''}"] for i in range(30)),
        [],
        ["* revised"],
        ["(p) provisional"],
    ]  # fmt: skip
    starred_meant = {
        "Country": [f"Land {i}" for i in range(30)],
        "Guests": [1000 + i for i in range(30)],
        "Nights": [i + 0.5 for i in range(30)],
    }
    frame: Rows = [
        [None, "sales", "sales", "cost", "cost"],
        ["year", 2023, 2024, 2023, 2024],
        ["city", None, None, None, None],
        *([f"City {i}", i, i + 1, i + 2, i + 3] for i in range(15)),
    ]
    frame_meant = {
        "city": [f"City {i}" for i in range(15)],
        "sales 2023": list(range(15)), "sales 2024": [i + 1 for i in range(15)],
        "cost 2023": [i + 2 for i in range(15)], "cost 2024": [i + 3 for i in range(15)],
    }  # fmt: skip
    pasted = (
        "Sum of Sales\tColumn Labels\t\t\t\nRow Labels\tCard\tCash\tUPI\tGrand Total\n"
        + "".join(f"Branch {i}\t{i}.5\t\t{2 * i}\t{3 * i + 0.5}\n" for i in range(15))
        + f"Grand Total\t{sum(i + 0.5 for i in range(15))}\t\t{sum(2 * i for i in range(15))}\t{sum(3 * i + 0.5 for i in range(15))}\n"
    )
    pasted_meant = {
        "Row Labels": [f"Branch {i}" for i in range(15)],
        "Card": [i + 0.5 for i in range(15)],
        "Cash": [None] * 15,
        "UPI": [2 * i for i in range(15)],
        "Grand Total": [3 * i + 0.5 for i in range(15)],
    }
    force = '"Account Owner  ↑","Opportunity Name","Close Date","Amount"\n'
    for p, owner in enumerate(("Ann Rao", "Ben Iyer", "Cleo Das")):
        for j in range(5):
            force += f'"{owner if j == 0 else ""}","Deal {p}{j}","{DAYS[j]:%m/%d/%Y}","${1000 * p + j * 10.5:,.2f}"\n'
        force += (
            f'"Subtotal","","Sum","${sum(1000 * p + j * 10.5 for j in range(5)):,.2f}"\n"","","Count","5"\n'
        )
    force += f'"Total","","Sum","${sum(1000 * p + j * 10.5 for p in range(3) for j in range(5)):,.2f}"\n"","","Count","15"\n'
    force += '\n"Confidential Information - Do Not Distribute"\n"Copyright © 2000-2024 salesforce.com, inc. All rights reserved."\n'
    force_meant = {
        "Account Owner ↑": [
            o if j == 0 else None for o in ("Ann Rao", "Ben Iyer", "Cleo Das") for j in range(5)
        ],
        "Opportunity Name": [f"Deal {p}{j}" for p in range(3) for j in range(5)],
        "Close Date": [DAYS[j] for _ in range(3) for j in range(5)],
        "Amount": [1000 * p + j * 10.5 for p in range(3) for j in range(5)],
    }
    units: Rows = [
        ["SKU", "Weight", "Price", "Stock", "Since"],
        [None, "[kg]", "[INR]", "[pcs]", "[dd.mm.yyyy]"],
        *([f"{i:05d}", i / 4, i * 10.5, i, f"{d:%d.%m.%Y}"] for i, d in enumerate(DAYS)),
    ]
    units_meant = {
        "SKU": [f"{i:05d}" for i in range(N)], "Weight": [i / 4 for i in range(N)], "Price": [i * 10.5 for i in range(N)],
        "Stock": list(range(N)), "Since": DAYS,
    }  # fmt: skip
    blank = text_of(BASE) + ",,,\n" * 900
    wider = "\n".join(line + ",,,,,," for line in lines_of(BASE)) + "\n"
    euro = "freq,unit,geo\\TIME_PERIOD\t2021 \t2022 \t2023 \n" + "".join(
        f"A,PC,{g}{i}\t{i + 0.5}{' e' if i % 4 == 1 else ' '}\t{': ' if i % 5 == 2 else f'{i + 1} '}\t{i + 2.5} p\n"
        for g in ("AT", "BE") for i in range(12)
    )  # fmt: skip
    euro_meant = {
        "freq,unit,geo\\TIME_PERIOD": [f"A,PC,{g}{i}" for g in ("AT", "BE") for i in range(12)],
        "2021": [i + 0.5 for _ in range(2) for i in range(12)],
        "2022": [None if i % 5 == 2 else i + 1 for _ in range(2) for i in range(12)],
        "2023": [i + 2.5 for _ in range(2) for i in range(12)],
    }
    start = date(2024, 1, 1)
    weeks: Rows = [
        ["Item", *(start + timedelta(days=7 * w) for w in range(10))],
        *([f"I{i}", *(i * 2 + w for w in range(10))] for i in range(15)),
    ]
    weeks_meant = {
        "Item": [f"I{i}" for i in range(15)],
        **{f"{start + timedelta(days=7 * w)}": [i * 2 + w for i in range(15)] for w in range(10)},
    }
    return [
        NastyFile("blocks_merged.xlsx", book(("staff", sheet), merge=merged), [sheet_meant]),
        NastyFile("year_months_units.xlsx", book(("plan", plan), merge="B1:G1"), [plan_meant]),
        NastyFile("footnote_marks.xlsx", book(("guests", starred)), [starred_meant]),
        NastyFile("frame_of_two_levels.xlsx", book(("pivot", frame)), [frame_meant]),
        NastyFile("pivot_pasted.txt", pasted.encode(), [pasted_meant]),
        NastyFile("opportunities_grouped.csv", force.encode("utf-8-sig"), [force_meant]),
        NastyFile("bracketed_units.xlsx", book(("stock", units)), [units_meant]),
        NastyFile("blank_rows_behind.csv", blank.encode(), [BASE]),
        NastyFile("blank_columns_behind.csv", wider.encode(), [BASE]),
        NastyFile("flags_behind_figures.tsv", euro.encode(), [euro_meant]),
        NastyFile("days_as_names.xlsx", book(("weeks", weeks)), [weeks_meant]),
    ]  # fmt: skip

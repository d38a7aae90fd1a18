"""A second round of what people drop: ledgers by account, rosters, pages, records, odd marks and months."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

from tests.nasty.archives import archive
from tests.nasty.desktops import Rows, book
from tests.nasty.making import BASE, CITIES, DAYS, N, NastyFile, lines_of, text_of, written

KEYS = [f"C{1000 + i}" for i in range(N)]
AMOUNTS = [round(812.5 + 37.25 * i, 2) for i in range(N)]


def reports() -> list[NastyFile]:
    """Reports with groups, sums and remarks."""
    ledger = ["Date,Voucher,Debit,Credit"]
    names = ["Cash", "Bank HDFC", "Sales A/c"]
    for a, account in enumerate(names):
        ledger += [f"Ledger: {account},,,"]
        ledger += [
            f"{DAYS[i]:%d-%b-%Y},V{a}{i},{i * 100 if i % 2 else ''},{'' if i % 2 else i * 50 + 25}"
            for i in range(8)
        ]
        ledger += [
            f"Closing total,,{sum(i * 100 for i in range(8) if i % 2)},{sum(i * 50 + 25 for i in range(0, 8, 2))}"
        ]
    ledger_meant: dict[str, list[Any]] = {
        "Ledger": [n for n in names for _ in range(8)],
        "Date": [DAYS[i] for _ in names for i in range(8)],
        "Voucher": [f"V{a}{i}" for a in range(3) for i in range(8)],
        "Debit": [i * 100 if i % 2 else None for _ in names for i in range(8)],
        "Credit": [None if i % 2 else i * 50 + 25 for _ in names for i in range(8)],
    }
    roster: Rows = [["Staff roster July"], [], ["Name", "Shift", "Hours"]]
    teams = ["Front Office", "Kitchen", "Housekeeping", "Spa"]
    for t, team in enumerate(teams):
        roster += [
            [team, None, None],
            *([f"Person {t}{j}", ["Early", "Late"][j % 2], 7.5 + j] for j in range(5)),
        ]
    roster_meant = {
        "group": [team for team in teams for _ in range(5)],
        "Name": [f"Person {t}{j}" for t in range(4) for j in range(5)],
        "Shift": [["Early", "Late"][j % 2] for _ in range(4) for j in range(5)],
        "Hours": [7.5 + j for _ in range(4) for j in range(5)],
    }
    income = ["Account;Q1;Q2;Q3"]
    parts = {"Income": ["Rooms", "Restaurant", "Events"], "Expenses": ["Wages", "Energy", "Laundry"]}
    for p, (part, lines) in enumerate(parts.items()):
        income += [f"{part};;;"]
        income += [f"{line};{100 * p + j},5;{200 * p + j};{300 + j}" for j, line in enumerate(lines)]
        q = [
            sum(100 * p + j + 0.5 for j in range(3)),
            sum(200 * p + j for j in range(3)),
            sum(300 + j for j in range(3)),
        ]
        income += [f"Total {part};{str(q[0]).replace('.', ',')};{q[1]};{q[2]}"]
    income_meant = {
        "group": [part for part, lines in parts.items() for _ in lines],
        "Account": [line for lines in parts.values() for line in lines],
        "Q1": [100 * p + j + 0.5 for p in range(2) for j in range(3)],
        "Q2": [200 * p + j for p in range(2) for j in range(3)],
        "Q3": [300 + j for _ in range(2) for j in range(3)],
    }
    again = ""
    for c in range(4):
        again += f"Branch: {CITIES[c]}\nClient\tOpened\tBalance\n"
        again += "".join(f"{KEYS[i]}\t{DAYS[i]:%d.%m.%Y}\t{AMOUNTS[i]}\n" for i in range(10 * c, 10 * c + 10))
        again += "\n"
    again_meant = {
        "Branch": [CITIES[i // 10] for i in range(N)], "Client": KEYS, "Opened": DAYS, "Balance": AMOUNTS,
    }  # fmt: skip
    counted = text_of(BASE) + f"Record Count,{N},,\n"
    dunning = ["Customer,Invoice,Due,Open amount"]
    for c in range(5):
        dunning += [f"C{c} Ltd (4 invoices),,,"]
        dunning += [f',INV{c}{j},{DAYS[c + j]:%m/%d/%Y},"{1000 + 100 * c + j:,}.00"' for j in range(4)]
    dunning_meant = {
        "Customer": [f"C{c} Ltd" for c in range(5) for _ in range(4)],
        "Invoice": [f"INV{c}{j}" for c in range(5) for j in range(4)],
        "Due": [DAYS[c + j] for c in range(5) for j in range(4)],
        "Open amount": [1000 + 100 * c + j for c in range(5) for j in range(4)],
    }
    loose = lines_of(
        {
            "name": [f"Ann {i}" for i in range(30)],
            "phone": [f"0{i}12345678" for i in range(30)],
            "note": ["ok"] * 30,
        }
    )
    loose[1] = "Ann 0,,"
    loose[9] = "Ann 8,,"
    loose_meant = {
        "name": [f"Ann {i}" for i in range(30)],
        "phone": [None if i in (0, 8) else f"0{i}12345678" for i in range(30)],
        "note": [None if i in (0, 8) else "ok" for i in range(30)],
    }
    return [
        NastyFile("ledgers_of_accounts.csv", ("\n".join(ledger) + "\n").encode(), [ledger_meant]),
        NastyFile("roster.xlsx", book(("July", roster), merge="A1:C1"), [roster_meant]),
        NastyFile("income_statement.csv", ("\n".join(income) + "\n").encode(), [income_meant]),
        NastyFile("branch_above_each_header.txt", again.encode(), [again_meant]),
        NastyFile("record_count_below.csv", counted.encode(), [BASE]),
        NastyFile("open_invoices.csv", ("\n".join(dunning) + "\n").encode(), [dunning_meant]),
        NastyFile("two_without_phone.csv", ("\n".join(loose) + "\n").encode(), [loose_meant]),
    ]  # fmt: skip


def strays() -> list[NastyFile]:
    """Pages, records, archives, spellings."""
    head = "<tr><th rowspan=2>Hotel</th><th colspan=2>2024</th></tr><tr><th>Guests</th><th>Revenue</th></tr>"
    body = "".join(
        f"<tr><td>Inn&nbsp;{i}</td><td align=right>{1000 + i:,}</td><td>&euro;{i}.50</td></tr>"
        for i in range(20)
    )
    page = f"<!DOCTYPE html><html><body><table><tr><td>Report</td></tr></table><table>{head}{body}</table></body></html>"
    page_meant = {
        "Hotel": [f"Inn {i}" for i in range(20)],
        "2024 Guests": [1000 + i for i in range(20)],
        "2024 Revenue": [i + 0.5 for i in range(20)],
    }
    ldif = "".join(
        f"dn: uid=u{i},ou=people\nuid: u{i}\nmail: u{i}@x.org\n{'' if i % 3 else f'phone: +49 30 {i:05d}' + chr(10)}\n"
        for i in range(15)
    )
    ldif_meant = {
        "dn": [f"uid=u{i},ou=people" for i in range(15)], "uid": [f"u{i}" for i in range(15)], "mail": [f"u{i}@x.org" for i in range(15)],
        "phone": [None if i % 3 else f"+49 30 {i:05d}" for i in range(15)],
    }  # fmt: skip
    ends = [date(2999, 12, 31) if i % 3 else d for i, d in enumerate(DAYS)]
    tariff = "id;valid_from;valid_to\n" + "".join(
        f"T{i};{d:%d.%m.%Y};{e:%d.%m.%Y}\n" for i, (d, e) in enumerate(zip(DAYS, ends, strict=True))
    )
    tariff_meant = {
        "id": [f"T{i}" for i in range(N)],
        "valid_from": DAYS,
        "valid_to": [None if i % 3 else d for i, d in enumerate(DAYS)],
    }
    quarters = archive(
        *(
            (
                f"sales_Q{q}_2024.csv",
                text_of(
                    {"shop": [f"S{i}" for i in range(9)], "sales": [q * 10 + i + 0.5 for i in range(9)]}
                ).encode(),
            )
            for q in (1, 2)
        )
    )
    quarters_meant = [
        {"shop": [f"S{i}" for i in range(9)], "sales": [q * 10 + i + 0.5 for i in range(9)]} for q in (1, 2)
    ]
    nested = [
        {
            "event": "buy",
            "user": {"id": i, "tags": ["a"]},
            "items": [{"sku": "x", "qty": i}],
            "at": f"2024-01-{i + 1:02d}T10:00:00Z",
        }
        for i in range(20)
    ]
    nested_meant = {
        "event": ["buy"] * 20, "user_id": list(range(20)), "user_tags": ['["a"]'] * 20, "items": [f'[{{"qty": {i}, "sku": "x"}}]' for i in range(20)],
        "at": [datetime(2024, 1, i + 1, 10) for i in range(20)],
    }  # fmt: skip
    german_clock = [f"{9 + i % 8}.{i % 60:02d} Uhr" for i in range(N)]
    notes = [f"{i * 10},5¹" if i % 5 == 0 else f"{i * 10},5" for i in range(N)]
    marked = "Land;2023;2024\n" + "".join(
        f"L{i};{n};{i},25{'*' if i % 7 == 0 else ''}\n" for i, n in enumerate(notes)
    )
    marked_meant = {
        "Land": [f"L{i}" for i in range(N)],
        "2023": [i * 10 + 0.5 for i in range(N)],
        "2024": [i + 0.25 for i in range(N)],
    }
    serial: Rows = [
        ["Kunde", "Geburtsdatum", "Umsatz"],
        *([f"K{i}", 20000 + 300 * i, f"{i}.000,50 €"] for i in range(1, 31)),
    ]
    serial_meant = {
        "Kunde": [f"K{i}" for i in range(1, 31)],
        "Geburtsdatum": [date(1899, 12, 30) + timedelta(days=20000 + 300 * i) for i in range(1, 31)],
        "Umsatz": [i * 1000 + 0.5 for i in range(1, 31)],
    }
    tamil = text_of({"நகரம்": ["சென்னை", "மதுரை"] * 10, "தொகை": [i + 0.5 for i in range(20)]})
    tamil_meant = {"நகரம்": ["சென்னை", "மதுரை"] * 10, "தொகை": [i + 0.5 for i in range(20)]}
    semis = "id;text;v\r\n" + "".join(f'{i};"He said ""no""; twice\r\nand left";{i},0\r\n' for i in range(20))
    semis_meant = {
        "id": list(range(20)),
        "text": ['He said "no"; twice\r\nand left'] * 20,
        "v": list(range(20)),
    }
    sizes: Rows = [
        ["Team", "Jan", None, "Feb", None],
        [None, "Plan", "Ist", "Plan", "Ist"],
        *([f"T{i}", i, i + 1, i + 2, i + 3] for i in range(15)),
        ["Summe", sum(range(15)), sum(range(1, 16)), sum(range(2, 17)), sum(range(3, 18))],
    ]
    sizes_meant = {
        "Team": [f"T{i}" for i in range(15)], "Jan Plan": list(range(15)), "Jan Ist": [i + 1 for i in range(15)],
        "Feb Plan": [i + 2 for i in range(15)], "Feb Ist": [i + 3 for i in range(15)],
    }  # fmt: skip
    return [
        NastyFile("hotels_page.xls", page.encode(), [page_meant]),
        NastyFile("directory.ldif", ldif.encode(), [ldif_meant]),
        NastyFile("valid_to.csv", tariff.encode(), [tariff_meant]),
        NastyFile("quarters.zip", quarters, quarters_meant),
        NastyFile("buys.ndjson", "\n".join(map(json.dumps, nested)).encode(), [nested_meant]),
        written("german_clock_points.tsv", "Uhrzeit", german_clock, [time(9 + i % 8, i % 60) for i in range(N)]),
        NastyFile("small_figures.csv", marked.encode(), [marked_meant]),
        NastyFile("births_as_numbers.xlsx", book(("Kunden", serial)), [serial_meant]),
        NastyFile("tamil.csv", tamil.encode("utf-16"), [tamil_meant]),
        NastyFile("said_in_lines.csv", semis.encode(), [semis_meant]),
        NastyFile("plan_and_actual.xlsx", book(("Plan", sizes), merge="B1:C1 D1:E1"), [sizes_meant]),
        NastyFile("old_spss.sav", b"$FL2@(#) SPSS DATA FILE" + bytes(300), refused="SPSS"),
        NastyFile("tables_in_mail.htm", b"<html><body><p>Dear all</p><table>" + head.encode() + body.encode() + b"</table><p>Best</p></body></html>", [page_meant]),
    ]  # fmt: skip

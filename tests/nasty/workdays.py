"""What else lies on desks: ledgers with groups, plans with weeks, prices, parcels, plain habits."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from tests.nasty.desktops import Rows, book
from tests.nasty.making import BASE, DAYS, N, NastyFile, text_of, written

KEYS = [f"C{1000 + i}" for i in range(N)]
VALUES = [1234.5 + 1111.25 * i for i in range(N)]


def desks() -> list[NastyFile]:
    """Text files of accounting, post and stock."""
    sage = (
        "Nominal Code;Account;Jan 24;Feb 24;Mar 24;Total\n"
        + "".join(f"{4000 + i};Sales {i};{i}.00;{i + 1}.00;{i + 2}.00;{3 * i + 3}.00\n" for i in range(N))
        + f"Total;;{sum(range(N))}.00;{sum(range(1, N + 1))}.00;{sum(range(2, N + 2))}.00;{sum(3 * i + 3 for i in range(N))}.00\n"
    )
    sage_meant = {
        "Nominal Code": [4000 + i for i in range(N)],
        "Account": [f"Sales {i}" for i in range(N)],
        "Jan 24": list(range(N)),
        "Feb 24": [i + 1 for i in range(N)],
        "Mar 24": [i + 2 for i in range(N)],
        "Total": [3 * i + 3 for i in range(N)],
    }
    books = (
        '"Date","Transaction Type","Num","Name","Memo/Description","Account","Amount","Balance"\n'
        + "".join(
            f'"{d:%m/%d/%Y}","Invoice","{1001 + i}","Rao, Ann","","Accounts Receivable (A/R)"," {VALUES[i]:,.2f} "," {VALUES[i] * 2:,.2f} "\n'
            for i, d in enumerate(DAYS)
        )
        + '\n\n" Tuesday, Jul 16, 2024 09:05:01 AM GMT+5:30 - Accrual Basis"\n'
    )
    books_meant = {
        "Date": DAYS,
        "Transaction Type": ["Invoice"] * N,
        "Num": [1001 + i for i in range(N)],
        "Name": ["Rao, Ann"] * N,
        "Memo/Description": [None] * N,
        "Account": ["Accounts Receivable (A/R)"] * N,
        "Amount": VALUES,
        "Balance": [v * 2 for v in VALUES],
    }
    books = (
        'Acme Inc,,,,,,,\nTransaction List by Date,,,,,,,\n"January - July, 2024",,,,,,,\n,,,,,,,\n' + books
    )
    post = "TRACKING\tSHIP DATE\tWEIGHT\tZIP\tCOST\n" + "".join(
        f"1Z999AA1{i:010d}\t{d:%Y%m%d}\t{i + 1} LBS\t{2100 + i:05d}\t${i}.99\n" for i, d in enumerate(DAYS)
    )
    post_meant = {
        "TRACKING": [f"1Z999AA1{i:010d}" for i in range(N)],
        "SHIP DATE": DAYS,
        "WEIGHT": [i + 1 for i in range(N)],
        "ZIP": [f"{2100 + i:05d}" for i in range(N)],
        "COST": [i + 0.99 for i in range(N)],
    }
    tickets = "id,opened,closed,hours,subject\n" + "".join(
        f'T-{i},{d:%d %b %Y %H:%M},{"" if i % 4 == 1 else f"{d:%d %b %Y} 18:30"},"{i},5",Re: order #{i}\n'
        for i, d in enumerate(datetime(2024, 1, 3, 9, 5) + timedelta(days=5 * i) for i in range(N))
    )
    tickets_meant = {
        "id": [f"T-{i}" for i in range(N)],
        "opened": [datetime(2024, 1, 3, 9, 5) + timedelta(days=5 * i) for i in range(N)],
        "closed": [
            None if i % 4 == 1 else datetime(2024, 1, 3, 18, 30) + timedelta(days=5 * i) for i in range(N)
        ],
        "hours": [i + 0.5 for i in range(N)],
        "subject": [f"Re: order #{i}" for i in range(N)],
    }
    stock = "Artikelnr;Bezeichnung;EK-Preis;VK-Preis;Bestand;Aktiv\n" + "".join(
        f"{i:07d};Schraube M{i};{i},{i % 10}5;{i + 1},9;{1000 * i if i % 3 else ''};{'WAHR' if i % 2 else 'FALSCH'}\n"
        for i in range(N)
    )
    stock_meant = {
        "Artikelnr": [f"{i:07d}" for i in range(N)],
        "Bezeichnung": [f"Schraube M{i}" for i in range(N)],
        "EK-Preis": [float(f"{i}.{i % 10}5") for i in range(N)],
        "VK-Preis": [i + 1.9 for i in range(N)],
        "Bestand": [1000 * i if i % 3 else None for i in range(N)],
        "Aktiv": [i % 2 == 1 for i in range(N)],
    }
    french = "Client;Date d'achat;Montant HT;Taux;Payé\n" + "".join(
        f"{k};{d.day} {['janv.', 'févr.', 'mars', 'avr.', 'mai', 'juin', 'juil.'][d.month - 1]} {d:%y};{VALUES[i]:,.2f} €;{i},5 %;{'oui' if i % 2 else 'non'}\n".replace(
            ",", "\u202f", 0
        ).replace(f"{VALUES[i]:,.2f}", f"{VALUES[i]:,.2f}".replace(",", " ").replace(".", ","))
        for i, (k, d) in enumerate(zip(KEYS, DAYS, strict=True))
    )
    french_meant = {
        "Client": KEYS,
        "Date d'achat": DAYS,
        "Montant HT": VALUES,
        "Taux": [i + 0.5 for i in range(N)],
        "Payé": ["oui" if i % 2 else "non" for i in range(N)],
    }
    people = {"client_id": KEYS, "joined": DAYS, "visits": list(range(N))}
    titled = (
        "Table 1: Clients\n"
        + text_of(people, form="%Y-%m-%d")
        + "\nTable 2: Orders\n"
        + text_of({**BASE}, form="%Y-%m-%d")
    )
    return [
        NastyFile("nominal.csv", sage.encode(), [sage_meant]),
        NastyFile("quick_books.csv", books.encode(), [books_meant]),
        NastyFile("parcels.txt", post.encode(), [post_meant]),
        NastyFile("tickets.csv", tickets.encode(), [tickets_meant]),
        NastyFile("stock_german.csv", stock.encode("cp1252"), [stock_meant]),
        NastyFile("french_sales.csv", french.encode(), [french_meant]),
        NastyFile("two_titled_tables.csv", titled.encode(), [people, BASE]),
    ]  # fmt: skip


def sheets() -> list[NastyFile]:
    """Workbooks and documents."""
    plan: Rows = [
        ["Sales plan 2024"],
        [None, "Q1", None, None, "Q2", None, None],
        ["Shop", "Jan", "Feb", "Mar", "Apr", "May", "Jun"],
        *([f"S{i}", *(i + m for m in range(6))] for i in range(12)),
        ["Total", *(sum(i + m for i in range(12)) for m in range(6))],
    ]
    plan_meant = {
        "Shop": [f"S{i}" for i in range(12)],
        **{
            f"{'Q1' if m < 3 else 'Q2'} {name}": [i + m for i in range(12)]
            for m, name in enumerate(("Jan", "Feb", "Mar", "Apr", "May", "Jun"))
        },
    }
    repeated: Rows = [
        ["Region", "Shop", "Sales"],
        *(
            [r if j == 0 else "", f"S{r}{j}", 10 * j + 1.5]
            for r in ("North", "South", "West")
            for j in range(5)
        ),
    ]
    repeated_meant = {
        "Region": [r if j == 0 else None for r in ("North", "South", "West") for j in range(5)],
        "Shop": [f"S{r}{j}" for r in ("North", "South", "West") for j in range(5)],
        "Sales": [10 * j + 1.5 for _ in range(3) for j in range(5)],
    }
    codes: Rows = [["sku", "ean", "price"], *([f"{i:05d}", 4006381333931 + i, f"{i},90"] for i in range(N))]
    codes_meant = {
        "sku": [f"{i:05d}" for i in range(N)],
        "ean": [4006381333931 + i for i in range(N)],
        "price": [float(f"{i}.90") for i in range(N)],
    }
    far: Rows = [[None] * 8 for _ in range(6)] + [
        [None, None, None, *row] for row in [list(BASE), *map(list, zip(*BASE.values(), strict=True))]
    ]
    answers = {
        "page": 1,
        "per_page": 50,
        "total": 12,
        "result": [
            {
                "user": {"id": i, "tags": ["a", "b"]},
                "amount": {"value": f"{i}.50", "currency": "EUR"},
                "created": 1704272701000 + i * 3600000,
            }
            for i in range(12)
        ],
    }
    answers_meant = {
        "user_id": list(range(12)),
        "user_tags": ['["a", "b"]'] * 12,
        "amount_value": [i + 0.5 for i in range(12)],
        "amount_currency": ["EUR"] * 12,
        "created": [datetime(2024, 1, 3, 9, 5, 1) + timedelta(hours=i) for i in range(12)],
    }
    return [
        NastyFile("plan_of_quarters.xlsx", book(("plan", plan), merge="A1:G1 B2:D2 E2:G2"), [plan_meant]),
        NastyFile("blank_where_same.xlsx", book(("data", repeated)), [repeated_meant]),
        NastyFile("codes_and_prices.xlsx", book(("data", codes)), [codes_meant]),
        NastyFile("far_from_the_corner.xlsx", book(("data", far)), [BASE]),
        NastyFile("page_of_results.json", json.dumps(answers).encode(), [answers_meant]),
        written("quarter_hours.tsv", "hours", [f"{i} ¼" if i % 2 else f"{i}" for i in range(N)], [f"{i} ¼" if i % 2 else f"{i}" for i in range(N)]),
        written("approximate.tsv", "income", [f"~{i}k" if i % 5 == 0 else f"{i}k" for i in range(1, N + 1)], [i * 1000 for i in range(1, N + 1)]),
        written("swedish_days.tsv", "datum", [f"den {d.day} {['januari', 'februari', 'mars', 'april', 'maj', 'juni', 'juli'][d.month - 1]} {d.year}" for d in DAYS], DAYS),
        written("turkish_days.tsv", "tarih", [f"{d.day} {['Ocak', 'Şubat', 'Mart', 'Nisan', 'Mayıs', 'Haziran', 'Temmuz'][d.month - 1]} {d.year}" for d in DAYS], DAYS),
        written("reversed_dots.tsv", "date", [f"{d:%Y.%m.%d}" for d in DAYS], DAYS),
        written("month_first_words.tsv", "date", [f"{d:%b. %d, %Y}" for d in DAYS], DAYS),
        written("clock_of_halves.tsv", "booked", [f"{d:%d/%m/%Y} {9 + i % 3}.{i % 60:02d} {'am' if i % 3 < 3 and 9 + i % 3 < 12 else 'pm'}" for i, d in enumerate(DAYS)], [datetime(d.year, d.month, d.day, 9 + i % 3, i % 60) for i, d in enumerate(DAYS)]),
        written("dollars_in_words.tsv", "budget", [f"{i}.5 mil. USD" for i in range(N)], [f"{i}.5 mil. USD" for i in range(N)]),
    ]  # fmt: skip

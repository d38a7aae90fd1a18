"""What comes from other countries' banks and offices, from machines, and from libraries for tables."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta

from tests.nasty.archives import archive
from tests.nasty.desktops import ROWS, Rows, book
from tests.nasty.making import BASE, DAYS, N, NastyFile, lines_of, text_of, written

KEYS = [f"C{1000 + i}" for i in range(N)]
VALUES = [1234.5 + 1111.25 * i for i in range(N)]
STAMPS = [datetime(2024, 1, 3, 9, 5, 1) + timedelta(days=5 * i, minutes=7 * i) for i in range(N)]


def _comma(value: float, mark: str = ".") -> str:
    return f"{value:,.2f}".translate(str.maketrans({",": mark, ".": ","}))


def offices_abroad() -> list[NastyFile]:
    """Accounts and sales in other scripts and habits."""
    memo = ["CARD PAYMENT TO TESCO", "DIRECT DEBIT", "BILL PAYMENT", "CASH"]
    british = "Number,Date,Account,Amount,Subcategory,Memo\n" + "".join(
        f"\t ,{d:%d/%m/%Y},20-00-00 12345678,{(-1) ** i * VALUES[i]:.2f},PAYMENT,{memo[i % 4]:<24}\t{i:04d} BCC\n"
        for i, d in enumerate(DAYS)
    )
    british_meant = {
        "Number": [None] * N, "Date": DAYS, "Account": ["20-00-00 12345678"] * N, "Amount": [(-1) ** i * v for i, v in enumerate(VALUES)],
        "Subcategory": ["PAYMENT"] * N, "Memo": [f"{memo[i % 4]:<24}\t{i:04d} BCC" for i in range(N)],
    }  # fmt: skip
    chinese = (
        "支付宝交易记录明细查询\n账号:[a@example.com]\n起始日期:[2024-01-03 00:00:00]    终止日期:[2024-07-16 00:00:00]\n---------------------------------交易记录明细列表------------------------------------\n交易号                  ,交易创建时间              ,交易对方            ,金额（元）   ,收/支     ,\n"
        + "".join(
            f"{20240103000000 + i}X{i:04d}\t,{s:%Y-%m-%d %H:%M:%S} ,{['京东商城', '美团外卖', '中国移动', '张三'][i % 4]}            ,{VALUES[i]:<8.2f},{'支出' if i % 3 else '收入'}      ,\n"
            for i, s in enumerate(STAMPS)
        )
        + "------------------------------------------------------------------------\n共40笔记录\n导出时间:[2024-07-16 09:05:01]    用户:张三\n"
    )
    chinese_meant = {
        "交易号": [f"{20240103000000 + i}X{i:04d}" for i in range(N)], "交易创建时间": STAMPS, "交易对方": [["京东商城", "美团外卖", "中国移动", "张三"][i % 4] for i in range(N)],
        "金额（元）": VALUES, "收/支": ["支出" if i % 3 else "收入" for i in range(N)],
    }  # fmt: skip
    japanese = "注文番号,注文日,顧客名,金額,個数\r\n" + "".join(
        f'J{i:05d},{d.year}年{d.month}月{d.day}日,山田 太郎,"{1000 * (i + 1):,}円",{i % 5 + 1}\r\n'
        for i, d in enumerate(DAYS)
    )
    japanese_meant = {
        "注文番号": [f"J{i:05d}" for i in range(N)],
        "注文日": DAYS,
        "顧客名": ["山田 太郎"] * N,
        "金額": [1000 * (i + 1) for i in range(N)],
        "個数": [i % 5 + 1 for i in range(N)],
    }
    korean = "거래일시,고객번호,거래금액,지점\n" + "".join(
        f'{d:%Y.%m.%d},{1000 + i},"{1000 * (i + 1):,}원",{["서울", "부산"][i % 2]}\n'
        for i, d in enumerate(DAYS)
    )
    korean_meant = {
        "거래일시": DAYS,
        "고객번호": [1000 + i for i in range(N)],
        "거래금액": [1000 * (i + 1) for i in range(N)],
        "지점": [["서울", "부산"][i % 2] for i in range(N)],
    }
    russian = (
        "Дата;Контрагент;Сумма;Остаток\n"
        + "".join(
            f"{d:%d.%m.%Y};ООО «Ромашка»;{_comma(VALUES[i], chr(0xA0))} руб.;{_comma(VALUES[i] + 1, ' ')}\n"
            for i, d in enumerate(DAYS)
        )
        + f"Итого;;{_comma(sum(VALUES), chr(0xA0))} руб.;\n"
    )
    russian_meant = {
        "Дата": DAYS,
        "Контрагент": ["ООО «Ромашка»"] * N,
        "Сумма": VALUES,
        "Остаток": [v + 1 for v in VALUES],
    }
    short = ["ene", "feb", "mar", "abr", "may", "jun", "jul"]
    spanish = "Fecha;Cliente;Importe;Activo;Teléfono\n" + "".join(
        f"{d.day:02d}-{short[d.month - 1]}-{d:%y};{KEYS[i]};{_comma(VALUES[i])}€;{'Sí' if i % 3 else 'No'};{'S/D' if i % 7 == 2 else f'6{i:08d}'}\n"
        for i, d in enumerate(DAYS)
    )
    spanish_meant = {
        "Fecha": DAYS,
        "Cliente": KEYS,
        "Importe": VALUES,
        "Activo": ["Sí" if i % 3 else "No" for i in range(N)],
        "Teléfono": [None if i % 7 == 2 else int(f"6{i:08d}") for i in range(N)],
    }
    hotel = "Book number,Guest name(s),Check-in,Booked on,Price,Commission %,Persons\n" + "".join(
        f'{3000000000 + i},"Rao, Ann",{d},{s:%Y-%m-%d %H:%M:%S},{VALUES[i]:.2f} EUR,15,{i % 4 + 1}\n'
        for i, (d, s) in enumerate(zip(DAYS, STAMPS, strict=True))
    )
    hotel_meant = {
        "Book number": [3000000000 + i for i in range(N)],
        "Guest name(s)": ["Rao, Ann"] * N,
        "Check-in": DAYS,
        "Booked on": STAMPS,
        "Price": VALUES,
        "Commission %": [15] * N,
        "Persons": [i % 4 + 1 for i in range(N)],
    }
    return [
        NastyFile("british_bank.csv", british.encode(), [british_meant]),
        NastyFile("chinese_wallet.csv", chinese.encode("gb18030"), [chinese_meant]),
        NastyFile("japanese_orders.csv", japanese.encode("cp932"), [japanese_meant]),
        NastyFile("korean_sales.csv", korean.encode("cp949"), [korean_meant]),
        NastyFile("russian_books.csv", russian.encode("cp1251"), [russian_meant]),
        NastyFile("spanish_sales.csv", spanish.encode(), [spanish_meant]),
        NastyFile("hotel_bookings.csv", hotel.encode(), [hotel_meant]),
    ]  # fmt: skip


def machines() -> list[NastyFile]:
    """Files of machines, libraries and databases."""
    records = (
        "HDR|20240716|SHOP1|2\n"
        + "".join(f"DTL|{k}|{d:%Y%m%d}|{v:.2f}\n" for k, d, v in zip(KEYS, DAYS, VALUES, strict=True))
        + "TRL|40\n"
    )
    records_meant = {"column_1": ["DTL"] * N, "column_2": KEYS, "column_3": DAYS, "column_4": VALUES}
    logged = "time;level;ms;value\n" + "".join(
        f"{s:%Y-%m-%d %H:%M:%S},250;INFO;{i},5;{i}\n" for i, s in enumerate(STAMPS)
    )
    logged_meant = {
        "time": [s + timedelta(milliseconds=250) for s in STAMPS],
        "level": ["INFO"] * N,
        "ms": [i + 0.5 for i in range(N)],
        "value": list(range(N)),
    }
    cross = "\t2023\t2023\t2024\t2024\r\nShop\tSales\tProfit\tSales\tProfit\r\n" + "".join(
        f"S{i}\t{1000 + i:,}\t{i}.5%\t{2000 + i:,}\t{i}.25%\r\n" for i in range(N)
    )
    cross_meant = {
        "Shop": [f"S{i}" for i in range(N)],
        "2023 Sales": [1000 + i for i in range(N)],
        "2023 Profit": [i + 0.5 for i in range(N)],
        "2024 Sales": [2000 + i for i in range(N)],
        "2024 Profit": [i + 0.25 for i in range(N)],
    }
    grouped = ",amount,amount,qty\n,mean,sum,sum\ncity,,,\n" + "".join(
        f"Town {i},{i}.5,{i * 10},{i}\n" for i in range(N)
    )
    grouped_meant = {
        "city": [f"Town {i}" for i in range(N)],
        "amount mean": [i + 0.5 for i in range(N)],
        "amount sum": [i * 10 for i in range(N)],
        "qty sum": list(range(N)),
    }
    paid = ["\\N" if i % 5 == 2 else f"{v:.2f}" for i, v in enumerate(VALUES)]
    copied = "".join(f"{k}\t{d}\t{paid[i]}\tt\n" for i, (k, d) in enumerate(zip(KEYS, DAYS, strict=True)))
    copied_meant = {
        "column_1": KEYS,
        "column_2": DAYS,
        "column_3": [None if i % 5 == 2 else v for i, v in enumerate(VALUES)],
        "column_4": ["t"] * N,
    }
    counted = f"{lines_of(BASE)[0]}\n(1),(2),(3),(4)\n" + "\n".join(lines_of(BASE)[1:]) + "\n"
    bracketed = "shop,weight,turnover\n,(kg),(EUR)\n" + "".join(f"S{i},{i}.5,{i * 10}\n" for i in range(N))
    bracketed_meant = {
        "shop": [f"S{i}" for i in range(N)],
        "weight": [i + 0.5 for i in range(N)],
        "turnover": [i * 10 for i in range(N)],
    }
    clocks = [time(i % 24, (7 * i) % 60) for i in range(N)]
    lines = lines_of(BASE)
    spaced = "\n\n\n" + "\n\n".join("\n".join(lines[10 * p + (p > 0) : 10 * p + 11]) for p in range(4)) + "\n"
    asked = f"customer_id;order_date;amount;city\n{text_of({**BASE, 'amount': [_comma(a) for a in BASE['amount']]}, ';', '%d.%m.%y').partition(chr(10))[2]}".replace(
        "\n", ";\n"
    )
    return [
        NastyFile("records_of_types.txt", records.encode(), [records_meant]),
        NastyFile("logged.csv", logged.encode(), [logged_meant]),
        NastyFile("crosstab.csv", cross.encode("utf-16"), [cross_meant]),
        NastyFile("grouped_frame.csv", grouped.encode(), [grouped_meant]),
        NastyFile("copied.tsv", copied.encode(), [copied_meant]),
        NastyFile("numbered_columns.csv", counted.encode(), [BASE]),
        NastyFile("bracketed_units.csv", bracketed.encode(), [bracketed_meant]),
        NastyFile("separator_at_ends.csv", asked.encode(), [BASE]),
        NastyFile("blocks_of_rows.csv", spaced.encode(), [BASE]),
        written("military_times.tsv", "time", [f"{t:%H%M}" for t in clocks], clocks),
        written("half_days_short.tsv", "pickup_time", [f"{t.hour % 12 or 12}:{t.minute:02d} {t:%p}" for t in clocks], clocks),
        written("iso_spans.tsv", "duration", [f"PT{i}H{i % 60}M" for i in range(1, N + 1)], [f"PT{i}H{i % 60}M" for i in range(1, N + 1)]),
    ]  # fmt: skip


def answers_and_books() -> list[NastyFile]:
    """Answers of more services, and workbooks with more habits."""
    table = {"id": [f"A{i}" for i in range(12)], "v": [i + 0.5 for i in range(12)]}
    rows = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
    sheet = {
        "range": "Sheet1!A1:B13",
        "majorDimension": "ROWS",
        "values": [["id", "v"], *([r["id"], str(r["v"])] for r in rows)],
    }
    query = {
        "schema": {"fields": [{"name": "id", "type": "STRING"}, {"name": "v", "type": "FLOAT"}]},
        "totalRows": "12",
        "rows": [{"f": [{"v": r["id"]}, {"v": str(r["v"])}]} for r in rows],
    }
    dynamo = {"Count": 12, "Items": [{"id": {"S": r["id"]}, "v": {"N": str(r["v"])}} for r in rows]}
    fire = {"users": {f"u{i}": {"name": f"Ann {i}", "age": 20 + i} for i in range(12)}}
    orders = {
        "orders": [
            {
                "id": 450789469 + i,
                "created_at": f"2024-01-{i + 1:02d}T09:05:01-05:00",
                "total_price": f"{i}.50",
                "customer": {"id": 207119551 + i, "email": f"a{i}@example.com"},
                "line_items": [{"sku": "a"}],
            }
            for i in range(12)
        ]
    }
    orders_meant = {
        "id": [450789469 + i for i in range(12)], "created_at": [datetime(2024, 1, i + 1, 9, 5, 1) for i in range(12)], "total_price": [i + 0.5 for i in range(12)],
        "customer_id": [207119551 + i for i in range(12)], "customer_email": [f"a{i}@example.com" for i in range(12)], "line_items": ['[{"sku": "a"}]'] * 12,
    }  # fmt: skip
    two_high: Rows = [
        ["Shop", 2023, None, 2024, None],
        [None, "pieces", "EUR", "pieces", "EUR"],
        *([f"S{i}", i, i + 0.5, i + 1, i + 1.5] for i in range(N)),
    ]
    two_high_meant = {
        "Shop": [f"S{i}" for i in range(N)],
        "2023 pieces": list(range(N)),
        "2023 EUR": [i + 0.5 for i in range(N)],
        "2024 pieces": [i + 1 for i in range(N)],
        "2024 EUR": [i + 1.5 for i in range(N)],
    }
    ledger: Rows = [
        ["Acme Traders"], ["Ledger: Cash"], ["1-Jan-24 to 16-Jul-24"], [], ["Date", "Particulars", "Vch Type", "Vch No.", "Debit", "Credit"],
        *([d, "Sales" if i % 2 else "Rent", "Receipt" if i % 2 else "Payment", i + 1, VALUES[i] if i % 2 else None, None if i % 2 else VALUES[i]] for i, d in enumerate(DAYS)),
        [None, None, None, None, sum(VALUES[1::2]), sum(VALUES[::2])],
    ]  # fmt: skip
    ledger_meant = {
        "Date": DAYS, "Particulars": ["Sales" if i % 2 else "Rent" for i in range(N)], "Vch Type": ["Receipt" if i % 2 else "Payment" for i in range(N)], "Vch No": list(range(1, N + 1)),
        "Debit": [v if i % 2 else None for i, v in enumerate(VALUES)], "Credit": [None if i % 2 else v for i, v in enumerate(VALUES)],
    }  # fmt: skip
    above: Rows = [["Total", None, sum(BASE["amount"]), None], *ROWS]
    undecided = [["id", "due"], *([f"K{i}", "TBD" if i % 6 == 2 else d] for i, d in enumerate(DAYS))]
    months = [
        (m, [["shop", "sales"], *([f"S{i}", i * 10 + p] for i in range(12))])
        for p, m in enumerate(("Jan", "Feb", "Mar"))
    ]
    months_meant = [
        {"shop": [f"S{i}" for i in range(12)], "sales": [i * 10 + p for i in range(12)]} for p in range(3)
    ]
    parts = archive(
        ("out/part-00000.csv", text_of({k: v[:25] for k, v in BASE.items()}).encode()),
        ("out/part-00001.csv", text_of({k: v[25:] for k, v in BASE.items()}).encode()),
        ("out/_SUCCESS", b""),
    )
    noted: Rows = [*ROWS, [], ["Notes"], ["Amounts are net of tax."], ["Delhi opened in March."]]
    return [
        NastyFile("sheet_service.json", json.dumps(sheet).encode(), [table]),
        NastyFile("query_service.json", json.dumps(query).encode(), [table]),
        NastyFile("typed_values.json", json.dumps(dynamo).encode(), [table]),
        NastyFile("users_by_key.json", json.dumps(fire).encode(), [{"key": [f"u{i}" for i in range(12)], "name": [f"Ann {i}" for i in range(12)], "age": [20 + i for i in range(12)]}]),
        NastyFile("shop_service.json", json.dumps(orders).encode(), [orders_meant]),
        NastyFile("names_two_high.xlsx", book(("data", two_high), merge="A1:A2 B1:C1 D1:E1"), [two_high_meant]),
        NastyFile("ledger.xlsx", book(("Ledger", ledger)), [ledger_meant]),
        NastyFile("total_above.xlsx", book(("data", above)), [BASE]),
        NastyFile("undecided.xlsx", book(("data", undecided)), [{"id": [f"K{i}" for i in range(N)], "due": [None if i % 6 == 2 else d for i, d in enumerate(DAYS)]}]),
        NastyFile("sheet_per_month.xlsx", book(*months), months_meant),
        NastyFile("pieces_of_a_cluster.zip", parts, [BASE]),
        NastyFile("notes_below.xlsx", book(("data", noted)), [BASE]),
    ]  # fmt: skip

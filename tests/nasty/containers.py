"""Tables in other programs' clothes: pages and XML named like workbooks, feathers named like text, archives."""

from __future__ import annotations

import gzip
import io
import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

from tests.nasty.archives import archive
from tests.nasty.desktops import book
from tests.nasty.making import BASE, DAYS, N, NastyFile, text_of, texts_of


def dressed() -> list[NastyFile]:
    """Files named like something else."""
    cells = [list(BASE), *texts_of(BASE, "%d/%m/%Y")]
    page = "<html><head><meta charset='utf-8'><style>td {border: 1px}</style></head><body><table border=1>" + "".join(
        "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>\n"
        for tag, row in [("th", cells[0]), *(("td", row) for row in cells[1:])]
    ) + "</table></body></html>"  # fmt: skip
    book_rows = "".join(
        "<Row>"
        + "".join(
            f'<Cell><Data ss:Type="{"Number" if j == 2 and i else "String"}">{cell}</Data></Cell>'
            for j, cell in enumerate(row)
        )
        + "</Row>\n"
        for i, row in enumerate(cells)
    )
    xml = (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="Orders"><Table>{book_rows}</Table></Worksheet></Workbook>'
    )
    plain = pa.table({name: pa.array(column) for name, column in BASE.items()})

    def feathered(**options: Any) -> bytes:
        stream = io.BytesIO()
        feather.write_feather(plain, stream, **options)
        return stream.getvalue()

    study = io.BytesIO()
    pd.DataFrame({"id": [1, 2, 3], "v": [0.5, 1.5, 2.5]}).to_stata(study, write_index=False)
    return [
        NastyFile("page_of_orders.xls", page.encode(), [BASE]),
        NastyFile("markup_of_orders.xls", xml.encode(), [BASE]),
        NastyFile("feather_named.csv", feathered(compression="lz4"), [BASE]),
        NastyFile("orders.feather", feathered(compression="zstd"), [BASE]),
        NastyFile("study.dta", study.getvalue(), refused="Stata"),
        NastyFile("kept_by_r.rds", gzip.compress(b"X\n\x00\x00\x00\x03\x00\x04\x03\x01" + bytes(400)), refused="R"),
        NastyFile("pickled.pkl", b"\x80\x05\x95" + bytes(range(200)) * 3, refused="pickle"),
        NastyFile("nothing.xlsx", b"", refused="is empty"),
        NastyFile("names_only.xlsx", book(("data", [["id", "amount", "city"]])), refused="no"),
        NastyFile("one_cell.csv", b"amount\n12.50\n", [{"amount": [12.5]}]),
        NastyFile("tabs_named.xls", text_of(BASE, "\t").encode("utf-16"), [BASE]),
    ]  # fmt: skip


def nestled() -> list[NastyFile]:
    """JSON, archives and Parquet."""
    orders = [
        {"order": 100 + i, "placed": f"{d}T09:05:00+05:30", "total": f"{i}.50", "customer": {"id": f"C{i % 7}", "city": "Pune"}}
        for i, d in enumerate(DAYS)
    ]  # fmt: skip
    orders_meant = {
        "order": [100 + i for i in range(N)],
        "placed": [datetime(d.year, d.month, d.day, 9, 5) for d in DAYS],
        "total": [i + 0.5 for i in range(N)],
        "customer_id": [f"C{i % 7}" for i in range(N)],
        "customer_city": ["Pune"] * N,
    }
    events = [
        {"user": f"U{i % 50}", "n": i, **({"coupon": f"X{i}"} if i >= 2900 else {})} for i in range(3000)
    ]
    events_meant = {
        "user": [f"U{i % 50}" for i in range(3000)],
        "n": list(range(3000)),
        "coupon": [f"X{i}" if i >= 2900 else None for i in range(3000)],
    }
    months = [
        {"shop": [f"S{i}" for i in range(20)], "sales": [m * 100 + i + 0.5 for i in range(20)]}
        for m in range(3)
    ]
    packed = archive(*((f"2024-{m + 1:02d}.csv", text_of(each).encode()) for m, each in enumerate(months)))
    table = pa.table(
        {
            "id": pa.array([f"A{i}" for i in range(20)]),
            "grade": pa.array([["low", "mid", "high"][i % 3] for i in range(20)]).dictionary_encode(),
            "fee": pa.array([Decimal(f"{i}.50") for i in range(20)], pa.decimal128(12, 2)),
            "home": pa.array([{"city": "Pune", "geo": {"lat": i + 0.5}} for i in range(20)]),
            "spent": pa.array([timedelta(minutes=i) for i in range(20)], pa.duration("s")),
            "seen": pa.array([datetime(2024, 1, 1, 5, i) for i in range(20)], pa.timestamp("ms")),
            "score": pa.array([None if i == 3 else i / 4 for i in range(20)], pa.float16()),
            "flags": pa.array([[True, False]] * 20),
        }
    )
    stream = io.BytesIO()
    pq.write_table(table, stream)
    table_meant = {
        "id": [f"A{i}" for i in range(20)], "grade": [["low", "mid", "high"][i % 3] for i in range(20)],
        "fee": [i + 0.5 for i in range(20)], "home_city": ["Pune"] * 20, "home_geo_lat": [i + 0.5 for i in range(20)],
        "spent": [str(timedelta(minutes=i)) for i in range(20)], "seen": [datetime(2024, 1, 1, 5, i) for i in range(20)],
        "score": [None if i == 3 else i / 4 for i in range(20)], "flags": ["[true,false]"] * 20,
    }  # fmt: skip
    users = {
        "meta": {"page": 1, "pages": 1},
        "users": [{"id": i, "tags": None, "plan": {"name": "pro"}} for i in range(15)],
    }
    users_meant = {"id": list(range(15)), "tags": [None] * 15, "plan_name": ["pro"] * 15}
    return [
        NastyFile("orders_of_customers.json", json.dumps({"orders": orders, "next": None}).encode(), [orders_meant]),
        NastyFile("late_key.ndjson", "\n".join(map(json.dumps, events)).encode(), [events_meant]),
        NastyFile("late_key.jsonl.gz", gzip.compress("\n".join(map(json.dumps, events)).encode()), [events_meant]),
        NastyFile("months.zip", packed, months),
        NastyFile("kinds_and_homes.parquet", stream.getvalue(), [table_meant]),
        NastyFile("users_under_meta.json", json.dumps(users).encode(), [users_meant]),
    ]  # fmt: skip

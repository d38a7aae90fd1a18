"""Documents of services, archives of several parts, columns of big-data programs."""

from __future__ import annotations

import gzip
import io
import json
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.nasty.archives import archive
from tests.nasty.desktops import ROWS, book
from tests.nasty.making import BASE, NastyFile, text_of

TABLE = {"id": [f"A{i}" for i in range(12)], "v": [i + 0.5 for i in range(12)]}
RECORDS = [dict(zip(TABLE, row, strict=True)) for row in zip(*TABLE.values(), strict=True)]


def answers_of_services() -> list[NastyFile]:
    """JSON as search engines, portals and shops answer."""
    portal = {
        "meta": {
            "view": {
                "name": "Orders",
                "columns": [{"name": "id", "dataTypeName": "text"}, {"name": "v", "dataTypeName": "number"}],
            }
        },
        "data": [list(r.values()) for r in RECORDS],
    }
    engine = {
        "took": 3,
        "hits": {
            "total": {"value": 12},
            "hits": [{"_index": "o", "_id": str(i), "_source": r} for i, r in enumerate(RECORDS)],
        },
    }
    microsoft = [
        {"id": r["id"], "at": f"/Date({1704272701000 + 86400000 * i})/"} for i, r in enumerate(RECORDS)
    ]
    edges = {
        "data": {"orders": {"edges": [{"node": r} for r in RECORDS], "pageInfo": {"hasNextPage": False}}}
    }
    texts = [
        {"id": r["id"], "v": f"{r['v']:.2f}", "on": f"2024-01-{i + 1:02d}"} for i, r in enumerate(RECORDS)
    ]
    pages = json.dumps(RECORDS[:6]) + "\n" + json.dumps(RECORDS[6:]) + "\n"
    customers = {
        f"C{i}": {"name": f"Ann {i}", "address": {"city": "Pune"}, "orders": [i, i + 1]} for i in range(9)
    }
    events = "\n".join(
        json.dumps(
            {
                "event": "buy",
                "properties": {"time": 1704272701 + 3600 * i, "distinct_id": f"u{i % 4}", "$city": "Pune"},
            }
        )
        for i in range(12)
    )
    noted = "// exported orders\n" + json.dumps(RECORDS)
    headed = {"header": ["id", "v"], "rows": [list(r.values()) for r in RECORDS]}
    odata = {"@odata.context": "x", "value": RECORDS}
    xml = (
        "<?xml version='1.0'?><orders>"
        + "".join(f"<order><id>{r['id']}</id><v>{r['v']}</v></order>" for r in RECORDS)
        + "</orders>"
    )
    keyed = "\n".join(
        json.dumps({"_id": r["id"], "v": None if i % 3 == 0 else r["v"], "tags": [] if i % 2 else ["a"]})
        for i, r in enumerate(RECORDS)
    )
    return [
        NastyFile("portal.json", json.dumps(portal).encode(), [TABLE]),
        NastyFile("search_engine.json", json.dumps(engine).encode(), [{"_index": ["o"] * 12, "_id": list(range(12)), "_source_id": TABLE["id"], "_source_v": TABLE["v"]}]),
        NastyFile("microsoft_dates.json", json.dumps(microsoft).encode(), [{"id": TABLE["id"], "at": [datetime(2024, 1, 3, 9, 5, 1) + timedelta(days=i) for i in range(12)]}]),
        NastyFile("edges.json", json.dumps(edges).encode(), [{"node_id": TABLE["id"], "node_v": TABLE["v"]}]),
        NastyFile("texts_in_json.json", json.dumps(texts).encode(), [{**TABLE, "on": [date(2024, 1, i + 1) for i in range(12)]}]),
        NastyFile("pages_of_records.json", pages.encode(), [TABLE]),
        NastyFile("object_per_customer.json", json.dumps(customers).encode(), [{"key": list(customers), "name": [f"Ann {i}" for i in range(9)], "address_city": ["Pune"] * 9, "orders": [f"[{i}, {i + 1}]" for i in range(9)]}]),
        NastyFile("events.json", events.encode(), [{"event": ["buy"] * 12, "properties_time": [datetime(2024, 1, 3, 9, 5, 1) + timedelta(hours=i) for i in range(12)], "properties_distinct_id": [f"u{i % 4}" for i in range(12)], "properties_$city": ["Pune"] * 12}]),
        NastyFile("commented.json", noted.encode(), [TABLE]),
        NastyFile("header_and_rows.json", json.dumps(headed).encode(), [TABLE]),
        NastyFile("odata.json", json.dumps(odata).encode(), [TABLE]),
        NastyFile("orders.xml", xml.encode(), refused="XML"),
        NastyFile("gaps_and_lists.jsonl", keyed.encode(), [{"_id": TABLE["id"], "v": [None if i % 3 == 0 else v for i, v in enumerate(TABLE["v"])], "tags": ["[]" if i % 2 else '["a"]' for i in range(12)]}]),
    ]  # fmt: skip


def parcels() -> list[NastyFile]:
    """Archives of several parts, columns of big-data programs."""
    plain = text_of(BASE)
    header, *rows = plain.splitlines()
    parts = [f"{header}\n" + "\n".join(rows[20 * p : 20 * p + 20]) + "\n" for p in range(2)]
    people = {"customer_id": [f"C{1000 + i}" for i in range(9)], "age": list(range(20, 29))}
    split = archive(
        ("export/orders-1.csv", parts[0].encode()),
        ("export/orders-2.csv", parts[1].encode()),
        ("export/README.md", b"# Orders\n\nTwo parts.\n"),
    )
    office = archive(
        ("orders.xlsx", book(("data", ROWS))),
        ("letter.pdf", b"%PDF-1.4 x"),
        ("people.csv.gz", gzip.compress(text_of(people).encode())),
    )
    spans = pa.table({
        "id": [f"A{i}" for i in range(9)], "wait": pa.array([timedelta(minutes=i) for i in range(9)], pa.duration("us")),
        "person": pa.array([None if i == 3 else {"name": f"N{i}", "home": {"city": "Pune"}} for i in range(9)]), "quarter": pa.array([i / 4 for i in range(9)], pa.float16()),
        "pair": pa.array([[i, i] for i in range(9)], pa.list_(pa.int32(), 2)), "on": pa.array([datetime(2024, 1, i + 1) for i in range(9)], pa.date64()),
    })  # fmt: skip

    def parquet(content: Any) -> bytes:
        stream = io.BytesIO()
        pq.write_table(content, stream)
        return stream.getvalue()

    spans_meant = {
        "id": [f"A{i}" for i in range(9)], "wait": [str(timedelta(minutes=i)) for i in range(9)],
        "person_name": [None if i == 3 else f"N{i}" for i in range(9)], "person_home_city": [None if i == 3 else "Pune" for i in range(9)],
        "quarter": [i / 4 for i in range(9)], "pair": [f"[{i},{i}]" for i in range(9)], "on": [date(2024, 1, i + 1) for i in range(9)],
    }  # fmt: skip
    return [
        NastyFile("parts_and_readme.zip", split, [BASE]),
        NastyFile("office.zip", office, [BASE, people]),
        NastyFile("spans.parquet", parquet(spans), [spans_meant]),
    ]  # fmt: skip

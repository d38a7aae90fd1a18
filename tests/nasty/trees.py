"""JSON documents."""

from __future__ import annotations

import json
from datetime import datetime

from tests.nasty.making import NastyFile


def documents() -> list[NastyFile]:
    """JSON."""
    records = [{"id": f"{i:04d}", "v": i, "x": {"y": i / 2, "z": {"w": f"q{i % 3}"}}} for i in range(30)]
    meant = {
        "id": [f"{i:04d}" for i in range(30)], "v": list(range(30)),
        "x_y": [i / 2 for i in range(30)], "x_z_w": [f"q{i % 3}" for i in range(30)],
    }  # fmt: skip
    text = "\n".join(map(json.dumps, records))
    broken = text.replace('{"id": "0007"', '{"id" "0007"')
    without = {name: [*cells[:7], *cells[8:]] for name, cells in meant.items()}
    uneven = [{"id": f"A{i}", **({"v": i} if i % 2 else {"w": None, "u": True})} for i in range(10)]
    gaps = {
        "id": [f"A{i}" for i in range(10)], "w": [None] * 10, "u": [None if i % 2 else True for i in range(10)],
        "v": [i if i % 2 else None for i in range(10)],
    }  # fmt: skip
    long = {"id": [str(9_007_199_254_740_993 + i) for i in range(9)], "v": list(range(9))}
    lists = {"id": [f"A{i}" for i in range(9)], "tags": [f'["a", {i}]' for i in range(9)]}
    return [
        NastyFile("records.json", json.dumps(records).encode(), [meant]),
        NastyFile("lines.jsonl", text.encode(), [meant]),
        NastyFile("broken_line.jsonl", broken.encode(), [without], says={"broken_lines": 1}),
        NastyFile("in_an_object.json", json.dumps({"count": 30, "data": records}).encode(), [meant]),
        NastyFile("columns.json", json.dumps(dict(meant)).encode(), [meant]),
        NastyFile("rows.json", json.dumps([["id", "v"], *([f"A{i}", i] for i in range(9))]).encode(), [{"id": [f"A{i}" for i in range(9)], "v": list(range(9))}]),
        NastyFile("by_key.json", json.dumps({"id": {str(i): f"A{i}" for i in range(9)}, "v": {str(i): i for i in range(9)}}).encode(), [{"id": [f"A{i}" for i in range(9)], "v": list(range(9))}]),
        NastyFile("uneven.json", json.dumps(uneven).encode(), [gaps]),
        NastyFile("long_ids.json", json.dumps([{"id": int(i), "v": v} for i, v in zip(*long.values(), strict=True)]).encode(), [long]),
        NastyFile("lists.json", json.dumps([{"id": f"A{i}", "tags": ["a", i]} for i in range(9)]).encode(), [lists]),
        NastyFile("marked.json", b"\xef\xbb\xbf" + json.dumps(records).encode(), [meant]),
        NastyFile("scalar.json", b'{"a": 1}', [{"a": [1]}]),
        NastyFile("numbers.json", b"[1, 2, 3]", refused="holds no records"),
        NastyFile("half.json", json.dumps(records)[:-40].encode(), refused="damaged JSON"),
        NastyFile("deep.json", b"[" * 100_000, refused="damaged JSON"),
    ]  # fmt: skip


def services() -> list[NastyFile]:
    """JSON as services and databases hand it out."""
    table = {"id": [f"A{i}" for i in range(12)], "v": [i + 0.5 for i in range(12)]}
    records = [dict(zip(table, row, strict=True)) for row in zip(*table.values(), strict=True)]
    mongo = [
        {
            "_id": {"$oid": f"{i:024x}"},
            "at": {"$date": f"2024-01-{i + 1:02d}T00:00:00Z"},
            "n": {"$numberLong": str(i)},
        }
        for i in range(12)
    ]
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [i, 2.5]}, "properties": r}
        for i, r in enumerate(records)
    ]
    lines = "\n".join(map(json.dumps, records))
    kinds = {"id": list(range(12)), "v": [str(i) if i % 2 else f"x{i}" for i in range(12)]}
    mixed = [{"id": i, "v": i if i % 2 else f"x{i}"} for i in range(12)]
    orders = [{"order": f"O{i}", "lines": [{"sku": "a", "n": i}, {"sku": "b", "n": 1}]} for i in range(12)]
    nested = {
        "order": [f"O{i}" for i in range(12)],
        "lines": [json.dumps(o["lines"], sort_keys=True) for o in orders],
    }
    people = [{"name": f"P{i}", "age": 20 + i} for i in range(8)]
    return [
        NastyFile("mongo.jsonl", "\n".join(map(json.dumps, mongo)).encode(), [{"_id": [f"{i:024x}" for i in range(12)], "at": [datetime(2024, 1, i + 1) for i in range(12)], "n": list(range(12))}]),
        NastyFile("places.geojson", json.dumps({"type": "FeatureCollection", "features": features}).encode(), [{"type": ["Feature"] * 12, "geometry_type": ["Point"] * 12, "geometry_coordinates": [f"[{i}, 2.5]" for i in range(12)], "properties_id": table["id"], "properties_v": table["v"]}]),
        NastyFile("split.json", json.dumps({"columns": list(table), "index": list(range(12)), "data": [list(r.values()) for r in records]}).encode(), [table]),
        NastyFile("schema_and_data.json", json.dumps({"schema": {"fields": [{"name": n, "type": "string"} for n in table]}, "data": records}).encode(), [table]),
        NastyFile("result.json", json.dumps({"status": "ok", "response": {"page": 1, "result": {"items": records}}}).encode(), [table]),
        NastyFile("by_customer.json", json.dumps({r["id"]: {"v": r["v"]} for r in records}).encode(), [{"key": table["id"], "v": table["v"]}]),
        NastyFile("two_lists.json", json.dumps({"orders": records, "people": people}).encode(), [table, {"name": [p["name"] for p in people], "age": [p["age"] for p in people]}]),
        NastyFile("crlf.jsonl", ("\ufeff" + lines.replace("\n", "\r\n\r\n") + "\r\n").encode(), [table]),
        NastyFile("objects_in_a_row.json", lines.replace("\n", "").encode(), [table]),
        NastyFile("pretty_objects.json", "\n".join(json.dumps(r, indent=2) for r in records).encode(), [table]),
        NastyFile("comma_behind_last.json", (json.dumps(records)[:-1] + ",\n]").encode(), [table]),
        NastyFile("not_a_number.json", json.dumps([{**r, "v": float("nan") if i == 3 else r["v"]} for i, r in enumerate(records)]).encode(), [{**table, "v": [None if i == 3 else v for i, v in enumerate(table["v"])]}]),
        NastyFile("utf16.json", json.dumps(records).encode("utf-16"), [table]),
        NastyFile("numbers_and_words.json", json.dumps(mixed).encode(), [kinds]),
        NastyFile("order_lines.json", json.dumps(orders).encode(), [nested]),
        NastyFile("arrays_by_line.jsonl", ('["id", "v"]\n' + "\n".join(json.dumps(list(r.values())) for r in records)).encode(), [table]),
        NastyFile("javascript.json", ("var orders = " + json.dumps(records) + ";").encode(), [table]),
    ]  # fmt: skip

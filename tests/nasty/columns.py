"""Parquet and Arrow."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.nasty.making import BASE, DAYS, NastyFile


def columnar() -> list[NastyFile]:
    """Parquet."""
    from decimal import Decimal

    table = pa.table(
        {
            "tiny": pa.array([i % 100 for i in range(9)], pa.int8()),
            "big": pa.array([2**63 + i for i in range(9)], pa.uint64()),
            "money": pa.array([Decimal(f"{i}.25") for i in range(9)], pa.decimal128(18, 2)),
            "day": pa.array(DAYS[:9], pa.date32()),
            "stamp": pa.array([datetime(2024, 1, 1, 5, i) for i in range(9)], pa.timestamp("ns", "UTC")),
            "kind": pa.array([f"k{i % 2}" for i in range(9)]).dictionary_encode(),
            "raw": pa.array([f"r{i}".encode() for i in range(9)], pa.binary()),
            "parts": pa.array([[i, i + 1] for i in range(9)], pa.list_(pa.int64())),
            "inner": pa.array([{"a": i, "b": f"x{i}"} for i in range(9)]),
            "yes": pa.array([i % 2 == 0 for i in range(9)]),
            "nothing": pa.array([None] * 9, pa.null()),
            "at": pa.array([time(3, i) for i in range(9)], pa.time64("us")),
        }
    )
    stream = io.BytesIO()
    pq.write_table(table, stream)
    meant = {
        "tiny": list(range(9)), "big": [str(2**63 + i) for i in range(9)], "money": [i + 0.25 for i in range(9)],
        "day": DAYS[:9], "stamp": [datetime(2024, 1, 1, 5, i) for i in range(9)], "kind": [f"k{i % 2}" for i in range(9)],
        "raw": [f"r{i}" for i in range(9)], "parts": [f"[{i},{i + 1}]" for i in range(9)],
        "inner_a": list(range(9)), "inner_b": [f"x{i}" for i in range(9)], "yes": [i % 2 == 0 for i in range(9)],
        "nothing": [None] * 9, "at": [time(3, i) for i in range(9)],
    }  # fmt: skip
    arrow = io.BytesIO()
    with pa.ipc.new_file(arrow, table.schema) as writer:
        writer.write_table(table)
    return [
        NastyFile("odd_types.parquet", stream.getvalue(), [meant]),
        NastyFile("cut.parquet", stream.getvalue()[:-9], refused="damaged Parquet"),
        NastyFile("arrow.arrow", arrow.getvalue(), [meant]),
        NastyFile("cut.arrow", arrow.getvalue()[:200], refused="damaged Arrow"),
    ]


def nested() -> list[NastyFile]:
    """Nested columns, odd widths of numbers, other compressions."""
    from decimal import Decimal

    table = pa.table(
        {
            "lines": pa.array([[{"sku": "a", "n": i}] for i in range(9)]),
            "tags": pa.array([[("k", f"v{i}")] for i in range(9)], pa.map_(pa.string(), pa.string())),
            "deep": pa.array([{"a": {"b": {"c": i}}} for i in range(9)]),
            "zone": pa.array(
                [datetime(2024, 1, 1, 5, i) for i in range(9)], pa.timestamp("us", "Asia/Kolkata")
            ),
            "exact": pa.array([Decimal(f"{i}.123456789") for i in range(9)], pa.decimal128(38, 9)),
            "half": pa.array([float(i) for i in range(9)], pa.float32()),
            "large": pa.array([f"t{i}" for i in range(9)], pa.large_string()),
            "gaps": pa.array([None if i == 4 else i for i in range(9)], pa.int64()),
        }
    )
    meant = {
        "lines": [f'[{{"sku":"a","n":{i}}}]' for i in range(9)], "tags": [f'{{"k":"v{i}"}}' for i in range(9)],
        "deep_a_b_c": list(range(9)), "zone": [datetime(2024, 1, 1, 5, i) for i in range(9)],
        "exact": [i + 0.123456789 for i in range(9)], "half": [float(i) for i in range(9)],
        "large": [f"t{i}" for i in range(9)], "gaps": [None if i == 4 else i for i in range(9)],
    }  # fmt: skip
    plain = pa.table({name: pa.array(cells) for name, cells in BASE.items()})
    texts = pa.table(
        {
            "id": [f"A{i}" for i in range(9)],
            "paid": [f"€{i}.50" for i in range(9)],
            "on": [f"{i + 13}/01/2024" for i in range(9)],
        }
    )
    read = {
        "id": [f"A{i}" for i in range(9)],
        "paid": [i + 0.5 for i in range(9)],
        "on": [date(2024, 1, i + 13) for i in range(9)],
    }
    twins = pa.table([pa.array([1, 2, 3]), pa.array(["a", "b", "c"])], names=["v", "V"])

    def parquet(content: Any, **options: Any) -> bytes:
        stream = io.BytesIO()
        pq.write_table(content, stream, **options)
        return stream.getvalue()

    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, plain.schema) as writer:
        writer.write_table(plain)
    return [
        NastyFile("nested.parquet", parquet(table), [meant]),
        NastyFile("zstd.parquet", parquet(plain, compression="zstd", row_group_size=7), [BASE]),
        NastyFile("brotli.parquet", parquet(plain, compression="brotli", use_dictionary=False), [BASE]),
        NastyFile("parquet_named.csv", parquet(plain), [BASE]),
        NastyFile("texts.parquet", parquet(texts), [read]),
        NastyFile("twin_names.parquet", parquet(twins), [{"v": [1, 2, 3], "V_1": ["a", "b", "c"]}]),
        NastyFile("no_row.parquet", parquet(plain.slice(0, 0)), refused="no rows"),
        NastyFile("stream.arrows", stream.getvalue(), [BASE]),
    ]  # fmt: skip

"""Compressed files and archives."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile

from tests.nasty.making import BASE, NastyFile, text_of


def packed() -> list[NastyFile]:
    """Compressed files and archives."""
    plain = text_of(BASE).encode()
    people = {"customer_id": [f"C{1000 + i}" for i in range(9)], "age": list(range(20, 29))}
    inner = archive(("orders.csv", plain))
    deep = plain
    for _ in range(6):
        deep = archive(("more.zip", deep))
    return [
        NastyFile("plain.csv.gz", gzip.compress(plain), [BASE]),
        NastyFile("records.json.gz", gzip.compress(json.dumps([{"id": f"A{i}", "v": i} for i in range(9)]).encode()), [{"id": [f"A{i}" for i in range(9)], "v": list(range(9))}]),
        NastyFile("one.zip", inner, [BASE]),
        NastyFile("two.zip", archive(("a/orders.csv", plain), ("b/people.csv", text_of(people).encode()), ("__MACOSX/._x", b"x"), ("readme.txt", b"These are the orders of 2024.\n")), [BASE, people], says={"files_left_out": 1}),
        NastyFile("nested.zip", archive(("inner.zip", inner)), [BASE]),
        NastyFile("much_nested.zip", deep, refused="archives within archives"),
        NastyFile("bomb.zip", archive(("zeros.csv", b"a,b\n" + b"1,2\n" * 30_000_000)), refused="unpacks to"),
        NastyFile("locked.zip", _locked(inner), refused="password"),
    ]  # fmt: skip


def archive(*entries: tuple[str, bytes]) -> bytes:
    """Pack files into a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed_:
        for name, content in entries:
            packed_.writestr(name, content)
    return stream.getvalue()


def _locked(packed_: bytes) -> bytes:
    """Set the bit of an encrypted entry in both headers of an archive with one entry."""
    changed = bytearray(packed_)
    changed[6] |= 1
    changed[changed.find(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def bundles() -> list[NastyFile]:
    """Archives of other programs, and odd ones."""
    plain = text_of(BASE).encode()
    people = {"customer_id": [f"C{1000 + i}" for i in range(9)], "age": list(range(20, 29))}
    twice = archive(("2023/orders.csv", plain), ("2024/orders.csv", plain))
    outside = archive(("../../orders.csv", plain), ("/etc/people.csv", text_of(people).encode()))
    changed = bytearray(archive(("orders.csv", plain)))
    changed[80] ^= 0xFF
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as packed_:
        entry = tarfile.TarInfo("orders.csv")
        entry.size = len(plain)
        packed_.addfile(entry, io.BytesIO(plain))
    pieces = gzip.compress(plain[:500]) + gzip.compress(plain[500:])
    return [
        NastyFile("same_names.zip", twice, [BASE, BASE]),
        NastyFile("outside.zip", outside, [BASE, people]),
        NastyFile("damaged_inside.zip", bytes(changed), refused="damaged"),
        NastyFile("pieces.csv.gz", pieces, [BASE]),
        NastyFile("orders.tar", tar.getvalue(), [BASE]),
        NastyFile("orders.tar.gz", gzip.compress(tar.getvalue()), [BASE]),
        NastyFile("orders.tgz", gzip.compress(tar.getvalue())[:-300], refused="damaged"),
        NastyFile("orders.csv.bz2", bz2.compress(plain), [BASE]),
        NastyFile("orders.csv.xz", lzma.compress(plain), [BASE]),
        NastyFile("cut.bz2", bz2.compress(plain)[:-20], refused="damaged"),
        NastyFile("zeros.csv.bz2", bz2.compress(b"a,b\n" + b"1,2\n" * 50_000_000), refused="unpacks to"),
        NastyFile("folder_only.zip", archive(("empty/", b"")), refused="holds no file"),
        NastyFile("gzip_named_csv.csv", gzip.compress(plain), [BASE]),
    ]  # fmt: skip

"""Knows how the zip files of Word and PowerPoint are written: the same report, the same bytes."""

from __future__ import annotations

import io
import re
import zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment that a zip file can hold
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def repacked(content: bytes) -> bytes:
    """Return a zip file with the same members and no trace of when it was made.

    The workbooks behind a chart are such files themselves.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            member = source.read(name)
            target.writestr(info, _workbook(member) if name.endswith(".xlsx") else member)
    return out.getvalue()


def _workbook(content: bytes) -> bytes:
    """Return a workbook that does not tell when it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            member = source.read(name)
            timeless = _MOMENT.sub(b"1980-01-01T00:00:00Z", member) if name == "docProps/core.xml" else member
            target.writestr(zipfile.ZipInfo(name, EPOCH), timeless, zipfile.ZIP_DEFLATED)
    return repacked(out.getvalue())

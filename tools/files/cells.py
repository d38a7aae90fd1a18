"""Knows how a value of a document, such as a workbook or JSON, is written as the text of a cell."""

from __future__ import annotations

import json
import math
from typing import Any


def text_of_value(value: Any) -> str:
    """Write a value as text: whole numbers without a point, days without a time, nested values as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    text = value.isoformat(sep=" ") if hasattr(value, "hour") and hasattr(value, "year") else str(value)
    return text.removesuffix(" 00:00:00")

"""Compares a response of the product with what was expected: right, asked back, wrong or failed, and why."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tests.questions.model import Chart, Expect, Number, Segments
from tests.questions.shown import (
    KEYS,
    Response,
    Seen,
    array,
    first_sentence,
    fold,
    has_label,
    matches,
    numbers_in,
    plain,
    seen_in,
    stated_in,
    trace_kind,
    traces,
    without_next,
)

Outcome = Literal["right", "asked_back", "wrong", "failed"]


@dataclass(frozen=True)
class Score:
    """The outcome of one turn; `confident` marks a wrong answer given as if it were right."""

    outcome: Outcome
    reason: str = ""
    confident: bool = False


def score(response: Response | None, expect: Expect) -> Score:
    """Judge a response; None or a response without the promised keys has failed."""
    if response is None:
        return Score("failed", "no response")
    status = response.get("status")
    if status not in ("answered", "clarify", "refused") or not isinstance(response.get("answer"), str):
        return Score("failed", f"status {status!r}")
    reasons = [_why_not(response, reading) for reading in (expect.readings or (expect,))]
    if None in reasons:
        return Score("right")
    reason = "; or ".join(dict.fromkeys(str(r) for r in reasons))
    if status == "clarify":
        leaked = any("leaks" in str(r) for r in reasons)
        return Score("wrong", reason) if leaked else Score("asked_back", reason)
    return Score("wrong", reason, confident=status == "answered")


def _why_not(response: Response, expect: Expect) -> str | None:
    """The first thing that is missing from this reading, or None."""
    status = response["status"]
    if status not in expect.statuses:
        return f"status {status}, expected {' or '.join(sorted(expect.statuses))}"
    answer = without_next(plain(response["answer"]))
    first = first_sentence(answer)
    for pattern in expect.leaks:
        if re.search(pattern, _everything(response), re.IGNORECASE):
            return f"leaks {pattern!r}"
    for pattern in expect.never:
        if re.search(pattern, first, re.IGNORECASE):
            return f"first sentence says {pattern!r}"
    for pattern in expect.says:
        if not re.search(pattern, first, re.IGNORECASE):
            return f"first sentence does not say {pattern!r}"
    for pattern in expect.mentions:
        if not re.search(pattern, answer, re.IGNORECASE):
            return f"answer does not mention {pattern!r}"
    for wanted in expect.names:
        if not has_label(first, wanted):
            return f"first sentence lacks the name {wanted!r}"
    in_first = stated_in(first)
    for value in expect.numbers:
        if not any(matches(seen, value) for seen in in_first):
            return f"first sentence lacks {value.value:g}"
    if expect.shows:
        everywhere = numbers_in(answer) + _cells(response)
        for value in expect.shows:
            if not any(matches(seen, value) for seen in everywhere):
                return f"nowhere {value.value:g}"
    if expect.offers_other and not re.search(OFFERS, answer, re.IGNORECASE):
        return "does not say how it was read or what else could be meant"
    return (
        _rows_missing(response, answer, expect)
        or _chart_missing(response, expect.chart)
        or _segments_differ(response, expect.segments)
    )


OFFERS = (
    r"\b(instead|if you|meant?|alternativ\w*|I read|read (this|it|that|your)(?! with care)|took|taken|"
    r"understood|interpret\w*|or by|counted as|here means|measured by|ranked by|assum\w*|rather than)\b"
)


Row = Sequence[object]


def _rows_missing(response: Response, answer: str, expect: Expect) -> str | None:
    if not expect.rows:
        return None
    reason = "no table"
    tables: list[Sequence[Row]] = [table.get("rows", []) for table in response.get("tables") or []]
    shown = [_turned(t) for t in response.get("tables") or []]
    for table in tables + shown + list(_figure_tables(response)) + [_text_rows(answer, len(expect.rows))]:
        missing = _missing_from(table, expect)
        if missing is None:
            return None
        reason = missing if reason == "no table" or "lacks" not in missing else reason
    return reason


def _turned(table: Mapping[str, Any]) -> list[Row]:
    """A wide table as long rows: (row label, column name, value)."""
    columns = [str(c) for c in table.get("columns", [])]
    return [
        (row[0], column, cell)
        for row in table.get("rows", [])
        if len(row) == len(columns)
        for column, cell in zip(columns, row, strict=True)
    ]


def _missing_from(table: Sequence[Row], expect: Expect) -> str | None:
    last = -1
    for wanted in expect.rows:
        places = [i for i, row in enumerate(table) if _row_matches(row, wanted)]
        if expect.ordered:
            places = [i for i in places if i > last]
        if not places:
            return (
                f"no table row {_show(wanted)}" if len(expect.rows) > 1 else f"lacks the row {_show(wanted)}"
            )
        last = places[0] if expect.ordered else last
    if expect.row_count is not None:
        totals = sum(any(fold(str(c)) in TOTALS for c in row[:1]) for row in table)
        if len(table) - totals > expect.row_count and not isinstance(table, TextRows):
            return f"table has {len(table)} rows, expected {expect.row_count}"
    return None


TOTALS = {"other", "others", "all", "total", "all others", "rest", "everybody", "overall", "all other"}


def _row_matches(row: Row, wanted: Sequence[str | Number]) -> bool:
    texts = [plain(str(cell)) for cell in row]
    for cell in wanted:
        if isinstance(cell, Number):
            if not any(matches(seen, cell) for value in row for seen in seen_in(value)):
                return False
        elif not any(has_label(text, cell) for text in texts):
            return False
    return True


class TextRows(list[Row]):
    """Rows read off the prose: every piece of text that may carry one label with its value."""


def _text_rows(answer: str, wanted: int) -> TextRows:
    """Pieces of the text; where one row is wanted, whole sentences too."""
    if wanted == 1:
        return TextRows((piece,) for piece in [*answer.split("\n"), first_sentence(answer)])
    pieces = re.split(
        r"\n|;|(?<=\D)[,.](?=\s)|(?<=[\d%)])[,.](?=\s)|\band\b|\bagainst\b|\bversus\b|\bvs\b", answer
    )
    items = re.findall(r"^\s*(?:[-*|]|\d+\.).*$", answer, re.MULTILINE)
    return TextRows((piece,) for piece in [*pieces, *items] if piece.strip())


def _show(wanted: Sequence[str | Number]) -> str:
    return ", ".join(f"{c.value:g}" if isinstance(c, Number) else c.split("|")[0] for c in wanted)


def _figure_tables(response: Response) -> Iterable[list[Row]]:
    for trace in traces(response):
        series = [array(trace.get(key)) for key in KEYS]
        series = [s for s in series if s]
        if len(series) >= 2 and len({len(s) for s in series[:2]}) == 1:
            yield [(trace.get("name", ""), *cells) for cells in zip(*series[:2], strict=True)]


def _chart_missing(response: Response, chart: Chart | None) -> str | None:
    if chart is None:
        return None
    found = traces(response)
    drawn = {trace_kind(trace) for trace in found}
    if not drawn & chart.kinds:
        return f"drawn {sorted(drawn) or 'nothing'}, expected {sorted(chart.kinds)}"
    cells = [cell for trace in found for key in KEYS for cell in array(trace.get(key))]
    cells += [trace.get("name", "") for trace in found]
    texts = [str(cell) for cell in cells if isinstance(cell, str | int | float)]
    for label in chart.labels:
        if not any(has_label(text, label) for text in texts):
            return f"chart lacks {label.split('|')[0]!r}"
    seen = [s for cell in cells for s in seen_in(cell)]
    for value in chart.values:
        if not any(matches(s, value) for s in seen):
            return f"chart lacks the value {value.value:g}"
    return None


def _segments_differ(response: Response, wanted: Segments | None) -> str | None:
    if wanted is None:
        return None
    found = response.get("segmentation")
    if wanted.absent:
        return None if not found else "there is a segmentation"
    if not found:
        return "no segmentation"
    parts = found.get("segments", [])
    sizes = [int(part["size"]) for part in parts]
    names = [str(part["name"]) for part in parts]
    if wanted.at_least is not None and len(parts) < wanted.at_least:
        return f"{len(parts)} segments, expected at least {wanted.at_least}"
    if wanted.at_most is not None and len(parts) > wanted.at_most:
        return f"{len(parts)} segments, expected at most {wanted.at_most}"
    if wanted.total is not None and sum(sizes) != wanted.total:
        return f"sizes add up to {sum(sizes)}, expected {wanted.total}"
    left = list(sizes)
    for size in wanted.sizes:
        if size not in left:
            return f"no segment of {size}"
        left.remove(size)
    if wanted.smallest is not None and min(sizes, default=0) < wanted.smallest:
        return f"a segment of {min(sizes, default=0)}, expected at least {wanted.smallest}"
    features = [str(feature) for feature in found.get("features", [])]
    for pattern in wanted.uses:
        if not any(re.search(pattern, feature, re.IGNORECASE) for feature in features):
            return f"no feature like {pattern!r}"
    for pattern in wanted.ignores:
        if any(re.search(pattern, feature, re.IGNORECASE) for feature in features):
            return f"a feature like {pattern!r}"
    for label in wanted.names:
        if not any(has_label(n, label) for n in names):
            return f"no segment named {label!r}"
    return None


def _cells(response: Response) -> list[Seen]:
    cells: list[object] = [x for trace in traces(response) for key in KEYS for x in array(trace.get(key))]
    for table in response.get("tables") or []:
        cells += [cell for row in table.get("rows", []) for cell in row]
    return [seen for cell in cells for seen in seen_in(cell)]


def _everything(response: Response) -> str:
    kept = {key: response.get(key) for key in ("answer", "facts", "tables", "figures")}
    return json.dumps(kept, ensure_ascii=False, default=str)

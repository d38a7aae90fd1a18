"""Knows how it is told what became different when the data were read in another way."""

from __future__ import annotations

from collections.abc import Sequence

from tools import wording
from tools.core import Column, DataTable, Fact, ToolResult, Workspace
from tools.files.headers import kind_of_cell
from tools.understanding.telling import MEANINGS, rows_of

SHOWN_NAMES = 8  # columns that are named


def tell_change(
    before: Workspace,
    made: Workspace,
    was: DataTable,
    now: DataTable,
    subject: Column | None,
    names: Sequence[str],
) -> ToolResult:
    """Say what is different now."""
    facts = [Fact("n_rows", now.n_rows, "rows"), Fact("n_rows_before", was.n_rows, "rows")]
    findings: list[str] = []
    headline = f"**{rows_of(now)}** of {now.source} are read as you asked."
    for place, name in enumerate(names):
        old, new = was.column(name), now.column(name)
        if old is None or new is None:
            continue
        sentence, more = _difference(old, new)
        facts += more
        if place == 0:
            headline = sentence
        else:
            findings.append(sentence)
    if was.n_rows != now.n_rows:
        gone = was.n_rows - now.n_rows
        facts.append(Fact("rows_left_out", gone, "rows"))
        verb = "left out" if gone > 0 else "back"
        rows = wording.count(abs(gone), "repeated row")
        headline = f"**{rows}** {'is' if abs(gone) == 1 else 'are'} {verb}; there are {rows_of(now)} now."
        facts.append(Fact("rows_changed", abs(gone), "rows"))
    elif not names:
        same = next((finding for finding in now.findings if finding.code == "duplicate_rows"), None)
        if same is None:
            headline = f"No row repeats another one, so all **{rows_of(now)}** stay."
        else:
            facts.append(Fact("duplicate_rows", same.n_rows, "rows"))
            repeats = wording.count(same.n_rows, "row")
            verb = "repeats another one and counts" if same.n_rows == 1 else "repeat another one and count"
            headline = f"All **{rows_of(now)}** are kept: {repeats} {verb} in every sum, as before."
    if was.customer != now.customer or was.grain != now.grain:
        findings.append(_customers(was, now, facts))
    codes = {(f.code, f.column) for f in was.findings}
    for finding in now.findings:
        if (finding.code, finding.column) not in codes and finding.severity != "info":
            findings.append(finding.sentence)
            facts += [
                *finding.facts,
                Fact(f"{finding.code}_rows", finding.n_rows, "rows", finding.column or ""),
            ]
    caveats = []
    if before.segmentations:
        caveats.append("The segments were made from the data as they were read before; ask for them again.")
    return ToolResult(headline, tuple(dict.fromkeys(facts)), tuple(findings), (), (), tuple(caveats), made)


def _difference(old: Column, new: Column) -> tuple[str, list[Fact]]:
    """Say what changed about a column."""
    facts = [
        Fact("missing", new.n_missing, "rows", new.name),
        Fact("missing_before", old.n_missing, "rows", new.name),
    ]
    parts = []
    if old.role != new.role:
        parts.append(f"**{new.name}** now counts as {MEANINGS[new.role]} (before: {MEANINGS[old.role]})")
    if (old.minimum, old.maximum, old.kind) != (
        new.minimum,
        new.maximum,
        new.kind,
    ) and new.minimum is not None:
        facts += [
            Fact("minimum", new.minimum, new.unit, new.name),
            Fact("maximum", new.maximum, new.unit, new.name),
        ]
        ends = f"{_end(new, new.minimum)} to {_end(new, new.maximum)}"
        text = f"{'it' if parts else f'**{new.name}**'} now runs from {ends}"
        if old.minimum is not None:
            scope = f"{new.name} before"
            facts += [
                Fact("minimum", old.minimum, old.unit, scope),
                Fact("maximum", old.maximum, old.unit, scope),
            ]
            text += f" (before: {_end(old, old.minimum)} to {_end(old, old.maximum)})"
        parts.append(text)
    elif old.kind != new.kind:
        parts.append(f"{'it' if parts else f'**{new.name}**'} is read as {new.kind}")
    if old.unit != new.unit and new.unit:
        parts.append(f"{'it' if parts else f'**{new.name}**'} is in {new.unit}")
    if old.n_missing != new.n_missing:
        was = f"{old.n_missing:,} before"
        name = "" if parts else f" of **{new.name}**"
        cells = wording.count(new.n_missing, "cell")
        parts.append(f"{cells}{name} {'is' if new.n_missing == 1 else 'are'} missing ({was})")
    if not parts:
        parts.append(f"**{new.name}** was read this way before; nothing changed")
    return wording.sentence(wording.listing(parts)), facts


def _end(column: Column, value: object) -> str:
    if column.kind in ("date", "datetime"):
        return wording.day(str(value))
    return wording.number(float(value), column.unit) if isinstance(value, int | float) else str(value)


def _customers(was: DataTable, now: DataTable, facts: list[Fact]) -> str:
    """Say who counts as a customer now."""
    key = now.column(now.customer or "")
    facts.append(Fact("n_rows", now.n_rows, "rows"))
    row = {"transactions": "a transaction", "customers": "a customer", "rows": "a row of its own"}[now.grain]
    if key is None or key.n_distinct is None:
        return f"Each row counts as {row} now."
    facts.append(Fact("n_customers", key.n_distinct, "customers"))
    text = f"There are {wording.count(key.n_distinct, 'customer')} by {key.name}"
    old = was.column(was.customer or "")
    if old is not None and old.n_distinct is not None and old.name != key.name:
        facts.append(Fact("n_customers_before", old.n_distinct, "customers"))
        text += f", where {old.name} told {old.n_distinct:,}"
    return f"{text}; each row counts as {row}."


def tell_layout(before: Workspace, made: Workspace, was: DataTable) -> ToolResult:
    """Say how the columns and rows are now that the file was laid out anew."""
    now = made.tables[made.main] if before.main == was.name else made.tables.get(was.name, made.table)
    names = [column.name for column in now.columns if column.derived_from is None]
    shown = wording.listing(
        [*names[:SHOWN_NAMES], *([f"{len(names) - SHOWN_NAMES} more"] if len(names) > SHOWN_NAMES else [])]
    )
    facts = [
        Fact("n_rows", now.n_rows, "rows"),
        Fact("n_rows_before", was.n_rows, "rows"),
        Fact("n_columns", len(names), "columns"),
        Fact("n_more_columns", max(len(names) - SHOWN_NAMES, 0), "columns"),
    ]
    columns = wording.count(len(names), "column")
    headline = f"**{rows_of(now)}** with {columns} are read from {now.source} now: {shown}."
    findings = [f"Before, there were {rows_of(was)}."] if was.n_rows != now.n_rows else []
    decided = bool(was.reading["decisions"].get("columns"))
    caveats = ["What was decided about single columns before has to be said again."] if decided else []
    odd = [name for name in names if kind_of_cell(name.replace("_", ".")) == "value"]
    if odd:
        former = int(was.reading.get("header_row") or 1)
        facts.append(Fact("header_row_before", former))
        caveats.append(
            f"{wording.listing(odd[:3])} {'looks' if len(odd) == 1 else 'look'} like a value and not like a "
            f"name: if that is wrong, say that the header is in row {former}."
        )
    if before.segmentations:
        caveats.append("The segments were made from the data as they were read before; ask for them again.")
    return ToolResult(headline, tuple(dict.fromkeys(facts)), tuple(findings), (), (), tuple(caveats), made)

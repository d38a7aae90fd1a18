"""Knows how a loaded table is put into words: what rows and columns hold, what was found and mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tools import wording
from tools.core import (
    CleaningStep,
    Column,
    DataTable,
    Fact,
    Finding,
    ResultTable,
    Role,
    Scalar,
)
from tools.understanding.undoing import LEFT_OUT, how_to_undo

MEANINGS: dict[Role, str] = {
    "customer_key": "customer",
    "row_key": "transaction or row id",
    "time": "when it happened",
    "clock": "time of day",
    "amount": "money",
    "balance": "balance",
    "quantity": "quantity",
    "birth_date": "date of birth",
    "age": "age",
    "category": "category",
    "place": "place",
    "outcome": "outcome",
    "measure": "number",
    "flag": "yes or no",
    "personal": "personal data",
    "free_text": "free text",
    "constant": "same everywhere",
    "index": "row number",
}
LEADS = {
    "conflicting_customers": "Conflicting customers",
    "constant_columns": "Constant column",
    "doubtful_words": "Doubtful value",
    "duplicate_rows": "Repeated rows",
    "messy_places": "Places",
    "missing_values": "Missing values",
    "negative_amounts": "Negative amounts",
    "several_currencies": "Several currencies",
    "unsigned_amounts": "Amounts without a sign",
    "two_sides": "Money out and money in",
    "no_amount": "No money",
    "no_category": "What is not in it",
    "no_customer": "No customers",
    "no_time": "No dates",
    "broken_lines": "Broken lines",
    "files_left_out": "Files left out",
    "formulas_without_value": "Formulas without value",
    "hidden_sheets": "Hidden sheets",
    "long_rows": "Rows that are too long",
    "mixed_encoding": "Two encodings",
    "one_purchase_each": "One purchase each",
    "order_lines": "Order lines",
    "personal_data": "Personal data",
    "rare_values": "Rare values",
    "repeated_customers": "Repeated customers",
    "repeated_keys": "Repeated ids",
    "rows_as_customers": "Rows as customers",
    "rows_without_customer": "Rows without customer",
    "short_history": "Short history",
    "twin_columns": "Twin columns",
    "uneven_period": "Uneven period",
    "zero_amounts": "Zero amounts",
}
SHOWN_COLUMNS = 60  # columns whose figures become facts
NOUNS = {
    "transactions": ("transaction", "transactions"),
    "customers": ("customer", "customers"),
    "rows": ("row", "rows"),
}


def rows_of(table: DataTable) -> str:
    """Write how many rows there are, by what a row is."""
    return wording.count(table.n_rows, *noun_of(table))


def noun_of(table: DataTable) -> tuple[str, str]:
    """Return what one row is called, singular and plural."""
    lines = table.order and table.grain == "transactions"
    return ("order line", "order lines") if lines else NOUNS[table.grain]


def contents(table: DataTable) -> tuple[str, list[Fact]]:
    """One paragraph: what one row tells, by kind of column, and how the outcome is spread."""
    row = {
        "transactions": "Each row is a transaction with",
        "customers": "Each row is a customer with",
        "rows": "Each row has",
    }
    groups = (
        ("money", ("amount", "balance")),
        ("quantities", ("quantity",)),
        ("other numbers", ("measure",)),
        ("categories", ("category", "flag")),
        ("an outcome", ("outcome",)),
    )
    parts = []
    for title, roles in groups:
        names = [c.name for c in table.columns if c.role in roles and not c.protected]
        if names:
            shown = [*names[:6], *([f"{len(names) - 6} more"] if len(names) > 7 else names[6:7])]
            parts.append(f"{title} ({', '.join(shown)})")
    if parts and parts[0].startswith("other "):
        parts[0] = parts[0].removeprefix("other ")
    told = wording.listing(parts) if parts else "no figures"
    begun = f"Each row is a line of an order ({table.order}) with" if table.order else row[table.grain]
    text = f"{begun} {told}."
    facts = [
        Fact("n_columns_of_kind", len(names), "columns", title) for title, names in _counts_by(table, groups)
    ]
    protected = [column.name for column in table.columns if column.protected]
    if protected:
        one = len(protected) == 1
        text += f" {wording.listing(protected)} {'says' if one else 'say'} who or where somebody is: "
        text += (
            f"{'it stays' if one else 'they stay'} out of segments unless you ask for "
            f"{'it' if one else 'them'}."
        )
    for column in table.by_role("outcome")[:1]:
        if column.values and column.n_distinct and column.n_distinct <= 6:
            known = sum(n for _, n in column.values)
            shares = [f"{value} {n:,} ({wording.share(n / known)})" for value, n in column.values]
            text += f" {column.name}: {', '.join(shares)}."
            for value, n in column.values:
                scope = f"{column.name} {value}"
                facts += [Fact("rows", n, "rows", scope), Fact("share_pct", 100 * n / known, "%", scope)]
    few = [c for c in table.columns if 0 < c.n_missing < 0.05 * table.n_rows and c.derived_from is None]
    if few:
        listed = [f"{column.name} ({column.n_missing:,})" for column in few[:8]]
        listed += [f"{len(few) - 8} more columns"] if len(few) > 8 else []
        facts.append(Fact("columns_with_few_missing", len(few), "columns"))
        facts.append(Fact("columns_not_listed", max(len(few) - 8, 0), "columns"))
        text += f" A few values are missing: {wording.listing(listed)}."
    elif not any(column.n_missing for column in table.columns):
        text += " No value is missing."
    return text, facts


def _counts_by(
    table: DataTable, groups: Sequence[tuple[str, tuple[str, ...]]]
) -> list[tuple[str, list[str]]]:
    """Return, for the numbers behind "and 7 more", the names that are not listed."""
    return [
        (title, [c.name for c in table.columns if c.role in roles and not c.protected][6:])
        for title, roles in groups
    ]


def told(table: DataTable) -> tuple[list[str], list[Fact]]:
    """Findings and cleaning as sentences, the gravest first, similar ones joined; and their facts."""
    sentences = []
    facts: list[Fact] = []
    for finding in table.findings:
        facts += [*finding.facts, Fact(f"{finding.code}_rows", finding.n_rows, "rows", finding.column or "")]
    for finding in joined(table):
        facts += finding.facts
        sentences.append(_led(finding.code, finding.sentence))
    for step in table.cleaning:
        facts += [*step.facts, Fact(f"{step.code}_rows", step.n_rows, "rows", step.column or "")]
    if table.cleaning:
        lines = "\n".join(f"- {line}" for line in _mended(table))
        sentences.append(f"**Mended while reading**\n\n{lines}")
    return sentences, facts


def joined(table: DataTable) -> list[Finding]:
    """Return the findings, those of the same kind about more than two columns as one."""
    alike: dict[str, list[Finding]] = {}
    for finding in table.findings:
        alike.setdefault(finding.code, []).append(finding)
    tellers = {"missing_values": _gaps, "constant_columns": _constants}
    told_once: list[Finding] = []
    for finding in table.findings:
        several = alike[finding.code]
        if len(several) < 3 or finding.code not in tellers:
            told_once.append(finding)
        elif finding is several[0]:
            more = (Fact("columns_not_listed", max(len(several) - 8, 0), "columns", finding.code),)
            told_once.append(
                replace(finding, column=None, sentence=tellers[finding.code](table, several), facts=more)
            )
    return told_once


def _constants(table: DataTable, constants: Sequence[Finding]) -> str:
    """Say of which columns every row holds the same."""
    shown = [str(each.column) for each in constants[:8]]
    shown += [f"{len(constants) - 8} more columns"] if len(constants) > 8 else []
    return f"{wording.listing(shown)} hold the same value in every row: they tell nothing apart."


def _led(code: str, sentence: str) -> str:
    """Put bold words before a finding, so that many can be skimmed; the same ones are not said twice."""
    lead = LEADS.get(code)
    return f"**{lead}.** {sentence}" if lead else sentence


def _gaps(table: DataTable, gaps: Sequence[Finding]) -> str:
    shown = [f"{gap.column} ({wording.share(gap.n_rows / table.n_rows)})" for gap in gaps[:8]]
    shown += [f"{len(gaps) - 8} more columns"] if len(gaps) > 8 else []
    return (
        f"Missing in a good part of the rows: {wording.listing(shown)}. Statistics leave such rows out "
        f"and say so."
    )


def undo_told(step: CleaningStep, table: DataTable) -> str:
    """Return the sentence of a cleaning step with what to say to take it back."""
    saying = how_to_undo(step, table)
    if not saying:
        return step.sentence
    return f"{step.sentence} {'To see them' if step.code in LEFT_OUT else 'To undo'}: *{saying}*."


def _mended(table: DataTable) -> list[str]:
    """Sentences of cleaning steps; dates that were read alike share one."""
    steps = table.cleaning
    dates = [step for step in steps if step.code == "date_order"]
    orders = {step.sentence.partition("; ")[0].partition(": ")[2] for step in dates}
    shared = []
    if len(dates) > 1 and len(orders) == 1:
        witnesses = [
            f"{step.sentence.partition('; ')[2].partition(' proves')[0]} in {step.column}" for step in dates
        ]
        order = orders.pop()
        shared = [
            f"Dates were {order}, which {wording.listing(witnesses)} prove and no date in these columns "
            f"contradicts."
        ]
    return [*shared, *(undo_told(step, table) for step in steps if not (shared and step in dates))]


def caveats(table: DataTable) -> list[str]:
    """Say what was assumed about columns."""
    caveats = [
        f"{column.name}: {column.note[0].lower()}{column.note[1:]}"
        for column in table.columns
        if column.note.startswith("Taken to be")
    ]
    derived = [column for column in table.columns if column.derived_from and column.role == "age"]
    caveats += [f"{column.name}: {column.note[0].lower()}{column.note[1:]}" for column in derived]
    return caveats


def _typical(column: Column) -> str:
    """Write the range of numbers and dates, or the most frequent values."""
    if column.role in ("personal", "free_text"):
        return "not shown" if column.role == "personal" else ""
    if column.kind == "number" and column.role not in (
        "category",
        "flag",
        "outcome",
        "customer_key",
        "row_key",
    ):
        if column.minimum is None:
            return ""
        low, high = (wording.scalar(value) for value in (column.minimum, column.maximum))
        return f"{low} to {high}" + (f" {column.unit}" if column.unit else "")
    if column.kind in ("date", "datetime") and isinstance(column.minimum, str):
        return f"{wording.day(column.minimum)} to {wording.day(str(column.maximum))}"
    if column.kind == "time" and column.minimum is not None:
        return f"{column.minimum} to {column.maximum}"
    return ", ".join(f"{value} ({n:,})" for value, n in column.values[:4])


def columns_table(table: DataTable) -> ResultTable:
    """Return a table with one row a column."""
    rows: list[tuple[Scalar, ...]] = []
    for column in table.columns:
        meaning = MEANINGS[column.role] + (f", from {column.derived_from}" if column.derived_from else "")
        rows.append(
            (column.name, meaning, column.n_missing, column.n_distinct, _typical(column), column.note)
        )
    return ResultTable(
        f"Columns of {table.source}",
        ("Column", "Meaning", "Missing", "Distinct", "Range or most frequent", "Note"),
        tuple(rows),
        (None, None, "rows", None, None, None),
    )


def column_facts(table: DataTable) -> list[Fact]:
    """Return the figures of the table of columns."""
    facts = []
    for column in table.columns[:SHOWN_COLUMNS]:
        facts.append(Fact("missing", column.n_missing, "rows", column.name))
        if column.n_distinct is not None:
            facts.append(Fact("distinct", column.n_distinct, None, column.name))
        if column.role in ("personal", "free_text", "customer_key", "row_key"):
            continue
        if column.minimum is not None:
            facts += [Fact("minimum", column.minimum, column.unit, column.name)]
            facts += [Fact("maximum", column.maximum, column.unit, column.name)]
        if column.kind != "number" or column.role in ("category", "flag", "outcome"):
            facts += [Fact("rows", n, "rows", f"{column.name} {value}") for value, n in column.values[:4]]
    return facts

"""Draws the panel of the data: columns, what was mended, what was not read, how tables belong together."""

from __future__ import annotations

import html
from collections.abc import Iterable

from assistant.markup import plain_html
from tools.core import Column, DataTable, Finding, Workspace
from tools.files.leftovers import count_leftovers
from tools.understanding.relating import Relation, relations_of
from tools.understanding.telling import joined, undo_told
from tools.wording import count, day, number, scalar, share

NO_DATA = '<p class="empty">Nothing is loaded yet.</p>'
MEANINGS = {
    "customer_key": "names the customer",
    "row_key": "names the row",
    "time": "when it happened",
    "clock": "time of day",
    "amount": "money of a transaction",
    "balance": "money held",
    "quantity": "units",
    "birth_date": "date of birth",
    "age": "age",
    "category": "category",
    "place": "place",
    "outcome": "outcome",
    "measure": "measure",
    "flag": "yes or no",
    "personal": "personal, never shown to a model",
    "free_text": "free text",
    "constant": "always the same",
    "index": "row number",
}
GRAINS = {"transactions": "One row is one transaction.", "customers": "One row is one customer.", "rows": ""}
MOST_VALUES = 3
MOST_IN_BRIEF = 3
SEVERITIES = ("serious", "warning", "info")
BOX_WIDTH, BOX_HEIGHT, GAP = 132, 44, 34  # of the diagram of tables, in its own units
LONGEST_NAME = 17  # letters that fit into a box


def data_html(workspace: Workspace | None, chat_id: str = "") -> str:
    """Return the Data panel: every table with what its columns mean, what was mended and what was found.

    Args:
        workspace: What is loaded, or None.
        chat_id: Names the chat in the addresses of downloads.
    """
    if workspace is None:
        return NO_DATA
    tables = "".join(_table_html(workspace, table, chat_id) for table in workspace.tables.values())
    return relations_html(workspace) + tables


def relations_html(workspace: Workspace) -> str:
    """Return a small diagram of the tables: an arrow from the one that names to the named one."""
    known = [each for each in relations_of(workspace.tables) if each.said is not False]
    if not known:
        return ""
    names = list(dict.fromkeys(name for each in known for name in (each.table, each.other)))
    left = [name for name in names if any(name == each.table for each in known)]
    right = [name for name in names if name not in left]
    places = {n: (0, i * (BOX_HEIGHT + GAP)) for i, n in enumerate(left)}
    places |= {n: (BOX_WIDTH + 110, i * (BOX_HEIGHT + GAP)) for i, n in enumerate(right)}
    height = max(y for _, y in places.values()) + BOX_HEIGHT + 8
    lines = "".join(_line(each, places) for each in known)
    boxes = "".join(_box(workspace.tables[name], *place) for name, place in places.items())
    said = "; ".join(_joined_by(each) for each in known)
    listed = "".join(f"<li>{_text(_joined_by(each))}</li>" for each in known)
    return (
        '<section class="data relations"><h2>How the tables belong together</h2>'
        f'<svg viewBox="-2 -4 {2 * BOX_WIDTH + 114} {height}" role="img" aria-label="{_text(said)}">'
        '<defs><marker id="names" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0,0L8,4L0,8z"/></marker></defs>'
        f"{lines}{boxes}</svg><ul>{listed}</ul>"
        '<p class="note">Wrong? Say for example “join orders to customers by customer_id”, or that two '
        "tables do not belong together.</p></section>"
    )


def _joined_by(relation: Relation) -> str:
    return (
        f"{relation.column} in {relation.table} is {relation.key} in {relation.other} "
        f"({share(relation.share)} of its values are there)"
    )


def _line(relation: Relation, places: dict[str, tuple[int, int]]) -> str:
    (x0, y0), (x1, y1) = places[relation.table], places[relation.other]
    start, end = (x0 + BOX_WIDTH, x1) if x1 > x0 else (x0 + BOX_WIDTH / 2, x1 + BOX_WIDTH / 2)
    tops = (y0 + BOX_HEIGHT / 2, y1 + BOX_HEIGHT / 2) if x1 > x0 else (y0 + BOX_HEIGHT, y1)
    middle = ((start + end) / 2, (tops[0] + tops[1]) / 2 - 5)
    return (
        f'<line x1="{start:g}" y1="{tops[0]:g}" x2="{end:g}" y2="{tops[1]:g}" marker-end="url(#names)"/>'
        f'<text class="key" x="{middle[0]:g}" y="{middle[1]:g}">{_text(_short_name(relation.column))}</text>'
    )


def _box(table: DataTable, x: int, y: int) -> str:
    middle = x + BOX_WIDTH / 2
    return (
        f'<rect x="{x}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="6"/>'
        f'<text x="{middle:g}" y="{y + 19}"><title>{_text(table.name)}</title>'
        f"{_text(_short_name(table.name))}</text>"
        f'<text class="rows" x="{middle:g}" y="{y + 35}">{_text(count(table.n_rows, "row"))}</text>'
    )


def _short_name(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def brief_html(table: DataTable) -> str:
    """Return the most important of what was mended and of what to know, for the greeting."""
    ranked = sorted(table.findings, key=lambda finding: SEVERITIES.index(finding.severity))
    mended = [f"<li>{_sentence(step.sentence)}</li>" for step in table.cleaning[:MOST_IN_BRIEF]]
    known = [_finding(finding) for finding in ranked[:MOST_IN_BRIEF]]
    left = len(table.cleaning) + len(table.findings) - len(mended) - len(known)
    more = f'<p class="note">{left} more under Data.</p>' if left > 0 else ""
    mended_list = f'<h3>Mended while reading</h3><ul class="mended">{"".join(mended)}</ul>' if mended else ""
    known_list = f'<h3>Worth knowing</h3><ul class="findings">{"".join(known)}</ul>' if known else ""
    return mended_list + known_list + more


def _table_html(workspace: Workspace, table: DataTable, chat_id: str) -> str:
    rows = "".join(_column_row(column, table.n_rows) for column in table.columns)
    return (
        f'<section class="data"><h2>{_text(table.source)}</h2>'
        f"<p>{_text(_size(table))}</p>"
        + _sentences("What was mended", (undo_told(step, table) for step in table.cleaning), "mended")
        + _unread(workspace, table, chat_id)
        + _findings(table)
        + f"<h3>Columns</h3><div class='scroll'><table class='columns'><thead><tr><th scope='col'>Column</th>"
        f"<th scope='col'>Values</th><th scope='col' class='right'>Missing</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div></section>"
    )


def _unread(workspace: Workspace, table: DataTable, chat_id: str) -> str:
    """Return how much of the file was not read, with the file of it word for word."""
    engine = workspace.engine
    n = engine.memo(("unread", table.name), lambda: count_leftovers(engine, table)) if table.reading else 0
    if not n:
        return ""
    address = f"download/unread/{list(workspace.tables).index(table.name)}?chat={chat_id}"
    link = f'<a class="download" href="{address}" download>all of them, word for word (CSV)</a>'
    parts = count(n, "row or cell", "rows and cells")
    told = f"{parts} of the file could not be read or stand outside the table"
    return f'<p class="unread">{_text(told)}: {link}.</p>'


def _size(table: DataTable) -> str:
    parts = [f"{count(table.n_rows, 'row')}, {count(len(table.columns), 'column')}.", _grain(table)]
    when = table.column(table.time) if table.time else None
    if when is not None and when.minimum and when.maximum:
        parts.append(f"From {day(str(when.minimum))} to {day(str(when.maximum))}.")
    return " ".join(part for part in parts if part)


def _grain(table: DataTable) -> str:
    return f"One row is a line of an order ({table.order})." if table.order else GRAINS[table.grain]


def _sentences(title: str, sentences: Iterable[str], classes: str) -> str:
    items = "".join(f"<li>{_sentence(sentence)}</li>" for sentence in sentences)
    return f'<h3>{title}</h3><ul class="{classes}">{items}</ul>' if items else ""


def _findings(table: DataTable) -> str:
    items = "".join(_finding(finding) for finding in joined(table))
    return f'<h3>Worth knowing</h3><ul class="findings">{items}</ul>' if items else ""


def _finding(finding: Finding) -> str:
    return f'<li class="{finding.severity}">{_sentence(finding.sentence)}</li>'


def _column_row(column: Column, n_rows: int) -> str:
    meaning = MEANINGS.get(column.role, column.role)
    derived = f", from {column.derived_from}" if column.derived_from else ""
    protected = (
        ' <span class="tag" title="Kept out of the distances between customers by default">protected</span>'
    )
    missing = share(column.n_missing / n_rows) if column.n_missing and n_rows else "none"
    note = f'<span class="note">{_sentence(column.note)}</span>' if column.note else ""
    return (
        f'<tr><th scope="row">{_text(column.name)}{protected if column.protected else ""}'
        f'<span class="note">{_text(meaning + derived)}</span></th>'
        f'<td>{_text(_values(column))}{note}</td><td class="right">{missing}</td></tr>'
    )


def _values(column: Column) -> str:
    if column.role in ("customer_key", "row_key", "personal", "free_text"):
        return f"{column.n_distinct:,} distinct" if column.n_distinct is not None else ""
    if column.kind in ("date", "datetime") and column.minimum and column.maximum:
        return f"{day(str(column.minimum))} to {day(str(column.maximum))}"
    if column.minimum is not None and column.maximum is not None:
        ends = f"{_short(column.minimum)} to {_short(column.maximum)}"
        return f"{ends} {column.unit}" if column.unit else ends
    shown = ", ".join(value for value, _ in column.values[:MOST_VALUES])
    more = (column.n_distinct or len(column.values)) - MOST_VALUES
    return f"{shown} and {more:,} more" if more > 0 else shown


def _short(value: object) -> str:
    return (
        number(value)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else scalar(str(value))
    )


def _sentence(markdown: str) -> str:
    return plain_html(markdown).strip().removeprefix("<p>").removesuffix("</p>")


def _text(text: object) -> str:
    return html.escape(str(text))

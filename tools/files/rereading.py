"""Knows how a table is read anew from what is stored, by decisions of a person; the earlier one stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import narwhals as nw

from tools.core import CleaningStep, DataTable, Workspace
from tools.engine import Engine
from tools.errors import ToolError
from tools.files.conversions import Reading, Shown, unread
from tools.files.dates import Order, date_shape
from tools.files.decisions import ColumnDecision, Decisions
from tools.files.drafts import Draft
from tools.files.finishing import finish
from tools.files.leftovers import lost_name, unread_texts
from tools.files.reading import WHOLE, is_placeholder, propose
from tools.files.surveying import kind_of, measure
from tools.wording import count, number

LOOKED_AT = 1_500  # rows whose texts tell what a column means
MOST_TEXTS = 20_000  # different texts of a column by which its dates are judged


def reread(workspace: Workspace, table: DataTable, decisions: Decisions) -> Workspace:
    """Return a workspace in which a table is read by these decisions; segments are not carried over.

    Raises:
        ToolError: If a decision does not fit the data.
    """
    shared = {other.name for other in workspace.tables.values() if other.name != table.name}
    for other in workspace.tables.values():
        if other.reading:
            shared |= {other.reading["first"], lost_name(other.reading["first"])}
    engine = workspace.engine.beside(shared)
    draft = Draft.from_json(table.reading)
    draft.decisions = decisions
    kinds = {name: each for name, each in engine.columns(draft.first).items() if name in draft.proposals}
    columns = [part for name in kinds for part in _columns(engine, draft, name, kinds[name])]
    draft.stored = f"{draft.source.name} as decided"
    engine.show(draft.stored, draft.first, columns)
    if decisions.without_repeats:
        _leave_repeats_out(engine, draft)
    draft.left = unread_texts(engine, draft.stored, draft.proposals)
    draft.source = replace(draft.source, sample=_sample(engine, draft))
    stored = engine.columns(draft.stored)
    now = {name: kind_of(stored[name]) for name in draft.proposals}
    n_rows, measured = measure(engine, draft.stored, now, draft.cells())
    _say_decisions(draft, n_rows)
    made = finish(engine, draft, n_rows, measured)
    made = replace(made, reading={**made.reading, "engine": engine.naming})
    tables = {name: made if each is table else each for name, each in workspace.tables.items()}
    tables = {
        name: replace(each, reading={**each.reading, "engine": engine.naming})
        for name, each in tables.items()
    }
    return replace(
        workspace,
        engine=engine,
        tables=MappingProxyType(tables),
        segmentations=MappingProxyType({}),
        current=None,
        history=(),
    )


def reopened(engine: Engine, tables: Mapping[str, DataTable]) -> Engine:
    """Return the engine in which the tables of a reopened database are found as they were last read."""
    naming = next((table.reading["engine"] for table in tables.values() if "engine" in table.reading), None)
    return engine.named(naming) if naming else engine


def _columns(engine: Engine, draft: Draft, name: str, stored: str) -> list[Shown]:
    """Return how a stored column is shown by the decisions, and where its cells are that do not fit."""
    decided = draft.decisions.of(name)
    place = list(draft.proposals).index(name)
    beside = unread(place)
    own = beside in engine.columns(draft.first)
    kept = [Shown(beside, beside)] if own else []
    shown = Shown(name, name, factor=decided.factor if kind_of(stored) == "number" else 1.0)
    if decided.factor != 1 and kind_of(stored) != "number" and decided.kind != "number":
        raise ToolError(f"{name} holds no numbers.", "Multiply a column of numbers.")
    if decided.kind == "text" and kind_of(stored) != "text":
        draft.proposals[name] = replace(draft.proposals[name], reading=Reading(name), shape=None, mixed="")
        shown, kept = replace(shown, as_text=True, unread=beside if own else "", factor=1.0), []
    elif decided.date_order or decided.kind in ("number", "date"):
        shown, more = _converted(engine, draft, shown, stored, beside)
        kept = more or kept
    return [replace(shown, missing=_missing(engine, draft, shown, stored, decided)), *kept]


def _converted(
    engine: Engine, draft: Draft, shown: Shown, stored: str, beside: str
) -> tuple[Shown, list[Shown]]:
    """Read dates in the other order, or text as dates or numbers."""
    name, proposal = shown.name, draft.proposals[shown.name]
    decided = draft.decisions.of(name)
    kind = kind_of(stored)
    if kind in ("date", "datetime"):
        shape = proposal.shape
        if shape is None or decided.date_order in (None, shape.order):
            return shown, []
        if shape.proven == "proven":
            raise ToolError(
                f"{name} cannot be read {decided.date_order} first: `{shape.witness}` has no other reading.",
                f"It stays {shape.order} first.",
            )
        if shape.proven == "written" or any(not form.startswith(("%d", "%m")) for form in shape.formats):
            raise ToolError(
                f"The dates in {name} say themselves which field is the month.", "They need no decision."
            )
        draft.proposals[name] = replace(proposal, shape=None)
        return replace(shown, swapped=True), []
    if kind == decided.kind:
        return shown, []
    if kind != "text":
        raise ToolError(f"{name} holds neither text nor dates.", "Name a column of text or dates.")
    reading = _reading(engine, draft, name, decided)
    draft.proposals[name] = replace(proposal, reading=reading, shape=None, mixed="", note="")
    rest = Shown(beside, name, convert=reading, rest=True)
    return Shown(name, name, convert=reading, factor=decided.factor), [rest]


def _reading(engine: Engine, draft: Draft, name: str, decided: ColumnDecision) -> Reading:
    """Find how a column of text is to be read as dates in an order, or as numbers."""
    groups = engine.frame(draft.first).group_by(name).agg(nw.len().alias("n"))
    top = engine.collect(
        groups.filter(~nw.col(name).is_null()).sort("n", name, descending=[True, False]).head(MOST_TEXTS)
    )
    texts = [text for text in top[name].tolist() if not is_placeholder(text)]
    if decided.kind == "number":
        fitting = [
            text
            for text in texts
            if any(char.isdigit() for char in text) and propose("v", [text]).reading.how == "number"
        ]
        found = propose("value", fitting, decided.decimal == "comma").reading
        if not fitting or found.how != "number":
            raise ToolError(f"{name} holds no text that is a number.", "It stays text.")
        return replace(found, name=name)
    shapes = [(text, date_shape([text], assume=decided.date_order)) for text in texts]
    wanted: list[Order | None] = [decided.date_order, None]
    fitting = [
        t
        for t, shape in shapes
        if shape and (shape.proven != "proven" or shape.order in wanted or not decided.date_order)
    ]
    found_shape = date_shape(fitting, assume=decided.date_order) if fitting else None
    if found_shape is None:
        raise ToolError(f"{name} holds no dates that can be read so.", "Name a column with dates.")
    how = "datetime" if found_shape.datetime else "date"
    return Reading(name, how, found_shape.formats, words=found_shape.words)  # type: ignore[arg-type]


def numbers_in_text(engine: Engine, table: DataTable, decimals: str) -> list[str]:
    """Return the columns of text of a loaded table that are numbers if their decimals are written so."""
    names = [c.name for c in table.columns if c.kind == "text" and c.derived_from is None]
    if not names:
        return []
    cells = engine.collect(engine.frame(table.reading["first"]).select(*names).head(LOOKED_AT))
    found: list[str] = []
    for name in names:
        texts = [str(text) for text in cells[name].tolist() if text is not None and text == text]
        digits = [text for text in texts if any(char.isdigit() for char in text)]
        commas = decimals == "comma"
        if (
            digits
            and len(digits) > 0.5 * len(texts)
            and propose("value", digits, commas).reading.how == "number"
        ):
            found.append(name)
    return found


def _missing(
    engine: Engine, draft: Draft, shown: Shown, stored: str, decided: ColumnDecision
) -> tuple[str | float, ...]:
    """Return the values that stand for "no value", as the column holds them."""
    if not decided.missing:
        return ()
    if kind_of(stored) != "number" or shown.as_text:
        return decided.missing
    wrong = [text for text in decided.missing if not WHOLE.fullmatch(text.strip()) and not _is_number(text)]
    if wrong:
        raise ToolError(f"{shown.name} holds numbers, so {wrong[0]} is not among them.", "Give numbers.")
    return tuple(float(text) for text in decided.missing)


def _is_number(text: str) -> bool:
    return propose("v", [text]).reading.how == "number"


def _leave_repeats_out(engine: Engine, draft: Draft) -> None:
    """Store the table without rows that repeat an earlier one in every column."""
    name = f"{draft.source.name} without repeats"
    gone = engine.rows_apart(name, draft.stored, list(draft.proposals))
    draft.stored = name
    word = "row that repeats another one was" if gone == 1 else "rows that repeat another one were"
    draft.steps.append(
        CleaningStep("repeats_left_out", None, gone, f"{gone:,} {word} left out, as you asked.")
    )


def _sample(engine: Engine, draft: Draft) -> tuple[tuple[str, ...], ...]:
    rows = engine.collect(engine.frame(draft.stored).select(*draft.proposals).head(LOOKED_AT))
    return tuple(
        tuple("" if cell is None or cell != cell else str(cell) for cell in row)
        for row in rows.itertuples(index=False)
    )


def _say_decisions(draft: Draft, n_rows: int) -> None:
    """Put what a person decided among the cleaning steps, where it can be seen and taken back."""
    orders = {"day": "day first", "month": "month first"}
    kinds = {"text": "text", "number": "numbers", "date": "dates"}
    for name, decided in draft.decisions.columns.items():
        told = []
        if decided.date_order:
            told.append(f"its dates are read {orders[decided.date_order]}")
        if decided.kind and not decided.date_order:
            told.append(f"it is read as {kinds[decided.kind]}")
        if decided.factor != 1:
            told.append(f"its numbers are multiplied by {number(decided.factor)}")
        if decided.missing:
            verb = "counts" if len(decided.missing) == 1 else "count"
            told.append(f"{count(len(decided.missing), 'value')} of it {verb} as missing")
        if told:
            sentence = f"{name}: {' and '.join(told)}, as you asked."
            draft.steps.append(CleaningStep("as_you_asked", name, n_rows, sentence))

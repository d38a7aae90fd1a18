"""Knows how a stored table is mended for showing: empty words, birth dates, ages, columns with meanings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

from tools.core import CleaningStep, Column, DataTable, Fact, Scalar
from tools.engine import Engine
from tools.files import cleaning
from tools.files.conversions import Shown
from tools.files.drafts import Draft
from tools.files.reading import Proposal, is_blank
from tools.files.surveying import Measured, counted
from tools.understanding.monies import with_currency
from tools.understanding.naming import words_of
from tools.understanding.roles import Meaning, is_personal, is_protected
from tools.understanding.units import unit_of

BIRTH_CODES = ("birth_century", "placeholder_dates", "implausible_births")
UNNAMED = re.compile(r"column_\d+")
FEW_NUMBERS = 200  # distinct numbers up to which their counts are kept
PERSON = re.compile(r"[A-Z][^\W\d]*[.'-]?\w*( [A-Z][\w.'-]*){1,3}")


def mend(
    draft: Draft, measured: Mapping[str, Measured], sample: Mapping[str, Sequence[str]]
) -> dict[str, Measured]:
    """Decide how each stored column is shown, say what that changes, and return the measures after it."""
    changed = dict(measured)
    draft.steps += [*_say_unnamed(draft, measured), *_say_counted(draft, measured)]
    for name, proposal in draft.proposals.items():
        found = measured[name]
        if _is_nothing(name, found):
            del changed[name]
            continue
        shown = Shown(name, name)
        if found.kind == "number" and found.whole and name not in draft.fractions:
            shown = replace(shown, whole=True)
        if found.kind == "text" and found.counts and not is_personal(words_of(name), sample.get(name, ())):
            shown, changed[name] = _without_empty_words(draft, shown, found)
        if name in draft.left:
            what = dict.fromkeys(("number", "whole"), "number") | dict.fromkeys(
                ("date", "datetime", "day_number", "day_part", "unix"), "date"
            )
            draft.steps += cleaning.emptied(name, draft.left[name], what.get(proposal.reading.how, "time"))
        _say_dates(draft, name, proposal, found.n_present)
        if proposal.note:
            draft.notes[name] = proposal.note
        if proposal.unit:
            draft.units[name] = proposal.unit
        draft.shown[name] = shown
    return changed


def _is_nothing(name: str, found: Measured) -> bool:
    """Whether a column has neither a name nor a value, as behind a separator at the end of each line."""
    return found.n_present == 0 and UNNAMED.fullmatch(name) is not None


def _say_unnamed(draft: Draft, measured: Mapping[str, Measured]) -> list[CleaningStep]:
    """Say how many columns without a name were left out because they are empty."""
    empty = [name for name in draft.proposals if _is_nothing(name, measured[name])]
    if not empty:
        return []
    kept = [name for name in draft.proposals if UNNAMED.fullmatch(name) and name not in empty]
    draft.steps = [step for step in draft.steps if step.code != "unnamed_columns" or kept]
    word = "An empty column" if len(empty) == 1 else f"{len(empty):,} empty columns"
    sentence = f"{word} without a name {'was' if len(empty) == 1 else 'were'} left out."
    return [CleaningStep("empty_columns", None, 0, sentence, (Fact("empty_columns", len(empty), "columns"),))]


def _say_counted(draft: Draft, measured: Mapping[str, Measured]) -> list[CleaningStep]:
    """Say which numbers were read as times that programs count."""
    told = {
        "day_part": (
            "day_numbers",
            "its numbers count days as spreadsheets do and were read as dates with times",
        ),
        "day_number": ("day_numbers", "its numbers count days as spreadsheets do and were read as dates"),
        "unix": ("unix_times", "its numbers count seconds since 1970 and were read as dates with times"),
    }
    steps = []
    for name, proposal in draft.proposals.items():
        if proposal.reading.how in told:
            code, what = told[proposal.reading.how]
            facts = (Fact("first_year_counted_from", 1970),) if code == "unix_times" else ()
            steps.append(CleaningStep(code, name, measured[name].n_present, f"{name}: {what}.", facts))
    return steps


def _without_empty_words(draft: Draft, shown: Shown, found: Measured) -> tuple[Shown, Measured]:
    """Take texts that mean "no value" for missing."""
    words, _, _ = cleaning.empty_words(found)
    words = [word for word in words if not draft.decisions.is_off(_word_code(word), found.name)]
    if not words:
        return shown, found
    empty = {str(value): n for value, n in found.counts if value in words}
    kept = tuple((value, n) for value, n in found.counts if value not in empty)
    draft.steps += cleaning.emptied(found.name, empty, "value")
    found = replace(
        found,
        n_present=found.n_present - sum(empty.values()),
        n_distinct=None if found.n_distinct is None else found.n_distinct - len(empty),
        n_once=None if found.n_once is None else found.n_once - sum(n == 1 for n in empty.values()),
        most=kept[0][1] if kept else 0,
        counts=kept,
    )
    return replace(shown, missing=tuple(words)), found


def _word_code(word: str) -> str:
    return "blank_cells" if is_blank(word) else "placeholder_words"


def _say_dates(draft: Draft, name: str, proposal: Proposal, n_present: int) -> None:
    if proposal.mixed:
        draft.findings.append(cleaning.mixed_dates(name, proposal.mixed, n_present))
    elif proposal.shape:
        steps, findings = cleaning.date_findings(name, proposal.shape, n_present)
        draft.steps += steps
        draft.findings += findings


def mend_births(
    engine: Engine, draft: Draft, measured: dict[str, Measured], meaning: Meaning, name: str
) -> None:
    """Put birth dates into their century, take placeholders out, derive the age at the last date."""
    last = cleaning.as_date(measured[meaning.time].maximum) if meaning.time else None
    limit = last or date.today()  # noqa: DTZ011  only where the data name no date of their own
    counts = counted(engine, draft.stored, measured[name], most=100_000).counts
    off = {code for code in BIRTH_CODES if draft.decisions.is_off(code, name)}
    if "placeholder_dates" in off:  # dates that far back are wanted
        off.add("implausible_births")
    found = cleaning.births(cast(Sequence[tuple[date, int]], counts), limit, off)
    draft.steps += cleaning.birth_steps(name, found, limit)
    shown = replace(
        draft.shown[name],
        missing=tuple(day.isoformat() for day, _ in found.placeholders),
        not_before=cleaning.earliest_birth(limit) if found.implausible else None,
        not_after=limit if found.shifted else None,
    )
    draft.shown[name] = shown
    measured[name] = _of_counts(measured[name], found.mended)
    if last and not any(other.age_at for other in draft.shown.values()):
        derived = _free_column("Age", draft.shown)
        draft.shown[derived] = replace(shown, name=derived, age_at=last, whole=True)
        draft.notes[derived] = f"Whole years from {name} to the last date of the data."
        ages: Counter[float] = Counter()
        for day, n in found.mended.items():
            ages[float(cleaning.age(day, last))] += n
        measured[derived] = _of_counts(Measured(derived, "number", 0, whole=True), ages)


def _of_counts(found: Measured, counts: Mapping[Any, int]) -> Measured:
    """Measure a column by the rows of each of its values."""
    number = found.kind == "number"
    frequent = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])) if number else []
    return replace(
        found,
        n_present=sum(counts.values()),
        n_distinct=len(counts),
        n_once=sum(n == 1 for n in counts.values()),
        most=max(counts.values(), default=0),
        minimum=min(counts, default=None),
        maximum=max(counts, default=None),
        counts=tuple(frequent),
    )


def _free_column(wanted: str, taken: Mapping[str, Any]) -> str:
    used = {name.casefold() for name in taken}
    name, number = wanted, 2
    while name.casefold() in used:
        name, number = f"{wanted}_{number}", number + 1
    return name


def describe_table(
    draft: Draft, n_rows: int, measured: Mapping[str, Measured], meaning: Meaning
) -> DataTable:
    """Return the table with its columns, roles, cleaning steps and what was found while reading."""
    columns = tuple(_column(draft, n_rows, measured[name], meaning) for name in draft.shown)
    return DataTable(
        draft.source.name,
        draft.source.label,
        n_rows,
        with_currency(columns),
        meaning.grain,
        meaning.customer,
        meaning.time,
        meaning.clock,
        meaning.amount,
        tuple(draft.steps),
        tuple(draft.findings),
        meaning.order,
        draft.to_json(),
    )


def _column(draft: Draft, n_rows: int, found: Measured, meaning: Meaning) -> Column:
    shown = draft.shown[found.name]
    derived = shown.source if shown.source != shown.name else None
    role = meaning.roles.get(found.name, "age")
    if role == "customer_key" and _looks_like_names(draft, found.name):
        draft.notes[found.name] = "It looks like the names of people."
    secret = role in ("personal", "free_text", "customer_key", "row_key", "index")
    many = found.kind == "number" and (found.n_distinct or 0) > FEW_NUMBERS and role != "category"
    most = float(found.maximum) if found.kind == "number" and found.maximum is not None else None
    decided = draft.decisions.of(found.name)
    unit = decided.unit
    if unit is None and found.kind == "number":
        unit = draft.units.get(found.name) or unit_of(found.name, role, most)
    return Column(
        found.name,
        found.kind,
        role,
        unit,
        is_protected(found, role),
        n_rows - found.n_present,
        found.n_distinct,
        _scalar(found.minimum, shown.whole),
        _scalar(found.maximum, shown.whole),
        () if secret or many else tuple((_text(value), n) for value, n in found.counts),
        derived,
        draft.notes.get(found.name, ""),
    )


def _looks_like_names(draft: Draft, name: str) -> bool:
    """Whether the keys of customers are written like names: two or three capitalised words."""
    if name not in draft.proposals or not draft.source.sample:
        return False
    place = list(draft.proposals).index(name)
    cells = [row[place] for row in draft.source.sample[:300] if row[place]]
    return bool(cells) and sum(bool(PERSON.fullmatch(cell)) for cell in cells) > 0.8 * len(cells)


def _scalar(value: Any, whole: bool) -> Scalar:
    if value is None:
        return None
    if hasattr(value, "isoformat"):
        text = str(value.isoformat())
        return text.removesuffix("T00:00:00")
    if isinstance(value, bool):
        return value
    return int(value) if whole else float(value)


def _text(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

"""Reads questions about the data set itself: what is in it, what is wrong, missing, duplicates."""

from __future__ import annotations

from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.column_kinds import read_column_kind
from assistant.builtin.parsing.conditions import take_conditions
from assistant.builtin.parsing.groups import take_groups
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.times import take_times
from assistant.builtin.parsing.uniqueness import read_uniqueness
from assistant.builtin.parsing.values import take_flags
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.rows import Aggregate
from assistant.builtin.request.tables import CheckQuality, DescribeData, Duplicates, MissingCount
from assistant.builtin.sentence import Sentence
from tools.selecting import Measure

_DATA = cue("the_data")
_WRONG = cue("wrong_or_odd")
_WHAT = cue("asks_contents")


def read_quality(sentence: Sentence, catalog: Catalog) -> Outcome | None:
    """Read a question about the data set; None if it is about what the data say."""
    words = sentence.words()
    kind = read_column_kind(sentence, _table(sentence, catalog))
    if kind is not None:
        return kind
    unique = read_uniqueness(sentence, catalog)
    if unique is not None:
        return unique
    for reader in (_duplicates, _date_order, _missing_by_group, _missing, _wrong, _contents):
        found = reader(sentence, catalog, words)
        if found is not None:
            return found
    return None


def _columns(sentence: Sentence) -> list[str]:
    return list(
        dict.fromkeys(
            item.links[0].column for item in sentence.items if item.links and not item.has("entity")
        )
    )


def _table(sentence: Sentence, catalog: Catalog) -> str | None:
    """Return the table that a sentence names, if there are several."""
    text = f" {' '.join(token.norm for token in sentence.tokens)} "
    names = {name: name.lower().replace("_", " ") for name in catalog.tables}
    if len(names) < 2:
        return None
    return next(
        (name for name, words in names.items() if f" {words} " in text or f" {name.lower()} " in text), None
    )


def _duplicates(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    if not sentence.has("duplicates"):
        return None
    columns = _columns(sentence)
    if not columns:
        customer = any(item.has("entity", "customer") for item in sentence.items)
        columns = [catalog.table.customer] if customer and catalog.table.customer else []
    return Reading((Duplicates(columns=columns, table=_table(sentence, catalog)),))


def _missing_by_group(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "missing ratings by restaurant" and "tickets without a score by team"."""
    parts = Parts(sentence.fresh(), catalog)
    absent = _absent_column(parts)
    if absent is None or sentence.has("superlative") or sentence.has("comparator"):
        return None
    take_groups(parts)
    if not parts.groups or any(group.column == absent for group in parts.groups):
        return None
    take_times(parts)
    take_conditions(parts)
    take_flags(parts)
    framing = (
        "count",
        "share",
        "entity",
        "missing",
        "by",
        "quality",
        "distribution",
        "how_much",
        "chart_kind",
    )
    left = [i for i in parts.sentence.unexplained() if not any(i.has(kind) for kind in framing)]
    if [item for item in left if not item.has("logic", "which", "and", "with") and item.column != absent]:
        return None
    statistic = "share_missing" if sentence.has("share") else "count_missing"
    measure = Measure.model_validate({"statistic": statistic, "column": absent})
    asked = Aggregate(measures=[measure], by=parts.groups, where=parts.where, chart="auto")
    return Reading((asked,), tuple(parts.notes))


def _absent_column(parts: Parts) -> str | None:
    """Return the column whose values are said to be missing, its words used."""
    for index, item in enumerate(parts.sentence.items):
        without = item.has("logic", "not") and not item.has("missing")
        if not item.has("missing", "missing") and not without:
            continue
        near = (
            [parts.sentence.at(index + 1)] if without else [parts.sentence.at(index + s) for s in (1, -1, 2)]
        )
        named = next((n for n in near if n and n.links and not n.values), None)
        if named is None:
            continue
        column = parts.column(named.links[0].column)
        if without and (parts.catalog.is_flag(column.name) or not column.n_missing):
            return None
        item.used = named.used = True
        return column.name
    return None


def _missing(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    item = next((item for item in sentence.items if item.has("missing", "missing")), None)
    if item is None:
        return _without_value(sentence, catalog)
    if item.text.lower() in ("unknown", "complete", "known") and not _columns(sentence):
        return None
    if item.text.lower() == "not given" and sentence.has("period"):
        return None  # "donors who have not given since 2023"
    within = sentence.says("whose", "where", "with", "without", "when", "that have", "who have")
    if within and len(_columns(sentence)) > 1 and (sentence.has("statistic") or sentence.has("how_much")):
        return None
    ranks = sentence.has("superlative") and not any(i.has("entity", "column") for i in sentence.items)
    if sentence.has("condition_verb", "spent") or ranks:
        return None
    parts = Parts(sentence.fresh(), catalog)
    columns = _columns(sentence)
    people = any(i.has("entity", "customer") for i in sentence.items)
    for each in parts.sentence.items:
        if each.has("missing") or (each.links and each.links[0].column in columns[:1]):
            each.used = True
    take_times(parts)
    take_conditions(parts)
    take_flags(parts)
    share = sentence.has("share")
    if columns and (parts.where or people and catalog.has_features and not share):
        where = [condition(columns[0], "missing"), *[c for c in parts.where if c.column != columns[0]]]
        key = catalog.table.customer
        measure = Measure(statistic="count_distinct", column=key) if people and key else Measure()
        return Reading((Aggregate(measures=[measure], where=where),))
    by = any(i.has("by") for i in sentence.items) and any(t.norm == "by" for t in sentence.tokens)
    if columns and by and len(columns) > 1:
        return None
    return Reading((MissingCount(column=columns[0] if columns else None, table=_table(sentence, catalog)),))


def _without_value(sentence: Sentence, catalog: Catalog) -> Outcome | None:
    """Read "customers without a date of birth", "rows with no balance", for columns that are no flags."""
    for index, item in enumerate(sentence.items):
        following = sentence.at(index + 1)
        if not (item.has("logic", "not") and following and following.links) or following.has(
            "comparator", "outliers"
        ):
            continue
        name = following.links[0].column
        column = catalog.columns[name]
        excluded = item.text.lower() in phrases("excluding")
        beyond = sentence.at(index + 2)
        if (
            excluded
            or catalog.is_flag(name)
            or column.n_missing == 0
            or (beyond and (beyond.has("comparator") or beyond.values))
        ):
            continue
        others = [
            i for i in sentence.items if i is not following and (i.values or i.number or i.has("period"))
        ]
        bare = sentence.has("entity", "row", "transaction", "customer") and not others
        counted = sentence.has("count") or bare
        if following.values or not counted or any(i.has("statistic") for i in sentence.items):
            continue
        people = any(i.has("entity", "customer") for i in sentence.items)
        if people and catalog.has_features and item.text.lower() == "never":
            return None  # "callers who never gave a rating" is about all their calls
        key = catalog.table.customer
        measure = (
            Measure(statistic="count_distinct", column=key)
            if people and key and catalog.has_features
            else Measure()
        )
        missing = condition(name, "missing")
        if sentence.has("share"):
            part = measure.model_copy(update={"where": [missing], "per": measure})
            return Reading((Aggregate(measures=[part]),))
        return Reading((Aggregate(measures=[measure], where=[missing]),))
    return None


def _wrong(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    if not words & _WRONG or sentence.has("segment") or words & {"segment", "cluster"}:
        return None
    columns = _columns(sentence)
    if sum(catalog.columns[name].kind in ("date", "datetime") for name in columns) > 1:
        return None  # "impossible dates, e.g. last stay before enrolment" are counted
    column = next(iter(columns), None)
    strong = words & cue("surely_wrong")
    if not strong and not words & _DATA:
        return None
    if sentence.has("statistic") or any(
        item.has("comparator") and not item.has("logic") for item in sentence.items
    ):
        return None
    return Reading((CheckQuality(column=column, table=_table(sentence, catalog)),))


def _date_order(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "Is OpenDt day/month or month/day?": how the dates were proven."""
    dates = [name for name in _columns(sentence) if catalog.columns[name].kind in ("date", "datetime")]
    asks = ({"day", "month"} <= words or words & {"format", "american", "european"}) and (
        "order" in words or "format" in words or "/" in sentence.text or "first" in words
    )
    if asks and (dates or words & {"date", "dates"}):
        return Reading((CheckQuality(column=dates[0] if dates else catalog.table.time),))
    return None


def _contents(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    measuring = (
        sentence.has("statistic")
        or sentence.has("share")
        or sentence.has("superlative")
        or sentence.has("comparator")
    )
    columns = _columns(sentence)
    about_columns = any(item.has("entity", "column") for item in sentence.items)
    if about_columns and not columns and not measuring and not sentence.has("relation"):
        return Reading((DescribeData(table=_table(sentence, catalog)),))
    about = words & cue("data_noun")
    short = " ".join(t.norm for t in sentence.tokens if t.kind == "word")
    bare = short in phrases("contents_question")
    if bare or (
        about
        and words & _WHAT
        and not columns
        and not measuring
        and not any(
            item.has("entity")
            and not item.has("entity", "row", "column")
            or item.values
            or item.has("count")
            or item.has("grain")
            or item.has("chart_kind")
            for item in sentence.items
        )
    ):
        return Reading((DescribeData(table=_table(sentence, catalog)),))
    if (
        sentence.has("period") is False
        and words & cue("period_noun")
        and words & {"data", "file", "date", "time", "period"}
        and not measuring
        and not sentence.has("count")
    ):
        if catalog.table.time:
            return Reading((covered_days(catalog),))
        return Reading((DescribeData(),))
    return None


def covered_days(catalog: Catalog) -> Aggregate:
    """Return the question from when to when the data go; they must have dates."""
    time = catalog.table.time
    return Aggregate(measures=[Measure(statistic="min", column=time), Measure(statistic="max", column=time)])

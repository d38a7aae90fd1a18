"""Puts earlier answers side by side: "compare the two", "both years", "compare that with last month"."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.builtin.conversation import Conversation
from assistant.builtin.following.applying import applied
from assistant.builtin.following.changes import Changes
from assistant.builtin.following.question import Question, question_of, request_of
from assistant.builtin.following.wording import bare_words
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.negation import OPPOSITE
from assistant.builtin.parsing.trends import period_before
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import Correlation, Filtered
from assistant.builtin.speaking import spoken
from tools.selecting import Condition, GroupBy

_THEM = (
    r"(?:them|those|these|the two|the three|both|all (?:three|of them)|it|that|"
    r"the (?:two|three|last two)(?: \w+){1,2})"
)
_SIDE_BY_SIDE = (
    r"(?:side by side|next to each other|together|in one (?:chart|table)|with each other|directly)"
)
_TOGETHER = re.compile(
    rf"compare(?: {_THEM})?(?: {_SIDE_BY_SIDE})?|(?:show |put |plot |draw |"
    rf"chart )(?:me )?{_THEM} {_SIDE_BY_SIDE}"
    rf"|(?:(?:what is|what's|whats|how big is|and|so) )?(?:the )?(?:difference|gap)(?: between {_THEM})?"
    r"|both(?: (?:years|months|quarters|weeks|of them|together|periods|groups|sexes|cities|side by side))?"
    r"|how do (?:they|the two|those) compare"
)
_COMPARED = (
    r"(?:compare(?:d)?(?: (?:it|that|this|them|those|these))?|"
    r"how (?:does|do|is|did) (?:that|this|it|they|those) compare(?:d)?|versus|vs|against)?"
    r"(?: ?\b(?:with|to|against|versus|vs))? ?(?:the )?"
)
_WITH_REST = re.compile(
    _COMPARED + r"(?:rest(?: of (?:them|the \w+))?|others|other (?:customers|people|ones)|everyone else|"
    r"everybody else|remaining \w+)"
)
_WITH_BEFORE = re.compile(
    _COMPARED + r"(?:(?:previous|last|prior|preceding) (?:day|week|month|quarter|year)"
    r"|(?:day|week|month|quarter|year|one|period) (?:before|earlier)(?: (?:that|it))?)"
)


def read_comparison(text: str, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Read a wish to see earlier answers, or an answer and what it left out, side by side; else None."""
    newest = conversation.last_request()
    plain = bare_words(text)
    if not isinstance(newest, Filtered) or not plain:
        return None
    last = question_of(newest)
    if last is None:
        return None
    compares = plain.startswith(("compare", "how do", "versus", "vs", "against"))
    if compares and _WITH_REST.fullmatch(plain):
        return _against_the_rest(last, catalog)
    found = _WITH_BEFORE.fullmatch(plain)
    if found and (compares or "before" in plain):
        return _against_the_period_before(last, catalog)
    if plain == _SIGNIFICANT and not last.by:
        return _tested(last, catalog, conversation)
    if plain == _CHANGED:
        return _change(last, catalog, conversation)
    growth = _GROWTH.fullmatch(plain)
    if growth and last.shape == "trend" and last.grain in (None, growth["unit"]):
        return _made(replace(last, grain=growth["unit"]), catalog)  # each step with its change
    if last.shape != "relation" and _RELATED.fullmatch(plain):
        return _related(last, conversation)
    if _OTHER_COLUMN.fullmatch(plain):
        return _other_column(last, catalog, conversation)
    return _together(last, catalog, conversation, plain) if _TOGETHER.fullmatch(plain) else None


_RELATED = re.compile(
    r"(?:(?:what is|what's|whats|show|give|is there|and|so|any|a|me) )*(?:the |an? |any )?"
    r"(?:correlation|relationship|relation|connection|link|association)(?: is there)?"
    rf"(?: (?:between|of|among) {_THEM})?"
    rf"|(?:are|is|do|does|how are|how do) (?:they|{_THEM})(?: columns| numbers| figures)? "
    r"(?:correlated|related|linked|connected|associated|correlate|go together|move together|relate|depend)"
    r"(?: (?:to|with|on) (?:each other|one another))?"
)
_GROWTH = re.compile(
    r"(?:(?:what is|what's|show|and|the|with|me) )*(?:growth|change|increase|decrease|development)(?: "
    r"rates?)? "
    r"(?:against|over|vs|versus|from|compared (?:with|to)|on|to|since) (?:the |each )?"
    r"(?:previous|prior|last|preceding) (?P<unit>year|quarter|month|week|day)(?: each(?: time)?)?"
)
_OTHER_COLUMN = re.compile(
    r"(?:i meant |i mean |take |use |with |for |and |show )*(?:the )?other (?:column|measure|number|"
    r"figure|variable|"
    r"field|value|metric|amount)"
)


def _measured(last: Question, conversation: Conversation) -> list[str]:
    """Return the columns that were measured, the newest first."""
    asked = [question_of(request) for request in reversed(conversation.questions())]
    return list(dict.fromkeys(q.column for q in (last, *asked) if q is not None and q.column))


def _related(last: Question, conversation: Conversation) -> Outcome | None:
    """Read "is there a link between the two?" after two figures: how the two columns go together."""
    columns = list(dict.fromkeys(m.column for m in last.measures if m.column))
    columns = columns if len(columns) > 1 else _measured(last, conversation)[:2][::-1]
    if len(columns) < 2:
        return Reply("clarify", "compare_what", {}, ())
    return Reading((Correlation(columns=columns[:2], where=list(last.where), table=last.table),))


# As `frames.toml` puts them.
_SIGNIFICANT, _CHANGED = "is the difference significant", "how did it change"


def _tested(last: Question, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Test the difference between the last two answers: "premium people", "basic?", "is that real?"."""
    joined = _together(last, catalog, conversation, "the two")
    request = joined.requests[0] if isinstance(joined, Reading) else None
    both = question_of(request) if isinstance(request, Filtered) else None
    if both is None or len(both.by) != 1:
        return joined if isinstance(joined, Reply) else None
    return _made(applied(both, Changes(shape="difference"), catalog), catalog)


def _change(last: Question, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Show how a figure changed: the course of it as it stands, or the last two periods side by side."""
    return (
        _made(last, catalog) if last.shape == "trend" else _together(last, catalog, conversation, "the two")
    )


_MEASURED_ROLES = ("amount", "balance", "measure", "quantity")


def _other_column(last: Question, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Read "no, the other column": the one measured before; asked back where none or several were."""
    others = [name for name in _measured(last, conversation) if name != last.column]
    if len(others) == 1 and len(last.measures) == 1:
        one = last.measures[0].model_copy(update={"column": others[0]})
        return _made(replace(last, measures=(one,)), catalog)
    near = others or [
        c.name for c in catalog.table.columns
        if c.kind == "number" and c.role in _MEASURED_ROLES and c.name != last.column
    ]  # fmt: skip
    choices = tuple(f"I meant {spoken(catalog, name)}" for name in near[:4])
    return Reply("clarify", "which_other", {}, choices) if choices else None


def _made(question: Question, catalog: Catalog, *notes: str) -> Reading | None:
    request = request_of(question, catalog.table.time)
    return Reading((request,), notes) if request else None


def _together(last: Question, catalog: Catalog, conversation: Conversation, plain: str) -> Outcome | None:
    """Join the newest question with those before it that differ from it in one thing alone."""
    alike, what = [last], ""
    for request in conversation.questions()[-2::-1]:
        other = question_of(request)
        differs = _differs_by(last, other) if other else None
        if other is None or not differs or (what and differs != what):
            break
        if all(_differs_by(one, other) for one in alike):
            alike.append(other)
            what = differs
        if len(alike) == (3 if "three" in plain else 2):
            break
    if len(alike) == 1:
        if plain.startswith("both"):
            return None
        shown = len(last.by) == 1 and last.shape in ("numbers", "trend")
        return _made(last, catalog) if shown else Reply("clarify", "compare_what", {}, ())
    alike.reverse()
    if what != "measures":
        return _by_condition(last, alike, what, catalog)
    measures = tuple(dict.fromkeys(repr(m) for one in alike for m in one.measures))
    known = {repr(m): m for one in alike for m in one.measures}
    joined = replace(last, measures=tuple(known[each] for each in measures))
    return _made(joined, catalog) if last.shape == "numbers" else None


def _by_condition(last: Question, alike: list[Question], column: str, catalog: Catalog) -> Reading | None:
    """Put questions about several values of a column into one, with the column as the groups."""
    kept = tuple(c for c in last.where if c.column != column)
    values = [
        v
        for one in alike
        for c in one.where
        if c.column == column
        for v in (c.value, *c.values)
        if v is not None
    ]
    single = all(
        c.is_ == "equal" and c.grain is None for one in alike for c in one.where if c.column == column
    )
    if not single or len(values) != len(alike):
        return None
    known = catalog.columns.get(column)
    if known is not None and known.kind == "number" and last.shape == "numbers" and len(last.measures) == 1:
        base = last.measures[0]
        ones = [c for one in alike for c in one.where if c.column == column]
        sides = tuple(base.model_copy(update={"where": [*base.where, one]}) for one in ones)
        return _made(replace(last, measures=sides, where=kept), catalog)
    both = Condition.model_validate({"column": column, "is": "in", "values": values})
    if column == catalog.table.time:
        periods = sorted(str(v) for v in values)
        if last.shape == "trend":
            return _made(replace(last, where=(*kept, both)), catalog)
        if last.shape == "numbers" and not last.by and len(_columns(last)) == 1 and len(values) == 2:
            rest = {"compare_periods": periods}
            return _made(
                replace(
                    last,
                    shape="trend",
                    measures=last.measures[:1],
                    where=kept,
                    rest=rest,
                    limit=None,
                    order="auto",
                ),
                catalog,
            )
        grain = {4: "year", 7: "month", 10: "day"}.get(len(periods[0]))
        if grain is None:
            return None
        time = GroupBy.model_validate({"column": column, "grain": grain})
        return _made(replace(last, where=(*kept, both), by=(*last.by, time)), catalog)
    return _made(replace(last, where=(*kept, both), by=(*last.by, GroupBy(column=column))), catalog)


def _columns(question: Question) -> set[str | None]:
    """Return what is measured: a bare column is answered by its total and its average."""
    return {measure.column for measure in question.measures}


def _differs_by(one: Question, other: Question) -> str | None:
    """Return the column, or "measures", in which alone two questions differ; None if they differ in more."""
    bare = [replace(each, where=(), measures=(), chart="auto") for each in (one, other)]
    if bare[0] != bare[1]:
        return None
    pairs = [(c, other.where) for c in one.where] + [(c, one.where) for c in other.where]
    columns = {c.column for c, others in pairs if c not in others}
    if one.measures != other.measures:
        return None if columns else "measures"
    return columns.pop() if len(columns) == 1 else None


def _against_the_rest(last: Question, catalog: Catalog) -> Reading | None:
    """Measure the rows of the last condition, or the part of a rate, and all others, side by side."""
    if (
        last.shape not in ("numbers", "trend")
        or len(last.measures) != 1
        or not last.where
        or last.measures[0].per
    ):
        return None
    *kept, one = last.where
    other = OPPOSITE.get(one.is_)
    if other is None:
        return None
    rest = one.model_copy(update={"is_": other})
    base = last.measures[0]
    sides = tuple(base.model_copy(update={"where": [*base.where, side]}) for side in (one, rest))
    return _made(replace(last, shape="numbers", measures=sides, where=tuple(kept), limit=None), catalog)


def _against_the_period_before(last: Question, catalog: Catalog) -> Outcome | None:
    """Put the period that was asked about and the one before it side by side."""
    time = catalog.table.time
    of_time = [c for c in last.where if c.column == time and c.is_ == "equal" and c.grain is None]
    before = period_before(str(of_time[0].value)) if len(of_time) == 1 else None
    if before is None or time is None:
        return None
    value = str(of_time[0].value)
    kept = tuple(c for c in last.where if c is not of_time[0])
    if len(last.measures) == 1 and len(last.by) <= 1 and last.shape in ("numbers", "trend"):
        rest = {"compare_periods": [before, value]}
        return _made(
            replace(last, shape="trend", where=kept, rest=rest, limit=None, order="auto", share=False),
            catalog,
        )
    return None

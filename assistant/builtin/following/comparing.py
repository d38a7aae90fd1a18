"""Puts earlier answers side by side: "compare the two", "both years", "compare that with last month"."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.builtin.calendar_years import year_column
from assistant.builtin.conversation import Conversation, plain_words
from assistant.builtin.following.applying import applied
from assistant.builtin.following.changes import Changes
from assistant.builtin.following.question import Question, question_of, request_of
from assistant.builtin.following.wording import bare_words
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.negation import OPPOSITE
from assistant.builtin.parsing.neighbouring import length_of, period_beside
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import Correlation, Filtered
from assistant.builtin.speaking import spoken
from assistant.builtin.tokens import key_of
from tools.selecting import Condition, GroupBy, Measure

_THEM = (
    r"(?:them|those|these|the two|the three|both|all (?:three|of them)|it|that|"
    r"the (?:two|three|last two)(?: \w+){1,2})"
)
_SIDE_BY_SIDE = (
    r"(?:side by side|next to each other|together|in one (?:chart|table)|with each other|directly)"
)
_MORE = (
    r"more|less|higher|lower|fewer|bigger|larger|smaller|longer|shorter|older|younger|better|worse|cheaper|"
    r"as much|as many|as high|as large|as big|as often"
)
_TOGETHER = re.compile(
    rf"compare(?: {_THEM})?(?: {_SIDE_BY_SIDE})?|(?:show |put |plot |draw |"
    rf"chart )(?:me )?{_THEM} {_SIDE_BY_SIDE}"
    rf"|(?:(?:what is|what's|whats|how big is|and|so) )?(?:the )?(?:difference|gap)(?: between {_THEM})?"
    r"|(?:(?:what is|what was|show|give me) )?(?:the )?"
    r"(?:change|growth|increase|decrease|rise|drop|difference|gap)"
    r"(?: (?:in|as an?|of) (?:percent|%|percentage|percentage terms|relative terms))?(?: between them)?"
    rf"|(?:by )?how (?:much|many)(?: times)? (?:{_MORE})"
    r"(?: (?:is|are|was|were) (?:it|that|this|they|those))?(?: then)?"
    r"(?: (?:in|as an?) (?:percent|%|percentage|relative terms|all))?|by how (?:much|many percent)"
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
    beside = _beside(plain_words(text), last, catalog)
    if beside is not None:
        return beside
    found = _WITH_BEFORE.fullmatch(plain)
    if found and (compares or "before" in plain):
        return _against_the_period_before(last, catalog)
    if plain == _SIGNIFICANT and not last.by:
        return _tested(last, catalog, conversation)
    if plain == _CHANGED:
        return _change(last, catalog, conversation)
    growth = _GROWTH.fullmatch(plain)
    unit = (growth["unit"] or growth["unit2"]) if growth else None
    if unit and last.shape == "trend" and last.grain in (None, unit):
        return _made(replace(last, grain=unit), catalog)  # each step with its change
    if last.shape != "relation" and _RELATED.fullmatch(plain):
        return _related(last, conversation)
    which = _WHICH_OF_TWO.match(plain)
    if which and not last.by and last.shape == "numbers" and len(last.measures) == 1:
        return _which_of_two(which, last, catalog, conversation)
    noun = _WITH_OTHER.fullmatch(plain)
    if noun and compares:
        return _against_the_others(noun["noun"], last, catalog)
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
    r"(?:(?:previous|prior|last|preceding) (?P<unit>year|quarter|month|week|day)(?: each(?: time)?)?"
    r"|(?P<unit2>year|quarter|month|week|day) before)(?: (?:in|as an?) (?:%|percent|percentages?))?"
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
    years = column == year_column(catalog)
    if (
        known is not None
        and known.kind == "number"
        and not years
        and last.shape == "numbers"
        and len(last.measures) == 1
    ):
        base = last.measures[0]
        ones = [c for one in alike for c in one.where if c.column == column]
        sides = tuple(base.model_copy(update={"where": [*base.where, one]}) for one in ones)
        return _made(replace(last, measures=sides, where=kept), catalog)
    both = Condition.model_validate({"column": column, "is": "in", "values": values})
    if column == catalog.table.time:
        periods = sorted(str(v) for v in values)
        if last.table == catalog.main:
            last = replace(last, table=None)
        if last.shape == "trend":
            return _made(replace(last, where=(*kept, both)), catalog)
        alone = last.shape == "numbers" and not last.by and last.table is None
        if alone and len(_columns(last)) == 1 and len(values) == 2:
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
        grain = length_of(periods[0])
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


_WHICH_OF_TWO = re.compile(
    r"(?:(?:which|who|what)(?: one)? of (?:the (?:two|three)|them|those|these|both)(?: one)?|"
    r"which(?: one)? (?:is|was|are|were|has|had|have)|who (?:has|had)) .*?"
    r"\b(?P<way>more|most|higher|highest|bigger|biggest|larger|largest|better|best|longer|longest|older|oldest|greater|"
    r"greatest|less|least|lower|lowest|smaller|smallest|fewer|fewest|worse|worst|shorter|shortest|younger|youngest|"
    r"cheaper|cheapest)\b"
)
_LESS = ("less", "least", "lower", "lowest", "smaller", "smallest", "fewer", "fewest", "shorter", "shortest",
         "younger", "youngest", "cheaper", "cheapest")  # fmt: skip
_WITH_OTHER = re.compile(_COMPARED + r"(?:all )?(?:the )?other (?P<noun>\w+(?: \w+)?)")


def _which_of_two(
    which: re.Match[str], last: Question, catalog: Catalog, conversation: Conversation
) -> Reading | None:
    """Read "which of the two was higher" after two figures: both as groups, the one asked for first."""
    part = set(which.string.split()) & {"rate", "share", "part", "percentage", "proportion"}
    joined = _together(last, catalog, conversation, "the two")
    asked = joined.requests[0] if isinstance(joined, Reading) else None
    both = question_of(asked) if isinstance(asked, Filtered) else None
    if both is None:
        return None
    periods = both.rest.get("compare_periods")
    if periods:
        grain = length_of(str(periods[0]))
        time = catalog.table.time
        if grain is None or time is None:
            return None
        pinned = Condition.model_validate({"column": time, "is": "in", "values": list(periods)})
        by = (GroupBy.model_validate({"column": time, "grain": grain}),)
        rest = {k: v for k, v in both.rest.items() if k != "compare_periods"}
        both = replace(both, shape="numbers", by=by, where=(*both.where, pinned), rest=rest, grain=None)
    if len(both.by) != 1:
        return None
    both = _as_parts(both) if part and not both.is_rate else both
    return _made(replace(both, order="ascending" if which["way"] in _LESS else "descending"), catalog)


def _as_parts(both: Question) -> Question:
    """Count what was picked as a part of each group: "how many escalated" as their rate."""
    groups = both.by_columns
    picked = [c for c in both.where if c.column not in groups]
    if not picked or [m.statistic for m in both.measures] != ["count"]:
        return both
    rate = Measure(statistic="count", where=picked, per=Measure(statistic="count"))
    return replace(both, measures=(rate,), where=tuple(c for c in both.where if c.column in groups))


def _against_the_others(noun: str, last: Question, catalog: Catalog) -> Reading | None:
    """Read "compare that with the other branches" after one of them: all branches as groups."""
    columns = {link.column for link in catalog.link_column(key_of(noun))}
    pinned = [c for c in last.where if c.is_ == "equal" and c.column in columns]
    if not pinned or last.shape != "numbers":
        return None
    kept = tuple(c for c in last.where if c is not pinned[-1])
    return _made(replace(last, where=kept, by=(GroupBy(column=pinned[-1].column), *last.by)), catalog)


_UNIT = r"(?:day|month|quarter|year)"
_OTHER_PERIOD = re.compile(
    r"(?:(?:and|in|so|now|then|ok|okay|but|what about|how about|the same for|same for|same|the same|"
    r"what was it|what were they|how was it|for|in|of|during|on) )*"
    rf"(?:the |same )*(?P<of>{_UNIT} )?(?:the |one |an? )*(?:"
    rf"(?P<lead>previous|preceding|prior|next|following|subsequent) (?P<unit>{_UNIT})"
    rf"|(?P<measure>{_UNIT}) (?P<tail>before|earlier|after|afterwards|later|thereafter))"
    r"(?: (?:that|it|this))?"
)
_EARLIER = ("previous", "preceding", "prior", "before", "earlier")


def _beside(said: str, last: Question, catalog: Catalog) -> Reading | None:
    """Read "the quarter before", "and the next month" after a question about one period: the same of that."""
    found = _OTHER_PERIOD.fullmatch(said)
    time = catalog.table.time
    dated = [c for c in last.where if c.column == time and c.is_ == "equal" and c.grain is None]
    if found is None or len(dated) != 1:
        return None
    if found["tail"] in _EARLIER and len(last.measures) == 1 and len(last.by) <= 1:
        return _against_the_period_before(last, catalog, found["measure"])
    steps = -1 if (found["lead"] or found["tail"]) in _EARLIER else 1
    period = period_beside(str(dated[0].value), steps, found["unit"] or found["measure"])
    if period is None:
        return None
    moved = dated[0].model_copy(update={"value": period})
    return _made(replace(last, where=tuple(moved if c is dated[0] else c for c in last.where)), catalog)


def _against_the_period_before(last: Question, catalog: Catalog, unit: str | None = None) -> Reading | None:
    """Put the period that was asked about and the one before it, or a year before, side by side."""
    time = catalog.table.time
    of_time = [c for c in last.where if c.column == time and c.is_ == "equal" and c.grain is None]
    before = period_beside(str(of_time[0].value), -1, unit) if len(of_time) == 1 else None
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

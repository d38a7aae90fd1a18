"""Reads what needs an earlier turn as a whole: "why?", "go back", "again", "back to the first one"."""

from __future__ import annotations

import re

from assistant.builtin.annotate import annotate
from assistant.builtin.conversation import Conversation, plain_words
from assistant.builtin.following import follow
from assistant.builtin.following.question import question_of
from assistant.builtin.lexicon import phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.feasibility import horizon
from assistant.builtin.parsing.talk import starters
from assistant.builtin.request import Request
from assistant.builtin.request.advice import PredictValue
from assistant.builtin.request.edits import UndoSegmentation
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import Correlation, Filtered, Outliers
from assistant.builtin.request.segments import ExplainSegments
from assistant.builtin.speaking import spoken

_BACK = re.compile(
    r"^(?:please |ok |okay |now |no |so |then |let's |lets |can we |can you |could you |i want to )*"
    r"(?:go |get |take me |return |switch )?back(?: again)?(?: to (?P<what>.+?))?(?: please| again| now)?$"
)
_SHOWN = re.compile(
    r"^(?:show|repeat|give)(?: me)? (?P<what>(?:the|my|your) (?:very )?(?:first|previous|last|"
    r"initial|original) "
    r"(?:one|question|chart|answer|table|result|number|figure))(?: again)?$"
)
_AGAIN = ("again", "repeat", "once more", "repeat that", "say that again", "same again", "one more time",
          "how much exactly", "how many exactly", "exactly how much", "exactly how many", "what exactly",
          "the exact figure", "the exact number", "what is the exact figure", "what is the exact number",
          "so how many", "so how much")  # fmt: skip


# "And in the next 6 months?" after a forecast: the same for another time.
_FURTHER_AHEAD = re.compile(
    r"(?:(?:and|or|what about|how about|now|just|only|for|in|over|the|make it|within) )*"
    r"(?:(?:next|coming|following) )?(?:\d+ |two |three |six |twelve )?(?:days?|weeks?|months?|quarters?|"
    r"years?)"
    r"(?: instead| please| only| ahead)?"
)
_SOFT = r"(?:(?:and|but|so|ok|okay|hm+|well|oh|wow|any idea|do you know|can you (?:say|tell me)|tell me) )*"
# "Why so much less?", "why is that so high", "how come it fell": nothing but the answer before is meant.
_WHY = re.compile(
    rf"{_SOFT}(?:why|how come|how so|for what reason)(?: (?:so|is|are|was|were|did|does|do|has|have|had|"
    rf"it|that|this|"
    r"they|those|there|such|an?|the|much|many|very|big|large|high|higher|highest|low|lower|lowest|less|"
    r"fewer|more|few|"
    r"small|smaller|bigger|larger|bad|good|worse|better|drop|rise|fall|dip|peak|jump|spike|slump|decline|"
    r"difference|"
    r"gap|change|increase|decrease|happen(?:ed)?|fell|fallen|rose|risen|dropped|grew|grown|jumped|"
    r"different|only|up|"
    r"down|go|gone|went|come|came|case|one|ones|the same))*"
    rf"|{_SOFT}(?:what )?(?:is |are |'s )?(?:the )?(?:reasons?|causes?|explanations?)(?: (?:for|of|behind) "
    rf"(?:it|that|this|them|"
    r"the \w+))?"
)
_IT = (
    r"(?:it|that|this|them|these|those|the (?:\w+ )?(?:drop|rise|fall|difference|gap|number|figure|rate|"
    r"change|increase|decrease|growth|decline|result|dip|peak|jump|average|total|share)(?: in \w+)?)"
)
_DRIVEN = re.compile(
    rf"{_SOFT}(?:what|which (?:\w+|columns?|features?|factors?)) (?:really |mainly |mostly |most "
    rf")?(?:drives?|explains?|"
    rf"causes?|caused|drove|influences?|affects?|determines?|predicts?|is behind|lies behind|are behind|"
    rf"goes with|"
    rf"matters? (?:most )?(?:for|to)|is driving|is causing|accounts for) {_IT}(?: most| the most)?"
    rf"|{_SOFT}what does {_IT} depend on|{_SOFT}what(?: is|'s| are) (?:the |its |their )?(?:main "
    rf")?drivers?(?: of {_IT})?"
)
# "In August", "for women" after a why only repeats which number is meant.
_AT_A_TIME = re.compile(r"(?<=\w) (?:in|on|during|for|at) (?:the )?(?:\w+)(?: (?:19|20)\d\d)?$")


def read_earlier(text: str, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Read a message about an earlier turn; None for any other."""
    plain = plain_words(text)
    last = conversation.last_request()
    bare = _AT_A_TIME.sub("", plain)
    if plain in phrases("bare_why") or (last is not None and _WHY.fullmatch(bare)):
        return read_why(last, catalog)
    if last is not None and _DRIVEN.fullmatch(bare):
        return read_why(last, catalog, driven=True)
    if last is None:
        return None
    if plain in _AGAIN:
        return Reading((last,))
    if isinstance(last, PredictValue) and _FURTHER_AHEAD.fullmatch(plain):
        return Reading((PredictValue(horizon_days=horizon(annotate(plain, catalog))),))
    further = _FURTHER.fullmatch(text.strip())
    if further is not None:
        return _back_and_on(further["back"], further["on"], catalog, conversation)
    back = _BACK.match(plain) or _SHOWN.match(plain)
    if back is None or re.search(r"\d", back["what"] or ""):
        return None
    return _gone_back(
        (back["what"] or "").removeprefix("the ").removeprefix("my "), text, catalog, conversation
    )


# "Go back to TV but give me the median": an earlier question, changed.
_FURTHER = re.compile(
    r"(?P<back>(?:please |ok |now |so |then )*(?:go |get |take me |return |switch )?back to .+?)"
    r"(?:,\s*(?:but|and|now|only|with|just)?|\s+(?:but|and|only|this time|now))\s+(?P<on>.+)",
    re.IGNORECASE,
)


def _back_and_on(back: str, on: str, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Go back to an earlier question and change it."""
    found = read_earlier(back, catalog, conversation)
    earlier = found.requests[0] if isinstance(found, Reading) else None
    if not isinstance(earlier, Filtered):
        return None
    return follow(f"and {on}", catalog, earlier) or follow(on, catalog, earlier)


def _gone_back(what: str, text: str, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    last, first = conversation.last_request(), conversation.first_question()
    about_segments = not isinstance(last, Filtered) or what.endswith(("version", "segmentation"))
    if re.match(r"(very )?(first|initial|original|beginning|start)\b", what):
        asked = "question" in what or not about_segments
        return Reading((first,)) if first and asked else None
    if what in phrases("one_before"):
        if about_segments:
            return Reading((UndoSegmentation(),))
        earlier = conversation.before_last()
        return Reading((earlier,)) if earlier else None
    named = _about(text, catalog, conversation)
    if named:
        return Reading((named,))
    return follow(what, catalog, last) if isinstance(last, Filtered) and what else None


def _about(text: str, catalog: Catalog, conversation: Conversation) -> Filtered | None:
    """Return the newest earlier question, the last one left out, that speaks of the columns named."""
    sentence = annotate(text, catalog)
    named = {item.links[0].column for item in sentence.items if item.links}
    values = {link.value for item in sentence.items for link in item.values}
    grains = {str(item.senses["grain"]) for item in sentence.items if item.has("grain")}
    if not named and not values and not grains:
        return None
    for question in list(reversed(conversation.questions()))[1:]:
        form = question_of(question)
        if form is None or grains - {form.grain, *(g.grain for g in form.by), "auto"}:
            continue
        if grains and not named and not values and form.limit is None:
            return question
        held = {v for c in form.where for v in (c.value, *c.values)}
        if named <= form.columns | _counted(question) and values <= held and (named or values):
            return question
    return None


def _counted(question: Filtered) -> set[str]:
    """Columns of the conditions inside measures: a churn rate speaks of Churn."""
    measures = getattr(question, "measures", None) or [getattr(question, "measure", None)]
    return {c.column for m in measures if m is not None for c in m.where}


def measured_column(request: Request) -> str | None:
    """Return the column that a request measures."""
    form = question_of(request) if isinstance(request, Filtered) else None
    return form.column if form else None


def without_outliers(last: Filtered) -> Reading | None:
    """Leave the outliers out: they are found first, then the question is asked again without them."""
    column = measured_column(last)
    if column is None:
        return None
    found = Outliers(column=column, where=last.where, table=last.table)
    return Reading((found, last), preface="without_outliers")


def read_why(last: Request | None, catalog: Catalog, driven: bool = False) -> Outcome | None:
    """Answer a bare "why?": segments are explained, numbers are broken down; data show no reasons.

    Args:
        last: The request just answered.
        catalog: The data.
        driven: Whether what goes with the number was asked for: "what drives it?".
    """
    if last is None:
        return Reply("clarify", "why_what", {}, ())
    if not isinstance(last, Filtered):
        made = catalog.segments or last.tool.startswith("find_segments")
        return Reading((ExplainSegments(),)) if made else None
    column = measured_column(last)
    form = question_of(last)
    rated = form.measures[0].where[0].column if form and form.is_rate and form.measures[0].where else None
    target = rated or (column if form and form.shape in ("numbers", "difference") else None)
    if driven and target and catalog.table.grain == "customers":
        return Reading((Correlation(target=target, where=list(last.where), table=last.table),), preface="why")
    return Reply("clarify", "why_data", {"column": rated or column}, _breakdowns(last, catalog))


def _breakdowns(last: Filtered, catalog: Catalog) -> tuple[str, ...]:
    """Return follow-ups that show where a number comes from: other groups, its parts, its course."""
    form = question_of(last)
    taken = form.columns if form else set()
    groups = [
        c.name
        for c in catalog.table.columns
        if c.role in ("category", "outcome", "flag")
        and 2 <= (c.n_distinct or 0) <= 12
        and c.name not in taken
    ]
    choices = [f"And by {spoken(catalog, name)}?" for name in groups[:3]]
    total = form is not None and [m.statistic for m in form.measures] == ["sum"]
    if total and len(choices) < 3:
        choices += ["And the number of transactions?", "And the average?"]
    if form is not None and form.shape == "numbers" and catalog.table.time and len(choices) < 3:
        choices.append("And over time?")
    return tuple(choices[:3]) or starters(catalog)[1:]

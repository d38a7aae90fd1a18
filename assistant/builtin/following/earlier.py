"""Reads what needs an earlier turn as a whole: "why?", "go back", "again", "back to the first one"."""

from __future__ import annotations

import re

from assistant.builtin.annotate import annotate
from assistant.builtin.conversation import Conversation, plain_words
from assistant.builtin.following import follow
from assistant.builtin.following.question import question_of
from assistant.builtin.lexicon import phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.talk import starters
from assistant.builtin.request import Request
from assistant.builtin.request.edits import UndoSegmentation
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import Filtered, Outliers
from assistant.builtin.request.segments import ExplainSegments
from assistant.builtin.speaking import spoken
from tools.selecting import GroupBy

_BACK = re.compile(
    r"^(?:please |ok |okay |now |no |so |then |let's |lets |can we |can you |could you |i want to )*"
    r"(?:go |get |take me |return |switch )?back(?: again)?(?: to (?P<what>.+?))?(?: please| again| now)?$"
)
_SHOWN = re.compile(
    r"^(?:show|repeat|give)(?: me)? (?P<what>(?:the|my|your) (?:very )?(?:first|previous|last|"
    r"initial|original) "
    r"(?:one|question|chart|answer|table|result|number|figure))(?: again)?$"
)
_AGAIN = ("again", "repeat", "once more", "repeat that", "say that again", "same again", "one more time")


def read_earlier(text: str, catalog: Catalog, conversation: Conversation) -> Outcome | None:
    """Read a message about an earlier turn; None for any other."""
    plain = plain_words(text)
    last = conversation.last_request()
    if plain in phrases("bare_why"):
        return read_why(last, catalog)
    if last is None:
        return None
    if plain in _AGAIN:
        return Reading((last,))
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
    if not named and not values:
        return None
    for question in list(reversed(conversation.questions()))[1:]:
        form = question_of(question)
        if form is None:
            continue
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


def read_why(last: Request | None, catalog: Catalog) -> Outcome | None:
    """Answer a bare "why?": segments are explained, numbers are broken down."""
    if last is None:
        return Reply("clarify", "why_what", {}, ())
    if not isinstance(last, Filtered):
        made = catalog.segments or last.tool.startswith("find_segments")
        return Reading((ExplainSegments(),)) if made else None
    column = measured_column(last)
    groups = [
        c.name
        for c in catalog.table.columns
        if c.role in ("category", "outcome", "flag") and 2 <= (c.n_distinct or 0) <= 12
    ]
    taken = {g.column for g in getattr(last, "by", None) or [] if isinstance(g, GroupBy)}
    free = [name for name in groups if name not in taken]
    said = [spoken(catalog, name) for name in free][:3]
    choices = [f"What is the average {spoken(catalog, column)} by {name}?" for name in said] if column else []
    if not choices:
        choices = [f"How many customers by {name}?" for name in said] or list(starters(catalog)[1:])
    return Reply("clarify", "why_data", {"column": column}, tuple(choices))

"""Reads phrases that are a change by themselves: "raise it to 20", "swap rows and columns", "who are they?".

They have no counterpart in a whole question. A new one is a line of `_ACTS` with the function that builds it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from assistant.builtin.annotate import annotate
from assistant.builtin.following.changes import Changes
from assistant.builtin.following.question import Question
from assistant.builtin.following.wording import bare_words, wanted_part
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import plain as plain_number
from assistant.builtin.parsing.negation import OPPOSITE
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.reading_words import UNITS
from assistant.builtin.request import Reply
from assistant.builtin.sentence import Sentence
from tools.core import Column
from tools.selecting import Condition, GroupBy, Measure

RANGED = ("above", "below", "at_least", "at_most")
_LONGEST_LIST = 1000


@dataclass(frozen=True)
class Scene:
    """What a phrase may point to.

    Attributes:
        text: The message.
        question: The question to change.
        catalog: The data set.
        shown: Groups of its answer with the value of each, in order.
        listed: Those groups, if they were the first of many.
    """

    text: str
    question: Question
    catalog: Catalog
    shown: tuple[tuple[str, float], ...] = ()
    listed: tuple[str, ...] = ()


Found = re.Match[str]
Builder = Callable[[Found, Scene], "Changes | Reply | None"]


def read_act(scene: Scene) -> Changes | Reply | None:
    """Return the change that a phrase says by itself; None if it is no such phrase or has no object here."""
    plain = bare_words(wanted_part(scene.text))
    for pattern, build in _ACTS:
        found = pattern.fullmatch(plain)
        built = build(found, scene) if found else None
        if built is not None:
            return built
    return None


def moves_limit(text: str) -> bool:
    """Tell whether a message raises or lowers a limit: "raise it to 200"."""
    return any(build is _bound and pattern.fullmatch(bare_words(text)) for pattern, build in _ACTS)


def _transposed(found: Found, scene: Scene) -> Changes | None:
    return Changes(transposed=True) if len(scene.question.by) == 2 else None


def _absolute(found: Found, scene: Scene) -> Changes | None:
    asked = scene.question
    relative = asked.share or asked.is_rate or asked.rest.get("normalise", "none") != "none"
    return Changes(absolute=True) if relative else None


def _percent_of(found: Found, scene: Scene) -> Changes | None:
    """Read "row percentages", "percent of columns": of a cross table, or of two groups."""
    if len(scene.question.by) != 2:
        return None
    along = (found["along"] or found["along2"]).rstrip("s")
    return Changes(options={"normalise": {"row": "rows", "column": "columns", "total": "all"}[along]})


def _bound(found: Found, scene: Scene) -> Changes | None:
    """Read "raise it to 20": the number of groups, or the limit of a condition, whichever is nearer."""
    numbers = [i.number for i in annotate(scene.text, scene.catalog).items if i.number]
    if len(numbers) != 1 or numbers[0] is None:
        return None
    value = plain_number(numbers[0].value)
    asked = scene.question
    rated = [c for m in asked.measures for c in m.where]
    nearest: list[tuple[float, Changes]] = [
        (_far(one.value, value), _limited(one.model_copy(update={"value": value}), of_groups=of_groups))
        for of_groups, conditions in ((True, asked.having), (False, [*asked.where, *rated]))
        for one in conditions
        if one.is_ in RANGED and isinstance(one.value, int | float)
    ]
    whole = float(value).is_integer() and 1 <= value <= _LONGEST_LIST
    if asked.limit and whole:
        nearest.append((_far(asked.limit, value), Changes(limit=int(value))))
    return min(nearest, key=lambda one: one[0])[1] if nearest else None


def _limited(one: Condition, *, of_groups: bool) -> Changes:
    return Changes(having=(one,)) if of_groups else Changes(filters=(one,))


def _far(old: float | str | bool | None, new: float) -> float:
    """Return how far two numbers are apart, as a ratio."""
    if not isinstance(old, int | float):
        return math.inf
    return abs(math.log((abs(float(old)) + 1) / (abs(new) + 1)))


def _listing(found: Found, scene: Scene) -> Changes | None:
    """Read "who are they", "show me those customers": each customer behind the number."""
    asked, key = scene.question, scene.catalog.table.customer
    if key is None or any(group.column == key for group in asked.by):
        return Changes(afresh=True, again=True) if key and asked.by else None
    people = found["people"] or found["people2"]
    if asked.by and not people and not scene.listed:
        return None
    return Changes(listing=True)


def _remaining(found: Found, scene: Scene) -> Changes | None:
    """Read "the other two", "and the rest" after the first groups of many."""
    asked = scene.question
    noun = found["noun"] or found["noun2"]
    if noun:
        columns = {link.column for item in annotate(noun, scene.catalog).items for link in item.links}
        known = columns & {c.column for c in asked.where} | columns & {g.column for g in asked.by}
        if not known:
            return None
        same = [c for c in asked.where if c.column in columns and c.is_ in ("equal", "in")]
        if same:
            turned = same[-1].model_copy(update={"is_": OPPOSITE[same[-1].is_]})
            return Changes(filters=(turned,), keeps_groups=True)
    one_of_two = found[0].endswith(("other one", "other")) and asked.where and not scene.listed
    if one_of_two and asked.where[-1].is_ == "equal":
        return Changes(opposite=True)
    if not scene.listed or len(asked.by) != 1:
        return None
    column = asked.by[0].column
    others = Condition.model_validate({"column": column, "is": "not_in", "values": list(scene.listed)})
    return Changes(filters=(others,), unlimited=True, keeps_groups=True)


def _without_extreme(found: Found, scene: Scene) -> Changes | None:
    """Read "leave out the largest": the group that the answer showed to be so."""
    asked = scene.question
    plain_groups = len(asked.by) == 1 and asked.by[0].grain is None and asked.by[0].bins is None
    if not plain_groups or len(scene.shown) < 2:
        return None
    which = found["which"]
    by_value = sorted(scene.shown, key=lambda pair: pair[1])
    name = {
        "first": scene.shown[0], "last": scene.shown[-1], "smallest": by_value[0], "lowest": by_value[0],
        "bottom": by_value[0], "least": by_value[0], "worst": by_value[0],
    }.get(which, by_value[-1])[0]  # fmt: skip
    one = Condition.model_validate({"column": asked.by[0].column, "is": "not_equal", "value": name})
    return Changes(filters=(one,), keeps_groups=True)


def _put_back(found: Found, scene: Scene) -> Changes | None:
    """Read "add it back": what was left out last is in again."""
    left = [c for c in scene.question.where if c.is_ in ("not_equal", "not_in")]
    return Changes(unfiltered=(left[-1].column,)) if left else None


def _as_rate(found: Found, scene: Scene) -> Changes | None:
    """Read "as a rate": of a count of some rows, their share of all."""
    return Changes(share=True, rate=True) if scene.question.where and not scene.question.is_rate else None


def _both_values(found: Found, scene: Scene) -> Changes | None:
    """Read "both" after one of two: the condition becomes the groups."""
    two = [
        c.column
        for c in scene.question.where
        if c.is_ in ("equal", "not_equal")
        and c.grain is None
        and (scene.catalog.columns.get(c.column) or _NO).n_distinct == 2
    ]
    if not two:
        return None
    return Changes(unfiltered=(two[-1],), groups=(GroupBy(column=two[-1]),), also=True)


_NO = Column("", "text", "category")


def _denied(found: Found, scene: Scene) -> Changes | None:
    """Read "how many have not" after "how many have cancelled"."""
    return Changes(opposite=True) if scene.question.where else None


def _overall(found: Found, scene: Scene) -> Changes | None:
    """Read "and overall?": without groups and without periods."""
    grouped = scene.question.by or scene.question.shape == "trend"
    return Changes(overall=True) if grouped and scene.question.shape in ("numbers", "trend") else None


def _is_it_real(found: Found, scene: Scene) -> Changes | None:
    """Read "is that gap real or luck?": the test of the difference between the groups shown."""
    asked = scene.question
    fits = len(asked.by) == 1 and asked.shape in ("numbers", "difference") and len(asked.measures) == 1
    return Changes(shape="difference", again=asked.shape == "difference") if fits else None


def _matters(found: Found, scene: Scene) -> Changes | None:
    """Read "does gender matter at all?": the test of the difference between its groups."""
    items = annotate(found["what"] or found["what2"], scene.catalog).items
    column = items[0].column if len(items) == 1 else None
    if column is None or len(scene.question.measures) != 1:
        return None
    if not Parts(Sentence("", [], [], [], {}), scene.catalog).is_group(column):
        return None
    return Changes(shape="difference", groups=(GroupBy(column=column),), afresh=True)


def _drawn_as(found: Found, scene: Scene) -> Changes:
    return Changes(chart="bar" if found["kind"].startswith(("col", "bar")) else "line")


def _percent(found: Found, scene: Scene) -> Changes:
    return Changes(share=True)


def _all_of_noun(found: Found, scene: Scene) -> Changes | None:
    """Read "all tiers again": what was cut down to a few is shown in full."""
    asked = scene.question
    columns = {link.column for item in annotate(found["noun"], scene.catalog).items for link in item.links}
    filtered = tuple(c.column for c in asked.where if c.column in columns)
    if filtered and asked.by:
        return Changes(unfiltered=filtered)
    return Changes(unlimited=True) if asked.limit and columns & {g.column for g in asked.by} else None


def _all_again(found: Found, scene: Scene) -> Changes | None:
    """Read "back to all of them": all groups where a few were shown, else all rows."""
    people = re.search(rf"every|base|file|data\b|population|{_PEOPLE}", found[0])
    if scene.question.where and (people or not scene.question.limit):
        return Changes(everyone=True)
    return Changes(unlimited=True) if scene.question.limit else None


def _where_they_are(found: Found, scene: Scene) -> Changes | None:
    """Read "which city are they from": how many of those spoken of are in each group."""
    catalog = scene.catalog
    items = annotate(found["what"], catalog).items
    column = items[0].column if len(items) == 1 else None
    if column is None or not Parts(Sentence("", [], [], [], {}), catalog).is_group(column):
        return None
    key = catalog.table.customer
    alone = key is None or catalog.table.grain == "customers"
    count = Measure(statistic="count") if alone else Measure(statistic="count_distinct", column=key)
    return Changes(measures=(count,), groups=(GroupBy(column=column),), afresh=True, of_them=True)


def _shown_again(found: Found, scene: Scene) -> Changes:
    return Changes(again=True)


def _in_unit(found: Found, scene: Scene) -> Changes | Reply | None:
    """Read "in rupees instead": amounts in place of a count; other money cannot be converted."""
    said = found["unit"] or found["unit2"]
    unit = UNITS.get(said) or UNITS.get(said.removesuffix("s"))
    columns = scene.catalog.columns
    if unit is None:
        return None
    measured = columns.get(scene.question.column or "")
    if measured is not None and measured.unit == unit and not scene.question.is_rate:
        return Changes(again=True, notes=(f"The figures are in {unit} already.",))
    table = scene.catalog.table
    rest = [c.name for c in table.columns if c.unit == unit and c.role in ("amount", "balance")]
    names = [table.amount] if table.amount and columns[table.amount].unit == unit else rest
    if names:
        total = columns[names[0]].role == "amount" and table.grain != "customers"
        return Changes(measures=(Measure(statistic="sum" if total else "mean", column=names[0]),))
    held = sorted({c.unit for c in table.columns if c.unit and c.role in ("amount", "balance")})
    return Reply("refused", "no_conversion", {"unit": unit, "held": held}) if _is_money(unit) else None


def _is_money(unit: str) -> bool:
    return unit.isupper() and len(unit) == 3


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


_IT = r"(?:it|that|this|them|those|these|the (?:table|chart|result|answer|list|ranking|figure|numbers?))"
_EDGE = (
    r"(?:the |that |this |my )?(?:limit|threshold|cut ?off|minimum|maximum|number|count|cut|level|mark|bar|size|line|"
    r"bound|cap|"
    r"list|top|condition|filter|floor|ceiling)(?: of \w+(?: \w+)?)?"
)
_PEOPLE = r"(?:customers?|clients?|people|persons?|members?|users?|subscribers?|buyers?|guests?|accounts?)"
_ACTS: tuple[tuple[re.Pattern[str], Builder], ...] = (
    (_pattern(
        rf"(?:swap|switch|transpose|flip|turn|exchange)(?: {_IT})?(?: (?:the )?(?:rows and (?:the )?columns|"
        r"columns and (?:the )?rows|axes|table))?(?: a?round| over)?"
        r"|rows and columns (?:swapped|the other way round)|the other way (?:a)?round|columns as rows"),
     _transposed),
    (_pattern(
        rf"(?:show |give |put )?(?:me )?(?:{_IT} )?(?:back )?(?:in|as|with|to|"
        rf"the)?(?: the)? ?(?:plain |actual |raw )?"
        r"(?:absolute )?(?:numbers|counts|figures|amounts|values|absolutes?|absolute terms|headcounts?)"
        r"(?: not (?:in |as )?(?:percent|percentages?|shares?|%))?"
        rf"|(?:not|no|without)(?: in| as)? (?:percent|percentages?|shares|%)|how many is {_IT}"
        rf"|how many (?:people|customers|rows|transactions) is {_IT}|{_IT} in (?:absolute )?numbers"),
     _absolute),
    (_pattern(
        rf"(?:show |give )?(?:me )?(?:{_IT} )?(?:as |in )?(?:the )?(?P<along>row|column|total)s? "
        r"(?:percent|percentages?|shares?|%)s?"
        rf"|(?:{_IT} )?(?:as |in )?(?:percent|percentages?|shares?|%) (?:of|by|per|within)(?: the| each)? "
        r"(?P<along2>rows?|columns?)"),
     _percent_of),
    (_pattern(
        rf"(?:raise|lower|increase|decrease|reduce|set|change|move|cut|push|bump|drop|extend|shorten|"
        rf"make|put|"
        rf"lift|expand|bring|take|widen|narrow|go|get)(?: up| down)? (?:(?:{_IT}|{_EDGE}) )?(?:up |down )?"
        r"(?:(?:from \S+ )?(?:to|at|be) )?(?:only )?(?P<value>\d[\d ]*%?(?: ?(?:k|m|thousand|million|"
        r"lakh|crore)s?)?|"
        r"two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|fifty|a hundred|a thousand)"),
     _bound),
    (_pattern(
        rf"(?:so )?who (?:are|is|were) (?:they|those|these|that|them|it)(?: (?P<people>{_PEOPLE}))?"
        rf"|(?:show|list|name|give|print|display)(?: me| us)? (?:all )?(?:of )?(?:the|those|these|them|their)"
        rf"(?: (?:\d+|two|three|four|five|ten) )? ?(?:(?:list|names|ids) of (?:the |those |these )?)?"
        rf"(?P<people2>{_PEOPLE}|names|ids|customer ids|customer numbers)"
        rf"|(?:which|what) {_PEOPLE} (?:are|is|were) (?:they|those|these|that|it)"
        r"|which (?:ones )?are (?:they|those|these)|list them|name them|(?:by )?name"),
     _listing),
    (_pattern(
        r"(?:(?:what|how) about |and )?(?:(?:on|in|for|with|from|at|of|"
        r"among) )?(?:the )?(?:rest(?: of them)?|"
        r"others?|other ones?|other (?:two|three|four|five|\d+)(?: (?P<noun>\w+))?|other (?P<noun2>\w+)|"
        r"remaining(?: ones| \w+)?)(?: of (?:them|those|it))?"),
     _remaining),
    (_pattern(
        r"(?:leav(?:e|ing) out|without|exclud(?:e|ing)|drop(?:ping)?|ignor(?:e|ing)|except(?: for)?|"
        r"skip(?:ping)?|"
        r"remov(?:e|ing)|take out|minus|not counting|but not) (?:the |that )?"
        r"(?P<which>largest|biggest|highest|top|first|smallest|lowest|last|bottom|best|worst|most|least)"
        r"(?: one| group| bar| row| entry| category| \w+)?"),
     _without_extreme),
    (_pattern(
        r"(?:(?:go |get )?back )?(?:to |for |with |show |show me )*(?:the )?(?:all(?: of (?:them|"
        r"it))?|everyone|"
        r"everybody|everything|(?:all|whole|full|entire) (?:the )?(?:customers|clients|people|members|"
        r"base|file|"
        r"data|table|list|lot|set|population|rows|groups))"),
     _all_again),
    (_pattern(
        r"(?:(?:from|in|to|on|at) )?(?:which|what) (?P<what>\w+(?: \w+)?) (?:are|do|did|is|were|does) "
        rf"(?:they|these|those|them)(?: {_PEOPLE})?(?: (?:all|mostly|mainly))?"
        r"(?: (?:from|in|on|at|to|live in|belong to|come from|use|have|sit in|based in|fall in|hold))?"),
     _where_they_are),
    (_pattern(rf"(?:add|put|bring|take|let) (?:{_IT}|him|her) (?:back|in)(?: in(?:to it)?)?"), _put_back),
    (_pattern(rf"(?:show )?(?:{_IT} )?(?:as|in) (?:a |the )?(?:rates?|ratio)|"
              rf"(?:what is )?the rate"), _as_rate),
    (_pattern(
        r"(?:how many|who|and those who|those who|the ones who) (?:have not|haven't|havent|has not|"
        r"hasn't|are not|"
        r"aren't|do not|don't|dont|did not|didn't|didnt|were not|weren't|is not|isn't)"),
     _denied),
    (_pattern(r"(?:for |show )?both(?: (?:of them|sexes|genders|\w+))?(?: separately|"
              r" side by side)?"), _both_values),
    (_pattern(r"all (?:the |of the )?(?P<noun>\w+)"), _all_of_noun),
    (_pattern(
        r"(?:what about )?(?:the )?(?:overall|grand total|in all|altogether|all in all|all together)"
        r"(?: (?:figure|number|rate|average|value|total))?"
        rf"|how (?:many|much) is {_IT} (?:in total|in all|overall|altogether|(?:for|in|over) the "
        r"(?:whole|entire|full) \w+)|(?:for|over) the (?:whole|entire|full) (?:year|period|time|span)"),
     _overall),
    (_pattern(
        r"(?:is (?:that|this|it|the|there)(?: a)?(?: (?:difference|gap|effect))?(?: between (?:them|the two))? ?"
        r"(?:really )?(?:a )?)?(?:statistically )?(?:real|significant|meaningful|genuine|(?:just |pure )?chance|"
        r"luck|noise|random|by chance|coincidence)(?: (?:difference|gap|effect))?(?: or (?:is it )?(?:just |only |"
        r"by |pure )*(?:luck|chance|noise|random|not|coincidence|a fluke))?"),
     _is_it_real),
    (_pattern(
        r"does (?:the )?(?P<what>\w+(?: \w+)?) (?:really )?matter(?: at all| here| much)?"
        r"|does (?:the )?(?P<what2>\w+(?: \w+)?) make (?:a|any) difference(?: at all)?"),
     _matters),
    (_pattern(rf"(?:show |draw |plot |chart |put )?(?:{_IT} )?(?:as|with|in) (?:a )?(?P<kind>columns?|bars?|lines?|curve)"
              r"(?: charts?| graphs?| plots?)?"), _drawn_as),
    (_pattern(r"%|percent|percentages?|(?:in|as) %|shares"), _percent),
    (_pattern(rf"(?:show|plot|draw|chart|graph|visuali[sz]e|picture|see)(?: me)? {_IT}"), _shown_again),
    (_pattern(r"(?:show |give |express |put )?(?:me )?(?:(?:it|that|them|this|those) )?(?:in|as) "
              r"(?P<unit>[a-z€$£₹]+(?: [a-z]+)?)|(?P<unit2>[a-z]+)"), _in_unit),
)  # fmt: skip

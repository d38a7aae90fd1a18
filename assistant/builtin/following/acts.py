"""Reads phrases that are a change by themselves: "raise it to 20", "swap rows and columns", "who are they?".

They have no counterpart in a whole question. A new one is a line of `_ACTS`, with a function in `meant`.
"""

from __future__ import annotations

import re

from assistant.builtin.following import meant
from assistant.builtin.following.changes import Changes
from assistant.builtin.following.meant import PEOPLE, Builder, Scene
from assistant.builtin.following.wording import bare_words, wanted_part
from assistant.builtin.request.outcome import Reply


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
    return any(build is meant.bound and pattern.fullmatch(bare_words(text)) for pattern, build in _ACTS)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


_IT = r"(?:it|that|this|them|those|these|the (?:table|chart|result|answer|list|ranking|figure|numbers?))"
_EDGE = (
    r"(?:the |that |this |my )?(?:limit|threshold|cut ?off|minimum|maximum|number|count|cut|level|"
    r"mark|bar|size|line|"
    r"bound|cap|"
    r"list|top|condition|filter|floor|ceiling)(?: of \w+(?: \w+)?)?"
)
_ACTS: tuple[tuple[re.Pattern[str], Builder], ...] = (
    (_pattern(
        rf"(?:swap|switch|transpose|flip|turn|exchange)(?: {_IT})?(?: (?:the )?(?:rows and (?:the )?columns|"
        r"columns and (?:the )?rows|axes|table))?(?: a?round| over)?"
        r"|rows and columns (?:swapped|the other way round)|the other way (?:a)?round|columns as rows"),
     meant.transposed),
    (_pattern(
        rf"(?:please )?(?:reverse|invert|flip|turn round|turn around)(?: (?:{_IT}|the order|the sort(?:ing)?|"
        r"the sort order|order))?(?: (?:the )?(?:order|sorting))?"
        r"|(?:sort |order |rank )?(?:it |them |that )?(?:in |by )?(?:the )?(?:reverse|reversed|opposite|"
        r"inverse)"
        r" (?:order|sorting|direction)|(?:sort|order|rank) (?:it |them |that )?the other way(?: a?round)?"
        r"|(?:the )?other way (?:a)?round|upside down|from the bottom up"),
     meant.reversed_order),
    (_pattern(
        rf"(?:show |give |put )?(?:me )?(?:{_IT} )?(?:back )?(?:in|as|with|to|"
        rf"the)?(?: the)? ?(?:plain |actual |raw )?"
        r"(?:an? )?(?:absolute )?(?:numbers?|counts?|figures|amounts|values|absolutes?|absolute terms|"
        r"headcounts?)"
        r"(?: not (?:in |as )?(?:percent|percentages?|shares?|%))?"
        rf"|(?:not|no|without)(?: in| as)? (?:percent|percentages?|shares|%)|how many is {_IT}"
        rf"|how many (?:people|customers|rows|transactions) is {_IT}|{_IT} in (?:absolute )?numbers"),
     meant.absolute),
    (_pattern(
        rf"(?:show |give )?(?:me )?(?:{_IT} )?(?:as |in )?(?:the )?(?P<along>row|column|total)s? "
        r"(?:percent|percentages?|shares?|%)s?"
        rf"|(?:{_IT} )?(?:as |in )?(?:percent|percentages?|shares?|%) (?:of|by|per|within)(?: the| each)? "
        r"(?P<along2>rows?|columns?)"),
     meant.percent_of),
    (_pattern(
        rf"(?:raise|lower|increase|decrease|reduce|set|change|move|cut|push|bump|drop|extend|shorten|"
        rf"make|put|"
        rf"lift|expand|bring|take|widen|narrow|go|get)(?: up| down)? (?:(?:{_IT}|{_EDGE}) )?(?:up |down )?"
        r"(?:(?:from \S+ )?(?:to|at|be) )?(?:only )?(?P<value>\d[\d ]*%?(?: ?(?:k|m|thousand|million|"
        r"lakh|crore)s?)?|"
        r"two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|fifty|a hundred|a thousand)"),
     meant.bound),
    (_pattern(
        rf"(?:so )?who (?:are|is|were) (?:they|those|these|that|them|it)(?: (?P<people>{PEOPLE}))?"
        rf"|(?:show|list|name|give|print|display)(?: me| us)? (?:all )?(?:of )?(?:the|those|these|them|their)"
        rf"(?: (?:\d+|two|three|four|five|ten) )? ?(?:(?:list|names|ids) of (?:the |those |these )?)?"
        rf"(?P<people2>{PEOPLE}|names|ids|customer ids|customer numbers)"
        rf"|(?:which|what) {PEOPLE} (?:are|is|were) (?:they|those|these|that|it)"
        r"|which (?:ones )?are (?:they|those|these)|list them|name them|(?:by )?name"
        r"|(?:show|list|name|give|print|display)(?: me| us)? (?P<n>\d+|a few|some|two|three|four|five|ten|"
        r"twenty)"
        rf"(?: {PEOPLE})? of (?:them|those|these)(?: {PEOPLE})?"),
     meant.listing),
    (_pattern(
        r"(?:(?:what|how) about |and )?(?:(?:on|in|for|with|from|at|of|"
        r"among) )?(?:the )?(?:rest(?: of them)?|"
        r"others?|other ones?|other (?:two|three|four|five|\d+)(?: (?P<noun>\w+))?|other (?P<noun2>\w+)|"
        r"remaining(?: ones| \w+)?)(?: of (?:them|those|it))?"),
     meant.remaining),
    (_pattern(
        r"(?:leav(?:e|ing) out|without|exclud(?:e|ing)|drop(?:ping)?|ignor(?:e|ing)|except(?: for)?|"
        r"skip(?:ping)?|"
        r"remov(?:e|ing)|take out|minus|not counting|but not) (?:the |that )?"
        r"(?P<which>largest|biggest|highest|top|first|smallest|lowest|last|bottom|best|worst|most|least)"
        r"(?: one| group| bar| row| entry| category| \w+)?"),
     meant.without_extreme),
    (_pattern(
        r"(?:(?:go |get )?back )?(?:to |for |with |show |show me )*(?:the )?(?:all(?: of (?:them|"
        r"it))?|everyone|"
        r"everybody|everything|(?:all|whole|full|entire) (?:the )?(?:customers|clients|people|members|"
        r"base|file|"
        r"data|table|list|lot|set|population|rows|groups))"),
     meant.all_again),
    (_pattern(
        r"(?:(?:from|in|to|on|at) )?(?:which|what) (?P<what>\w+(?: \w+)?) (?:are|do|did|is|were|does) "
        rf"(?:they|these|those|them)(?: {PEOPLE})?(?: (?:all|mostly|mainly))?"
        r"(?: (?:from|in|on|at|to|live in|belong to|come from|use|have|sit in|based in|fall in|hold))?"),
     meant.where_they_are),
    (_pattern(rf"(?:add|put|bring|take|let) (?:{_IT}|him|her) (?:back|"
              rf"in)(?: in(?:to it)?)?"), meant.put_back),
    (_pattern(rf"(?:show )?(?:{_IT} )?(?:as|in) (?:a |the )?(?:rates?|ratio)|"
              r"(?:what is )?the rate"
              rf"|what (?:rate|%|percentage|percent|share|proportion) is {_IT}"
              r"|as (?:a |an |the )?(?:share|percent(?:age)?|proportion|fraction|rate|%) of (?:each|"
              r"every) .+"), meant.as_rate),
    (_pattern(r"(?:what (?:is|are) )?(?:the |their )?(?:share|percentage|percent|"
              r"%)s? of each(?: .+)?|share each"),
     meant.percent),
    (_pattern(
        r"(?:how many|who|and those who|those who|the ones who) (?:have not|haven't|havent|has not|"
        r"hasn't|are not|"
        r"aren't|do not|don't|dont|did not|didn't|didnt|were not|weren't|is not|isn't)"),
     meant.denied),
    (_pattern(r"(?:for |show )?both(?: (?:of them|sexes|genders|\w+))?(?: separately|"
              r" side by side)?"), meant.both_values),
    (_pattern(r"(?:show )?all (?:the |of the )?(?P<noun>\w+(?: \w+)?)"), meant.all_of_noun),
    (_pattern(
        r"(?:what about |what is )?(?:the )?(?:total|sum|average|figure|number) (?:of|for|over|in|across) "
        r"(?:the |that |"
        r"this )?(?:whole |entire |full |half[- ]?|first half of the |second half of the )?"
        r"(?:year|period|time|span|quarter|month|week|lot)"
        r"|(?:what about )?(?:the )?(?:overall|grand total|in all|altogether|all in all|all together)"
        r"(?: (?:figure|number|rate|average|value|total))?"
        rf"|how (?:many|much) is {_IT} (?:in total|in all|overall|altogether|(?:for|in|over) the "
        r"(?:whole|entire|full) \w+)|(?:for|over) the (?:whole|entire|full) (?:year|period|time|span)"),
     meant.overall),
    (_pattern(
        r"(?:is (?:that|this|it|the|there)(?: a)?(?: (?:difference|gap|effect))?(?: between (?:them|"
        r"the two))? ?"
        r"(?:really )?(?:a )?)?(?:statistically )?(?:real|significant|meaningful|genuine|(?:just |"
        r"pure )?chance|"
        r"luck|noise|random|by chance|coincidence)(?: (?:difference|gap|"
        r"effect))?(?: or (?:is it )?(?:just |only |"
        r"by |pure )*(?:luck|chance|noise|random|not|coincidence|a fluke))?"),
     meant.is_it_real),
    (_pattern(
        r"does (?:the )?(?P<what>\w+(?: \w+)?) (?:really )?matter(?: at all| here| much)?"
        r"|does (?:the )?(?P<what2>\w+(?: \w+)?) make (?:a|any) difference(?: at all)?"),
     meant.matters),
    (_pattern(rf"(?:show |draw |plot |chart |put )?(?:{_IT} )?(?:as|with|"
              rf"in) (?:a )?(?P<kind>columns?|bars?|lines?|curve)"
              r"(?: charts?| graphs?| plots?)?"), meant.drawn_as),
    (_pattern(rf"(?:sort|order|rank|arrange)(?: {_IT})? (?:by|on) (?:the )?(?P<what>.+?)"
              r"(?: (?:descending|from high to low))?"), meant.sorted_by),
    (_pattern(r"%|percent|percentages?|(?:in|as) %|shares"), meant.percent),
    (_pattern(rf"(?:show|plot|draw|chart|graph|visuali[sz]e|picture|see)(?: me)? {_IT}"), meant.shown_again),
    (_pattern(r"(?:show |give |express |put )?(?:me )?(?:(?:it|that|them|this|those) )?(?:in|as) "
              r"(?P<unit>[a-z€$£₹]+(?: [a-z]+)?)|(?P<unit2>[a-z]+)"), meant.in_unit),
)  # fmt: skip

"""Reads the options of a search for segments off its words, one function an option.

Options whose words mean something else in a question about data ("twice as important", "call it Spring plan")
are cut out of the text, so that what is left is read like any other sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from assistant.builtin.annotate import annotate
from assistant.builtin.linking import Catalog
from assistant.builtin.numbers import NUMBER_WORDS
from assistant.builtin.parsing.parts import Parts

METHODS = {
    "kmeans": r"k[\s-]?means?",
    "gaussian_mixture": r"gaussian mixtures?(?: models?)?|mixture (?:of gaussians|models?)|gmm",
    "hierarchical": (
        r"hierarchical(?: clustering)?|agglomerative(?: clustering)?|ward(?:'s)?(?: method| hierarchy)"
        r"?"
    ),
    "density": r"h?dbscan|density[\s-]based(?: clustering)?",
}
_TIMES = r"twice|double|triple|thrice|half|(?:\d+(?:\.\d+)?|two|three|four|five|ten)\s*(?:times|x)"
_FACTORS = {"twice": 2.0, "double": 2.0, "triple": 3.0, "thrice": 3.0, "half": 0.5, "two": 2.0, "three": 3.0,
            "four": 4.0, "five": 5.0, "ten": 10.0}  # fmt: skip
_OUTLIERS = (
    r"(?:the )?(?:outliers?|unusual (?:customers|ones|values)|extreme (?:customers|values|ones)|extremes)"
)
_CLEANER = r"(?:cleaner|clearer|tidier|sharper|tighter|more distinct|crisper|neater|purer)"
_THING = r"(?:the |my |our |these )?(?:segments?|clusters?|groups?|result|segmentation|clustering)"
_JOIN = r"(?:,?\s*(?:and|but|,|;)\s*)?"


@dataclass
class Options:
    """What was cut out of a text, and what is left of it.

    Attributes:
        text: The words that no option has explained.
        found: Arguments of the tool.
        notes: How words were read.
        unknown: Words that should name a column and do not.
    """

    text: str
    catalog: Catalog
    found: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def cut(self, pattern: str) -> re.Match[str] | None:
        """Cut the first place that a pattern fits out of the text."""
        found = re.search(_JOIN + pattern, self.text, re.IGNORECASE)
        if found:
            self.text = " ".join(f"{self.text[: found.start()]} {self.text[found.end() :]}".split())
        return found

    def feature(self, words: str) -> str | None:
        """Return the customer feature that words name."""
        parts = Parts(annotate(words, self.catalog, customer_level=True), self.catalog)
        for item in parts.sentence.items:
            if item.has("feature"):
                return str(item.senses["feature"])
            if item.links:
                return parts.as_feature(item.links[0].column) or item.links[0].column
            if item.has("condition_verb", "spent") and parts.amount:
                return parts.as_feature(parts.amount)
        return None


def read_options(text: str, catalog: Catalog) -> Options:
    """Cut all options out of a text that asks for segments."""
    options = Options(text.strip().rstrip("?!. "), catalog)
    for read in _OPTIONS:
        read(options)
    return options


def _name(options: Options) -> None:
    quoted = r"[\"“'‘`](?P<name>[^\"”’'`]+)[\"”’'`]"
    verb = (
        r"(?:call|name|save|label|store|keep) (?:it|this|them|these|the result|the segmentation|the "
        r"whole thing|the lot)(?: as| under)?(?: the name)?"
    )
    called = r"(?:called|named|under the name(?: of)?|with the name)"
    for pattern in (
        rf"(?:{verb}|{called}) {quoted}",
        rf"{verb} (?P<name>\w[\w-]*(?: [\w-]+){{0,3}})$",
        rf"segmentation {called} (?P<name>[A-Z0-9][\w-]*(?: [A-Z0-9][\w-]*){{0,3}})",
    ):
        found = re.search(
            _JOIN + f"(?i:{pattern})" if "A-Z" not in pattern else _JOIN + pattern, options.text
        )
        if found:
            options.found["name"] = found["name"].strip()
            options.text = " ".join(f"{options.text[: found.start()]} {options.text[found.end() :]}".split())
            return


def _method(options: Options) -> None:
    for name, pattern in METHODS.items():
        found = re.search(
            rf"(?:\b(?:use|using|with|by|via|through|try|run|do|apply)\s+)?(?:an?\s+|the\s+)"
            rf"?\b(?:{pattern})\b(?:\s+(?:algorithm|method|model|instead))?",
            options.text,
            re.IGNORECASE,
        )
        if found:
            options.found["method"] = name
            rest = f"{options.text[: found.start()]} segment {options.text[found.end() :]}"
            options.text = " ".join(rest.split())
            return


def _outliers(options: Options) -> None:
    away = (
        r"(?:set(?:ting)? aside|put(?:ting)? aside|remov(?:e|ing)|exclud(?:e|ing)|drop(?:ping)?|"
        r"leav(?:e|ing) out|without|ignor(?:e|ing)|minus|tak(?:e|ing) out|get rid of|separate|isolate)"
    )
    for pattern in (
        rf"(?:but |with )?(?:set|put|leave|keep|take)(?:ting|ing)? {_OUTLIERS} (?:aside|apart|out|"
        rf"separate(?:ly)?|away)",
        rf"(?:but )?{away} {_OUTLIERS}(?: first)?",
        rf"{_OUTLIERS} (?:set aside|left out|removed|excluded|apart|out)",
    ):
        if options.cut(pattern):
            options.found["outliers"] = "set_aside"
    if options.cut(rf"(?:to )?(?:make|get)(?:ting)? (?:{_THING}) {_CLEANER}|{_CLEANER} {_THING}"):
        options.found.setdefault("outliers", "set_aside")
        options.text = f"segment {options.text}"
    if options.cut(rf"(?:with|including|keep|include|put back) {_OUTLIERS}(?: in| back)?(?: again)?"):
        options.found["outliers"] = "keep"


def _weights(options: Options) -> None:
    for pattern in (
        rf"(?:with|where|make|making|let|so that|give|giving|count|counting)"
        rf"?\s*(?P<what>[\w\s]{{2,40}}?)\s+(?:is |be |counts? |to count |weighted |weighs? |"
        rf"matters? |as )*(?P<times>{_TIMES})(?: as (?:important|much|heavily|heavy|strong(?:ly)?)|"
        rf" the weight| weighted| the importance| as (?:the|all) (?:rest|others?))+(?: (?:as|than) "
        rf"(?:the |all |any )?(?:rest|others?|other features?|everything else|anything else))?",
        rf"(?:with |give |giving |make |making )?(?P<what>[\w\s]{{2,40}}?) weighted "
        rf"(?P<times>{_TIMES})(?:d)?",
        rf"(?:weight|weigh|weighting|weighing) (?P<what>[\w\s]{{2,40}}?) (?P<times>{_TIMES}|doubly)"
        rf"(?: as (?:much|heavily))?(?: as (?:the )?(?:rest|others?))?",
        rf"(?P<what>[\w\s]{{2,40}}?),? (?:should |must |to |shall |ought to )?(?:counts?|weighs?|matters?|"
        rf"counting|"
        rf"weighing|mattering) (?P<times>{_TIMES}|doubly)(?: as (?:much|heavily))?\b",
        rf"(?:give|giving) (?P<what>[\w\s]{{2,40}}?) (?:a )?(?:(?P<times>{_TIMES})(?: the)? weight|"
        rf"weight (?:of )?(?P<plain>\d+(?:\.\d+)?))",
    ):
        found = re.search(_JOIN + pattern, options.text, re.IGNORECASE)
        if not found:
            continue
        words = re.split(
            r"\b(?:with|where|and|but|make|making|give|giving|let|segments?|clusters?|groups?|"
            r"that|customers?|so that)\b",
            found["what"],
        )[-1]
        name = options.feature(words)
        if name is None:
            options.unknown.append(words.strip())
        else:
            options.found.setdefault("weights", {})[name] = _factor(found.groupdict())
        start = found.end("what") - len(words)
        head = re.sub(
            r"[\s,]*\b(?:with|where|and|but|make|making|give|giving|let|so that)\s*$",
            "",
            options.text[:start],
        )
        options.text = " ".join(f"{head} {options.text[found.end() :]}".split())
        return


def _factor(found: dict[str, str | None]) -> float:
    if found.get("plain"):
        return float(found["plain"] or 1)
    words = (found.get("times") or "double").lower()
    digits = re.match(r"\d+(?:\.\d+)?", words)
    return float(digits[0]) if digits else _FACTORS.get(words.split()[0].rstrip("x"), 2.0)


def _smallest(options: Options) -> None:
    amount = r"(?P<n>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>%|percent|per cent)?"
    people = (
        r"(?: of (?:the |all |our |my )?(?:customers|clients|base|people|everyone|them))?(?: "
        r"(?!orders|purchases|transactions|months|years|days|percent)[a-z]+s|(?: people))?"
        r"(?: (?:each|in each|per|in every)\b(?: segment| group| cluster| one| of them)?)?"
    )
    thing = r"(?:segments?|groups?|clusters?|one|of them|tiers?)"
    for pattern in (
        rf"(?:with )?(?:no|none|not one)(?: of (?:the |them))?(?: {thing})? (?:should |may |must |can |is "
        rf"to |to |"
        rf"being |is )*(?:have |hold |contain |be |with )?(?:under|below|less than|fewer than|smaller than) "
        rf"{amount}{people}",
        rf"(?:with )?(?:no|none) (?:of (?:the )?)?(?:{thing} )?(?:should be |is |being |are |be |"
        rf"may be |must be )?(?:smaller|less|fewer) than {amount}{people}",
        rf"(?:each|every|all|smallest|minimum|any)(?: of (?:the )?)?(?: {thing})?(?: (?:must |"
        rf"should )?(?:be |have |has |hold |holds |having |with |of |being |size )*)?(?:at least|"
        rf"min(?:imum)?(?: of)?|not (?:smaller|less) than|no (?:smaller|less) than) "
        rf"{amount}{people}",
        rf"(?:with )?at least {amount}(?: [a-z]+)? (?:each|in each|per|in every)\b"
        rf"(?: segment| group| cluster| one| of them)?",
        rf"(?:minimum|smallest|min)(?: segment| group| cluster)?(?: size)?(?: of| is| =|:)? {amount}{people}",
        rf"(?:of|with|having|containing) at least {amount}{people}(?= |$)(?! (?:orders|purchases|"
        rf"transactions|months|years|days))",
    ):
        if "(?:of|with|having" in pattern and not re.search(
            rf"{thing} (?:of|with|having|containing) at least", options.text, re.IGNORECASE
        ):
            continue
        found = options.cut(pattern)
        if found:
            value = float(found["n"].replace(",", ""))
            options.found["smallest_share"] = value / 100 if found["unit"] else _share_of_all(value, options)
            return


def _share_of_all(n: float, options: Options) -> float:
    """Return a number of customers as a share of all."""
    table = options.catalog.customers or options.catalog.table
    return max(0.0, min(0.5, n / max(table.n_rows, 1)))


def _reference_date(options: Options) -> None:
    pattern = (
        r"(?:as (?:of|at)|with (?:the )?reference date(?: of)?|reference date:?|"
        r"(?:counted|counting|reckoned|measured) (?:to|up to|from|as of|at|on)|"
        r"(?:pretend(?:ing)?|assum(?:e|ing)|as if|say(?:ing)?|imagine) (?:that )?"
        r"(?:today|now|it) (?:is|was|were)|"
        r"if today (?:is|was|were)|with today (?:as|=|being)|today (?:being|=)|"
        r"per|on the state of|seen from|date:?)\s+(?:the )?(?P<when>[\w\s,./-]*\d{4}[\d./-]*)"
    )
    turned = (
        r"\b(?:with|using|taking|take|use|and) (?:the )?(?P<when>[\w\s,./-]*\d{4}[\d./-]*) (?:as|for|being) "
        r"(?:the |our |a )?(?:reference (?:date|day|point)|today|reference|cut-?off(?: date)?|last day)\b"
    )
    ways = (re.search(_JOIN + way, options.text, re.IGNORECASE) for way in (turned, pattern))
    found = next((one for one in ways if one), None)
    if not found:
        return
    words = re.sub(r"\b(?:the )?end of (?:the )?(?:year )?", "", found["when"].strip(), flags=re.IGNORECASE)
    sentence = annotate(words, options.catalog)
    period = next((i.senses["period"] for i in sentence.items if i.has("period")), None)
    if period is None:
        return
    options.found["reference_date"] = period.last.isoformat()
    options.text = " ".join(f"{options.text[: found.start()]} {options.text[found.end() :]}".split())


_WHAT = r"(?P<what>[\w\s,]{2,60}?)"
_OUT_OF = r"(?: of (?:it|this|them|the (?:segments|segmentation|clustering|picture)))?"
# "Keep sex out of it", "forget about the age", "the tariff should play no role", "age must not matter".
_KEPT_OUT = (
    rf"\b(?:keep|leave|leaving|keeping|take|taking) {_WHAT} (?:out{_OUT_OF}|aside|away)\b",
    r"(?<=[\w,;] )\b(?:forget|disregard|neglect|never mind|pay no attention to|"
    rf"(?:do not|don't) (?:look at|consider|care about))(?: about)? (?:the )?{_WHAT}$",
    r"(?:^|[,;]\s*|\b(?:and|but|where|so that) )(?:the )?(?P<what>[\w ]{2,40}?) "
    r"(?:(?:should|must|shall|may|is to|does|do|can|will|would)(?: not|n't)?|is|are) "
    r"(?:(?:play(?:s|ing)?|have|has|having) no (?:role|part|influence|weight|say)|"
    r"(?:be )?(?:irrelevant|left out|ignored|excluded|kept out)|"
    r"(?<=not )(?:matter|count|play (?:a|any) (?:role|part)|be (?:used|included)|"
    r"influence (?:it|them|anything))|(?<=n't )(?:matter|count|play (?:a|any) (?:role|part)|be used))\b",
)


def _kept_out(options: Options) -> None:
    """Read "keep sex and birth year out of it", "the tariff should play no role": they must not count."""
    ways = (re.search(_JOIN + way, options.text, re.IGNORECASE) for way in _KEPT_OUT)
    found = next((one for one in ways if one), None)
    if found is None or re.search(_OUTLIERS, found["what"], re.IGNORECASE):
        return
    for words in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s+or\s+", found["what"].strip()):
        name = options.feature(words)
        if name is None:
            options.unknown.append(words)
        else:
            options.found.setdefault("ignore", []).append(name)
    options.text = " ".join(f"{options.text[: found.start()]} {options.text[found.end() :]}".split())


_MANY = r"\d{1,2}|two|three|four|five|six|seven|eight|nine|ten"
_PLURAL = r"(?:customer )?(?:segments|clusters|groups|parts|personas)"


def _number(options: Options) -> None:
    """Read a number of segments that stands apart: "..., 3 clusters", "in four using ..."."""
    between = re.search(
        rf"\b(?:somewhere |anything |any number )?(?:between |from )?(?P<low>{_MANY}) ?(?:to|-|–|and|or) ?"
        rf"(?P<high>{_MANY}) {_PLURAL}\b",
        options.text,
        re.IGNORECASE,
    )
    if between:
        options.notes.append(
            "I let the data choose the number of segments; "
            f"say one number if the result has to lie between {between['low']} and {between['high']}."
        )
        rest = f"{options.text[: between.start()]} segments {options.text[between.end() :]}"
        options.text = " ".join(rest.split())
        options.cut(
            r"(?:and |then )?(?:say|tell me|show me|see|decide|find out|report) (?:which|how many|what) .*$"
        )
        return
    for pattern in (
        rf"(?:[,;]\s*(?:make it |please |into |in )?|\s(?:into|in) )(?:exactly )?(?P<n>{_MANY}) "
        rf"{_PLURAL}(?: please)?$",
        rf"\b(?:in|into) (?:exactly )?(?P<n>{_MANY})(?= (?:using|by|on|from|with|based|according|of "
        rf"them)\b|$|,)",
    ):
        found = re.search(pattern, options.text, re.IGNORECASE)
        if found:
            n = found["n"].lower()
            options.found["n_segments"] = NUMBER_WORDS.get(n) or int(n)
            options.text = " ".join(f"{options.text[: found.start()]} {options.text[found.end() :]}".split())
            return


def _nothing_else(options: Options) -> None:
    """Cut "nothing else", which only says that the features named are all."""
    options.cut(
        r"(?:and |but )?(?:nothing|no other (?:features?|columns?|variables?)) (?:else|more|besides)$"
    )
    options.cut(r"(?:and |but )?nothing else\b")


def _asked_for(options: Options) -> None:
    """Write "how often they ring and how long they wait" as what is counted and measured."""
    options.text = re.sub(
        r"\bhow (?:often|frequently) (?:they|people|customers|each|members|callers)\b(?: \w+)?",
        "number of transactions",
        options.text,
        flags=re.IGNORECASE,
    )
    options.text = re.sub(
        r"\bhow (?:long|much|far|many|old) (?:they|people|customers|members|callers) (\w+)",
        r"\1",
        options.text,
        flags=re.IGNORECASE,
    )


_OPTIONS: tuple[Callable[[Options], None], ...] = (
    _name, _reference_date, _asked_for, _nothing_else, _number, _smallest, _weights, _kept_out, _outliers,
    _method,
)  # fmt: skip

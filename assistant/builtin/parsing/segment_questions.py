"""Reads questions about the segments there are: how they differ, what they are like, which are saved."""

from __future__ import annotations

import re

from assistant.builtin.annotate import Sentence, annotate
from assistant.builtin.lexicon import cue
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.segment_references import masked
from assistant.builtin.parsing.segment_rules import Rules
from assistant.builtin.parsing.segment_words import (
    asks_to_make,
    measures_something,
    named_segments,
    segments_people,
    wanted_number,
)
from assistant.builtin.request.edits import ListSegmentations, UseSegmentation
from assistant.builtin.request.outcome import Outcome, Reading, Reply
from assistant.builtin.request.rows import Aggregate, CrossTable
from assistant.builtin.request.segments import (
    CheckFairness,
    CompareSegmentations,
    CompareSegments,
    DescribeSegments,
    RuleSegment,
    SegmentByRules,
    TypicalCustomers,
    WriteRule,
)
from assistant.builtin.speaking import spoken
from tools.selecting import GroupBy, Measure


def read_fairness(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "is the segmentation fair?"."""
    if not words & cue("fairness"):
        return None
    protected = next(
        (
            i.links[0].column
            for i in sentence.items
            if i.links and catalog.columns[i.links[0].column].protected
        ),
        None,
    )
    return Reading((CheckFairness(column=protected),))


def read_comparison(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "compare segments 2 and 3", "are they really different?"."""
    text = " ".join(token.norm for token in sentence.tokens)
    asked = words & cue("segment_comparison") or "apart" in text
    if catalog.segments and text == "compare the current version with the previous version":
        return Reading((CompareSegmentations(first="previous version", second="current version"),))
    if catalog.segments and text == "compare the last two segmentations":
        return Reading((_last_two(catalog),))
    named = named_segments(sentence)
    if catalog.segments and asked:
        shown = masked(sentence.text, catalog, bare=True, that=False)
        named = list(dict.fromkeys(shown.segments)) if len(set(shown.segments)) == 2 else named
    if asked and len(named) >= 2 and not measures_something(sentence):
        return Reading((CompareSegments(first=named[0], second=named[1]),))
    if asked and catalog.segments and not measures_something(sentence):
        numbers = [str(int(i.number.value)) for i in sentence.items if i.number and i.number.unit is None]
        if len(numbers) == 2 and all(1 <= int(n) <= len(catalog.segments) for n in numbers) and not named:
            return Reading((CompareSegments(first=numbers[0], second=numbers[1]),))
    labels = _label_column(sentence, catalog) if asked or words & {"agree", "match"} else None
    if labels and (words & {"segment", "cluster", "group"} or (catalog.segments and words & cue("them"))):
        return Reading((CrossTable(rows="segment", columns=labels),))
    agree = words & {"agree", "overlap", "coincide"} or "segmentations" in text
    if agree and len(catalog.segmentations) >= 2 and not named and not measures_something(sentence):
        first, second = catalog.segmentations[-2:]
        return Reading((CompareSegmentations(first=first, second=second),))
    segmentations = [name for name in catalog.segmentations if name.lower() in sentence.text.lower()]
    if asked and len(segmentations) >= 2:
        return Reading((CompareSegmentations(first=segmentations[0], second=segmentations[1]),))
    if (
        asked
        and ({"segmentation", "segmentations", "version"} & words)
        and len(catalog.segmentations) >= 2
        and not named
    ):
        first, second = catalog.segmentations[-2:]
        return Reading((CompareSegmentations(first=first, second=second),))
    if (
        asked
        and words & {"segment", "cluster"}
        and not named
        and not measures_something(sentence)
        and "why" not in words
    ):
        return Reading((DescribeSegments(),))
    return None


def _last_two(catalog: Catalog) -> CompareSegmentations:
    """Return the comparison of the two segmentations made last, or of this one with what it was before."""
    if len(catalog.segmentations) < 2:
        return CompareSegmentations(first="previous version", second="current version")
    first, second = catalog.segmentations[-2:]
    return CompareSegmentations(first=first, second=second)


def _label_column(sentence: Sentence, catalog: Catalog) -> str | None:
    """Return the category behind "with" or "against": "compare the clusters with Segmentation"."""
    said = re.search(
        r"\b(?:with|against|to|and|versus|vs\.?|match(?:es)?)\b(?P<what>.+)$", sentence.text, re.IGNORECASE
    )
    links = [link for i in annotate(said["what"], catalog).items for link in i.links[:1]] if said else []
    if len(links) != 1 or links[0].score < 0.7 or links[0].column not in catalog.loaded:
        return None
    column = catalog.columns[links[0].column]
    return column.name if column.kind == "text" and 2 <= (column.n_distinct or 0) <= 30 else None


_PORTRAIT = re.compile(
    r"^(?:please )?(?:describe|profile|characteri[sz]e|tell me (?:more )?about|who are|what are) (?:the )?"
    r"(?P<name>(?-i:[A-Z])[\w'’-]*(?: [\w'’-]+){0,3}?)(?: segment| cluster| group| customers)?\s*[?.!]*$",
    re.IGNORECASE,
)


def read_unknown_name(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Say of "describe the Champions" that there is no such segment, where there is none."""
    said = _PORTRAIT.match(sentence.text.strip())
    if said is None or said["name"].isupper() or masked(sentence.text, catalog, that=False).segments:
        return None
    name = annotate(said["name"], catalog)
    plain = [i for i in name.items if i.links or i.values or (i.has("entity") and i.text not in name.mended)]
    if not name.items or plain:
        return None
    told = {"name": said["name"], "segments": catalog.segments}
    return Reply("clarify", "no_such_segment", told, tuple(catalog.segments) or ("Segment my customers",))


_MOST_VALUABLE = re.compile(
    r"(?:(?:and|so|but|now|ok) )*which (?:segment|cluster|group|tier)s? (?:is|are|would be|was) "
    r"(?:(?:the|our|my|then) )*(?P<how>best|top|most (?:valuable|profitable|important|lucrative|attractive)|"
    r"least (?:valuable|profitable|important|lucrative|attractive)|worst|worth (?:the )?(?:most|least))"
    r"(?: (?:one|for us|of all|to us))*\s*[?.!]*$",
    re.IGNORECASE,
)


def read_most_valuable(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "which segment is the most valuable?": by what its customers brought in, which the answer says."""
    said = _MOST_VALUABLE.match(sentence.text)
    if said is None:
        return None
    amount = catalog.table.amount
    if amount is None:
        numbers = [c.name for c in catalog.table.columns if c.kind == "number" and c.role in _MEASURED][:3]
        choices = tuple(f"Which segment has the highest average {spoken(catalog, name)}?" for name in numbers)
        return Reply("clarify", "by_what", {"word": said["how"], "columns": numbers}, choices)
    last = re.search(r"least|worst", said["how"], re.IGNORECASE)
    asked = Aggregate(
        measures=[Measure(statistic="sum", column=amount)], by=[GroupBy(column="segment")],
        order="ascending" if last else "descending", limit=1,
    )  # fmt: skip
    return Reading(
        (asked,),
        (f'I read "{said["how"]}" as the {"smallest" if last else "largest"} total of **{amount}**.',),
    )


_MEASURED = ("balance", "amount", "measure")
_PROFILE = cue("profile")
# "What makes the second one different", "how is Loyal unlike the rest", "what is typical of segment 2".
_TRAITS = re.compile(
    r"(?:(?:and|so|but|now|ok|tell me|say|explain|show me) )*(?:"
    r"(?:what|which \w+|what features?) (?:makes?|sets?|distinguish(?:es)?|separates?|defines?|"
    r"characteri[sz]es?|describes?|explains?) §0"
    r"(?: (?:so |really |that )*(?:different|special|apart|unique|stand out|unlike|distinct|unusual|tick|"
    r"what it is))?"
    r"|what(?:'s| is) (?:so |really )*(?:different|special|typical|characteristic|unique|distinctive|"
    r"noteworthy|striking|peculiar) (?:about|for|of|in|with) §0"
    r"|how (?:is|are|does|do) §0 (?:different|differ|special|unlike|distinct|stand out)"
    r"|what (?:kind|sort|type) of (?:people|customers?|clients?|members?) (?:is|are)(?: there)?(?: in)? §0"
    r"|who (?:is|are|sits?)(?: the \w+)? (?:in|behind|part of) §0|what(?:'s| is| are) in §0"
    r")(?: (?:from|to|than|compared (?:to|with)) (?:the |all )*(?:rest|others?|other (?:segments|ones|"
    r"groups)|"
    r"everyone else|everybody else))?\s*[?.!]*$",
    re.IGNORECASE,
)


def read_profile(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "describe each segment", "who is in segment 2", "what sets Night owls apart"."""
    shown = masked(sentence.text, catalog, that=False)
    if _TRAITS.match(shown.text) and len(set(shown.segments)) == 1:
        return Reading((DescribeSegments(segment=shown.segments[0]),), tuple(shown.notes))
    named = named_segments(sentence)
    if not named and (
        wanted_number(sentence) and not words & cue("segment_talk") or segments_people(sentence)
    ):
        return None
    plural = words & {"segment", "cluster"} and not (asks_to_make(sentence, words))
    if not (named or plural) or measures_something(sentence):
        return None
    others = [
        i for i in sentence.items if i.has("comparator") or i.values or (i.links and i.links[0].score > 0.8)
    ]
    if others or not words & _PROFILE and not (len(sentence.items) <= 2):
        return None
    return Reading((DescribeSegments(segment=named[0] if len(named) == 1 else None),))


_PORTRAIT_OF = re.compile(
    r"(?:(?:please|now|and|give me|show me|show|i want|draw) )*(?:an? |the )?"
    r"(?:(?:profile|portrait|description|characteristics) of|(?:describe|profile|characteri[sz]e)) "
    r"(?:the |our |my )?(?P<who>.+?)"
    r"(?:,? (?:against|versus|vs\.?|compared (?:to|with)|relative to) (?:the |all )*(?:rest|others?|other "
    r"\w+|average|"
    r"everyone else|everybody else).*)?$"
    r"|(?:how (?:do|are) |what (?:distinguishes|separates|sets) )(?:the |our )?(?P<who2>.+?)(?: apart)? "
    r"(?:differ(?:ent)? )?from (?:the |all |our )*(?:rest|others?|other [\w ]+|everyone else|everybody else|"
    r"good [\w ]+|normal [\w ]+|remaining [\w ]+|those who (?:do|did|are|have) not|non[- ]\w+)$",
    re.IGNORECASE,
)


def read_portrait(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "profile of platinum members against the rest": they are set apart as a segment and described."""
    said = _PORTRAIT_OF.match(sentence.text.strip().rstrip("?!. "))
    if said is None or masked(sentence.text, catalog, that=False).segments:
        return None
    who = said["who"] or said["who2"]
    rules = Rules(catalog)
    where = rules.conditions(who)
    if not where or words & {"segment", "segments", "cluster", "distribution", "column", "data"}:
        return None
    rest = Parts(annotate(who, catalog, customer_level=True), catalog).sentence
    if any(not item.senses and len(item.text) > 2 for item in rest.items):
        return None
    for item in sentence.items:
        item.used = True
    name = who[:1].upper() + who[1:]
    asked = SegmentByRules(segments=[RuleSegment(name=name, where=where)], otherwise="Everyone else")
    note = f"To compare them I set **{name}** apart as a segment."
    return Reading((asked, DescribeSegments(segment=name)), (*rules.notes, note))


def read_typical(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "show typical customers of segment 2"."""
    if words & {"borderline", "border"} and not words & {"move", "shift", "set"} and catalog.segments:
        shown = masked(sentence.text, catalog, that=False).segments
        return Reading((TypicalCustomers(segment=shown[0] if len(shown) == 1 else None),))
    typical = words & {"typical", "representative", "prototype", "prototypical", "example", "exemplar"}
    named = named_segments(sentence)
    if (
        typical
        and (words & {"customer", "member", "people", "person", "client"})
        and (words & {"segment", "cluster"} or named)
    ):
        return Reading((TypicalCustomers(segment=named[0] if named else None),))
    return None


def read_rule_request(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "give me a rule for 'Loyal'"."""
    if catalog.segments and "sql" in words and len(sentence.tokens) <= 5 and not named_segments(sentence):
        return Reading((WriteRule(),))
    asks = words & cue("rule_noun")
    if not asks or not (words & cue("rule_request")):
        return None
    if words & {"segment", "cluster"} and any(item.has("comparator") for item in sentence.items):
        return None
    named = named_segments(sentence)
    quoted = next((item.senses["quoted"] for item in sentence.items if item.has("quoted")), None)
    them = catalog.segments and words & {"these", "them", "those"}
    if named or quoted or words & {"segment", "cluster"} or them:
        return Reading((WriteRule(segment=named[0] if named else quoted),))
    return None


def read_saved(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read requests for saved segmentations: list them, switch to one."""
    text = " ".join(token.norm for token in sentence.tokens)
    if (
        "segmentation" in words
        and words & {"which", "list", "all", "saved", "have", "what"}
        and words & {"list", "saved", "exist", "have", "there"}
    ):
        return Reading((ListSegmentations(),))
    if text.startswith(("use ", "switch ", "go back to the ", "activate ", "take ")) or words & {
        "switch",
        "activate",
    }:
        name = next((name for name in catalog.segmentations if name.lower() in text), None)
        if name is None and "rfm" in words:
            name = next((name for name in catalog.segmentations if "rfm" in name.lower()), None)
        if name:
            return Reading((UseSegmentation(name=name),))
    return None

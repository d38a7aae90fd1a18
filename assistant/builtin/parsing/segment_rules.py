"""Reads segments that a person defines: by conditions, bands or values of a column, one purchase or more."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.builtin.annotate import Sentence, annotate
from assistant.builtin.lexicon import cue, phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.ages_of_customers import take_ages_of_customers
from assistant.builtin.parsing.conditions import take_conditions
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.segment_ever import at_any_time
from assistant.builtin.parsing.tables import for_customers
from assistant.builtin.parsing.times import take_times
from assistant.builtin.parsing.values import take_flags
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.segments import RuleSegment, SegmentByRules
from tools.selecting import Condition

UNNAMED = "Selected customers"
_REST = (
    r"(?:all )?(?:the )?(?:rest|others?|remaining(?: ones| customers)?)|everyone else|everybody "
    r"else|anyone else|all else|"
    r"otherwise|else|those who (?:don't|do not|didn't|did not|haven't|have not|aren't|are not)|"
    r"those without|not"
)
_NAMES = (
    r"=|->|→|:|\bis called\b|\bare called\b|\bcalled\b|\bnamed\b|\bcall(?: them| it| these| this)?\b|"
    r"\blabel(?: them)?\b|\bas\b|\bmeans\b|\bis\b|\bare\b|\bbecome\b|"
    r"\bwith\b|\bif\b|\bwhere\b|\bwho\b|\bwhose\b"
)
_COMPUTED = re.compile(r"\w ?[*×] ?\w")  # a product of columns is none of what is known of a customer
_QUOTE = "\"'“”‘’`"


@dataclass
class Rules:
    """Segments read so far, with the name of the rest and how words were read."""

    catalog: Catalog
    segments: list[RuleSegment] = field(default_factory=list)
    otherwise: str | None = None
    notes: list[str] = field(default_factory=list)

    def conditions(self, text: str) -> list[Condition]:
        """Return the conditions on customers that a text states; none if it states anything else."""
        if not text.strip(f" {_QUOTE}") or len(text.split()) > 40 or _COMPUTED.search(text):
            return []
        people = re.sub(
            r"^(?:those|people|everyone|everybody|all|the ones)\b", "customers", text.strip(), flags=re.I
        )
        parts = Parts(annotate(people, self.catalog, customer_level=True), self.catalog)
        parts.customers_table = True
        take_ages_of_customers(parts)
        take_times(parts)
        take_conditions(parts)
        take_flags(parts)
        if any(i.number and not i.links for i in parts.sentence.unexplained()):
            return []
        told = at_any_time(parts, list(parts.where))
        if told is None:
            return []
        where = for_customers(parts, told, dates=True) if self.catalog.has_features else told
        self.notes += [note for note in parts.notes if note not in self.notes] if where else []
        return where

    def add(self, name: str, where: list[Condition]) -> None:
        """Add a segment, numbered if its name is taken."""
        taken = {segment.name for segment in self.segments}
        free = name if name not in taken else f"{name} {len(taken) + 1}"
        self.segments.append(RuleSegment(name=free, where=where))


# "Callers who waited two minutes: how many were dropped?" defines nothing.
_ASKS = re.compile(
    r":\s*(?:and |then )?(?:how (?:many|much|often|long|old)|what|which|when|where|(?:the )?(?:percent|"
    r"percentage|share|proportion|number|count|rate)\b)|:\s*(?:the )?%",
    re.IGNORECASE,
)


def read_rules(sentence: Sentence, catalog: Catalog, words: set[str]) -> Outcome | None:
    """Read "Make a segment 'Sleepers': balance above 1 lakh and nothing bought for 60 days"."""
    text = sentence.text.strip().rstrip("?!. ")
    asks = sentence.has("statistic") or text.lower().startswith(("share", "percent", "proportion"))
    if not _defines(text, sentence, words) or asks and not re.search("[:=]", text) or _ASKS.search(text):
        return None
    rules = Rules(catalog)
    text = _AT.sub(r"\g<column> above \g<n> ", text)
    text = re.sub(r"[\s,]+(?:as|into|in) (?:two|2|three|3) (?:segments|groups)$", "", text)
    text = re.sub(r"^([\w -]{3,40}?) \(([^()]+)\)", r"\1 = \2", text)
    body = _without_rest(without_lead(text), rules)
    body = _after_naming(body, rules)
    for clause in _clauses(body, rules):
        _add_clause(clause, rules)
    named = [segment for segment in rules.segments if segment.name != UNNAMED]
    one = re.search(
        r"\b(?:a|an|another|one more|new|this|that|following) (?:\w+ )?(?:segment|group|audience|cluster)\b",
        text,
        re.I,
    )
    if not rules.segments or not (named or rules.otherwise is not None or one or re.search("[:=]", text)):
        return None
    asked = {"segments": rules.segments, **({"otherwise": rules.otherwise} if rules.otherwise else {})}
    return Reading((SegmentByRules.model_validate(asked),), tuple(dict.fromkeys(rules.notes)))


# "split customers at a credit limit of 5000: above is Premium"
_AT = re.compile(
    r"^.*?\bat (?:an? |the )?(?P<column>[\w\s]+?) (?:of |= ?)?(?P<n>[\d.,]+\w*)"
    r"\s*[:,;]\s*(?:those )?(?:above|over|more)\b\s*",
    re.IGNORECASE,
)


# "full payers are those who ...", "dormant (last order before 2006) against the others"
_WITH_NAME = re.compile(
    r"^(?!(?:who|what|which|how|why|when|where|is|are|do|does)\b)[\w -]{3,40} (?:are|=) "
    r"(?:those|customers|people|members|clients|the ones)\b|"
    r"^[\w -]{3,40} \([^()]+\) (?:and|vs\.?|versus|against)\b",
    re.IGNORECASE,
)


# "users with at least 10 payments are Regulars, all others Occasional": names stand in capitals
_NAMED_BY_CAPITALS = re.compile(
    r"^(?!(?i:who|what|which|how|why|when|where|is|are|do|does|did|show|list|count)\b).*"
    r"\b(?:are|become|=) (?:the |a )?[A-Z][\w-]*(?: [A-Z]?[\w-]+)?\s*(?:,|;|\band\b|$)"
)


def _defines(text: str, sentence: Sentence, words: set[str]) -> bool:
    """Tell whether a sentence may define segments: it speaks of them, or gives names to conditions."""
    asks = sentence.has("share", "share") or sentence.has("count", "how_many")
    if asks and not re.search(r"[:=]|→|->", text):
        return False  # "share of calls where the wait is over a minute"
    noun = words & cue("rule_segment_noun")
    verb = words & cue("rule_segment_verb")
    halves = re.search(r"\b(?:in|into) (?:two|2|three|3)\b", text, re.IGNORECASE) and words & {
        "split",
        "divide",
        "group",
    }
    gives = re.search(r"(?:^|[\s\"'“”‘’])=|→|->", text) and re.search(
        rf"\b(?:{_REST})\b", text, re.IGNORECASE
    )
    named = _WITH_NAME.search(text) or _NAMED_BY_CAPITALS.search(text)
    if named and re.search(rf"\b(?:{_REST})\b", text, re.IGNORECASE):
        return True
    if re.search(r"\b(?:by|per|using)\b", text) and not re.search(
        r"[:=]|\b(?:where|who|whose|with|call)\b", text
    ):
        return False
    return bool(_AT.match(text) or noun and (verb or ":" in text or "=" in text) or halves or gives)


def without_lead(text: str) -> str:
    """Leave out what only announces the rules: "split customers in two:", "make a segment"."""
    lead = (
        r"^(?:please |can you |could you |now |and |let's |i want (?:you )?to |i'd like (?:you )?to )*"
        r"(?:(?:make|create|define|build|add|set up|give me|form|split|divide|segment|group|put|"
        r"label|tag|mark)\b\s*)?"
        r"(?:(?:my|our|the|all|these|those) )*(?:customers|clients|people|everyone|them|users|"
        r"members|flyers|buyers|subscribers|shoppers)?\s*"
        r"(?:(?:in|into) (?:two|three|four|2|3|4)(?: (?:groups|segments|parts))?)?\s*"
        r"(?:(?:a|an|another|one|two|three|four|new|the|following|\d) )*(?:segments?|groups?|"
        r"audiences?|clusters?|rules?)?\s*"
        r"(?:for|of|with|containing|where|who are|who|whose|by rules?)?\s*[:,-]?\s*"
    )
    return re.sub(lead, "", text, count=1, flags=re.IGNORECASE)


def _without_rest(text: str, rules: Rules) -> str:
    """Take "..., the rest 'Normal'" off the end."""
    found = re.search(
        rf"[\s,;.]*\b(?:and|vs\.?|versus|or|against)?[\s,]*\b(?P<rest>{_REST})\b(?: (?:customers|"
        rf"people|of them|members))?\s*"
        rf"(?:is|are|as|=|:|->|→|called|named|goes? (?:in)?to|should be|call them|becomes?)"
        rf"*\s*(?P<name>[\w\s{_QUOTE}-]{{0,40}})$",
        text,
        re.IGNORECASE,
    )
    if found and found["rest"].lower() == "not" and found["name"].strip():
        denied = found["name"].strip(f" {_QUOTE}")  # "reachable (opted in) and not reachable"
        if not re.match(rf"[\w ]*\b{re.escape(denied)}\b[\w ]*(?:\(|=|:)", text, re.IGNORECASE):
            return text
        rules.otherwise = f"Not {denied}"
        return text[: found.start()]
    if not found:
        return text
    name = re.sub(r"\s*\b(?:as )?(?:segments?|groups?)$", "", found["name"]).strip(f" {_QUOTE}")
    name = re.sub(r"^(?:an?|the) ", "", name)
    if not name and found["rest"][:1].isupper():
        name = found["rest"]  # "full payers ... and Others"
    rules.otherwise = name[:1].upper() + name[1:]
    return text[: found.start()]


def _after_naming(text: str, rules: Rules) -> str:
    """Read "called At risk: tenure below 6" and "'VIP' with spend over 100" as a name and one clause."""
    found = re.match(
        r"^(?:called|named|call it|name it)?\s*(?:[\"“'‘`](?P<quoted>[^\"”’'`]+)[\"”’'`]|(?<=\s)"
        r"(?P<name>(?!.*=)[\w\s&-]{2,40}?))"
        r"(?:\s*[:=]|\s+(?:with|for|where|who|whose|of|if|means|as|are|is)\b|\s*,)\s*(?P<rest>.+)$",
        text if not re.match(r"(?:called|named)\b", text) else text,
        re.IGNORECASE,
    )
    plain = re.match(
        r"^(?:called|named|call it|name it)\s+(?P<name>[\w\s&-]{2,40}?)"
        r"(?:\s*[:=]|\s+(?:with|for|where|who|whose|of|if|means|as|are|is)\b|\s*,)\s*(?P<rest>.+)$",
        text,
        re.IGNORECASE,
    )
    chosen = plain or (found if found and found["quoted"] else None)
    if not chosen:
        return text
    name = chosen["name"] if plain else chosen["quoted"]
    quoted = len(re.findall(r"[\"“'‘`][^\"”’'`]+[\"”’'`]", text))
    where = rules.conditions(chosen["rest"]) if quoted < 2 else []
    if not where or rules.conditions(name):
        return text
    rules.add(name.strip(), where)
    return ""


def _clauses(text: str, rules: Rules) -> Iterable[str]:
    """Cut at commas and semicolons, and join again what is no rule by itself."""
    pieces = [
        p for p in re.split(r"\s*;\s*|\s*,(?!\d)\s*(?:and\s+)?|\s+and\s+(?=[\"“'‘`])", text) if p.strip()
    ]
    held = ""
    for piece in pieces:
        whole = f"{held}, {piece}" if held else piece
        if rules.conditions(whole):
            if held and not rules.conditions(piece) and not _name_of(whole, rules)[0]:
                held = whole
                continue
            yield whole
            held = ""
        else:
            held = whole
    if held and rules.conditions(held):
        yield held


def _add_clause(clause: str, rules: Rules) -> None:
    name, where = _name_of(clause, rules)
    if where:
        rules.add(name or UNNAMED, where)


_TOLD = re.compile(
    r"^(?P<name>[\w-]+(?: [\w-]+){0,2}) (?:are|=) "
    r"(?P<who>(?:those|customers|people|members|clients|the ones)\b.+)$",
    re.IGNORECASE,
)


def _name_of(clause: str, rules: Rules) -> tuple[str, list[Condition]]:
    """Return the name and the conditions of "VIP = spend over 100" or "spend over 100 is 'VIP'"."""
    defined = _TOLD.match(clause)
    if defined and (where := rules.conditions(defined["who"])):
        return _bare(defined["name"]), where
    for found in re.finditer(_NAMES, clause, re.IGNORECASE):
        left, right = clause[: found.start()].strip(" ,"), clause[found.end() :].strip(" ,")
        if not left or not right:
            continue
        before, after = rules.conditions(left), rules.conditions(right)
        symbol = not found[0].strip().isalpha()
        told = bool(re.match(r"\s*(?:call|named|label|is called|are called)", found[0], re.IGNORECASE))
        if before and told and len(_bare(right).split()) <= 4:
            return _bare(right), before
        if before and not after and _may_name(right, symbol):
            return _bare(right), before
        if after and not before and (_may_name(left, symbol) or _calls(found[0], left, rules)):
            return _bare(left), after
    quoted = re.search(r"[\"“'‘`]([^\"”’'`]+)[\"”’'`]", clause)
    rest = clause.replace(quoted[0], " ") if quoted else clause
    where = rules.conditions(rest)
    if quoted and where:
        return quoted[1].strip(), where
    return "", rules.conditions(clause)


def _calls(word: str, text: str, rules: Rules) -> bool:
    """Tell whether words before "with", "if" or "are" name a segment: "full payers", not "customers"."""
    if word.lower() not in ("with", "if", "where", "who", "whose", "are") or len(_bare(text).split()) > 3:
        return False
    sentence = annotate(_bare(text), rules.catalog, customer_level=True)
    return any(not item.has("entity") and not item.has("logic") for item in sentence.items)


def _may_name(text: str, symbol: bool) -> bool:
    """Tell whether words are a name: in quotes, beside a sign, or in capitals."""
    bare = _bare(text)
    short = 0 < len(bare.split()) <= 4 and not re.search(r"[<>]", bare) and re.search(r"[^\W\d]", bare)
    return bool(short) and (symbol or text.strip()[:1] in _QUOTE or bare[:1].isupper())


def _bare(text: str) -> str:
    return re.sub(
        rf"^(?:(?:{'|'.join(phrases('name_lead'))}|and|those|a|an)\s+)+", "", text.strip(), flags=re.I
    ).strip(f" {_QUOTE}.,")

"""Changes the newest search for segments: other features, customers or options of it."""

from __future__ import annotations

import re
from typing import Any

from assistant.builtin.annotate import Item, annotate
from assistant.builtin.lexicon import phrases
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.conditions import take_conditions
from assistant.builtin.parsing.negation import OPPOSITE
from assistant.builtin.parsing.parts import Parts
from assistant.builtin.parsing.segment_features import take_features
from assistant.builtin.parsing.segment_options import read_options
from assistant.builtin.parsing.segment_rules import Rules
from assistant.builtin.parsing.tables import for_customers
from assistant.builtin.parsing.values import take_flags
from assistant.builtin.request.outcome import Outcome, Reading
from assistant.builtin.request.segments import FindSegments
from tools.selecting import Condition

# "Ignore the number of orders" counts nothing: it names a feature.
LEAVES_OUT = re.compile(
    r"\s*(?:(?:please|now|and|but|ok)[, ]+)*(?:ignor(?:e|ing)|leav(?:e|ing) out|omit|skip|exclud(?:e|ing)|"
    r"without|drop|don't use|do not use) (?:the )?(?:number|count|total|average|mean|largest)\b",
    re.IGNORECASE,
)


def searched_again(text: str, plain: str, last: FindSegments, catalog: Catalog) -> Outcome | None:
    """Search again with other options, features or customers."""
    options = read_options(text, catalog)
    changes: dict[str, Any] = dict(options.found)
    if "weights" in changes:
        changes["weights"] = {**last.weights, **changes["weights"]}
    swapped = _swapped(options.text, last, catalog)
    if swapped is not None:
        return _again(last, {**changes, **swapped}, ())
    lead = re.match(
        rf"(?:(?:and|but|now|please|ok|no|then|also|same|the same|again)\s+)*"
        rf"(?:{'|'.join(phrases('leave_out_lead'))})\b", plain
    )  # fmt: skip
    left_out = _people_left_out(options.text, plain[lead.end() :], last, catalog) if lead else None
    if left_out is not None:
        return _again(last, {**changes, "where": left_out}, ())
    named_plainly = re.sub(_FEATURE_NOUN, " ", options.text, flags=re.IGNORECASE)
    sentence = annotate(named_plainly, catalog, customer_level=bool(LEAVES_OUT.match(text)))
    parts = Parts(sentence.fresh(), catalog)
    if lead is None:
        parts.customers_table = catalog.has_features
        take_conditions(parts)
        if plain.startswith(phrases("population_lead")):
            take_flags(parts)
    used, ignored = take_features(parts)
    named = [name for item in parts.sentence.items if not item.used and (name := feature_of(item, parts))]
    if lead or "ignore" in changes:
        gone = [*last.ignore, *changes.get("ignore", ()), *ignored, *used, *named]
        changes["ignore"] = list(dict.fromkeys(gone))
        changes |= {"features": [f for f in last.features if f not in gone]} if last.features else {}
    elif _ADDS.match(plain) and (used or named):
        added = [*used, *named]
        changes["ignore"] = [name for name in last.ignore if name not in added]
        changes["features"] = list(dict.fromkeys([*last.features, *added])) if last.features else []
    elif used or ignored:
        changes |= {"features": used} if used else {}
        gone = [name for name in (*last.ignore, *ignored) if name not in used]
        changes["ignore"] = list(dict.fromkeys(gone))
    if any(c.column == "segment" for c in parts.where):
        return None
    if parts.where:
        changes["where"] = (
            for_customers(parts, parts.where, dates=True) if catalog.has_features else parts.where
        )
    elif _EVERYONE.search(plain) and last.where:
        changes["where"] = []
    return _again(last, changes, tuple(parts.notes))


_EVERYONE = re.compile(r"\b(everyone|everybody|all customers|the whole base|all of them)\b")
_ADDS = re.compile(
    r"(?:(?:and|now|please|ok|then)\s+)*"
    r"(?:add|include|also use|use also|(?:bring|put|take)(?= (?:\w+ ){0,4}back\b))\b"
)


def _again(last: FindSegments, changes: dict[str, Any], notes: tuple[str, ...]) -> Reading | None:
    """Return the changed search; None where nothing changes."""
    changed = last.model_copy(update=changes)
    if not changes or changed == last:
        return None
    known = {n: w for n, w in changed.weights.items() if n not in changed.ignore}
    if changed.features:
        known = {name: weight for name, weight in known.items() if name in changed.features}
    return Reading((changed.model_copy(update={"weights": known}),), notes)


def _swapped(text: str, last: FindSegments, catalog: Catalog) -> dict[str, Any] | None:
    """Return the features after "use balance instead of age"; None where no feature takes another's place."""
    for pattern in _SWAPS:
        found = pattern.search(text)
        if found is None:
            continue
        old, new = (_features_named(found[name], catalog) for name in ("old", "new"))
        if not old or not new:
            return None
        features = [f for f in last.features if f not in old]
        return {
            "features": list(dict.fromkeys([*features, *new])) if last.features else [],
            "ignore": list(dict.fromkeys([*(f for f in last.ignore if f not in new), *old])),
        }
    return None


_SWAPS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:use |take |with |try |put in )?(?P<new>[\w ]+?) (?:instead of|rather than|in place of) "
        r"(?P<old>[\w ]+)$",
        r"instead of (?P<old>[\w ]+?),? (?:use|take|try|put in|with) (?P<new>[\w ]+)$",
        r"(?:replace|swap|exchange) (?P<old>[\w ]+?) (?:with|by|for|against) (?P<new>[\w ]+)$",
    )
)


def _features_named(text: str, catalog: Catalog) -> list[str]:
    parts = Parts(annotate(text, catalog, customer_level=True).fresh(), catalog)
    return [name for item in parts.sentence.items if (name := feature_of(item, parts))]


def _people_left_out(text: str, rest: str, last: FindSegments, catalog: Catalog) -> list[Condition] | None:
    """Return who is left to segment after "without students"; None for features."""
    who = Rules(catalog).conditions(rest)
    if len(who) != 1 or re.search(_FEATURE_NOUN, text, re.IGNORECASE) and "feature" in text.lower():
        return None
    (one,) = who
    flagged = catalog.is_flag(one.column) and not _PEOPLE.search(rest)
    if flagged and not any(t.lemma != t.norm for t in annotate(rest, catalog).tokens):
        return None  # "without partner" names the feature, "without seniors" people
    out = one.model_copy(update={"is_": OPPOSITE.get(one.is_, one.is_)})
    return [*(c for c in last.where if c not in (one, out)), out]


_PEOPLE = re.compile(
    r"\b(?:those|customers?|clients?|people|members?|users?|subscribers?|anyone|anybody|everyone|ones|who|"
    r"guests?)\b"
)
_FEATURE_NOUN = (
    r"\b(?:from|to|as|in|of)? ?(?:the |a |an )?"
    r"(?:features?|variables?|inputs?|mix|model|clustering|thing|stuff|bit)\b"
)


def feature_of(item: Item, parts: Parts) -> str | None:
    """Return the customer feature that an item names."""
    if item.has("feature"):
        return str(item.senses["feature"])
    return (
        parts.as_feature(item.links[0].column) if item.links and not item.has("entity", "customer") else None
    )

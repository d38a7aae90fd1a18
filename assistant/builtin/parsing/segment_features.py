"""Reads which features of customers a search uses or leaves out, and who the users of something are."""

from __future__ import annotations

import re

from assistant.builtin.annotate import Item, Sentence, annotate
from assistant.builtin.linking import Catalog
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.request.outcome import Reply
from assistant.builtin.tokens import key_of
from tools.customers.behaviour import slug
from tools.selecting import Condition


def take_features(parts: Parts) -> tuple[list[str], list[str]]:
    """Return the features to use ("by", "on", "using") and those to leave out ("without", "ignore")."""
    wanted: list[str] = []
    ignored: list[str] = []
    mode = ""
    for index, item in enumerate(parts.sentence.items):
        word = item.text.lower()
        if item.has("logic", "not"):
            mode = "ignore"
            item.used = True
            continue
        if (
            item.has("by")
            or word in ("on", "using", "use", "from")
            or (item.has("logic", "with") and word in ("using", "use", "on"))
        ):
            mode = mode if mode == "ignore" and word in ("using", "use") else "use"
            continue
        if item.has("comparator") or item.has("comparator_age"):
            mode = ""
        if mode == "use" and wanted and item.values and not item.used and not item.links:
            _as_share(item, wanted, parts)
            continue
        family = _family(index, parts) if mode and not item.used else []
        if family:
            item.used = True
            (wanted if mode == "use" else ignored).extend(family)
            continue
        name = None if item.has("entity", "customer") else parts.feature_of(index)
        if name is None and item.has("entity", "transaction") and mode:
            name = parts.feature("n_transactions")  # "by age and orders"
        if item.has("entity", "transaction", "row") and mode and _counts(index, parts):
            name = parts.feature("n_transactions") or name  # "by age and number of bookings"
        if name is None and item.has("entity", "transaction", "row") and mode:
            name = _named_by(item, parts)
        before = [t.norm for t in parts.sentence.tokens[max(0, item.start - 3) : item.start]]
        if name and not mode and set(before) & {"on", "using", "based", "upon"}:
            mode = "use"
        if name and not mode and set(before[-1:]) & _ONLY and _begins_features(index, parts):
            mode = "use"
        if name and set(before) & {"leave", "leaving", "drop", "omit", "skip", "ignore"}:
            mode = "ignore"
        if item.links and not name and mode == "use" and not item.used and item.links[0].score > 0.8:
            parts.note(
                f"**{item.links[0].column}** is nothing that is known of each customer, so it is left out."
            )
        following = parts.sentence.at(index + 1)
        compared = following is not None and (following.has("comparator") or following.has("comparator_age"))
        if name and mode and not compared and not item.used:
            item.used = True
            (wanted if mode == "use" else ignored).append(name)
    return list(dict.fromkeys(wanted)), list(dict.fromkeys(ignored))


_ONLY = {"only", "just"}


def _begins_features(index: int, parts: Parts) -> bool:
    """Tell whether an item is a number of customers and tells of no people: "just balance and purchases"."""
    item, after = parts.sentence.items[index], parts.sentence.at(index + 1)
    name = parts.feature_of(index)
    people = item.has("entity", "customer") or after is not None and after.has("entity", "customer")
    return name is not None and not parts.catalog.is_flag(name) and parts.is_number(name) and not people


def _counts(index: int, parts: Parts) -> bool:
    """Tell whether the rows themselves are counted: "number of bookings"."""
    before = parts.sentence.at(index - 1)
    return before is not None and before.has("count")


def _as_share(item: Item, wanted: list[str], parts: Parts) -> None:
    """Take a value in a list of features for the share of a customer's rows that have it, if it is known."""
    item.used = True
    for value in item.values:
        share = parts.feature(f"share_{slug(value.column)}_{slug(str(value.value))}")
        if share is not None:
            wanted.append(share)
            return
    parts.note(f'"{item.text}" is nothing that is known of each customer as a number, so it is left out.')


_ALL = {"all", "every", "any"}
_COLUMNS = re.compile(
    r"(?:columns|features|variables|fields|metrics|measures|inputs|ones|stuff|things)", re.IGNORECASE
)
_SURE = 0.95  # score of a link from which on words name one column


def _family(index: int, parts: Parts) -> list[str]:
    """Return the features of "all the frequency columns": all those whose names hold the word."""
    item = parts.sentence.items[index]
    tokens = parts.sentence.tokens
    after = tokens[item.end].text if item.end < len(tokens) else ""
    before = {token.norm for token in tokens[max(0, item.start - 2) : item.start]}
    several = _COLUMNS.fullmatch(after) or (before & _ALL and item.text.lower().endswith("s"))
    if not several or (item.links and item.links[0].score > _SURE):
        return []
    found = _holding(item, parts)
    return found if len(found) > 1 else []


def _named_by(item: Item, parts: Parts) -> str | None:
    """Return the one number whose name holds the noun of a row: "stays" are Stays12M."""
    found = [name for name in _holding(item, parts) if parts.is_number(name)]
    return found[0] if len(found) == 1 else None


def _holding(item: Item, parts: Parts) -> list[str]:
    """Return the columns of customers whose names hold the words of an item."""
    words = {word for word in key_of(item.text) if word.isalpha()}
    table = parts.catalog.customers if parts.catalog.has_features else parts.catalog.table
    columns = table.columns if table is not None else ()
    return [
        column.name
        for column in columns
        if words and words <= set(key_of(" ".join(parts.catalog.words_of.get(column.name, ()))))
        and column.role not in ("customer_key", "row_key", "index")
    ]  # fmt: skip


_USERS = re.compile(
    r"\b(?:among|of|for|only|from|within) (?:only )?(?:the )?(?:those|ones|customers|people|clients|"
    r"members|users)"
    r"(?:(?: who| that| which)? (?:actually |ever |do )?(?:use|used|make|made|take|took|have used|have made)|"
    r"(?<=those|.ones) using)"
    r"(?: (?:any|some|the|of))* (?P<what>[a-z][\w ]+?)(?=$|[,;.]| (?:only|by|on|into|in|with|using)\b)",
    re.IGNORECASE,
)


_BUYERS = re.compile(
    r"\b(?:who|that|which) (?:have |has |ever |actually |already )*(?:bought|purchased|ordered|spent|paid)"
    r"(?: (?:something|anything|at all|at least once|once or more|some money))\b",
    re.IGNORECASE,
)


def buyers_of(parts: Parts) -> list[Condition]:
    """Read "those who bought something" where customers are known by what they bought in all."""
    said = _BUYERS.search(parts.sentence.text)
    amount = parts.catalog.table.amount
    if said is None or parts.catalog.has_features or amount is None or parts.column(amount).minimum != 0:
        return []
    for item in parts.sentence.items:
        if said.start() <= parts.sentence.tokens[item.start].start < said.end():
            item.used = True
    parts.note(f"Those who bought something are the customers with **{amount}** above 0.")
    return [condition(amount, "above", 0)]


def rows_left_out(sentence: Sentence, catalog: Catalog) -> Reply | None:
    """Say that a search stands on all rows of a customer, where some are to be left out of it.

    "Without failed payments" is neither a feature to leave out nor a condition on customers.
    """
    for at, item in enumerate(sentence.items if catalog.has_features else ()):
        if not item.has("logic", "not"):
            continue
        behind = sentence.items[at + 1 : at + 4]
        said = next((one for one in behind if one.values or one.links), None)
        noun = next((one for one in behind if one.has("entity", "row", "transaction")), None)
        flag = said is not None and (said.values or catalog.is_flag(said.links[0].column))
        if said is None or noun is None or said is noun or not flag:
            continue
        tokens = sentence.tokens
        text = (
            sentence.text[: tokens[item.start].start].rstrip(" ,") + sentence.text[tokens[noun.end - 1].end :]
        )
        told = {"rows": noun.text, "said": sentence.text[tokens[item.start].start : tokens[noun.end - 1].end]}
        return Reply("clarify", "rows_left_out", told, (" ".join(text.split()),))
    return None


def users_of(parts: Parts) -> list[Condition]:
    """Read "those who use cash advance": the customers with a number above 0; its words are used."""
    said = _USERS.search(parts.sentence.text)
    if said is None:
        return []
    named = Parts(annotate(said["what"], parts.catalog, customer_level=True), parts.catalog)
    name = next(
        (found for place in range(len(named.sentence.items)) if (found := named.feature_of(place))), None
    )
    if name is None or not parts.is_number(name) or parts.catalog.is_flag(name):
        return []
    for item in parts.sentence.items:
        if said.start("what") <= parts.sentence.tokens[item.start].start < said.end():
            item.used = True
    parts.note(f"Those who use it are the customers with **{name}** above 0.")
    return [condition(name, "above", 0)]


def banded(parts: Parts) -> str | None:
    """Return the number of customers that words name, to be cut into ranges."""
    for index, item in enumerate(parts.sentence.items):
        counts = item.has("entity", "transaction", "row") and not item.has("feature")
        if counts and parts.feature("n_transactions"):
            return "n_transactions"
        if item.has("feature") or not item.links or parts.is_number(item.links[0].column):
            named = parts.feature_of(index) or (item.links[0].column if item.links else None)
            if named:
                return named
    return None

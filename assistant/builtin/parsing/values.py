"""Reads values of categories and yes/no columns as filters, in lists and side by side."""

from __future__ import annotations

from assistant.builtin.linking import ValueLink
from assistant.builtin.parsing.negation import add_condition, affirmed, take_negation
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.parsing.segment_references import letter_place
from assistant.builtin.sentence import Item
from assistant.builtin.tokens import key_of

_SMALL = 30  # contents at most of a category whose contents say which rows


def cell_named(parts: Parts, column: str, text: str) -> str | float | bool | None:
    """Return the cell content of a column that a text names, yes and no included."""
    for value, _ in parts.column(column).values:
        if value.strip().lower() == text.strip().lower():
            return value
    answers = parts.catalog.yes_no(column)
    if answers and text.lower() in ("yes", "true", "y"):
        return answers[0]
    return answers[1] if answers and text.lower() in ("no", "false", "n") else None


def take_ways_of_paying(parts: Parts) -> None:
    """Read "paid by card" and "pay in cash" as how it was paid: no amount, and nobody who paid."""
    for index, item in parts.sentence.free():
        if item.text.lower().partition(" ")[0] not in ("pay", "pays", "paid", "paying", "payed", "settled"):
            continue
        for step in (1, 2, 3):
            near = parts.sentence.at(index + step)
            ways = [k for k in near.values if _WAYS & set(parts.catalog.words_of[k.column])] if near else []
            late = step == 1 and near is not None and near.column is not None and not near.values
            if late and near and parts.catalog.is_flag(str(near.column)):
                own = set(parts.catalog.words_of[str(near.column)])
                item.used = item.used or bool(own & _WAYS)  # "pays late" is what paid_late says
            if near is None or near.links and near.links[0].how == "name" and not ways:
                break
            if ways:
                near.senses = {"value": tuple(ways)}
                item.used = True
                for between in parts.sentence.items[index + 1 : index + step]:
                    between.used = between.used or between.has("by") or between.has("logic", "with")
                break


_WAYS = frozenset({"payment", "pay", "paid", "tender", "payer", "paying", "billing"})


def take_values(parts: Parts) -> None:
    """Read values of categories, with negation and lists: "women in Mumbai or Delhi, not in Pune"."""
    runs: dict[str, list[tuple[int, ValueLink, bool, str]]] = {}
    joined = ""
    negated_run = False
    for index, item in enumerate(parts.sentence.items):
        if item.used or not _is_value(parts, index):
            if not (item.has("logic", "and", "or") or item.has("compare")):
                negated_run = False
            joined = item.senses.get("logic", "") or ("versus" if item.has("compare") else "")
            continue
        link = _value_link(parts, index)
        negated = take_negation(parts, index) or (negated_run and joined in ("and", "or"))
        negated_run = negated
        runs.setdefault(link.column, []).append((index, link, negated, joined))
        item.used = True
        joined = ""
    for column, found in runs.items():
        _add_values(parts, column, found)


def _is_value(parts: Parts, index: int) -> bool:
    """Tell whether an item is meant as a cell content rather than as one of its other meanings."""
    item = parts.sentence.items[index]
    if not item.values and not _completes_its_like(parts, index):
        return False
    if _beside_its_like(parts, index) or _says_which_rows(parts, index):
        return True
    others = set(item.senses) - {"value", "quoted", "filler", "role", "grain"}
    if _names_kind(parts, item):
        others -= {"entity"}
    if parts.time is None:
        others -= {"weekday", "period"}
    if item.end - item.start > 1 and others <= {"number", "period", "ordinal", "logic"}:
        return True
    if not others or item.text[:1].isupper() and index > 0 and not item.links:
        return True
    before, after = parts.sentence.at(index - 1), parts.sentence.at(index + 1)
    columns = {near.column for near in (before, after) if near and near.links}
    if any(link.column in columns for link in item.values):
        return not (item.links and item.links[0].score >= 1)
    return others <= {"condition_verb", "column", "antonym", "missing", "superlative"} and not item.links


def _completes_its_like(parts: Parts, index: int) -> bool:
    """Take "city" in "city vs resort" for the City Hotel, though the word means something in general too."""
    item = parts.sentence.items[index]
    if item.links and item.links[0].how != "role" or item.number is not None:
        return False
    found = parts.catalog.partial.get(key_of(item.text), ())
    for step in (-1, 1):
        joint, other = parts.sentence.at(index + step), parts.sentence.at(index + 2 * step)
        if joint is None or other is None or other.links or not joint.has("compare"):
            continue
        own = {link.column for link in other.values}
        fitting = tuple(link for link in found if link.column in own)
        if fitting:
            item.senses = {"value": fitting}
            return True
    return False


def _beside_its_like(parts: Parts, index: int) -> bool:
    """Tell whether another value of the same column is joined to it: "card and cash"."""
    item = parts.sentence.items[index]
    named = bool(item.links) and item.links[0].how != "role"
    if named and (item.links[0].score >= 1 or item.has("grain")):
        return False
    for step in (-1, 1):
        joint, other = parts.sentence.at(index + step), parts.sentence.at(index + 2 * step)
        joined = joint is not None and (joint.has("logic", "and", "or") or joint.has("compare") and not named)
        own = {link.column for link in item.values}
        if joined and other is not None and not other.links and any(k.column in own for k in other.values):
            return True
    return False


def _says_which_rows(parts: Parts, index: int) -> bool:
    """Tell whether a noun of rows is a content that says which of them: "sales calls" of a queue Sales."""
    item, after = parts.sentence.items[index], parts.sentence.at(index + 1)
    small = (parts.column(item.values[0].column).n_distinct or 99) <= _SMALL if item.values else False
    beside = after is not None and after.start == item.end and after.has("entity", "transaction", "row")
    noun = item.has("entity", "transaction", "row") or item.has("group_noun") or item.has("splitting")
    return small and beside and noun and (not item.links or item.links[0].how == "role")


def _names_kind(parts: Parts, item: Item) -> bool:
    """Tell whether a noun for people is what a small category says: "students" of a Student membership."""
    if not item.has("entity", "customer") or set(key_of(item.text)) & _ANYBODY:
        return False
    link = item.values[0]
    return key_of(str(link.value)) == key_of(item.text) and (parts.column(link.column).n_distinct or 99) <= 30


_ANYBODY = frozenset({"customer", "client", "people", "person", "user", "everyone", "everybody"})


def _value_link(parts: Parts, index: int) -> ValueLink:
    """Choose the column of a value: the one named beside it, else the one where it is most frequent."""
    item = parts.sentence.items[index]
    if item.text.lower().startswith("no "):  # "no internet service" is a No of InternetService
        for named in parts.catalog.link_column(key_of(item.text)[1:]):
            cell = cell_named(parts, named.column, "No")
            if cell is not None and named.how == "name":
                return ValueLink(named.column, cell, 0)
    for step in (-1, 1, -2):
        beside = parts.sentence.at(index + step)
        if beside and beside.links:
            for name in (link.column for link in beside.links):
                for link in item.values:
                    if link.column == name:
                        grouped = parts.sentence.at(index + step - 1)
                        if not (grouped and grouped.has("by")):
                            denied = parts.sentence.at(index - 1)
                            far = step == -2 and denied is not None and denied.has("logic", "not")
                            beside.used = beside.used or step in (-1, 1) or far
                        return link
    filtered = {c.column for c in parts.where}
    link = next((link for link in item.values if link.column in filtered), item.values[0])
    others = [other.column for other in item.values if other.column != link.column]
    if others and link.n < 20 * item.values[1].n:
        parts.note(f'I read "{item.text}" as a value of **{link.column}** (it also occurs in {others[0]}).')
    return link


def _add_values(parts: Parts, column: str, found: list[tuple[int, ValueLink, bool, str]]) -> None:
    wanted = list(dict.fromkeys(link.value for _, link, negated, _ in found if not negated))
    excluded = list(dict.fromkeys(link.value for _, link, negated, _ in found if negated))
    joints = {joint for _, _, _, joint in found[1:]}
    if len(wanted) == 1:
        parts.where.append(condition(column, "equal", wanted[0]))
    elif wanted:
        parts.where.append(condition(column, "in", None, values=wanted))
        if "or" not in joints:
            parts.compared.append(column)
    if len(excluded) == 1:
        parts.where.append(condition(column, "not_equal", excluded[0]))
    elif excluded:
        parts.where.append(condition(column, "not_in", None, values=excluded))
    for index, _, _, _ in found:
        for step in (-1, 1):
            near = parts.sentence.at(index + step)
            if near and (near.has("logic", "and", "or", "with") or (near.has("compare") and len(wanted) > 1)):
                near.used = True


def segment_name(parts: Parts, meant: str) -> str:
    """Return the name of a segment that is named by its number or by its name."""
    names = parts.catalog.segments
    place = letter_place(meant, parts.catalog)
    if place is not None:
        parts.note(f"No segment is called {meant}; I took the one in that place, **{names[place]}**.")
        return names[place]
    return names[int(meant) - 1] if meant.isdigit() and 0 < int(meant) <= len(names) else meant


def take_segments(parts: Parts) -> None:
    """Read "in segment 2" and "of the Night owls" as a filter; two of them side by side are compared."""
    found = [(index, item) for index, item in parts.sentence.free() if item.has("segment")]
    names = [segment_name(parts, item.senses["segment"]) for _, item in found]
    for index, item in found:
        at = index + 1
        while item.text.lower().startswith(("segments", "clusters")) and (after := parts.sentence.at(at)):
            if after.number and after.number.unit is None:
                names.append(segment_name(parts, str(int(after.number.value))))
                after.used = True
            elif not after.has("logic"):
                break
            at += 1
        item.used = True
    if len(names) == 1:
        add_condition(parts, condition("segment", "equal", names[0]), take_negation(parts, found[0][0]))
    elif names:
        parts.where.append(condition("segment", "in", None, values=names))
        parts.compared.append("segment")


def take_high_value(parts: Parts) -> None:
    """Read "high-value customers" as the top fifth by value, and say so."""
    for _, item in parts.sentence.free():
        if not item.has("high_value"):
            continue
        column = parts.feature("total_amount") or parts.amount
        if column is None:
            column = next((c.name for c in parts.catalog.table.by_role("balance")), None)
        if column is None:
            return
        item.used = True
        parts.customers_table = parts.customers_table or parts.catalog.has_features
        high = item.has("high_value", "high")
        parts.where.append(condition(column, "top_share" if high else "bottom_share", 20))
        parts.note(f'I read "{item.text}" as the {"top" if high else "bottom"} 20% by **{column}**.')


def take_quoted(parts: Parts) -> None:
    """Read quoted text beside a column as a value, even if it is not in the data: the tool then says so."""
    for index, item in parts.sentence.free():
        if not item.has("quoted") or item.links:
            continue
        for step in (-1, -2):
            beside = parts.sentence.at(index + step)
            if beside and not beside.used and beside.links:
                contains = parts.sentence.says("contains", "containing", "contain", "with")
                beside.used = item.used = True
                parts.where.append(
                    condition(
                        beside.links[0].column, "contains" if contains else "equal", item.senses["quoted"]
                    )
                )
                break


def join_both_sides(parts: Parts) -> None:
    """Two opposite conditions on one column are two groups: "churned and retained customers"."""
    for one in list(parts.where):
        twins = [
            c
            for c in parts.where
            if c.column == one.column and c.is_ == "equal" and c.grain == one.grain and not c.or_
        ]
        if one.is_ != "equal" or one.or_ or len(twins) < 2 or one not in parts.where:
            continue
        values = list(dict.fromkeys(c.value for c in twins))
        if len(values) < 2:
            continue
        parts.where[:] = [c for c in parts.where if c not in twins]
        parts.where.append(
            condition(one.column, "in", None, values=[v for v in values if v is not None], grain=one.grain)
        )
        if not parts.sentence.has("logic", "or"):
            parts.compared.append(one.column if one.grain is None else f"{one.column}|{one.grain}")


def _denied_before(parts: Parts, index: int) -> bool:
    """Tell whether the denial before another yes/no column reaches this one: "no partner or dependents"."""
    joint, other = parts.sentence.at(index - 1), parts.sentence.at(index - 2)
    if joint is None or other is None or not joint.has("logic", "or") or not other.used or not other.links:
        return False
    near = [parts.sentence.at(index - step) for step in (3, 4)]
    joint.used = any(n and n.used and n.has("logic", "not") for n in near)
    return joint.used


def take_flags(parts: Parts) -> None:
    """Read yes/no columns that are left over as filters: "churned", "with tech support"."""
    for index, item in parts.sentence.free():
        if not item.links:
            continue
        link = next((link for link in item.links if parts.catalog.is_flag(link.column)), None)
        if link is None or parts.catalog.ambiguous(item.links) and link.how == "part":
            text = [link for link in item.links if parts.catalog.is_flag(link.column)]
            if not text:
                continue
            parts.pick(item)
            link = text[0]
        negated = take_negation(parts, index) or _denied_before(parts, index)
        item.used = True
        after = parts.sentence.at(index + 1)
        beyond = parts.sentence.at(index + 2)
        alone = (
            after is not None
            and not after.used
            and not (after.has("logic", "not") and beyond and beyond.links)
        )
        said = cell_named(parts, link.column, after.text) if after and alone else None
        if after and said is not None:
            after.used = True
        made = (
            condition(link.column, "equal", said)
            if said is not None
            else affirmed(parts, link.column, not negated)
        )
        if made not in parts.where:
            parts.where.append(made)
        near = parts.sentence.at(index - 1)
        if near and near.has("logic", "with", "and"):
            near.used = True
    join_both_sides(parts)

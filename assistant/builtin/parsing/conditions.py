"""Reads filters: comparisons with numbers, values of categories, yes/no columns, missing values, negation."""

from __future__ import annotations

from assistant.builtin.annotate import Item
from assistant.builtin.linking import ValueLink
from assistant.builtin.numbers import plain
from assistant.builtin.parsing.parts import Parts, condition
from assistant.builtin.tokens import key_of, root
from tools.selecting import Condition, GroupBy

_OPPOSITE = {
    "above": "at_most", "at_least": "below", "below": "at_least", "at_most": "above", "equal": "not_equal",
    "not_equal": "equal", "in": "not_in", "not_in": "in", "missing": "present", "present": "missing",
}  # fmt: skip


def take_conditions(parts: Parts) -> None:
    """Find all filters of a sentence and mark their words as used."""
    _years(parts)
    _decades(parts)
    _inactivity(parts)
    _comparisons(parts)
    _after_numbers(parts)
    _counts_of_purchases(parts)
    _missing(parts)
    _segments(parts)
    _high_value(parts)
    _values(parts)
    _quoted(parts)
    _column_equals_number(parts)
    _none_of(parts)
    _both_sides(parts)
    _join_alternatives(parts)


def _before(parts: Parts, index: int, reach: int = 4) -> list[tuple[int, Item]]:
    """Return the items before an index, nearest first, used ones too."""
    return [(i, parts.sentence.items[i]) for i in range(index - 1, max(-1, index - 1 - reach), -1)]


def _negated(parts: Parts, index: int) -> bool:
    before = parts.sentence.at(index - 1)
    if before and before.has("logic", "not") and not before.used:
        before.used = True
        return True
    if before and before.has("entity") or before and before.has("logic", "with", "which", "and"):
        further = parts.sentence.at(index - 2)
        if further and further.has("logic", "not") and not further.used:
            further.used = True
            return True
    return False


def _add(parts: Parts, found: Condition, negated: bool) -> None:
    if negated:
        if found.is_ == "between":
            low, high = found.values
            outside = condition(found.column, "below", low).model_copy(
                update={"or_": [condition(found.column, "above", high)]}
            )
            parts.where.append(outside)
            return
        found = found.model_copy(update={"is_": _OPPOSITE[found.is_]})
    if found not in parts.where:
        parts.where.append(found)


def _years(parts: Parts) -> None:
    """Read "in 2007" and "from 1952 to 2007" as values of a year column, where there is no date."""
    column = parts.year_column
    if column is None or parts.time is not None:
        return
    known = parts.column(column)
    found = [
        item for _, item in parts.sentence.free()
        if item.number and item.number.unit is None and float(item.number.value).is_integer()
        and isinstance(known.minimum, int | float) and isinstance(known.maximum, int | float)
        and known.minimum - 5 <= item.number.value <= known.maximum + 5
    ]  # fmt: skip
    years = [plain(item.number.value) for item in found if item.number]
    for item in found:
        item.used = True
    for _, item in parts.sentence.free():
        if item.column == column and item.links and not parts.groups and years:
            item.used = True
    if len(years) == 1:
        before = parts.sentence.tokens[found[0].start - 1].norm if found[0].start else ""
        comparison = {"since": "at_least", "after": "above", "before": "below", "until": "at_most"}.get(before, "equal")
        parts.where.append(condition(column, comparison, years[0]))
    elif len(years) == 2:
        words = {t.norm for t in parts.sentence.tokens[found[0].end : found[1].start]}
        joined = words & {"to", "until", "-", "–"} and not parts.growth
        parts.where.append(condition(column, "between" if joined else "in", None, values=years))
        if not joined:
            parts.compared.append(column)
        for item in parts.sentence.items:
            if found[0].end <= item.start < found[1].start and item.has("logic"):
                item.used = True


_DECADES = {"teens": 10, "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80}


def _decades(parts: Parts) -> None:
    """Read "people in their twenties, thirties and forties" as ages, several of them as groups."""
    if parts.age is None:
        return
    found = [(item, _DECADES[item.text.lower()]) for _, item in parts.sentence.free() if item.text.lower() in _DECADES]
    if not found:
        return
    starts = sorted(start for _, start in found)
    for item, _ in found:
        item.used = True
    parts.where.append(condition(parts.age, "at_least", starts[0]))
    parts.where.append(condition(parts.age, "below", starts[-1] + 10))
    if len(starts) > 1:
        parts.groups.append(GroupBy(column=parts.age, bins=[*map(float, starts), float(starts[-1] + 10)]))


def negate(parts: Parts, one: Condition) -> None:
    """Add the opposite of a condition."""
    _add(parts, one, negated=True)


def _inactivity(parts: Parts) -> None:
    """Read "nothing bought for 60 days", "inactive for more than 2 months", "bought in the last 30 days"."""
    for index, item in parts.sentence.free():
        if not item.has("condition_verb", "inactive"):
            continue
        near = [parts.sentence.at(index + step) for step in (1, 2, 3)] + [parts.sentence.at(index - 1)]
        length = next((n for n in near if n and not n.used and n.number and n.number.unit in ("days", "weeks", "months", "years")), None)
        period = next((n for n in near if n and not n.used and n.has("period")), None)
        feature = parts.feature("recency_days")
        if length is None and period is None or feature is None:
            continue
        if length and length.number:
            days = length.number.value * {"days": 1, "weeks": 7, "months": 30, "years": 365}[length.number.unit or "days"]
            least = any(n and n.has("comparator", "at_least") for n in near)
            below = any(n and n.has("comparator", "below", "at_most") for n in near)
            comparison = "at_least" if least else "below" if below else "above"
            length.used = True
        else:
            chosen = period.senses["period"] if period else None
            days = (chosen.last - chosen.first).days + 1 if chosen else 0
            comparison = "at_least"
            if period:
                period.used = True
        for other in near:
            if other and other.has("comparator"):
                other.used = True
        item.used = True
        parts.customers_table = True
        parts.where.append(condition(feature, comparison, plain(days)))
        parts.note(f"Days without a purchase are counted to the last date of the data ({feature}).")


def _comparisons(parts: Parts) -> None:
    """Read comparator + number, with the column before or after it."""
    for index, item in parts.sentence.free():
        kind = item.senses.get("comparator") or item.senses.get("comparator_age")
        if kind is None or item.used:
            continue
        numbers, end = _numbers_after(parts, index, 2 if kind == "between" else 1)
        if kind == "between" and len(numbers) == 2:
            _apply(parts, index, end, "between", numbers, item)
        elif kind != "between" and numbers:
            _apply(parts, index, end, kind, numbers, item)
        elif kind in ("equal", "not_equal"):
            _equals_value(parts, index, kind)


def _numbers_after(parts: Parts, index: int, wanted: int) -> tuple[list[Item], int]:
    found: list[Item] = []
    at = index + 1
    while (item := parts.sentence.at(at)) and len(found) < wanted:
        if item.number is not None and not item.used and item.number.unit != "percentile":
            found.append(item)
        elif not (item.has("logic", "and", "to") or (item.has("comparator") and found)):
            break
        at += 1
    return (found, at) if len(found) == wanted else ([], index + 1)


def _apply(parts: Parts, index: int, end: int, kind: str, numbers: list[Item], comparator: Item) -> None:
    subject = _subject(parts, index, end, numbers[-1], comparator)
    if subject is None:
        return
    values = [plain(item.number.value) for item in numbers if item.number]
    column, on_groups, consumed = subject
    if not on_groups and column in parts.catalog.columns and parts.column(column).role == "share":
        return
    for used in (*consumed, *numbers, comparator):
        used.used = True
    for at in range(index, end):
        between = parts.sentence.at(at)
        if between and between.has("logic", "and", "to"):
            between.used = True
    if kind == "between":
        made = condition(column, "between", None, values=sorted(values))
    else:
        made = condition(column, kind, values[0])
    if on_groups:
        parts.having.append(made)
    else:
        _add(parts, made, _negated(parts, index))


_Subject = tuple[str, bool, list[Item]]


def _subject(parts: Parts, index: int, end: int, number: Item, comparator: Item) -> _Subject | None:
    """Find what a comparison is about: a column beside it, or what the verb, the unit or the noun implies."""
    after = parts.sentence.at(end)
    unit = number.number.unit if number.number else None
    if comparator.has("comparator_age") and parts.age:
        if after and after.column == parts.age:
            return parts.age, False, [after]
        return parts.age, False, []
    if after and not after.used and after.links and not after.has("by"):
        counted = _count_column(parts, after)
        if counted:
            return counted, False, [after]
        name = parts.pick(after, "number")
        if name and parts.is_number(name) and not _starts_own_condition(parts, end):
            return name, False, [after]
    if after and not after.used and after.has("entity"):
        found = _entity_count(parts, index, after)
        if found:
            return found
    if unit == "times" or (after and after.has("times")):
        purchases = parts.feature("n_transactions")
        if purchases:
            parts.customers_table = True
            return purchases, False, [after] if after and after.has("times") and not after.number else []
    return _subject_before(parts, index, unit)


def _count_column(parts: Parts, item: Item) -> str | None:
    """Return the column that counts a noun where another one holds its money: PURCHASES_TRX, not PURCHASES."""
    if not item.has("entity", "transaction") and not item.has("condition_verb", "bought"):
        return None
    nouns = {root(word) for word in key_of(item.text)}
    for name in sorted(parts.catalog.loaded):
        words = {root(word) for word in parts.catalog.words_of[name]}
        if nouns < words and words - nouns <= {root(w) for w in ("transaction", "number", "count", "n")} and parts.is_number(name):
            return name
    return None


def _starts_own_condition(parts: Parts, index: int) -> bool:
    following = parts.sentence.at(index + 1)
    return bool(following and (following.has("comparator") or following.has("comparator_age")))


def _entity_count(parts: Parts, index: int, after: Item) -> _Subject | None:
    kind = after.senses["entity"]
    grouped = any(
        item.links and parts.is_group(item.links[0].column) and not parts.catalog.is_flag(item.links[0].column)
        for _, item in _before(parts, index, 3)
    ) or (bool(parts.groups) and any(item.has("by") for item in parts.sentence.items))
    customers = any(item.has("entity", "customer") for _, item in _before(parts, index, 4))
    if grouped and not customers and not parts.groups:
        noun = next((item for _, item in _before(parts, index, 3) if item.links and parts.is_group(item.links[0].column) and not item.used), None)
        name = parts.pick(noun, "group") if noun else None
        if noun and name:
            noun.used = True
            parts.groups.append(GroupBy(column=name))
    purchases = parts.feature("n_transactions")
    if kind in ("transaction", "row") and customers and purchases:
        parts.customers_table = True
        return purchases, False, [after]
    if grouped and kind in ("transaction", "row", "customer"):
        return ("n" if kind != "customer" or not parts.catalog.has_features else "value"), True, [after]
    if kind == "transaction" and purchases:
        parts.customers_table = True
        return purchases, False, [after]
    return None


def _subject_before(parts: Parts, index: int, unit: str | None) -> _Subject | None:
    for at, item in _before(parts, index):
        if item.links and parts.is_number(item.links[0].column) or (item.links and any(parts.is_number(k.column) for k in item.links)):
            if item.used and parts.where and item.column in [c.column for c in parts.where]:
                return parts.where[-1].column, False, []
            if item.used:
                continue
            statistic = parts.sentence.at(at - 1)
            if statistic and statistic.has("statistic") and _grouped_before(parts, at - 1):
                return "value", True, []
            name = parts.pick(item, "number")
            return (name, False, [item]) if name else None
        if item.has("feature") and not item.used:
            parts.customers_table = True
            return item.senses["feature"], False, [item]
        if item.has("condition_verb", "spent"):
            total = parts.feature("total_amount") if parts.sentence.has("entity", "customer") else None
            if total:
                parts.customers_table = True
                return total, False, [item]
            return (parts.amount, False, [item]) if parts.amount else None
        if item.has("condition_verb", "bought") and unit in (None, "times"):
            purchases = parts.feature("n_transactions")
            if purchases:
                parts.customers_table = True
                return purchases, False, [item]
        if item.has("value") or item.has("period"):
            break
    if unit == "years" and parts.age:
        return parts.age, False, []
    if unit == "money" and parts.amount:
        return parts.amount, False, []
    nouns = [
        item for item in reversed(parts.sentence.items[:index])
        if item.has("entity") or item.has("value_word") or item.values or item.has("logic", "which") and item.text.lower() == "who"
    ]
    person = bool(nouns) and not nouns[0].has("entity", "transaction", "row")
    number = parts.sentence.at(index + 1)
    number = number if number and number.number else parts.sentence.at(index)
    if person and parts.age and unit is None and number and number.number and 10 <= number.number.value <= 110:
        parts.note(f"I read the number as an age in years (**{parts.age}**).")
        return parts.age, False, []
    if parts.sentence.has("entity", "transaction") and parts.amount:
        return parts.amount, False, []
    return None


def _grouped_before(parts: Parts, index: int) -> bool:
    return bool(parts.groups) or any(
        item.links and parts.is_group(item.links[0].column) for item in parts.sentence.items[:index]
    )


def _equals_value(parts: Parts, index: int, kind: str) -> None:
    """Read "Churn = Yes", "contract equals one year", quoted text included."""
    subject, value = parts.sentence.at(index - 1), parts.sentence.at(index + 1)
    if not subject or not value or not subject.links:
        return
    column = subject.links[0].column
    link = next((link for link in value.values if link.column == column), None)
    content = link.value if link else value.senses.get("quoted") or _cell(parts, column, value.text)
    if content is None:
        return
    for item in (subject, value, parts.sentence.items[index]):
        item.used = True
    _add(parts, condition(column, kind, content), _negated(parts, index - 1))


def _cell(parts: Parts, column: str, text: str) -> str | float | bool | None:
    """Return the cell content of a column that a text names, yes and no included."""
    for value, _ in parts.column(column).values:
        if value.strip().lower() == text.strip().lower():
            return value
    answers = parts.catalog.yes_no(column)
    if answers and text.lower() in ("yes", "true", "y"):
        return answers[0]
    return answers[1] if answers and text.lower() in ("no", "false", "n") else None


def _after_numbers(parts: Parts) -> None:
    """Read "5 or more purchases", "60 and above", "3+"."""
    for index, item in parts.sentence.free():
        if not item.has("comparator_after"):
            continue
        number = parts.sentence.at(index - 1)
        if not number or number.used or number.number is None:
            continue
        subject = _subject(parts, index - 1, index + 1, number, item)
        if subject is None and (following := parts.sentence.at(index + 1)) and following.has("times"):
            subject = (parts.feature("n_transactions") or "", False, [following])
        if subject and subject[0]:
            column, on_groups, consumed = subject
            made = condition(column, item.senses["comparator_after"], plain(number.number.value))
            for used in (*consumed, number, item):
                used.used = True
            (parts.having if on_groups else parts.where).append(made)


def _counts_of_purchases(parts: Parts) -> None:
    """Read "bought twice", "only once", "repeat customers", "bought again"."""
    purchases = parts.feature("n_transactions")
    if purchases is None:
        return
    kinds = {item.senses["condition_verb"]: item for _, item in parts.sentence.free() if item.has("condition_verb", "repeat", "single")}
    if len(kinds) == 2 and parts.feature("bought_again"):
        for item in kinds.values():
            item.used = True
        parts.sentence.take_all("compare")
        parts.customers_table = True
        parts.groups.append(GroupBy(column="bought_again"))
    for index, item in parts.sentence.free():
        if item.has("condition_verb", "repeat", "single"):
            item.used = True
            parts.customers_table = True
            single = item.has("condition_verb", "single")
            _add(parts, condition(purchases, "equal" if single else "above", 1), _negated(parts, index))
        elif item.has("condition_verb", "bought"):
            number = parts.sentence.at(index + 1)
            exact = number and not number.used and number.number
            if exact and number and number.number and (number.number.unit == "times" or number.text.lower() in ("once", "twice", "thrice")):
                item.used = number.used = True
                parts.customers_table = True
                _add(parts, condition(purchases, "equal", plain(number.number.value)), _negated(parts, index))
    _exact_purchases(parts, purchases)


def _exact_purchases(parts: Parts, purchases: str) -> None:
    """Read "customers with 3 purchases", "with exactly two transactions"."""
    for index, item in parts.sentence.free():
        number = parts.sentence.at(index - 1)
        with_ = parts.sentence.at(index - 2)
        if not (item.has("entity", "transaction") and number and not number.used and number.number and number.number.unit is None):
            continue
        exactly = with_ and with_.has("comparator", "equal")
        if exactly or (with_ and (with_.has("logic", "with") or with_.has("condition_verb")) and parts.sentence.has("entity", "customer")):
            for used in (item, number):
                used.used = True
            if with_ and exactly:
                with_.used = True
            parts.customers_table = True
            parts.where.append(condition(purchases, "equal", plain(number.number.value)))


def _missing(parts: Parts) -> None:
    """Read "with missing gender", "whose balance is blank", "no date of birth", "with a known age"."""
    for index, item in parts.sentence.free():
        present = item.has("missing", "present")
        if not item.has("missing"):
            continue
        near = [parts.sentence.at(index + 1), parts.sentence.at(index - 1), parts.sentence.at(index - 2), parts.sentence.at(index + 2)]
        column = next((n for n in near if n and n.links and not n.used), None)
        relative = parts.sentence.has("logic", "with") or parts.sentence.says("whose", "where", "that are", "who have", "when")
        if column is None or not relative or parts.share:
            continue
        name = parts.pick(column)
        if name:
            column.used = item.used = True
            parts.where.append(condition(name, "present" if present else "missing"))


def _values(parts: Parts) -> None:
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
        negated = _negated(parts, index) or (negated_run and joined in ("and", "or"))
        negated_run = negated
        runs.setdefault(link.column, []).append((index, link, negated, joined))
        item.used = True
        joined = ""
    for column, found in runs.items():
        _add_values(parts, column, found)


def _is_value(parts: Parts, index: int) -> bool:
    """Tell whether an item is meant as a cell content rather than as one of its other meanings."""
    item = parts.sentence.items[index]
    if not item.values:
        return False
    others = set(item.senses) - {"value", "quoted", "filler", "role"}
    if item.end - item.start > 1 and others <= {"number", "period", "ordinal", "logic"}:
        return True
    if not others or item.text[:1].isupper() and index > 0 and not item.links:
        return True
    before, after = parts.sentence.at(index - 1), parts.sentence.at(index + 1)
    columns = {near.column for near in (before, after) if near and near.links}
    if any(link.column in columns for link in item.values):
        return not (item.links and item.links[0].score >= 1)
    return others <= {"condition_verb", "column", "antonym", "missing", "superlative"} and not item.links


def _value_link(parts: Parts, index: int) -> ValueLink:
    """Choose the column of a value: the one named beside it, else the one where it is most frequent."""
    item = parts.sentence.items[index]
    if item.text.lower().startswith("no "):  # "no internet service" is a No of InternetService
        for column in parts.catalog.link_column(key_of(item.text)[1:]):
            cell = _cell(parts, column.column, "No")
            if cell is not None and column.how == "name":
                return ValueLink(column.column, cell, 0)
    for step in (-1, 1, -2):
        beside = parts.sentence.at(index + step)
        if beside and beside.links:
            for column in (link.column for link in beside.links):
                for link in item.values:
                    if link.column == column:
                        grouped = parts.sentence.at(index + step - 1)
                        if not (grouped and grouped.has("by")):
                            beside.used = beside.used or step in (-1, 1)
                        return link
    named = {c.column for c in parts.where}
    link = next((link for link in item.values if link.column in named), item.values[0])
    others = [other.column for other in item.values if other.column != link.column]
    if others and link.n < 20 * item.values[1].n:
        parts.note(f"I read \"{item.text}\" as a value of **{link.column}** (it also occurs in {others[0]}).")
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
    return names[int(meant) - 1] if meant.isdigit() and 0 < int(meant) <= len(names) else meant


def _segments(parts: Parts) -> None:
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
        _add(parts, condition("segment", "equal", names[0]), _negated(parts, found[0][0]))
    elif names:
        parts.where.append(condition("segment", "in", None, values=names))
        parts.compared.append("segment")


def _high_value(parts: Parts) -> None:
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
        parts.note(f"I read \"{item.text}\" as the {'top' if high else 'bottom'} 20% by **{column}**.")


def _quoted(parts: Parts) -> None:
    """Read quoted text beside a column as a value, even if it is not in the data: the tool then says so."""
    for index, item in parts.sentence.free():
        if not item.has("quoted") or item.links:
            continue
        for step in (-1, -2):
            beside = parts.sentence.at(index + step)
            if beside and not beside.used and beside.links:
                contains = parts.sentence.says("contains", "containing", "contain", "with")
                beside.used = item.used = True
                parts.where.append(condition(beside.links[0].column, "contains" if contains else "equal", item.senses["quoted"]))
                break


def _column_equals_number(parts: Parts) -> None:
    """Read "family size of 4", "with tenure 12", "order_dow 0"; not "top 5"."""
    for index, item in parts.sentence.free():
        if item.number is None or item.number.unit not in (None, "years", "months", "days", "money", "times"):
            continue
        before, further = parts.sentence.at(index - 1), parts.sentence.at(index - 2)
        if before and before.has("comparator", "equal"):
            before, further = further, before
        if not before or before.used or not before.links or not parts.is_number(before.links[0].column):
            after = parts.sentence.at(index + 1)
            with_ = parts.sentence.at(index - 1)
            if after and not after.used and after.links and with_ and with_.has("logic", "with") and parts.is_number(after.links[0].column):
                after.used = item.used = True
                parts.where.append(condition(after.links[0].column, "equal", plain(item.number.value)))
            continue
        name = parts.pick(before, "number")
        if name and not parts.sentence.has("superlative") or (name and further and further.has("comparator", "equal")):
            before.used = item.used = True
            if further and further.has("comparator", "equal"):
                further.used = True
            _add(parts, condition(name, "equal", plain(item.number.value)), _negated(parts, index - 1))


def _none_of(parts: Parts) -> None:
    """Read "with no purchases" and "never took a cash advance" as zero, for number columns."""
    if not (parts.sentence.has("count") or parts.sentence.has("entity") or parts.sentence.has("share")):
        return
    for index, item in parts.sentence.free():
        if not item.links or not parts.is_number(item.links[0].column) or parts.catalog.is_flag(item.links[0].column):
            continue
        before = parts.sentence.at(index - 1)
        any_of = before and before.has("logic", "with") and before.text.lower() in ("using", "use", "uses", "with", "have", "has", "had", "who have") and not parts.catalog.columns[item.links[0].column].role == "age"
        following = parts.sentence.at(index + 1)
        if before and any_of and not (following and (following.has("comparator") or following.number)) and parts.column(item.links[0].column).minimum == 0 and (parts.sentence.has("share", "share") or parts.sentence.has("count") or parts.sentence.has("entity")) and not parts.sentence.has("statistic") and not parts.sentence.has("superlative"):
            name = parts.pick(item, "number")
            if name:
                before.used = item.used = True
                parts.where.append(condition(name, "above", 0))
                parts.note(f"I read \"{before.text} {item.text}\" as {name} above 0.")
            continue
        none = before and before.has("logic", "not") and before.text.lower() in ("no", "never", "not", "without", "don't", "dont", "without any", "haven't", "havent", "do not", "didn't", "did not", "have not")
        if before and none and not before.used and parts.column(item.links[0].column).minimum == 0:
            name = parts.pick(item, "number")
            if name:
                before.used = item.used = True
                parts.where.append(condition(name, "equal", 0))


def _both_sides(parts: Parts) -> None:
    """Two opposite conditions on one column are two groups: "churned and retained customers"."""
    for one in list(parts.where):
        twins = [c for c in parts.where if c.column == one.column and c.is_ == "equal" and c.grain == one.grain and not c.or_]
        if one.is_ != "equal" or one.or_ or len(twins) < 2 or one not in parts.where:
            continue
        values = list(dict.fromkeys(c.value for c in twins))
        if len(values) < 2:
            continue
        parts.where[:] = [c for c in parts.where if c not in twins]
        parts.where.append(condition(one.column, "in", None, values=[v for v in values if v is not None], grain=one.grain))
        if not parts.sentence.has("logic", "or"):
            parts.compared.append(one.column if one.grain is None else f"{one.column}|{one.grain}")


def take_flags(parts: Parts) -> None:
    """Read yes/no columns that are left over as filters: "churned", "with tech support", "senior citizens"."""
    for index, item in parts.sentence.free():
        if not item.links:
            continue
        link = next((link for link in item.links if parts.catalog.is_flag(link.column)), None)
        if link is None or parts.catalog.ambiguous(item.links) and link.how == "part":
            text = [link for link in item.links if parts.catalog.yes_no(link.column)]
            if not text:
                continue
            parts.pick(item)
            link = text[0]
        answers = parts.catalog.yes_no(link.column)
        if answers is None:
            continue
        negated = _negated(parts, index)
        item.used = True
        after = parts.sentence.at(index + 1)
        beyond = parts.sentence.at(index + 2)
        alone = after is not None and not after.used and not (after.has("logic", "not") and beyond and beyond.links)
        said = _cell(parts, link.column, after.text) if after and alone else None
        if after and said is not None:
            after.used = True
        parts.where.append(condition(link.column, "equal", said if said is not None else answers[1] if negated else answers[0]))
        near = parts.sentence.at(index - 1)
        if near and near.has("logic", "with", "and"):
            near.used = True
    _both_sides(parts)


def _join_alternatives(parts: Parts) -> None:
    """Join conditions on different columns with "or" between them into one."""
    if not any(item.has("logic", "or") and not item.used for item in parts.sentence.items) or len(parts.where) != 2:
        return
    first, second = parts.where
    if first.column == second.column and first.is_ in ("equal", "in") and second.is_ in ("equal", "in"):
        return
    for item in parts.sentence.items:
        if item.has("logic", "or"):
            item.used = True
    parts.where[:] = [first.model_copy(update={"or_": [second]})]

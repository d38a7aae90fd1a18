"""Knows how the result of an aggregation is answered in one sentence: one number, or several groups."""

from __future__ import annotations

from collections.abc import Sequence

from tools.core import Scalar
from tools.questions.aggregating import Row, having_phrase
from tools.questions.measuring import Plan
from tools.questions.phrasing import preposition, share_digits, write
from tools.questions.rankings import first_groups, kept, placed, ranked, together, within
from tools.questions.telling import FEW, Teller
from tools.wording import label, listing, sentence


def headline_of(teller: Teller) -> str:
    """Answer the request in one sentence."""
    made = teller.made
    if not made.keys:
        return sentence(_single(teller))
    if not made.named:
        return sentence(_nothing(teller))
    if made.request.having:
        return sentence(kept(teller))
    if made.request.rank_within and len(made.keys) > 1:
        return sentence(within(teller))
    if made.request.rank_of is not None:
        return sentence(ranked(teller, made.request.rank_of))
    if made.request.place is not None and made.order != "by_group":
        return sentence(placed(teller, made.request.place))
    if made.request.together and teller.first.additive and made.order != "by_group":
        return sentence(together(teller))
    if made.request.limit is not None and made.order != "by_group":
        return sentence(first_groups(teller))
    return sentence(_few(teller) if len(made.named) <= FEW else _many(teller))


def _single(teller: Teller) -> str:
    made, row, first = teller.made, teller.made.whole, teller.first
    if row.n == 0:
        teller.quotes.note(f"n_{teller.nouns}", 0, teller.nouns, teller.scope(row))
        return f"there are **no {teller.nouns}**{teller.clause}" if teller.where else "the table is empty"
    if len(made.plans) > 1:
        return _several(teller)
    statistic = first.measure.statistic
    if first.parts:
        return _ratio(teller)
    if row.values[0] is None:
        return f"{teller.what()} is not defined: there are too few values"
    if statistic in ("count", "count_distinct", "count_missing"):
        return _counted(teller, statistic)
    if statistic == "share_missing":
        return f"{teller.what()} is {teller.value(row, bold=True)}"
    if statistic == "mode" and row.times:
        return _mode(teller, row.times)
    if first.measure.where:  # the rows counted here are not only those that it is of
        return f"{teller.what()} is {teller.value(row, bold=True)}"
    known = row.n - made.absent[0]
    n = teller.quotes.count(f"n_{teller.nouns}", known, teller.noun, teller.nouns, scope=teller.scope(row))
    return f"{teller.what()} is {teller.value(row, bold=True)} ({n})"


def _mode(teller: Teller, times: int) -> str:
    row, known = teller.made.whole, teller.made.whole.n - teller.made.absent[0]
    n = teller.quotes.number("times", times, None, teller.scope(row))
    of = teller.quotes.count(f"n_{teller.nouns}", known, teller.noun, teller.nouns, scope=teller.scope(row))
    pct = _percent(teller, "share_of_rows_pct", times, known)
    return f"{teller.what()} is {teller.value(row, bold=True)} ({n} of {of}, {pct})"


def _counted(teller: Teller, statistic: str) -> str:
    made, row, first = teller.made, teller.made.whole, teller.first
    bold, condition = teller.value(row, bold=True), first.words.partition(" where ")[2]
    told = f" where {condition}" if condition else ""
    also = f" (among those{teller.clause})" if condition and teller.clause else teller.clause
    if statistic == "count_missing":
        scope = teller.where.strip()
        n = teller.quotes.count(f"all_{teller.nouns}", row.n, teller.noun, teller.nouns, scope=scope)
        pct = _percent(teller, "share_missing_pct", row.values[0], row.n)
        name = label(first.column) if first.column else ""
        return f"{name} is missing in {bold}{told}{also}: {pct} of {n}"
    if statistic == "count_distinct" and first.unit == "values" and first.column:
        return f"{label(first.column)} has {bold}{told}{also}"
    text = f"there {'is' if row.values[0] == 1 else 'are'} {bold}{told}{also}"
    whole = made.base or (Row((), (), row.n, (row.n,)) if condition and statistic == "count" else None)
    if whole is None or not whole.values[0]:
        return text
    everything = teller.quotes.number(f"all_{teller.nouns}", float(str(whole.values[0])), None, "unfiltered")
    pct = _percent(teller, "share_of_all_pct", row.values[0], whole.values[0])
    return f"{text}, which is **{pct}** of all {everything}"


def _percent(teller: Teller, name: str, part: Scalar, whole: Scalar) -> str:
    value = 100.0 * float(str(part)) / float(str(whole)) if whole else 0.0
    return teller.quotes.number(name, value, "%", teller.where.strip(), digits=share_digits(value))


def _ratio(teller: Teller) -> str:
    row, first = teller.made.whole, teller.first
    if row.values[0] is None:
        return f"{teller.what()} is not defined: the divisor is zero"
    what, _, holds = first.words.partition(" where ")
    if first.unit == "%" and holds and first.parts:
        return _share(teller, what.partition(" of ")[2], holds, *first.parts)
    return f"{teller.what()} is {teller.value(row, bold=True)} ({teller.number_of(row)})"


def _share(teller: Teller, what: str, holds: str, above: Plan, below: Plan) -> str:
    """Write the share of rows, or of a total, for which something holds, with both numbers behind it."""
    row = teller.made.whole
    value, (part, whole) = teller.value(row, bold=True), row.parts
    among = f" among {teller.nouns}{teller.clause}" if teller.clause else ""
    scope = teller.scope(row)
    teller.quotes.note(above.name, part, above.unit, f"{scope} where {holds}".strip())
    teller.quotes.note(below.name, whole, below.unit, scope)
    counted = above.measure.statistic.startswith("count")
    numbers = f"{write(above, part)} of {write(below, whole)}"
    if not counted:
        return f"{value} of {below.words} ({numbers}) comes from {teller.nouns} where {holds}{among}"
    if what == teller.nouns:
        numbers = f"{write(above, part).partition(' ')[0]} of {write(below, whole).partition(' ')[0]}"
    if holds.startswith("it "):  # "it is guest": what holds is no name with a value
        return f"the share of {what} where {holds}{among} is {value} ({numbers})"
    if what == teller.nouns:
        return f"{holds} for {value} of {what}{teller.clause} ({numbers})"
    return f"{holds} for {value} of {what}{among} ({numbers})"


def _several(teller: Teller) -> str:
    row, parts, last = teller.made.whole, list[str](), None
    for index, each in enumerate(teller.made.plans):
        if index and _is_its_share(each, teller.made.plans[index - 1]):
            parts[-1] += f", {teller.value(row, index, bold=True)} of the whole"
            continue
        words = each.words
        if each.column is not None and each.column is last and not each.measure.where:
            words = words.replace(label(each.column), "").strip().removesuffix(" of")
        last = each.column
        parts.append(f"{words} is {teller.value(row, index, bold=True)}")
    some = all(each.measure.where for each in teller.made.plans)  # of none of these is the number that of all
    return f"{listing(parts)}{teller.clause}" + ("" if some else f" ({teller.number_of(row)})")


def _is_its_share(plan: Plan, before: Plan) -> bool:
    """Tell whether a plan is the share of the total that the figure told before it makes up."""
    if plan.unit != "%" or not plan.parts or before.measure.per is not None:
        return False
    return plan.parts[0].measure.model_copy(update={"per": None}) == before.measure


def _nothing(teller: Teller) -> str:
    groups = teller.groups_of(teller.made.n_groups)
    if teller.made.request.having:
        return f"**None** of the {groups} has {having_phrase(teller.made, teller.nouns)}{teller.clause}"
    return f"there is **no {teller.noun}** to group{teller.clause}"


def _few(teller: Teller) -> str:
    rows, counted = teller.made.named, teller.is_count
    asked = teller.made.request.share_of_total
    shares = teller.shares and (asked or not teller.made.keys[0].is_calendar)
    shown = []
    for index, row in enumerate(rows):
        text = teller.value(row, bold=True, plain=counted and index > 0)
        text += f" ({teller.share(row)})" if shares else ""
        shown.append(f"{text} {preposition(teller.made.keys[0])} {teller.name(row)}")
    difference = _difference(teller, rows)
    if teller.tells_parts:
        return f"{_of_all(teller, rows, shares)}{difference}"
    if counted:
        verb = "is" if rows[0].values[0] == 1 else "are"
        return f"there {verb} {listing(shown)}{teller.clause}{difference}"
    return f"{teller.what()} is {listing(shown)}{difference}"


def _of_all(teller: Teller, rows: Sequence[Row], shares: bool) -> str:
    """Count groups as parts of all: "of 90 customers, Berlin has 37 (41.1%), Munich 20 (22.2%)"."""
    shown = []
    for index, row in enumerate(rows):
        name = teller.name(row)
        verb = "" if index else (" have" if name.startswith(("men (", "women (")) else " has")
        part = f" ({teller.share(row)})" if shares else ""
        shown.append(f"{name}{verb} {teller.value(row, bold=True, plain=True)}{part}")
    return f"of {teller.value(teller.made.whole)}{teller.clause}, {listing(shown)}"


def _difference(teller: Teller, rows: Sequence[Row]) -> str:
    """Compare two groups: in percentage points, in percent, or in times."""
    values = [row.values[0] for row in rows if isinstance(row.values[0], int | float)]
    if len(rows) != 2 or len(values) != 2 or teller.made.keys[0].is_calendar:
        return ""
    high, low = (rows[0], rows[1]) if values[0] >= values[1] else (rows[1], rows[0])
    most, least = max(values), min(values)
    name, scope = teller.name(high), f"{teller.scope(high)} against {teller.scope(low)}"
    if most == least:
        return ", the same for both"
    if teller.first.unit == "%":
        points = teller.quotes.number("difference_percentage_points", most - least, None, scope, digits=1)
        return f", {points} percentage points more for {name}"
    if least <= 0:
        gap = teller.quotes.number("difference", most - least, teller.first.unit, scope)
        return f", {gap} more for {name}"
    gap = teller.quotes.number("difference", most - least, None, scope)
    if most / least >= 2:
        times = teller.quotes.number("ratio", most / least, None, scope, digits=1)
        often = "many" if teller.is_count else "much"
        return f", {gap} more ({times} times as {often}) for {name}"
    pct = 100.0 * (most / least - 1.0)
    shown = teller.quotes.number("difference_pct", pct, "%", scope, digits=share_digits(pct))
    return f", {gap} ({shown}) {'more' if teller.is_count else 'higher'} for {name}"


def _many(teller: Teller) -> str:
    made, at = teller.made, preposition(teller.made.keys[0])
    rows = [row for row in made.named if isinstance(row.values[0], int | float)]
    rows = [row for row in rows if row.labels not in teller.partial] or rows
    if not rows:
        return f"{teller.what()} is listed for {teller.groups_of(made.n_groups)}"
    by_value = sorted(rows, key=lambda row: -float(str(row.values[0])))  # stable: ties keep their order
    if made.order == "descending" and not made.keys[0].ordered:
        three = enumerate(by_value[:3])
        shown = [f"{teller.name(row)} ({_with_share(teller, row, bold=not i)})" for i, row in three]
        groups = teller.groups_of(made.n_groups)
        return f"of {groups}, {teller.what()} is largest {at} {listing(shown)}"
    top, bottom = by_value[0], by_value[-1]
    return (
        f"{teller.what()} is highest {at} **{teller.name(top)}**"
        f" ({_with_share(teller, top, bold=True)}) and lowest {at} {teller.name(bottom)}"
        f" ({_with_share(teller, bottom)}), over {teller.groups_of(made.n_groups)}"
    )


def _with_share(teller: Teller, row: Row, *, bold: bool = False) -> str:
    """Write a value, with its share of the total where shares were asked for."""
    value = teller.value(row, bold=bold, plain=True)
    return f"{value}, {teller.share(row)}" if teller.made.request.share_of_total and teller.shares else value

"""Knows how conditions on customers read in plain words and in standard SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from tools import wording
from tools.core import Json, Scalar
from tools.errors import ToolError
from tools.selecting import Condition

Alternatives = Sequence[Sequence[Condition]]  # one of these lists must hold, each list in full

_WORDS = {
    "above": "above {}",
    "at_least": "at least {}",
    "below": "below {}",
    "at_most": "at most {}",
    "not_equal": "is not {}",
    "contains": "containing “{}”",
    "starts_with": "starting with “{}”",
}
_OPERATORS = {"above": ">", "at_least": ">=", "below": "<", "at_most": "<="}
_PARTS = {
    "year": "EXTRACT(YEAR FROM {})",
    "quarter": "EXTRACT(QUARTER FROM {})",
    "month": "EXTRACT(MONTH FROM {})",
    "hour": "EXTRACT(HOUR FROM {})",
    "day": "CAST({} AS DATE)",
}


def condition(column: str, comparison: str, value: Scalar = None, values: Sequence[Scalar] = ()) -> Condition:
    """Make one condition."""
    return Condition.model_validate(
        {"column": column, "is": comparison, "value": value, "values": list(values)}
    )


def to_json(where: Sequence[Condition]) -> list[Json]:
    """Return conditions as plain JSON, in the words of the tools' arguments."""
    return [item.model_dump(by_alias=True, exclude_defaults=True) | {"is": item.is_} for item in where]


def from_json(where: Sequence[Json]) -> list[Condition]:
    """Read what `to_json` wrote."""
    return [Condition.model_validate(item) for item in where]


class Reader:
    """Writes conditions in plain words.

    Args:
        label: Gives the words for a column.
        unit: Gives the unit of a column, or None.
    """

    def __init__(self, label: Callable[[str], str], unit: Callable[[str], str | None]) -> None:
        self._label = label
        self._unit = unit

    def any_of(self, alternatives: Alternatives) -> str:
        """Write alternatives: "either a and b, or c"."""
        texts = [self.all_of(where) for where in alternatives]
        if len(texts) < 2:
            return "".join(texts)
        return f"either {'; or '.join(texts)}"

    def all_of(self, where: Sequence[Condition]) -> str:
        """Write conditions that must all hold: two bounds become a range, and nothing is told twice."""
        where = [item for item in where if not any(_implies(other, item) for other in where)]
        texts: list[str] = []
        done: set[int] = set()
        for i, item in enumerate(where):
            if i in done:
                continue
            partner = next(
                (j for j in range(i + 1, len(where)) if j not in done and _is_range(item, where[j])), None
            )
            if partner is None:
                texts.append(self.one(item))
            else:
                done.add(partner)
                texts.append(self._range(item, where[partner]))
        return " and ".join(texts) if texts else "everybody"

    def one(self, item: Condition) -> str:
        """Write one condition, with its alternatives."""
        text = f"{self._subject(item)} {self._predicate(item)}"
        if _or_missing(item):
            return f"{text} or missing"
        if item.or_:
            return f"({' or '.join([text, *(self.one(other) for other in item.or_)])})"
        return text

    def _subject(self, item: Condition) -> str:
        label = self._label(item.column)
        return f"{(item.grain or '').replace('_', ' ')} of {label}" if item.grain else label

    def _value(self, item: Condition, value: Scalar) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            unit = None if item.grain else self._unit(item.column)
            named = bool(unit) and self._label(item.column).startswith(
                str(unit)
            )  # "days since ... at least 60"
            return wording.number(value, None if named else unit)
        if isinstance(value, str):
            try:
                return wording.day(date.fromisoformat(value))
            except ValueError:
                return value
        return wording.scalar(value)

    def _predicate(self, item: Condition) -> str:
        if item.is_ in ("missing", "present"):
            return "is missing" if item.is_ == "missing" else "is known"
        if item.is_ in ("top_share", "bottom_share"):
            return f"in the {item.is_.split('_')[0]} {wording.number(float(item.value or 0), '%')}"
        if item.is_ in ("in", "not_in"):
            listed = wording.listing([self._value(item, value) for value in item.values], "or")
            return listed if item.is_ == "in" else f"neither of {listed}"
        if item.is_ == "between":
            return f"from {self._value(item, item.values[0])} to {self._value(item, item.values[1])}"
        if item.is_ == "equal":
            number = isinstance(item.value, int | float) and not isinstance(item.value, bool)
            return f"{'exactly ' if number else 'is '}{self._value(item, item.value)}"
        return _WORDS[item.is_].format(self._value(item, item.value))

    def _range(self, one: Condition, other: Condition) -> str:
        low, high = (one, other) if one.is_ in ("above", "at_least") else (other, one)
        start = "from" if low.is_ == "at_least" else "above"
        end = "up to" if high.is_ == "at_most" else "to under"
        bound = (
            wording.number(low.value) if isinstance(low.value, int | float) else self._value(low, low.value)
        )
        text = f"{self._subject(low)} {start} {bound} {end} {self._value(high, high.value)}"
        return f"{text} or missing" if _or_missing(low) else text


def _implies(span: Condition, bound: Condition) -> bool:
    """Tell whether a range of numbers already keeps to a bound on the same column."""
    plain = span.is_ == "between" and not span.or_ and not bound.or_ and span.grain == bound.grain
    if not plain or span.column != bound.column or not isinstance(bound.value, int | float):
        return False
    ends = [float(value) for value in span.values if isinstance(value, int | float)]
    if len(ends) != 2:
        return False
    kept = {
        "at_most": ends[1] <= bound.value,
        "below": ends[1] < bound.value,
        "at_least": ends[0] >= bound.value,
        "above": ends[0] > bound.value,
    }
    return kept.get(bound.is_, False)


def _is_range(one: Condition, other: Condition) -> bool:
    plain = not one.or_ and not other.or_
    if (
        one.column != other.column
        or one.grain
        or other.grain
        or not (plain or (_or_missing(one) and _or_missing(other)))
    ):
        return False
    return {one.is_, other.is_} in [
        {low, high} for low in ("above", "at_least") for high in ("below", "at_most")
    ]


def _or_missing(item: Condition) -> bool:
    return [(other.column, other.is_) for other in item.or_] == [(item.column, "missing")]


def sql_any_of(alternatives: Alternatives) -> str:
    """Write alternatives as one SQL expression."""
    texts = [sql_all_of(where) for where in alternatives]
    return texts[0] if len(texts) == 1 else " OR ".join(f"({text})" for text in texts)


def sql_all_of(where: Sequence[Condition]) -> str:
    """Write conditions that must all hold as one SQL expression."""
    return " AND ".join(sql_one(item) for item in where) or "TRUE"


def sql_one(item: Condition) -> str:
    """Write one condition as SQL; text is compared without regard to case and surrounding space.

    Raises:
        ToolError: If the condition depends on everybody else, or on a part of a date without a word in SQL.
    """
    text = _sql_alone(item)
    return f"({' OR '.join([text, *(sql_one(other) for other in item.or_)])})" if item.or_ else text


def _sql_alone(item: Condition) -> str:
    column = _sql_column(item)
    if item.is_ in ("missing", "present"):
        return f"{column} IS {'NOT ' if item.is_ == 'present' else ''}NULL"
    if item.is_ in _OPERATORS:
        return f"{column} {_OPERATORS[item.is_]} {literal(item.value)}"
    if item.is_ == "between":
        return f"{column} BETWEEN {literal(item.values[0])} AND {literal(item.values[1])}"
    if item.is_ == "equal":
        return f"{_folded(column, item.value)} = {_folded_literal(item.value)}"
    if item.is_ == "not_equal":  # a missing value is different too
        return f"({_folded(column, item.value)} <> {_folded_literal(item.value)} OR {column} IS NULL)"
    if item.is_ in ("in", "not_in"):
        listed = ", ".join(_folded_literal(value) for value in item.values)
        folded = _folded(column, item.values[0] if item.values else 0)
        return (
            f"{folded} IN ({listed})"
            if item.is_ == "in"
            else f"({folded} NOT IN ({listed}) OR {column} IS NULL)"
        )
    if item.is_ in ("contains", "starts_with"):
        sought = str(item.value).strip().casefold()
        for special in ("\\", "%", "_"):
            sought = sought.replace(special, "\\" + special)
        pattern = f"%{sought}%" if item.is_ == "contains" else f"{sought}%"
        return f"{_folded(column, '')} LIKE {literal(pattern)} ESCAPE '\\'"
    raise ToolError(
        "A share of all customers cannot be written as a rule for one customer.",
        "Use the amount at which the share begins instead.",
    )


def _sql_column(item: Condition) -> str:
    name = identifier(item.column)
    if item.grain is None:
        return name
    if item.grain not in _PARTS:
        raise ToolError(
            f"SQL has no standard word for {item.grain}.", "Use a year, quarter, month, day or hour."
        )
    return _PARTS[item.grain].format(name)


def identifier(name: str) -> str:
    """Quote a column name for standard SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Scalar) -> str:
    """Write a value for standard SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(int(value)) if float(value).is_integer() else repr(float(value))
    return "'" + value.replace("'", "''") + "'"


def _folded(column: str, example: Scalar) -> str:
    return f"LOWER(TRIM({column}))" if isinstance(example, str) else column


def _folded_literal(value: Scalar) -> str:
    return literal(value.strip().casefold()) if isinstance(value, str) else literal(value)

"""Knows columns that are computed from others: `price * quantity`, `tenure / 12`, `first ordered_at`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

import narwhals as nw

from tools.ages import age_column, age_expression, age_of
from tools.core import Column, DataTable, Fact, Role
from tools.decimals import NUMBER, with_dots
from tools.errors import ToolError
from tools.sequences import Kind, sequence_column, sequence_of, with_sequence

Frame = nw.LazyFrame[Any]
Sign = Literal["+", "-", "*", "/"]
_SIGNS: tuple[Sign, ...] = ("+", "-", "*", "/")
_MONEY = ("amount", "balance")


@dataclass(frozen=True)
class Formula:
    """Columns and numbers joined by signs; products and quotients come before sums and differences.

    Attributes:
        name: As written; also the name of the computed column.
        operands: Names of columns, and plain numbers.
        signs: One fewer than operands.
        sequence: What the order of a customer's rows by the only operand is to say of each row, if anything.
        on: The day on which the age by the only operand, a date of birth, is to be told, if it is an age.
    """

    name: str
    operands: tuple[str | float, ...]
    signs: tuple[Sign, ...]
    sequence: Kind | None = None
    on: date | None = None

    @property
    def columns(self) -> list[str]:
        """Return the columns that it needs, each once."""
        return list(dict.fromkeys(each for each in self.operands if isinstance(each, str)))


def formula_of(name: str, known: Collection[str]) -> Formula | None:
    """Take a name apart as a formula over known columns; None if it is none.

    Longer names win, so that a sign within a column's own name stays there.
    """
    if name in known:
        return None
    ordered = sequence_of(name, known)
    if ordered is not None:
        return Formula(name, (ordered[1],), (), ordered[0])
    aged = age_of(name, known)
    if aged is not None:
        return Formula(name, (aged[0],), (), on=aged[1])
    for operands, signs in _ways(name, sorted(known, key=len, reverse=True)):
        if signs and any(isinstance(each, str) for each in operands):
            return Formula(name, operands, signs)
    return None


def _ways(text: str, known: Sequence[str]) -> Iterator[tuple[tuple[str | float, ...], tuple[Sign, ...]]]:
    number = re.match(NUMBER, text)
    starts: list[tuple[str | float, int]] = [(each, len(each)) for each in known if text.startswith(each)]
    starts += [(_constant(number[0]), number.end())] if number else []
    for operand, length in starts:
        rest = text[length:]
        if not rest:
            yield (operand,), ()
            continue
        joint = next((sign for sign in _SIGNS if rest.startswith(f" {sign} ")), None)
        if joint:
            for operands, signs in _ways(rest[3:], known):
                yield (operand, *operands), (joint, *signs)


def _constant(text: str) -> float:
    return float(text.removesuffix("%").replace(",", ".")) / (100 if text.endswith("%") else 1)


def factor(value: float) -> str:
    """Write a number as the right side of a multiplication: 3, 80%, 5 / 2."""
    if value.is_integer():
        return f"{int(value)}"
    exact = Fraction(value).limit_denominator(10_000)
    percent = exact * 100
    return f"{percent}%" if percent.denominator == 1 else f"{exact.numerator} / {exact.denominator}"


def computed(table: DataTable, frame: Frame, formula: Formula) -> tuple[Column, Frame]:
    """Return the column that a formula makes, and the frame with it.

    The result is missing where an operand is, and where it would be divided by zero.

    Raises:
        ToolError: If an operand is neither a number nor a date that can be subtracted.
    """
    held = [_held(table, each) for each in formula.columns]
    column = column_of(formula, held)
    if formula.sequence:
        return column, with_sequence(table, frame, formula.name, formula.sequence, formula.columns[0])
    if formula.on:
        return column, frame.with_columns(age_expression(formula.columns[0], formula.on).alias(formula.name))
    if column.unit == "days" and held[0].kind in ("date", "datetime"):
        late, early = (nw.col(name).cast(nw.Datetime) for name in formula.columns)
        days = (late - early).dt.total_seconds().cast(nw.Float64) / 86_400
        return column, frame.with_columns(days.alias(formula.name))
    return column, frame.with_columns(_expression(formula).alias(formula.name))


def column_of(formula: Formula, held: Sequence[Column]) -> Column:
    """Return what is known of the column that a formula makes.

    Args:
        formula: The formula.
        held: Its columns, in their order.

    Raises:
        ToolError: If an operand is neither a number nor a date that can be subtracted.
    """
    dated = [column.kind in ("date", "datetime") for column in held]
    if formula.sequence:
        return sequence_column(formula.name, formula.sequence, held[0])
    if formula.on:
        return age_column(formula.name, held[0], formula.on)
    if any(dated):
        if len(held) != 2 or not all(dated) or formula.signs != ("-",):
            raise ToolError(
                f"{with_dots(formula.name)} cannot be computed.",
                "Dates can only be subtracted from each other.",
            )
        return _column(formula, "measure", "days")
    for column in held:
        if column.kind != "number":
            raise ToolError(
                f"{column.name} holds no numbers, so {with_dots(formula.name)} cannot be computed.",
                "Use number columns.",
            )
    return _column(formula, _role(formula, held), _unit(formula, held))


def constants(column: Column | None) -> tuple[Fact, ...]:
    """Return the numbers that stand in the name of a computed column, as facts."""
    if column is None or column.derived_from is None:
        return ()
    found = re.findall(r"(?:^|(?<=[-+*/] ))(\d+(?:\.\d+)?)(%?)(?= |$)", column.name)
    return tuple(
        Fact("formula_constant", float(digits), percent or None, column.name) for digits, percent in found
    )


def _held(table: DataTable, name: str) -> Column:
    column = table.column(name)
    if column is None:
        raise ToolError(f"There is no column {name} in {table.name}.", "Use one of its columns.")
    return column


def _column(formula: Formula, role: Role, unit: str | None) -> Column:
    return Column(
        formula.name, "number", role, unit, derived_from=", ".join(formula.columns),
        note=f"Computed for each row as {with_dots(formula.name)}.",
    )  # fmt: skip


def _expression(formula: Formula) -> nw.Expr:
    terms: list[nw.Expr] = [_operand(formula.operands[0])]
    added: list[Sign] = []
    for sign, operand in zip(formula.signs, formula.operands[1:], strict=True):
        this = _operand(operand)
        if sign == "*":
            terms[-1] = terms[-1] * this
        elif sign == "/":
            terms[-1] = terms[-1] / nw.when(this != 0).then(this)
        else:
            terms.append(this)
            added.append(sign)
    whole = terms[0]
    for sign, term in zip(added, terms[1:], strict=True):
        whole = whole + term if sign == "+" else whole - term
    return whole


def _operand(operand: str | float) -> nw.Expr:
    return nw.col(operand).cast(nw.Float64) if isinstance(operand, str) else nw.lit(float(operand))


def _role(formula: Formula, held: Sequence[Column]) -> Role:
    """Money stays money when it is added up or multiplied by a number of pieces."""
    roles = [column.role for column in held]
    if "/" in formula.signs and any(isinstance(each, str) for each in formula.operands[1:]):
        return "measure"
    if "*" in formula.signs and sum(role in _MONEY for role in roles) != 1 and len(roles) > 1:
        priced = "quantity" in roles
        return "amount" if priced else "measure"
    return next((role for role in roles if role in _MONEY), roles[0] if len(roles) == 1 else "measure")


def _unit(formula: Formula, held: Sequence[Column]) -> str | None:
    """Return the unit of the result where it is plain: of sums and of multiples of one column."""
    units = [column.unit for column in held]
    if set(formula.signs) <= {"+", "-"}:
        return units[0] if len(set(units)) == 1 else None
    scaled = len(formula.columns) == 1 and set(formula.signs) <= {"*"}
    if scaled:
        return units[0]
    if len(formula.columns) == 1 and formula.signs == ("/",):
        length = (units[0], formula.operands[1])
        return {("months", 12.0): "years", ("days", 365.0): "years", ("days", 365.25): "years",
                ("days", 30.0): "months", ("days", 7.0): "weeks", ("hours", 24.0): "days",
                ("minutes", 60.0): "hours", ("seconds", 60.0): "minutes",
                ("seconds", 3600.0): "hours"}.get(length)  # type: ignore[arg-type]  # fmt: skip
    return None

"""Generates bank transactions in the format of the public Indian bank file, with segments and traps planted.

Every value is a pure function of the seed, the row (or customer) and the column, so the bytes do not depend
on the chunk size. No row of the public file is used, only published counts and rounded quantiles. The five
planted segments differ in balance, ticket size, time of day and place, not in age or gender; those with
near-empty accounts also buy less and stop earlier:

==================  ======  ==============  =============  ========  ============
segment             share   balance (INR)   amount (INR)   hour      in 20 metros
==================  ======  ==============  =============  ========  ============
small_evening       27 %    about 9,000     about 100      about 20  70 %
daytime_household   26 %    about 19,000    about 450      about 13  55 %
evening_shopping    20 %    about 30,000    about 1,100    about 20  75 %
large_daytime       11 %    about 300,000   about 5,000    about 14  70 %
near_empty          16 %    about 110       about 200      about 16  40 %
==================  ======  ==============  =============  ========  ============
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data.places import METROS, cumulative_shares, place_names
from data.planted import (
    FIRST_DAY,
    PUBLIC_DAYS,
    SEGMENTS,
    Floats,
    Ints,
    Keys,
    Recipe,
    Stream,
    draw_customers,
    draw_people,
    normal,
    per_segment,
    segment_bounds,
    uniform,
)

HEADER = (
    "TransactionID,CustomerID,CustomerDOB,CustGender,CustLocation,CustAccountBalance,"
    "TransactionDate,TransactionTime,TransactionAmount (INR)"
)
CHUNK_ROWS = 262_144

# Rates in the public file, as shares of rows.
BLANK_DOB, BLANK_GENDER, BLANK_LOCATION, BLANK_BALANCE = 0.00324, 0.00105, 0.000144, 0.00226
PLACEHOLDER_DOB, MALE, ZERO_AMOUNT, ZERO_BALANCE = 0.0543, 0.731, 0.00084, 0.0023
# Quantiles of the birth year, and the share of amounts that are popular round figures or whole rupees.
BIRTH_PROBS = (0, 0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1)
BIRTH_YEARS = (1919, 1938, 1953, 1968, 1974, 1982.5, 1987.5, 1991.2, 1993.5, 1994.8, 1997, 2000.5, 2015.9)
ODD_HOURS = 0.1  # share of transactions at any hour of the day
ROUND_SHARE, WHOLE_SHARE = 0.26, 0.84
ROUND_AMOUNTS = np.array([10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000, 3000, 5000, 10000, 20000, 50000])
# Relative volume of the thin last weeks of the public file, by days since 1 August; other late days are
# empty.
FULL_DAYS = 46
THIN_DAYS = {48: 0.7, 52: 0.32, 53: 0.15, 55: 0.38, 56: 0.6, 57: 0.36, 60: 0.08, 81: 0.19}


def customer_ids(customers: Ints, population: int) -> pa.Array:
    """Return CustomerIDs as text: C and seven digits, more only if the population needs them."""
    digits = max(7, len(str((population - 1) // 9)) + 1)
    first = 10 ** (digits - 1)
    step = 5_562_307  # prime, so that every number is visited once
    numbers = first + (customers * step + 1_234_567) % (9 * first)
    return pc.binary_join_element_wise("C", pc.cast(pa.array(numbers), pa.string()), "")


def _births(recipe: Recipe, rows: Keys, people: Keys) -> pa.Array:
    """Return dates of birth as D/M/YY text with two-digit years, the 1/1/1800 placeholder, and blanks."""
    start = np.datetime64("1919-01-01")
    year = np.interp(uniform(recipe.seed, Stream.DOB, people), BIRTH_PROBS, BIRTH_YEARS)
    index = ((year - 1919) * 365.25).astype(np.int64)
    texts = [*_date_texts(start, int((2016 - 1919) * 365.25) + 1), "1/1/1800"]
    index[uniform(recipe.seed, Stream.PLACEHOLDER, people) < PLACEHOLDER_DOB] = len(texts) - 1
    return pa.array(texts).take(
        pa.array(index, mask=uniform(recipe.seed, Stream.ROW_NO_DOB, rows) < BLANK_DOB)
    )


def _date_texts(start: np.datetime64, days: int) -> list[str]:
    """Return ``days`` consecutive dates as D/M/YY without zero padding."""
    parts = [str(day).split("-") for day in start + np.arange(days)]
    return [f"{int(day)}/{int(month)}/{year[2:]}" for year, month, day in parts]


def _genders(recipe: Recipe, rows: Keys, people: Keys) -> pa.Array:
    """Return M and F, blanks, and a T on exactly one row of the whole file."""
    index = (uniform(recipe.seed, Stream.GENDER, people) >= MALE).astype(np.int64)
    blank = uniform(recipe.seed, Stream.ROW_NO_GENDER, rows) < BLANK_GENDER
    lone = np.uint64(uniform(recipe.seed, Stream.ROW_T, np.zeros(1, np.uint64))[0] * recipe.rows)
    index[rows == lone], blank[rows == lone] = 2, False
    return pa.array(["M", "F", "T"]).take(pa.array(index, mask=blank))


def _places(recipe: Recipe, rows: Keys, people: Keys, segment: Ints) -> pa.Array:
    """Return free-text locations: a few metros and a long tail, mixed by segment."""
    metro_shares, other_shares = cumulative_shares()
    draw = uniform(recipe.seed, Stream.PLACE, people)
    in_metro = uniform(recipe.seed, Stream.METRO, people) < per_segment(
        [s.metro_share for s in SEGMENTS], segment
    )
    other = len(METROS) + np.searchsorted(other_shares[:-1], draw)
    index = np.where(in_metro, np.searchsorted(metro_shares[:-1], draw), other)
    return pa.array(place_names()).take(
        pa.array(index, mask=uniform(recipe.seed, Stream.ROW_NO_PLACE, rows) < BLANK_LOCATION)
    )


def _balances(recipe: Recipe, rows: Keys, people: Keys, segment: Ints) -> pa.Array:
    """Return balances in INR: log-normal by segment, moving a little between rows; some zero, some blank."""
    mean, sd = (per_segment([s.balance[i] for s in SEGMENTS], segment) for i in (0, 1))
    log = (
        mean
        + sd * normal(recipe.seed, Stream.BALANCE, people)
        + 0.2 * normal(recipe.seed, Stream.ROW_BALANCE, rows)
    )
    values = np.round(np.exp(log), 2)
    values[uniform(recipe.seed, Stream.EMPTY, people) < ZERO_BALANCE] = 0
    return pa.array(values, mask=uniform(recipe.seed, Stream.ROW_NO_BALANCE, rows) < BLANK_BALANCE)


def _amounts(recipe: Recipe, rows: Keys, customer: Keys, segment: Ints) -> pa.Array:
    """Return amounts in INR: log-normal, half habit and half chance, often round; some zero."""
    mean, sd = (per_segment([s.amount[i] for s in SEGMENTS], segment) for i in (0, 1))
    habit, chance = (
        normal(recipe.seed, Stream.HABIT_AMOUNT, customer),
        normal(recipe.seed, Stream.ROW_AMOUNT, rows),
    )
    exact = np.exp(mean + sd * np.sqrt(0.5) * (habit + chance))
    borders = np.sqrt(ROUND_AMOUNTS[1:] * ROUND_AMOUNTS[:-1])
    popular = ROUND_AMOUNTS[np.searchsorted(borders, exact)]
    whole, style = np.maximum(np.rint(exact), 1), uniform(recipe.seed, Stream.ROW_ROUND, rows)
    ordinary = np.where(style < ROUND_SHARE + (1 - ROUND_SHARE) * WHOLE_SHARE, whole, np.round(exact, 2))
    can_be_round = (style < ROUND_SHARE) & (exact > 8) & (exact < 60_000)
    values = np.where(can_be_round, popular, ordinary)
    values[uniform(recipe.seed, Stream.ROW_ZERO, rows) < ZERO_AMOUNT] = 0
    return pa.array(values)


def _dates(recipe: Recipe, rows: Keys, customer: Keys, segment: Ints) -> pa.Array:
    """Return transaction dates as D/M/YY text, unsorted; some segments stop before the end of the period."""
    active = per_segment([s.active_share for s in SEGMENTS], segment)
    stop = active + (1 - active) * uniform(recipe.seed, Stream.STOP, customer)
    volume = np.cumsum(_day_volumes(recipe.days))
    index = np.searchsorted(
        volume[:-1] / volume[-1], stop * uniform(recipe.seed, Stream.ROW_DATE, rows), side="right"
    )
    return pa.array(_date_texts(FIRST_DAY, recipe.days)).take(pa.array(index))


def _day_volumes(days: int) -> Floats:
    """Return the relative number of transactions on each day: weekends are busier."""
    day = np.arange(days)
    volume = np.where(day % 7 >= 5, 1.25, 1.0)
    if days == PUBLIC_DAYS:
        late = np.array([THIN_DAYS.get(int(d), 0.0) for d in day])
        volume = np.where(day >= FULL_DAYS, late, volume)
    return volume


def _times(recipe: Recipe, rows: Keys, customer: Keys, segment: Ints) -> pa.Array:
    """Return times of day as HHMMSS integers without leading zeros."""
    mean, sd = (per_segment([s.hour[i] for s in SEGMENTS], segment) for i in (0, 1))
    habit, chance = (
        normal(recipe.seed, Stream.HABIT_HOUR, customer),
        normal(recipe.seed, Stream.ROW_HOUR, rows),
    )
    hour = mean + sd * (0.6 * habit + 0.8 * chance)
    odd = uniform(recipe.seed, Stream.ROW_NIGHT, rows)
    hour = np.where(odd < ODD_HOURS, odd / ODD_HOURS * 24, hour % 24)
    seconds = (hour * 3600).astype(np.int64) % 86_400
    return pa.array(seconds // 3600 * 10_000 + seconds // 60 % 60 * 100 + seconds % 60)


def make_lines(recipe: Recipe, rows: Keys, bounds: Ints) -> tuple[pa.Array, Ints]:
    """Return the CSV lines of some rows as one Arrow string array, and their customers."""
    customers, segment = draw_customers(recipe, rows, bounds)
    keys = customers.astype(np.uint64)
    people = draw_people(recipe, rows, keys)
    columns = [
        pc.binary_join_element_wise("T", pc.cast(pa.array(rows + np.uint64(1)), pa.string()), ""),
        customer_ids(customers, int(bounds[-1])),
        _births(recipe, rows, people),
        _genders(recipe, rows, people),
        _places(recipe, rows, people, segment),
        _balances(recipe, rows, people, segment),
        _dates(recipe, rows, keys, segment),
        _times(recipe, rows, keys, segment),
        _amounts(recipe, rows, keys, segment),
    ]
    texts = [pc.cast(column, pa.string()) for column in columns]
    return pc.binary_join_element_wise(*texts, ",", null_handling="replace", null_replacement=""), customers


def _bytes_of(lines: pa.Array) -> bytes:
    """Return an Arrow string array as newline-terminated bytes, without a Python object a line."""
    ended = pc.binary_join_element_wise(lines, "", "\n")
    return bytes(ended.buffers()[2])


def write_transactions(
    recipe: Recipe, out: Path, truth: Path | None = None, chunk_rows: int = CHUNK_ROWS
) -> None:
    """Write the transactions, and if asked for the planted segment of every customer.

    Args:
        recipe: What to generate.
        out: CSV file to write the transactions to.
        truth: CSV file to write CustomerID and segment to.
        chunk_rows: Rows held in memory at a time; it does not change the bytes.
    """
    bounds = segment_bounds(recipe)
    seen = np.zeros(int(bounds[-1]), dtype=bool)
    with out.open("wb") as file:
        file.write(HEADER.encode() + b"\n")
        for start in range(0, recipe.rows, chunk_rows):
            rows = np.arange(start, min(start + chunk_rows, recipe.rows), dtype=np.uint64)
            lines, customers = make_lines(recipe, rows, bounds)
            file.write(_bytes_of(lines))
            seen[customers] = True
    if truth is not None:
        with truth.open("wb") as file:
            file.write(b"CustomerID,segment\n")
            file.writelines(_truth_chunks(seen, bounds, chunk_rows))


def _truth_chunks(seen: NDArray[np.bool_], bounds: Ints, chunk_rows: int) -> Iterator[bytes]:
    """Yield lines of CustomerID and segment for the customers that occurred."""
    names = pa.array([s.name for s in SEGMENTS])
    for start in range(0, len(seen), chunk_rows):
        customers = start + np.flatnonzero(seen[start : start + chunk_rows])
        segment = np.searchsorted(bounds, customers, side="right") - 1
        ids = customer_ids(customers, len(seen))
        yield _bytes_of(pc.binary_join_element_wise(ids, names.take(pa.array(segment)), ","))


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line and write the files."""
    parser = argparse.ArgumentParser(
        prog="python -m data.generate", description="Generate bank transactions."
    )
    parser.add_argument("--rows", type=int, default=1_048_567, help="number of transactions")
    parser.add_argument("--out", type=Path, required=True, help="CSV file to write")
    parser.add_argument("--truth", type=Path, help="CSV file for CustomerID and planted segment")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--repeat", type=float, default=1.186, help="mean transactions of a customer")
    parser.add_argument(
        "--days", type=int, default=PUBLIC_DAYS, help="length of the period from 1 August 2016"
    )
    parser.add_argument(
        "--conflict", type=float, default=0.98, help="share of ids shared by different people"
    )
    given = parser.parse_args(arguments)
    recipe = Recipe(given.rows, given.seed, given.repeat, given.days, given.conflict)
    write_transactions(recipe, given.out, given.truth)


if __name__ == "__main__":
    main()

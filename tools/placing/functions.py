"""Knows logarithm, exponential and power as plain steps that every engine rounds alike.

Java's, C's and numpy's own functions differ in the last digit; these are sums and products only, on numbers
taken apart into mantissa and exponent, and stay within two units of the last digit of the true value.

Source: the methods and coefficients of FreeBSD's msun (e_log.c, s_log1p.c, e_exp.c; Sun Microsystems, 1993).
"""

from __future__ import annotations

from collections.abc import Sequence

from tools.placing.sheets import Cell, Sheet

_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_ROOT_OF_TWO = 1.4142135623730951
_ONE_BY_LN2 = 1.44269504088896338700
_LOG = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
_EXP = (
    1.66666666666666019037e-01,
    -2.77777777770155933842e-03,
    6.61375632143793436117e-05,
    -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
)
LARGEST = 700.0  # an exponent beyond this counts as this, so that nothing overflows


def log1p(sheet: Sheet, cells: Sequence[Cell]) -> list[Cell]:
    """Return log(1 + x) for numbers of at least 0."""
    return sheet.apart(lambda: _log1p(sheet, cells))


def _log1p(sheet: Sheet, cells: Sequence[Cell]) -> list[Cell]:
    sums = sheet.keep(*(cell + 1.0 for cell in cells))
    parts = sheet.mantissas(sums)
    halved, exponents = [], []
    for mantissa, exponent in parts:  # from 1 / sqrt(2) to sqrt(2), where the series converges best
        wide = mantissa > _ROOT_OF_TWO
        halved.append(sheet.where(wide, mantissa * 0.5, mantissa) - 1.0)
        exponents.append(sheet.where(wide, exponent + 1.0, exponent))
    lost = [  # of x in the rounding of 1 + x
        sheet.where(total >= 2.0, 1.0 - (total - cell), cell - (total - 1.0)) / total
        for cell, total in zip(cells, sums, strict=True)
    ]
    kept = sheet.keep(*halved, *exponents, *lost)
    n = len(cells)
    fractions, exponents, lost = kept[:n], kept[n : 2 * n], kept[2 * n :]
    ratios = sheet.keep(*(f / (f + 2.0) for f in fractions))
    squares = sheet.keep(*(s * s for s in ratios))
    return [
        k * _LN2_HIGH - (f * f * 0.5 - (s * (f * f * 0.5 + _series(z, _LOG)) + (k * _LN2_LOW + c)) - f)
        for f, k, c, s, z in zip(fractions, exponents, lost, ratios, squares, strict=True)
    ]


def exp(sheet: Sheet, cells: Sequence[Cell]) -> list[Cell]:
    """Return e to the x; beyond 700 on either side it is that of 700."""
    return sheet.apart(lambda: _exp(sheet, cells))


def _exp(sheet: Sheet, cells: Sequence[Cell]) -> list[Cell]:
    held = sheet.keep(*(_within(sheet, cell) for cell in cells))
    exponents = sheet.keep(*(sheet.floor(cell * _ONE_BY_LN2 + 0.5) for cell in held))
    highs = sheet.keep(*(x - k * _LN2_HIGH for x, k in zip(held, exponents, strict=True)))
    rests = sheet.keep(*(high - k * _LN2_LOW for high, k in zip(highs, exponents, strict=True)))
    corrections = sheet.keep(*(r - _series(r * r, _EXP) for r in rests))
    scales = sheet.powers_of_two(exponents)
    return [
        (1.0 - ((k * _LN2_LOW - r * c / (2.0 - c)) - high)) * scale
        for k, high, r, c, scale in zip(exponents, highs, rests, corrections, scales, strict=True)
    ]


def yeo_johnson(sheet: Sheet, cells: Sequence[Cell], powers: Sequence[float]) -> list[Cell]:
    """Bend numbers of both signs, each cell by its power.

    Source: Yeo & Johnson (2000), Biometrika 87, 954-959.
    """
    return sheet.apart(lambda: _yeo_johnson(sheet, cells, powers))


def _yeo_johnson(sheet: Sheet, cells: Sequence[Cell], powers: Sequence[float]) -> list[Cell]:
    sizes = sheet.keep(*(sheet.where(cell >= 0.0, cell, cell * -1.0) for cell in cells))
    logs = log1p(sheet, sizes)
    raised = exp(
        sheet,
        [
            log * sheet.where(cell >= 0.0, power, 2.0 - power)
            for log, cell, power in zip(logs, cells, powers, strict=True)
        ],
    )
    return [
        sheet.where(cell >= 0.0, _bent(log, up, power), _bent(log, up, 2.0 - power) * -1.0)
        for cell, log, up, power in zip(cells, logs, raised, powers, strict=True)
    ]


def _bent(log: Cell, raised: Cell, power: float) -> Cell:
    return log if abs(power) < 1e-9 else (raised - 1.0) / power


def _within(sheet: Sheet, cell: Cell) -> Cell:
    return sheet.where(cell > LARGEST, LARGEST, sheet.where(cell < -LARGEST, -LARGEST, cell))


def _series(z: Cell, coefficients: Sequence[float]) -> Cell:
    """Return z times the polynomial in z, by Horner's rule."""
    *lower, last = coefficients
    total = z * last
    for coefficient in reversed(lower):
        total = z * (total + coefficient)
    return total

"""Text in columns by position."""

from __future__ import annotations

from tests.nasty.making import BASE, NastyFile, text_of, texts_of


def positioned() -> list[NastyFile]:
    """Text in columns by position."""
    rows = texts_of(BASE, "%Y%m%d")
    left = [f"{a:<12}{b:<11}{c:>10} {d:<12}" for a, b, c, d in [list(BASE), *rows]]
    right = [f"{a:>8} {b} {c:>9} {d:>9}" for a, b, c, d in rows]
    ruled = [left[0], "----------- ---------- ---------- ------------", *left[1:]]
    bare = {f"column_{i + 1}": cells for i, cells in enumerate(BASE.values())}
    return [
        NastyFile("positions.txt", "\n".join(left).encode(), [BASE]),
        NastyFile("positions_ruled.txt", "\n".join(ruled).encode(), [BASE]),
        NastyFile("positions_right.txt", "\n".join(right).encode(), [bare]),
        NastyFile("spaces.txt", text_of({n: c for n, c in BASE.items() if n != "city"}, "   ").encode(), [{n: c for n, c in BASE.items() if n != "city"}]),
    ]  # fmt: skip


def printouts() -> list[NastyFile]:
    """Columns by position with gaps, tabs and letters of double width."""
    rows = texts_of(BASE, "%Y-%m-%d")
    gaps = {**BASE, "amount": [None if i % 6 == 2 else a for i, a in enumerate(BASE["amount"])]}
    right = [f"{'customer_id':<12}{'order_date':<12}{'amount':>10}  {'city':<12}"]
    right += [f"{a:<12}{b:<12}{c:>10}  {d:<12}" for a, b, c, d in texts_of(gaps, "%Y-%m-%d")]
    tabs = ["customer_id\torder_date\tamount\tcity", *(f"{a}\t{b}\t{c}\t{d}" for a, b, c, d in rows)]
    return [
        NastyFile("gaps.txt", "\n".join(right).encode(), [gaps]),
        NastyFile("tabs_and_blanks.txt", "\n".join(line.replace("\t", " \t ") for line in tabs).encode(), [BASE]),
        NastyFile("indented.txt", "\n".join(f"    {line}" for line in right).encode(), [gaps]),
    ]  # fmt: skip

"""What stands around and among the rows, and the names of columns."""

from __future__ import annotations

from datetime import date

from tests.nasty.making import BASE, N, NastyFile, lines_of, text_of


def framed() -> list[NastyFile]:
    """What stands around and among the rows."""
    plain, header = text_of(BASE), lines_of(BASE)[0]
    body = plain.partition("\n")[2]
    total = f"Total,,{sum(BASE['amount']):.2f},\n"
    ragged = body + "C9,01/03/2024\nC8,02/03/2024,3.5,Pune,extra\n" + body
    doubled = {name: [*cells, *cells] for name, cells in BASE.items()}
    extra = [["C9", "C8"], [date(2024, 3, 1), date(2024, 3, 2)], [None, 3.5], [None, "Pune"]]
    uneven = {name: [*cells, *more, *cells] for (name, cells), more in zip(BASE.items(), extra, strict=True)}
    wide = {f"v{i}": [i * 3 + j for j in range(12)] for i in range(500)}
    long = {"id": [1, 2, 3], "t": ["x" * 1_200_000, "y", "z"]}
    first_row = {"customer_id": ["C1"], "order_date": [date(2024, 1, 31)], "amount": [2.5], "city": ["Pune"]}
    return [
        NastyFile(
            "titles.csv",
            f"Report of March\nmade by sales\n\n{plain}".encode(),
            [BASE],
            says={"title_lines": 2},
        ),
        NastyFile("title_with_commas.csv", f"Report, March,,\n,,,\n{plain}".encode(), [BASE]),
        NastyFile("comments.csv", f"# exported 2024-05-01\n# by sales\n{plain}".encode(), [BASE]),
        NastyFile("footer.csv", f"{plain}\nTotal rows: 40\n".encode(), [BASE], says={"footers": 1}),
        NastyFile("footer_of_sums.csv", f"{plain}{total}".encode(), [BASE], says={"total_rows": 1}),
        NastyFile("empty_lines.csv", plain.replace("\n", "\n\n").encode(), [BASE]),
        NastyFile("lines_of_marks.csv", plain.replace("Delhi\n", "Delhi\n,,,\n").encode(), [BASE]),
        NastyFile(
            "repeated_headers.csv", f"{plain}{plain}".encode(), [doubled], says={"repeated_headers": 1}
        ),
        NastyFile(
            "ragged.csv", f"{header}\n{ragged}".encode(), [uneven], says={"short_rows": 1, "long_rows": 1}
        ),
        NastyFile(
            "no_header.csv", body.encode(), [{f"column_{i + 1}": c for i, c in enumerate(BASE.values())}]
        ),
        NastyFile("wide.csv", text_of(wide).encode(), [wide]),
        NastyFile("long_cell.csv", text_of(long).encode(), [long]),
        NastyFile("one_row.csv", text_of(first_row).encode(), [first_row]),
        NastyFile(
            "one_column.csv", text_of({"amount": BASE["amount"]}).encode(), [{"amount": BASE["amount"]}]
        ),
        NastyFile("ruler.txt", _ruled().encode(), [BASE]),
        NastyFile("markdown.md", _markdown().encode(), [BASE]),
    ]


def _ruled() -> str:
    head, *rows = [" | ".join(cell.ljust(12) for cell in line.split(",")) for line in lines_of(BASE)]
    return "\n".join([head, "-" * 13 + "+" + "-" * 14 + "+" + "-" * 14 + "+" + "-" * 12, *rows]) + "\n"


def _markdown() -> str:
    head, *rows = ["| " + line.replace(",", " | ") + " |" for line in lines_of(BASE)]
    return "\n".join([head, "|---|---|---:|---|", *rows]) + "\n"


def named() -> list[NastyFile]:
    """Names of columns."""
    odd = "id,a,a,A,,No. 1\n" + "".join(f"K{i},1,2,3,{i * 2},x\n" for i in range(9))
    meant = {
        "id": [f"K{i}" for i in range(9)], "a": [1] * 9, "a_2": [2] * 9, "A_3": [3] * 9,
        "column_5": [i * 2 for i in range(9)], "No 1": ["x"] * 9,
    }  # fmt: skip
    years = {"country": [f"X{i}" for i in range(20)], "2023": list(range(20)), "2024": list(range(1, 21))}
    broken = 'id,"amount\n(EUR)",city\n' + "".join(f"K{i},{i}.5,Bonn\n" for i in range(9))
    lines = {
        "id": [f"K{i}" for i in range(9)],
        "amount (EUR)": [i + 0.5 for i in range(9)],
        "city": ["Bonn"] * 9,
    }
    return [
        NastyFile("odd_names.csv", odd.encode(), [meant], says={"repeated_names": 0, "unnamed_columns": 0}),
        NastyFile("years_as_names.csv", text_of(years).encode(), [years]),
        NastyFile("line_break_in_name.csv", broken.encode(), [lines]),
        NastyFile("spaces_in_names.csv", text_of(BASE).replace("amount", "  amount ", 1).encode(), [BASE]),
    ]


def reported() -> list[NastyFile]:
    """Reports made for paper: pages, subtotals, units, signatures."""
    lines = lines_of(BASE)
    header, rows = lines[0], lines[1:]
    pages = "".join(
        f"Orders of 2024,,,page {p + 1}\n{header}\n" + "\n".join(rows[10 * p : 10 * p + 10]) + "\n"
        for p in range(4)
    )
    parts = [header]
    for p in range(4):
        part = rows[10 * p : 10 * p + 10]
        parts += [*part, f"Subtotal,,{sum(BASE['amount'][10 * p : 10 * p + 10]):.2f},"]
    parts.append(f"Grand total,,{sum(BASE['amount']):.2f},")
    later = f"{text_of(BASE)},Total,{sum(BASE['amount']):.2f},\n"
    signed = text_of(BASE) + "\n\nPrepared by: A. Singh\nChecked by: B. Rao\nThis report is confidential.\n"
    facts = f"Report,Orders,,\nFrom,2024-01-01,,\nTo,2024-12-31,,\nCurrency,EUR,,\n,,,\n{text_of(BASE)}"
    units = f"{header}\n,dd/mm/yyyy,EUR,\n" + "\n".join(rows) + "\n"
    types = f"{header}\nstring,date,double,string\n" + "\n".join(rows) + "\n"
    empty = "\n".join(f",{line}" for line in lines) + "\n"
    noted = (
        f"{header}\n"
        + "\n".join(f"{row}\n# page {i // 20}" if i % 20 == 19 else row for i, row in enumerate(rows))
        + "\n"
    )
    shifted = "amount,city\n" + "\n".join(f"K{i},{i}.5,Pune" for i in range(N)) + "\n"
    named_rows = {
        "column_1": [f"K{i}" for i in range(N)],
        "amount": [i + 0.5 for i in range(N)],
        "city": ["Pune"] * N,
    }
    footed = text_of(BASE) + "Report created 1 October - RX7,,,\n"
    return [
        NastyFile("pages.csv", pages.encode(), [BASE], says={"repeated_headers": 3}),
        NastyFile("subtotals.csv", ("\n".join(parts) + "\n").encode(), [BASE], says={"total_rows": 5}),
        NastyFile("total_in_second_column.csv", later.encode(), [BASE], says={"total_rows": 1}),
        NastyFile("signatures.csv", signed.encode(), [BASE], says={"footers": 3}),
        NastyFile("footer_of_full_width.csv", footed.encode(), [BASE], says={"footers": 1}),
        NastyFile("facts_above.csv", facts.encode(), [BASE]),
        NastyFile("units_below_header.csv", units.encode(), [BASE], says={"header_notes": 1}),
        NastyFile("types_below_header.csv", types.encode(), [BASE], says={"header_notes": 1}),
        NastyFile("empty_first_column.csv", empty.encode(), [BASE]),
        NastyFile("comments_among_rows.csv", noted.encode(), [BASE]),
        NastyFile("row_names.csv", shifted.encode(), [named_rows]),
    ]  # fmt: skip

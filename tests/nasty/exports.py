"""What programs print: consoles of databases, statistics packages, time series, web services."""

from __future__ import annotations

from tests.nasty.making import BASE, DAYS, N, NastyFile, lines_of, text_of, texts_of


def printed() -> list[NastyFile]:
    """Tables as consoles draw them."""
    rows = [list(BASE), *texts_of(BASE, "%Y-%m-%d")]
    wide = [max(len(row[i]) for row in rows) for i in range(4)]
    padded = [[cell.ljust(wide[i]) for i, cell in enumerate(row)] for row in rows]
    bar = "+" + "+".join("-" * (each + 2) for each in wide) + "+"
    boxed = [
        bar,
        "| " + " | ".join(padded[0]) + " |",
        bar,
        *("| " + " | ".join(row) + " |" for row in padded[1:]),
        bar,
    ]
    psql = [
        " " + " | ".join(padded[0]),
        "-" + "-+-".join("-" * each for each in wide),
        *(" " + " | ".join(row) for row in padded[1:]),
    ]
    sharp = "┌" + "┬".join("─" * (each + 2) for each in wide) + "┐"
    duck = [
        sharp,
        "│ " + " │ ".join(padded[0]) + " │",
        sharp.translate(str.maketrans("┌┬┐", "├┼┤")),
        *("│ " + " │ ".join(row) + " │" for row in padded[1:]),
        sharp.translate(str.maketrans("┌┬┐", "└┴┘")),
    ]
    spooled = [
        " ".join(padded[0]),
        " ".join("-" * each for each in wide),
        *(" ".join(row) for row in padded[1:]),
    ]
    frame = "".join(f"{'' if i == 0 else i - 1:<3} {'  '.join(row)}\n" for i, row in enumerate(padded))
    listed = {"column_1": list(range(N)), **BASE}
    return [
        NastyFile("mysql.txt", "\n".join([*boxed, "40 rows in set (0.00 sec)", ""]).encode(), [BASE]),
        NastyFile("psql.txt", "\n".join([*psql, "(40 rows)", ""]).encode(), [BASE]),
        NastyFile("duckdb.txt", "\n".join(duck).encode(), [BASE]),
        NastyFile("sqlcmd.txt", "\n".join([*spooled, "", "(40 rows affected)", ""]).encode(), [BASE]),
        NastyFile("printed_frame.txt", frame.encode(), [listed]),
    ]  # fmt: skip


def annotated() -> list[NastyFile]:
    """Files with the marks of the program that wrote them."""
    lines = lines_of(BASE, form="%Y-%m-%d")
    header, rows = lines[0], lines[1:]
    flux = [
        "#datatype,string,dateTime,double,string",
        "#group,false,false,false,true",
        f",{header}",
        *(f",{row}" for row in rows),
    ]
    base_r = [
        " ".join(f'"{name}"' for name in BASE),
        *(
            f'"{i}" ' + " ".join(f'"{cell}"' for cell in row)
            for i, row in enumerate(texts_of(BASE, "%Y-%m-%d"), 1)
        ),
    ]
    named = {"column_1": list(range(1, N + 1)), **BASE}
    sas = {"customer_id": BASE["customer_id"], "order_date": DAYS, "amount": BASE["amount"]}
    sas_text = "customer_id,order_date,amount\n" + "".join(
        f"{k},{d:%d%b%Y},{a}\n".upper() for k, d, a in zip(*sas.values(), strict=True)
    )
    arff = (
        "@relation orders\n@attribute customer_id string\n@attribute order_date date\n@attribute amount numeric\n@attribute city string\n@data\n"
        + "\n".join(rows)
        + "\n"
    )
    return [
        NastyFile("influx.csv", ("\n".join(flux) + "\n").encode(), [BASE]),
        NastyFile("write_table.txt", ("\n".join(base_r) + "\n").encode(), [named]),
        NastyFile("sas_dates.csv", sas_text.replace("CUSTOMER_ID,ORDER_DATE,AMOUNT", "customer_id,order_date,amount").encode(), [sas]),
        NastyFile("weka.arff", arff.encode(), refused="Weka"),
        NastyFile("dollar_names.csv", text_of(BASE, form="%Y-%m-%d").replace("customer_id", "$customer_id", 1).encode(), [{"$customer_id": BASE["customer_id"], **{k: v for k, v in BASE.items() if k != "customer_id"}}]),
        NastyFile("script.sql", ("CREATE TABLE orders (id TEXT, amount REAL);\n" + "".join(f"INSERT INTO orders VALUES ('C{i}', {i}.5);\n" for i in range(9))).encode(), refused="SQL"),
    ]  # fmt: skip

"""Files as people really export them, made here in many shapes, each with what it was meant to say."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class NastyFile:
    """A file with what it was meant to say.

    Attributes:
        name: Of the file.
        content: Its bytes.
        tables: What each of its tables should read as, by column.
        refused: Words of the sentence that refuses it instead.
        says: Codes of cleaning steps or findings that tell what was done, with their rows.
    """

    name: str
    content: bytes
    tables: Sequence[Columns] = ()
    refused: str = ""
    says: Mapping[str, int] = field(default_factory=dict)


N = 40
DAYS = [date(2024, 1, 3) + timedelta(days=5 * i) for i in range(N)]
CITIES = ["Pune", "Delhi", "New York", "Aachen"]
BASE: dict[str, list[Any]] = {
    "customer_id": [f"C{1000 + i}" for i in range(N)],
    "order_date": DAYS,
    "amount": [round(12.5 + 37.25 * i, 2) for i in range(N)],
    "city": [CITIES[i % 4] for i in range(N)],
}


def lines_of(columns: Columns, separator: str = ",", form: str = "%d/%m/%Y") -> list[str]:
    """Write columns as lines of separated text, header first."""
    return [separator.join(columns), *(separator.join(row) for row in _texts(columns, form))]


def _texts(columns: Columns, form: str) -> list[list[str]]:
    return [[_text(cell, form) for cell in row] for row in zip(*columns.values(), strict=True)]


def _text(cell: Any, form: str) -> str:
    if cell is None:
        return ""
    return cell.strftime(form) if isinstance(cell, date) else str(cell)


def text_of(columns: Columns, separator: str = ",", form: str = "%d/%m/%Y", end: str = "\n") -> str:
    """Write columns as a text file."""
    return end.join(lines_of(columns, separator, form)) + end


def written(name: str, column: str, cells: Sequence[str], meant: Sequence[Any], **says: int) -> NastyFile:
    """Return a tab-separated file with a key and one column that is written in a special way."""
    keys = [f"K{i}" for i in range(len(cells))]
    content = "\n".join([f"key\t{column}", *(f"{k}\t{cell}" for k, cell in zip(keys, cells, strict=True))])
    return NastyFile(name, f"{content}\n".encode(), [{"key": keys, column: meant}], says=says)


def all_files() -> list[NastyFile]:
    """Return every file."""
    groups = (separated(), encoded(), framed(), named(), numbers(), dates(), words(), workbooks(), packed())
    return [each for group in (*groups, documents(), columnar(), positioned(), refused()) for each in group]


def separated() -> list[NastyFile]:
    """Separators, quotation marks, line ends."""
    plain = text_of(BASE)
    found = [
        NastyFile(f"separated_{i}.csv", text_of(BASE, mark).encode(), [BASE])
        for i, mark in enumerate(",;\t|^~\x1f")
    ]
    found += [
        NastyFile("crlf.csv", text_of(BASE, end="\r\n").encode(), [BASE]),
        NastyFile("cr.csv", text_of(BASE, end="\r").encode(), [BASE]),
        NastyFile("mixed_ends.csv", plain.replace("Delhi\n", "Delhi\r\n").encode(), [BASE]),
        NastyFile("no_last_end.csv", plain.rstrip().encode(), [BASE]),
        NastyFile("sep_line.csv", b"sep=;\n" + text_of(BASE, ";").encode(), [BASE]),
        NastyFile("spaced.csv", text_of(BASE, ", ").encode(), [BASE]),
        NastyFile("trailing_marks.csv", plain.replace("\n", ",\n").encode(), [BASE]),
        NastyFile(
            "all_quoted.csv",
            "".join('"' + line.replace(",", '","') + '"\n' for line in lines_of(BASE)).encode(),
            [BASE],
        ),
        NastyFile(
            "single_quoted.csv",
            "".join("'" + line.replace(",", "','") + "'\n" for line in lines_of(BASE)).encode(),
            [BASE],
        ),
    ]
    notes = [
        'a "q", b',
        "line\nbreak",
        "semi;colon",
        "'single'",
        "tab\there",
        'ends with "',
        "x",
        "comma, too",
    ]
    doubled = ['"' + note.replace('"', '""') + '"' for note in notes]
    escaped = ['"' + note.replace('"', '\\"') + '"' for note in notes]
    meant = {"id": list(range(1, 9)), "note": notes, "v": [i / 4 for i in range(1, 9)]}
    for name, cells in (("quotes.csv", doubled), ("backslash_quotes.csv", escaped)):
        body = "".join(f"{i},{cell},{i / 4}\n" for i, cell in enumerate(cells, 1))
        found.append(NastyFile(name, f"id,note,v\n{body}".encode(), [meant]))
    inches = [f'{i} 3/4" pipe' for i in range(9)]
    body = "".join(f"{i};{cell};{i + 0.5}\n" for i, cell in enumerate(inches))
    table = {"id": list(range(9)), "size": inches, "v": [i + 0.5 for i in range(9)]}
    found.append(NastyFile("inch_marks.csv", f"id;size;v\n{body}".encode(), [table]))
    opened = {"id": [1, 2, 3], "t": ['"abc', "y", "z"]}
    found.append(NastyFile("open_quote.csv", b'id,t\n1,"abc\n2,y\n3,z\n', [opened], says={"open_quote": 0}))
    return found


def encoded() -> list[NastyFile]:
    """Encodings and byte-order marks."""
    european = {**BASE, "city": [["Zürich", "Málaga", "Århus", "naïve Français"][i % 4] for i in range(N)]}
    found = [
        NastyFile(f"encoded_{name}.csv", text_of(european).encode(name), [european])
        for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1")
    ]
    samples = {
        "cp932": ["東京都", "大阪市", "カタカナ町", "ひらがな村"],
        "euc_jp": ["東京都", "大阪市", "カタカナ町", "ひらがな村"],
        "gb18030": ["北京市", "上海市", "广州的客户", "深圳"],
        "cp949": ["서울특별시", "부산", "대구광역시", "인천"],
        "cp1251": ["Москва", "Санкт-Петербург", "Казань", "Уфа"],
        "cp1250": ["Łódź", "Kraków", "Częstochowa", "Gdańsk"],
        "cp1253": ["Αθήνα", "Θεσσαλονίκη", "Πάτρα", "Ηράκλειο"],
    }
    for name, cities in samples.items():
        table = {**BASE, "city": [cities[i % 4] for i in range(N)]}
        found.append(NastyFile(f"encoded_{name}.csv", text_of(table).encode(name), [table]))
    euro = {"id": [f"A{i}" for i in range(N)], "price": [i + 0.5 for i in range(N)]}
    body = "id;price\n" + "".join(f"A{i};€ {i},50\n" for i in range(N))
    found.append(NastyFile("euro_sign_cp1252.csv", body.encode("cp1252"), [euro]))
    cities = ["Bonn"] * 30_000 + ["Zürich"]
    deep = {"id": [f"A{i}" for i in range(30_001)], "city": cities}
    found.append(NastyFile("deep_cp1252.csv", text_of(deep).encode("cp1252"), [deep]))
    two = text_of(deep).encode().replace(b"A7,Bonn", "A7,Köln".encode("cp1252"))
    half = {**deep, "city": [*cities[:7], "Köln", *cities[8:]]}
    found.append(NastyFile("two_encodings.csv", two, [half], says={"mixed_encoding": 1}))
    nul = text_of(BASE).replace("Delhi", "Del\x00hi").encode()
    found.append(NastyFile("nul_bytes.csv", nul, [BASE]))
    return found


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


def numbers() -> list[NastyFile]:
    """Numbers in the dress of countries, banks and bookkeepers."""
    values = [1234.5 + 1111.25 * i for i in range(N)]
    big = [123456.78 + 1_000_000 * i for i in range(N)]
    signed = [(-1) ** i * (10.5 + i) for i in range(N)]
    swiss = [f"{v:,.2f}".replace(",", "'") for v in values]
    german = [f"{v:,.2f}".translate(str.maketrans(",.", ".,")) for v in values]
    french = [f"{v:,.2f}".replace(",", "\u202f").replace(".", ",") for v in values]
    return [
        written("english.tsv", "amount", [f"{v:,.2f}" for v in values], values),
        written("german.tsv", "amount", german, values),
        written("french.tsv", "amount", french, values),
        written("swiss.tsv", "amount", swiss, values),
        written("indian.tsv", "amount", [indian(v) for v in big], big),
        written("whole_thousands.tsv", "amount", [f"{1000 * i:,}" for i in range(1, 41)], [1000 * i for i in range(1, 41)]),
        written("dots_of_thousands.tsv", "betrag", [f"{1_234_567 + i:,}".replace(",", ".") for i in range(N)], [1_234_567 + i for i in range(N)]),
        written("brackets.tsv", "amount", [f"({-v:.2f})" if v < 0 else f"{v:.2f}" for v in signed], signed),
        written("minus_behind.tsv", "amount", [f"{-v:.2f}-" if v < 0 else f"{v:.2f}" for v in signed], signed),
        written("real_minus.tsv", "amount", [f"{v:.2f}".replace("-", "\u2212") for v in signed], signed),
        written("plus.tsv", "change", [f"{v:+.1f}" for v in signed], signed),
        written("dollars.tsv", "spend", [f"${v:,.2f}" for v in values], values),
        written("codes_behind.tsv", "spend", [f"{v:,.2f} USD" for v in values], values),
        written("rupees.tsv", "spend", [f"Rs. {indian(v)}" for v in big], big),
        written("minus_dollars.tsv", "spend", [f"-${-v:,.2f}" if v < 0 else f"${v:,.2f}" for v in signed], signed),
        written("debit_credit.tsv", "amount", [f"{abs(v):,.2f} {'DR' if v < 0 else 'CR'}" for v in signed], signed),
        written("percent.tsv", "rate", [f"{i / 2}%" for i in range(N)], [i / 2 for i in range(N)]),
        written("percent_comma.tsv", "rate", [f"{i},5 %" for i in range(N)], [i + 0.5 for i in range(N)]),
        written("scientific.tsv", "v", [f"{i + 0.5:e}" for i in range(N)], [i + 0.5 for i in range(N)]),
        written("thousands_k.tsv", "followers", [f"{i}.5K" if i % 2 else f"{i}M" for i in range(1, 41)], [i * 1000 + 500 if i % 2 else i * 1_000_000 for i in range(1, 41)]),
        written("apostrophes.tsv", "amount", [f"'{v}" for v in values], values),
    ]  # fmt: skip


def indian(value: float) -> str:
    """Write 123456.78 as 1,23,456.78."""
    whole, part = f"{value:.2f}".split(".")
    head, tail = whole[:-3], whole[-3:]
    pairs = []
    while head:
        head, pair = head[:-2], head[-2:]
        pairs.insert(0, pair)
    return f"{','.join([*pairs, tail])}.{part}"


def dates() -> list[NastyFile]:
    """Dates and times."""
    stamps = [datetime(2024, 1, 3, 9, 5, 1) + timedelta(days=5 * i, minutes=7 * i) for i in range(N)]
    clocks = [time(i % 24, (7 * i) % 60, (11 * i) % 60) for i in range(N)]
    digits = [str(t.hour * 10000 + t.minute * 100 + t.second) for t in clocks]
    forms = {
        "day_first": "%d/%m/%Y", "month_first": "%m/%d/%Y", "dots": "%d.%m.%Y", "iso": "%Y-%m-%d",
        "slashes": "%Y/%m/%d", "compact": "%Y%m%d", "named": "%d-%b-%Y", "words": "%B %d, %Y",
        "two_digits": "%d/%m/%y", "weekday": "%a %d %b %Y", "long_weekday": "%A, %B %d, %Y",
    }  # fmt: skip
    found = [
        written(f"dates_{name}.tsv", "order_date", [day.strftime(form) for day in DAYS], DAYS)
        for name, form in forms.items()
    ]
    bare = [f"{day.day}/{day.month}/{day:%y}" for day in DAYS]
    found.append(written("dates_unpadded.tsv", "order_date", bare, DAYS, date_order=N))
    times = {
        "iso": "%Y-%m-%dT%H:%M:%S", "zulu": "%Y-%m-%dT%H:%M:%SZ", "space": "%Y-%m-%d %H:%M:%S",
        "half_days": "%m/%d/%Y %I:%M:%S %p", "fractions": "%Y-%m-%d %H:%M:%S.000",
    }  # fmt: skip
    found += [
        written(f"times_{name}.tsv", "order_time", [stamp.strftime(form) for stamp in stamps], stamps)
        for name, form in times.items()
    ]
    mixed = ["13/01/2024" if i % 2 else "01/14/2024" for i in range(N)]
    serial = [str((day - date(1899, 12, 30)).days) for day in DAYS]
    epoch = [str(int((stamp - datetime(1970, 1, 1)).total_seconds())) for stamp in stamps]
    french = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil."]
    german = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli"]
    return [
        *found,
        written("dates_of_both_orders.tsv", "order_date", mixed, mixed, date_order_mixed=N),
        written("dates_two_forms.tsv", "order_date", [f"{d:%d/%m/%Y}" if i % 3 else f"{d:%Y-%m-%d}" for i, d in enumerate(DAYS)], DAYS),
        written("dates_excel_numbers.tsv", "order_date", serial, DAYS, day_numbers=N),
        written("times_unix.tsv", "created_at", epoch, stamps, unix_times=N),
        written("times_unix_ms.tsv", "timestamp", [f"{each}000" for each in epoch], stamps, unix_times=N),
        written("times_as_integers.tsv", "transaction_time", digits, clocks),
        written("times_of_day.tsv", "time", [f"{t:%H:%M:%S}" for t in clocks], clocks),
        written("times_of_half_days.tsv", "time", [f"{t:%I:%M:%S %p}" for t in clocks], clocks),
        written("dates_french.tsv", "date", [f"{d.day} {french[d.month - 1]} {d.year}" for d in DAYS], DAYS),
        written("dates_german.tsv", "datum", [f"{d.day}. {german[d.month - 1]} {d.year}" for d in DAYS], DAYS),
        written("dates_some_missing.tsv", "order_date", ["" if i % 9 == 4 else f"{d:%d.%m.%Y}" for i, d in enumerate(DAYS)], [None if i % 9 == 4 else d for i, d in enumerate(DAYS)]),
        written("dates_nought.tsv", "order_date", ["0000-00-00" if i % 9 == 4 else f"{d}" for i, d in enumerate(DAYS)], [None if i % 9 == 4 else d for i, d in enumerate(DAYS)], placeholder_words=4),
        written("months_only.tsv", "month", [f"{d:%Y-%m}" for d in DAYS], [f"{d:%Y-%m}" for d in DAYS]),
    ]  # fmt: skip


def words() -> list[NastyFile]:
    """Codes, booleans, placeholders."""
    marks = ["N/A", "-", "?", "null", "NULL", "#N/A", "n/a", "NaN", "none", "--", "", " "]
    cells = [marks[i // 5] if i % 5 == 0 and i // 5 < len(marks) else f"{i}.25" for i in range(300)]
    numbers_ = [None if i % 5 == 0 and i // 5 < len(marks) else i + 0.25 for i in range(300)]
    ids = [f"{i * 7919 % 100000:06d}" for i in range(N)]
    long = [str(4_111_111_111_111_111_000 + i) for i in range(N)]
    sixteen = [str(4_111_111_111_111_100 + i) for i in range(N)]
    deep = [str(100_000 + i) for i in range(60_000)] + ["000123"] + [str(300_000 + i) for i in range(6_000)]
    names = [["Nan", "Null", "True", "None"][i % 4] for i in range(N)]
    yes = ["Yes" if i % 3 else "No" for i in range(N)]
    truth = [i % 3 > 0 for i in range(N)]
    return [
        written("placeholders.tsv", "v", cells, numbers_, blank_cells=1, placeholder_words=10),
        written("leading_zeros.tsv", "account", ids, ids),
        written("long_digits.tsv", "card", long, long),
        written("sixteen_digits.tsv", "card_number", sixteen, sixteen),
        written("deep_leading_zero.tsv", "account_id", deep, deep),
        written("phones.tsv", "phone", [f"+49 30 {i:07d}" for i in range(N)], [f"+49 30 {i:07d}" for i in range(N)]),
        written("excel_text_ids.tsv", "account", [f'="{each}"' for each in ids], ids),
        written("names_like_nothing.tsv", "first_name", names, names),
        written("true_false.tsv", "active", [str(t) for t in truth], truth),
        written("TRUE_FALSE.tsv", "active", [str(t).upper() for t in truth], truth),
        written("yes_no.tsv", "opted_in", yes, yes),
        written("text_in_numbers.tsv", "v", [f"{i}" if i % 100 else "broken" for i in range(1, 301)], [i if i % 100 else None for i in range(1, 301)], unreadable_cells=3),
        written("versions.tsv", "version", [f"1.{i}.3" for i in range(N)], [f"1.{i}.3" for i in range(N)]),
        written("ranges.tsv", "age_group", [f"{i % 5}0-{i % 5}9" for i in range(N)], [f"{i % 5}0-{i % 5}9" for i in range(N)]),
        written("formulas.tsv", "note", [f"=cmd|' /C calc'!A{i}" for i in range(N)], [f"=cmd|' /C calc'!A{i}" for i in range(N)]),
        written("padded.tsv", "channel", [["web ", "web"][i % 2] for i in range(N)], [["web ", "web"][i % 2] for i in range(N)]),
    ]  # fmt: skip


def workbooks() -> list[NastyFile]:
    """Excel files."""

    def book(*sheets: tuple[str, list[list[Any]]], hide: str = "", merge: str = "") -> bytes:
        made = openpyxl.Workbook()
        made.remove(made.worksheets[0])
        for title, rows in sheets:
            sheet = made.create_sheet(title)
            for row in rows:
                sheet.append(row)
            if title == hide:
                sheet.sheet_state = "hidden"
            if merge:
                for part in merge.split():
                    sheet.merge_cells(part)
        stream = io.BytesIO()
        made.save(stream)
        return stream.getvalue()

    base = [list(BASE), *map(list, zip(*BASE.values(), strict=True))]
    people = {"customer_id": [f"C{1000 + i}" for i in range(9)], "age": list(range(20, 29))}
    second = [list(people), *map(list, zip(*people.values(), strict=True))]
    stamps = [datetime(2024, 1, 3, 9, 5) + timedelta(days=i) for i in range(9)]
    timed = {"id": [f"A{i}" for i in range(9)], "when": stamps, "at": [time(8, i) for i in range(9)]}
    types = [list(timed), *map(list, zip(*timed.values(), strict=True))]
    head = [["Customer", None, "Spend", None], ["id", "name", "2023", "2024"]]
    merged = [*head, *([f"K{i}", f"Ann {i}", i, i + 0.5] for i in range(12))]
    flat = {
        "Customer id": [f"K{i}" for i in range(12)], "Customer name": [f"Ann {i}" for i in range(12)],
        "Spend 2023": list(range(12)), "Spend 2024": [i + 0.5 for i in range(12)],
    }  # fmt: skip
    serial = [[*row[:1], (row[1] - date(1899, 12, 30)).days, *row[2:]] for row in base[1:]]
    indented = [[None, None, *row] for row in base]
    faults = {"id": [f"A{i}" for i in range(30)], "v": [None if i == 4 else i + 0.5 for i in range(30)]}
    broken = [["id", "v"], *([f"A{i}", "#DIV/0!" if i == 4 else i + 0.5] for i in range(30))]
    return [
        NastyFile("one_sheet.xlsx", book(("data", base)), [BASE]),
        NastyFile("two_sheets.xlsx", book(("orders", base), ("people", second), ("empty", [])), [BASE, people]),
        NastyFile("hidden_sheet.xlsx", book(("orders", base), ("lists", second), hide="lists"), [BASE], says={"hidden_sheets": 0}),
        NastyFile("titles.xlsx", book(("data", [["Orders of 2024"], [], *base])), [BASE]),
        NastyFile("merged_header.xlsx", book(("data", merged), merge="A1:B1 C1:D1"), [flat]),
        NastyFile("date_numbers.xlsx", book(("data", [base[0], *serial])), [BASE]),
        NastyFile("types.xlsx", book(("data", types)), [timed]),
        NastyFile("indented.xlsx", book(("data", indented)), [BASE]),
        NastyFile("faults.xlsx", book(("data", broken)), [faults], says={"placeholder_words": 1}),
        NastyFile("uncalculated.xlsx", book(("data", [["id", "v", "twice"], *([f"A{i}", i, f"=B{i + 2}*2"] for i in range(9))])), [{"id": [f"A{i}" for i in range(9)], "v": list(range(9)), "twice": [None] * 9}], says={"formulas_without_value": 9}),
        NastyFile("only_empty.xlsx", book(("a", []), ("b", [])), refused="no sheet with a table"),
    ]  # fmt: skip


def packed() -> list[NastyFile]:
    """Compressed files and archives."""
    plain = text_of(BASE).encode()
    people = {"customer_id": [f"C{1000 + i}" for i in range(9)], "age": list(range(20, 29))}
    inner = archive(("orders.csv", plain))
    deep = plain
    for _ in range(6):
        deep = archive(("more.zip", deep))
    return [
        NastyFile("plain.csv.gz", gzip.compress(plain), [BASE]),
        NastyFile("records.json.gz", gzip.compress(json.dumps([{"id": f"A{i}", "v": i} for i in range(9)]).encode()), [{"id": [f"A{i}" for i in range(9)], "v": list(range(9))}]),
        NastyFile("one.zip", inner, [BASE]),
        NastyFile("two.zip", archive(("a/orders.csv", plain), ("b/people.csv", text_of(people).encode()), ("__MACOSX/._x", b"x"), ("readme.txt", b"These are the orders of 2024.\n")), [BASE, people], says={"files_left_out": 1}),
        NastyFile("nested.zip", archive(("inner.zip", inner)), [BASE]),
        NastyFile("much_nested.zip", deep, refused="archives within archives"),
        NastyFile("bomb.zip", archive(("zeros.csv", b"a,b\n" + b"1,2\n" * 30_000_000)), refused="unpacks to"),
        NastyFile("locked.zip", _locked(inner), refused="password"),
    ]  # fmt: skip


def archive(*entries: tuple[str, bytes]) -> bytes:
    """Pack files into a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed_:
        for name, content in entries:
            packed_.writestr(name, content)
    return stream.getvalue()


def _locked(packed_: bytes) -> bytes:
    """Set the bit of an encrypted entry in both headers of an archive with one entry."""
    changed = bytearray(packed_)
    changed[6] |= 1
    changed[changed.find(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def documents() -> list[NastyFile]:
    """JSON."""
    records = [{"id": f"{i:04d}", "v": i, "x": {"y": i / 2, "z": {"w": f"q{i % 3}"}}} for i in range(30)]
    meant = {
        "id": [f"{i:04d}" for i in range(30)], "v": list(range(30)),
        "x_y": [i / 2 for i in range(30)], "x_z_w": [f"q{i % 3}" for i in range(30)],
    }  # fmt: skip
    text = "\n".join(map(json.dumps, records))
    broken = text.replace('{"id": "0007"', '{"id" "0007"')
    without = {name: [*cells[:7], *cells[8:]] for name, cells in meant.items()}
    uneven = [{"id": f"A{i}", **({"v": i} if i % 2 else {"w": None, "u": True})} for i in range(10)]
    gaps = {
        "id": [f"A{i}" for i in range(10)], "w": [None] * 10, "u": [None if i % 2 else True for i in range(10)],
        "v": [i if i % 2 else None for i in range(10)],
    }  # fmt: skip
    long = {"id": [str(9_007_199_254_740_993 + i) for i in range(9)], "v": list(range(9))}
    lists = {"id": [f"A{i}" for i in range(9)], "tags": [f'["a", {i}]' for i in range(9)]}
    return [
        NastyFile("records.json", json.dumps(records).encode(), [meant]),
        NastyFile("lines.jsonl", text.encode(), [meant]),
        NastyFile("broken_line.jsonl", broken.encode(), [without], says={"broken_lines": 1}),
        NastyFile("in_an_object.json", json.dumps({"count": 30, "data": records}).encode(), [meant]),
        NastyFile("columns.json", json.dumps(dict(meant)).encode(), [meant]),
        NastyFile("rows.json", json.dumps([["id", "v"], *([f"A{i}", i] for i in range(9))]).encode(), [{"id": [f"A{i}" for i in range(9)], "v": list(range(9))}]),
        NastyFile("by_key.json", json.dumps({"id": {str(i): f"A{i}" for i in range(9)}, "v": {str(i): i for i in range(9)}}).encode(), [{"id": [f"A{i}" for i in range(9)], "v": list(range(9))}]),
        NastyFile("uneven.json", json.dumps(uneven).encode(), [gaps]),
        NastyFile("long_ids.json", json.dumps([{"id": int(i), "v": v} for i, v in zip(*long.values(), strict=True)]).encode(), [long]),
        NastyFile("lists.json", json.dumps([{"id": f"A{i}", "tags": ["a", i]} for i in range(9)]).encode(), [lists]),
        NastyFile("marked.json", b"\xef\xbb\xbf" + json.dumps(records).encode(), [meant]),
        NastyFile("scalar.json", b'{"a": 1}', [{"a": [1]}]),
        NastyFile("numbers.json", b"[1, 2, 3]", refused="holds no records"),
        NastyFile("half.json", json.dumps(records)[:-40].encode(), refused="damaged JSON"),
        NastyFile("deep.json", b"[" * 100_000, refused="damaged JSON"),
    ]  # fmt: skip


def columnar() -> list[NastyFile]:
    """Parquet."""
    from decimal import Decimal

    table = pa.table(
        {
            "tiny": pa.array([i % 100 for i in range(9)], pa.int8()),
            "big": pa.array([2**63 + i for i in range(9)], pa.uint64()),
            "money": pa.array([Decimal(f"{i}.25") for i in range(9)], pa.decimal128(18, 2)),
            "day": pa.array(DAYS[:9], pa.date32()),
            "stamp": pa.array([datetime(2024, 1, 1, 5, i) for i in range(9)], pa.timestamp("ns", "UTC")),
            "kind": pa.array([f"k{i % 2}" for i in range(9)]).dictionary_encode(),
            "raw": pa.array([f"r{i}".encode() for i in range(9)], pa.binary()),
            "parts": pa.array([[i, i + 1] for i in range(9)], pa.list_(pa.int64())),
            "inner": pa.array([{"a": i, "b": f"x{i}"} for i in range(9)]),
            "yes": pa.array([i % 2 == 0 for i in range(9)]),
            "nothing": pa.array([None] * 9, pa.null()),
            "at": pa.array([time(3, i) for i in range(9)], pa.time64("us")),
        }
    )
    stream = io.BytesIO()
    pq.write_table(table, stream)
    meant = {
        "tiny": list(range(9)), "big": [str(2**63 + i) for i in range(9)], "money": [i + 0.25 for i in range(9)],
        "day": DAYS[:9], "stamp": [datetime(2024, 1, 1, 5, i) for i in range(9)], "kind": [f"k{i % 2}" for i in range(9)],
        "raw": [f"r{i}" for i in range(9)], "parts": [f"[{i}, {i + 1}]" for i in range(9)],
        "inner_a": list(range(9)), "inner_b": [f"x{i}" for i in range(9)], "yes": [i % 2 == 0 for i in range(9)],
        "nothing": [None] * 9, "at": [time(3, i) for i in range(9)],
    }  # fmt: skip
    arrow = io.BytesIO()
    with pa.ipc.new_file(arrow, table.schema) as writer:
        writer.write_table(table)
    return [
        NastyFile("odd_types.parquet", stream.getvalue(), [meant]),
        NastyFile("cut.parquet", stream.getvalue()[:-9], refused="damaged Parquet"),
        NastyFile("arrow.arrow", arrow.getvalue(), [meant]),
        NastyFile("cut.arrow", arrow.getvalue()[:200], refused="damaged Arrow"),
    ]


def positioned() -> list[NastyFile]:
    """Text in columns by position."""
    rows = _texts(BASE, "%Y%m%d")
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


PROSE = """Terms of use

The data are given as they are, without any promise, and whoever uses them does so at their own risk.
You may copy them, change them, and hand them on, provided that the source is named in a suitable place.
In no case are the authors liable for a loss, whatever its cause, that comes from using the data.
These terms end, without further notice, when they are broken, and all copies have to be deleted then.
"""


def refused() -> list[NastyFile]:
    """What is no table."""
    page = b"<html><head></head><body><table><tr><td>1</td></tr></table></body></html>"
    locked = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
    )
    return [
        NastyFile("empty.csv", b"", refused="is empty"),
        NastyFile("blank.csv", b"\n \n\t\n", refused="is empty"),
        NastyFile("header_only.csv", b"a,b,c\n", refused="no rows"),
        NastyFile("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, refused="a PNG picture"),
        NastyFile("noise.csv", bytes(range(256)) * 100, refused="no text"),
        NastyFile("page.xls", page, refused="a web page"),
        NastyFile("spaced_page.xls", b"\r\n  <HTML>" + page, refused="a web page"),
        NastyFile("xml.xls", b'<?xml version="1.0"?><Workbook></Workbook>', refused="an XML document"),
        NastyFile("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), refused="old Excel"),
        NastyFile("locked.xlsx", locked, refused="password"),
        NastyFile("broken.xlsx", b"PK\x03\x04broken", refused="damaged"),
        NastyFile("broken.csv.gz", b"\x1f\x8bbroken", refused="damaged"),
        NastyFile("cut.csv.gz", gzip.compress(text_of(BASE).encode() * 400)[:-600], refused="damaged"),
        NastyFile("paper.csv", b"%PDF-1.4 x", refused="a PDF"),
        NastyFile("letter.txt", b"Dear reader,\nthis is a letter.\nIt has, some commas, in it.\nBye", refused="without a table"),
        NastyFile("prose.txt", PROSE.encode(), refused="without a table"),
        NastyFile("mail.txt", b"Hello\n", refused="no rows"),
    ]  # fmt: skip

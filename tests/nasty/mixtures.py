"""Spellings and encodings mixed in one file, as they come when offices and machines share a table."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta

from tests.nasty.making import BASE, DAYS, N, NastyFile, text_of, written

SIGNED = [(-1) ** i * round(1210.5 + 37.25 * i, 2) for i in range(N)]
STAMPS = [datetime(2024, 1, 3, 9, 5) + timedelta(days=5 * i, hours=i % 9) for i in range(N)]


def german(value: float, mark: str = ".") -> str:
    """Write 1234.5 as 1.234,50."""
    return f"{value:,.2f}".translate(str.maketrans({",": mark, ".": ","}))


def figures() -> list[NastyFile]:
    """Numbers and times."""
    behind = "Konto;Saldo;Anteil\n" + "".join(
        f"{8400 + i};{german(abs(v))}{'-' if v < 0 else ''};{i},5%\n" for i, v in enumerate(SIGNED)
    )
    behind_meant = {
        "Konto": [8400 + i for i in range(N)],
        "Saldo": SIGNED,
        "Anteil": [i + 0.5 for i in range(N)],
    }
    shares = ["n/a" if i % 9 == 4 else f"{i}%" if i % 3 else f"{i}.5 %" for i in range(N)]
    three = [
        [f"{d.day}/{d.month}/{d.year}", f"{d}", f"{d.day} {d:%b} {d.year}"][i % 3] for i, d in enumerate(DAYS)
    ]
    closing = [f"{s.month}/{s.day}/{s:%y} {s.hour % 12 or 12}:{s.minute:02d}{s:%p}".lower() for s in STAMPS]
    serial = [f"{(s - datetime(1899, 12, 30)) / timedelta(days=1):.8f}".replace(".", ",") for s in STAMPS]
    parts = "Nr;Zeitpunkt;Wert\n" + "".join(f"A{i};{each};{i},25\n" for i, each in enumerate(serial))
    parts_meant = {
        "Nr": [f"A{i}" for i in range(N)],
        "Zeitpunkt": STAMPS,
        "Wert": [i + 0.25 for i in range(N)],
    }
    wide = {f"m{i}": [i + j / 2 for j in range(30)] for i in range(300)}
    wide_text = text_of(wide, ";").replace(".", ",")
    hours = {"shift": [f"S{i}" for i in range(N)], "start": [time(6 + i % 12, 30) for i in range(N)], "worked": [f"{i % 9}:{i % 60:02d}" for i in range(N)]}  # fmt: skip
    hours_text = "shift,start,worked\n" + "".join(
        f"{s},{t.hour % 12 or 12}:{t.minute:02d}{'a' if t.hour < 12 else 'p'},{w}\n" for s, t, w in zip(*hours.values(), strict=True)
    )  # fmt: skip
    us = [f"{d.month}/{d.day}/{d:%y}" for d in DAYS]
    return [
        NastyFile("minus_behind_german.csv", behind.encode("cp1252"), [behind_meant]),
        written("brackets_german.tsv", "betrag", [f"({german(-v)})" if v < 0 else german(v) for v in SIGNED], SIGNED),
        written("curly_apostrophes.tsv", "betrag", [f"CHF {v:,.2f}".replace(",", "’") for v in map(abs, SIGNED)], [abs(v) for v in SIGNED]),
        written("shares_of_three_kinds.tsv", "share", shares, [None if i % 9 == 4 else i if i % 3 else i + 0.5 for i in range(N)]),
        written("dates_three_forms.tsv", "visited", three, DAYS),
        written("short_half_days.tsv", "closed", closing, STAMPS),
        NastyFile("day_parts_german.csv", parts.encode(), [parts_meant]),
        NastyFile("three_hundred.csv", wide_text.encode(), [wide]),
        NastyFile("one_letter_half_days.csv", hours_text.encode(), [hours]),
        written("american_short.tsv", "order_date", us, DAYS),
        written("money_with_words.tsv", "price", [f"Rs. {i * 1000 + 500:,}/-" for i in range(N)], [i * 1000 + 500 for i in range(N)]),
        written("times_with_z.tsv", "created", [f"{s.isoformat()}.000Z" for s in STAMPS], STAMPS),
        written("empty_dates.tsv", "left_on", ["31/12/9999" if i % 4 else f"{d:%d/%m/%Y}" for i, d in enumerate(DAYS)], [None if i % 4 else d for i, d in enumerate(DAYS)]),
    ]  # fmt: skip


def letters() -> list[NastyFile]:
    """Encodings, line ends, quotation marks."""
    nel = text_of(BASE, end="\x85")
    towns = ["Köln", "Zürich", "Malmö", "Łódź"]
    thin = "Ort;Umsatz\n" + "".join(
        f"{towns[i % 3]};{german(abs(v), chr(0x202F))} €\n" for i, v in enumerate(SIGNED)
    )
    thin_meant = {"Ort": [towns[i % 3] for i in range(N)], "Umsatz": [abs(v) for v in SIGNED]}
    people = ["Иванов", "Петрова", "Сидоров"]
    slav = "Клиент;Дата;Сумма\n" + "".join(
        f"{people[i % 3]} {i};{d:%d.%m.%Y};{german(abs(SIGNED[i]), chr(0xA0))}\n" for i, d in enumerate(DAYS)
    )
    slav_meant = {
        "Клиент": [f"{people[i % 3]} {i}" for i in range(N)], "Дата": DAYS, "Сумма": [abs(v) for v in SIGNED],
    }  # fmt: skip
    apple = "Kunde\tStraße\tOrt\n" + "".join(f"Müller {i}\tGroße Allee {i}\tKöln\n" for i in range(N))
    apple_meant = {
        "Kunde": [f"Müller {i}" for i in range(N)], "Straße": [f"Große Allee {i}" for i in range(N)], "Ort": ["Köln"] * N,
    }  # fmt: skip
    nippon = "顧客名,注文日,金額\n" + "".join(
        f'ｱﾝ・山田{i},{d.year}年{d.month}月{d.day}日,"{1000 * i + 500:,}円"\n' for i, d in enumerate(DAYS)
    )
    nippon_meant = {
        "顧客名": [f"ｱﾝ・山田{i}" for i in range(N)], "注文日": DAYS, "金額": [1000 * i + 500 for i in range(N)],
    }  # fmt: skip
    stray = "customer_id,nick,city\n" + "".join(
        f"C{i},{['Bob', chr(34) + 'The Man' + chr(34) + ' Bob', '5' + chr(34) + ' disc'][i % 3]},Pune\n"
        for i in range(N)
    )
    stray_meant = {
        "customer_id": [f"C{i}" for i in range(N)],
        "nick": [["Bob", "The Man Bob", '5" disc'][i % 3] for i in range(N)],  # as spreadsheets read it
        "city": ["Pune"] * N,
    }
    tabs = "id,note,v\n" + "".join(f"K{i},first\tsecond,{i}\n" for i in range(N))
    tabs_meant = {"id": [f"K{i}" for i in range(N)], "note": ["first\tsecond"] * N, "v": list(range(N))}
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    remarks = [f"Zeile eins; {i}\nZeile zwei\n\n„Ende“" if i % 3 == 0 else "ok" for i in range(N)]
    writer.writerow(["Nr", "Bemerkung", "Preis"])
    writer.writerows([[f"A{i}", remarks[i], f"{i},5"] for i in range(N)])
    notes_meant = {
        "Nr": [f"A{i}" for i in range(N)],
        "Bemerkung": remarks,
        "Preis": [i + 0.5 for i in range(N)],
    }
    marks = "id|name|v\n" + "".join(f"K{i}|a\\|b {i}|{i}\n" for i in range(N))
    marks_meant = {
        "id": [f"K{i}" for i in range(N)],
        "name": [f"a|b {i}" for i in range(N)],
        "v": list(range(N)),
    }
    held = {"vorname": [["Jörg", "Anaïs", "Zoë"][i % 3] for i in range(N)], "seit": DAYS}
    bare = "".join(
        f"{1000 + i:06d}{['PUNE', 'DELHI', 'GOA'][i % 3]:<8}{d:%Y%m%d}{i * 25:08d}\n"
        for i, d in enumerate(DAYS)
    )
    bare_meant = {
        "column_1": [f"{1000 + i:06d}{['PUNE', 'DELHI', 'GOA'][i % 3]}" for i in range(N)],
        "column_2": [f"{d:%Y%m%d}{i * 25:08d}" for i, d in enumerate(DAYS)],
    }  # nothing shows where its first and its last two columns part
    bare_spaced = "".join(f"{k}  {d}  {a:>10.2f}  {c}\n" for k, d, a, c in zip(*BASE.values(), strict=True))
    born = {
        "member": [f"M{i}" for i in range(N)],
        "born": [date(1950 + i, 1 + i % 12, 1 + i % 27) for i in range(N)],
    }
    return [
        NastyFile("next_line_marks.csv", nel.encode(), [BASE]),
        NastyFile("thin_in_utf16.csv", thin.encode("utf-16-le"), [thin_meant]),
        NastyFile("russian_customers.csv", slav.encode("cp1251"), [slav_meant]),
        NastyFile("apple_customers.txt", apple.encode("mac_roman"), [apple_meant]),
        NastyFile("half_width.csv", nippon.encode("cp932"), [nippon_meant]),
        NastyFile("stray_quotes.csv", stray.encode(), [stray_meant]),
        NastyFile("tabs_in_cells.csv", tabs.encode(), [tabs_meant]),
        NastyFile("remarks_of_lines.csv", stream.getvalue().encode("cp1252"), [notes_meant]),
        NastyFile("escaped_pipes.txt", marks.encode(), [marks_meant]),
        NastyFile("big_endian.csv", text_of(held, "\t", "%d.%m.%Y").encode("utf-16-be"), [held]),
        NastyFile("positions_spaced_bare.txt", bare_spaced.encode(), [{f"column_{i + 1}": c for i, c in enumerate(BASE.values())}]),
        NastyFile("positions_unspaced.txt", bare.encode(), [bare_meant]),
        NastyFile("births_by_month.csv", text_of(born, form="%d-%b-%Y").upper().replace("MEMBER,BORN", "member,born").encode(), [born]),
    ]  # fmt: skip

"""Cells as they are spelt in the wild: numbers, days, times, keys, truth and nothing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from tests.nasty.ledgers import indian
from tests.nasty.making import BASE, DAYS, N, NastyFile, text_of, written

VALUES = [1234.5 + 1111.25 * i for i in range(N)]
SIGNED = [(-1) ** i * (1010.5 + i) for i in range(N)]


def german(value: float, mark: str = ".") -> str:
    """Write 1234.5 as 1.234,50."""
    return f"{value:,.2f}".translate(str.maketrans({",": mark, ".": ","}))


def amounts() -> list[NastyFile]:
    """Numbers in marks, digits and words of several countries."""
    marks = {
        "id": [f"K{i}" for i in range(N)],
        "netto": VALUES,
        "price_usd": [v + 1 for v in VALUES],
        "menge": list(range(N)),
    }
    two = "id;netto;price_usd;menge\n" + "".join(
        f"K{i};{german(v)};{v + 1:,.2f};{i}\n" for i, v in enumerate(VALUES)
    )
    arabic = {48 + d: 0x0660 + d for d in range(10)} | {ord("."): 0x066B, ord(","): 0x066C}
    hindi = {48 + d: 0x0966 + d for d in range(10)}
    big = [123456 + 1_000_000 * i for i in range(N)]
    nothing = [
        "k. A.",
        "nicht bekannt",
        "s/d",
        "N/D",
        "нет данных",
        "未知",
        "keine Angabe",
        "sin datos",
        "inconnu",
        "non disponible",
        "n.v.t.",
        "brak",
    ]
    gone = {i * 9 + 4: word for i, word in enumerate(nothing)}
    exact = [f"{v:,.2f}" for v in VALUES]
    return [
        NastyFile("two_marks.csv", two.encode(), [marks]),
        written("arabic_digits.tsv", "amount", [t.translate(arabic) for t in exact], VALUES),
        written("hindi_digits.tsv", "amount", [indian(v).translate(hindi) for v in big], big),
        written("some_without_decimals.tsv", "betrag", [f"{1000 + i}".replace("1", "1.", 1) if i % 3 else f"1.{i:03d},5" for i in range(N)], [1000 + i if i % 3 else 1000 + i + 0.5 for i in range(N)]),
        written("rupees_only.tsv", "fee", [f"₹{indian(v)}/-" .replace(".00/-", "/-") for v in big], big),
        written("code_and_hard_space.tsv", "betrag", [f"EUR\u00a0{german(v)}" for v in SIGNED], SIGNED),
        written("kronor.tsv", "belopp", [f"{german(v, chr(0xA0))} kr" for v in SIGNED], SIGNED),
        written("zloty.tsv", "kwota", [f"{german(v, ' ')} zł" for v in VALUES], VALUES),
        written("yen.tsv", "金額", [f"¥{1000 * i:,}" for i in range(1, N + 1)], [1000 * i for i in range(1, N + 1)]),
        written("real_brazil.tsv", "valor", [f"R$ {german(v)}" for v in VALUES], VALUES),
        written("credit_only_marked.tsv", "amount", [f"{-v:,.2f} CR" if v < 0 else f"{v:,.2f}" for v in SIGNED], SIGNED),
        written("minus_behind_space.tsv", "betrag", [f"{german(-v)} -" if v < 0 else german(v) for v in SIGNED], SIGNED),
        written("thin_spaces.tsv", "montant", [german(v, "\u2009") for v in VALUES], VALUES),
        written("brackets_with_code.tsv", "amount", [f"EUR ({-v:,.2f})" if v < 0 else f"EUR {v:,.2f}" for v in SIGNED], SIGNED),
        written("nothing_in_languages.tsv", "v", [gone.get(i, f"{i}.5") for i in range(120)], [None if i in gone else i + 0.5 for i in range(120)]),
        written("minus_999.tsv", "distance_km", ["-999.0" if i % 15 == 4 else f"{i}.5" for i in range(N)], [None if i % 15 == 4 else i + 0.5 for i in range(N)]),
        written("decimal_comma_three.tsv", "gewicht_kg", [f"{i},{i * 25 % 1000:03d}" for i in range(N)], [float(f"{i}.{i * 25 % 1000:03d}") for i in range(N)]),
        written("euro_cents_sign.tsv", "preis", [f"{i + 1},– €" if i % 2 else f"{i + 1},50 €" for i in range(N)], [i + 1 if i % 2 else i + 1.5 for i in range(N)]),
    ]  # fmt: skip


def moments() -> list[NastyFile]:
    """Days and times in other words, zones and counts."""
    stamps = [datetime(2024, 1, 3, 9, 5, 1) + timedelta(days=5 * i, minutes=37 * i) for i in range(N)]
    summer = [2 if date(2024, 3, 31) <= s.date() < date(2024, 10, 27) else 1 for s in stamps]
    epoch = [(s - datetime(1970, 1, 1)) // timedelta(seconds=1) for s in stamps]
    short = ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"]
    dutch = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul"]
    polish = ["stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca"]
    portuguese = ["janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho"]
    spanish = ["ene", "feb", "mar", "abr", "may", "jun", "jul"]
    born = [date(1958 + i, i % 12 + 1, 13 + i % 15) for i in range(N)]
    clocks = [time(i % 24, (7 * i) % 60) for i in range(N)]
    half = [time((i % 12) + (12 if i % 2 else 0), (7 * i) % 60) for i in range(N)]
    mixed = [f"{d:%d.%m.%Y}" if i % 2 else f"{d.day}.{d.month}.{d:%y}" for i, d in enumerate(DAYS)]
    written_clock = [f"{t.hour % 12 or 12}:{t.minute:02d} {'p.m.' if t.hour > 11 else 'a.m.'}" for t in half]
    return [
        written("offsets_of_summer.tsv", "created_at", [f"{s:%Y-%m-%dT%H:%M:%S}+0{h}:00" for s, h in zip(stamps, summer, strict=True)], stamps, time_zones=N),
        written("epoch_with_parts.tsv", "ts", [f"{e}.250" for e in epoch], [s + timedelta(milliseconds=250) for s in stamps]),
        written("epoch_micro.tsv", "event_time", [f"{e}000000" for e in epoch], stamps),
        written("german_short.tsv", "datum", [f"{d.day:02d}. {short[d.month - 1]} {d.year}" for d in DAYS], DAYS),
        written("german_short_points.tsv", "datum", [f"{d.day:02d}.{short[d.month - 1]}.{d:%y}" for d in DAYS], DAYS),
        written("dutch.tsv", "datum", [f"{d.day} {dutch[d.month - 1]} {d.year}" for d in DAYS], DAYS),
        written("polish.tsv", "data", [f"{d.day} {polish[d.month - 1]} {d.year}" for d in DAYS], DAYS),
        written("portuguese.tsv", "data", [f"{d.day} de {portuguese[d.month - 1]} de {d.year}" for d in DAYS], DAYS),
        written("spanish_short.tsv", "fecha", [f"{d.day:02d}-{spanish[d.month - 1]}-{d.year}" for d in DAYS], DAYS),
        written("births_two_digits.tsv", "birth_date", [f"{d:%d/%m/%y}" for d in born], born),
        written("unpadded_and_padded.tsv", "datum", mixed, DAYS),
        written("days_in_apostrophes.tsv", "order_date", [f"'{d}" for d in DAYS], DAYS),
        written("french_clock.tsv", "heure", [f"{t.hour}h{t.minute:02d}" for t in clocks], clocks),
        written("german_clock.tsv", "uhrzeit", [f"{t:%H:%M} Uhr" for t in clocks], clocks),
        written("pointed_half_days.tsv", "time", written_clock, half),
        written("weeks.tsv", "week", [f"2024-W{i + 1:02d}" for i in range(N)], [f"2024-W{i + 1:02d}" for i in range(N)]),
        written("hours_over_a_day.tsv", "worked", [f"{i}:{i % 60:02d}" for i in range(20, 60)], [f"{i}:{i % 60:02d}" for i in range(20, 60)]),
        written("spoken_spans.tsv", "duration", [f"{i}h {i % 60}m" for i in range(N)], [f"{i}h {i % 60}m" for i in range(N)]),
        written("net_dates.tsv", "created", [f"{s:%Y-%m-%d %H:%M:%S}.0000000 +05:30" for s in stamps], stamps),
        written("java_dates.tsv", "created", [f"{s:%a %b %d %H:%M:%S} UTC {s.year}" for s in stamps], stamps),
        written("mail_dates.tsv", "sent", [f"{s:%a, %d %b %Y %H:%M:%S} +0000" for s in stamps], stamps),
        written("yymmdd.tsv", "booking_date", [f"{d:%y%m%d}" for d in DAYS], DAYS),
    ]  # fmt: skip


def keys_and_words() -> list[NastyFile]:
    """Keys, telephones, postal codes, truth."""
    phones = [
        f"0{30 + i % 9} {1234567 + i}" if i % 3 else f"({30 + i % 9}) {123 + i}-{4567 + i}" for i in range(N)
    ]
    plain_phones = [f"{9876500000 + i * 37}" for i in range(N)]
    four = [f"{2139 + i:05d}-{1234 + i}" if i % 4 == 0 else f"{2139 + i:05d}" for i in range(N)]
    lost = [f"4.{11111 + i % 3}E+15" for i in range(N)]
    yes = [["ja", "nein"][i % 2] for i in range(N)]
    marks = [["x", ""][i % 2] for i in range(N)]
    isbn = [f"978-3-16-{148410 + i}-{i % 10}" for i in range(N)]
    codes = ["1-2", "3-4", "10-12", "5-6"]
    dozens = [codes[i % 4] for i in range(N)]
    cards = [f"**** **** **** {i:04d}" for i in range(N)]
    hive = (
        "\n".join("\x01".join([f"K{i}", "\\N" if i % 4 == 0 else f"{i}.5", f"{DAYS[i]}"]) for i in range(N))
        + "\n"
    )
    hive_meant = {
        "column_1": [f"K{i}" for i in range(N)],
        "column_2": [None if i % 4 == 0 else i + 0.5 for i in range(N)],
        "column_3": DAYS,
    }
    films = "".join(f"{i % 9 + 1}::{1193 + i}::{i % 5 + 1}::{978300760 + i}\n" for i in range(N))
    films_meant = {
        "column_1": [i % 9 + 1 for i in range(N)],
        "column_2": [1193 + i for i in range(N)],
        "column_3": [i % 5 + 1 for i in range(N)],
        "column_4": [978300760 + i for i in range(N)],
    }
    two = {
        "id": [f"A{i}" for i in range(N)],
        "first name": ["Ann"] * N,
        "mobile": [int(each) for each in plain_phones],
        "n": list(range(N)),
    }
    return [
        written("phones_national.tsv", "telefon", phones, phones),
        NastyFile("phones_plain.csv", text_of(two).encode(), [two]),
        written("zip_plus_four.tsv", "zip", four, four),
        written("lost_digits.tsv", "order_id", lost, lost),
        written("ja_nein.tsv", "newsletter", yes, yes),
        written("crosses.tsv", "vip", marks, ["x" if i % 2 == 0 else None for i in range(N)]),
        written("isbn.tsv", "isbn", isbn, isbn),
        written("like_days.tsv", "size", dozens, dozens),
        written("masked_cards.tsv", "card", cards, cards),
        NastyFile("hive.txt", hive.encode(), [hive_meant]),
        NastyFile("double_colons.dat", films.encode(), [films_meant]),
    ]  # fmt: skip


def carriers() -> list[NastyFile]:
    """Ends of lines, ends of files, letters of old machines."""
    plain = text_of(BASE)
    european = {**BASE, "city": [["Zürich", "Málaga", "Århus", "naïve Français"][i % 4] for i in range(N)]}
    quoted = "id,note,n\r\n" + "".join(f'K{i},"line one\nline two",{i}\r\n' for i in range(N))
    quoted_meant = {
        "id": [f"K{i}" for i in range(N)],
        "note": ["line one\nline two"] * N,
        "n": list(range(N)),
    }
    mixed = "".join(
        line + ("\r\n" if i % 3 == 0 else "\r" if i % 3 == 1 else "\n")
        for i, line in enumerate(plain.splitlines())
    )
    announced = "sep=;\r\n" + text_of(
        {**BASE, "amount": [f"{a:.2f}".replace(".", ",") for a in BASE["amount"]]}, ";", "%d.%m.%Y", "\r\n"
    )
    return [
        NastyFile("double_returns.csv", plain.replace("\n", "\r\r\n").encode(), [BASE]),
        NastyFile("three_ends.csv", mixed.encode(), [BASE]),
        NastyFile("nul_at_end.csv", plain.encode() + b"\x00" * 5000, [BASE]),
        NastyFile("control_z.csv", plain.encode() + b"\x1a", [BASE]),
        NastyFile("old_apple.csv", text_of(european, ";", end="\r").encode("mac_roman"), [european]),
        NastyFile("breaks_within.csv", quoted.encode(), [quoted_meant]),
        NastyFile("announced_separator.csv", announced.encode("utf-8-sig"), [BASE]),
        NastyFile("german_dos.csv", text_of({**BASE, "city": [["Köln", "Düsseldorf", "Würzburg", "Fürth"][i % 4] for i in range(N)]}, ";").encode("cp850"), [{**BASE, "city": [["Köln", "Düsseldorf", "Würzburg", "Fürth"][i % 4] for i in range(N)]}]),
    ]  # fmt: skip

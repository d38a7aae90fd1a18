"""Dates and times."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from tests.nasty.making import DAYS, N, NastyFile, written


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


def diaries() -> list[NastyFile]:
    """Dates as people, databases and other countries write them."""
    stamps = [datetime(2024, 1, 3, 0, 5, 1) + timedelta(days=5 * i, minutes=37 * i) for i in range(N)]
    minutes = [stamp.replace(second=0) for stamp in stamps]
    endings = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
    spanish = ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio"]
    italian = ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio"]
    russian = ["января", "февраля", "марта", "апреля", "мая", "июня", "июля"]
    german_days = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]
    months = [date(2020 + i // 12, i % 12 + 1, 1) for i in range(N)]
    late = [date(2023, 1 + i % 12, 1 + i % 12) for i in range(6000)] + [date(2023, 3, 31)]
    both = [d if i % 2 else s for i, (d, s) in enumerate(zip(DAYS, stamps, strict=True))]
    return [
        written("ordinals.tsv", "order_date", [f"{d.day}{endings.get(d.day, 'th')} {d:%B %Y}" for d in DAYS], DAYS),
        written("ordinals_american.tsv", "order_date", [f"{d:%B} {d.day}{endings.get(d.day, 'th')}, {d.year}" for d in DAYS], DAYS),
        written("spanish.tsv", "fecha", [f"{d.day} de {spanish[d.month - 1]} de {d.year}" for d in DAYS], DAYS),
        written("italian.tsv", "data", [f"{d.day} {italian[d.month - 1]} {d.year}" for d in DAYS], DAYS),
        written("russian.tsv", "date", [f"{d.day} {russian[d.month - 1]} {d.year} г." for d in DAYS], DAYS),
        written("chinese.tsv", "date", [f"{d.year}年{d.month}月{d.day}日" for d in DAYS], DAYS),
        written("german_weekdays.tsv", "datum", [f"{german_days[d.weekday()]}, {d:%d.%m.%Y}" for d in DAYS], DAYS),
        written("oracle.tsv", "created", [f"{s:%d-%b-%y %I.%M.%S.000000 %p}".upper() for s in stamps], stamps),
        written("named_with_dashes.tsv", "date", [f"{d:%d-%b-%y}".upper() for d in DAYS], DAYS),
        written("basic_iso.tsv", "created_at", [f"{s:%Y%m%dT%H%M%S}" for s in stamps], stamps),
        written("unpadded_times.tsv", "created", [f"{s.month}/{s.day}/{s.year} {s.hour}:{s.minute:02d}" for s in stamps], minutes),
        written("half_days_first.tsv", "created", [f"{s:%I:%M %p} {s:%d/%m/%Y}" for s in stamps], minutes),
        written("points_in_clocks.tsv", "created", [f"{s:%d.%m.%Y %H.%M}" for s in stamps], minutes),
        written("comma_clock.tsv", "created", [f"{s:%d/%m/%Y, %H:%M:%S}" for s in stamps], stamps),
        written("named_zone.tsv", "created_at", [f"{s:%Y-%m-%d %H:%M:%S} UTC" for s in stamps], stamps),
        written("micro.tsv", "created_at", [f"{s:%Y-%m-%d %H:%M:%S}.123456" for s in stamps], [s.replace(microsecond=123456) for s in stamps]),
        written("day_parts.tsv", "order_date", [f"{(s - datetime(1899, 12, 30)) / timedelta(days=1):.6f}" for s in minutes], minutes),
        written("proof_comes_late.tsv", "order_date", [f"{d:%m/%d/%Y}" for d in late], late, date_order=len(late)),
        written("month_names.tsv", "month", [f"{d:%b-%y}" for d in months], [f"{d:%b-%y}" for d in months]),
        written("quarters.tsv", "quarter", [f"Q{(d.month - 1) // 3 + 1} {d.year}" for d in months], [f"Q{(d.month - 1) // 3 + 1} {d.year}" for d in months]),
        written("some_with_time.tsv", "created", [f"{each:%Y-%m-%d}" if i % 2 else f"{each:%Y-%m-%d %H:%M:%S}" for i, each in enumerate(both)], both),
        written("long_times.tsv", "timestamp", [f"{s:%a %b %d %H:%M:%S %Y}" for s in stamps], stamps),
        written("durations.tsv", "call_length", [f"{i}:{(7 * i) % 60:02d}:00" for i in range(20, 60)], [f"{i}:{(7 * i) % 60:02d}:00" for i in range(20, 60)]),
    ]  # fmt: skip

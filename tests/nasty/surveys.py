"""What survey programs, statistics offices and web statistics export: several headers, several tables."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from tests.nasty.making import BASE, DAYS, N, NastyFile, lines_of, text_of

STAMPS = [datetime(2024, 1, 3, 9, 5, 1) + timedelta(days=5 * i, minutes=7 * i) for i in range(N)]


def surveys() -> list[NastyFile]:
    """Answers, with questions and codes above them."""
    ids = [f"R_{i * 7919:015x}" for i in range(N)]
    free = ["Good, but slow", "Too\nmany mails", None, "-"]
    names = "StartDate,Progress,Finished,ResponseId,Q1,Q2_1,Q3"
    asked = '"Start Date","Progress","Finished","Response ID","How satisfied are you,\noverall?","Which of these do you use? - Web","Anything else?"'
    coded = ",".join(
        f'"{{""ImportId"":""{each}""}}"'
        for each in ("startDate", "progress", "finished", "_recordId", "QID1", "QID2_1", "QID3_TEXT")
    )
    tricks = f"{names}\n{asked}\n{coded}\n" + "".join(
        f'{s:%Y-%m-%d %H:%M:%S},100,{"True" if i % 6 else "False"},{ids[i]},{i % 7 + 1},{1 if i % 2 else ""},"{free[i % 4] or ""}"\n'
        for i, s in enumerate(STAMPS)
    )
    tricks_meant = {
        "StartDate": STAMPS, "Progress": [100] * N, "Finished": [i % 6 > 0 for i in range(N)], "ResponseId": ids, "Q1": [i % 7 + 1 for i in range(N)],
        "Q2_1": [1 if i % 2 else None for i in range(N)], "Q3": [None if free[i % 4] == "-" else free[i % 4] for i in range(N)],
    }  # fmt: skip
    monkey = (
        "Respondent ID,Start Date,Which channels do you use?,,,How old are you?\n,,Web,Shop,Phone,Open-Ended Response\n"
        + "".join(
            f"{118000000 + i},{s:%m/%d/%Y %I:%M:%S %p},{'Web' if i % 2 else ''},{'Shop' if i % 3 else ''},{'Phone' if i % 5 == 0 else ''},{20 + i}\n"
            for i, s in enumerate(STAMPS)
        )
    )
    monkey_meant = {
        "Respondent ID": [118000000 + i for i in range(N)], "Start Date": STAMPS, "Which channels do you use? Web": ["Web" if i % 2 else None for i in range(N)],
        "Which channels do you use? Shop": ["Shop" if i % 3 else None for i in range(N)], "Which channels do you use? Phone": ["Phone" if i % 5 == 0 else None for i in range(N)],
        "How old are you? Open-Ended Response": [20 + i for i in range(N)],
    }  # fmt: skip
    form = (
        '"Timestamp","How often do you buy?","Which shops? (several)","Rate us from 1 to 5","E-mail"\n'
        + "".join(
            f'"{s.year}/{s.month:02d}/{s.day:02d} {s:%I}:{s:%M}:{s:%S} {s:%p} GMT+1","{["Weekly", "Monthly", "Never"][i % 3]}","Pune;Delhi","{i % 5 + 1}","a{i}@example.com"\n'
            for i, s in enumerate(STAMPS)
        )
    )
    form_meant = {
        "Timestamp": STAMPS, "How often do you buy?": [["Weekly", "Monthly", "Never"][i % 3] for i in range(N)], "Which shops? (several)": ["Pune;Delhi"] * N,
        "Rate us from 1 to 5": [i % 5 + 1 for i in range(N)], "E-mail": [f"a{i}@example.com" for i in range(N)],
    }  # fmt: skip
    codes = "resp_id,sex,age,income,q1_sat\n" + "".join(
        f"{i + 1},{i % 2 + 1},{-999 if i % 13 == 5 else 20 + i},{-999 if i % 11 == 3 else 1500 + 100 * i},{i % 5 + 1}\n"
        for i in range(N)
    )
    codes_meant = {
        "resp_id": list(range(1, N + 1)), "sex": [i % 2 + 1 for i in range(N)], "age": [None if i % 13 == 5 else 20 + i for i in range(N)],
        "income": [None if i % 11 == 3 else 1500 + 100 * i for i in range(N)], "q1_sat": [i % 5 + 1 for i in range(N)],
    }  # fmt: skip
    labelled = (
        "id,v1,v2,v3\nNumber of the respondent,Satisfaction overall,Age in years,Income per month in euros\n"
        + "".join(f"{i + 1},{i % 5 + 1},{20 + i},{1500 + 10 * i}.5\n" for i in range(N))
    )
    labelled_meant = {
        "id": list(range(1, N + 1)),
        "v1": [i % 5 + 1 for i in range(N)],
        "v2": [20 + i for i in range(N)],
        "v3": [1500.5 + 10 * i for i in range(N)],
    }
    lime = '"id";"submitdate";"G01Q01";"G02Q01[SQ001]";"G02Q01[other]";"refurl"\n' + "".join(
        f'"{i + 1}";"{"1980-01-01 00:00:00" if i % 10 == 9 else f"{s:%Y-%m-%d %H:%M:%S}"}";"{["AO01", "AO02", "-oth-"][i % 3]}";"{["Y", "N", ""][i % 3]}";"";""\n'
        for i, s in enumerate(STAMPS)
    )
    lime_meant = {
        "id": list(range(1, N + 1)), "submitdate": [datetime(1980, 1, 1) if i % 10 == 9 else s for i, s in enumerate(STAMPS)],
        "G01Q01": [["AO01", "AO02", "-oth-"][i % 3] for i in range(N)], "G02Q01[SQ001]": [["Y", "N", None][i % 3] for i in range(N)],
        "G02Q01[other]": [None] * N, "refurl": [None] * N,
    }  # fmt: skip
    return [
        NastyFile("three_headers_of_a_survey.csv", tricks.encode("utf-8-sig"), [tricks_meant]),
        NastyFile("questions_over_options.csv", monkey.encode(), [monkey_meant]),
        NastyFile("form_answers.csv", form.encode(), [form_meant]),
        NastyFile("codes_of_nothing.csv", codes.encode(), [codes_meant]),
        NastyFile("labels_below_names.csv", labelled.encode(), [labelled_meant]),
        NastyFile("lime.csv", lime.encode("utf-8-sig"), [lime_meant]),
    ]  # fmt: skip


def web_reports() -> list[NastyFile]:
    """Reports with comments, totals and several tables in one file."""
    sources = ["google / organic", "(direct) / (none)", "newsletter / email"]
    pages = [f"/shop/{i}" for i in range(N)]
    first = "# ----------------------------------------\n# Acme - Landing Pages\n# 20240103-20240716\n# ----------------------------------------\n\n"
    analytics = (
        first
        + "Landing Page,Source / Medium,Sessions,Bounce Rate,Avg. Session Duration\n".replace(
            "Avg. ", "Mean "
        )
        + "".join(
            f'{p},{sources[i % 3]},"{1000 + 37 * i:,}",{10 + i}.25%,00:0{i % 6}:1{i % 9}\n'
            for i, p in enumerate(pages)
        )
        + '\n,,"68,860",29.75%,00:02:14\n\nDay Index,Sessions\n'
        + "".join(f'{d.month}/{d.day}/{d:%y},"{1000 + i:,}"\n' for i, d in enumerate(DAYS))
        + ',"40,780"\n'
    )

    analytics_meant = [
        {"Landing Page": pages, "Source / Medium": [sources[i % 3] for i in range(N)], "Sessions": [1000 + 37 * i for i in range(N)], "Bounce Rate": [10.25 + i for i in range(N)],
         "Mean Session Duration": [time(0, i % 6, 10 + i % 9) for i in range(N)]},
        {"Day Index": DAYS, "Sessions": [1000 + i for i in range(N)]},
    ]  # fmt: skip
    explored = (
        "# ----------------------------------------\n# Free form 1\n# Account: Acme\n# Property: Shop\n# Start date: 20240103\n# End date: 20240716\n# ----------------------------------------\n\nDate,Country,Total users,Purchase revenue\n,,5000,123456.5,Grand total\n"
        + "".join(
            f"{d:%Y%m%d},{['Germany', 'India', '(not set)'][i % 3]},{100 + i},{10.5 + i}\n"
            for i, d in enumerate(DAYS)
        )
    )
    explored_meant = {
        "Date": DAYS,
        "Country": [["Germany", "India", "(not set)"][i % 3] for i in range(N)],
        "Total users": [100 + i for i in range(N)],
        "Purchase revenue": [10.5 + i for i in range(N)],
    }
    ads = (
        "Campaign report\nJanuary 3, 2024 - July 16, 2024\nCampaign status\tCampaign\tBudget\tCurrency code\tClicks\tCTR\tAvg CPC\tCost\n"
        + "".join(
            f'{"Enabled" if i % 2 else "Paused"}\tBrand {i}\t{10 + i}.00\tEUR\t"{1000 + 31 * i:,}"\t{i % 9}.25%\t{" --" if i % 8 == 3 else f"0.{10 + i}"}\t"{PRICE[i]:,.2f}"\n'
            for i in range(N)
        )
        + 'Total: Account\t --\t900.00\tEUR\t"64,180"\t4.25%\t0.30\t"69,555.00"\nTotal: Campaigns\t --\t900.00\tEUR\t"64,180"\t4.25%\t0.30\t"69,555.00"\n'
    )
    ads_meant = {
        "Campaign status": ["Enabled" if i % 2 else "Paused" for i in range(N)], "Campaign": [f"Brand {i}" for i in range(N)], "Budget": [10 + i for i in range(N)], "Currency code": ["EUR"] * N,
        "Clicks": [1000 + 31 * i for i in range(N)], "CTR": [i % 9 + 0.25 for i in range(N)], "Avg CPC": [None if i % 8 == 3 else float(f"0.{10 + i}") for i in range(N)], "Cost": PRICE,
    }  # fmt: skip
    countries = [f"Country {i}" for i in range(N)]
    wide = (
        '"Data Source","World Development Indicators",\n\n"Last Updated Date","2024-07-16",\n\n"Country Name","Country Code","Indicator Name","2020","2021","2022","2023",\n'
        + "".join(
            f'"{c}","{chr(65 + i % 26)}{chr(65 + i % 25)}{chr(65 + i % 24)}","Population, total",{",".join(chr(34) + str(1000 * i + y) + chr(34) if (i + y) % 7 else chr(34) * 2 for y in range(4))},\n'
            for i, c in enumerate(countries)
        )
    )
    wide_meant = {
        "Country Name": countries, "Country Code": [f"{chr(65 + i % 26)}{chr(65 + i % 25)}{chr(65 + i % 24)}" for i in range(N)], "Indicator Name": ["Population, total"] * N,
        **{str(2020 + y): [1000 * i + y if (i + y) % 7 else None for i in range(N)] for y in range(4)},
    }  # fmt: skip
    months = ["Januar", "Februar", "März", "April"]
    office = (
        "Tabelle: 45212-0005\nUmsatz im Einzelhandel: Deutschland, Monate\nMonatsstatistik im Einzelhandel;;;\nDeutschland;;;\n;;Umsatz;Umsatz\n;;Mill. EUR;Veränderung in %\n".replace(
            "Mill. ", "Mio "
        )
        + "".join(
            f"{2000 + i // 4};{months[i % 4]};{1000 + i}{',5' if i % 2 else ''};{'-' if i % 7 == 3 else '.' if i % 7 == 5 else f'{i / 2:.1f}'.replace('.', ',')}\n"
            for i in range(N)
        )
        + "__________\nUmsatz in jeweiligen Preisen\n__________\n(C)opyright Statistisches Bundesamt (Destatis), 2024\nStand: 16.07.2024 / 09:05:01\n"
    )
    office_meant = {
        "column_1": [2000 + i // 4 for i in range(N)], "column_2": [months[i % 4] for i in range(N)], "Umsatz Mio EUR": [1000 + i + (0.5 if i % 2 else 0) for i in range(N)],
        "Umsatz Veränderung in %": [None if i % 7 in (3, 5) else i / 2 for i in range(N)],
    }  # fmt: skip
    halves = "shop,2023,,2024,\n,H1,H2,H1,H2\n" + "".join(
        f"S{i},{i},{i + 1},{i + 2},{i + 3}\n" for i in range(N)
    )
    halves_meant = {
        "shop": [f"S{i}" for i in range(N)],
        "2023 H1": list(range(N)),
        "2023 H2": [i + 1 for i in range(N)],
        "2024 H1": [i + 2 for i in range(N)],
        "2024 H2": [i + 3 for i in range(N)],
    }
    third = f"Quarterly orders,,,\nAll shops,without returns,,\n{text_of(BASE)}"
    people = {
        "customer_id": [f"C{1000 + i}" for i in range(9)],
        "age": list(range(20, 29)),
        "segment": ["A"] * 9,
    }
    stacked = text_of(BASE) + "\n\n" + text_of(people)
    parts = ["region,shop,sales"]
    regions = ["North", "South", "East", "West"]
    for r, region in enumerate(regions):
        parts += [f"{region},S{r}{j},{(r + 1) * 10 + j}" for j in range(5)] + [
            f"{region} Total,,{sum((r + 1) * 10 + j for j in range(5))}"
        ]
    parts += ["Grand Total,,540"]
    groups = {
        "region": [r for r in regions for _ in range(5)],
        "shop": [f"S{r}{j}" for r in range(4) for j in range(5)],
        "sales": [(r + 1) * 10 + j for r in range(4) for j in range(5)],
    }
    loner = (
        "\n".join(
            [lines_of(BASE)[0], "", *lines_of(BASE)[1:], "", "", "* preliminary figures", "Source: own data"]
        )
        + "\n"
    )
    return [
        NastyFile("analytics_two_tables.csv", analytics.encode(), analytics_meant),
        NastyFile("exploration_with_grand_total.csv", explored.encode(), [explored_meant]),
        NastyFile("ads.csv", ads.encode("utf-16"), [ads_meant]),
        NastyFile("indicators.csv", wide.encode("utf-8-sig"), [wide_meant]),
        NastyFile("statistics_office.csv", office.encode("cp1252"), [office_meant]),
        NastyFile("years_over_halves.csv", halves.encode(), [halves_meant]),
        NastyFile("header_in_third_row.csv", third.encode(), [BASE]),
        NastyFile("two_tables_in_a_file.csv", stacked.encode(), [BASE, people]),
        NastyFile("totals_named_after_groups.csv", ("\n".join(parts) + "\n").encode(), [groups]),
        NastyFile("gap_below_header.csv", loner.encode(), [BASE]),
    ]  # fmt: skip


PRICE = [round(1012.5 + 37.25 * i, 2) for i in range(N)]

"""What shops, payment services, desks and offices run on, and what their exports look like."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from tests.nasty.desktops import Rows, book
from tests.nasty.making import DAYS, N, NastyFile

KEYS = [f"C{1000 + i}" for i in range(N)]
SIGNED = [(-1) ** i * round(1210.5 + 37.25 * i, 2) for i in range(N)]
STAMPS = [datetime(2024, 1, 3, 9, 5) + timedelta(days=5 * i, hours=i % 9) for i in range(N)]
NAMES = ["Rao, Ann", "O'Neil", "Müller", "Iyer"]


def german(value: float) -> str:
    """Write 1234.5 as 1.234,50."""
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def sellers() -> list[NastyFile]:
    """Shops and payment services."""
    shop = "Customer ID,First Name,Email,Accepts Email Marketing,Default Address Zip,Total Spent,Total Orders,Note,Tags\n"
    shop += "".join(
        f"'{6812345000000 + i},Ann {i},a{i}@x.org,{'yes' if i % 3 else 'no'},'{i:05d},{i * 12.5:.2f},{i},,\"vip, b2b\"\n"
        for i in range(N)
    )
    shop_meant = {
        "Customer ID": [str(6812345000000 + i) for i in range(N)], "First Name": [f"Ann {i}" for i in range(N)],
        "Email": [f"a{i}@x.org" for i in range(N)], "Accepts Email Marketing": ["yes" if i % 3 else "no" for i in range(N)],
        "Default Address Zip": [f"{i:05d}" for i in range(N)], "Total Spent": [i * 12.5 for i in range(N)],
        "Total Orders": list(range(N)), "Note": [None] * N, "Tags": ["vip, b2b"] * N,
    }  # fmt: skip
    woo = "order_id;order_date;status;billing_country;order_total;line_items;meta:_vat\n" + "".join(
        f'{900 + i};{s:%Y-%m-%d %H:%M};{"wc-completed" if i % 4 else "wc-refunded"};DE;{i},90;"Shirt × {i % 3 + 1}|Socks × 2";"a:1:{{s:3:""vat"";i:{i};}}"\n'
        for i, s in enumerate(STAMPS)
    )
    woo_meant = {
        "order_id": [900 + i for i in range(N)], "order_date": STAMPS,
        "status": ["wc-completed" if i % 4 else "wc-refunded" for i in range(N)], "billing_country": ["DE"] * N,
        "order_total": [i + 0.9 for i in range(N)], "line_items": [f"Shirt × {i % 3 + 1}|Socks × 2" for i in range(N)],
        "meta:_vat": [f'a:1:{{s:3:"vat";i:{i};}}' for i in range(N)],
    }  # fmt: skip
    stripe = (
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Fee,Customer Email,Card Last4\n"
        + "".join(
            f"ch_3Nabc{i:05d},{s:%Y-%m-%d %H:%M},{i}.50,{'0.00' if i % 5 else f'{i}.50'},inr,{'true' if i % 7 else 'false'},0.{i:02d},,{i * 37 % 10000:04d}\n"
            for i, s in enumerate(STAMPS)
        )
    )
    stripe_meant = {
        "id": [f"ch_3Nabc{i:05d}" for i in range(N)], "Created date (UTC)": STAMPS, "Amount": [i + 0.5 for i in range(N)],
        "Amount Refunded": [0 if i % 5 else i + 0.5 for i in range(N)], "Currency": ["inr"] * N,
        "Captured": [i % 7 > 0 for i in range(N)], "Fee": [i / 100 for i in range(N)], "Customer Email": [None] * N,
        "Card Last4": [f"{i * 37 % 10000:04d}" for i in range(N)],
    }  # fmt: skip
    money = ["INR", "USD", "EUR"]
    pal = (
        '"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","Transaction ID"\r\n'
        + "".join(
            f'"{s:%d/%m/%Y}","{s:%H:%M:%S}","PDT","{NAMES[i % 4]}","Payment","Completed","{money[i % 3]}","{SIGNED[i]:,.2f}","-{i}.10","{SIGNED[i] - i - 0.1:,.2f}","{i:017X}"\r\n'
            for i, s in enumerate(STAMPS)
        )
    )
    pal_meant = {
        "Date": [s.date() for s in STAMPS], "Time": [s.time() for s in STAMPS], "TimeZone": ["PDT"] * N,
        "Name": [NAMES[i % 4] for i in range(N)], "Type": ["Payment"] * N, "Status": ["Completed"] * N,
        "Currency": [money[i % 3] for i in range(N)], "Gross": SIGNED, "Fee": [-(i + 0.1) for i in range(N)],
        "Net": [round(SIGNED[i] - i - 0.1, 2) for i in range(N)], "Transaction ID": [f"{i:017X}" for i in range(N)],
    }  # fmt: skip
    face = (
        "Campaign name,Reporting starts,Reporting ends,Amount spent (INR),Results,Cost per result,ROAS\n"
        + "".join(
            f"Camp {i % 6},{d},{d + timedelta(days=6)},{i * 100.25},{i or ''},{'' if i == 0 else 100.25},{'' if i % 4 == 0 else 1.5}\n"
            for i, d in enumerate(DAYS)
        )
    )
    face_meant = {
        "Campaign name": [f"Camp {i % 6}" for i in range(N)], "Reporting starts": DAYS,
        "Reporting ends": [d + timedelta(days=6) for d in DAYS], "Amount spent (INR)": [i * 100.25 for i in range(N)],
        "Results": [i or None for i in range(N)], "Cost per result": [None if i == 0 else 100.25 for i in range(N)],
        "ROAS": [None if i % 4 == 0 else 1.5 for i in range(N)],
    }  # fmt: skip
    chimp = "Title,Send Date,Total Recipients,Open Rate,Click Rate,Unsubscribes\n" + "".join(
        f'"Mail {i}","{s:%b %d, %Y %I:%M} {"am" if s.hour < 12 else "pm"}","{1000 + 37 * i:,}",{i / 2:.2f}%,{i / 10:.1f}%,{i}\n'
        for i, s in enumerate(STAMPS)
    )
    chimp_meant = {
        "Title": [f"Mail {i}" for i in range(N)], "Send Date": STAMPS, "Total Recipients": [1000 + 37 * i for i in range(N)],
        "Open Rate": [i / 2 for i in range(N)], "Click Rate": [i / 10 for i in range(N)], "Unsubscribes": list(range(N)),
    }  # fmt: skip
    return [
        NastyFile("shop_customers.csv", shop.encode(), [shop_meant]),
        NastyFile("shop_plugin_orders.csv", woo.encode("utf-8-sig"), [woo_meant]),
        NastyFile("unified_payments.csv", stripe.encode(), [stripe_meant]),
        NastyFile("wallet_activity.csv", pal.encode("utf-8-sig"), [pal_meant]),
        NastyFile("ad_manager.csv", face.encode("utf-8-sig"), [face_meant]),
        NastyFile("campaigns.csv", chimp.encode(), [chimp_meant]),
    ]  # fmt: skip


def offices() -> list[NastyFile]:
    """Bookkeeping, hotels, tickets, forms."""
    swift = "Buchungsdatum;Valuta;Soll/Haben;Betrag;Währung;Verwendungszweck;Referenz\n" + "".join(
        f"{d:%y%m%d};{d:%d.%m.};{'S' if v < 0 else 'H'};{german(abs(v))};EUR;SVWZ+Rechnung {i} ABWA+Müller;NONREF\n"
        for i, (d, v) in enumerate(zip(DAYS, SIGNED, strict=True))
    )
    swift_meant = {
        "Buchungsdatum": DAYS, "Valuta": [f"{d:%d.%m.}" for d in DAYS], "Soll/Haben": ["S" if v < 0 else "H" for v in SIGNED],
        "Betrag": [abs(v) for v in SIGNED], "Währung": ["EUR"] * N,
        "Verwendungszweck": [f"SVWZ+Rechnung {i} ABWA+Müller" for i in range(N)], "Referenz": ["NONREF"] * N,
    }  # fmt: skip
    alv = "16.07.2024\t\tDynamische Listenausgabe\t\t\t1\n\n\tKunde\tBelegdatum\tBetrag in HW\tHWähr\n\n" + "".join(
        f"\t{k}\t{d:%d.%m.%Y}\t{german(abs(v))}{'-' if v < 0 else ''}\tEUR\n"
        for k, d, v in zip(KEYS, DAYS, SIGNED, strict=True)
    ) + f"*\t\t\t{german(abs(sum(SIGNED)))}-\tEUR\n"  # fmt: skip
    alv_meant = {"Kunde": KEYS, "Belegdatum": DAYS, "Betrag in HW": SIGNED, "HWähr": ["EUR"] * N}
    pms = "Conf No,Guest,Room,Arrival,Departure,ETA,Pax,Rate,Balance\n" + "".join(
        f'{70000 + i},"{NAMES[i % 4]}",{101 + i % 30:04d},{d:%d-%b-%y},{d + timedelta(days=2):%d-%b-%y},{(i % 12) or 12:02d}:30 {"PM" if i % 2 else "AM"},{i % 3 + 1}/0,"{5400 + i * 10:,.2f} INR","({i}.00)"\n'
        for i, d in enumerate(DAYS)
    )
    pms_meant = {
        "Conf No": [70000 + i for i in range(N)], "Guest": [NAMES[i % 4] for i in range(N)],
        "Room": [f"{101 + i % 30:04d}" for i in range(N)], "Arrival": DAYS, "Departure": [d + timedelta(days=2) for d in DAYS],
        "ETA": [time((i % 12) + (12 if i % 2 else 0), 30) for i in range(N)], "Pax": [f"{i % 3 + 1}/0" for i in range(N)],
        "Rate": [5400 + i * 10 for i in range(N)], "Balance": [-i for i in range(N)],
    }  # fmt: skip
    jira = (
        "Issue key,Issue Type,Created,Resolved,Sprint,Sprint,Labels,Labels,Custom field (Story Points),Time Spent\n"
        + "".join(
            f"SHOP-{i + 1},{'Bug' if i % 3 else 'Story'},{s:%d/%b/%y} {s.hour % 12 or 12}:{s.minute:02d} {s:%p},{'' if i % 4 == 1 else f'{s:%d/%b/%y} 11:45 PM'},Sprint {i % 5},{'Sprint 9' if i % 6 == 0 else ''},ui,,{i % 8}.0,{i * 3600}\n"
            for i, s in enumerate(STAMPS)
        )
    )
    jira_meant = {
        "Issue key": [f"SHOP-{i + 1}" for i in range(N)], "Issue Type": ["Bug" if i % 3 else "Story" for i in range(N)],
        "Created": STAMPS, "Resolved": [None if i % 4 == 1 else s.replace(hour=23, minute=45) for i, s in enumerate(STAMPS)],
        "Sprint": [f"Sprint {i % 5}" for i in range(N)], "Sprint_2": ["Sprint 9" if i % 6 == 0 else None for i in range(N)],
        "Labels": ["ui"] * N, "Labels_2": [None] * N, "Custom field (Story Points)": [i % 8 for i in range(N)],
        "Time Spent": [i * 3600 for i in range(N)],
    }  # fmt: skip
    asked = ["How likely are you to recommend us?", "What do you like? (tick all)", "Your age"]
    forms: Rows = [
        ["ID", "Start time", "Completion time", "Email", "Name", *asked],
        *([i + 1, s, s + timedelta(minutes=4), "anonymous", None, i % 11, "Price;Staff;", f"{20 + i}"] for i, s in enumerate(STAMPS)),
    ]  # fmt: skip
    forms_meant = {
        "ID": list(range(1, N + 1)), "Start time": STAMPS, "Completion time": [s + timedelta(minutes=4) for s in STAMPS],
        "Email": ["anonymous"] * N, "Name": [None] * N, asked[0]: [i % 11 for i in range(N)],
        asked[1]: ["Price;Staff;"] * N, asked[2]: [20 + i for i in range(N)],
    }  # fmt: skip
    tally = "Day Book,,,,\n1-Jan-24 to 31-Jul-24,,,,\nDate,Particulars,Vch Type,Debit,Credit\n" + "".join(
        f'{d.day}-{d:%b-%y},"{NAMES[i % 4]}",{"Receipt" if i % 2 else "Payment"},{"" if i % 2 else f"{chr(34)}1,{i:02d},000.50{chr(34)}"},{f"{chr(34)}2,{i:02d},000.00{chr(34)}" if i % 2 else ""}\n'
        for i, d in enumerate(DAYS)
    )
    tally_meant = {
        "Date": DAYS, "Particulars": [NAMES[i % 4] for i in range(N)], "Vch Type": ["Receipt" if i % 2 else "Payment" for i in range(N)],
        "Debit": [None if i % 2 else 100_000.5 + i * 1000 for i in range(N)], "Credit": [200_000 + i * 1000 if i % 2 else None for i in range(N)],
    }  # fmt: skip
    desk = "Summation column,Id,Requester,Created at,Satisfaction Score,Tags\n" + "".join(
        f"1,{i + 1},{NAMES[1 + i % 3]},{s:%Y-%m-%d %H:%M},{['Not Offered', 'Good', 'Bad'][i % 3]},vip refund\n"
        for i, s in enumerate(STAMPS)
    )
    desk_meant = {
        "Summation column": [1] * N, "Id": list(range(1, N + 1)), "Requester": [NAMES[1 + i % 3] for i in range(N)],
        "Created at": STAMPS, "Satisfaction Score": [["Not Offered", "Good", "Bad"][i % 3] for i in range(N)], "Tags": ["vip refund"] * N,
    }  # fmt: skip
    form = "#,How satisfied are you?,Would you buy again?,Start Date (UTC),Network ID\n" + "".join(
        f"{i:08x}qz,{i % 5 + 1},{i % 2},{s:%Y-%m-%d %H:%M:%S},{i * 99991:010x}\n"
        for i, s in enumerate(STAMPS)
    )
    form_meant = {
        "#": [f"{i:08x}qz" for i in range(N)], "How satisfied are you?": [i % 5 + 1 for i in range(N)],
        "Would you buy again?": [i % 2 for i in range(N)], "Start Date (UTC)": STAMPS, "Network ID": [f"{i * 99991:010x}" for i in range(N)],
    }  # fmt: skip
    cards = "".join(
        f"Name: Ann {i}\nCity: {['Pune', 'Delhi'][i % 2]}\nSpent: {i * 10.5}\n\n" for i in range(20)
    )
    cards_meant = {
        "Name": [f"Ann {i}" for i in range(20)], "City": [["Pune", "Delhi"][i % 2] for i in range(20)], "Spent": [i * 10.5 for i in range(20)],
    }  # fmt: skip
    return [
        NastyFile("swift_fields.csv", swift.encode("cp1252"), [swift_meant]),
        NastyFile("tabbed_list.txt", alv.encode("cp1252"), [alv_meant]),
        NastyFile("front_desk.csv", pms.encode("cp1252"), [pms_meant]),
        NastyFile("issues.csv", jira.encode(), [jira_meant]),
        NastyFile("answers_of_forms.xlsx", book(("Sheet1", forms)), [forms_meant]),
        NastyFile("day_book.csv", tally.encode(), [tally_meant]),
        NastyFile("help_desk.csv", desk.encode(), [desk_meant]),
        NastyFile("typed_answers.csv", form.encode(), [form_meant]),
        NastyFile("one_card_per_block.txt", cards.encode(), [cards_meant]),
    ]  # fmt: skip

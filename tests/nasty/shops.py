"""What web shops, marketplaces, tills and systems for customers export."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta

from tests.nasty.making import BASE, CITIES, DAYS, N, NastyFile, lines_of, text_of

STAMPS = [datetime(2024, 1, 3, 9, 5, 1) + timedelta(days=5 * i, minutes=7 * i) for i in range(N)]
PRICES = [round(1012.5 + 37.25 * i, 2) for i in range(N)]


def shops() -> list[NastyFile]:
    """Orders from web shops and marketplaces."""
    first = [i % 3 == 0 for i in range(N)]
    zips = [f"{2139 + 50 * (i // 3):05d}" for i in range(N)]
    stores = (
        "Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Lineitem quantity,Lineitem name,Lineitem price,Lineitem requires shipping,Billing Zip,Notes\n"
        + "".join(
            f"#{1001 + i // 3},ann{i // 3}@example.com,{'paid' if f else ''},{f'{s:%Y-%m-%d %H:%M:%S} +0100' if f else ''},{'EUR' if f else ''},"
            f'{f"{p:.2f}" if f else ""},{f"{p + 5:.2f}" if f else ""},{i % 4 + 1},"T-Shirt - L / Blue, {i}",{p / 3:.2f},true,{chr(39) + zips[i] if f else ""},\n'
            for i, (f, s, p) in enumerate(zip(first, STAMPS, PRICES, strict=True))
        )
    )
    stores_meant = {
        "Name": [f"#{1001 + i // 3}" for i in range(N)], "Email": [f"ann{i // 3}@example.com" for i in range(N)],
        "Financial Status": ["paid" if f else None for f in first],
        "Paid at": [s if f else None for f, s in zip(first, STAMPS, strict=True)],
        "Currency": ["EUR" if f else None for f in first], "Subtotal": [p if f else None for f, p in zip(first, PRICES, strict=True)],
        "Total": [p + 5 if f else None for f, p in zip(first, PRICES, strict=True)], "Lineitem quantity": [i % 4 + 1 for i in range(N)],
        "Lineitem name": [f"T-Shirt - L / Blue, {i}" for i in range(N)], "Lineitem price": [float(f"{p / 3:.2f}") for p in PRICES],
        "Lineitem requires shipping": [True] * N, "Billing Zip": [z if f else None for f, z in zip(first, zips, strict=True)], "Notes": [None] * N,
    }  # fmt: skip
    woo = (
        "ID,Type,SKU,Name,Published,Short description,Regular price,Sale price,In stock?,Stock,Categories\n"
        + "".join(
            f'{70 + i},{"simple" if i % 2 else "variable"},{i:06d},"Hoodie ""No. {i}""",1,"<p>Soft.\\n\nWarm, too.</p>",{PRICES[i]:.2f},{f"{PRICES[i] - 10:.2f}" if i % 5 == 0 else ""},{i % 2},{i * 3},"Clothing, Clothing > Hoodies"\n'
            for i in range(N)
        )
    )
    woo_meant = {
        "ID": [70 + i for i in range(N)], "Type": ["simple" if i % 2 else "variable" for i in range(N)], "SKU": [f"{i:06d}" for i in range(N)],
        "Name": [f'Hoodie "No. {i}"' for i in range(N)], "Published": [1] * N, "Short description": ["<p>Soft.\\n\nWarm, too.</p>"] * N,
        "Regular price": PRICES, "Sale price": [PRICES[i] - 10 if i % 5 == 0 else None for i in range(N)], "In stock?": [i % 2 for i in range(N)],
        "Stock": [i * 3 for i in range(N)], "Categories": ["Clothing, Clothing > Hoodies"] * N,
    }  # fmt: skip
    settled = "settlement-id\tsettlement-start-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tamount-description\tamount\tposted-date\tsku\tquantity-purchased\n"
    settled += f"19283746501\t{STAMPS[0]:%Y-%m-%d %H:%M:%S} UTC\t{STAMPS[3]:%Y-%m-%d %H:%M:%S} UTC\t40321.55\tUSD\t\t\t\t\t\t\t\n"
    settled += "".join(
        f"19283746501\t\t\t\t\tOrder\t{100 + i}-{1234567 + i}-{7654321 - i}\t{'Principal' if i % 2 else 'Commission'}\t{(1 if i % 2 else -0.15) * PRICES[i]:.2f}\t{s:%Y-%m-%d}\tAB-{i:04d}\t{1 if i % 2 else ''}\n"
        for i, s in enumerate(STAMPS)
    )
    settled_meant = {
        "settlement-id": [19283746501] * (N + 1), "settlement-start-date": [STAMPS[0], *[None] * N], "deposit-date": [STAMPS[3], *[None] * N],
        "total-amount": [40321.55, *[None] * N], "currency": ["USD", *[None] * N], "transaction-type": [None, *["Order"] * N],
        "order-id": [None, *(f"{100 + i}-{1234567 + i}-{7654321 - i}" for i in range(N))],
        "amount-description": [None, *("Principal" if i % 2 else "Commission" for i in range(N))],
        "amount": [None, *(float(f"{(1 if i % 2 else -0.15) * PRICES[i]:.2f}") for i in range(N))], "posted-date": [None, *DAYS],
        "sku": [None, *(f"AB-{i:04d}" for i in range(N))], "quantity-purchased": [None, *(1 if i % 2 else None for i in range(N))],
    }  # fmt: skip
    ranged = (
        '"Includes Amazon Marketplace, Fulfillment by Amazon (FBA), and Amazon Webstore transactions"\n"All amounts in USD, unless specified"\n'
        '"Definitions:"\n"Sales tax collected: Includes sales tax collected from buyers for product sales, shipping, and gift wrap."\n'
        '"Selling fees: Includes variable closing fees and referral fees."\n"Other transaction fees: Includes shipping chargebacks, shipping holdbacks, per-item fees, and sales tax collection fees."\n'
        '"date/time","settlement id","type","order id","description","quantity","product sales","total"\n'
    ) + "".join(
        f'"{s:%b} {s.day}, {s.year} {s:%I:%M:%S %p} PST","19283746501","Order","{100 + i}-{1234567 + i}-{7654321 - i}","Lamp, small","{i % 3 + 1}","{p:,.2f}","{p - 2:,.2f}"\n'
        for i, (s, p) in enumerate(zip(STAMPS, PRICES, strict=True))
    )
    ranged_meant = {
        "date/time": STAMPS, "settlement id": [19283746501] * N, "type": ["Order"] * N,
        "order id": [f"{100 + i}-{1234567 + i}-{7654321 - i}" for i in range(N)], "description": ["Lamp, small"] * N,
        "quantity": [i % 3 + 1 for i in range(N)], "product sales": PRICES, "total": [p - 2 for p in PRICES],
    }  # fmt: skip
    auction = (
        "\n"
        + '"Sales Record Number","Buyer Username","Sold For","Quantity","Sale Date","Paid On Date"\n\n'
        + "".join(
            f'"{100 + i}","ann_{i}","${p:,.2f}","{i % 3 + 1}","{d:%b-%d-%y}","{f"{d:%b-%d-%y}" if i % 4 else ""}"\n'
            for i, (d, p) in enumerate(zip(DAYS, PRICES, strict=True))
        )
        + '\n"40","record(s) downloaded","from ","Jan-03-24"," to ","Jul-16-24"\n\n"Seller ID : shop_of_ann"\n'
    )
    auction_meant = {
        "Sales Record Number": [100 + i for i in range(N)], "Buyer Username": [f"ann_{i}" for i in range(N)], "Sold For": PRICES,
        "Quantity": [i % 3 + 1 for i in range(N)], "Sale Date": DAYS, "Paid On Date": [d if i % 4 else None for i, d in enumerate(DAYS)],
    }  # fmt: skip
    cards = (
        "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Customer ID,Card Last4,order_id (metadata)\n"
        + "".join(
            f'ch_{i:024x},{s:%Y-%m-%d %H:%M},"{p:,.2f}",0.00,eur,{"true" if i % 7 else "false"},cus_{i % 9:014x},{i * 37 % 10000:04d},\n'
            for i, (s, p) in enumerate(zip(STAMPS, PRICES, strict=True))
        )
    )
    cards_meant = {
        "id": [f"ch_{i:024x}" for i in range(N)], "Created date (UTC)": [s.replace(second=0) for s in STAMPS], "Amount": PRICES,
        "Amount Refunded": [0.0] * N, "Currency": ["eur"] * N, "Captured": [i % 7 > 0 for i in range(N)],
        "Customer ID": [f"cus_{i % 9:014x}" for i in range(N)], "Card Last4": [f"{i * 37 % 10000:04d}" for i in range(N)], "order_id (metadata)": [None] * N,
    }  # fmt: skip
    till = "Date,Time,Time Zone,Gross Sales,Discounts,Net Sales,Tip,Customer Name,Location\n" + "".join(
        f'{d:%m/%d/%y},{time(9 + i % 9, 5, 1):%H:%M:%S},Eastern Time (US & Canada),"${p:,.2f}",{f"(${i}.50)" if i % 3 == 0 else "$0.00"},"${p - 1:,.2f}",$0.00,"Rao, Ann",Main St\n'
        for i, (d, p) in enumerate(zip(DAYS, PRICES, strict=True))
    )
    till_meant = {
        "Date": DAYS, "Time": [time(9 + i % 9, 5, 1) for i in range(N)], "Time Zone": ["Eastern Time (US & Canada)"] * N, "Gross Sales": PRICES,
        "Discounts": [-(i + 0.5) if i % 3 == 0 else 0 for i in range(N)], "Net Sales": [p - 1 for p in PRICES], "Tip": [0] * N,
        "Customer Name": ["Rao, Ann"] * N, "Location": ["Main St"] * N,
    }  # fmt: skip
    return [
        NastyFile("shop_order_lines.csv", stores.encode(), [stores_meant]),
        NastyFile("shop_products.csv", woo.encode("utf-8-sig"), [woo_meant]),
        NastyFile("market_settlement.txt", settled.encode(), [settled_meant]),
        NastyFile("market_range.csv", ranged.encode("utf-8-sig"), [ranged_meant]),
        NastyFile("auctions.csv", auction.encode(), [auction_meant]),
        NastyFile("card_payments.csv", cards.encode(), [cards_meant]),
        NastyFile("till_american.csv", till.encode(), [till_meant]),
    ]  # fmt: skip


def customer_systems() -> list[NastyFile]:
    """Accounts, contacts and notes from systems for customers."""
    ids = [f"0015g00000{i:05d}AAQ" for i in range(N)]
    force = (
        '"Account ID","Account Name","Close Date","Amount Currency","Amount","Probability (%)"\n'
        + "".join(
            f'"{ids[i]}","Rao, {i} & Co","{d.month}/{d.day}/{d.year}","EUR","{p:.2f}","{i % 11 * 10}%"\n'
            for i, (d, p) in enumerate(zip(DAYS, PRICES, strict=True))
        )
        + '\n\n\n\n"Open opportunities 2024"\n"Copyright (c) 2000-2024 salesforce.com, inc. All rights reserved."\n"Confidential Information - Do Not Distribute"\n"Generated By:  Ann Rao  16/07/2024 09:05"\n"Acme GmbH"\n'
    )
    force_meant = {
        "Account ID": ids, "Account Name": [f"Rao, {i} & Co" for i in range(N)], "Close Date": DAYS, "Amount Currency": ["EUR"] * N,
        "Amount": PRICES, "Probability (%)": [i % 11 * 10 for i in range(N)],
    }  # fmt: skip
    notes = ['Called.\nAsked for "later".\n\n- Ann', "ok", None, "a, b; c\td"]
    hub = (
        '"Record ID","First Name","Last Name","Email","Phone Number","Lead Status","Create Date","Notes","Number of Sessions"\n'
        + "".join(
            '"{}","Ann","O\'Hara {}","ann{}@example.com","{}","{}","{:%Y-%m-%d %H:%M}","{}","{}"\n'.format(
                51000000000 + i,
                i,
                i,
                f"0{301234567 + i}",
                "" if i % 3 else "OPEN_DEAL",
                s,
                (notes[i % 4] or "").replace('"', '""'),
                "" if i % 5 == 0 else i,
            )
            for i, s in enumerate(STAMPS)
        )
    )
    hub_meant = {
        "Record ID": [51000000000 + i for i in range(N)], "First Name": ["Ann"] * N, "Last Name": [f"O'Hara {i}" for i in range(N)],
        "Email": [f"ann{i}@example.com" for i in range(N)], "Phone Number": [f"0{301234567 + i}" for i in range(N)],
        "Lead Status": [None if i % 3 else "OPEN_DEAL" for i in range(N)], "Create Date": [s.replace(second=0) for s in STAMPS],
        "Notes": [notes[i % 4] for i in range(N)], "Number of Sessions": [None if i % 5 == 0 else i for i in range(N)],
    }  # fmt: skip
    mail = "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,LATITUDE,LONGITUDE,CC,TAGS\n" + "".join(
        f'ann{i}@example.com,Ann,{i % 5 + 1},"{s:%Y-%m-%d %H:%M:%S}",{48 + i / 100:.7f},{11 - i / 100:.7f},de,"""VIP"",""New {i % 2}"""\n'
        for i, s in enumerate(STAMPS)
    )
    mail_meant = {
        "Email Address": [f"ann{i}@example.com" for i in range(N)], "First Name": ["Ann"] * N, "MEMBER_RATING": [i % 5 + 1 for i in range(N)],
        "OPTIN_TIME": STAMPS, "LATITUDE": [float(f"{48 + i / 100:.7f}") for i in range(N)], "LONGITUDE": [float(f"{11 - i / 100:.7f}") for i in range(N)],
        "CC": ["de"] * N, "TAGS": [f'"VIP","New {i % 2}"' for i in range(N)],
    }  # fmt: skip
    inches = "id;product;note;price\n" + "".join(
        f"K{i};{f'screen {i}' + chr(34) if i % 9 == 4 else f'cable {i}'};{chr(34) + 'white; new' + chr(34) if i % 2 else 'old'};{i},50\n"
        for i in range(N)
    )
    inches_meant = {
        "id": [f"K{i}" for i in range(N)], "product": [f'screen {i}"' if i % 9 == 4 else f"cable {i}" for i in range(N)],
        "note": ["white; new" if i % 2 else "old" for i in range(N)], "price": [i + 0.5 for i in range(N)],
    }  # fmt: skip
    slashed = "id,said,n\n" + "".join(f'K{i},"he said \\"no, {i}\\" twice",{i}\n' for i in range(N))
    slashed_meant = {
        "id": [f"K{i}" for i in range(N)],
        "said": [f'he said "no, {i}" twice' for i in range(N)],
        "n": list(range(N)),
    }
    many = [
        "Title",
        "First Name",
        "Last Name",
        "Company",
        *(f"Business {w}" for w in ("Street", "City", "Fax", "Phone")),
        *(f"Other {i}" for i in range(60)),
        "Birthday",
        "E-mail Address",
        "Gender",
    ]
    rows = []
    for i in range(N):
        row = dict.fromkeys(many, "")
        row |= {
            "First Name": "Jürgen",
            "Last Name": f"Groß {i}",
            "Business City": CITIES[i % 4],
            "Birthday": "0/0/00" if i % 3 else "5/13/68",
            "E-mail Address": f"j{i}@example.com",
            "Gender": "Unspecified",
        }
        rows.append(row)
    contacts = (
        "\r\n".join(
            [
                ",".join(f'"{m}"' for m in many),
                *(",".join(f'"{c}"' if c else "" for c in row.values()) for row in rows),
            ]
        )
        + "\r\n"
    )
    contacts_meant = {m: [row[m] or None for row in rows] for m in many}
    contacts_meant["Birthday"] = [None if i % 3 else date(1968, 5, 13) for i in range(N)]
    notes_cell = {
        "id": [f"K{i}" for i in range(N)],
        "payload": [json.dumps({"a": i, "b": ["x", "y, z"]}) for i in range(N)],
        "n": list(range(N)),
    }
    payload = "id,payload,n\n" + "".join(
        '{},"{}",{}\n'.format(k, p.replace('"', '""'), n)
        for k, p, n in zip(*notes_cell.values(), strict=True)
    )
    wrapped = "\n".join('"{}"'.format(line.replace('"', '""')) for line in lines_of(BASE)) + "\n"
    months = {
        "customer": [f"K{i}" for i in range(N)],
        **{
            f"{m} 2024": [i * 10 + j for i in range(N)]
            for j, m in enumerate(("Jan", "Feb", "Mar", "Apr", "May", "Jun"))
        },
    }
    return [
        NastyFile("report_with_copyright.csv", force.encode("latin-1"), [force_meant]),
        NastyFile("contacts_with_notes.csv", hub.encode(), [hub_meant]),
        NastyFile("mailing_list.csv", mail.encode(), [mail_meant]),
        NastyFile("inches.csv", inches.encode(), [inches_meant]),
        NastyFile("slashed_quotes.csv", slashed.encode(), [slashed_meant]),
        NastyFile("address_book.csv", contacts.encode("cp1252"), [contacts_meant]),
        NastyFile("json_in_cells.csv", payload.encode(), [notes_cell]),
        NastyFile("lines_in_quotes.csv", wrapped.encode(), [BASE]),
        NastyFile("one_column_per_month.csv", text_of(months).encode(), [months]),
    ]  # fmt: skip

"""What banks and bookkeeping programs export."""

from __future__ import annotations

from tests.nasty.ledgers import indian
from tests.nasty.making import CITIES, DAYS, N, NastyFile

KEYS = [f"C{1000 + i}" for i in range(N)]
SIGNED = [(-1) ** i * round(1210.5 + 37.25 * i, 2) for i in range(N)]
SHOPS = ["REWE SAGT DANKE", "Stadtwerke Köln", "Müller GmbH & Co. KG", "Gehalt"]


def german(value: float, mark: str = ".") -> str:
    """Write 1234.5 as 1.234,50."""
    return f"{value:,.2f}".translate(str.maketrans({",": mark, ".": ","}))


def german_banks() -> list[NastyFile]:
    """Accounts and bookings from Germany and Switzerland."""
    places = [SHOPS[i % 4] for i in range(N)]
    iban = [f"DE{i * 7919:020d}" for i in range(N)]
    sap_rows = "".join(
        f"|{k:<9}|{d:%d.%m.%Y}|{german(abs(v)) + ('-' if v < 0 else ''):>14}|EUR  |{CITIES[i % 4]:<9}|\n"
        for i, (k, d, v) in enumerate(zip(KEYS, DAYS, SIGNED, strict=True))
    )
    bar = "-" * 55
    sap = (
        f"28.08.2024{'Dynamic List Display':^40}1\n{bar}\n"
        f"|Customer |Doc. Date |  Amount in LC|LCurr|City     |\n|{'-' * 53}|\n{sap_rows}{bar}\n"
    ).replace("Doc. Date ", "Posted on ")
    sap_meant = {
        "Customer": KEYS, "Posted on": DAYS, "Amount in LC": SIGNED, "LCurr": ["EUR"] * N,
        "City": [CITIES[i % 4] for i in range(N)],
    }  # fmt: skip
    datev = (
        '"EXTF";700;21;"Buchungsstapel";12;20240801090501000;;"RE";"";"";1001;1;20240101;4;20240103;20240716;"";"";1;0;0;"EUR"\r\n'
        "Umsatz;Soll/Haben-Kennzeichen;WKZ Umsatz;Konto;Gegenkonto;Belegdatum;Belegfeld 1;Buchungstext\r\n"
        + "".join(
            f'{abs(v):.2f};"{"S" if v < 0 else "H"}";"EUR";{10000 + i};8400;{d:%d%m};"RE{i:04d}";"{places[i]}"\r\n'.replace(
                ".", ",", 1
            )
            for i, (d, v) in enumerate(zip(DAYS, SIGNED, strict=True))
        )
    )
    datev_meant = {
        "Umsatz": [abs(v) for v in SIGNED], "Soll/Haben-Kennzeichen": ["S" if v < 0 else "H" for v in SIGNED],
        "WKZ Umsatz": ["EUR"] * N, "Konto": [10000 + i for i in range(N)], "Gegenkonto": [8400] * N,
        "Belegdatum": [f"{d:%d%m}" for d in DAYS], "Belegfeld 1": [f"RE{i:04d}" for i in range(N)],
        "Buchungstext": places,
    }  # fmt: skip
    savings = (
        '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Betrag";"Waehrung";"Info"\n'
        + "".join(
            f'"DE89370400440532013000";"{d:%d.%m.%y}";"{d:%d.%m.%y}";"LASTSCHRIFT";"{places[i]}; Rechnung {i}";"{german(v, "")}";"EUR";"Umsatz gebucht"\n'
            for i, (d, v) in enumerate(zip(DAYS, SIGNED, strict=True))
        )
    )
    savings_meant = {
        "Auftragskonto": ["DE89370400440532013000"] * N, "Buchungstag": DAYS, "Valutadatum": DAYS,
        "Buchungstext": ["LASTSCHRIFT"] * N, "Verwendungszweck": [f"{p}; Rechnung {i}" for i, p in enumerate(places)],
        "Betrag": SIGNED, "Waehrung": ["EUR"] * N, "Info": ["Umsatz gebucht"] * N,
    }  # fmt: skip
    facts = (
        '"Girokonto";"DE89370400440532013000"\n"Zeitraum:";"03.01.2024 - 16.07.2024"\n'
        '"Kontostand vom 16.07.2024:";"1.234,56 €"\n""\n'
        '"Buchungsdatum";"Status";"Zahlungsempfänger*in";"IBAN";"Betrag (€)"\n'
    ) + "".join(
        f'"{d:%d.%m.%y}";"Gebucht";"{places[i]}";"{iban[i]}";"{german(v)} €"\n'
        for i, (d, v) in enumerate(zip(DAYS, SIGNED, strict=True))
    )
    facts_meant = {
        "Buchungsdatum": DAYS, "Status": ["Gebucht"] * N, "Zahlungsempfängerin": places, "IBAN": iban,
        "Betrag (€)": SIGNED,
    }  # fmt: skip
    saldo = [round(5000 + sum(SIGNED[: i + 1]), 2) for i in range(N)]
    direct = (
        "Umsatzanzeige;Datei erstellt am: 16.07.2024 09:05;\n;Letztes Update: aktuell;\n\nIBAN;DE89 3704 0044 0532 0130 00;\n"
        "Kontoname;Girokonto;\nBank;ING;\nKunde;Ann Singh;\nZeitraum;03.01.2024 - 16.07.2024;\nSaldo;1.234,56;EUR\n\n"
        "Sortierung;Datum absteigend;\n\nIn der CSV-Datei finden Sie alle bereits gebuchten Umsätze.\n\n"
        "Buchung;Wertstellungsdatum;Auftraggeber/Empfänger;Buchungstext;Saldo;Währung;Betrag;Währung\n"
    ) + "".join(
        f"{d:%d.%m.%Y};{d:%d.%m.%Y};{places[i]};Lastschrift;{german(saldo[i])};EUR;{german(v)};EUR\n"
        for i, (d, v) in enumerate(zip(DAYS, SIGNED, strict=True))
    )
    direct_meant = {
        "Buchung": DAYS, "Wertstellungsdatum": DAYS, "Auftraggeber/Empfänger": places,
        "Buchungstext": ["Lastschrift"] * N, "Saldo": saldo, "Währung": ["EUR"] * N, "Betrag": SIGNED,
        "Währung_2": ["EUR"] * N,
    }  # fmt: skip
    swiss = (
        "Kontonummer:;0234 00123456.01;\nIBAN:;CH93 0076 2011 6238 5295 7;\nVon:;2024-01-03;\nBis:;2024-07-16;\n"
        "Anfangssaldo:;5000.00;\nSchlusssaldo:;1234.56;\nBewertet in:;CHF;\nAnzahl Transaktionen in diesem Zeitraum:;40;\n\n"
        "Abschlussdatum;Abschlusszeit;Währung;Belastung;Gutschrift;Saldo;Beschreibung1\n"
    ) + "".join(
        f'{d:%Y-%m-%d};09:05:01;CHF;{f"{v:.2f}" if v < 0 else ""};{f"{v:.2f}" if v > 0 else ""};{saldo[i]:.2f};"{places[i]};Basel"\n'
        for i, (d, v) in enumerate(zip(DAYS, SIGNED, strict=True))
    )
    from datetime import time

    swiss_meant = {
        "Abschlussdatum": DAYS, "Abschlusszeit": [time(9, 5, 1)] * N, "Währung": ["CHF"] * N,
        "Belastung": [v if v < 0 else None for v in SIGNED], "Gutschrift": [v if v > 0 else None for v in SIGNED],
        "Saldo": saldo, "Beschreibung1": [f"{p};Basel" for p in places],
    }  # fmt: skip
    return [
        NastyFile("sap_list.txt", sap.encode(), [sap_meant]),
        NastyFile("datev.csv", datev.encode("cp1252"), [datev_meant]),
        NastyFile("savings_bank.csv", savings.encode("cp1252"), [savings_meant]),
        NastyFile("account_facts_above.csv", facts.encode("utf-8-sig"), [facts_meant]),
        NastyFile("direct_bank.csv", direct.encode("cp1252"), [direct_meant]),
        NastyFile("swiss_bank.csv", swiss.encode("utf-8-sig"), [swiss_meant]),
    ]  # fmt: skip


def other_banks() -> list[NastyFile]:
    """Accounts from India, America, Brazil, and in formats of their own."""
    wide = [round(123456.78 + 100_000 * i, 2) for i in range(N)]
    debit = [abs(v) if v < 0 else None for v in SIGNED]
    credit = [v if v > 0 else None for v in SIGNED]
    words = ["UPI/4012/Ola", "NEFT-HDFC0001", "ATM WDL", "IMPS P2A"]
    told = [words[i % 4] for i in range(N)]
    refs = [f"{i * 7919:016d}" for i in range(N)]
    blank = ("Account Name       :\tMr. ANIL RAO\nAddress            :\t12 MG Road\n                   \tPune\n"
        "Account Number     :\t_00000030123456789\nMOD Balance        :\t0.00\nStart Date         :\t3 Jan 2024\n\n"
        "Txn Date\tValue Date\tDescription\tRef No/Cheque No\tBranch Code\tDebit\tCredit\tBalance\n")  # fmt: skip
    state = blank + "".join(
        f"{d.day} {d:%b %Y}\t{d.day} {d:%b %Y}\t{told[i]}\tTRANSFER TO {i}\t{1200 + i}\t"
        f"{indian(debit[i]) if debit[i] else ' '}\t{indian(credit[i]) if credit[i] else ' '}\t{indian(wide[i])}\n"
        for i, d in enumerate(DAYS)
    )
    state += "\n\n**This is a computer generated statement and does not require a signature\n"
    state_meant = {
        "Txn Date": DAYS, "Value Date": DAYS, "Description": told, "Ref No/Cheque No": [f"TRANSFER TO {i}" for i in range(N)],
        "Branch Code": [1200 + i for i in range(N)], "Debit": debit, "Credit": credit, "Balance": wide,
    }  # fmt: skip
    padded = (
        "\n\n  Date     ,Narration,Value Dat,Debit Amount       ,Credit Amount      ,Chq/Ref Number   ,Closing Balance\n"
        + "".join(
            f"  {d:%d/%m/%y} ,{told[i]},{d:%d/%m/%y} ,{debit[i] or 0:>15.2f} ,{credit[i] or 0:>15.2f} ,{refs[i]}   ,{wide[i]:>15.2f}  \n"
            for i, d in enumerate(DAYS)
        )
    )
    padded_meant = {
        "Date": DAYS, "Narration": told, "Value Dat": DAYS, "Debit Amount": [v or 0 for v in debit],
        "Credit Amount": [v or 0 for v in credit], "Chq/Ref Number": refs, "Closing Balance": wide,
    }  # fmt: skip
    marked = (
        "DETAILED STATEMENT,,,,,,\n,,,,,,\nAccount Number,012345678901 ( INR )  - ANIL RAO,,,,,\nTransaction Period,From 03/01/2024 To 16/07/2024,,,,,\n,,,,,,\n"
        "S No,Transaction ID,Txn Posted Date,Description,Cr/Dr,Transaction Amount(INR),Available Balance(INR)\n"
        + "".join(
            f'{i + 1},S{i * 7919:08d},{d:%d/%m/%Y %I:%M:%S %p},{told[i]},{"DR" if SIGNED[i] < 0 else "CR"},"{indian(abs(SIGNED[i]))}","{indian(wide[i])} Cr"\n'
            for i, d in enumerate(_stamps())
        )
    )
    marked_meant = {
        "S No": list(range(1, N + 1)), "Transaction ID": [f"S{i * 7919:08d}" for i in range(N)],
        "Txn Posted Date": _stamps(), "Description": told, "Cr/Dr": ["DR" if v < 0 else "CR" for v in SIGNED],
        "Transaction Amount(INR)": [abs(v) for v in SIGNED], "Available Balance(INR)": wide,
    }  # fmt: skip
    american = "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n" + "".join(
        f'{"DEBIT" if v < 0 else "CREDIT"},{d:%m/%d/%Y},"{told[i]}, {i}",{v:.2f},ACH,{wide[i]:.2f},,\n'
        for i, (d, v) in enumerate(zip(DAYS, SIGNED, strict=True))
    )
    american_meant = {
        "Details": ["DEBIT" if v < 0 else "CREDIT" for v in SIGNED], "Posting Date": DAYS,
        "Description": [f"{t}, {i}" for i, t in enumerate(told)], "Amount": SIGNED, "Type": ["ACH"] * N, "Balance": wide,
        "Check or Slip #": [None] * N,
    }  # fmt: skip
    brazil = "Data;Histórico;Documento;Valor;Saldo\n" + "".join(
        f"{d:%d/%m/%Y};Pix enviado {i};{i:06d};{'-' if v < 0 else ''}R$ {german(abs(v))};R$ {german(wide[i])}\n"
        for i, (d, v) in enumerate(zip(DAYS, SIGNED, strict=True))
    )
    brazil_meant = {
        "Data": DAYS, "Histórico": [f"Pix enviado {i}" for i in range(N)], "Documento": [f"{i:06d}" for i in range(N)],
        "Valor": SIGNED, "Saldo": wide,
    }  # fmt: skip
    wallet = (
        '"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","Transaction ID"\r\n'
        + "".join(
            f'"{d:%d/%m/%Y}","09:05:01","CET","Ann ""A."" Rao {i}","Express Checkout Payment","Completed","EUR","{v:,.2f}","-0,35","{v:,.2f}","{i:017X}"\r\n'.replace(
                "-0,35", "-0.35"
            )
            for i, (d, v) in enumerate(zip(DAYS, SIGNED, strict=True))
        )
    )
    from datetime import time

    wallet_meant = {
        "Date": DAYS, "Time": [time(9, 5, 1)] * N, "TimeZone": ["CET"] * N, "Name": [f'Ann "A." Rao {i}' for i in range(N)],
        "Type": ["Express Checkout Payment"] * N, "Status": ["Completed"] * N, "Currency": ["EUR"] * N, "Gross": SIGNED,
        "Fee": [-0.35] * N, "Net": SIGNED, "Transaction ID": [f"{i:017X}" for i in range(N)],
    }  # fmt: skip
    swift = ":20:STARTUMS\n:25:37040044/0532013000\n:28C:00001/001\n:60F:C240103EUR5000,00\n" + "".join(
        f":61:{d:%y%m%d%m%d}D{abs(v):.2f}NTRFNONREF\n:86:166?00GUTSCHRIFT?20{told[i]}\n".replace(".", ",")
        for i, (d, v) in enumerate(zip(DAYS, SIGNED, strict=True))
    )
    quicken = "!Type:Bank\n" + "".join(
        f"D{d:%m/%d/%Y}\nT{v:.2f}\nP{told[i]}\n^\n" for i, (d, v) in enumerate(zip(DAYS, SIGNED, strict=True))
    )
    money = (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><BANKTRANLIST>\n"
        + "".join(
            f"<STMTTRN>\n<TRNTYPE>DEBIT\n<DTPOSTED>{d:%Y%m%d}\n<TRNAMT>{v:.2f}\n<NAME>{told[i]}\n</STMTTRN>\n"
            for i, (d, v) in enumerate(zip(DAYS, SIGNED, strict=True))
        )
        + "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    )
    camt = '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt/></Document>\n'
    return [
        NastyFile("state_bank.xls", state.encode(), [state_meant]),
        NastyFile("padded_statement.txt", padded.encode(), [padded_meant]),
        NastyFile("debit_credit_marks.csv", marked.encode(), [marked_meant]),
        NastyFile("one_mark_too_many.csv", american.encode(), [american_meant]),
        NastyFile("brazilian_bank.csv", brazil.encode("cp1252"), [brazil_meant]),
        NastyFile("wallet.csv", wallet.encode("utf-8-sig"), [wallet_meant]),
        NastyFile("swift.sta", swift.encode(), refused="MT940"),
        NastyFile("quicken.qif", quicken.encode(), refused="QIF"),
        NastyFile("money.ofx", money.encode(), refused="OFX"),
        NastyFile("camt.csv", camt.encode(), refused="XML"),
    ]  # fmt: skip


def _stamps() -> list:
    from datetime import datetime, time

    return [datetime.combine(d, time(1 + i % 23, 5, 1)) for i, d in enumerate(DAYS)]

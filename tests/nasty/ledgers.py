"""Numbers in the dress of countries, banks and bookkeepers."""

from __future__ import annotations

from tests.nasty.making import N, NastyFile, written


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


def tills() -> list[NastyFile]:
    """Numbers as tills, banks and people write them."""
    values = [1234.5 + 1111.25 * i for i in range(N)]
    signed = [(-1) ** i * (10.5 + i) for i in range(N)]
    german = [f"{v:,.2f}".translate(str.maketrans(",.", ".,")) for v in values]
    lakhs = [round(1.25 + i / 4, 2) for i in range(N)]
    words = [f"{v} {'Cr' if i % 2 else 'lakh'}" for i, v in enumerate(lakhs)]
    rupees = [round(v * (10_000_000 if i % 2 else 100_000)) for i, v in enumerate(lakhs)]
    return [
        written("euros_behind.tsv", "spend", [f"{text} €" for text in german], values),
        written("euro_words.tsv", "spend", [f"EUR {text}" for text in german], values),
        written("spaced_thousands.tsv", "amount", [f"{v:,.2f}".replace(",", " ") for v in values], values),
        written("franken.tsv", "amount", [f"CHF {1000 * i:,}.–".replace(",", "’") for i in range(1, N + 1)], [1000 * i for i in range(1, N + 1)]),
        written("brackets_and_dollars.tsv", "amount", [f"(${-v:,.2f})" if v < 0 else f"${v:,.2f}" for v in signed], signed),
        written("sign_before_code.tsv", "amount", [f"USD {v:,.2f}" for v in signed], signed),
        written("lakhs.tsv", "balance", words, rupees),
        written("thousands_words.tsv", "revenue", [f"${i}.5 {'million' if i % 2 else 'thousand'}" for i in range(1, N + 1)], [(i + 0.5) * (1e6 if i % 2 else 1e3) for i in range(1, N + 1)]),
        written("weights.tsv", "weight", [f"{i}.5 kg" for i in range(N)], [i + 0.5 for i in range(N)]),
        written("years_behind.tsv", "tenure", [f"{i} months" for i in range(N)], list(range(N))),
        written("trailing_points.tsv", "v", [f"{i}." if i % 2 else f".{i:02d}" for i in range(N)], [float(i) if i % 2 else i / 100 for i in range(N)]),
        written("codes_like_powers.tsv", "sku", [f"{i}E{i % 7}" for i in range(N)], [f"{i}E{i % 7}" for i in range(N)]),
        written("bounds.tsv", "income", ["<1000" if i % 3 else ">5000" for i in range(N)], ["<1000" if i % 3 else ">5000" for i in range(N)]),
        written("two_currencies.tsv", "amount", [f"{'$' if i % 2 else '€'}{i}.50" for i in range(N)], [f"{'$' if i % 2 else '€'}{i}.50" for i in range(N)]),
        written("minus_and_percent.tsv", "change", [f"{v:+.1f} %" for v in signed], signed),
        written("one_huge.tsv", "amount", [f"{10**i}" for i in range(15)], [10**i for i in range(15)]),
        written("dashes_for_nought.tsv", "amount", [" - " if i % 5 == 0 else f"{i}.25" for i in range(N)], [None if i % 5 == 0 else i + 0.25 for i in range(N)]),
        written("excel_faults.tsv", "ratio", ["#DIV/0!" if i % 9 == 4 else "#VALUE!" if i % 9 == 5 else f"{i / 8}" for i in range(N)], [None if i % 9 in (4, 5) else i / 8 for i in range(N)]),
    ]  # fmt: skip

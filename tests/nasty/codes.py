"""Codes, booleans, placeholders."""

from __future__ import annotations

from tests.nasty.making import N, NastyFile, written


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


def labels() -> list[NastyFile]:
    """Yes and no in other words, keys of computers, nothing in other words."""
    keys = [f"{i:08x}-0000-4000-8000-{i * 7919:012x}" for i in range(N)]
    hashes = [f"{i * 2654435761 % 2**32:08x}" for i in range(N)]
    codes = [f"{i % 3}{'ABCDEF'[i % 6]}{i:03d}" for i in range(N)]
    bits = [i % 2 for i in range(N)]
    nothing = ["sin dato", "k.A.", "n.d."]
    rated = [f"{i % 5 + 1}/5" for i in range(N)]
    sizes = [["XS", "S", "M", "L", "NA"][i % 5] for i in range(N)]
    countries = [["DE", "NA", "US", "IN"][i % 4] for i in range(N)]
    zips = ["02139" if i == N - 1 else f"{94000 + i}" for i in range(N)]
    return [
        written("uuids.tsv", "customer", keys, keys),
        written("hashes.tsv", "customer_hash", hashes, hashes),
        written("short_codes.tsv", "product", codes, codes),
        written("bits.tsv", "active", [str(bit) for bit in bits], bits),
        written("letters_for_truth.tsv", "active", ["T" if bit else "F" for bit in bits], ["T" if bit else "F" for bit in bits]),
        written("shares_of_five.tsv", "rating", rated, rated),
        written("namibia.tsv", "country", countries, countries),
        written("sizes.tsv", "size", sizes, [None if each == "NA" else each for each in sizes], placeholder_words=8),
        written("postal_codes.tsv", "zip_code", zips, zips),
        written("nothing_in_german.tsv", "v", [nothing[1] if i % 10 == 3 else f"{i}" for i in range(N)], [None if i % 10 == 3 else i for i in range(N)]),
        written("iban.tsv", "account", [f"DE{i:020d}" for i in range(N)], [f"DE{i:020d}" for i in range(N)]),
        written("e_mail.tsv", "contact", [f"a.b{i}@example.com" for i in range(N)], [f"a.b{i}@example.com" for i in range(N)]),
    ]  # fmt: skip

"""Encodings and byte-order marks."""

from __future__ import annotations

from tests.nasty.making import BASE, N, NastyFile, text_of


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


def posted() -> list[NastyFile]:
    """Marks in the middle, letters encoded twice, letters of other widths."""
    header, _, body = text_of(BASE).partition("\n")
    half = len(body) // 2 + body[len(body) // 2 :].find("\n") + 1
    joined = "\ufeff" + header + "\n" + body[:half] + "\ufeff" + header + "\n" + body[half:]
    wide = {**BASE, "amount": [float(i) for i in range(N)]}
    digits = text_of(
        {**BASE, "amount": [str(i).translate({48 + d: 0xFF10 + d for d in range(10)}) for i in range(N)]}
    )
    crowd = {**BASE, "city": [["😀 Town", "Ελλάδα", "عمان", "Ho Chi Minh"][i % 4] for i in range(N)]}
    thai = {**BASE, "city": [["กรุงเทพ", "เชียงใหม่", "ภูเก็ต", "พัทยา"][i % 4] for i in range(N)]}
    turkish = {**BASE, "city": [["İstanbul", "Şişli", "Eskişehir", "Diyarbakır"][i % 4] for i in range(N)]}
    nothing = {
        **BASE,
        "city": [["Pune\u200b", "Delhi\u00a0", "New\u00a0York", "Aachen"][i % 4] for i in range(N)],
    }
    return [
        NastyFile("marks_of_two_files.csv", joined.encode(), [BASE], says={"repeated_headers": 1}),
        NastyFile("full_width_digits.csv", digits.encode(), [wide]),
        NastyFile("many_scripts.csv", text_of(crowd).encode(), [crowd]),
        NastyFile("utf16_many_scripts.txt", text_of(crowd, "\t").encode("utf-16-le"), [crowd]),
        NastyFile("thai.csv", text_of(thai).encode("cp874"), [thai]),
        NastyFile("turkish.csv", text_of(turkish).encode("cp1254"), [turkish]),
        NastyFile("no_break_spaces.csv", text_of(nothing).encode(), [{**BASE, "city": [["Pune\u200b", "Delhi\u00a0", "New\u00a0York", "Aachen"][i % 4] for i in range(N)]}]),
    ]  # fmt: skip

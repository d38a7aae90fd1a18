"""How cells are set apart: separators, quotation marks, line ends."""

from __future__ import annotations

from tests.nasty.making import BASE, N, NastyFile, lines_of, text_of


def separated() -> list[NastyFile]:
    """Separators, quotation marks, line ends."""
    plain = text_of(BASE)
    found = [
        NastyFile(f"separated_{i}.csv", text_of(BASE, mark).encode(), [BASE])
        for i, mark in enumerate(",;\t|^~\x1f")
    ]
    found += [
        NastyFile("crlf.csv", text_of(BASE, end="\r\n").encode(), [BASE]),
        NastyFile("cr.csv", text_of(BASE, end="\r").encode(), [BASE]),
        NastyFile("mixed_ends.csv", plain.replace("Delhi\n", "Delhi\r\n").encode(), [BASE]),
        NastyFile("no_last_end.csv", plain.rstrip().encode(), [BASE]),
        NastyFile("sep_line.csv", b"sep=;\n" + text_of(BASE, ";").encode(), [BASE]),
        NastyFile("spaced.csv", text_of(BASE, ", ").encode(), [BASE]),
        NastyFile("trailing_marks.csv", plain.replace("\n", ",\n").encode(), [BASE]),
        NastyFile(
            "all_quoted.csv",
            "".join('"' + line.replace(",", '","') + '"\n' for line in lines_of(BASE)).encode(),
            [BASE],
        ),
        NastyFile(
            "single_quoted.csv",
            "".join("'" + line.replace(",", "','") + "'\n" for line in lines_of(BASE)).encode(),
            [BASE],
        ),
    ]
    notes = [
        'a "q", b',
        "line\nbreak",
        "semi;colon",
        "'single'",
        "tab\there",
        'ends with "',
        "x",
        "comma, too",
    ]
    doubled = ['"' + note.replace('"', '""') + '"' for note in notes]
    escaped = ['"' + note.replace('"', '\\"') + '"' for note in notes]
    meant = {"id": list(range(1, 9)), "note": notes, "v": [i / 4 for i in range(1, 9)]}
    for name, cells in (("quotes.csv", doubled), ("backslash_quotes.csv", escaped)):
        body = "".join(f"{i},{cell},{i / 4}\n" for i, cell in enumerate(cells, 1))
        found.append(NastyFile(name, f"id,note,v\n{body}".encode(), [meant]))
    inches = [f'{i} 3/4" pipe' for i in range(9)]
    body = "".join(f"{i};{cell};{i + 0.5}\n" for i, cell in enumerate(inches))
    table = {"id": list(range(9)), "size": inches, "v": [i + 0.5 for i in range(9)]}
    found.append(NastyFile("inch_marks.csv", f"id;size;v\n{body}".encode(), [table]))
    opened = {"id": [1, 2, 3], "t": ['"abc', "y", "z"]}
    found.append(NastyFile("open_quote.csv", b'id,t\n1,"abc\n2,y\n3,z\n', [opened], says={"open_quote": 0}))
    return found


def quoted() -> list[NastyFile]:
    """Separators of two signs, quotation marks where nobody expects them, unusual ends of lines."""
    lines = lines_of(BASE)
    notes = {
        "id": [f"N{i}" for i in range(12)],
        "note": [f"first,\nsecond {i}" for i in range(12)],
        "v": list(range(12)),
    }
    broken = "id,note,v\r\n" + "".join(f'N{i},"first,\r\nsecond {i}",{i}\r\n' for i in range(12))
    commas = {"customer": [f"C{i}" for i in range(N)], "spend": [i + 0.25 for i in range(N)]}
    names = {**BASE, "city": [["O'Brien", "d'Arcy", "Rock 'n' Roll", "L'Aquila"][i % 4] for i in range(N)]}
    fed = {**BASE, "city": [f"New\u2028York {i}" if i % 5 == 0 else "Pune" for i in range(N)]}
    return [
        NastyFile("two_pipes.txt", "\n".join(line.replace(",", "||") for line in lines).encode(), [BASE]),
        NastyFile("colons.txt", "\n".join(line.replace(",", ":") for line in lines).encode(), [BASE]),
        NastyFile("tilde_pipe.txt", "\n".join(line.replace(",", "~|~") for line in lines).encode(), [BASE]),
        NastyFile("whole_lines_quoted.csv", "".join(f'"{line}"\n' for line in lines).encode(), [BASE]),
        NastyFile("quotes_in_quoted_lines.csv", "".join('"' + ",".join(f'""{cell}""' for cell in line.split(",")) + '"\n' for line in lines).encode(), [BASE]),
        NastyFile("curly_quotes.csv", "".join(",".join(f"“{cell}”" for cell in line.split(",")) + "\n" for line in lines).encode(), [BASE]),
        NastyFile("quoted_then_blank.csv", "".join(" , ".join(f'"{cell}"' for cell in line.split(",")) + "\n" for line in lines).encode(), [BASE]),
        NastyFile("header_quoted_only.csv", ('"' + lines[0].replace(",", '","') + '"\n' + "\n".join(lines[1:]) + "\n").encode(), [BASE]),
        NastyFile("breaks_in_cells.csv", broken.encode(), [{**notes, "note": [each.replace("\n", "\r\n") for each in notes["note"]]}]),
        NastyFile("quoted_decimal_commas.csv", ("customer,spend\n" + "".join(f'C{i},"{i},25"\n' for i in range(N))).encode(), [commas]),
        NastyFile("apostrophes.csv", text_of(names).encode(), [names]),
        NastyFile("doubled_returns.csv", text_of(BASE, end="\r\r\n").encode(), [BASE]),
        NastyFile("line_separators_in_cells.csv", text_of(fed).encode(), [fed]),
        NastyFile("one_line_without_end.csv", b"a;b;c\n1;2,5;x", [{"a": [1], "b": [2.5], "c": ["x"]}]),
        NastyFile("record_separators.txt", text_of(BASE, "\x1f", end="\x1e").encode(), [BASE]),
    ]  # fmt: skip

"""Knows which files of an archive or a folder are the pieces of one table, and joins them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from tools.core import Finding

NUMBERED = re.compile(r"(?P<stem>.*?)[-_ .(]*(?:part|teil)?[-_ .(]*(?P<number>\d{1,5})\)?", re.IGNORECASE)
TEXTS = {".csv", ".tsv", ".txt", ".dat", ".psv"}
YEAR = re.compile(r"(19|20)\d\d$")
DATED = re.compile(
    rb"dat(e|um)|day|time|fecha|month|monat|created|(^|[,;\t|\"])on([,;\t|\"]|$)", re.IGNORECASE
)
HEADER_BYTES = 65_536


def joined_pieces(paths: Sequence[Path], folder: Path) -> tuple[list[Path], dict[Path, Finding]]:
    """Join text files that are numbered from 0 or 1 on and begin with the same header.

    Args:
        paths: Files that came together.
        folder: Where joined files go.

    Returns:
        The files, each joined one in the place of its first piece; and what to say about each joined one.
    """
    groups: dict[tuple[str, str, bytes], list[tuple[int, Path]]] = {}
    for path in paths:
        found = NUMBERED.fullmatch(path.stem)
        if found and path.suffix.lower() in TEXTS and (header := _header(path)):
            key = (found["stem"] or "table", path.suffix, header)
            groups.setdefault(key, []).append((int(found["number"]), path))
    instead: dict[Path, Path | None] = {}
    told: dict[Path, Finding] = {}
    for (stem, suffix, header), pieces in groups.items():
        if YEAR.search(stem) and not DATED.search(header):
            continue  # a month each, which nothing but the name of the file says
        numbers = [number for number, _ in sorted(pieces)]
        if len(pieces) < 2 or numbers != list(range(numbers[0], numbers[0] + len(numbers))) or numbers[0] > 1:
            continue
        files = [path for _, path in sorted(pieces)]
        target = _joined(files, folder / f"joined {len(told)}" / f"{stem}{suffix}")
        instead |= {files[0]: target, **dict.fromkeys(files[1:])}
        names = f"{files[0].name} to {files[-1].name}"
        sentence = f"The {len(files):,} files {names} have the same columns and were read as one table."
        told[target] = Finding("pieces_joined", "info", None, 0, sentence)
    kept = (instead.get(path, path) for path in paths)
    return [path for path in kept if path is not None], told


def _header(path: Path) -> bytes:
    """Return the first line of a file if it can be one of names."""
    with path.open("rb") as stream:
        line = stream.read(HEADER_BYTES).partition(b"\n")[0].removeprefix(b"\xef\xbb\xbf").strip()
    separated = re.search(rb"[,;\t|]", line)
    return line if separated and re.search(rb"[A-Za-z]{2}", line) and not re.search(rb"\d{4}", line) else b""


def _joined(files: Sequence[Path], target: Path) -> Path:
    target.parent.mkdir()
    with target.open("wb") as out:
        for place, path in enumerate(files):
            with path.open("rb") as stream:
                if place:
                    stream.readline()
                shutil.copyfileobj(stream, out)
                if place < len(files) - 1 and not _ends_with_line(path):
                    out.write(b"\n")
    return target


def _ends_with_line(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(-1, 2)
        return stream.read(1) in b"\r\n"
